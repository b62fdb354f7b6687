"""Which mistakes may be tried on the wrong lines of a file: as many as its share of work allows.

A mistake is made in all passes up to the step that a line is about. What was worked for one line is there for the
next; so a mistake costs once per file and step, however often it is asked for, and whatever other files did.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeVar

from derive.equations.batch import batch_of
from derive.network import Network
from derive.verification.points.work import PER_NODE, UNBOUNDED, Work

LOOKED_AT = 4
"""What one number that is there already costs to look at."""
TrialKey = TypeVar("TrialKey", bound=Hashable)


def of_a_row(network: Network) -> int:
    """The work of the passes over one row, forward and backward."""
    return sum(len(node.inputs) + PER_NODE for node in network.graph.nodes) * 3 // 2


@dataclass(slots=True)
class Trials:
    """What one file has tried, and may try.

    Attributes:
        of_a_row: the work of the passes over one row.
        rows: how many rows an update takes.
        work: the share.
        cut_short: whether something was not tried since it was last asked.
        done: the passes that were made for each mistake.
    """

    of_a_row: int
    rows: int
    work: Work
    cut_short: bool = False
    done: dict[Hashable, int] = field(default_factory=dict)

    @classmethod
    def of(cls, network: Network, work: Work) -> Trials:
        """Nothing is tried yet."""
        return cls(of_a_row(network), len(batch_of(network, 0)), work)

    def allows(self, key: Hashable, step: int, *, times: int = 1, share: int = 1) -> bool:
        """Whether passes up to a step may be made for a mistake; then they count as made.

        ``times``: so many of them are needed; ``share``: only a part of them, one over it.
        """
        before = self.done.get(key, 0)
        if step + 1 <= before:
            return True
        passes = (step + 1 - before) * self.rows
        if self.takes(max(times * passes * self.of_a_row // share, 1)):
            self.done[key] = step + 1
            return True
        return False

    def takes(self, units: int) -> bool:
        """Whether so much work may be done; then it counts as done."""
        allowed = self.work.affords(units)
        self.cut_short |= not allowed
        return allowed

    def among(
        self, keys: Iterable[TrialKey], step: int, *, about: Hashable = None, each: int = 0
    ) -> Iterator[TrialKey]:
        """Those of the mistakes that may be tried.

        ``about`` tells passes apart that are made for other reasons; ``each``: the work of one trial besides.
        """
        for key in keys:
            if self.allows(key if about is None else (about, key), step) and (not each or self.takes(each)):
                yield key


def unbounded(network: Network) -> Trials:
    """Everything may be tried."""
    return Trials.of(network, UNBOUNDED)
