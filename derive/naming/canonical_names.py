"""The names of quantities (contract, section 2): one canonical ASCII name each.

Most names are fixed (``w1_4_3``); the loss, the outputs, the targets and the learning rate give way to an input
of the author's that has their name. What people write for a name is read in :mod:`derive.naming.read_name`.

>>> names = CanonicalNames.layered(("x1", "x2"), (3, 1))
>>> names.weight(1, 3, 2), names.loss, names.describe("z1_3")
('w1_3_2', 'E', Described(kind='weighted input', layer=1, unit=3, source=0, indices=(), of=''))
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from functools import cached_property
from typing import Self

from derive.model import GraphRow, Spec, TrainingSpec
from derive.naming.quantity import Described, QuantityKind
from derive.ops.layers import Wiring, dense, wirings
from derive.ops.optimizers import OPTIMIZERS
from derive.patterns import regex
from derive.records import record

LOSS = ("E", "L", "J", "C", "loss")
LEARNING_RATE = ("eta", "lr", "alpha", "learning_rate", "epsilon", "mu", "gamma")
_INDEX = "([1-9][0-9]{0,8})"
_WEIGHT = regex(f"w{_INDEX}_{_INDEX}_{_INDEX}")
_UNIT = regex(f"([bza]){_INDEX}_{_INDEX}(?:_{_INDEX})?")
LAYER = regex(f"([Wbza]){_INDEX}")
"""A whole layer's matrix or vector: ``W1``, ``b1``, ``z1``, ``a1``."""
_TRAINED_LAYER = regex(f"[Wb]{_INDEX}")


@record(slots=False)
class CanonicalNames:
    """The names of one spec's quantities.

    Attributes:
        inputs: of a layered network, the author's own names.
        wirings: how each layer is joined to the one before; empty for a graph.
        shared: the numbers of the layers with one shared bias; ``unbiased``: those without biases.
        own: of a graph, every name of a value or node; ``loss``: its output.
        optimizer: of which there are states and hyperparameters; empty where there is no update.
    """

    inputs: tuple[str, ...]
    wirings: tuple[Wiring, ...]
    shared: frozenset[int] = frozenset()
    unbiased: frozenset[int] = frozenset()
    own: tuple[str, ...] = ()
    graph_output: str = ""
    graph_parameters: tuple[str, ...] = ()
    graph_nodes: frozenset[str] = frozenset()
    optimizer: str = ""

    @classmethod
    def of(cls, spec: Spec) -> Self:
        """The names of a spec."""
        if spec.network is not None:
            layers = spec.network.layers
            return cls(
                spec.network.inputs,
                wirings(spec.network),
                frozenset(l for l, layer in enumerate(layers, 1) if layer.shared_bias),
                frozenset(l for l, layer in enumerate(layers, 1) if layer.biases is None),
                optimizer=optimizer_named(spec.training),
            )
        assert spec.graph is not None
        graph = spec.graph
        rows = [row for row in spec.data if isinstance(row, GraphRow)]
        values = [name for name, _ in graph.values] + [name for row in rows for name, _ in row.values]
        nodes = [name for name, _ in graph.nodes]
        return cls(
            (), (), own=tuple(dict.fromkeys([*values, *nodes])), graph_output=graph.output,
            graph_parameters=graph.parameters, graph_nodes=frozenset(nodes),
            optimizer=optimizer_named(spec.training),
        )  # fmt: skip

    @classmethod
    def layered(
        cls,
        inputs: tuple[str, ...],
        sizes: tuple[int, ...],
        shared: frozenset[int] = frozenset(),
        unbiased: frozenset[int] = frozenset(),
    ) -> Self:
        """The names of a network of dense layers with these inputs and units in each layer."""
        return cls(inputs, dense(len(inputs), sizes), shared, unbiased)

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The units of each layer; empty for a graph."""
        return tuple(wiring.units for wiring in self.wirings)

    # The quantities' canonical names

    @cached_property
    def taken(self) -> frozenset[str]:
        """The names that the author chose; nothing else has them."""
        return frozenset((*self.inputs, *self.own))

    @cached_property
    def loss(self) -> str:
        """The loss, ``E`` unless an input has that name; the output of a graph."""
        return self.graph_output or self._free(LOSS)

    @cached_property
    def eta(self) -> str:
        """The learning rate, ``eta`` unless the author has that name."""
        return self._free(LEARNING_RATE)

    @cached_property
    def hyperparameters(self) -> Mapping[str, str]:
        """The names of the optimizer's hyperparameters, by their keys in its lines."""
        known = OPTIMIZERS[self.optimizer].parameters if self.optimizer else {}
        return {key: self._free(entry.words) for key, entry in known.items()}

    @cached_property
    def states(self) -> Mapping[str, str]:
        """What the names of the optimizer's states begin with, by their keys in its lines: ``v`` of ``v_w1_1_1``."""
        known = OPTIMIZERS[self.optimizer].states if self.optimizer else {}
        begun = {*self.taken, *(name.partition("_")[0] for name in self.taken if "_" in name)}
        return {key: _unlike(entry.words, begun) for key, entry in known.items()}

    def state(self, key: str, parameter: str) -> str:
        """A state of the optimizer: ``v_w1_1_1``."""
        return f"{self.states[key]}_{parameter}"

    def state_of(self, name: str) -> tuple[str, str] | None:
        """The key of a state and the parameter (or the layer's vector or matrix) that it belongs to.

        None where it is no state.
        """
        for key, prefix in self.states.items():
            rest = name.removeprefix(prefix + "_")
            if rest != name and name not in self.taken and self._may_be_trained(rest):
                return key, rest
        return None

    def _may_be_trained(self, name: str) -> bool:
        if not self.sizes:
            return name in self.graph_parameters
        described = self._special.get(name) or self._describe_unit(name)
        if described is not None:
            return described.kind in ("weight", "bias")
        return _TRAINED_LAYER.fullmatch(name) is not None and 1 <= int(name[1:]) <= len(self.sizes)

    @cached_property
    def outputs(self) -> tuple[str, ...]:
        """``yhat`` where there is one output, otherwise ``yhat1`` and so on; a graph's own output."""
        return self._numbered(("yhat", "output", "prediction")) if self.sizes else (self.graph_output,)

    @cached_property
    def targets(self) -> tuple[str, ...]:
        """``t`` where there is one output, otherwise ``t1`` and so on; none in a graph."""
        return self._numbered(("t", "y", "target")) if self.sizes else ()

    @cached_property
    def parameters(self) -> tuple[str, ...]:
        """What the loss is differentiated by: per layer the weights row by row, then the biases."""
        return self.graph_parameters or tuple(self._layer_parameters())

    def weight(self, layer: int, row: int, column: int) -> str:
        """``w1_4_3``: to unit 4 of layer 1, from input 3; of a convolution, tap 3 of filter 4."""
        return f"w{layer}_{row}_{column}"

    def bias(self, layer: int, row: int) -> str:
        """``b1_4``, of a unit or a filter; or ``b1`` where the layer shares it."""
        return f"b{layer}" if layer in self.shared else f"b{layer}_{row}"

    def z(self, layer: int, unit: int) -> str:
        """The weighted input of a unit: ``z1_4``; of a convolution by filter and position: ``z1_2_5``."""
        return f"z{layer}_{self._indices(layer, unit)}"

    def _indices(self, layer: int, unit: int) -> str:
        return "_".join(map(str, self.wirings[layer - 1].indices(unit - 1)))

    def a(self, layer: int, unit: int) -> str:
        """The activation of a unit: of the last layer an output, of layer 0 an input."""
        if layer == len(self.sizes):
            return self.outputs[unit - 1]
        return f"a{layer}_{self._indices(layer, unit)}" if layer else self.inputs[unit - 1]

    def gradient(self, node: str) -> str:
        """The derivative of the loss (or of a graph's output) by a node: ``dE/da1_2``, ``delta1_2``.

        >>> CanonicalNames.layered(("x1",), (2, 1)).gradient("z1_2")
        'delta1_2'
        """
        if self.sizes and node[0] == "z" and node not in self.taken and "delta" + node[1:] not in self.taken:
            return "delta" + node[1:]
        return f"d{self.loss}/d{node}"

    def rows(self, layer: int) -> int:
        """How many rows the weights of a layer have: its units, or its filters."""
        return self.wirings[layer - 1].rows

    def columns(self, layer: int) -> int:
        """How many weights each row has: one for each input, or one for each tap of a filter."""
        return self.wirings[layer - 1].columns

    def _free(self, candidates: tuple[str, ...]) -> str:
        free = next((name for name in candidates if name not in self.taken), candidates[0])
        while free in self.taken:
            free += "_"
        return free

    def _numbered(self, words: tuple[str, ...]) -> tuple[str, ...]:
        count = self.sizes[-1]
        families = [tuple(f"{word}{k}" for k in range(1, count + 1)) for word in words]
        if count == 1:
            families = [family for word, indexed in zip(words, families, strict=True) for family in ((word,), indexed)]
        families.append(tuple(f"{words[-1]}_{k}_" for k in range(1, count + 1)))
        return next((family for family in families if self.taken.isdisjoint(family)), families[-1])

    def _layer_parameters(self) -> Iterator[str]:
        for l, wiring in enumerate(self.wirings, 1):
            for j in range(1, wiring.rows + 1):
                for i in range(1, wiring.columns + 1):
                    yield self.weight(l, j, i)
            if l not in self.unbiased:
                yield from dict.fromkeys(self.bias(l, j) for j in range(1, wiring.rows + 1))

    def clash(self, name: str) -> str:
        """What an input of this name would be confused with in the network, or nothing.

        >>> CanonicalNames.layered(("x1",), (1,)).clash("w1_1_1")
        'a weight of layer 1'
        """
        found = self._describe_unit(name)
        return f"a {found.kind} of layer {found.layer}" if found else ""

    # From names to quantities

    def describe(self, name: str) -> Described | None:
        """What a canonical node name is, None if it is no node of this spec.

        >>> CanonicalNames.layered(("x1", "x2"), (3, 1)).describe("w1_3_2")
        Described(kind='weight', layer=1, unit=3, source=2, indices=(), of='')
        """
        found = (self._special.get(name) or self._describe_unit(name)) if self.sizes else self._describe_own(name)
        return found if found is not None or not self.optimizer else self._describe_training(name)

    def _describe_training(self, name: str) -> Described | None:
        """A state or a hyperparameter of the optimizer."""
        if name in self.hyperparameters.values():
            return Described("hyperparameter")
        state = self.state_of(name)
        return Described("state", of=state[1]) if state is not None and self.describe(state[1]) is not None else None

    def _describe_unit(self, name: str) -> Described | None:
        """A quantity whose name no input can take away."""
        if found := _WEIGHT.fullmatch(name):
            l, j, i = map(int, found.groups())
            return Described("weight", l, j, i) if self._has(l, j, i) else None
        if found := _UNIT.fullmatch(name):
            l, indices = int(found[2]), tuple(int(index) for index in found.groups()[2:] if index)
            if found[1] == "b":
                known = len(indices) == 1 and self._has(l, indices[0]) and l not in self.shared | self.unbiased
                return Described("bias", l, indices[0]) if known else None
            if l > len(self.wirings) or (found[1] == "a" and l == len(self.wirings)):
                return None
            unit = self.wirings[l - 1].unit_at(indices)
            return None if unit is None else Described(_KINDS[found[1]], l, unit + 1, 0, indices[1:] and indices)
        if (
            name.isascii()
            and name[:1] == "b"
            and name[1:].isdigit()
            and len(name) < 10
            and int(name[1:]) in self.shared
        ):
            return Described("bias", int(name[1:]))
        return None

    @cached_property
    def _special(self) -> dict[str, Described]:
        last = len(self.sizes)
        found = {name: Described("input", 0, i) for i, name in enumerate(self.inputs, 1)}
        found |= {name: Described("output", last, k) for k, name in enumerate(self.outputs, 1)}
        found |= {name: Described("target", last, k) for k, name in enumerate(self.targets, 1)}
        return {**found, self.loss: Described("loss"), self.eta: Described("learning rate")}

    def _describe_own(self, name: str) -> Described | None:
        if name in self.taken:
            return Described("node" if name in self.graph_nodes else "value")
        return Described("learning rate") if name == self.eta else None

    def _has(self, layer: int, row: int, column: int = 1) -> bool:
        return layer <= len(self.wirings) and row <= self.rows(layer) and column <= self.columns(layer)

    @cached_property
    def some_of_each(self) -> tuple[str, ...]:
        """One name of each kind, for a message that says what names there are."""
        hidden = [self.z(1, 1), self.a(1, 1)]
        bias = [] if 1 in self.unbiased else [self.bias(1, 1)]
        return (
            *self.inputs[:4],
            self.weight(1, 1, 1),
            *bias,
            *hidden,
            self.outputs[0],
            self.targets[0],
            self.loss,
            self.eta,
        )

    @cached_property
    def some(self) -> tuple[str, ...]:
        """Names to choose from in a message: the first few of each layer."""
        if not self.sizes:
            return self.own[:500]
        first = self.some_of_each
        found = [*first, *self.inputs[:50]]
        for l, wiring in enumerate(self.wirings[:20], 1):
            for j in range(1, min(wiring.rows, 10) + 1):
                found += [self.weight(l, j, i) for i in range(1, min(wiring.columns, 10) + 1)]
                found.append(self.bias(l, j))
            for j in range(1, min(wiring.units, 10) + 1):
                found += [self.z(l, j), self.a(l, j)]
        return tuple(dict.fromkeys((*found, *self.outputs[:20], *self.targets[:20], self.loss, self.eta)))


def _unlike(words: tuple[str, ...], others: Collection[str]) -> str:
    """The first word that is none of the others, or the last one grown until it is none."""
    found = next((word for word in words if word not in others), words[-1])
    while found in others:
        found += "x"
    return found


def optimizer_named(training: TrainingSpec) -> str:
    """The name of the optimizer that updates the parameters; empty where there is no update."""
    return training.optimizer.name if training.learning_rate is not None else ""


_KINDS: dict[str, QuantityKind] = {"z": "weighted input", "a": "activation"}
