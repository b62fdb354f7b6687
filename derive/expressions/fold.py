"""One reading of a tree from the leaves up, without recursion: deep trees are as safe as wide ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from derive.expressions.tree import Expr, children

T = TypeVar("T")


def fold(expr: Expr, combine: Callable[[Expr, tuple[T, ...]], T]) -> T:
    """What ``combine`` makes of the expression and of the results of its parts.

    >>> from derive.expressions.tree import Name
    >>> fold(Name("x") * Name("y") + 1, lambda here, parts: 1 + sum(parts))
    5
    """
    waiting, found = [expr], list[tuple[Expr, int]]()
    while waiting:  # outside in, and the last part first: backwards that is inside out, in the author's order
        here = waiting.pop()
        parts = children(here)
        found.append((here, len(parts)))
        waiting += parts
    done: list[T] = []
    for here, count in reversed(found):
        results: tuple[T, ...] = ()
        if count:
            results = tuple(done[-count:])
            del done[-count:]
        done.append(combine(here, results))
    return done[0]
