"""Spec → network: the layers or the author's nodes as one computation graph, with its numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

from flint import fmpq

from derive.arithmetic.outcomes import OutsideDomain
from derive.arithmetic.reals import Value
from derive.expressions.evaluate import evaluate
from derive.expressions.tree import Expr, Negative, Number
from derive.model import ActivationSpec, DataRow, Given, GraphSpec, NetworkSpec, Spec
from derive.naming.author_words import as_typed
from derive.naming.names import Names
from derive.network.graph import Graph, Node
from derive.network.in_numbers import NodesInNumbers
from derive.network.layers import Layer, layer_of
from derive.network.operations import Elementwise, Formula, Operation, OwnActivation
from derive.network.output_loss import OutputLoss
from derive.network.rows import BetweenRows, OverRows
from derive.network.summary import markdown, outline
from derive.network.whole_layers import Softmax, WeightedSum
from derive.ops import ACTIVATIONS, LOSSES, OBJECTIVES, OPTIMIZERS, Objective, Optimizer, Penalty

MAX_LABEL = 40
"""At most this many characters of a title in a message."""


@dataclass(frozen=True)
class Network:
    """A spec as a graph of named quantities (contract, section 2) with its numbers.

    Attributes:
        layers: empty for a graph spec.
        parameters: what the output is differentiated by, in the author's order.
        trained: the parameters that are updated.
        start: parameters and other values that hold for every sample.
        rows: what each row of the data gives, one mapping per sample.
        inputs, outputs, targets: names of a layered network's inputs, outputs, targets.
        penalties: what the objective has in parameters alone, each with its strength. No spec asks for one yet, as no
            document shows it.

    It is made from its spec alone and never changes: a deep copy is the network itself, and a pickle holds the spec.
    """

    spec: Spec
    names: Names
    graph: Graph
    layers: tuple[Layer, ...]
    parameters: tuple[str, ...]
    trained: frozenset[str]
    start: Mapping[str, Given]
    rows: tuple[Mapping[str, Given], ...]
    inputs: tuple[str, ...] = ()
    outputs: tuple[str, ...] = ()
    targets: tuple[str, ...] = ()
    penalties: tuple[tuple[Penalty, Given], ...] = ()

    def __repr__(self) -> str:
        return f"<Network {self.label}: {outline(self)}>"

    def _repr_markdown_(self) -> str:
        return markdown(self)

    def __reduce__(self) -> tuple[Callable[[Spec], Network], tuple[Spec]]:
        return build, (self.spec,)

    def __copy__(self) -> Network:
        return self

    def __deepcopy__(self, _: object) -> Network:
        return self

    @property
    def label(self) -> str:
        """The title, or the file where there is none, short enough for one line of a message."""
        words = as_typed(self.spec.title) or self.spec.path
        return repr(words if len(words) <= MAX_LABEL else words[: MAX_LABEL - 1] + "…")

    @property
    def output(self) -> str:
        """The scalar that is differentiated: the loss of a layered network."""
        return self.graph.output

    @property
    def has_loss(self) -> bool:
        """Whether the output is a loss: it compares the outputs of the last layer with targets."""
        return bool(self.targets)

    @property
    def has_matrix_form(self) -> bool:
        """Whether every layer is a matrix of weights times what comes in."""
        return bool(self.layers) and all(layer.kind.has_matrix_form for layer in self.layers)

    @cached_property
    def held(self) -> frozenset[str]:
        """What keeps its value where formulas are compared: targets, and what a graph says is fixed."""
        return frozenset((*self.targets, *(self.spec.graph.fixed if self.spec.graph is not None else ())))

    @cached_property
    def couples_rows(self) -> bool:
        """Whether a node reads other rows of the batch than its own."""
        return any(isinstance(node.operation, OverRows | BetweenRows) for node in self.graph.nodes)

    @cached_property
    def per_sample(self) -> frozenset[str]:
        """The quantities that differ from sample to sample: the data and what depends on it."""
        found = {name for row in self.rows for name in row}
        for node in self.graph.nodes:
            if not found.isdisjoint(node.inputs):
                found.add(node.name)
        return frozenset(found)

    @cached_property
    def relu_at_zero(self) -> fmpq:
        """Where between the left and the right slope a kink's slope is taken."""
        value = number(self.spec.conventions.relu_at_zero)
        assert type(value) is fmpq
        return value

    @cached_property
    def in_numbers(self) -> NodesInNumbers:
        """The formulas of the nodes and their local derivatives, to be worked at any precision."""
        return NodesInNumbers(self.relu_at_zero)

    @cached_property
    def exact_start(self) -> Mapping[str, fmpq | Given]:
        """``start`` with the rational numbers as such; the others depend on the precision."""
        return {name: _exact(given) for name, given in self.start.items()}

    @cached_property
    def exact_rows(self) -> tuple[Mapping[str, fmpq | Given], ...]:
        """``rows`` with the rational numbers as such."""
        return tuple({name: _exact(given) for name, given in row.items()} for row in self.rows)

    @property
    def objective(self) -> Objective:
        """How the losses of the rows of a batch become one."""
        return OBJECTIVES[self.spec.training.reduction]

    @cached_property
    def penalized(self) -> Mapping[str, None]:
        """The parameters that penalties act on, in their order: all weights of layers, and no bias; all of a graph."""
        names = [name for layer in self.layers for name in layer.weight_names] if self.layers else self.parameters
        return dict.fromkeys(names if self.penalties else ())

    @property
    def optimizer(self) -> Optimizer:
        """How a gradient becomes a new value."""
        return OPTIMIZERS[self.spec.training.optimizer.name]

    @cached_property
    def hyperparameters(self) -> Mapping[str, Given]:
        """The numbers of the optimizer by their names, besides the learning rate."""
        given = dict(self.spec.training.optimizer.parameters)
        return {name: given[key] for key, name in self.names.hyperparameters.items()}

    @cached_property
    def states(self) -> Mapping[str, tuple[str, str]]:
        """The states of the optimizer by their names: the key in its lines, and the trained parameter it is of."""
        trained = [name for name in self.parameters if name in self.trained] if self.names.states else []
        return {self.names.state(key, name): (key, name) for name in trained for key in self.names.states}

    def first_state(self, name: str) -> Given:
        """A state of the optimizer before the first update."""
        start = self.optimizer.states[self.states[name][0]].start
        return Given(str(start), Number(start, str(start)))

    def written(self, name: str, row: int | None = None) -> Given | None:
        """The author's own spelling of a value before the first update, where it has one."""
        found = self.start.get(name)
        if found is None and row is not None:
            found = self.rows[row - 1].get(name)
        return found


def number(given: Given) -> Value:
    """The number at the current precision: exact where it is rational.

    Raises:
        OutsideDomain: for ``sqrt(-1)`` and the like.
    """
    known = rational(given)
    return known if known is not None else evaluate(given.expression, {})


def rational(given: Given) -> fmpq | None:
    """The number where it is written as a rational, None where it must be calculated."""
    match given.expression:
        case Number(value=value):
            return value
        case Negative(operand=Number(value=value)):
            return -value
        case _:
            return None


def _exact(given: Given) -> fmpq | Given:
    known = rational(given)
    return given if known is None else known


def build(spec: Spec) -> Network:
    """The network of a spec.

    Raises:
        DeriveError: where a name would stand for two quantities.
    """
    if spec.network is not None:
        return _build_layers(spec, spec.network)
    assert spec.graph is not None
    return _build_graph(spec, spec.graph)


def _build_layers(spec: Spec, net: NetworkSpec) -> Network:
    names = Names.of(spec)
    outputs, targets, loss = names.outputs, names.targets, names.loss
    sources = net.inputs
    layers: list[Layer] = []
    nodes: list[Node] = []
    start: dict[str, Given] = {}
    trained: list[str] = []
    for l, layer_spec in enumerate(net.layers, 1):
        layer = layer_of(names, l, layer_spec, sources)
        layers.append(layer)
        nodes.extend(_layer_nodes(layer))
        for row, given in zip(layer.weights, layer_spec.weights, strict=True):
            start.update(zip(row, given, strict=True))
        start.update(zip(layer.bias_names, layer_spec.biases or (), strict=True))
        trained += layer.weight_names if layer_spec.train_weights else ()
        trained += layer.bias_names if layer_spec.train_biases else ()
        sources = layer.a
    nodes.append(Node(loss, _loss(net, outputs, targets), (*outputs, *targets)))
    graph = Graph((*net.inputs, *start, *targets), tuple(nodes), loss)
    rows = tuple(
        dict(zip((*net.inputs, *targets), (*row.x, *row.t), strict=True))
        for row in spec.data
        if isinstance(row, DataRow)
    )
    return Network(
        spec, names, graph, tuple(layers), tuple(start), frozenset(trained), start, rows,
        inputs=net.inputs, outputs=outputs, targets=targets,
    )  # fmt: skip


def _layer_nodes(layer: Layer) -> list[Node]:
    sums: dict[int, WeightedSum] = {}
    nodes = []
    for j, z in enumerate(layer.z):
        weights, sources = layer.joined(j)
        weighted = sums.setdefault(len(weights), WeightedSum(len(weights)))
        nodes.append(Node(z, weighted, (*weights, *sources, *layer.biases[j : j + 1])))
    activation = layer.spec.activation
    if activation.expression is None and ACTIVATIONS[activation.name].whole_layer:
        return nodes + [Node(a, Softmax(j, layer.a), layer.z) for j, a in enumerate(layer.a)]
    operation = _elementwise(activation)
    return nodes + [Node(a, operation, (z,)) for z, a in zip(layer.z, layer.a, strict=True)]


def _elementwise(activation: ActivationSpec) -> Operation:
    if activation.expression is not None:
        return OwnActivation(activation.name, activation.expression)
    entry = ACTIVATIONS[activation.name]
    given = dict(activation.parameters)
    arguments: list[Expr] = [
        given[name].expression if name in given else Number(default) for name, default in entry.parameters.items()
    ]
    return Elementwise(entry, arguments)


def _loss(net: NetworkSpec, outputs: tuple[str, ...], targets: tuple[str, ...]) -> Operation:
    if net.loss.expression is not None:
        return Formula(net.loss.expression, outputs)
    entry = LOSSES[net.loss.name]
    given = dict(net.loss.parameters)
    parameters: dict[str, Expr] = {
        name: given[name].expression if name in given else Number(default) for name, default in entry.parameters.items()
    }
    return OutputLoss(entry, parameters)


def _build_graph(spec: Spec, graph_spec: GraphSpec) -> Network:
    nodes = []
    asked = set(graph_spec.parameters)
    for name, expression in graph_spec.nodes:
        operation = Formula(expression, asked)
        nodes.append(Node(name, operation, operation.inputs))
        if not asked.isdisjoint(operation.inputs):
            asked.add(name)
    rows = tuple(dict(row.values) for row in spec.data if not isinstance(row, DataRow))
    start = {name: given for name, given in graph_spec.values if name not in {n for row in rows for n in row}}
    leaves = dict.fromkeys((*(name for name, _ in graph_spec.values), *(n for row in rows for n in row)))
    graph = Graph(tuple(leaves), tuple(nodes), graph_spec.output)
    return Network(
        spec, Names.of(spec), graph, (), graph_spec.parameters, frozenset(graph_spec.parameters), start, rows
    )


__all__ = ["Layer", "Network", "OutsideDomain", "build", "number"]
