"""δ of every unit as a document writes it: the short form where there is one, earlier results named."""

from __future__ import annotations

from derive.equations.chain import Step
from derive.expressions.tree import ZERO, Expr, Name, Negative, Product, Sum, plus, substitute
from derive.lesson.desk import Desk
from derive.lesson.figures import Figures
from derive.network import Layer
from derive.ops.shortcuts import SHORTCUTS


def simplification(desk: Desk, unit: int) -> tuple[Expr, ...] | None:
    """The lines to the short form of an output unit's δ; None where the activation and the loss have none."""
    network = desk.network
    assert network.spec.network is not None
    activation, loss = network.layers[-1].spec.activation, network.spec.network.loss
    if activation.expression is not None or loss.expression is not None:
        return None
    entry = SHORTCUTS.get((activation.name, loss.name))
    if entry is None or entry.lines is None or (entry.targets_sum_to_one and not desk.sheet.ask(targets_sum_to_one)):
        return None
    return entry.lines(unit, network.outputs, network.targets)


def targets_sum_to_one(figures: Figures) -> bool:
    """Whether the targets of every sample of the run sum to exactly 1."""
    targets = figures.network.targets
    samples = [sample for iteration in figures.run.iterations for sample in iteration.samples]
    return all(sum(sample.values[t] for t in targets) == 1 for sample in samples)


def delta_name(desk: Desk, z: str) -> str:
    """``delta1_4``."""
    return desk.network.names.gradient(z)


def is_output(desk: Desk, layer: Layer) -> bool:
    """Whether this is the last layer."""
    return layer.number == len(desk.network.layers)


def delta(desk: Desk, layer: Layer, j: int) -> Expr:
    """δ of unit j (from 0): ŷ - t or slope of the loss × slope of the activation; in a hidden layer
    (sum of later δ × weight) × slope of the activation.
    """
    if is_output(desk, layer):
        lines = simplification(desk, j)
        if lines is not None:
            return lines[-1]
        return over_outputs(desk, layer, j)
    terms = desk.step(layer.z[j]).terms
    if not terms:  # a convolution with a stride may leave a unit out
        return ZERO
    if len(terms) > 1:
        return desk.slope(layer.z[j])
    return terms[0]._replace(upstream=arriving(desk, layer, j)).product


def over_outputs(desk: Desk, layer: Layer, j: int) -> Expr:
    """The step of the chain rule with the loss's slopes written out."""
    return _with_slopes(desk, layer, j).gradient


def over_outputs_with_signs(desk: Desk, layer: Layer, j: int) -> Expr:
    """The same with the signs of both factors, where two minus signs cancel."""
    found = []
    for term in _with_slopes(desk, layer, j).terms:
        cancel = isinstance(term.upstream, Negative) and isinstance(term.local, Negative)
        found.append(Product((term.upstream, term.local)) if cancel else term.product)
    return plus(*found)


def _with_slopes(desk: Desk, layer: Layer, j: int) -> Step:
    names = desk.network.names
    slopes = {names.gradient(y): desk.slope(y) for y in desk.network.outputs}
    step = desk.step(layer.z[j])
    terms = (term._replace(upstream=substitute(term.upstream, slopes)) for term in step.terms)
    return step._replace(terms=tuple(terms))


def arriving(desk: Desk, layer: Layer, j: int) -> Expr:
    """∂E/∂a of a hidden unit: the sum, over the units of the next layer, of δ × weight."""
    return desk.slope(layer.a[j])


def short(expr: Expr) -> bool:
    """Whether a δ is short enough to stand in a product as it is: ŷ - t."""
    if not isinstance(expr, Sum) or len(expr.terms) != 2:
        return False
    return all(isinstance(t.operand if isinstance(t, Negative) else t, Name) for t in expr.terms)
