"""Marks: points for quantities, with a share where a number follows rightly from an earlier mistake.

The last chain about a quantity counts, and in it the last relation that gives a number. What stands in that chain
decides: a wrong relation in it earns nothing, so that neither a second wrong step nor a copied result gains from the
follow-through; a number that follows from an earlier wrong line earns the share; a number that holds earns all. A
number without one right significant digit (0.00 for what is small) earns nothing, and neither does what follows from
a wrong 0.
"""

from __future__ import annotations

from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from flint import fmpq

from derive.errors import SeveralErrors
from derive.expressions.tree import Expr, Name, names_in
from derive.naming.names import Names
from derive.naming.quantity import NamedQuantity
from derive.network import Network
from derive.place import Place
from derive.specification.exercise import check_exercise
from derive.specification.kinds import BAD, ExactNumber, MapOf
from derive.specification.numerals import value_of
from derive.verification.judgement import Judgement
from derive.verification.points.point import Addresses, NoQuantity, Unsaid
from derive.verification.reading.model import Matrix

FOLLOW_THROUGH = fmpq(1, 2)
_WORST = ("", "holds", "rounding", "follows", "none", "empty", "wrong", "unreadable")
"""The verdict on a vector is the worst on its entries."""
SHARE = "follow_through"
"""The key that is no quantity."""


@dataclass(frozen=True, slots=True)
class Key:
    """Points for a quantity; a vector or matrix shares them out among its ``entries``."""

    name: str
    points: fmpq
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Scheme:
    """Points for quantities by their canonical names, in the author's order; the share given for ``follows``."""

    keys: tuple[Key, ...]
    follow_through: fmpq = FOLLOW_THROUGH

    @property
    def points(self) -> Mapping[str, fmpq]:
        """The points by name."""
        return {key.name: key.points for key in self.keys}


@dataclass(frozen=True, slots=True)
class Mark:
    """What one quantity earned, of how much.

    ``verdict`` is empty where nothing in the file is about it, ``none`` where nothing gives its number, and ``empty``
    where the number tells nothing.
    """

    name: str
    points: fmpq
    of: fmpq
    verdict: str


@dataclass(frozen=True, slots=True)
class Marked:
    """One file's marks."""

    marks: tuple[Mark, ...]

    @property
    def points(self) -> fmpq:
        """All points that were earned."""
        return sum((mark.points for mark in self.marks), fmpq(0))

    @property
    def of(self) -> fmpq:
        """All points that there are."""
        return sum((mark.of for mark in self.marks), fmpq(0))


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
    values = MapOf(ExactNumber(not_negative=True), names=False).read(inner, place.at("marks"))
    if values is not BAD:
        check_exercise(None, values, network.names, place)
    _raise(place)
    return _scheme(values, network, place)


def _raise(place: Place) -> None:
    if place.errors:
        raise place.errors[0] if len(place.errors) == 1 else SeveralErrors(place.errors)


def _scheme(table: Mapping[str, Any], network: Network, place: Place) -> Scheme:
    here, addresses = place.at("marks"), Addresses(network)
    keys: list[Key] = []
    taken: set[str] = set()
    for text, given in table.items():
        points = _rational(given, here.at(text))
        if text == SHARE:
            continue
        quantity = network.names.resolve(text)
        if quantity.function:
            here.at(text).error("a slope has no name that a claim gives a value", "write dyhat/dz2_1")
            continue
        key = _key(quantity, points, network)
        if taken.intersection(key.entries):
            here.at(text).error(f"points for {key.name} are given twice")
        taken.update(key.entries)
        keys.append(key)
        _check_earnable(key, network, addresses, here.at(text))
    _raise(place)
    return Scheme(tuple(keys), _rational(table[SHARE], here.at(SHARE)) if SHARE in table else FOLLOW_THROUGH)


def _key(quantity: NamedQuantity, points: fmpq, network: Network) -> Key:
    """A key with its entries; a vector of one entry is that entry."""
    entries = tuple(str(entry) for row in network.names.members(quantity) for entry in row)
    return Key(entries[0] if len(entries) == 1 else str(quantity), points, entries)


def _check_earnable(key: Key, network: Network, addresses: Addresses, place: Place) -> None:
    """Note a key that nothing can earn: it has no value here, is 0 by its name alone, or the spec gives it."""
    names = network.names
    for name in key.entries:
        try:
            addresses[name]
        except Unsaid:
            continue
        except NoQuantity as error:
            place.error(f"nothing can earn this: {error}")
            return
        quantity = names.resolve(name)
        if quantity.by is not None and not any(_depends(network, names.resolve(entry)) for entry in key.entries):
            problem = f"nothing can earn this: {quantity.base} does not depend on {quantity.by}"
            place.error(problem, _turned(network, quantity))
            return
        given = quantity.by is None and quantity.base not in network.graph.by_name
        new = quantity.base in network.trained or quantity.base in network.states
        if given and not (quantity.step and new):
            hint = f"its new value is {key.name}'" if new else "points are for what is worked out"
            place.error(f"nothing can earn this: {key.name} is given", hint)
            return


def _depends(network: Network, quantity: NamedQuantity) -> bool:
    """Whether a derivative is by what its node is computed from, or by the node itself."""
    by_name, waiting, seen = network.graph.by_name, [quantity.base], {quantity.base}
    while waiting:
        here = waiting.pop()
        if here == quantity.by:
            return quantity.base in by_name
        fresh = [name for name in (by_name[here].inputs if here in by_name else ()) if name not in seen]
        seen.update(fresh)
        waiting += fresh
    return False


def _turned(network: Network, quantity: NamedQuantity) -> str:
    """What may be meant by a derivative of a quantity by one that does not go into it."""
    assert quantity.by is not None
    turned = replace(quantity, base=quantity.by, by=quantity.base)
    loss = replace(quantity, base=network.output)
    meant = next((one for one in (turned, loss) if _depends(network, one)), None)
    return f"did you mean '{meant}'?" if meant is not None else "a derivative is by what goes into the quantity"


def _rational(given: Any, place: Place) -> fmpq:
    value = value_of(given)
    if isinstance(value, fmpq):
        return value
    place.error(f"points are rational numbers, not {given.text}")
    return fmpq(0)


def marked(scheme: Scheme, judgements: Iterable[Judgement], names: Names) -> Marked:
    """The points of one file."""
    last: dict[str, list[Judgement]] = {}
    empty: set[int] = set()
    for judgement in judgements:
        if judgement.verdict == "wrong" and not judgement.tells:
            empty.add(judgement.line)
        for name in _quantities(judgement.subject, names):
            chain = last.get(name)
            if chain is None or chain[0].chain != judgement.chain:
                chain = last[name] = []
            chain.append(judgement)
    marks = []
    shares = {"holds": fmpq(1), "rounding": fmpq(1), "follows": scheme.follow_through}
    for key in scheme.keys:
        verdicts = [_verdict(last.get(name, []), empty) for name in key.entries]
        earned = sum((shares.get(verdict, fmpq(0)) for verdict in verdicts), fmpq(0)) / len(verdicts)
        marks.append(Mark(key.name, key.points * earned, key.points, max(verdicts, key=_WORST.index)))
    return Marked(tuple(marks))


def _verdict(chain: list[Judgement], empty: Container[int] = ()) -> str:
    """What a chain about a quantity comes to. A rounding that is no longer forgiven counts as wrong.

    ``empty``: the lines that are wrong and tell nothing, like 0; what follows from one of them takes no work.
    """
    numbers = [judgement for judgement in chain if _gives_a_number(judgement)]
    if not numbers:
        return (
            "unreadable" if any(judgement.verdict == "unreadable" for judgement in chain) else "none" if chain else ""
        )
    for verdict in ("wrong", "unreadable"):
        if any(judgement.verdict == verdict for judgement in chain):
            return verdict
    final = numbers[-1]
    if not final.tells or (final.verdict == "follows" and final.follows_from in empty):
        return "empty"
    return "wrong" if final.verdict == "rounding" and not final.holds else final.verdict


def _gives_a_number(judgement: Judgement) -> bool:
    """Whether no name stands on the right side; or on the left one, and the quantity on the right."""
    sides = [side.expr if side is not None else None for side in (judgement.right, judgement.left)]
    if isinstance(sides[0], Name) and sides[0].name == judgement.subject:
        sides.reverse()
    return _is_nameless(sides[0])


def _is_nameless(found: Expr | Matrix | None) -> bool:
    if isinstance(found, Matrix):
        return not any(names_in(entry) for row in found.rows for entry in row)
    return found is not None and not names_in(found)


def _quantities(subject: str | None, names: Names) -> tuple[str, ...]:
    """The quantities that a chain is about: of a vector or matrix, its entries."""
    if subject is None:
        return ()
    try:
        quantity = names.resolve(subject)
    except ValueError:
        return (subject,)
    return tuple(str(entry) for row in names.members(quantity) for entry in row)


def points(value: fmpq) -> str:
    """Points as they are printed: ``1.5``, or ``1/3`` where no decimal is exact.

    >>> points(fmpq(3, 2)), points(fmpq(1, 3)), points(fmpq(2))
    ('1.5', '1/3', '2')
    """
    from derive.arithmetic.rounding import Policy

    shown = Policy("significant", 12).shown(value)
    return shown.text if shown.exact else str(value)
