"""The table of symbols: each letter of the document once, with what it stands for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias

from derive.lesson.blocks import Table, say
from derive.lesson.desk import Desk
from derive.lesson.general import bias_of, general
from derive.naming.notation import new_value
from derive.patterns import regex
from derive.words.runs import Cell, Say, Tex

NAME = "symbols"
"""By which the text refers to the table."""
MAX_LISTED, MAX_UNLIKE = 3, 8
"""Of more symbols of one kind the first and the last one stand in the table; of those with several letters, of more."""
_LETTERS = regex(r"[A-Za-z]*")
_Words: TypeAlias = tuple[str, str]
"""The sentences for one of a kind and for several."""


def symbols_of_layers(desk: Desk) -> Table:
    """The symbols of a layered network, those of any unit where the author has named none."""
    network = desk.network
    several = len(network.rows) > 1
    above = desk.any_output if several else desk.symbol(network.output)
    weighted = [name for layer in network.layers for name in layer.z]
    hidden = [name for layer in network.layers[:-1] for name in layer.a]
    rows: list[tuple[Cell, ...]] = [
        _listed(desk, network.inputs, ("input", "inputs")),
        *_weights(desk),
        _family(desk, general(desk, "z", "l", "j"), weighted, ("weighted_input", "weighted_inputs")),
    ]
    if hidden:
        rows.append(_family(desk, general(desk, "a", "l", "j"), hidden, ("activation", "activations")))
    rows += [
        _listed(desk, network.outputs, ("output", "outputs")),
        _listed(desk, network.targets, ("target", "targets")),
        (desk.symbol(network.output), _said("loss_of_batch" if several else "loss")),
        *([(above, _said("own_loss"))] if several else []),
        (general(desk, "delta", "l", "j"), Tex(rf"\partial {above} / \partial {general(desk, 'z', 'l', 'j')}")),
    ]
    return _table([*rows, *_of_updates(desk)])


def symbols_of_graph(desk: Desk) -> Table:
    """The symbols of a graph: all of them are the author's own, but for those of the update."""
    network = desk.network
    nodes = [node.name for node in network.graph.nodes if node.name != network.output]
    constants = [name for name in network.start if name not in network.parameters]
    data = [name for name in network.rows[0] if name not in network.parameters]
    found: dict[_Words, Sequence[str]] = {
        ("parameter", "parameters"): network.parameters,
        ("constant", "constants"): constants,
        ("data", "data"): data,
        ("node", "nodes"): nodes,
    }
    rows: list[tuple[Cell, ...]] = [_listed(desk, names, words) for words, names in found.items() if names]
    several = len(network.rows) > 1
    rows.append((desk.symbol(network.output), _said("output_of_batch" if several else "output")))
    rows += [(desk.any_output, _said("own_output"))] if several else []
    return _table([*rows, *_of_updates(desk)])


def _table(rows: Sequence[tuple[Cell, ...]]) -> Table:
    return Table((_said("symbol"), say("network.meaning")), tuple(rows), "ll", _said("title"), size=1, name=NAME)


def _weights(desk: Desk) -> Iterator[tuple[Cell, ...]]:
    """Weights and biases, and the constant units whose weights are biases."""
    layers = desk.network.layers
    weights = [name for layer in layers for name in layer.weight_names]
    yield _family(desk, general(desk, "w", "l", "ji"), weights, ("weight", "weights"))
    biased = [layer for layer in layers if layer.biases]
    if not biased:
        return
    biases = [name for layer in biased for name in layer.bias_names]
    words = ("bias", "biases")
    shared = any(layer.spec.shared_bias for layer in biased)
    yield _listed(desk, biases, words) if shared else _family(desk, bias_of(desk, "l", "j"), biases, words)
    if desk.notation.bias_unit:
        units = dict.fromkeys(desk.notation.constant_unit(layer.number) for layer in biased)
        yield Tex(", ".join(units)), _said("constant_unit" if len(units) == 1 else "constant_units")


def _of_updates(desk: Desk) -> Iterator[tuple[Cell, ...]]:
    """What belongs to the update: numbers of the optimizer, any parameter, its new value, what is carried over."""
    network, parameter = desk.network, desk.letter("p")
    if network.spec.training.learning_rate is not None:
        yield desk.eta, _said("rate")
    if network.spec.training.learning_rate is None or not network.trained:
        yield parameter, _said("any_parameter")
        return
    names = network.names
    for key, name in names.hyperparameters.items():
        yield desk.symbol(name), say(f"optimizers.{key}_number", value="")
    yield Tex(f"{parameter}, {new_value(parameter)}"), _said("any_parameter_and_new")
    if names.states:
        states = [f"{desk.notation.state_letter(key)}_{{{parameter}}}" for key in names.states]
        yield Tex(", ".join(states)), _said("carried_over")


def _family(desk: Desk, any_of_them: Tex, members: Sequence[str], words: _Words) -> tuple[Cell, ...]:
    """A row with the symbol of any of these quantities; where some look otherwise, with the first and the last one."""
    shared = any(layer.wiring.is_shared for layer in desk.network.layers)
    if shared or not desk.notation.own.keys().isdisjoint(members):
        return _listed(desk, members, words)
    return any_of_them, _said(words[0])


def _listed(desk: Desk, names: Sequence[str], words: _Words) -> tuple[Cell, ...]:
    said = _said(words[len(names) > 1])
    alike = len({_LETTERS.match(name)[0] for name in names}) == 1  # type: ignore[index]  # it matches anything
    if len(names) <= (MAX_LISTED if alike else MAX_UNLIKE):
        return Tex(", ".join(map(desk.symbol, names))), said
    return Tex(rf"{desk.symbol(names[0])}, \ldots, {desk.symbol(names[-1])}"), said


def _said(key: str) -> Say:
    return say(f"symbols.{key}")
