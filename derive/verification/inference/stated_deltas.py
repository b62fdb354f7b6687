"""Deltas that a text counts in its own way, from the loss back: ``δ_1 = ∂E/∂z_2``, ``δ_2 = ∂E/∂h``."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from derive.expressions.tree import Name
from derive.naming.names import Names
from derive.naming.quantity import NamedQuantity
from derive.patterns import regex
from derive.verification.reading import Chain, Matrix, Side, SideContent
from derive.verification.reading.own_names import OwnName, OwnNames, key
from derive.verification.reading.symbols import symbol_at
from derive.verification.reading.tokens import tokens

LEAST = 2
"""So many deltas are defined in a text that counts them in its own way."""
_DELTA = regex(r"\\?(?:delta|δ)[ \t]?_?\{?[0-9A-Za-z]{1,3}\}?|δ[₀-₉]{1,2}")


def stated_deltas(chains: Sequence[Chain], names: Names) -> OwnNames:
    """What the deltas of a text are defined to be, where one of them is of another layer than its number says."""
    if not names.sizes:
        return OwnNames()
    found: dict[str, OwnName] = {}
    differs = False
    for name, chain in _defined(chains):
        value = _whole(chain, names)
        of = _layer(value, names)
        if value is None or of is None or name in found:
            continue
        read = _layer(chain.sides[0].expr, names)
        differs = differs or read != of
        found[name] = OwnName(chain.sides[0].text, chain.sides[1].text, 0, value, why="its_formula")
    return OwnNames(found) if differs and len(found) >= LEAST else OwnNames()


def _whole(chain: Chain, names: Names) -> SideContent | None:
    """The second side of a chain; of a whole layer where it was read as a unit's, and a vector stands further on."""
    value = chain.sides[1].expr
    quantity = _quantity(value, names) if isinstance(value, Name) else None
    described = names.describe(quantity.by) if quantity is not None and quantity.by is not None else None
    letter = _VECTORS.get(described.kind) if described is not None else None
    if described is None or letter is None:
        return value
    lengths = {max(side.expr.shape) for side in chain.sides if isinstance(side.expr, Matrix) and 1 in side.expr.shape}
    units = names.sizes[described.layer - 1]
    if units == 1 or units not in lengths:
        return value
    members = names.members(names.resolve(f"d{names.loss}/d{letter}{described.layer}"))
    return Matrix(tuple(tuple(Name(str(entry)) for entry in row) for row in members))


_VECTORS = {"weighted input": "z", "activation": "a"}


def _defined(chains: Sequence[Chain]) -> Iterator[tuple[str, Chain]]:
    """The chains that begin with a delta that has nothing above it, by its letters and digits."""
    for chain in chains:
        written = chain.sides[0].text
        if _DELTA.fullmatch(written) is None or not _is_a_derivative(chain.sides[1]):
            continue
        symbol = symbol_at(tokens(written, tex="\\" in written), 0)
        if symbol is not None and not symbol.above and not symbol.primes:
            yield key(symbol.base, symbol.below), chain


def _is_a_derivative(side: Side) -> bool:
    return any(sign in side.text for sign in ("∂", r"\partial", "d")) and "=" not in side.text


def _layer(value: SideContent | None, names: Names) -> str | None:
    """By what a derivative of the loss is, of a whole layer or of one unit: ``z2``; None for anything else."""
    entries = [entry for row in value.rows for entry in row] if isinstance(value, Matrix) else [value]
    first = entries[0]
    quantities = [_quantity(entry, names) for entry in entries if isinstance(entry, Name)]
    if not isinstance(first, Name) or len(quantities) != len(entries):
        return None
    if any(one is None or one.by is None or one.base != names.loss for one in quantities):
        return None
    one = quantities[0]
    described = names.describe(one.by) if one is not None and one.by is not None else None
    return None if described is None else f"{described.kind}{described.layer}"


def _quantity(name: Name, names: Names) -> NamedQuantity | None:
    try:
        return names.resolve(name.name)
    except ValueError:
        return None


__all__ = ["stated_deltas"]
