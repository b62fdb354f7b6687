"""Names and the numbers that are put in for them: ``d_3 - y_3 = 0.01 - 0.7514`` says what ``d_3`` and ``y_3`` are.

The two sides have to have as many terms as each other, with the same signs, and as many factors in each.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import starmap

from derive.verification.reading.symbols import Scripted, symbol_at
from derive.verification.reading.token import Token

MAX_TOKENS = 120
"""Longer sides are not compared."""
MIN_OF_A_FUNCTION = 3
"""A shorter name before a bracket is multiplied by it, unless it has a prime."""
_OPEN = {"(": ")", "[": "]", "{": "}", "|(": "|)"}
Factor = list[Token]


def aligned(names: Sequence[Token], numbers: Sequence[Token]) -> Iterator[tuple[Scripted, str]]:
    """The names of a side, each with the number that stands for it in the other one."""
    if len(names) > MAX_TOKENS or len(numbers) > MAX_TOKENS:
        return
    one, other = _terms(names), _terms(numbers)
    if one is None or other is None or [sign for sign, _ in one] != [sign for sign, _ in other]:
        return
    for (_, left), (_, right) in zip(one, other, strict=True):
        if len(left) != len(right):
            return
    for (_, left), (_, right) in zip(one, other, strict=True):
        for factor, value in starmap(_exponents, zip(left, right, strict=True)):
            symbol, written = (symbol_at(factor, 0), _number(value)) if factor and value else (None, "")
            if symbol is not None and symbol.end == len(factor) and written:
                yield symbol, written


def _exponents(factor: Factor, value: Factor) -> tuple[Factor, Factor]:
    """What stands above e in two factors, where both are powers of e; the factors themselves otherwise."""
    head = [token.text for token in factor[:3]]
    if head != ["e", "^", "{"] or [token.text for token in value[:3]] != head:
        return factor, value
    return factor[3:-1], value[3:-1]


def _terms(side: Sequence[Token]) -> list[tuple[str, list[Factor]]] | None:
    """The terms of a side, each with its sign and its factors; None where it is built in another way."""
    side = [token for token in side if token.kind != "gap"]
    while side and side[-1].text in (".", ",", ";"):
        side.pop()
    found: list[tuple[str, list[Factor]]] = []
    sign, at = "+", 0
    while at < len(side):
        if side[at].text in ("+", "-"):
            sign, at = side[at].text, at + 1
        factors: list[Factor] = []
        while at < len(side) and side[at].text not in ("+", "-"):
            end = _past_factor(side, at)
            if end <= at:
                return None
            factors.append(side[at:end])
            at = end + (end < len(side) and side[end].text == "*")
        if not factors:
            return None
        found.append((sign, factors))
    return found or None


def _past_factor(side: Sequence[Token], at: int) -> int:
    """The place after a name, a number, a bracket or a function with its argument; the same place for anything else."""
    token = side[at]
    if token.kind == "number":
        end = at + 1
        return at if end < len(side) and side[end].text in ("^", "/") else end
    if token.text in _OPEN:
        end = _past_bracket(side, at)
        return at if end < len(side) and side[end].text in ("^", "/") else end
    symbol = symbol_at(side, at)
    if symbol is None or not symbol.base[:1].isalpha():
        return at
    end = symbol.end
    if end < len(side) and side[end].text == "(" and (symbol.primes or len(symbol.base) >= MIN_OF_A_FUNCTION):
        end = _past_bracket(side, end)
    return at if end < len(side) and side[end].text == "/" else end


def _past_bracket(side: Sequence[Token], at: int) -> int:
    depth = 0
    for end in range(at, len(side)):
        depth += (side[end].text in _OPEN) - (side[end].text in _OPEN.values())
        if depth == 0:
            return end + 1
    return at


def _number(value: Factor) -> str:
    """The number that a factor is, as it is written, in brackets or not; empty for anything else."""
    inside = value[1:-1] if value[0].text in ("(", "[") and value[-1].text in (")", "]") else value
    sign = "-" if inside and inside[0].text == "-" else ""
    rest = inside[1:] if sign or (inside and inside[0].text == "+") else inside
    return sign + rest[0].text if len(rest) == 1 and rest[0].kind == "number" else ""


__all__ = ["aligned"]
