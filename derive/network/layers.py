"""A layer as names: which weights its units have, which numbers they multiply, and what each number feeds."""

from __future__ import annotations

from collections.abc import Iterator

from derive.model import LayerSpec
from derive.naming.names import Names
from derive.ops import LAYER_KINDS, LayerKind
from derive.ops.layers import Wiring
from derive.records import record


@record
class Layer:
    """One layer. Units, rows and sources are counted from 0.

    Attributes:
        number: from 1, the first layer after the inputs.
        sources: what comes in.
        weights: its rows of weights; of a dense layer ``weights[j][i]`` leads to unit j from ``sources[i]``.
        biases: one name for each unit (the same one for all that share it), or nothing.
        z, a: weighted inputs and activations, one for each unit.
    """

    number: int
    sources: tuple[str, ...]
    weights: tuple[tuple[str, ...], ...]
    biases: tuple[str, ...]
    z: tuple[str, ...]
    a: tuple[str, ...]
    spec: LayerSpec
    wiring: Wiring

    @property
    def kind(self) -> LayerKind:
        """The entry of its kind."""
        return LAYER_KINDS[self.spec.kind]

    @property
    def units(self) -> int:
        """The number of units."""
        return len(self.z)

    @property
    def fan_in(self) -> int:
        """The number of units (or inputs) that come in."""
        return len(self.sources)

    @property
    def bias_names(self) -> tuple[str, ...]:
        """The biases, each once."""
        return tuple(dict.fromkeys(self.biases))

    @property
    def weight_names(self) -> tuple[str, ...]:
        """The weights row by row."""
        return tuple(name for row in self.weights for name in row)

    @property
    def parameter_names(self) -> tuple[str, ...]:
        """The weights row by row, then the biases."""
        return (*self.weight_names, *self.bias_names)

    def joined(self, unit: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """The weights of a unit and the sources that they multiply, in the order of its sum."""
        row, (columns, sources) = self.weights[self.wiring.row_of(unit)], self.wiring.joins(unit)
        if len(sources) == len(row) == len(self.sources):  # every weight meets every source, in order
            return row, self.sources
        return tuple([row[column] for column in columns]), tuple([self.sources[source] for source in sources])

    def fed_by(self, source: int) -> Iterator[tuple[int, str]]:
        """The units that a source feeds, each with the weight between them."""
        for unit, column in self.wiring.fed_by(source):
            yield unit, self.weights[self.wiring.row_of(unit)][column]

    def parameters_of(self, unit: int) -> tuple[str, ...]:
        """The weights and the bias of one unit."""
        return (*self.joined(unit)[0], *self.biases[unit : unit + 1])


def layer_of(names: Names, number: int, spec: LayerSpec, sources: tuple[str, ...]) -> Layer:
    """A layer of a spec by its number."""
    wiring = names.wirings[number - 1]
    columns = range(1, wiring.columns + 1)
    weights = tuple(tuple([names.weight(number, j, i) for i in columns]) for j in range(1, wiring.rows + 1))
    units = range(wiring.units)
    biases = tuple(names.bias(number, wiring.row_of(j) + 1) for j in units) if spec.biases is not None else ()
    z = tuple(names.z(number, j + 1) for j in units)
    a = tuple(names.a(number, j + 1) for j in units)
    return Layer(number, sources, weights, biases, z, a, spec, wiring)
