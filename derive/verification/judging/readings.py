"""Which of its readings and meanings a chain has in one file: that of which least is wrong."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

from derive.expressions.tree import Power
from derive.verification.judging.contributions import Contributions
from derive.verification.judging.delta_sign import SIGN, is_worked, says_what_it_is
from derive.verification.judging.followed import FollowedChains
from derive.verification.judging.judge import Hearing
from derive.verification.judging.local import LocalDerivatives
from derive.verification.judging.placing import PlacedLines
from derive.verification.judging.story import FOLLOWING, RIGHT
from derive.verification.judging.updates import Meaning, Updates
from derive.verification.reading import Chain
from derive.verification.reading.model import NAMED, STORIED


class ChosenReadings:
    """The readings of one file's chains.

    ``story`` is what the file takes in one way throughout; ``tried`` the hearings of the last meaning looked at.
    """

    def __init__(
        self, local: LocalDerivatives, contributions: Contributions, updates: Updates, placing: PlacedLines,
        followed: FollowedChains,
    ) -> None:  # fmt: skip
        self.network = placing.network
        self.story = placing.story
        self.local = local
        self.contributions = contributions
        self.updates = updates
        self.placing = placing
        self.followed = followed
        self.tried: deque[Hearing] = deque()

    def of(self, chain: Chain) -> Meaning:
        """What a chain means in the reading that it has."""
        meant = self._chosen(chain)
        self.tried.clear()
        meant = meant or self.meaning(chain)
        self.placing.is_shared = False
        return meant

    def least_wrong(self, chain: Chain) -> int:
        """How many relations of a chain are wrong in its likeliest meaning."""
        return self._wrong(self.meaning(chain).chain)

    def _chosen(self, chain: Chain) -> Meaning | None:
        """The meaning of one of the chain's other readings, where that holds and the first does not; else None.

        What a file takes in one way throughout is taken so in all that follows.
        """
        if chain.others == ():
            return None
        storied = STORIED if self.network.names.sizes else STORIED | {SIGN}
        open_ = chain.met & storied - self.story.keys()
        first: int | None = None
        if not open_ and self._is_told(chain):
            self.tried.clear()
            meant = self.meaning(chain)
            first = self._wrong(meant.chain)
            if not first:
                return meant  # the other readings are not asked for
        turns = SIGN in storied and (is_worked(chain) or self.story.get(SIGN, False))
        if not any(True for _ in chain.others):
            return None
        further = (one for one in chain.others if turns or one.taken != {SIGN})
        readings = [one for one in (chain, *further) if self._is_told(one)]
        counts: list[int] = []
        for reading in readings:
            if reading is chain and first is not None:
                counts.append(first)
                continue
            self.tried.clear()
            meant = self.meaning(reading)
            counts.append(self._wrong(meant.chain))
            if counts[-1] == 0:
                others = [one for one in readings if one is not reading and open_ & (one.taken ^ reading.taken)]
                if open_ and not any(self.least_wrong(one) == 0 for one in others):
                    self.story |= {choice: choice in reading.taken for choice in open_}
                return meant
        if readings and any(side.expr is None for side in readings[0].sides):
            readings = [one for one in readings if one.taken <= NAMED and all(side.expr for side in one.sides)]
        unit = next((i for i, one in enumerate(readings) if one.taken == {"single"} and counts[i] < counts[0]), 0)
        unit = unit or (_counts_values(readings) if readings else 0)
        if not readings:
            return None  # none is as the file has it
        chosen = readings[unit] if len(counts) == len(readings) else readings[0]
        return self.meaning(chosen) if chosen is not chain else None

    def _is_told(self, reading: Chain) -> bool:
        """Whether a reading takes what the file has decided before as the file has it."""
        free = {SIGN, "change"} if says_what_it_is(reading) else frozenset[str]()
        told = ((choice, taken) for choice, taken in self.story.items() if choice in reading.met - free)
        return all((choice in reading.taken) == taken for choice, taken in told)

    def meaning(self, chain: Chain) -> Meaning:
        """What a chain means: that of which least is wrong, and of several the likeliest."""
        meanings = self.updates.meanings(chain)
        if chain.relations[0].built == "part":
            return self._part(meanings[0].chain)
        if len(meanings) == 1:
            return self._locally(meanings[0], wrong=None)
        least, meant, tried = len(chain.sides), meanings[0], deque[Hearing]()
        for meaning in meanings:
            wrong = self._wrong(meaning.chain)
            if wrong < least:
                least, meant, tried = wrong, meaning, self.tried
            if not wrong:
                break
        self.tried = tried
        return self._locally(meant, wrong=least)

    def _part(self, chain: Chain) -> Meaning:
        """A chain about a part of a derivative, which more is added to: one about what goes into that on some way."""
        if self._wrong(chain) == 0:
            return Meaning(chain)
        parts = list(self.contributions.meanings(chain))
        local = [one for part in parts if (one := self.local.meaning(part)) is not None]
        found = [Meaning(one, "read_as_part") for one in (*parts, *local)]
        meant = next((one for one in found if self._wrong(one.chain) == 0), found[0] if found else Meaning(chain))
        self._try(meant.chain)
        return meant

    def _locally(self, meant: Meaning, *, wrong: int | None) -> Meaning:
        """The same with its derivatives as local ones, where only then all of it holds."""
        chain, local = meant.chain, self.local
        readings = [one for one in (*local.meanings(chain), local.in_sums(chain)) if one is not None]
        if not readings or wrong == 0:
            return meant
        if wrong is None and self._all_hold(chain):
            return meant
        tried = self.tried
        for reading in readings:
            if self._all_hold(reading):
                return Meaning(reading, "read_as_local")
        self.tried = tried
        return meant

    def _all_hold(self, chain: Chain) -> bool:
        self._try(chain)
        return all(finding.verdict in RIGHT for hearing in self.tried for finding in hearing.findings)

    def _wrong(self, chain: Chain) -> int:
        """How many relations of a chain are not right, and do not follow from an earlier line."""
        self._try(chain)
        wrong = {
            i for hearing in self.tried for i, finding in enumerate(hearing.findings) if finding.verdict not in RIGHT
        }
        if wrong and self.followed.beliefs:
            followed = (entry for hearing in self.tried for entry in self.followed.of(hearing, chain))
            wrong = {entry.i for entry in followed if entry.finding.verdict not in FOLLOWING}
        return len(wrong)

    def _try(self, chain: Chain) -> None:
        """The chain as it would be judged."""
        placing = self.placing
        self.tried = deque(placing.hearings.of(placing.placed(line, chain)) for line in placing.plainly(chain).lines)


def _counts_values(readings: Sequence[Chain]) -> int:
    """The reading in which ``w^{(2)} = 0.7`` is about a value of w, where the first one takes it for a power alone."""
    if not isinstance(readings[0].sides[0].expr, Power):
        return 0
    return next((i for i, one in enumerate(readings) if one.taken == {"moment"}), 0)


__all__ = ["ChosenReadings"]
