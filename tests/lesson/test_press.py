"""A press that fills other numbers into a text gives, byte by byte, the document that would be written afresh.

The numbers are changed so that what the text says must change, too: signs, exactness, zeros, saturated and dead units, kinks,
a loss that rises, numbers of another width.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import pytest

from derive.checked.proof import worked
from derive.render.document import Press
from derive.render.page import Page
from tests.support.lesson.pages import loaded, styles_of
from tests.support.random_specs import Draw

pytestmark = pytest.mark.usefixtures("one_proof")

RELU = """title = "Numbers that change"
remarks = ["The weight $w1_1_1$ is changed."]
[network]
inputs = ["x1", "x2"]
loss = "{loss}"
[[network.layers]]
units = 2
activation = "relu"
weights = [[{w1}, {w2}], [{w3}, {w4}]]
biases = [{b1}, {b2}]
[[network.layers]]
units = 1
activation = "{last}"
weights = [[{v1}, {v2}]]
biases = {c}
[[data]]
x = [{x1}, {x2}]
t = [{t}]
[training]
learning_rate = {rate}
iterations = {iterations}
[numbers]
{policy}
"""
RELU_BASE = {
    "loss": "half_squared_error", "last": "identity", "w1": "0.5", "w2": "-0.25", "w3": "0.3", "w4": "0.2", "b1": "0.1",
    "b2": "0", "v1": "0.7", "v2": "-0.6", "c": "0.05", "x1": "1", "x2": "2", "t": "1", "rate": "0.1", "iterations": "1",
    "policy": "significant = 4",
}  # fmt: skip
RELU_CHANGES: dict[str, dict[str, str]] = {
    "other signs": {"w1": "0.9", "w2": "0.25", "v1": "-0.7", "v2": "0.6", "t": "-1"},
    "a dead unit": {"w3": "-0.3", "w4": "-0.2"},
    "both dead": {"w1": "-0.5", "w3": "-0.3", "w4": "-0.2"},
    "a kink": {"b1": "0", "w1": "0.5", "w2": "-0.25"},
    "zero inputs": {"x1": "0", "x2": "0"},
    "zero weights": {"v1": "0", "v2": "0", "w1": "0.0"},
    "the loss rises": {"rate": "9"},
    "the loss stays": {"c": "1", "v1": "0", "v2": "0"},
    "wide numbers": {"w1": "0.123456789012345", "w3": "-17.0123456", "x1": "1234.5678", "v1": "0.000001"},
    "tiny gradients": {"t": "0.0500000001", "v1": "0", "v2": "0"},
    "fractions": {"w1": '"1/3"', "w2": '"-sqrt(2)"', "x1": '"2/7"', "rate": '"1/10"'},
    "equal units": {"w3": "0.5", "w4": "-0.25", "b2": "0.1", "v2": "0.7"},
}
SOFTMAX = """title = "Three classes"
[network]
inputs = 2
loss = "cross_entropy"
[[network.layers]]
units = 2
activation = "tanh"
weights = [[{w1}, {w2}], [0.3, {w3}]]
[[network.layers]]
units = 2
activation = "softmax"
weights = [[{v1}, -0.2], [{v2}, 0.4]]
biases = false
[[data]]
x = [{x1}, 0.5]
t = [{t1}, {t2}]
[[data]]
x = [-1, {x2}]
t = [0, 1]
[training]
learning_rate = {rate}
{batch}
"""
SOFTMAX_BASE = {
    "w1": "0.1", "w2": "0.2", "w3": "-0.4", "v1": "0.6", "v2": "0.7", "x1": "1", "x2": "2", "t1": "1", "t2": "0",
    "rate": "0.5", "batch": "",
}  # fmt: skip
SOFTMAX_CHANGES: dict[str, dict[str, str]] = {
    "the other class": {"t1": "0", "t2": "1"},
    "soft targets": {"t1": "0.25", "t2": "0.75"},
    "saturated": {"w1": "40", "w2": "40"},
    "certain": {"v1": "60", "w1": "3"},
    "zeros": {"x1": "0", "x2": "0", "w1": "0", "w2": "0"},
    "negative": {"w1": "-0.1", "v1": "-0.6", "v2": "-0.7", "x2": "-2"},
    "the loss rises": {"rate": "200"},
}
GRAPH = """title = "A graph with kinks"
[graph]
output = "out"
[graph.values]
x = {x}
y = {y}
w = {w}
[graph.nodes]
a = "max(x, y) - w/3"
b = "abs(x*w) + exp(-y)"
c = "ln(2 + a^2)"
out = "a*b - c"
[training]
learning_rate = {rate}
"""
GRAPH_BASE = {"x": "1.5", "y": "-0.5", "w": "2", "rate": "0.1"}
GRAPH_CHANGES: dict[str, dict[str, str]] = {
    "the other is larger": {"x": "-1.5", "y": "0.5"},
    "a tie": {"x": "0.5", "y": "0.5"},
    "a kink": {"x": "0"},
    "everything zero": {"x": "0", "y": "0", "w": "0"},
    "far away": {"y": "-5", "w": "100.5"},
    "uphill": {"rate": "50"},
}
Template = tuple[str, Mapping[str, str], Mapping[str, Mapping[str, str]]]
TEMPLATES: dict[str, Template] = {
    "relu": (RELU, RELU_BASE, RELU_CHANGES),
    "softmax": (SOFTMAX, SOFTMAX_BASE, SOFTMAX_CHANGES),
    "graph": (GRAPH, GRAPH_BASE, GRAPH_CHANGES),
}
FORMATS = ("markdown", "latex", "json")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the third route of the check, for the press and for the fresh documents alike."""
    monkeypatch.setattr("derive.render.document.worked", partial(worked, symbolic=False))


def filled(name: str, **changes: str) -> str:
    text, base, _ = TEMPLATES[name]
    return text.format(**{**base, **changes})


def texts(name: str) -> Iterator[tuple[str, str]]:
    """Every change with the plain numbers before and after it."""
    _, _, changes = TEMPLATES[name]
    for what, change in changes.items():
        yield "as they were", filled(name)
        yield what, filled(name, **change)


def check(name: str, style: str, to: str) -> None:
    fresh: dict[str, str] = {}
    press, other = Press(to=to, style=style), Press(to=to, style=style)
    for what, text in texts(name):
        network = loaded(text)
        found = press.notes(network)
        if not fresh:
            fresh[text] = found  # nothing was there to be filled
        elif text not in fresh:
            other._skeletons.clear()
            fresh[text] = other.notes(network)
        assert found == fresh[text], f"{what}: a filled {to} document in the style {style} differs"
    assert len(set(fresh.values())) == len(fresh)


CASES = [
    (name, style, FORMATS[(k + j) % 3])
    for k, name in enumerate(TEMPLATES)
    for j, style in enumerate(styles_of(loaded(filled(name))))
]


@pytest.mark.parametrize(("name", "style", "to"), CASES[1::4])
def test_filled_is_fresh(name: str, style: str, to: str) -> None:
    check(name, style, to)


@pytest.mark.many
@pytest.mark.parametrize("to", FORMATS)
@pytest.mark.parametrize(("name", "style"), [case[:2] for case in CASES])
def test_filled_is_fresh_in_every_style(name: str, style: str, to: str) -> None:
    check(name, style, to)


@pytest.mark.parametrize("policy", ["decimals = 2", "significant = 7", 'decimals = 3\nrounding = "step"'])
def test_other_roundings(policy: str) -> None:
    """Rounded step by step, no text is filled; it is right all the same."""
    press = Press(style="routes")
    for change in ({}, RELU_CHANGES["other signs"], RELU_CHANGES["a dead unit"], {}):
        network = loaded(
            filled("relu", policy=policy, last="sigmoid", loss="binary_cross_entropy", **{**change, "t": "1"})
        )
        assert press.notes(network) == Press(style="routes").notes(network)


@pytest.mark.parametrize("style", ["routes", "matrix"])
def test_most_numbers_need_no_new_text(style: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Numbers of the same kind and width share a text: it is written a few times, and filled for all the others.

    Lines of Markdown are short, so that the widths of numbers break them in more ways than those of a page.
    """
    written = 0
    whole = Page.skeleton

    def counted(*arguments: Any, **named: Any) -> Any:
        nonlocal written
        written += 1
        return whole(*arguments, **named)

    monkeypatch.setattr(Page, "skeleton", counted)
    press, draw = Press(style=style), Draw(5)
    made = [press.notes(loaded(filled("relu", w1=draw.number(0.6, 0.99), t=draw.number(1, 3)))) for _ in range(15)]
    assert len(set(made)) == 15
    assert written <= 3


@pytest.mark.many
@pytest.mark.parametrize("seed", range(30))
def test_random_numbers(seed: int) -> None:
    """Random changes of random numbers, in random order."""
    chance = random.Random(seed)
    name = chance.choice(list(TEMPLATES))
    _, base, changes = TEMPLATES[name]
    style = chance.choice(styles_of(loaded(filled(name))))
    press = Press(style=style, to=chance.choice(FORMATS))
    numbers = [
        key for key, value in base.items() if value.replace(".", "").replace("-", "").isdigit() and key not in FIXED
    ]
    for _ in range(8):
        change = dict(chance.choice(list(changes.values())))
        change |= {
            key: Draw(chance.randrange(10**6)).number(-3, 3, chance.randint(1, 6)) for key in chance.sample(numbers, 2)
        }
        network = loaded(filled(name, **change))
        again = Press(style=style, to=press._page._format.name).notes(network)
        assert press.notes(network) == again, change


FIXED = ("iterations", "t1", "t2", "rate")
