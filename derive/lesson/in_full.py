"""Which sample and which parameters a document works in full where nothing else is asked for: what says most."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from flint import fmpq

from derive.arithmetic.reals import Value
from derive.checked.in_full import InFull
from derive.equations.run import Run
from derive.lesson.agreement import magnitude
from derive.lesson.limits import MAX_GRAPH_PARAMETERS, SAMPLE_ROWS, cut, outer_layers
from derive.network import Layer, Network


def in_full(run: Run, named: tuple[str, ...] | None) -> InFull:
    """What is worked in full: the named parameters for the first sample, or the largest gradients.

    Of a batch it is the sample with the largest gradients (of a large one, among those that stand in its tables); of
    each layer the weight and the bias whose gradients of that sample are largest in size; of a graph every parameter.
    What cannot be told apart counts as equal, and the first one is taken.
    """
    if named is not None:
        return InFull(named)
    network, samples = run.network, run.iterations[0].samples
    sample = 0
    if len(samples) > 1:
        squares: list[Value] = []
        places = [place for place in cut(range(len(samples)), SAMPLE_ROWS)[0] if place is not None]
        for place in places:
            gradients = samples[place].gradients
            own = (gradients[name] for name in network.parameters if name in gradients)
            squares.append(sum((size * size for size in map(magnitude, own)), fmpq(0)))
        sample = places[_largest(squares)]
    if not network.layers:
        return InFull(network.parameters[:MAX_GRAPH_PARAMETERS], sample)
    return InFull(_of_layers(network, samples[sample].gradients), sample)


def _of_layers(network: Network, gradients: Mapping[str, Value]) -> tuple[str, ...]:
    """A weight and a bias of each layer, from the last one back."""
    chosen: list[str] = []
    for layer in reversed(outer_layers(network.layers)):
        chosen += _of_layer(layer, gradients)
    return tuple(dict.fromkeys(chosen))


def _of_layer(layer: Layer, gradients: Mapping[str, Value]) -> Iterable[str]:
    for names in (layer.weight_names, layer.bias_names):
        if names:
            yield names[_largest([magnitude(gradients[name]) for name in names])]


def _largest(sizes: Sequence[Value]) -> int:
    """The place of the first of the largest sizes; one that is not certainly larger than those before it is none."""
    found = 0
    for place, size in enumerate(sizes):
        if size > sizes[found]:
            found = place
    return found
