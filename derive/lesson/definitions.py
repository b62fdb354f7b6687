"""The formulas of activations and losses as a document states them, before any number is put in."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from flint import fmpq

from derive.arithmetic.numbers import decided_sign
from derive.arithmetic.reals import Value
from derive.arithmetic.rounding import Policy
from derive.expressions.evaluate import evaluate, is_smooth
from derive.expressions.functions import FUNCTIONS, Function, arguments_of
from derive.expressions.letters import euler
from derive.expressions.print_tex import pieces, tex
from derive.expressions.reckon import fraction
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
from derive.lesson.figures import Figures
from derive.lesson.quantity import Quantity
from derive.lesson.tidying import has_decimal, settled, tidied
from derive.model import ActivationSpec
from derive.network import Network
from derive.network.graph import Node
from derive.network.output_loss import OutputLoss
from derive.ops import ACTIVATIONS, Branch
from derive.words.runs import Tex

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


def parameters_of(activation: ActivationSpec) -> tuple[Expr, ...]:
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
    return Call(function.name, (Name(argument), *parameters_of(activation)))


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
    names = {**arguments_of(call), "relu_at_zero": at_zero, function.formals[0]: Name("z")}
    places = [settled(substitute(piece.derivative if slopes else piece.formula, names)) for piece in function.places]
    ats = [settled(substitute(kink.at, names)) for kink in function.kinks]
    alone = bool(kinks_of(call)) and slopes and len(ats) == 1
    condition, parts = _if(word), []
    for first, last in _joined(places, ats, alone=alone):
        piece = places[first if first == last else first + first % 2]
        parts.append(rf"{tex(piece, symbol)} & {condition} {_condition(first, last, ats, symbol)}")
    return Tex(r"\begin{cases} " + r" \\ ".join(reversed(parts)) + r" \end{cases}")


def _if(word: Word) -> str:
    """What stands between a branch and its condition."""
    return rf"\text{{{word(IF)} }}"


def _joined(places: Sequence[Expr], ats: Sequence[Expr], *, alone: bool) -> list[tuple[int, int]]:
    """The first and last place of each branch: a kink joins a neighbour that has its value there.

    ``alone``: the one kink has a line of its own, as its slope is a convention.
    """
    found = [(place, place) for place in range(0, len(places), 2)]
    for k, at in enumerate(ats):
        there, sides = 2 * k + 1, (2 * k, 2 * k + 2)
        equal = [side for side in sides if places[side] == places[there]]
        equal += [side for side in reversed(sides) if settled(substitute(places[side], {"z": at})) == places[there]]
        if alone or not equal:
            found.append((there, there))
        elif equal[0] < there:
            found[k] = (found[k][0], there)
        else:
            found[k + 1] = (there, found[k + 1][1])
    return sorted(found)


def _condition(first: int, last: int, ats: Sequence[Expr], symbol: Symbol) -> str:
    """Where the places from ``first`` to ``last`` are, as -3 < z < 3; even places are branches, odd ones kinks."""
    z = symbol("z")
    if first == last and first % 2:
        return f"{z} = {tex(ats[first // 2], symbol)}"
    below, at_least = (r"\le", r"\ge") if first % 2 else ("<", ">")
    low = tex(ats[(first - 1) // 2], symbol) if first else ""
    if last == 2 * len(ats):
        return f"{z} {at_least} {low}"
    high = tex(ats[last // 2], symbol)
    above = rf"{z} \le {high}" if last % 2 else f"{z} < {high}"
    return f"{low} {below} {above}" if low else above


def kinks_of(call: Call) -> tuple[int, ...]:
    """Which kinks of a function are kinks indeed, counted from 0: the branches of ELU with α = 1 meet smoothly."""
    function = FUNCTIONS[call.function.removesuffix("'")]
    given = list(arguments_of(call).values())[1:]
    every = range(len(function.kinks))
    if any(map(names_in, given)):
        return tuple(every)
    parameters = [evaluate(argument, {}) for argument in given]
    return tuple(k for k in every if not is_smooth(function, k, parameters))


class KinkSlopes(NamedTuple):
    """The kinks of an activation, and the slopes that the convention gives it there."""

    places: tuple[str | Tex, ...]
    slopes: tuple[Tex, ...]


def kink_slopes(desk: Desk, activation: ActivationSpec) -> KinkSlopes | None:
    """Where an activation has kinks, and by the convention which slopes; None where it has none."""
    function = function_of(activation)
    if function is None or not function.pieces:
        return None
    slope = call_of_slope(activation)
    kinks, places = kinks_of(slope), thresholds(slope, desk.symbol)
    ats = [evaluate(substitute(function.kinks[k].at, arguments_of(slope)), {}) for k in kinks]
    slopes = [slope_tex(evaluate(slope, {"z": at}, desk.network.relu_at_zero), desk.figures.policy) for at in ats]
    return KinkSlopes(tuple(places[k] for k in kinks), tuple(slopes)) if kinks else None


def thresholds(call: Call, symbol: Symbol) -> list[str | Tex]:
    """Where the kinks of a function are: 0 as a word, others as formulas."""
    function = FUNCTIONS[call.function.removesuffix("'")]
    ats = [tex(settled(substitute(kink.at, arguments_of(call))), symbol) for kink in function.kinks]
    return [at if at == "0" else Tex(at) for at in ats]


def slope_tex(slope: Value, policy: Policy) -> Tex:
    """A slope at a kink: as other numbers are printed, 1/6 as a fraction."""
    if type(slope) is fmpq and not has_decimal(slope) and slope.denominator < SHORT_FRACTION:
        return Tex(tex(fraction(slope), str))
    return Tex(policy.shown(slope).tex)


SHORT_FRACTION = 1000
"""A slope at a kink is written as a fraction of a smaller denominator than this."""


def call_of_slope(activation: ActivationSpec) -> Call:
    """The derivative of the activation at ``z``, unexpanded."""
    function = function_of(activation)
    assert function is not None
    return Call(function.name + "'", (Name("z"), *parameters_of(activation)))


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
    if len(parts) > MAX_CASES:
        parts[2:-1] = [Tex(r"\cdots")]
    following = (Row(BLANK, BLANK, Tex(rf"\quad {{}} + {part}")) for part in parts[1:])
    return [Row(BLANK, Tex("="), parts[0]), *following]


MAX_CASES = 4
"""Of a loss of more outputs, the branches of the first two and of the last one are written."""


def in_branches(node: Node) -> bool:
    """Whether a loss is stated branch by branch, though it is worked by one formula."""
    return node.operation.kind == "huber"


def branches_of(desk: Desk, node: Node) -> list[tuple[Branch, ...]]:
    """The branches of each output's contribution to the loss."""
    assert isinstance(node.operation, OutputLoss)
    pairs = zip(desk.network.outputs, desk.network.targets, strict=True)
    return [node.operation.branches(output, target) for output, target in pairs]


def branch_taken(figures: Figures, branches: Sequence[Branch], sample: int = 0) -> int:
    """Which branch of a loss a sample of the first batch takes."""
    for i, branch in enumerate(branches[:-1]):
        difference = branch.left - branch.right
        values = {name: figures.number(Quantity("value", name, 0, sample)) for name in names_in(difference)}
        if decided_sign(evaluate(difference, values)) <= 0:
            return i
    return len(branches) - 1
