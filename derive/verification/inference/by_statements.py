"""Families of names by all that a text states of them: values, slopes, old values and new ones.

``dE/dv_1 = ... = 0.0822`` and ``v_1 = 0.40 - 0.5*0.0822 = 0.3589`` say of ``v_1`` which weight it is, though nothing
else does: no other has that gradient, and no other goes from 0.40 to 0.3589. Of the ways in which the names of a family
may lie over the quantities of a network, the one is taken that most of its numbers fit, and no other as well.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import accumulate

from flint import arb, fmpq

from derive.naming.names import Names
from derive.records import record
from derive.verification.inference.layouts import Indices, NameLayout, layouts
from derive.verification.inference.near import NEAR, ROUNDED, is_near
from derive.verification.inference.sightings import NumberSaid, OwnSymbol
from derive.verification.reading.written_number import digits_of

MAX_FAMILIES = 30
"""At most this many families of a text are looked at."""
MAX_UNITS = 50
"""In networks with more units no family is known by what is stated of it."""
MAX_STATED = 40
"""At most this many statements of a family are compared."""
LEAST_DIGITS = 3
"""A number of fewer digits says nothing of a name by itself."""
LEAST_ALIKE = 2
"""So many statements of a family are those of its quantities; one is enough for a single name."""
LEAST_EXACTLY = 3
"""A family of so many names is known by numbers of few digits, too, where all are exactly right."""
PER_SLIP = 3
"""A statement may be another number where so many are right."""
_LETTERS = {
    "w": frozenset("w W v V u U theta".split()),
    "b": frozenset("b B bias c theta".split()),
    "z": frozenset("z net s in u v n a i h".split()),
    "a": frozenset("o out a y h act z".split()),
    "dz": frozenset("delta d e err error".split()),
    "t": frozenset("t d y target".split()),
    "x": frozenset("x i u".split()),
}
_GIVEN = frozenset("w b t x".split())
ValueOf = Callable[[str], fmpq | arb | None]


@record
class _LayoutFit:
    """How many statements a layout fits, how many of them but for rounding at their end only, and how many not.

    ``hinted``: the letter speaks for it.
    """

    alike: int
    exactly: int
    other: int
    hinted: bool
    layout: NameLayout

    @property
    def rank(self) -> tuple[int, bool, int]:
        """The larger the likelier."""
        return self.alike - self.other, self.hinted, self.exactly


class ByStatements:
    """The quantities of one network, by what is stated of names; ``may_be`` says what a letter may stand for."""

    def __init__(self, names: Names, value: ValueOf, may_be: Callable[[str, str], bool]) -> None:
        self.names = names
        self._may_be = may_be
        self._value = value
        self._known: dict[str, fmpq | arb | None] = {}
        sized = bool(names.sizes) and sum(names.sizes) <= MAX_UNITS
        self.layouts = (*layouts(names), *_of_units(names)) if sized else ()

    def found(
        self, symbols: Mapping[str, OwnSymbol], stated: Sequence[NumberSaid], taken: set[str],
        *, beside: Mapping[str, Mapping[Indices, str]],
    ) -> dict[str, str]:  # fmt: skip
        """What names stand for; ``taken`` are the quantities that other names have.

        ``beside``: what is known of families already, by their letters and indices.
        """
        said: dict[str, list[NumberSaid]] = {}
        for one in stated:
            if one.key in symbols:
                said.setdefault(one.key, []).append(one)
        families: dict[str, dict[Indices, str]] = {}
        for name, symbol in symbols.items():
            if symbol.indices is not None or name == symbol.stem:
                families.setdefault(symbol.stem, {})[symbol.indices or ()] = name
        found: dict[str, str] = {}
        told = [(stem, members) for stem, members in families.items() if said.keys() & set(members.values())]
        for stem, members in told[:MAX_FAMILIES]:
            alone: dict[Indices, str] = {at: name for at, name in members.items() if not at}
            indexed = {at: name for at, name in members.items() if at}
            for some in (indexed, alone):
                fixed = beside.get(stem, {}) if some is indexed else {}
                chosen = self._family(stem, some, said, taken | set(found.values()), fixed)
                found |= {name: chosen.nodes[at] for at, name in some.items() if chosen and at in chosen.nodes}
        return found

    def _family(
        self, stem: str, members: Mapping[Indices, str], said: Mapping[str, Sequence[NumberSaid]], taken: set[str],
        fixed: Mapping[Indices, str],
    ) -> NameLayout | None:  # fmt: skip
        """The layout of a family's names; None where none is the likeliest."""
        known = {at: said[name] for at, name in members.items() if name in said}
        if not known:
            return None
        told = (one for statements in known.values() for one in statements)
        if len(known) == 1 and not fixed and not any(one.worked or one.about != "value" for one in told):
            return None  # "qq = 0.5852" alone restates a number, whose ever it is
        alone = set(known) == {()}
        ways = self._single() if alone else self.layouts
        agree = (layout for layout in ways if all(layout.nodes.get(at) == node for at, node in fixed.items()))
        if not alone and (fixed_by_old := self._by_old_values(stem, members, known, taken)) is not None:
            return fixed_by_old
        fits = [
            self._fit(stem, layout, known, firm=bool(fixed))
            for layout in agree
            if self._may_be(stem, layout.kind) and _fits(layout, known, taken)
        ]
        least = 1 if len(known) == 1 else LEAST_ALIKE
        kept = [fit for fit in fits if fit.alike >= least and fit.other * PER_SLIP <= fit.alike]
        best = max((fit.rank for fit in kept), default=None)
        chosen = [fit.layout for fit in kept if fit.rank == best]
        nodes = {tuple(layout.nodes.get(at) for at in members) for layout in chosen}
        return chosen[0] if len(nodes) == 1 else None

    def _by_old_values(
        self, stem: str, members: Mapping[Indices, str], known: Mapping[Indices, Sequence[NumberSaid]], taken: set[str]
    ) -> NameLayout | None:
        """The one layout in which each name goes on from its parameter's own number, whatever slips come before.

        ``w_5 = 0.7 - 0.5*(…)`` says that w_5 is 0.7 also where the gradient that is put in is wrong.
        """
        olds = {at: {one.written for one in said if one.about == "old"} for at, said in known.items()}
        olds = {at: written for at, written in olds.items() if len(written) == 1}
        if len(olds) < LEAST_ALIKE or len({next(iter(written)) for written in olds.values()}) < LEAST_ALIKE:
            return None
        chosen = [
            layout
            for layout in self.layouts
            if layout.kind in ("w", "b") and self._may_be(stem, layout.kind) and _fits(layout, known, taken)
            and all(self._goes_on_from(layout.nodes[at], next(iter(written))) for at, written in olds.items())
        ]  # fmt: skip
        nodes = {tuple(layout.nodes.get(at) for at in members) for layout in chosen}
        return chosen[0] if len(nodes) == 1 else None

    def _goes_on_from(self, node: str, written: str) -> bool:
        value = self.value(node) if node in self.names.parameters else None
        return value is not None and is_near(written, value, ROUNDED)

    def _single(self) -> Iterator[NameLayout]:
        """Every quantity for a name without an index."""
        seen = set[tuple[str, str]]()
        for layout in self.layouts:
            for node in layout.nodes.values():
                if (layout.kind, node) not in seen:
                    seen.add((layout.kind, node))
                    yield NameLayout(layout.kind, {(): node})

    def _fit(
        self, stem: str, layout: NameLayout, known: Mapping[Indices, Sequence[NumberSaid]], *, firm: bool
    ) -> _LayoutFit:
        hinted = stem in _LETTERS.get(layout.kind, frozenset())
        alike = other = exactly = 0
        for at, statements in known.items():
            for one in statements[:MAX_STATED]:
                if one.about == "old" and layout.nodes[at] not in self.names.parameters:
                    continue  # a difference
                is_so = self._is_so(one, layout.nodes[at], NEAR)
                exactly += is_so and self._is_so(one, layout.nodes[at], ROUNDED)
                alike, other = alike + is_so, other + (not is_so)
                given = hinted and layout.kind in _GIVEN and one.written.lstrip("-") not in ("0", "1")
                firm = firm or (is_so and (digits_of(one.written) >= LEAST_DIGITS or given))
        firm = firm or (exactly >= LEAST_EXACTLY and not other and len(known) >= LEAST_EXACTLY)
        return _LayoutFit(alike if firm else 0, exactly, other, hinted, layout)

    def _is_so(self, one: NumberSaid, node: str, units: fmpq | int) -> bool:
        """Whether a statement is true of a quantity, but for so many units of its last place."""
        names = self.names
        if one.about == "change":
            here, there = self.value(node), self.value(f"{node}'") if node in names.parameters else None
            return here is not None and there is not None and is_near(one.written, arb(there) - arb(here), units)
        about = {
            "slope": (f"d{names.loss}/d{node}",),
            "old": (node,),
            "new": (f"{node}'",),
            "value": (node, f"{node}'") if node in names.parameters else (node,),
        }[one.about]
        if one.about != "value" and "/" in node:
            return False
        return any((value := self.value(name)) is not None and is_near(one.written, value, units) for name in about)

    def value(self, name: str) -> fmpq | arb | None:
        """The value of a quantity, worked once."""
        if name not in self._known:
            self._known[name] = self._value(name)
        return self._known[name]


def _fits(layout: NameLayout, known: Mapping[Indices, Sequence[NumberSaid]], taken: set[str]) -> bool:
    """Whether a layout has all these names, and none of what other names stand for."""
    return all(at in layout.nodes and layout.nodes[at] not in taken for at in known)


def _of_units(names: Names) -> Iterator[NameLayout]:
    """Names with one index of weighted inputs, activations and derivatives: a layer's, and of all units counted on."""
    sizes = names.sizes
    begins = [0, *accumulate(sizes)]
    makers: list[tuple[str, Callable[[int, int], str]]] = [("z", names.z), ("a", names.a)]
    if names.targets:
        makers += [
            ("dz", lambda layer, unit: f"d{names.loss}/d{names.z(layer, unit)}"),
            ("da", lambda layer, unit: f"d{names.loss}/d{names.a(layer, unit)}"),
        ]
    if len(sizes) > 1:
        yield NameLayout("t", {(begins[-2] + unit,): target for unit, target in enumerate(names.targets, 1)})
    for kind, maker in makers:
        for layer, size in enumerate(sizes, 1):
            yield NameLayout(kind, {(unit,): maker(layer, unit) for unit in range(1, size + 1)})
        if len(sizes) > 1:
            for first in (0, len(names.inputs)):
                counted: dict[Indices, str] = {
                    (first + begins[layer - 1] + unit,): maker(layer, unit)
                    for layer, size in enumerate(sizes, 1)
                    for unit in range(1, size + 1)
                }
                yield NameLayout(kind, counted)


__all__ = ["ByStatements"]
