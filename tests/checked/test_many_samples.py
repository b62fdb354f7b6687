"""Many samples at once say what each says by itself, and one wrong number among them stops the output."""

from __future__ import annotations

import random

import pytest

from derive.arithmetic.numbers import plain
from derive.arithmetic.precision import precision
from derive.checked import by_differences
from derive.checked.in_full import InFull
from derive.checked.many_samples import ManyLosses
from derive.checked.proof import worked
from derive.equations.run import Runner, run
from derive.errors import DeriveError
from derive.network import Network, build
from derive.specification import loads

ROWS = 20


def layers(hidden: str, last: str = "sigmoid", loss: str = "half_squared_error", more: str = "") -> str:
    draw = random.Random(hidden)
    rows = "".join(
        f"[[data]]\nx = [{draw.uniform(-1, 1):.2f}, {draw.uniform(-1, 1):.2f}]\nt = [{k % 2}, {1 - k % 2}]\n"
        for k in range(ROWS)
    )
    return f"""
[network]
inputs = 2
loss = "{loss}"
[[network.layers]]
units = 2
{hidden}
weights = [[0.3, -0.5], [0.7, 0.2]]
biases = [0.1, -0.2]
[[network.layers]]
units = 2
activation = "{last}"
weights = [[0.4, -0.6], [0.8, 0.9]]
biases = [0.05, -0.15]
{rows}
[training]
learning_rate = 0.5
iterations = 2
{more}"""


GRAPH = """
[graph]
parameters = ["w"]
values = {{w = 0.4, c = 2}}
nodes = {{u = "max(w*x, x^3) + c", v = "u^2/(1 + exp(-u)) - abs(x)*w", f = "v*ln(u) + 1"}}
{rows}
"""
SPECS = {
    "sigmoid": layers('activation = "sigmoid"'),
    "tanh": layers('activation = "tanh"'),
    "relu": layers('activation = "relu"'),
    "leaky": layers('activation = {name = "leaky_relu", slope = 0.1}'),
    "hard": layers('activation = "hard_swish"'),
    "softmax": layers('activation = "softplus"', "softmax", "cross_entropy"),
    "softmax inside": layers('activation = "softmax"'),
    "bce": layers('activation = "gelu"', loss="binary_cross_entropy"),
    "momentum": layers('activation = "mish"', more='optimizer = "momentum"\nbatch_size = 9\n'),
    "far out": layers('activation = "sigmoid"').replace("[[0.3, -0.5]", "[[300, -500]"),
    "graph": GRAPH.format(rows="".join(f'[[data]]\nx = "{k}/7"\n' for k in range(1, ROWS))),
}


def network(text: str) -> Network:
    return build(loads(text))


@pytest.mark.parametrize("name", SPECS)
def test_together_as_one_by_one(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    built = network(SPECS[name])
    shown = built.parameters[:3]
    together = worked(built, lambda work: work.opinion, in_full=lambda _: InFull(shown))
    monkeypatch.setattr(by_differences, "MIN_TOGETHER", 10**9)
    apart = worked(built, lambda work: work.opinion, in_full=lambda _: InFull(shown))
    assert (together.digits, together.compared, together.alone) == (apart.digits, apart.compared, apart.alone)


def test_all_samples_go_together(monkeypatch: pytest.MonkeyPatch) -> None:
    """The work is counted: no sample of an ordinary network is looked at by itself."""
    alone = []
    monkeypatch.setattr(by_differences._Check, "_direction", lambda *given: alone.append(given))
    for name in ("sigmoid", "relu", "softmax"):
        worked(network(SPECS[name]), lambda work: work.opinion)
    assert not alone


@pytest.mark.parametrize("name", ["sigmoid", "relu", "softmax"])
def test_one_wrong_sample_among_many_is_found(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    honest = Runner.backward

    def planted(runner: Runner, values, row):  # type: ignore[no-untyped-def]
        found = honest(runner, values, row)
        if row == 13:
            found["w1_2_1"] = found["w1_2_1"] + found["b2_1"] / 1000
        return found

    monkeypatch.setattr(Runner, "backward", planted)
    with pytest.raises(DeriveError, match="two independent routes disagree on sample 13, iteration 1"):
        worked(network(SPECS[name]), lambda work: work.opinion, symbolic=False)


@pytest.mark.parametrize("name", ["tanh", "relu", "softmax", "softmax inside", "bce"])
def test_losses_are_those_of_a_pass(name: str) -> None:
    """Only what a parameter changes is worked again; the loss is that of the whole network all the same."""
    built = network(SPECS[name])
    with precision(200):
        first = run(built).iterations[0]
        rows = [sample.row for sample in first.samples]
        changes = [(parameter, first.parameters[parameter] / 3) for parameter in built.parameters]
        found = ManyLosses(built, rows, first.parameters).losses(changes)
        for (parameter, change), losses in zip(changes, found, strict=True):
            runner, moved = Runner(built), {**first.parameters, parameter: first.parameters[parameter] + change}
            for row, loss in zip(rows, losses, strict=True):
                assert abs(plain(loss) - plain(runner.forward(moved, row)[built.output])) < 1e-50
