"""Marks and words that say "the same as above": ``w6: " ·0.62`` below ``w5: 0.121·0.45``, ``δ2 = likewise = 0.12``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derive.naming.author_tex import GREEK
from derive.verification.reading.rows import RawChain
from derive.verification.reading.token import Token

_MARKS = frozenset({'"', "”", "“", "″", "〃", "''"})
_ALIKE = frozenset("likewise similarly analogously same ebenso genauso analog idem igual igualmente pareil".split())
"""Words behind a name that say that it is worked as the one above."""
_SIGNS = frozenset({"*", "/", "+", "-"})
MAX_REPEATED = 60
"""A mark stands for at most so many tokens."""
MIN_LETTERS = 4
"""A shorter word between two signs may be a name."""


def repeated(tokens: list[Token], above: Sequence[Token]) -> list[Token]:
    """The tokens of a line with what a ditto mark before a sign stands for in the line above: what is before its sign.

    What is put in stands where the mark stands.
    """
    at = next((i for i, token in enumerate(tokens) if token.text in _MARKS and token.kind == "unknown"), -1)
    sign = tokens[at + 1].text if 0 <= at < len(tokens) - 1 else ""
    if sign not in _SIGNS:
        return tokens
    begin = next((i + 1 for i, token in enumerate(above) if token.kind == "relation"), 0)
    depth = 0
    for end in range(begin, min(len(above), begin + MAX_REPEATED)):
        token = above[end]
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        if token.kind == "relation":
            break
        if token.text == sign and depth == 0 and end > begin:
            mark = tokens[at]
            said = [one._replace(start=mark.start, end=mark.end) for one in above[begin:end]]
            return [*tokens[:at], *said, *tokens[at + 1 :]]
    return tokens


def without_words(chain: RawChain, knows: Callable[[str], bool]) -> None:
    """Leaves out sides in the middle of a chain that are a word of prose, and "likewise" behind its name."""
    for i in range(len(chain.sides) - 2, 0, -1):
        side = [token for token in chain.sides[i] if token.kind != "gap"]
        if len(side) == 1 and side[0].kind in ("word", "text") and _is_prose(side[0].text, knows):
            del chain.sides[i], chain.relations[i]
    first = chain.sides[0]
    while len(first) > 1 and first[-1].kind in ("word", "text") and first[-1].text.lower() in _ALIKE:
        first.pop()


def _is_prose(word: str, knows: Callable[[str], bool]) -> bool:
    return len(word) >= MIN_LETTERS and word.isalpha() and word.islower() and word not in GREEK and not knows(word)


__all__ = ["MAX_REPEATED", "repeated", "without_words"]
