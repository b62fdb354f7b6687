"""Derivatives in a sum over moments of a recurrence, each by what a moment's own formula has of a parameter.

``dL/dw = dL/dh_2 * dh_2/dw + dL/dh_1 * dh_1/dw`` counts no way twice where ``dh_2/dw`` holds h_1 fixed, and that is
what is meant there: the ways from w to one of the nodes of the sum that go past none of the others.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from derive.expressions.tree import ONE, Expr, Name, Negative, Product, Sum, substitute
from derive.naming.quantity import NamedQuantity
from derive.network import Network

MAX_STEPS = 200
"""At most this many local derivatives are written for one."""


def with_immediate(value: Expr, network: Network) -> Expr:
    """The same, with such derivatives in place of total ones in its sum; as it is where it is no such sum."""
    if not isinstance(value, Sum):
        return value
    terms = [[_quantity(one, network) for one in _factors(term)] for term in value.terms]
    last = [quantities[-1] if len(quantities) > 1 else None for quantities in terms]
    by = {one.by for one in last if one is not None}
    if None in last or len(by) != 1:
        return value
    nodes = [one.base for one in last if one is not None]
    if len(set(nodes)) != len(nodes):
        return value
    found: list[Expr] = []
    for term, one in zip(value.terms, last, strict=True):
        assert one is not None
        assert one.by is not None
        written = _Ways(network, one.by, {*nodes} - {one.base}, one.marks).to(one.base)
        if written is None:
            return value
        found.append(substitute(term, {f"d{one.base}/d{one.by}{one.marks}": written}))
    return Sum(tuple(found))


class _Ways:
    """The ways from a parameter that go past none of some nodes."""

    def __init__(self, network: Network, by: str, past: Collection[str], marks: str) -> None:
        self.network, self.by, self.past, self.marks = network, by, past, marks
        self.steps = 0

    def to(self, name: str) -> Expr | None:
        """The derivative of a node along them; None where there is none, or it is too long."""
        node = self.network.graph.by_name.get(name)
        terms: list[Expr] = []
        for other in dict.fromkeys(node.inputs) if node is not None else ():
            if other in self.past or (other != self.by and not self._goes_into(other)):
                continue
            self.steps += 1
            rest = ONE if other == self.by else self.to(other)
            if self.steps > MAX_STEPS:
                return None
            if rest is None:
                continue
            local = Name(f"∂{name}/∂{other}{self.marks}")
            terms.append(local if rest is ONE else Product((local, rest)))
        return (terms[0] if len(terms) == 1 else Sum(tuple(terms))) if terms else None

    def _goes_into(self, other: str) -> bool:
        return self.by in self.network.graph.behind(other)


def _factors(term: Expr) -> Iterator[Name]:
    """The derivatives among a term's factors."""
    term = term.operand if isinstance(term, Negative) else term
    for factor in term.factors if isinstance(term, Product) else (term,):
        if isinstance(factor, Name) and "/" in factor.name and factor.name.startswith("d"):
            yield factor


def _quantity(name: Name, network: Network) -> NamedQuantity | None:
    try:
        return network.names.resolve(name.name)
    except ValueError:
        return None


__all__ = ["with_immediate"]
