"""Wrong relations whose causes are looked for when all of the file is read, because later lines tell, too."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from derive.verification.causes.wrong_relation import WrongRelation
from derive.verification.judging.evidence import Evidence
from derive.verification.judging.follow import Snapshot
from derive.verification.judging.judge import Hearing
from derive.verification.points.trials import Trials
from derive.verification.points.work import Spent

if TYPE_CHECKING:  # where all is right, no cause is looked for
    from derive.verification.causes.diagnose import Diagnosis


class WaitingRelations:
    """The wrong relations of one file, by their places."""

    def __init__(self, trials: Trials) -> None:
        self.trials = trials
        self._waiting: dict[tuple[int, int, int], WrongRelation] = {}

    def put_off(
        self, place: tuple[int, int, int], hearing: Hearing, i: int, written: str,
        *, beliefs: Snapshot, evidence: Evidence,
    ) -> None:  # fmt: skip
        """Takes down a wrong relation, with what is believed now."""
        self._waiting[place] = WrongRelation(hearing, i, written, beliefs, evidence)

    def explained(
        self, place: tuple[int, int, int], diagnosed: Callable[[WrongRelation, Trials], Diagnosis | None]
    ) -> tuple[Diagnosis | None, str]:
        """What explains a relation, and the word of a report for what was not looked for."""
        relation = self._waiting.pop(place, None)
        if relation is None:
            return None, ""
        self.trials.cut_short = False
        before = self.trials.work.done
        try:
            diagnosis = diagnosed(relation, self.trials)
        except (RecursionError, MemoryError):
            diagnosis = None
        except Spent:
            diagnosis, self.trials.cut_short = None, True
        if diagnosis is not None or not self.trials.cut_short:
            return diagnosis, ""
        return None, "not_sought" if self.trials.work.done == before else "not_all_sought"


__all__ = ["WaitingRelations"]
