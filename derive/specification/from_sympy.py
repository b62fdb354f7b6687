"""A spec from SymPy: formulas of nodes, or one expression that is split into nodes, and the numbers.

The formulas are written out as the grammar has them and read as those of a file are, so that every limit and every
message is the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, TypeVar

import sympy

from derive.errors import quoted
from derive.expressions.from_sympy import an_object, from_sympy, name_of
from derive.expressions.gates import split
from derive.expressions.pieces_of_sympy import Unsupported
from derive.expressions.print_text import ascii as plain
from derive.expressions.tree import Expr, names_in
from derive.model import Spec
from derive.naming.canonical_names import LOSS
from derive.place import Place
from derive.specification import from_objects, together
from derive.specification.document import Written

MAX_NODES = 20_000
"""At most this many nodes, or values, are taken."""

MAX_NAMED = 8
"""At most this many names stand in a message."""

Read = TypeVar("Read")


class SympyReader:
    """Reads the objects of one call; what is wrong is noted at its place."""

    def __init__(self, place: Place) -> None:
        self.place = place
        self._symbols: dict[str, sympy.Symbol] = {}

    def nodes(self, given: object, output: str | None) -> dict[str, Expr]:
        """The nodes: of each formula, or of the steps of one expression, which is the last."""
        here = self.place.at("graph").at("nodes")
        if isinstance(given, Mapping):
            return dict(self._entries(given, here, self._formula))
        whole = self._tried(here, lambda: from_sympy(given, self._symbols))
        if whole is None:
            return {}
        taken = names_in(whole)
        name = output or next((name for name in LOSS if name not in taken), "output")
        return split(whole, name, taken)

    def values(self, given: object, here: Place) -> dict[str, Any]:
        """Names and numbers, these as they stand in a file."""
        return dict(self._entries(given, here, self.number))

    def name(self, key: object, here: Place) -> str | None:
        """The name that a key says: a text, or a symbol."""
        if isinstance(key, str):
            return str(key)
        name = self._tried(here, lambda: name_of(key))
        if name is not None and isinstance(key, sympy.Symbol) and self._symbols.setdefault(name, key) != key:
            here.error(
                f"two different symbols are called {quoted(name)}",
                "use one symbol for one quantity: they differ in what is assumed of them",
            )
            return None
        return name

    def number(self, value: object, here: Place) -> Any:
        """A number of SymPy's as it stands in a file; others as they are, to be read as those of a dict."""
        if not isinstance(value, sympy.Basic):
            return value
        tree = self._tried(here, lambda: from_sympy(value))
        return None if tree is None else Written(plain(tree))

    def _formula(self, value: object, here: Place) -> Expr | None:
        formula = sympy.Integer(value) if type(value) is int else value
        return self._tried(here, lambda: from_sympy(formula, self._symbols))

    def _entries(
        self, given: object, here: Place, read: Callable[[object, Place], Read | None]
    ) -> Iterator[tuple[str, Read]]:
        if not isinstance(given, Mapping):
            here.error(f"{an_object(given)} where a dict of names is expected", "write {x: 3, y: -4}")
            return
        if len(given) > MAX_NODES:
            here.error(f"{len(given):,} entries", f"there may be at most {MAX_NODES:,}")
            return
        seen = set()
        for key, value in given.items():
            name = self.name(key, here)
            if name is None:
                continue
            there = here.at(name)
            if name in seen:
                there.error("this name stands twice", "a symbol and a text of one name are one quantity")
            seen.add(name)
            found = read(value, there)
            if found is not None:
                yield name, found

    @staticmethod
    def _tried(here: Place, read: Callable[[], Read]) -> Read | None:
        try:
            return read()
        except Unsupported as error:
            here.error(error.problem, error.hint)
            return None


def from_objects_of_sympy(
    nodes: object,
    values: Mapping[Any, Any],
    *,
    output: object | None = None,
    wrt: Iterable[object] | None = None,
    data: Iterable[Mapping[Any, Any]] = (),
    others: Mapping[str, Any] = MappingProxyType({}),
) -> Spec:
    """The spec of these nodes and numbers; ``others`` are its other tables, as a dict has them.

    Raises:
        DeriveError: what is wrong, where, and how to mend it.
    """
    place = Place("<sympy>")
    reader = SympyReader(place)
    here = place.at("graph")
    named = None if output is None else reader.name(output, here.at("output"))
    formulas = reader.nodes(nodes, named)
    graph: dict[str, Any] = {"values": reader.values(values, here.at("values"))}
    if wrt is not None:
        listed = here.at("parameters")
        graph["parameters"] = [reader.name(one, listed.item(i)) for i, one in enumerate(wrt)]
    rows = [reader.values(row, place.at("data").item(i)) for i, row in enumerate(data)]
    if formulas:
        graph["output"] = named or _output(formulas, here.at("output"))
    if place.errors:
        raise together(place.errors)
    graph["nodes"] = {name: plain(formula) for name, formula in formulas.items()}
    return from_objects({**others, "graph": graph, **({"data": rows} if rows else {})}, place.file)


def _output(formulas: Mapping[str, Expr], here: Place) -> str:
    """The node that no other uses."""
    used = {name for formula in formulas.values() for name in names_in(formula)}
    unused = [name for name in formulas if name not in used]
    if len(unused) > 1:
        shown = ", ".join(unused[:MAX_NAMED]) + (", …" if len(unused) > MAX_NAMED else "")
        here.error(f"no node uses {shown}: which one is the output?", f'say it: output="{unused[-1]}"')
    return unused[0] if unused else next(iter(formulas))  # a circle, which is said where nodes are ordered
