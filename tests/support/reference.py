"""A second derive, without derivations: values and gradients of a spec at 80 digits.

It reads the TOML itself and shares no code with the package. A graph is differentiated by a small tape of
``mpmath`` numbers; a layered network layer by layer, with weights and deltas, as a book has it.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import mpmath

from tests.support.arithmetic import evaluate, names_in

DIGITS = 80
Mpf: Any = mpmath.mpf


class Var:
    """A number that remembers how it was made."""

    def __init__(self, value: Any, parents: Sequence[tuple[Var, Any]] = ()) -> None:
        self.value = mpmath.mpmathify(value)
        self.parents = parents
        self.slope = Mpf(0)

    def __add__(self, other: Any) -> Var:
        other = var(other)
        return Var(self.value + other.value, [(self, 1), (other, 1)])

    def __mul__(self, other: Any) -> Var:
        other = var(other)
        return Var(self.value * other.value, [(self, other.value), (other, self.value)])

    def __truediv__(self, other: Any) -> Var:
        inverse: Var = var(other) ** -1
        return self * inverse

    def __pow__(self, other: Any) -> Var:
        power = var(other)
        if power.parents or not mpmath.isint(power.value):
            return exp(power * ln(self))
        n = int(power.value)
        return Var(self.value**n, [(self, n * self.value ** (n - 1) if n else 0)])

    def __neg__(self) -> Var:
        return self * -1

    def __sub__(self, other: Any) -> Var:
        return self + -var(other)

    def __radd__(self, other: Any) -> Var:
        return self + other

    def __rmul__(self, other: Any) -> Var:
        return self * other

    def __rsub__(self, other: Any) -> Var:
        return var(other) - self

    def __rtruediv__(self, other: Any) -> Var:
        return var(other) / self


def var(x: Any) -> Var:
    return x if isinstance(x, Var) else Var(x)


def backward(output: Var) -> None:
    """Give every number behind ``output`` the derivative of ``output`` by it."""
    order: list[Var] = []
    seen: set[int] = set()

    def visit(x: Var) -> None:
        if id(x) not in seen:
            seen.add(id(x))
            for parent, _ in x.parents:
                visit(parent)
            order.append(x)

    visit(output)
    for x in order:
        x.slope = Mpf(0)
    output.slope = Mpf(1)
    for x in reversed(order):
        for parent, local in x.parents:
            parent.slope += x.slope * local


def exp(x: Any) -> Var:
    x = var(x)
    value = mpmath.exp(x.value)
    return Var(value, [(x, value)])


def ln(x: Any) -> Var:
    x = var(x)
    assert x.value > 0, f"ln of {x.value}"
    return Var(mpmath.log(x.value), [(x, 1 / x.value)])


def normal_cdf(x: Any) -> Var:
    x = var(x)
    return Var(mpmath.ncdf(x.value), [(x, mpmath.npdf(x.value))])


def pieces(x: Any, left: Callable[[Var], Var], right: Callable[[Var], Var], at_zero: Any) -> Var:
    """``left`` below 0, ``right`` above; at 0 the slope lies ``at_zero`` of the way from left to right."""
    x = var(x)
    if x.value != 0:
        return left(x) if x.value < 0 else right(x)
    slopes = []
    for side in (left, right):
        z = Var(0)
        value = side(z)
        backward(value)
        slopes.append(z.slope)
    return Var(value.value, [(x, slopes[0] + at_zero * (slopes[1] - slopes[0]))])


Branch = Callable[[Var, Var, Var], Var]


def bounded(x: Any, low: Any, high: Any, branches: Sequence[Branch], share: Any) -> Var:
    """Three branches; at an end the slope lies ``share`` of the way from the outer branch's to the inner one's."""
    x, low, high = var(x), var(low), var(high)
    for end, outer in ((low, branches[0]), (high, branches[2])):
        if x.value == end.value:
            slopes = []
            for side in (outer, branches[1]):
                z = Var(x.value)
                value = side(z, Var(low.value), Var(high.value))
                backward(value)
                slopes.append(z.slope)
            return Var(value.value, [(x, slopes[0] + share * (slopes[1] - slopes[0])), (end, 1 - share)])
    return branches[0 if x.value < low.value else 2 if x.value > high.value else 1](x, low, high)


def clipped(x: Any, low: Any, high: Any, share: Any) -> Var:
    """The middle one of three numbers, ``low`` below ``high``."""
    return bounded(x, low, high, (lambda z, low, high: low, lambda z, low, high: z, lambda z, low, high: high), share)


def hard(x: Any, middle: Callable[[Var], Var], right: Callable[[Var], Var], share: Any) -> Var:
    """0 up to -3, ``right`` from 3 on."""
    return bounded(
        x, -3, 3, (lambda z, low, high: z * 0, lambda z, low, high: middle(z), lambda z, low, high: right(z)), share
    )


def extreme(pick: Callable[..., Any], *args: Any) -> Var:
    """``max`` or ``min``; at a tie the slope is shared equally."""
    given = [var(x) for x in args]
    value = pick(x.value for x in given)
    ties = [x for x in given if x.value == value]
    return Var(value, [(x, Mpf(1) / len(ties)) for x in ties])


def constant(x: Any) -> Var:
    return Var(x)


def functions(at_zero: Any) -> dict[str, Callable[..., Var]]:
    """The functions that an expression may call, built from very few."""

    def sigmoid(z: Any) -> Var:
        return 1 / (1 + exp(-var(z)))

    def trigonometric(f: Any, slope: Any) -> Callable[[Any], Var]:
        return lambda x: Var(f(var(x).value), [(var(x), slope(var(x).value))])

    sin = trigonometric(mpmath.sin, mpmath.cos)
    cos = trigonometric(mpmath.cos, lambda x: -mpmath.sin(x))
    return {
        "pi": lambda: Var(+mpmath.pi),
        "e": lambda: Var(+mpmath.e),
        "exp": exp,
        "ln": ln,
        "log": ln,
        "log2": lambda x: ln(x) / ln(2),
        "log10": lambda x: ln(x) / ln(10),
        "sqrt": lambda x: exp(ln(x) / 2),
        "abs": lambda x: pieces(x, lambda z: -z, lambda z: z, Mpf(1) / 2),
        "sign": lambda x: constant(mpmath.sign(var(x).value)),
        "step": lambda x: constant(1 if var(x).value >= 0 else 0),
        "min": lambda *xs: extreme(min, *xs),
        "max": lambda *xs: extreme(max, *xs),
        "sin": sin,
        "cos": cos,
        "tan": lambda x: sin(x) / cos(x),
        "sinh": lambda x: (exp(x) - exp(-var(x))) / 2,
        "cosh": lambda x: (exp(x) + exp(-var(x))) / 2,
        "tanh": lambda x: 1 - 2 / (exp(2 * var(x)) + 1),
        "sigmoid": sigmoid,
        "relu": lambda x: pieces(x, lambda z: z * 0, lambda z: z, at_zero),
        "leaky_relu": lambda x, slope: pieces(x, lambda z: z * slope, lambda z: z, at_zero),
        "elu": lambda x, alpha: pieces(x, lambda z: (exp(z) - 1) * alpha, lambda z: z, at_zero),
        "relu6": lambda x: clipped(x, 0, 6, at_zero),
        "hard_sigmoid": lambda x: hard(x, lambda z: (z + 3) / 6, lambda z: z * 0 + 1, at_zero),
        "hard_swish": lambda x: hard(x, lambda z: z * (z + 3) / 6, lambda z: z, at_zero),
        "hard_tanh": lambda x, low=-1, high=1: clipped(x, low, high, at_zero),
        "clip": lambda x, low, high: clipped(x, low, high, Mpf(1) / 2),
        "mish": lambda x: var(x) * (1 - 2 / ((1 + exp(x)) * (1 + exp(x)) + 1)),
        "softsign": lambda x: var(x) / (1 - var(x)) if var(x).value < 0 else var(x) / (1 + var(x)),
        "softplus": lambda x: ln(1 + exp(x)),
        "gelu": lambda x: var(x) * normal_cdf(x),
        "silu": lambda x: var(x) * sigmoid(x),
    }


DEFAULTS = {
    "leaky_relu": {"slope": "0.01"},
    "elu": {"alpha": "1"},
    "hard_tanh": {"low": "-1", "high": "1"},
}


def number(text: Any) -> Any:
    """A number as written: exact, or to 80 digits where it is an expression such as ``sqrt(2)``."""
    return evaluate(str(text), {}, functions(0), lambda digits: Var(Mpf(digits))).value


def activation(entry: Any, z: Sequence[Any], library: Mapping[str, Callable[..., Any]]) -> list[Any]:
    """The activations of a layer from its weighted inputs."""
    table = entry if isinstance(entry, dict) else {"name": entry}
    name = table["name"]
    if "expression" in table:
        return [evaluate(table["expression"], {"z": x}, library, library["number"]) for x in z]
    if name == "identity":
        return list(z)
    if name == "softmax":
        powers = [library["exp"](x) for x in z]
        total = sum(powers[1:], powers[0])
        return [power / total for power in powers]
    given = DEFAULTS.get(name, {})
    extra = [library["number"](str(table.get(key, default))) for key, default in given.items()]
    return [library[name](x, *extra) for x in z]


def loss(entry: Any, yhat: Sequence[Any], t: Sequence[Any], library: Mapping[str, Callable[..., Any]]) -> Any:
    """The loss of one sample, by the contract's table; ``t`` are plain numbers."""
    table = entry if isinstance(entry, dict) else {"name": entry}
    f = library
    if "expression" in table:
        values = {f"yhat{k + 1}": y for k, y in enumerate(yhat)} | {f"t{k + 1}": x for k, x in enumerate(t)}
        if len(yhat) == 1:
            values |= {"yhat": yhat[0], "t": t[0]}
        return evaluate(table["expression"], values, f, f["number"])
    delta = f["number"](str(table.get("delta", 1)))

    def entropy(y: Any, x: Any) -> Any:
        return -x * f["ln"](y) if x != 0 else 0

    def huber(error: Any) -> Any:
        size = f["abs"](error)
        clipped = f["min"](size, delta)
        return clipped * (size - clipped / 2)

    terms: dict[str, Callable[[Any, Any], Any]] = {
        "half_squared_error": lambda y, x: (y - x) * (y - x) / 2,
        "squared_error": lambda y, x: (y - x) * (y - x),
        "mean_squared_error": lambda y, x: (y - x) * (y - x) / len(t),
        "absolute_error": lambda y, x: f["abs"](y - x),
        "mean_absolute_error": lambda y, x: f["abs"](y - x) / len(t),
        "binary_cross_entropy": lambda y, x: entropy(y, x) + entropy(1 - y, 1 - x),
        "cross_entropy": entropy,
        "hinge": lambda y, x: f["max"](f["number"]("0"), 1 - x * y),
        "huber": lambda y, x: huber(y - x),
        "log_cosh": lambda y, x: f["ln"](f["cosh"](y - x)),
    }
    return sum((terms[table["name"]](y, x) for y, x in zip(yhat, t, strict=True)), start=f["number"]("0"))


@dataclass
class Sample:
    """One sample of one iteration: every node's value, and the derivative of the sample's loss by it."""

    values: dict[str, Any]
    gradients: dict[str, Any] = field(default_factory=dict)


@dataclass
class Iteration:
    """One iteration: its samples, the gradients of the batch, the new values."""

    samples: list[Sample]
    loss: Any
    gradients: dict[str, Any]
    updated: dict[str, Any]
    velocities: dict[str, Any]


@dataclass
class Result:
    """All iterations and the forward pass after the last update."""

    iterations: list[Iteration]
    final_loss: Any
    final: list[Sample]


def batches(count: int, training: Mapping[str, Any]) -> list[list[int]]:
    """The rows of each iteration."""
    size = min(int(training.get("batch_size", count)), count)
    rows = [list(range(start, min(start + size, count))) for start in range(0, count, size)]
    return [rows[k % len(rows)] for k in range(int(training.get("iterations", 1)))]


def reference(source: str | Path) -> Result:
    """Everything that ``derive gradients`` says of a spec, at 80 digits."""
    text = source.read_text("utf-8-sig") if isinstance(source, Path) else source
    spec = tomllib.loads(text, parse_float=str)
    with mpmath.workdps(DIGITS):
        problem = Layered(spec) if "network" in spec else Graphed(spec)
        training = spec.get("training", {})
        rate = training.get("learning_rate")
        iterations = []
        for rows in batches(len(problem.data), training):
            share = Mpf(1) / len(rows) if training.get("reduction", "mean") == "mean" else Mpf(1)
            iterations.append(problem.iterate(rows, share, None if rate is None else number(rate)))
        final = [problem.forward(row) for row in range(len(problem.data))]
        share = Mpf(1) / len(final) if training.get("reduction", "mean") == "mean" else Mpf(1)
        return Result(iterations, share * sum(sample.values[problem.output] for sample in final), final)


class Problem:
    """What layered networks and graphs have in common."""

    output: str
    data: list[Any]
    parameters: dict[str, Any]

    def __init__(self, spec: Mapping[str, Any]) -> None:
        at_zero = number(spec.get("conventions", {}).get("relu_at_zero", 0))
        self.library: dict[str, Callable[..., Any]] = functions(at_zero)
        self.library["number"] = lambda text: Var(number(text))
        optimizer = spec.get("training", {}).get("optimizer", "sgd")
        table = optimizer if isinstance(optimizer, dict) else {"name": optimizer}
        self.keeps = number(table.get("momentum", "0.9")) if table["name"] == "momentum" else Mpf(0)
        self.past: dict[str, list[Any]] = {}

    def velocity(self, name: str) -> Any:
        """All gradients so far, each by the power of the momentum that its age says: no recursion."""
        past = self.past[name]
        return sum(self.keeps ** (len(past) - 1 - k) * gradient for k, gradient in enumerate(past))

    def descend(self, name: str, old: Any, rate: Any, gradient: Any) -> Any:
        """The new value of a parameter."""
        self.past.setdefault(name, []).append(gradient)
        return old - rate * self.velocity(name)

    def forward(self, row: int) -> Sample:
        raise NotImplementedError

    def iterate(self, rows: Sequence[int], share: Any, rate: Any) -> Iteration:
        raise NotImplementedError


class Graphed(Problem):
    """A computation graph, by the tape."""

    def __init__(self, spec: Mapping[str, Any]) -> None:
        super().__init__(spec)
        graph = spec["graph"]
        self.nodes = dict(graph["nodes"])
        self.output = graph.get("output", list(self.nodes)[-1])
        self.data = [{k: number(v) for k, v in row.items()} for row in spec.get("data", [{}])]
        fixed = {name for row in self.data for name in row}
        self.given = {name: number(value) for name, value in graph.get("values", {}).items()}
        trained = graph.get("parameters", [name for name in self.given if name not in fixed])
        self.parameters = {name: self.given[name] for name in trained}

    def needs(self, name: str) -> list[str]:
        """The values and nodes that a node is made of."""
        own = {*self.given, *self.parameters, *self.nodes, *(key for row in self.data for key in row)}
        return sorted(names_in(self.nodes[name]) & own)

    def compute(self, row: int) -> dict[str, Var]:
        known = {k: Var(v) for k, v in {**self.given, **self.parameters, **self.data[row]}.items()}
        waiting = dict(self.nodes)
        while waiting:
            for name, text in list(waiting.items()):
                if all(need in known for need in self.needs(name)):
                    made = evaluate(text, known, self.library, self.library["number"])
                    known[name] = made + 0  # a node of its own, also where the text is only a name
                    del waiting[name]
        return known

    def forward(self, row: int) -> Sample:
        return Sample({name: node.value for name, node in self.compute(row).items()})

    def iterate(self, rows: Sequence[int], share: Any, rate: Any) -> Iteration:
        samples = []
        for row in rows:
            nodes = self.compute(row)
            backward(nodes[self.output])
            samples.append(Sample({k: v.value for k, v in nodes.items()}, {k: v.slope for k, v in nodes.items()}))
        gradients = {name: share * sum(sample.gradients[name] for sample in samples) for name in self.parameters}
        total = share * sum(sample.values[self.output] for sample in samples)
        updated = {}
        if rate is not None:
            updated = {name: self.descend(name, old, rate, gradients[name]) for name, old in self.parameters.items()}
            self.parameters |= updated
        return Iteration(samples, total, gradients, updated, {name: self.velocity(name) for name in updated})


class Layered(Problem):
    """A layered network, layer by layer."""

    output = "E"

    def __init__(self, spec: Mapping[str, Any]) -> None:
        super().__init__(spec)
        network = spec["network"]
        inputs = network["inputs"]
        self.inputs = [f"x{i + 1}" for i in range(inputs)] if isinstance(inputs, int) else list(inputs)
        self.layers = network["layers"]
        self.loss = network["loss"]
        self.sequential = spec.get("conventions", {}).get("update_order") == "sequential"
        self.data = [([number(v) for v in row["x"]], [number(v) for v in row["t"]]) for row in spec["data"]]
        self.parameters = {}
        self.frozen: set[str] = set()
        self.raised: dict[str, Any] = {}  # by how much weighted inputs are raised
        self.shapes = [(1, len(self.inputs))]
        for n, layer in enumerate(self.layers, 1):
            self._read_layer(n, layer)

    def _read_layer(self, n: int, layer: Mapping[str, Any]) -> None:
        channels, length = self.shapes[-1]
        if layer.get("kind") == "conv1d":
            units, fan_in = int(layer["filters"]), channels * int(layer["kernel"])
            padded = length + 2 * int(layer.get("padding", 0))
            starts = range(0, padded - int(layer["kernel"]) + 1, int(layer.get("stride", 1)))
            self.shapes.append((units, len(starts)))
        else:
            units, fan_in = layer["units"], channels * length
            self.shapes.append((1, units))
        weights = layer["weights"]
        rows = weights if isinstance(weights, list) else [[weights] * fan_in] * units
        own = {self.weight(n, j, i): number(rows[j][i]) for j in range(units) for i in range(fan_in)}
        if not layer.get("train_weights", True):
            self.frozen |= set(own)
        biases = layer.get("biases", 0)
        thresholds = {}
        if biases is not False:
            column = biases if isinstance(biases, list) else [biases] * units
            thresholds = {self.bias(n, j): number(column[min(j, len(column) - 1)]) for j in range(units)}
        if not layer.get("train_biases", True):
            self.frozen |= set(thresholds)
        self.parameters |= own | thresholds

    def weight(self, n: int, j: int, i: int) -> str:
        return f"w{n}_{j + 1}_{i + 1}"

    def bias(self, n: int, j: int) -> str:
        return f"b{n}" if self.layers[n - 1].get("shared_bias") else f"b{n}_{j + 1}"

    def units(self, n: int) -> list[tuple[str, int, list[tuple[str, int]]]]:
        """The units of layer n: their indices in a name, their row of weights, and each weight with what it meets."""
        layer, (channels, length), (rows, positions) = self.layers[n - 1], self.shapes[n - 1], self.shapes[n]
        if layer.get("kind") != "conv1d":
            return [
                (f"{j + 1}", j, [(self.weight(n, j, i), i) for i in range(channels * length)]) for j in range(positions)
            ]
        kernel, step, edge = int(layer["kernel"]), int(layer.get("stride", 1)), int(layer.get("padding", 0))
        found = []
        for j in range(rows):
            for position in range(positions):
                window = [position * step - edge + tap for tap in range(kernel)]
                met = [
                    (self.weight(n, j, channel * kernel + tap), channel * length + place)
                    for channel in range(channels)
                    for tap, place in enumerate(window)
                    if 0 <= place < length
                ]
                found.append((f"{j + 1}_{position + 1}", j, met))
        return found

    def activations(self, n: int) -> list[str]:
        """The names of layer n's activations; layer 0 is the input."""
        if n == 0:
            return self.inputs
        if n < len(self.layers):
            return [f"a{n}_{indices}" for indices, _, _ in self.units(n)]
        units = self.shapes[n][0] * self.shapes[n][1]
        return ["yhat"] if units == 1 else [f"yhat{j + 1}" for j in range(units)]

    def forward(self, row: int) -> Sample:
        x, t = self.data[row]
        values = dict(zip(self.inputs, x, strict=True)) | self.parameters
        values |= {"t": t[0]} if len(t) == 1 else {f"t{k + 1}": value for k, value in enumerate(t)}
        for n, layer in enumerate(self.layers, 1):
            before = [values[name] for name in self.activations(n - 1)]
            z = []
            for indices, j, met in self.units(n):
                total = mpmath.fdot((values[weight], before[i]) for weight, i in met)
                z.append(total + values.get(self.bias(n, j), 0) + self.raised.get(f"z{n}_{indices}", 0))
                values[f"z{n}_{indices}"] = z[-1]
            after = activation(layer.get("activation", "identity"), list(map(Var, z)), self.library)
            values |= {name: var(a).value for name, a in zip(self.activations(n), after, strict=True)}
        yhat = [Var(values[name]) for name in self.activations(len(self.layers))]
        values[self.output] = var(loss(self.loss, yhat, t, self.library)).value
        return Sample(values)

    def iterate(self, rows: Sequence[int], share: Any, rate: Any) -> Iteration:
        samples = [self.forward(row) for row in rows]
        for row, sample in zip(rows, samples, strict=True):
            yhat = [Var(sample.values[name]) for name in self.activations(len(self.layers))]
            backward(var(loss(self.loss, yhat, self.data[row][1], self.library)))
            sample.gradients = {"E": Mpf(1)} | {
                name: y.slope for name, y in zip(self.activations(len(self.layers)), yhat, strict=True)
            }
        used = dict(self.parameters)  # the weights that the deltas go through
        gradients: dict[str, Any] = {}
        updated: dict[str, Any] = {}
        for n in range(len(self.layers), 0, -1):
            own: dict[str, Any] = {}
            for sample in samples:
                self._back_to_weights(n, sample)
                for name in self._parameters_of(n):
                    own[name] = own.get(name, 0) + share * sample.gradients[name]
            gradients |= own
            if rate is not None:
                new = {k: self.descend(k, used[k], rate, v) for k, v in own.items() if k not in self.frozen}
                updated |= new
                if self.sequential:
                    used |= new
            for sample in samples:
                self._back_to_activations(n, sample, used)
        self.parameters |= updated
        total = share * sum(sample.values[self.output] for sample in samples)
        return Iteration(samples, total, gradients, updated, {name: self.velocity(name) for name in updated})

    def _parameters_of(self, n: int) -> list[str]:
        own = (f"w{n}_", f"b{n}_")
        return [name for name in self.parameters if name.startswith(own) or name == f"b{n}"]

    def _back_to_weights(self, n: int, sample: Sample) -> None:
        """From dE/da of layer n to dE/dz, dE/dw and dE/db."""
        layer = self.layers[n - 1]
        units, before = self.units(n), self.activations(n - 1)
        z = [Var(sample.values[f"z{n}_{indices}"]) for indices, _, _ in units]
        a = activation(layer.get("activation", "identity"), z, self.library)
        upstream = [sample.gradients[name] for name in self.activations(n)]
        backward(sum((out * up for out, up in zip(a, upstream, strict=True)), start=Var(0)))
        for (indices, j, met), unit in zip(units, z, strict=True):
            sample.gradients[f"z{n}_{indices}"] = unit.slope
            bias = self.bias(n, j)
            if bias in self.parameters:
                sample.gradients[bias] = sample.gradients.get(bias, 0) + unit.slope
            for weight, i in met:
                sample.gradients[weight] = sample.gradients.get(weight, 0) + unit.slope * sample.values[before[i]]

    def _back_to_activations(self, n: int, sample: Sample, weights: Mapping[str, Any]) -> None:
        arriving: dict[int, list[Any]] = {}
        for indices, _, met in self.units(n):
            for weight, i in met:
                arriving.setdefault(i, []).append(sample.gradients[f"z{n}_{indices}"] * weights[weight])
        for i, name in enumerate(self.activations(n - 1)):
            sample.gradients[name] = mpmath.fsum(arriving.get(i, []))
