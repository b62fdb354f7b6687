"""The states of an optimizer, with the parameter that they are of: ``v_{w^{1}_{11}}``, ``v_b``, ``vw1``, ``v1``."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from derive.naming.quantity import NamedQuantity
from derive.verification.reading.parse import Parser
from derive.verification.reading.symbols import Scripted, symbol_at


def state_at(parser: Parser, quantity_at: Callable[[Parser], NamedQuantity | None]) -> NamedQuantity | None:
    """A state with its parameter below it at which the parser is; goes over it. None where there is none."""
    names, start = parser.spelling.names, parser.at
    if not names.states or parser.here is None or parser.text(1) != "_":
        return None
    key = parser.spelling.states.get(parser.here.text.strip())
    if key is None:
        return None
    if parser.text(2) != "{":
        return _with_a_letter(parser, key, quantity_at)
    parser.at += 3
    inner = quantity_at(parser) if parser.here is not None else None
    found = _state_of(parser, key, inner)
    if found is None or parser.text() != "}":
        parser.at = start
        return None
    parser.at += 1
    return found


def _with_a_letter(
    parser: Parser, key: str, quantity_at: Callable[[Parser], NamedQuantity | None]
) -> NamedQuantity | None:
    """``v_b``, where one letter is the name of a parameter: of ``v_w_1`` in TeX more than that is below."""
    tokens, start = parser.tokens, parser.at
    if symbol_at(tokens[start + 2 : start + 3], 0) is None:
        return None
    parser.tokens, parser.at = tokens[: start + 3], start + 2
    try:
        found = _state_of(parser, key, quantity_at(parser))
        whole = parser.at == start + 3
    finally:
        parser.tokens = tokens
    parser.at = start + 3 if found is not None and whole else start
    return found if whole else None


def of_a_parameter(
    parser: Parser, symbol: Scripted, sought: Callable[[Parser, Scripted], tuple[NamedQuantity | None, int]]
) -> NamedQuantity | None:
    """A word of a state's letter and a parameter, or the number of a weight: ``v_w1``, ``vb``, ``v_2``."""
    spelling = parser.spelling
    whole = f"{symbol.base}_{symbol.below}" if symbol.below else symbol.base
    if symbol.base in spelling.names.taken or symbol.above:
        return None
    for letter, key in spelling.states.items():
        rest = whole.removeprefix(letter).lstrip("_")
        if not letter or not whole.startswith(letter) or not rest:
            continue
        if rest.isdigit() and spelling.names.sizes != (1,):
            continue  # a weight may be called v_1
        rest = f"w{rest}" if rest.isdigit() else rest
        base, _, below = rest.partition("_")
        quantity, _ = sought(parser, replace(symbol, base=base, below=below))
        if (found := _state_of(parser, key, quantity)) is not None:
            return found
    return None


def _state_of(parser: Parser, key: str, inner: NamedQuantity | None) -> NamedQuantity | None:
    """The state of a parameter; None for anything else."""
    if inner is None or inner.by is not None:
        return None
    name = parser.spelling.names.state(key, inner.base)
    known = parser.spelling.names.state_of(name) is not None
    return NamedQuantity(name, step=inner.step, shape=inner.shape) if known else None


__all__ = ["of_a_parameter", "state_at"]
