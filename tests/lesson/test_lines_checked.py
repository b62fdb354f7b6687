"""A line that does not give its number is never printed: planted false lines are caught in every style."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from flint import arb, fmpq

from derive import network, specification
from derive.cli import main
from derive.errors import DeriveError
from derive.expressions.tree import Sum
from derive.lesson import STYLES, lines_checked, matrices
from derive.lesson.desk import Desk
from derive.lesson.figures import Figures
from derive.lesson.parts import matrix, matrix_forward
from derive.render import document
from derive.render.document import Press, notes

EXAMPLES = sorted((Path(__file__).parents[2] / "examples").glob("*.toml"))
BATCH = """
title = "T"
[network]
inputs = 2
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.1, {w}], [0.3, -0.35]]
biases = [0.1, 0.2]
[[network.layers]]
units = 1
activation = "tanh"
weights = [[0.5, -0.5]]
biases = 0.3
[[data]]
x = [1, 2]
t = [1]
[[data]]
x = [0.5, -1]
t = [0]
[training]
learning_rate = 0.5
[numbers]
rounding = "{rounding}"
"""
ROUNDINGS = ("end", "step")


def built(w="0.2", rounding="end"):
    return network.build(specification.loads(BATCH.format(w=w, rounding=rounding)))


def falsified(monkeypatch, change):
    """Documents are made from a run that ``change`` has changed after it was proven."""
    figures = document.figures_of

    def changed(work):
        return figures(replace(work, run=change(work.run)))

    monkeypatch.setattr(document, "figures_of", changed)


def with_other_updates(run):
    """A run whose new values come from another rule: a step twice as long."""
    first, *others = run.iterations
    updated = {name: 2 * new - first.parameters[name] for name, new in first.updated.items()}
    return replace(run, iterations=(replace(first, updated=updated), *others))


@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("style", STYLES)
def test_a_false_update_rule_is_caught(style, rounding, monkeypatch):
    assert notes(built(rounding=rounding), style=style)
    falsified(monkeypatch, with_other_updates)
    with pytest.raises(DeriveError, match=r"the line that leads to w\d_\d_\d' does not give it: nothing is printed"):
        notes(built(rounding=rounding), style=style)


@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("style", STYLES)
def test_a_lost_term_is_caught(style, rounding, monkeypatch):
    put_in = Desk.put_in

    def without_last_term(self, form, quantity, values, *longest):
        kept, named = put_in(self, form, quantity, values, *longest)
        return (Sum(kept.terms[:-1]) if isinstance(kept, Sum) else kept), named

    monkeypatch.setattr(Desk, "put_in", without_last_term)
    with pytest.raises(DeriveError, match="does not give it"):
        notes(built(rounding=rounding), style=style)


@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("style", STYLES)
def test_a_wrong_sample_is_caught(style, rounding, monkeypatch):
    resolve = Figures.resolve

    def other_sample(self, name, iteration, sample):
        return resolve(self, name, iteration, 1 - sample if name in ("x1", "a1_1") and iteration == 0 else sample)

    monkeypatch.setattr(Figures, "resolve", other_sample)
    with pytest.raises(DeriveError, match="does not give it"):
        notes(built(rounding=rounding), style=style)


@pytest.mark.parametrize(
    ("kind", "names"), [("value", ("x1", "x2")), ("value", ("a1_1", "a1_2")), ("gradient", ("z2_1",))]
)
def test_a_wrong_sample_in_a_vector_is_caught(kind, names, monkeypatch):
    own = matrices.own_vector

    def other_sample(desk, given, shown, of="value"):
        if of == kind and given == names:
            return matrices.vector(given, shown, of, 1 - desk.sample)
        return own(desk, given, shown, of)

    for module in (matrix_forward, matrix):
        monkeypatch.setattr(module, "own_vector", other_sample)
    with pytest.raises(DeriveError, match="does not give it"):
        notes(built(), style="matrix")


def test_a_wrong_matrix_of_a_batch_is_caught(monkeypatch):
    weights = matrix.weights
    monkeypatch.setattr(matrix, "weights", lambda layer, units, kind="value", sample=0: weights(layer, units, kind, 0))
    with pytest.raises(DeriveError, match="the line that leads to dE/dw"):
        notes(built(), style="matrix")


@pytest.mark.parametrize("style", STYLES)
def test_a_text_that_is_filled_in_anew_is_checked(style, monkeypatch):
    press = Press(style=style)
    assert press.notes(built("0.25"))
    skeletons = sum(map(len, press._skeletons.values()))
    assert press.notes(built("0.26"))
    assert sum(map(len, press._skeletons.values())) == skeletons, "the same text serves both"
    falsified(monkeypatch, with_other_updates)
    with pytest.raises(DeriveError, match="does not give it"):
        press.notes(built("0.2"))


def test_nothing_is_written_and_the_status_is_that_of_checks_that_disagree(tmp_path, monkeypatch, capsys):
    falsified(monkeypatch, with_other_updates)
    spec, target = tmp_path / "t.toml", tmp_path / "t.md"
    spec.write_text(BATCH.format(w="0.2", rounding="end"), encoding="utf-8")
    assert main(["notes", str(spec), "-o", str(target)]) == 2
    assert "this is a fault of derive, not of the file" in capsys.readouterr().err
    assert not target.exists()


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_line_of_the_examples_can_be_worked(path, monkeypatch):
    """No line is passed over because it has no value in balls, and there are as many as a page has."""
    checked = []

    def strict(truth, line):
        found = line.compute(*map(truth.number, line.operands))
        checked.append(line)
        return lines_checked.apart(found, truth.number(line.quantity))

    monkeypatch.setattr(lines_checked, "_is_false", strict)
    net = network.build(specification.load(path))
    for style in ("graph", "matrix") if net.has_matrix_form else ("graph", "routes"):
        checked.clear()
        notes(net, style=style)
        assert len(checked) >= len(net.graph.nodes)


def test_numbers_are_apart_only_where_it_is_certain():
    assert lines_checked.apart(fmpq(1, 3), fmpq(1, 2))
    assert not lines_checked.apart(fmpq(1, 3), arb(1) / 3)
    assert not lines_checked.apart(arb("0.3 +/- 0.1"), arb("0.39 +/- 0.01"))
    assert lines_checked.apart(arb("0.3 +/- 0.1"), arb("0.5 +/- 0.01"))
