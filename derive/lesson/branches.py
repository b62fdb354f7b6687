"""Functions with branches where numbers stand: the branch that is taken, written out as a person would work it."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TypeAlias

from flint import fmpq

from derive.arithmetic.reals import Value
from derive.expressions.evaluate import evaluate, place_of
from derive.expressions.functions import FUNCTIONS, arguments_of
from derive.expressions.reckon import rational
from derive.expressions.tree import (
    Call,
    Expr,
    Name,
    Number,
    Quotient,
    as_expr,
    children,
    names_in,
    rebuild,
    substitute,
    walk,
)
from derive.lesson.tidying import settled

BranchTaken: TypeAlias = int | fmpq
"""Where an argument stands among branches and kinks, counted from the left; for a share of max or min, the share."""

WRITTEN_OUT = frozenset({"gelu'", "max'", "min'"})
"""Functions without branches whose value nobody sees at a glance."""


def calls_to_open(expr: Expr) -> tuple[Call, ...]:
    """The calls that are written out, each once."""
    calls = (part for part in walk(expr) if isinstance(part, Call))
    return tuple(dict.fromkeys(call for call in calls if _written_out(call.function)))


@cache
def _written_out(name: str) -> bool:
    """Whether a function is written out: none whose branches are z, -z or a number."""
    entry = FUNCTIONS[name.removesuffix("'")]
    if name in WRITTEN_OUT or not entry.pieces:
        return name in WRITTEN_OUT
    if name.endswith("'"):
        return any(rational(piece.derivative) is None for piece in entry.pieces)
    z = Name(entry.formals[0])
    return any(z.name in names_in(piece.formula) and piece.formula not in (z, -z) for piece in entry.pieces)


def choice(call: Call, values: Mapping[str, Value]) -> BranchTaken:
    """Which branch a call takes at these numbers."""
    entry = FUNCTIONS[call.function.removesuffix("'")]
    if entry.variadic:
        share = evaluate(call, values)
        assert type(share) is fmpq
        return share
    return place_of(entry)(*(evaluate(argument, values) for argument in arguments_of(call).values()))


def opened(expr: Expr, chosen: Mapping[Call, BranchTaken], at_zero: Expr) -> Expr:
    """The expression with each of these calls in the branch that it takes."""
    parts = children(expr)
    whole = rebuild(expr, tuple(opened(part, chosen, at_zero) for part in parts)) if parts else expr
    if expr not in chosen or not isinstance(whole, Call) or not isinstance(expr, Call):
        return whole
    return _branch(whole, chosen[expr], at_zero)


def _branch(call: Call, chosen: BranchTaken, at_zero: Expr) -> Expr:
    entry = FUNCTIONS[call.function.removesuffix("'")]
    if isinstance(chosen, fmpq):
        return Number(chosen) if chosen.denominator == 1 else Quotient(as_expr(1), as_expr(int(chosen.denominator)))
    names = {**arguments_of(call), "relu_at_zero": at_zero}
    if not entry.pieces:
        assert entry.derivative is not None
        return substitute(entry.derivative, names)
    piece = entry.places[chosen]
    return settled(substitute(piece.derivative if call.function.endswith("'") else piece.formula, names))
