"""The chain rule over a graph, in symbols: reverse accumulation into steps that name earlier results.

A step says: the gradient of a quantity is the sum, over all places where it is used, of upstream gradient × local
derivative. Upstream gradients are named (``delta2_1``, ``dg/df``), never expanded, so that the derivation grows
linearly with the network where naive symbolic differentiation explodes. Steps are made when they are asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import cached_property, partial
from itertools import repeat
from typing import NamedTuple

from flint import fmpq

from derive.equations.objective import objective_gradient
from derive.errors import DeriveError
from derive.expressions.tree import (
    ONE,
    Expr,
    Name,
    Negative,
    Number,
    names_in,
    plus,
    substitute,
    times,
    walk,
)
from derive.network import Layer, Network
from derive.network.graph import Graph, Use
from derive.records import record
from derive.uncollected import no_collection

MAX_EXPANSION = 500
"""At most this many parts of an earlier result that is put in because its name would be ambiguous."""


class Term(NamedTuple):
    """One path of the chain rule: the upstream gradient of ``via`` times the local derivative of ``via``."""

    via: str
    upstream: Expr
    local: Expr

    @property
    def product(self) -> Expr:
        """The product as a person writes it: a factor 1 is left out."""
        _, upstream, local = self
        return times(upstream, local)


class Step(NamedTuple):
    """The gradient of ``of``: the sum of its terms, one for each place where ``of`` is used."""

    of: str
    terms: tuple[Term, ...]

    @property
    def gradient(self) -> Expr:
        """The gradient in earlier results and local derivatives."""
        terms = self.terms
        return terms[0].product if len(terms) == 1 else plus(*(term.product for term in terms))


@record(slots=False)
class Derivation:
    """The chain rule for every quantity of a network.

    ``of_batch`` is a graph in place of that of one row, in which the general rule alone is used.
    """

    network: Network
    of_batch: Graph | None = None

    @property
    def graph(self) -> Graph:
        """The graph whose output is differentiated."""
        return self.of_batch or self.network.graph

    @cached_property
    def _constants(self) -> dict[str, Expr]:
        """Gradients of nodes that are plain numbers: they are put in at once instead of being named."""
        graph = self.graph
        found: dict[str, Expr] = {graph.output: ONE}
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
        graph = self.graph
        return [use for use in graph.uses.get(name, []) if use.node.name in graph.ancestors]

    def upstream(self, node: str) -> Expr:
        """The gradient of a node by its name, or the number where it is a plain one."""
        constant = self._constants.get(node)
        if constant is not None:
            return constant
        return self._expanded(node) if self._ambiguous(node) else Name(self.network.names.gradient(node))

    def _ambiguous(self, node: str) -> bool:
        """Whether the name of a node's gradient reads as a quotient of two names of the author: ``dg/dx``."""
        above, _, below = self.network.names.gradient(node).partition("/")
        own = self.graph.by_name.keys() | self.graph.leaves
        return above in own and below in own

    def _expanded(self, node: str) -> Expr:
        gradient = self.gradient(node)
        if sum(1 for _ in walk(gradient)) > MAX_EXPANSION:
            name = self.network.names.gradient(node)
            raise DeriveError(
                f"{self.network.spec.path}: graph.values",
                f"the gradient {name} reads like a quotient of two of the author's names",
                f"rename {' or '.join(name.split('/'))}",
            )
        return gradient

    def step(self, name: str) -> Step:
        """The chain rule for one quantity. No terms where the output does not depend on it."""
        if self.network.layers and self.of_batch is None:
            term = self._own_weights.get(name)
            if term is not None:
                return Step(name, (term,))
            found = self.layered_steps.get(name)
            if found is not None:
                return found
            if name in self.network.inputs:
                return self._source_step(self.network.layers[0], self.network.inputs.index(name))
        return self.general_step(name)

    def general_step(self, name: str) -> Step:
        """The chain rule for one quantity of any graph: a term for each use, in the order of the nodes."""
        terms = (Term(use.node.name, self.upstream(use.node.name), use.local) for use in self._uses(name))
        return Step(name, tuple(terms))

    @cached_property
    def layered_steps(self) -> dict[str, Step]:
        """The steps of a layered network but for its inputs and the weights that stand in one unit.

        There is one rule per layer, instantiated unit by unit. The steps are those of :meth:`general_step` (a test
        holds them to it), made for whole layers at once.
        """
        network = self.network
        loss = network.graph.nodes[-1]
        found = {loss.name: Step(loss.name, ())}
        for k, output in enumerate(network.outputs):
            found[output] = Step(output, (Term(loss.name, ONE, Use(loss, k).local),))
        with no_collection():
            for layer in reversed(network.layers):
                self._layer_steps(layer, found)
        return found

    @cached_property
    def _own_weights(self) -> dict[str, Term]:
        """The one term in the step of each weight that stands in one unit, as all of a dense layer do: δ × source.

        A large network has few other steps; there are no loops here but those that run in C.
        """
        found: dict[str, Term] = {}
        known = self.network.graph.ancestors
        with no_collection():
            for layer in self.network.layers:
                if layer.wiring.is_shared:
                    continue
                sources = {source: Name(source) for source in layer.sources}
                for j, z in enumerate(layer.z):
                    if z in known:
                        weights, met = layer.joined(j)
                        delta = Name(self.network.names.gradient(z))
                        paths = zip(repeat(z), repeat(delta), map(sources.__getitem__, met))
                        found.update(zip(weights, map(_make_term, paths), strict=True))
        return found

    def _layer_steps(self, layer: Layer, found: dict[str, Step]) -> None:
        """One layer: δ through its activations, then weights, biases and the activations before it."""
        graph, names = self.network.graph, self.network.names
        through: dict[str, list[Term]] = {z: [] for z in layer.z}
        for a in layer.a:
            if a not in graph.ancestors:
                continue
            node = graph.by_name[a]
            upstream = Name(names.gradient(a))
            for position, z in enumerate(node.inputs):
                through[z].append(Term(a, upstream, Use(node, position).local))
        found.update((z, Step(z, tuple(terms))) for z, terms in through.items())
        self._parameter_steps(layer, found)
        if layer.number > 1:
            found.update((source, self._source_step(layer, i)) for i, source in enumerate(layer.sources))

    def _parameter_steps(self, layer: Layer, found: dict[str, Step]) -> None:
        """δ × source for every unit in which a shared weight stands, δ for every unit that has a bias."""
        sources = {source: Name(source) for source in layer.sources}
        shared = layer.wiring.is_shared
        terms: dict[str, list[Term]] = {name: [] for name in (layer.parameter_names if shared else layer.bias_names)}
        for j, z in enumerate(layer.z):
            if z not in self.network.graph.ancestors:
                continue  # a convolution with a stride may leave its last units out
            delta = Name(self.network.names.gradient(z))
            for weight, source in zip(*layer.joined(j), strict=True) if shared else ():
                terms[weight].append(Term(z, delta, sources[source]))
            for bias in layer.biases[j : j + 1]:
                terms[bias].append(Term(z, delta, ONE))
        found.update((name, Step(name, tuple(each))) for name, each in terms.items())

    def _source_step(self, layer: Layer, i: int) -> Step:
        """The gradient of an activation (or input) over all units of a layer that it feeds."""
        late = self.network.trained if self.network.spec.sequential else frozenset()
        terms = []
        for j, weight in layer.fed_by(i):
            z = layer.z[j]
            if z not in self.network.graph.ancestors:
                continue
            local = Name(weight + "'" if weight in late else weight)
            terms.append(Term(z, Name(self.network.names.gradient(z)), local))
        return Step(layer.sources[i], tuple(terms))

    def gradient(self, name: str) -> Expr:
        """The gradient of one sample's loss by a quantity, in earlier results."""
        term = self._own_weights.get(name) if self.of_batch is None else None
        if term is not None:
            return term.product
        return ONE if name == self.graph.output else self.step(name).gradient

    def batch_gradient(self, name: str, rows: tuple[int, ...]) -> Expr:
        """The gradient of the batch's loss by a parameter: the samples' gradients summed or averaged.

        ``rows`` are the rows of the data in this batch, counted from 1. Quantities that differ from sample to sample
        carry their row (``a1_1[2]``) where the data has several rows.
        """
        gradient = self.gradient(name)
        if len(self.network.rows) == 1 and not self.network.penalties:
            return gradient
        loss: Expr = Name(self.network.output)
        several = len(self.network.rows) > 1
        terms, losses = ([self.at_row(one, row) for row in rows] if several else [one] for one in (gradient, loss))
        return objective_gradient(self.network, name, terms, losses)

    def at_row(self, expr: Expr, row: int) -> Expr:
        """The expression with the row's mark on everything that belongs to one sample."""
        marked: dict[str, Expr] = {n: Name(f"{n}[{row}]") for n in names_in(expr) if self._sampled(n)}
        return substitute(expr, marked)

    def _sampled(self, name: str) -> bool:
        network = self.network
        return name in network.per_sample or (name.startswith("d") and name not in network.start)


_make_term: Callable[[Iterable[object]], Term] = partial(tuple.__new__, Term)


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


__all__ = ["Derivation", "Step", "Term", "derive"]
