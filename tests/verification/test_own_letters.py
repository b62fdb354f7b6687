r"""Claims in the letters of the spec's own families: our documents, and what people write in them."""

from __future__ import annotations

import itertools

import pytest

from derive.api import loads
from derive.naming.presets import PRESETS
from derive.network import Network
from derive.verification.examine import Examiner
from tests.support.repository import ROOT
from tests.verification.test_own_documents import EXAMPLES, FORMATS, alarms, styles_of

LETTERS = {
    "all of them": {
        "weight": r"\\theta", "bias": "c", "input": "u", "output": "o", "weighted_input": "s", "activation": "h",
        "delta": r"\\epsilon", "learning_rate": r"\\alpha", "loss": "J",
    },
    "Bishop's": {"weighted_input": "a", "activation": "z", "weight": "W", "learning_rate": r"\\rho"},
    "outputs as activations": {"output": "a", "weight": "W", "learning_rate": r"\\alpha", "loss": r"\\mathcal{L}"},
    "words and accents": {
        "weighted_input": "net", "activation": "out", "output": r"\\hat{o}", "weight": r"\\mathcal{V}",
        "bias": r"\\beta", "delta": r"\\hat{g}", "input": r"\\mathrm{in}",
    },
}  # fmt: skip


def lettered(stem: str, letters: str, preset: str) -> Network:
    """An example in a preset and a family of letters; without its own names, which are in letters of their own."""
    text = (ROOT / "examples" / f"{stem}.toml").read_text(encoding="utf-8").partition("\n[notation")[0]
    layered = "[network]" in text
    given = LETTERS[letters]
    if not layered:
        given = {key: letter for key, letter in given.items() if key in ("learning_rate", "loss")}
    if PRESETS[preset].bias_unit:
        given = {key: letter for key, letter in given.items() if key != "bias"}
    lines = "".join(f'{key} = "{letter}"\n' for key, letter in given.items())
    return loads(f'{text}\n[notation]\npreset = "{preset}"\n{lines}')


ALL = list(itertools.product((path.stem for path in EXAMPLES), LETTERS, PRESETS))


@pytest.mark.parametrize(("stem", "letters", "preset"), ALL[::11])
def test_a_document_in_letters_of_its_own_holds(stem: str, letters: str, preset: str) -> None:
    """A part of them, each in one format and style; all of them run with -m claims."""
    network = lettered(stem, letters, preset)
    number = ALL.index((stem, letters, preset))
    styles = styles_of(network)
    assert alarms(network, FORMATS[number % 2], styles[number % len(styles)]) == []


@pytest.mark.claims
@pytest.mark.parametrize(("stem", "letters", "preset"), ALL)
def test_every_document_in_letters_of_its_own_holds(stem: str, letters: str, preset: str) -> None:
    network = lettered(stem, letters, preset)
    for style, to in itertools.product(styles_of(network), FORMATS):
        assert alarms(network, to, style) == []


# What people write

COURSE = """
title = "Homework 4"
[network]
inputs = ["x1", "x2"]
loss = "binary_cross_entropy"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.2, -0.4], [0.7, 0.1]]
biases = [0.1, -0.3]
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.6, -0.5]]
biases = [0.2]
[[data]]
x = [1.5, -2]
t = [1]
[training]
learning_rate = 0.1
[notation]
preset = "bracketed"
"""
THETA = COURSE + 'weight = "\\\\theta"\nactivation = "h"\nlearning_rate = "\\\\alpha"\n'
BISHOP = COURSE + 'weighted_input = "a"\nactivation = "z"\n'
INPUTS = COURSE + 'input = "u"\noutput = "o"\nweighted_input = "net"\ndelta = "\\\\epsilon"\n'


def verdicts(spec: str, claims: str, kind: str) -> list[str]:
    found = Examiner(loads(spec)).examine(claims, kind)  # type: ignore[arg-type]
    return [judgement.verdict for judgement in found.judgements]


@pytest.mark.parametrize(
    ("spec", "right", "wrong"),
    [
        (COURSE, "w^[1]_11 = 0.2", "w^[1]_11 = 0.7"),
        (COURSE, "w[1]_11 = 0.2", "w[1]_12 = 0.2"),
        (COURSE, "z[1]_1 = w[1]_11*x1 + w[1]_12*x2 + b[1]_1 = 1.2", "z[1]_2 = 1.2"),
        (COURSE, "z[2] = W[2]*a[1] + b[2]", "z[2] = W[2]*z[1] + b[2]"),
        (COURSE, "dE/dw^[2]_11 = -0.3188", "dE/dw^[2]_12 = -0.3188"),
        (COURSE, "W^[2] = [0.6, -0.5]", "W^[2] = [-0.5, 0.6]"),
        (THETA, "theta1_11 = 0.2", "theta1_11 = 0.3"),
        (THETA, "θ^[1]_11 = 0.2", "θ^[1]_11 = 0.3"),
        (THETA, "θ[2]_11' = θ[2]_11 - α*dE/dθ[2]_11 = 0.6319", "θ[2]_11' = 0.7"),
        (THETA, "dE/dtheta2_1_1 = (yhat - t)*h1_1 = -0.3188", "dE/dtheta2_1_2 = -0.3188"),
        (THETA, "Θ2 = [0.6, -0.5]", "Theta2 = [-0.5, 0.6]"),
        (THETA, "h^[1] = [0.7685, 0.6341]", "h^[1] = [0.6341, 0.7685]"),
        (THETA, "w1_11 = 0.2", "a1_1 = 0.2"),
        (BISHOP, "a^[1]_1 = 1.2", "z^[1]_1 = 1.2"),
        (BISHOP, "z1_1 = 1.2", "a1_1 = 1.2"),  # the names of quantities are what they are everywhere
        (INPUTS, "net1_1 = 1.2", "net1_2 = 1.2"),
        (INPUTS, "epsilon2 = yhat - t = -0.4148", "epsilon2 = 0.4148"),
    ],
)
def test_plain_text(spec: str, right: str, wrong: str) -> None:
    assert set(verdicts(spec, right, "text")) == {"holds"}
    assert set(verdicts(spec, wrong, "text")) & {"wrong", "follows"}


@pytest.mark.parametrize(
    ("spec", "right", "wrong"),
    [
        (COURSE, r"z^{[1]}_1 = W^{[1]}_{11} x_1 + W^{[1]}_{12} x_2 + b^{[1]}_1 = 1.2", r"z^{[1]}_2 = 1.2"),
        (COURSE, r"\frac{\partial E}{\partial W^{[2]}} = \delta^{[2]} (a^{[1]})^T", r"W^{[2]}_{11} = 0.7"),
        (COURSE, r"a^{[2]} = \sigma(z^{[2]}) = 0.5852", r"a^{[2]} = 0.7"),
        (THETA, r"\theta^{[1]}_{11} = 0.2", r"\theta^{[1]}_{12} = 0.2"),
        (THETA, r"\Theta^{[2]} = \begin{bmatrix} 0.6 & -0.5 \end{bmatrix}", r"\Theta^{[2]}_{11} = 0.7"),
        (THETA, r"h^{[1]}_2 = \sigma(z^{[1]}_2) = 0.6341", r"h^{[1]}_1 = 0.6341"),
        (THETA, r"\theta^{[2]}_{11} - \alpha \frac{\partial E}{\partial \theta^{[2]}_{11}} = 0.6319", r"\alpha = 0.2"),
        (THETA, r"\delta^{[1]} = (\Theta^{[2]})^T \delta^{[2]} \odot \sigma'(z^{[1]})",
         r"\delta^{[1]} = (\Theta^{[2]})^T \delta^{[2]} \odot \sigma'(z^{[1]}) = \begin{bmatrix} 1 \\ 2 \end{bmatrix}"),
        (BISHOP, r"z^{[1]}_1 = \sigma(a^{[1]}_1) = 0.7685", r"a^{[1]}_1 = \sigma(z^{[1]}_1)"),
        (INPUTS, r"\mathrm{net}^{[1]}_1 = w^{[1]}_{11} u_1 + w^{[1]}_{12} u_2 + b^{[1]}_1 = 1.2", r"u_1 = 2"),
        (INPUTS, r"\epsilon^{[2]}_1 = o - t = -0.4148", r"\epsilon^{[2]}_1 = t - o"),
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["markdown", "latex"])
def test_tex(spec: str, right: str, wrong: str, kind: str) -> None:
    def document(formula: str) -> str:
        return f"Then\n\n$$\n{formula}\n$$\n" if kind == "markdown" else f"Then\n\\[\n{formula}\n\\]\n"

    assert set(verdicts(spec, document(right), kind)) == {"holds"}
    assert set(verdicts(spec, document(wrong), kind)) & {"wrong", "follows"}


def test_what_cannot_be_said_by_a_letter_is_unreadable() -> None:
    assert verdicts(COURSE, "theta1_11 = 0.2", "text") == ["unreadable"]
    assert verdicts(THETA, "theta1_19 = 0.2", "text") == ["unreadable"]
