r"""``\begin{cases}``: a formula in pieces, as a sum of the pieces, each times 1 where it applies and 0 elsewhere."""

from __future__ import annotations

from derive.expressions.tree import ONE, Call, Expr, Negative, Product, Sum
from derive.verification.reading.model import SideContent
from derive.verification.reading.parse import General, Parser

_SAID = {"lt": "<", "gt": ">", "le": "<=", "leq": "<=", "ge": ">=", "geq": ">=", "leqslant": "<=", "geqslant": ">="}


def cases(parser: Parser) -> SideContent:
    r"""The pieces of ``\begin{cases} z & z > 0 \\ 0 & \text{otherwise} \end{cases}`` as one expression."""
    start = parser.offset()
    parser.at += 1
    pieces: list[Expr] = []
    indicators: list[Expr] = []
    while (here := parser.here) is not None and here.kind != "end":
        if here.kind == "row":
            parser.at += 1
            continue
        formula = parser.sum()
        if not isinstance(formula, Expr):
            raise parser.error("a piece is a number", "", start)
        indicator = _condition(parser)
        pieces.append(formula)
        indicators.append(indicator if indicator is not None else _otherwise(indicators))
    if parser.here is None:
        raise parser.error("the cases have no end", r"add \end{cases}", start)
    parser.at += 1
    if not pieces:
        raise parser.error("there are no cases", "", start)
    both = zip(indicators, pieces, strict=True)
    return Sum(tuple(Product((where, piece), leading_zero=True) for where, piece in both))


def _otherwise(indicators: list[Expr]) -> Expr:
    return Sum((ONE, *(Negative(indicator) for indicator in indicators)))


def _condition(parser: Parser) -> Expr | None:
    """1 where the condition holds and 0 elsewhere; None for "otherwise"."""
    sides: list[SideContent] = []
    signs: list[str] = []
    while (here := parser.here) is not None and here.kind not in ("row", "end"):
        if here.kind == "compared" or (here.kind == "relation" and here.text == "="):
            signs.append(_sign(parser.source[here.start : here.end].strip()))
            parser.at += 1
        elif here.kind in ("amp", "text", "gap") or here.text in (",", "."):
            parser.at += 1
        else:
            sides.append(parser.sum())
    if not signs:
        return None
    if len(sides) != len(signs) + 1 or not all(isinstance(side, Expr) for side in sides):
        raise General
    parts = [_holds(a, sign, b) for a, sign, b in zip(sides, signs, sides[1:], strict=False)]  # type: ignore[arg-type]
    return parts[0] if len(parts) == 1 else Product(tuple(parts))


def _sign(written: str) -> str:
    if written.startswith("\\"):
        return _SAID.get(written[1:], "")
    return {"<": "<", ">": ">", "≤": "<=", "≥": ">=", "=": "=", "⩽": "<=", "⩾": ">="}.get(written, "")


def _holds(left: Expr, sign: str, right: Expr) -> Expr:
    """1 where the comparison holds; ``step`` is 1 from 0 on."""
    above, below = Call("step", (left - right,)), Call("step", (right - left,))
    match sign:
        case "<":
            return Sum((ONE, Negative(above)))
        case ">":
            return Sum((ONE, Negative(below)))
        case "<=":
            return below
        case ">=":
            return above
        case "=":
            return Product((above, below))
        case _:
            raise General
