"""What a chain of equalities states of quantities: the numbers that it gives as their values, as marks look at them.

A chain states a number of every quantity that stands alone on one of its sides, also with a minus sign, first or last:
``sigma(z2_1) = 0.5209 = yhat``, ``-delta2_1 = 0.4791``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Literal, TypeAlias

from flint import fmpq

from derive.arithmetic.outcomes import Uncomputable
from derive.arithmetic.reals import ZERO
from derive.expressions.tree import Expr, Name, Negative
from derive.records import record
from derive.verification.comparing.chain import NoValue, TooHard, at_the_spec
from derive.verification.comparing.identity import decided
from derive.verification.comparing.intervals import as_written
from derive.verification.comparing.scale import near_rational
from derive.verification.comparing.side import ScalarSide
from derive.verification.comparing.verdict import Verdict
from derive.verification.judging.discriminates import tells
from derive.verification.judging.follow import middle_of
from derive.verification.judging.judge import Hearing
from derive.verification.judging.stated_formulas import formula_verdict
from derive.verification.points.ingredients import parts_of
from derive.verification.points.point import NoQuantity, PointAddress

Stating: TypeAlias = Verdict | Literal["none"]
_WORST: tuple[Verdict, ...] = ("holds", "rounding", "unreadable", "follows", "wrong")


@record
class StatedVerdict:
    """The verdict on a relation of scalars, as far as a statement takes it over.

    Attributes:
        follows_from: the line that it goes back to; of what holds, one from which it would follow as well.
        exactly: it follows with the digits that are written, and no others.
    """

    verdict: Verdict
    follows_from: int | None = None
    exactly: bool = False


@record
class Statement:
    """A number that one chain gives to a quantity.

    Attributes:
        address: the quantity.
        line: where the chain begins; ``chain``: its number in the file.
        verdict: of the relation that gives the number; ``none`` where the chain gives none; ``wrong`` where anything in
            the chain is.
        value: the number, or None; ``reach``: how far it may be rounded.
        true: the right value, near enough; None where it has none.
        tells: the number has a right significant digit (of a wrong one: its first digit is known).
        worked: beside the number stands a formula that leads to the quantity, or a calculation that is sound.
        copied: it is the value before the update, and nothing shows that it was worked.
        formula: the verdict on the formula that the chain gives for it; ``none`` where it gives none.
    """

    address: PointAddress
    line: int
    chain: int
    verdict: Stating
    value: fmpq | None = None
    reach: fmpq = ZERO
    true: fmpq | None = None
    tells: bool = False
    follows_from: int | None = None
    exactly: bool = False
    worked: bool = False
    copied: bool = False
    formula: Stating = "none"


def statements(
    hearing: Hearing, found: Sequence[StatedVerdict], line: int, chain: int, *, misfit: bool, strict: bool
) -> Iterator[Statement]:
    """What one chain of scalars states; ``found`` has the verdict on each of its relations.

    ``misfit`` says that a side has another shape than the rest, which makes all of it wrong; ``strict`` that a number
    which is rounded too early is wrong.
    """
    numbers = [i for i, side in enumerate(hearing.sides) if _is_number(hearing, i, side)]
    for p, side in enumerate(hearing.sides):
        name, sign = _alone(side.expr)
        address = None if name is None or hearing.problems[p] is not None else _address(hearing, name)
        if address is None:
            continue
        verdict = _verdict(found, p, numbers, misfit=misfit)
        formula = formula_verdict(hearing, [one.verdict for one in found], p, address, misfit=misfit) or "none"
        verdict = "wrong" if strict and verdict == "rounding" else verdict
        blank = Statement(address, line, chain, verdict, formula=formula)
        if blank.verdict in ("none", "unreadable") or not numbers:
            yield blank
            continue
        yield _stated(hearing, blank, found, (p, numbers[-1]), sign)


def _stated(
    hearing: Hearing, blank: Statement, found: Sequence[StatedVerdict], places: tuple[int, int], sign: int
) -> Statement:
    """The statement with its number; ``places`` are the sides of the quantity and of the number."""
    p, n = places
    try:
        middle, reach = middle_of(hearing, n)
    except ArithmeticError:
        return replace(blank, verdict="none")
    giving = found[max(n - 1, 0)] if p < n else next((one for one in found[n:p] if one.follows_from), found[p - 1])
    worked = any(_is_work(hearing, blank, found, i) for i in range(len(hearing.sides)) if i != p)
    true = _true(hearing, p)
    stated = replace(
        blank, value=sign * middle, reach=reach, true=None if true is None else sign * true, worked=worked,
        tells=tells(hearing, p, n, wrong=blank.verdict in ("wrong", "follows")),
        follows_from=giving.follows_from, exactly=giving.exactly,
    )  # fmt: skip
    return replace(stated, copied=_is_copied(hearing, stated, places))


def _verdict(found: Sequence[StatedVerdict], p: int, numbers: Sequence[int], *, misfit: bool) -> Stating:
    """What the chain comes to for the quantity on side ``p``."""
    verdicts = [one.verdict for one in found]
    if not numbers:
        return "unreadable" if "unreadable" in verdicts else "none"
    if misfit or "wrong" in verdicts:
        return "wrong"
    n = numbers[-1]
    between = verdicts[n - 1 : n] if p < n else verdicts[n:p]
    return max(between, key=_WORST.index)


def _is_work(hearing: Hearing, blank: Statement, found: Sequence[StatedVerdict], i: int) -> bool:
    """Whether a side shows how the number was worked, be it with a mistake in the formula."""
    side, relation = hearing.sides[i], found[max(i - 1, 0)]
    if side.expr is None or side.number is not None or hearing.problems[i] is not None or _alone(side.expr)[0]:
        return False
    before = relation.follows_from is not None and relation.follows_from < blank.line
    sound = relation.verdict in ("holds", "rounding") or (relation.verdict == "follows" and before)
    if not side.names:
        return sound
    addresses = hearing.judge.worlds.addresses
    leading = set(parts_of(hearing.judge.network, blank.address))
    named = [addresses[name] for name in side.names]
    carried = i + 1 < len(hearing.sides) and found[i].verdict in ("holds", "rounding", "follows")
    return (sound or carried) and any((place.of, place.by) in leading for place in named)


def _is_number(hearing: Hearing, i: int, side: ScalarSide) -> bool:
    return side.expr is not None and not side.names and hearing.problems[i] is None


def _alone(expr: Expr | None) -> tuple[str | None, int]:
    """The name that a side is, but for its sign, and the sign."""
    sign = 1
    while isinstance(expr, Negative):
        expr, sign = expr.operand, -sign
    return (expr.name, sign) if isinstance(expr, Name) else (None, 1)


def _address(hearing: Hearing, name: str) -> PointAddress | None:
    """Which quantity it is; a partial derivative is the one by the quantity. None of a free letter."""
    try:
        found = hearing.judge.worlds.addresses[name]
    except NoQuantity:
        return None
    return None if found.kind == "free" else replace(found, kind="derivative") if found.kind == "partial" else found


def _true(hearing: Hearing, p: int) -> fmpq | None:
    try:
        span = hearing.span(p)
    except (NoValue, TooHard):
        return None
    return near_rational(span.low) if span.is_point else None


def _is_copied(hearing: Hearing, stated: Statement, places: tuple[int, int]) -> bool:
    """Whether the number is the value before the update, where the new one is another, and no calculation gives it."""
    address = stated.address
    if address.kind != "value" or not address.step or address.of not in hearing.judge.network.start:
        return False
    before = replace(address, step=address.step - 1)
    try:
        old = near_rational(decided(lambda: hearing.judge.worlds.truth.at(before)))
    except Uncomputable:
        return False
    if stated.true == old or stated.value is None or abs(stated.value - old) > stated.reach:
        return False
    return not any(_shows_a_change(hearing, i, old) for i in range(len(hearing.sides)) if i != places[0])


def _shows_a_change(hearing: Hearing, i: int, old: fmpq) -> bool:
    """Whether a side is a calculation in numbers that comes to something else than the old value."""
    side = hearing.sides[i]
    if side.expr is None or side.number is not None or side.symbolic or hearing.problems[i] is not None:
        return False
    try:
        span = hearing.span_in(i, hearing.judge.worlds, at_the_spec, as_written)
    except Uncomputable:
        return False
    return near_rational(span.low) != old or near_rational(span.high) != old


__all__ = ["StatedVerdict", "Statement", "statements"]
