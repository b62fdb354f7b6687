"""The style ``delta``: δ of every unit layer by layer, then each gradient as one product."""

from __future__ import annotations

import json
from fractions import Fraction
from itertools import pairwise

import pytest

from derive import network, specification
from derive.naming.notation import Notation
from derive.render.document import Press
from tests.lesson.test_lines import agrees, steps
from tests.support.lesson.calculator import Unreadable, calculate
from tests.support.lesson.documents import gradients_json, notes, worked_sample
from tests.support.lesson.layered_specs import OPTIONS, text

pytestmark = pytest.mark.usefixtures("one_proof")

STYLE = "delta"


def build(name: str, **options: object) -> network.Network:
    return network.build(specification.loads(text(name, **options)))  # type: ignore[arg-type]


def backward(net: network.Network, style: str = STYLE) -> dict[str, object]:
    """The document with its backward pass alone."""
    document = json.loads(notes(net, to="json", style=style))
    return {"sections": [s for s in document["sections"] if s["key"].partition(".")[0] == "backward"]}


def tables(document: dict[str, object]) -> list[dict[str, object]]:
    return [b for s in document["sections"] for b in s["blocks"] if b["kind"] == "table"]  # type: ignore[attr-defined]


def cell(runs: list[dict[str, str]]) -> str:
    return "".join(next(iter(run.values())) for run in runs)


def expected(net: network.Network) -> dict[str, Fraction]:
    """TeX of every δ and gradient of the worked sample → its value to 12 digits."""
    found = json.loads(gradients_json(net))["iterations"][0]
    notation = Notation.of(net.spec, net.names)
    symbols = {}
    sample = worked_sample(found, net.parameters)
    for name, value in sample["gradients"].items():
        if net.names.gradient(name).startswith("delta"):
            symbols[notation.tex(net.names.gradient(name))] = Fraction(value)
        loss = net.output + (f"[{sample['row']}]" if len(net.rows) > 1 else "")
        symbols[notation.derivative(notation.tex(loss), notation.tex(name))] = Fraction(value)
    return symbols


@pytest.mark.parametrize("name", OPTIONS)
def test_worked_values_are_those_of_the_report(name: str) -> None:
    net = build(name)
    known = expected(net)
    found = 0
    for left, lines in steps(backward(net)):
        if left in known:
            try:
                value = calculate(lines[-1].right)
            except Unreadable:
                continue  # the rules, in symbols
            assert agrees(known[left], value, "significant", 5), left
            found += 1
    assert found >= len(net.layers) + 2


def parameter_at(net: network.Network, z: str, title: str) -> str:
    """The parameter of a unit below the symbol of what it multiplies, or below ``bias``."""
    layer = next(layer for layer in net.layers if z in layer.z)
    notation, unit = Notation.of(net.spec, net.names), layer.z.index(z)
    sources = [notation.tex(source) for source in layer.sources]
    return layer.weights[unit][sources.index(title)] if title in sources else layer.biases[unit]


@pytest.mark.parametrize("name", OPTIONS)
def test_tabulated_values_are_those_of_the_report(name: str) -> None:
    net = build(name)
    report = json.loads(gradients_json(net))["iterations"][0]
    notation = Notation.of(net.spec, net.names)
    seen = 0
    for table in tables(backward(net)):
        head = [cell(c) for c in table["head"]]  # type: ignore[attr-defined]
        for row in table["rows"]:  # type: ignore[attr-defined]
            cells = [cell(c) for c in row]
            name_of = {notation.tex(net.names.gradient(z)): z for layer in net.layers for z in layer.z}
            name_of |= {notation.tex(p): p for p in net.parameters}
            units = {notation.tex(z): z for layer in net.layers for z in layer.z} if "to / from" in head[0] else {}
            for title, value in zip(head, cells, strict=True):
                if cells[0] in units and value != cells[0] and "dots" not in value:
                    name = parameter_at(net, units[cells[0]], title)
                    true = report["gradients"][name]["value"]
                    assert agrees(Fraction(true), calculate(value), "significant", 5)
                    seen += 1
                if cells[0] not in name_of or not title.startswith(("sample ", "batch", "value")):
                    continue
                key = name_of[cells[0]]
                sample = report["samples"][int(title[7:]) - 1 if title.startswith("sample ") else 0]
                true = report["gradients"][key]["value"] if title == "batch" else sample["gradients"][key]
                assert agrees(Fraction(true), calculate(value), "significant", 5)
                seen += 1
    assert seen


@pytest.mark.parametrize("name", OPTIONS)
@pytest.mark.parametrize("numbers", ["significant = 3", "decimals = 4"])
def test_a_reader_finds_every_line(name: str, numbers: str) -> None:
    """With ``rounding = "step"`` each printed value follows from the printed line above it."""
    kind, digits = numbers.split(" = ")
    document = backward(build(name, numbers=numbers, rounding="step"))
    found = 0
    for left, lines in steps(document):
        for above, line in pairwise(lines):
            try:
                worked, printed = calculate(above.right), calculate(line.right)
            except Unreadable:
                continue
            assert agrees(worked, printed, kind, int(digits)), (left, above, line)
            found += 1
    for table in tables(document):
        head = [cell(c) for c in table["head"]]  # type: ignore[attr-defined]
        if "numbers" in head:
            for row in table["rows"]:  # type: ignore[attr-defined]
                cells = [cell(c) for c in row]
                if cells[head.index("numbers")].strip(r"\vdots"):
                    worked = calculate(cells[head.index("numbers")])
                    assert agrees(worked, calculate(cells[-1]), kind, int(digits)), cells
                    found += 1
    assert found > 3


@pytest.mark.parametrize("name", OPTIONS)
def test_layers_stand_in_their_order(name: str) -> None:
    """All δ from the last layer to the first, then the gradients; in the sequential order they take turns."""
    net = build(name)
    notation = Notation.of(net.spec, net.names)
    order: list[tuple[str, int]] = []
    lefts = [left for left, lines in steps(backward(net)) if len(lines) > 1]
    for left in lefts:
        for layer in net.layers:
            if left in {notation.tex(net.names.gradient(z)) for z in layer.z}:
                order.append(("delta", layer.number))
            if left.endswith(tuple(f"{{\\partial {notation.tex(p)}}}" for p in (*layer.weight_names, *layer.biases))):
                order.append(("gradient", layer.number))
    order = [step for i, step in enumerate(order) if i == 0 or step != order[i - 1]]
    numbers = [layer.number for layer in reversed(net.layers)]
    if name == "sequential":
        assert order == [(kind, n) for n in numbers for kind in ("delta", "gradient")]
    else:
        assert order[: 2 * len(numbers)] == [(k, n) for k in ("delta", "gradient") for n in numbers]


def test_sequential_uses_the_new_weights() -> None:
    """δ of an earlier layer comes back over weights with a prime, and these stand in a table before it."""
    document = notes(build("sequential"), style=STYLE)
    new = document.index("is updated before we go on")
    first_use = document.index(r"\delta_{1}^{3}{w_{11}^{3}}^{+}")
    assert new < first_use


@pytest.mark.parametrize("style", ["delta", "matrix"])
@pytest.mark.parametrize("name", ["plain", "batch", "sequential", "bias_unit"])
def test_a_filled_text_is_a_written_text(name: str, style: str) -> None:
    press = Press(style=style)
    for seed in range(3):
        net = build(name, seed=seed)
        text = press.notes(net)
        assert seed == 0 or text == Press(style=style).notes(net)
        assert not {"\x0e", "\x0f"} & set(text)
