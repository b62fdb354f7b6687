"""The cells of a table: a name, a number, a calculation; and the chain that a cell says of a name."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple

from derive.verification.reading.rows import RawChain
from derive.verification.reading.token import Token


class TableCell(NamedTuple):
    """A cell: its tokens, its text, and whether its tokens are TeX."""

    tokens: list[Token]
    text: str
    tex: bool


def bare(tokens: Sequence[Token]) -> Sequence[Token]:
    """A name without the brackets and braces around it."""
    tokens = [token for token in tokens if token.kind != "gap"]
    while _is_enclosed(tokens):
        tokens = tokens[1:-1]
    return tokens


def _is_enclosed(tokens: Sequence[Token]) -> bool:
    """Whether the first and the last token are one pair of brackets, and not ``(a)(b)``."""
    if len(tokens) < 3 or (tokens[0].text, tokens[-1].text) not in (("(", ")"), ("{", "}")):
        return False
    opening, closing = tokens[0].text, tokens[-1].text
    depth = 0
    for token in tokens[:-1]:
        depth += (token.text == opening) - (token.text == closing)
        if depth == 0:
            return False
    return True


def number_of(tokens: Sequence[Token]) -> Sequence[Token] | None:
    """The tokens of a number with its sign; None where it is anything else."""
    plain = bare(tokens)
    unsigned = [token for token in plain if token.text not in ("{", "}")]
    unsigned = unsigned[1:] if unsigned and unsigned[0].text in ("-", "+") else unsigned
    power = [token.text for token in unsigned[1:]]
    exponent = power[:3] == ["*", "10", "^"] and len(power) < 9
    is_one = unsigned and unsigned[0].kind == "number" and (len(unsigned) == 1 or exponent)
    return plain if is_one else None


def is_worked(cell: TableCell, knows: Callable[[str], bool]) -> bool:
    """Whether a cell is a calculation; ``knows``: whether a word is a quantity or a function."""
    return _is_calculation(cell, cell.tokens, knows)


def is_elided(cell: TableCell, knows: Callable[[str], bool]) -> bool:
    r"""Whether a cell is a calculation of which a part is left out: ``$a + \cdots + z$``."""
    shown = [token for token in cell.tokens if token.kind != "general"]
    return len(shown) < len(cell.tokens) and _is_calculation(cell, shown, knows)


def _is_calculation(cell: TableCell, tokens: Sequence[Token], knows: Callable[[str], bool]) -> bool:
    plain = [token for token in tokens if token.kind != "gap"]
    if any(token.kind in ("text", "unknown", "general") for token in plain):
        return False
    words = [token for token in plain if token.kind == "word"]
    if not cell.tex and any(len(token.text) > 2 and not knows(token.text) for token in words):
        return False
    signs = any(token.text in ("+", "-", "*", "/", "^", "frac", "o") for token in plain[1:])
    if cell.tex:
        signs = signs or any(token.kind in ("word", "accent") for token in plain)
    else:  # sigmoid(z)
        pairs = pairwise(plain)
        signs = signs or any(one.kind == "word" and after.text == "(" and knows(one.text) for one, after in pairs)
    return len(plain) > 2 and signs and number_of(tokens) is None


def equal(target: Sequence[Token], cell: TableCell) -> RawChain:
    """That a name has the number of a cell, to its digits."""
    number = number_of(cell.tokens)
    assert number is not None
    return RawChain([list(target), list(number)], [at("relation", "~", number[0].start)])


def marked(target: Sequence[Token], marks: Sequence[str]) -> list[Token]:
    """The name of a column with the marks of a row."""
    name = bare(target)
    return [*name, *(at("number" if mark.isdigit() else "op", mark, name[-1].end) for mark in marks)]


def slope_by(output: str, place: int) -> list[Token]:
    """What makes of the quantity behind it the derivative by it."""
    return [at(kind, text, place) for kind, text in (("op", "∂"), ("word", output), ("op", "/"), ("op", "∂"))]


def at(kind: str, text: str, place: int) -> Token:
    """A token that does not stand in the text itself."""
    return Token(kind, text, place, place)


__all__ = ["TableCell", "at", "bare", "equal", "is_elided", "is_worked", "marked", "number_of", "slope_by"]
