"""How much work the judgement of one file may be; what is too much is said to be too large, and is not judged.

Counted are the names, numbers and operations of all relations, and the passes over the network that they need.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field

from derive.network import Network
from derive.verification.trials import Trials
from derive.verification.work import Spent, Work

MOST_SIZE = 120_000
"""Names, numbers and operations of one file."""
MOST_PASSES = 1_000_000
"""Operands of all passes for one file; see :mod:`derive.verification.work`."""
MOST_ROUNDED = 500_000
"""Operands for what goes on from rounded numbers."""


@dataclass(slots=True)
class Share:
    """The work that one file may make.

    Attributes:
        size: of its relations.
        rounded: of what goes on from the rounded numbers of earlier lines.
    """

    size: Work = field(default_factory=lambda: Work(MOST_SIZE))
    rounded: Work = field(default_factory=lambda: Work(MOST_ROUNDED))
    _passes: Trials | None = None
    _rows: set[tuple[int, int]] = field(default_factory=set)

    def take(self, size: int) -> None:
        """Judge so much more.

        Raises:
            Spent: where that is too much.
        """
        self.size.take(size)

    def passes(self, network: Network, reason: Hashable, step: int, times: int = 1) -> None:
        """Make passes up to a step; those that were made for the same reason are there.

        Raises:
            Spent: where that is too much.
        """
        if not self._of(network).allows(reason, step, times=times):
            raise Spent

    def row(self, network: Network, step: int, row: int) -> None:
        """Look at the numbers of one row after so many updates.

        Raises:
            Spent: where that is too much.
        """
        if (step, row) not in self._rows:
            trials = self._of(network)
            if not trials.takes(trials.of_a_row):
                raise Spent
            self._rows.add((step, row))

    def _of(self, network: Network) -> Trials:
        if self._passes is None:
            self._passes = Trials.of(network, MOST_PASSES)
        return self._passes
