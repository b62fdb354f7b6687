"""The names of a text about a graph that no ``let`` explains: the rate, and what is defined as a derivative."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

from derive.arithmetic.outcomes import Uncomputable
from derive.expressions.functions import CONSTANTS
from derive.expressions.print_text import ascii as printed
from derive.expressions.tree import Expr, Name, Negative, Sum, children, names_in
from derive.patterns import regex
from derive.verification.comparing.chain import File
from derive.verification.comparing.identity import CompiledFormula, identical
from derive.verification.inference.definitions import Definitions
from derive.verification.inference.sightings import OwnSymbol, Sightings
from derive.verification.inference.slopes_of_a_graph import slopes_of_a_graph
from derive.verification.points.point import NONE_HELD
from derive.verification.reading import Matrix, Spelling
from derive.verification.reading.atoms import atom
from derive.verification.reading.model import Unreadable
from derive.verification.reading.own_names import OwnName, OwnNames, key
from derive.verification.reading.parse import General, Parser
from derive.verification.reading.quantities import GENERAL_LETTERS, quantity_at
from derive.verification.reading.token import Token

MAX_DEFINITIONS = 20
"""At most this many formulas of a text are looked at."""
MAX_PARTS = 60
"""A formula of more names, numbers and signs gives no name a meaning."""
MAX_UPDATES = 200
"""At most this many updates are looked at."""
_UPDATE = regex(
    r"(?<![\w}])(?P<name>[A-Za-z][\w{},^]{0,20})['*+]?[ \t]*&?[ \t]*(?:=|:=|<-|←|\\leftarrow|\\gets)[ \t]*"
    r"(?P=name)[ \t]*[-−+][ \t]*\\?(?P<rate>[A-Za-z]+)(?![\w^])"
)
"""``w_6 = w_6 - a``."""
MAX_NODES = 60
"""In larger graphs no name is known by its formula."""


def names_of_a_graph(seen: Sightings, spelling: Spelling, file: File) -> OwnNames:
    """What names that the graph does not have stand for."""
    if len(file.network.rows) > 1:
        return OwnNames()
    return _OfAGraph(seen, spelling, file).names()


class _OfAGraph:
    """The names of one text while they are looked for."""

    def __init__(self, seen: Sightings, spelling: Spelling, file: File) -> None:
        self.seen, self.spelling, self.file = seen, spelling, file
        self.found: dict[str, OwnName] = {}
        self.unknown = {name: symbol for name, symbol in seen.symbols.items() if self._is_unknown(symbol)}

    def names(self) -> OwnNames:
        """The rate and the derivatives."""
        self._rate()
        if len(self.file.network.graph.nodes) <= MAX_NODES:
            self._derivatives()
            self._families()
        return OwnNames(self.found)

    def _is_unknown(self, symbol: OwnSymbol) -> bool:
        """Whether a symbol is no name of the graph, no function and no constant."""
        if symbol.base in CONSTANTS or self.spelling.function(symbol.base) or not symbol.tokens:
            return False
        parser = Parser(list(symbol.tokens), self.spelling, self.seen.text, 0, atom, tex=False)
        try:
            return quantity_at(parser) is None
        except (Unreadable, General):
            return False

    def _put(self, name: str, value: Expr, why: str) -> None:
        symbol = self.unknown[name]
        self.found[name] = OwnName(symbol.written, printed(value), 0, value, why=why)

    # The learning rate

    def _rate(self) -> None:
        """A letter with the rate's number by which an update multiplies: ``w = w - a*(h*d)`` beside ``a = 0.05``."""
        eta = self.spelling.names.eta
        given = self.file.worlds.truth.passes.rate
        if not eta or given is None:
            return
        numbers = self.seen.first_numbers()
        steps = {key(found["rate"]) for found in islice(_UPDATE.finditer(self.seen.text), MAX_UPDATES)}
        alike = [name for name in self.unknown if name in steps and numbers.get(name) == given]
        if len(alike) == 1:
            self._put(alike[0], Name(eta), "its_use")

    # Derivatives

    def _derivatives(self) -> None:
        """What is defined as the derivative of the output by a node, or as a difference of two quantities."""
        defined = [one for one in self.seen.equal if one.key in self.unknown and one.number is None]
        for one in defined[:MAX_DEFINITIONS]:
            general = one.tex and self.unknown[one.key].base in GENERAL_LETTERS
            value = None if general or one.key in self.found else self._read(one.right, tex=one.tex)
            if value is not None and (meant := self._meant(value)) is not None:
                self._put(one.key, meant, "its_formula")

    def _families(self) -> None:
        """Families of names by the results of their calculations."""
        network, spelling = self.file.network, self.spelling
        nodes = [node.name for node in network.graph.nodes]
        results = {
            name: result
            for name, result in self._results().items()
            if name not in self.found and not spelling.knows(name) and not spelling.own_names.has(name)
        }
        output = spelling.names.loss or spelling.names.graph_output or ""
        value = Definitions(self.file).value
        found = slopes_of_a_graph(results, [*nodes, *spelling.names.parameters], output, value, self._is_everywhere)
        for name, meant in found.items():
            self.found[name] = OwnName(name, printed(meant), 0, meant, why="its_value")

    def _results(self) -> dict[str, str]:
        """The numbers with which the first calculation of each name ends; δ belongs to what stands right behind it."""
        found: dict[str, str] = {}
        known = {key(name) for name in (*self.spelling.names.own, *self.spelling.names.parameters)}
        for name, result in self.seen.first_results().items():
            symbol = self.seen.symbols.get(name)
            if symbol is None or symbol.above or name in known:
                continue
            start = symbol.tokens[0].start if symbol.tokens else 0
            glued = start > 0 and self.seen.text[start - 1] == "δ"
            found["delta" + name if glued else name] = result
        return found

    def _read(self, right: Sequence[Token], *, tex: bool) -> Expr | None:
        """A formula of known names; None where it is anything else."""
        right = list(right)
        while right and (right[-1].kind == "gap" or right[-1].text in (",", ".", ";")):
            right.pop()
        if not right or len(right) > MAX_PARTS:
            return None
        spelling = self.spelling.with_own(OwnNames(dict(self.found))) if self.found else self.spelling
        try:
            value = Parser(right, spelling, self.seen.text, right[-1].end, atom, tex=tex).side()
        except (Unreadable, General, RecursionError):
            return None
        return None if isinstance(value, Matrix) or not names_in(value) else value

    def _meant(self, value: Expr) -> Expr | None:
        """The derivative that has a formula's values everywhere, with its sign; or the difference that it is."""
        names = self.spelling.names
        output = names.loss or names.graph_output
        for node in self.file.network.graph.nodes:
            derivative = f"d{output}/d{node.name}"
            if node.name == output or not self.spelling.knows(derivative):
                continue
            plain = Name(derivative)
            for meant in (plain, Negative(plain)):
                if self._is_everywhere(value, meant):
                    return meant
        terms = children(value) if isinstance(value, Sum) else ()
        return value if len(terms) == 2 and all(map(_is_a_name, terms)) else None

    def _is_everywhere(self, value: Expr, other: Expr) -> bool:
        worlds = self.file.worlds
        try:
            one, two = CompiledFormula(value, worlds), CompiledFormula(other, worlds)
            return identical(one, two, worlds, NONE_HELD)
        except (Uncomputable, ValueError, ArithmeticError):
            return False


def _is_a_name(term: Expr) -> bool:
    return isinstance(term.operand if isinstance(term, Negative) else term, Name)


__all__ = ["names_of_a_graph"]
