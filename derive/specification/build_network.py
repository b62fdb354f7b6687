"""A layered network from its fields: shapes agree, every number has its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flint import fmpq

from derive.arithmetic.reals import PlainValue
from derive.expressions.grammar import ExpressionError, parse
from derive.expressions.tree import Expr, Name, Number, names_in, substitute
from derive.model import ActivationSpec, DataRow, Given, LayerSpec, LossSpec, NetworkSpec
from derive.naming.names import Names
from derive.ops import LAYER_KINDS
from derive.ops.layers import Extent, Unfit, Wiring
from derive.place import Place, nearest, quoted
from derive.specification.fields import ROW
from derive.specification.form import Form
from derive.specification.kinds import BAD
from derive.specification.layers import MAX_PARAMETERS
from derive.specification.numerals import expression_problem, value_of
from derive.specification.random import Random

ZERO = Given("0", Number(fmpq(0), "0"))


def build_network(table: dict[str, Any], data: Any, place: Place) -> Form:
    """The network, its rows and its names; what is wrong is noted and missing."""
    here = place.at("network")
    inputs, tables = table["inputs"], table["layers"]
    if BAD in (inputs, tables):
        return Form()
    wirings = _wirings(len(inputs), tables, here.at("layers"))
    if wirings is None:
        return Form()
    names = _names(inputs, tables, wirings, here)
    if not _small_enough(wirings, tables, here):
        return Form(names)
    layers = []
    for number, (layer, wiring) in enumerate(zip(tables, wirings, strict=True), 1):
        layers.append(_layer(layer, number, wiring, here.at("layers").item(number - 1)))
    loss = _loss(table["loss"], names, here.at("loss"))
    rows = _rows(data, len(inputs), wirings[-1].units, table["loss"], place)
    if names is None or loss is None or rows is None or None in layers:
        return Form(names)
    network = NetworkSpec(inputs, tuple(layer for layer in layers if layer), loss)
    return Form(names, network, data=rows, complete=True)


def _wirings(inputs: int, tables: Any, place: Place) -> tuple[Wiring, ...] | None:
    """How each layer is joined to what comes in; None where an option is bad or does not fit, which is noted."""
    found: list[Wiring] = []
    extent = Extent(1, inputs)
    for number, table in enumerate(tables):
        if table["kind"] is BAD:
            return None
        kind = LAYER_KINDS[table["kind"]]
        options = {option.key: table[option.key] for option in kind.options}
        if BAD in options.values():
            return None
        try:
            found.append(kind.wiring(options, extent))
        except Unfit as error:
            place.item(number).at(error.key).error(error.problem, error.hint)
            return None
        extent = found[-1].after
    return tuple(found)


def _names(inputs: tuple[str, ...], tables: Any, wirings: tuple[Wiring, ...], place: Place) -> Names | None:
    """The names of the network, if its inputs' names are each its own."""
    shared = frozenset(l for l, layer in enumerate(tables, 1) if layer["shared_bias"] is True)
    unbiased = frozenset(l for l, layer in enumerate(tables, 1) if layer["biases"] is False)
    names = Names(inputs, wirings, shared, unbiased)
    before = len(place.errors)
    seen: set[str] = set()
    for i, name in enumerate(inputs):
        here = place.at("inputs").item(i)
        if name in seen:
            here.error(f"the name {quoted(name)} stands twice", "each input has a name of its own")
        elif what := names.clash(name):
            here.error(f"{quoted(name)} is the name of {what}", "choose another name for this input")
        seen.add(name)
    return names if len(place.errors) == before else None


def _small_enough(wirings: tuple[Wiring, ...], tables: Any, place: Place) -> bool:
    """The limits on parameters and on products of a weight and a number, before anything of that size is made."""
    parameters = products = 0
    for wiring, layer in zip(wirings, tables, strict=True):
        biases = 0 if layer["biases"] is False else 1 if layer["shared_bias"] is True else wiring.rows
        parameters += wiring.rows * wiring.columns + biases
        products += wiring.units * wiring.columns
    if parameters > MAX_PARAMETERS:
        place.at("layers").error(f"the network has {parameters:,} parameters", f"it may have {MAX_PARAMETERS:,}")
        return False
    if products > MAX_PARAMETERS:
        problem = f"the weights stand in {products:,} places"
        place.at("layers").error(
            problem, f"they may stand in {MAX_PARAMETERS:,}: take fewer filters, or a larger stride"
        )
        return False
    return True


def _layer(table: dict[str, Any], number: int, wiring: Wiring, place: Place) -> LayerSpec | None:
    before, kind = len(place.errors), LAYER_KINDS[wiring.kind]
    weights = _weights(table["weights"], number, wiring, place.at("weights"))
    biases = _biases(table, number, wiring, place.at("biases"))
    activation = _activation(table["activation"], place.at("activation"))
    if len(place.errors) > before or activation is None or BAD in table.values():
        return None
    return LayerSpec(
        wiring.units, weights, biases, activation, table["shared_bias"], table["train_weights"], table["train_biases"],
        kind.name, tuple((option.key, table[option.key]) for option in kind.options),
    )  # fmt: skip


def _weights(value: Any, number: int, wiring: Wiring, place: Place) -> tuple[tuple[Given, ...], ...]:
    rows, columns, kind = wiring.rows, wiring.columns, LAYER_KINDS[wiring.kind]
    if value is BAD:
        return ()
    if isinstance(value, Given):
        return ((value,) * columns,) * rows
    if isinstance(value, Random):
        flat = value.numbers(rows * columns, 2 * number)
        return tuple(flat[j * columns : (j + 1) * columns] for j in range(rows))
    if len(value) != rows:
        hint = f"give one row per {kind.row}, one column per {kind.column}"
        if len(value) == columns and all(len(row) == rows for row in value):
            hint += ": these rows look transposed"
        place.error(f"{_count(len(value), 'row')} of weights, layer {number} has {_count(rows, kind.row)}", hint)
        return ()
    for j, row in enumerate(value):
        if len(row) != columns:
            owner = f"layer {number} has {_count(columns, kind.column)}{_of_channels(wiring)}"
            problem = f"row {j + 1} has {_count(len(row), 'number')}, {owner}"
            place.error(problem, f"one column per {kind.column}; biases have a list of their own")
            break
    return tuple(value)


def _of_channels(wiring: Wiring) -> str:
    """How a row's columns come about where they are those of several channels."""
    channels = wiring.before.channels
    if LAYER_KINDS[wiring.kind].has_matrix_form or channels == 1:
        return ""
    return f" ({wiring.columns // channels} for each of {channels} channels)"


def _biases(table: dict[str, Any], number: int, wiring: Wiring, place: Place) -> tuple[Given, ...] | None:
    value, shared = table["biases"], table["shared_bias"]
    if BAD in (value, shared):
        return None
    count = 1 if shared else wiring.rows
    if value is False:
        if shared:
            place.error("'shared_bias = true' in a layer without biases", "leave out one of them")
        return None
    if value is None or isinstance(value, Given):
        return (value or ZERO,) * count
    if isinstance(value, Random):
        return value.numbers(count, 2 * number + 1)
    if len(value) != count:
        own = _count(count, LAYER_KINDS[wiring.kind].row)
        owner = "a shared bias is one number" if shared else f"layer {number} has {own}"
        place.error(f"{_count(len(value), 'bias', 'biases')}, {owner}", "give one number for each")
    return tuple(value)


def _activation(value: Any, place: Place) -> ActivationSpec | None:
    if value is None or value is BAD:
        return None if value is BAD else ActivationSpec()
    if value.expression is None:
        return ActivationSpec(value.name, tuple(value.parameters.items()))
    return ActivationSpec(value.name, (), own_expression(value.expression, ("z",), place.at("expression")))


def _loss(value: Any, names: Names | None, place: Place) -> LossSpec | None:
    if value is BAD or names is None:
        return None
    if value.expression is None:
        return LossSpec(value.name, tuple(value.parameters.items()))
    count = range(1, len(names.outputs) + 1)
    formal = {f"yhat{k}": names.outputs[k - 1] for k in count} | {f"t{k}": names.targets[k - 1] for k in count}
    if len(names.outputs) == 1:
        formal |= {"yhat": names.outputs[0], "t": names.targets[0]}
    expression = own_expression(value.expression, tuple(formal), place.at("expression"))
    if expression is None:
        return None
    return LossSpec(value.name, (), substitute(expression, {key: Name(name) for key, name in formal.items()}))


def own_expression(text: str, variables: tuple[str, ...], place: Place) -> Expr | None:
    """The author's own activation or loss, in these variables only."""
    try:
        expression = parse(text, names=variables)
    except ExpressionError as error:
        place.error(expression_problem(error, text), error.hint)
        return None
    used = names_in(expression)
    for name in used:
        if name not in variables:
            place.error(f"unknown name {quoted(name)}", nearest(name, variables, 12))
            return None
    if not used:
        place.error("the expression is a constant", f"write it in {', '.join(variables[:6])}")
        return None
    return expression


def _rows(data: Any, inputs: int, outputs: int, loss: Any, place: Place) -> tuple[DataRow, ...] | None:
    if data is BAD:
        return None
    if not data:
        place.error("there is no [[data]]", "a layered network needs at least one row: x = […], t = […]")
        return None
    before = len(place.errors)
    rows = []
    for number, entry in enumerate(data):
        here = place.at("data").item(number)
        table = ROW.read(entry, here)
        if BAD not in table.values():
            _check_length(table["x"], inputs, "input", here.at("x"))
            _check_length(table["t"], outputs, "output", here.at("t"))
            _check_targets(table["t"], loss, here.at("t"))
            rows.append(DataRow(table["x"], table["t"]))
        if len(place.errors) - before >= 10:
            break
    return tuple(rows) if len(place.errors) == before else None


def _check_length(numbers: tuple[Given, ...], count: int, what: str, place: Place) -> None:
    if len(numbers) != count:
        place.error(
            f"{_count(len(numbers), 'number')}, the network has {_count(count, what)}", f"give one for each {what}"
        )


_TARGETS: Mapping[str, tuple[Callable[[PlainValue], bool], str]] = {
    "unit": (lambda t: 0 <= t <= 1, "between 0 and 1"),
    "signs": (lambda t: t in (-1, 1), "-1 or 1"),
    "weights": (lambda t: t >= 0, "0 or above"),
}


def _check_targets(numbers: tuple[Given, ...], loss: Any, place: Place) -> None:
    """Targets that a loss is made for: 0 to 1 for the binary cross entropy, ±1 for hinge."""
    if loss is BAD or loss.expression is not None:
        return
    from derive.ops import LOSSES

    rule = _TARGETS.get(LOSSES[loss.name].targets)
    if rule is None:
        return
    allowed, words = rule
    for k, number in enumerate(numbers):
        if not allowed(value_of(number)):
            place.item(k).error(f"the target {number.text} does not fit {loss.name}", f"its targets are {words}")
            return


def _count(number: int, noun: str, plural: str = "") -> str:
    return f"{number:,} {noun if number == 1 else plural or noun + 's'}"
