"""What the verdicts make of a planted derivation."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation

from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.arithmetic.precision import precision
from derive.expressions.print_text import ascii as plain
from derive.naming.notation import Notation
from derive.verification.examine import Examiner
from derive.verification.judgement import Judgement
from tests.support.verification.planted import POLICY, Planted
from tests.support.verification.student import Student, document

KINDS = ("text", "markdown", "latex")


@dataclass
class Outcome:
    """Counts over many planted derivations, and what went otherwise than expected."""

    counts: Counter[str] = field(default_factory=Counter)
    complaints: list[str] = field(default_factory=list)

    def complain(self, kind: str, planted: Planted, i: int, said: Sequence[Judgement]) -> None:
        self.counts[kind + " missed"] += 1
        shown = "; ".join(f"{j.claim[:60]} -> {j.verdict} {j.cause or ''} {j.follows_from or ''}" for j in said)
        line = planted.lines[i].text(plain)[:110]
        self.complaints.append(f"{kind} | {planted.where} | {planted.expected[i]} | {line} | {shown}")

    def share(self, kind: str) -> float:
        """The part of the expected ones that was found."""
        return 1 - self.counts[kind + " missed"] / max(1, self.counts[kind])


def judged(examiner: Examiner, planted: Planted, kind: str) -> list[list[Judgement]]:
    """The judgements, line by line of the derivation."""
    text = document(list(planted.lines), kind, Notation.of(planted.network.spec))
    said: dict[int, list[Judgement]] = {}
    for judgement in examiner.examine(text, kind, planted.where).judgements:
        said.setdefault(judgement.chain, []).append(judgement)
    chains = [said[key] for key in sorted(said)]
    assert len(chains) == len(planted.lines), (planted.where, kind, len(chains), len(planted.lines))
    return chains


def weigh(outcome: Outcome, planted: Planted, chains: Sequence[Sequence[Judgement]]) -> None:
    """Count what was found of one planted derivation."""
    first = planted.first
    for i, said in enumerate(chains):
        if any(map(says_the_same_twice, said)):
            outcome.complain("twice", planted, i, said)
    for i, (expected, said) in enumerate(zip(planted.expected, chains, strict=True)):
        verdicts = [judgement.verdict for judgement in said]
        if expected == "right":
            outcome.counts["right"] += 1
            if "wrong" in verdicts or not said[-1].holds:
                outcome.complain("right", planted, i, said)
        elif expected == "rounding":
            outcome.counts["rounding"] += 1
            if "rounding" not in verdicts or planted.cause not in [judgement.cause for judgement in said]:
                outcome.complain("rounding", planted, i, said)
        elif i == first:
            _first(outcome, planted, i, said)
        elif expected == "follows":
            outcome.counts["follows"] += 1
            if verdicts[-1] != "follows" or "wrong" in verdicts:
                outcome.complain("follows", planted, i, said)
        elif expected == "wrong":
            outcome.counts["again"] += 1
            if verdicts[-1] not in ("wrong", "follows"):
                outcome.complain("again", planted, i, said)


def _first(outcome: Outcome, planted: Planted, i: int, said: Sequence[Judgement]) -> None:
    """The first wrong line: found, explained, and explained by the very entry that was planted.

    Where the numbers of a network are such that two entries predict the very same derivation, line by line, nobody can
    tell them apart: ``named`` counts the name that was planted alone, ``told`` such twins of it as well.
    """
    outcome.counts["first"] += 1
    wrong = [judgement for judgement in said if judgement.verdict == "wrong"]
    if not wrong or said[-1].holds:
        outcome.complain("first", planted, i, said)
        return
    for count in ("cause", "named", "told"):
        outcome.counts[count] += 1
    if wrong[0].cause is None:
        outcome.complain("cause", planted, i, said)
    if wrong[0].cause != planted.cause:
        outcome.complain("named", planted, i, said)
        if not _twins(planted, wrong[0]):
            outcome.complain("told", planted, i, said)


def says_the_same_twice(judgement: Judgement) -> bool:
    """Whether one number is shown as what is found and as what is right."""
    written = judgement.right.text.strip() if judgement.right is not None else ""
    facts = [] if judgement.diagnosis is None else [dict(one.facts) for one in judgement.diagnosis.mistakes]
    if any("operand" in one and one["operand"] == one.get("value") for one in facts):
        return True
    return not judgement.holds and judgement.expected is not None and _is_same(judgement.expected, written)


def _is_same(one: str, other: str) -> bool:
    try:
        return Decimal(one) == Decimal(other)
    except InvalidOperation:
        return one == other


def _twins(planted: Planted, judgement: Judgement) -> bool:
    """Whether the cause that is named predicts the very numbers of the whole derivation."""
    if judgement.diagnosis is None or planted.passes is None:
        return False
    with precision(128):
        try:
            passes = planted.passes.with_slips(*judgement.diagnosis.slips)
            lines = tuple(Student(passes, POLICY).lines())
        except (OutsideDomain, Undecided):
            return False
    printed = [POLICY.shown(line.value).text for line in planted.lines]
    return [POLICY.shown(line.value).text for line in lines] == printed
