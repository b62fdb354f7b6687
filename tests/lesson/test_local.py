"""A derivative is the whole one unless it is marked: one symbol, one number, in every style of a graph."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace

import pytest

from derive import network, specification
from derive.naming.notation import Notation
from derive.network import Network
from tests.lesson.test_lines import agrees, steps
from tests.support.lesson.calculator import Number, Unreadable, calculate
from tests.support.lesson.documents import gradients_json, notes, worked_sample
from tests.support.lesson.pages import example_text
from tests.support.random_specs import graph

pytestmark = pytest.mark.usefixtures("one_proof")

STYLES = ("graph", "routes")

MARK = r"\rvert_{\mathrm{local}}"
LOCAL = rf"\biggr{MARK}"


def lines(net: Network, style: str) -> Iterator[tuple[str, Number]]:
    """What stands on the left of every step, and its number; ``∂f/∂x = s = 3`` is read to its end."""
    for left, rows in steps(json.loads(notes(net, to="json", style=style))):
        last = rows[-1].right.replace(r"\\approx", "=").rpartition("=")[2]
        try:
            yield left, calculate(last)
        except Unreadable:
            continue


def whole_derivatives(net: Network) -> dict[str, Number]:
    """TeX of the derivative of every node by every quantity under it, by a run whose output is that node."""
    notation = Notation.of(net.spec, net.names)
    assert net.spec.graph is not None
    row = worked_sample(json.loads(gradients_json(net, 30))["iterations"][0], net.parameters)["row"]
    mark = f"[{row}]" if len(net.rows) > 1 else ""
    found: dict[str, Number] = {}
    for node in net.graph.nodes:
        own = replace(net.spec, graph=replace(net.spec.graph, output=node.name))
        sample = json.loads(gradients_json(network.build(own), 30))["iterations"][0]["samples"][row - 1]
        top = notation.tex(node.name + mark) if node.name == net.output else notation.tex(node.name)
        for name, value in sample["gradients"].items():
            found[notation.derivative(top, notation.tex(name))] = calculate_plain(value)
    return found


def calculate_plain(text: str) -> Number:
    mantissa, _, exponent = text.partition("e")
    return calculate(mantissa) * calculate("10") ** int(exponent or 0)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("seed", range(24))
def test_unmarked_is_whole(seed: int, style: str) -> None:
    net = network.build(specification.loads(graph(seed)))
    true = whole_derivatives(net)
    policy = net.spec.numbers
    for left, number in lines(net, style):
        if left in true:
            assert agrees(true[left], number, policy.kind, policy.digits), left


@pytest.mark.parametrize("style", STYLES)
def test_the_mark_is_explained_before_it_is_used(style: str) -> None:
    text = notes(network.build(specification.loads(example_text("fan_out"))), style=style)
    marked = rf"\frac{{\partial p}}{{\partial a}}{LOCAL}"
    assert text.count(f"The mark ${MARK}$ stands for the local derivative of") == 1
    assert text.index(f"${MARK}$") < text.index(marked)
    assert text.count(marked) >= 2
    assert r"\frac{\partial p}{\partial a} " not in text.replace(marked, "")


@pytest.mark.parametrize("style", STYLES)
def test_no_mark_without_need(style: str) -> None:
    assert LOCAL not in notes(network.build(specification.loads(example_text("three_inputs"))), style=style)


def test_a_node_of_a_graph_notes_all_its_local_gradients() -> None:
    """Each has its own formula, and the backward pass puts the number of each in."""
    net = network.build(specification.loads(graph(0)))
    out = net.graph.by_name[net.output]
    assert len(set(out.inputs)) > 4
    forward = notes(net, style="graph").partition("## Forward pass")[2].partition("\n## ")[0]
    notation = Notation.of(net.spec, net.names)
    row = worked_sample(json.loads(gradients_json(net, 30))["iterations"][0], net.parameters)["row"]
    mark = f"[{row}]" if len(net.rows) > 1 else ""
    for source in out.inputs:
        assert notation.derivative(notation.tex(net.output + mark), notation.tex(source)) in forward
