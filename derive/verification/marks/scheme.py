"""The points for quantities: the table ``[marks]`` of a spec, or a file of its own.

A key is read as a claim's left side is, in the network's names or in the author's own notation; a vector or matrix
shares its points out among its entries, and a quantity of single samples among these.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, TypeAlias

from flint import fmpq

from derive.equations.batch import batch_of
from derive.errors import SeveralErrors
from derive.expressions.tree import Expr, Name
from derive.model import Given
from derive.naming.quantity import NamedQuantity
from derive.network import Network
from derive.place import Place
from derive.records import record
from derive.specification.exercise import SHARE, AskedPoints, QuantityPoints, check_share, known_name
from derive.specification.kinds import BAD, MapOf
from derive.specification.numerals import value_of
from derive.verification.points.point import Addresses, NoQuantity, PointAddress
from derive.verification.reading import Matrix, SideContent, Spelling, TextKind
from derive.verification.reading import read as read_claims

FOLLOW_THROUGH = fmpq(1, 2)
Asked: TypeAlias = Literal["value", "formula"]


@record
class Key:
    """Points for a quantity; a vector or matrix shares them out among its ``entries``.

    ``asks`` says whether they are for its number, or for a formula: that is one for all samples.
    """

    name: str
    points: fmpq
    entries: tuple[PointAddress, ...]
    asks: Asked = "value"


@record
class Scheme:
    """Points for quantities by their canonical names, in the author's order; the share given for ``follows``.

    ``output`` is the quantity that gradients are of.
    """

    keys: tuple[Key, ...]
    output: str
    follow_through: fmpq = FOLLOW_THROUGH

    @property
    def points(self) -> Mapping[str, fmpq]:
        """The points by name, for numbers."""
        return {key.name: key.points for key in self.keys if key.asks == "value"}


def of(network: Network) -> Scheme | None:
    """The scheme in the spec's own ``[marks]``; None where it has none.

    Raises:
        DeriveError: a key that nothing can earn.
    """
    table = network.spec.marks
    return _scheme(table, network, Place(network.spec.path)) if table is not None else None


def read(path: str | Path, network: Network) -> Scheme:
    """The scheme in a file of its own: TOML or JSON with a table ``marks``, or with its keys alone.

    Raises:
        DeriveError: what is wrong with the file.
    """
    from derive.specification.document import format_of, parse, read_text

    shown = str(path)
    tree = parse(read_text(Path(path), shown).removeprefix("\ufeff"), shown, format_of(shown))
    return parsed(tree, network, shown)


def parsed(tree: Mapping[str, Any], network: Network, shown: str) -> Scheme:
    """The scheme of a table that was read from a file."""
    place, table = Place(shown), dict(tree)
    for other in set(table) - {"marks"} if isinstance(table.get("marks"), dict) else ():
        place.at(other).error("unknown key", "a file of marks has the table [marks] and nothing beside it")
    inner = table["marks"] if isinstance(table.get("marks"), dict) else table
    values = MapOf(QuantityPoints(), names=False).read(inner, place.at("marks"))
    if values is not BAD:
        check_share(values, place.at("marks"))
    _raise(place)
    return _scheme(values, network, place)


def _raise(place: Place) -> None:
    if place.errors:
        raise place.errors[0] if len(place.errors) == 1 else SeveralErrors(place.errors)


def _scheme(table: Mapping[str, Any], network: Network, place: Place) -> Scheme:
    here, keys, taken = place.at("marks"), list[Key](), set[tuple[Asked, PointAddress]]()
    reader = _Keys(network)
    for text, given in table.items():
        asked = _asked(given, here.at(text))
        found = reader.key(text, here.at(text)) if text != SHARE else None
        if found is None:
            continue
        for asks, points in asked.items():
            key = _for_formula(found, points) if asks == "formula" else replace(found, points=points)
            earned = {(asks, entry) for entry in key.entries}
            if taken & earned:
                here.at(text).error(f"points for {key.name} are given twice")
            taken |= earned
            keys.append(key)
    _raise(place)
    share = _rational(table[SHARE], here.at(SHARE)) if SHARE in table else FOLLOW_THROUGH
    return Scheme(tuple(keys), network.output, share)


class _Keys:
    """Reads the keys of one scheme."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._addresses = Addresses(network)

    def key(self, text: str, place: Place) -> Key | None:
        """The key with its entries, as yet without points; None where it cannot be earned, with the error noted."""
        name, entries = self._named(text, place)
        found: list[PointAddress] = []
        for entry in entries:
            try:
                found += self._places(entry)
            except NoQuantity as error:
                place.error(f"nothing can earn this: {error}")
                return None
            if self._is_given(entry, name, place) or self._is_nothing(entry, entries, place):
                return None
        return Key(name, fmpq(0), tuple(found)) if entries else None

    def _named(self, text: str, place: Place) -> tuple[str, tuple[str, ...]]:
        """The canonical name of what a key says, and of its entries; none with the error noted."""
        names = self._network.names
        try:
            quantity = names.resolve(text)
        except ValueError:
            entries = self._as_a_claim(text)
            if not entries:
                known_name(text, names, place)
            return (entries[0] if len(entries) == 1 else text), entries
        if quantity.function:
            place.error("a slope has no name that a claim gives a value", "write dyhat/dz2_1")
            return text, ()
        entries = tuple(str(entry) for row in names.members(quantity) for entry in row)
        return entries[0] if len(entries) == 1 else str(quantity), entries

    def _as_a_claim(self, text: str) -> tuple[str, ...]:
        """The names that a key says as the left side of a claim, in plain text or TeX; none where it is more."""
        if any(sign in text for sign in "=\n\r"):
            return ()
        plain = text.strip().strip("$").strip()
        kinds: tuple[tuple[str, TextKind], ...] = ((f"{plain} = 0", "text"), (f"${plain} = 0$", "latex"))
        for claim, kind in kinds:
            chains = read_claims(claim, kind, self._spelling).chains
            side = chains[0].sides[0] if len(chains) == 1 and len(chains[0].sides) == 2 else None
            parts = () if side is None or side.expr is None else _parts(side.expr)
            if parts and all(isinstance(part, Name) for part in parts):
                return tuple(part.name for part in parts if isinstance(part, Name))
        return ()

    @cached_property
    def _spelling(self) -> Spelling:
        return Spelling.of(self._network)

    def _places(self, name: str) -> Iterator[PointAddress]:
        """The quantity of a name; of single samples, that in each of them."""
        if not self._addresses.needs_row(name):
            yield self._addresses[name]
            return
        quantity = self._network.names.resolve(name)
        for row in batch_of(self._network, quantity.step or 0):
            yield self._addresses[str(replace(quantity, row=row))]

    def _is_nothing(self, entry: str, entries: Sequence[str], place: Place) -> bool:
        """Whether all of a derivative is 0 by its names alone."""
        network, quantity = self._network, self._network.names.resolve(entry)
        if quantity.by is None or any(_depends(network, network.names.resolve(each)) for each in entries):
            return False
        problem = f"nothing can earn this: {quantity.base} does not depend on {quantity.by}"
        place.error(problem, _turned(network, quantity))
        return True

    def _is_given(self, entry: str, name: str, place: Place) -> bool:
        """Whether the spec gives the quantity."""
        network, quantity = self._network, self._network.names.resolve(entry)
        if quantity.by is not None or quantity.base in network.graph.by_name:
            return False
        new = quantity.base in network.trained or quantity.base in network.states
        if quantity.step and new:
            return False
        hint = f"its new value is {name}'" if new else "points are for what is worked out"
        place.error(f"nothing can earn this: {name} is given", hint)
        return True


def _parts(side: SideContent) -> tuple[Expr, ...]:
    return tuple(entry for row in side.rows for entry in row) if isinstance(side, Matrix) else (side,)


def _depends(network: Network, quantity: NamedQuantity) -> bool:
    """Whether a derivative is by what its node is computed from, or by the node itself."""
    graph = network.graph
    return quantity.base in graph.by_name and quantity.by in {quantity.base, *graph.behind(quantity.base)}


def _turned(network: Network, quantity: NamedQuantity) -> str:
    """What may be meant by a derivative of a quantity by one that does not go into it."""
    assert quantity.by is not None
    turned = replace(quantity, base=quantity.by, by=quantity.base)
    loss = replace(quantity, base=network.output)
    meant = next((one for one in (turned, loss) if _depends(network, one)), None)
    return f"did you mean '{meant}'?" if meant is not None else "a derivative is by what goes into the quantity"


def of_all_rows(address: PointAddress) -> PointAddress:
    """The quantity in whatever sample: they have one formula."""
    return replace(address, row=0)


def _for_formula(key: Key, points: fmpq) -> Key:
    """The key for the formulas of the same quantities."""
    return replace(key, points=points, asks="formula", entries=tuple(dict.fromkeys(map(of_all_rows, key.entries))))


def _asked(given: Any, place: Place) -> dict[Asked, fmpq]:
    """What a key asks, with the points."""
    if not isinstance(given, AskedPoints):
        return {"value": _rational(given, place)}
    both: tuple[tuple[Asked, Given | None], ...] = (("value", given.value), ("formula", given.formula))
    return {asks: _rational(points, place.at(asks)) for asks, points in both if points is not None}


def _rational(given: Any, place: Place) -> fmpq:
    value = value_of(given)
    if isinstance(value, fmpq):
        return value
    place.error(f"points are rational numbers, not {given.text}")
    return fmpq(0)
