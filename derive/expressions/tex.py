r"""Tree to TeX, in the author's order, as a good book sets it.

>>> from derive.expressions.grammar import parse
>>> tex(parse("1/(1 + exp(-z))"))
'\\frac{1}{1 + e^{-z}}'
>>> substituted(parse("w*x + b"), lambda name, brackets: {"w": "(-0.5)", "x": "(7)", "b": "0"}[name])
'(-0.5)(7) + 0'

The result is accepted by KaTeX in strict mode and by LaTeX with amsmath.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal, NamedTuple, TypeAlias

from derive.expressions.fold import fold
from derive.expressions.text import Level, decimal
from derive.expressions.tex_width import Piece, broken, width
from derive.expressions.tree import (
    Call,
    Constant,
    Derivative,
    Expr,
    Name,
    Negative,
    Number,
    Power,
    Product,
    Quotient,
    Sum,
    names_in,
)
from derive.ops.functions import FUNCTIONS

__all__ = ["Brackets", "Piece", "broken", "number_tex", "pieces", "substituted", "substituted_pieces", "tex", "width"]

Brackets: TypeAlias = Literal["never", "negative", "base", "always"]
"""When a number that is put in for a name is set in brackets: ``never``; where it is ``negative``; as the ``base``
of a power (where it is negative or has a power of ten); ``always`` (a factor among factors)."""

Names: TypeAlias = Callable[[str], str]
Values: TypeAlias = Callable[[str, Brackets], str]
Numbers: TypeAlias = Callable[[Number], str]


def plain_name(name: str) -> str:
    r"""A name without a notation: letters as they are, words upright.

    >>> plain_name("x"), plain_name("rate")
    ('x', '\\mathrm{rate}')
    """
    return name if len(name) == 1 else rf"\mathrm{{{name.replace('_', chr(92) + '_')}}}"


def tex(expr: Expr, name: Names = plain_name, number: Numbers | None = None) -> str:
    """The expression in symbols; ``name`` gives the TeX of a quantity, ``number`` that of a number."""
    return _text(_printed(expr, _Style(name, None, number or number_tex, _partial(expr))))


def pieces(expr: Expr, name: Names = plain_name, number: Numbers | None = None) -> tuple[Piece, ...]:
    """As :func:`tex`, in pieces before which a row may end (see :func:`broken`)."""
    return _printed(expr, _Style(name, None, number or number_tex, _partial(expr))).pieces


def substituted(expr: Expr, value: Values, number: Numbers | None = None) -> str:
    """The same terms and factors with numbers in place of names.

    ``value(name, brackets)`` is the number of a quantity, set in brackets as :data:`Brackets` says.
    """
    return _text(_printed(expr, _Style(plain_name, value, number or number_tex, partial=False)))


def substituted_pieces(expr: Expr, value: Values, number: Numbers | None = None) -> tuple[Piece, ...]:
    """As :func:`substituted`, in pieces before which a row may end."""
    return _printed(expr, _Style(plain_name, value, number or number_tex, partial=False)).pieces


def number_tex(number: Number) -> str:
    r"""A number as written, or as a short decimal, or as a fraction.

    >>> from flint import fmpq
    >>> number_tex(Number(fmpq(1, 1000), "1e-3")), number_tex(Number(fmpq(1, 3)))
    ('1 \\times 10^{-3}', '\\frac{1}{3}')
    """
    if number.written:
        mantissa, e, exponent = number.written.lower().partition("e")
        return rf"{mantissa} \times 10^{{{int(exponent)}}}" if e else mantissa
    shown = decimal(number.value)
    if shown is not None and len(shown) <= 12:
        return shown
    sign = "-" if number.value < 0 else ""
    top, bottom = abs(number.value.numerator), number.value.denominator
    return f"{sign}{top}" if bottom == 1 else rf"{sign}\frac{{{top}}}{{{bottom}}}"


def _partial(expr: Expr) -> bool:
    return len(names_in(expr)) > 1


@dataclass(frozen=True, slots=True)
class _Style:
    name: Names
    value: Values | None
    number: Numbers
    partial: bool


class _Set(NamedTuple):
    """A part as it is set, and what its surroundings must know about it."""

    pieces: tuple[Piece, ...]
    level: Level = Level.ATOM
    start: str = "letter"  # what stands at its edges: digit, letter, word, bracket, fraction, function, derivative
    end: str = "letter"  # ... or, at the end, open: a function whose argument has no brackets
    tall: bool = False
    scripted: bool = False  # carries a superscript or prime: as the base of a power it needs brackets
    operand: str = ""  # the name whose number is put in, when the surroundings are known
    head: str = ""  # of a function that takes its power before its argument: \tanh^{2} z
    group: bool = False  # a product, set apart among other factors
    slashed: bool = False  # a quotient with a slash: in brackets among factors
    nested: bool = False  # has round brackets in it, so that those around it are square


class _Both(NamedTuple):
    """A part on the line, and in a script, where quotients are set with a slash."""

    line: _Set
    script: _Set


def _text(part: _Set) -> str:
    return "".join(piece.text for piece in part.pieces)


def _one(text: str, level: Level = Level.ATOM, start: str = "letter", end: str = "letter", **more: object) -> _Set:
    return _Set((Piece(text),), level, start, end, **more)  # type: ignore[arg-type]


def _printed(expr: Expr, style: _Style) -> _Set:
    both = fold(expr, lambda here, parts: _combine(here, parts, style))
    return _placed(both.line, style, "never")


def _combine(here: Expr, parts: tuple[_Both, ...], style: _Style) -> _Both:
    line = _set(here, parts, style, script=False)
    if isinstance(here, Quotient) or any(part.script is not part.line for part in parts):
        return _Both(line, _set(here, parts, style, script=True))
    return _Both(line, line)


def _set(here: Expr, parts: tuple[_Both, ...], style: _Style, *, script: bool) -> _Set:
    inner = tuple(part.script if script else part.line for part in parts)
    match here:
        case Number():
            return _number(style.number(here))
        case Constant(name=name):
            return _one(r"\pi" if name == "pi" else name)
        case Name(name=name):
            return _name(name, style)
        case Sum():
            return _sum(inner, style)
        case Product():
            return _product(inner, style)
        case Quotient():
            return (_slashed if script else _fraction)(inner, style)
        case Power():
            return _power(here, inner[0], parts[1].script, style)
        case Negative():
            return _negative(inner[0], style)
        case Call():
            return _call(here, inner, parts[0].script, style)
        case Derivative(by=by):
            return _derivative(by, inner[0], style)
        case _:
            raise TypeError(type(here).__name__)


# Leaves


def _number(text: str) -> _Set:
    if text.startswith("-"):
        return _one(text, Level.SIGN, "digit", "digit")
    if text.startswith(r"\frac"):
        return _one(text, Level.PRODUCT, "fraction", "fraction", tall=True)
    if r"\times" in text:
        return _one(text, Level.PRODUCT, "digit", "open")
    return _one(text, Level.ATOM, "digit", "digit")


_UPRIGHT = re.compile(r"\\(?:mathrm|text|operatorname|mathit|mathsf|mathtt)\b")


def _name(name: str, style: _Style) -> _Set:
    if style.value is not None:
        return _Set((), operand=name, start="digit", end="digit")
    text = style.name(name)
    edge = "word" if _UPRIGHT.match(text) else "fraction" if text.startswith(r"\frac") else "letter"
    return _one(text, Level.ATOM, edge, edge, tall=r"\frac" in text, scripted=_has_superscript(text))


def _has_superscript(text: str) -> bool:
    """Whether a power could not be set on it: a superscript or prime outside all braces, or a fraction."""
    if not any(mark in text for mark in ("^", "'", r"\frac", r"\prime")):
        return False
    if text.startswith(r"\frac"):
        return True
    depth = 0
    for character in text:
        depth += (character == "{") - (character == "}")
        if depth == 0 and character in "^'":
            return True
    return False


# Surroundings: numbers put in, brackets, multiplication


def _placed(part: _Set, style: _Style, brackets: Brackets) -> _Set:
    """A name's number put in, now that its surroundings are known; anything else as it is."""
    if not part.operand or style.value is None:
        return part
    edge = "bracket" if brackets == "always" else "digit"
    return _one(style.value(part.operand, brackets), Level.ATOM, edge, edge, nested=brackets == "always")


def _at(part: _Set, level: Level, style: _Style, brackets: Brackets) -> _Set:
    """The part as it stands where something binds as tightly as ``level``."""
    part = _placed(part, style, brackets)
    return part if part.level >= level else _bracketed(part)


_WIDE = 28.0  # ems: brackets around more than this must be able to break


def _bracketed(part: _Set, left: str = "(", right: str = ")") -> _Set:
    """The part in brackets: square around round ones, tall ones, or (around what is long) of a fixed size."""
    if part.nested and left == "(":
        left, right = "[", "]"
    if part.tall and len(part.pieces) > 1 and width(_text(part)) > _WIDE:
        return _around(part, rf"\biggl{left}", rf"\biggr{right}", breakable=True)
    if part.tall:
        return _around(part, rf"\left{left} ", rf" \right{right}", breakable=False)
    return _around(part, left, right, breakable=True)


def _around(part: _Set, left: str, right: str, *, breakable: bool) -> _Set:
    edges = ("bracket", "bracket")
    if not breakable or len(part.pieces) == 1:
        return _one(f"{left}{_text(part)}{right}", Level.ATOM, *edges, tall=part.tall, nested="[" not in left)
    first, *middle, last = part.pieces
    deeper = (
        Piece(left + first.text, first.depth),
        *(Piece(piece.text, piece.depth + 2) for piece in middle),
        Piece(last.text + right, last.depth + 2),
    )
    return _Set(deeper, Level.ATOM, *edges, tall=part.tall, nested="[" not in left)


_DOT, _THIN = r" \cdot ", r"\,"


def _between(left: _Set, right: _Set) -> str:
    """What is set between two factors: nothing, a thin space, or a dot where they would run together."""
    if "derivative" in (left.end, right.start) or left.end == "open" or right.start == "digit":
        return _DOT
    if left.end == "digit" and right.start == "bracket" and _text(left) in ("0", "1"):
        return _DOT
    if right.start == "fraction" and left.end in ("digit", "fraction"):
        return _DOT
    if right.start == "function" or "bracket" in (left.end, right.start):
        return " " if right.start == "function" else ""
    if "word" in (left.end, right.start) or "fraction" in (left.end, right.start):
        return _THIN
    return " " if re.search(r"\\[A-Za-z]+$", left.pieces[-1].text) else ""


# Operations


def _sum(parts: tuple[_Set, ...], style: _Style) -> _Set:
    shown: list[Piece] = []
    placed = [_at(part, Level.SIGN, style, "negative" if i else "never") for i, part in enumerate(parts)]
    for i, part in enumerate(placed):
        first, *rest = part.pieces
        text = first.text
        if i:
            text = f" - {text[1:]}" if part.level is Level.SIGN else f" + {text}"
        shown.append(Piece(text, 0))
        shown.extend(Piece(piece.text, piece.depth + 1) for piece in rest)
    return _Set(tuple(shown), Level.SUM, "letter", "letter", tall=_any_tall(placed), nested=_any_nested(placed))


def _any_tall(parts: Iterable[_Set]) -> bool:
    return any(part.tall for part in parts)


def _any_nested(parts: Iterable[_Set]) -> bool:
    return any(part.nested for part in parts)


def _product(parts: tuple[_Set, ...], style: _Style) -> _Set:
    factors = [_factor(part, i, style) for i, part in enumerate(parts)]
    apart = style.value is None and len(factors) > 2 and any(factor.group for factor in factors)
    shown = list(factors[0].pieces)
    for left, right in zip(factors, factors[1:], strict=False):
        joint = _between(left, right)
        joint = r"\; " if apart and joint != _DOT else joint
        first, *rest = right.pieces
        shown.append(Piece(joint + first.text, 0))
        shown.extend(Piece(piece.text, piece.depth + 1) for piece in rest)
    ends = (factors[0].start, factors[-1].end)
    tall, nested = _any_tall(factors), _any_nested(factors)
    return _Set(tuple(shown), Level.PRODUCT, *ends, tall=tall, group=len(factors) > 1, nested=nested)


def _factor(part: _Set, position: int, style: _Style) -> _Set:
    if part.slashed:
        return _bracketed(part)
    factor = _at(part, Level.PRODUCT, style, "always")
    if style.value is not None and position and factor.start == factor.end == "digit":
        return _bracketed(factor)
    return factor


def _fraction(parts: tuple[_Set, ...], style: _Style) -> _Set:
    top, bottom = (_placed(part, style, "never") for part in parts)
    wide_top, wide_bottom = (width(_text(part)) > _WIDE for part in (top, bottom))
    if wide_bottom:
        over = (_bracketed(top) if top.level < Level.PRODUCT else top).pieces
        under = _bracketed(bottom).pieces
        shown = (*over, Piece(r" \big/ " + under[0].text, 1), *under[1:])
        return _Set(shown, Level.PRODUCT, top.start, "bracket", tall=top.tall or bottom.tall, slashed=True)
    if wide_top:
        under = _one(rf"\frac{{1}}{{{_text(bottom)}}}", Level.PRODUCT, "fraction", "fraction", tall=True)
        return _product((under, _bracketed(top)), style)
    text = rf"\frac{{{_text(top)}}}{{{_text(bottom)}}}"
    return _one(text, Level.PRODUCT, "fraction", "fraction", tall=True)


def _slashed(parts: tuple[_Set, ...], style: _Style) -> _Set:
    top, bottom = parts
    over = _at(top, Level.PRODUCT, style, "negative")
    under = _bracketed(bottom) if bottom.group or bottom.slashed else _at(bottom, Level.POWER, style, "base")
    text = f"{_text(over)}/{_text(under)}"
    return _one(text, Level.PRODUCT, over.start, "open", tall=over.tall or under.tall, slashed=True)


def _power(here: Power, base: _Set, exponent: _Set, style: _Style) -> _Set:
    raised = f"^{{{_text(_placed(exponent, style, 'never'))}}}"
    if base.head and isinstance(here.exponent, Number):
        argument = _text(base)[len(base.head) :]
        return _one(f"{base.head}{raised}{argument}", Level.POWER, base.start, base.end, tall=base.tall)
    below = _at(base, Level.ATOM, style, "base")
    below = _bracketed(below) if below.scripted else below
    return _one(f"{_text(below)}{raised}", Level.POWER, below.start, "letter", tall=below.tall, nested=below.nested)


def _negative(part: _Set, style: _Style) -> _Set:
    operand = _at(part, Level.PRODUCT, style, "negative")
    first, *rest = operand.pieces
    shown = (Piece(f"-{first.text}", first.depth), *rest)
    return _Set(shown, Level.SIGN, operand.start, operand.end, tall=operand.tall, nested=operand.nested)


_POWERED = frozenset({"sin", "cos", "tan", "sinh", "cosh", "tanh"})
_LONGEST_EXPONENT = 8.0  # ems


def _call(here: Call, parts: tuple[_Set, ...], script: _Set, style: _Style) -> _Set:
    name = here.function.removesuffix("'")
    primed = name != here.function
    shape = FUNCTIONS[name].tex or rf"\operatorname{{{name}}}"
    if name == "exp" and not primed:
        exponent = _text(_placed(script, style, "never"))
        if width(exponent) <= _LONGEST_EXPONENT and r"\frac" not in exponent:
            return _one(f"e^{{{exponent}}}", Level.POWER)
    if "{}" in shape and primed:
        shape = rf"\operatorname{{{name}}}"
    if "{}" in shape:
        return _enclosed(shape, _placed(parts[0], style, "never"))
    return _applied(here, shape + "'" * primed, parts, style)


def _enclosed(shape: str, inner: _Set) -> _Set:
    """A function that is set around its argument: a root, bars."""
    if inner.tall and r"\lvert" in shape:
        shape = shape.replace(r"\lvert", r"\left\lvert").replace(r"\rvert", r"\right\rvert")
    edge = "bracket" if r"\lvert" in shape else "letter"
    return _one(shape.format(_text(inner)), Level.ATOM, edge, edge, tall=inner.tall, scripted="sqrt" in shape)


def _applied(here: Call, head: str, parts: tuple[_Set, ...], style: _Style) -> _Set:
    r"""A function before its argument, without brackets where a book leaves them out (``\ln x``)."""
    start = "letter" if head[1:].rstrip("'").isalpha() and here.function[:7] == "sigmoid" else "function"
    powered = head if here.function in _POWERED else ""
    only = here.arguments[0] if len(parts) == 1 else None
    bare = here.function in _POWERED | {"ln", "log", "log2", "log10"} and style.value is None
    if bare and isinstance(only, Name | Number | Constant) and parts[0].level is Level.ATOM and not parts[0].tall:
        return _one(f"{head} {_text(parts[0])}", Level.POWER, start, "open", head=powered)
    inside = ", ".join(_text(_placed(part, style, "never")) for part in parts)
    tall = _any_tall(parts)
    brackets = rf"\!\left( {inside} \right)" if tall else f"({inside})"
    return _one(head + brackets, Level.ATOM, start, "bracket", tall=tall, head=powered)


def _derivative(by: str, part: _Set, style: _Style) -> _Set:
    inner = _bracketed(_placed(part, style, "never"), "[", "]")
    d = r"\partial" if style.partial else "d"
    under = style.name(by)
    gap = " " if style.partial or under[:1] == "\\" else ""
    text = rf"\frac{{{d}}}{{{d}{gap}{under}}}{_text(inner)}"
    return _one(text, Level.ATOM, "derivative", "derivative", tall=True, scripted=True)
