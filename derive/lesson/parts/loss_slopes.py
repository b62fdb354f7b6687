"""Part 4, its end: the derivative of the loss by each output, and where both together become δ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.expressions.print_tex import pieces, tex, width
from derive.expressions.tree import Call, Derivative, Expr, Name, Product, plus, substitute, walk
from derive.lesson.blocks import Block, Display, Row, paragraph, say
from derive.lesson.definitions import in_cases
from derive.lesson.deltas import delta, over_outputs, over_outputs_with_signs, simplification
from derive.lesson.desk import BLANK, Desk
from derive.lesson.long_sums import MIDDLING_SUM, shortened
from derive.lesson.parts.introduction import say_name
from derive.lesson.tidying import tidied
from derive.lesson.working_lines import worked_lines
from derive.network.graph import Node
from derive.network.output_loss import OutputLoss
from derive.words.runs import Tex

MAX_OUTPUTS_IN_A_LOSS = 3
"""The loss of more outputs is written as that of the output alone."""
MAX_SLOPES = 6
"""At most this many outputs for which the derivative of an author's loss is worked, where it is not alike for all."""
BY_BRANCHES = {"hinge": ("constant_multiple",), "huber": ("power", "absolute_value")}
"""Losses that are differentiated branch by branch, with the rules of that."""


def loss_slopes(desk: Desk) -> list[Block]:
    """The derivative of the loss by the outputs, and by the weighted inputs where that takes a step of its own."""
    return [*_loss(desk), *_short_delta(desk)]


def _loss(desk: Desk) -> list[Block]:
    """The derivative of the loss by each output whose formula is not that of an earlier one with other indices."""
    network = desk.network
    node = network.graph.by_name[network.output]
    assert network.spec.network is not None
    loss = network.spec.network.loss
    blocks: list[Block] = []
    groups = _groups(desk, node)
    for output, *likewise in groups[:MAX_SLOPES]:
        named = likewise if len(groups) > 1 else []
        facts = {"output": desk.symbol(output), "likewise": [desk.symbol(name) for name in named]}
        if not blocks:
            name = say_name("names", loss.name, loss.expression is not None)
            blocks.append(paragraph(say("derivatives.loss", name=name, others=len(groups) == 1 and likewise, **facts)))
        else:
            blocks.append(paragraph(say("derivatives.loss_by", **facts)))
        slope = _slope(desk, node, output)
        blocks.append(slope if len(groups) > 1 else replace(slope, rows=desk.numbered("loss_slope", slope.rows)))
    if len(groups) > MAX_SLOPES:
        count = sum(map(len, groups[MAX_SLOPES:]))
        blocks.append(paragraph(say("derivatives.loss_more", count=count)))
    return [*blocks, *_kinks(desk, node.formula)]


def _groups(desk: Desk, node: Node) -> list[list[str]]:
    """The outputs; those stand together whose derivatives differ in nothing but the indices of output and target."""
    network = desk.network
    if isinstance(node.operation, OutputLoss):
        return [list(network.outputs)]
    groups: list[list[str]] = []
    for output, target in zip(network.outputs, network.targets, strict=True):
        slope = _known(node, output)
        for group in groups:
            first = group[0]
            its_target = network.targets[network.outputs.index(first)]
            swapped = {output: first, first: output, target: its_target, its_target: target}
            if substitute(slope, {old: Name(new) for old, new in swapped.items()}) == _known(node, first):
                group.append(output)
                break
        else:
            groups.append([output])
    return groups


def _known(node: Node, output: str) -> Expr:
    """The derivative of the loss by an output; 0 where the author's loss does not use it."""
    return node.operation.local(node.name, node.inputs, node.inputs.index(output)) if output in node.inputs else plus()


def _slope(desk: Desk, node: Node, output: str) -> Display:
    """One derivative of the loss, worked line by line."""
    network = desk.network
    left = desk.reduced_gradient(output)
    known = _known(node, output)
    operation, formula = node.operation, node.formula
    if isinstance(operation, OutputLoss):
        target = network.targets[network.outputs.index(output)]
        if operation.kind in BY_BRANCHES:
            return _by_branches(desk, operation, output, target)
        if len(network.outputs) > MAX_OUTPUTS_IN_A_LOSS:
            formula = operation.formula(node.name, (output, target))
            formula = formula / len(network.outputs) if operation.loss.mean else formula
    return worked_lines(left, formula, output, known, symbol=desk.symbol, page=desk.page)


def _by_branches(desk: Desk, operation: OutputLoss, output: str, target: str) -> Display:
    """A loss with branches: each differentiated, then the slopes, then both in the formula that is used."""
    left, known = desk.reduced_gradient(output), operation.slope(output, target)
    branches = operation.branches(output, target)
    smooth = [branch for branch in branches if branch.relation != "="]
    steps = [(tex(Derivative(tidied(branch.term), output), desk.symbol, partial=True), branch) for branch in smooth]
    slopes = [(tex(tidied(branch.derivative), desk.symbol), branch) for branch in branches]
    rules = [say(f"rules.{rule}") for rule in BY_BRANCHES[operation.kind]]
    whole = desk.lines(Tex("="), pieces(known, desk.symbol), width(left))
    rows = (
        Row(left, Tex("="), in_cases(desk, steps)),
        Row(BLANK, Tex("="), in_cases(desk, slopes), say("rules.several", rules=rules)),
        Row(whole[0].left, whole[0].relation, whole[0].right, say("rules.one_formula")),
        *whole[1:],
    )
    return Display(rows)


def _kinks(desk: Desk, formula: Expr) -> list[Block]:
    """By which conventions the loss has a slope at a kink. The branches of the Huber loss meet with the same slope."""
    assert desk.network.spec.network is not None
    loss = desk.network.spec.network.loss
    if loss.expression is None and loss.name == "huber":
        return [paragraph(say("derivatives.loss_smooth"))]
    used = {part.function for part in walk(formula) if isinstance(part, Call)}
    facts = {"absolute": "abs" in used, "tie": not used.isdisjoint(("max", "min"))}
    return [paragraph(say("derivatives.loss_kinks", **facts))] if any(facts.values()) else []


def _short_delta(desk: Desk) -> list[Block]:
    """δ = ŷ - t derived where output activation and loss belong together; the sum over the outputs of a softmax."""
    network = desk.network
    last = network.layers[-1]
    short = simplification(desk, 0)
    softmax = last.spec.activation.expression is None and last.spec.activation.name == "softmax"
    if short is None and not softmax:
        return []
    left = desk.symbol(network.names.gradient(last.z[0]))
    rows: list[Row] = [Row(left, Tex("="), desk.reduced_gradient(last.z[0]))]
    several = softmax and len(network.outputs) > 1
    lines = short or _over_outputs(desk)
    for line in (*(_over_outputs(desk)[:1] if short and several else ()), *lines):
        rows += desk.lines(Tex("="), pieces(line, desk.symbol), width(left))
    facts = {"symbol": left, "unit": desk.symbol(last.z[0]), "outputs": len(network.outputs)}
    both = (desk.number_of("loss_slope"), desk.number_of(f"slope_{last.spec.activation.name}"))
    slopes = both if all(both) else ()
    said = say("derivatives.delta_outputs", **facts) if softmax else say("derivatives.delta", slopes=slopes, **facts)
    sums = several and short is not None
    return [
        paragraph(said),
        Display(desk.numbered("delta", rows)),
        *([paragraph(say("derivatives.delta_sum"))] if sums else []),
    ]


def _over_outputs(desk: Desk) -> Sequence[Expr]:
    """δ of the first unit of a softmax: the chain rule over all outputs, then with the derivatives put in."""
    network = desk.network
    z = network.layers[-1].z[0]
    gradient = network.names.gradient
    terms = [Product((Name(gradient(y)), Name(f"d{y}/d{z}"))) for y in network.outputs]
    last = network.layers[-1]
    signed, found = over_outputs_with_signs(desk, last, 0), delta(desk, last, 0)
    lines = (plus(*terms), *([signed] if signed != over_outputs(desk, last, 0) else []), found)
    return tuple(shortened(line, MIDDLING_SUM) for line in lines)
