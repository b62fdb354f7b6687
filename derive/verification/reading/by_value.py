"""Weights that are called by their value: ``dC/dw(0.9) = …``, ``0.9 becomes 0.9 - 0.1*0.2``, ``slope 0.2 (for 0.9)``.

A value names a parameter where exactly one begins with it; elsewhere what is said of it stays as it is, and of an
update its numbers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

from flint import fmpq

from derive.expressions.grammar import exact
from derive.model import Given
from derive.naming.names import Names
from derive.network.build import rational
from derive.records import record
from derive.verification.reading.token import Token
from derive.verification.reading.written_number import as_computed

_LETTERS = {
    "w": "", "W": "", "weight": "", "b": "", "bias": "", "dw": "d", "dW": "d", "db": "d", "grad": "grad_",
    "gradient": "grad_", "slope": "grad_",
}  # fmt: skip
"""Words before a value in brackets, and what stands before the name in their place."""
_OF_A_BIAS = frozenset({"b", "bias", "db", "Bias"})
_OF_A_WEIGHT = frozenset({"w", "W", "weight", "dw", "dW", "Weight"})
_BECOMES = frozenset("becomes become wird devient → -> now new".split())
_GRADIENTS = frozenset("gradient gradients grad grads slope slopes derivative derivatives dw".split())
_JOINS = frozenset({",", ";", "and"})
MAX_LEAD = 12
"""At most this many tokens before the first gradient say whose gradients they are."""


@record(slots=False)
class ByValue:
    """The parameters of a network by the numbers that they begin with."""

    start: Mapping[str, Given]
    names: Names

    @cached_property
    def _known(self) -> Mapping[fmpq, tuple[str, ...]]:
        found: dict[fmpq, list[str]] = {}
        for name in self.names.parameters:
            value = rational(self.start[name]) if name in self.start else None
            if value is not None:
                found.setdefault(value, []).append(name)
        return {value: tuple(names) for value, names in found.items()}

    def named(self, tokens: Sequence[Token], knows: Callable[[str], bool]) -> list[Token]:
        """The tokens of a line with the names of parameters that stand there by their value."""
        found = self._in_brackets(tokens, knows)
        found = self._update(found)
        return self._gradients(found) or found

    def _one(self, value: Sequence[Token], said: str = "") -> str:
        """The only parameter that begins with a number; of the weights or the biases only, where that is said."""
        number = _number(value)
        names = self._known.get(number, ()) if number is not None else ()
        if said in _OF_A_BIAS:
            names = tuple(name for name in names if self._kind(name) == "bias")
        elif said in _OF_A_WEIGHT:
            names = tuple(name for name in names if self._kind(name) != "bias")
        return names[0] if len(names) == 1 else ""

    def _kind(self, name: str) -> str:
        described = self.names.describe(name)
        return described.kind if described is not None else ""

    def _in_brackets(self, tokens: Sequence[Token], knows: Callable[[str], bool]) -> list[Token]:
        """``w(0.9)``, ``dw(-0.4)``, ``grad(0.9)``: an integer there is a moment."""
        found: list[Token] = []
        at = 0
        while at < len(tokens):
            token, end = tokens[at], _closed(tokens, at + 1)
            value = tokens[at + 2 : end - 1] if end else ()
            counts = len(value) == 1 and value[0].text.isdigit()
            prefix = _LETTERS.get(token.text) if token.kind == "word" and value and not counts else None
            name = self._one(value, token.text) if prefix is not None and not knows(token.text) else ""
            if name:
                found.append(Token("word", f"{prefix}{name}", token.start, tokens[end - 1].end))
                at = end
            else:
                found.append(token)
                at += 1
        return found

    def _update(self, tokens: list[Token]) -> list[Token]:
        """``0.9 becomes 0.9 - 0.1*0.2 = 0.88``, without its head where several parameters have that value."""
        said = tokens[0].text if tokens and tokens[0].text in _OF_A_BIAS | _OF_A_WEIGHT else ""
        begins = bool(said)
        end = _past_value(tokens, begins)
        if not end or end >= len(tokens) or tokens[end].text.lower() not in _BECOMES:
            return tokens
        value, sign, rest = tokens[begins:end], tokens[end], tokens[end + 1 :]
        while rest and rest[0].kind == "relation":
            rest = rest[1:]
        again = _past_value(rest, 0)
        worked = bool(again) and _number(rest[:again]) == _number(value) and again < len(rest)
        worked = worked and rest[again].text in ("+", "-") and any(token.kind == "relation" for token in rest)
        alone = bool(again) and again == len(rest) and sign.kind == "word"
        if not worked and not alone:
            return tokens
        name = self._one(value, said)
        if not name:
            return rest if worked else tokens
        relation = Token("relation", ":=", sign.start, sign.end)
        return [Token("word", name, tokens[0].start, value[-1].end), relation, *rest]

    def _gradients(self, tokens: list[Token]) -> list[Token]:
        """``gradients -1.3 (for 0.25) and -0.7 (for -0.5), bias -0.7`` as claims; nothing where all is not read.

        The bias is that of the unit to which the weights belong.
        """
        first = next((i + 1 for i, token in enumerate(tokens[:MAX_LEAD]) if token.text.lower() in _GRADIENTS), 0)
        if not first or any(token.kind == "relation" for token in tokens):
            return []
        weights = "w" if any(token.text == "bias" for token in tokens) else ""
        found: list[Token] = []
        units: set[tuple[int, int]] = set()
        at = first
        while at < len(tokens):
            if tokens[at].text in _JOINS | {":"}:
                at += 1
                continue
            bias = tokens[at].text in _OF_A_BIAS
            begins = at + bias
            end = _past_value(tokens, begins)
            name = self._bias_of(units) if bias else ""
            if end and not bias and [token.text for token in tokens[end : end + 2]] == ["(", "for"]:
                past = _past_value(tokens, end + 2)
                closes = past and past < len(tokens) and tokens[past].text == ")"
                name = self._one(tokens[end + 2 : past], weights) if closes else ""
                described = self.names.describe(name) if name else None
                units |= {(described.layer, described.unit)} if described is not None else set()
                after = past + 1
            else:
                after = end
            if not name or not end:
                return []
            relation = Token("relation", "=", tokens[begins].start, tokens[begins].start)
            gap = [Token("gap", "", tokens[at].start, tokens[at].start)] if found else []
            named = Token("word", f"d{name}", tokens[at].start, tokens[at if bias else after - 1].end)
            found += [*gap, named, relation, *tokens[begins:end]]
            at = after
            if at < len(tokens) and tokens[at].text == ".":
                at += 1
        return found

    def _bias_of(self, units: set[tuple[int, int]]) -> str:
        if len(units) != 1:
            return ""
        layer, unit = next(iter(units))
        return self.names.bias(layer, unit) if layer not in self.names.unbiased else ""


def _closed(tokens: Sequence[Token], at: int) -> int:
    """The place after a number in brackets that begin here; 0 where there is none."""
    if at >= len(tokens) or tokens[at].text not in ("(", "["):
        return 0
    end = _past_value(tokens, at + 1)
    return end + 1 if end and end < len(tokens) and tokens[end].text in (")", "]") else 0


def _past_value(tokens: Sequence[Token], at: int) -> int:
    """The place after a number with its sign; 0 where none stands."""
    at += at < len(tokens) and tokens[at].text in ("-", "+")
    return at + 1 if at < len(tokens) and tokens[at].kind == "number" else 0


def _number(value: Sequence[Token]) -> fmpq | None:
    try:
        number = exact(as_computed(value[-1].text))
    except (ValueError, OverflowError):
        return None
    return -number if value[0].text == "-" else number


__all__ = ["ByValue"]
