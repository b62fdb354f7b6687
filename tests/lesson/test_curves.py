"""The loss over the updates as a figure, and kinks shown: their numbers by another route, each run with its own."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction
from math import exp

import pytest

from derive.api import loads
from derive.render.document import Document, Press, document

LINE = """[network]
inputs = 1
loss = "half_squared_error"
[[network.layers]]
units = 1
weights = [[{w}]]
biases = false
[[data]]
x = [1]
t = [{t}]
[training]
learning_rate = {rate}
iterations = {iterations}
"""


def line(w: str, t: str = "2", rate: str = "0.5", iterations: int = 4) -> str:
    return LINE.format(w=w, t=t, rate=rate, iterations=iterations)


def drawn(text: str, **options: str) -> Document:
    return document(loads(text), **options)  # type: ignore[arg-type]


def curve_heights(svg: str, ink: str) -> list[float]:
    """The heights of a curve in an SVG file, in its own units of numbers: by the labels beside the axis."""
    beside = re.findall(r'<text class="plain" x="[0-9]+" y="([0-9]+)"[^>]*>([0-9.]+)</text>', svg)
    places = {float(label): int(y) - 4 for y, label in beside}
    low, high = min(places), max(places)
    (points,) = re.findall(rf'<polyline class="line l-{ink}" points="([^"]*)"', svg)
    across = (high - low) / (places[low] - places[high])
    return [low + (places[low] - float(point.split(",")[1])) * across for point in points.split()]


def test_the_loss_is_drawn_where_it_is() -> None:
    """w goes halfway to 2 in each step, so that the loss is a quarter of the one before."""
    found = drawn(line("0"))
    assert "![E and ŷ over the updates](notes-curve.svg)" in found.text
    svg = found.files["notes-curve.svg"].decode()
    assert "E begins at 2 and is" in svg
    assert curve_heights(svg, "main") == pytest.approx([2 / 4**k for k in range(5)], abs=0.02)
    assert curve_heights(svg, "value") == pytest.approx([2 - 2 / 2**k for k in range(5)], abs=0.02)


def test_each_run_has_its_own_curve() -> None:
    """Also where the text of another run is filled with its numbers, and in TikZ, which stands in the text."""
    for to in ("markdown", "latex"):
        press = Press(to=to)
        for w in ("0", "1", "3", "-1"):
            network = loads(line(w))
            assert press.document(network) == document(network, to=to)
        assert len(press._skeletons) == 1


@pytest.mark.parametrize(
    ("spec", "ended"),
    [
        (line("0", iterations=2), "few updates"),
        (line("2"), "a loss that stays"),
        (line("1e400", rate="1e-500"), "a loss larger than any place"),
    ],
)
def test_nothing_is_drawn_where_there_is_nothing_to_see(spec: str, ended: str) -> None:
    assert "notes-curve.svg" not in drawn(spec).files, ended


def test_outputs_are_left_out_where_they_would_be_a_line_at_the_bottom() -> None:
    svg = drawn(line("40")).files["notes-curve.svg"].decode()
    assert "ŷ" not in svg
    assert curve_heights(svg, "main") == pytest.approx([722 / 4**k for k in range(5)], abs=8)


def test_no_figures_where_none_are_wanted() -> None:
    found = drawn(line("0"), figures="none")
    assert not found.files
    assert "over the updates" not in found.text


# Kinks

KINK = """[graph.values]
{values}
[graph.nodes]
f = "{formula}"
[conventions]
relu_at_zero = {convention}
"""
H = Fraction(1, 1000)
Number = Fraction | float


def elu(z: Number) -> Number:
    return z if z > 0 else 2 * (exp(z) - 1)


Case = tuple[str, str, str, Number, Callable[[Number], Number], str]
KINKS: list[Case] = [
    ("x = 0", "relu(x)", "0", Fraction(0), lambda z: max(z, Fraction(0)), "0"),
    ("x = 0", "relu(x)", "1", Fraction(0), lambda z: max(z, Fraction(0)), "1"),
    ("x = 3", "abs(x - 3)", "1", Fraction(0), abs, "0"),
    ("x = 0", "leaky_relu(x, 0.1)", '"1/2"', Fraction(0), lambda z: max(z, z / 10), "0.55"),
    ("x = 3", "hard_tanh(x, -1, 3)", "0", Fraction(3), lambda z: min(max(z, Fraction(-1)), Fraction(3)), "0"),
    ("x = 0", "elu(x, 2)", "0", 0.0, elu, "2"),
    ('x = "sqrt(2)"', "abs(x^2 - 2)", "0", Fraction(0), abs, "0"),
]


@pytest.mark.parametrize("case", KINKS, ids=lambda case: case[1])
def test_quotients_beside_the_convention(case: Case) -> None:
    values, formula, convention, at, function, used = case
    text = drawn(KINK.format(values=values, formula=formula, convention=convention)).text
    (row,) = re.findall(r"\| to the left .*\n.*\n\| (.*) \|\n", text)
    cells = [cell.strip().strip("$") for cell in row.split("|")]
    below, here, above = (function(at + k * H) for k in (-1, 0, 1))
    quotients = ((here - below) / H, (above - here) / H, (above - below) / (2 * H))
    assert [float(cell) for cell in cells[:3]] == pytest.approx([float(each) for each in quotients], abs=1e-3)
    assert cells[3] == used


def test_a_jump_and_a_tie_have_no_slopes_to_show() -> None:
    for formula in ("step(x)", "max(x, 0)"):
        text = drawn(KINK.format(values="x = 0", formula=formula, convention="0"))
        assert "to the left |" not in text.text
        assert "notes-kink-1.svg" not in text.files
