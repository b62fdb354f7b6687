"""How much work one file may make: counted, not timed, so that the verdicts are the same on every machine.

The unit is about what one operand of a weighted sum takes, forward, backward and in its update.
"""

from __future__ import annotations

from dataclasses import dataclass

PER_NODE = 4
"""A node takes so much beside its operands."""


class Spent(Exception):
    """A share of work is used up."""


@dataclass(slots=True)
class Work:
    """A share of work.

    Attributes:
        limit: how much it is; None where there is no end.
        done: what is used of it.
        whole: the share of which this is a part; what is used here is used there.
    """

    limit: int | None = None
    done: int = 0
    whole: Work | None = None

    @property
    def spent(self) -> bool:
        """Whether more was used than there is."""
        mine = self.limit is not None and self.done > self.limit
        return mine or (self.whole is not None and self.whole.spent)

    def has(self, units: int) -> bool:
        """Whether so much is left."""
        mine = self.limit is None or self.done + units <= self.limit
        return mine and (self.whole is None or self.whole.has(units))

    def take(self, units: int) -> None:
        """Use so much of it.

        Raises:
            Spent: where more than the share is used.
        """
        self.done += units
        if self.limit is not None and self.done > self.limit:
            raise Spent
        if self.whole is not None:
            self.whole.take(units)

    def affords(self, units: int) -> bool:
        """Whether so much is left; then it is used."""
        if self.limit is not None and self.done + units > self.limit:
            return False
        if self.whole is not None and not self.whole.affords(units):
            return False
        self.done += units
        return True


UNBOUNDED = Work()
"""For numbers that are worked once for all files."""
