"""Derivatives of a node by one of its own operands that also goes into the node by other ways.

In a recurrence ``z_2 = w*x_2 + u*h_1`` the weight w goes into h_1, too. ``dz_2/dw`` is the total derivative; many mean
the local one, ``x_2``, by the formula's own names.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from derive.expressions.tree import Expr, Name, Sum, names_in, substitute
from derive.network import Network
from derive.verification.judging.immediate import with_immediate
from derive.verification.reading import Chain, Matrix, SideContent

MAX_SIDES = 100
"""In a chain of at most this many sides sums over moments are looked for."""


class LocalDerivatives:
    """The local readings of one network's derivatives."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._known: dict[str, Expr | None] = {}

    def meaning(self, chain: Chain) -> Chain | None:
        """The chain with its derivatives as local ones; None where that is the same, or ∂ says which is meant."""
        if self._network.has_loss or any("∂" in name for side in chain.sides for name in _names(side.expr)):
            return None
        sides = tuple(replace(side, expr=self._local(side.expr)) for side in chain.sides)
        return None if sides == chain.sides else replace(chain, sides=sides)

    def meanings(self, chain: Chain) -> tuple[Chain, ...]:
        """The same; and with the derivative before the first sign as the total one, which is worked out from them."""
        meant = self.meaning(chain)
        if meant is None or meant.sides[0] == chain.sides[0]:
            return () if meant is None else (meant,)
        return meant, replace(meant, sides=(chain.sides[0], *meant.sides[1:]))

    def in_sums(self, chain: Chain) -> Chain | None:
        """The chain with those in sums over moments by each moment's own formula; None where there are none."""
        if self._network.has_loss or len(chain.sides) > MAX_SIDES:
            return None
        sides = tuple(
            replace(side, expr=with_immediate(side.expr, self._network)) if isinstance(side.expr, Sum) else side
            for side in chain.sides
        )
        return None if sides == chain.sides else replace(chain, sides=sides)

    def _local(self, value: SideContent | None) -> SideContent | None:
        if value is None or isinstance(value, Matrix):
            return value
        found = {name: local for name in names_in(value) if (local := self._of(name)) is not None}
        return substitute(value, found) if found else value

    def _of(self, name: str) -> Expr | None:
        """The local derivative for a total one that differs from it."""
        if "/" not in name or name.startswith("∂"):
            return None
        if name not in self._known:
            self._known[name] = self._found(name)
        return self._known[name]

    def _found(self, name: str) -> Expr | None:
        try:
            quantity = self._network.names.resolve(name)
        except ValueError:
            return None
        node = self._network.graph.by_name.get(quantity.base)
        if node is None or quantity.by not in node.inputs:
            return None
        if not any(quantity.by in self._network.graph.behind(other) for other in node.inputs):
            return None
        return Name(f"∂{quantity.base}/∂{quantity.by}{quantity.marks}")


def _names(value: SideContent | None) -> Iterable[str]:
    return names_in(value) if isinstance(value, Expr) else ()


__all__ = ["LocalDerivatives"]
