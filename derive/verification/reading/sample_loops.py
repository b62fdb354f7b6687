"""Loops of a program over the samples: ``for x, y in zip(xs, ys):``, ``for i in range(len(xs)):``.

What is worked out in one is said of every sample, and what is added up is a sum over all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derive.patterns import regex
from derive.records import record
from derive.verification.reading.comprehensions import lists_of, without_index
from derive.verification.reading.program_names import ProgramNames, TooLong
from derive.verification.reading.token import Token

LEAST_ROWS = 2
"""A loop over the samples has so many at least."""
_GIVEN = regex(r"[ \t]*([A-Za-z_]\w*)[ \t]*(?:\[[^\]\n]{0,20}\][ \t]*)?[-+*/]?=(?!=)")


@record
class SampleLoop:
    """A loop over the samples: how far its head is set in, and the variable that counts."""

    indent: int
    index: str

    def plain(self, tokens: Sequence[Token]) -> list[Token]:
        """The tokens of a statement with whole lists in place of the members that are counted: ``xs[i]``."""
        return without_index(tokens, self.index) if self.index else list(tokens)


def sample_loop(
    tokens: Sequence[Token], indent: int, body: Sequence[str], own: ProgramNames, is_updated: Callable[[str], bool]
) -> SampleLoop | None:
    """The loop that a ``for`` begins, and its variables among the program's names; None for any other loop.

    ``body`` are its lines: where one updates a parameter each sample has parameters of its own.
    """
    texts = [token.text for token in tokens]
    if own.spelling.rows < LEAST_ROWS or "in" not in texts or texts[-1] != ":":
        return None
    given = (found[1] for line in body if (found := _GIVEN.match(line)) is not None)
    if any(map(is_updated, given)):
        return None
    into = texts.index("in")
    lists, words = lists_of(tokens[into + 1 : -1]), [t.text for t in tokens[1:into] if t.kind == "word"]
    if lists is None or not words:
        return None
    kind, several = lists
    if kind == "range":
        return SampleLoop(indent, words[0]) if len(words) == 1 and _counts_rows(several[0], own) else None
    index = words.pop(0) if kind == "enumerate" and len(words) > 1 else ""
    if len(words) != len(several) or not any(_is_data(one, own) for one in several):
        return None
    for word, one in zip(words, several, strict=True):
        _name(word, one, own)
    return SampleLoop(indent, index)


def _name(word: str, values: Sequence[Token], own: ProgramNames) -> None:
    """Gives a variable its list, where it is not called what that is."""
    meant = own.name(values[0].text) if len(values) == 1 else ""
    if meant and own.name(word) == meant:
        return
    if meant:
        own.values.pop(word, None)
        own.meant[word] = meant
        return
    try:
        own.values[word] = tuple(own.put_in(values))
    except TooLong:
        own.values[word] = None


def _is_data(values: Sequence[Token], own: ProgramNames) -> bool:
    meant = own.name(values[0].text) if len(values) == 1 else ""
    return meant in own.spelling.data or meant in ("x", "t")


def _counts_rows(count: Sequence[Token], own: ProgramNames) -> bool:
    """Whether a count is that of the samples."""
    try:
        texts = [token.text for token in own.put_in(count)]
    except TooLong:
        return False
    return texts == [str(own.spelling.rows)]


__all__ = ["SampleLoop", "sample_loop"]
