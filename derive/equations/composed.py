"""The output composed into one formula: every node put into those that use it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TypeVar

from derive.arithmetic.numbers import is_zero
from derive.expressions.evaluate import evaluate
from derive.expressions.tree import ZERO, Expr, Product, Quotient, children, names_in, rebuild, substitute
from derive.network import Network

Composed = TypeVar("Composed")

VERY_MANY = 10**12
"""Counting of parts ends here: naive composition doubles them with every node that is used twice."""


def composed(
    network: Network,
    leaf: Callable[[str], Composed],
    data: Mapping[str, Expr],
    across: Callable[[Expr, Callable[[str], Composed]], Composed],
) -> Composed:
    """The output in the leaves alone.

    Args:
        network: whose output.
        leaf: what stands for a value that is given.
        data: the values that are put in as numbers, so that terms with a factor 0 are seen and left out.
        across: makes of a formula, and of what its names stand for, what is composed (a SymPy expression).
    """
    known: dict[str, Composed] = {name: leaf(name) for name in network.graph.leaves}
    for node in network.graph.nodes:
        formula = without_zero_terms(substitute(node.formula, dict(data)))
        known[node.name] = across(formula, known.__getitem__)
    return known[network.output]


def composed_parts(network: Network, parts: Callable[[Expr, Mapping[str, int]], int]) -> int:
    """How many parts the composed output has: at most :data:`VERY_MANY` are counted.

    ``parts`` counts those of one formula, whose names have as many parts as said.
    """
    size: dict[str, int] = {}
    for node in network.graph.nodes:
        size[node.name] = min(parts(node.formula, size), VERY_MANY)
    return size[network.output]


def without_zero_terms(expr: Expr) -> Expr:
    """The terms of a cross entropy whose factor is exactly 0 left out, as the loss itself leaves them out."""
    parts = children(expr)
    if not parts:
        return expr
    guarded = isinstance(expr, Product | Quotient) and expr.leading_zero and not names_in(parts[0])
    if guarded and is_zero(evaluate(parts[0], {})):
        return ZERO
    return rebuild(expr, tuple(map(without_zero_terms, parts)))
