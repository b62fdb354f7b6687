"""Names of one's own known by what is stated of them: slopes, old values and new ones, and letters beside a family.

The numbers are worked here, with ``math``.
"""

from __future__ import annotations

from math import exp

import pytest

from derive.api import loads
from derive.verification.examine import Examiner

SPEC = """
[network]
inputs = ["x1", "x2"]
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.15, 0.20], [0.25, 0.30]]
biases = [0.35, 0.35]
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.40, 0.45]]
biases = [0.60]
[[data]]
x = [0.05, 0.10]
t = [0.01]
[training]
learning_rate = 0.5
"""


def sigma(z: float) -> float:
    return 1 / (1 + exp(-z))


S = (0.15 * 0.05 + 0.20 * 0.10 + 0.35, 0.25 * 0.05 + 0.30 * 0.10 + 0.35)
H = (sigma(S[0]), sigma(S[1]))
Z = 0.40 * H[0] + 0.45 * H[1] + 0.60
Y = sigma(Z)
D = (Y - 0.01) * Y * (1 - Y)
D1, D2 = (H[i] * (1 - H[i]) * (0.40, 0.45)[i] * D for i in range(2))
FILE = f"""Let h1 and h2 be the activations of the hidden layer, s1 and s2 their weighted inputs, and y the output.
s1 = 0.15*0.05 + 0.20*0.10 + 0.35 = {S[0]:.4f}
s2 = 0.25*0.05 + 0.30*0.10 + 0.35 = {S[1]:.4f}
h1 = sigma(s1) = {H[0]:.4f}
h2 = sigma(s2) = {H[1]:.4f}
s = 0.40 h1 + 0.45 h2 + 0.60 = {Z:.4f}
y = sigma({Z:.4f}) = {Y:.4f}
For the output unit: delta_k = (y_k - t_k) y_k (1 - y_k)
delta = ({Y:.4f} - 0.01)*{Y:.4f}*{1 - Y:.4f} = {D:.4f}
For the hidden units: delta_j = h_j (1 - h_j) sum_k w_jk delta_k
delta_1 = {H[0]:.4f}*{1 - H[0]:.4f}*0.40*{D:.4f} = {D1:.5f}
delta_2 = {H[1]:.4f}*{1 - H[1]:.4f}*0.45*{D:.4f} = {D2:.5f}
Gradients dE/dw_ij = delta_j x_i
dE/dw_11 = {D1:.5f}*0.05 = {D1 * 0.05:.6f}
dE/dw_21 = {D1:.5f}*0.10 = {D1 * 0.10:.6f}
dE/dw_12 = {D2:.5f}*0.05 = {D2 * 0.05:.6f}
dE/dw_22 = {D2 * 0.10:.6f}
dE/dv_1 = delta*h1 = {D * H[0]:.4f}
dE/dv_2 = delta*h2 = {D * H[1]:.4f}
dE/db = {D:.4f}
v_1 = 0.40 - 0.5*{D * H[0]:.4f} = {0.40 - 0.5 * D * H[0]:.4f}
v_2 = 0.45 - 0.5*{D * H[1]:.4f} = {0.45 - 0.5 * D * H[1]:.4f}
b = 0.60 - 0.5*{D:.4f} = {0.60 - 0.5 * D:.4f}
w_21 = 0.20 - 0.5*{D1 * 0.10:.6f} = {0.20 - 0.5 * D1 * 0.10:.4f}
"""
EXAMINER = Examiner(loads(SPEC))


def judged(text: str) -> list[tuple[int, str, str]]:
    """Line, verdict and claim of all that does not hold."""
    found = EXAMINER.examine(text)
    return [(one.line, one.verdict, f"{one.left.text} = {one.right.text}") for one in found.judgements if not one.holds]


def test_all_of_it_is_read_and_holds() -> None:
    found = EXAMINER.examine(FILE)
    assert judged(FILE) == []
    assert len(found.judgements) == 38
    assert found.general == 3
    assert found.not_read == ()


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        (f"dE/dv_2 = delta*h2 = {D * H[1]:.4f}", f"dE/dv_2 = delta*h2 = {D * H[0]:.4f}", 19),
        (f"dE/dw_21 = {D1:.5f}*0.10 = {D1 * 0.10:.6f}", f"dE/dw_21 = {D2:.5f}*0.10 = {D2 * 0.10:.6f}", 15),
        (f"w_21 = 0.20 - 0.5*{D1 * 0.10:.6f} = {0.20 - 0.5 * D1 * 0.10:.4f}", f"w_21 = 0.20 + 0.5*{D1 * 0.10:.6f} = {0.20 + 0.5 * D1 * 0.10:.4f}", 24),
    ],
)  # fmt: skip
def test_a_slip_is_seen_where_the_rest_says_what_the_name_is(right: str, wrong: str, line: int) -> None:
    assert FILE.count(right) == 1
    assert [(at, verdict) for at, verdict, _ in judged(FILE.replace(right, wrong))][:1] == [(line, "wrong")]


def test_a_number_before_a_name_is_a_factor_where_more_is_added() -> None:
    """``s = 0.40 h1 + ...`` does not say that s is 0.40."""
    text = f"s = 0.40*{H[0]:.4f} + 0.45*{H[1]:.4f} + 0.60 = {Z:.4f}\ns = 0.40 h1 + 0.45 h2 + 0.60\n"
    assert "wrong" not in {verdict for _, verdict, _ in judged(text)}


BISHOP = f"""a^(1)_1 = 0.15*0.05 + 0.2*0.1 + 0.35 = {S[0]:.4f}      z^(1)_1 = sigma({S[0]:.4f}) = {H[0]:.4f}
a^(1)_2 = 0.25*0.05 + 0.3*0.1 + 0.35 = {S[1]:.4f}      z^(1)_2 = sigma({S[1]:.4f}) = {H[1]:.4f}
a^(2) = 0.4*{H[0]:.4f} + 0.45*{H[1]:.4f} + 0.6 = {Z:.4f}
The derivative of the error w.r.t. the output is y - t = {Y - 0.01:.4f}, so
delta^(2) = {Y - 0.01:.4f} * {Y:.4f} * (1 - {Y:.4f}) = {D:.4f}
dE/dw^(2)_1 = {D:.4f} * {H[0]:.4f} = {D * H[0]:.4f}
"""
HAYKIN = rf"""$v_1 = {S[0]:.4f}$ and $v_2 = {S[1]:.4f}$, and $y_1 = \varphi(v_1) = {H[0]:.4f}$, $y_2 = \varphi(v_2) = {H[1]:.4f}$.

For the output neuron, $v_3 = {Z:.4f}$, $y_3 = {Y:.4f}$, and $e_3 = d_3 - y_3 = 0.01 - {Y:.4f} = {0.01 - Y:.4f}$.

$$\delta_3 = e_3\,\varphi'(v_3) = {0.01 - Y:.4f} \cdot {Y * (1 - Y):.4f} = {-D:.4f}$$
$$\delta_1 = \varphi'(v_1)\,\delta_3 w_{{31}} = {H[0] * (1 - H[0]):.4f} \cdot ({-D:.4f})\cdot 0.4 = {-D1:.4f}$$
$$\delta_2 = \varphi'(v_2)\,\delta_3 w_{{32}} = {H[1] * (1 - H[1]):.4f} \cdot ({-D:.4f})\cdot 0.45 = {-D2:.4f}$$

- $\Delta w_{{31}} = \eta\,\delta_3\,y_1 = 0.5 \cdot ({-D:.4f}) \cdot {H[0]:.4f} = {-0.5 * D * H[0]:.4f}$
- $\Delta w_{{11}} = \eta\,\delta_1\,x_1 = {-0.5 * D1 * 0.05:.5f}$
- $\Delta b_3 = {-0.5 * D:.4f}$

New weights: $w_{{31}} = 0.4 - {0.5 * D * H[0]:.4f} = {0.4 - 0.5 * D * H[0]:.4f}$, $w_{{32}} = {0.45 - 0.5 * D * H[1]:.4f}$.
"""


@pytest.mark.parametrize(("text", "kind", "count"), [(BISHOP, "text", 16), (HAYKIN, "markdown", 29)])
def test_letters_of_other_books(text: str, kind: str, count: int) -> None:
    """a for weighted inputs and z for activations; units counted on, e for t - y, the other sign of δ."""
    found = EXAMINER.examine(text, kind)  # type: ignore[arg-type]
    assert [(one.line, one.verdict, one.claim) for one in found.judgements if not one.holds] == []
    assert len(found.judgements) == count


@pytest.mark.parametrize(
    ("text", "kind", "right", "wrong"),
    [
        (BISHOP, "text", f"z^(1)_2 = sigma({S[1]:.4f}) = {H[1]:.4f}", f"z^(1)_2 = sigma({S[1]:.4f}) = {S[1]:.4f}"),
        (HAYKIN, "markdown", rf"{0.01 - Y:.4f} \cdot {Y * (1 - Y):.4f} = {-D:.4f}", rf"{0.01 - Y:.4f} \cdot {Y:.4f} = {(0.01 - Y) * Y:.4f}"),
    ],
)  # fmt: skip
def test_a_slip_in_the_letters_of_other_books(text: str, kind: str, right: str, wrong: str) -> None:
    assert right in text
    found = EXAMINER.examine(text.replace(right, wrong), kind)  # type: ignore[arg-type]
    assert "wrong" in {one.verdict for one in found.judgements}


def test_derivatives_in_words() -> None:
    text = f"""The derivative of the error with respect to the output is y - t = {Y - 0.01:.4f}
derivative of E by w2_1_1 = {D * H[0]:.4f}
derivative of yhat by z2_1 = {Y * (1 - Y):.4f}
derivative of yhat with respect to z2_1 is {D:.4f}
"""
    assert [(line, verdict) for line, verdict, _ in judged(text)] == [(4, "wrong")]
