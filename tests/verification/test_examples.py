"""The claims in examples/: what is known to be wrong in the articles is found with its cause, and nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest

from derive.network import build
from derive.specification import load
from derive.verification.examine import Examiner
from derive.verification.judgement import Verification
from derive.verification.reading import kind_of
from derive.verification.reports import REPORTS, Report
from tests.support.repository import ROOT

FIRST_WRONG: dict[tuple[str, str], list[tuple[str, str | None]]] = {
    ("three_inputs", "three_inputs.txt"): [],
    ("sigmoid_neuron", "sigmoid_neuron.txt"): [],
    ("mazur", "mazur.txt"): [("E@1 = 0.291027924", "updated_weights_used")],
    ("pass_or_fail", "pass_or_fail.txt"): [
        ("E = -log2(0.521)", "logarithm_base_2"),
        ("dyhat/dz2_1 = sigma(z2_1)", "activation_for_slope"),
        ("yhat@2 = 0.648", "step_miscounted"),
    ],
    ("xor_first", "xor_first.txt"): [
        ("E = -ln(1 - yhat)", "another_loss"),
        ("E = t - yhat", "error_for_loss"),
        ("delta2_1 = -4", "loss_sign"),
        *((f"w1_{j}{i}' = 1.4", "zero_input_overlooked") for i in (1, 2) for j in (1, 2, 3)),
    ],
    ("pass_or_fail", "student_pass_or_fail.txt"): [("da1_4/dz1_4 = a1_4", "activation_for_slope")],
    ("mazur", "student_mazur.tex"): [
        (r"\frac{\partial E}{\partial h_1} = \delta^{2}_{1} w_5", "path_left_out"),
    ],
}
FOLLOWING = {"pass_or_fail.txt": 1, "xor_first.txt": 18, "student_pass_or_fail.txt": 10, "student_mazur.tex": 8}
"""How many relations follow from a wrong one."""


def verified(spec: str, name: str) -> Verification:
    text = (ROOT / "examples" / "claims" / name).read_text()
    examiner = Examiner(build(load(ROOT / "examples" / f"{spec}.toml")))
    return examiner.examine(text, kind_of(name), name)


@pytest.mark.parametrize(("spec", "name"), FIRST_WRONG)
def test_what_is_wrong_is_found_with_its_cause_and_nothing_else(spec: str, name: str) -> None:
    found = verified(spec, name)
    wrong = [(j.claim, j.cause) for j in found.judgements if j.verdict in ("wrong", "unreadable")]
    assert wrong == FIRST_WRONG[spec, name]
    assert found.summary["follows"] == FOLLOWING.get(name, 0)


@pytest.mark.parametrize(("spec", "name"), FIRST_WRONG)
def test_every_wrong_line_has_a_hint_that_is_no_answer(spec: str, name: str) -> None:
    for judgement in verified(spec, name).judgements:
        if judgement.cause is not None and judgement.verdict == "wrong":
            assert judgement.hint
            assert judgement.expected is None or judgement.expected not in judgement.hint.split()


WRITTEN = [(spec, name, "markdown", ".md") for spec, name in FIRST_WRONG]
WRITTEN += [(spec, name, "latex", ".tex") for spec, name in FIRST_WRONG if name.startswith("student")]


@pytest.mark.parametrize(("spec", "name", "to", "ending"), WRITTEN)
def test_report(spec: str, name: str, to: str, ending: str, request: pytest.FixtureRequest) -> None:
    """The committed reports are what the program writes, byte by byte."""
    committed = ROOT / "output" / "claims" / (name.partition(".")[0] + ending)
    path, network = f"examples/{spec}.toml", build(load(ROOT / "examples" / f"{spec}.toml"))
    found = replace(verified(spec, name), file=f"examples/claims/{name}")
    written = REPORTS[to](Report(path, network, (found,))).encode()
    if request.config.getoption("--refresh"):
        committed.parent.mkdir(parents=True, exist_ok=True)
        committed.write_bytes(written)
    expected = committed.read_bytes() if committed.exists() else b""
    assert expected == written, f"{committed.name} has changed. If that is meant, run: pytest --refresh"


def test_no_other_report_is_committed() -> None:
    known = {name.partition(".")[0] + ending for _, name, _, ending in WRITTEN}
    assert {path.name for path in (ROOT / "output" / "claims").iterdir()} == known


def test_what_follows_names_the_line_of_the_mistake() -> None:
    found = verified("pass_or_fail", "student_pass_or_fail.txt")
    assert {j.follows_from for j in found.judgements if j.verdict == "follows"} == {15}
