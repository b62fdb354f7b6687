"""Numbers that look exact and may be rounded: whole numbers after ≈, and decimals that the spec has, too."""

from __future__ import annotations

from functools import cache

import pytest

from derive.api import loads
from derive.network import Network
from derive.render.document import notes
from derive.verification.examine import Examiner
from tests.support.repository import ROOT

BATCH = """
[network]
inputs = 1
loss = "half_squared_error"
[[network.layers]]
units = 1
weights = [[1.234]]
[[data]]
x = [17.77]
t = [4.7]
[[data]]
x = [0.21]
t = [3.1]
[[data]]
x = [25.3]
t = [-1.9]
[training]
learning_rate = 0.01
"""
STEEP = """
[network]
inputs = 1
loss = "absolute_error"
[[network.layers]]
units = 1
activation = "tanh"
weights = [[1]]
[[data]]
x = [0.001]
t = [-0.5]
[training]
learning_rate = 0.01
"""
FAR = """
[network]
inputs = 2
loss = "log_cosh"
[[network.layers]]
units = 1
weights = [[0, 1]]
[[data]]
x = [-2, -12]
t = [1]
[[data]]
x = [-3, -12]
t = [0]
[training]
learning_rate = 0.5
"""
SPECS = {"batch": BATCH, "steep": STEEP, "far": FAR}


@cache
def network(spec: str, numbers: str = "") -> Network:
    text = SPECS.get(spec) or (ROOT / "examples" / f"{spec}.toml").read_text(encoding="utf-8")
    return loads(f"{text}\n[numbers]\n{numbers}\n" if numbers else text)


def verdicts(spec: str, text: str) -> str:
    return "".join(j.verdict[0] for j in Examiner(network(spec)).examine(text).judgements)


# E[1..3] = 148.44, 4.0371, 548.32; E = 233.60; the samples' dE/db 17.228, -2.841, 33.12, the mean 15.836
LOSSES = "E = 1/3*(E[1] + E[2] + E[3])"
SLOPES = "dE/db1_1 = 1/3*(dE/db1_1[1] + dE/db1_1[2] + dE/db1_1[3])"
CASES = [
    # A whole number after ≈ stands for what rounds to it, inside a calculation, too
    ("batch", f"{LOSSES} ≈ 1/3*(148 + 4 + 548) ≈ 234", "hhh"),
    ("batch", f"{LOSSES} ≈ 1/3*(148 + 5 + 548)", "hw"),
    ("batch", f"{LOSSES} ≈ 1/3*(149 + 4 + 548)", "hw"),
    ("batch", f"{LOSSES} ≈ 1/3*(148 + 4 + 547)", "hw"),
    ("batch", f"{LOSSES} ≈ 1/3*(1e2 + 4 + 5e2) ≈ 2e2", "hhh"),
    ("batch", f"{LOSSES} ≈ 1/3*(2e2 + 4 + 5e2)", "hw"),
    ("batch", f"{SLOPES} ≈ 1/3*(17 + (-3) + 33) ≈ 16", "hhh"),
    ("batch", f"{SLOPES} ≈ 1/3*(17 + (-2.8) + 33) ≈ 16", "hhh"),
    ("batch", f"{SLOPES} ≈ 1/3*(17 + 2.8 + 33)", "hw"),
    ("batch", f"{SLOPES} ≈ 1/3*(17 - 3 + 34)", "hw"),
    ("batch", f"{SLOPES} ≈ 1/2*(17 - 3 + 33)", "hw"),  # a third is no rounded half
    # After = it is exact, unless it has the digits of the decimals beside it
    ("batch", f"{LOSSES} = 1/3*(148 + 4 + 548)", "hw"),
    ("batch", "dE/dw1_11 = 1/3*(306.1 - 0.5966 + 838) = 381.2", "hh"),
    ("batch", "dE/dw1_11 = 1/3*(306.1 - 0.5966 + 839)", "w"),
    ("batch", "z1_1[1] = 22", "w"),
    ("batch", "z1_1[1] = 22 ≈ 21.93", "ww"),
    ("batch", "z1_1[1] ≈ 22", "h"),
    ("batch", "22 ≈ z1_1[1]", "h"),
    ("batch", "z1_1[1] ≈ 21", "w"),
    ("batch", "z1_1[1] ≈ 2e1", "h"),
    ("batch", "z1_1[1] ≈ 3e1", "w"),
    ("batch", "delta1_1[1] = yhat[1] - t[1] ≈ 22 - 5 ≈ 17", "hhh"),
    ("batch", "delta1_1[1] ≈ 21 - 4.7", "w"),
    ("batch", "dE/dw1_11[1] ≈ 17*17.77 ≈ 306", "hh"),
    ("batch", "dE/dw1_11[1] ≈ 18*17.77", "w"),
    # One whole number is not another one, and not what it is not near
    ("batch", "2 ≈ 3", "w"),
    ("batch", "7*0.1 ≈ 3", "w"),
    ("batch", "7*0.1 ≈ 1", "h"),
    ("batch", "E = 7*0.1 ≈ 3", "ww"),
    ("batch", "z1_1[2] ≈ 0", "w"),
    # A 1 beside decimals is 1: a factor that was left out is no rounded one
    ("pass_or_fail", "dE/dz1_1 = delta2_1*w2_11*sigma'(z1_1) ≈ -0.4791*0.0881*1", "hw"),
    # A decimal of the spec may be a computed quantity of the chain that rounds to it
    ("steep", "dE/dyhat*tanh'(z1_1) ≈ 1*1.000", "h"),
    ("steep", "dE/dyhat*tanh'(z1_1) ≈ 1*1.003", "w"),
    ("far", "dE/db1_1 = 1/2*(dE/db1_1[1] + dE/db1_1[2]) ≈ 1/2*(-1.00 + (-1.00))", "hh"),
    ("far", "dE/dw1_11 = 1/2*(dE/dw1_11[1] + dE/dw1_11[2]) ≈ 1/2*(2.00 + 3.00) ≈ 2.50", "hhh"),
    ("far", "dE/dw1_11 = 1/2*(dE/dw1_11[1] + dE/dw1_11[2]) ≈ 1/2*(2.00 + 2.00)", "hw"),
    ("far", "dE/dw1_11 = 1/2*(dE/dw1_11[1] + dE/dw1_11[2]) = 1/2*(2.00 + 3.00)", "hh"),
]


@pytest.mark.parametrize(("spec", "text", "expected"), CASES)
def test_numbers_that_may_be_rounded(spec: str, text: str, expected: str) -> None:
    assert verdicts(spec, text) == expected


def test_a_one_that_was_a_rounded_quantity() -> None:
    """Digits of a spec that make a 1 of a quantity are digits of a file about it, too."""
    found = Examiner(network("dead_relu", "decimals = 0")).examine("w2_11' = w2_11 - eta*dE/dw2_11 ≈ 1 - 0.1*(-1)")
    assert [j.verdict for j in found.judgements] == ["holds", "holds"]
    assert verdicts("dead_relu", "w2_11' = w2_11 - eta*dE/dw2_11 ≈ 1 - 0.1*(-2)") == "hw"


@pytest.mark.parametrize(
    ("spec", "numbers", "style"),
    [
        ("batch", "decimals = 0", "routes"),
        ("batch", "significant = 2", "matrix"),
        ("batch", "significant = 1", "graph"),
        ("batch", 'decimals = 0\nrounding = "step"', "routes"),
        ("batch", "significant = 4", "delta"),
        ("steep", "decimals = 1", "matrix"),
        ("steep", "significant = 4", "matrix"),
        ("steep", 'significant = 3\nrounding = "step"', "matrix"),
        ("far", "significant = 3", "routes"),
        ("far", "significant = 1", "matrix"),
        ("far", 'decimals = 1\nrounding = "step"', "delta"),
        ("dead_relu", "decimals = 0", "delta"),
        ("softmax_three_classes", 'decimals = 1\nrounding = "step"', "matrix"),
    ],
)
def test_documents_with_few_digits_hold(spec: str, numbers: str, style: str) -> None:
    one = network(spec, numbers)
    found = Examiner(one).examine(notes(one, to="markdown", style=style), "markdown")
    assert len(found.judgements) > 20
    assert [f"{j.line}: {j.claim}: {j.verdict}" for j in found.judgements if not j.holds] == []


@pytest.mark.parametrize(
    ("spec", "text", "value"),
    [
        ("steep", "dE/dw1_11 = 2.00*0.001", "1.000"),
        ("steep", "tanh'(z1_1) = 1", "0.999999"),
        ("steep", "tanh'(z1_1) = 1.5*2 = 1.000", "0.9999990"),
        ("batch", "z1_1[1] = 1.234*17.77 + 0 = 22", "21.93"),
    ],
)
def test_what_is_expected_is_told_apart_from_what_is_found(spec: str, text: str, value: str) -> None:
    """No message shows one number as the wrong and as the right one."""
    wrong = [j for j in Examiner(network(spec)).examine(text).judgements if not j.holds]
    assert wrong
    for judgement in wrong:
        assert judgement.expected is not None
        assert judgement.right is not None
        assert judgement.expected != judgement.right.text
