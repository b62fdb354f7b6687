r"""Tree to TeX, in the author's order, as a good book sets it.

>>> from derive.expressions.grammar import parse
>>> tex(parse("1/(1 + exp(-z))"))
'\\frac{1}{1 + e^{-z}}'
>>> substituted(parse("w*x + b"), lambda name, brackets: {"w": "(-0.5)", "x": "(7)", "b": "0"}[name])
'(-0.5)(7) + 0'

The result is accepted by KaTeX in strict mode and by LaTeX with amsmath.
"""

from __future__ import annotations

from collections.abc import Collection
from itertools import pairwise

from derive.expressions.fold import fold
from derive.expressions.functions import FUNCTIONS
from derive.expressions.letters import is_taken
from derive.expressions.print_text import Level, decimal
from derive.expressions.tex_parts import (
    DOT,
    WIDE,
    Both,
    Brackets,
    TexOfName,
    TexOfNumber,
    TexOfValue,
    TexPart,
    TexStyle,
    any_nested,
    any_tall,
    at,
    between,
    bracketed,
    framed,
    one,
    placed,
    text_of,
    with_end,
    with_start,
)
from derive.expressions.tex_words import joined
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
from derive.expressions.widths import RowPiece, broken, wider, width
from derive.patterns import regex

__all__ = [
    "Brackets",
    "RowPiece",
    "broken",
    "number_tex",
    "pieces",
    "substituted",
    "substituted_pieces",
    "tex",
    "width",
]


def plain_name(name: str) -> str:
    r"""A name without a notation: letters as they are, words upright.

    >>> plain_name("x"), plain_name("rate")
    ('x', '\\mathrm{rate}')
    """
    return name if len(name) == 1 else rf"\mathrm{{{name.replace('_', chr(92) + '_')}}}"


def tex(
    expr: Expr, name: TexOfName = plain_name, number: TexOfNumber | None = None, *, partial: bool | None = None
) -> str:
    """The expression in symbols; ``name`` gives the TeX of a quantity, ``number`` that of a number.

    ``partial`` says whether a derivative still to be taken has ∂ or d (left out: ∂ where there are several names).
    """
    return text_of(_printed(expr, TexStyle(name, None, number or number_tex, _partial(expr, partial))))


def pieces(
    expr: Expr, name: TexOfName = plain_name, number: TexOfNumber | None = None, *, partial: bool | None = None
) -> tuple[RowPiece, ...]:
    """As :func:`tex`, in pieces before which a row may end (see :func:`broken`)."""
    return _printed(expr, TexStyle(name, None, number or number_tex, _partial(expr, partial))).pieces


def substituted(expr: Expr, value: TexOfValue, number: TexOfNumber | None = None) -> str:
    """The same terms and factors with numbers in place of names.

    ``value(name, brackets)`` is the number of a quantity, set in brackets as :data:`Brackets` says.
    """
    return text_of(_printed(expr, TexStyle(plain_name, value, number or number_tex, partial=False)))


def substituted_pieces(
    expr: Expr, value: TexOfValue, number: TexOfNumber | None = None, *, tall: Collection[str] = ()
) -> tuple[RowPiece, ...]:
    """As :func:`substituted`, in pieces before which a row may end; brackets around the numbers of ``tall`` grow."""
    return _printed(expr, TexStyle(plain_name, value, number or number_tex, partial=False, tall=tall)).pieces


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


def _partial(expr: Expr, said: bool | None) -> bool:
    return len(names_in(expr)) > 1 if said is None else said


def _printed(expr: Expr, style: TexStyle) -> TexPart:
    both = fold(expr, lambda here, parts: _combine(here, parts, style))
    return placed(both.line, style, "never")


def _combine(here: Expr, parts: tuple[Both, ...], style: TexStyle) -> Both:
    line = _part(here, parts, style, script=False)
    if isinstance(here, Quotient) or any(part.script is not part.line for part in parts):
        return Both(line, _part(here, parts, style, script=True))
    return Both(line, line)


def _part(here: Expr, parts: tuple[Both, ...], style: TexStyle, *, script: bool) -> TexPart:
    inner = tuple(part.script if script else part.line for part in parts)
    match here:
        case Number():
            return _number(style.number(here))
        case Constant(name=name):
            return one(r"\pi" if name == "pi" else r"\exp(1)" if is_taken(name) else name)
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


def _number(text: str) -> TexPart:
    if text.startswith("-"):
        return one(text, Level.SIGN, "digit", "digit")
    if text.startswith(r"\frac"):
        return one(text, Level.PRODUCT, "fraction", "fraction", tall=True)
    if r"\times" in text:
        return one(text, Level.PRODUCT, "digit", "open")
    return one(text, Level.ATOM, "digit", "digit")


_UPRIGHT = regex(r"\\(?:mathrm|text|operatorname|mathit|mathsf|mathtt)\b")


def _name(name: str, style: TexStyle) -> TexPart:
    if style.value is not None:
        return TexPart((), operand=name, start="digit", end="digit")
    text = style.name(name)
    edge = "word" if _UPRIGHT.match(text) else "fraction" if text.startswith(r"\frac") else "letter"
    return one(text, Level.ATOM, edge, edge, tall=r"\frac" in text, scripted=_has_superscript(text))


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


# Operations


def _sum(parts: tuple[TexPart, ...], style: TexStyle) -> TexPart:
    shown: list[RowPiece] = []
    placed = [at(part, Level.SIGN, style, "negative" if i else "first") for i, part in enumerate(parts)]
    for i, part in enumerate(placed):
        first, *rest = part.pieces
        text = first.text
        if i:
            text = f" - {text[1:]}" if part.level is Level.SIGN else f" + {text}"
        shown.append(RowPiece(text, 0))
        shown.extend(RowPiece(piece.text, piece.depth + 1) for piece in rest)
    return TexPart(tuple(shown), Level.SUM, "letter", "letter", tall=any_tall(placed), nested=any_nested(placed))


def _product(parts: tuple[TexPart, ...], style: TexStyle) -> TexPart:
    ones = (False, *(not part.operand and text_of(part) == "1" for part in parts[:-1]))  # 1 · 4, but (2)(4)
    factors = [_factor(part, i, style, after_one=one) for i, (part, one) in enumerate(zip(parts, ones, strict=True))]
    apart = style.value is None and len(factors) > 2 and any(factor.group for factor in factors)
    shown = list(factors[0].pieces)
    for left, right in pairwise(factors):
        joint = between(left, right)
        joint = r"\; " if apart and joint != DOT else joint
        first, *rest = right.pieces
        shown.append(RowPiece(joined(joint, first.text), 0))
        shown.extend(RowPiece(piece.text, piece.depth + 1) for piece in rest)
    ends = (factors[0].start, factors[-1].end)
    tall, nested = any_tall(factors), any_nested(factors)
    return TexPart(tuple(shown), Level.PRODUCT, *ends, tall=tall, group=len(factors) > 1, nested=nested)


def _factor(part: TexPart, position: int, style: TexStyle, *, after_one: bool) -> TexPart:
    if part.slashed:
        return bracketed(part)
    factor = at(part, Level.PRODUCT, style, "negative" if after_one else "always")
    if style.value is not None and position and not after_one and factor.start == factor.end == "digit":
        return bracketed(factor)
    return factor


def _fraction(parts: tuple[TexPart, ...], style: TexStyle) -> TexPart:
    top, bottom = (placed(part, style, "never") for part in parts)
    wide_top, wide_bottom = (wider(text_of(part), WIDE) for part in (top, bottom))
    if wide_top or wide_bottom:
        over, under = _divided(top), _divided(bottom)
        first, *others = under.pieces
        shown = (*with_end(over.pieces, f" / {first.text}"), *others)
        return TexPart(shown, Level.PRODUCT, over.start, "open", tall=over.tall or under.tall, slashed=True)
    text = rf"\frac{{{text_of(top)}}}{{{text_of(bottom)}}}"
    return one(text, Level.PRODUCT, "fraction", "fraction", tall=True)


def _divided(part: TexPart) -> TexPart:
    """A side of a quotient that is too wide for a fraction line."""
    single = part.level is Level.ATOM and not part.group
    return part if single else bracketed(part)


def _slashed(parts: tuple[TexPart, ...], style: TexStyle) -> TexPart:
    top, bottom = parts
    over = at(top, Level.PRODUCT, style, "negative")
    under = bracketed(bottom) if bottom.group or bottom.slashed else at(bottom, Level.POWER, style, "base")
    text = f"{text_of(over)}/{text_of(under)}"
    return one(text, Level.PRODUCT, over.start, "open", tall=over.tall or under.tall, slashed=True)


def _power(here: Power, base: TexPart, exponent: TexPart, style: TexStyle) -> TexPart:
    raised = f"^{{{text_of(placed(exponent, style, 'never'))}}}"
    if base.head and isinstance(here.exponent, Number) and here.exponent.value.denominator == 1:
        argument = text_of(base)[len(base.head) :]
        return one(joined(base.head, raised, argument), Level.POWER, base.start, base.end, tall=base.tall)
    below = at(base, Level.ATOM, style, "base")
    below = bracketed(below) if below.scripted else below
    return below._replace(pieces=with_end(below.pieces, raised), level=Level.POWER, end="letter", head="")


def _negative(part: TexPart, style: TexStyle) -> TexPart:
    operand = at(part, Level.PRODUCT, style, "negative")
    return operand._replace(
        head="", pieces=with_start("-", operand.pieces), level=Level.SIGN, group=False, slashed=False
    )


_POWERED = frozenset({"sin", "cos", "tan", "sinh", "cosh", "tanh"})
_MAX_EXPONENT_WIDTH = 11.0  # ems
"""At most this many ems of an exponent of e stand above the line."""


def _call(here: Call, parts: tuple[TexPart, ...], script: TexPart, style: TexStyle) -> TexPart:
    name = here.function.removesuffix("'")
    primed = name != here.function
    entry = FUNCTIONS[name]
    shape = entry.tex or rf"\operatorname{{{name}}}"
    if name == "exp" and not primed and not is_taken("e"):
        exponent = _negated(here.arguments[0], style) or text_of(placed(script, style, "never"))
        if not wider(exponent, _MAX_EXPONENT_WIDTH) and r"\frac" not in exponent:
            return one(f"e^{{{exponent}}}", Level.POWER)
    if primed and ("{}" in shape or entry.variadic):  # a prime would stand above \max
        shape = rf"\operatorname{{{name}}}"
    if "{}" not in shape:
        return _applied(here, shape + "'" * primed, parts, style)
    inner = placed(parts[0], style, "never")
    if name == "abs":
        left, right = shape.split(" {} ")
        return framed(left, inner, right)
    return one(shape.format(text_of(inner)), tall=inner.tall, scripted=True)


def _negated(exponent: Expr, style: TexStyle) -> str:
    """The number with the other sign, where ``exponent`` is a quantity less than nothing: e^0.6 for e^-(-0.6)."""
    if style.value is None or not isinstance(exponent, Negative) or not isinstance(exponent.operand, Name):
        return ""
    return style.value(exponent.operand.name, "negated")


def _applied(here: Call, head: str, parts: tuple[TexPart, ...], style: TexStyle) -> TexPart:
    r"""A function before its argument, without brackets where a book leaves them out (``\ln x``)."""
    start = "letter" if head[1:].rstrip("'").isalpha() and here.function[:7] == "sigmoid" else "function"
    powered = head if here.function in _POWERED else ""
    only = here.arguments[0] if len(parts) == 1 else None
    bare = here.function in _POWERED | {"ln", "log", "log2", "log10"} and style.value is None
    if bare and isinstance(only, Name | Number | Constant) and parts[0].level is Level.ATOM and not parts[0].tall:
        return one(f"{head} {text_of(parts[0])}", Level.POWER, start, "open", head=powered)
    inside = _listed([placed(part, style, "never") for part in parts])
    enclosed = framed("(", inside, ")")
    shown = with_start(head + (r"\!" if inside.tall else ""), enclosed.pieces)
    return enclosed._replace(pieces=shown, start=start, head=powered, nested=inside.nested)


def _listed(parts: list[TexPart]) -> TexPart:
    """Arguments with commas between them."""
    *firsts, last = parts
    shown = [piece for part in firsts for piece in with_end(part.pieces, ", ")]
    return TexPart((*shown, *last.pieces), tall=any_tall(parts), nested=any_nested(parts))


def _derivative(by: str, part: TexPart, style: TexStyle) -> TexPart:
    inside = placed(part, style, "never")
    inner = framed(
        *((r"\bigl[", inside, r"\bigr]") if inside.nested == "[" and not inside.tall else ("[", inside, "]"))
    )
    partial = style.partial or is_taken("d")
    d, gap = (r"\partial", " ") if partial else ("d", "")
    under = style.name(by)
    shown = with_start(rf"\frac{{{d}}}{{{d}{gap}{under}}}", inner.pieces)
    return TexPart(shown, Level.ATOM, "derivative", "derivative", tall=True, scripted=True)
