"""The formulas of activations and losses as a document states them, before any number is put in."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derive.arithmetic.numbers import ZERO, decided_sign
from derive.expressions.evaluate import evaluate, smooth_at_zero
from derive.expressions.functions import FUNCTIONS, Function
from derive.expressions.letters import euler
from derive.expressions.print_tex import pieces, tex
from derive.expressions.tree import ZERO as TREE_ZERO
from derive.expressions.tree import (
    Call,
    Expr,
    Name,
    Number,
    Quotient,
    exp,
    names_in,
    substitute,
)
from derive.lesson.blocks import Row
from derive.lesson.desk import BLANK, Desk, Word, forms_of
from derive.lesson.figures import Figures, Quantity
from derive.lesson.tidying import settled, tidied
from derive.model import ActivationSpec
from derive.network import Network
from derive.network.graph import Node
from derive.network.operations import OutputLoss
from derive.ops import ACTIVATIONS, Branch
from derive.words.runs import Tex

_CONDITIONS = {
    frozenset({-1}): "{} < 0",
    frozenset({0}): "{} = 0",
    frozenset({1}): "{} > 0",
    frozenset({-1, 0}): r"{} \le 0",
    frozenset({0, 1}): r"{} \ge 0",
}


Symbol = Callable[[str], str]
"""What a name in a formula looks like: :meth:`Desk.plain` where it holds for every unit."""
IF = "formulas.if"
"""The word before the condition of a branch."""


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


def definition(activation: ActivationSpec, symbol: Symbol, word: Word) -> Row | None:
    """The formula of an activation; None for the identity, and for a function everybody knows (tanh)."""
    if activation.expression is not None:
        left = Tex(rf"\operatorname{{{_upright(activation.name)}}}({symbol('z')})")
        return Row(left, Tex("="), Tex(tex(activation.expression, symbol)))
    if ACTIVATIONS[activation.name].whole_layer:
        a, z = symbol("a"), symbol("z")
        return Row(Tex(f"{a}_j"), Tex("="), Tex(rf"\frac{{{euler(f'{z}_j')}}}{{\sum_{{k}} {euler(f'{z}_k')}}}"))
    call = call_of(activation)
    return definition_of(call, symbol, word) if isinstance(call, Call) else None


def definition_of(call: Call, symbol: Symbol, word: Word) -> Row | None:
    """The formula of a function at z, or its branches; None for a primitive."""
    if call.function.endswith("'"):
        return None
    if FUNCTIONS[call.function].pieces:
        return Row(Tex(tex(call, symbol)), Tex("="), cases(call, symbol, word))
    formula = _known(forms_of(call)[-1])
    return Row(Tex(tex(call, symbol)), Tex("="), Tex(tex(formula, symbol))) if formula != call else None


def _known(call: Expr) -> Expr:
    """tanh by exponentials; other primitives as they are."""
    z = Name("z")
    return Quotient(exp(z) - exp(-z), exp(z) + exp(-z)) if isinstance(call, Call) and call.function == "tanh" else call


def _upright(name: str) -> str:
    return "".join(c if c.isalnum() else r"\_" if c == "_" else " " for c in name)


def cases(call: Call, symbol: Symbol, word: Word, at_zero: Expr = TREE_ZERO) -> Tex:
    """A function with branches at z (or its slope, ``at_zero`` the convention at a kink), branch by branch."""
    function = FUNCTIONS[call.function.removesuffix("'")]
    slopes = call.function.endswith("'")
    arguments = (*call.arguments[1:], *map(Number, list(function.defaults.values())[len(call.arguments) - 1 :]))
    parameters = {**dict(zip(function.formals[1:], arguments, strict=True)), "relu_at_zero": at_zero}
    pieces = {
        piece.side: settled(substitute(piece.derivative if slopes else piece.formula, parameters))
        for piece in function.pieces
    }
    joined = _joined(pieces, slopes=slopes and not meets_smoothly(call))
    condition = _if(word)
    parts = [rf"{tex(piece, symbol)} & {condition} {_CONDITIONS[sides].format(symbol('z'))}" for sides, piece in joined]
    return Tex(r"\begin{cases} " + r" \\ ".join(reversed(parts)) + r" \end{cases}")


def _if(word: Word) -> str:
    """What stands between a branch and its condition."""
    return rf"\text{{{word(IF)} }}"


def _joined(pieces: dict[int, Expr], *, slopes: bool) -> list[tuple[frozenset[int], Expr]]:
    """The branches from the left; the point 0 joins one that has its value there, but for the slope at a kink."""
    alone = [(frozenset({side}), piece) for side, piece in pieces.items()]
    if slopes:
        return alone
    there = {side: settled(substitute(pieces[side], {"z": TREE_ZERO})) for side in (1, -1)}
    candidates = [side for side in (-1, 1) if pieces[0] == pieces[side]] + [s for s in there if pieces[0] == there[s]]
    if candidates:
        return [(frozenset({0, s}) if s == candidates[0] else frozenset({s}), p) for s, p in pieces.items() if s]
    return alone


def meets_smoothly(call: Call) -> bool:
    """Whether the branches of a function meet at 0 without a jump or kink: ELU with α = 1."""
    function = FUNCTIONS[call.function.removesuffix("'")]
    if any(map(names_in, call.arguments[1:])):
        return False
    parameters = [evaluate(argument, {}) for argument in call.arguments[1:]]
    parameters += list(function.defaults.values())[len(parameters) :]
    return smooth_at_zero(function, parameters)


def slope_at_zero(desk: Desk, activation: ActivationSpec) -> Tex | None:
    """The slope that the convention gives an activation at its kink; None where it has none."""
    function = function_of(activation)
    if function is None or not function.pieces or meets_smoothly(call_of_slope(activation)):
        return None
    slope = evaluate(call_of_slope(activation), {"z": ZERO}, desk.network.relu_at_zero)
    return Tex(desk.figures.policy.shown(slope).tex)


def call_of_slope(activation: ActivationSpec) -> Call:
    """The derivative of the activation at ``z``, unexpanded."""
    function = function_of(activation)
    assert function is not None
    return Call(function.name + "'", (Name("z"), *arguments_of(activation)))


_RELATIONS = {"<=": r"\le", ">=": r"\ge"}


def in_cases(desk: Desk, parts: Sequence[tuple[str, Branch]]) -> Tex:
    """Formulas, each where its branch of a loss applies."""
    rows = []
    condition = _if(desk.word)
    for formula, branch in parts:
        relation = _RELATIONS.get(branch.relation, branch.relation)
        rows.append(rf"{formula} & {condition} {desk.tex(branch.left)} {relation} {desk.tex(branch.right)}")
    return Tex(r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}")


def loss_rows(desk: Desk) -> list[Row]:
    """The loss in the outputs and targets of the network, as a book states it; branches in a row for each output."""
    node = desk.network.graph.by_name[desk.network.output]
    if not in_branches(node):
        return desk.lines(Tex("="), pieces(node.formula, desk.symbol), 3.0)
    parts = [
        in_cases(desk, [(desk.tex(tidied(branch.term)), branch) for branch in branches])
        for branches in branches_of(desk, node)
    ]
    if len(parts) > MOST_CASES:
        parts[2:-1] = [Tex(r"\cdots")]
    following = (Row(BLANK, BLANK, Tex(rf"\quad {{}} + {part}")) for part in parts[1:])
    return [Row(BLANK, Tex("="), parts[0]), *following]


MOST_CASES = 4
"""Of a loss of more outputs, the branches of the first two and of the last one are written."""


def in_branches(node: Node) -> bool:
    """Whether a loss is stated branch by branch, though it is worked by one formula."""
    return node.operation.kind == "huber"


def branches_of(desk: Desk, node: Node) -> list[tuple[Branch, ...]]:
    """The branches of each output's contribution to the loss."""
    assert isinstance(node.operation, OutputLoss)
    pairs = zip(desk.network.outputs, desk.network.targets, strict=True)
    return [node.operation.branches(output, target) for output, target in pairs]


def branch_taken(figures: Figures, branches: Sequence[Branch]) -> int:
    """Which branch of a loss the first sample takes."""
    for i, branch in enumerate(branches[:-1]):
        difference = branch.left - branch.right
        values = {name: figures.number(Quantity("value", name)) for name in names_in(difference)}
        if decided_sign(evaluate(difference, values)) <= 0:
            return i
    return len(branches) - 1
