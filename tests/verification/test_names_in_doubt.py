"""What a text must have so that a name of the network's may be another quantity in it."""

from __future__ import annotations

import pytest
from flint import fmpq

from derive.naming.names import Names
from derive.verification.inference.in_doubt import may_mean_others

NAMES = Names.layered(("x1", "x2"), (2, 1))
OTHERS = (
    "y = sigmoid(0.3) = 0.574",
    r"$\mathbf{y} = 0.574$",
    "$𝑦 = 0.574$",
    "dE/dy = 0.2",
    "e = 1 - 0.7 = 0.3",
    r"$e_{out} = 0.3$",
    r"$e^{(2)} \approx 0.3$",
    "Error = t - 0.7",
    "w2_11 = 0.3 + 0.5*0.2",
    r"$w_{new} = w + \eta \delta$",
    r"$w_{new} = w + {\mathbf\alpha} \delta$",
    r"$\Delta w = \eta \delta$",
    "Δw = lr*delta",
    r"\newcommand{\rate}{\eta} $w + \rate g$",
)
PLAIN = (
    r"The learning rate is $\eta = 0.5$; check it yourself: $\hat{y} - t = -0.479$",
    r"$a = \frac{1}{1 + e^{-0.08}} = \frac{1}{1 + e^{0.3}} \approx 0.521$, ŷ = 0.521, yhat = 0.521",
    r"The squared error, $E = \frac{1}{2} (\hat{y} - t)^2 = 0.1$",
    "w2_11' = w2_11 - eta*0.2 = 0.3 - 0.5*0.2 = 0.2",
    "z1_1 = 0.3 + 0.52*0.4 + 1.5",
)


@pytest.mark.parametrize("text", OTHERS)
def test_a_text_has_what_another_meaning_needs(text: str) -> None:
    assert may_mean_others(text, NAMES, fmpq(1, 2))


@pytest.mark.parametrize("text", PLAIN)
def test_a_text_in_the_network_s_names_has_not(text: str) -> None:
    assert not may_mean_others(text, NAMES, fmpq(1, 2))


def test_the_loss_by_another_name_may_be_an_error() -> None:
    assert may_mean_others("E = t - 0.7", Names.layered(("E",), (1,)), None)
