"""Marks: what a derivation earns, and that nothing is gained from a mistake."""

from __future__ import annotations

from pathlib import Path

import pytest
from flint import fmpq

from derive.errors import DeriveError
from derive.network import build
from derive.specification import load, loads
from derive.verification import marks
from derive.verification.examine import Examiner
from tests.support.repository import ROOT

NETWORK = build(load(ROOT / "examples" / "pass_or_fail.toml"))
SCHEME = marks.parsed({"yhat": "1", "dE/dw2_1_1": 2, "dE/dw1_43": 4, "w1_43'": 1, "follow_through": "1/4"},
                      NETWORK, "marks.toml")  # fmt: skip


def earned(text: str) -> dict[str, tuple[str, str]]:
    found = marks.marked(SCHEME, Examiner(NETWORK).examine(text).judgements, NETWORK.names)
    assert found.of == 8
    assert found.points == sum((mark.points for mark in found.marks), fmpq(0))
    return {mark.name: (marks.points(mark.points), mark.verdict) for mark in found.marks}


RIGHT = """
yhat = sigma(z2_1) = 0.5209
dE/dw2_11 = (yhat - t)*a1_1 = -0.4050
delta1_4 = 0.004560
dE/dw1_43 = delta1_4*x3 = 0.0456
w1_43' = w1_43 - eta*dE/dw1_43 = 0.0657
"""


def test_everything_right_earns_everything() -> None:
    assert earned(RIGHT) == {
        "yhat": ("1", "holds"), "dE/dw2_1_1": ("2", "holds"), "dE/dw1_4_3": ("4", "holds"), "w1_4_3'": ("1", "holds"),
    }  # fmt: skip


def test_what_follows_from_a_mistake_elsewhere_earns_its_share() -> None:
    text = RIGHT.replace("0.004560", "0.007325").replace("= 0.0456", "= 0.07325").replace("0.0657", "0.05188")
    found = earned(text)
    assert found["dE/dw1_4_3"] == ("1", "follows")
    assert found["w1_4_3'"] == ("0.25", "follows")


@pytest.mark.parametrize(
    ("line", "points"),
    [
        ("dE/dw2_11 = (yhat - t)*w2_11 = -0.0422", "0"),  # follows from its own mistake
        ("dE/dw2_11 = (yhat - t)*w2_11 = -0.4050", "0"),  # right after a wrong step: copied
        ("dE/dw2_11 = (yhat - t)*a1_1", "0"),  # no number
        ("dE/dw2_11 = dE/dw2_11", "0"),
        ("dE/dw2_11 = -0.4050\ndE/dw2_11 = 0.4050", "0"),  # of several different numbers none counts
        ("dE/dw2_11 = 0.4050\ndE/dw2_11 = -0.4050", "0"),
        ("dE/dw2_11 = -0.405\ndE/dw2_11 = -0.4050", "2"),  # one number, with more digits
        ("-0.4050 = dE/dw2_11", "2"),
        ("dE/dw2_11 = -0.4", "2"),  # one right digit
        ("dE/dw2_11 ≈ 0", "0"),  # no right digit
        ("dE/dw2_11 = 0.0e5", "0"),
        ("dE/dw2_11 = 0.6*100 - 0.6*100", "0"),
        ("delta2_1 = 0\ndE/dw2_11 = 0", "0"),  # follows, without any work
        ("", "0"),
    ],
)
def test_nothing_is_gained_from_a_mistake(line: str, points: str) -> None:
    assert earned("yhat = 0.5209\n" + line)["dE/dw2_1_1"][0] == points


def test_a_zero_that_is_no_zero_pays_nothing_later() -> None:
    found = earned("yhat ≈ 1\ndE/dw1_43 = 0.0\nw1_43' = w1_43 = 0.0885")
    assert {name: points for name, (points, _) in found.items() if points != "0"} == {}
    assert earned("dE/dw1_43 = 0\nw1_43' = 0.0885")["w1_4_3'"][0] == "0"


def test_a_vector_earns_the_points_of_its_entries() -> None:
    assert earned("dE/dW2 = (-0.4050, -0.0634, -0.1694, -0.1809)")["dE/dw2_1_1"] == ("2", "holds")


@pytest.mark.parametrize(
    ("tree", "problem"),
    [
        ({"dE/dw2_1_9": 1}, "layer 2 has 4 inputs"),
        ({"yhat": -1}, "yhat"),
        ({"yhat": 1, "follow_through": 2}, "more than the whole"),
        ({"yhat": "sqrt(2)"}, "rational"),
        ({"yhat": 1, "a2_1": 1}, "twice"),
        ({"marks": {"yhat": 1}, "title": "no"}, "unknown key"),
        # Keys that nothing can earn, each by its name
        ({"w2_11": 1}, "w2_1_1 is given"),
        ({"W2": 1}, "W2 is given\n  its new value is W2'"),
        ({"x1": 1}, "x1 is given"),
        ({"t": 1}, "t is given"),
        ({"lr": 1}, "eta is given"),
        ({"w2_11@8": 1}, "the spec has 7 updates"),
        ({"E[3]": 1}, "the data has 1 row"),
        ({"sigmoid'(z2_1)": 1}, "write dyhat/dz2_1"),
        ({"dw1_11/dE": 1}, "w1_1_1 does not depend on E\n  did you mean 'dE/dw1_1_1'"),
        ({"db1_1/dx1": 1}, "b1_1 does not depend on x1\n  did you mean 'dE/dx1'"),
        ({"da1_1/da1_2": 1}, "a1_1 does not depend on a1_2\n  did you mean 'dE/da1_2'"),
        ({"dz1_1/dw1_21": 1}, "z1_1 does not depend on w1_2_1"),
        ({"dz1_1/dyhat": 1}, "z1_1 does not depend on yhat\n  did you mean 'dyhat/dz1_1'"),
        ({"dW1/dE": 1}, "does not depend on E"),
        ({"dw1_11/dw1_11": 1}, "nothing can earn this"),
        ({"delta1": 2, "delta1_4": 1}, "twice"),
        ({"yhat": 1, "w2_11": 1, "w9_11": 1}, "w9_11"),
    ],
)
def test_a_bad_scheme_says_what_is_wrong(tree: dict[str, object], problem: str) -> None:
    with pytest.raises(DeriveError, match=problem):
        marks.parsed(tree, NETWORK, "marks.toml")


@pytest.mark.parametrize(
    "key", ["dE/dx1", "dE/dt", "dz1_1/dW1", "dz2/da1", "dyhat/dw1_11", "delta1", "dE/dW1@3", "dE/dE"]
)
def test_a_derivative_by_what_goes_into_a_quantity_can_be_earned(key: str) -> None:
    assert marks.parsed({key: 1}, NETWORK, "marks.toml").points


@pytest.mark.parametrize("key", ["dx/dg", "dx/df", "df/dz"])
def test_a_graph_has_derivatives_that_cannot_be_earned(key: str) -> None:
    with pytest.raises(DeriveError, match="does not depend"):
        marks.parsed({key: 1}, build(load(ROOT / "examples" / "three_inputs.toml")), "marks.toml")


def test_a_zero_for_what_does_not_depend_holds() -> None:
    assert [j.verdict for j in Examiner(NETWORK).examine("dw1_11/dE = 0\nda1_1/da1_2 = 0").judgements] == ["holds"] * 2


def test_marks_stand_in_the_spec_or_in_a_file(tmp_path: Path) -> None:
    path = tmp_path / "marks.toml"
    path.write_text('[marks]\nyhat = 1.5\n"dE/dw2_1_1" = "1/3"\n')
    from_file = marks.read(path, NETWORK)
    spec = (ROOT / "examples" / "pass_or_fail.toml").read_text() + "\n" + path.read_text()
    assert marks.of(build(loads(spec))) == from_file
    assert marks.of(NETWORK) is None
    assert [marks.points(value) for value in from_file.points.values()] == ["1.5", "1/3"]


VECTORS = marks.parsed({"delta2": 1, "delta1": 4, "dE/db2": "1/2", "W2'": 2}, NETWORK, "marks.toml")


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("delta2 = -0.4791", {"delta2_1": "1"}),
        ("δ2_1 = -0.4791", {"delta2_1": "1"}),
        ("dE/db2 = -0.4791", {"dE/db2_1": "0.5"}),
        ("delta1 = [-0.00552, -0.00941, -0.000547, 0.00456]", {"delta1": "4"}),
        ("delta1 = [-0.00552, -0.00941, -0.000547, 0.1]", {"delta1": "3"}),  # each entry its own
        ("delta1_1 = -0.00552\ndelta1_4 = 0.00456", {"delta1": "2"}),
        ("W2' = [0.2906, 0.2027, 0.0897, 0.0499]", {"W2'": "2"}),
        ("W2 := W2 - eta*dE/dW2 = [0.2906, 0.2027, 0.0897, 0.0499]", {"W2'": "2"}),
        ("w2_12 ← 0.2027", {"W2'": "0.5"}),
        ("w2_12 ← 0.171", {}),  # an old value copied as the new one
        ("w2_12 = 0.171", {}),
    ],
)
def test_a_key_is_read_as_a_claim_is_and_a_vector_shares_its_points_out(text: str, points: dict[str, str]) -> None:
    found = marks.marked(VECTORS, Examiner(NETWORK).examine(text).judgements, NETWORK.names)
    assert [mark.name for mark in found.marks] == ["delta2_1", "delta1", "dE/db2_1", "W2'"]
    assert {mark.name: marks.points(mark.points) for mark in found.marks if mark.points} == {
        name: value for name, value in points.items() if value != "0"
    }


def test_a_velocity_earns_its_points() -> None:
    """What the optimizer carries along is worked out; where it starts from is given."""
    network = build(load(ROOT / "examples" / "momentum.toml"))
    scheme = marks.parsed({"v_x'": 2, "v_y@2": 1, "x'": 1}, network, "marks.toml")
    found = marks.marked(
        scheme, Examiner(network).examine("v_x' = 0.5*0 + 4 = 4\nx' = 4 - 0.1*4 = 3.6\n").judgements, network.names
    )
    assert [(mark.name, marks.points(mark.points)) for mark in found.marks] == [
        ("v_x'", "2"),
        ("v_y@2", "0"),
        ("x'", "1"),
    ]
    with pytest.raises(DeriveError, match=r"nothing can earn this: v_x is given\n.*its new value is v_x'"):
        marks.parsed({"v_x": 1}, network, "marks.toml")


def test_a_key_of_a_batch_stands_for_all_samples() -> None:
    network = build(load(ROOT / "examples" / "xor_batch.toml"))
    rows = len(network.rows)
    scheme = marks.parsed({"z1_1": rows}, network, "marks.toml")
    assert len(scheme.keys[0].entries) == rows
    values = Examiner(network)
    true = values.examine("z1_1[2] = 100").judgements[0].expected
    found = marks.marked(scheme, values.examine(f"z1_1[2] = {true}").judgements, network.names)
    assert [marks.points(mark.points) for mark in found.marks] == ["1"]
    with pytest.raises(DeriveError, match="twice"):
        marks.parsed({"z1_1": 1, "z1_1[2]": 1}, network, "marks.toml")


@pytest.mark.parametrize(
    ("key", "name"),
    [("w_5'", "w2_1_1'"), ("o_1", "yhat1"), ("∂E/∂w_5", "dE/dw2_1_1"), ("δ^2_1", "delta2_1"), (r"\hat y_1", "yhat1")],
)
def test_a_key_may_be_in_the_notation_of_its_author(key: str, name: str) -> None:
    network = build(load(ROOT / "examples" / "mazur.toml"))
    assert [found.name for found in marks.parsed({key: 1}, network, "marks.toml").keys] == [name]
    spec = (ROOT / "examples" / "mazur.toml").read_text() + f'\n[marks]\n"{key}" = 1\n'
    if "_5" in key or "o_" in key:
        found = marks.of(build(loads(spec)))
        assert found is not None
        assert found.keys[0].name == name


@pytest.mark.parametrize("key", ["w_99'", "o_1 = 3", "o_1 + 1", "nonsense", "o_1\n= 3", ""])
def test_a_key_that_is_no_quantity(key: str) -> None:
    with pytest.raises(DeriveError, match="marks"):
        marks.parsed({key: 1}, build(load(ROOT / "examples" / "mazur.toml")), "marks.toml")
