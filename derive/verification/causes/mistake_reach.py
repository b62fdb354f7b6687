"""Which mistakes can change a quantity at all: the others are not tried on lines about it."""

from __future__ import annotations

from collections.abc import Callable

from derive.naming.quantity import NamedQuantity
from derive.network import Network
from derive.network.graph import Use
from derive.verification.points.slips import Slip

MAX_USES = 400
"""With more uses on the ways from a quantity to the output every mistake is tried."""


class MistakeReach:
    """What mistakes reach in one network."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._ways: dict[str, tuple[Use, ...] | None] = {}
        self._known: dict[tuple[Slip, str | None], bool] = {}

    def may_change(self, slip: Slip, quantity: NamedQuantity) -> bool:
        """Whether a mistake can give a quantity another value.

        Before the first update a mistake in a local derivative changes only what is differentiated by way of it, and
        one in the update nothing.
        """
        if quantity.step or self._network.spec.sequential:
            return True
        key = slip, quantity.by
        if key not in self._known:
            self._known[key] = self._touches(slip, quantity.by)
        return self._known[key]

    def _touches(self, slip: Slip, by: str | None) -> bool:
        if any(map(slip.changes, ("value", "derivative", "reduced"))):
            return True
        if by is None or not slip.changes("local"):
            return False
        touches: Callable[[Use], bool] | None = getattr(slip, "touches", None)
        ways = self._uses_after(by)
        return touches is None or ways is None or any(map(touches, ways))

    def _uses_after(self, by: str) -> tuple[Use, ...] | None:
        """All uses on the ways on from a quantity; None where they are too many."""
        if by not in self._ways:
            uses, waiting, seen = self._network.graph.uses, [by], {by}
            found: list[Use] = []
            while waiting and len(found) <= MAX_USES:
                here = uses.get(waiting.pop(), ())
                found += here
                fresh = [use.node.name for use in here if use.node.name not in seen]
                seen.update(fresh)
                waiting += dict.fromkeys(fresh)
            self._ways[by] = tuple(found) if len(found) <= MAX_USES else None
        return self._ways[by]


__all__ = ["MistakeReach"]
