"""The relations of a chain with the lines that they go back to: what follows from an earlier mistake."""

from __future__ import annotations

from dataclasses import replace

from derive.records import record
from derive.verification.comparing.verdict import Reason
from derive.verification.judging.follow import Beliefs
from derive.verification.judging.judge import Finding, Hearing
from derive.verification.judging.loss_shares import LossShares
from derive.verification.judging.statements import StatedVerdict
from derive.verification.reading import Chain

WHICH_UNIT = {"problem": "it is not clear which unit's z and a these are", "hint": "write z2_1, a2_1"}

_ROUNDED = Finding("rounding", Reason("carried"), carried=True)
"""What is worked from rounded numbers of other lines."""


@record
class Followed:
    """One relation between scalars: what was found of it, and where it goes back to.

    ``unsought`` says that no line was looked for that it follows from; ``exactly`` that it follows with all of its
    digits. What is right but for its rounding may go back to a line as well.
    """

    hearing: Hearing
    i: int
    finding: Finding
    follows_from: int | None = None
    unsought: bool = False
    exactly: bool = False

    @property
    def stated(self) -> StatedVerdict:
        """As a statement takes it over."""
        return StatedVerdict(self.finding.verdict, self.follows_from, self.exactly)


class FollowedChains:
    """What the chains of one file go back to; a chain's findings are traced once for what is believed."""

    def __init__(self, beliefs: Beliefs, shares: LossShares) -> None:
        self.beliefs = beliefs
        self.shares = shares
        self.wrong_parts: dict[str, int] = {}
        self._followed: dict[tuple[int, int], list[Followed]] = {}

    def clear(self) -> None:
        """Another chain begins."""
        self._followed.clear()

    def of(self, hearing: Hearing, chain: Chain) -> list[Followed]:
        """The findings of a chain, with the lines that its wrong relations go back to; once for what is believed."""
        key = id(hearing), self.beliefs.moment
        if key not in self._followed:
            self._followed[key] = self._traced(hearing, chain)
        return self._followed[key]

    def _traced(self, hearing: Hearing, chain: Chain) -> list[Followed]:
        entries: list[Followed] = []
        for i, finding in enumerate(hearing.findings, 1):
            if finding.verdict == "wrong" and _of_some_unit(hearing, i):
                entries.append(Followed(hearing, i, Finding("unreadable", Reason("unreadable", WHICH_UNIT))))
            elif finding.verdict == "wrong":
                origin = self.beliefs.explain(hearing, i)
                part = (
                    self.wrong_parts.get(chain.sides[0].text) if chain.relations[0].built == "sum" and i == 1 else None
                )
                part = part or (self.shares.origin(hearing, i) if origin is None else None)
                if origin is None and part is not None:
                    found = Finding("follows", Reason("follows_line", {"line": str(part)}))
                    entries.append(Followed(hearing, i, found, part))
                    continue
                if origin is None and self.beliefs.is_rounded(hearing, i):
                    hearing.states = [*hearing.states[:i], "rounding", *hearing.states[i + 1 :]]
                    entries.append(Followed(hearing, i, _ROUNDED))
                    continue
                if origin is None:
                    entries.append(Followed(hearing, i, finding, None, self.beliefs.cut_short))
                    continue
                found = Finding("follows", Reason("follows_line", {"line": str(origin.line)}))
                entries.append(Followed(hearing, i, found, origin.line, exactly=origin.exactly))
            elif finding.verdict == "follows" and finding.back is not None:
                before = entries[finding.back] if finding.back < len(entries) else None
                if before is not None and before.finding is _ROUNDED:
                    entries.append(Followed(hearing, i, _ROUNDED))
                    continue
                back = (before and before.follows_from) or line_of(chain, finding.back + 1)
                found = replace(finding, note=Reason("follows_left", {"line": str(back)}))
                entries.append(Followed(hearing, i, found, back))
            elif finding.carried and self.beliefs and (origin := self.beliefs.explain(hearing, i)) is not None:
                entries.append(Followed(hearing, i, finding, origin.line))
            else:
                entries.append(Followed(hearing, i, finding))
        return entries


def _of_some_unit(hearing: Hearing, i: int) -> bool:
    """Whether a bare ``z`` or ``a`` is given a value: that is no rule, and whose value it is nobody knows."""
    left = hearing.lefts[i - 1]
    sides = (i, left) if left is not None else (i,)
    return any(map(hearing.is_free, sides)) and any(not hearing.sides[side].names for side in sides)


def line_of(chain: Chain, i: int) -> int:
    """The line of the relation before side ``i``."""
    return chain.relations[i - 1].start.line


__all__ = ["Followed", "FollowedChains", "line_of"]
