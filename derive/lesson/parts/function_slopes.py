"""The derivatives of functions, each worked once: from its formula by the rules, or branch by branch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from typing import NamedTuple

from derive.differentiate import WorkLine
from derive.expressions.functions import FUNCTIONS, Function
from derive.expressions.print_tex import tex
from derive.expressions.tree import Call, Expr, Name, Quotient, exp, ln, substitute
from derive.lesson.blocks import Block, Display, Row, paragraph, say
from derive.lesson.definitions import Symbol, activations, cases, function_of, kinks_of, thresholds
from derive.lesson.desk import Desk, forms_of
from derive.lesson.page_width import PageWidth
from derive.lesson.symbols import differentiated_calls
from derive.lesson.working_lines import worked_lines
from derive.words.runs import Say, Tex

z = Name("z")
AT_SIGHT = frozenset({"abs", "sign", "step"})
SIGMOID = Call("sigmoid", (z,))
LOGISTIC = 1 / (1 + exp(-z))
MAGNITUDE = Call("abs", (z,))
TANH = Quotient(exp(z) - exp(-z), exp(z) + exp(-z))


class Bridge(NamedTuple):
    """The way from the derivative that the rules give to the one that a book states.

    Attributes:
        formula: what is differentiated.
        between: the lines before the last one.
        since: an equation that the last line uses; ``a`` in it is the function's own value.
    """

    formula: Expr
    between: tuple[WorkLine, ...]
    since: tuple[Expr, Expr]


BRIDGES: Mapping[str, Bridge] = {
    "sigmoid": Bridge(
        LOGISTIC,
        (WorkLine(LOGISTIC * Quotient(exp(-z), 1 + exp(-z)), ("split",)),),
        (1 - Name("a"), Quotient(exp(-z), 1 + exp(-z))),
    ),
    "tanh": Bridge(TANH, (WorkLine(1 - TANH**2, ("termwise",)),), (Name("a"), TANH)),
    "softsign": Bridge(
        Quotient(z, 1 + MAGNITUDE),
        (),
        (z * Call("sign", (z,)), MAGNITUDE),
    ),
    "softplus": Bridge(ln(1 + exp(z)), (WorkLine(LOGISTIC, ("shortened",)),), (SIGMOID, LOGISTIC)),
}


def function_slopes(desk: Desk) -> list[Block]:
    """The derivatives of the functions that stand in formulas, but for activations, which have their own place."""
    own = {function.name for function in map(function_of, activations(desk.network)) if function}
    blocks: list[Block] = []
    calls = [c for c in differentiated_calls(desk) if c.function not in own and _is_derived(FUNCTIONS[c.function])]
    often = Counter(call.function for call in calls)
    for call in calls:
        entry = FUNCTIONS[call.function]
        told_apart = Tex(tex(call, _symbol(desk))) if often[call.function] > 1 else None
        opening = say("derivatives.activation", name=say(f"names.{call.function}"), call=told_apart)
        slope = Call(call.function + "'", call.arguments)
        left = Tex(tex(slope, _symbol(desk)))
        if entry.pieces:
            blocks += [paragraph(opening, said_of_pieces(desk, slope)), Display(slope_in_pieces(desk, slope))]
        else:
            blocks += [paragraph(opening), worked_slope(left, call, call, _symbol(desk), desk.page)]
    return blocks


def _is_derived(entry: Function) -> bool:
    """Whether the derivative is worked: not of a primitive, nor where it is known at sight (0, the sign)."""
    return entry.name in BRIDGES or entry.formula is not None or (bool(entry.pieces) and entry.name not in AT_SIGHT)


def _symbol(desk: Desk) -> Callable[[str], str]:
    return lambda name: desk.plain(name) if name == "z" else desk.symbol(name)


def worked_slope(left: Tex, call: Expr, own: Expr, symbol: Symbol, page: PageWidth) -> Display:
    """The derivative of a function by z, line by line; ``own`` is what its value is called."""
    assert isinstance(call, Call)
    bridge = BRIDGES.get(call.function)
    known = FUNCTIONS[call.function].derivative
    assert known is not None
    known = substitute(known, {"a": own})
    if bridge is None:
        return worked_lines(left, forms_of(call)[-1], "z", known, symbol=symbol, page=page)
    since = _since(bridge, own, symbol)
    return worked_lines(left, bridge.formula, "z", known, bridge.between, last=since, symbol=symbol, page=page)


def _since(bridge: Bridge, own: Expr, symbol: Symbol) -> Say | None:
    """The equation that the last line uses; None where it only says what ``a`` is."""
    if bridge.since[0] == own:
        return None
    one, other = (tex(substitute(side, {"a": own}), symbol) for side in bridge.since)
    return say("rules.since", equation=Tex(f"{one} = {other}"))


def slope_in_pieces(desk: Desk, slope: Call, left: Tex | None = None) -> tuple[Row, ...]:
    """The derivative of a function with branches: ReLU'(z), branch by branch."""
    at_zero = desk.network.spec.conventions.relu_at_zero.expression
    symbol = desk.plain if left else _symbol(desk)
    named = Tex(tex(slope, symbol))
    branches = cases(slope, symbol, desk.word, at_zero)
    if left is None:
        return (Row(named, Tex("="), branches),)
    return (Row(left, Tex("="), Tex(f"{named} = {branches}")),)


def said_of_pieces(desk: Desk, slope: Call) -> Say:
    """That it is differentiated branch by branch, and what its slopes are where they meet."""
    kinks = kinks_of(slope)
    points = [at for k, at in enumerate(thresholds(slope, _symbol(desk))) if k in kinks or not kinks]
    points = [Tex(at) for at in points] if len(points) > 1 else points
    return say("derivatives.pieces", smooth=not kinks, points=points, stated=bool(activations(desk.network)))
