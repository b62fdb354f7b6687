"""Local gradients: the derivative of a node by each quantity in its formula, with its symbol and its number."""

from __future__ import annotations

from derive.chain import Term
from derive.expressions.tree import Expr, Name, Negative, Number
from derive.lesson.blocks import Row, Tex
from derive.lesson.desk import Desk
from derive.lesson.figures import Quantity

MOST_LOCALS = 4
"""Of more local gradients in a layer, the first two are noted: the others follow the same formula."""


def local_steps(desk: Desk, name: str) -> list[tuple[Row, ...]]:
    """The local gradients of a node, noted in the forward pass: formula, numbers, value."""
    node = desk.network.graph.by_name[name]
    sources = [source for source in dict.fromkeys(node.inputs) if source in desk.differentiated]
    if desk.network.layered and len(sources) > MOST_LOCALS:
        sources = sources[:2]
    return [
        desk.one_line(local_symbol(desk, term, source), _noted(desk, term, source), term.local)
        for source in sources
        for term in desk.step(source).terms
        if term.via == name
    ]


def _noted(desk: Desk, term: Term, of: str) -> Quantity:
    """The number of a local gradient; where it is a quantity as it stands, that quantity's."""
    return desk.quantity(term.local.name) if isinstance(term.local, Name) else local_quantity(term, of)


def local_symbol(desk: Desk, term: Term, of: str) -> Tex:
    """∂f/∂x; marked as local where the same symbol is the whole derivative, along other paths as well."""
    fraction = desk.notation.derivative(desk.symbol(term.via), desk.symbol(of))
    if term.via != desk.network.output or len(desk.step(of).terms) == 1:
        return Tex(fraction)
    return Tex(rf"{fraction}\Big\rvert_{{\mathrm{{local}}}}")


def local_quantity(term: Term, of: str) -> Quantity:
    """The number of a local gradient."""
    return Quantity("local", f"{term.via} by {of}", 0, 0, term.local)


def is_plain(local: Expr) -> bool:
    """Whether a local gradient is a number or a quantity as it stands."""
    return isinstance(local.operand if isinstance(local, Negative) else local, Name | Number)
