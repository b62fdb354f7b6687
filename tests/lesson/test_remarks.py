"""An honest document: kinks, dead and saturated units, identical units, what is left out, how layers are updated."""

from __future__ import annotations

import re
from itertools import zip_longest

import pytest

from derive import network, specification
from tests.support.lesson.documents import notes

pytestmark = pytest.mark.usefixtures("one_proof")

LAYERED = """
title = "T"
[network]
inputs = 2
loss = "{loss}"
[[network.layers]]
units = 2
activation = "{activation}"
weights = {weights}
[[network.layers]]
units = {outputs}
activation = "{last}"
weights = {out}
[[data]]
x = {x}
t = {t}
[training]
learning_rate = {rate}
{more}
"""
DEFAULTS = {
    "loss": "half_squared_error", "activation": "sigmoid", "weights": "[[0.1, 0.2], [0.3, -0.35]]", "outputs": "1",
    "last": "identity", "out": "[[0.5, -0.5]]", "x": "[1, 2]", "t": "[1]", "rate": "0.5", "more": "",
}  # fmt: skip


def layered(**changes: str) -> str:
    return notes(network.build(specification.loads(LAYERED.format(**{**DEFAULTS, **changes}))))


def graph(formula: str, values: str, more: str = "") -> str:
    return notes(
        network.build(specification.loads(f'title = "T"\n[graph.values]\n{values}\n[graph.nodes]\n{formula}\n{more}'))
    )


def test_a_kink_that_is_met_is_told() -> None:
    text = layered(activation="relu", weights="[[2, -1], [1, 1]]")
    assert "$z_{1}^{1}$ is exactly at the kink of the ReLU. There we use the slope $0$." in text


def test_the_convention_is_told_where_it_matters() -> None:
    half = "[conventions]\nrelu_at_zero = '1/2'"
    assert "The ReLU has a kink at 0; there we use the slope $0.5$." in layered(activation="relu", more=half)
    assert "The leaky ReLU has a kink at 0; there we use the slope $0.505$." in layered(
        activation="leaky_relu", more=half
    )
    assert "kink" not in layered()


def test_a_tie_is_told() -> None:
    assert "the maximum has a tie" in graph('m = "max(x, y)"', "x = 2\ny = 2")
    assert "has a tie" not in graph('m = "max(x, y)"', "x = 2\ny = 3")


def test_a_kink_of_a_later_iteration_is_told() -> None:
    training = "[training]\nlearning_rate = 0.5\niterations = "
    text = graph('f = "abs(x)"', "x = 1", f"{training}4")
    assert "In iterations 3 and 4, a quantity is exactly at a kink" in text
    once = graph('f = "abs(x)"', "x = 1", f"{training}3")
    assert "In iteration 3, $x$ is exactly at a kink; the slope there follows the same convention." in once
    inside = graph('f = "abs(2*x)/2"', "x = 1", f"{training}3")
    assert "In iteration 3, a quantity is exactly at a kink" in inside


def test_a_dead_unit_is_told() -> None:
    text = layered(activation="relu", weights="[[-1, -1], [1, 1]]")
    assert "$z_{1}^{1} = -3$ is negative: the ReLU is flat there, so no gradient flows back through this unit" in text


def test_a_saturated_unit_is_told() -> None:
    text = layered(weights="[[9, 9], [0.1, 0.1]]")
    said = r"The unit with \$\\delta_\{1\}\^\{1\}[^$]* 10\^\{-1[0-9]\}\$ is saturated: the slope of its activation is \$a_\{1\}\^"
    assert re.search(said, text)
    assert "saturated:" not in layered()


def test_units_that_stay_identical_are_told() -> None:
    alike = "[[0.1, 0.2], [0.1, 0.2]]"
    text = layered(weights=alike, out="[[0.5, 0.5]]")
    assert "$a_{1}^{1}$ and $a_{2}^{1}$ start with identical weights, in and out." in text
    assert "identical" not in layered(weights=alike)


def test_a_term_that_is_left_out_is_told() -> None:
    changes = {"loss": "cross_entropy", "last": "relu", "outputs": "2", "out": "[[1, 1], [-1, -1]]", "t": "[1, 0]"}
    assert "A term with a factor 0 drops out, although its logarithm is undefined here." in layered(**changes)


def test_a_loss_that_rises_is_told() -> None:
    assert re.search(r"The loss rose from .* the step was too long", layered(rate="50"))
    assert re.search(r"The loss fell by .*, from", layered())


def test_without_a_learning_rate_nothing_is_updated() -> None:
    text = graph('f = "x^2"', "x = 3")
    assert "## Update" not in text
    assert "## Did it help?" not in text
    assert "## Summary" in text


def test_sequential_updates_show_the_new_weights_before_they_are_used() -> None:
    text = layered(more='[conventions]\nupdate_order = "sequential"')
    assert "The layers are updated one at a time, last layer first" in text
    table = text.index("Layer 2 is updated now, because the derivatives of layer 1 use its new weights")
    in_the_chain = re.search(r"\| \$\{w_\{1[12]\}\^\{2\}\}\^\{\+\}\$ \|", text)
    assert in_the_chain is not None
    assert table < text.index(r"| $p$ | old value | $\partial E / \partial p$ | new value |") < in_the_chain.start()


def test_a_shared_bias_sums_over_its_units() -> None:
    shared = LAYERED.replace('activation = "{activation}"', 'activation = "{activation}"\nshared_bias = true', 1)
    text = notes(network.build(specification.loads(shared.format(**DEFAULTS))))
    assert "### The bias $b^{1}$\n\nThe 2 units of layer 1 share this bias." in text
    assert r"\frac{\partial E}{\partial b^{1}} &= \delta_{1}^{1} + \delta_{2}^{1}" in text


def test_frozen_weights_are_told() -> None:
    frozen = LAYERED.replace('activation = "{activation}"', 'activation = "{activation}"\ntrain_weights = false', 1)
    text = notes(network.build(specification.loads(frozen.format(**DEFAULTS))))
    assert "The weights of layer 1 are not trained: we show their derivatives but keep their values." in text


def test_epoch_batch_and_iteration_are_told() -> None:
    rows = "".join(f"[[data]]\nx = [{i}, 1]\nt = [0]\n" for i in range(4))
    text = layered(more=f"iterations = 3\nbatch_size = 2\n{rows}")
    assert "5 samples come in batches of 2, so 3 iterations make one epoch" in text
    assert "the last batch of an epoch has 1" in text


def test_a_big_network_says_what_it_leaves_out() -> None:
    big = """
title = "Big"
[network]
inputs = 60
loss = "cross_entropy"
[[network.layers]]
units = 30
activation = "tanh"
weights = {random = "normal", std = 0.2, decimals = 3, seed = 1}
[[network.layers]]
units = 10
activation = "softmax"
weights = {random = "normal", std = 0.2, decimals = 3, seed = 2}
[[data]]
x = [ROW]
t = [1, 0, 0, 0, 0, 0, 0, 0, 0, 0]
[training]
learning_rate = 0.1
""".replace("ROW", ", ".join(["0.5"] * 60))
    text = notes(network.build(specification.loads(big)))
    assert len(text) < 60_000
    assert r"\cdots" in text
    assert r"\vdots" in text
    assert "11 of the 2140 parameters" in text
    assert "`derive gradients` prints them all" in text
    assert "reaches the loss by 10 routes" in text
    assert max(map(len, text.splitlines())) < 1500


@pytest.mark.parametrize("style", ["routes", "graph", "delta", "matrix"])
def test_every_style_works_every_kind_of_layer(style: str) -> None:
    activations = ("relu", "leaky_relu", "elu", "gelu", "silu", "softplus", "tanh", "softmax")
    losses = ("squared_error", "absolute_error", "huber", "log_cosh", "hinge", "half_squared_error")
    for activation, loss in zip_longest(activations, losses, fillvalue="mean_squared_error"):
        text = LAYERED.format(**{**DEFAULTS, "activation": activation, "loss": loss})
        assert notes(network.build(specification.loads(text)), style=style)


def test_a_kink_inside_a_formula_is_told_of_its_node() -> None:
    assert "In $y$ the ReLU is exactly at its kink." in graph('y = "relu(2*x - 4)"', "x = 2")
    assert "$x$ is exactly at the kink of the ReLU." in graph('y = "relu(x)"', "x = 0")


def test_a_vanishing_gradient_is_no_saturated_unit() -> None:
    """A unit is saturated where its own slope is nearly 0; otherwise hardly anything arrives."""
    far = layered(weights="[[20, 10], [1, 1]]", activation="sigmoid")
    assert "saturated:" in far
    near = layered(activation="sigmoid", out="[[1e-9, -1e-9]]")
    assert "saturated:" not in near
    assert re.search(
        r"Almost no gradient reaches the units with \$\\delta_\{1\}\^\{1\}[^$]*\$ and \$\\delta_\{2\}\^", near
    )


def test_delta_is_named_before_it_is_used() -> None:
    """The style graph calls the gradient of a weighted input δ."""
    text = notes(network.build(specification.loads(LAYERED.format(**DEFAULTS))), style="graph").partition(
        "## Backward pass"
    )[2]
    assert text.index("is also written $\\delta_{j}^{l}$") < text.index(r"\delta_{1}^{2}")


def test_the_opening_says_only_what_there_is() -> None:
    one = 'title = "T"\n[network]\ninputs = 1\nloss = "squared_error"\n[[network.layers]]\nunits = 1\nweights = 2\nbiases = {}\n[[data]]\nx = [1]\nt = [1]\n'
    assert (
        "adds the products. The sum is its weighted input $z$. The activation function turns $z$ into the activation $a$, which is an output (Figure 1)."
        in notes(network.build(specification.loads(one.format("false"))))
    )
    assert "adds the products and its bias." in notes(network.build(specification.loads(one.format("1"))))
    assert "is passed on to the next layer" in layered()


def test_a_loss_that_rises_with_momentum_is_not_blamed_on_the_step() -> None:
    """The velocity carries the point through the bottom; along the gradient alone the loss would fall."""
    spec = """
title = "Overshoot"
[graph]
values = {x = 0.4}
parameters = ["x"]
nodes = {f = "x^2"}
[training]
learning_rate = 0.4
iterations = 3
optimizer = OPTIMIZER
"""
    carried, plain = (
        notes(network.build(specification.loads(spec.replace("OPTIMIZER", optimizer))))
        for optimizer in ('{name = "momentum", momentum = 0.99}', '"sgd"')
    )
    assert "a step that keeps a part of earlier steps need not go downhill." in carried
    assert "the step was too long" not in carried + plain
