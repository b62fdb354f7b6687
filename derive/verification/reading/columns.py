r"""Columns of a table whose head is a formula of any sample: ``$e_i = \hat y_i - y_i$``, ``$2 e_i x_i$``, ``sum``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from derive.naming.author_tex import GREEK
from derive.patterns import regex
from derive.verification.reading.new_and_old import NEW_WORDS
from derive.verification.reading.rows import RawChain
from derive.verification.reading.spelling import FUNCTION_WORDS
from derive.verification.reading.symbols import symbol_at
from derive.verification.reading.token import Token

MAX_SAMPLES = 50
"""Sums over at most this many samples are written out."""
_INDICES = frozenset("i j k n m p s".split())
_NEWS = NEW_WORDS | {"after"}
_SUM = regex(r"(?i)\W*(?:sums?|total|summe|suma|somme|sigma|Σ|∑)\W*")
_MEAN = regex(r"(?i)\W*(?:means?|average|avg\.?|mittel(?:wert)?|media|moyenne)\W*")


class SampleColumn(NamedTuple):
    """The sides of a head, the letter that counts the samples in them, and the updates that it says."""

    sides: list[list[Token]]
    letter: str
    step: int
    tex: bool


def column(
    tokens: Sequence[Token], *, tex: bool, is_name: Callable[[Sequence[Token], bool], bool]
) -> SampleColumn | None:
    """What a head says of every sample; None where it is no formula of one."""
    plain = [token for token in tokens if token.kind not in ("gap", "text") and token.text.lower() not in _NEWS]
    step = int(any(token.text.lower() in _NEWS for token in tokens))
    letter = next((found for at in range(len(plain)) if (found := _index(plain, at))), "")
    sides: list[list[Token]] = [[]]
    for token in plain:
        if token.kind == "relation":
            sides.append([])
        else:
            sides[-1].append(token)
    if not all(sides) or not any(token.kind in ("word", "accent") for token in plain):
        return None
    if any(token.kind == "word" and len(token.text) > 4 and _is_prose(token.text) for token in plain):
        return None
    if not letter and ((len(sides) == 1 and not _is_a_formula(sides[0])) or not _has_name(sides[-1], tex, is_name)):
        return None
    return SampleColumn(sides, letter, step, tex)


def _is_prose(word: str) -> bool:
    return word.isalpha() and word not in GREEK and word not in FUNCTION_WORDS and not word.endswith("hat")


def _is_a_formula(side: Sequence[Token]) -> bool:
    return any(token.text in ("+", "-", "*", "^", "/", "frac") for token in side[1:]) or side[0].kind == "number"


def _has_name(side: Sequence[Token], tex: bool, is_name: Callable[[Sequence[Token], bool], bool]) -> bool:
    return _first_name(side, tex, is_name) is not None


def _first_name(side: Sequence[Token], tex: bool, is_name: Callable[[Sequence[Token], bool], bool]) -> int | None:
    """The place after the first quantity of a side."""
    for at in range(len(side)):
        symbol = symbol_at(side, at)
        if symbol is not None and is_name(side[at : symbol.end], tex):
            return symbol.end
    return None


def _index(tokens: Sequence[Token], at: int) -> str:
    """The letter that stands as an index at a place; empty where none does."""
    token = tokens[at]
    if token.kind != "word":
        return ""
    if token.text in _INDICES and at and tokens[at - 1].text in ("_", "{", "(", "["):
        return token.text
    stem, _, index = token.text.rpartition("_")
    return index if stem and index in _INDICES else ""


def claim(
    one: SampleColumn, number: Sequence[Token], row: int, is_name: Callable[[Sequence[Token], bool], bool]
) -> RawChain:
    """The head about one sample, and the number in its row."""
    at = number[0].start
    sides = [_about(one, side, row, is_name) for side in one.sides]
    return RawChain([*sides, list(number)], [_sign(at) for _ in sides])


def total(
    one: SampleColumn,
    number: Sequence[Token],
    said: Sequence[Token],
    rows: int,
    is_name: Callable[[Sequence[Token], bool], bool],
) -> RawChain | None:
    """The sum or mean of a head over all samples, and the number in the last row; None for any other row."""
    word = "".join(token.text for token in said)
    mean = _MEAN.fullmatch(word) is not None
    if rows > MAX_SAMPLES or not (mean or _SUM.fullmatch(word)):
        return None
    at = number[0].start
    found: list[Token] = [Token("op", "(", said[0].start, said[0].start)]
    for row in range(1, rows + 1):
        found += [_op("+", at)] if row > 1 else []
        found += [_op("(", at), *_about(one, one.sides[-1], row, is_name), _op(")", at)]
    found.append(_op(")", at))
    found += [_op("/", at), Token("number", str(rows), at, at)] if mean else []
    found[-1] = found[-1]._replace(end=said[-1].end)
    return RawChain([found, list(number)], [_sign(at)])


def _about(
    one: SampleColumn, side: Sequence[Token], row: int, is_name: Callable[[Sequence[Token], bool], bool]
) -> list[Token]:
    found: list[Token] = []
    for i, token in enumerate(side):
        if one.letter and _index(side, i) == one.letter:
            if token.text == one.letter:
                found.append(token._replace(kind="number", text=str(row)))
            else:
                found.append(token._replace(text=f"{token.text.rpartition('_')[0]}_{row}"))
        else:
            found.append(token)
    if not one.letter and (end := _first_name(found, one.tex, is_name)) is not None:
        place = found[end - 1].end
        found[end:end] = [_op("[", place), Token("number", str(row), place, place), _op("]", place)]
    if one.step:
        symbol = symbol_at(found, 0)
        if symbol is not None and symbol.end == len(found):
            place = found[-1].end
            found += [_op("@", place), Token("number", str(one.step), place, place)]
    return found


def _sign(at: int) -> Token:
    return Token("relation", "~", at, at)


def _op(text: str, at: int) -> Token:
    return Token("op", text, at, at)


__all__ = ["SampleColumn", "claim", "column", "total"]
