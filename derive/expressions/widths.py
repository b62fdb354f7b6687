"""How wide TeX prints, and where a formula that is too wide is broken.

The estimate is in ems of Computer Modern, on the wide side, so that what is said to fit does fit.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise
from math import inf
from typing import NamedTuple

from derive.expressions.tex_words import joined, joined_all
from derive.patterns import regex

TOKEN_WIDTH = 3.6
"""Reserved for a number that is put in later: a sign and six digits, with brackets."""

_WORDS = regex(r"\x0e[0-9]+\x0f|\\[A-Za-z]+|\\.|.", re.DOTALL)
_TOKENS, _ANY_TOKEN = regex("\x0e[0-9]+\x0f"), "\x0e0\x0f"
_SPACES = {"\\,": 0.17, "\\:": 0.22, "\\;": 0.28, "\\!": -0.17, "\\ ": 0.33, "~": 0.33, "\\quad": 1.0,
           "\\qquad": 2.0, " ": 0.0, "\n": 0.0, "\t": 0.0, "&": 0.0}  # fmt: skip
_RELATIONS = frozenset(
    ["+", "-", "=", "<", ">", "\\cdot", "\\times", "\\approx", "\\to", "\\le", "\\ge", "\\in", "\\ne"]
)
_OPENING = frozenset(["", "(", "[", "{", "=", "\\approx", "\\left", "\\lvert"])
_OTHERS = {"(": 0.4, ")": 0.4, "[": 0.3, "]": 0.3, "|": 0.3, ",": 0.45, ".": 0.3, "'": 0.3, "\\lvert": 0.3,
           "\\rvert": 0.3, "\\prime": 0.3, "i": 0.35, "l": 0.35, "j": 0.4, "t": 0.4, "/": 0.5,
           "w": 0.77, "m": 0.9, "W": 1.0, "M": 1.0, "E": 0.8, "N": 0.85, "\\left": 0.3, "\\right": 0.3,
           "\\bigl": 0.1, "\\bigr": 0.1, "\\biggl": 0.35, "\\biggr": 0.35}  # fmt: skip
_INVISIBLE = frozenset([
    "\\displaystyle", "\\limits",
    "\\mathrm", "\\text", "\\mathbf", "\\operatorname", "\\boldsymbol", "\\mathit", "\\mathsf", "\\mathcal",
    "\\hat", "\\bar", "\\tilde", "\\vec", "\\dot",
])  # fmt: skip
_FUNCTIONS = frozenset(
    ["\\ln", "\\exp", "\\sin", "\\cos", "\\tan", "\\sinh", "\\cosh", "\\tanh", "\\log", "\\max", "\\min"]
)
_STACKED = frozenset(["\\frac", "\\dfrac", "\\tfrac", "\\binom"])
_SCRIPT = 0.72
_CASES = list("{cases}")
AROUND_CASES = 1.9
"""The brace of branches, and the space before their conditions, in ems."""


def width(tex: str, *, token: float = TOKEN_WIDTH) -> float:
    r"""The estimated printed width of a formula, in ems; ``token`` is reserved for each number put in later.

    >>> width(r"\frac{1}{1 + e^{-z}}") < width("1 + e^{-z}") + 0.5
    True
    """
    if "\x0e" in tex:
        tex = _TOKENS.sub(_ANY_TOKEN, tex)  # all are as wide, whatever stands there
    else:
        token = TOKEN_WIDTH
    return (_width if len(tex) <= MAX_KEPT else _width.__wrapped__)(tex, token)


MAX_KEPT = 500
"""Widths of formulas of at most this many characters are kept: they are asked for again and again."""


@lru_cache(maxsize=4096)
def _width(tex: str, token: float) -> float:
    return _Measure(_WORDS.findall(tex), token).row(closing="")


def wider(tex: str, most: float) -> bool:
    r"""Whether a formula is wider than ``most`` ems. Of a long one only the start is measured.

    >>> wider("a + b", 28), wider(" + ".join("abcdefghijklmnopqrstuvwxyz"), 28)
    (False, True)
    """
    if len(tex) <= LONG:
        return _wider(tex, most)
    return _wider(tex[:LONG], FAR_BEYOND * most) or width(tex) > most


@lru_cache(maxsize=4096)
def _wider(tex: str, most: float) -> bool:
    """The parts of a formula come back in what is made of it, and are measured once."""
    return _Measure(_WORDS.findall(tex), TOKEN_WIDTH, FAR_BEYOND * most).row(closing="") > most


LONG = 2000
"""This many characters are measured first: where they are too wide, the rest need not be looked at."""
FAR_BEYOND = 1.5
"""A part so many times wider than allowed is too wide, whatever negative space follows."""


class _Measure:
    """Reads the words of a formula once, group by group, until a group is wider than ``enough``."""

    def __init__(self, words: Sequence[str], token: float, enough: float = inf) -> None:
        self._words = words
        self._token = token
        self._enough = enough
        self._next = 0

    def row(self, closing: str) -> float:
        """The width up to the closing brace (or the end); of several rows, the widest."""
        widest = total = above = below = 0.0
        while self._next < len(self._words):
            word = self._words[self._next]
            self._next += 1
            if word == closing:
                break
            if word in ("^", "_"):
                script = 0.05 + self._script()
                above, below = (script, below) if word == "^" else (above, script)
                continue
            if word != " ":
                total, above, below = total + max(above, below), 0.0, 0.0
            if word == "\\\\":
                widest, total = max(widest, total), 0.0
            elif word in ("+", "-") and self._is_first():
                total += 0.8
            else:
                total += self._one(word)
            if total > self._enough:
                self._next = len(self._words)
        return max(widest, total + max(above, below))

    def _is_first(self) -> bool:
        """Whether the sign just read stands before anything it could join, and so has no space around it."""
        before = [word for word in self._words[max(0, self._next - 3) : self._next - 1] if word != " "]
        return not before or before[-1] in _OPENING

    def _group(self) -> float:
        """The width of what follows a script or command: a group in braces, or one word."""
        while self._next < len(self._words) and self._words[self._next] == " ":
            self._next += 1
        if self._next == len(self._words):
            return 0.0
        word = self._words[self._next]
        self._next += 1
        return self._one(word)

    def _script(self) -> float:
        """The width of a group in a script."""
        enough, self._enough = self._enough, self._enough / _SCRIPT
        found = _SCRIPT * self._group()
        self._enough = enough
        return found

    def _one(self, word: str) -> float:
        if word == "{":
            return self.row(closing="}")
        if word in _STACKED:
            return 0.3 + max(self._group(), self._group())
        if word in ("\\underbrace", "\\overbrace"):
            return self._braced()
        if word == "\\overset":
            return max(self._script(), self._group())
        if word == "\\sqrt":
            return 0.85 + self._group()
        if word == "\\begin" and self._words[self._next : self._next + len(_CASES)] == _CASES:
            return self._cases()
        if word in ("\\begin", "\\end"):
            self._group()
            return 0.0
        return self._symbol(word)

    def _cases(self) -> float:
        """Branches as a whole: a brace, the widest formula, the widest condition and what stands between them."""
        self._next += len(_CASES)
        cells: list[list[str]] = [[]]
        columns: list[list[float]] = [[], []]
        depth = 0
        while self._next < len(self._words):
            word = self._words[self._next]
            self._next += 1
            if word == "\\end" and not depth:
                self._group()
                break
            depth += (word in ("{", "\\begin")) - (word in ("}", "\\end"))
            if depth or word not in ("&", "\\\\"):
                cells[-1].append(word)
            else:
                cells.append([])
        for k, cell in enumerate(cells):
            columns[k % 2].append(_Measure(cell, self._token, self._enough).row(closing=""))
        return AROUND_CASES + sum(max(column, default=0.0) for column in columns)

    def _braced(self) -> float:
        """A braced group and its label: the wider of the two."""
        above = self._group()
        if self._next < len(self._words) and self._words[self._next] in ("_", "^"):
            self._next += 1
            return max(above, self._script())
        return above

    def _symbol(self, word: str) -> float:
        if word.startswith("\x0e"):
            return self._token
        if word in _SPACES:
            return _SPACES[word]
        if word in _INVISIBLE:
            return 0.0
        if word in _RELATIONS:
            return 1.25
        if word in _FUNCTIONS:
            return 0.5 * len(word)
        return _OTHERS.get(word, 0.62 if word.startswith("\\") or not word.isdigit() else 0.5)


class RowPiece(NamedTuple):
    """A part of a formula before which a row may end; the smaller ``depth``, the better the place."""

    text: str
    depth: int = 0


def broken(pieces: Iterable[RowPiece | str], widest: float, *, token: float = TOKEN_WIDTH) -> tuple[str, ...]:
    """The formula in rows at most ``widest`` ems wide, broken at the best places.

    The pieces join to the whole formula. A sum is broken before its signs, a product before a factor (which
    then begins with a dot), a list of arguments after a comma. A piece that is too wide by itself stays whole. Rows
    after the first begin with ``{}``, so that their sign is set as one between two terms; a row after a comma has
    no sign before it.

    >>> broken(["a", " + b", " + c"], 4.0)
    ('a + b', '{} + c')
    """
    plain = [RowPiece(piece) if isinstance(piece, str) else piece for piece in pieces]
    sizes = [width("{}" + piece.text, token=token) for piece in plain]
    if sum(sizes) <= widest:
        return (joined_all(piece.text for piece in plain),)
    rows: list[list[str]] = [[]]
    _fill(rows, [0.0], list(zip(plain, sizes, strict=True)), widest)
    first, *others = (_with_sized_brackets(joined_all(row)) for row in rows if row)
    return (first, *(_continued(row, before) for before, row in pairwise((first, *others))))


_Sized = list[tuple[RowPiece, float]]
_DOT_WIDTH = 1.3
_SIGNS = ("+", "-", r"\cdot", "/")


def _fill(rows: list[list[str]], used: list[float], pieces: _Sized, widest: float) -> None:
    """Append the pieces to the rows; chunks between the best places stay together where they can."""
    stack = [pieces]
    while stack:
        chunk = stack.pop()
        size = sum(piece_size for _, piece_size in chunk)
        if used[0] + size <= widest or (len(chunk) == 1 and not rows[-1]):
            rows[-1] += [piece.text for piece, _ in chunk]
            used[0] += size
            continue
        signed = chunk[0][0].text.lstrip().startswith(_SIGNS) or (rows[-1] and _ends_argument(rows[-1][-1]))
        lead = 0.0 if signed else _DOT_WIDTH
        if lead + size <= widest or len(chunk) == 1:
            rows.append([piece.text for piece, _ in chunk])
            used[0] = lead + size
        else:
            if rows[-1] and _is_term(chunk):
                rows.append([])
                used[0] = 0.0
            stack.extend(reversed(_split(chunk)))


def _is_term(chunk: _Sized) -> bool:
    """Whether the chunk is one term of a sum, with its sign: no row begins in the middle of it."""
    (first, _), *rest = chunk
    return first.text.startswith((" + ", " - ")) and all(first.depth < piece.depth for piece, _ in rest)


_GROWING = regex(r"\\(left|right)(?![A-Za-z])")
_SIZED = {"left": r"\biggl", "right": r"\biggr"}


def _with_sized_brackets(row: str) -> str:
    """A row whose growing brackets without their partners, which stand on other rows, have a size."""
    if r"\left" not in row and r"\right" not in row:
        return row
    opened: list[re.Match[str]] = []
    alone: list[re.Match[str]] = []
    for found in _GROWING.finditer(row):
        if found[1] == "left":
            opened.append(found)
        elif opened:
            opened.pop()
        else:
            alone.append(found)
    for found in sorted([*alone, *opened], key=lambda one: one.start(), reverse=True):
        row = row[: found.start()] + _SIZED[found[1]] + row[found.end() :]
    return row


def _split(chunk: _Sized) -> list[_Sized]:
    """The chunk cut before each piece at its best (smallest) depth, the first apart."""
    best = min(piece.depth for piece, _ in chunk[1:])
    parts: list[_Sized] = [[]]
    for item in chunk:
        if parts[-1] and item[0].depth == best:
            parts.append([])
        parts[-1].append(item)
    return parts


def _ends_argument(row: str) -> bool:
    return row.rstrip().endswith(",")


def _continued(row: str, before: str) -> str:
    """A row after the first, with the sign that joins it to the row before."""
    row = row.removeprefix(r"\;").removeprefix(r"\,").strip()
    if _ends_argument(before):
        return row
    return f"{{}} {row}" if row.startswith(_SIGNS) else joined(r"{} \cdot ", row)
