"""Families of names for a graph's derivatives, by what they come to: ``GRADw5``, ``e_1`` beside ``alpha_1``, ``δH1``.

What a family puts before its index is a derivative, or its negative, by the quantity with that index in the same place.
Most of its results have to be that derivative's; the rest are then mistakes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import NamedTuple

from flint import arb, fmpq

from derive.expressions.tree import Expr, Name, Negative
from derive.patterns import regex
from derive.verification.inference.near import is_near
from derive.verification.reading.written_number import digits_of

MAX_MEMBERS = 60
"""At most this many names of a text are looked at."""
MAX_QUANTITIES = 60
"""In larger graphs no family is known so."""
DIGITS = 3
"""A result of fewer digits does not make a family."""
DIGITS_ALONE = 4
"""The only result of a family has as many."""
_INDEX = regex(r"[0-9]+\Z")
_SIGNS = regex(r"[{}_\\]")

ValueOf = Callable[[str], fmpq | arb | None]


class _Family(NamedTuple):
    """A name is ``head`` and an index; the quantity has it between ``before`` and ``after``."""

    head: str
    before: str
    after: str
    sign: int


def slopes_of_a_graph(
    results: Mapping[str, str],
    quantities: Sequence[str],
    output: str,
    value: ValueOf,
    is_same: Callable[[Expr, Expr], bool],
) -> dict[str, Expr]:
    """What the names of families stand for; ``results`` are the numbers with which their calculations end.

    ``is_same`` says whether two derivatives have the same value everywhere: then either is meant.
    """
    if len(quantities) > MAX_QUANTITIES:
        return {}
    plain = {_SIGNS.sub("", name): name for name in quantities if name != output}
    values = {name: value(f"d{output}/d{name}") for name in plain.values()}
    members = dict(list(results.items())[:MAX_MEMBERS])
    families = dict.fromkeys(family for name in members for family in _families(name, members[name], plain, values))
    by_head: dict[str, list[dict[str, Expr]]] = {}
    for family in families:
        covered = {name: there for name in members if (there := _quantity(name, family, plain)) is not None}
        if _fits(family, covered, members, values):
            slopes = {name: _slope(output, quantity, family.sign) for name, quantity in covered.items()}
            by_head.setdefault(family.head, []).append(slopes)
    found: dict[str, Expr] = {}
    for several in by_head.values():
        first = several[0]
        if all(one.keys() == first.keys() and all(is_same(one[name], first[name]) for name in one) for one in several):
            found = {**first, **found}
    return found


def _families(
    name: str, result: str, plain: Mapping[str, str], values: Mapping[str, fmpq | arb | None]
) -> Iterator[_Family]:
    """The families of which a name with this result may be one."""
    digits = _INDEX.search(name)
    if digits is None or digits_of(result) < DIGITS:
        return
    for start in range(1, digits.start() + 1):
        head, index = name[:start], name[start:]
        for quantity, spelt in plain.items():
            before, found, after = quantity.partition(index)
            if not found or before[-1:].isdigit() or after[:1].isdigit():
                continue
            number = values[spelt]
            for sign in (1, -1):
                if number is not None and is_near(result, sign * number):
                    yield _Family(head, before, after, sign)


def _quantity(name: str, family: _Family, plain: Mapping[str, str]) -> str | None:
    if not name.startswith(family.head):
        return None
    return plain.get(family.before + name[len(family.head) :] + family.after)


def _fits(
    family: _Family, covered: Mapping[str, str], results: Mapping[str, str], values: Mapping[str, fmpq | arb | None]
) -> bool:
    """Whether more of a family's results than not are those of its derivatives; zeros say nothing."""
    said = {name: quantity for name, quantity in covered.items() if results[name].strip("-0.")}
    alike = 0
    for name, quantity in said.items():
        number = values[quantity]
        alike += number is not None and is_near(results[name], family.sign * number)
    least = DIGITS_ALONE if alike == 1 else DIGITS
    return 2 * alike > len(said) and any(digits_of(results[name]) >= least for name in said)


def _slope(output: str, quantity: str, sign: int) -> Expr:
    plain = Name(f"d{output}/d{quantity}")
    return plain if sign > 0 else Negative(plain)


__all__ = ["slopes_of_a_graph"]
