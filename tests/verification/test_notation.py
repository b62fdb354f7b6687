"""What people write: shorthands of courses and code, numbers, tables, cues; each with the right value and a wrong one.

The right values are worked by hand in doubles (:mod:`math`), apart from the program.
"""

from __future__ import annotations

from math import exp, log

import pytest

from derive.api import loads
from derive.verification.examine import Examiner
from derive.verification.reading import TextKind
from tests.verification.test_updates import HOMEWORK

HOMEWORK_EXAMINER = Examiner(loads(HOMEWORK))
GRAPH = Examiner(
    loads(
        """
title = "A neuron as a graph"
[graph]
output = "L"
parameters = ["w_1", "w_2", "b"]
[graph.values]
x_1 = 3
x_2 = -1
w_1 = 0.2
w_2 = 0.4
b = 0.1
t = 1
[graph.nodes]
z_o = "w_1*x_1 + w_2*x_2 + b"
y_o = "sigmoid(z_o)"
e = "y_o - t"
L = "1/2*e^2"
[training]
learning_rate = 0.5
"""
    )
)
SAMPLES = Examiner(
    loads(
        """
title = "Two samples, one at a time"
[graph]
output = "E"
parameters = ["w"]
[graph.values]
w = 0.5
[graph.nodes]
y = "w*x"
E = "1/2*(y - t)^2"
[[data]]
x = 2
t = 3
[[data]]
x = 4
t = 1
[training]
learning_rate = 0.1
batch_size = 1
iterations = 2
"""
    )
)

X = (1.5, -2.0)
Z1 = (0.2 * X[0] - 0.4 * X[1] + 0.1, 0.7 * X[0] + 0.1 * X[1] - 0.3)
A1 = tuple(1 / (1 + exp(-z)) for z in Z1)
YHAT = 1 / (1 + exp(-(0.6 * A1[0] - 0.5 * A1[1] + 0.2)))
DELTA = YHAT - 1
Z_O = 0.6 - 0.4 + 0.1
Y_O = 1 / (1 + exp(-Z_O))
SIGNAL = (Y_O - 1) * Y_O * (1 - Y_O)


def verdicts(text: str, kind: TextKind = "text", examiner: Examiner = HOMEWORK_EXAMINER) -> list[str]:
    """The verdicts of a text; what was not read is no right line."""
    found = examiner.examine(text, kind)
    return [one.verdict for one in found.judgements] + ["not read"] * len(found.not_read)


def holds(text: str, kind: TextKind = "text", examiner: Examiner = HOMEWORK_EXAMINER) -> bool:
    found = verdicts(text, kind, examiner)
    return bool(found) and set(found) <= {"holds", "rounding"}


@pytest.mark.parametrize(
    ("written", "value", "kind"),
    [
        ("yhat = {}", YHAT, "text"),
        ("yhat is {}", YHAT, "text"),
        ("yhat: {}", YHAT, "text"),
        ("so that yhat = {} (rounded)", YHAT, "text"),
        ("i.e. yhat = {} (4 d.p.)", YHAT, "text"),
        ("y_hat = {}", YHAT, "text"),
        ("The loss is {}", -log(YHAT), "text"),
        ("dz2_1 = {}", DELTA, "text"),
        ("dw2_11 = {}", DELTA * A1[0], "text"),
        ("db2_1 = {}", DELTA, "text"),
        ("δ_o = {}", DELTA, "text"),
        ("dE/dW2[0,1] = {}", DELTA * A1[1], "text"),
        ("$dW^{{[2]}}_{{12}} = {}$", DELTA * A1[1], "markdown"),
        ("- `z1_1 = {}`", Z1[0], "markdown"),
        ("```\nz1_2 = {}\n```", Z1[1], "markdown"),
        ("**yhat** = ${}$", YHAT, "markdown"),
        ("> $\\hat y = {}$", YHAT, "markdown"),
        ("$`\\hat y = {}`$", YHAT, "markdown"),
        ("| quantity | value |\n|---|---|\n| $\\hat y$ | {} |", YHAT, "markdown"),
        ("| z1_1 | z1_2 |\n|---|---|\n| 1.2 | {} |", Z1[1], "markdown"),
        ("$\\hat y$ is {}", YHAT, "markdown"),
        ("[\n\\hat y = {}\n]", YHAT, "markdown"),
        ("$\\hat y = \\num{{{}}}$", YHAT, "latex"),
    ],
)  # fmt: skip
def test_a_value_is_read_and_judged(written: str, value: float, kind: TextKind) -> None:
    """The right number holds, and one that is off is wrong."""
    assert holds(written.format(f"{value:.4f}"), kind)
    assert "wrong" in verdicts(written.format(f"{value + 0.1:.4f}"), kind)


@pytest.mark.parametrize(
    "text",
    [
        "yhat = 0,5852\nE = -ln(0,5852) = 0,5358",
        "z1_1 = 0,2*1,5 + (-0,4)*(-2) + 0,1 = 1,2",
        "yhat = 58.52%",
        "yhat = 58.52 %",
        f"yhat = {YHAT!r}\nz1_1 = {0.2 * 1.5 + 0.8 + 0.1!r}",
    ],
)
def test_numbers(text: str) -> None:
    assert holds(text)


def test_a_comma_between_entries_parts_them() -> None:
    """A list is a list in a text with decimal points."""
    assert holds("z1 = [1.2, 0.55]\nx = [1.5,-2]")
    assert "wrong" in verdicts("yhat = 0,6852\nE = 0,5358")


@pytest.mark.parametrize(
    "text",
    [
        "w1 = 0.2",
        "new w1 = 0.2 - 0.5*dL/dw_1",
        f"δ_o = {SIGNAL:.4f}",
        "δ_o = (t - y_o)*y_o*(1 - y_o)",
        "δ_o = (y_o - t)*sigmoid_derivative(y_o)",
        "L(w_1, w_2) = 1/2*(y_o - t)^2",
        "σ(u) = 1/(1 + e^(-u))",
        "x = [3, -1]",
        f"dw1 = {3 * SIGNAL:.4f}",
        f"y_o = 1/(1 + e^(-0.3)) = {Y_O:.4f}",
    ],
)
def test_names_of_a_graph(text: str) -> None:
    assert holds(text, examiner=GRAPH)


def test_adjoint_bars() -> None:
    assert holds(rf"$\bar{{z}}_o = {SIGNAL:.4f}$", "markdown", GRAPH)
    assert verdicts(rf"$\bar{{z}}_o = {-SIGNAL:.4f}$", "markdown", GRAPH) == ["wrong"]


def test_a_layout_is_one_for_the_whole_file() -> None:
    """One row for each input holds; a file that has it the other way before does not turn in between."""
    assert holds("W1 = [0.2, 0.7; -0.4, 0.1]")
    assert verdicts("W1 = [0.2, -0.4; 0.7, 0.1]\nW1 = [0.2, 0.7; -0.4, 0.1]") == ["holds", "wrong"]


def test_the_sample_of_an_iteration() -> None:
    """y is w x: 1 for the first sample; w becomes 0.5 - 0.1 (1 - 3) 2 = 0.9, and y 3.6 for the second."""
    text = "x_1 = 2\nw = 0.5 - 0.1*(1 - 3)*2 = 0.9\ny = w*x_2 = 0.9*4 = 3.6"
    assert holds(text, examiner=SAMPLES)
    assert "wrong" in verdicts(text.replace("3.6", "3.7"), examiner=SAMPLES)


def test_headings_say_the_iteration() -> None:
    text = "## Iteration 1\n\n$y = 1$\n\n## Iteration 2\n\n$y = {}$\n"
    assert holds(text.format("3.6"), "markdown", SAMPLES)
    assert verdicts(text.format("1"), "markdown", SAMPLES) == ["holds", "wrong"]


def test_a_column_says_the_iteration() -> None:
    table = "| iteration | y |\n|---|---|\n| 1 | 1 |\n| 2 | {} |\n"
    assert holds(table.format("3.6"), "markdown", SAMPLES)
    assert verdicts(table.format("3.7"), "markdown", SAMPLES) == ["holds", "wrong"]


def test_what_was_read_in_another_meaning_is_said() -> None:
    (claim,) = GRAPH.examine("w1 = 0.2").claims
    assert claim["note"] == "w1 is read as w_1."


KINKED = Examiner(
    loads(
        """
title = "A kink and constants"
[graph.values]
a = "pi/4"
b = "ln(2)"
n = 0.9
[graph.nodes]
r = "relu(b + a)"
o = "tanh(n)"
f = "r + o"
"""
    )
)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        (r"$r = \mathrm{ReLU}\left( \ln 2 + \frac{\pi}{4} \right) = 1.479$", True),
        (r"$r = 0 + \mathrm{ReLU}(\frac{\pi}{4} + \ln 2) = 1.479$", True),
        (r"$r = 0 + \mathrm{ReLU}(\frac{\pi}{4} + \ln 2) = 1.579$", False),
        (r"$1 - \tanh^2 n = 1 - o^2 = 0.4869$, $\text{since }o = \tanh n$", True),
        (r"$1 - o^2 = 0.4869 \quad \text{since } -o = -\tanh n$", True),
    ],
)
def test_a_calculation_in_brackets_is_no_remark_and_a_word_before_one_no_name(text: str, holds: bool) -> None:
    found = KINKED.examine(text, "markdown").judgements
    assert found
    assert all(j.holds for j in found) == holds
    assert "unreadable" not in [j.verdict for j in found]


@pytest.mark.parametrize(
    ("rows", "holds"),
    [
        ((r"| $r$ | $\partial f/\partial n$ |", "|--|--|", r"| $1$ | $0.487$ |"), True),
        (
            (r"| quantity | $b - a$ | $\partial f/\partial n$ |", "|--|--|--|", r"| $r$ | $0 - 0.0923$ | $0.4869$ |"),
            True,
        ),
        ((r"| quantity | formula | value |", "|--|--|--|", r"| $r$ | $(b + a)(1)$ | $1.479$ |"), True),
        ((r"| quantity | value |", "|--|--|", r"| $r$ | $1$ |"), True),
        ((r"| quantity | value |", "|--|--|", r"| $r$ | $2$ |"), False),
    ],
)
def test_a_cell_says_its_digits_and_a_column_its_own(rows: tuple[str, ...], holds: bool) -> None:
    """1.479 is 1 in whole numbers; what is worked out in a column is no value of the next one's formula."""
    found = KINKED.examine("\n".join(rows), "markdown").judgements
    assert all(j.holds for j in found) == holds, [(j.claim, j.verdict) for j in found]


TWO_LAYERS = Examiner(
    loads(
        """
title = "Two layers"
[network]
inputs = 2
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "tanh"
weights = [[0.4, -0.2], [0.3, 0.6]]
biases = [0.1, -0.1]
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.8, -0.5]]
biases = [0.15]
[[data]]
x = [1, 2]
t = [1]
"""
    )
)


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("delta1 = W2^T*delta2*(1 - a1*a1)", True),
        ("delta1 = W2^T*delta2*(1 + a1*a1)", False),
        ("dE/dz1 = W2^T*delta2*(1 - a1*a1)", True),
    ],
)
def test_a_star_between_vectors_is_tried_beside_other_choices(text: str, holds: bool) -> None:
    found = TWO_LAYERS.examine(text, "text").judgements
    assert found
    assert all(j.holds for j in found) == holds
