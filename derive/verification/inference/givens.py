"""Names that are set equal to a number of the spec: alone, or as a family that is laid out over its parameters."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from flint import fmpq

from derive.naming.names import Names
from derive.network import Network
from derive.network.build import rational
from derive.verification.inference.layouts import Indices, NameLayout, layouts
from derive.verification.inference.sightings import OwnSymbol
from derive.verification.reading.bare import LETTERS

MAX_FAMILIES = 100
"""At most this many families of a text are laid out."""
LEAST_WITH_A_SLIP = 4
"""A family of so many names may have one number that is not the spec's, or two that are exchanged."""
EXCHANGED = 2
MAX_ROWS = 50
"""The numbers of at most so many samples are looked for one after the other."""
_HINTS = {
    "w": frozenset("wWvVuUmMkKgGqQpP"),
    "b": frozenset("bBcCθ") | {"theta", "bias", "beta"},
    "x": frozenset("xXiIe") | {"in", "input", "ein"},
    "t": frozenset("tTdDyYz") | {"soll", "target", "label", "des", "ziel", "cible"},
    "eta": frozenset("ηαγλrhs") | {"eta", "alpha", "gamma", "lambda", "lr", "step", "rate", "mu", "epsilon", "rho"},
}
_CONSTANTS = frozenset("λ lambda ρ rho μ mu ε epsilon eps η eta τ tau κ kappa lr".split())
"""Letters for a number that no update changes: no weight and no bias, though one has the number."""
_COUNTS = frozenset("n m N M K L T k i j l epoch epochs step steps batch sample samples iteration iterations".split())


class Givens:
    """The numbers of a spec, and which names can stand for them."""

    def __init__(self, names: Names, network: Network) -> None:
        self.names = names
        self.network = network

    @cached_property
    def values(self) -> Mapping[str, fmpq]:
        """The parameters, the learning rate, and with one sample the inputs and targets, that are rational numbers."""
        found: dict[str, fmpq] = {}
        rows = self.network.rows[0] if len(self.network.rows) == 1 else {}
        for name, given in (*self.network.start.items(), *rows.items()):
            if (value := rational(given)) is not None:
                found[name] = value
        rate = self.network.spec.training.learning_rate
        if rate is not None and (value := rational(rate)) is not None:
            found[self.names.eta] = value
        return found

    @cached_property
    def by_rows(self) -> Mapping[str, tuple[fmpq, ...]]:
        """The numbers of each input and target in all of some samples, where not all are alike."""
        rows = self.network.rows
        if not 1 < len(rows) <= MAX_ROWS:
            return {}
        found: dict[str, tuple[fmpq, ...]] = {}
        for name in (*self.names.inputs, *self.names.targets):
            values = [rational(row[name]) for row in rows if name in row]
            numbers = tuple(value for value in values if value is not None)
            if len(numbers) == len(rows) and len(set(numbers)) > 1:
                found[name] = numbers
        return found

    @cached_property
    def _kinds(self) -> Mapping[str, str]:
        names = self.names
        kinds = {name: "b" if name[:1] == "b" else "w" for name in names.parameters}
        kinds |= dict.fromkeys(names.inputs, "x") | dict.fromkeys(names.targets, "t")
        return {**kinds, names.eta: "eta"}

    @cached_property
    def _layouts(self) -> tuple[NameLayout, ...]:
        return layouts(self.names)

    def matched(
        self, symbols: Mapping[str, OwnSymbol], numbers: Mapping[str, fmpq], taken: set[str]
    ) -> Mapping[str, str]:
        """What names stand for by their numbers; ``taken`` are the quantities that other names have."""
        found: dict[str, str] = {}
        families: dict[str, dict[Indices, str]] = {}
        for name, symbol in symbols.items():
            families.setdefault(symbol.stem, {})[symbol.indices or ()] = name
        given = {
            stem: members for stem, members in families.items() if any(name in numbers for name in members.values())
        }
        waiting = dict(list(given.items())[:MAX_FAMILIES])
        changed = True
        while changed and waiting:
            changed = False
            for stem, members in list(waiting.items()):
                chosen = self._family(stem, members, numbers, taken)
                if chosen:
                    found |= chosen
                    taken |= set(chosen.values())
                    del waiting[stem]
                    changed = True
        return found

    def _family(
        self, stem: str, members: Mapping[Indices, str], numbers: Mapping[str, fmpq], taken: set[str]
    ) -> dict[str, str]:
        known = {at: numbers[name] for at, name in members.items() if name in numbers}
        if set(known) == {()}:
            node = self._single(stem, known[()], taken)
            return {members[()]: node} if node else {}
        known.pop((), None)
        if len(known) == 1 and set(known.values()) <= {fmpq(0), fmpq(1)} and not _hints(stem, "t"):
            return {}  # so many things are 0 or 1
        ways = list(self._ways(known, taken))
        least = min((slips for slips, _ in ways), default=0)
        chosen = [layout for slips, layout in ways if slips == least]
        hinted = [layout for layout in chosen if _hints(stem, layout.kind)]
        chosen = hinted or chosen
        whole = [layout for layout in chosen if len(layout.nodes) == len(known)]
        for some in (chosen, whole):
            if some and len({tuple(layout.nodes[at] for at in known) for layout in some}) == 1:
                nodes = some[0].nodes
                return {name: nodes[at] for at, name in members.items() if at in nodes}
        return {}

    def _ways(self, known: Mapping[Indices, fmpq], taken: set[str]) -> Iterator[tuple[int, NameLayout]]:
        """The layouts that fit a family's numbers, with how many do not."""
        for layout in self._layouts:
            if not all(at in layout.nodes for at in known):
                continue
            if any(layout.nodes[at] in taken for at in known):
                continue
            other = [at for at, number in known.items() if self.values.get(layout.nodes[at]) != number]
            few = len(other) == 1 or (len(other) == EXCHANGED and self._are_exchanged(other, known, layout))
            if not other or (few and len(known) >= LEAST_WITH_A_SLIP):
                yield len(other), layout

    def _are_exchanged(self, places: list[Indices], known: Mapping[Indices, fmpq], layout: NameLayout) -> bool:
        """Whether two names have the numbers of each other."""
        one, other = (layout.nodes[at] for at in places)
        return known[places[0]] == self.values.get(other) and known[places[1]] == self.values.get(one)

    def _single(self, stem: str, number: fmpq, taken: set[str]) -> str:
        """The one quantity that has a number; of several, the one that the letter speaks for."""
        if stem in LETTERS:
            return ""
        nodes = [name for name, value in self.values.items() if value == number and name not in taken]
        hinted = [name for name in nodes if _hints(stem, self._kinds.get(name, ""))]
        if len(hinted) == 1:
            return hinted[0]
        if stem.lower() in _CONSTANTS:
            return ""
        plain = stem in _COUNTS or number in (0, 1)
        return nodes[0] if len(nodes) == 1 and not plain and not hinted else ""


def _hints(stem: str, kind: str) -> bool:
    letters = _HINTS.get(kind, frozenset())
    return stem in letters or stem[:1] in letters or stem.lower() in letters


__all__ = ["Givens"]
