"""The calculation on the right of a wrong relation, laid beside the formulas that it should work out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from flint import fmpq

from derive.arithmetic.reals import Value
from derive.expressions.tree import Expr, Name, Number, names_in, walk
from derive.verification.causes.operands import Misfit, misfit
from derive.verification.causes.quantities import UNCOMPUTABLE
from derive.verification.comparing.intervals import Interval, enclosure
from derive.verification.judging.evidence import rational
from derive.verification.judging.judge import Hearing
from derive.verification.judging.own_formula import Formulas
from derive.verification.reading.written_number import alone

NARROW = fmpq(1, 100)
LOOSELY = fmpq(1, 500)
"""If more than one number is off, those that are off by less than this part of them are taken to be only imprecise."""
MAX_PARTS = 300
"""At most this many parts has a calculation that is laid beside its formula."""


class Worked(Protocol):
    """A relation whose right side is a calculation (:mod:`derive.verification.causes.wrong_relation`)."""

    @property
    def hearing(self) -> Hearing: ...
    @property
    def i(self) -> int: ...
    @property
    def subject(self) -> str | None: ...
    @property
    def right(self) -> Expr | None: ...

    def evaluate(self, expr: Expr) -> Value | None:
        """An expression at the spec's values."""

    def evaluate_believed(self, expr: Expr) -> Value | None:
        """The same among what earlier wrong lines said (None without)."""


def misfit_of(relation: Worked, formulas: Formulas) -> Misfit | None:
    """The one number on the right that does not stand for what its formula has in its place."""
    right = relation.right
    if right is None or alone(right) is not None or sum(1 for _ in walk(right)) > MAX_PARTS:
        return None
    candidates = tuple(_candidates(relation, formulas))
    for loosely in (fmpq(0), LOOSELY):
        found = misfit(right, candidates, _Sizes(relation, formulas, loosely))
        if found is not None:
            return found
    return None


def _candidates(relation: Worked, formulas: Formulas) -> Iterator[Expr]:
    """The formulas on the left that are right, the nearest first, and the quantity's own."""
    hearing = relation.hearing
    for i in range(relation.i - 1, -1, -1):
        expr = hearing.sides[i].expr
        named = expr is not None and bool(names_in(expr)) and not isinstance(expr, Name)
        if named and expr is not None and hearing.states[i] in ("right", "rounding"):
            yield expr
    if relation.subject is not None:
        yield from formulas.forms(relation.subject)


class _Sizes:
    """Values at the spec's numbers, or among what the author believes."""

    def __init__(self, relation: Worked, formulas: Formulas, loosely: fmpq) -> None:
        self._relation = relation
        self._loosely = loosely
        self._formulas = formulas
        self._known: dict[Expr, tuple[Value, ...]] = {}

    def expanded(self, name: str) -> Expr | None:
        """The formula of a quantity."""
        return self._formulas.of(name)

    def fits(self, written: Expr, wanted: Expr) -> bool:
        """Whether a written part stands for a part of the formula, whatever its sign."""
        span = self._span(written)
        if span is None:
            return False
        span = span.wider(abs(rational(span.high, 1)) * self._loosely)
        return any(span.meets(Interval.point(one)) for value in self._values(wanted) for one in (value, -value))

    def sign(self, expr: Expr) -> int:
        """The sign of a part."""
        value = next(iter(self._values(expr)), fmpq(0))
        return 1 if value > 0 else -1 if value < 0 else 0

    def is_one(self, expr: Expr) -> bool:
        """Whether a part is 1 or -1 exactly."""
        return any(type(value) is fmpq and abs(value) == 1 for value in self._values(expr)[:1])

    def is_nought(self, expr: Expr) -> bool:
        """Whether a part is 0 exactly."""
        return any(type(value) is fmpq and value == 0 for value in self._values(expr)[:1])

    def _values(self, expr: Expr) -> tuple[Value, ...]:
        """The value among what is believed, where that is another one, and the true value."""
        found = self._known.get(expr)
        if found is None:
            both = (self._relation.evaluate_believed(expr), self._relation.evaluate(expr))
            found = self._known[expr] = tuple(value for value in both if value is not None)
        return found

    def _span(self, expr: Expr) -> Interval | None:
        """What a written part can be; None where that is hardly known."""
        hearing = self._relation.hearing
        if isinstance(expr, Number):
            return hearing.reading.slipped(expr)
        truth = hearing.judge.worlds.truth
        try:
            span = enclosure(
                expr, lambda name: Interval.point(truth.value(name)), hearing.reading.slipped,
                hearing.judge.network.relu_at_zero,
            )  # fmt: skip
        except UNCOMPUTABLE:
            return None
        if span.is_point:
            return span
        low, high = rational(span.low, -1), rational(span.high, 1)
        return span if high - low <= NARROW * abs(low + high) else None


__all__ = ["misfit_of"]
