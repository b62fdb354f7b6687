"""What a file earns: points for the numbers that it states of quantities, each once.

The last chain that gives a number of a quantity counts. A wrong relation in it earns nothing, a number that holds earns
all, one that follows rightly from an earlier wrong line its share. Nothing is earned by what took no work: a number
without a right digit, an old value for a new one, one of several different numbers of a quantity, and what says an
invented number again (:func:`_is_restated`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Literal, TypeAlias

from flint import fmpq

from derive.naming.names import Names
from derive.records import record
from derive.verification.judgement import Judgement
from derive.verification.judging.statements import Statement, Stating
from derive.verification.marks.scheme import Asked, Scheme, of_all_rows
from derive.verification.points.point import PointAddress

MIN_DIGITS = 3
"""A wrong number with fewer digits than this, of which nobody knows how it came about, may be invented."""
FOLLOWING_APART = fmpq(1, 100)
"""What follows from one mistake may be worked with other roundings a second time."""
NEARLY = fmpq(1, 10**9)
"""True values are known so well, as a part of themselves."""
MarkVerdict: TypeAlias = Stating | Literal["", "empty", "copied", "several"]
WORST: tuple[MarkVerdict, ...] = (
    "", "holds", "rounding", "follows", "none", "empty", "copied", "several", "wrong", "unreadable",
)  # fmt: skip
"""The verdict on a vector is the worst on its entries."""


@record
class Mark:
    """What one quantity earned, of how much.

    ``verdict`` is empty where nothing in the file is about it, ``none`` where nothing gives its number, ``empty`` where
    the number tells nothing or says an invented one again, ``copied`` where it is the value before the update, and
    ``several`` where the file has different numbers of it. ``asks`` says whether it is for the number or a formula.
    """

    name: str
    points: fmpq
    of: fmpq
    verdict: MarkVerdict
    asks: Asked = "value"


@record
class Marked:
    """One file's marks."""

    marks: tuple[Mark, ...]

    @property
    def points(self) -> fmpq:
        """All points that were earned."""
        return sum((mark.points for mark in self.marks), fmpq(0))

    @property
    def of(self) -> fmpq:
        """All points that there are."""
        return sum((mark.of for mark in self.marks), fmpq(0))


def marked(scheme: Scheme, judgements: Iterable[Judgement], names: Names) -> Marked:
    """The points of one file."""
    file = _Stated(tuple(judgements), names, scheme.output)
    shares = {"holds": fmpq(1), "rounding": fmpq(1), "follows": scheme.follow_through}
    marks = []
    for key in scheme.keys:
        verdict_of = file.of_formula if key.asks == "formula" else file.verdict
        verdicts = [verdict_of(address) for address in key.entries]
        earned = sum((shares.get(verdict, fmpq(0)) for verdict in verdicts), fmpq(0)) / len(verdicts)
        marks.append(Mark(key.name, key.points * earned, key.points, max(verdicts, key=WORST.index), key.asks))
    return Marked(tuple(marks))


class _Stated:
    """What one file states of quantities."""

    def __init__(self, judgements: Sequence[Judgement], names: Names, output: str) -> None:
        self._names, self._output = names, output
        self._of: dict[PointAddress, list[Statement]] = {}
        self._formulas: dict[PointAddress, list[Stating]] = {}
        self._wrong: dict[int, Statement] = {}
        self._explained = frozenset(judgement.chain for judgement in judgements if judgement.cause is not None)
        lines: dict[int, set[int]] = {}
        for judgement in judgements:
            lines.setdefault(judgement.chain, set()).add(judgement.line)
            for statement in judgement.states:
                self._of.setdefault(statement.address, []).append(statement)
                self._formulas.setdefault(of_all_rows(statement.address), []).append(statement.formula)
                if statement.verdict == "wrong" and statement.value is not None:
                    for line in lines[judgement.chain]:
                        self._wrong.setdefault(line, statement)

    def verdict(self, address: PointAddress) -> MarkVerdict:
        """What the file comes to for a quantity."""
        every = self._of.get(address, [])
        numbers = [one for one in every if one.value is not None]
        if not numbers:
            return every[-1].verdict if every else ""
        last = numbers[-1]
        if any(_differ(last, other) for other in numbers):
            return "several"
        if last.verdict in ("wrong", "unreadable", "none"):
            return last.verdict
        if last.copied:
            return "copied"
        if last.follows_from is not None:
            again = any(other.verdict == "wrong" for other in numbers)
            return "wrong" if again else self._followed(last)
        return last.verdict if last.tells else "empty"

    def of_formula(self, address: PointAddress) -> MarkVerdict:
        """What the file comes to for the formula of a quantity; of right ones and wrong ones none counts."""
        every = self._formulas.get(address, [])
        found = [verdict for verdict in every if verdict != "none"]
        if not found:
            return "none" if every else ""
        return "several" if len({verdict == "wrong" for verdict in found}) > 1 else found[-1]

    def _followed(self, stated: Statement) -> MarkVerdict:
        """The verdict on a number that goes back to a wrong line."""
        assert stated.follows_from is not None
        if not (stated.tells or stated.exactly):
            return "empty"
        origin = self._wrong.get(stated.follows_from)
        if origin is None or origin.worked or origin.chain in self._explained:
            return "follows"
        if stated.value == 0 and stated.true != 0:
            return "empty"
        return "empty" if self._is_restated(stated, origin) else "follows"

    def _is_restated(self, stated: Statement, origin: Statement) -> bool:
        """Whether a number only says once more what an invented one said, under an equal or proportional name.

        The derivatives of a loss by a weighted input, its bias and its weights have the ratios of given numbers; so one
        takes no work that the other does not, but for a formula that leads from the first to the others.
        """
        assert stated.value is not None
        assert origin.value is not None
        if stated.true is None or origin.true is None:
            return False
        here, there = stated.value * origin.true, origin.value * stated.true
        reach = stated.reach * abs(origin.true) + origin.reach * abs(stated.true) + abs(there) * NEARLY
        if abs(here - there) > reach:
            return False
        equal = abs(abs(stated.true) - abs(origin.true)) <= abs(origin.true) * NEARLY
        one, other = self._unit(stated.address), self._unit(origin.address)
        if one is None or one != other:
            return equal and not stated.worked
        leads = origin.address.by != "" and (not stated.address.by or self._is_of_input(origin.address))
        return equal or not (leads and stated.worked and _digits(origin) >= MIN_DIGITS)

    def _unit(self, address: PointAddress) -> tuple[int, int] | None:
        """Whose weighted input, weight or bias a derivative is by, or a new value is of; None of what is no unit's."""
        name = address.by if address.of == self._output else address.of if address.step else ""
        described = self._names.describe(name) if name else None
        if described is None or described.kind not in ("weighted input", "weight", "bias"):
            return None
        return described.layer, described.unit

    def _is_of_input(self, address: PointAddress) -> bool:
        """Whether a derivative is by a unit's weighted input, from which those by its weights are worked."""
        described = self._names.describe(address.by)
        return described is not None and described.kind == "weighted input"


def _differ(one: Statement, other: Statement) -> bool:
    """Whether two numbers of a quantity are different ones, however they are rounded."""
    assert one.value is not None
    assert other.value is not None
    both = {one.verdict, other.verdict}
    if both <= {"holds", "rounding"}:
        return False
    near = abs(one.value) * FOLLOWING_APART if "wrong" not in both and one.verdict == other.verdict else 0
    return abs(one.value - other.value) > 2 * max(one.reach, other.reach) + near


def _digits(stated: Statement) -> int:
    """How many significant digits a number has; many where it is exact and no short decimal."""
    value, reach, digits = abs(stated.value or fmpq(0)), 2 * stated.reach, 0
    if reach == 0:
        return MIN_DIGITS if value.q != 1 else len(str(value.p).rstrip("0"))
    while reach <= value and digits < MIN_DIGITS:
        reach, digits = 10 * reach, digits + 1
    return digits


def points(value: fmpq) -> str:
    """Points as they are printed: ``1.5``, or ``1/3`` where no decimal is exact.

    >>> points(fmpq(3, 2)), points(fmpq(1, 3)), points(fmpq(2))
    ('1.5', '1/3', '2')
    """
    from derive.arithmetic.rounding import Policy

    shown = Policy("significant", 12).shown(value)
    return shown.text if shown.exact else str(value)
