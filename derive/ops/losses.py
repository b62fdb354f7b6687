"""Losses of one sample, one entry each (contract, section 1).

Every loss is a scale times the sum over the outputs of one term, so an entry states the term and its derivative by
the output ``yhat``, in ``yhat`` and ``t``, as a book states them. Sources: Goodfellow, Bengio, Courville, *Deep
Learning* (2016), sections 5.5 and 6.2; Huber 1964; Cortes and Vapnik 1995 (hinge).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from types import MappingProxyType
from typing import Literal

from flint import fmpq

from derive.expressions.tree import (
    ONE,
    ZERO,
    Expr,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    call,
    ln,
)
from derive.records import record

yhat, t, delta = Name("yhat"), Name("t"), Name("delta")
half, two = Quotient(Number(fmpq(1)), Number(fmpq(2))), Number(fmpq(2))
magnitude, sign, maximum = call("abs"), call("sign"), call("max")
error = yhat - t


@record
class Branch:
    """One branch of a loss with a kink: where ``left relation right`` the term and its slope are these."""

    left: Expr
    relation: Literal["<", "=", ">", "<=", ">="]
    right: Expr
    term: Expr
    derivative: Expr


@record
class Loss:
    """A loss by its name in a spec.

    Attributes:
        term: the contribution of one output, in ``yhat``, ``t`` and the parameters.
        derivative: of the term by ``yhat``, as a book states it.
        negative: the sum carries a minus sign in front (the cross entropies).
        mean: the sum is divided by the number of outputs K.
        targets: what a target may be, a key of the messages: ``any``, ``unit`` (0 to 1), ``signs`` (-1 or 1),
            ``weights`` (not negative).
        branches: the branches of a loss with a kink, as a book states them.
        rule: the key of its derivation in the wording.
    """

    name: str
    term: Expr
    derivative: Expr
    negative: bool = False
    mean: bool = False
    targets: str = "any"
    parameters: Mapping[str, fmpq] = field(default_factory=lambda: MappingProxyType({}))
    rule: str = ""
    branches: tuple[Branch, ...] = ()


def _guarded(*factors: Expr) -> Product:
    """A product that is 0 where its first factor is exactly 0, whatever the others are."""
    return Product(factors, leading_zero=True)


def _guarded_quotient(top: Expr, bottom: Expr) -> Quotient:
    return Quotient(top, bottom, leading_zero=True)


_BINARY = Sum((_guarded(t, ln(yhat)), _guarded(1 - t, ln(1 - yhat))))
_BINARY_SLOPE = Sum((_guarded_quotient(t, yhat), Negative(_guarded_quotient(1 - t, 1 - yhat))))

# Huber 1964: e²/2 for |e| ≤ δ and δ(|e| − δ/2) beyond, written without branches: with the clipped error
# c = max(−δ, min(δ, e)) it is c(e − c/2), and its slope is c.
_CLIPPED = maximum(-delta, call("min")(delta, error))

_two_sided = (
    Branch(yhat, "<", t, -error, -ONE),
    Branch(yhat, "=", t, ZERO, ZERO),
    Branch(yhat, ">", t, error, ONE),
)
# max(0, 1 - tŷ): its slope by ŷ is -t on the left, 0 on the right, and half of -t at the tie (max shares equally).
_hinge_slope = -(t * ((1 + sign(1 - t * yhat)) / 2))
_HINGE = (
    Branch(t * yhat, "<", ONE, 1 - t * yhat, -t),
    Branch(t * yhat, "=", ONE, ZERO, -(t / 2)),
    Branch(t * yhat, ">", ONE, ZERO, ZERO),
)
_HUBER = (
    Branch(magnitude(error), "<=", delta, Product((half, Power(error, two))), error),
    Branch(magnitude(error), ">", delta, delta * (magnitude(error) - delta / 2), delta * sign(error)),
)

_ENTRIES = (
    Loss("half_squared_error", Product((half, Power(error, two))), error, rule="squared_error"),
    Loss("squared_error", Power(error, two), Product((two, error)), rule="squared_error"),
    Loss("mean_squared_error", Power(error, two), Product((two, error)), mean=True, rule="squared_error"),
    Loss("absolute_error", magnitude(error), sign(error), rule="absolute_error", branches=_two_sided),
    Loss("mean_absolute_error", magnitude(error), sign(error), mean=True, rule="absolute_error",
         branches=_two_sided),
    Loss("binary_cross_entropy", _BINARY, _BINARY_SLOPE, negative=True, targets="unit", rule="cross_entropy"),
    Loss("cross_entropy", _guarded(t, ln(yhat)), _guarded_quotient(t, yhat), negative=True, targets="weights",
         rule="cross_entropy"),
    Loss("hinge", maximum(0, 1 - t * yhat), _hinge_slope, targets="signs", rule="hinge", branches=_HINGE),
    Loss("huber", _CLIPPED * (error - _CLIPPED / 2), _CLIPPED, parameters=MappingProxyType({"delta": fmpq(1)}),
         rule="huber", branches=_HUBER),
    Loss("log_cosh", ln(call("cosh")(error)), call("tanh")(error), rule="log_cosh"),
)  # fmt: skip

LOSSES: Mapping[str, Loss] = MappingProxyType({entry.name: entry for entry in _ENTRIES})
