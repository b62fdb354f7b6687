"""SymPy expressions as trees: the way back, functions that are found again, and everything that is refused."""

from __future__ import annotations

import re
from contextlib import suppress

import pytest
import sympy
from flint import fmpq
from hypothesis import given, settings

from derive.arithmetic.numbers import plain as plain_ball
from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.expressions.evaluate import evaluate
from derive.expressions.from_sympy import MAX_PARTS, from_sympy
from derive.expressions.gates import split
from derive.expressions.grammar import parse
from derive.expressions.pieces_of_sympy import Unsupported
from derive.expressions.print_text import ascii as plain
from derive.expressions.sympy_bridge import as_written, to_sympy
from derive.expressions.tree import Expr, names_in, substitute
from tests.support.expressions.trees import PIECEWISE, points, tame_trees

x, y, z = sympy.symbols("x y z")
EVERY = ("exp", "ln", "sqrt", "tanh", "sigmoid", "gelu", "silu", "softplus", *PIECEWISE)


@settings(max_examples=60, deadline=None)
@given(tame_trees(EVERY), points)
def test_there_and_back(tree: Expr, values: dict[str, fmpq]) -> None:
    """What was written out as it is has the same value when it is back."""
    try:
        ours = evaluate(tree, values)
    except (OutsideDomain, Undecided):
        return
    back = parse(plain(from_sympy(as_written(tree))))
    assert set(names_in(back)) == set(names_in(tree))
    assert plain_ball(evaluate(back, values)).overlaps(plain_ball(ours))


@pytest.mark.parametrize(
    "text",
    [
        "w*x + b", "b + w*x", "a - (b - c)", "x*y*z", "1/(1 + exp(-z))", "(a + b)/(c*d)", "a/b*c", "sqrt(x)/ln(y)",
        "max(x, y)", "abs(x) - sign(y)*step(z)", "relu(x - 3)", "leaky_relu(x, 1/3)", "elu(x)", "elu(x, 2)",
        "gelu(x + y)", "x^y", "x^-2*3", "-x^2", "-(a + b)", "2*(x + 1)", "x + 1/3", "pi*x",
    ],
)  # fmt: skip
def test_the_order_comes_back(text: str) -> None:
    """Of what was not evaluated, text and tree are the author's; only powers below are quotients."""
    shown = plain(from_sympy(as_written(parse(text))))
    assert shown == {"x^-2*3": "3/x^2"}.get(text, text)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        (x * y + z, "x*y + z"),
        (z - x, "z - x"),
        ((y - x) ** 2 / 2, "(y - x)^2/2"),
        (-x / 3, "-x/3"),
        (2 * x / (3 * y), "2*x/(3*y)"),
        (sympy.Rational(2, 3) * x, "2*x/3"),
        (1 / (1 + sympy.exp(-x)), "1/(1 + exp(-x))"),
        (sympy.sqrt(x) ** -1, "1/sqrt(x)"),
        (x ** sympy.Rational(1, 3), "x^(1/3)"),
        (sympy.log(x, 2), "ln(x)/ln(2)"),
        (sympy.log(x, 2, evaluate=False), "ln(x)/ln(2)"),
        (sympy.E**x * sympy.E, "exp(1)*exp(x)"),
        (sympy.Float("0.10") * x, "0.1*x"),
        (sympy.Float(0.1), "0.1"),
        (sympy.Float("1e-30"), "1e-30"),
        (sympy.Float("-2.50"), "-2.5"),
        (sympy.Float(1) / 3, "0.333333333333333"),
        (sympy.Max(x, y, 0), None),
        (sympy.Heaviside(x, 1), "step(x)"),
        (sympy.Piecewise((x, x > 0), (0, True)), "relu(x)"),
        (sympy.Piecewise((0, x <= 0), (x, True)), "relu(x)"),
        (sympy.Piecewise((x - 3, x > 3), (0, True)), "relu(x - 3)"),
        (sympy.Piecewise((x, x >= 0), (x / 100, True)), "leaky_relu(x, 1/100)"),
        (sympy.Piecewise((x, x > 0), (2 * sympy.exp(x) - 2, True)), "elu(x, 2)"),
        (sympy.Piecewise((sympy.exp(x) - 1, x < 0), (x, True)), "elu(x)"),
        (sympy.Piecewise((-x, x < 0), (x, True)), "abs(x)"),
        (sympy.Piecewise((-1, x < 0), (0, sympy.Eq(x, 0)), (1, True)), "sign(x)"),
        (sympy.Piecewise((0, x < 0), (1, True)), "step(x)"),
    ],
)
def test_what_sympy_evaluated_stands_as_it_prints(expression: sympy.Expr, text: str | None) -> None:
    tree = from_sympy(expression)
    if text is not None:
        assert plain(tree) == text
    here = {symbol: sympy.Rational(k, 7) for k, symbol in enumerate(sorted(expression.free_symbols, key=str), 3)}
    ours = to_sympy(parse(plain(tree)))
    there = {symbol: here[sympy.Symbol(str(symbol))] for symbol in ours.free_symbols}
    assert abs(ours.evalf(20, subs=there) - expression.evalf(20, subs=here)) < sympy.Rational(1, 10**12)


def test_what_is_kept_unevaluated_is_itself() -> None:
    assert plain(from_sympy(x * sympy.UnevaluatedExpr(x + y))) == "x*(x + y)"


@pytest.mark.parametrize(
    ("expression", "words", "mend"),
    [
        (sympy.gamma(x), "'gamma'", "known functions: Abs"),
        (sympy.erf(x), "erf", "gelu"),
        (sympy.erfc(x), "erfc", "gelu"),
        (sympy.Integral(x, x), "Integral", "doit"),
        (sympy.Sum(x, (y, 1, 3)), "Sum", "doit"),
        (sympy.Derivative(x**2, x), "Derivative", "doit"),
        (sympy.Function("h")(x), "without a formula", "Symbol"),
        (sympy.I * x, "no real number", "real numbers"),
        (x + sympy.oo, "no real number", "real numbers"),
        (sympy.nan, "no real number", "real numbers"),
        (sympy.zoo, "no real number", "real numbers"),
        (sympy.Heaviside(x), "not 1 at 0", r"Heaviside\(z, 1\)"),
        (sympy.sec(x), "sec", "1/cos"),
        (sympy.Matrix([x]), "Matrix", "Symbol"),
        (x > 1, "StrictGreaterThan", "known functions"),
        (sympy.true, "BooleanTrue", "known functions"),
        (sympy.Piecewise((x, x > 1), (0, True)), "no function of ours", "relu"),
        (sympy.Piecewise((x, (x > 0) & (y > 0)), (0, True)), "no function of ours", "relu"),
        (sympy.Piecewise((x, x > 0), (1, True)), "no function of ours", "relu"),
        (sympy.Piecewise((1, x > 0), (0, True)), "no function of ours", "step"),  # 0 at 0, where step is 1
        (sympy.Piecewise((x, x > 0)), "no function of ours", "relu"),
        (sympy.Symbol("a b") + 1, "not a name", "letter"),
        (sympy.Symbol("__import__('os')"), "not a name", "letter"),
        (sympy.Dummy("q") + 1, "Dummy", "letter"),
        (x + sympy.Symbol("x", positive=True), "two different symbols", "one symbol"),
        (sympy.Integer(10) ** 3000, "1,000 digits", "shorter"),
        (sympy.Rational(1, 10**3000), "1,000 digits", "shorter"),
        (sympy.Float("1e20000"), "Float", "Rational"),
        (sympy.Float("0." + "3" * 2000, 2000), "Float", "Rational"),
        ("x + 1", "'str'", "Symbol"),
        (lambda: 1, "'function'", "Symbol"),
        (None, "'NoneType'", "Symbol"),
    ],
    ids=lambda value: None if isinstance(value, str) else "_",
)
def test_what_has_no_place_is_refused(expression: object, words: str, mend: str) -> None:
    with pytest.raises(Unsupported, match=words) as refused:
        from_sympy(expression)
    assert re.search(mend, refused.value.hint)


def doubled(expression: sympy.Expr) -> sympy.Expr:
    """A small object that stands for a tree of 2^60 parts."""
    for _ in range(60):
        expression = sympy.Mul(expression, expression, evaluate=False)
    return expression


def nested(expression: sympy.Expr) -> sympy.Expr:
    for _ in range(5000):
        expression = sympy.Pow(expression, 2, evaluate=False)
    return expression


@pytest.mark.parametrize("make", [doubled, nested, lambda _: sympy.Add(*sympy.symbols(f"n:{MAX_PARTS}"))])
def test_hostile_objects_end_at_once(make: object) -> None:
    assert callable(make)
    with pytest.raises(Unsupported, match="the expression"):
        from_sympy(make(x))


# One expression as nodes


@pytest.mark.parametrize(
    ("text", "nodes"),
    [
        ("x*y + z", ["u1 = x*y", "E = u1 + z"]),
        ("x + y", ["E = x + y"]),
        ("x", ["E = x"]),
        ("w1*x1 + w2*x2 + b", ["E = w1*x1 + w2*x2 + b"]),
        ("ln(w1*x1 + w2*x2 - b)", ["u1 = w1*x1 + w2*x2 - b", "E = ln(u1)"]),
        ("3*(x + y)^2", ["u1 = x + y", "E = 3*u1^2"]),
        ("-exp(-x)/2", ["E = -exp(-x)/2"]),
        ("(x - y)^2/2", ["u1 = x - y", "E = u1^2/2"]),
        ("sin(x*y)*cos(x*y)", ["u1 = x*y", "u2 = sin(u1)", "u3 = cos(u1)", "E = u2*u3"]),
        ("u1*u3*exp(u1*u3)", ["u2 = u1*u3", "u4 = exp(u2)", "E = u1*u3*u4"]),
        ("x^2 + sqrt(2)*y", ["u1 = x^2", "u2 = sqrt(2)*y", "E = u1 + u2"]),
    ],
)
def test_an_expression_is_split_into_steps(text: str, nodes: list[str]) -> None:
    found = split(parse(text), "E")
    assert [f"{name} = {plain(node)}" for name, node in found.items()] == nodes
    for name, node in found.items():
        assert set(names_in(node)) <= {*names_in(parse(text)), *list(found)[: list(found).index(name)]}


@settings(max_examples=60, deadline=None)
@given(tame_trees(EVERY), points)
def test_split_is_the_same_expression(tree: Expr, values: dict[str, fmpq]) -> None:
    nodes = split(tree, "E")
    known: dict[str, Expr] = {}
    for name, node in nodes.items():
        known[name] = substitute(node, known)
    with suppress(OutsideDomain, Undecided):
        ours = evaluate(tree, values)
        assert plain_ball(evaluate(known["E"], values)).overlaps(plain_ball(ours))


KINKED = {
    "relu(x)": (0,), "leaky_relu(x, 1/5)": (0,), "elu(x, 3/2)": (0,), "abs(x)": (0,), "sign(x)": (0,), "step(x)": (0,),
    "relu6(x)": (0, 6), "hard_sigmoid(x)": (-3, 3), "hard_tanh(x)": (-1, 1), "hard_swish(x)": (-3, 3),
    "clip(x, -1/2, 1/3)": (sympy.Rational(-1, 2), sympy.Rational(1, 3)), "hard_swish(2*x - y)": (),
    "clip(x*y, 0, 2)": (), "relu6(x + 1)": (-1, 5),
}  # fmt: skip


SOLVED = ("hard_swish(2*x - y)", "clip(x*y, 0, 2)", "relu6(x + 1)")
"""Of these SymPy solves what is compared for x, where it evaluates."""


@pytest.mark.parametrize(
    ("text", "evaluated"),
    [*((text, False) for text in KINKED), *((text, True) for text in KINKED if text not in SOLVED)],
)
def test_functions_with_kinks_come_back(text: str, evaluated: bool) -> None:
    """As Network.sympy() gives them, and as SymPy makes of that (conditions joined by Or, numbers put first)."""
    written = as_written(parse(text))
    found = from_sympy(sympy.piecewise_fold(written.doit()) if evaluated else written)
    assert plain(found).partition("(")[0] == text.partition("(")[0]
    for number in (-4, -3, -1, sympy.Rational(-1, 4), 0, sympy.Rational(1, 3), 1, 3, 5, 6, 7, *KINKED[text]):
        values = {"x": fmpq(int(sympy.Rational(number).p), int(sympy.Rational(number).q)), "y": fmpq(1, 2)}
        ours = plain_ball(evaluate(parse(text), values))
        assert ours.overlaps(plain_ball(evaluate(found, values))), number


@pytest.mark.parametrize(
    "expression",
    [
        sympy.Piecewise((0, x < -3), (x / 6 + sympy.Rational(1, 3), x < 3), (1, True)),
        sympy.Piecewise((0, x < 0), (x**2, x < 1), (1, True)),
        sympy.Piecewise((-1, x < -1), (x, x < 1), (2, True)),
        sympy.Piecewise((0, x < 0), (x, y < 6), (6, True)),
        sympy.Piecewise((0, x < 0), (x, x < 3), (3, x < 5), (6, True)),
        sympy.Piecewise((0, x < 0), (x**100, x < 6), (6, True)),
        sympy.Piecewise((0, x < 0), (sympy.sin(x), x < 6), (6, True)),
        sympy.Piecewise((0, x < 0), (x, x < 6), (5, sympy.Eq(x, 6)), (6, True)),
        sympy.Piecewise((0, x < 0), (x, x < 6)),
    ],
)
def test_other_branches_by_two_numbers_are_refused(expression: sympy.Expr) -> None:
    with pytest.raises(Unsupported, match="no function of ours"):
        from_sympy(expression)


def test_a_piecewise_may_be_written_by_hand() -> None:
    six = sympy.Integer(6)
    assert plain(from_sympy(sympy.Piecewise((0, x <= 0), (x, six > x), (six, True)))) == "relu6(x)"
    assert plain(from_sympy(sympy.Piecewise((6, x >= 6), (x, x > 0), (0, True)))) == "relu6(x)"
    assert plain(from_sympy(sympy.Min(sympy.Max(x, 0), 6))) == "min(6, max(0, x))"
    assert plain(from_sympy(sympy.Piecewise((1, x < 1), (x, x < 3), (3, True)))) == "clip(x, 1, 3)"
