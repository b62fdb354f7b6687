"""What a student is told of ordinary mistakes: the cause by its name, and nothing where a number tells too little."""

from __future__ import annotations

from functools import cache

import pytest

from derive.network import build
from derive.specification import loads
from derive.verification.examine import Examiner
from derive.verification.judgement import Judgement
from derive.verification.reports.model import Report
from tests.support.repository import ROOT
from tests.support.verification.specs import SOFTMAX

BATCH = """
[network]
inputs = ["u", "v"]
loss = "mean_squared_error"
[[network.layers]]
units = 2
activation = "relu"
weights = [[0.5, -0.25], [-0.75, 1]]
biases = [0.1]
shared_bias = true
[[network.layers]]
units = 2
activation = "tanh"
weights = [[0.3, 0.7], [-0.2, 0.4]]
biases = [0.05, -0.15]
[[data]]
x = [1, 2]
t = [0.5, 0]
[[data]]
x = [2, 0.5]
t = [1, -1]
[[data]]
x = [0.2, 0.9]
t = [0.5, 1]
[[data]]
x = [1.5, -1]
t = [0, 0.25]
[training]
learning_rate = 0.2
"""
GRAPH = """
[graph]
parameters = ["w", "b"]
[graph.values]
w = 2
b = -0.5
x = 3
y = 4
[graph.nodes]
z = "w*x + b"
p = "sin(z)"
q = "z^2/10"
h = "p*q"
L = "(h - y)^2/2"
[training]
learning_rate = 0.01
"""


@cache
def examiner(spec: str) -> Examiner:
    text = spec if "\n" in spec else (ROOT / "examples" / f"{spec}.toml").read_text()
    return Examiner(build(loads(text)))


def first_wrong(spec: str, lines: str) -> Judgement:
    return next(j for j in examiner(spec).examine(lines).judgements if j.verdict == "wrong")


def said(spec: str, lines: str) -> str:
    found = examiner(spec).examine(lines)
    report = Report("spec", examiner(spec).network, (found,))
    wrong = next(j for j in found.judgements if j.verdict == "wrong")
    return "".join(str(span.content) for span in report.reason(wrong))


@pytest.mark.parametrize(
    ("spec", "lines", "cause"),
    [
        (SOFTMAX, "yhat1 = sigma(z2_1)", "sigmoid_for_softmax"),
        (SOFTMAX, "yhat1 = z2_1/(z2_1 + z2_2 + z2_3)", "softmax_without_exponential"),
        (SOFTMAX, "yhat1 = e^z2_1/(e^z2_2 + e^z2_3)", "softmax_term_left_out"),
        (SOFTMAX, "E = -ln(yhat1)", "neighbouring_target"),
        (SOFTMAX, "E = -(ln(yhat1) + ln(yhat2) + ln(yhat3))", "targets_left_out"),
        (SOFTMAX, "delta2_3 = yhat3 - t1", "neighbouring_target"),
        (SOFTMAX, "dE/dz2_3 = t3 - yhat3", "loss_sign"),
        (SOFTMAX, "dE/dw1_11 = delta1_1*a1_1", "activation_of_another_layer"),
        (SOFTMAX, "dE/dw1_11 = delta1_1", "factor_left_out"),
        (BATCH, "dE/dw2_11 = -0.0563\nw2_11' = 0.3 - 0.0563 = 0.2437", "plus_without_rate"),
        (BATCH, "dE/dw2_11 = -0.0563\nw2_11' = 0.3 - 0.2*(-0.0563)/4 = 0.3028", "divided_twice"),
        (BATCH, "E[1] = 1/4*((yhat1[1] - t1[1])^2 + (yhat2[1] - t2[1])^2)", "half_added"),
        ("pass_or_fail", "dE/dyhat = t - yhat", "another_loss"),
        ("pass_or_fail", "E = -ln(yhat)/2", "half_added"),
        ("pass_or_fail", "E = -ln(1 - yhat)", "target_turned"),
        ("pass_or_fail", "E = (1 - 0.5209)^2", "another_loss"),
        ("pass_or_fail", "yhat = 1/(1 + e^z2_1)", "sigmoid_exponent_sign"),
        ("pass_or_fail", "z1_1 = 0.1789*7 - 0.1863*8 - 0.0083*10", "weight_transposed"),
        ("pass_or_fail", "z2_1 = 0.0881*7 + 0.1710*8 + 0.0050*10", "activation_of_another_layer"),
        (GRAPH, "dL/dh = y - h", "derivative_sign"),
        (GRAPH, "dL/dh = 2*(h - y)", "constant_factor_left_out"),
        (GRAPH, "dq/dz = 2*z", "constant_factor_left_out"),
    ],
)
def test_ordinary_mistakes_have_their_cause(spec: str, lines: str, cause: str) -> None:
    assert first_wrong(spec, lines).cause == cause


@pytest.mark.parametrize(
    "line",
    [
        "dE/dw1_43 ≈ 0", "dE/dw1_43 = 0", "dE/dw1_43 = 0.07", "w2_11' ≈ 0", "w2_11' = 0.0", "dE/dw2_11 ≈ -1/2",
        "E@7 = 0.064", "w2_11@3 = 0.5", "yhat@1 = 0.9", "yhat = 0.53", "dE/dw2_11 = yhat - 1.3",
        "dE/dyhat = yhat - 2 = -1.92",
        "yhat@1 = sigma(0.2906*0.8453 + 0.2027*0.1323 + 0.0897*0.3539 + 0.0499*0.3775)",
    ],
)  # fmt: skip
def test_a_number_that_tells_little_has_none(line: str) -> None:
    assert first_wrong("pass_or_fail", line).cause is None


@pytest.mark.parametrize(
    ("spec", "lines", "cause", "sentence"),
    [
        ("pass_or_fail", "z2_1 = 0.0881*0.8453 + 0.1710*0.1522 + 0.0050*0.3539 - 0.0405*0.3775 = 0.0870",
         "wrong_value", "0.1522 stands where a1_2 = 0.1323 belongs."),
        ("pass_or_fail", "z1_1 = 0.1789*7 + 0.0437*8 + 0.0069*10", "wrong_value",
         "0.0069 stands where w1_1_3 = 0.0096 belongs."),
        ("pass_or_fail", "w1_43' = 0.0885 - 0.5*(-0.405) = 0.291", "wrong_value",
         "-0.405 is the number of dE/dw2_11. dE/dw1_43 = 0.0456 belongs in its place."),
        ("pass_or_fail", "w2_11' = 0.0881 + 0.1*0.405 = 0.1286", "wrong_value", "0.1 stands where eta = 0.5 belongs."),
        ("pass_or_fail", "yhat = sigma(0.0863) = 0.5216", "wrong_value", "0.0863 stands where z2_1 = 0.0836 belongs."),
        ("pass_or_fail", "z1_4 = -0.0477*7 + 0.1314*8 + 0.0885*10", "sign_lost",
         "A sign is lost: w1_4_2 is -0.1314, and here stands 0.1314."),
        (SOFTMAX, ("dE/da1_2 = delta2_1*w2_12 + delta2_2*w2_22 + delta2_3*w2_32"
         " = -0.6976 + 0.2350*0.25 + 0.9326*0.75 = 0.0606"), "sign_lost",
         "A sign is lost: delta2_3 is -0.9326, and here stands 0.9326."),
        ("pass_or_fail", "dE/dw1_43 = -0.479*0.0405*0.377*(1 - 0.377)*10 = -0.0456", "sign_lost",
         "A sign is lost: w2_14 is -0.0405, and here stands 0.0405."),
        ("pass_or_fail", "dE/dw1_43 = -0.479*(-0.0405)*0.377*(1 - 0.377)*100 = 0.456", "wrong_value",
         "100 stands where x3 = 10 belongs."),
        ("pass_or_fail", "E = 0.625", "digits_swapped", "Two digits of 0.625 are exchanged."),
        (SOFTMAX, "dE/dw1_11 = delta1_1 = 0.6239", "factor_left_out",
         ("A factor of the chain is missing: dz1_1/dw1_11 = x1. Both sides are the same number here all the same, "
         "by chance: x1 is 1.")),
    ],
)  # fmt: skip
def test_what_is_said(spec: str, lines: str, cause: str, sentence: str) -> None:
    assert first_wrong(spec, lines).cause == cause
    assert said(spec, lines) == sentence


def test_the_hint_about_a_number_does_not_say_which_one_belongs_there() -> None:
    wrong = first_wrong("pass_or_fail", "z2_1 = 0.0881*0.8453 + 0.1710*0.1522 + 0.0050*0.3539 - 0.0405*0.3775")
    assert wrong.hint == "Compare the factor beside 0.1710 with a1_2."


@pytest.mark.parametrize(
    ("spec", "line", "expected"),
    [
        (BATCH, "dE[1]/db1 = delta1_1[1]", "delta1_1[1] + delta1_2[1]"),
        (BATCH, "dE[1]/dyhat1[1] = 2*(yhat1[1] - t1[1])", "yhat1[1] - t1[1]"),
        (BATCH, "dE/da1_2[1] = delta2_1[1]*w2_12", "delta2_1[1]*w2_1_2 + delta2_2[1]*w2_2_2"),
        (SOFTMAX, "delta2_3 = yhat3 - t1", "yhat3 - t3"),
        ("pass_or_fail", "w2_11@2 = w2_11", "w2_1_1' - eta*dE/dw2_1_1@1"),
        ("pass_or_fail", "z2_1@2 = a1_1", ("w2_1_1@2*a1_1@2 + w2_1_2@2*a1_2@2 + w2_1_3@2*a1_3@2 + w2_1_4@2*a1_4@2"
         " + b2_1@2")),
    ],
)  # fmt: skip
def test_the_formula_that_was_expected(spec: str, line: str, expected: str) -> None:
    assert first_wrong(spec, line).expected == expected


def test_a_forgotten_learning_rate_of_one_half_is_no_rounding() -> None:
    """0.20 - 0.000877 is also the new value less half of that: the new value is no part of its own calculation."""
    spec = (ROOT / "examples" / "mazur.toml").read_text()
    text = "dE/dw1_1_2 = 0.00877135*0.1 = 0.000877135\nw1_1_2' = w1_1_2 - eta*dE/dw1_1_2 = 0.20 - 0.500000*0.000877135"
    found = Examiner(build(loads(spec, "mazur.toml"))).examine(text + " = 0.199123", "text").judgements
    assert [(j.verdict, j.cause) for j in found if not j.holds] == [("wrong", "factor_lost")]
    found = Examiner(build(loads(spec, "mazur.toml"))).examine(text + " = 0.199561", "text").judgements
    assert all(j.holds for j in found)


def test_the_loss_after_an_update_tells_which_mistake_it_was() -> None:
    """A loss of 8 halved is 4, and so is the error; after the update the half is 0.7056, the error 1.68."""
    spec = (ROOT / "examples" / "xor_first.toml").read_text()
    between = "".join(f"dE/db1_{unit} = 4\nw1_{unit}_1' = 1\nb1_{unit}' = 0.6\n" * 6 for unit in (1, 2, 3))
    for after, cause in (("0.7056", "half_added"), ("1.68", "error_for_loss")):
        text = f"E = 4\n{between}E@1 = {after}\n"
        found = Examiner(build(loads(spec, "xor.toml"))).examine(text, "text").judgements
        assert [(j.verdict, j.cause) for j in found if not j.holds] == [("wrong", cause)] * 2
