"""The lines of a derivation: each right, each with its rules, in a teacher's order."""

import pytest
import sympy
from hypothesis import assume, given, settings

from derive.differentiate import rules, working
from derive.differentiate.steps import MAX_LINE_PARTS, MAX_LINES
from derive.expressions.grammar import parse
from derive.expressions.print_tex import tex
from derive.expressions.print_text import ascii as plain
from derive.expressions.sympy_bridge import symbol, to_sympy
from derive.expressions.tree import Derivative, Name, Product, names_in, walk
from tests.support.expressions.trees import SMOOTH, points, tame_trees


def shown(text, by, known=None):
    """The lines in plain text, with their rules."""
    lines = working(parse(text), by, None if known is None else parse(known)).lines
    return [(plain(line.expr), " ".join(line.rules)) for line in lines]


def test_sigmoid():
    """The model: quotient rule, then constants and the chain rule, tidy, then as a book states it."""
    assert shown("1/(1 + exp(-z))", "z", known="a*(1 - a)") == [
        ("(d/dz [1]*(1 + exp(-z)) - 1*d/dz [1 + exp(-z)])/(1 + exp(-z))^2", "quotient"),
        ("(0*(1 + exp(-z)) - 1*(-exp(-z)))/(1 + exp(-z))^2", "constant sum chain exponential"),
        ("exp(-z)/(1 + exp(-z))^2", "tidy"),
        ("a*(1 - a)", "rewrite"),
    ]


@pytest.mark.parametrize(
    ("text", "by", "lines"),
    [
        ("7", "x", [("0", "constant")]),
        ("x", "x", [("1", "identity")]),
        ("w*x + b", "w", [("x", "sum constant constant_multiple identity")]),
        ("1/2*(y - t)^2", "y", [("1/2*(2*(y - t))", "constant_multiple power chain"), ("y - t", "tidy")]),
        ("x^3 + 3*x^2 - 5", "x",
         [("3*x^2 + 3*(2*x)", "sum constant power constant_multiple"), ("3*x^2 + 6*x", "tidy")]),
        ("x*sin(x)", "x",
         [("d/dx [x]*sin(x) + x*d/dx [sin(x)]", "product"), ("1*sin(x) + x*cos(x)", "identity sine"),
          ("sin(x) + x*cos(x)", "tidy")]),
        ("ln(1 + exp(z))", "z",
         [("1/(1 + exp(z))*d/dz [1 + exp(z)]", "chain logarithm"),
          ("1/(1 + exp(z))*exp(z)", "sum constant exponential"), ("exp(z)/(1 + exp(z))", "tidy")]),
        ("2^x", "x", [("2^x*ln(2)", "exponential_base")]),
        ("relu(w*x)", "w", [("relu'(w*x)*x", "chain relu")]),
        ("tanh(z)", "z", [("1 - tanh(z)^2", "hyperbolic_tangent")]),
        ("x^x", "x",
         [("x^x*(d/dx [x]*ln(x) + x*(d/dx [x]/x))", "general_power"), ("x^x*(1*ln(x) + x*(1/x))", "identity"),
          ("x^x*(ln(x) + 1)", "tidy")]),
    ],
)  # fmt: skip
def test_lines(text, by, lines):
    """Outermost rule first; trivial rules share a line."""
    assert lines == shown(text, by)


def test_a_cross_entropy_term():
    """The guard of t ln ŷ is on every line."""
    term = Product((Name("t"), parse("ln(y)")), leading_zero=True)
    made = working(term, "y")
    assert [plain(line.expr) for line in made.lines] == ["t*(1/y)", "t/y"]
    assert all(line.expr.leading_zero for line in made.lines)
    assert made.lines[0].rules == ("constant_multiple", "logarithm")


def test_what_is_too_long_has_only_its_result():
    """A page is not filled with one derivative."""
    deep = working(parse("sin(" * 30 + "x" + ")" * 30), "x")
    assert len(deep.lines) == 1
    assert {"sine", "chain"} <= set(deep.lines[0].rules)
    wide = working(parse(" + ".join(f"x^{i}" for i in range(2, MAX_LINE_PARTS))), "x")
    assert len(wide.lines) == 1
    assert plain(wide.result).startswith("2*x + 3*x^2")


def test_every_rule_has_a_name():
    """All names of rules are known beforehand, so that a wording can be complete."""
    assert "chain" in rules()
    assert "sigmoid" in rules()
    assert len(rules()) == len(set(rules()))


@settings(max_examples=120, deadline=None)
@given(tame_trees(SMOOTH), points)
def test_every_line_is_the_derivative(tree, values):
    """Each line, SymPy taking what is still to be taken, has the value of the derivative."""
    names = names_in(tree)
    assume(names)
    here = {symbol(key): sympy.Rational(int(v.numerator), int(v.denominator)) for key, v in values.items()}
    expected = sympy.N(sympy.diff(to_sympy(tree), symbol(names[0])).subs(here), 30)
    assume(expected.is_real and expected.is_finite and abs(expected) < 1e9)
    made = working(tree, names[0])
    assert 1 <= len(made.lines) <= MAX_LINES + 2
    assert made.result == made.lines[-1].expr
    assert not any(isinstance(part, Derivative) for part in walk(made.result))
    for line in made.lines:
        assert line.rules
        assert set(line.rules) <= set(rules())
        assert tex(line.expr)
        found = sympy.N(to_sympy(line.expr).subs(here), 30)
        assert abs(found - expected) < 1e-12 * (1 + abs(expected)), plain(line.expr)
