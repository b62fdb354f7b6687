"""Local gradients: the derivative of a node by each quantity in its formula, with its symbol and its number."""

from __future__ import annotations

from collections import deque
from collections.abc import Collection

from derive.equations.chain import Term
from derive.expressions.tree import Expr, Name, Negative, Number
from derive.lesson.blocks import Row, say
from derive.lesson.desk import Desk
from derive.lesson.quantity import Quantity
from derive.words.runs import Say, Tex

LOCAL = "formulas.local"
"""The word behind a derivative that is of one formula alone."""
MAX_LOCALS = 4
"""Of more local gradients in a layer, the first two are noted: the others follow the same formula."""


def local_steps(desk: Desk, name: str) -> list[tuple[Row, ...]]:
    """The local gradients of a node, noted in the forward pass: formula, numbers, value."""
    node = desk.network.graph.by_name[name]
    sources = [source for source in dict.fromkeys(node.inputs) if source in desk.differentiated]
    if desk.form == "layers" and len(sources) > MAX_LOCALS:
        sources = sources[:2]
    return [
        desk.one_line(local_symbol(desk, name, source), _noted(desk, term, source), term.local)
        for source in sources
        for term in desk.step(source).terms
        if term.via == name and not isinstance(term.local, Number)  # which is its own formula
    ]


def _noted(desk: Desk, term: Term, of: str) -> Quantity:
    """The number of a local gradient; where it is a quantity as it stands, that quantity's."""
    return desk.quantity(term.local.name) if isinstance(term.local, Name) else local_quantity(desk, term, of)


def local_symbol(desk: Desk, above: str, below: str) -> Tex:
    """∂f/∂x; marked as local where the whole derivative goes along other paths as well."""
    top = desk.own_output if above == desk.network.output else desk.symbol(above)
    fraction = desk.notation.derivative(top, desk.symbol(below))
    return Tex(rf"{fraction}\biggr{_mark(desk)}" if between(desk, above, below) else fraction)


def _mark(desk: Desk) -> str:
    """What stands behind a derivative that is of one formula alone."""
    return rf"\rvert_{{\mathrm{{{desk.word(LOCAL)}}}}}"


def between(desk: Desk, above: str, below: str) -> str | None:
    """An input of a node that depends on another of its inputs, so that the local derivative is not the whole one."""
    graph = desk.network.graph
    if not graph.may_join(above, below):
        return None
    others = set(graph.by_name[above].inputs) - {below}
    return _first_reached(desk, below, others, above) if others else None


def _first_reached(desk: Desk, below: str, others: Collection[str], above: str) -> str | None:
    """The first of some quantities that is worked from another one, on the ways up to ``above``."""
    uses = desk.network.graph.uses
    waiting, seen = deque([below]), {below, above}
    while waiting:
        for use in uses.get(waiting.popleft(), ()):
            name = use.node.name
            if name in others:
                return name
            if name not in seen:
                seen.add(name)
                waiting.append(name)
    return None


def local_mark(desk: Desk) -> list[Say]:
    """What the mark of a local derivative means, told of the first one in the document."""
    for node in desk.network.graph.nodes:
        for below in dict.fromkeys(node.inputs):
            held = between(desk, node.name, below) if {node.name, below} <= desk.differentiated else None
            if held is not None:
                symbols = {"above": node.name, "below": below, "held": held}
                facts = {key: desk.symbol(name) for key, name in symbols.items()}
                return [say("graph.local", mark=Tex(_mark(desk)), **facts)]
    return []


def local_quantity(desk: Desk, term: Term, of: str) -> Quantity:
    """The number of a local gradient."""
    return desk.own("local", f"{term.via} by {of}", term.local)


def is_plain(local: Expr) -> bool:
    """Whether a local gradient is a number or a quantity as it stands."""
    return isinstance(local.operand if isinstance(local, Negative) else local, Name | Number)
