r"""Where a text says that another iteration begins: ``Iteration 2``, ``## Epoch 2``, ``\section{Second iteration}``.

What stands below such a line is about the network after one update less, until another one says otherwise.

>>> cues = Cues.of("Iteration 1:\nE = 3\nIteration 2:\nE = 2\n", 2)
>>> cues.step(13), cues.step(32)
(0, 1)
"""

from __future__ import annotations

import re
from bisect import bisect_right

from derive.patterns import regex
from derive.records import record
from derive.verification.reading.counted import counts_in_brackets
from derive.verification.reading.rulers import without_rulers

_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_BEGINS = (
    r"(?im)^(?:[ \t#>*_\-+•.(\[]|\\(?:sub){0,2}section\*?\{|\\(?:textbf|emph|paragraph|item)\b[ \t]{0,4}\{?"
    r"|\d{1,2}[.)][ \t]){0,12}"
)
_NAMED = regex(
    _BEGINS + r"(?:(?:by hand|check|in detail|again|now|von hand|details?),?[ \t]+(?:of\s+|for\s+)?)?"
    r"(?:(?:forward|backward) pass,?\s+(?:of\s+|in\s+|\()?)?(?:the\s+)?"
    r"(?:(?:iteration|epoch|iter\.?|round|training step|update step|gradient step|iteración|durchgang)"
    r"\s*(?:no\.?\s*|nr\.?\s*|number\s+|\#\s*|\$)?(?P<number>\d{1,6})"
    rf"|(?P<ordinal>{'|'.join(_ORDINALS)})\s+(?:iteration|epoch|round|forward pass|training step|update step))\b"
    r"[^\S\n]*(?:[:.,)\]}*_$(\u2013\u2014-]|$)(?![^\n]*[=≈])"
)
_ALONE = regex(
    r"(?im)^[ \t#>*_\-+•.(\[]{0,12}(?:the\s+)?(?:(?P<number>\d{1,2})(?:st|nd|rd|th|\.)"
    rf"|(?P<ordinal>{'|'.join(_ORDINALS)}))\s+(?:step|pass|run|schritt|durchlauf|pas|paso|étape)"
    r"[ \t]*[:.*_)\]]{0,4}[ \t]*"
    r"(?:\([^\n=≈)]{0,60}\)[ \t]*|,[ \t]*(?:now|this time|jetzt|nun|diesmal)\b[^\n=≈]{0,60})?$"
)
"""A line that says nothing but "2nd step", and a remark on it."""
_STEPS = regex(
    r"(?im)^[ \t#>*_\-+•(\[]{0,12}(?:step|schritt|paso|étape|pas)[ \t]+(?P<number>\d{1,2})[ \t]*[:.*_)\]]{0,4}[ \t]*$"
)
"""A line that says nothing but "Step 2"; more of them than there are iterations count something else."""
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


@record(slots=False)
class Cues:
    """The places at which a text says how many updates have been made, and whether it leaves no other reading."""

    offsets: tuple[int, ...] = ()
    steps: tuple[int, ...] = ()
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
        found = [(match.start(), _counted(match) - 1) for match in _NAMED.finditer(text)]
        if not found and iterations > 1:
            found = [(match.start(), _counted(match) - 1) for match in _ALONE.finditer(text)]
        if not found and iterations > 1:
            each = [(match.start(), int(match["number"]) - 1) for match in _STEPS.finditer(text)]
            found = each if [step for _, step in each] == list(range(iterations)) else []
        after = _AFTER.search(text) if iterations else None
        again = tuple(match.start() for match in _AGAIN.finditer(text)) if iterations else ()
        kept = sorted((offset, step) for offset, step in found if 0 <= step <= iterations)
        offsets, steps = tuple(offset for offset, _ in kept), tuple(step for _, step in kept)
        return cls(offsets, steps, after.start() if after else -1, again, counts_in_brackets(text))

    def step(self, offset: int) -> int | None:
        """The number of updates that was said last before a place; None where none was."""
        before = bisect_right(self.offsets, offset) - 1
        return self.steps[before] if before >= 0 else None

    def is_anew(self, offset: int, first_update: int | None) -> bool:
        """Whether a text says that what stands at a place is worked out with the new values."""
        if 0 <= self.updated < offset:
            return True
        before = bisect_right(self.again, offset) - 1
        return first_update is not None and before >= 0 and self.again[before] > first_update


def _counted(match: re.Match[str]) -> int:
    return int(match["number"]) if match["number"] else _ORDINALS.index(match["ordinal"].lower()) + 1


__all__ = ["Cues"]
