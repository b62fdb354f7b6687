"""Numbers that are neither judged nor passed over: values one after the other, and lines that are counted as unread.

One unit, 0.5 (w x + b - t)² with x = 2, t = 1, w = 0.4, b = 0.1; η = 0.1. All numbers are worked here.
"""

from __future__ import annotations

import pytest

from derive.verification.judgement import Verification
from tests.support.verification.one_weight import after, examiner


def _judged(text: str) -> Verification:
    return examiner().examine(text)


W = [f"{after(k)[1]:.5f}" for k in range(4)]


@pytest.mark.parametrize("arrow", ["->", "→", "=>", "⇒"])
@pytest.mark.parametrize("sign", [":", " ="])
def test_an_arrow_leads_from_the_old_value_to_the_new_one(arrow: str, sign: str) -> None:
    line = f"w1_1_1{sign} 0.4 {arrow} "
    assert [j.verdict for j in _judged(f"{line}{W[1]}\n").judgements] == ["holds", "holds"]
    assert [j.verdict for j in _judged(f"{line}0.38000\n").judgements] == ["holds", "wrong"]


def test_arrows_lead_on_to_the_next_value() -> None:
    line = f"w1_1_1: 0.4 → {W[1]} → {W[2]}"
    assert [j.verdict for j in _judged(f"{line} → {W[3]}\n").judgements] == ["holds"] * 4
    assert [j.verdict for j in _judged(f"{line} → 0.46000\n").judgements] == ["holds"] * 3 + ["wrong"]


@pytest.mark.parametrize("line", ["yhat = 0.9 -> E 0.9999", "z1_1 → 0.9 → 0.7109", "yhat = 0.9 → 0.7109"])
def test_a_number_behind_the_last_claim_is_counted_as_unread(line: str) -> None:
    judged = _judged(f"b1_1 = 0.1\n{line}\n")
    assert all(j.verdict == "holds" for j in judged.judgements)
    assert judged.not_read == (2,)


@pytest.mark.parametrize("line", ["Hidden: 0.5963, 0.6835", "hidden 1: 0.39", "Fehler: 0.3484", "- Verlust: 0,05"])
def test_a_word_with_numbers_alone_is_counted_as_unread(line: str) -> None:
    assert _judged(f"b1_1 = 0.1\n{line}\n").not_read == (2,)


@pytest.mark.parametrize(
    "line", ["Version: 1.2", "Punkte: 2,5", "Chapter 3: 1.5", "Two of them: 3", "yhat = 0.9 → good"]
)
def test_what_says_no_value_is_not_counted(line: str) -> None:
    assert _judged(f"b1_1 = 0.1\n{line}\n").not_read == ()
