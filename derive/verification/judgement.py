"""What is said of a claim: the verdict, and what a report, a mark or a program wants to know of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

from derive.records import record
from derive.verification.comparing.verdict import VERDICTS, Reason, Verdict
from derive.verification.documents.claims_document import PLAIN, FileParts
from derive.verification.judging.statements import Statement
from derive.verification.reading.model import Side

if TYPE_CHECKING:
    from derive.verification.causes import Diagnosis
    from derive.verification.causes.words import ToldCause


@record
class Judgement:
    """One relation sign and what is said of it.

    Attributes:
        file, line, column: where the relation's right side begins.
        claim: both sides as they are written, with the sign between them.
        holds: whether the claim counts as right.
        cause: the name of a misconception in the catalogue.
        follows_from: the line of the wrong claim that this one goes back to.
        expected: the true value or expression where the claim is not simply right.
        hint: a way on that gives nothing away.
        note: the reason in words.
        diagnosis: the mistakes that explain it, in this process only; ``told``: what is said of them.
        subject: the canonical name of the quantity that the chain is about.
        chain: the number of the chain in its file.
        reading: in what meaning the chain was read, where it was not the plain one.
        states: the numbers that the chain gives to quantities; with its last relation.
        unsought: what was not looked for, because the file's share of work had ended: sentences.
    """

    file: str
    line: int
    column: int
    claim: str
    verdict: Verdict
    holds: bool
    cause: str | None = None
    follows_from: int | None = None
    expected: str | None = None
    hint: str | None = None
    note: Reason | None = None
    diagnosis: Diagnosis | None = None
    told: ToldCause | None = None
    subject: str | None = None
    left: Side | None = None
    right: Side | None = None
    chain: int = 0
    sign: Literal["=", "~"] = "="
    states: tuple[Statement, ...] = ()
    reading: str | None = None
    unsought: tuple[str, ...] = ()

    def entry(self) -> dict[str, object]:
        """The claim as contract, section 5, puts it into JSON."""
        return {
            "file": self.file, "line": self.line, "claim": self.claim, "verdict": self.verdict, "holds": self.holds,
            "cause": self.cause, "follows_from": self.follows_from, "expected": self.expected,
            "hint": self.hint or self._unread.get("hint") or None,
            "note": " ".join(filter(None, (self._unread.get("problem"), self.reading, *self.unsought))) or None,
        }  # fmt: skip

    @property
    def _unread(self) -> Mapping[str, str]:
        """Why the claim cannot be read, and how to mend that; nothing of one that can."""
        facts = dict(self.note.facts) if self.note is not None and self.verdict == "unreadable" else {}
        return {key: fact for key, fact in facts.items() if isinstance(fact, str)}


@record
class Verification:
    """All claims of one file, judged.

    Attributes:
        file: its name in messages.
        text: what was read; empty where nothing could be.
        problem: why the file is no file of claims, or empty.
        general: how many formulas are rules about any network, which are not judged.
        not_read: the lines that say a number of a quantity and have no relation that could be read.
        file_parts: where the lines of the text stand in the file.
    """

    file: str
    text: str
    judgements: tuple[Judgement, ...]
    problem: str = ""
    hint: str = ""
    general: int = 0
    not_read: tuple[int, ...] = ()
    file_parts: FileParts = PLAIN

    def portable(self, *, formulas: bool = True, states: bool = True) -> Verification:
        """The same without what only the process knows that judged it.

        ``formulas`` and ``states`` say whether the sides are still formulas there, and whether marks are to be given:
        to send them takes longer than all the rest.
        """

        def side(one: Side | None) -> Side | None:
            return one if formulas or one is None else replace(one, expr=None)

        judgements = tuple(
            replace(
                one, diagnosis=None, left=side(one.left), right=side(one.right), states=one.states if states else ()
            )
            for one in self.judgements
        )
        return replace(self, judgements=judgements)

    @property
    def claims(self) -> list[dict[str, object]]:
        """Every claim, in the file's order."""
        return [judgement.entry() for judgement in self.judgements]

    @property
    def summary(self) -> dict[str, int]:
        """How many claims got each verdict."""
        return summary(self.judgements)

    @property
    def holds(self) -> bool:
        """Whether everything was read, and every claim holds."""
        return not self.problem and all(judgement.holds for judgement in self.judgements)


def summary(judgements: tuple[Judgement, ...]) -> dict[str, int]:
    """How many claims got each verdict."""
    counts = dict.fromkeys(map(str, VERDICTS), 0)
    for judgement in judgements:
        counts[judgement.verdict] += 1
    return counts
