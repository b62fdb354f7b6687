"""How much work one file may be: to judge it, to follow its mistakes through, to look for their causes.

What is too much to be judged is said to be too large, and is not judged; where one of the others ends, verdicts stay
what they are.
"""

from __future__ import annotations

from collections.abc import Hashable

from derive.network import Network
from derive.verification.points.trials import Trials
from derive.verification.points.work import Spent, Work

MAX_WORK = 700_000
"""At most this much work for one file; see :mod:`derive.verification.points.work`."""
PER_PART = 8
"""What a name, a number or an operation takes that is judged and reported."""
PER_MISTAKE = 120
"""What a relation takes besides that is not right: what is expected, what is believed from there on."""
MAX_JUDGED = 550_000
"""At most this much of it for the parts of relations, and what is wrong in them."""
MAX_PASSES = 500_000
"""At most this much for the passes over the network that its lines need."""
MAX_ROUNDED = 100_000
"""At most this much for what goes on from rounded numbers."""
MAX_FOLLOWED = 150_000
"""At most this much for what follows from wrong numbers."""
MAX_TRIED = 300_000
"""At most this much for the mistakes that may be the cause."""
SLOPES = 3
"""The derivatives of one more node take such a part of the passes over a row."""


class Share:
    """The work that one file may make.

    Attributes:
        parts: of its relations.
        rounded: of what goes on from the rounded numbers of earlier lines.
        followed: of what follows from wrong ones.
        tried: of the mistakes that are tried.
    """

    def __init__(self) -> None:
        self.whole = Work(MAX_WORK)
        self.parts, self.rounded, self.followed, self.tried, self._passes = (
            Work(limit, whole=self.whole) for limit in (MAX_JUDGED, MAX_ROUNDED, MAX_FOLLOWED, MAX_TRIED, MAX_PASSES)
        )
        self._made: Trials | None = None
        self._seen: set[Hashable] = set()

    def judge(self, parts: int) -> None:
        """Judge so many names, numbers and operations more.

        Raises:
            Spent: where that is too much.
        """
        self.parts.take(PER_PART * parts)

    def mistake(self) -> None:
        """Something is wrong; what that takes is no reason to leave the relation unjudged."""
        self.parts.affords(PER_MISTAKE)

    @property
    def spent(self) -> bool:
        """Whether nothing more is judged."""
        return self.parts.spent

    @property
    def looked_at(self) -> tuple[int, int]:
        """How much work the passes are that were made, and at how many rows and slopes was looked."""
        return self._passes.done, len(self._seen)

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
        self._once(("row", step, row), self._of(network).of_a_row)

    def slopes(self, network: Network, of: str, step: int, row: int) -> None:
        """Look at the derivatives of a node in one row after so many updates.

        Raises:
            Spent: where that is too much.
        """
        self._once((of, step, row), self._of(network).of_a_row // SLOPES)

    def _once(self, what: Hashable, units: int) -> None:
        if what not in self._seen:
            if not self._passes.affords(units):
                raise Spent
            self._seen.add(what)

    def _of(self, network: Network) -> Trials:
        if self._made is None:
            self._made = Trials.of(network, self._passes)
        return self._made


__all__ = ["Share"]
