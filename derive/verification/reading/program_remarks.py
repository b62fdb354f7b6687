"""Claims in the comments of programs: ``# dw = 2/3 * (-1.5*1 - 2.0*2) = -3.6667``."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from derive.patterns import regex
from derive.verification.reading.assignments import signs_of
from derive.verification.reading.code_tokens import code_tokens
from derive.verification.reading.token import Token

MAX_OF_A_REMARK = 400
"""A comment of more names, numbers and signs is no claim."""
_SIGN = regex(r"=(?!=)|≈")
_CALCULATES = frozenset("+ - * / ^ ( ) [ ] , . o '".split())


def worked_sides(text: str, start: int, end: int, code: str) -> list[list[Token]]:
    """The sides of a claim that is a whole comment: one name, and calculations; none for any other comment."""
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
    if len(sides[0]) != 1 or sides[0][0].kind != "word" or not all(map(_is_worked, sides[1:])):
        return []
    return sides


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
