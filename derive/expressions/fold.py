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
    parts = children(expr)
    if not parts:
        return combine(expr, ())
    waiting: list[tuple[Expr, tuple[Expr, ...] | None]] = [(expr, None)]
    done: list[T] = []
    while waiting:
        here, visited = waiting.pop()
        if visited is not None:
            results = tuple(done[-len(visited) :])
            del done[-len(visited) :]
            done.append(combine(here, results))
            continue
        parts = children(here)
        if parts:
            waiting.append((here, parts))
            waiting.extend([(part, None) for part in reversed(parts)])
        else:
            done.append(combine(here, ()))
    return done[0]
