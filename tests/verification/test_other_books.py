"""Graphs and layers in the letters of other books and languages: φ, γ, δ with a number, σ for any activation, momentum.

The numbers are worked here, with ``math``.
"""

from __future__ import annotations

from math import exp, log, tanh

import pytest

from derive.api import loads
from derive.verification.examine import Examiner
from derive.verification.judging.cues import Cues
from derive.verification.reading import TextKind


def sigma(z: float) -> float:
    return 1 / (1 + exp(-z))


GRAPH = Examiner(
    loads(
        """
[graph]
output = "E"
parameters = ["w1", "w2", "v1", "v2", "b"]
[graph.values]
x = 0.5
t = 1
w1 = 0.4
w2 = -0.7
v1 = 0.6
v2 = 0.9
b = -0.2
[graph.nodes]
n1 = "w1*x"
n2 = "w2*x"
o1 = "sigmoid(n1)"
o2 = "sigmoid(n2)"
n = "v1*o1 + v2*o2 + b"
o = "sigmoid(n)"
E = "1/2*(t - o)^2"
[training]
learning_rate = 0.8
"""
    )
)
N1, N2 = 0.2, -0.35
O1, O2 = sigma(N1), sigma(N2)
N = 0.6 * O1 + 0.9 * O2 - 0.2
O = sigma(N)
D = (O - 1) * O * (1 - O)
D1, D2 = D * 0.6 * O1 * (1 - O1), D * 0.9 * O2 * (1 - O2)
SPANISH = f"""a) hacia adelante (s es la sigmoide)
Datos: t = 1, tasa de aprendizaje γ = 0.8
n1 = 0.4·0.5 = 0.2    entonces  o1 = s(0.2) = {O1:.4f}
n2 = -0.7·0.5 = -0.35   entonces  o2 = s(-0.35) = {O2:.4f}
n = 0.6·{O1:.4f} + 0.9·{O2:.4f} - 0.2 = {N:.4f}
o = s({N:.4f}) = {O:.4f}
s'(n) = o (1 - o) = {O * (1 - O):.4f}
δ = (o - t) o (1 - o) = {D:.4f}
Δv1 = -γ δ o1 = {-0.8 * D:.4f} · {O1:.4f} = {-0.8 * D * O1:.4f}
v1 nuevo = 0.6 + {-0.8 * D * O1:.4f} = {0.6 - 0.8 * D * O1:.4f}
δ1 = o1 (1 - o1) v1 δ = {D1:.4f}
w1 nuevo = 0.4 - 0.8*({D1:.4f})*0.5 = {0.4 - 0.4 * D1:.4f}
"""
MITCHELL = f"""o1 = φ(0.2) = {O1:.4f}
o2 = φ(-0.35) = {O2:.4f}
o = φ({N:.4f}) = {O:.4f}
δ = o (1 - o) (t - o) = {-D:.4f}
δ1 = o1 (1 - o1) v1 δ = {-D1:.4f}
δ_h = o_h (1 - o_h) sum_k w_kh δ_k
δ2 = {O2:.4f}*{1 - O2:.4f}*0.9*{-D:.4f} = {-D2:.4f}
Δv1 = 0.8*{-D:.4f}*{O1:.4f} = {-0.8 * D * O1:.4f}
Δw1 = 0.8*{-D1:.4f}*0.5 = {-0.4 * D1:.4f}
Δb = 0.8*{-D:.4f} = {-0.8 * D:.4f}
"""


def bad(examiner: Examiner, text: str, kind: TextKind = "text") -> list[tuple[int, str]]:
    return [(one.line, one.verdict) for one in examiner.examine(text, kind).judgements if not one.holds]


@pytest.mark.parametrize(("text", "count"), [(SPANISH, 27), (MITCHELL, 18)])
def test_a_graph_in_other_letters(text: str, count: int) -> None:
    assert bad(GRAPH, text) == []
    assert len(GRAPH.examine(text).judgements) == count


@pytest.mark.parametrize(
    ("text", "right", "wrong"),
    [
        (SPANISH, f"δ1 = o1 (1 - o1) v1 δ = {D1:.4f}", f"δ1 = o1 (1 - o1) v2 δ = {D1 * 1.5:.4f}"),
        (SPANISH, f"s'(n) = o (1 - o) = {O * (1 - O):.4f}", f"s'(n) = o (1 + o) = {O * (1 + O):.4f}"),
        (MITCHELL, f"δ2 = {O2:.4f}*{1 - O2:.4f}*0.9*", f"δ2 = {O2:.4f}*{1 - O2:.4f}*0.6*"),
        (MITCHELL, "δ1 = o1 (1 - o1) v1 δ", "δ1 = o1 (1 + o1) v1 δ"),
    ],
)
def test_a_slip_in_other_letters(text: str, right: str, wrong: str) -> None:
    assert text.count(right) == 1
    line = text[: text.index(right)].count("\n") + 1
    assert (line, "wrong") in bad(GRAPH, text.replace(right, wrong))


LEAKY = Examiner(
    loads(
        """
[network]
inputs = 1
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = {name = "leaky_relu", slope = 0.1}
weights = [[0.5], [-0.4]]
biases = [0.1, 0.2]
[[network.layers]]
units = 1
weights = [[0.7, 0.3]]
biases = [0]
[[data]]
x = [2]
t = [1]
"""
    )
)


def test_sigma_is_the_activation_where_no_sigmoid_is() -> None:
    text = r"""$$\sigma(z) = \begin{cases} z & z > 0 \\ 0.1\,z & z \le 0 \end{cases}$$
$$\sigma'(z^1_2) = 0.1$$
$$a^1_2 = \sigma(-0.6) = -0.06$$
$$a^1_1 = \sigma(1.1) = 0.11$$"""
    assert bad(LEAKY, text, "markdown") == [(4, "wrong")]


MOMENTUM = Examiner(
    loads(
        """
[graph]
output = "E"
parameters = ["w"]
[graph.values]
x = 2
t = 0.5
w = 0.3
[graph.nodes]
y = "tanh(w*x)"
E = "1/2*(t - y)^2"
[training]
learning_rate = 0.2
optimizer = {name = "momentum", momentum = 0.9}
iterations = 2
"""
    )
)


def slope(w: float) -> float:
    return (tanh(2 * w) - 0.5) * (1 - tanh(2 * w) ** 2) * 2


V1 = -0.2 * slope(0.3)
W1 = 0.3 + V1
V2 = 0.9 * V1 - 0.2 * slope(W1)


@pytest.mark.parametrize("forgotten", [False, True])
def test_steps_with_a_remark_and_alpha_beside_eta(forgotten: bool) -> None:
    step = -0.2 * slope(W1) if forgotten else V2
    text = f"""Lernrate η = 0.2, Momentum α = 0.9
1. Schritt (noch ohne Momentum)
g_w = {slope(0.3):.5f}
Δw = -0.2 * {slope(0.3):.5f} = {V1:.5f}
w = 0.3 + {V1:.5f} = {W1:.5f}
2. Schritt, jetzt mit Momentum
g_w = {slope(W1):.5f}
Δw = -0.2 * {slope(W1):.5f}{"" if forgotten else f" + 0.9 * {V1:.5f}"} = {step:.5f}
"""
    found = MOMENTUM.examine(text).judgements
    assert [one.line for one in found if one.verdict == "wrong"] == ([8] if forgotten else [])
    assert not any(one.verdict == "unreadable" for one in found)


SOFTMAX = Examiner(
    loads(
        """
[network]
inputs = 2
loss = "cross_entropy"
[[network.layers]]
units = 3
activation = "softmax"
weights = [[0.1, 0.2], [-0.3, 0.4], [0.5, -0.1]]
biases = [0, 0.1, -0.1]
[[data]]
x = [1, 2]
t = [0, 1, 0]
[training]
learning_rate = 0.5
"""
    )
)


def test_logits_in_o_and_gradients_by_vectors() -> None:
    logits = (0.5, 0.6, 0.2)
    whole = sum(map(exp, logits))
    p = [exp(one) / whole for one in logits]
    g = [p[0], p[1] - 1, p[2]]
    column = r"\begin{bmatrix}" + r" \\ ".join(f"{one:.4f}" for one in g) + r"\end{bmatrix}"
    rows = r"\begin{bmatrix}" + r" \\ ".join(f"{one:.4f} & {2 * one:.4f}" for one in g) + r"\end{bmatrix}"
    text = rf"""$e^{{o_1}} = e^{{0.5}} = {exp(0.5):.4f}$, $e^{{o_2}} = e^{{0.6}} = {exp(0.6):.4f}$, $e^{{o_3}} = e^{{0.2}} = {exp(0.2):.4f}$

$L = -\log {p[1]:.4f} = {-log(p[1]):.4f}$

$$\nabla_{{\mathbf{{b}}}} L = {column}$$
$$\nabla_{{\mathbf{{W}}}} L = {rows}$$
"""
    found = SOFTMAX.examine(text, "markdown").judgements
    assert [one.claim for one in found if not one.holds] == []
    assert len(found) == 10
    assert "wrong" in {
        one.verdict for one in SOFTMAX.examine(text.replace(f"{2 * g[1]:.4f}", "0.1"), "markdown").judgements
    }


def test_a_block_that_is_worked_by_hand_is_no_output() -> None:
    text = "```python\nv1 = 0.6\n```\n\n```\nv1_new = 0.6 - 0.8*0.1 = 0.99\n```\n"
    assert bad(GRAPH, text, "markdown") != []
    right = f"```python\nv1 = 0.6\n```\n\n```\nv1_new = 0.6 - 0.8*({D * O1:.4f}) = {0.6 - 0.8 * D * O1:.4f}\n```\n"
    assert bad(GRAPH, right, "markdown") == []


CHAIN = Examiner(
    loads(
        """
[network]
inputs = 1
loss = "half_squared_error"
[[network.layers]]
units = 1
activation = "tanh"
weights = [[0.7]]
biases = [0.1]
[[network.layers]]
units = 1
weights = [[-1.2]]
biases = [0.3]
[[data]]
x = [0.5]
t = [1]
[training]
learning_rate = 0.2
"""
    )
)
U1 = 0.7 * 0.5 + 0.1
A1 = tanh(U1)
U2 = -1.2 * A1 + 0.3
D2 = U2 - 1
D1 = -1.2 * D2 * (1 - A1**2)


def test_letters_with_layers_and_new_values_under_a_tilde() -> None:
    text = rf"""$u^{{(1)}} = 0.7 \cdot 0.5 + 0.1 = {U1:.4f}$, $a^{{(1)}} = \tanh(u^{{(1)}}) = {A1:.4f}$

$u^{{(2)}} = -1.2 \cdot {A1:.4f} + 0.3 = {U2:.4f}$

$\delta^{{(2)}} = u^{{(2)}} - 1 = {D2:.4f}$

$\delta^{{(1)}} = \delta^{{(2)}} w^{{(2)}} \tanh'(u^{{(1)}}) = {D1:.4f} \quad\text{{since }} f = \tanh$

$\tilde w^{{(2)}} = -1.2 - 0.2 \cdot ({D2 * A1:.4f}) = {-1.2 - 0.2 * D2 * A1:.4f}$
"""
    found = CHAIN.examine(text, "markdown").judgements
    assert [(one.claim, one.verdict) for one in found if not one.holds] == []
    assert len(found) == 12
    wrong = text.replace(f"{-1.2 - 0.2 * D2 * A1:.4f}", f"{-1.2 + 0.2 * D2 * A1:.4f}")
    assert [one.line for one in CHAIN.examine(wrong, "markdown").judgements if one.verdict == "wrong"] == [9]


def test_layers_in_brackets_in_plain_text() -> None:
    text = f"""W[1]_11 = 0.7,  W[2]_11 = -1.2
z[1]_1 = 0.7*0.5 + 0.1 = {U1:.4f}
a[1]_1 = tanh({U1:.4f}) = {A1:.4f}
z[2] = -1.2*{A1:.4f} + 0.3 = {U2:.4f}
dE/dW[2]_11 = {D2:.4f}*{A1:.4f} = {D2 * A1:.4f}
W[2]_11 <- -1.2 - 0.2*({D2 * A1:.4f}) = {-1.2 - 0.2 * D2 * A1:.4f}
b[1]_1 <- 0.1 - 0.2*({D1:.4f}) = {0.1 - 0.2 * D1:.4f}
"""
    assert bad(CHAIN, text) == []
    assert len(CHAIN.examine(text).judgements) == 14
    assert (7, "wrong") in bad(CHAIN, text.replace(f"{0.1 - 0.2 * D1:.4f}", f"{0.1 + 0.2 * D1:.4f}"))


def test_headings_count_steps_where_there_are_as_many() -> None:
    text = f"""Step 1
g_w = {slope(0.3):.5f}
w = 0.3 + {V1:.5f} = {W1:.5f}
Step 2
g_w = {slope(W1):.5f}
"""
    assert bad(MOMENTUM, text) == []
    assert Cues.of("Step 1\nE = 3\nStep 2\nE = 2\n", 2).step(20) == 1
    assert Cues.of("Step 1\nE = 3\nStep 2\nE = 2\nStep 3\nE = 1\n", 2).step(20) is None


def test_a_value_beside_a_step_in_place_is_the_new_one() -> None:
    code = f"""import numpy as np
lr = 0.8
dv1 = {D * O1:.6f}
v1 -= lr * dv1   # {0.6 - 0.8 * D * O1:.6f}
"""
    assert bad(GRAPH, code) == []
    wrong = code.replace(f"# {0.6 - 0.8 * D * O1:.6f}", f"# {0.6 + 0.8 * D * O1:.6f}")
    assert bad(GRAPH, wrong) == [(4, "wrong")]
