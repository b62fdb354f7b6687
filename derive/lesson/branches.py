"""Functions with branches where numbers stand: the branch that is taken, written out as a person would work it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from flint import fmpq

from derive.arithmetic.numbers import decided_sign, is_zero
from derive.arithmetic.reals import Value
from derive.expressions.evaluate import evaluate
from derive.expressions.functions import FUNCTIONS
from derive.expressions.tree import Call, Expr, Number, Quotient, as_expr, children, rebuild, substitute, walk
from derive.lesson.tidying import settled

BranchTaken: TypeAlias = int | fmpq
"""On which side of 0 an argument is; for a share of max or min, the share."""

WRITTEN_OUT = frozenset({"elu", "elu'", "leaky_relu", "leaky_relu'", "gelu'", "max'", "min'"})
"""Functions whose value nobody sees at a glance."""


def calls_to_open(expr: Expr) -> tuple[Call, ...]:
    """The calls that are written out, each once."""
    return tuple(dict.fromkeys(part for part in walk(expr) if isinstance(part, Call) and part.function in WRITTEN_OUT))


def choice(call: Call, values: Mapping[str, Value]) -> BranchTaken:
    """Which branch a call takes at these numbers."""
    entry = FUNCTIONS[call.function.removesuffix("'")]
    if entry.variadic:
        share = evaluate(call, values)
        assert type(share) is fmpq
        return share
    argument = evaluate(call.arguments[0], values)
    return 0 if is_zero(argument) else decided_sign(argument)


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
    arguments = [*call.arguments, *map(Number, list(entry.defaults.values())[len(call.arguments) - 1 :])]
    names = {**dict(zip(entry.formals, arguments, strict=True)), "relu_at_zero": at_zero}
    if not entry.pieces:
        assert entry.derivative is not None
        return substitute(entry.derivative, names)
    piece = entry.pieces[chosen + 1]
    return settled(substitute(piece.derivative if call.function.endswith("'") else piece.formula, names))
