"""The chain rule over a graph, in symbols: reverse accumulation into steps that name earlier results.

A step says: the gradient of a quantity is the sum, over all places where it is used, of upstream gradient × local
derivative. Upstream gradients are named (``delta2_1``, ``dg/df``), never expanded, so that the derivation grows
linearly with the network where naive symbolic differentiation explodes. Steps are made when they are asked for.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from flint import fmpq

from derive.expressions.tree import (
    ONE,
    Expr,
    Name,
    Negative,
    Number,
    Quotient,
    Sum,
    names_in,
    plus,
    substitute,
    times,
)
from derive.graph import Use
from derive.network import Network


class Term(NamedTuple):
    """One path of the chain rule: the upstream gradient of ``via`` times the local derivative of ``via``."""

    via: str
    upstream: Expr
    local: Expr

    @property
    def product(self) -> Expr:
        """The product as a person writes it: a factor 1 is left out."""
        return times(self.upstream, self.local)


class Step(NamedTuple):
    """The gradient of ``of``: the sum of its terms, one for each place where ``of`` is used."""

    of: str
    terms: tuple[Term, ...]

    @property
    def gradient(self) -> Expr:
        """The gradient in earlier results and local derivatives."""
        return plus(*(term.product for term in self.terms))


@dataclass(frozen=True)
class Derivation:
    """The chain rule for every quantity of a network.

    >>> import derive                                                    # doctest: +SKIP
    >>> derive.derive(derive.load("examples/three_inputs.toml")).step("x").gradient    # doctest: +SKIP
    y
    """

    network: Network

    @cached_property
    def _constants(self) -> dict[str, Expr]:
        """Gradients of nodes that are plain numbers: they are put in at once instead of being named."""
        graph = self.network.graph
        found: dict[str, Expr] = {graph.output: ONE}
        if self.network.layered:
            return found
        for node in reversed(graph.nodes):
            if node.name == graph.output or node.name not in graph.ancestors:
                continue
            total = self._sum(node.name, found)
            if total is not None:
                found[node.name] = total
        return found

    def _sum(self, name: str, known: dict[str, Expr]) -> Expr | None:
        total = fmpq(0)
        for use in self._uses(name):
            upstream = _rational(known.get(use.node.name))
            local = _rational(use.local)
            if upstream is None or local is None:
                return None
            total += upstream * local
        return Negative(Number(-total)) if total < 0 else Number(total)

    def _uses(self, name: str) -> list[Use]:
        graph = self.network.graph
        return [use for use in graph.uses.get(name, []) if use.node.name in graph.ancestors]

    def upstream(self, node: str) -> Expr:
        """The gradient of a node by its name, or the number where it is a plain one."""
        constant = self._constants.get(node)
        return constant if constant is not None else Name(self.network.names.gradient(node))

    def step(self, name: str) -> Step:
        """The chain rule for one quantity. No terms where the output does not depend on it."""
        sequential = self.network.spec.conventions.update_order == "sequential"
        terms = tuple(
            Term(use.node.name, self.upstream(use.node.name), self._local(use, name, sequential))
            for use in self._uses(name)
        )
        return Step(name, terms)

    def _local(self, use: Use, of: str, sequential: bool) -> Expr:
        local = use.local
        if not sequential or of not in self.network.per_sample:
            return local
        trained = self.network.trained
        primed: dict[str, Expr] = {n: Name(n + "'") for n in names_in(local) if n in trained}
        return substitute(local, primed)

    def gradient(self, name: str) -> Expr:
        """The gradient of one sample's loss by a quantity, in earlier results."""
        return ONE if name == self.network.output else self.step(name).gradient

    def batch_gradient(self, name: str, rows: tuple[int, ...]) -> Expr:
        """The gradient of the batch's loss by a parameter: the samples' gradients summed or averaged.

        ``rows`` are the rows of the data in this batch, counted from 1. Quantities that differ from sample to sample
        carry their row (``a1_1[2]``) where the data has several rows.
        """
        gradient = self.gradient(name)
        if len(self.network.rows) == 1:
            return gradient
        terms = [self.at_row(gradient, row) for row in rows]
        total = terms[0] if len(terms) == 1 else plus(*terms)
        if self.network.spec.training.reduction == "mean" and len(rows) > 1:
            return Quotient(total, Number(fmpq(len(rows))))
        return total

    def at_row(self, expr: Expr, row: int) -> Expr:
        """The expression with the row's mark on everything that belongs to one sample."""
        marked: dict[str, Expr] = {n: Name(f"{n}[{row}]") for n in names_in(expr) if self._sampled(n)}
        return substitute(expr, marked)

    def _sampled(self, name: str) -> bool:
        network = self.network
        return name in network.per_sample or name.startswith("d") and name not in network.start


def _rational(expr: Expr | None) -> fmpq | None:
    match expr:
        case Number(value=value):
            return value
        case Negative(operand=Number(value=value)):
            return -value
        case _:
            return None


def derive(network: Network) -> Derivation:
    """The chain rule for every quantity of the network. Nothing is expanded until it is asked for."""
    return Derivation(network)


__all__ = ["Derivation", "Step", "Sum", "Term", "derive"]
