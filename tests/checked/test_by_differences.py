"""The second opinion: planted mistakes of the chain rule are noticed, and nothing is printed."""

from dataclasses import replace

import pytest
from flint import arb, fmpq

from derive import specification
from derive.arithmetic.numbers import as_ball
from derive.arithmetic.precision import precision
from derive.checked import by_differences
from derive.checked.by_sympy import small
from derive.checked.proof import worked
from derive.equations.run import run
from derive.errors import DeriveError
from derive.expressions.tree import Name, Number
from derive.network import Network, build
from derive.network.fast_paths import BACKWARD
from derive.network.operations import Elementwise, Formula
from derive.network.output_loss import OutputLoss
from derive.network.whole_layers import Softmax, WeightedSum
from derive.ops.optimizers import OPTIMIZERS, THETA, Line, g, momentum, theta

NETWORK = """
title = "n"
[network]
inputs = 2
loss = "{loss}"
[[network.layers]]
units = 2
activation = "{hidden}"
weights = [[0.5, -0.3], [0.2, 0.8]]
[[network.layers]]
units = 2
activation = "{output}"
weights = [[0.1, 0.4], [-0.6, 0.7]]
[[data]]
x = [1, 2]
t = [1, 0]
[[data]]
x = [-1, 0.5]
t = [0, 1]
[training]
learning_rate = 0.1
iterations = 2
{more}
"""
GRAPH = 'title = "g"\n[graph.values]\nx = 3\ny = -4\nz = 2\n[graph.nodes]\nf = "x*y"\ng = "f + z*f^2"'


def network(loss="half_squared_error", hidden="tanh", output="sigmoid", more=""):
    return build(specification.loads(NETWORK.format(loss=loss, hidden=hidden, output=output, more=more), "n.toml"))


def plant(monkeypatch, operation, place):
    """One local derivative 2.001/2 times too large: in the table, or where a fast path stands in for it, there."""
    if operation in BACKWARD:
        monkeypatch.setitem(BACKWARD, operation, scaled_path(BACKWARD[operation], place))
    else:
        monkeypatch.setattr(operation, "local", scaled_local(operation.local, place))


def scaled_path(path, place):
    def wrong(node, values, gradients):
        before = dict(gradients)
        path(node, values, gradients)
        name = node.inputs[place]
        gradients[name] = before[name] + (gradients[name] - before[name]) * fmpq(2001, 2000)

    return wrong


def scaled_local(local, place):
    def wrong(self, node, inputs, position):
        right = local(self, node, inputs, position)
        return Number(fmpq(2001, 2000)) * right if position == place else right

    return wrong


@pytest.mark.parametrize("position", [0, 1, 2, 4])
@pytest.mark.parametrize(
    ("operation", "kind"),
    [
        (WeightedSum, {}),
        (Elementwise, {}),
        (OutputLoss, {}),
        (Softmax, {"output": "softmax", "loss": "cross_entropy"}),
    ],
)
def test_a_wrong_slope_stops_the_output(monkeypatch, operation, kind, position):
    """2.001 in place of 2, in any rule, at any operand: no number comes out."""
    net = network(**kind)
    if position >= max(len(node.inputs) for node in net.graph.nodes if isinstance(node.operation, operation)):
        position = 0
    if operation is OutputLoss:
        position %= 2
    plant(monkeypatch, operation, position % _arity(net, operation))
    with pytest.raises(DeriveError, match="disagree"):
        worked(net, lambda work: work.run)


def _arity(net, operation):
    return min(len(node.inputs) for node in net.graph.nodes if isinstance(node.operation, operation))


def test_a_wrong_slope_in_a_graph_stops_the_output(monkeypatch):
    """Nodes of a graph are checked like layers."""
    plant(monkeypatch, Formula, 0)
    with pytest.raises(DeriveError, match="disagree"):
        worked(build(specification.loads(GRAPH, "g.toml")), lambda work: work.run)


def test_a_wrong_sequential_rule_stops_the_output(monkeypatch):
    """Sequential updates are checked by a recursion of their own."""
    net = network(more='[conventions]\nupdate_order = "sequential"')
    assert worked(net, lambda work: work.opinion.digits) >= by_differences.REQUIRED_DIGITS
    plant(monkeypatch, WeightedSum, 0)
    with pytest.raises(DeriveError, match="disagree"):
        worked(net, lambda work: work.run)


def test_using_old_weights_in_a_sequential_update_is_noticed(monkeypatch):
    """The very thing that sets the two orders apart is checked."""
    from derive.equations.run import Runner

    net = network(more='[conventions]\nupdate_order = "sequential"')
    with precision(128):
        straight = run(network())
        monkeypatch.setattr(Runner, "run", lambda self: straight)
        wrong = type(straight)(net, straight.iterations, straight.final, straight.learning_rate)
        monkeypatch.setattr(by_differences, "PATIENCE", 0)
        with pytest.raises(DeriveError, match="disagree"):
            by_differences.check(wrong)


ETA, V, NEW = Name("eta"), Name("v"), Name("v'")
WRONG_LINES = {
    "step added": (Line("v", momentum * V + g), Line(THETA, theta + ETA * NEW)),
    "momentum left out": (Line("v", g), Line(THETA, theta - ETA * NEW)),
    "old velocity": (Line("v", momentum * V + g), Line(THETA, theta - ETA * V)),
    "running mean": (Line("v", momentum * V + (1 - momentum) * g), Line(THETA, theta - ETA * NEW)),
    "learning rate in the velocity": (Line("v", momentum * V + ETA * g), Line(THETA, theta - NEW)),
}


@pytest.mark.parametrize("order", ["simultaneous", "sequential"])
@pytest.mark.parametrize("what", WRONG_LINES)
def test_a_wrong_line_of_an_optimizer_stops_the_output(monkeypatch, what, order):
    """Updates are checked by another statement of the optimizer, which knows nothing of the entry."""
    text = NETWORK.format(loss="half_squared_error", hidden="tanh", output="sigmoid", more="")
    text = text.replace("iterations = 2", 'iterations = 3\noptimizer = "momentum"')
    text += f'[conventions]\nupdate_order = "{order}"\n'
    right = worked(build(specification.loads(text, "n.toml")), lambda work: work.opinion.digits)
    assert right >= by_differences.REQUIRED_DIGITS
    wrong = replace(OPTIMIZERS["momentum"], lines=WRONG_LINES[what])
    monkeypatch.setattr(Network, "optimizer", property(lambda self: wrong))
    with pytest.raises(DeriveError, match="disagree"):
        worked(build(specification.loads(text, "n.toml")), lambda work: work.run)


def test_a_wrong_line_of_gradient_descent_stops_the_output(monkeypatch):
    """Nor is the plainest rule taken on trust."""
    wrong = replace(OPTIMIZERS["sgd"], lines=(Line(THETA, theta - ETA * ETA * g),))
    monkeypatch.setattr(Network, "optimizer", property(lambda self: wrong))
    with pytest.raises(DeriveError, match="disagree on the update of w1_1_1 in iteration 1"):
        worked(network(), lambda work: work.run)


@pytest.mark.parametrize("loss", ["half_squared_error", "absolute_error", "huber", "hinge", "log_cosh"])
@pytest.mark.parametrize("hidden", ["relu", "leaky_relu", "elu", "gelu", "silu", "softplus"])
def test_right_networks_pass(loss, hidden):
    """All routes agree to far more digits than required."""
    text = NETWORK.format(loss=loss, hidden=hidden, output="identity", more="")
    if loss == "hinge":
        text = text.replace("t = [1, 0]", "t = [1, -1]").replace("t = [0, 1]", "t = [-1, 1]")
    found = worked(build(specification.loads(text, "n.toml")), lambda work: work.opinion)
    assert found.digits >= by_differences.REQUIRED_DIGITS
    assert found.compared > 40


def test_small_networks_are_checked_by_sympy_too():
    """The composed loss of a small network is differentiated by SymPy as a third route."""
    assert worked(build(specification.loads(GRAPH, "g.toml")), lambda work: work.opinion.symbolic)


def test_a_wrong_composition_is_noticed(monkeypatch):
    """The third route can fail: a composed loss 2.001/2 times too steep stops the output."""
    from derive.checked import by_sympy

    honest = by_sympy.composed_loss
    monkeypatch.setattr(by_sympy, "composed_loss", lambda *args: honest(*args) * 2001 / 2000)
    with pytest.raises(DeriveError, match="disagree"):
        worked(build(specification.loads(GRAPH, "g.toml")), lambda work: work.run)


@pytest.mark.parametrize("deep", [40, 90])
def test_deeply_nested_formulas_are_not_handed_to_sympy(deep):
    """The derivative of sin(sin(...)) repeats every level: SymPy takes its time for it, balls do not."""
    nested = "sin(" * deep + "z" + ")" * deep
    hidden = f'{{name = "nested", expression = "{nested}"}}'
    layers = f"[[network.layers]]\nunits = 2\nactivation = {hidden}\nweights = 0.3\n" * 2
    text = f'[network]\ninputs = 2\nloss = "half_squared_error"\n{layers}[[data]]\nx = [1, 2]\nt = [1, 0]\n'
    network = build(specification.loads(text))
    assert not small(network)
    assert worked(network, lambda work: work.opinion.compared) > 12


def test_a_network_that_converges_is_no_disagreement():
    """Balls that have grown wide in many iterations call for more precision; they are no contradiction."""
    layers = "".join(
        f'[[network.layers]]\nunits = {len(rows)}\nactivation = "identity"\nweights = {rows}\n'
        for rows in ([[0.1, 0.2], [0.3, 0.4]], [[0.5, 0.6]])
    )
    text = f'[network]\ninputs = 2\nloss = "half_squared_error"\n{layers}[[data]]\nx = [1, 0.5]\nt = [1]\n'
    network = build(specification.loads(text + "[training]\nlearning_rate = 0.3\niterations = 440\n"))
    smallest = worked(network, lambda work: as_ball(work.run.iterations[-1].gradients["w1_1_1"]))
    assert 0 < abs(smallest) < arb(10) ** -400


@pytest.mark.parametrize("power", [30, 400, 1000])
def test_a_gradient_may_be_as_small_as_it_likes(power):
    """The step and the precision of the difference go by the size of what is compared."""
    text = f'[graph.values]\nw = "1e-{power}"\n[graph.nodes]\nf = "exp(w) - w - 1"\n'
    assert worked(build(specification.loads(text)), lambda work: work.opinion.digits) >= 12


@pytest.mark.parametrize("formula", ["sigmoid(x)", "x*(1 - sigmoid(x))", "ln(1 - sigmoid(x))", "tanh(x) - 1"])
def test_a_wrong_slope_is_noticed_far_out_too(monkeypatch, formula):
    """Differences are taken of the corrections, so that they show a slope of 10^-43430 as any other."""
    text = f'title = "far"\n[graph.values]\nx = 100000\n[graph.nodes]\np = "{formula}"\nq = "2*p"'
    net = build(specification.loads(text, "far.toml"))
    assert worked(net, lambda work: work.opinion.compared) == 3
    plant(monkeypatch, Formula, 0)
    with pytest.raises(DeriveError, match="disagree"):
        worked(build(specification.loads(text, "far.toml")), lambda work: work.run)
