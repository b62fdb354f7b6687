"""Old and new values: what ``:=``, an arrow or a plain ``=`` says of a parameter, and where it does not."""

from __future__ import annotations

from functools import cache

import pytest

from derive.network import build
from derive.specification import load, loads
from derive.verification.examine import Examiner
from derive.verification.reading import TextKind
from tests.support.repository import ROOT

HOMEWORK = """
[network]
inputs = ["x1", "x2"]
loss = "binary_cross_entropy"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.2, -0.4], [0.7, 0.1]]
biases = [0.1, -0.3]
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.6, -0.5]]
biases = [0.2]
[[data]]
x = [1.5, -2]
t = [1]
[training]
learning_rate = 0.1
"""
SPECS = {
    "homework": HOMEWORK,
    "untrained": HOMEWORK.replace("[training]\nlearning_rate = 0.1\n", ""),
    "frozen": HOMEWORK.replace("biases = [0.2]", "biases = [0.2]\ntrain_weights = false"),
    "in turn": HOMEWORK + '[conventions]\nupdate_order = "sequential"\n',
    "pass": (ROOT / "examples" / "pass_or_fail.toml").read_text(),
}


@cache
def examiner(spec: str) -> Examiner:
    if spec == "graph":
        return Examiner(build(load(ROOT / "examples" / "three_inputs.toml")))
    return Examiner(build(loads(SPECS[spec], f"{spec}.toml")))


def verdicts(spec: str, text: str, kind: TextKind = "text") -> str:
    return "".join(judgement.verdict[0] for judgement in examiner(spec).examine(text, kind).judgements)


RULE = "w2_11 - eta*dE/dw2_11"


@pytest.mark.parametrize("sign", ["←", "<-", "<--", ":=", "≔", "⟵", "→", "->", "=", "≈"])
def test_every_sign_of_an_update_gives_the_new_value(sign: str) -> None:
    update = f"w2_11 {sign}"
    assert verdicts("homework", f"{update} 0.6319") == "h"
    assert verdicts("homework", f"{update} 99") == "w"
    assert verdicts("homework", f"{update} {RULE} = 0.6319") == "hh"
    assert verdicts("homework", f"{update} 0.6 - 0.1*(-0.3188) = 0.6319") == "hh"
    assert verdicts("homework", f"{update} 0.6 + 0.1*(-0.3188) = 0.5681") == "wf"
    assert verdicts("homework", f"{update} w2_11 + eta*dE/dw2_11 = 0.5681") == "wf"


@pytest.mark.parametrize(
    "sign",
    [
        r"\leftarrow", r"\gets", r"\longleftarrow", r"\coloneqq", ":=", r"\vcentcolon=", r"\mathrel{\mathop:}=",
        r"\mathrel{:=}", r"\stackrel{(3)}{\leftarrow}", r"\xleftarrow{\text{step}}", r"\to", r"\rightarrow", "←",
    ],
)  # fmt: skip
def test_the_same_in_tex(sign: str) -> None:
    rule = r"w^1_{43} - \eta \frac{\partial E}{\partial w^1_{43}}"
    assert verdicts("pass", rf"\[ w^1_{{43}} {sign} 0.0657 \]", "latex") == "h"
    assert verdicts("pass", rf"\[ w^1_{{43}} {sign} 0.9 \]", "latex") == "w"
    assert verdicts("pass", rf"$ w^1_{{43}} {sign} {rule} = 0.0657 $", "markdown") == "hh"
    assert verdicts("pass", rf"\begin{{align}} w^1_{{43}} &{sign} {rule} \\ &= 0.9 \end{{align}}", "latex") == "hw"


WHOLE = """
[network]
inputs = 2
loss = "half_squared_error"
[[network.layers]]
units = 1
weights = [[1, 2]]
[[data]]
x = [1, 2]
t = [1]
[training]
learning_rate = 0.25
"""  # yhat = 5, delta = 4, the gradients are 4 and 8, the steps -1 and -2
SPECS["whole"] = WHOLE
STEPS = [
    # += and -= say the step; what follows is the step's value
    ("whole", "w1_12 += -2", "h"),
    ("whole", "w1_12 += -3", "w"),
    ("whole", "w1_12 += 2", "w"),
    ("whole", "w1_12 -= 2", "h"),
    ("whole", "w1_12-=2", "h"),
    ("whole", "w1_12 −= 2", "h"),
    ("whole", "w1_12 -= 3", "w"),
    ("whole", "w1_12 -= -2", "w"),
    ("whole", "w1_12 -= 0", "w"),
    ("whole", "w1_12 -= eta*dE/dw1_12 = 2", "hh"),
    ("whole", "w1_12 -= eta*dE/dw1_12 = 3", "hw"),
    ("whole", "w1_12 -= eta*dE/dw1_11 = 1", "wh"),
    ("whole", "w1_12 += -eta*dE/dw1_12 = -0.25*8 = -2", "hhh"),
    ("whole", "w1_12 += eta*dE/dw1_12 = 2", "wh"),
    ("whole", "W1 -= eta*dE/dW1 = [1, 2]", "hh"),
    ("whole", "W1 -= [1, 2]", "h"),
    ("whole", "W1 -= [1, 3]", "w"),
    ("whole", "b1_1 -= eta*delta1_1", "h"),
    ("whole", "w1_11 -= 1\nw1_11 = 0\nw1_12 -= 1", "hhw"),
    # A step in whole numbers with =
    ("whole", "w1_12 = w1_12 - 2 = 0", "hh"),
    ("whole", "w1_12 = w1_12 - 3", "w"),
    ("whole", "w1_12 := w1_12 + 2", "w"),
    ("homework", "w2_11 += 0.0319", "h"),
    ("homework", "w2_11 += 0.0419", "w"),
    ("homework", "w2_11 -= eta*dE/dw2_11 = -0.03188", "hh"),
    ("homework", "w2_11 -= 0.1*(-0.3188) = -0.03188\nw2_11 = 0.6319", "hhh"),
    ("homework", "w2_11 -= eta*dE/dw2_11 = 0.6319", "hw"),
    ("homework", "dE/dw2_11 = 0.3188\nw2_11 -= 0.03188", "wf"),
    ("graph", "x -= eta*dg/dx = -0.4\nx += 0.4\ny += 0.3", "hhhw"),
    ("pass", "w2_11 += 0.2025\nw2_11 += 0.1599\nw2_11 += 0.5", "hhw"),
    # The value after an update, and what is no parameter
    ("whole", "w1_11+ = 0\nw1_11^+ = 0\nw1_11^+ = 1", "hhw"),
    ("whole", "E += 0.3\nyhat = 5", "uh"),
    ("frozen", "w2_11 -= 0.1", "w"),
]


@pytest.mark.parametrize(("spec", "text", "expected"), STEPS)
def test_updates_that_say_the_step(spec: str, text: str, expected: str) -> None:
    assert verdicts(spec, text) == expected


@pytest.mark.parametrize(
    "sign", ["-=", r"\mathrel{-}=", r"-\!=", r"\mathrel{-=}", r"\mathrel{-}\mathrel{=}", "{-}=", r"\mathbin{-} ="]
)
def test_steps_in_tex(sign: str) -> None:
    slope = r"\eta\frac{\partial E}{\partial w^{1}_{12}}"
    assert verdicts("whole", rf"$$ w^{{1}}_{{12}} {sign} 2 $$", "markdown") == "h"
    assert verdicts("whole", rf"$$ w^{{1}}_{{12}} {sign} 3 $$", "markdown") == "w"
    assert verdicts("whole", rf"\[ w^{{1}}_{{12}} {sign} {slope} = 2 \]", "latex") == "hh"
    assert verdicts("whole", rf"\[ w^{{1}}_{{12}} {sign} {slope} = 3 \]", "latex") == "hw"
    plus = sign.replace("-", "+", 1)
    assert verdicts("whole", rf"\[ w^{{1}}_{{12}} {plus} -2 \]", "latex") == "h"
    assert verdicts("whole", r"\[ {w^{1}_{12}}^+ = 0 \]", "latex") == "h"


def test_a_step_is_said_as_it_was_written() -> None:
    found = examiner("whole").examine("w1_12 -= 3\nw1_12 += -3").judgements
    assert [(j.claim, j.expected, j.subject) for j in found] == [
        ("w1_12 -= 3", "2", "w1_1_2'"),
        ("w1_12 += -3", "-2", "w1_1_2'"),
    ]


CASES = [
    # An arrow that points at the parameter, and one from its old value to its new one
    ("homework", "0.6 - 0.1*(-0.3188) = 0.6319 → w2_11'", "hh"),
    ("homework", "0.6319 → w2_11", "h"),
    ("homework", "0.99 → w2_11'", "w"),
    ("homework", "w2_11 - eta*dE/dw2_11 → w2_11'", "h"),
    ("homework", "w2_11 + eta*dE/dw2_11 → w2_11'", "w"),
    ("homework", "w2_11 = 0.6 → 0.6319", "hh"),
    ("homework", "w2_11 = 0.6 → 0.9", "hw"),
    ("homework", "w2_11 → w2_11' = 0.6319", "h"),
    ("homework", "new w2_11 = 0.6319\nold w2_11 = 0.6\nnew w2_11 = 0.7", "hhw"),
    ("graph", "x^(k+1) = x^(k) - eta*dg/dx = 3.4\ny^(k+1) = -4.4\nx^2 = 9", "hhwh"),
    # An arrow that only goes on, or points at a remark
    ("homework", "z2_1 = 0.344 → yhat = 0.5852", "hh"),
    ("homework", "z2_1 = 0.344 ⇒ yhat = 0.6", "hh"),
    ("homework", "E ← yhat ← z2_1 ← w2_11\nyhat ← z2_1 = 0.344 ← the output\nw2_11 ← w2_11' = 0.6319", "hhh"),
    ("homework", "dE/dw2_11 = -0.3188   ← the chain rule", "h"),
    ("homework", "z2_1 = 0.344\nif z2_1 <-0.5", "h"),
    # Vectors and matrices
    ("homework", "W2 := W2 - eta*dE/dW2 = [0.6319, -0.4737]", "hh"),
    ("homework", "W2 ← [0.6319, -0.4]", "w"),
    ("homework", "b2 ← b2 - eta*delta2 = 0.2415", "hh"),
    # What is no trained parameter has no update
    ("homework", "z1_1 ← w1_11*x1 + w1_12*x2 + b1_1 = 1.2", "hh"),
    ("homework", "z1_1 ← 1.3", "w"),
    ("homework", "yhat := sigmoid(z2_1) = 0.5852", "hh"),
    ("homework", "z1_1 = z1_1 - 0.1 = 1.1", "wf"),
    ("homework", "yhat = yhat - 0.1*0.4 = 0.5452", "wf"),
    ("untrained", "w2_11 ← 0.6319", "w"),
    ("untrained", "w2_11 ← w2_11 - eta*dE/dw2_11", "u"),
    ("frozen", "w2_11 := 0.6319", "w"),
    ("frozen", "b2_1 := 0.2415", "h"),
    ("graph", "x ← x - eta*dg/dx = 3.4\ny := -4.3\nz → 1.9\nz ← 2.1", "hhhhw"),
    # A name that says the new value itself
    ("homework", "w2_11' := 0.6319", "h"),
    ("homework", "w2_11' := 0.7", "w"),
    # A value to begin with: before anything was derived
    ("homework", "w2_12 := -0.5\nw2_12 ← -0.55", "hw"),
    ("homework", "dE/dw2_12 = -0.2631\nw2_12 := -0.5", "hh"),  # -0.4737 rounds to it
    ("homework", "dE/dw1_11 = -0.0664\nw1_12 := -0.40", "hw"),
    # After the update the old name may mean either value, but one value in each chain
    ("homework", "w2_11 ← 0.6319\nw2_11 = 0.6319\nw2_11 = 0.60", "hhh"),
    ("homework", "w2_11 ← 0.6319\nw2_11*a1_1 = 0.6319*0.7685", "hh"),
    ("homework", "w2_11 ← 0.6319\ndE/da1_1 = delta2_1*w2_11 = -0.4148*0.6319", "hhw"),
    ("homework", "w2_11 = 0.65", "w"),
    # A second update
    ("pass", f"w2_11 ← {RULE} = 0.2906\nw2_11 ← {RULE} = 0.4505", "hhhh"),
    ("pass", f"w2_11 := {RULE} = 0.2906\nw2_11 := {RULE} = 0.47", "hhhw"),
    # In the sequential order ∂z/∂a is the old weight in the forward pass, and the new one in the backward pass
    ("in turn", "dz2_1/da1_1 = w2_11 = 0.6\ndz2_1/da1_1 = w2_11' = 0.6319\ndz2_1/da1_1 = 0.65", "hhhhw"),
    ("in turn", "dE/da1_1 = delta2_1*dz2_1/da1_1 = -0.4148*0.6319 = -0.2621", "hhh"),
    ("in turn", "dE/da1_1 = delta2_1*dz2_1/da1_1 = -0.4148*0.6 = -0.2489", "hwf"),
    ("homework", "dz2_1/da1_1 = w2_11' = 0.6319", "wf"),
    # What follows from a wrong gradient
    ("homework", "dE/dw2_11 = 0.3188\nw2_11 = 0.5681\nw2_11 ← 0.6 - 0.1*0.3188 = 0.5681", "wfff"),
]


@pytest.mark.parametrize(("spec", "text", "expected"), CASES)
def test_old_and_new_values(spec: str, text: str, expected: str) -> None:
    assert verdicts(spec, text) == expected


def test_the_meaning_is_said_where_it_was_not_the_plain_one() -> None:
    notes = [claim["note"] for claim in examiner("homework").examine("w2_11 = 0.6\nw2_11 = 0.6319").claims]
    assert notes == [None, "The name is read as the value after the update."]


def test_a_route_is_no_update() -> None:
    text = r"$E = 0.6522$ and $w^1_{43} \to z^1_4 \to a^1_4 \to \hat y \to E$, $w^1_{43} \to 0$"
    assert verdicts("pass", text, "latex") == "h"


def test_iterates_in_tex() -> None:
    tex = r"\[ x^{(k+1)} = x^{(k)} - \eta \frac{dg}{dx} = 3 - 0.1\cdot(-4) = 3.4 \] \[ y^{(n+1)} = -4.2 \]"
    assert verdicts("graph", tex, "latex") == "hhhw"
    layered = r"\[ {w^{2}_{11}}^{(k+1)} = {w^{2}_{11}}^{(k)} - \eta\,\frac{\partial E}{\partial w^{2}_{11}} = 0.2906 \]"
    assert verdicts("pass", layered, "latex") == "hh"
    assert verdicts("pass", r"$E = 0.65$ and $w^{(k+1)}_{ij} = w^{(k)}_{ij} - \eta \delta_i x_j$", "latex") == "h"


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("Iteration 2\ny' = 0.88", "holds"),
        ("Iteration 2\ny' = -0.2", "holds"),  # after one update, as the mark says elsewhere
        ("Iteration 2\ny' = 0.89", "wrong"),
        ("Iteration 2\nv_y' = -10.8\ny' = y - eta*v_y' = 0.88", "holds holds holds"),
        ("Iteration 2\nv_y' = momentum*v_y + dE/dy = 0.5*(-18) + 9*(-0.2) = -10.8", "holds holds holds"),
        ("Iteration 2\nv_y' = momentum*v_y + dE/dy = 0.5*(-18) - 9*(-0.2) = -7.2", "holds wrong follows"),
        ("Iteration 1\ny' = -0.2\nIteration 2\ny' = 0.88\nIteration 3\ny' = 0.628", "holds holds holds"),
        ("Iteration 3\ny' = -0.0632", "wrong"),
    ],
)
def test_a_new_value_below_a_heading_is_that_of_its_iteration(text: str, verdicts: str) -> None:
    examiner = Examiner(build(load(ROOT / "examples" / "momentum.toml")))
    assert [judgement.verdict for judgement in examiner.examine(text).judgements] == verdicts.split()
