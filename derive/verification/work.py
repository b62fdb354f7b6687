"""How much work one file may make: counted, not timed, so that the verdicts are the same on every machine."""

from __future__ import annotations

from dataclasses import dataclass


class Spent(Exception):
    """A share of work is used up."""


@dataclass(slots=True)
class Work:
    """A share of work, in operands: one for every number that goes into a node or a local derivative.

    Attributes:
        limit: the share; None where there is no end.
        done: what is used of it.
    """

    limit: int | None = None
    done: int = 0

    def take(self, units: int) -> None:
        """Use so much of it.

        Raises:
            Spent: where more than the share is used.
        """
        self.done += units
        if self.limit is not None and self.done > self.limit:
            raise Spent

    def affords(self, units: int) -> bool:
        """Whether so much is left; then it is used."""
        if self.limit is not None and self.done + units > self.limit:
            return False
        self.done += units
        return True


UNBOUNDED = Work()
"""For numbers that are worked once for all files."""
