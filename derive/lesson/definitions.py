"""The formulas of activations and losses as a document states them, before any number is put in."""

from __future__ import annotations

from collections.abc import Sequence

from derive.expressions.evaluate import evaluate
from derive.expressions.fold import fold
from derive.expressions.tex import tex
from derive.expressions.tree import ZERO as TREE_ZERO
from derive.expressions.tree import (
    Call,
    Expr,
    Name,
    Number,
    Product,
    Quotient,
    Sum,
    exp,
    plus,
    rebuild,
    substitute,
    times,
)
from derive.lesson.blocks import Row, Tex
from derive.lesson.desk import Desk, forms_of
from derive.network import Network
from derive.numbers import ZERO
from derive.ops import ACTIVATIONS, Branch, Function, Piece
from derive.spec.model import ActivationSpec

_CONDITIONS = {
    frozenset({-1}): "{} < 0",
    frozenset({0}): "{} = 0",
    frozenset({1}): "{} > 0",
    frozenset({-1, 0}): r"{} \le 0",
    frozenset({0, 1}): r"{} \ge 0",
}


def plain_symbol(name: str) -> str:
    """The symbols of formulas that hold for every unit: z, a, t and ŷ."""
    return {"yhat": r"\hat{y}", "delta": r"\delta", "alpha": r"\alpha", "slope": r"\alpha"}.get(name, name)


def activations(network: Network) -> tuple[ActivationSpec, ...]:
    """The activations of a layered network, each once, in the order of the layers."""
    return tuple(dict.fromkeys(layer.spec.activation for layer in network.layers))


def function_of(activation: ActivationSpec) -> Function | None:
    """The function of the table behind an activation, if there is one."""
    return None if activation.expression is not None else ACTIVATIONS[activation.name].function


def arguments_of(activation: ActivationSpec) -> tuple[Expr, ...]:
    """The parameters of an activation as arguments after ``z``."""
    given = dict(activation.parameters)
    return tuple(
        given[name].expression if name in given else Number(default)
        for name, default in ACTIVATIONS[activation.name].parameters.items()
    )


def call_of(activation: ActivationSpec, argument: str = "z") -> Expr:
    """The activation of ``z`` as an expression: σ(z), or the author's own."""
    if activation.expression is not None:
        return substitute(activation.expression, {"z": Name(argument)})
    function = function_of(activation)
    if function is None:
        return Name(argument)
    return Call(function.name, (Name(argument), *arguments_of(activation)))


def definition(activation: ActivationSpec) -> Row | None:
    """The formula of an activation; None for the identity, and for a function everybody knows (tanh)."""
    if activation.expression is not None:
        left = Tex(rf"\operatorname{{{_upright(activation.name)}}}(z)")
        return Row(left, Tex("="), Tex(tex(activation.expression, plain_symbol)))
    if ACTIVATIONS[activation.name].whole_layer:
        return Row(Tex("a_j"), Tex("="), Tex(r"\frac{e^{z_j}}{\sum_{k} e^{z_k}}"))
    function = function_of(activation)
    if function is None:
        return None
    call = call_of(activation)
    if function.pieces:
        return Row(Tex(tex(call, plain_symbol)), Tex("="), cases(function, arguments_of(activation)))
    forms = forms_of(call)
    if len(forms) == 1:
        return Row(Tex(tex(call, plain_symbol)), Tex("="), Tex(tex(_known(call), plain_symbol)))
    return Row(Tex(tex(call, plain_symbol)), Tex("="), Tex(tex(forms[-1], plain_symbol)))


def _known(call: Expr) -> Expr:
    """tanh by exponentials; other primitives as they are."""
    z = Name("z")
    return Quotient(exp(z) - exp(-z), exp(z) + exp(-z)) if isinstance(call, Call) and call.function == "tanh" else call


def _upright(name: str) -> str:
    return "".join(c if c.isalnum() else r"\_" if c == "_" else " " for c in name)


def cases(
    function: Function, arguments: tuple[Expr, ...] = (), *, slopes: bool = False, at_zero: Expr = TREE_ZERO
) -> Tex:
    """A function with kinks (or its slopes, ``at_zero`` the convention at the kink), branch by branch."""
    parameters = {**dict(zip(function.formals[1:], arguments, strict=True)), "relu_at_zero": at_zero}
    parts = []
    for sides, piece in _merged(function, slopes):
        formula = piece.derivative if slopes else piece.formula
        shown = tex(substitute(formula, parameters), plain_symbol)
        parts.append(rf"{shown} & \text{{if }} {_CONDITIONS[sides].format('z')}")
    return Tex(r"\begin{cases} " + r" \\ ".join(reversed(parts)) + r" \end{cases}")


def _merged(function: Function, slopes: bool) -> list[tuple[frozenset[int], Piece]]:
    """The branches; the point 0 joins the branch with the same formula, or (values only) a continuous one."""
    left, middle, right = function.pieces
    if slopes:
        return [(frozenset({p.side}), p) for p in function.pieces]
    for side in (left, right):
        if middle.formula == side.formula:
            both = [(frozenset({0, side.side}), side)]
            return [*both, (frozenset({1}), right)] if side is left else [(frozenset({-1}), left), *both]
    values = {name: function.defaults.get(name, ZERO) for name in function.formals}
    if evaluate(right.formula, {**values, "z": ZERO}) == evaluate(middle.formula, values):
        return [(frozenset({-1}), left), (frozenset({0, 1}), right)]
    return [(frozenset({p.side}), p) for p in function.pieces]


def tidied(expr: Expr) -> Expr:
    """Factors 1 and terms 0 left out, once parameters are put in; numbers stay as they are written."""

    def tidy(here: Expr, parts: tuple[Expr, ...]) -> Expr:
        match here:
            case Product(leading_zero=False):
                return times(*parts)
            case Sum():
                return plus(*parts)
            case _:
                return rebuild(here, parts) if parts else here

    return fold(expr, tidy)


def slope_at_zero(desk: Desk, activation: ActivationSpec) -> Tex | None:
    """The slope that the convention gives an activation at its kink; None where it has none."""
    function = function_of(activation)
    if function is None or not function.pieces:
        return None
    slope = evaluate(call_of_slope(activation), {"z": ZERO}, desk.network.relu_at_zero)
    return Tex(desk.figures.policy.shown(slope).tex)


def call_of_slope(activation: ActivationSpec) -> Expr:
    """The derivative of the activation at ``z``, unexpanded."""
    function = function_of(activation)
    assert function is not None
    return Call(function.name + "'", (Name("z"), *arguments_of(activation)))


_RELATIONS = {"<=": r"\le", ">=": r"\ge"}


def in_cases(desk: Desk, parts: Sequence[tuple[str, Branch]]) -> Tex:
    """Formulas, each where its branch of a loss applies."""
    rows = []
    for formula, branch in parts:
        relation = _RELATIONS.get(branch.relation, branch.relation)
        rows.append(rf"{formula} & \text{{if }} {desk.tex(branch.left)} {relation} {desk.tex(branch.right)}")
    return Tex(r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}")


def loss_formula(desk: Desk) -> Expr:
    """The loss in the outputs and targets of the network."""
    return desk.network.graph.by_name[desk.network.output].formula
