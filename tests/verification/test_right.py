"""Right derivations raise no alarm: random networks, all forms, 2 to 9 digits, both rounding policies, TeX and plain.

The ordinary run takes a fixed sample; ``-m claims -s`` runs a thousand and prints the counts.
"""

from __future__ import annotations

from itertools import count

import pytest

from derive.verification.examine import Examiner
from tests.support.verification.right import right

MANY = 1000
SAMPLE = (*range(0, 48, 3), 120, 136, 152, 248, 280, 312, 391, 456, 560)
"""The later ones: kinks that rounding crosses, numbers that stand in the spec by chance, a rounded 0."""


def alarms(seed: int) -> list[str] | None:
    """What does not hold in a right derivation; None where the seed gives none."""
    one = right(seed)
    if one is None:
        return None
    found = Examiner(one.network).examine(one.text, one.kind, one.name)
    return [f"{one.name}: {j.line}: {j.claim}: {j.verdict}" for j in found.judgements if not j.holds]


@pytest.mark.parametrize("seed", SAMPLE)
def test_a_right_derivation_raises_no_alarm(seed: int) -> None:
    assert alarms(seed) in ([], None)


@pytest.mark.claims
def test_a_thousand_right_derivations() -> None:
    judged: list[list[str]] = []
    for seed in count():
        if len(judged) == MANY:
            break
        found = alarms(seed)
        if found is not None:
            judged.append(found)
            print("\n".join(found[:2]), end="\n" if found else "")
    print(f"\nright derivations: {len(judged)}, with an alarm: {sum(map(bool, judged))}")
    assert not any(judged)
