"""Part 5 in the style ``delta``: δ of every unit, layer by layer; then each gradient is one product."""

from __future__ import annotations

from collections.abc import Sequence

from derive.expressions.tree import Expr, Name, plus, times
from derive.lesson.blocks import Block, Display, Heading, Row, note, paragraph, say
from derive.lesson.delta_drawing import delta_figure
from derive.lesson.deltas import arriving, delta, delta_name, is_output, simplification
from derive.lesson.desk import BLANK, Desk
from derive.lesson.general import bias_of, general, output_of, partial, renewed, sequential, shares, softmax
from derive.lesson.limits import WORKED_UNITS, by_layer, worked_layers, worked_units
from derive.lesson.parts.forward import chunks
from derive.lesson.parts.gates import gates
from derive.lesson.parts.layer_kinds import rules, way_back
from derive.lesson.parts.layer_tables import delta_values, gradient_values, new_values
from derive.lesson.parts.reduction import reduction
from derive.lesson.parts.small_change import meaning_of_delta, small_change
from derive.lesson.parts.table import delta_table
from derive.lesson.remarks import quiet_units
from derive.naming.notation import new_value
from derive.network import Layer
from derive.words.runs import Say, Tex

EQUALS = Tex("=")
DELTA = "delta"
MAX_RULES = 5
"""So many lines of rules stand in one display."""


def backward_delta(desk: Desk) -> list[Block | Heading]:
    """The backward pass of a layered network: first all δ, then all gradients.

    In the sequential order a layer is updated before the layer below it begins, so δ and gradients take turns.
    """
    layers = tuple(reversed(desk.network.layers))
    blocks: list[Block | Heading] = [
        paragraph(say("delta.opening", symbol=general(desk, DELTA, "l", "j"), sums=any(map(_is_shared, layers)))),
        *_rules(desk),
        *([paragraph(*_inputs(desk))] if any(map(_is_dense, layers)) else []),
        *delta_figure(desk),
    ]
    if sequential(desk):
        blocks += by_layer(desk, layers, lambda layer: _turn(desk, layer), lambda layer: _beside(desk, layer))
        return [*blocks, *_quiet(desk)]
    blocks += by_layer(desk, layers, lambda layer: _deltas(desk, layer), lambda layer: _beside(desk, layer))
    return [*blocks, *_quiet(desk), *_gradients(desk, worked_layers(desk, layers))]


def _turn(desk: Desk, layer: Layer) -> list[Block | Heading]:
    """All about one layer: δ, gradients, and the new weights that the layer below uses."""
    new = new_values(desk, layer) if layer.number > 1 else []
    return [*_deltas(desk, layer), *_gradients(desk, (layer,)), *new]


def _beside(desk: Desk, layer: Layer) -> list[Block]:
    """What the next layer needs of one that is left out."""
    return [*delta_table(desk, layer), *(new_values(desk, layer) if sequential(desk) else [])]


def _quiet(desk: Desk) -> list[Block]:
    return [note(remark) for remark in quiet_units(desk)]


def _inputs(desk: Desk) -> list[Say]:
    """What the weights multiply."""
    said = [
        say(
            "delta.inputs",
            a=general(desk, "a", "l-1", "i"),
            mixed=_mixed(desk),
            first=_is_dense(desk.network.layers[0]),
        )
    ]
    if desk.notation.bias_unit:
        biased = [layer for layer in desk.network.layers if layer.biases and _is_dense(layer)]
        shared = [shares(layer) for layer in biased]
        said.append(
            say(
                "delta.constant",
                a=general(desk, "a", "l-1", "0"),
                delta=desk.any("delta"),
                own=not all(shared),
                shared=any(shared),
                mixed=_mixed(desk),
            )
        )
    return said


# The rules, once for all layers


def _rules(desk: Desk) -> list[Display]:
    """How δ begins, how it goes back, and how each gradient comes from it."""
    symbol = general(desk, DELTA, "l", "j")
    defined = Row(symbol, EQUALS, partial(desk.symbol(desk.network.output), general(desk, "z", "l", "j")))
    return _displays([(defined, *output_rules(desk)), *_entry_steps(desk), tuple(rules(desk))])


def entry_rules(desk: Desk) -> list[Display]:
    """How δ begins and goes back, and how each gradient comes from it, for one unit, from the chain rule."""
    return _displays([tuple(output_rules(desk)), *_entry_steps(desk)])


def _entry_steps(desk: Desk) -> list[tuple[Row, ...]]:
    symbol, loss = general(desk, DELTA, "l", "j"), desk.symbol(desk.network.output)
    found = (_hidden_rules(desk, loss, symbol), _weight_rules(desk, loss, symbol), _bias_rules(desk, loss, symbol))
    return [tuple(rows) for rows in found]


def _displays(steps: list[tuple[Row, ...]]) -> list[Display]:
    """No step is broken in two."""
    return [Display(rows) for rows in chunks((rows for rows in steps if rows), most=MAX_RULES)]


def output_rules(desk: Desk) -> list[Row]:
    """How δ begins: the chain rule through the output, or outputs, and where it simplifies what becomes of it."""
    network = desk.network
    loss, last, one = desk.symbol(network.output), network.layers[-1], len(network.outputs) == 1
    index = "1" if one else "j"
    left = general(desk, DELTA, last.number, index)
    y = desk.symbol(network.outputs[0]) if one else output_of(desk, "j")
    z = general(desk, "z", last.number, index)
    if softmax(desk, last):
        chain = Tex(rf"\sum_{{i}} {partial(loss, _at(desk, y, one))} \cdot {partial(_at(desk, y, one), z)}")
    else:
        chain = Tex(rf"{partial(loss, y)} \cdot {partial(y, z)}")
    short = simplification(desk, 0) is not None
    reason = say("delta.output_rule", short=short)
    if not short:
        return [Row(left, EQUALS, chain, reason)]
    target = desk.symbol(network.targets[0]) if one else Tex("t_{j}")
    return _derived(left, chain, Tex(f"{y} - {target}"), reason)


def _at(desk: Desk, y: Tex, one: bool) -> Tex:
    return y if one else output_of(desk, "i")


def _hidden_rules(desk: Desk, loss: Tex, symbol: Tex) -> list[Row]:
    hidden = [layer for layer in desk.network.layers[:-1] if _is_dense(desk.network.layers[layer.number])]
    rows = []
    weight = general(desk, "w", "l+1", "kj")
    if any(renewed(desk, layer) for layer in desk.network.layers[1:]):
        weight = Tex(new_value(weight))
    if any(not softmax(desk, layer) for layer in hidden):
        a, z = general(desk, "a", "l", "j"), general(desk, "z", "l", "j")
        later = general(desk, DELTA, "l+1", "k")
        arriving = rf"\biggl( \sum_{{k}} {later}\, {weight} \biggr)"
        right, reason = Tex(rf"{arriving}\, {partial(a, z)}"), say("delta.hidden_rule", mixed=_mixed(desk))
        if any(renewed(desk, layer) for layer in desk.network.layers[1:]):  # which is no chain rule of one loss
            rows.append(Row(symbol, EQUALS, right, reason))
        else:
            through = rf"{partial(general(desk, 'z', 'l+1', 'k'), a)} \cdot {partial(a, z)}"
            rows += _derived(symbol, Tex(rf"\sum_{{k}} {later}\, {through}"), right, reason)
    if any(softmax(desk, layer) for layer in hidden):
        a, z = general(desk, "a", "l", "i"), general(desk, "z", "l", "j")
        right = Tex(rf"\sum_{{i}} {partial(loss, a)} \cdot {partial(a, z)}")
        rows.append(Row(symbol, EQUALS, right, say("delta.softmax_rule")))
    return rows


def _is_dense(layer: Layer) -> bool:
    """Whether the rules for any unit of any layer are true of this one."""
    return layer.kind.has_matrix_form


def _mixed(desk: Desk) -> bool:
    """Whether a rule must say that it is one of dense layers."""
    return not desk.network.has_matrix_form


def _is_shared(layer: Layer) -> bool:
    return layer.wiring.is_shared


def _weight_rules(desk: Desk, loss: Tex, symbol: Tex) -> list[Row]:
    if not any(map(_is_dense, desk.network.layers)):
        return []
    weight = general(desk, "w", "l", "ji")
    chain = Tex(rf"{symbol}\, {partial(general(desk, 'z', 'l', 'j'), weight)}")
    right = Tex(rf"{symbol}\, {general(desk, 'a', 'l-1', 'i')}")
    return _derived(partial(loss, weight), chain, right, say("delta.weight_rule", mixed=_mixed(desk)))


def _derived(left: Tex, chain: Tex, right: Tex, reason: Say) -> list[Row]:
    """A rule in two lines: the chain rule, then its local derivatives put in."""
    return [Row(left, EQUALS, chain, say("rules.chain")), Row(BLANK, EQUALS, right, reason)]


def _bias_rules(desk: Desk, loss: Tex, symbol: Tex) -> list[Row]:
    layers = [layer for layer in desk.network.layers if layer.biases and _is_dense(layer)]
    rows = []
    if any(not shares(layer) for layer in layers) and not desk.notation.bias_unit:
        bias = bias_of(desk, "l", "j")
        chain = Tex(rf"{symbol}\, {partial(general(desk, 'z', 'l', 'j'), bias)}")
        rows += _derived(partial(loss, bias), chain, symbol, say("delta.bias_rule", mixed=_mixed(desk)))
    if any(map(shares, layers)):
        right = Tex(rf"\sum_{{j}} {symbol}")
        rows.append(Row(partial(loss, bias_of(desk, "l")), EQUALS, right, say("delta.shared_rule")))
    return rows


# The numbers, layer by layer


def _deltas(desk: Desk, layer: Layer) -> list[Block | Heading]:
    """δ of the units of a layer: some in full, the others (and the other samples) in a table."""
    units = worked_units(desk, layer)
    last = is_output(desk, layer)
    following = desk.network.layers[layer.number] if not last else layer
    back = None if last else way_back(desk, following)
    title = say("delta.layer", number=layer.number, delta=desk.any(DELTA), last=last)
    worked = [desk.symbol(delta_name(desk, layer.z[j])) for j in units] if len(units) < layer.units else []
    mixed = not last and softmax(desk, layer)
    said = []
    if not last and back is None:
        facts = {"fed": following.units, "renewed": renewed(desk, following)}
        said.append(say("delta.feeds", following=following.number, delta=desk.any(DELTA), **facts))
    if worked:
        said.append(say("delta.worked", units=layer.units, worked=worked))
    said += [] if back is None else [back]
    said += [say("delta.softmax_first")] if mixed else []
    blocks: list[Block | Heading] = [Heading(f"delta{layer.number}", title), *([paragraph(*said)] if said else [])]
    if mixed:
        blocks += [_arriving(desk, layer, k) for k in range(min(layer.units, WORKED_UNITS))]
    for j in units:
        quantity = desk.own("gradient", layer.z[j])
        blocks.append(Display(desk.worked(_delta_symbol(desk, layer, j), quantity, _forms(desk, layer, j))))
        meaning = meaning_of_delta(desk, layer.z[j])
        blocks += [paragraph(*meaning)] if meaning else []
    return [*blocks, *delta_values(desk, layer, units)]


def _arriving(desk: Desk, layer: Layer, k: int) -> Display:
    """∂E/∂a of a unit: every δ of a softmax layer needs it."""
    a = layer.a[k]
    return Display(desk.worked(desk.gradient(a), desk.own("gradient", a), (arriving(desk, layer, k),)))


def _delta_symbol(desk: Desk, layer: Layer, j: int) -> Tex:
    return desk.symbol(delta_name(desk, layer.z[j]))


def _forms(desk: Desk, layer: Layer, j: int) -> tuple[Expr, ...]:
    """The chain rule with its derivatives named, where it is not one of the rules above; then its formula."""
    formula = delta(desk, layer, j)
    if not is_output(desk, layer) or simplification(desk, j) is not None:
        return (formula,)
    z, loss = layer.z[j], desk.network.output
    terms = desk.derivation.step(z).terms
    return (plus(*(times(Name(f"d{loss}/d{t.via}"), Name(f"d{t.via}/d{z}")) for t in terms)), formula)


def _gradients(desk: Desk, layers: Sequence[Layer]) -> list[Block | Heading]:
    """The gradients of these layers: the shown ones in full, reduced over the samples; the others in tables."""
    several = len(desk.run.iterations[0].samples) > 1
    blocks: list[Block | Heading] = []
    for layer in layers:
        blocks += [*_worked(desk, layer), *([] if several else _others(desk, layer))]
    if several:
        shown = tuple(name for layer in layers for name in _shown(desk, layer))
        blocks += reduction(desk, shown) if shown else []
        for layer in layers:
            blocks += _others(desk, layer)
    return blocks


def _worked(desk: Desk, layer: Layer) -> list[Block | Heading]:
    heading = say("delta.gradients", number=layer.number, last=is_output(desk, layer))
    blocks: list[Block | Heading] = [Heading(f"gradients{layer.number}", heading)]
    for name in _in_full(desk, layer):
        blocks.append(Display(desk.worked(desk.gradient(name), desk.own("gradient", name), (desk.slope(name),))))
        blocks += [*small_change(desk, name), *gates(desk, name)]
    return blocks


def _others(desk: Desk, layer: Layer) -> list[Block]:
    done = _in_full(desk, layer)
    names = [name for name in (*layer.weight_names, *layer.bias_names) if name not in set(done)]
    return gradient_values(desk, layer, names, others=bool(done))


def _in_full(desk: Desk, layer: Layer) -> tuple[str, ...]:
    """The shown parameters of a layer, and a bias that its units share."""
    shared = layer.bias_names if shares(layer) else ()
    return tuple(dict.fromkeys((*_shown(desk, layer), *shared)))


def _shown(desk: Desk, layer: Layer) -> tuple[str, ...]:
    return desk.shown_among({*layer.weight_names, *layer.bias_names})
