"""The function symbols of a document: which functions its formulas and their derivatives use, and their definitions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from derive.expressions.functions import FUNCTIONS
from derive.expressions.print_tex import tex
from derive.expressions.tree import Call, Constant, Expr, Name, Quotient, exp, sqrt, substitute, walk
from derive.lesson.blocks import Block, Display, Row, paragraph, say
from derive.lesson.definitions import activations, call_of, definition_of, function_of
from derive.lesson.desk import Desk, forms_of
from derive.network.operations import Formula
from derive.network.output_loss import OutputLoss
from derive.words.runs import Say, Tex

z = Name("z")
_DENSITY = Quotient(exp(-(z**2 / 2)), sqrt(2 * Constant("pi")))
_EXTREMES = {"max'": "max", "min'": "min"}
_KNOWN = frozenset({"abs"})
"""Functions with branches whose sign everybody reads."""


def differentiated_calls(desk: Desk) -> tuple[Call, ...]:
    """The functions in formulas that are differentiated, each once, at z; inner ones before those that use them."""
    found: dict[Call, None] = {}
    for formula in _formulas(desk):
        for part in _calls(formula):
            _collect(_at_z(part), found)
    return tuple(found)


def _formulas(desk: Desk) -> Iterator[Expr]:
    """What is differentiated by the rules: activations, and the author's formulas; no loss of the vocabulary."""
    network = desk.network
    for activation in activations(network):
        yield forms_of(call_of(activation))[-1]
    for node in network.graph.nodes:
        if isinstance(node.operation, Formula) and node.name in desk.differentiated:
            yield node.formula


def _calls(formula: Expr) -> list[Call]:
    return [part for part in walk(formula) if isinstance(part, Call)]


def _at_z(call: Call) -> Call:
    """The call at z, with its parameters."""
    return (
        call if FUNCTIONS[call.function.removesuffix("'")].variadic else Call(call.function, (z, *call.arguments[1:]))
    )


def _collect(call: Call, found: dict[Call, None]) -> None:
    """A call after those that its formula uses."""
    if call in found:
        return
    formula = forms_of(call)[-1]
    for inner in _calls(formula) if formula != call else ():
        _collect(_at_z(inner), found)
    found[call] = None


def symbols(desk: Desk) -> list[Block]:
    """What the function symbols stand for that are neither known to everybody nor an activation's, defined above."""
    used = _used(desk)
    names = {call.function for call in used}
    given = {function.name for function in map(function_of, activations(desk.network)) if function}
    rows = [row for call in used if call.function not in given and (row := _defined(call, desk)) is not None]
    said: list[Say] = []
    if "normal_cdf" in names:
        said.append(say("network.normal"))
    said += [say("network.extreme", prime=Tex(rf"\operatorname{{{name}}}'"), largest=name == "max")
             for primed, name in _EXTREMES.items() if primed in names]  # fmt: skip
    if not rows:
        return [paragraph(*said)] if said else []
    return [paragraph(*said, say("network.symbols")), Display(tuple(rows))]


def _defined(call: Call, desk: Desk) -> Row | None:
    if call.function == "normal_pdf":
        return Row(Tex(tex(call, desk.plain)), Tex("="), Tex(tex(_DENSITY, desk.plain)))
    if call.function in _KNOWN:
        return None
    return definition_of(call, lambda name: desk.plain(name) if name == "z" else desk.symbol(name), desk.word)


def _used(desk: Desk) -> tuple[Call, ...]:
    """The functions of all formulas and slopes, and those that these are made of, each once."""
    found: dict[Call, None] = {}
    waiting = list(reversed([call for formula in _written(desk) for call in _calls(formula)]))
    while waiting:
        call = _at_z(waiting.pop())
        if call in found:
            continue
        found[call] = None
        entry = FUNCTIONS[call.function.removesuffix("'")]
        inner: Iterable[Expr | None] = (entry.formula, entry.derivative if call.function != "tanh" else None)
        waiting += [part for formula in inner if formula is not None for part in _calls(substitute(formula, {"a": z}))]
    return tuple(call for call in found if not (call.function == "tanh" and call not in differentiated_calls(desk)))


def _written(desk: Desk) -> Iterator[Expr]:
    """The formulas of a document and their slopes."""
    network = desk.network
    for activation in activations(network):
        yield call_of(activation)
    for node in network.graph.nodes:
        if not isinstance(node.operation, Formula | OutputLoss):
            continue
        yield node.formula
        alike = isinstance(node.operation, OutputLoss)  # then all outputs have the same functions
        for position, name in enumerate(node.inputs[:1] if alike else node.inputs):
            if alike or name in desk.differentiated:
                yield node.operation.local(node.name, node.inputs, position)
