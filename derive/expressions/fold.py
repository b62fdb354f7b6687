"""One reading of a tree from the leaves up, without recursion: deep trees are as safe as wide ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from derive.expressions.tree import Expr, children

Result = TypeVar("Result")


def fold(expr: Expr, combine: Callable[[Expr, tuple[Result, ...]], Result]) -> Result:
    """What ``combine`` makes of the expression and of the results of its parts.

    >>> from derive.expressions.tree import Name
    >>> fold(Name("x") * Name("y") + 1, lambda here, parts: 1 + sum(parts))
    5
    """
    waiting: list[tuple[Expr, bool]] = [(expr, False)]
    done: list[Result] = []
    while waiting:
        here, visited = waiting.pop()
        parts = children(here)
        if not parts:
            done.append(combine(here, ()))
        elif not visited:
            waiting.append((here, True))
            waiting.extend([(part, False) for part in reversed(parts)])
        else:
            results = tuple(done[-len(parts) :])
            del done[-len(parts) :]
            done.append(combine(here, results))
    return done[0]
