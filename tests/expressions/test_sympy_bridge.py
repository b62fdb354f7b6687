"""The same expression in SymPy."""

import pytest
import sympy
from flint import fmpq
from hypothesis import given, settings

from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.expressions.evaluate import evaluate
from derive.expressions.grammar import parse
from derive.expressions.sympy_bridge import symbol, to_sympy
from derive.expressions.tree import Derivative
from tests.support.expressions.trees import PIECEWISE, points, tame_trees


@pytest.mark.parametrize("name", ["I", "E", "N", "S", "Q", "O", "beta", "gamma", "zeta", "lambda"])
def test_every_name_is_a_symbol(name):
    """No name of the author means anything to SymPy."""
    assert to_sympy(parse(f"2*{name} + {name}", names={name})) == 3 * symbol(name)


def test_a_derivative_is_taken():
    """A derivative still to be taken is taken by SymPy."""
    assert to_sympy(Derivative(parse("x^3"), "x")) == 3 * symbol("x") ** 2


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("leaky_relu(-3)", sympy.Rational(-3, 100)),
        ("leaky_relu(-3, 1/2)", sympy.Rational(-3, 2)),
        ("elu(-1, 2)", 2 * (sympy.exp(-1) - 1)),
        ("log10(1000) + log2(8)", sympy.Integer(6)),
        ("min(3, 1, 2) - max(3, 1, 2)", sympy.Integer(-2)),
        ("sigmoid(0)", sympy.Rational(1, 2)),
        ("gelu(0) + silu(0) + softplus(0)", sympy.log(2)),
        ("step(0) + sign(0)", sympy.Integer(1)),
        ("e^2/pi", sympy.E**2 / sympy.pi),
    ],
)
def test_values(text, value):
    """Functions mean the same there."""
    assert sympy.simplify(to_sympy(parse(text)) - value) == 0


@settings(max_examples=60, deadline=None)
@given(tame_trees(("exp", "ln", "sqrt", "tanh", "sigmoid", "gelu", *PIECEWISE)), points)
def test_same_value_as_ours(tree, values):
    """At any point the two evaluations agree (or neither has a real value)."""
    try:
        ours = evaluate(tree, values)
    except (OutsideDomain, Undecided):
        return
    here = {symbol(name): sympy.Rational(int(v.numerator), int(v.denominator)) for name, v in values.items()}
    theirs = to_sympy(tree)
    shown = theirs.subs(here) if theirs.free_symbols else theirs
    got, expected = sympy.N(shown, 20), _float(ours)
    assert abs(complex(got) - expected) <= 1e-9 * max(1.0, abs(expected))


def _float(value):
    return int(value.numerator) / int(value.denominator) if isinstance(value, fmpq) else float(value.mid())
