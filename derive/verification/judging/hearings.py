"""The hearings of one chain: its lines are heard in each of its meanings, and again in the one that it has.

A line that was heard in the same state of the file is the same; what it takes is taken again, so that the file's share
of work lasts as long as if it were judged anew.
"""

from __future__ import annotations

from typing import NamedTuple

from derive.verification.comparing.chain import File, ScalarChain
from derive.verification.judging.judge import Hearing


class _Kept(NamedTuple):
    """A hearing as it ended, in which state of the file, and what it took."""

    hearing: Hearing
    state: tuple[int, ...]
    parts: int


class Hearings:
    """What was heard of one chain, until the file learns from it."""

    def __init__(self, judge: File) -> None:
        self.judge = judge
        self._kept: dict[int, _Kept] = {}

    def clear(self) -> None:
        """Another chain begins, or the file has learnt something."""
        self._kept.clear()

    def of(self, line: ScalarChain) -> Hearing:
        """The line, heard.

        Raises:
            Spent: where that is too much for one file.
        """
        judge, kept = self.judge, self._kept.get(id(line))
        if kept is not None and kept.state == self._state() and judge.share.parts.has(kept.parts):
            judge.share.parts.take(kept.parts)
            return kept.hearing.again()
        state, others, parts = self._state(), self._others(), judge.share.parts.done
        hearing = Hearing(judge, line)
        if self._state() == state and self._others() == others:
            self._kept[id(line)] = _Kept(hearing.again(), state, judge.share.parts.done - parts)
        return hearing

    def _state(self) -> tuple[int, ...]:
        """What of the file has an end, and is counted while lines are heard."""
        judge = self.judge
        return judge.deep, judge.meanings, judge.roundings, judge.put_back

    def _others(self) -> tuple[int, ...]:
        """The work besides that for the parts of relations: what it was made for once is not paid again."""
        share = self.judge.share
        return share.whole.done - share.parts.done, *share.looked_at
