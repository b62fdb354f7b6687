"""What a person tidies while writing."""

import pytest
from hypothesis import given

from derive.arithmetic.numbers import decided_sign
from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.differentiate.algebra import negated, power, product, quotient, simplified, total
from derive.expressions.evaluate import evaluate
from derive.expressions.grammar import parse
from derive.expressions.print_text import ascii as plain
from derive.expressions.tree import Negative, Product, walk
from tests.support.expressions.trees import points, tame_trees


@pytest.mark.parametrize(
    ("given_text", "tidy"),
    [
        ("0*x + 1*y", "y"),
        ("x + 0", "x"),
        ("y*x*2*z", "2*y*x*z"),
        ("1/2*(2*(y - t)*1)", "y - t"),
        ("2*(y - t)/2", "y - t"),
        ("x*(1/x)", "1"),
        ("(0*(1 + x) - 1*(x*(-1)))/(1 + x)^2", "x/(1 + x)^2"),
        ("x*x*x", "x^3"),
        ("x + x + x", "3*x"),
        ("2*x - x", "x"),
        ("x*y - y*x", "0"),
        ("x^2*x^3/x", "x^4"),
        ("(x^2)^2", "x^4"),
        ("x^0.5*x^0.5", "x"),
        ("0.5*0.3*x", "0.15*x"),
        ("1/3*1/2*x", "1/6*x"),
        ("x/3 + x/6", "x/2"),
        ("-(-x)", "x"),
        ("(-x)*(-y)", "x*y"),
        ("a/b/c", "a/(b*c)"),
        ("a/(b/c)", "a*c/b"),
        ("x/0", "x/0"),
        ("0/x", "0"),
        ("x^1", "x"),
        ("x^0", "1"),
        ("a*(b + c) + b*a", "a*(b + c) + b*a"),
        ("3*exp(-x)*2", "6*exp(-x)"),
    ],
)
def test_tidies(given_text, tidy):
    """Nothing is expanded or factored; the order is that of first appearance."""
    assert tidy == plain(simplified(parse(given_text)))


def test_builders():
    """The builders take numbers too."""
    x = parse("x")
    assert plain(product(2, x, 3)) == "6*x"
    assert plain(quotient(x, 2)) == "x/2"
    assert plain(total(x, 1, 2, x)) == "2*x + 3"
    assert plain(power(x, 2)) == "x^2"
    assert negated(negated(x)) == x


def test_a_guarded_term_is_left_alone():
    """The terms of a cross entropy stay whole: 0 ln 0 is 0."""
    guarded = Product((parse("t"), parse("ln(y)")), leading_zero=True)
    assert guarded in tuple(walk(simplified(Negative(2 * guarded))))


@given(tame_trees(("exp", "ln", "tanh", "sqrt", "relu")), points)
def test_keeps_the_value(tree, values):
    """Tidying never changes a value, and never makes an expression undefined."""
    try:
        before = evaluate(tree, values)
    except (OutsideDomain, Undecided):
        return
    assert same(before, evaluate(simplified(tree), values))


def same(first, second):
    """Equal rationals, or balls that overlap."""
    try:
        return decided_sign(first - second) == 0
    except Undecided:
        return True
