"""Functions with kinks inside one another: from SymPy as we write them, and as SymPy folds them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import sympy
from flint import fmpq
from hypothesis import given, settings
from hypothesis import strategies as st

import derive
from derive.arithmetic.numbers import plain as plain_ball
from derive.expressions.evaluate import evaluate
from derive.expressions.from_sympy import from_sympy
from derive.expressions.grammar import parse
from derive.expressions.pieces_of_sympy import Unsupported
from derive.expressions.print_text import ascii as plain
from derive.expressions.sympy_bridge import as_written
from derive.expressions.tree import Call, Expr, Name, Product, Sum
from tests.support.expressions.trees import number, points

x, y, w, b = sympy.symbols("x y w b")
KINKED = ("relu", "leaky_relu", "elu", "abs", "sign", "step", "relu6", "hard_tanh", "hard_sigmoid", "hard_swish")


def grown(parts: st.SearchStrategy[Expr]) -> st.SearchStrategy[Expr]:
    weighted = st.builds(lambda part: Sum((Product((Name("w"), part)), Name("y"))), parts)
    inside = st.one_of(parts, weighted, st.builds(lambda one, other: Sum((one, other)), parts, parts))
    return st.one_of(
        st.builds(lambda name, part: Call(name, (part,)), st.sampled_from(KINKED), inside),
        st.builds(lambda part: Call("clip", (part, number("0.5"), number("2"))), inside),
        st.builds(lambda name, one, other: Call(name, (one, other)), st.sampled_from(("max", "min")), inside, parts),
    )


trees = st.recursive(st.sampled_from("xz").map(Name), grown, max_leaves=4)


@settings(max_examples=80, deadline=None)
@given(trees, points)
def test_what_is_written_out_comes_back(tree: Expr, values: dict[str, fmpq]) -> None:
    found = from_sympy(as_written(tree))
    for at in (values, dict.fromkeys(values, fmpq(0)), dict.fromkeys(values, fmpq(1))):  # also on kinks
        assert plain_ball(evaluate(found, at)).overlaps(plain_ball(evaluate(tree, at)))


def test_the_conventions_at_kinks_come_back() -> None:
    """Not only the values: what comes back is the function, so that its slope on the kink is the same."""
    for text in ("relu(relu(x))", "relu(x + relu(y))", "step(relu(x))", "relu(hard_tanh(relu(x) - 1))", "abs(sign(x))"):
        assert plain(from_sympy(as_written(parse(text)))) == text


def relu(z: Any) -> Any:
    return sympy.Piecewise((z, z > 0), (0, True))


def relu_the_other_way(z: Any) -> Any:
    return sympy.Piecewise((0, z <= 0), (z, True))


def leaky(z: Any) -> Any:
    return sympy.Piecewise((z, z >= 0), (z / 100, True))


def elu(z: Any) -> Any:
    return sympy.Piecewise((z, z > 0), (sympy.exp(z) - 1, True))


def unit(z: Any) -> Any:
    return sympy.Piecewise((0, z < 0), (z, z < 1), (1, True))


def distance(z: Any) -> Any:
    return sympy.Piecewise((-z, z < 0), (z, True))


def hard_swish(z: Any) -> Any:
    return sympy.Piecewise((0, z <= -3), (z, z >= 3), (z * (z + 3) / 6, True))


FOLDED: dict[str, Callable[[], Any]] = {
    "relu(relu(x))": lambda: relu(relu(x)),
    "relu(b + w*relu(x))": lambda: relu_the_other_way(w * relu(x) + b),
    "relu(y*relu(b + w*relu(x)))": lambda: relu(y * relu(w * relu(x) + b)),
    "relu(relu(x) + relu(y))": lambda: relu(relu(x) + relu(y)),
    "relu(b*relu(x - y) + w*relu(x + y) + 1)": lambda: relu(w * relu(x + y) + b * relu(x - y) + 1),
    "relu(relu(x) - 2)": lambda: relu(relu(x) - 2),
    "relu(-relu(x))": lambda: relu(-relu(x)),
    "relu(w*leaky_relu(x, 1/100) + 1)": lambda: relu(w * leaky(x) + 1),
    "leaky_relu(b + w*leaky_relu(x, 1/100), 1/100)": lambda: leaky(w * leaky(x) + b),
    "elu(b + w*elu(x))": lambda: elu(w * elu(x) + b),
    "clip(b + w*clip(x, 0, 1), 0, 1)": lambda: unit(w * unit(x) + b),
    "clip(relu(x) - 2, 0, 1)": lambda: unit(relu(x) - 2),
    "hard_swish(b + w*relu(x))": lambda: hard_swish(w * relu(x) + b),
    "abs(-b - w*abs(x))": lambda: distance(w * distance(x) + b),  # the same, by the first branch that stands there
    "relu(abs(x))": lambda: relu(abs(x)),
    "relu(max(0, x))": lambda: relu(sympy.Max(x, 0)),
    "leaky_relu(b + w*x, 1/100)": lambda: leaky(w * x + b),  # nothing nested, but SymPy multiplies it out
}


@pytest.mark.parametrize("text", FOLDED)
def test_what_sympy_folded_comes_back(text: str) -> None:
    expression = FOLDED[text]()
    found = from_sympy(expression)
    assert plain(found) == text
    for at in ((-3, 2, 5, 1), (2, -1, -2, 3), (0, 0, 1, 0), (1, 4, 1, -1), (6, 1, 2, -20)):
        values = dict(zip("xywb", at, strict=True))
        theirs = expression.subs({sympy.Symbol(name): value for name, value in values.items()}).evalf(30)
        ours = plain_ball(evaluate(found, {name: fmpq(value) for name, value in values.items()}))
        assert abs(float(ours) - float(theirs)) < 1e-12


def test_numbers_and_absolute_values_that_sympy_has_no_branch_for() -> None:
    """Where the argument is never negative SymPy leaves the branch out."""
    real = sympy.Symbol("x", real=True)
    six = sympy.Piecewise((0, sympy.Eq(abs(real), 0)), (abs(real), abs(real) < 6), (6, True))
    assert plain(from_sympy(six)) == "relu6(abs(x))"
    assert plain(from_sympy(sympy.Piecewise((0, sympy.Eq(abs(real), 0)), (abs(real), abs(real) > 0)))) == "relu(abs(x))"


REFUSED: dict[str, Callable[[], Any]] = {
    "a jump": lambda: sympy.Piecewise((relu(x) + 1, relu(x) > 0), (0, True)),
    "another part is compared": lambda: sympy.Piecewise((x, relu(x) > 0), (y, True)),
    "another bound": lambda: sympy.Piecewise((relu(x), relu(x) > 1), (0, True)),
    "another kink": lambda: sympy.Piecewise((w * relu(x), relu(x) + w > 0), (0, True)),
    "a steeper branch": lambda: sympy.Piecewise((2 * relu(x) + b, relu(x) + b > 0), (0, True)),
    "another constant": lambda: sympy.Piecewise((relu(x) + b, relu(x) + b > 0), ((relu(x) + b) / 100 + 1, True)),
    "its argument is gone": lambda: sympy.Piecewise((0, relu(x) + b < 0), (1, True)),
    "a missing branch that may be met": lambda: sympy.Piecewise((0, sympy.Eq(x, 0)), (x, x > 0)),
}


@pytest.mark.parametrize("what", REFUSED)
def test_what_is_another_function_is_refused(what: str) -> None:
    with pytest.raises(Unsupported, match="no function of ours"):
        from_sympy(REFUSED[what]())


def test_a_network_of_two_layers_written_in_sympy() -> None:
    """Against differences of SymPy's own values."""
    loss = (relu(w * relu(x * y) + b) - 1) ** 2 / 2
    at = {x: sympy.Rational(3, 2), y: 2, w: sympy.Rational(1, 2), b: sympy.Rational(1, 4)}
    result = derive.derive(derive.from_sympy(loss, at))
    step = sympy.Rational(1, 10**6)
    for symbol, value in at.items():
        there, back = (loss.subs({**at, symbol: value + h}) for h in (step, -step))
        exact = result.gradient(str(symbol)).exact
        assert abs((there - back) / (2 * step) - sympy.Rational(str(exact))) < sympy.Rational(1, 10**5)
