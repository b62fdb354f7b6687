"""How notes, exams, answers in forums and programs are written, line for line.

The numbers are worked here, with ``math``.
"""

from __future__ import annotations

from math import e, exp, tanh

import pytest

from derive.api import loads
from derive.verification.examine import Examiner
from derive.verification.reading import TextKind

UNIT = """
[network]
inputs = 2
loss = "squared_error"
[[network.layers]]
units = 1
weights = [[0.6, -0.4]]
biases = [0.2]
"""
ONE_ROW = "[[data]]\nx = [1.5, 2]\nt = [1]\n"
TWO_ROWS = "[[data]]\nx = [1, 2]\nt = [1.5]\n[[data]]\nx = [-2, 0.5]\nt = [-0.5]\n"
TRAINING = "[training]\nlearning_rate = 0.1\niterations = 2\n"
NAMES = '[notation]\nnames = { w1_1_1 = "w_1", w1_1_2 = "w_2", b1_1 = "b" }\n'


def examined(spec: str, text: str, kind: TextKind = "text") -> list[tuple[int, str]]:
    """The line and the verdict of each relation."""
    return [(one.line, one.verdict) for one in Examiner(loads(spec)).examine(text, kind).judgements]


def verdicts(spec: str, text: str, kind: TextKind = "text") -> set[str]:
    found = Examiner(loads(spec)).examine(text, kind)
    assert not found.not_read, found.not_read
    return {one.verdict for one in found.judgements}


# Tables

GRAPH = """
[graph]
output = "L"
parameters = ["a", "c"]
[graph.values]
a = 0.7
c = -1.9
x = 1.3
t = 2
[graph.nodes]
s = "a*x"
u = "exp(s)"
y = "u + c"
r = "y - t"
L = "r^2"
[training]
learning_rate = 0.05
"""
S = round(0.7 * 1.3, 4)
U = round(exp(S), 3)
R = round(U - 1.9 - 2, 3)


def test_an_operation_is_led_by_the_name_of_its_row() -> None:
    """``r^2`` between a name and its number is worked out for it, and not left out."""
    rows = f"""| node | operation | value |
|:--|:--|--:|
| `s` | `a*x` = 0.7 * 1.3 | = {S} |
| `u` | `exp(s)` | = {U} |
| `r` | `y - t` = {U} - 1.9 - 2 | = {R:.3f} |
| `L` | `r^2` | = {R * R:.3f} |
"""
    found = Examiner(loads(GRAPH)).examine(rows, "markdown").judgements
    assert [one.claim.replace("`", "") for one in found][:2] == ["s = a*x", "a*x = 0.7 * 1.3"]
    assert [one.claim for one in found if one.line == 6] == ["L = r^2", f"r^2 = {R * R:.3f}"]
    assert all(one.holds for one in found)


def test_a_number_that_is_worked_from_rounded_ones_is_no_mistake() -> None:
    """Two units of its last place off, because the lines above are rounded; four units are a slip."""
    u, r = 2.5, -1.4  # of 2.484 and -1.416
    lines = f"u = {u}\nr = {r}\nL = "
    assert examined(GRAPH, f"{lines}{r * r:.2f}")[-1] == (3, "rounding")
    assert examined(GRAPH, f"{lines}{r * r - 0.06:.2f}")[-1] == (3, "wrong")
    assert examined(GRAPH, f"L = {r * r:.2f}")[-1] == (1, "wrong")  # nothing says that it was rounded


MOMENTUM = UNIT + ONE_ROW + TRAINING + 'optimizer = {name = "momentum", momentum = 0.9}\n' + NAMES
Y = 0.6 * 1.5 - 0.4 * 2 + 0.2
G = 2 * (Y - 1)


def momentum_rows(second: float) -> str:
    """A table of one step with momentum; ``second`` is the velocity of the second weight."""
    return f"""| parameter | gradient | velocity | new value |
|---|---|---|---|
| w₁ | g = {G:.4f}·1.5 = {1.5 * G:.4f} | v = {1.5 * G:.4f} | 0.6 − 0.1·({1.5 * G:.4f}) = {0.6 - 0.15 * G:.4f} |
| w₂ | g = {G:.4f}·2 = {2 * G:.4f} | v = {second:.4f} | -0.4 − 0.1·({second:.4f}) = {-0.4 - 0.1 * second:.4f} |
"""


def test_letters_below_gradient_and_velocity_are_those_of_the_row() -> None:
    assert verdicts(MOMENTUM, momentum_rows(2 * G), "markdown") == {"holds"}
    wrong = Examiner(loads(MOMENTUM)).examine(momentum_rows(G), "markdown")
    assert next((one.line, one.verdict) for one in wrong.judgements if not one.holds) == (4, "wrong")


@pytest.mark.parametrize("name", ["v_b", "v_{b}", "vb"])
def test_a_velocity_is_called_by_its_parameter(name: str) -> None:
    assert examined(MOMENTUM, f"{name} = {G:.4f}") == [(1, "holds")]
    assert examined(MOMENTUM, f"{name} = {G + 0.1:.4f}") == [(1, "wrong")]


def test_velocities_are_counted_as_the_weights_of_a_single_unit_are() -> None:
    assert examined(MOMENTUM, f"v1 = {1.5 * G:.4f}\nv_2 = {2 * G:.4f}") == [(1, "holds"), (2, "holds")]
    assert examined(MOMENTUM, f"v1 = {2 * G:.4f}") == [(1, "wrong")]


# Lines

HIDDEN = """
[network]
inputs = 2
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "tanh"
weights = [[0.5, -0.2], [0.3, 0.8]]
biases = [0.1, -0.3]
[[network.layers]]
units = 1
weights = [[0.7, -0.6]]
biases = [0.4]
[[data]]
x = [1, 0.5]
t = [0.9]
[training]
learning_rate = 0.5
"""
H1, H2 = tanh(0.5 - 0.1 + 0.1), tanh(0.3 + 0.4 - 0.3)
D = 0.7 * H1 - 0.6 * H2 + 0.4 - 0.9
D1, D2 = D * 0.7 * (1 - H1 * H1), D * -0.6 * (1 - H2 * H2)


def test_several_new_values_stand_on_a_line() -> None:
    """``b1 neu = …, b2 neu = …``, and ``und`` between two claims."""
    givens = "b1 = 0.1, b2 = -0.3, c = 0.4\n"
    new = f"dE/db1 = {D1:.4f} und dE/db2 = {D2:.4f}\nb1 neu = {0.1 - D1 / 2:.4f}, b2 neu = {-0.3 - D2 / 2:.4f}"
    assert verdicts(HIDDEN, givens + new) == {"holds"}
    slipped = new.replace(f"b2 neu = {-0.3 - D2 / 2:.4f}", f"b2 neu = {-0.3 + D2 / 2:.4f}")
    assert examined(HIDDEN, givens + slipped)[-1] == (3, "wrong")


def test_leader_dots_and_points_say_nothing() -> None:
    """An exam with its points: what stands before the dots is read to its last digit."""
    exam = f"""tanh in the hidden layer, linear output — E = 1/2 (y - t)² — η = 0.5
  1a) h1 = {H1:.3f} .......................... (0.5 pt)
  1b) h2 = {H2:.3f} .. (1 pt = 2 × 0.5)
  1c) δ1 = ∂E/∂z1 = {D1:.4f} ............. (0.5 pt)
"""
    assert verdicts(HIDDEN, exam) == {"holds"}
    wrong = exam.replace(f"{D1:.4f}", f"{D * 0.7:.4f}")
    assert examined(HIDDEN, wrong)[-1] == (4, "wrong")


def test_a_long_dash_may_still_be_a_minus() -> None:
    assert examined(HIDDEN, "0.5 — 0.2 = 0.3") == [(1, "holds")]


def test_what_an_update_begins_with_is_the_old_value() -> None:
    """A given that goes into the gradient is no rounded number of another quantity: 0.5 is x2, and not h1."""
    assert abs(H1 - 0.5) < 0.05
    wrong = D2 * H1 / 0.5  # so that wrong * 0.5 is near D2 * h1
    text = f"delta1_2 = {D2:.4f}\nw1_2_2' = 0.8 - 0.5*({wrong:.4f})*0.5 = {0.8 - 0.25 * wrong:.4f}"
    assert "wrong" in {verdict for line, verdict in examined(HIDDEN, text) if line == 2}


def test_a_claim_may_stand_in_brackets_behind_another() -> None:
    text = f"dE/db2_1 = {D:.4f}       (eta/1 = 0.5)"
    assert examined(HIDDEN, text) == [(1, "holds"), (1, "holds")]


# Samples

BATCH = UNIT + TWO_ROWS + TRAINING
YA, YB = 0.6 - 0.8 + 0.2, -1.2 - 0.2 + 0.2
EA, EB = YA - 1.5, YB + 0.5


def test_samples_that_are_called_by_letters() -> None:
    """``yA`` and ``eB`` are the outputs and differences of samples; "2a pasada" begins the second iteration."""
    w1, w2, b = (v - 0.1 * g for v, g in ((0.6, EA - 2 * EB), (-0.4, 2 * EA + EB / 2), (0.2, EA + EB)))
    text = f"""--- 1a pasada
yA = 0.6 - 0.8 + 0.2 = {YA:.4f}
yB = -1.2 - 0.2 + 0.2 = {YB:.4f}
eA = {YA:.1f} - 1.5 = {EA:.4f}    eB = {YB:.1f} + 0.5 = {EB:.4f}
dE/dw1 = eA·1 + eB·(-2) = {EA - 2 * EB:.4f}
w1' = 0.6 - 0.1·({EA - 2 * EB:.4f}) = {w1:.4f}
w2' = {w2:.4f}
b' = {b:.4f}
--- 2a pasada
yA = {w1 + 2 * w2 + b:.4f}
eA = {w1 + 2 * w2 + b - 1.5:.4f}
"""
    assert verdicts(BATCH, text) == {"holds"}
    slipped = text.replace(f"(-2) = {EA - 2 * EB:.4f}", f"(-2) = {EA + 2 * EB:.4f}")
    assert (5, "wrong") in examined(BATCH, slipped)


@pytest.mark.parametrize("letter", ["L", "E"])
def test_the_loss_of_a_sample_has_its_number_below(letter: str) -> None:
    one, two = EA * EA, EB * EB
    text = rf"""$ {letter}_1 = {one:.4f}, \quad {letter}_2 = {two:.4f} $

$ {letter} = \tfrac12 ({letter}_1 + {letter}_2) = {(one + two) / 2:.4f} $

$ \nabla_{{b^{{(1)}}}} {letter}_2 = {2 * EB:.4f} $
"""
    assert verdicts(BATCH, text, "markdown") == {"holds"}
    assert (1, "wrong") in examined(BATCH, text.replace(f"{two:.4f}", f"{2 * two:.4f}"), "markdown")


def test_ell_is_the_loss_of_a_sample() -> None:
    text = rf"""## Sample 1

$$\ell = {EA * EA:.4f}, \qquad \frac{{\partial \ell}}{{\partial z}} = 2(\hat y - t) = {2 * EA:.4f}$$

$\ell^{{(2)}} = {EB * EB:.4f}$
"""
    assert verdicts(BATCH, text, "markdown") == {"holds"}
    assert (5, "wrong") in examined(BATCH, text.replace(f"{EB * EB:.4f}", f"{EB * EB / 2:.4f}"), "markdown")


# Code

OCTAVE = f"""octave:1> % one step
>> W = [0.6 -0.4];
>> b = 0.2;
>> x = [1.5; 2];   t = 1;
>> z = W*x + b
z = {Y:.4f}
>> dW = 2*(z - t)*x'
dW =
     {3 * (Y - 1):.4f}  {4 * (Y - 1):.4f}
"""


def test_a_block_that_octave_prints_is_a_claim_of_its_first_line() -> None:
    assert (8, "holds") in examined(UNIT + ONE_ROW, OCTAVE)
    assert (8, "wrong") in examined(UNIT + ONE_ROW, OCTAVE.replace(f"{4 * (Y - 1):.4f}", f"{-4 * (Y - 1):.4f}"))


def program(new: float) -> str:
    return f"""import numpy as np
X = np.array([[1.0, 2.0], [-2.0, 0.5]])
T = np.array([[1.5], [-0.5]])
W1 = np.array([[0.6], [-0.4]])
b1 = np.array([0.2])
Y = X @ W1 + b1
dZ = 2 * (Y - T) / 2          # the mean is in here
dW1 = X.T @ dZ
db1 = dZ.sum(axis=0)
W1 -= 0.1 * dW1                # W1 = [[{0.6 - 0.1 * (EA - 2 * EB):.4f}], [{-0.4 - 0.1 * (2 * EA + EB / 2):.4f}]]
b1 -= 0.1 * db1                # b1 = [{new:.4f}]
"""


def test_the_comment_behind_an_update_says_the_new_value() -> None:
    right = 0.2 - 0.1 * (EA + EB)
    assert {verdict for _, verdict in examined(BATCH, program(right))} == {"holds"}
    assert (11, "wrong") in examined(BATCH, program(right + 0.01))


def test_what_is_printed_beside_an_array_is_a_claim_of_its_own() -> None:
    """The minus of ``[0.5 -0.4]`` is no calculation: the block below the program is what it printed."""
    text = f"""```python
p = X @ w + b
dw = X.T @ (p - y)
db = np.sum(p - y)
print("dw =", dw, " db =", round(db, 4))
```
```
dw = [ {EA - 2 * EB:.4f} {2 * EA + EB / 2:.4f} ]  db = {EA + EB:.4f}
```
"""
    found = examined(BATCH, text, "markdown")
    assert [verdict for line, verdict in found if line == 8] == ["holds", "holds"]
    found = examined(BATCH, text.replace(f"db = {EA + EB:.4f}", f"db = {EA - EB:.4f}"), "markdown")
    assert [verdict for line, verdict in found if line == 8] == ["holds", "wrong"]


STAGED = """
[graph]
output = "f"
parameters = ["x", "y"]
[graph.values]
x = 0.8
y = -0.3
[graph.nodes]
p = "x*y"
q = "exp(x)"
f = "p*q"
"""
P, Q = -0.24, e**0.8


def answer(part: float) -> str:
    return f"""Every gate has a name:

    p = x*y = {P}       # (1)
    q = exp(x) = {Q:.4f}  # (2)
    f = p*q = {P * Q:.4f}  # (3)

* gate (3): it swaps. So `dp = q = {Q:.4f}` and `dq = p = {P}`.
* gate (2): `dx = q * dq = {Q * P:.4f}`, not done yet!
* gate (1): `dx += y * dp = {part:.4f}`, `dy = x * dp = {0.8 * Q:.4f}`
"""


def test_an_answer_with_code_in_its_lists() -> None:
    """What is added up further down is a part of the derivative; remarks behind ``#`` are none of the claim."""
    assert verdicts(STAGED, answer(-0.3 * Q), "markdown") == {"holds"}
    assert (9, "wrong") in examined(STAGED, answer(0.3 * Q), "markdown")


def test_a_new_value_beside_others_of_its_step_is_one_too() -> None:
    """What follows from it follows: ``b`` is that after the second update, as ``w1`` on the line is."""
    w1, w2, b = 0.6 - 0.15 * G, -0.4 - 0.2 * G, 0.2 - 0.1 * G
    g = 2 * (1.5 * w1 + 2 * w2 + b - 1)
    text = f"""Iteration 1
w1 = {w1:.4f}
w2 = {w2:.4f}
b = {b:.4f}
Iteration 2
w1 = {w1 - 0.15 * g:.4f}
w2 = {w2 - 0.2 * g:.4f}
b = {b - 0.1 * G:.4f}
"""
    spec = UNIT + ONE_ROW + TRAINING + NAMES
    wrong = [one for one in Examiner(loads(spec)).examine(text).judgements if not one.holds]
    assert [(one.line, one.verdict) for one in wrong] == [(8, "wrong")]
    assert wrong[0].expected is not None
    assert abs(float(wrong[0].expected) - (b - 0.1 * g)) < 1e-3
