"""A calculation laid over the formula that its numbers were put into: which number stands in the place of which part.

>>> from derive.expressions.grammar import parse
>>> from derive.expressions.print_text import ascii
>>> pairs = in_place(parse("(-2)*(3 + 1)"), parse("delta*(a/b + 1)"))
>>> [(ascii(number), ascii(part)) for number, part in pairs]
[('2', 'delta'), ('3', 'a/b')]
"""

from __future__ import annotations

from collections.abc import Iterator

from derive.expressions.tree import Call, Expr, Negative, Number, children


def in_place(written: Expr, formula: Expr) -> Iterator[tuple[Number, Expr]]:
    """Each number of a calculation, and the part of the formula in its place; nothing where the two are unlike."""
    waiting = [(written, formula)]
    while waiting:
        here, there = waiting.pop(0)
        bare = here.operand if isinstance(here, Negative) else here
        if isinstance(bare, Number):
            if not isinstance(there, Number):
                yield bare, there
            continue
        parts, others = children(here), children(there)
        alike = type(here) is type(there) and len(parts) == len(others)
        if alike and not (isinstance(here, Call) and isinstance(there, Call) and here.function != there.function):
            waiting += zip(parts, others, strict=True)


__all__ = ["in_place"]
