"""Sentences at the edges: nothing trained, the author's own names in remarks, several outputs of a softmax."""

from __future__ import annotations

import json
import re

import pytest

from derive import network, specification
from tests.support.lesson.documents import notes

pytestmark = pytest.mark.usefixtures("one_proof")

FROZEN = """
remarks = []
[network]
inputs = ["x"]
loss = "half_squared_error"
[[network.layers]]
units = 1
weights = [[1]]
biases = false
train_weights = {trained}
[[data]]
x = [-2]
t = [0]
[training]
learning_rate = 0.1
iterations = 2
"""
SOFTMAX = """
[network]
inputs = 2
loss = "cross_entropy"
[[network.layers]]
units = 2
activation = "tanh"
weights = [[1, 2], [3, -4]]
[[network.layers]]
units = {outputs}
activation = "softmax"
weights = {weights}
[[data]]
x = [1, 0.5]
t = {t}
"""


def document(text: str, style: str | None = None, show: list[str] | None = None) -> str:
    return notes(network.build(specification.loads(text)), style=style, show=show)


def test_no_step_is_announced_where_nothing_is_trained() -> None:
    text = document(FROZEN.format(trained="false"))
    assert "steps of gradient descent" not in text
    assert "new value" not in text
    assert "after 2 updates" not in text
    trained = document(FROZEN.format(trained="true"))
    assert "then take 2 steps of gradient descent" in trained
    assert "; derivatives and new values are those of the first iteration" in trained


def test_two_first_factors_are_two() -> None:
    two = SOFTMAX.format(outputs=2, weights="[[0.1, 0.2], [0.3, -0.4]]", t="[0.25, 0.75]")
    text = document(two, "routes", ["w1_1_1", "w1_2_1"])
    assert r"On the routes through $z_{1}^{2}$ and $z_{2}^{2}$ the first factors are" in text
    assert "the first factor is $" in document(two, "routes", ["w2_1_1"]).replace("The first", "the first")


@pytest.mark.parametrize("name", ["dx", "exp", "pi"])
def test_the_authors_names_are_theirs_in_remarks(name: str) -> None:
    text = document(f'remarks = ["Here ${name}^2$."]\n[graph.values]\n{name} = 3\n[graph.nodes]\nf = "{name}^2"\n')
    line = next(line for line in text.splitlines() if line.startswith("Here "))
    formula = next(line for line in text.splitlines() if line.startswith("f &="))
    assert line == f"Here ${formula.removeprefix('f &= ')}$."


@pytest.mark.parametrize(
    ("notation", "taken", "used"),
    [
        ('names = {a1_1 = "h"}', "by $h =", "up and down by $v = 0.0001$"),
        ('loss = "h"', "by $h =", "up and down by $v = 0.0001$"),
        ('names = {w1_1_1 = "p"}', "| $p$ | value |", "| $v$ | value |"),
        ("", "by $v =", "up and down by $h = 0.0001$"),
    ],
)
def test_a_letter_of_the_authors_is_not_used_again(notation: str, taken: str, used: str) -> None:
    text = document(FROZEN.format(trained="true") + f"[notation]\n{notation}\n")
    assert taken not in text
    assert used in text


def test_fractions_in_a_column_do_not_touch() -> None:
    loss = 'loss = "mean_absolute_error"'
    two = SOFTMAX.format(outputs=2, weights="[[0.1, 0.2], [0.3, -0.4]]", t="[0.25, 0.75]")
    built = network.build(specification.loads(two.replace('loss = "cross_entropy"', loss)))
    gap = {"latex": r"\\\\\[6pt\] ", "markdown": r"\\\\\n\\\\\n"}
    for to, between in gap.items():
        assert re.search(
            rf"\\begin\{{bmatrix\}} \\frac\{{[^&]*\}}\{{2\}} {between}\\frac", notes(built, style="matrix", to=to)
        )
    assert "[6pt]" not in notes(network.build(specification.loads(two)), style="matrix", to="latex")


def test_every_sign_of_the_equations_is_explained() -> None:
    two = SOFTMAX.format(outputs=2, weights="[[0.1, 0.2], [0.3, -0.4]]", t="[0.25, 0.75]")
    text = document(two.replace("cross_entropy", "squared_error"), "matrix")
    assert (
        r"$\nabla_{\hat{y}} E$ is the column of the derivatives of $E$ with respect to the entries of $\hat{y}$" in text
    )
    assert "$D$ is the matrix of derivatives of the softmax" in text
    assert r"$\mathop{\mathrm{diag}}$ is the square matrix" in text
    assert "diag" not in document(two, "matrix")
    inside = two.replace("tanh", "softmax").replace('"softmax"', '"tanh"').replace('"tanh"', '"softmax"', 1)
    assert r"$\mathop{\mathrm{diag}}$ is" in document(inside.replace("cross_entropy", "squared_error"), "matrix")


@pytest.mark.parametrize("blanks", [" ", "    "])
def test_text_that_begins_with_blanks_is_no_code(blanks: str) -> None:
    words = json.dumps(blanks + "50% & a*b")
    text = document(f'author = {words}\nremarks = [{words}]\n[graph.values]\nx = 1\n[graph.nodes]\nf = "x^2"\n')
    assert text.count("\n50% \\& a\\*b\n") == 2


def test_a_cut_table_of_data_has_one_sentence() -> None:
    one = f'[network]\ninputs = 12\nloss = "half_squared_error"\n[[network.layers]]\nunits = 1\nweights = {[[0.5] * 12]}\n'
    sample = f"[[data]]\nx = {[1] * 12}\nt = [1]\n"
    assert "\nThe sample (only some of the columns are shown):\n" in document(one + sample)
    assert "\nThe data, 30 samples (only some of the columns and rows are shown):\n" in document(one + 30 * sample)
