r"""Where a text says that another iteration begins: ``Iteration 2``, ``## Epoch 2``, ``\section{Second iteration}``.

What stands below such a line is about the network after one update less, until another one says otherwise.

>>> cues = Cues.of("Iteration 1:\nE = 3\nIteration 2:\nE = 2\n", 2)
>>> cues.step(13), cues.step(32)
(0, 1)
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from derive.patterns import regex
from derive.records import record
from derive.verification.reading.counted import counts_in_brackets
from derive.verification.reading.rulers import without_rulers

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_ELSEWHERE = {
    **dict.fromkeys("erste erster erstes primera primer première premier prima primo primeira primeiro".split(), 1),
    **dict.fromkeys("zweite zweiter zweites segunda segundo deuxième seconde seconda secondo".split(), 2),
    **dict.fromkeys("dritte dritter drittes tercera tercer troisième terza terzo terceira terceiro".split(), 3),
}
"""Ordinals of other languages, in the forms that stand before a pass or an iteration."""
_ORDINAL = "|".join((*_ORDINALS, *_ELSEWHERE))
_PASSES = (
    "iteración|iteracion|iteração|itération|iterazione|época|epoca|époque|epoche|pasada|vuelta|durchgang|durchlauf"
    "|runde|passage|passata|giro"
)
"""Words of other languages for an iteration."""
_BEGINS = (
    r"(?im)^(?:[ \t#>*_\-+•.(\[]|\\(?:sub){0,2}section\*?\{|\\(?:textbf|emph|paragraph|item)\b[ \t]{0,4}\{?"
    r"|\d{1,2}[.)][ \t]){0,12}"
)
_ITERATION = (
    _BEGINS + r"(?:(?:by hand|check|in detail|again|now|von hand|details?),?[ \t]+(?:of\s+|for\s+)?)?"
    r"(?:(?:forward|backward) pass,?\s+(?:of\s+|in\s+|\()?)?(?:the\s+)?"
    r"(?:(?:iteration|epoch|iter\.?|round|training step|update step|gradient step"
    rf"|{_PASSES})"
    r"\s*(?:no\.?\s*|nr\.?\s*|number\s+|\#\s*|\$)?(?P<number>\d{1,6})"
    rf"|(?P<ordinal>{_ORDINAL})\s+(?:iteration|epoch|round|forward pass|training step|update step|{_PASSES}))\b"
)
_NAMED = regex(_ITERATION + r"[^\S\n]*(?:[:.,)\]}*_$(\u2013\u2014-]|$)(?![^\n]*[=≈])")
_IN_LINE = regex(_ITERATION + r"[^\S\n]*[)\]}*_$]{0,3}[^\S\n]*[:|\u2013\u2014][^\n]*[=≈][^\n]*")
"""What is said of an iteration on the line that names it: ``Iteration 2: E = 0.05``."""
_ALONE = regex(
    r"(?im)^[ \t#>*_\-+•.(\[]{0,12}(?:the\s+)?(?:(?P<number>\d{1,2})(?:st|nd|rd|th|\.|[aªoº]|e|ème|ère|er)"
    rf"|(?P<ordinal>{_ORDINAL}))\s+(?:step|pass|run|iteration|epoch|schritt|pas|paso|passo|étape|{_PASSES})"
    r"[ \t]*[:.*_)\]]{0,4}[ \t]*"
    r"(?:\([^\n=≈)]{0,60}\)[ \t]*|,[ \t]*(?:now|this time|jetzt|nun|diesmal)\b[^\n=≈]{0,60})?$"
)
"""A line that says nothing but "2nd step", and a remark on it."""
_STEPS = regex(
    r"(?im)^[ \t#>*_\-+•(\[]{0,12}(?:step|schritt|paso|étape|pas)[ \t]+(?P<number>\d{1,2})[ \t]*[:.*_)\]]{0,4}[ \t]*$"
)
"""A line that says nothing but "Step 2": an iteration where there are as many as of these, else perhaps one."""
_AFTER = regex(
    rf"(?im)(?:{_BEGINS.removeprefix('(?im)')}|[.:!?}}][ \t]{{1,4}})"
    r"(?:(?:forward pass|network|loss|check|values?)\s+)?(?:after|with)\s+(?:the\s+)?"
    r"(?:(?:first\s+|one\s+)?(?:weight\s+)?updates?(?:\s+of\s+the\s+weights)?|(?:new|updated)\s+(?:weights|parameters|values))\b"
    r"(?![^\n]*[=≈])"
)
_AGAIN = regex(
    rf"{_BEGINS}(?:and\s+|now\s+|then\s+)?(?:the\s+)?"
    r"(?:(?:(?:forward|fwd|fw)(?:[- ]?(?:pass|prop(?:agation)?))?|same|network|pass|check),?[ \t]+[(\[]?"
    r"(?:again|once\s+more|new|2|ii)|again|once\s+more|new\s+(?:forward|fwd)(?:[- ](?:pass|prop))?"
    r"|(?:2nd|second)\s+(?:(?:forward|fwd)\s+)?(?:pass|run|time))\b"
    r"[^\S\n]*(?=[:.,;)\]}*_$(\u2026\u2013\u2014-]|with\b|after\b|$)"
)
"""What begins a pass with the new values where updates stand above it: "fwd again:", "second pass"."""


class Cue(NamedTuple):
    """A place that says how many updates have been made, how many, and to where that is certain."""

    offset: int
    step: int
    certain: int = -1


@record(slots=False)
class Cues:
    """The places at which a text says how many updates have been made, and whether it leaves no other reading."""

    headings: tuple[Cue, ...] = ()
    """What stands below one of these is about its iteration."""
    others: tuple[Cue, ...] = ()
    """What stands below one of these may be: its line says more, or it may count something else."""
    updated: int = -1
    """Where a text first says that what follows is after the update; below it either value may be meant."""
    again: tuple[int, ...] = ()
    """Where a text says that a pass is made again: below its first update with the new values."""
    counted: bool = False
    """Whether the text says behind a name how many updates have been made: such a name means nothing else."""

    @classmethod
    def of(cls, text: str, iterations: int) -> Cues:
        """The iterations that lines of a text say, of a training of so many."""
        text = without_rulers(text)
        found = [Cue(match.start(), _counted(match)) for match in _NAMED.finditer(text)]
        inside = [Cue(match.start(), _counted(match), match.end()) for match in _IN_LINE.finditer(text)]
        if not found and iterations > 1:
            found = [Cue(match.start(), _counted(match)) for match in _ALONE.finditer(text)]
        if not found:
            found = [Cue(match.start(), int(match["number"])) for match in _STEPS.finditer(text)]
            if iterations < 2 or [cue.step for cue in found] != list(range(1, iterations + 1)):
                found, inside = [], [*inside, *found]
        first = 0 if any(cue.step == 0 for cue in (*found, *inside)) else 1
        after = _AFTER.search(text) if iterations else None
        again = tuple(match.start() for match in _AGAIN.finditer(text)) if iterations else ()
        headings, others = (_kept(cues, first, iterations) for cues in (found, inside))
        return cls(headings, others, after.start() if after else -1, again, counts_in_brackets(text))

    def step(self, offset: int) -> int | None:
        """The number of updates that was said last before a place; None where none was, or that is not certain."""
        heading, other = _last(self.headings, offset), _last(self.others, offset)
        if other is not None and offset <= other.certain:
            return other.step
        return None if heading is None else heading.step

    def perhaps(self, offset: int) -> Cue | None:
        """What was said last before a place, where it may say how many updates have been made there, or may not."""
        heading, other = _last(self.headings, offset), _last(self.others, offset)
        if other is None or offset <= other.certain or (heading is not None and heading.offset > other.offset):
            return None
        return other if other.step != (heading.step if heading is not None else 0) else None

    def is_anew(self, offset: int, first_update: int | None) -> bool:
        """Whether a text says that what stands at a place is worked out with the new values."""
        if 0 <= self.updated < offset:
            return True
        before = bisect_right(self.again, offset) - 1
        return first_update is not None and before >= 0 and self.again[before] > first_update


def _kept(cues: Iterable[Cue], first: int, iterations: int) -> tuple[Cue, ...]:
    """The cues by how many updates they say, which count from 0 or from 1; those that there are."""
    counted = (cue._replace(step=cue.step - first) for cue in cues)
    return tuple(sorted(cue for cue in counted if 0 <= cue.step <= iterations))


def _last(cues: Sequence[Cue], offset: int) -> Cue | None:
    before = bisect_right(cues, offset, key=lambda cue: cue.offset) - 1
    return cues[before] if before >= 0 else None


def _counted(match: re.Match[str]) -> int:
    if match["number"]:
        return int(match["number"])
    ordinal = match["ordinal"].lower()
    return _ELSEWHERE.get(ordinal) or _ORDINALS.index(ordinal) + 1


__all__ = ["Cue", "Cues"]
