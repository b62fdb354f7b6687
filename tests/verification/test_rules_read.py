"""Rules that leave the argument of a function out, and the new values that a plus says: right ones, and wrong ones."""

from __future__ import annotations

from math import exp, tanh

import pytest

from derive import loads
from derive.verification.examine import Examiner
from derive.verification.reading import TextKind

CHAIN = Examiner(
    loads(
        """
[network]
inputs = 1
loss = "half_squared_error"
[[network.layers]]
units = 1
activation = "tanh"
weights = [[1.5]]
biases = [-0.5]
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[-2]]
biases = [1]
[[data]]
x = [0.4]
t = [0.1]
[training]
learning_rate = 2
"""
    )
)


def verdicts(text: str, kind: TextKind) -> tuple[str, ...]:
    found = CHAIN.examine(text, kind)
    assert not found.not_read, text
    return tuple(judgement.verdict for judgement in found.judgements)


RULES: list[tuple[TextKind, str, str]] = [
    ("latex", r"with $\sigma' = \sigma (1 - \sigma)$:", r"with $\sigma' = \sigma (1 + \sigma)$:"),
    ("latex", r"$\sigma' = \sigma - \sigma^2$", r"$\sigma' = \sigma - \sigma$"),
    ("latex", r"$\sigma^{\prime} = \sigma\cdot(1-\sigma)$", r"$\sigma^{\prime} = \sigma\cdot(2-\sigma)$"),
    ("latex", r"\[ \sigma'(z) = \sigma(1-\sigma) \]", r"\[ \sigma'(z) = 1-\sigma \]"),
    ("latex", r"$\tanh' = 1 - \tanh^2$", r"$\tanh' = 1 - \tanh$"),
    ("markdown", r"Here $\sigma' = \sigma (1 - \sigma)$.", r"Here $\sigma' = (1 - \sigma)(1 - \sigma)$."),
    ("markdown", r"$$\tanh' = (1 - \tanh)(1 + \tanh)$$", r"$$\tanh' = (1 - \tanh)(2 + \tanh)$$"),
    ("text", "sigma' = sigma*(1 - sigma)", "sigma' = sigma*(1 - 2*sigma)"),
    ("text", "tanh' = 1 - tanh^2", "tanh' = tanh^2 - 1"),
]


@pytest.mark.parametrize(("kind", "right", "wrong"), RULES)
def test_a_rule_without_arguments_is_true_of_any(kind: TextKind, right: str, wrong: str) -> None:
    assert set(verdicts(right, kind)) == {"holds"}
    assert set(verdicts(wrong, kind)) == {"wrong"}


@pytest.mark.parametrize("text", [r"$\sigma' = 0.25$", r"$\sigma^2 = 0.25$"])
def test_a_function_beside_a_number_is_no_rule(text: str) -> None:
    assert verdicts(text, "latex") == ("unreadable",)


def new_bias() -> tuple[str, str]:
    """The new bias of the output, from formulas of its own, and a wrong one."""
    y = 1 / (1 + exp(2 * tanh(1.5 * 0.4 - 0.5) - 1))
    value = 1 - 2 * (y - 0.1) * y * (1 - y)
    return f"{value:.5f}", f"{value + 0.02:.5f}"


PLUSES: list[tuple[TextKind, str]] = [
    ("latex", "$b^{(2)+} = NUMBER$"),
    ("latex", "$z^{(2)} = w^{(2)} a^{(1)} + b^{(2)}$ and $b^{(2)+} = b^{(2)} - 2 \\delta^{(2)} = NUMBER$"),
    ("latex", "$b^{[2]+} = NUMBER$"),
    ("latex", "$b^{+(2)} = NUMBER$"),
    ("latex", "$b^{(2),+} = NUMBER$"),
    ("markdown", "New: $b^{(2)+} = NUMBER$."),
    ("text", "b^{(2)+} = NUMBER"),
]


@pytest.mark.parametrize(("kind", "text"), PLUSES)
def test_a_plus_says_the_new_value(kind: TextKind, text: str) -> None:
    right, wrong = new_bias()
    assert set(verdicts(text.replace("NUMBER", right), kind)) <= {"holds", "rounding"}
    assert "wrong" in verdicts(text.replace("NUMBER", wrong), kind)


def test_a_new_bias_that_begins_like_a_weighted_input_is_no_name_of_its_own() -> None:
    """``b^{(2)+} = 1 - 2 d`` has the form of ``z2 = 1 - 2 a1``."""
    y = 1 / (1 + exp(2 * tanh(1.5 * 0.4 - 0.5) - 1))
    delta = (y - 0.1) * y * (1 - y)
    text = f"$z^{{(2)}} = -2 \\cdot {tanh(0.1):.5f} + 1$\n\n$b^{{(2)+}} = 1 - 2 \\cdot {delta:.5f} = {1 - 2 * round(delta, 5):.5f}$"
    assert set(verdicts(text, "latex")) <= {"holds", "rounding"}


UNDER = r"""\begin{aligned}
\frac{\partial a^1_1}{\partial z^1_1} &= \tanh'(z^1_1) \\
& \quad \text{since }a^1_1 = \tanh(z^1_1) \\
&= 1 - (a^1_1)^2 \\
& \quad \text{with }z^1_1\text{ put in} \\
&\approx 0.9901
\end{aligned}"""


@pytest.mark.parametrize(
    ("right", "wrong"),
    [("0.9901", "0.8901"), (r"= \tanh(z^1_1)", r"= \sigma(z^1_1)"), ("= 1 - (a^1_1)^2", "= 1 - a^1_1")],
)
def test_a_line_goes_on_past_the_rule_that_stands_under_it(right: str, wrong: str) -> None:
    """The rule is a claim of its own where it is an equation, and none where it is not."""
    text = f"$$\n{UNDER}\n$$\n"
    found = CHAIN.examine(text, "markdown").judgements
    assert [one.verdict for one in found] == ["holds"] * 4
    assert [one.left.text for one in found if one.left is not None][-1] == "a^1_1"
    assert "wrong" in [one.verdict for one in CHAIN.examine(text.replace(right, wrong), "markdown").judgements]


def test_a_conclusion_goes_on_by_itself() -> None:
    text = r"$$\begin{aligned} z^1_1 &= 0.1 \\ & \text{so } a^1_1 = \tanh(0.1) \\ &= NUMBER \end{aligned}$$"
    for number, verdict in (("0.09967", "holds"), ("0.1997", "wrong")):
        found = CHAIN.examine(text.replace("NUMBER", number), "markdown").judgements
        assert [one.verdict for one in found] == ["holds", "holds", verdict]
