"""The names of one text while they are inferred: which it has, and what is known of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from flint import arb

from derive.expressions.functions import CONSTANTS
from derive.expressions.print_text import ascii as printed
from derive.expressions.tree import Name
from derive.naming.quantity import Described
from derive.patterns import regex
from derive.verification.comparing.chain import File
from derive.verification.comparing.near_constants import is_near_constant
from derive.verification.inference.conventions import is_of_a_unit
from derive.verification.inference.definitions import Definitions
from derive.verification.inference.letters import may_be
from derive.verification.inference.near import is_near
from derive.verification.inference.sightings import OwnSymbol, Sightings
from derive.verification.reading import Matrix, SideContent, Spelling
from derive.verification.reading.atoms import atom
from derive.verification.reading.bare import LETTERS
from derive.verification.reading.model import Unreadable
from derive.verification.reading.own_names import OwnName
from derive.verification.reading.parse import General, Parser
from derive.verification.reading.quantities import quantity_at

MAX_INFERRED = 200
"""At most this many names of a text are inferred."""
SUMS = frozenset({"S", "D"})
"""Letters for a sum that comes again, which gets its meaning where it stands."""
_FUNCTIONS = frozenset({"f", "g", "phi", "act", "activation", "psi"})
_STEP = regex(
    r"(?<![A-Za-z])(?:[EJLCf]|[Ll]oss|[Cc]ost|\\mathcal\s?\{?[A-Z]\}?)\s?(?:\\left\s?|\\[Bb]igg?l?\s?)?\("
    r"[^()=\n]{1,60}?\+\s?h\s?(?:\\right\s?|\\[Bb]igg?r?\s?)?[),]"
    r"|(?:/|\}\s?\{)\s?\(?\s?2\s?(?:\*|·|\\cdot|\\,)?\s?h(?![A-Za-z_^'])"
)
"""Where h is the step of a difference quotient: ``E(w + h)``, ``/(2h)``."""


class NamesSoFar:
    """What is known of the names of a text while they are inferred."""

    def __init__(self, seen: Sightings, spelling: Spelling, file: File) -> None:
        self.seen = seen
        self.spelling = spelling
        self.file = file
        self.found: dict[str, OwnName] = {}
        self.known: dict[str, str] = {}
        self._allowed: dict[tuple[str, str], bool] = {}
        self.unknown: dict[str, OwnSymbol] = {}
        stems = {(symbol.stem, symbol.indices) for symbol in seen.symbols.values()}
        self.numbers = seen.first_numbers()
        steps = {"h"} if _STEP.search(seen.text) is not None else set[str]()
        for name, symbol in seen.symbols.items():
            if self._is_word(symbol):
                continue
            quantity = "" if is_of_a_unit(symbol, stems, spelling.names) else self._quantity(symbol)
            if quantity and not self._is_no_rate(symbol, quantity) and not self._is_no_vector(name, quantity):
                self.known[name] = quantity
            elif name not in steps:
                self.unknown[name] = symbol

    def _is_word(self, symbol: OwnSymbol) -> bool:
        """Whether a symbol is the name of a function or of a constant."""
        if symbol.key in SUMS or (symbol.key in LETTERS and self.spelling.names.sizes != (1,)):
            return True
        if symbol.base in CONSTANTS and not symbol.below and symbol.indices is None:
            return not self.is_worked(symbol.key) and not self._is_no_constant(symbol)
        if symbol.base in _FUNCTIONS:
            called = re.search(rf"(?<![A-Za-z]){symbol.base}'?\s*\(", self.seen.text)
            return called is not None or all(one.key != symbol.key for one in self.seen.equal)
        return symbol.base not in ("h", "a", "sigma") and bool(self.spelling.function(symbol.base))

    def _is_no_constant(self, symbol: OwnSymbol) -> bool:
        """Whether the letter of a constant is set equal to another number."""
        number = self.numbers.get(symbol.key)
        return number is not None and not is_near_constant(number, symbol.base)

    def _quantity(self, symbol: OwnSymbol) -> str:
        """The quantity that a symbol is in the network; empty where it is none."""
        parser = Parser(list(symbol.tokens), self.spelling, self.seen.text, 0, atom, tex=False)
        try:
            quantity = quantity_at(parser) if symbol.tokens else None
        except (Unreadable, General):
            return ""
        return str(quantity) if quantity is not None and parser.at == len(parser.tokens) else ""

    def _is_no_rate(self, symbol: OwnSymbol, quantity: str) -> bool:
        """Whether a letter for the learning rate stands for something else: it is worked out."""
        eta = self.spelling.names.eta
        if quantity != eta or symbol.key == eta:
            return False
        here = [one for one in self.seen.equal if one.key == symbol.key]
        if not here or here[0].number is not None:
            return False
        return any(token.kind == "word" or (i and token.text in "+-") for i, token in enumerate(here[0].right))

    def _is_no_vector(self, name: str, quantity: str) -> bool:
        """Whether the name of a layer's weights or biases stands for something else: it has one number."""
        if name not in self.numbers or quantity[:5] == "delta" or not self.spelling.knows(quantity):
            return False
        return self.spelling.word(quantity).by is None and self.is_vector(quantity)

    def put(self, name: str, value: str | SideContent, why: str) -> None:
        """Takes down what a name stands for, and why."""
        symbol = self.seen.symbols[name]
        content = Name(value) if isinstance(value, str) else value
        meaning = shown(content)
        self.found[name] = OwnName(symbol.written, meaning, 0, content, why=why)

    def with_found(self) -> Spelling:
        """The spelling with the names that are known so far."""
        return self.spelling.with_own(self.spelling.own_names.with_(self.found))

    def node(self, name: str) -> str:
        """The one quantity that a name stands for, as far as that is known."""
        own = self.found.get(name)
        if own is None:
            return self.known.get(name, "")
        return own.value.name if isinstance(own.value, Name) else ""

    @property
    def taken(self) -> set[str]:
        """The quantities that names have been found for."""
        return {own.value.name for own in self.found.values() if isinstance(own.value, Name)}

    def counted_units(self) -> Iterator[tuple[OwnSymbol, int, Described]]:
        """The names with one number that were found to be a unit's weighted input or activation, and what they are."""
        for name, own in self.found.items():
            symbol = self.seen.symbols.get(name)
            described = self.spelling.names.describe(own.value.name) if isinstance(own.value, Name) else None
            if symbol is None or symbol.indices is None or len(symbol.indices) != 1 or described is None:
                continue
            if described.kind in ("weighted input", "activation", "output") and not described.indices:
                yield symbol, symbol.indices[0], described

    def is_vector(self, quantity: str) -> bool:
        """Whether a name is that of a layer's vector or matrix of several entries."""
        if not self.spelling.knows(quantity):
            return False
        known = self.spelling.word(quantity)
        return known.shape != "scalar" and self.spelling.entries(known) > 1

    def may_be(self, letter: str, kind: str) -> bool:
        """Whether a letter may stand for a kind of quantity in this text (see :func:`letters.may_be`)."""
        known = self._allowed.get((letter, kind))
        if known is None:
            symbols, results = self.seen.symbols, self.seen.first_results()
            numbers = [said for name, said in results.items() if name in symbols and symbols[name].stem == letter]
            known = self._allowed[letter, kind] = may_be(letter, kind, self.seen.text, numbers)
        return known

    def is_worked(self, name: str) -> bool:
        """Whether a name is set equal to a calculation."""
        return any(one.key == name and one.number is None for one in self.seen.equal)

    def stem(self, name: str) -> str:
        """The letter of a name's family."""
        return self.seen.symbols[name].stem

    def spelt(self, name: str) -> str:
        """A name by its letter and its first index; empty where it has none."""
        symbol = self.seen.symbols[name]
        return f"{symbol.stem}_{symbol.indices[0]}" if symbol.indices else ""

    def is_another(self, name: str, node: str) -> bool:
        """Whether every value that is stated of a name is another number than a quantity's, whatever its sign."""
        said = [one.written.lstrip("-") for one in self.seen.stated if one.key == name and one.about == "value"]
        value = Definitions(self.file).value(node) if said else None
        return value is not None and not any(is_near(written, abs(arb(value))) for written in said)

    def are_others(self, stem: str, found: Mapping[str, str]) -> bool:
        """Whether all of a family's names, two at least, are stated to be other numbers than its quantities'."""
        told = {one.key for one in self.seen.stated if one.about == "value"}
        nodes = {**self.known, **found}
        family = [name for name in nodes if name in told and self.stem(name) == stem]
        return len(family) > 1 and all(self.is_another(name, nodes[name]) for name in family)


def shown(content: SideContent) -> str:
    """What a name means, as the network's names are typed."""
    if not isinstance(content, Matrix):
        return content.name if isinstance(content, Name) else printed(content)
    return f"({', '.join(printed(entry) for row in content.rows for entry in row)})"


__all__ = ["MAX_INFERRED", "NamesSoFar", "shown"]
