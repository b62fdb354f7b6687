"""Expressions in SymPy as the author wrote them: order, values, slopes at kinks, LaTeX, functions of numbers."""

from __future__ import annotations

import mpmath
import pytest
import sympy
from flint import fmpq
from hypothesis import given, settings

from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.expressions.evaluate import evaluate
from derive.expressions.functions import FUNCTIONS
from derive.expressions.grammar import parse
from derive.expressions.sympy_bridge import TeXSymbol, as_written, parts_in_sympy, symbol, to_sympy
from derive.expressions.tree import Call, Expr, Name, Number
from tests.support.expressions.trees import PIECEWISE, points, tame_trees

EVERY = ("exp", "ln", "sqrt", "tanh", "sigmoid", "gelu", "silu", "softplus", "sin", "cos", *PIECEWISE)


@pytest.mark.parametrize(
    ("text", "latex"),
    [
        ("w*x + b", "w x + b"),
        ("b + w*x", "b + w x"),
        ("t - y", "t - y"),
        ("-t*x", "- t x"),
        ("1/2*(y - t)^2", r"\frac{\left(y - t\right)^{2}}{2}"),
        ("3*2*x", r"3 \cdot 2 x"),
        ("x - (y - z)", r"x - \left(y - z\right)"),
        ("(a + b)/(c*d)", r"\frac{a + b}{c d}"),
        ("1/(1 + exp(-z))", r"\frac{1}{1 + e^{- z}}"),
        ("x*x", "x x"),
        ("x - x", "x - x"),
        ("2/4*x", r"\frac{2}{4} x"),
        ("-(x/0.5)", r"- 2 x"),
        ("x/0.3", r"\frac{10 x}{3}"),
    ],
)
def test_the_order_is_the_authors(text: str, latex: str) -> None:
    assert sympy.latex(as_written(parse(text)), order="none") == latex


@pytest.mark.parametrize("text", ["-(x/0.5)", "-(-(x/0.3))", "1/0.25 - -x/0.75", "-((x/0.5)/0.25)"])
def test_a_division_by_a_decimal_is_itself_in_code(text: str) -> None:
    """A function of numbers made from it divides by that decimal, whatever signs stand before it."""
    expected = evaluate(parse(text), {"x": fmpq(1, 10)})
    found = sympy.lambdify([symbol("x")], as_written(parse(text)), "mpmath")(mpmath.mpf(1) / 10)
    assert abs(found - mpmath.mpf(int(expected.p)) / int(expected.q)) < 1e-12


def test_nothing_is_evaluated() -> None:
    for text in ("x - x", "0*x", "2 + 3", "x^2*x^3", "(x^2)^3", "max(2, 3)", "exp(0)"):
        assert as_written(parse(text)) != to_sympy(parse(text)), text


def test_a_power_of_branches_is_printed() -> None:
    assert sympy.latex(as_written(parse("step(x)^2"))).endswith(r"\end{cases}\right)^{2}")
    assert sympy.latex(as_written(parse("-(-step(x)^2)")), order="none").endswith(r"\right)^{2}")


def test_branches_of_a_number_are_decided() -> None:
    """SymPy finds no value of a ``Piecewise`` whose conditions compare numbers and are left open."""
    assert [as_written(parse(text)) for text in ("relu(-3)", "step(1)", "hard_tanh(1/2)")] == [
        0,
        1,
        sympy.Rational(1, 2),
    ]


@settings(max_examples=60, deadline=None)
@given(tame_trees(EVERY), points)
def test_same_value_as_ours(tree: Expr, values: dict[str, fmpq]) -> None:
    """At any point SymPy, ``mpmath`` and we agree (or there is no real value); and it can be printed."""
    try:
        ours = evaluate(tree, values)
    except (OutsideDomain, Undecided):
        return
    theirs = as_written(tree)
    expected = int(ours.p) / int(ours.q) if isinstance(ours, fmpq) else float(ours.mid())
    here = {symbol(name): sympy.Rational(int(v.p), int(v.q)) for name, v in values.items()}
    assert abs(complex(theirs.evalf(20, subs=here)) - expected) <= 1e-9 * max(1.0, abs(expected))
    numbers = [mpmath.mpf(v.p) / v.q for v in here.values()]
    found = sympy.lambdify(list(here), theirs, "mpmath")(*numbers)
    assert abs(complex(found) - expected) <= 1e-6 * max(1.0, abs(expected))
    assert sympy.latex(theirs, order="none")


@pytest.mark.parametrize("at_zero", [fmpq(0), fmpq(1, 2), fmpq(1)])
@pytest.mark.parametrize("value", [-2, 0, 3])
@pytest.mark.parametrize("name", [name for name, entry in FUNCTIONS.items() if entry.pieces])
def test_slopes_at_kinks(name: str, value: int, at_zero: fmpq) -> None:
    bounds = (Number(fmpq(-2)), Number(fmpq(3))) if name == "clip" else ()
    slope = Call(name + "'", (Name("x"), *bounds))
    ours = evaluate(slope, {"x": fmpq(value)}, at_zero)
    for bridge in (as_written, to_sympy):
        theirs = sympy.N(bridge(slope, at_zero).subs(symbol("x"), value), 20)
        assert abs(float(theirs) - (float(ours.p) / float(ours.q) if isinstance(ours, fmpq) else float(ours))) < 1e-15


@pytest.mark.parametrize("name", ["max", "min"])
@pytest.mark.parametrize("at", [(1, 1, 1), (2, 2, 1), (2, 1, 2), (1, 2, 2), (3, 1, 2), (1, 1, 3)])
def test_ties_share_equally(name: str, at: tuple[int, ...]) -> None:
    slope = Call(name + "'", tuple(map(Name, "xyz")))
    ours = evaluate(slope, dict(zip("xyz", map(fmpq, at), strict=True)))
    for bridge in (as_written, to_sympy):
        theirs = bridge(slope).subs(dict(zip(map(symbol, "xyz"), at, strict=True)))
        assert fmpq(int(theirs.p), int(theirs.q)) == ours


def test_a_quantity_called_as_the_convention_is_a_quantity() -> None:
    slope = Call("relu'", (Name("relu_at_zero"),))
    assert as_written(slope, fmpq(1, 2)).free_symbols == {symbol("relu_at_zero")}
    assert as_written(slope, fmpq(1, 2)).subs(symbol("relu_at_zero"), 0) == sympy.Rational(1, 2)


def test_a_symbol_with_tex_of_its_own() -> None:
    w, again, other = TeXSymbol("w1", "w_{1}"), TeXSymbol("w1", "w_{1}"), TeXSymbol("w1", r"\theta")
    assert w == again
    assert hash(w) == hash(again)
    assert w != other
    assert (sympy.latex(w**2), str(w), w.is_real) == ("w_{1}^{2}", "w1", True)
    assert sympy.diff(w**2 * other, again) == 2 * w * other


def test_parts_are_counted_before_they_are_made() -> None:
    text = "x"
    for _ in range(60):
        text = f"elu({text})"
    assert parts_in_sympy(parse(text)) > 10**30
    assert parts_in_sympy(parse("f + f"), {"f": 10**6}) > 10**6
