"""The sign of δ, found from a whole file: ∂E/∂z, or its negative, with which ``w + η δ y`` is the update.

A chain speaks for a sign where it holds with that one only. The other sign is the file's where more of what uses δ
speaks for it, and more of what says what δ is; δ alone, with nothing that uses it, has the plain one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from derive.expressions.tree import Expr, Name, Negative, Number, Product, Sum, names_in, walk
from derive.patterns import regex
from derive.verification.reading import Chain, Matrix, Side, SideContent

SIGN = "delta"
"""The choice of a reader that this is about."""
MAX_CHAINS = 80
"""At most this many chains of a file are asked."""
_DELTA = regex(r"\bdelta([0-9]+(?:_[0-9]+)*)")
_WRITTEN = frozenset({"delta", "\\delta", "δ"})
Wrong = Callable[[Chain], int]
"""How many relations of a chain are wrong."""


class _Vote(NamedTuple):
    """What one chain says: whether it uses δ or says what it is, which sign it speaks for, and by a number, too."""

    uses: bool
    other: bool
    by_number: bool


def has_the_other_sign(chains: Sequence[Chain], wrong: Wrong) -> bool:
    """Whether δ is the negative derivative in a file."""
    asked = list(islice(_asked(chains), MAX_CHAINS))
    said = [found for chain, other in asked if (found := _said(chain, other, wrong)) is not None]
    uses = [one.other for one in said if one.uses]
    meanings = [one.other for one in said if not one.uses]
    if any(meanings) and all(meanings) and all(uses):
        numbers = frozenset(_numbers(chain for chain, _ in asked))
        uses += [True for chain in islice(chains, MAX_CHAINS) if _puts_in(chain, numbers) and not wrong(chain)]
    if not meanings:
        return 2 * sum(uses) > len(uses) and any(one.other and one.by_number for one in said)
    return any(uses) and 2 * sum(uses) >= len(uses) and 2 * sum(meanings) > len(meanings)


def turned(chains: Sequence[Chain]) -> tuple[Chain, ...]:
    """The chains in the other sign, without further readings."""
    others = {id(chain): other for chain, other in _asked(chains)}
    return tuple(others.get(id(chain), chain) for chain in chains)


def in_derivatives(formula: str, loss: str) -> str:
    """A formula with derivatives in place of the network's δ, for a reader to whom δ is something else.

    >>> in_derivatives("delta2_1*a1_1 - delta2_1[3]", "E")
    'dE/dz2_1*a1_1 - dE/dz2_1[3]'
    """
    return _DELTA.sub(rf"d{loss}/dz\1", formula)


def _asked(chains: Sequence[Chain]) -> Iterator[tuple[Chain, Chain]]:
    """The chains with a δ, each with its reading in the other sign."""
    for chain in chains:
        other = next((one for one in chain.others if one.taken == {SIGN}), None)
        if other is not None and SIGN in chain.met:
            yield chain, other


def _said(chain: Chain, other: Chain, wrong: Wrong) -> _Vote | None:
    """What a chain says: by its formulas, and where these hold either way, by its numbers. None where it is nothing."""
    uses = chain.sides[0].expr == other.sides[0].expr or not _is_a_name(chain.sides[0].expr)
    named = [i for i, side in enumerate(chain.sides) if any(map(names_in, _entries(side.expr)))]
    wholly = wrong(chain), wrong(other)
    parts = (wrong(_only(chain, named)), wrong(_only(other, named))) if 1 < len(named) < len(chain.sides) else wholly
    plain, turned = parts if any(parts) else wholly
    if bool(plain) is bool(turned):
        return None
    return _Vote(uses, not turned, by_number=not wholly[1] and len(named) < len(chain.sides))


def _only(chain: Chain, kept: Sequence[int]) -> Chain:
    """The chain with some of its sides only."""
    first, relations = chain.relations[0], [chain.relations[i - 1] for i in kept[1:]]
    relations[0] = replace(relations[0], updates=first.updates, text=first.text)
    return replace(chain, sides=tuple(chain.sides[i] for i in kept), relations=tuple(relations))


def _numbers(chains: Iterable[Chain]) -> Iterator[Number]:
    """The numbers that chains give to δ."""
    for chain in chains:
        if _is_a_name(chain.sides[0].expr):
            yield from (side.expr for side in chain.sides[1:] if isinstance(side.expr, Number))


def _puts_in(chain: Chain, numbers: frozenset[Number]) -> bool:
    """Whether a number of δ is put in with the other sign: ``0.6 + 0.1*0.4148*0.7685``, ``-0.4148*0.7685``."""
    changes = chain.sides[0].text.lstrip("\\").startswith(("Delta", "Δ"))
    if not numbers or not (changes or isinstance(chain.sides[0].expr, Name)):
        return False
    sides = [side for side in chain.sides[1:] if not any(map(names_in, _entries(side.expr)))]
    adds = any(_adds(side, numbers) or (changes and _has(side.expr, numbers)) for side in sides)
    return adds and not any(_negates(side, numbers) for side in sides)


def _adds(side: Side, numbers: frozenset[Number]) -> bool:
    if isinstance(side.expr, Negative):
        return _has(side.expr.operand, numbers)
    return isinstance(side.expr, Sum) and any(_has(term, numbers) for term in side.expr.terms[1:])


def _has(expr: SideContent | None, numbers: frozenset[Number]) -> bool:
    return isinstance(expr, Product) and any(factor in numbers for factor in expr.factors)


def _negates(side: Side, numbers: frozenset[Number]) -> bool:
    """Whether ``(-0.4148)`` stands somewhere as a factor or alone."""
    return any(
        isinstance(part, Negative) and part.operand in numbers for entry in _entries(side.expr) for part in walk(entry)
    )


def has_its_own(chain: Chain) -> bool:
    """Whether δ is something else in a chain than in the network."""
    return SIGN in chain.taken or any(written in _WRITTEN for written, _ in chain.meant)


def is_worked(chain: Chain) -> bool:
    """Whether a chain has more than numbers behind its first side.

    In a graph, where no quantity is called δ, the first such chain that holds with one sign says which the file has.
    """
    return any(any(map(names_in, _entries(side.expr))) for side in chain.sides[1:])


def says_what_it_is(chain: Chain) -> bool:
    """Whether a chain works out what δ, or a change Δ, is: each may do so in its own sign ("in code: …")."""
    return chain.sides[0].text.lstrip("\\").startswith(("delta", "δ", "Delta", "Δ", "∆")) and is_worked(chain)


def _is_a_name(value: SideContent | None) -> bool:
    entries = _entries(value)
    return bool(entries) and all(isinstance(entry, Name) for entry in entries)


def _entries(value: SideContent | None) -> list[Expr]:
    if isinstance(value, Matrix):
        return [entry for row in value.rows for entry in row]
    return [] if value is None else [value]


__all__ = ["SIGN", "has_its_own", "has_the_other_sign", "in_derivatives", "is_worked", "says_what_it_is", "turned"]
