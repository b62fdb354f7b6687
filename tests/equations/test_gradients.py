"""From a spec to gradients: known numbers, conventions, and the expressions beside the values."""

import json

import pytest

from derive import specification
from derive.errors import DeriveError
from derive.network import build
from derive.render.gradients import gradients_csv, gradients_json, gradients_table
from tests.support.reading import value_of_expression


def network(text):
    return build(specification.loads(text, "test.toml"))


def report(text, digits=12):
    return json.loads(gradients_json(network(text), digits))


TWO_LAYERS = """
title = "two layers"
[network]
inputs = 2
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.15, 0.20], [0.25, 0.30]]
biases = 0.35
{hidden}
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.40, 0.45], [0.50, 0.55]]
biases = 0.60
[[data]]
x = [0.05, 0.10]
t = [0.01, 0.99]
{more}
"""


def test_sequential_updates_are_the_published_mistake():
    """Mazur's printed error after one step comes from hidden gradients that use the new output weights."""
    shared = "shared_bias = true\ntrain_biases = false"
    text = TWO_LAYERS.replace("biases = 0.60", f"biases = 0.60\n{shared}").format(
        hidden=shared, more='[training]\nlearning_rate = 0.5\n[conventions]\nupdate_order = "sequential"'
    )
    found = report(text, digits=9)
    assert found["final"]["loss"] == "0.291027924"
    assert found["iterations"][0]["gradients"]["w2_1_1"]["value"] == "0.0821670406"
    straight = report(text.replace("sequential", "simultaneous"), digits=10)
    assert straight["final"]["loss"] == "0.2910277737"


def test_shared_bias_collects_all_units():
    """One bias for the layer: its gradient is the sum over the units."""
    apart = report(TWO_LAYERS.format(hidden="", more=""))["iterations"][0]["gradients"]
    shared = report(TWO_LAYERS.format(hidden="shared_bias = true", more=""))["iterations"][0]["gradients"]
    total = float(apart["b1_1"]["value"]) + float(apart["b1_2"]["value"])
    assert float(shared["b1"]["value"]) == pytest.approx(total, abs=1e-13)
    assert shared["b1"]["expression"] == "delta1_1 + delta1_2"


def test_frozen_layers_have_gradients_but_no_updates():
    """Frozen parameters are shown and stay."""
    found = report(TWO_LAYERS.format(hidden="train_weights = false", more="[training]\nlearning_rate = 0.1"))
    iteration = found["iterations"][0]
    assert "w1_1_1" in iteration["gradients"]
    assert "w1_1_1" not in iteration["updated"]
    assert "b1_1" in iteration["updated"]


def test_without_a_learning_rate_there_is_no_update():
    """Gradients only."""
    found = report(TWO_LAYERS.format(hidden="", more=""))
    assert "updated" not in found["iterations"][0]
    assert "final" not in found


BATCH = """
title = "batch"
[network]
inputs = ["u"]
loss = "squared_error"
[[network.layers]]
units = 1
weights = [[2]]
biases = [1]
[[data]]
x = [1]
t = [0]
[[data]]
x = [2]
t = [1]
[[data]]
x = [3]
t = [1]
[training]
learning_rate = 0.1
{more}
"""


KINKS = """
title = "kinks and ties"
[graph.values]
x = 3
y = -4
m = 2
n = 2
[graph.nodes]
s = "x + sigmoid(y)"
d = "sigmoid(x) + (x + y)^2"
k = "max(m, n, x - 1) + min(m, n) + abs(m - n) + relu(m - n)"
f = "s/d + k^2*s"
"""
SMOOTH = """
title = "functions of the layers, two samples"
[graph.nodes]
f = "gelu(y)*x + silu(y) + leaky_relu(y, 0.1) + elu(x*y)"
[graph.values]
y = -2
[[data]]
x = 1
[[data]]
x = 2
"""


@pytest.mark.parametrize("more", ["", 'reduction = "sum"'])
def test_batches_are_averaged_or_summed(more):
    """ŷ = 3, 5, 7 and t = 0, 1, 1: errors 3, 4, 6; E sums their squares, dE/dw sums 2 · error · x."""
    found = report(BATCH.format(more=more))["iterations"][0]
    errors, inputs = (3, 4, 6), (1, 2, 3)
    total = sum(2 * e * x for e, x in zip(errors, inputs, strict=True))
    divisor = 1 if more else 3
    assert found["gradients"]["w1_1_1"]["value"] == decimal(total, divisor)
    assert found["loss"] == decimal(sum(e * e for e in errors), divisor)


def decimal(top, bottom):
    """A fraction to 12 significant digits."""
    from flint import fmpq

    from derive.arithmetic.rounding import decimal_string

    return decimal_string(fmpq(top, bottom), 12)


def test_mini_batches_take_the_next_rows_and_start_again():
    """Three rows in batches of two: rows 1-2, row 3, rows 1-2; the final pass covers all rows."""
    found = report(BATCH.format(more="batch_size = 2\niterations = 3"))
    rows = [[sample["row"] for sample in iteration["samples"]] for iteration in found["iterations"]]
    assert rows == [[1, 2], [3], [1, 2]]
    assert [sample["row"] for sample in found["final"]["samples"]] == [1, 2, 3]


@pytest.mark.parametrize(
    "text",
    [
        TWO_LAYERS.format(hidden="", more="[training]\nlearning_rate = 0.5\niterations = 2"),
        TWO_LAYERS.format(
            hidden="", more='[training]\nlearning_rate = 0.5\n[conventions]\nupdate_order = "sequential"'
        ),
        BATCH.format(more="batch_size = 2\niterations = 3"),
        BATCH.format(more='reduction = "sum"'),
        KINKS,
        SMOOTH,
    ],
)
def test_expressions_evaluate_to_their_values(text):
    """Each ``expression`` gives its ``value`` when the named values are put in, by a reader of its own."""
    found = report(text, digits=30)
    count = 0
    for k, iteration in enumerate(found["iterations"]):
        for entry in iteration["gradients"].values():
            value = value_of_expression(entry["expression"], found, k)
            assert value == pytest.approx(float(entry["value"]), rel=1e-12, abs=1e-15)
            count += 1
    assert count


@pytest.mark.parametrize(
    ("loss", "weights", "fragments"),
    [
        ("binary_cross_entropy", 2, ["data[1]: E", "ln of -3", "sigmoid"]),
        ("cross_entropy", -2, ["E", "ln of -4"]),
    ],
)
def test_outside_the_domain_names_node_value_and_sample(loss, weights, fragments):
    """``E: ln of -3`` and a mend, no number."""
    text = f"""
    title = "bad"
    [network]
    inputs = 1
    loss = "{loss}"
    [[network.layers]]
    units = 1
    weights = {weights}
    [[data]]
    x = [2]
    t = [{0 if weights > 0 else 1}]
    """
    with pytest.raises(DeriveError) as caught:
        report(text)
    message = str(caught.value)
    assert all(fragment in message for fragment in fragments), message


def test_a_cross_entropy_term_with_factor_zero_is_left_out():
    """t = 1 and ŷ = 1 give a loss of 0: the term (1 - t) ln(1 - ŷ) is not looked at."""
    found = report(
        'title = "edge"\n[network]\ninputs = 1\nloss = "binary_cross_entropy"\n[[network.layers]]\nunits = 1\n'
        "weights = 1\n[[data]]\nx = [1]\nt = [1]"
    )
    assert found["iterations"][0]["loss"] == "0"
    assert found["iterations"][0]["gradients"]["w1_1_1"]["exact"] == "-1"


def test_symmetric_softmax_has_exact_zeros():
    """Equal weights into a softmax: the hidden gradients are 0, which only residues prove."""
    found = report(
        'title = "zeros"\n[network]\ninputs = 2\nloss = "cross_entropy"\n[[network.layers]]\nunits = 2\n'
        'activation = "tanh"\nweights = 0.3\n[[network.layers]]\nunits = 3\nactivation = "softmax"\nweights = 0.3\n'
        "[[data]]\nx = [1, 1]\nt = [1, 0, 0]"
    )
    gradients = found["iterations"][0]["gradients"]
    assert gradients["w1_1_1"]["exact"] == "0"
    assert gradients["b2_1"]["exact"] == "-2/3"


def test_table_and_csv_tell_the_same():
    """All three forms come from the same numbers."""
    net = network(BATCH.format(more=""))
    table, lines = gradients_table(net, 8), gradients_csv(net, 8).splitlines()
    assert lines[0] == "iteration,parameter,value,gradient,updated,expression"
    for line in lines[1:]:
        _, name, value, gradient, updated, _ = line.split(",", 5)
        assert all(text in table for text in (name, value, gradient, updated))


@pytest.mark.parametrize(
    ("outputs", "slope"), [(1, "2*(yhat - t)"), (2, "yhat1 - t1"), (3, "2/3*(yhat1 - t1)"), (4, "1/2*(yhat1 - t1)")]
)
def test_the_mean_divides_the_two(outputs, slope):
    """The slope of a mean squared error is written as a person would: (2/3)(ŷ - t), and no 2/2."""
    from derive.equations.chain import derive
    from derive.expressions.print_text import ascii as plain

    net = network(
        'title = "mean"\n[network]\ninputs = 1\nloss = "mean_squared_error"\n[[network.layers]]\n'
        f"units = {outputs}\nweights = 1\n[[data]]\nx = [1]\nt = {[0] * outputs}"
    )
    assert plain(derive(net).step(net.outputs[0]).gradient) == slope


def test_names_that_look_like_derivatives_are_never_ambiguous():
    """With values ``dout`` and ``dg`` the gradient of g is put in, not named ``dout/dg``."""
    found = report(
        'title = "names"\n[graph]\noutput = "out"\n[graph.values]\nx = 3\ndx = 2\ndg = 5\ndout = 7\n'
        '[graph.nodes]\ng = "dg/dx*x^2"\nout = "g*g*dout/dg + x"'
    )["iterations"][0]["gradients"]
    assert found["x"] == {"expression": "2*g*dout/dg*(2*dg*x/dx) + 1", "value": "946", "exact": "946"}


def test_a_batch_larger_than_the_data_is_all_of_it():
    """The last batch may be short, and so may the only one."""
    found = report(BATCH.format(more="batch_size = 5\niterations = 2"))
    assert [[sample["row"] for sample in iteration["samples"]] for iteration in found["iterations"]] == [[1, 2, 3]] * 2


def test_very_large_numbers_are_no_fault():
    """Numbers up to the limits work; no Python string of so many digits is made."""
    text = (
        'title = "large"\n[network]\ninputs = 1\nloss = "half_squared_error"\n[[network.layers]]\nunits = 1\n'
        'weights = [["1e5000"]]\nactivation = "{}"\n[[data]]\nx = [1]\nt = [0]'
    )
    assert report(text.format("identity"))["iterations"][0]["gradients"]["w1_1_1"]["value"] == "1e5000"
    saturated = report(text.format("sigmoid"))["iterations"][0]
    assert saturated["loss"] == "0.500000000000"
    assert saturated["gradients"]["w1_1_1"]["value"] == "0e-300"


@pytest.mark.parametrize("z", [40, 40_000])
def test_saturated_units_keep_their_tiny_gradients(z):
    """σ'(40000) is about 10^-17372, and printed: 1 - a would cancel, σ(z)σ(-z) does not."""
    found = report(
        f'title = "saturated"\n[network]\ninputs = 1\nloss = "half_squared_error"\n[[network.layers]]\nunits = 1\n'
        f'weights = {z}\nactivation = "sigmoid"\n[[data]]\nx = [1]\nt = [0]'
    )["iterations"][0]["gradients"]["b1_1"]["value"]
    from flint import arb

    from derive.arithmetic.precision import precision

    with precision(200):
        expected = arb(-z).exp()
        mantissa, _, exponent = found.partition("e")
        assert abs(arb(mantissa) * arb(10) ** int(exponent) / expected - 1) < 1e-10


def test_sine_at_multiples_of_pi_is_exact():
    """sin π = 0, cos(π/3) = 1/2, tan(π/4) = 1; tan has no value at π/2."""
    text = (
        'title = "pi"\n[graph.values]\nw = "pi"\n[graph.nodes]\ny = "sin(w)"\nu = "cos(w/3) + tan(w/{})"\nf = "y + u"'
    )
    found = report(text.format(4))["iterations"][0]
    assert found["samples"][0]["values"]["y"] == "0"
    assert found["loss"] == "1.5"
    assert found["gradients"]["w"]["value"] == "-0.788675134595"
    with pytest.raises(DeriveError, match=r"u: tan of 1\.5708 is undefined"):
        report(text.format(2))


@pytest.mark.parametrize("formula", ["exp(-x)", "0.5^x", "softplus(-x)", "1 - sigmoid(x)"])
def test_what_is_very_small_has_its_digits(formula):
    """The slope of exp(-x) is its negative, and so is, as far as digits go, that of the others but for ln 2."""
    import mpmath

    found = report(f'[graph.values]\nx = 1e8\n[graph.nodes]\ny = "{formula}"\n')["iterations"][0]
    with mpmath.workdps(40):
        rate = mpmath.log(2) if formula == "0.5^x" else mpmath.mpf(1)
        value = mpmath.exp(-rate * 10**8)
        assert abs(mpmath.mpf(found["loss"]) / value - 1) < 1e-11
        assert abs(mpmath.mpf(found["gradients"]["x"]["value"]) / (-rate * value) - 1) < 1e-11


@pytest.mark.parametrize(
    ("formula", "value", "gradient"),
    [
        ("exp(-x)", "0e-300", "0e-300"),
        ("exp(-x^2)", "0e-300", "0e-300"),
        ("sigmoid(x)", "1.00000000000", "0e-300"),
        ("softplus(-x)", "0e-300", "0e-300"),
        ("gelu(-x)", "0e-300", "0e-300"),
        ("0.5^x", "0e-300", "0e-300"),
        ("silu(-x)", "0e-300", "0e-300"),
    ],
)
def test_what_is_too_small_to_be_worked_is_given_by_its_bound(formula, value, gradient):
    """Past 10^-300,000,000,000 exponents are no longer worked out."""
    found = report(f'[graph.values]\nx = 1e15\n[graph.nodes]\ny = "{formula}"\n')["iterations"][0]
    assert (found["loss"], found["gradients"]["x"]["value"]) == (value, gradient)
    assert "exact" not in found["gradients"]["x"]


@pytest.mark.parametrize(
    ("loss", "by_outputs", "by_sums"),
    [
        ("yhat1^2*t1", ("1", "0"), ("0.25", "0")),
        ("(yhat2 - 1)^2", ("0", "-1"), ("0", "-0.25")),
        ("yhat1*t2", ("3", "0"), ("0.75", "0")),
    ],
)
def test_an_own_loss_may_leave_out_outputs_and_targets(loss, by_outputs, by_sums):
    """By hand, with both outputs sigma(0) = 1/2, of slope 1/4."""
    text = f"""
[network]
inputs = ["x"]
loss = {{name = "own", expression = "{loss}"}}
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[1], [-2]]
[[data]]
x = [0]
t = [1, 3]
"""
    gradients = report(text)["iterations"][0]["samples"][0]["gradients"]
    assert tuple(gradients[f"yhat{k}"] for k in (1, 2)) == by_outputs
    assert tuple(gradients[f"z1_{k}"] for k in (1, 2)) == by_sums
