"""What a report is made from, and the sentences that all formats share."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from itertools import groupby
from pathlib import Path

from derive.naming.author_words import runs
from derive.naming.notation import Notation
from derive.network import Network
from derive.patterns import regex
from derive.records import record
from derive.verification.documents import PLAIN, FileParts
from derive.verification.judgement import Judgement, Verification
from derive.verification.marks import Mark, Marked, points
from derive.words.runs import Say, Tex, Words
from derive.words.templates_path import bundled_templates
from derive.words.voice import ENGLISH, Span, Voice

SAID = frozenset(("several", "copied", "empty", "unreadable"))
"""Verdicts on quantities that earned nothing, of which the lines alone do not say why."""
MAX_COMMON = 5
"""At most this many causes are named for a whole class."""
MAX_LINES = 50
"""At most this many lines that were not read are given by their numbers; what is more is counted."""
_BREAKS = regex(r"\r\n|\r|\n")
_PLAIN = regex(r"[A-Za-z]+_?[A-Za-z0-9]*")
_NAME = regex(r"\b(d?)([A-Za-z]\w*)")
_WEIGHT = regex(r"(?<![A-Za-z0-9_])(d?w\d+_)(\d)_(\d)(?![A-Za-z0-9_])")
_SHORT_WEIGHT = regex(r"(?<![A-Za-z0-9_])d?w\d+_\d\d(?![A-Za-z0-9_])")
_ROUNDING_CAUSES = frozenset({"truncated", "rounded_early", "rounded_to_zero"})


@record(slots=False)
class Report:
    """Judged files of claims about one spec.

    Attributes:
        spec: its name in messages.
        marked: the marks of each file, in the same order; empty without a scheme.
        hints: show the way on in place of what happened and of the expected value.
        color: for a terminal that shows colours.
        templates: folders that are searched first for the wording.
        language: of the wording; what stands in the judgements themselves (hints, what could not be read) is English,
            and expected numbers are written as in claims, with a point.
    """

    spec: str
    network: Network
    verifications: tuple[Verification, ...]
    marked: tuple[Marked, ...] = ()
    hints: bool = False
    color: bool = False
    templates: tuple[Path, ...] = ()
    language: str = ENGLISH

    @cached_property
    def voice(self) -> Voice:
        """The wording."""
        return Voice([*self.templates, bundled_templates()], self.language)

    def said(self, key: str, **facts: object) -> tuple[Span, ...]:
        """A sentence of the report."""
        return self.voice.spans(Say(f"report.{key}", facts))

    @property
    def title(self) -> tuple[Span, ...]:
        """The heading: the title of the spec, or its file."""
        found = runs(self.network.spec.title, Notation.of(self.network.spec, self.network.names))
        words = Words(tuple(Tex(run.content) if run.math else run.content for run in found) or (self.spec,))
        return self.said("title", title=words)

    def plain(self, key: str, **facts: object) -> str:
        """A sentence of the report as plain text."""
        return plain_text(self.said(key, **facts))

    # What is said of one claim

    def reason(self, judgement: Judgement) -> tuple[Span, ...]:
        """What happened in a claim that does not simply hold; nothing of one that does."""
        return tuple(self._spelled(span) for span in self.reason_in_names(judgement))

    def reason_in_names(self, judgement: Judgement) -> tuple[Span, ...]:
        """The same in the canonical names."""
        said = self._reason(judgement)
        more = " ".join(judgement.unsought)
        return (*said, Span("text", f" {more}" if said else more)) if more else said

    def _reason(self, judgement: Judgement) -> tuple[Span, ...]:
        if judgement.verdict == "holds":
            return ()
        if self.hints and judgement.verdict == "wrong":
            return self._hint(judgement)
        if judgement.told is not None:
            return (*self.voice.spans(judgement.told.sentence), *self._by_chance(judgement))
        if judgement.cause in _ROUNDING_CAUSES and judgement.right is not None:
            from derive.verification.causes import words

            said = words.rounding(judgement.cause, judgement.right.text, judgement.expected or "", hinted=self.hints)
            return self.voice.spans(said)
        if judgement.note is not None:
            return self._noted(judgement)
        if judgement.follows_from is None:
            return self.said(judgement.verdict)
        return self.said("follows_line", line=self.place(judgement.file, judgement.follows_from))

    def _by_chance(self, judgement: Judgement) -> tuple[Span, ...]:
        """That the two sides are the same number all the same, where they are not the same formula."""
        if judgement.note is None or judgement.note.key != "at_the_spec_only":
            return ()
        name, value = (judgement.told and judgement.told.chance) or ("", "")
        return (Span("text", " "), *self.said("by_chance", name=name, value=value))

    def _hint(self, judgement: Judgement) -> tuple[Span, ...]:
        if judgement.told is not None:
            return self.voice.spans(judgement.told.hint)
        return (Span("text", judgement.hint),) if judgement.hint else self.said("wrong_hint")

    def _noted(self, judgement: Judgement) -> tuple[Span, ...]:
        note = judgement.note
        assert note is not None
        facts = dict(note.facts)
        if facts.get("line"):
            facts["line"] = self.place(judgement.file, int(facts["line"]))
        if note.key != "unreadable":
            return self.said(note.key, **facts)
        problem = facts.get("problem", "") or self.plain("unreadable").rstrip(".")
        hint = f" ({facts['hint']})" if facts.get("hint") else ""
        return (Span("text", _as_sentence(problem) + hint + "."),)

    def expected(self, judgement: Judgement) -> str:
        """The true value or expression where it is to be shown."""
        return self.spell(self.expected_in_names(judgement))

    def expected_in_names(self, judgement: Judgement) -> str:
        """The same in the canonical names."""
        hidden = self.hints and judgement.verdict in ("wrong", "follows", "rounding")
        return "" if hidden or judgement.verdict in ("holds", "unreadable") else judgement.expected or ""

    @cached_property
    def _own_names(self) -> Mapping[str, str]:
        """The spec's own names for quantities, as far as the derivations use them: ``h_1`` for ``a1_1``."""
        spellings = dict(self.network.spec.notation.names)
        return {name: own for name, own in spellings.items() if _PLAIN.fullmatch(own) and self._is_used(own)}

    def _is_used(self, own: str) -> bool:
        pattern = re.compile(rf"(?<![A-Za-z0-9_])d?{own}(?![A-Za-z0-9_])")
        return any(pattern.search(verification.text) for verification in self.verifications)

    @cached_property
    def _is_short(self) -> bool:
        """Whether the derivations write w2_14 for w2_1_4."""
        texts = [verification.text for verification in self.verifications]
        return any(map(_SHORT_WEIGHT.search, texts)) and not any(map(_WEIGHT.search, texts))

    def spell(self, text: str) -> str:
        """A name or an expression in the names that stand in the derivations."""
        own = self._own_names
        if own:
            text = _NAME.sub(lambda found: found[1] + own.get(found[2], found[2]), text)
        return _WEIGHT.sub(r"\1\2\3", text) if self._is_short else text

    def _spelled(self, span: Span) -> Span:
        if not isinstance(span.content, str):
            return replace(span, content=tuple(self._spelled(part) for part in span.content))
        return replace(span, content=self.spell(span.content)) if span.kind == "code" else span

    def earned(self, mark: Mark) -> str:
        """What a quantity earned, of how much, and why nothing where that does not show in the lines."""
        share, reason = self.plain("share", points=points(mark.points), of=points(mark.of)), self.why_nothing(mark)
        return self.plain("share_because", share=share, reason=reason) if reason else share

    def why_nothing(self, mark: Mark) -> str:
        """Why a quantity earned nothing, where that does not show in the lines."""
        if mark.points or mark.verdict not in SAID:
            return ""
        formulas = mark.verdict == "several" and mark.asks == "formula"
        return self.plain("mark_several_formulas" if formulas else f"mark_{mark.verdict}")

    def quantity(self, mark: Mark) -> str:
        """What a mark is for: a quantity by its name, or its formula."""
        return self.plain("formula_of", name=mark.name) if mark.asks == "formula" else mark.name

    # What is said of a file

    @staticmethod
    def blocks(verification: Verification) -> Iterator[tuple[Judgement, ...]]:
        """The claims that do not simply hold, one by one; what follows from one mistake, line after line, together."""
        block: list[Judgement] = []
        for judgement in verification.judgements:
            if judgement.verdict == "holds":
                continue
            if block and not _together(block[-1], judgement):
                yield tuple(block)
                block = []
            block.append(judgement)
        if block:
            yield tuple(block)

    def summary(self, verification: Verification) -> str:
        """How many claims hold, what is with the others, and how many formulas say nothing of this spec."""
        said = self._summary(verification)
        return f"{said} {self.plain('general', count=verification.general)}" if verification.general else said

    def not_read(self, verification: Verification) -> str:
        """Which lines say a number and could not be read; nothing where there are none."""
        return self._lines("not_read", verification, verification.not_read)

    def unreadable(self, verification: Verification) -> str:
        """In which lines stand claims that could not be read; nothing where there are none."""
        lines = [judgement.line for judgement in verification.judgements if judgement.verdict == "unreadable"]
        return self._lines("not_understood", verification, lines)

    def _lines(self, key: str, verification: Verification, lines: Sequence[int]) -> str:
        if not lines:
            return ""
        shown = self.places(verification, lines[:MAX_LINES])
        more = max(len(lines) - MAX_LINES, 0)
        return self.plain(f"{key}_and_more" if more else key, count=len(lines), lines=shown, more=more)

    # Where a line is

    @cached_property
    def _file_parts(self) -> Mapping[str, FileParts]:
        """Where the lines of each file stand."""
        return {verification.file: verification.file_parts for verification in self.verifications}

    def _parts(self, file: str) -> FileParts:
        return self._file_parts.get(file, PLAIN)

    def place(self, file: str, line: int) -> str:
        """Where a reader of a file finds a line."""
        kind, number, of_part = self._parts(file).place(line)
        return self.plain(f"place_{kind}", number=number, line=of_part)

    def places(self, verification: Verification, lines: Sequence[int]) -> str:
        """The same for several lines, those of one cell together."""
        found = map(verification.file_parts.place, lines)
        said = []
        for (kind, number), together in groupby(found, key=lambda place: (place.kind, place.number)):
            ours = [place.line for place in together]
            facts = {"number": number, "count": len(ours), "lines": ", ".join(map(str, ours))}
            said.append(self.plain(f"places_{kind}", **facts))
        return "; ".join(said)

    def follows(self, judgement: Judgement) -> str:
        """Which mistake a claim follows from rightly."""
        assert judgement.follows_from is not None
        return self.plain("follows_short", line=self.place(judgement.file, judgement.follows_from))

    def in_short(self, file: str, line: int) -> str:
        """The place of a line in a table: its number where that says it."""
        return self.place(file, line) if self.is_apart(file) else str(line)

    def from_to(self, file: str, first: int, last: int) -> str:
        """From which line to which."""
        if not self.is_apart(file):
            return self.plain("places_to", text=True, first=first, last=last)
        return self.plain("places_to", text=False, first=self.place(file, first), last=self.place(file, last))

    def is_apart(self, file: str) -> bool:
        """Whether the lines of a file are not those that a reader counts: those of a notebook or Word document."""
        return bool(self._parts(file).starts)

    def stands_unread(self, name: str, verification: Verification) -> bool:
        """Whether a quantity is named in a line that was not read."""
        lines = _BREAKS.split(verification.text)
        spelled = {name, self.spell(name), _WEIGHT.sub(r"\1\2\3", name)}
        patterns = [re.compile(rf"(?<![A-Za-z0-9_]){re.escape(one)}(?![A-Za-z0-9_'@])") for one in spelled]
        unread = (lines[line - 1] for line in verification.not_read if line <= len(lines))
        return any(pattern.search(line) for line in unread for pattern in patterns)

    def _summary(self, verification: Verification) -> str:
        counts = verification.summary
        count = sum(counts.values())
        holds = sum(judgement.holds for judgement in verification.judgements)
        if holds == count:
            key = "one_holds" if count == 1 else "all_hold"
            return self.plain(f"{key}_rounded" if counts["rounding"] else key, count=count, rounding=counts["rounding"])
        parts = [
            self.plain(f"part_{verdict}", count=counts[verdict])
            for verdict in ("rounding", "follows", "wrong", "unreadable")
            if counts[verdict] and (verdict != "rounding" or self._strict(verification))
        ]
        said = self.plain("some_hold", count=count, holds=holds, parts=parts)
        first = next((j.line for j in verification.judgements if j.verdict == "wrong"), None)
        if first is None:
            return said
        return f"{said} {self.plain('first_wrong', line=self.place(verification.file, first))}"

    @staticmethod
    def _strict(verification: Verification) -> bool:
        return any(j.verdict == "rounding" and not j.holds for j in verification.judgements)

    def commonest(self) -> list[tuple[str, int, int]]:
        """The commonest causes of several files: the name, in how many files, how often."""
        files: Counter[str] = Counter()
        often: Counter[str] = Counter()
        for verification in self.verifications:
            causes = [j.cause for j in verification.judgements if j.cause and j.verdict == "wrong"]
            often.update(causes)
            files.update(dict.fromkeys(causes, 1))
        return [(cause, files[cause], often[cause]) for cause, _ in files.most_common(MAX_COMMON)]


def _as_sentence(problem: str) -> str:
    """A capital letter in front, unless it begins with a name or with what somebody wrote."""
    first = problem.split(" ", 1)[0]
    return problem[:1].upper() + problem[1:] if first == "a" or (first.isalpha() and len(first) > 1) else problem


def _together(one: Judgement, other: Judgement) -> bool:
    follow = one.verdict == other.verdict == "follows"
    return follow and one.follows_from is not None and one.follows_from == other.follows_from


def by_line(block: Sequence[Judgement]) -> list[Judgement]:
    """The last claim of each line."""
    return list({judgement.line: judgement for judgement in block}.values())


def plain_text(spans: Sequence[Span]) -> str:
    """The runs of a sentence without their marks."""
    return "".join(s.content if isinstance(s.content, str) else plain_text(s.content) for s in spans)


__all__ = ["Report", "Tex", "by_line", "plain_text"]
