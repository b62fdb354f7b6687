"""What two networks share where their documents share a text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from derive.expressions.tree import Expr, spellings
from derive.model import Spec
from derive.network import Network


def structure(network: Network) -> object:
    """What two networks must share to share their text: everything of the spec but its numbers.

    The spec with every number blanked, as one hashable value. Numbers inside formulas stay, as they are spelled.
    """
    spec = network.spec
    return (
        spec.title, spec.source, spec.question, spec.meaning, spec.remarks, spec.differs, spec.author, spec.date,
        spec.notation, spec.numbers, spec.conventions.update_order, spec.conventions.relu_at_zero.text,
        spec.training.iterations, spec.training.reduction, spec.training.batch_size,
        spec.training.optimizer.name, spec.training.learning_rate is None, _layers(spec), _graph(spec),
        tuple(tuple(row) for row in network.rows), tuple(map(spellings, _formulas(spec))),
    )  # fmt: skip


def _formulas(spec: Spec) -> Iterator[Expr]:
    """The formulas that the author has written: equal ones may be spelled in two ways."""
    if spec.graph is not None:
        yield from (formula for _, formula in spec.graph.nodes)
    if spec.network is not None:
        own = (spec.network.loss.expression, *(layer.activation.expression for layer in spec.network.layers))
        yield from (formula for formula in own if formula is not None)


def _layers(spec: Any) -> object:
    if spec.network is None:
        return None
    return (
        spec.network.inputs,
        spec.network.loss,
        tuple(
            (
                layer.units,
                layer.kind,
                layer.options,
                layer.activation,
                layer.biases is None,
                layer.shared_bias,
                layer.train_weights,
                layer.train_biases,
            )
            for layer in spec.network.layers
        ),
    )


def _graph(spec: Any) -> object:
    if spec.graph is None:
        return None
    graph = spec.graph
    return graph.output, graph.parameters, tuple(name for name, _ in graph.values), graph.nodes
