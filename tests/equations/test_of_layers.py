"""The four equations of matrices, worked with the numbers of random networks, against the gradients of the run."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from flint import arb_mat

from derive import network, specification
from derive.arithmetic.numbers import as_ball, plain
from derive.arithmetic.precision import precision
from derive.equations.of_layers import (
    DerivativeOfLoss,
    GradientOfLoss,
    HadamardProduct,
    MatrixDifference,
    MatrixExpr,
    MatrixProduct,
    OfLayer,
    Ones,
    OuterProduct,
    Slopes,
    SoftmaxSlopes,
    Transposed,
    bias_gradient,
    hidden_delta,
    output_delta,
    weight_gradient,
)
from derive.equations.run import Iteration, Sample, run
from derive.network import Layer, Network
from derive.ops.shortcuts import SHORTCUTS
from tests.support.random_specs import layered

SEEDS = range(40)


@dataclass
class Numbers:
    """Matrices of one row, l being the number of a layer."""

    net: Network
    iteration: Iteration
    sample: Sample
    layer: Layer

    def value(self, name: str) -> object:
        return plain(as_ball(self.sample.values[name]))

    def gradient(self, name: str) -> object:
        return plain(as_ball(self.sample.gradients[name]))

    def names(self, of: OfLayer) -> list[list[str]]:
        """The names of a matrix's entries, row by row; of δ those of the weighted inputs."""
        number = self.layer.number + of.offset
        if of.letter == "t":
            return [[name] for name in self.net.targets]
        if number == 0:
            return [[name] for name in self.net.inputs]
        layer = self.net.layers[number - 1]
        if of.letter == "W":
            return [list(row) for row in layer.weights]
        return [[name] for name in {"a": layer.a, "z": layer.z, "delta": layer.z, "b": layer.bias_names}[of.letter]]

    def new(self, name: str) -> object:
        return plain(as_ball(self.iteration.updated.get(name, self.iteration.parameters[name])))

    def slopes(self, names: list[list[str]], *, whole: bool) -> arb_mat:
        """The derivatives of the activations by the weighted inputs: all of them, or each by its own."""
        local = self.net.in_numbers.local
        nodes = [self.net.graph.by_name[name] for name in self.layer.a]
        value = self.sample.values.__getitem__
        places = range(len(nodes)) if whole else (0,)
        return arb_mat([[plain(as_ball(local(node, place, value))) for place in places] for node in nodes])

    def of(self, expr: MatrixExpr) -> arb_mat:
        match expr:
            case OfLayer(letter=letter, is_new=is_new):
                found = self.gradient if letter == "delta" else self.new if is_new else self.value
                return arb_mat([[found(name) for name in row] for row in self.names(expr)])
            case GradientOfLoss(by=OfLayer() as by) | DerivativeOfLoss(by=OfLayer() as by):
                return arb_mat([[self.gradient(name) for name in row] for row in self.names(by)])
            case Ones():
                return arb_mat([[1]] * self.layer.units)
            case Slopes(at=OfLayer() as at):
                return self.slopes(self.names(at), whole=False)
            case SoftmaxSlopes():
                return self.slopes([], whole=True)
            case Transposed(of=of):
                return self.of(of).transpose()
            case MatrixProduct(left=left, right=right):
                return self.of(left) * self.of(right)
            case OuterProduct(left=left, right=right):
                return self.of(left) * self.of(right).transpose()
            case MatrixDifference(left=left, right=right):
                return self.of(left) - self.of(right)
            case HadamardProduct(left=left, right=right):
                one, other = self.of(left), self.of(right)
                pairs = [[one[i, j] * other[i, j] for j in range(one.ncols())] for i in range(one.nrows())]
                return arb_mat(pairs)
            case _:
                raise AssertionError(expr)


def drawn(seed: int) -> Network:
    """A random network; every third one is updated from the last layer back."""
    text = layered(seed)
    if not seed % 3:
        text = text.replace("[conventions]", '[conventions]\nupdate_order = "sequential"')
    return network.build(specification.loads(text))


def is_softmax(net: Network, layer: Layer) -> bool:
    return net.graph.by_name[layer.a[0]].operation.kind == "softmax"


def equations(net: Network, layer: Layer) -> list[tuple[MatrixExpr, MatrixExpr]]:
    """What is so of a layer: left and right sides."""
    found, softmax = [weight_gradient()], is_softmax(net, layer)
    if layer.biases:
        found.append(bias_gradient(shared=len(layer.bias_names) < layer.units))
    if layer is net.layers[-1]:
        found.append(output_delta(softmax=softmax))
        if has_short_delta(net):
            found.append(output_delta(short=True))
    else:
        renewed = net.spec.sequential and net.layers[layer.number].spec.train_weights
        found.append(hidden_delta(is_new=renewed, softmax=softmax))
    return [(e.left, e.right) for e in found]


def has_short_delta(net: Network) -> bool:
    assert net.spec.network is not None
    activation = net.layers[-1].spec.activation
    entry = SHORTCUTS.get((activation.name, net.spec.network.loss.name))
    return entry is not None and entry.lines is not None and not entry.targets_sum_to_one


@pytest.mark.parametrize("seed", SEEDS)
def test_each_equation_holds_in_numbers(seed: int) -> None:
    net = drawn(seed)
    with precision(300):
        iteration = run(net).iterations[0]
        for sample in iteration.samples:
            for layer in net.layers:
                numbers = Numbers(net, iteration, sample, layer)
                for left, right in equations(net, layer):
                    difference = numbers.of(left) - numbers.of(right)
                    assert all(abs(entry) < 1e-60 for entry in difference.entries()), (layer.number, right)


def test_each_kind_is_met() -> None:
    """Softmax in the output and before it, new weights, a shared bias, the short δ: all stand in the random networks."""
    met = set()
    for seed in SEEDS:
        net = drawn(seed)
        for layer in net.layers:
            for _, right in equations(net, layer):
                met |= {type(part) for part in right.parts}
                met |= {"new" for part in right.parts if isinstance(part, OfLayer) and part.is_new}
    assert met >= {SoftmaxSlopes, Slopes, Ones, MatrixDifference, OuterProduct, "new"}


def test_what_stands_in_a_formula() -> None:
    right = hidden_delta(is_new=True).right
    assert right.has(HadamardProduct)
    assert not right.has(GradientOfLoss)
    assert [part.is_new for part in right.parts if isinstance(part, OfLayer)] == [True, False, False]
