"""What goes into a derivative: one product for each way on which a quantity is used, one number for each sample.

Programs and people add them up one after the other; each of them is right where it is one of these.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import reduce
from itertools import combinations

from derive.expressions.tree import Expr, Name, names_in
from derive.network import Network
from derive.verification.reading import Chain, Matrix, SideContent

MAX_WAYS = 4
"""Of a quantity that is used in more places each contribution is one, and not some of them together."""
MAX_SAMPLES = 50
"""The contributions of at most so many samples are known."""


class Contributions:
    """The contributions to one network's derivatives."""

    def __init__(self, network: Network) -> None:
        self._network = network

    def meanings(self, chain: Chain) -> Iterator[Chain]:
        """The chain with a contribution in place of the derivative before its first sign.

        First that of the way that the other side names.
        """
        left = chain.sides[0].expr
        names = _names(left)
        ways = [self._of(name) for name in names]
        if not names or not ways[0] or len({len(one) for one in ways}) > 1:
            return
        said = {name for side in chain.sides[1:] for name in _all_names(side.expr)}
        order = sorted(range(len(ways[0])), key=lambda k: not said & set(names_in(ways[0][k])))
        for k in order:
            value = _with([one[k] for one in ways], left)
            yield replace(chain, sides=(replace(chain.sides[0], expr=value), *chain.sides[1:]))

    def _of(self, name: str) -> list[Expr]:
        """The contributions to a derivative; none where it has a single one."""
        try:
            quantity = self._network.names.resolve(name)
        except ValueError:
            return []
        if quantity.by is None or quantity.step or quantity.marks:
            return []
        rows = len(self._network.rows)
        if rows > 1:
            samples = [Name(f"d{quantity.base}/d{quantity.by}[{row}]") for row in range(1, min(rows, MAX_SAMPLES) + 1)]
            return [*samples, *(one / rows for one in samples)]
        uses = self._network.graph.uses.get(quantity.by, [])
        if len(uses) < 2:
            return []
        ways = [
            use.local if use.node.name == quantity.base else Name(f"d{quantity.base}/d{use.node.name}") * use.local
            for use in uses
        ]
        most = len(ways) if len(ways) <= MAX_WAYS else 2
        return [reduce(lambda a, b: a + b, some) for size in range(1, most) for some in combinations(ways, size)]


def _names(value: SideContent | None) -> list[str]:
    """The names that a side is: one, or the entries of a vector or matrix."""
    entries = [entry for row in value.rows for entry in row] if isinstance(value, Matrix) else [value]
    names = [entry.name for entry in entries if isinstance(entry, Name)]
    return names if len(names) == len(entries) else []


def _all_names(value: SideContent | None) -> Iterator[str]:
    entries = [entry for row in value.rows for entry in row] if isinstance(value, Matrix) else [value] if value else []
    for entry in entries:
        yield from names_in(entry)


def _with(values: list[Expr], like: SideContent | None) -> SideContent:
    if not isinstance(like, Matrix):
        return values[0]
    width = like.shape[1]
    return Matrix(tuple(tuple(values[i : i + width]) for i in range(0, len(values), width)))


__all__ = ["Contributions"]
