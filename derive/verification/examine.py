"""A whole file of claims: read, judged, followed through, diagnosed."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from derive.network import Network
from derive.verification.comparing.verdict import Reason, Verdict
from derive.verification.inference import read_with_names
from derive.verification.judgement import Judgement, Verification
from derive.verification.judging.batch_shares import BatchShares
from derive.verification.judging.contributions import Contributions
from derive.verification.judging.cues import Cues
from derive.verification.judging.delta_sign import (
    SIGN,
    has_its_own,
    has_the_other_sign,
    in_derivatives,
    turned,
)
from derive.verification.judging.evidence import Evidence
from derive.verification.judging.expected import Expected
from derive.verification.judging.follow import Beliefs
from derive.verification.judging.followed import Followed, FollowedChains, line_of
from derive.verification.judging.hearings import Hearings
from derive.verification.judging.judge import Hearing, Judge
from derive.verification.judging.local import LocalDerivatives
from derive.verification.judging.loss_shares import LossShares
from derive.verification.judging.matrices import SEVERITY, InScalars, subject_of
from derive.verification.judging.own_constants import OwnConstants
from derive.verification.judging.placing import PlacedLines
from derive.verification.judging.readings import ChosenReadings
from derive.verification.judging.sentences import of_a_report, sentence
from derive.verification.judging.statements import Statement, statements
from derive.verification.judging.story import FOLLOWING, OF_BATCH
from derive.verification.judging.updates import Meaning, Updates
from derive.verification.points.trials import Trials
from derive.verification.points.work import Spent
from derive.verification.reading import Chain, Decimal, Matrix, Side, Spelling, TextKind, read
from derive.verification.reading.model import CHOICES
from derive.verification.reading.own_names import NO_OWN_NAMES, OwnNames

if TYPE_CHECKING:  # where all is right, no cause is looked for
    from derive.verification.causes import Causes, Diagnosis
    from derive.verification.causes.waiting import WaitingRelations
    from derive.verification.causes.wrong_relation import WrongRelation

MAX_CLAIMS = 10_000
"""At most this many relations of one file are judged; the rest is said to be too much."""
MAX_READ_AGAIN = 2_000
"""A file of at most this many chains is read again for the other sign of δ, with all its further readings."""
MAX_NOTES = 5
"""At most this many names of a chain are said to be read as others."""
MAX_TOLD = 30
"""At most this many names are said to be read as what was found for them."""
TOO_MANY = (f"more than {MAX_CLAIMS:,} claims in one file", "split the file")
VECTOR = {"problem": "a vector or matrix stands beside a number", "hint": "write its entries: a1_1 = …"}
TOO_MUCH = ("this is too large to be judged beside the rest of the file", "split the file, or write it in steps")
TOO_DEEP = ("this nests too deep, or is too large, to be judged", "write it in steps")


class Examiner:
    """Examines files of claims about one network, one after the other."""

    def __init__(self, network: Network) -> None:
        self.network = network
        self._judge = Judge.of(network)
        self._given: Spelling | None = None

    @cached_property
    def spelling(self) -> Spelling:
        """How the network's quantities may be written."""
        return Spelling.of(self.network)

    def _spelled(self, own: OwnNames) -> Spelling:
        """The same with names that are given for several files, which share what was looked up."""
        if self._given is None or self._given.own_names is not own:
            self._given = self.spelling.with_own(own)
        return self._given

    @cached_property
    def _causes(self) -> Causes:
        from derive.verification.causes import Causes

        return Causes(self.network, self._judge.worlds)

    @cached_property
    def local(self) -> LocalDerivatives:
        """What derivatives are by a formula's own names."""
        return LocalDerivatives(self.network)

    @cached_property
    def contributions(self) -> Contributions:
        """What goes into derivatives, way by way."""
        return Contributions(self.network)

    @cached_property
    def shares(self) -> BatchShares:
        """What derivatives by single samples are of the batch's loss."""
        return BatchShares(self.network)

    @cached_property
    def _expected(self) -> Expected:
        return Expected(self.network)

    def examine(
        self, text: str, kind: TextKind = "text", file: str = "<text>", *, strict: bool = False,
        decimal: Decimal = "auto", own: OwnNames = NO_OWN_NAMES,
    ) -> Verification:  # fmt: skip
        """The verdict on every claim of a text.

        ``strict``: rounding does not hold; ``decimal``: the decimal sign; ``own``: names that have a meaning besides
        those that the text gives one.
        """
        found, spelling = read_with_names(text, kind, self._spelled(own), decimal, file=self._judge, own=own)
        if not found.chains:
            problem = "no relation can be read in it" if not found.general else "there are only general formulas in it"
            hint = "write one claim a line: yhat = sigmoid(z2_1) = 0.521"
            return Verification(file, text, (), problem, hint, found.general, found.not_read)
        judging = _File(self, file, text, strict)
        try:
            judgements = tuple(judging.judge(found.chains))
        except _Turned:
            if len(found.chains) <= MAX_READ_AGAIN:
                found = read(text, kind, spelling, decimal, frozenset({SIGN}))
            else:
                found = replace(found, chains=turned(found.chains))
            judgements = tuple(judging.again().judge(found.chains))
        return Verification(file, text, judgements, general=found.general, not_read=found.not_read)

    # What the files of one network share

    def judge_of_a_file(self) -> Judge:
        """A judge who has read nothing of this file yet."""
        return self._judge.another()

    def diagnosis(self, relation: WrongRelation, trials: Trials) -> Diagnosis | None:
        """The misconception that explains a wrong relation."""
        return self._causes.diagnose(relation, trials)

    def expected(self, hearing: Hearing, i: int, step: str = "", *, negated: bool = False) -> str | None:
        """What a side should say; ``step`` is the sign of an update that says its step (``+=``).

        ``negated``: the chain is heard with the other signs.
        """
        return self._expected.step(hearing, step) if step else self._expected.of(hearing, i, negated=negated)


class _Turned(Exception):
    """The file has δ with the other sign: it is read so from its beginning."""


class _File:
    """One file while it is judged, from its first line to its last."""

    def __init__(self, examiner: Examiner, file: str, text: str, strict: bool) -> None:
        network = examiner.network
        self.text = text
        self.examiner = examiner
        self.file = file
        self.strict = strict
        self.judge_ = examiner.judge_of_a_file()
        self.beliefs = Beliefs(self.judge_)
        self.followed = FollowedChains(self.beliefs, LossShares(examiner.spelling.parts.values(), network.names.loss))
        self.updates = Updates(network, Cues.of(text, network.spec.training.iterations))
        self.hearings = Hearings(self.judge_)
        self.placing = PlacedLines(network, self.judge_, text, examiner.shares, self.hearings)
        self.readings = ChosenReadings(
            examiner.local, examiner.contributions, self.updates, self.placing, self.followed
        )
        self.evidence = Evidence()
        self.own_constants = OwnConstants()
        self.chains: Sequence[Chain] = ()
        self.sign_is_known = False
        self.trials = Trials.of(network, self.judge_.share.tried)

    @cached_property
    def waiting(self) -> WaitingRelations:
        """The wrong relations whose causes are looked for at the end."""
        from derive.verification.causes.waiting import WaitingRelations

        return WaitingRelations(self.trials)

    def judge(self, chains: Sequence[Chain]) -> list[Judgement]:
        """The judgements on all chains; causes are looked for when all is read, because later lines tell, too."""
        judgements: list[Judgement] = []
        self.chains = chains
        for number, chain in enumerate(chains, 1):
            if len(judgements) >= MAX_CLAIMS:
                judgements += self._too_much(chain, number, *TOO_MANY)
                continue
            try:
                if self.judge_.share.spent:
                    raise Spent
                judgements += self._chain(chain, number)
            except Spent:
                judgements += self._too_much(chain, number, *TOO_MUCH)
            except (RecursionError, MemoryError):
                judgements += self._too_much(chain, number, *TOO_DEEP)
        return [self._explained(judgement) for judgement in judgements]

    def again(self) -> _File:
        """The same file before anything is judged, with the work that is left; the sign of δ is known."""
        found = _File(self.examiner, self.file, self.text, self.strict)
        found.judge_.share, found.sign_is_known = self.judge_.share, True
        found.trials = Trials.of(self.examiner.network, found.judge_.share.tried)
        return found

    def _find_sign(self) -> None:
        """Asks the whole file for the sign of δ, once; a chain did not hold in the plain one.

        Raises:
            _Turned: where it is the other one.
        """
        self.sign_is_known = True
        self.hearings.clear()
        try:
            is_other = has_the_other_sign(self.chains, self.readings.least_wrong)
        except Spent:
            is_other = False
        if is_other:
            raise _Turned

    def _too_much(self, chain: Chain, number: int, problem: str, hint: str) -> list[Judgement]:
        note = Reason("unreadable", {"problem": problem, "hint": hint})
        return [self._blank(chain, number, i, "unreadable", note=note) for i in range(1, len(chain.sides))]

    def _chain(self, chain: Chain, number: int) -> list[Judgement]:
        self.followed.clear()
        self.placing.clear()
        self.hearings.clear()
        meant = self.readings.of(chain)
        chain = meant.chain
        self.own_constants.take(chain)
        laid = self.placing.laid_out(chain)
        entries: list[list[Followed]] = [[] for _ in chain.relations]
        subject = None
        stated: list[Statement] = []
        for line in laid.lines:
            hearing = self.placing.heard(line, chain, self.readings.tried)
            self.hearings.clear()  # the file has learnt from it
            subject = subject or subject_of(chain, hearing.subject, self.examiner.network.names)
            followed = self.followed.of(hearing, chain)
            for entry in followed:
                entries[entry.i - 1].append(entry)
            first = next((entry for entry in followed if entry.finding.verdict in ("wrong", "follows")), None)
            at = chain.line if first is None else first.follows_from or line_of(chain, first.i)
            self.beliefs.take(hearing, at, fresh=any(entry.finding.verdict == "wrong" for entry in followed))
            self.followed.shares.take(hearing, None if first is None else at)
            self.evidence.take(hearing)
            verdicts = [entry.stated for entry in followed]
            stated += statements(hearing, verdicts, chain.line, number, misfit=bool(laid.misfits), strict=self.strict)
        found = [entry.finding.verdict for relation in entries for entry in relation]
        self.updates.take(chain, wrong=any(verdict not in FOLLOWING for verdict in found))
        if chain.relations[0].built == "part" and "wrong" in found:
            self.followed.wrong_parts.setdefault(chain.sides[0].text, chain.line)
        notes = _notes(meant, shared=self.placing.is_shared)
        blank = partial(self._blank, chain, number, subject=subject, reading=notes)
        judgements = [
            self._misfit(blank, laid, i)
            or self._judgement(partial(blank, i), relation, chain.relations[i - 1].text, laid)
            for i, relation in enumerate(entries, 1)
        ]
        if has_its_own(chain):
            loss = self.examiner.network.names.loss
            judgements = [replace(j, expected=j.expected and in_derivatives(j.expected, loss)) for j in judgements]
        if SIGN in chain.met - self.placing.story.keys() and not self.sign_is_known and "wrong" in found:
            self._find_sign()
        return [*judgements[:-1], replace(judgements[-1], states=tuple(stated))]

    def _misfit(self, blank: Callable[..., Judgement], laid: InScalars, i: int) -> Judgement | None:
        """A side of another shape is wrong whatever stands in it."""
        if i not in laid.misfits:
            return None
        expected, found = laid.misfits[i]
        return blank(i, "wrong", note=Reason("shape", {"expected": expected, "found": found}))

    def _judgement(
        self, blank: Callable[..., Judgement], entries: list[Followed], step: str, laid: InScalars
    ) -> Judgement:
        """The worst of the entries is the verdict on the relation; ``step`` is the sign of an update that says it."""
        entry = max(entries, key=lambda entry: SEVERITY.index(entry.finding.verdict))
        verdict, note = entry.finding.verdict, entry.finding.note
        blank = partial(blank, verdict)
        if verdict in ("holds", "unreadable"):
            return blank(note=note)
        self.judge_.share.mistake()
        expected = self.examiner.expected(entry.hearing, entry.i, step, negated=laid.negated)
        unsought = (of_a_report("not_followed"),) if entry.unsought else ()
        blank = partial(blank, note=note, expected=expected, unsought=unsought)
        if verdict == "rounding":
            return blank(cause=_rounding(entry))
        blank = partial(blank, follows_from=entry.follows_from)
        judgement = blank()
        if verdict == "wrong":
            own = self.own_constants.reason((judgement.left, judgement.right), self.examiner.spelling)
            if own is not None:
                return replace(judgement, verdict="unreadable", expected=None, hint=None, note=own)
            if _is_vector(judgement.left) != _is_vector(judgement.right):
                return replace(
                    judgement, verdict="unreadable", expected=None, hint=None, note=Reason("unreadable", VECTOR)
                )
            self._put_off(judgement, entry, step)
        return judgement

    def _put_off(self, judgement: Judgement, entry: Followed, step: str) -> None:
        """The cause of a wrong relation is looked for at the end of the file, with what is believed now."""
        left = entry.hearing.lefts[entry.i - 1]
        if left is None or entry.hearing.is_free(left) or entry.hearing.is_free(entry.i):
            return
        if judgement.right is not None and judgement.left is not None:
            written = judgement.right.text
            written = f"{judgement.left.text} {step[0]} ({written})" if step else written
            place, beliefs = _place(judgement), self.beliefs.snapshot()
            self.waiting.put_off(place, entry.hearing, entry.i, written, beliefs=beliefs, evidence=self.evidence)

    def _explained(self, judgement: Judgement) -> Judgement:
        """The judgement with its cause, where one is found."""
        if judgement.verdict != "wrong":
            return judgement
        diagnosis, unsought = self.waiting.explained(_place(judgement), self.examiner.diagnosis)
        if diagnosis is not None:
            from derive.verification.causes.words import told

            cause = told(diagnosis)
            return replace(judgement, cause=diagnosis.cause, diagnosis=diagnosis, told=cause, hint=sentence(cause.hint))
        if unsought:
            return replace(judgement, unsought=(*judgement.unsought, of_a_report(unsought)))
        return judgement

    def _blank(self, chain: Chain, number: int, i: int, verdict: Verdict, **known: Any) -> Judgement:
        """The judgement on the relation before side ``i`` of a chain."""
        left, right, relation = chain.sides[i - 1], chain.sides[i], chain.relations[i - 1]
        sign = relation.text or ("=" if relation.sign == "=" else "≈")
        holds = verdict == "holds" or (verdict == "rounding" and not self.strict)
        return Judgement(
            self.file, relation.start.line, relation.start.column, f"{left.text} {sign} {right.text}".strip(),
            verdict, holds, left=left, right=right, chain=number, sign=relation.sign,
            hint=of_a_report("wrong_hint") if verdict == "wrong" else None, **known,
        )  # fmt: skip


def _notes(meant: Meaning, *, shared: bool = False) -> str | None:
    """In what meaning a chain was read, where that is not the plain one.

    ``shared``: its derivatives by what single samples have are those of the batch's loss.
    """
    chain = meant.chain
    if shared:
        chain = replace(chain, taken=chain.taken | {OF_BATCH})
    said = [of_a_report(f"read_as_{choice}") for choice in CHOICES if choice in chain.taken]
    for written, name, why in chain.told[:MAX_TOLD]:
        said.append(of_a_report(f"read_as_{why}", written=written, meant=name))
    itself = ("delta",) if "node" in chain.taken else ()
    meant_so = [(written, name) for written, name in chain.meant if not written.startswith(itself)]
    said += [of_a_report("read_as", written=written, meant=name) for written, name in meant_so[:MAX_NOTES]]
    said += [of_a_report(meant.reading)] if meant.reading else []
    return " ".join(said) or None


def _is_vector(side: Side | None) -> bool:
    return side is not None and isinstance(side.expr, Matrix) and side.expr.shape != (1, 1)


def _rounding(entry: Followed) -> str | None:
    from derive.verification.causes.rounding import rounding_in

    return rounding_in(entry.hearing, entry.i, carried=entry.finding.carried)


def _place(judgement: Judgement) -> tuple[int, int, int]:
    return judgement.chain, judgement.line, judgement.column
