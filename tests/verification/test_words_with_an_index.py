r"""Names of a graph as TeX sets them: ``net_{h1}`` is a word with an index; so are functions of a unit, ``\varphi_3'``."""

from __future__ import annotations

import pytest

from derive.api import loads
from derive.verification.examine import Examiner

GRAPH = Examiner(
    loads(
        """
[graph]
output = "E_sum"
parameters = ["w_1", "w_2"]
[graph.values]
x_1 = 2
w_1 = 0.3
w_2 = 0.5
target_o1 = 0.2
[graph.nodes]
net_h1 = "w_1*x_1"
out_h1 = "sigmoid(net_h1)"
net_o1 = "w_2*out_h1"
out_o1 = "sigmoid(net_o1)"
E_sum = "1/2*(target_o1 - out_o1)^2"
[training]
learning_rate = 0.5
"""
    )
)
# net_h1 0.6, out_h1 0.645656, net_o1 0.322828, out_o1 0.580013, dE/dout_o1 0.380013, slopes 0.228784 and 0.243598


def verdicts(line: str) -> list[str]:
    return [str(claim["verdict"]) for claim in GRAPH.examine(line, "latex").claims]


@pytest.mark.parametrize(
    "line",
    [
        r"\[ net_{h1} = w_1 x_1 = 0.6 \]",
        r"\[ net_{h1} = w_1 * x_1 = 0.3 * 2 = 0.6, \quad out_{h1} = \frac{1}{1+e^{-net_{h1}}} = 0.645656 \]",
        r"\[ out_{o1} = \sigma(net_{o1}) = 0.580013 \]",
        r"\[ \frac{\partial E_{sum}}{\partial out_{o1}} = -(target_{o1} - out_{o1}) = 0.380013 \]",
        r"\[ \frac{\partial out_{h1}}{\partial net_{h1}} = out_{h1}(1 - out_{h1}) = 0.228784 \]",
        r"\[ \frac{\partial net_{o1}}{\partial out_{h1}} = w_2 = 0.5 \]",
        r"\[ out_{h1} = F(net_{h1}) = F(0.6) = 0.645656 \]",
        r"\[ out_{h1} = \varphi_1(0.6) = 0.645656 \]",
        r"\[ \frac{\partial out_{h1}}{\partial net_{h1}} = \varphi_1'(net_{h1}) = 0.228784 \]",
        r"\[ E_{sum}(\vec{w}) \equiv \frac{1}{2}(target_{o1} - out_{o1})^2 \]",
    ],
)
def test_right_ones_hold(line: str) -> None:
    assert set(verdicts(line)) == {"holds"}


@pytest.mark.parametrize(
    "line",
    [
        r"\[ net_{h1} = w_1 x_1 = 0.7 \]",
        r"\[ out_{o1} = \sigma(net_{o1}) = 0.570013 \]",
        r"\[ \frac{\partial net_{o1}}{\partial out_{h1}} = w_2 = 0.45 \]",
        r"\[ out_{h1} = F(net_{h1}) = F(0.6) = 0.745656 \]",
        r"\[ \frac{\partial out_{h1}}{\partial net_{h1}} = \varphi_1'(net_{h1}) = 0.238784 \]",
        r"\[ \frac{\partial out_{o1}}{\partial net_{o1}} = \varphi_1'(net_{h1}) \]",
        r"\[ E_{sum}(\vec{w}) \equiv \frac{1}{2}(target_{o1} + out_{o1})^2 \]",
    ],
)
def test_wrong_ones_do_not(line: str) -> None:
    assert "wrong" in verdicts(line)


def test_what_a_unit_has_times_a_bracket_is_no_call() -> None:
    assert "holds" not in verdicts(r"\[ \frac{\partial out_{h1}}{\partial net_{h1}} = \varphi_1(1 - \varphi_1) \]")
