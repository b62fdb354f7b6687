"""The lines of a chain, each a chain of scalars: of which sample they are, and whose loss they differentiate."""

from __future__ import annotations

from collections import deque
from collections.abc import Mapping

from flint import fmpq

from derive.expressions.reckon import rational
from derive.model import Given
from derive.network import Network
from derive.verification.comparing.chain import ScalarChain
from derive.verification.comparing.samples import Samples
from derive.verification.judging.batch_shares import BatchShares
from derive.verification.judging.hearings import Hearings
from derive.verification.judging.judge import Hearing, Judge
from derive.verification.judging.matrices import InScalars, laid_out, ties
from derive.verification.judging.story import OF_BATCH, RIGHT, SHARES
from derive.verification.reading import Chain


class PlacedLines:
    """Where the lines of one file stand; ``story`` is what the file takes in one way throughout."""

    def __init__(self, network: Network, judge: Judge, text: str, shares: BatchShares, hearings: Hearings) -> None:
        self.network = network
        self.judge = judge
        self.samples = Samples.of(text, judge.worlds.addresses, tuple(map(_numbers, network.rows)))
        self.shares = shares
        self.hearings = hearings
        self.story: dict[str, bool] = {}
        self.is_shared = False
        self._confirmed = False
        self._laid: dict[int, tuple[Chain, InScalars]] = {}

    def clear(self) -> None:
        """Another chain begins."""
        self._laid.clear()

    def plainly(self, chain: Chain) -> InScalars:
        """The chain in scalars, laid out once."""
        if id(chain) not in self._laid:
            self._laid[id(chain)] = chain, laid_out(chain)
        return self._laid[id(chain)][1]

    def placed(self, line: ScalarChain, chain: Chain, *, told: bool = False) -> ScalarChain:
        """The chain of scalars, about the sample that is said, and whose loss the file differentiates by its values.

        ``told``: the file has decided for this reading, and what holds in only one way says which one it has.
        """
        placed = self._in_its_sample(line, chain)
        shared = self.shares.of(placed, (side.text for side in chain.sides)) if OF_BATCH not in chain.met else None
        if shared is None or not self.story.get(SHARES, True):
            return placed
        is_shared = SHARES in self.story
        if not is_shared:
            faults, of_shares = map(self._faults, (placed, shared))
            is_shared = faults > 0 == of_shares
            if told and (is_shared or of_shares > 0 == faults):
                self.story[SHARES] = is_shared
        self.is_shared = self.is_shared or (told and is_shared)
        return shared if is_shared else placed

    def _in_its_sample(self, line: ScalarChain, chain: Chain) -> ScalarChain:
        """The chain of scalars, about the sample that is said."""
        offset = chain.relations[0].start.offset
        if self.samples.unsaid(line):
            row = self.samples.row(line, offset)
            return line if row is None else self.samples.about(line, row)
        own = self.samples.own(line, offset)
        if own is None:
            return line
        faults, of_its_own = map(self._faults, (line, own))
        is_alike = of_its_own == faults and not self.samples.is_by_data(offset)
        return own if faults and (of_its_own < faults or is_alike) else line

    def _faults(self, line: ScalarChain) -> int:
        return sum(finding.verdict not in RIGHT for finding in Hearing(self.judge, line).findings)

    def laid_out(self, chain: Chain) -> InScalars:
        """The chain in scalars; a rule about some activation is about one for which it holds, if there is one."""
        laid = self.plainly(chain)
        for tied in ties(chain, self.network):
            laid = laid_out(chain, tied)
            findings = Hearing(self.judge, laid.lines[0]).findings
            if all(finding.verdict == "holds" for finding in findings):
                break
        return laid

    def heard(self, line: ScalarChain, chain: Chain, tried: deque[Hearing]) -> Hearing:
        """The chain of scalars, judged; of the sample that it is about, or of all samples alike.

        ``tried``: what was heard when the chain's meaning was looked for.
        """
        placed = self.placed(line, chain, told=True)
        if placed is not line and self._is_another_sample(line, placed, chain.relations[0].start.offset):
            return self.judge.chain(line)
        if placed is not line or not (self.samples.unsaid(line) or self.samples.general(line)):
            return self._judged(placed, tried)
        first: Hearing | None = None
        for each in self.samples.candidates():
            hearing = Hearing(self.judge, self.samples.about(line, each))
            holds = all(finding.verdict in RIGHT for finding in hearing.findings)
            if not holds and not any(finding.verdict == "wrong" for finding in hearing.findings):
                return self.judge.chain(line)
            if first is not None and holds != all(finding.verdict in RIGHT for finding in first.findings):
                return self.judge.chain(line)
            first = first or hearing
        if first is None or (not self._is_formula(line) and any(f.verdict == "wrong" for f in first.findings)):
            return self.judge.chain(line)
        first.learn()
        return first

    def _is_another_sample(self, line: ScalarChain, placed: ScalarChain, offset: int) -> bool:
        """Whether a chain is wrong of the sample that the text may say, and right of another one: it is not said.

        Where a chain is right of the former only, the text says it.
        """
        if not self.samples.unsaid(line) or self.samples.is_sure(line, offset, confirmed=self._confirmed):
            return False
        is_wrong = any(finding.verdict == "wrong" for finding in self.hearings.of(placed).findings)
        others = (self.samples.about(line, row) for row in self.samples.candidates())
        alike = (self._faults(one) == 0 for one in others if one != placed)
        if is_wrong:
            return any(alike)
        self._confirmed = self._confirmed or (self._faults(placed) == 0 and not all(alike))
        return False

    @staticmethod
    def _is_formula(line: ScalarChain) -> bool:
        """Whether a chain is a rule: every side has a name."""
        return all(side.names for side in line.sides)

    def _judged(self, line: ScalarChain, tried: deque[Hearing]) -> Hearing:
        """The judge's word on a chain of scalars; it has been spoken where the chain's meaning was looked for."""
        is_tried = bool(tried) and tried[0].line == line
        hearing = tried.popleft() if is_tried else self.hearings.of(line)
        hearing.learn()
        return hearing


def _numbers(row: Mapping[str, Given]) -> dict[str, fmpq]:
    """What stands in a row of the data, where that is a number."""
    values = ((name, rational(given.expression)) for name, given in row.items())
    return {name: value for name, value in values if value is not None}


__all__ = ["PlacedLines"]
