"""Part 2: sizes and the count of parameters, formulas, data, starting values, conventions that matter here."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

from derive.lesson.blocks import Block, Display, Row, Section, Table, paragraph, say
from derive.lesson.definitions import activations, definition, kink_slopes, loss_rows
from derive.lesson.desk import Desk
from derive.lesson.drawings import network_figure
from derive.lesson.limits import (
    DATA_COLUMNS,
    SAMPLE_ROWS,
    SIZE_ROWS,
    TABLE_ROWS,
    WEIGHT_COLUMNS,
    WORKED_LAYERS,
    by_layer,
    cut,
)
from derive.lesson.parts.introduction import say_name
from derive.lesson.parts.layer_kinds import definitions
from derive.lesson.parts.meanings import meanings_said, meanings_table
from derive.lesson.parts.reduction import objective
from derive.lesson.parts.symbol_table import NAME as SYMBOLS
from derive.lesson.parts.symbol_table import symbols_of_graph, symbols_of_layers
from derive.lesson.parts.table import tables_among
from derive.lesson.parts.unit_tables import DOWN, GAP, unit_table
from derive.lesson.parts.update_lines import optimizer_numbers
from derive.lesson.quantity import Quantity
from derive.lesson.symbols import symbols
from derive.network import Layer
from derive.words.references import table_reference
from derive.words.runs import Cell, Say, Tex

MAX_IN_A_SENTENCE = 6
"""At most this many numbers of the only sample stand in a sentence; more make a table."""


def network(desk: Desk) -> Section:
    """What is given: the network or the graph, and all its numbers."""
    blocks = _layers(desk) if desk.form == "layers" else _nodes(desk)
    return Section("network", say("network.title", form=desk.form), tuple(blocks))


def _layers(desk: Desk) -> list[Block]:
    layers = desk.network.layers
    weights = [len(layer.weight_names) for layer in layers]
    biases = [len(layer.bias_names) for layer in layers]
    last = layers[-1]
    example = (last if len(layers) == 1 else layers[0]).weights[-1][-1]
    layer, unit, source = example[1:].split("_")
    index = "network.index" if layers[int(layer) - 1].kind.has_matrix_form else "network.tap_index"
    start = _start(desk)
    counted = [
        say(
            "network.count",
            weights=_addends(weights),
            biases=_addends(biases),
            total=len(desk.network.parameters),
            tables=tables_among(start),
        ),
        say(
            index,
            weight=desk.symbol(example),
            layer=layer,
            unit=unit,
            source=source,
            flat=desk.notation.preset.flat,
            table=table_reference(SYMBOLS),
        ),
    ]
    table = meanings_table(desk)
    if len(layers) > WORKED_LAYERS:
        table.append(_sizes(layers))
    opening = (_opening(desk), *meanings_said(desk))
    return [
        *([paragraph(*opening), *table, paragraph(*counted)] if table else [paragraph(*opening, *counted)]),
        symbols_of_layers(desk),
        *network_figure(desk),
        *definitions(desk),
        *_formulas(desk),
        *symbols(desk),
        *_data(desk),
        *start,
        *_conventions(desk),
    ]


def _opening(desk: Desk) -> Say:
    """How many inputs, hidden units and outputs there are."""
    network = desk.network
    hidden = [layer.units for layer in network.layers[:-1]]
    return say("network.opening", inputs=len(network.inputs), hidden=hidden, outputs=len(network.outputs))


def _addends(counts: list[int]) -> list[int]:
    """The counts of the layers, or their sum where it would be long."""
    return counts if len(counts) <= WORKED_LAYERS else [sum(counts)]


def _sizes(layers: Sequence[Layer]) -> Table:
    head = tuple(say(f"network.{key}") for key in ("layer", "units", "activation", "weights", "biases"))
    rows: list[tuple[Cell, ...]] = []
    for layer in cut(layers, SIZE_ROWS)[0]:
        if layer is None:
            rows.append((DOWN,) * len(head))
            continue
        activation = layer.spec.activation
        rows.append(
            (
                say("network.nth_layer", number=layer.number, last=layer is layers[-1]),
                Tex(str(layer.units)),
                say_name("names", activation.name, activation.expression is not None),
                _product(layer),
                Tex(str(len(layer.bias_names))),
            )
        )
    return Table(head, tuple(rows), "lrlrr")


def _product(layer: Layer) -> Tex:
    """How many weights a layer has, from its rows and columns."""
    rows, columns = layer.wiring.rows, layer.wiring.columns
    return Tex(rf"{rows} \times {columns} = {rows * columns}")


def _formulas(desk: Desk) -> list[Block]:
    """The activation of each layer and the loss, as formulas."""
    found = {act.name: row for act in activations(desk.network) if (row := definition(act, desk.plain, desk.word))}
    rows = [row for name, one in found.items() for row in desk.numbered(f"activation_{name}", (one,))]
    loss = loss_rows(desk)
    first = Row(desk.symbol(desk.network.output), Tex("="), loss[0].right)
    sentence = say("network.formulas", activations=len(rows), loss=_loss_name(desk))
    return [paragraph(sentence), Display((*rows, *desk.numbered("loss", (first, *loss[1:]))))]


def _loss_name(desk: Desk) -> Say:
    assert desk.network.spec.network is not None
    loss = desk.network.spec.network.loss
    return say_name("names", loss.name, loss.expression is not None)


def _data(desk: Desk) -> list[Block]:
    """The data, one row for each sample."""
    names = list(desk.network.rows[0])
    if not names:
        return []
    rows = desk.network.rows
    several = len(rows) > 1
    if not several and len(names) <= MAX_IN_A_SENTENCE:
        return [paragraph(say("network.one_sample", values=[_given(desk, name) for name in names]))]
    columns, hidden = _columns(desk, names)
    head: list[Cell] = [say("network.sample")] if several else []
    head += [desk.symbol(name) if name else GAP for name in columns]
    shown, left_out = cut(range(len(rows)), SAMPLE_ROWS)
    body: list[tuple[Cell, ...]] = []
    for r in shown:
        if r is None:
            body.append((DOWN,) * len(head))
            continue
        cells: list[Cell] = [Tex(str(r + 1))] if several else []
        cells += [desk.number(desk.datum(name, r)) if name else GAP for name in columns]
        body.append(tuple(cells))
    said = say("network.data", samples=len(rows), columns=hidden, rows=left_out)
    return [paragraph(said), Table(tuple(head), tuple(body), "r" * len(head))]


def _given(desk: Desk, name: str) -> Tex:
    """``x = 7``: what the only row of the data gives for a name."""
    return Tex(f"{desk.symbol(name)} {desk.equals(desk.datum(name, 0))}")


def _columns(desk: Desk, names: list[str]) -> tuple[tuple[str | None, ...], int]:
    """The columns of the data that fit on a page: some inputs, some targets."""
    if len(names) <= DATA_COLUMNS:
        return tuple(names), 0
    targets = [name for name in names if name in desk.network.targets]
    inputs, hidden_inputs = cut([name for name in names if name not in targets], DATA_COLUMNS - min(len(targets), 4))
    outer, hidden_targets = cut(targets, 4)
    return (*inputs, *outer), hidden_inputs + hidden_targets


def _start(desk: Desk) -> list[Block]:
    return [*by_layer(desk, desk.network.layers, lambda layer: [_weights(desk, layer)], lambda _: [], given=True)]


def _weights(desk: Desk, layer: Layer) -> Table:
    """The starting values of one layer."""
    corner = say("network.to_from" if layer.kind.has_matrix_form else "network.filter_tap")

    activation, wiring = layer.spec.activation, layer.wiring
    facts = {
        "number": layer.number,
        "last": layer is desk.network.layers[-1],
        "units": layer.units,
        "activation": say_name("names", activation.name, activation.expression is not None),
        "weights": _product(layer),
        "one": wiring.rows * wiring.columns == 1,
        "biases": len(layer.bias_names),
        "shared": layer.spec.shared_bias and layer.units > 1,
    }

    def said(left_out: int, hidden: int) -> Say:
        return say("network.layer_start", cut=bool(hidden or left_out), **facts)

    table = unit_table(desk, layer, partial(Quantity, "value"), corner, said, most=WEIGHT_COLUMNS)
    return replace(table, name=f"start-{layer.number}")


def _conventions(desk: Desk) -> list[Block]:
    """What a reader must know to find the same numbers."""
    found: list[Say] = []
    spec = desk.network.spec
    training = spec.training
    if training.learning_rate is not None:
        found.append(_rate(desk))
    found += _frozen(desk)
    found += _shared_conventions(desk)
    for activation in activations(desk.network):
        kinks = kink_slopes(desk, activation)
        if kinks is not None:
            name = say_name("names", activation.name, own=False)
            slopes = kinks.slopes[:1] if len(set(kinks.slopes)) == 1 else kinks.slopes
            found.append(say("network.kink", name=name, places=list(kinks.places), slopes=list(slopes)))
    if spec.sequential:
        found.append(say("network.sequential"))
    return [paragraph(*found)] if found else []


def _rate(desk: Desk) -> Say:
    """The learning rate, and what else the optimizer is told."""
    return say("network.rate", rate=Tex(f"{desk.eta} {desk.equals(desk.rate)}"), others=optimizer_numbers(desk))


def _frozen(desk: Desk) -> list[Say]:
    """What is not trained, in one sentence for all layers where it is the same."""
    frozen: dict[tuple[bool, bool], list[int]] = {}
    for layer in desk.network.layers:
        kind = (not layer.spec.train_weights, not layer.spec.train_biases and bool(layer.biases))
        frozen.setdefault(kind, []).append(layer.number)
    return [
        say("network.frozen", numbers=numbers, weights=weights, biases=biases)
        for (weights, biases), numbers in frozen.items()
        if weights or biases
    ]


def _shared_conventions(desk: Desk) -> list[Say]:
    """Conventions of layered networks and graphs alike."""
    spec = desk.network.spec
    found: list[Say] = []
    batch = len(desk.run.iterations[0].samples)
    if len(desk.network.rows) > 1:
        found += (
            [say("network.reduction", objective=objective(desk), has_loss=desk.network.has_loss)] if batch > 1 else []
        )
        found.append(_epochs(desk))
    numbers = spec.numbers
    facts = {"kind": numbers.kind, "digits": numbers.digits, "step": numbers.rounding == "step"}
    found.append(say("network.numbers", **facts))
    if desk.sheet.ask(lambda figures: figures.has_more_digits):
        found.append(say("network.more_digits", **facts))
    if desk.sheet.ask(lambda figures: figures.short):
        found.append(say("network.too_many_digits"))
    return found


def _epochs(desk: Desk) -> Say:
    """What an epoch, a batch and an iteration are here."""
    rows = len(desk.network.rows)
    size = min(desk.network.spec.training.batch_size or rows, rows)
    return say("network.epochs", rows=rows, size=size, per_epoch=-(-rows // size), short=rows % size)


def _nodes(desk: Desk) -> list[Block]:
    """The nodes of a graph as formulas, and the values it starts from."""
    nodes = desk.network.graph.nodes
    rows: list[Row] = []
    from derive.expressions.print_tex import pieces

    for node in nodes[:TABLE_ROWS]:
        left = desk.symbol(node.name)
        lines = desk.lines(Tex("="), pieces(node.formula, desk.symbol), 3.0)
        rows += [Row(left, Tex("="), lines[0].right), *lines[1:]]
    facts = {"count": len(nodes), "table": table_reference(SYMBOLS)}
    said = [say("network.nodes", output=desk.symbol(desk.network.output), **facts)]
    if len(nodes) > TABLE_ROWS:
        said.append(say("network.nodes_cut", count=len(nodes) - TABLE_ROWS))
    return [
        paragraph(*said, *meanings_said(desk)),
        *meanings_table(desk),
        Display(tuple(rows)),
        symbols_of_graph(desk),
        *symbols(desk),
        *_values(desk),
        *_data(desk),
        *_graph_conventions(desk),
        *network_figure(desk),
    ]


def _values(desk: Desk) -> list[Block]:
    start = list(desk.network.start)
    if not start:
        return []
    rows = [(desk.symbol(name), desk.number(Quantity("value", name))) for name in start[:TABLE_ROWS]]
    head = (say("network.value_of"), say("network.value"))
    constants = [desk.symbol(n) for n in start if n not in desk.network.parameters]
    said = [say("network.values")]
    if constants and len(constants) <= 6:
        said.append(say("network.constants", names=constants))
    return [paragraph(*said), Table(head, tuple(rows), "lr")]


def _graph_conventions(desk: Desk) -> list[Block]:
    found: list[Say] = []
    if desk.network.spec.training.learning_rate is not None:
        found.append(_rate(desk))
    return [paragraph(*found, *_shared_conventions(desk))]
