"""Lines that say the iteration that they are about, and headings that may count iterations or something else.

One unit, 0.5 (w x + b - t)² with x = 2, t = 1, w = 0.4, b = 0.1; η = 0.1. All numbers are worked here.
"""

from __future__ import annotations

import pytest

from derive.verification.judging.cues import Cues
from tests.support.verification.one_weight import after, examiner


def _verdicts(text: str) -> list[str]:
    return [j.verdict for j in examiner().examine(text).judgements]


E0, E1, E2 = (after(k)[0] for k in range(3))
SLOPE_1, W_1, B_1 = after(1)[2], after(1)[1], 0.1 - 0.1 * after(0)[2] / 2


@pytest.mark.parametrize("word", ["Iteration", "Epoch", "- **Iteration", "Round"])
def test_a_line_says_its_iteration(word: str) -> None:
    text = "".join(f"{word} {k + 1}: E = {after(k)[0]:.5f}\n" for k in range(4))
    assert _verdicts(text) == ["holds"] * 4


def test_iterations_may_be_counted_from_0() -> None:
    text = "".join(f"Iteration {k}: E = {after(k)[0]:.5f}\n" for k in range(3))
    assert _verdicts(text) == ["holds"] * 3


def test_the_loss_of_another_iteration_is_wrong_there() -> None:
    judged = examiner().examine(f"Iteration 1: E = {E0:.5f}\nIteration 2: E = {E0:.5f}\nIteration 3: E = {E1:.5f}\n")
    assert [j.verdict for j in judged.judgements] == ["holds", "wrong", "wrong"]
    assert judged.judgements[1].expected == f"{E1:.5f}".rstrip("0")


def test_what_stands_below_such_a_line_may_be_about_it() -> None:
    below = f"Iteration 1: E = {E0:.5f}\nIteration 2: E = {E1:.5f}\n"
    assert _verdicts(f"{below}dE/dw1_1_1 = {SLOPE_1:.5f}\n")[-1] == "holds"
    assert _verdicts(f"{below}\nThe first derivative:\ndE/dw1_1_1 = {after(0)[2]:.5f}\n")[-1] == "holds"
    assert _verdicts(f"{below}dE/dw1_1_1 = 0.07\n")[-1] == "wrong"


@pytest.mark.parametrize("heading", ["Step 2", "Schritt 2:", "## Step 2"])
def test_a_step_alone_may_count_iterations(heading: str) -> None:
    assert _verdicts(f"{heading}\nE = {E1:.5f}\ndE/dw1_1_1 = {SLOPE_1:.5f}\n") == ["holds"] * 2
    assert _verdicts(f"{heading}\nE = {E2:.5f}\n") == ["wrong"]


def test_a_step_alone_may_count_parts() -> None:
    text = f"Step 1\nyhat = 0.9\nStep 2\nE = {E0:.5f}\nStep 3\nw1_1_1' = {W_1:.5f}\nb1_1' = {B_1:.5f}\nStep 4\nE = {E1:.5f}\n"
    assert _verdicts(text) == ["holds"] * 5


def test_what_is_wrong_below_it_is_told_by_the_lines_that_hold() -> None:
    judged = examiner().examine(f"Step 2\ndE/dw1_1_1 = {SLOPE_1:.5f}\nE = 0.003\n")
    assert [j.verdict for j in judged.judgements] == ["holds", "wrong"]
    assert judged.judgements[1].expected == f"{E1:.4g}"


def test_fewer_or_more_steps_than_iterations_are_not_certain() -> None:
    for text in ("Step 2\nE = 3\n", "Step 1\nE = 3\nStep 2\nE = 2\nStep 3\nE = 1\n"):
        cues, place = Cues.of(text, 2), text.index("Step 2") + 8
        cue = cues.perhaps(place)
        assert cues.step(place) is None
        assert cue is not None and cue.step == 1
