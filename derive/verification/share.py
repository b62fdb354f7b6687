"""How much work one file may be: to judge it, to follow its mistakes through, to look for their causes.

What is too much to be judged is said to be too large, and is not judged; where one of the others ends, verdicts stay
what they are.
"""

from __future__ import annotations

from collections.abc import Hashable

from derive.network import Network
from derive.verification.trials import Trials
from derive.verification.work import Spent, Work

MOST_WORK = 2_000_000
"""All work of one file; see :mod:`derive.verification.work`."""
PER_PART = 16
"""What a name, a number or an operation takes that is read, judged and reported."""
MOST_PARTS = 80_000
"""So many of them."""
MOST_PASSES = 900_000
"""For the passes over the network that its lines need."""
MOST_ROUNDED = 250_000
"""For what goes on from rounded numbers."""
MOST_FOLLOWED = 400_000
"""For what follows from wrong numbers."""
MOST_TRIED = 700_000
"""For the mistakes that may be the cause."""


class Share:
    """The work that one file may make.

    Attributes:
        parts: of its relations.
        rounded: of what goes on from the rounded numbers of earlier lines.
        followed: of what follows from wrong ones.
        tried: of the mistakes that are tried.
    """

    def __init__(self) -> None:
        self.whole = Work(MOST_WORK)
        self.parts, self.rounded, self.followed, self.tried, self._passes = (
            Work(limit, whole=self.whole)
            for limit in (MOST_PARTS * PER_PART, MOST_ROUNDED, MOST_FOLLOWED, MOST_TRIED, MOST_PASSES)
        )
        self._made: Trials | None = None
        self._rows: set[tuple[int, int]] = set()

    def judge(self, parts: int) -> None:
        """Judge so many names, numbers and operations more.

        Raises:
            Spent: where that is too much.
        """
        self.parts.take(PER_PART * parts)

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
            if not self._passes.affords(self._of(network).of_a_row):
                raise Spent
            self._rows.add((step, row))

    def _of(self, network: Network) -> Trials:
        if self._made is None:
            self._made = Trials.of(network, self._passes)
        return self._made


__all__ = ["Share"]
