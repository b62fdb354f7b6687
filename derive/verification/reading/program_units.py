"""Programs in which plain numbers have a unit's number behind their letter: ``z1 = 0.3*1.5 - 0.2*0.8 + 0.1``.

>>> from derive.naming.names import Names
>>> from derive.verification.reading.spelling import Spelling
>>> spelling = Spelling.plain(Names.layered(("x1", "x2"), (2, 1)))
>>> found = units_of(["z1 = 0.3*1.5 - 0.2", "z2 = 0.5*1.5", "z3 = 0.7*math.tanh(z1) + 2*z2"], spelling)
>>> [found.meant[word] for word in ("z1", "z2", "z3")]
['z1_1', 'z1_2', 'z2_1']
>>> bool(units_of(["z1 = W1 @ x", "z2 = 0.5*1.5"], spelling))
False
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

from derive.expressions.grammar import exact
from derive.network.build import rational
from derive.patterns import regex
from derive.verification.reading.code_names import LETTERS_OF_LAYERS, code_name
from derive.verification.reading.spelling import Spelling

MAX_LINES = 500
"""So many statements of a program are looked at."""
MAX_OF_A_STATEMENT = 1_000
"""A statement of a number has at most so many characters."""
_ASSIGNED = regex(r"[ \t]*([A-Za-z]\w*(?:[ \t]*,[ \t]*[A-Za-z]\w*)*)[ \t]*=(?!=)(.*)", re.DOTALL)
_NUMBERED = regex(r"([A-Za-z]+?)_?([1-9][0-9]?)")
_WORD = regex(r"(?<![\w.])[A-Za-z_]\w*(?:\.\w+)*(\s*\()?")
_NUMBER = regex(r"(?<![\w.])(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?![\w.])")
_LITERAL = regex(r"[ \t]*(-?[ \t]*(?:[0-9]+\.?[0-9]*|\.[0-9]+))[ \t]*;?[ \t]*")
_ARRAYS = regex(r"[\[\]{}@'\"]|\.[*/^]|\b(?:for|lambda|if|zip|range|input)\b|\.(?:T|dot|shape)\b")
"""What makes a statement one that is not about a plain number."""
_OF_NUMBERS = frozenset(
    "exp tanh log sqrt maximum minimum max min power float64 float32 where square abs sin cos".split()
)


class ProgramUnits(NamedTuple):
    """Words that are of single units, and words that are the program's own though they look like a layer's."""

    meant: Mapping[str, str]
    own: frozenset[str]

    def __bool__(self) -> bool:
        return bool(self.meant or self.own)


NO_UNITS = ProgramUnits({}, frozenset())


def units_of(lines: Iterable[str], spelling: Spelling) -> ProgramUnits:
    """What the numbered words of a program are, where they number units and not layers."""
    if len(spelling.names.sizes) < 2 or spelling.rows > 1:
        return NO_UNITS
    stated = _NumberStatements(spelling, lines)
    scalars = stated.scalars
    vectors = [word for word in scalars if _is_of_a_layer(code_name(word, spelling), spelling)]
    if not any(_letter(word) in ("z", "a") for word in vectors):
        return NO_UNITS
    meant = stated.units()
    own = {word for word in vectors if word not in meant} | stated.apart
    return ProgramUnits({word: name for word, name in meant.items() if name}, frozenset(own))


def _is_of_a_layer(name: str, spelling: Spelling) -> bool:
    """Whether a name is that of several numbers."""
    if not name or not spelling.knows(name):
        return False
    known = spelling.word(name)
    return known.shape != "scalar" and spelling.entries(known) > 1


def _letter(word: str) -> str:
    found = _NUMBERED.fullmatch(word)
    return LETTERS_OF_LAYERS.get(found[1], "") if found is not None else ""


class _NumberStatements:
    """The statements of one program that give a word a number."""

    def __init__(self, spelling: Spelling, lines: Iterable[str]) -> None:
        self.names = spelling.names
        self.spelling = spelling
        self.scalars: dict[str, str] = {}
        """What each word is set equal to first."""
        self.apart: set[str] = set()
        """Words with a number of a unit behind them that are something else."""
        others: set[str] = set()
        for n, line in enumerate(lines):
            if n >= MAX_LINES:
                break
            for word, right in _assigned(line):
                if word not in others and self._is_scalar(right):
                    self.scalars.setdefault(word, right)
                else:
                    others.add(word)
                    self.scalars.pop(word, None)

    def _is_scalar(self, right: str) -> bool:
        """Whether a calculation has plain numbers only."""
        if len(right) > MAX_OF_A_STATEMENT or _ARRAYS.search(right):
            return False
        inputs = self.names.inputs if len(self.names.inputs) > 1 else ()
        plain = _NUMBER.search(right) is not None
        for found in _WORD.finditer(right):
            word = found.group().rstrip("( \t")
            if found[1]:
                library, _, function = word.rpartition(".")
                if library in ("np", "numpy", "torch", "jnp") and function not in _OF_NUMBERS:
                    return False
            elif word in self.scalars or word in inputs:
                plain = True
            elif word not in ("math.e", "np.e", "e", "pi"):
                return False
        return plain

    def units(self) -> dict[str, str]:
        """The quantity that each word with a number is."""
        found: dict[str, str] = {}
        for kind in ("w", "b"):
            found.update(self._counted_parameters(kind))
        for word, right in self.scalars.items():
            letter, numbered = _letter(word), _NUMBERED.fullmatch(word)
            if letter not in ("z", "a", "delta") or numbered is None:
                continue
            name = self._unit(letter, int(numbered[2]), _words(right), found)
            if name and name not in found.values():
                found[word] = name
            else:
                self.apart.add(word)
        return found

    def _counted_parameters(self, kind: str) -> dict[str, str]:
        """``w1``, …, ``w6`` through all layers, where each has the number that the spec has there."""
        nodes = [name for name in self.names.parameters if name[:1] == kind]
        found: dict[str, str] = {}
        for word, right in self.scalars.items():
            numbered = _NUMBERED.fullmatch(word)
            if numbered is None or numbered[1] != kind:
                continue
            number = int(numbered[2])
            name = nodes[number - 1] if number <= len(nodes) else ""
            if not name or not self._is_given(right, name):
                return {}
            found[word] = name
        return found

    def _is_given(self, right: str, name: str) -> bool:
        number, value = _LITERAL.fullmatch(right), self.spelling.start.get(name)
        return number is not None and value is not None and exact("".join(number[1].split())) == rational(value)

    def _unit(self, letter: str, number: int, words: Sequence[str], found: Mapping[str, str]) -> str:
        """The quantity of unit ``number`` in the layer that the words of a calculation say; empty where none is."""
        known = [self.names.describe(found[word]) for word in words if word in found]
        weighted = {one.layer: one.unit for one in known if one is not None and one.kind == "weighted input"}
        active = {one.layer for one in known if one is not None and one.kind == "activation"}
        if letter == "delta":
            here = {(one.layer, one.unit) for one in known if one is not None and one.kind in ("activation", "output")}
            layer, unit = here.pop() if len(here) == 1 else (0, 0)
            return f"delta{layer}_{unit}" if number == unit and layer < len(self.names.sizes) else ""
        if letter == "a" and weighted:
            layer, unit = next(iter(weighted.items()))
            return self.names.a(layer, unit) if len(weighted) == 1 else ""
        return self._counted(letter, number, max(active, default=0) + 1 if active else 0)

    def _counted(self, letter: str, number: int, layer: int) -> str:
        """The unit that is the ``number``-th of all, or of the only layer that it can be in (0: not known)."""
        maker = self.names.z if letter == "z" else self.names.a
        left = number
        for at, size in enumerate(self.names.sizes, 1):
            if left <= size and layer in (0, at):
                return maker(at, left)
            if at == layer and size == 1 and number == layer:
                return maker(at, 1)
            left -= size
            if left < 1:
                return maker(layer, 1) if layer == number and self.names.sizes[layer - 1] == 1 else ""
        return ""


def _assigned(line: str) -> Iterator[tuple[str, str]]:
    """The words that a statement gives a value, each with what it is set equal to."""
    found = _ASSIGNED.fullmatch(line) if len(line) <= MAX_OF_A_STATEMENT else None
    if found is None:
        return
    words, right = [word.strip() for word in found[1].split(",")], found[2].strip()
    values = right.split(",") if len(words) > 1 else [right]
    if len(words) == len(values):
        yield from zip(words, values, strict=True)


def _words(right: str) -> list[str]:
    return [found.group() for found in _WORD.finditer(right) if not found[1]]


__all__ = ["NO_UNITS", "ProgramUnits", "units_of"]
