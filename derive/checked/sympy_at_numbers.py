"""A SymPy expression at numbers, by SymPy's own functions, each shared part once.

``evalf`` works a nested expression anew for every part that asks for more digits: that doubles with each level. Here
every part is a number before the next one is worked from it, with so many digits that none are missed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import sympy
from sympy.core.relational import Relational
from sympy.logic.boolalg import ITE, And, BooleanAtom, Not, Or

DIGITS = 600
"""Digits of every number inside."""

MAX_EXACT = 10**300
"""A rational with at most this above and below stays one, so that exact zeros are seen."""

UNCLEAR = sympy.Float(10) ** -300
"""What is not exactly 0 and smaller than this may be 0: nothing is decided by its sign."""


class Undecidable(ArithmeticError):
    """A sign hangs on a number that SymPy cannot tell from 0."""


def at_numbers(expression: Any, known: Mapping[Any, Any]) -> Any:
    """The value of an expression; ``known`` are the numbers of its symbols.

    Raises:
        Undecidable: where the side of a kink cannot be told.
    """
    return _AtNumbers(known).value(expression)


class _AtNumbers:
    """One evaluation: ``done`` holds the value of every part by its identity, as comparing parts takes long."""

    def __init__(self, known: Mapping[Any, Any]) -> None:
        self._known = known
        self._done: dict[int, Any] = {}

    def value(self, here: Any) -> Any:
        """The number that a part is."""
        if here.is_Symbol:
            return _number(self._known[here])
        if not here.args:
            return _number(here)
        key = id(here)
        if key not in self._done:
            self._done[key] = _number(self._branch(here) if isinstance(here, sympy.Piecewise) else self._applied(here))
        return self._done[key]

    def _applied(self, here: Any) -> Any:
        parts = [self.value(part) for part in here.args]
        if isinstance(here, sympy.Pow) and not parts[1].is_Integer:
            parts[0] = parts[0].evalf(DIGITS)  # a rational would be factorised
        if isinstance(here, sympy.sign):
            _decided(parts[0])
        return here.func(*parts)

    def _branch(self, here: Any) -> Any:
        for formula, condition in here.args:
            if self._holds(condition):
                return self.value(formula)
        return sympy.nan

    def _holds(self, condition: Any) -> bool:
        """Whether a condition is true; a comparison of branches with a number is made of several by SymPy."""
        match condition:
            case BooleanAtom():
                return bool(condition)
            case Not():
                return not self._holds(condition.args[0])
            case And():
                return all(map(self._holds, condition.args))
            case Or():
                return any(map(self._holds, condition.args))
            case ITE():
                test, then, otherwise = condition.args
                return self._holds(then if self._holds(test) else otherwise)
        return self._compared(condition)

    def _compared(self, condition: Relational) -> bool:
        difference = _decided(self.value(condition.lhs) - self.value(condition.rhs))
        return bool(condition.func(difference, sympy.S.Zero))


def _decided(number: Any) -> Any:
    if not number.is_Rational and not (abs(number) > UNCLEAR) == True:  # noqa: E712 - a relation of SymPy's
        raise Undecidable
    return number


def _number(value: Any) -> Any:
    """A short rational as it is, anything else to so many digits."""
    if value.is_Rational and abs(value.p) <= MAX_EXACT and value.q <= MAX_EXACT:
        return value
    return value.evalf(DIGITS)
