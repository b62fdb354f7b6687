"""Every formula of a Markdown document reaches its reader on GitHub and Gitea as it was written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from derive import network, specification
from derive.lesson import STYLES, styles_of
from derive.naming.notation import PRESETS
from derive.render.document import notes
from tests.support.outside.github import faults, left_by_github, too_long, touching
from tests.support.random_specs import graph, layered
from tests.support.repository import ROOT

pytestmark = pytest.mark.usefixtures("one_proof")

COMMITTED = [ROOT / "README.md", *sorted((ROOT / "output").rglob("*.md"))]
EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))
WIDE = """
[network]
inputs = 8
loss = "cross_entropy"
[[network.layers]]
units = 8
activation = "tanh"
weights = {random = "normal", mean = 0, std = 0.5, decimals = 4, seed = 3}
[[network.layers]]
units = 8
activation = "softmax"
weights = {random = "normal", mean = 0, std = 0.00001, decimals = 12, seed = 4}
[[data]]
x = [1, 2, 3, 4, 5, 6, 7, 8]
t = [0, 1, 0, 0, 0, 0, 0, 0]
[training]
learning_rate = 0.1
"""
OWN_NAMES = r"""
[network]
inputs = 2
loss = "squared_error"
[[network.layers]]
units = 2
activation = "softplus"
weights = [[1, 2], [3, 4]]
[[network.layers]]
units = 2
activation = {name = "my_act", expression = "z*abs(z)"}
weights = [[1, 2], [3, 4]]
[[data]]
x = [1, 2]
t = [1, 2]
[training]
learning_rate = 0.001
[notation]
loss = "\\mathcal{L}"
[notation.names]
w1_1_1 = "a*b"
w1_1_2 = "\\text{a*b}"
w1_2_1 = "w'_{1}"
w1_2_2 = "\\theta\\,u_2"
z1_1 = "\\operatorname{net}_1"
a1_1 = "{h}_1^{*}"
a1_2 = "\\bar{h}^{2}_{2}"
b1_1 = "b(1)"
b1_2 = "b + x"
"""
AUTHORS_NAMES = """
[graph.values]
x__1 = 2
x_1 = 3
x1 = -0.5
a_b_ = "sqrt(2)"
www = "1/3"
[graph.nodes]
f = "abs(x__1)*x_1*www + exp(a_b_)*abs(x1)"
g = "max(f, x1)*min(x_1, a_b_) + abs(f/x_1)*x1*a_b_"
h = "sign(g)*leaky_relu(x1, 0.1) + gelu(x1)*tanh(x1)^2*f + ln(abs(x_1/f))*www"
[training]
learning_rate = 0.1
"""


def of(text: str, style: str | None = None) -> str:
    return notes(network.build(specification.loads(text)), style=style)


def styles(text: str) -> tuple[str, ...]:
    return styles_of(network.build(specification.loads(text)))


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (r"a $w^{1}_{43}$ and $w^{1}_{44}$", "<em>"),
        (r"a $x \, y$", "became"),
        ("a $[x](y)$", "<a>"),
        ("a $a*b$ and $c*d$", "<em>"),
        ("$$\n\\begin{matrix} a \\\\ b \\end{matrix}\n$$", "became"),
        (f"$$\n{'a' * 1000}\n$$", "1002 characters"),
        ("the $x$s", "touched"),
        ("~~ $a~b~c$", "<del>"),
    ],
)
def test_the_check_notices_what_is_lost(text: str, fault: str) -> None:
    """A test of the test."""
    assert any(fault in found for found in faults(text)), faults(text)


def test_the_check_lets_pass_what_is_safe() -> None:
    text = (
        "> a $w_{43}^{1}$, `$a*b$` and $\\hat{y} _ {1}$:\n>\n> $$\n> \\begin{matrix} a \\\\\n> b \\end{matrix}\n> $$\n"
    )
    assert faults(text) == []
    assert left_by_github("$x < y$ and $a$") == ["x < y", "a"]


@pytest.mark.parametrize("path", COMMITTED, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_committed_documents(path: Path) -> None:
    assert faults(path.read_text("utf-8")) == []


@pytest.mark.parametrize("number", range(len(EXAMPLES)))
def test_an_example_in_one_style_and_notation(number: int) -> None:
    """All of them are slow, and read by KaTeX as well: see tests/outside/test_katex.py."""
    text = EXAMPLES[number].read_text("utf-8")
    if "[notation" not in text:
        text += f'\n[notation]\npreset = "{tuple(PRESETS)[number % len(PRESETS)]}"\n'
    chosen = styles(text)
    assert faults(of(text, chosen[(number + 1) % len(chosen)])) == []


@pytest.mark.parametrize("text", [OWN_NAMES, AUTHORS_NAMES], ids=["own names", "author's names"])
def test_names_with_signs_of_markdown(text: str) -> None:
    for style in styles(text):
        assert faults(of(text, style)) == [], style


@pytest.mark.parametrize("style", STYLES)
def test_wide_layers_stand_in_short_blocks(style: str) -> None:
    text = of(WIDE, style)
    assert faults(text) == []
    assert max(map(len, text.split("$$")[1::2])) > 500


def test_a_block_goes_on_at_a_relation_sign() -> None:
    """What is parted is parted before ``=``: nothing is lost, and no row without a relation begins a block."""
    parts = of((ROOT / "examples" / "sigmoid_neuron.toml").read_text("utf-8")).split("\n\n")
    follow = [b for a, b in pairwise(parts) if a.startswith("$$") and b.startswith("$$")]
    assert follow
    assert all(re.match(r"\$\$\n\\begin\{aligned\}\n(?: &(?:=|\\approx) |[^ ])", block) for block in follow)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(3000, 3040))
def test_random_networks_and_graphs(seed: int) -> None:
    for text in drawn(seed):
        for style in styles(text):
            assert faults(of(text, style)) == [], style


def drawn(seed: int) -> Iterator[str]:
    for text in (layered(seed), graph(seed)):
        yield text if "[notation" in text else f'{text}\n[notation]\npreset = "{tuple(PRESETS)[seed % len(PRESETS)]}"\n'


@pytest.mark.parametrize(
    ("remark", "shown"),
    [
        ("the $x$s", r"the $x\text{s}$"),
        ("a non-$x$ one", r"a $\text{non-}x$ one"),
        ("twice: 2$x$, and $x$-axis", r"twice: $\text{2}x$, and $x$-axis"),
        ("the author's $x$'s", "the author's $x$'s"),
    ],
)
def test_letters_that_touch_a_formula_are_taken_into_it(remark: str, shown: str) -> None:
    text = of(f'remarks = ["{remark}"]\n[graph.values]\nx = 3\n[graph.nodes]\nf = "x^2"\n')
    assert shown in text
    assert touching(text) == [] == too_long(text)


@pytest.mark.parametrize(
    ("remark", "shown"),
    [
        (r"It costs \$5 for $x$ each.", r"It costs <span>\$</span>5 for $x$ each."),
        (r"From \$5 to \$6.", r"From <span>\$</span>5 to <span>\$</span>6."),
        (r"$x$ costs \$5\$6.", r"$x$ costs <span>\$</span>5<span>\$</span>6."),
        (r"It costs \$5.", r"It costs \$5."),
        (r"A backslash \\\$5 and $x$.", r"A backslash \\\\<span>\$</span>5 and $x$."),
    ],
)
def test_a_dollar_of_the_text_is_none_of_a_formula(remark: str, shown: str) -> None:
    text = of(f"title = '{remark}'\nremarks = ['{remark}']\n[graph.values]\nx = 3\n[graph.nodes]\nf = \"x^2\"\n")
    assert text.count(shown) == 2
    assert faults(text) == []
