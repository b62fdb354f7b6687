r"""What homeworks in LaTeX have: the author's commands, samples above letters, errors called ε, equations in rows.

The numbers of the logistic regression are worked here, from its two samples.
"""

from __future__ import annotations

from math import exp, log

import pytest

import derive
from derive.api import loads
from derive.network import Network
from derive.verification.reading.macros import macros

WEIGHTS, BIAS, RATE = (0.5, -0.25), 0.1, 0.4
INPUTS, TARGETS = ((1, 3), (2, -1)), (0, 1)
NEURON = loads(
    """
    [network]
    inputs = ["x1", "x2"]
    loss = "binary_cross_entropy"
    [[network.layers]]
    units = 1
    activation = "sigmoid"
    weights = [[0.5, -0.25]]
    biases = [0.1]
    [[data]]
    x = [1, 3]
    t = [0]
    [[data]]
    x = [2, -1]
    t = [1]
    [training]
    learning_rate = 0.4
    [notation]
    output = "\\\\hat{p}"
    """
)
CHAIN = loads(
    """
    [network]
    inputs = ["x"]
    loss = "half_squared_error"
    [[network.layers]]
    units = 1
    activation = "tanh"
    weights = [[0.6]]
    biases = [0.1]
    [[network.layers]]
    units = 1
    weights = [[-1.2]]
    biases = [0.5]
    [[data]]
    x = [1]
    t = [0]
    [[data]]
    x = [-2]
    t = [1]
    [training]
    learning_rate = 0.2
    """
)
GRAPH = loads(
    """
    [graph]
    output = "L"
    [graph.values]
    a = 2
    b = -3
    c = 10
    [graph.nodes]
    e = "a*b"
    d = "e + c"
    L = "d^2"
    """
)
SUMS = [sum(w * x for w, x in zip(WEIGHTS, row, strict=True)) + BIAS for row in INPUTS]
OUTPUTS = [1 / (1 + exp(-z)) for z in SUMS]
ERRORS = [p - t for p, t in zip(OUTPUTS, TARGETS, strict=True)]
SLOPES = [sum(e * row[k] for e, row in zip(ERRORS, INPUTS, strict=True)) / 2 for k in range(2)]
COST = sum(-log(1 - abs(error)) for error in ERRORS) / 2
OPENING = r"""
\newcommand{\ph}{\hat{p}}
\newcommand{\smp}[1]{^{[#1]}}
\DeclareMathOperator{\sig}{\sigma}
\newcommand{\pd}[2]{\frac{\partial #1}{\partial #2}}
\newcommand{\dJ}[1]{\pd{J}{#1}}
\begin{document}
"""


def verdicts(network: Network, text: str) -> list[str]:
    """The verdict on each claim of a LaTeX text."""
    return [str(claim["verdict"]) for claim in derive.verify(network, text, "latex")]


def held(network: Network, line: str) -> bool:
    """Whether all claims of a line hold below the usual commands; there is at least one."""
    found = verdicts(network, OPENING + line + "\n\\end{document}\n")
    return bool(found) and all(verdict in ("holds", "rounding") for verdict in found)


def test_commands_call_others_and_have_defaults() -> None:
    found = macros(
        r"\newcommand{\p}{\partial}\newcommand{\d}[2][E]{\frac{\p #1}{\p #2}}\let\sg\sigma"
        r"\NewDocumentCommand{\na}{O{1} m}{a^{#1}_{#2}}\newcommand{\loop}{\loop}\newcommand{\one}{\two}\newcommand{\two}{\one}"
    )
    assert found["d"].called(r"{w}", 0, 3) == (["E", "w"], 3)
    assert found["d"].expanded(["E", "w"]) == r"\frac{\partial  E}{\partial  w}"
    assert found["d"].called("[L]b", 0, 4) == (["L", "b"], 4)
    assert found["d"].called("", 0, 0) is None
    assert found["na"].called(r"\theta", 0, 6) == (["1", r"\theta"], 6)
    assert found["sg"].body == r"\sigma"
    assert found.keys().isdisjoint(("loop", "one", "two"))


def test_commands_that_grow_are_left_out() -> None:
    found = macros(rf"\newcommand{{\long}}{{{'x' * 300}}}\newcommand{{\twice}}{{\long\long}}")
    assert set(found) == {"long"}


@pytest.mark.parametrize("sample", [0, 1])
@pytest.mark.parametrize("mark", [r"\smp{%d}", "^{(%d)}", "^{[%d]}"])
def test_samples_above_letters_of_one_layer(sample: int, mark: str) -> None:
    above, other = mark % (sample + 1), 1 - sample
    line = rf"\[ z{above} = {SUMS[sample]:.2f}, \quad \ph{above} = \sig({SUMS[sample]:.2f}) = {OUTPUTS[sample]:.4f} \]"
    assert held(NEURON, line)
    assert held(NEURON, rf"\[ \delta{above} = \ph{above} - y{above} = {ERRORS[sample]:.4f} \]")
    assert not held(NEURON, rf"\[ z{above} = {SUMS[other]:.2f} \]")
    assert not held(NEURON, rf"\[ a{above} = {OUTPUTS[other]:.4f} \]")
    assert not held(NEURON, rf"\[ \delta{above} = {ERRORS[other]:.4f} \]")


@pytest.mark.parametrize("letter", ["w", r"\theta"])
def test_the_weights_of_one_unit_by_their_numbers(letter: str) -> None:
    for number, (weight, slope) in enumerate(zip(WEIGHTS, SLOPES, strict=True), 1):
        name = f"{letter}_{number}"
        assert held(NEURON, rf"${name} = {weight}$ and $\dJ{{{name}}} = {slope:.4f}$.")
        assert held(
            NEURON, rf"${name}^{{\text{{new}}}} = {weight} - 0.4 \cdot ({slope:.4f}) = {weight - RATE * slope:.3f}$"
        )
        assert not held(NEURON, rf"${letter}_{3 - number} = {WEIGHTS[2 - number]}$, ${name} = {weight + 1}$")
        assert not held(NEURON, rf"$\dJ{{{name}}} = {SLOPES[2 - number]:.4f}$")


@pytest.mark.parametrize(
    "errors",
    [
        r"$\varepsilon\smp{i} = \ph\smp{i} - y\smp{i}$, $\varepsilon\smp{1} = %s$, $\varepsilon\smp{2} = %s$",
        r"$\varepsilon\smp{1} = 0.4626 - 0 = %s$, $\varepsilon\smp{2} = 0.7941 - 1 = %s$",
        r"$\epsilon_1 = 0.4626 - 0 = %s$, $\epsilon_2 = 0.7941 - 1 = %s$",
    ],
)
def test_an_error_is_no_learning_rate(errors: str) -> None:
    def of(*numbers: float) -> list[str]:
        return verdicts(NEURON, OPENING + errors % tuple(f"{number:.4f}" for number in numbers))

    assert {"wrong", "follows"}.isdisjoint(of(*ERRORS)), "no alarm"
    assert of(*ERRORS).count("holds") >= 2
    assert "wrong" in of(ERRORS[0], -ERRORS[1])
    assert "wrong" in of(ERRORS[1], ERRORS[1])


def test_the_learning_rate_may_be_called_epsilon() -> None:
    assert held(NEURON, r"With $\epsilon = 0.4$: $b' = 0.1 - \epsilon \cdot 0.1283 = 0.0487$")
    assert not held(NEURON, r"The learning rate is $\epsilon = 0.5$.")


@pytest.mark.parametrize("number", ["m", "n", "N"])
def test_sums_over_as_many_samples_as_there_are(number: str) -> None:
    total = rf"\frac{{1}}{{{number}}} \sum_{{i=1}}^{{{number}}}"
    assert held(
        NEURON,
        rf"\[ J = -{total} (y\smp{{i}} \ln \ph\smp{{i}} + (1 - y\smp{{i}}) \ln(1 - \ph\smp{{i}})) = {COST:.4f} \]",
    )
    assert held(NEURON, rf"\[ \dJ{{w_2}} = {total} (\ph\smp{{i}} - y\smp{{i}}) x_2\smp{{i}} = {SLOPES[1]:.4f} \]")
    assert not held(NEURON, rf"\[ \dJ{{w_2}} = {total} (\ph\smp{{i}} - y\smp{{i}}) x_1\smp{{i}} \]")
    assert not held(NEURON, rf"\[ J = {total} (\ph\smp{{i}} - y\smp{{i}})^2 \]")


def test_new_parameters_behind_a_heading() -> None:
    new = [w - RATE * slope for w, slope in zip(WEIGHTS, SLOPES, strict=True)]
    bias = BIAS - RATE * sum(ERRORS) / 2
    after = [sum(w * x for w, x in zip(new, row, strict=True)) + bias for row in INPUTS]
    text = "\\paragraph{(d) Check.} With the new parameters\n\\[ z\\smp{1} = %.4f, \\quad z\\smp{2} = %.4f \\]"
    assert held(NEURON, text % tuple(after))
    assert not held(NEURON, text % (after[1], after[1]))


def test_a_square_beside_layers_below() -> None:
    text = r"$a_1 = \tanh z_1$, so $\frac{\partial a_1}{\partial z_1} = %s$"
    assert held(CHAIN, text % "1 - a_1^2")
    assert not held(CHAIN, text % "1 + a_1^2")


def test_the_loss_of_the_sample_that_a_heading_says() -> None:
    text = "\\subsection*{Sample 2}\n\\begin{align*} E &= %s \\end{align*}\n%s"
    assert held(CHAIN, text % ("0.1061", ""))
    assert held(CHAIN, text % ("0.1061", "The mean loss is $E = 0.0657$."))
    assert not held(CHAIN, text % ("0.1161", ""))
    assert not held(CHAIN, text % ("0.1061", "The mean loss is $E = 0.1061$.")), "it is not the sample's own"


@pytest.mark.parametrize("end", ["8", "9"])
def test_equations_behind_an_empty_cell(end: str) -> None:
    text = rf"\begin{{flalign*}} &\frac{{\partial L}}{{\partial d}} = 2d = 8 & \\ &\frac{{\partial L}}{{\partial c}} = {end} & \end{{flalign*}}"
    assert held(GRAPH, text) is (end == "8")


def test_the_author_begins_and_ends_formulas() -> None:
    text = (
        r"\newcommand{\be}{\begin{equation}}\newcommand{\ee}{\end{equation}}"
        "\n\\be d = e + c = %s \\ee and \\be L = 16 \\ee"
    )
    assert verdicts(GRAPH, text % "4") == ["holds"] * 3
    assert "wrong" in verdicts(GRAPH, text % "5")


@pytest.mark.parametrize(("by", "value"), [("c", 8), ("d", 8), ("a", -24), ("e", 8)])
def test_d_is_a_sign_though_a_node_is_called_so(by: str, value: int) -> None:
    text = r"\newcommand{\dL}[1]{\dfrac{\mathrm{d}L}{\mathrm{d}#1}} $\dL{%s} = %d$"
    assert verdicts(GRAPH, text % (by, value)) == ["holds"]
    assert verdicts(GRAPH, text % (by, value + 1)) == ["wrong"]


def test_a_brace_before_aligned_equations() -> None:
    text = r"\[ \left\{\begin{aligned} e &= -6 \\ d &= %d \end{aligned}\right. \]"
    assert verdicts(GRAPH, text % 4) == ["holds", "holds"]
    assert verdicts(GRAPH, text % -4) == ["holds", "wrong"]


def test_matrices_in_a_line_are_no_rows_of_a_table() -> None:
    text = r"\item[(i)] $W^{(1)} = \begin{bmatrix} 0.5 & %s \end{bmatrix}$"
    assert held(NEURON, text % "-0.25")
    assert not held(NEURON, text % "0.25")
