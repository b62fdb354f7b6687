"""Names of samples that are called A, B, ...: ``yA``, ``e_B``, by what their calculations come to in each of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flint import arb, fmpq

from derive.expressions.tree import Expr, Name
from derive.naming.names import Names
from derive.patterns import regex
from derive.verification.inference.definitions import Definitions
from derive.verification.inference.names_so_far import NamesSoFar, shown
from derive.verification.inference.near import is_near
from derive.verification.reading.own_names import OwnName

LETTERS = "ABCDEFGH"
"""The letters of samples; of more samples no name is known so."""
MAX_UNITS = 20
"""Nor in networks with more units."""
_NAME = regex(r"([A-Za-z][a-z]{0,5}?)([A-H])")
_OF_INPUTS = frozenset("z s n v net a".split())
"""Letters for what goes into a unit, where that is its output, too."""


def named_by_letters(so_far: NamesSoFar) -> None:
    """What has in every sample the numbers of one quantity, or of the difference of an output and its target."""
    names, rows = so_far.spelling.names, len(so_far.file.network.rows)
    if not 1 < rows <= len(LETTERS) or not names.sizes or sum(names.sizes) > MAX_UNITS:
        return
    families: dict[str, dict[int, str]] = {}
    for name in so_far.unknown.keys() - so_far.found.keys():
        found = _NAME.fullmatch(name)
        if found is not None and found[2] in LETTERS[:rows]:
            families.setdefault(found[1], {})[LETTERS.index(found[2]) + 1] = name
    results, definitions = so_far.seen.first_results(), Definitions(so_far.file)
    for stem, members in sorted(families.items()):
        if len(members) < rows or not all(name in results for name in members.values()):
            continue
        said = [results[members[row]] for row in range(1, rows + 1)]
        fits = [one for one in _candidates(names, stem) if _is_so(said, one, definitions)]
        for row, name in members.items() if fits else ():
            content = _about(fits[0], row)
            written = so_far.seen.symbols[name].written
            so_far.found[name] = OwnName(written, shown(content), 0, content, why="its_value")


def _candidates(names: Names, stem: str) -> Iterator[tuple[str, ...]]:
    """The quantities that have a value in each sample, the likeliest first; of two names their difference."""
    pairs = list(zip(names.outputs, names.targets, strict=False))
    units = [(layer, unit) for layer, size in enumerate(names.sizes, 1) for unit in range(1, size + 1)]
    outputs = [(names.a(*each),) for each in reversed(units)]
    sums = [(names.z(*each),) for each in reversed(units)]
    yield from sums + outputs if stem in _OF_INPUTS else outputs + sums
    yield from pairs
    yield from ((target, output) for output, target in pairs)
    yield from ((name,) for name in (*names.targets, *names.inputs))
    if names.loss:
        yield (names.loss,)
        yield from ((f"d{names.loss}/d{names.z(*each)}",) for each in units)


def _is_so(said: Sequence[str], one: tuple[str, ...], definitions: Definitions) -> bool:
    """Whether all samples have the numbers that are said."""
    values = [_value(one, row, definitions) for row in range(1, len(said) + 1)]
    differ = any(written != said[0] for written in said)
    return differ and all(
        value is not None and is_near(written, value) for written, value in zip(said, values, strict=True)
    )


def _value(one: tuple[str, ...], row: int, definitions: Definitions) -> fmpq | arb | None:
    values = [definitions.value(f"{name}[{row}]") for name in one]
    if any(value is None for value in values):
        return None
    first, *rest = values
    return first if not rest else first - rest[0]  # type: ignore[operator]


def _about(one: tuple[str, ...], row: int) -> Expr:
    first, *rest = (Name(f"{name}[{row}]") for name in one)
    return first if not rest else first - rest[0]


__all__ = ["named_by_letters"]
