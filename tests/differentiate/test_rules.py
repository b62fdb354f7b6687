"""Derivatives against SymPy, their look, and their cost."""

import time

import pytest
import sympy
from flint import arb, fmpq
from hypothesis import assume, example, given, settings

from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.arithmetic.precision import precision
from derive.differentiate import derivative, local, partials
from derive.expressions.evaluate import evaluate
from derive.expressions.grammar import parse
from derive.expressions.print_text import ascii as plain
from derive.expressions.sympy_bridge import symbol, to_sympy
from derive.expressions.tree import ZERO, Call, Name, Product, Quotient, names_in, walk
from derive.ops import LOSSES
from tests.support.expressions.trees import SMOOTH, points, tame_trees


@pytest.mark.parametrize(
    ("text", "by", "result"),
    [
        ("7", "x", "0"),
        ("y", "x", "0"),
        ("x", "x", "1"),
        ("w*x + b", "w", "x"),
        ("w*x + b", "b", "1"),
        ("-x", "x", "-1"),
        ("1/2*(y - t)^2", "y", "y - t"),
        ("(y - t)^2/2", "y", "y - t"),
        ("(y - t)^2", "t", "-2*(y - t)"),
        ("1/(1 + exp(-z))", "z", "exp(-z)/(1 + exp(-z))^2"),
        ("sigmoid(z)", "z", "sigmoid(z)*(1 - sigmoid(z))"),
        ("z*sigmoid(z)", "z", "sigmoid(z) + z*sigmoid(z)*(1 - sigmoid(z))"),
        ("x*ln(x)", "x", "ln(x) + 1"),
        ("5/x^2", "x", "-10/x^3"),
        ("x^n", "x", "n*x^(n - 1)"),
        ("x^n", "n", "x^n*ln(x)"),
        ("2^x", "x", "2^x*ln(2)"),
        ("e^(2*x)", "x", "2*e^(2*x)"),
        ("sqrt(x^2 + 1)", "x", "x/sqrt(x^2 + 1)"),
        ("x*x*x", "x", "3*x^2"),
        ("x*y*x", "x", "2*y*x"),
        ("relu(w*x)", "w", "relu'(w*x)*x"),
        ("abs(x - 3)", "x", "sign(x - 3)"),
        ("max(a, b, c)", "b", "max'(b, a, c)"),
        ("leaky_relu(z, s)", "s", "min(z, 0)"),
        ("elu(z, s)", "s", "exp(min(z, 0)) - 1"),
        ("sign(x) + step(x)", "x", "0"),
        ("0.5*x^2", "x", "x"),
        ("x^0.5", "x", "0.5/x^0.5"),
        ("sin(sin(x))", "x", "cos(sin(x))*cos(x)"),
    ],
)
def test_result(text, by, result):
    """As a person would leave it."""
    assert result == plain(derivative(parse(text), by))


@pytest.mark.parametrize("name", sorted(LOSSES))
def test_losses(name):
    """The derivatives that the loss entries state come out of the rules, where no clipping is in the way."""
    loss = LOSSES[name]
    values = {"yhat": fmpq(3, 10), "t": fmpq(7, 10), "delta": fmpq(1)}
    found = derivative(loss.term, "yhat")
    if any(isinstance(e, Call) and e.function.startswith(("max'", "min'")) for e in walk(found)):
        assert names_in(found)
        return
    with precision(100):
        assert abs(arb(evaluate(found, values)) - arb(evaluate(loss.derivative, values))) < arb("1e-20")


def test_guards_stay():
    """The slope of t ln ŷ is 0 where t is 0, even at ŷ = 0."""
    term = Product((Name("t"), parse("ln(y)")), leading_zero=True)
    slope = derivative(term, "y")
    assert slope == Quotient(Name("t"), Name("y"), leading_zero=True)
    assert evaluate(slope, {"t": fmpq(0), "y": fmpq(0)}) == 0
    twice = derivative(slope, "y")
    assert evaluate(twice, {"t": fmpq(0), "y": fmpq(0)}) == 0
    assert evaluate(twice, {"t": fmpq(3), "y": fmpq(2)}) == fmpq(-3, 4)


def test_partials_are_all_derivatives():
    """One pass gives the derivative by every name, in the order of first appearance."""
    tree = parse("w*x + exp(b*w) - c/x")
    slopes = partials(tree)
    assert list(slopes) == ["w", "x", "b", "c"]
    assert all(slope == derivative(tree, name) for name, slope in slopes.items())
    assert list(partials(tree, {"b", "unknown"})) == ["b"]


def test_local_slopes():
    """The slope of a function, at its arguments."""
    assert plain(local(parse("tanh(2*x)"))) == "1 - tanh(2*x)^2"
    assert plain(local(parse("min(x, 1)"))) == "min'(x, 1)"
    assert local(parse("relu'(x)", marks=True)) == ZERO
    assert plain(local(parse("elu'(x, a)", marks=True))) == "a*(1 - step(x))*exp(min(x, 0))"


def test_second_derivative_of_a_smooth_function():
    """``sigmoid'`` is differentiated like anything else."""
    slope = derivative(parse("sigmoid'(x)", marks=True), "x")
    expected = sympy.diff(1 / (1 + sympy.exp(-symbol("x"))), symbol("x"), 2)
    got = to_sympy(slope).subs(symbol("x"), 1)
    assert abs(sympy.N(got - expected.subs(symbol("x"), 1), 30)) < 1e-25


DIGITS = 30


def agree(tree, by, values):
    """Our derivative has SymPy's value, at one point."""
    here = {symbol(name): sympy.Rational(int(v.numerator), int(v.denominator)) for name, v in values.items()}
    expected = sympy.N(sympy.diff(to_sympy(tree), symbol(by)).subs(here), DIGITS)
    assume(expected.is_real and expected.is_finite and abs(expected) < 1e9)
    with precision(400):
        try:
            evaluate(tree, values)
            ours = evaluate(derivative(tree, by), values)
        except (OutsideDomain, Undecided):
            assume(False)
            return
        assert abs(arb(ours) - arb(str(expected))) < arb("1e-15") * (1 + abs(arb(str(expected))))


@settings(max_examples=150, deadline=None)
@given(tame_trees(SMOOTH), points)
@example(parse("x/(x - y)"), {name: fmpq(n, 7) for n, name in enumerate("xyzw", 1)})
def test_against_sympy(tree, values):
    """Any smooth expression has the derivative that ``sympy.diff`` finds."""
    for by in names_in(tree)[:2]:
        agree(tree, by, values)


def test_the_comparison_notices():
    """A slope that is slightly wrong does not pass the comparison above."""
    values = {"x": fmpq(1, 2)}
    right = evaluate(derivative(parse("x^2"), "x"), values)
    wrong = evaluate(derivative(parse("1.0005*x^2"), "x"), values)
    assert abs(arb(right) - arb(wrong)) > arb("1e-15") * 2


@pytest.mark.parametrize(
    "text",
    [
        " + ".join(f"w{i}*x{i}" for i in range(10_000)),
        "*".join(["x"] * 10_000),
        "sin(" * 100 + "x" + ")" * 100,
        "/".join(["(x + 1)"] * 100),
        "^".join(["x"] * 20),
        "max(" + ", ".join(f"x + {i}" for i in range(100)) + ")",
        "*".join(f"(x + {i})" for i in range(1_000)),
    ],
)
def test_large_expressions(text):
    """Nothing blows up: neither recursion, nor size, nor time."""
    start = time.process_time()
    slope = derivative(parse(text), names_in(parse(text))[0])
    assert slope != ZERO
    assert len(plain(slope)) < 400 * len(text) + 10_000
    assert time.process_time() - start < 10


def test_a_sum_is_differentiated_in_linear_time():
    """All derivatives of a weighted sum of 8,000 inputs cost little more than 8 times those of 1,000."""

    def seconds(n):
        tree = parse(" + ".join(f"w{i}*x{i}" for i in range(n)))
        best = []
        for _ in range(3):
            start = time.process_time()
            assert len(partials(tree)) == 2 * n
            best.append(time.process_time() - start)
        return min(best)

    assert seconds(8_000) < 8 * seconds(1_000) * 4
