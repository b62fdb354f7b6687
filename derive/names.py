"""The names of quantities (contract, section 2): canonical ASCII names and everything people write for them.

>>> names = Names.layered(("x1", "x2"), (3, 1))
>>> str(names.resolve("∂L/∂w1_32"))
'dE/dw1_3_2'
>>> names.resolve("δ2_1@3")
Quantity(base='E', by='z2_1', delta=True, step=3, row=None, shape='scalar', function='')
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Literal, TypeAlias

from derive.spec.model import GraphRow, Spec
from derive.spec.place import nearest, quoted

Shape: TypeAlias = Literal["scalar", "vector", "matrix"]
Kind: TypeAlias = Literal[
    "input", "weight", "bias", "weighted input", "activation", "output", "target", "loss", "learning rate", "value",
    "node",
]  # fmt: skip

LOSS = ("E", "L", "J", "C", "loss")
LEARNING_RATE = ("eta", "lr", "alpha", "learning_rate", "epsilon", "mu")
_SPELLINGS = str.maketrans({
    "∂": "d", "𝜕": "d", "δ": "delta", "η": "eta", "α": "alpha", "ε": "epsilon", "ϵ": "epsilon", "μ": "mu", "µ": "mu",
    "σ": "sigma", "ŷ": "yhat", "′": "'", "’": "'", "″": "''",
})  # fmt: skip

_MARKS = re.compile(r"((?:'|@[0-9]{1,6}|\[[0-9]{1,7}\])*)$")
_MARK = re.compile(r"'|@([0-9]+)|\[([0-9]+)\]")
_DERIVATIVE = re.compile(r"d([A-Za-z][A-Za-z0-9_]*)/d([A-Za-z][A-Za-z0-9_]*)")
_SLOPE = re.compile(r"([A-Za-z][A-Za-z0-9_]*)'\(([A-Za-z][A-Za-z0-9_]*)\)")
_UNIT = re.compile(r"(b|z|a|f|h|delta)([0-9]+)_([0-9]+)")
_WEIGHT = re.compile(r"w([0-9]+)_(?:([0-9]+)_([0-9]+)|([1-9])([1-9]))")
_LAYER = re.compile(r"(W|b|z|a|f|h|delta)([0-9]+)")
_INDEXED = re.compile(r"([A-Za-z]+)_?([0-9]+)")


@dataclass(frozen=True, slots=True)
class Quantity:
    """What a name stands for; ``str`` gives the canonical name.

    Attributes:
        base: the node itself, or the node above in a derivative; a layer's vector or matrix (``W1``).
        by: the node below in a derivative.
        delta: written as ``delta1_4``: the derivative of the loss by ``z1_4``.
        step: after so many updates (``'`` is 1), None at the start.
        row: in that row of the data, from 1.
        shape: a layer's quantities taken together are a vector or a matrix.
        function: ``sigmoid'`` where the name is the slope of an activation at ``base``.
    """

    base: str
    by: str | None = None
    delta: bool = False
    step: int | None = None
    row: int | None = None
    shape: Shape = "scalar"
    function: str = ""

    def __str__(self) -> str:
        return self.bare + self.marks

    @property
    def bare(self) -> str:
        """The canonical name without step and row."""
        if self.function:
            return f"{self.function}({self.base})"
        if self.delta and self.by is not None:
            return "delta" + self.by[1:]
        return f"d{self.base}/d{self.by}" if self.by else self.base

    @property
    def marks(self) -> str:
        """``'`` or ``@5``, then ``[2]``."""
        parameter = self.by is None and self.base[0] in "wbW" and self.base[1:2].isdigit()
        step = "" if self.step is None else "'" if self.step == 1 and parameter else f"@{self.step}"
        return step + ("" if self.row is None else f"[{self.row}]")


@dataclass(frozen=True, slots=True)
class Described:
    """What a node is: ``unit`` of ``layer``, for a weight the unit ``source`` it comes from (all from 1)."""

    kind: Kind
    layer: int = 0
    unit: int = 0
    source: int = 0


@dataclass(frozen=True)
class Names:
    """The names of one spec's quantities.

    Attributes:
        inputs: of a layered network, the author's own names.
        sizes: units of each layer; empty for a graph.
        shared: the numbers of the layers with one shared bias; ``unbiased``: those without biases.
        own: of a graph, every name of a value or node; ``loss``: its output.
    """

    inputs: tuple[str, ...]
    sizes: tuple[int, ...]
    shared: frozenset[int] = frozenset()
    unbiased: frozenset[int] = frozenset()
    own: tuple[str, ...] = ()
    graph_output: str = ""
    graph_parameters: tuple[str, ...] = ()
    graph_nodes: frozenset[str] = frozenset()

    @classmethod
    def of(cls, spec: Spec) -> Names:
        """The names of a spec."""
        if spec.network is not None:
            layers = spec.network.layers
            return cls(
                spec.network.inputs,
                tuple(layer.units for layer in layers),
                frozenset(l for l, layer in enumerate(layers, 1) if layer.shared_bias),
                frozenset(l for l, layer in enumerate(layers, 1) if layer.biases is None),
            )
        assert spec.graph is not None
        graph = spec.graph
        rows = [row for row in spec.data if isinstance(row, GraphRow)]
        values = [name for name, _ in graph.values] + [name for row in rows for name, _ in row.values]
        nodes = [name for name, _ in graph.nodes]
        return cls(
            (), (), own=tuple(dict.fromkeys([*values, *nodes])), graph_output=graph.output,
            graph_parameters=graph.parameters, graph_nodes=frozenset(nodes),
        )  # fmt: skip

    @classmethod
    def layered(cls, inputs: tuple[str, ...], sizes: tuple[int, ...]) -> Names:
        """The names of a layered network with these inputs and units in each layer."""
        return cls(inputs, sizes)

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

    def weight(self, layer: int, unit: int, source: int) -> str:
        """``w1_4_3``: to unit 4 of layer 1, from input 3."""
        return f"w{layer}_{unit}_{source}"

    def bias(self, layer: int, unit: int) -> str:
        """``b1_4``, or ``b1`` where the layer shares it."""
        return f"b{layer}" if layer in self.shared else f"b{layer}_{unit}"

    def z(self, layer: int, unit: int) -> str:
        """The weighted input of a unit."""
        return f"z{layer}_{unit}"

    def a(self, layer: int, unit: int) -> str:
        """The activation of a unit: of the last layer an output, of layer 0 an input."""
        if layer == len(self.sizes):
            return self.outputs[unit - 1]
        return f"a{layer}_{unit}" if layer else self.inputs[unit - 1]

    def gradient(self, node: str) -> str:
        """The derivative of the loss (or of a graph's output) by a node: ``dE/da1_2``, ``delta1_2``.

        >>> Names.layered(("x1",), (2, 1)).gradient("z1_2")
        'delta1_2'
        """
        if self.sizes and node[0] == "z" and node not in self.taken and "delta" + node[1:] not in self.taken:
            return "delta" + node[1:]
        return f"d{self.loss}/d{node}"

    def fan_in(self, layer: int) -> int:
        """How many numbers each unit of a layer receives."""
        return self.sizes[layer - 2] if layer > 1 else len(self.inputs)

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
        for l, units in enumerate(self.sizes, 1):
            for j in range(1, units + 1):
                for i in range(1, self.fan_in(l) + 1):
                    yield self.weight(l, j, i)
            if l not in self.unbiased:
                yield from dict.fromkeys(self.bias(l, j) for j in range(1, units + 1))

    def clash(self, name: str) -> str:
        """What an input of this name would be confused with in the network, or nothing.

        >>> Names.layered(("x1",), (1,)).clash("w1_1_1")
        'a weight of layer 1'
        """
        found = Names(("",) * len(self.inputs), self.sizes, self.shared, self.unbiased).describe(name)
        kinds = ("weight", "bias", "weighted input", "activation")
        return f"a {found.kind} of layer {found.layer}" if found and found.kind in kinds else ""

    # From names to quantities

    def describe(self, name: str) -> Described | None:
        """What a canonical node name is, None if it is no node of this spec.

        >>> Names.layered(("x1", "x2"), (3, 1)).describe("w1_3_2")
        Described(kind='weight', layer=1, unit=3, source=2)
        """
        if not self.sizes:
            return self._describe_own(name)
        special = self._special.get(name)
        if special is not None:
            return special
        if found := re.fullmatch(r"w([0-9]+)_([0-9]+)_([0-9]+)", name):
            l, j, i = map(int, found.groups())
            return Described("weight", l, j, i) if self._has(l, j) and 1 <= i <= self.fan_in(l) else None
        if found := re.fullmatch(r"([bza])([0-9]+)_([0-9]+)", name):
            l, j = int(found[2]), int(found[3])
            if not self._has(l, j) or (found[1] == "b" and (l in self.shared or l in self.unbiased)):
                return None
            if found[1] == "a" and l == len(self.sizes):
                return None  # the outputs have names of their own
            return Described(_KINDS[found[1]], l, j)
        return None

    @cached_property
    def _special(self) -> dict[str, Described]:
        last = len(self.sizes)
        found = {name: Described("input", 0, i) for i, name in enumerate(self.inputs, 1)}
        found |= {name: Described("output", last, k) for k, name in enumerate(self.outputs, 1)}
        found |= {name: Described("target", last, k) for k, name in enumerate(self.targets, 1)}
        found |= {f"b{l}": Described("bias", l) for l in self.shared if f"b{l}" not in found}
        return {**found, self.loss: Described("loss"), self.eta: Described("learning rate")}

    def _describe_own(self, name: str) -> Described | None:
        if name in self.taken:
            return Described("node" if name in self.graph_nodes else "value")
        return Described("learning rate") if name == self.eta else None

    def _has(self, layer: int, unit: int) -> bool:
        return 1 <= layer <= len(self.sizes) and 1 <= unit <= self.sizes[layer - 1]

    def resolve(self, text: str) -> Quantity:
        """The quantity that a name stands for, aliases included.

        Raises:
            ValueError: the name is unknown; says what is near.
        """
        word = text.strip().replace("y\u0302", "yhat").translate(_SPELLINGS).replace(" ", "")
        if found := _SLOPE.fullmatch(word):
            return self._slope(found[1], found[2], text)
        marks = _MARKS.search(word)
        assert marks is not None
        quantity = self._bare(word[: marks.start()], text)
        return self._marked(quantity, marks[1], text)

    def canonical(self, text: str) -> str:
        """The canonical name: ``str(resolve(text))``."""
        return str(self.resolve(text))

    def _bare(self, word: str, text: str) -> Quantity:
        if found := _DERIVATIVE.fullmatch(word):
            above, below = self._node(found[1], text), self._node(found[2], text)
            shape: Shape = below.shape if above.shape == "scalar" else "matrix"
            return Quantity(above.base, below.base, shape=shape)
        return self._node(word, text)

    def _marked(self, quantity: Quantity, marks: str, text: str) -> Quantity:
        step = row = None
        for mark in _MARK.finditer(marks):
            if mark[2] is not None:
                row = int(mark[2])
                if row < 1:
                    raise ValueError(f"{quoted(text)}: rows are counted from 1")
            else:
                step = (step or 0) + 1 if mark[1] is None else int(mark[1])
        return replace(quantity, step=step or None, row=row) if marks else quantity

    def _node(self, word: str, text: str) -> Quantity:
        if word in self.taken:
            return Quantity(word)
        if word in (self.eta, *LEARNING_RATE):
            return Quantity(self.eta)
        if self.sizes:
            found = self._one(word, text) or self._whole_layer(word, text)
            if found is not None:
                return found
        raise self._unknown(word, text)

    def _one(self, word: str, text: str) -> Quantity | None:
        """A single quantity of a layered network."""
        if word in self._special or word in LOSS:
            return Quantity(word if word in self._special else self.loss)
        if found := _WEIGHT.fullmatch(word):
            l, j, i = (int(index) for index in found.groups() if index)
            self._check(l, j, text)
            if not 1 <= i <= self.fan_in(l):
                raise ValueError(f"{quoted(text)}: layer {l} has {_count(self.fan_in(l), 'input')}")
            return Quantity(self.weight(l, j, i))
        if found := _UNIT.fullmatch(word):
            l, j = int(found[2]), int(found[3])
            self._check(l, j, text)
            return self._of_unit(found[1], l, j, text)
        if found := _INDEXED.fullmatch(word):
            return self._indexed(found[1], int(found[2]))
        return None

    def _of_unit(self, letter: str, l: int, j: int, text: str) -> Quantity:
        if letter == "delta":
            return Quantity(self.loss, self.z(l, j), delta=True)
        if letter == "b" and l in self.unbiased:
            raise ValueError(f"{quoted(text)}: layer {l} has no biases")
        makers = {"b": self.bias, "z": self.z}
        return Quantity(makers.get(letter, self.a)(l, j))

    def _indexed(self, word: str, k: int) -> Quantity | None:
        """``yhat1``, ``t_1``, ``y1``, ``x_1``."""
        family = {"yhat": self.outputs, "t": self.targets, "y": self.targets}.get(word)
        if word == "x" and f"x{k}" in self.taken:
            return Quantity(f"x{k}")
        return Quantity(family[k - 1]) if family is not None and 1 <= k <= len(family) else None

    def _whole_layer(self, word: str, text: str) -> Quantity | None:
        """A vector or matrix: ``W1``, ``z1``, ``delta1``, ``x``, ``yhat``, ``t``."""
        plain = {"x": "x", "yhat": "yhat", "t": "t", "y": "t"}.get(word)
        if plain is not None:
            members = {"yhat": self.outputs, "t": self.targets}.get(plain, ())
            return Quantity(members[0]) if len(members) == 1 else Quantity(plain, shape="vector")
        found = _LAYER.fullmatch(word)
        if not found:
            return None
        letter, l = found[1], int(found[2])
        self._check(l, 1, text)
        if letter == "b" and (l in self.unbiased):
            raise ValueError(f"{quoted(text)}: layer {l} has no biases")
        if letter == "delta":
            return Quantity(self.loss, f"z{l}", delta=True, shape="vector")
        if letter in "afh":
            return Quantity("yhat" if l == len(self.sizes) else f"a{l}", shape="vector")
        return Quantity(f"{letter}{l}", shape="matrix" if letter == "W" else "vector")

    def _slope(self, function: str, argument: str, text: str) -> Quantity:
        from derive.ops import ACTIVATIONS

        name = "sigmoid" if function == "sigma" else function
        if name not in ACTIVATIONS or ACTIVATIONS[name].whole_layer:
            raise ValueError(f"unknown activation {quoted(function)}: {nearest(function, ACTIVATIONS)}")
        base = argument if argument == "z" else self._node(argument, text).base
        return Quantity(base, function=f"{name}'")

    def members(self, quantity: Quantity) -> tuple[tuple[Quantity, ...], ...]:
        """The entries of a vector or matrix, row by row; one entry for a scalar.

        >>> names = Names.layered(("x1", "x2"), (1,))
        >>> [[str(q) for q in row] for row in names.members(names.resolve("dE/dW1"))]
        [['dE/dw1_1_1', 'dE/dw1_1_2']]
        """
        if quantity.shape == "scalar":
            return ((quantity,),)
        below = [(None,)] if quantity.by is None else self._entries(quantity.by)
        above = self._entries(quantity.base)
        if len(above) == 1 or quantity.by is None:
            rows = [[(a, b) for a in top for b in bottom] for top in above for bottom in below]
        else:  # a Jacobian: one row for each entry above
            rows = [[(top[0], b) for bottom in below for b in bottom] for top in above]
        return tuple(tuple(replace(quantity, base=a, by=b, shape="scalar") for a, b in row) for row in rows)

    def _entries(self, base: str) -> list[tuple[str, ...]]:
        plain = {"x": self.inputs, "yhat": self.outputs, "t": self.targets}.get(base)
        if plain is not None and (base not in self._special or len(plain) == 1):
            return [(name,) for name in plain]
        found = None if base in self._special else _LAYER.fullmatch(base)
        if not found:
            return [(base,)]
        letter, l = found[1], int(found[2])
        units = range(1, self.sizes[l - 1] + 1)
        if letter == "W":
            return [tuple(self.weight(l, j, i) for i in range(1, self.fan_in(l) + 1)) for j in units]
        maker = {"b": self.bias, "z": self.z}.get(letter, self.a)
        return [(maker(l, j),) for j in units]

    # What is near an unknown name

    def _check(self, l: int, j: int, text: str) -> None:
        if not 1 <= l <= len(self.sizes):
            raise ValueError(f"{quoted(text)}: the network has {_count(len(self.sizes), 'layer')}")
        if not 1 <= j <= self.sizes[l - 1]:
            raise ValueError(f"{quoted(text)}: layer {l} has {_count(self.sizes[l - 1], 'unit')}")

    def _unknown(self, word: str, text: str) -> ValueError:
        shown = quoted(word) if word == text.strip() else f"{quoted(word)} in {quoted(text)}"
        return ValueError(f"unknown quantity {shown or quoted(text)}: {nearest(word, self.some, 12)}")

    @cached_property
    def some(self) -> tuple[str, ...]:
        """Names to choose from in a message: the first few of each layer."""
        if not self.sizes:
            return self.own[:500]
        found = [*self.inputs[:50]]
        for l, units in enumerate(self.sizes[:20], 1):
            for j in range(1, min(units, 10) + 1):
                found += [self.weight(l, j, i) for i in range(1, min(self.fan_in(l), 10) + 1)]
                found += [self.bias(l, j), self.z(l, j), self.a(l, j)]
        return tuple(dict.fromkeys((*found, *self.outputs[:20], *self.targets[:20], self.loss, self.eta)))


_KINDS: dict[str, Kind] = {"b": "bias", "z": "weighted input", "a": "activation"}


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
