"""Names of two words, and words that only with the unit of their chain are names.

Where a network has ``net_h1`` and ``out_h1``, hasty notes have ``net h1 = 0.51``, ``δo1+δo2`` and, in a chain about
unit o1, ``δo1 = (out - t)*out*(1 - out)``.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cached_property

from derive.patterns import regex
from derive.verification.reading.spelling import Spelling
from derive.verification.reading.token import Token

MAX_OF_A_NAME = 12
"""The unit that a chain is about is said in so many tokens of its first side."""
_OF_A_UNIT = regex(r"([A-Za-z]+)_([A-Za-z]+[0-9]*)")


class UnitWords:
    """The words of one network's names, whose units have names of their own."""

    def __init__(self, spelling: Spelling, knows: Callable[[str], bool]) -> None:
        self._spelling = spelling
        self._knows = knows

    @cached_property
    def _units(self) -> frozenset[str]:
        """The names of units: what stands behind two words, or more, of the network's names."""
        seen: dict[str, set[str]] = {}
        for name in self._spelling.names.taken:
            found = _OF_A_UNIT.fullmatch(name)
            if found is not None:
                seen.setdefault(found[2], set()).add(found[1])
        return frozenset(unit for unit, words in seen.items() if len(words) > 1)

    def joined(self, tokens: list[Token]) -> list[Token]:
        """The tokens of plain text with names of two words, and δ with its unit, as one token each."""
        if not self._units or not any(token.text in self._units for token in tokens):
            return tokens
        found: list[Token] = []
        for token in tokens:
            before = found[-1] if found else None
            unit = token.kind == "word" and token.text in self._units and before is not None
            name = f"{before.text}_{token.text}" if unit and before is not None and before.kind == "word" else ""
            if name and before is not None and self._is_joined(before, token):
                found[-1] = before._replace(text=name, end=token.end)
            else:
                found.append(token)
        return found

    def _is_joined(self, before: Token, after: Token) -> bool:
        word, unit = before.text, after.text
        if word == "delta":
            return before.end == after.start  # with a blank between them they are multiplied
        if self._knows(word):
            return False
        of = word[1:] if word[:1] == "d" else word
        return self._knows(f"{word}_{unit}") or self._knows(f"{of}_{unit}")

    def with_unit(self, sides: Sequence[list[Token]]) -> None:
        """Puts the unit of a chain behind the words that only with it are names; changes the sides."""
        if not self._units or len(sides) < 2:
            return
        units = {unit for token in sides[0][:MAX_OF_A_NAME] for unit in self._units if self._is_of(token, unit)}
        if len(units) != 1:
            return
        unit = units.pop()
        number = unit.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz")
        for side in sides[1:]:
            for i, token in enumerate(side):
                indexed = i + 1 < len(side) and side[i + 1].text == "_"
                if token.kind != "word" or self._knows(token.text) or indexed:
                    continue
                name = next((one for one in (f"{token.text}_{unit}", token.text + number) if self._knows(one)), "")
                if name:
                    side[i] = token._replace(text=name)

    @staticmethod
    def _is_of(token: Token, unit: str) -> bool:
        return token.kind == "word" and token.text.endswith(f"_{unit}")


__all__ = ["UnitWords"]
