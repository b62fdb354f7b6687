"""A deep network's document stays readable: the outer layers are worked, and it says what it leaves out."""

from itertools import cycle

import pytest

from derive import specification
from derive.lesson import STYLES
from derive.network import build
from tests.support.lesson.documents import notes

pytestmark = pytest.mark.usefixtures("one_proof")


def deep(layers, order="simultaneous"):
    text = 'title = "deep"\n[network]\ninputs = 2\nloss = "squared_error"\n'
    for n in range(layers):
        text += f'[[network.layers]]\nunits = 2\nactivation = "tanh"\nweights = {{random = "normal", seed = {n}}}\n'
    text += (
        f'[[data]]\nx = [1, 2]\nt = [0, 1]\n[training]\nlearning_rate = 0.1\n[conventions]\nupdate_order = "{order}"\n'
    )
    return build(specification.loads(text, "deep.toml"))


@pytest.mark.parametrize("order", ["simultaneous", "sequential"])
@pytest.mark.parametrize("style", STYLES)
def test_the_document_of_a_deep_network_does_not_grow_with_its_depth(style, order):
    """Sixty layers give a document hardly longer than twelve."""
    short, long = (len(notes(deep(layers, order), style=style).splitlines()) for layers in (12, 60))
    assert long < short * 1.1


@pytest.mark.parametrize("order", ["simultaneous", "sequential"])
@pytest.mark.parametrize("style", STYLES)
def test_delta_of_the_last_layer_that_is_left_out_is_there(style, order):
    """Layers 3 to 10 of 12 are left out; the backward pass of layer 2 begins at δ of layer 3."""
    part = notes(deep(12, order), style=style).partition("## Backward pass")[2].partition("\n## ")[0]
    assert "Layers 3 to 10 are computed in the same way and not shown." in part
    assert r"$\delta_{1}^{3}$" in part if style != "matrix" else "\n\\delta^{3} &\\approx \\begin{bmatrix}" in part
    assert r"\delta^{5}" not in part


def test_what_is_left_out_is_said_and_what_is_needed_is_there():
    """Layers 3 to 10 of 12 are left out; a10 and the δ of layer 3 are tabulated for their neighbours."""
    text = notes(deep(12))
    assert text.count("Layers 3 to 10 are computed in the same way and not shown.") == 2
    assert text.count("Layers 3 to 10 are not shown.") == 1
    assert "All units of layer 10:" in text
    assert r"$\delta_{1}^{3}$" in text


def test_a_shown_parameter_brings_its_layer():
    """A layer that is asked for is worked."""
    text = notes(deep(12), show=["w5_1_1"])
    assert "**Layer 5.**" in text
    assert "Layers 3 to 4 are computed in the same way" in text


@pytest.mark.parametrize("name", ["w1_1_2", "dE/dw1_12", "W1", "dE/dW1"])
def test_parameters_are_shown_by_any_of_their_names(name):
    """``--show`` takes a weight, its derivative, or a layer's matrix."""
    assert "### The weight $w_{12}^{1}$\n" in notes(deep(2), show=[name])


def test_a_hidden_softmax_is_not_worked_as_one_path():
    """The weighted input of a hidden softmax feeds every activation of its layer: δ is summed before it is used."""
    text = 'title = "mixed"\n[network]\ninputs = 2\nloss = "squared_error"\n'
    for n, activation in enumerate(("tanh", "softmax", "tanh")):
        text += (
            f'[[network.layers]]\nunits = 3\nactivation = "{activation}"\nweights = {{random = "normal", seed = {n}}}\n'
        )
    found = notes(
        build(specification.loads(text + "[[data]]\nx = [1, 2]\nt = [0, 1, 0]\n", "mixed.toml")), show=["w2_3_2"]
    )
    assert "Through the softmax $z_{3}^{2}$ affects every activation" in found
    assert r"\frac{\partial E}{\partial w_{32}^{2}} &= \delta_{3}^{2}a_{2}^{1} \\" in found


def chain_of(nodes):
    lines = [f'n{k} = "{f"n{k - 1}" if k > 1 else "x"}/2 + x"' for k in range(1, nodes + 1)]
    return build(
        specification.loads('title = "chain"\n[graph.values]\nx = 1\n[graph.nodes]\n' + "\n".join(lines), "chain.toml")
    )


def test_a_long_route_is_gone_node_by_node():
    """A route of hundreds of links is no chain of hundreds of factors."""
    lines = ['n1 = "x/2"', *(f'n{k} = "n{k - 1} + {k}"' for k in range(2, 900))]
    graph = '[graph]\nparameters = ["x"]\n[graph.values]\nx = 1\n[graph.nodes]\n' + "\n".join(lines)
    text = notes(build(specification.loads('title = "long"\n' + graph, "long.toml")), style="routes")
    assert (
        "### The derivative with respect to $x$\n\nIt reaches the output by one long route. We follow it node by node:"
        in text
    )
    assert "more quantities follow the same rule; their gradients are in the table." in text
    assert len(text.splitlines()) < 1200


@pytest.mark.parametrize("style", ["graph", "routes"])
def test_the_document_of_a_large_graph_stays_readable(style):
    """The first and the last nodes are worked; what the last ones use of the others is there."""
    text = notes(chain_of(70), style=style).partition("## Forward pass")[2].partition("\n## ")[0]
    assert (
        "20 more nodes are computed in the same way and are not shown; the nodes below use these values of theirs:"
        in text
    )
    assert "| $n_{30}$ |" in text
    assert "\nn_{10} &=" in text and "\nn_{11} &=" not in text and "\nn_{31} &=" in text
    assert "not shown" not in notes(chain_of(60), style=style).partition("## Forward pass")[2]


def test_a_long_route_through_layers_begins_at_its_unit():
    """One unit in each of many layers: no chain of hundreds of factors."""
    text = 'title = "thin"\n[network]\ninputs = 1\nloss = "squared_error"\n'
    text += '[[network.layers]]\nunits = 1\nactivation = "tanh"\nweights = 1.5\n' * 400
    found = notes(build(specification.loads(text + "[[data]]\nx = [1]\nt = [0]\n", "thin.toml")))
    assert "reaches the loss by one long route. It passes through $a_{1}^{1}$, so we find the derivative with" in found
    assert r"\frac{\partial E}{\partial a_{1}^{1}} &= \delta_{1}^{2}w_{11}^{2} \\" in found
    assert len(found.splitlines()) < 700


@pytest.mark.parametrize(("style", "rounding"), list(zip(STYLES, cycle(["end", "step"]), strict=False)))
def test_a_thousand_layers_are_not_too_deep(style, rounding):
    """No depth of a network is a depth of recursion, worked from printed values or not."""
    layer = '[[network.layers]]\nunits = 1\nactivation = "tanh"\nweights = [[0.9]]\n'
    text = f'[network]\ninputs = 1\nloss = "half_squared_error"\n{1100 * layer}[[data]]\nx = [1]\nt = [1]\n'
    text += f'[training]\nlearning_rate = 0.1\n[numbers]\nrounding = "{rounding}"\n'
    assert "Layers 3 to 1098" in notes(build(specification.loads(text)), style=style)


@pytest.mark.parametrize("rounding", ["end", "step"])
def test_a_thousand_nodes_are_not_too_deep(rounding):
    """A graph likewise."""
    nodes = "".join(f"n{k} = 'sin(n{k - 1})'\n" for k in range(1, 1100))
    text = f"[graph.values]\nn0 = 1\n[graph.nodes]\n{nodes}[numbers]\nrounding = '{rounding}'\n"
    assert "more nodes are computed in the same way and are not shown" in notes(
        build(specification.loads(text)), style="routes"
    )
