"""A whole file of claims: read, judged, followed through, diagnosed."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from derive.network import Network
from derive.network.build import rational
from derive.records import record
from derive.verification.comparing.chain import ScalarChain
from derive.verification.comparing.samples import Samples
from derive.verification.comparing.verdict import Reason, Verdict
from derive.verification.inference import ERRORS, RESIDUAL, Definitions, exchanged, inferred
from derive.verification.inference.in_doubt import may_mean_others
from derive.verification.judgement import Judgement, Verification
from derive.verification.judging.batch_shares import BatchShares
from derive.verification.judging.contributions import Contributions
from derive.verification.judging.cues import Cues
from derive.verification.judging.delta_sign import (
    SIGN,
    has_its_own,
    has_the_other_sign,
    in_derivatives,
    is_worked,
    says_what_it_is,
    turned,
)
from derive.verification.judging.evidence import Evidence
from derive.verification.judging.expected import Expected
from derive.verification.judging.follow import Beliefs
from derive.verification.judging.hearings import Hearings
from derive.verification.judging.judge import Finding, Hearing, Judge
from derive.verification.judging.local import LocalDerivatives
from derive.verification.judging.matrices import SEVERITY, InScalars, laid_out, subject_of, ties
from derive.verification.judging.sentences import of_a_report, sentence
from derive.verification.judging.statements import StatedVerdict, Statement, statements
from derive.verification.judging.updates import Meaning, Updates
from derive.verification.points.trials import Trials
from derive.verification.points.work import Spent
from derive.verification.reading import Chain, Decimal, Matrix, Side, Spelling, TextKind, read
from derive.verification.reading.model import CHOICES, NAMED, STORIED, ReadText
from derive.verification.reading.own_names import NO_OWN_NAMES, OwnNames
from derive.verification.reading.written_number import digits_of

if TYPE_CHECKING:  # where all is right, no cause is looked for
    from derive.verification.causes import Causes, Diagnosis
    from derive.verification.causes.wrong_relation import WrongRelation

MAX_CLAIMS = 10_000
"""At most this many relations of one file are judged; the rest is said to be too much."""
MAX_READ_AGAIN = 2_000
"""A file of at most this many chains is read again for the other sign of δ, with all its further readings."""
MAX_NOTES = 5
"""At most this many names of a chain are said to be read as others."""
MAX_NAMED = 2_000
"""In a text of more chains no names are looked for that no ``let`` explains."""
MAX_TEXT = 200_000
"""Nor in a text of more characters."""
MAX_TOLD = 30
"""At most this many names are said to be read as what was found for them."""
OF_BATCH, SHARES = "of_batch", "shares"
"""Derivatives by what single samples have are of the batch's loss: in arrays of all samples, and one by one."""
RIGHT = ("holds", "rounding")
FOLLOWING = (*RIGHT, "follows")
TOO_MANY = (f"more than {MAX_CLAIMS:,} claims in one file", "split the file")
WHICH_UNIT = {"problem": "it is not clear which unit's z and a these are", "hint": "write z2_1, a2_1"}
VECTOR = {"problem": "a vector or matrix stands beside a number", "hint": "write its entries: a1_1 = …"}
TOO_MUCH = ("this is too large to be judged beside the rest of the file", "split the file, or write it in steps")
TOO_DEEP = ("this nests too deep, or is too large, to be judged", "write it in steps")


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
        found, spelling = self._read(text, kind, decimal, own)
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

    def _read(self, text: str, kind: TextKind, decimal: Decimal, own: OwnNames) -> tuple[ReadText, Spelling]:
        """A text, once more where it has names that only its numbers and formulas explain; and how it spells names."""
        spelling = self._spelled(own)
        found = read(text, kind, spelling, decimal)
        swapped = self._exchanged(found.chains) if not own else OwnNames()
        if swapped:
            spelling = spelling.with_own(swapped)
            found = read(text, kind, spelling, decimal)
        unknown = found.not_read or any(side.expr is None for chain in found.chains for side in chain.sides)
        if len(found.chains) > MAX_NAMED or len(text) > MAX_TEXT:
            return found, spelling
        if not unknown and not self._is_in_doubt(found.chains, text):
            return found, spelling
        more = inferred(text, kind, spelling, decimal, self._judge)
        if not unknown:  # all names are the network's: only y, an error, or the sign of a δ may be another one
            more = OwnNames({key: one for key, one in more.by_key.items() if one.why in ("its_use", "its_sign")})
        if not more:
            return found, spelling
        spelling = self.spelling.with_own(swapped.with_(more.by_key).with_(own.by_key))
        return read(text, kind, spelling, decimal), spelling

    def _is_in_doubt(self, chains: Sequence[Chain], text: str) -> bool:
        """Whether some name of the network's may be another quantity than it says."""
        if not any(map(_is_in_doubt, chains)):
            return False
        rate = self.network.spec.training.learning_rate
        return may_mean_others(text, self.network.names, None if rate is None else rational(rate))

    def _exchanged(self, chains: Sequence[Chain]) -> OwnNames:
        """The letters that the text has for each other's quantities, by its numbers."""
        network = self.network
        if len(network.rows) > 1:
            return OwnNames()
        return exchanged(chains, network.names, Definitions(self._judge).value)

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
        self.text = text
        self.examiner = examiner
        self.file = file
        self.strict = strict
        self.judge_ = examiner.judge_of_a_file()
        self.samples = Samples.of(text, self.judge_.worlds.addresses, len(examiner.network.rows))
        self.beliefs = Beliefs(self.judge_)
        self.updates = Updates(examiner.network, Cues.of(text, examiner.network.spec.training.iterations))
        self.hearings = Hearings(self.judge_)
        self.tried: deque[Hearing] = deque()
        self.followed: dict[tuple[int, int], list[Followed]] = {}
        self.laid: dict[int, tuple[Chain, InScalars]] = {}
        self.evidence = Evidence()
        self.story: dict[str, bool] = {}
        self.shares, self.is_shared, self.confirmed = examiner.shares, False, False
        self.wrong_parts: dict[str, int] = {}
        self.chains: Sequence[Chain] = ()
        self.sign_is_known = False
        self.waiting: dict[tuple[int, int, int], WrongRelation] = {}
        self.trials = Trials.of(examiner.network, self.judge_.share.tried)

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
            is_other = has_the_other_sign(self.chains, lambda one: self._wrong(self._meant(one).chain))
        except Spent:
            is_other = False
        if is_other:
            raise _Turned

    def _too_much(self, chain: Chain, number: int, problem: str, hint: str) -> list[Judgement]:
        note = Reason("unreadable", {"problem": problem, "hint": hint})
        return [self._blank(chain, number, i, "unreadable", note=note) for i in range(1, len(chain.sides))]

    def _chain(self, chain: Chain, number: int) -> list[Judgement]:
        self.followed.clear()
        self.laid.clear()
        self.hearings.clear()
        meant = self._chosen(chain)
        self.tried.clear()
        meant = meant or self._meant(chain)
        self.is_shared = False
        chain = meant.chain
        laid = self._laid_out(chain)
        entries: list[list[Followed]] = [[] for _ in chain.relations]
        subject = None
        stated: list[Statement] = []
        for line in laid.lines:
            hearing = self._heard(line, chain)
            self.hearings.clear()  # the file has learnt from it
            subject = subject or subject_of(chain, hearing.subject, self.examiner.network.names)
            followed = self._followed(hearing, chain)
            for entry in followed:
                entries[entry.i - 1].append(entry)
            first = next((entry for entry in followed if entry.finding.verdict in ("wrong", "follows")), None)
            at = chain.line if first is None else first.follows_from or _line(chain, first.i)
            self.beliefs.take(hearing, at, fresh=any(entry.finding.verdict == "wrong" for entry in followed))
            self.evidence.take(hearing)
            verdicts = [entry.stated for entry in followed]
            stated += statements(hearing, verdicts, chain.line, number, misfit=bool(laid.misfits), strict=self.strict)
        found = [entry.finding.verdict for relation in entries for entry in relation]
        self.updates.take(chain, wrong=any(verdict not in FOLLOWING for verdict in found))
        if chain.relations[0].built == "part" and "wrong" in found:
            self.wrong_parts.setdefault(chain.sides[0].text, chain.line)
        notes = _notes(meant, shared=self.is_shared)
        blank = partial(self._blank, chain, number, subject=subject, reading=notes)
        judgements = [
            self._misfit(blank, laid, i)
            or self._judgement(partial(blank, i), relation, chain.relations[i - 1].text, laid)
            for i, relation in enumerate(entries, 1)
        ]
        if has_its_own(chain):
            loss = self.examiner.network.names.loss
            judgements = [replace(j, expected=j.expected and in_derivatives(j.expected, loss)) for j in judgements]
        if SIGN in chain.met - self.story.keys() and not self.sign_is_known and "wrong" in found:
            self._find_sign()
        return [*judgements[:-1], replace(judgements[-1], states=tuple(stated))]

    def _chosen(self, chain: Chain) -> Meaning | None:
        """The meaning of one of the chain's other readings, where that holds and the first does not; else None.

        What a file takes in one way throughout is taken so in all that follows.
        """
        if chain.others == ():
            return None
        storied = STORIED if self.examiner.network.names.sizes else STORIED | {SIGN}
        open_ = chain.met & storied - self.story.keys()
        first: int | None = None
        if not open_ and self._is_told(chain):
            self.tried.clear()
            meant = self._meant(chain)
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
            meant = self._meant(reading)
            counts.append(self._wrong(meant.chain))
            if counts[-1] == 0:
                others = [one for one in readings if one is not reading and open_ & (one.taken ^ reading.taken)]
                if open_ and not any(self._wrong(self._meant(one).chain) == 0 for one in others):
                    self.story |= {choice: choice in reading.taken for choice in open_}
                return meant
        if readings and any(side.expr is None for side in readings[0].sides):
            readings = [one for one in readings if one.taken <= NAMED and all(side.expr for side in one.sides)]
        unit = next((i for i, one in enumerate(readings) if one.taken == {"single"} and counts[i] < counts[0]), 0)
        readings = [readings[unit], *readings] if len(counts) == len(readings) else readings
        return self._meant(readings[0]) if readings and readings[0] is not chain else None

    def _is_told(self, reading: Chain) -> bool:
        """Whether a reading takes what the file has decided before as the file has it."""
        free = {SIGN} if says_what_it_is(reading) else frozenset[str]()
        told = ((choice, taken) for choice, taken in self.story.items() if choice in reading.met - free)
        return all((choice in reading.taken) == taken for choice, taken in told)

    def _meant(self, chain: Chain) -> Meaning:
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
        found = [Meaning(one, "read_as_part") for one in self.examiner.contributions.meanings(chain)]
        meant = next((one for one in found if self._wrong(one.chain) == 0), found[0] if found else Meaning(chain))
        self._try(meant.chain)
        return meant

    def _locally(self, meant: Meaning, *, wrong: int | None) -> Meaning:
        """The same with its derivatives as local ones, where only then all of it holds."""
        local = self.examiner.local.meaning(meant.chain)
        if local is None or wrong == 0:
            return meant
        if wrong is None and self._all_hold(meant.chain):
            return meant
        tried = self.tried
        if self._all_hold(local):
            return Meaning(local, "read_as_local")
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
        if wrong and self.beliefs:
            followed = (entry for hearing in self.tried for entry in self._followed(hearing, chain))
            wrong = {entry.i for entry in followed if entry.finding.verdict not in FOLLOWING}
        return len(wrong)

    def _try(self, chain: Chain) -> None:
        """The chain as it would be judged."""
        self.tried = deque(self.hearings.of(self._placed(line, chain)) for line in self._plainly(chain).lines)

    def _plainly(self, chain: Chain) -> InScalars:
        """The chain in scalars, laid out once."""
        if id(chain) not in self.laid:
            self.laid[id(chain)] = chain, laid_out(chain)
        return self.laid[id(chain)][1]

    def _placed(self, line: ScalarChain, chain: Chain, *, told: bool = False) -> ScalarChain:
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

    def _faults(self, line: ScalarChain) -> int:
        return sum(finding.verdict not in RIGHT for finding in Hearing(self.judge_, line).findings)

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
        return own if faults and of_its_own <= faults else line

    def _laid_out(self, chain: Chain) -> InScalars:
        """The chain in scalars; a rule about some activation is about one for which it holds, if there is one."""
        laid = self._plainly(chain)
        for tied in ties(chain, self.examiner.network):
            laid = laid_out(chain, tied)
            findings = Hearing(self.judge_, laid.lines[0]).findings
            if all(finding.verdict == "holds" for finding in findings):
                break
        return laid

    def _heard(self, line: ScalarChain, chain: Chain) -> Hearing:
        """The chain of scalars, judged; of the sample that it is about, or of all samples alike."""
        placed = self._placed(line, chain, told=True)
        if placed is not line and self._is_another_sample(line, placed, chain.relations[0].start.offset):
            return self.judge_.chain(line)
        if placed is not line or not (self.samples.unsaid(line) or self.samples.general(line)):
            return self._judged(placed)
        first: Hearing | None = None
        for each in self.samples.candidates():
            hearing = Hearing(self.judge_, self.samples.about(line, each))
            holds = all(finding.verdict in RIGHT for finding in hearing.findings)
            if not holds and not any(finding.verdict == "wrong" for finding in hearing.findings):
                return self.judge_.chain(line)
            if first is not None and holds != all(finding.verdict in RIGHT for finding in first.findings):
                return self.judge_.chain(line)
            first = first or hearing
        if first is None or (not self._is_formula(line) and any(f.verdict == "wrong" for f in first.findings)):
            return self.judge_.chain(line)
        first.learn()
        return first

    def _is_another_sample(self, line: ScalarChain, placed: ScalarChain, offset: int) -> bool:
        """Whether a chain is wrong of the sample that the text may say, and right of another one: it is not said.

        Where a chain is right of the former only, the text says it.
        """
        if not self.samples.unsaid(line) or self.samples.is_sure(line, offset, confirmed=self.confirmed):
            return False
        is_wrong = any(finding.verdict == "wrong" for finding in self.hearings.of(placed).findings)
        others = (self.samples.about(line, row) for row in self.samples.candidates())
        alike = (self._faults(one) == 0 for one in others if one != placed)
        if is_wrong:
            return any(alike)
        self.confirmed = self.confirmed or (self._faults(placed) == 0 and not all(alike))
        return False

    @staticmethod
    def _is_formula(line: ScalarChain) -> bool:
        """Whether a chain is a rule: every side has a name."""
        return all(side.names for side in line.sides)

    def _judged(self, line: ScalarChain) -> Hearing:
        """The judge's word on a chain of scalars; it has been spoken where the chain's meaning was looked for."""
        is_tried = bool(self.tried) and self.tried[0].line == line
        hearing = self.tried.popleft() if is_tried else self.hearings.of(line)
        hearing.learn()
        return hearing

    def _followed(self, hearing: Hearing, chain: Chain) -> list[Followed]:
        """The findings of a chain, with the lines that its wrong relations go back to; once for what is believed."""
        key = id(hearing), self.beliefs.moment
        if key not in self.followed:
            self.followed[key] = self._traced(hearing, chain)
        return self.followed[key]

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
                if origin is None and part is not None:
                    found = Finding("follows", Reason("follows_line", {"line": str(part)}))
                    entries.append(Followed(hearing, i, found, part))
                    continue
                if origin is None:
                    entries.append(Followed(hearing, i, finding, None, self.beliefs.cut_short))
                    continue
                found = Finding("follows", Reason("follows_line", {"line": str(origin.line)}))
                entries.append(Followed(hearing, i, found, origin.line, exactly=origin.exactly))
            elif finding.verdict == "follows" and finding.back is not None:
                before = entries[finding.back] if finding.back < len(entries) else None
                back = (before and before.follows_from) or _line(chain, finding.back + 1)
                found = replace(finding, note=Reason("follows_left", {"line": str(back)}))
                entries.append(Followed(hearing, i, found, back))
            elif finding.carried and self.beliefs and (origin := self.beliefs.explain(hearing, i)) is not None:
                entries.append(Followed(hearing, i, finding, origin.line))
            else:
                entries.append(Followed(hearing, i, finding))
        return entries

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
            return blank(cause=self._rounding(entry))
        blank = partial(blank, follows_from=entry.follows_from)
        judgement = blank()
        if verdict == "wrong":
            if _is_vector(judgement.left) != _is_vector(judgement.right):
                return replace(
                    judgement, verdict="unreadable", expected=None, hint=None, note=Reason("unreadable", VECTOR)
                )
            self._put_off(judgement, entry, step)
        return judgement

    def _put_off(self, judgement: Judgement, entry: Followed, step: str) -> None:
        """The cause of a wrong relation is looked for at the end of the file, with what is believed now."""
        from derive.verification.causes.wrong_relation import WrongRelation

        left = entry.hearing.lefts[entry.i - 1]
        if left is None or entry.hearing.is_free(left) or entry.hearing.is_free(entry.i):
            return
        if judgement.right is not None and judgement.left is not None:
            written = judgement.right.text
            written = f"{judgement.left.text} {step[0]} ({written})" if step else written
            relation = WrongRelation(entry.hearing, entry.i, written, self.beliefs.snapshot(), self.evidence)
            self.waiting[_place(judgement)] = relation

    def _explained(self, judgement: Judgement) -> Judgement:
        """The judgement with its cause, where one is found."""
        relation = self.waiting.pop(_place(judgement), None) if judgement.verdict == "wrong" else None
        if relation is None:
            return judgement
        self.trials.cut_short = False
        before = self.trials.work.done
        try:
            diagnosis = self.examiner.diagnosis(relation, self.trials)
        except (RecursionError, MemoryError):
            diagnosis = None
        except Spent:
            diagnosis, self.trials.cut_short = None, True
        if diagnosis is not None:
            from derive.verification.causes.words import told

            cause = told(diagnosis)
            return replace(judgement, cause=diagnosis.cause, diagnosis=diagnosis, told=cause, hint=sentence(cause.hint))
        if self.trials.cut_short:
            said = of_a_report("not_sought" if self.trials.work.done == before else "not_all_sought")
            return replace(judgement, unsought=(*judgement.unsought, said))
        return judgement

    def _rounding(self, entry: Followed) -> str | None:
        from derive.verification.causes import rounding_cause

        number = entry.hearing.sides[entry.i].number
        carried = entry.finding.carried
        if number is None or not digits_of(number.written + "1"):
            return "rounded_early" if carried else None
        true = entry.hearing.span(entry.hearing.subject)
        if not true.is_point:
            return "rounded_early" if carried else None
        sign = "-" if entry.hearing.span(entry.i).high < 0 else ""
        return rounding_cause(sign + number.written, true.low, carried=carried)

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
    said += [of_a_report("read_as", written=written, meant=name) for written, name in chain.meant[:MAX_NOTES]]
    said += [of_a_report(meant.reading)] if meant.reading else []
    return " ".join(said) or None


def _is_in_doubt(chain: Chain) -> bool:
    """Whether a chain is about y, the output or the target, about a δ, whose sign may be turned, or about an error."""
    said = chain.sides[0].text
    if said.lower() in ERRORS or any(RESIDUAL.search(side.text) for side in chain.sides):
        return True
    return said.lstrip("\\").startswith(("delta", "δ")) or (said[:1] == "y" and said[:2] != "yh")


def _is_vector(side: Side | None) -> bool:
    return side is not None and isinstance(side.expr, Matrix) and side.expr.shape != (1, 1)


def _of_some_unit(hearing: Hearing, i: int) -> bool:
    """Whether a bare ``z`` or ``a`` is given a value: that is no rule, and whose value it is nobody knows."""
    left = hearing.lefts[i - 1]
    sides = (i, left) if left is not None else (i,)
    return any(map(hearing.is_free, sides)) and any(not hearing.sides[side].names for side in sides)


def _place(judgement: Judgement) -> tuple[int, int, int]:
    return judgement.chain, judgement.line, judgement.column


def _line(chain: Chain, i: int) -> int:
    """The line of the relation before side ``i``."""
    return chain.relations[i - 1].start.line
