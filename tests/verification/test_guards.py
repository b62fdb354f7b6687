"""Nobody gains from follow-through what was not earned: copied numbers, a wrong part skipped, a mistake made again."""

from __future__ import annotations

import pytest

from derive.network import build
from derive.specification import load
from derive.verification import marks
from derive.verification.examine import Examiner
from tests.support.repository import ROOT

NETWORK = build(load(ROOT / "examples" / "pass_or_fail.toml"))
EXAMINER = Examiner(NETWORK)
QUANTITY = "dE/dw1_4_3"
SCHEME = marks.parsed({QUANTITY: 2}, NETWORK, "marks.toml")
SLOPE = "da1_4/dz1_4 = a1_4 = 0.3775"
DELTA = "delta1_4 = delta2_1*w2_14*da1_4/dz1_4 = 0.007325"


def outcome(*lines: str) -> tuple[str, str]:
    """The last verdict, and the points for the quantity."""
    found = EXAMINER.examine("\n".join(lines))
    marked = marks.marked(SCHEME, found.judgements, NETWORK.names)
    return found.judgements[-1].verdict, marks.points(marked.points)


@pytest.mark.parametrize(
    "lines",
    [
        (SLOPE, DELTA, "dE/dw1_43 = delta1_4*x3 = 0.07325"),
        (SLOPE, DELTA, "dE/dw1_43 = 0.007325*10 = 0.07325"),
        (SLOPE, DELTA, "dE/dw1_43 = 0.07325"),
        (SLOPE, "dE/dw1_43 = delta2_1*w2_14*da1_4/dz1_4*x3 = 0.0733"),
        (SLOPE, DELTA, "dE/dw1_43 = 0.07325", "dE/dw1_43 = delta1_4*x3 = 0.07325"),
    ],
)
def test_a_step_that_is_right_from_a_wrong_number_earns_its_share(lines: tuple[str, ...]) -> None:
    assert outcome(*lines) == ("follows", "1")


@pytest.mark.parametrize(
    "lines",
    [
        # The true value after the wrong one: it was copied, and follows from nothing that is written.
        (SLOPE, DELTA, "dE/dw1_43 = delta1_4*x3 = 0.007325*10 = 0.0456"),
        (SLOPE, DELTA, "dE/dw1_43 = 0.007325*10 = 0.0456"),
        # The number of another line, copied.
        (SLOPE, DELTA, "dE/dw1_43 = 0.007325"),
        (SLOPE, DELTA, "dE/dw1_43 = delta1_4*x3 = 0.007325"),
        ("dE/db1_4 = 0.9", "dE/dw1_43 = 0.9"),
        # The same wrong number once more, or by another name.
        ("dE/dw1_43 = 0.9", "dE/dw1_43 = 0.9"),
        ("dE/dw1_43 = 0.9", "dE/dw1_43 = dE/dw1_43 = 0.9"),
        ("dE/dw1_43 = 0.9", "dE/dw1_43 = 1*0.9 = 0.9"),
        ("dE/dw1_4_3 = 0.9", "∂E/∂w1_43 = 0.9"),
        # A second mistake after the first.
        (SLOPE, DELTA, "dE/dw1_43 = delta1_4*x2 = 0.0586"),
        (SLOPE, DELTA, "dE/dw1_43 = 0.007325*8 = 0.0586"),
        (SLOPE, DELTA, "dE/dw1_43 = delta1_4*x3 = 0.7325"),
        # The wrong part skipped: nothing that is written leads there.
        ("z1_4 = 3", "dE/dw1_43 = 0.5"),
        (SLOPE, "dE/dw1_43 = 0.06"),
        # Invented, and brought back to itself.
        ("w1_43' = 0.0185", "dE/dw1_43 = (w1_43 - w1_43')/eta = 0.14"),
        ("delta1_4 = 0.9", "z1_4 = ln(a1_4/(1 - a1_4)) = 3", "dE/dw1_43 = 3"),
        # Wrong, then formally rescued in the same chain.
        ("dE/dw1_43 = a1_4 = delta1_4*x3 = 0.0456",),
        ("dE/dw1_43 = delta1_4*x2 = 0.0365",),
        ("dE/dw1_43 = delta1_4*x3",),
        ("delta1_4*x3 = 0.0456",),
        # What is taken back counts no more.
        ("dE/dw1_43 = 0.0456", "dE/dw1_43 = 0.9"),
    ],
)
def test_nothing_is_gained(lines: tuple[str, ...]) -> None:
    verdict, points = outcome(*lines)
    assert points == "0", verdict


def test_a_wrong_number_said_twice_is_wrong_twice() -> None:
    found = EXAMINER.examine("yhat = 0.7\nyhat = 0.7\nE = 0.3567\n")
    assert [judgement.verdict for judgement in found.judgements] == ["wrong", "wrong", "follows"]
    assert found.judgements[-1].follows_from == 2


def test_a_mistake_that_is_mended_explains_nothing_any_more() -> None:
    found = EXAMINER.examine("yhat = 0.7\nyhat = 0.5209\nE = 0.3567\n")
    assert [judgement.verdict for judgement in found.judgements] == ["wrong", "holds", "wrong"]


def test_nothing_follows_from_what_comes_after_it() -> None:
    found = EXAMINER.examine("yhat = 0.7\nz2_1 = ln(yhat/(1 - yhat)) = 0.8473\n")
    assert [judgement.verdict for judgement in found.judgements] == ["wrong", "holds", "wrong"]


def test_a_second_mistake_that_looks_like_the_first_is_no_consequence() -> None:
    found = EXAMINER.examine("dE/dyhat = t/yhat\nw2_11' = w2_11 + eta*dE/dw2_11\n")
    assert [(j.verdict, j.cause) for j in found.judgements] == [("wrong", "loss_sign"), ("wrong", "plus_in_update")]


def test_a_weight_of_another_unit_is_no_rounded_new_one() -> None:
    """0.4 stands in the spec, and the new weight 0.40867 rounds to it: in its own update it is 0.4 all the same."""
    found = Examiner(build(load(ROOT / "examples" / "mazur.toml"))).examine("w_6' = 0.4 - 0.5*0.08267 = 0.35867\n")
    assert [judgement.holds for judgement in found.judgements] == [False, False]
