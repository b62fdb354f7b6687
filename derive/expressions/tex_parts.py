"""The parts of a formula while it is set: what stands at their edges, and what that asks of others."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from typing import Literal, NamedTuple, TypeAlias

from derive.expressions.print_text import Level
from derive.expressions.tex_words import joined, joined_all
from derive.expressions.tree import Number
from derive.expressions.widths import RowPiece, wider
from derive.records import record

Brackets: TypeAlias = Literal["negated", "never", "first", "negative", "base", "always"]
"""When a number that is put in for a name is set in brackets: ``never``; as the ``first`` term of a sum (where it is
written as a sum); where it is ``negative``; as the ``base`` of a power (where it is negative or has a power of ten);
``always`` (a factor among factors). ``negated``: the number with the other sign."""

TexOfName: TypeAlias = Callable[[str], str]
TexOfValue: TypeAlias = Callable[[str, Brackets], str]
TexOfNumber: TypeAlias = Callable[[Number], str]


@record
class TexStyle:
    """How names and numbers are set; with ``value``, numbers are put in for names; those of ``tall`` are fractions."""

    name: TexOfName
    value: TexOfValue | None
    number: TexOfNumber
    partial: bool
    tall: Collection[str] = ()


class TexPart(NamedTuple):
    r"""A part as it is set, and what its surroundings must know about it.

    Attributes:
        start, end: what stands at its edges: digit, letter, word, bracket, fraction, function, derivative;
            at the end also open, a function whose argument has no brackets.
        tall: higher than a line, so that brackets around it grow.
        scripted: carries a superscript or prime; as the base of a power it needs brackets.
        operand: the name whose number is put in once the surroundings are known.
        head: of a function that takes its power before its argument (``\tanh^{2} z``).
        group: a product, set apart among other factors.
        slashed: a quotient with a slash, set in brackets among factors.
        nested: the brackets in it, ``(`` or ``[``, so that those around it are of the other kind.

    """

    pieces: tuple[RowPiece, ...]
    level: Level = Level.ATOM
    start: str = "letter"
    end: str = "letter"
    tall: bool = False
    scripted: bool = False
    operand: str = ""
    head: str = ""
    group: bool = False
    slashed: bool = False
    nested: str = ""


class Both(NamedTuple):
    """A part on the line, and in a script, where quotients are set with a slash."""

    line: TexPart
    script: TexPart


def text_of(part: TexPart) -> str:
    """The whole of a part."""
    return joined_all(piece.text for piece in part.pieces)


def one(text: str, level: Level = Level.ATOM, start: str = "letter", end: str = "letter", **more: object) -> TexPart:
    """A part that is never broken."""
    return TexPart((RowPiece(text),), level, start, end, **more)  # type: ignore[arg-type]


def placed(part: TexPart, style: TexStyle, brackets: Brackets) -> TexPart:
    """A name's number put in, now that its surroundings are known; anything else as it is."""
    if not part.operand or style.value is None:
        return part
    edge = "bracket" if brackets == "always" else "digit"
    nested = "(" if brackets == "always" else ""
    tall = part.operand in style.tall
    return one(style.value(part.operand, brackets), Level.ATOM, edge, edge, nested=nested, tall=tall)


def at(part: TexPart, level: Level, style: TexStyle, brackets: Brackets) -> TexPart:
    """The part as it stands where something binds as tightly as ``level``."""
    part = placed(part, style, brackets)
    return part if part.level >= level else bracketed(part)


WIDE = 28.0  # ems: brackets around more than this must be able to break


def bracketed(part: TexPart) -> TexPart:
    """The part in brackets, square ones around round ones."""
    return framed("[", part, "]") if part.nested == "(" else framed("(", part, ")")


def framed(left: str, part: TexPart, right: str) -> TexPart:
    """The part between two delimiters, which grow with it; around what is long, to a size that can break.

    Those that grow do so on one row only: where a row ends between them, :func:`broken` gives them a size.
    """
    if part.tall and len(part.pieces) > 1 and wider(text_of(part), WIDE):
        return _around(rf"\biggl{left}", part, rf"\biggr{right}")
    if part.tall:
        return _around(rf"\left{left} ", part, rf" \right{right}")
    return _around(left, part, right)


def _around(left: str, part: TexPart, right: str) -> TexPart:
    left, right = (
        (left + " " if left[-1].isalpha() else left),
        (" " + right if right[1:].isalpha() else right),
    )
    first, *others = (*(RowPiece(text, depth + 2) for text, depth in part.pieces),)
    pieces = with_end((RowPiece(left + first.text, part.pieces[0].depth), *others), right)
    return TexPart(pieces, Level.ATOM, "bracket", "bracket", tall=part.tall, nested=left.strip()[-1])


def with_start(start: str, pieces: tuple[RowPiece, ...]) -> tuple[RowPiece, ...]:
    """The pieces with some text before them that no row break parts from them."""
    first, *others = pieces
    return (RowPiece(joined(start, first.text), first.depth), *others)


def with_end(pieces: tuple[RowPiece, ...], end: str) -> tuple[RowPiece, ...]:
    """The pieces with some text after them that no row break parts from them."""
    *others, last = pieces
    return (*others, RowPiece(joined(last.text, end), last.depth))


DOT, THIN = r" \cdot ", r"\,"


def between(left: TexPart, right: TexPart) -> str:
    """What is set between two factors: nothing, a thin space, or a dot where they would run together."""
    if "derivative" in (left.end, right.start) or left.end == "open" or right.start == "digit":
        return DOT
    if left.end == "digit" and right.start in ("bracket", "letter") and text_of(left) in ("0", "1"):
        return DOT
    if right.start == "fraction" and left.end in ("digit", "fraction"):
        return DOT
    if right.start == "function" or "bracket" in (left.end, right.start):
        return " " if right.start == "function" else ""
    if "word" in (left.end, right.start) or "fraction" in (left.end, right.start):
        return THIN
    return " " if re.search(r"\\[A-Za-z]+$", left.pieces[-1].text) else ""


def any_tall(parts: Iterable[TexPart]) -> bool:
    """Whether one of them is tall."""
    return any(part.tall for part in parts)


def any_nested(parts: Iterable[TexPart]) -> str:
    """The outermost brackets in them."""
    return max((part.nested for part in parts), default="")
