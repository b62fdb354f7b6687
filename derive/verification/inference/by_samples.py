r"""Names with the number of a sample above, ``\varepsilon_1^{(2)}``, by what their calculations come to in each.

A family has one quantity of each unit of a layer; its derivatives may be divided by the number of samples.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from flint import arb, fmpq

from derive.naming.names import Names
from derive.verification.inference.near import is_near
from derive.verification.inference.of_a_sample import OfASample

MAX_ROWS = 100
"""Of more samples no name is known so."""
MAX_UNITS = 50
"""Nor in networks with more units."""
LEAST = 3
"""At least so many results of a family are those of the layer."""
ONE_SLIP_IN = 4
"""One of so many results may be another one."""

ValueOf = Callable[[str], fmpq | arb | None]


def by_samples(said: list[OfASample], names: Names, rows: int, value: ValueOf) -> Mapping[OfASample, str]:
    """The quantity that each name has in its sample, for the families that are clear."""
    if not names.sizes or sum(names.sizes) > MAX_UNITS or not 1 < rows <= MAX_ROWS:
        return {}
    families: dict[str, list[OfASample]] = {}
    for one in said:
        families.setdefault(one.base, []).append(one)
    found: dict[OfASample, str] = {}
    for members in families.values():
        fits = [(nodes, _fit(members, nodes, rows, value)) for nodes in _layers(names)]
        best = max((fit for _, fit in fits), default=0)
        chosen = [nodes for nodes, fit in fits if fit == best]
        if best and (len(chosen) == 1 or all(nodes[0].startswith(f"d{names.loss}/d") for nodes in chosen)):
            found |= {one: f"{chosen[0][max(one.unit, 1) - 1]}[{one.row}]" for one in members}
    return found


def _layers(names: Names) -> Iterator[list[str]]:
    for layer, size in enumerate(names.sizes, 1):
        units = range(1, size + 1)
        z, a = ([maker(layer, unit) for unit in units] for maker in (names.z, names.a))
        yield from (z, a)
        if names.targets:
            yield from ([f"d{names.loss}/d{node}" for node in nodes] for nodes in (z, a))


def _fit(members: list[OfASample], nodes: list[str], rows: int, value: ValueOf) -> int:
    """How many results of a family are those of a layer, as they are or divided; 0 where that is not enough."""
    if any(one.row > rows or not (one.unit or len(nodes) == 1) or one.unit > len(nodes) for one in members):
        return 0
    numbers = [value(f"{nodes[max(one.unit, 1) - 1]}[{one.row}]") for one in members]
    best = 0
    for share in (1, rows) if "/" in nodes[0] else (1,):
        alike = sum(
            number is not None and is_near(one.result, number / share)
            for one, number in zip(members, numbers, strict=True)
        )
        slips = len(members) - alike
        best = max(best, alike if alike >= LEAST and slips * ONE_SLIP_IN <= len(members) else 0)
    return best


__all__ = ["by_samples"]
