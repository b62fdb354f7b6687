"""The formula of a quantity as a lesson would state it: what it is worked out from in one step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import cached_property

from derive.equations.batch import batch_of
from derive.equations.table import EquationTable
from derive.expressions.tree import Expr, Name, Number, names_in, plus, substitute, times, walk
from derive.naming.quantity import NamedQuantity
from derive.network import Network
from derive.network.whole_layers import Softmax
from derive.ops.shortcuts import SHORTCUTS

MAX_WRITTEN_OUT = 4
"""So many steps of the chain rule at most are written out in one formula."""
MAX_PARTS = 200
"""At most this many parts has a formula that is written out."""


def takes_shortcut(network: Network) -> bool:
    """Whether δ = ŷ - t holds in the last layer."""
    if not network.has_loss:
        return False
    last = network.layers[-1]
    softmax = isinstance(network.graph.by_name[last.a[0]].operation, Softmax)
    activation = "softmax" if softmax else last.spec.activation.name
    return (activation, network.graph.nodes[-1].operation.kind) in SHORTCUTS


class Formulas:
    """The formulas of one network's quantities."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._table = EquationTable(network)

    def of(self, name: str) -> Expr | None:
        """The formula of a quantity by its canonical name; None where it is given, or no single step leads to it."""
        try:
            quantity = self._network.names.resolve(name)
        except ValueError:
            return None
        if quantity.shape != "scalar" or quantity.function:
            return None
        if quantity.by is not None:
            return self._derivative(quantity)
        if quantity.base in self._network.start or quantity.base in self._network.states:
            return self._update(quantity)
        node = self._network.graph.by_name.get(quantity.base)
        if node is None or (self._several and quantity.row is None and quantity.base in self._network.per_sample):
            return None
        return self._marked(node.formula, quantity)

    def forms(self, name: str) -> Iterator[Expr]:
        """The formula of a quantity, and of a gradient the same with its one slope by its name: ``dE/da*da/dz``."""
        formula = self.of(name)
        if formula is None:
            return
        yield formula
        quantity = self._network.names.resolve(name)
        uses = self._network.graph.uses.get(quantity.by or "", ())
        if quantity.by is not None and quantity.base == self._network.output and len(uses) == 1:
            node = uses[0].node.name
            if node != quantity.base and not isinstance(uses[0].local, Name | Number):
                upper = Name(f"d{quantity.base}/d{node}{quantity.marks}")
                yield upper * Name(f"d{node}/d{quantity.by}{quantity.marks}")

    @cached_property
    def _several(self) -> bool:
        return len(self._network.rows) > 1

    @cached_property
    def _shortcuts(self) -> dict[str, Expr]:
        network = self._network
        if not takes_shortcut(network):
            return {}
        pairs = zip(network.layers[-1].z, network.layers[-1].a, network.targets, strict=True)
        return {z: Name(a) - Name(t) for z, a, t in pairs}

    def _derivative(self, quantity: NamedQuantity) -> Expr | None:
        network, of, by = self._network, quantity.base, quantity.by
        assert by is not None
        if of == network.output:
            if self._several and quantity.row is None:
                if by not in network.parameters:
                    return None
                step = quantity.step or 0
                return self._stepped(self._table.derivation.batch_gradient(by, batch_of(network, step)), quantity)
            found = self._shortcuts.get(by)
            return self._marked(self._table.derivation.gradient(by) if found is None else found, quantity)
        behind = network.graph.behind(of)
        terms = [
            use.local if use.node.name == of else times(Name(f"d{of}/d{use.node.name}"), use.local)
            for use in network.graph.uses.get(by, ())
            if use.node.name == of or use.node.name in behind
        ]
        return self._marked(plus(*terms), quantity) if terms else None

    def _update(self, quantity: NamedQuantity) -> Expr | None:
        network, name = self._network, quantity.base
        if not quantity.step or (name not in network.trained and name not in network.states):
            return None
        return self._stepped(self._table.update(name), replace(quantity, step=quantity.step - 1))

    def _marked(self, expr: Expr, quantity: NamedQuantity) -> Expr:
        """The expression in the quantity's sample, after as many updates."""
        if self._several and quantity.row is not None:
            expr = self._table.derivation.at_row(expr, quantity.row)
        return self._stepped(expr, quantity)

    def _stepped(self, expr: Expr, quantity: NamedQuantity) -> Expr:
        return self._table.at_step(expr, quantity.step or 0)[0]


def written_out(formulas: Formulas, name: str) -> Iterator[Expr]:
    """The formula of a quantity, and the same with its derivatives written out in their places, once and again."""
    formula = formulas.of(name)
    for _ in range(MAX_WRITTEN_OUT):
        if formula is None:
            return
        yield formula
        derivatives = (part for part in names_in(formula) if "/" in part or part.startswith("delta"))
        inner = {part: found for part in derivatives if (found := formulas.of(part)) is not None}
        formula = substitute(formula, inner) if inner else None
        if formula is not None and sum(1 for _ in walk(formula)) > MAX_PARTS:
            return


__all__ = ["Formulas", "takes_shortcut", "written_out"]
