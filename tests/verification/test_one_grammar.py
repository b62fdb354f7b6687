"""Specs and claims share their grammar: a formula that both can read means the same in both."""

from __future__ import annotations

import pytest
from flint import fmpq
from hypothesis import given

from derive.api import loads
from derive.arithmetic.precision import precision
from derive.arithmetic.reals import Value
from derive.expressions.evaluate import evaluate
from derive.expressions.grammar import parse
from derive.expressions.print_text import ascii as plain
from derive.expressions.tree import Expr
from derive.verification.reading import Spelling, read
from tests.support.expressions.trees import points, tame_trees

SPEC = """
[graph.values]
x = 1
y = 2
z = 3
w = 4
[graph.nodes]
f = "x*y + z*w"
"""
SPELLING = Spelling.of(loads(SPEC))


def claimed(text: str) -> Expr:
    """The side of a claim as it is read."""
    (chain,) = read(f"f = {text}", "text", SPELLING).chains
    found = chain.sides[1]
    assert isinstance(found.expr, Expr), found.problem
    return found.expr


def worked(expr: Expr, values: dict[str, fmpq]) -> Value:
    with precision(200):
        return evaluate(expr, values, fmpq(0))


@given(tame_trees(("exp", "sin", "tanh", "softplus")), points)
def test_a_formula_has_one_value(tree: Expr, values: dict[str, fmpq]) -> None:
    text = plain(tree)
    try:
        expected = worked(parse(text), values)
    except ArithmeticError:
        return
    found = worked(claimed(text), values)
    assert abs(found - expected) <= fmpq(1, 10**30) * (1 + abs(expected))


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("-x^2", -4),
        ("2^-x", fmpq(1, 4)),
        ("2^3^x", 512),
        ("2**3**x", 512),
        ("2^-3^x*512", 1),
        ("-x*y", -6),
        ("12/x/y", 2),
        ("12/x*y", 18),
        ("12/(x*y)", 2),
        ("x - -y", 5),
        ("x - y + 1", 0),
        ("--x", 2),
        ("x*-y^2", -18),
        ("+3^+x", 9),
    ],
)
def test_precedence_is_the_same(text: str, value: int | fmpq) -> None:
    values = {"x": fmpq(2), "y": fmpq(3)}
    assert worked(parse(text), values) == value
    assert worked(claimed(text), values) == value
