"""Updates that say the step: ``w += -eta*dE/dw`` is ``w' = w + (-eta*dE/dw)``, and so is ``w -= eta*dE/dw = 0.03``.

What follows the next ``=`` is the step's value, in a chain of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from derive.expressions.tree import names_in
from derive.verification.reading.arrows import Arrows, Raw
from derive.verification.reading.joined import STEPS
from derive.verification.reading.model import Chain, Matrix, SideContent
from derive.verification.reading.rows import RawChain
from derive.verification.reading.token import Token


def by_steps(raw: Raw, arrows: Arrows) -> tuple[Raw, ...]:
    """A chain with ``+=`` or ``-=`` as an update and the chain of its step; any other chain as it is."""
    chain = raw.chain
    found = [i for i, sign in enumerate(chain.relations) if sign.text in STEPS]
    if not found:
        return (raw,)
    if found != [0] or not all(chain.sides[:2]) or not arrows.is_parameter(chain.sides[0], raw.tex):
        return (replace(raw, chain=_unreadable(chain, found)),)
    update = replace(raw, chain=RawChain([chain.sides[0], _moved(chain)], chain.relations[:1]))
    if len(chain.sides) == 2:
        return (update,)
    return update, replace(raw, chain=RawChain([list(chain.sides[1]), *chain.sides[2:]], chain.relations[1:]))


def _moved(chain: RawChain) -> list[Token]:
    """The parameter and its step, in the place of the step."""
    sign, step = chain.relations[0], chain.sides[1]
    start, end = step[0].start, step[-1].end
    old = [token._replace(start=start, end=start) for token in chain.sides[0]]
    before = [Token("op", text, start, start) for text in (sign.text[0], "(")]
    return [*old, *before, *step, Token("op", ")", end, end)]


def _unreadable(chain: RawChain, places: list[int]) -> RawChain:
    """The chain with a sign that cannot be read where nothing is updated."""
    sides = list(chain.sides)
    for i in places:
        sides[i + 1] = [chain.relations[i]._replace(kind="unknown"), *sides[i + 1]]
    return RawChain(sides, [sign._replace(text="=") if sign.text in STEPS else sign for sign in chain.relations])


def in_numbers(chain: Chain) -> Chain:
    """An update by a step in numbers is compared at the spec's values, though the old value has its name there."""
    if chain.relations[0].text not in STEPS:
        return chain
    target, moved = chain.sides
    if set(_names(moved.expr)) <= set(_names(target.expr)):
        moved = replace(moved, in_numbers=True)
    return replace(chain, sides=(target, moved))


def _names(value: SideContent | None) -> Iterator[str]:
    entries = [entry for row in value.rows for entry in row] if isinstance(value, Matrix) else [value] if value else []
    for entry in entries:
        yield from names_in(entry)


__all__ = ["by_steps", "in_numbers"]
