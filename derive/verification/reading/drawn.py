r"""Fractions that are drawn over three lines of a text: what stands above a rule is divided by what stands below it.

>>> text = "dL   dL   da\n-- = -- * --\ndz   da   dz\n"
>>> [(text[f.above[0] : f.above[1]], text[f.below[0] : f.below[1]]) for f in drawn_fractions(text, 13, 25)]
[('dL', 'dz'), ('dL', 'da'), ('da', 'dz')]
"""

from __future__ import annotations

from typing import NamedTuple

from derive.patterns import regex

_RULE = regex(r"(?<![\w\-─—<])(?:-{2,}|─{2,}|—{2,})(?![\w\-─—>])")
_SIGN = regex(r"[=≈~]")
_GROUP = regex(r"\S+(?: \S+)*")
MAX_LINE = 2_000
"""Longer lines have no drawn fractions."""

Span = tuple[int, int]


class DrawnFraction(NamedTuple):
    """Where the rule of a fraction stands, and what is above and below it."""

    rule: Span
    above: Span
    below: Span


def drawn_fractions(text: str, start: int, end: int) -> list[DrawnFraction]:
    """The fractions whose rules stand in one line of a text; none where what is above or below is not clear."""
    first, last = text.rfind("\n", 0, start) + 1, text.find("\n", end)
    if first == 0 or last < 0 or last - first > MAX_LINE:
        return []
    rules = [found.span() for found in _RULE.finditer(text, start, end)]
    if not rules or not _SIGN.search(text, start, end):
        return []
    before = text.rfind("\n", 0, first - 1) + 1
    after = text.find("\n", last + 1)
    after = len(text) if after < 0 else after
    if first - before > MAX_LINE or after - last > MAX_LINE:
        return []
    columns = [(a - first, b - first) for a, b in rules]
    above, below = (_over(text, *line, columns) for line in ((before, first - 1), (last + 1, after)))
    if above is None or below is None:
        return []
    return [DrawnFraction(*spans) for spans in zip(rules, above, below, strict=True)]


def _over(text: str, start: int, end: int, rules: list[Span]) -> list[Span] | None:
    """What stands in a line over (or under) each of the rules, by their columns; None where one has nothing."""
    found: list[Span | None] = [None] * len(rules)
    for group in _GROUP.finditer(text, start, end):
        left, right = group.start() - start, group.end() - start
        touched = [i for i, (a, b) in enumerate(rules) if left < b and a < right]
        if len(touched) != 1:
            return None
        known = found[touched[0]]
        found[touched[0]] = group.span() if known is None else (known[0], group.end())
    return None if None in found else [span for span in found if span is not None]


__all__ = ["DrawnFraction", "drawn_fractions"]
