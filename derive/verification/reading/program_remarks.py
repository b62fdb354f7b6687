"""Claims in the comments of programs: ``# dw = 2/3 * (-1.5*1 - 2.0*2) = -3.6667``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from derive.patterns import regex
from derive.verification.reading.assignments import signs_of
from derive.verification.reading.code_tokens import code_tokens
from derive.verification.reading.program_names import ProgramNames
from derive.verification.reading.token import Token

MAX_OF_A_REMARK = 400
"""A comment of more names, numbers and signs is no claim."""
_SIGN = regex(r"=(?!=)|≈")
_CALCULATES = frozenset("+ - * / ^ ( ) [ ] , . o '".split())


def worked_sides(text: str, start: int, end: int, code: str, own: ProgramNames) -> list[list[Token]]:
    """The sides of a claim that is a whole comment: one name, and calculations; none for any other comment.

    ``own`` are the names of the program.
    """
    if len(_SIGN.findall(text, start, end)) < 1:
        return []
    tokens = [
        token._replace(kind="relation", text="=") if token.text == "≈" else token
        for token in code_tokens(text, code, start, end)
    ]
    signs = signs_of(tokens)
    if not signs or len(tokens) > MAX_OF_A_REMARK:
        return []
    edges = [-1, *signs, len(tokens)]
    sides = [tokens[a + 1 : b] for a, b in pairwise(edges)]
    sides[0] = _without_words(_as_derivative(sides[0], own), own)
    if len(sides[0]) != 1 or sides[0][0].kind != "word" or not all(map(_is_worked, sides[1:])):
        return []
    return sides


def _as_derivative(side: list[Token], own: ProgramNames) -> list[Token]:
    """The first side of a claim with the derivative at its end, ``do/dn``, as one name."""
    if len(side) < 3 or side[-2].text != "/":
        return side
    whole = "".join(token.text for token in side[-3:])
    if side[-3].text[:1] != "d" or side[-1].text[:1] != "d" or not own.spelling.knows(whole):
        return side
    return [*side[:-3], side[-3]._replace(text=whole, end=side[-1].end)]


def _without_words(side: list[Token], own: ProgramNames) -> list[Token]:
    """The first side of a claim without the words that announce it: ``backprop f``, ``chain rule: dx``."""
    *before, last = side or [Token("op", "", 0, 0)]
    plain = all(
        token.text == ":" or (token.kind == "word" and len(token.text) > 2 and not own.name(token.text))
        for token in before
    )
    said = not _SAYS_WHEN.isdisjoint(token.text.lower() for token in before)
    return [last] if plain and not said and last.kind == "word" else side


_SAYS_WHEN = frozenset("new old updated next previous numerical numeric approx approximate expected wrong not".split())
"""Words before a name that say another value of it."""


def _is_worked(side: Sequence[Token]) -> bool:
    """Whether a side is a calculation, and no sentence: what stands side by side is joined by a sign."""
    values = [token.kind in ("word", "number") for token in side]
    apart = not any(first and second for first, second in pairwise(values))
    return (
        any(values)
        and apart
        and all(
            token.kind in ("word", "number") or (token.kind == "op" and token.text in _CALCULATES) for token in side
        )
    )


__all__ = ["worked_sides"]
