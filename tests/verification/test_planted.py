"""Planted mistakes are found, named and followed through.

The ordinary run takes a fixed sample; ``-m claims -s`` runs all of them and prints the counts.
"""

from __future__ import annotations

from functools import cache

import pytest

from derive.arithmetic.precision import precision
from derive.verification.causes import Causes
from derive.verification.examine import Examiner
from tests.support.verification.outcome import KINDS, Outcome, judged, weigh
from tests.support.verification.planted import EXAMPLES, Planted, networks, planted

SAMPLE = 7
"""Of the mistakes of each example one in so many is planted in the ordinary run; some of them change no digit."""
LONGEST = 70
"""Longer derivations are for the full run."""


@cache
def all_planted(name: str, one_in: int = 1) -> tuple[Planted, ...]:
    network = dict(networks())[name]
    with precision(128):
        return tuple(planted(name, network, Causes(network), one_in))


def outcome_of(derivations: list[tuple[int, Planted]]) -> Outcome:
    outcome = Outcome()
    examiners: dict[int, Examiner] = {}
    for i, one in derivations:
        examiner = examiners.setdefault(id(one.network), Examiner(one.network))
        weigh(outcome, one, judged(examiner, one, KINDS[i % len(KINDS)]))
    return outcome


@pytest.mark.parametrize("name", [path.stem for path in EXAMPLES])
def test_planted_mistakes_are_found_and_explained(name: str) -> None:
    found = list(enumerate(all_planted(name, SAMPLE)))
    outcome = outcome_of([(i, one) for i, one in found if len(one.lines) <= LONGEST] or found[:2])
    assert outcome.counts["first"] > 0
    assert outcome.counts["twice missed"] == 0, outcome.complaints
    for kind in ("first", "cause", "told", "right", "rounding"):
        assert outcome.share(kind) == 1, outcome.complaints
    assert outcome.share("follows") >= 0.99, outcome.complaints


@pytest.mark.claims
def test_all_planted_mistakes() -> None:
    """Every entry of the catalogue in every example in which it changes a printed digit.

    Two counts of causes are printed. ``named``: the first wrong line is given the very name that was planted. ``told``:
    or one that predicts, on this network, the very same derivation to the last printed digit, so that nobody could
    tell the two apart (all weights 1: the weight in place of the activation, or a factor left out).
    """
    outcome = outcome_of([found for path in EXAMPLES for found in enumerate(all_planted(path.stem))])
    kinds = ("first", "cause", "named", "told", "follows", "again", "right", "rounding")
    shares = {kind: f"{outcome.share(kind):.4f}" for kind in kinds}
    print("\nplanted mistakes:", dict(outcome.counts), shares)
    print("\n".join(outcome.complaints))
    assert outcome.counts["twice missed"] == 0
    assert outcome.share("first") == 1
    assert outcome.share("cause") == 1
    assert outcome.share("named") >= 0.95
    assert outcome.share("told") >= 0.99
    assert outcome.share("follows") >= 0.999
    assert outcome.share("right") == 1
    assert outcome.share("rounding") == 1
