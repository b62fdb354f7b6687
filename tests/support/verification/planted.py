"""Derivations with one mistake planted in them, and what has to be said of each of their lines."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import ClassVar

from flint import fmpq

from derive.arithmetic.numbers import parse_decimal
from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.arithmetic.reals import Value
from derive.arithmetic.rounding import Policy
from derive.expressions.evaluate import evaluate
from derive.expressions.tree import Expr, Negative, Number, names_in
from derive.network import Network, build
from derive.network.graph import Node
from derive.records import record
from derive.specification import load
from derive.verification.causes import Causes
from derive.verification.causes.arithmetic import _variants
from derive.verification.causes.entry import Mistake
from derive.verification.causes.quantities import value_of
from derive.verification.points.row_after import RowAfter
from derive.verification.points.slips import Numbers, Right, Slip
from derive.verification.points.training import Training
from derive.verification.reading.written_number import alone, is_negative, unit_of
from tests.support.verification.student import Line, Student

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.toml"))
POLICY = Policy("significant", 6)
CLEARLY = 3
"""A number is another one where it is off by more units of the last place than this."""


@dataclass(frozen=True)
class Planted:
    """A derivation with one mistake.

    Attributes:
        cause: its name in the catalogue.
        first: the index of the line in which the mistake is made first.
        expected: per line ``right``, ``wrong`` (the mistake is made in it), ``follows`` (it carries on from one), or
            ``""`` where a line is too near to both to be asked about.
        passes: the numbers behind a mistake in the derivation; None where one number is written for another.
    """

    network: Network
    cause: str
    where: str
    lines: tuple[Line, ...]
    first: int
    expected: tuple[str, ...]
    passes: Training | None = None


def networks() -> Iterator[tuple[str, Network]]:
    """The examples that are networks to be verified."""
    for path in EXAMPLES:
        yield path.stem, build(load(path))


def planted(name: str, network: Network, causes: Causes, one_in: int = 1) -> Iterator[Planted]:
    """Every mistake of the catalogue that changes a printed digit in a derivation over this network; or one in so many."""
    for number, mistake in list(enumerate(causes.singles))[::one_in]:
        found = _with(network, causes, mistake, number)
        if found is not None:
            yield replace(found, where=f"{name} {number} {mistake.wording or mistake.cause}")
    others = [*_mixed_up(network, causes), *_rounding(network, causes)]
    for found in (*_arithmetic(network, causes, one_in), *others[::one_in]):
        yield replace(found, where=f"{name} {found.cause}")


def _with(network: Network, causes: Causes, mistake: Mistake, style: int) -> Planted | None:
    return _written(network, causes, causes.truth.with_slips(mistake.slip), mistake.cause, style)


def _written(network: Network, causes: Causes, passes: Training, cause: str, style: int) -> Planted | None:
    """The derivation from passes with a slip; None where no digit changes, or a step leaves its domain."""
    try:
        lines = tuple(Student(passes, POLICY, style).lines())
        expected = tuple(_expected(line, causes) for line in lines)
    except (OutsideDomain, Undecided):
        return None
    first = next((i for i, verdict in enumerate(expected) if verdict in ("wrong", "follows")), None)
    if first is None or expected[first] != "wrong":
        return None
    return Planted(network, cause, "", lines, first, expected, passes)


def _expected(line: Line, causes: Causes) -> str:
    true = value_of(causes.truth, causes.network.names.resolve(line.subject))
    apart, own = _units(line.value, true), _units(line.value, line.right)
    if apart and (not line.real or _reads_as(line.sides[-1], true)):
        return ""
    if 0 < apart <= CLEARLY or (apart and 0 < own <= CLEARLY):
        return ""
    if not apart:
        return "right" if not own else ""
    return "wrong" if own else "follows"


def _reads_as(side: Expr, true: Value) -> bool:
    """Whether a number that is off stands for the right one as well, to the letter: 0.6 for 0.55."""
    number = alone(side)
    unit = unit_of(number.written) if number is not None else None
    if number is None or unit is None:
        return False
    value = -number.value if is_negative(side) else number.value
    return bool(abs(value - true) <= unit / 2)


def _units(one: Value, other: Value) -> fmpq:
    """By how many units of the last place two printed numbers differ."""
    first, second = POLICY.shown(one).value, POLICY.shown(other).value
    size = max(abs(first), abs(second))
    if first == second or size == 0:
        return fmpq(0)
    power = len(str(int(size))) if size >= 1 else -_zeros(size)
    unit = fmpq(10) ** (power - POLICY.digits)
    return abs(first - second) / unit


def _zeros(size: fmpq) -> int:
    count = 0
    while size * 10 < 1:
        size, count = size * 10, count + 1
    return count


@record(eq=False)
class Written(Slip):
    """One number written down wrongly in the first pass; everything after it uses what is written."""

    name: str
    change: Callable[[Value], Value]
    pen: ClassVar[bool] = True

    def value(self, at: RowAfter, node: Node, right: Right) -> Value | None:
        return self.change(right()) if node.name == self.name and at.step == 0 and at.row == 1 else None

    def derivative(self, at: RowAfter, of: str, by: str, right: Right) -> Value | None:
        here = of == at.passes.network.output and at.step == 0 and at.row == 1
        return self.change(right()) if here and self.name == at.passes.network.names.gradient(by) else None

    def updated(self, name: str, numbers: Numbers, direction: Value) -> Value | None:
        return self.change(numbers["theta"] - numbers["eta"] * direction) if self.name == name + "'" else None


def _swapped(value: Value) -> Value:
    """Two neighbouring digits of what is printed exchanged."""
    text = POLICY.shown(value).text
    if "e" in text or "." not in text:
        return value
    for i in range(len(text) - 2, 0, -1):
        if text[i].isdigit() and text[i - 1].isdigit() and text[i] != text[i - 1]:
            swapped = parse_decimal(text[: i - 1] + text[i] + text[i - 1] + text[i + 1 :])
            if _units(swapped, value) > CLEARLY:
                return swapped
    return value


def _arithmetic(network: Network, causes: Causes, one_in: int) -> Iterator[Planted]:
    """One number miscalculated, or one in so many: in a weighted input, in a gradient, in an update."""
    lines = tuple(Student(causes.truth, POLICY, 3).lines())
    changes: tuple[tuple[str, Callable[[Value], Value]], ...] = (
        ("sign_lost", lambda value: -value),
        ("decimal_point", lambda value: value * 10),
        ("digits_swapped", _swapped),
    )
    numbered = [line for line in lines if "numbers" in line.forms and "[" not in line.subject.replace("[1]", "")]
    some = numbered[:: max(1, len(numbered) // 6)]
    options = [(line, cause, change) for line in some for cause, change in (*changes, *_structural(line))]
    for line, cause, change in options[::one_in]:
        slip = Written(line.subject.removesuffix("[1]"), change)
        found = _written(network, causes, causes.truth.with_slips(slip), cause, 3)
        if found is not None and found.lines[found.first].subject == line.subject:
            yield found


def _structural(line: Line) -> Iterator[tuple[str, Callable[[Value], Value]]]:
    numbers = line.sides[line.forms.index("numbers")]
    seen = set()
    for cause, variant in _variants(numbers):
        if cause not in seen and not names_in(variant) and cause != "sign_lost":
            try:
                value = evaluate(variant, {})
            except (OutsideDomain, Undecided):
                continue
            plain = (line.value, -line.value, line.value * 10, line.value / 10)
            if all(_units(value, other) > CLEARLY for other in plain):
                seen.add(cause)
                yield cause, lambda _, value=value: value


def _claim(network: Network, subject: str, value: Value, true: Value, student: Student) -> Line:
    return Line(subject, (student.printed(value),), ("value",), value, true)


def _mixed_up(network: Network, causes: Causes) -> Iterator[Planted]:
    """One quantity's value given for another one: another step, another unit."""
    student, names = Student(causes.truth, POLICY), network.names
    pairs = []
    if causes.truth.last > 1:
        pairs.append(("step_miscounted", names.outputs[0] + "@2", names.outputs[0] + "@1"))
    if len(network.rows) == 1:
        gradients = [names.gradient(name) for name in network.parameters]
        pairs += [("another_quantity", one, two) for one, two in pairwise(gradients)]
        pairs += [("another_quantity", two, one) for one, two in pairwise(gradients[:5])]
    for cause, subject, other in pairs:
        value, true = (value_of(causes.truth, names.resolve(name)) for name in (other, subject))
        digits = len(POLICY.shown(value).mantissa.lstrip("-0.").replace(".", ""))
        if digits >= 3 and _units(value, true) > CLEARLY and not _predicted(causes, subject, value):
            yield Planted(network, cause, "", (_claim(network, subject, value, true, student),), 0, ("wrong",))


def _predicted(causes: Causes, subject: str, value: Value) -> bool:
    """Whether a mistake in the derivation gives the number as well, or a slip of the pen."""
    true = value_of(causes.truth, causes.network.names.resolve(subject))
    others = [prediction.value for prediction in causes.predictions(subject)] + [-true, true * 10, true / 10]
    return any(abs(value - other) <= abs(value) / 10**4 for other in others)


def _rounding(network: Network, causes: Causes) -> Iterator[Planted]:
    """Numbers that miss the truth by rounding only, in three lines of a derivation each, and rounded on the way."""
    lines = list(Student(causes.truth, POLICY, 2).lines())
    for cause, change in (("truncated", _truncated), ("last_place", _last_place), ("rounded_to_zero", _to_zero)):
        plain = [(i, line) for i, line in enumerate(lines) if "numbers" not in line.forms]
        found = [(i, written) for i, line in plain if (written := change(line.value)) is not None]
        for i, written in found[:: max(1, len(found) // 3)][:3]:
            changed = replace(lines[i], sides=(*lines[i].sides[:-1], written))
            yield Planted(network, cause, "", (*lines[:i], changed), i, ("right",) * i + ("rounding",))
    early = list(Student(causes.truth, Policy("significant", 4), 3, early=True).lines())
    for i, line in enumerate(early):
        true = value_of(causes.truth, network.names.resolve(line.subject))
        if "numbers" in line.forms and not _reads_as(line.sides[-1], true) and alone(line.sides[-1]) is not None:
            if unit_of(_text(line)) is not None:
                yield Planted(network, "rounded_early", "", tuple(early[: i + 1]), i, ("right",) * i + ("rounding",))
            return


def _text(line: Line) -> str:
    number = alone(line.sides[-1])
    assert number is not None
    return number.written


def _decimal(value: Value) -> tuple[fmpq, fmpq] | None:
    """The size of what is printed and a unit of its last place; None where it is exact or a power of ten."""
    shown = POLICY.shown(value)
    if shown.exact or shown.exponent is not None or "." not in shown.text:
        return None
    return abs(shown.value), fmpq(1, 10 ** len(shown.text.partition(".")[2]))


def _number(size: fmpq, unit: fmpq, value: Value) -> Expr:
    places = len(str(unit.q)) - 1
    whole = str(int(size / unit)).rjust(places + 1, "0")
    number = Number(size, f"{whole[:-places]}.{whole[-places:]}")
    return Negative(number) if value < 0 else number


def _truncated(value: Value) -> Expr | None:
    """Digits cut off in place of rounded."""
    found = _decimal(value)
    if found is None or not found[0] > abs(value) or 2 * (found[0] - abs(value)) == found[1]:
        return None
    return _number(found[0] - found[1], found[1], value)


def _last_place(value: Value) -> Expr | None:
    """The last digit off by one, farther from the truth."""
    found = _decimal(value)
    if found is None:
        return None
    size, unit = found
    return _number(size + unit if size > abs(value) else size - unit, unit, value)


def _to_zero(value: Value) -> Expr | None:
    """0.00 for what is small."""
    size = abs(value)
    if not size > 0 or not size < fmpq(1, 40):
        return None
    places = min(_zeros(abs(POLICY.shown(value).value)), 6)
    if 2 * size * fmpq(10) ** places > 1:
        places -= 1
    return Number(fmpq(0), "0." + "0" * places)


__all__ = ["EXAMPLES", "POLICY", "Expr", "Planted", "networks", "planted"]
