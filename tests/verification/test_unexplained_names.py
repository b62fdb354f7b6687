"""Names of the writer's own that no ``let`` explains: found from numbers, formulas and letters, and never too gladly.

The numbers are worked here, with ``math``; every file is right as it stands, and wrong where one thing is changed.
"""

from __future__ import annotations

from math import exp, tanh

import pytest

from derive.api import loads
from derive.network import Network
from derive.verification.examine import Examiner
from derive.verification.judgement import Judgement
from derive.verification.reading import TextKind


def logistic(z: float) -> float:
    return 1 / (1 + exp(-z))


def network(layers: str, inputs: str, samples: str, rate: str, loss: str = "half_squared_error") -> Network:
    x, _, t = samples.partition(" -> ")
    data = "".join(f"[[data]]\nx = {a}\nt = {b}\n" for a, b in zip(x.split(";"), t.split(";"), strict=True))
    return loads(
        f'[network]\ninputs = {inputs}\nloss = "{loss}"\n{layers}{data}[training]\nlearning_rate = {rate}\niterations = 2\n'
    )


def layer(activation: str, weights: str, biases: str) -> str:
    rows = weights.count("[") - 1
    return f'[[network.layers]]\nunits = {rows}\nactivation = "{activation}"\nweights = {weights}\nbiases = {biases}\n'


TWO = network(
    layer("sigmoid", "[[0.1, 0.4], [-0.3, 0.2]]", "[0.05, -0.15]") + layer("identity", "[[0.6, -0.7]]", "[0.35]"),
    '["x1", "x2"]', "[0.9, 0.25] -> [0.45]", "0.02",
)  # fmt: skip
H1, H2 = logistic(0.1 * 0.9 + 0.4 * 0.25 + 0.05), logistic(-0.3 * 0.9 + 0.2 * 0.25 - 0.15)
O = 0.6 * H1 - 0.7 * H2 + 0.35
D = O - 0.45
D1, D2 = D * 0.6 * H1 * (1 - H1), D * -0.7 * H2 * (1 - H2)

GERMAN = f"""Gegeben: x1 = 0.9; x2 = 0.25; Sollwert s = 0.45; Lernrate = 0.02
u11 = 0.1; u12 = 0.4; u21 = -0.3; u22 = 0.2
Schwellen: c1 = 0.05; c2 = -0.15
v1 = 0.6; v2 = -0.7; c3 = 0.35
net1 = 0.1*0.9 + 0.4*0.25 + 0.05 = 0.2400
net2 = -0.3*0.9 + 0.2*0.25 - 0.15 = -0.3700
h1 = 1/(1+e^(-net1)) = {H1:.5f}
h2 = 1/(1+e^(-net2)) = {H2:.5f}
y = v1*h1 + v2*h2 + c3 = {O:.5f}
E = 1/2 (y - s)^2 = {D * D / 2:.6f}
dE/dv1 = (y - s)*h1 = {D * H1:.5f}
dE/dc3 = {D:.5f}
delta2 = (y-s)*v2*h2*(1-h2) = {D2:.5f}
dE/du21 = delta2*x1 = {D2 * 0.9:.5f}
v1_neu = 0.6 - 0.02*({D * H1:.5f}) = {0.6 - 0.02 * D * H1:.5f}
"""
NUMBERED = f"""w13 = 0.1, w23 = 0.4, w14 = -0.3, w24 = 0.2
w35 = 0.6, w45 = -0.7
theta3 = 0.05, theta4 = -0.15, theta5 = 0.35
s3 = 0.1*0.9 + 0.4*0.25 + 0.05 = 0.2400
o3 = 1/(1 + exp(-s3)) = {H1:.4f}
s4 = -0.3*0.9 + 0.2*0.25 - 0.15 = -0.3700
o4 = 1/(1 + exp(-s4)) = {H2:.4f}
s5 = 0.6*{H1:.4f} - 0.7*{H2:.4f} + 0.35 = {O:.4f}
o5 = s5 = {O:.4f}
delta5 = o5 - 0.45 = {D:.4f}
delta3 = o3*(1 - o3)*w35*delta5 = {D1:.4f}
dE/dw45 = delta5*o4 = {D * H2:.4f}
dE/dw13 = delta3*x1 = {D1 * 0.9:.4f}
"""
GREEK = rf"""Weights $\alpha_{{11}} = 0.1$, $\alpha_{{12}} = 0.4$, $\alpha_{{21}} = -0.3$, $\alpha_{{22}} = 0.2$.

Output: $\beta_1 = 0.6$, $\beta_2 = -0.7$ and $\beta_0 = 0.35$.

$$u_1 = 0.1 \cdot 0.9 + 0.4 \cdot 0.25 + 0.05 = 0.24$$
$$u_2 = -0.3 \cdot 0.9 + 0.2 \cdot 0.25 - 0.15 = -0.37$$
$$g_1 = \sigma(u_1) = {H1:.4f}, \qquad g_2 = \sigma(u_2) = {H2:.4f}$$
$$r = \hat y - y = {D:.4f}$$
$$\frac{{\partial L}}{{\partial \beta_2}} = r g_2 = {D * H2:.4f}$$
$$\frac{{\partial L}}{{\partial \alpha_{{11}}}} = r \beta_1 g_1 (1 - g_1) x_1 = {D1 * 0.9:.4f}$$
"""

ONE = network(layer("sigmoid", "[[0.35, -0.15]]", "[0.1]"), '["x1", "x2"]', "[0.6, 0.8] -> [0.3]", "0.25")
S = 0.35 * 0.6 - 0.15 * 0.8 + 0.1
Y = logistic(S)
G = (Y - 0.3) * Y * (1 - Y)
FRENCH = f"""Données : e1 = 0,6 ; e2 = 0,8 ; cible c = 0,3 ; pas = 0,25
Poids : p1 = 0,35 ; p2 = -0,15 ; biais : p0 = 0,1
Somme : s = p1*e1 + p2*e2 + p0 = {S:.4f}
Sortie : o = 1/(1 + exp(-s)) = {Y:.4f}
dE/do = o - c = {Y - 0.3:.4f}
dE/ds = {G:.4f}
dE/dp1 = dE/ds * e1 = {G * 0.6:.4f}
p1 <- 0,35 - 0,25 * {G * 0.6:.4f} = {0.35 - 0.25 * G * 0.6:.4f}
""".replace(".", ",")
SPANISH = rf"""Entradas $x_1 = 0.6$, $x_2 = 0.8$; pesos $\omega_1 = 0.35$, $\omega_2 = -0.15$, $\theta = 0.1$, $d = 0.3$.
$$v = \omega_1 x_1 + \omega_2 x_2 + \theta = {S:.4f}$$
$$y = \varphi(v) = \frac{{1}}{{1+e^{{-v}}}} = {Y:.4f}$$
$$\varepsilon = d - y = {0.3 - Y:.4f}$$
$$\delta = \varepsilon\, \varphi'(v) = {-G:.4f}$$
$$\Delta \omega_1 = \eta \delta x_1 = {-0.25 * G * 0.6:.4f}$$
"""
HASTY = f"""1 neuron, E=1/2(y-d)²   x1=0,6 x2=0,8 d=0,3
w1=0,35 w2=-0,15 b=0,1 eta 0,25
net = {S:.3f}
y = {Y:.3f}
f' = y(1-y) = {Y * (1 - Y):.3f}
y-d = {Y - 0.3:.3f}  →  E = {(Y - 0.3) ** 2 / 2:.4f}
dw1 = {G * 0.6:.4f}   dw2 = {G * 0.8:.4f}   db = {G:.4f}
""".replace(".", ",")

CHAIN = network(
    layer("tanh", "[[0.7]]", "[-0.2]") + layer("sigmoid", "[[1.3]]", "[0.15]"), '["x"]', "[0.9] -> [0.25]", "0.4",
    "squared_error",
)  # fmt: skip
T = tanh(0.7 * 0.9 - 0.2)
Q = logistic(1.3 * T + 0.15)
G2 = 2 * (Q - 0.25) * Q * (1 - Q)
G1 = G2 * 1.3 * (1 - T * T)
LETTERS = f"""x=0.9  t=0.25  lr=0.4
u=0.7  p=-0.2  v=1.3  q=0.15
n1 = u*x + p = {0.7 * 0.9 - 0.2:.4f}
h = tanh(n1) = {T:.4f}
n2 = v*h + q = {1.3 * T + 0.15:.4f}
y = sigmoid(n2) = {Q:.4f}
g2 = dL/dn2 = 2(y-t)*y*(1-y) = {G2:.4f}
dL/dv = g2*h = {G2 * T:.4f}
g1 = g2*v*(1-h^2) = {G1:.4f}
dL/du = g1*x = {G1 * 0.9:.4f}
u_new = 0.7 - 0.4*{G1 * 0.9:.4f} = {0.7 - 0.4 * G1 * 0.9:.4f}
"""

FIT = network(layer("identity", "[[0.5]]", "[1]"), '["x"]', "[1];[2];[4] -> [2];[2.5];[5]", "0.05", "squared_error")
TABLE = r"""The model is $\hat y = w x + b$ with $w = 0.5$ and $b = 1$.
The cost is $J = \frac{1}{3}\sum_i (\hat y_i - y_i)^2$.

| $i$ | $x_i$ | $y_i$ | $\hat y_i$ | $e_i = \hat y_i - y_i$ | $e_i^2$ |
|---|---|---|---|---|---|
| 1 | 1 | 2 | 1.5 | -0.5 | 0.25 |
| 2 | 2 | 2.5 | 2.0 | -0.5 | 0.25 |
| 3 | 4 | 5 | 3.0 | -2.0 | 4.00 |

| $i$ | $2 e_i x_i$ | $2 e_i$ |
|---|---|---|
| 1 | -1.0 | -1.0 |
| 2 | -2.0 | -1.0 |
| 3 | -16.0 | -4.0 |
| sum | -19.0 | -6.0 |

$$\frac{\partial J}{\partial w} = \frac{-19}{3} = -6.3333$$
$$\frac{\partial J}{\partial b} = \frac{-6}{3} = -2.0$$

- $w_{new} = 0.5 - 0.05 \cdot (-6.3333) = 0.8167$
- $b_{new} = 1 - 0.05 \cdot (-2.0) = 1.1$

| $i$ | $\hat y_i$ new | $e_i$ new |
|---|---|---|
| 1 | 1.9167 | -0.0833 |
| 2 | 2.7333 | 0.2333 |
"""

FILES: dict[str, tuple[Network, TextKind, str, tuple[tuple[str, str], ...]]] = {
    "german": (TWO, "text", GERMAN, (
        ("u12 = 0.4", "u12 = 0.3"), ("net2 = -0.3*", "net2 = 0.3*"), ("v2*h2 + c3", "v2*h2"),
        ("(y - s)*h1", "(y - s)*h2"), ("v2*h2*(1-h2)", "v2*h2"), ("delta2*x1", "delta2*x2"), ("0.6 - 0.02", "0.6 + 0.02"),
    )),
    "numbered": (TWO, "text", NUMBERED, (
        ("w35*delta5", "w45*delta5"), ("o5 - 0.45", "0.45 - o5"), ("exp(-s3)", "exp(s3)"), ("delta3*x1", "delta3*x2"),
        ("0.4*0.25 + 0.05", "0.4*0.25"), ("delta5*o4", "delta5*o3"),
    )),
    "greek": (TWO, "markdown", GREEK, (
        ("(1 - g_1) x_1", "(1 - g_1) x_2"), ("= r g_2", "= r g_1"), (r"r = \hat y - y", r"r = y - \hat y"),
        (r"0.1 \cdot 0.9", "0.1 + 0.9"),
    )),
    "french": (ONE, "text", FRENCH, (
        ("p2*e2 + p0", "p2*e2"), ("exp(-s)", "exp(s)"), ("dE/ds * e1", "dE/ds * e2"), ("0,35 - 0,25", "0,35 + 0,25"),
    )),
    "spanish": (ONE, "markdown", SPANISH, (
        ("1+e^{-v}", "1-e^{-v}"), ("= d - y", "= y - d"), (r"\eta \delta x_1", r"\eta \delta x_2"),
        (r"\omega_2 x_2 + \theta", r"\omega_2 x_2"),
    )),
    "hasty": (ONE, "text", HASTY, (
        ("x2=0,8", "x2=0,7"), ("y(1-y)", "1-y²"), (f"dw2 = {G * 0.8:.4f}".replace(".", ","), "dw2 = 0,0123"),
        ("eta 0,25", "eta 0,5"),
    )),
    "letters": (CHAIN, "text", LETTERS, (
        ("g2*v*(1-h^2)", "g2*v*(1-h)"), ("g1*x", "g1*t"), ("2(y-t)*y", "(y-t)*y"), ("0.7 - 0.4", "0.7 + 0.4"),
        ("tanh(n1)", "sigmoid(n1)"),
    )),
    "table": (FIT, "markdown", TABLE, (
        ("| 3 | 4 | 5 | 3.0 |", "| 3 | 4 | 5 | 3.5 |"), ("| 2 | -2.0 |", "| 2 | 2.0 |"), ("| sum | -19.0", "| sum | -18.0"),
        (r"\frac{-6}{3} = -2.0", "-6.0"), ("| 2.7333 |", "| 2.8333 |"), (r"(\hat y_i - y_i)^2$", r"(\hat y_i - y_i)$"),
    )),
}  # fmt: skip
CHANGES = [(name, change) for name, (_, _, _, changes) in FILES.items() for change in changes]


def judged(net: Network, text: str, kind: TextKind = "text") -> list[Judgement]:
    return list(Examiner(net).examine(text, kind).judgements)


@pytest.mark.parametrize("name", FILES)
def test_all_of_a_right_file_is_read_and_holds(name: str) -> None:
    net, kind, text, _ = FILES[name]
    bad = [
        (one.line, one.verdict, one.claim)
        for one in judged(net, text, kind)
        if one.verdict not in ("holds", "rounding")
    ]
    assert not bad
    assert len(judged(net, text, kind)) >= len(text.splitlines()) // 2


@pytest.mark.parametrize(("name", "change"), CHANGES, ids=[f"{name}: {new}" for name, (_, new) in CHANGES])
def test_what_is_changed_is_the_first_wrong_line(name: str, change: tuple[str, str]) -> None:
    net, kind, text, _ = FILES[name]
    old, new = change
    assert text.count(old) == 1
    line = text[: text.index(old)].count("\n") + 1
    wrong = [one.line for one in judged(net, text.replace(old, new), kind) if one.verdict == "wrong"]
    assert wrong[:1] == [line]


def test_the_first_line_with_a_name_says_what_it_is_read_as() -> None:
    found = judged(TWO, GERMAN)
    said = [(one.line, one.reading) for one in found if one.reading and "v1" in one.reading]
    assert said
    assert {line for line, _ in said} == {4}
    assert "it has its value" in str(said[0][1])


def test_let_wins_over_what_is_found() -> None:
    text = "let v1 = w2_1_2\nv1 = 0.6\n"
    assert [one.verdict for one in judged(TWO, text)] == ["wrong"]


@pytest.mark.parametrize(
    "text",
    [
        "k1 = 0.77",  # no number of the spec
        "n = 1",  # a count
        "foo = 0.3*0.8 = 0.24",  # no unit's calculation
        "q = (y - t)*h1*h2",  # a formula of nothing
        "rho = 0.61",  # nearly a weight
    ],
)
def test_a_name_that_could_be_anything_stays_unknown(text: str) -> None:
    assert "holds" not in {one.verdict for one in judged(TWO, text)[:1]}


def turned(formula: str, sign: str) -> set[str]:
    lines = f"""delta_o = {formula} = {-D:.4f}
    delta_h1 = delta_o*w2_11*h1*(1-h1) = {-D1:.4f}
    w2_11' = w2_11 {sign} eta*delta_o*h1 = {0.6 - 0.02 * D * H1:.4f}"""
    return {one.verdict for one in judged(TWO, lines)}


def test_delta_is_the_negative_where_every_update_adds_what_is_made_of_it() -> None:
    assert turned("t - yhat", "+") <= {"holds", "rounding"}


@pytest.mark.parametrize(("formula", "sign"), [("t - yhat", "-"), ("yhat - t", "+"), ("yhat - t", "-")])
def test_delta_with_a_turned_sign_is_wrong_where_the_updates_do_not_turn_it_back(formula: str, sign: str) -> None:
    assert "wrong" in turned(formula, sign)


def of_one(text: str) -> list[str]:
    """The verdicts where the output is S, and the target 0.3."""
    return [one.verdict for one in judged(LINE, text)]


LINE = network(layer("identity", "[[0.35, -0.15]]", "[0.1]"), '["x1", "x2"]', "[0.6, 0.8] -> [0.3]", "0.25")


@pytest.mark.parametrize(
    ("word", "difference", "value"),
    [
        ("error", "y_hat - y", "-0.11"),
        ("error", "0.19 - 0.3", "-0.11"),
        ("err", "y - y_hat", "0.11"),
        ("Error", "0.3 - 0.19", "0.11"),
        ("e", "y_hat - y", "-0.11"),
    ],
)
def test_a_word_for_the_loss_that_is_the_residual_first_is_the_residual(word: str, difference: str, value: str) -> None:
    right = f"{word} = {difference} = {value}\nLoss = {word}^2/2 = 0.00605\n"
    assert of_one(right) == ["holds"] * 4
    assert of_one(right.replace(value, value.replace("11", "15"))) == ["holds", "wrong", "holds", "holds"]
    assert of_one(right.replace("0.00605", "0.0121"))[3] == "wrong"


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("error = 1/2*(y_hat - y)^2 = 0.00605", "holds"),
        ("error = 0.00605\nerror = y_hat - y", "wrong"),
        ("error = -0.11", "wrong"),
        ("error = 0.19 - 0.4 = -0.21", "wrong"),
        ("error = y_hat + y = 0.49", "wrong"),
        ("loss = y_hat - y", "wrong"),
        ("E = y_hat - y", "wrong"),
    ],
)
def test_what_else_a_word_for_the_loss_is_set_equal_to_is_the_loss(text: str, verdict: str) -> None:
    found = of_one(text)
    assert ("wrong" in found) is (verdict == "wrong")


SOFT = network(
    layer("softmax", "[[0.3, -0.2], [0.1, 0.4], [-0.5, 0.2]]", "[0, 0.1, 0.2]"), '["x1", "x2"]', "[2, 1] -> [0, 0, 1]",
    "0.5", "cross_entropy",
)  # fmt: skip
UNITS = """w11 = 0.3, w12 = -0.2, b1 = 0
w21 = 0.1, w22 = 0.4, b2 = 0.1
z1 = 0.6 - 0.2 = 0.4
z2 = 0.2 + 0.4 + 0.1 = 0.7
z3 = -1 + 0.2 + 0.2 = -0.6
p1 = 0.368
p2 = 0.497
p3 = 0.135
E = -ln p3 = 2.000
dz1 = 0.368
dz2 = 0.497
dz3 = 0.135 - 1 = -0.865
dw11 = 0.736, dw32 = -0.865
b3 = 0.2 - 0.5*(-0.865) = 0.6325
"""


@pytest.mark.parametrize("letter", ["p", "a", "o"])
def test_one_index_is_a_units_in_a_network_of_one_layer(letter: str) -> None:
    found = judged(SOFT, UNITS.replace("p", letter))
    assert {one.verdict for one in found} <= {"holds", "rounding"}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("b1 = 0\n", "b1 = 0.1\n"), ("= 0.4\nz2", "= 0.6\nz2"), ("z3 = -1 + 0.2 + 0.2", "z3 = -1 + 0.2 + 0.1"),
        ("p1 = 0.368", "p1 = 0.497"), ("p3 = 0.135", "p3 = 0.145"), ("-ln p3", "-ln p2"), ("dz2 = 0.497", "dz2 = 0.497 - 1"),
        ("dz1 = 0.368", "dz1 = -0.368"), ("dz3 = 0.135 - 1", "dz3 = 0.135 - 0"), ("dw32 = -0.865", "dw32 = -1.730"),
    ],
)  # fmt: skip
def test_a_wrong_line_about_a_unit_of_the_only_layer_is_wrong(right: str, wrong: str) -> None:
    assert UNITS.count(right) == 1
    line = UNITS[: UNITS.index(right)].count("\n") + 1
    first = [one.line for one in judged(SOFT, UNITS.replace(right, wrong)) if one.verdict == "wrong"]
    assert first[:1] == [line]


def test_the_layer_stays_the_layer_where_no_unit_stands_beside_it() -> None:
    assert {one.verdict for one in judged(SOFT, "z1 = (0.4, 0.7, -0.6)\nfoo = 1")} == {"holds", "unreadable"}


HIDDEN = network(
    layer("tanh", "[[0.3, 0.1], [-0.2, 0.4], [0.5, -0.6]]", "[0, 0.1, 0.2]") + layer("sigmoid", "[[0.8, -0.5, 0.3]]", "[-0.1]"),
    '["x1", "x2"]', "[1, 2] -> [1]", "0.3", "binary_cross_entropy",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "verdict"),
    [
        ("$w^{[2]}_1 = 0.8$", "holds"), ("$w^{(2)}_2 = -0.5$", "holds"), ("$w^{[2]}_2 = 0.5$", "wrong"),
        ("$w^{[2]}_4 = 0.3$", "unreadable"), ("$w^{[1]}_1 = 0.3$", "unreadable"), ("$w^{[2]}_1 = 0.3$", "wrong"),
        ("$dw^{[2]}_3 = 0.2508$", "holds"), ("$dw^{[2]}_3 = -0.2508$", "wrong"),
    ],
)  # fmt: skip
def test_a_weight_of_a_layers_only_unit_has_one_index(text: str, verdict: str) -> None:
    assert [one.verdict for one in judged(HIDDEN, text, "markdown")] == [verdict]


BY_INDEX = r"""| $j$ | $z^{[1]}_j$ | $a^{[1]}_j = \tanh z^{[1]}_j$ | $1 - a_j^2$ | $dz^{[1]}_j$ | $dw^{[1]}_{j2}$ |
|-----|-------------|-------------------------------|---|---|---|
| 1 | 0.3 + 0.2 = 0.5 | 0.4621 | 0.7864 | -0.3414 | -0.6829 |
| 2 | 0.7 | 0.6044 | 0.6347 | 0.1722 | 0.3445 |
| 3 | 0.5 - 1.2 + 0.2 | -0.4621 | 0.7864 | -0.1280 | -0.2561 |
"""


def test_a_row_of_a_table_is_about_the_unit_whose_number_stands_at_its_head() -> None:
    found = judged(HIDDEN, BY_INDEX, "markdown")
    assert {one.verdict for one in found} <= {"holds", "rounding"}
    assert {line: sum(one.line == line for one in found) for line in (3, 4, 5)} == {3: 6, 4: 5, 5: 5}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("| 0.7 |", "| 0.8 |"), ("0.3 + 0.2 = 0.5", "0.3 + 0.3 = 0.6"), ("0.3 + 0.2 = 0.5", "0.3 + 0.2 = 0.7"),
        ("| -0.4621", "| 0.4621"), ("0.1722", "0.3445"), ("-0.2561", "-0.1280"), ("| 3 |", "| 2 |"),
    ],
)  # fmt: skip
def test_a_wrong_cell_of_such_a_row_is_wrong(right: str, wrong: str) -> None:
    assert BY_INDEX.count(right) == 1
    line = BY_INDEX[: BY_INDEX.index(right)].count("\n") + 1
    found = judged(HIDDEN, BY_INDEX.replace(right, wrong), "markdown")
    assert [one.line for one in found if one.verdict == "wrong"][:1] == [line]


@pytest.mark.parametrize("head", ["$z_j$", r"$\sum_j z^{[1]}_j$", "$z^{[1]}_k$", "$z^{(j)}_1$"])
def test_an_index_that_is_no_units_makes_no_claim(head: str) -> None:
    text = f"| $j$ | {head} | $w^{{[2]}}_j$ |\n|---|---|---|\n| 1 | 99 | 0.8 |\n"
    assert [one.verdict for one in judged(HIDDEN, text, "markdown")] == ["holds"]


@pytest.mark.parametrize(
    "quotient",
    [
        r"\frac{E(w^{(2)}_{11} + h) - E(w^{(2)}_{11} - h)}{2h}",
        r"\frac{E(w + h) - E(w)}{h}",
        r"[\mathcal{L}\left(w + h\right) - \mathcal{L}\left(w\right)]/h",
        r"\frac{E^+ - E^-}{2 h}",
    ],
)
def test_the_step_of_a_difference_quotient_is_no_hidden_unit(quotient: str) -> None:
    """In a chain of two units h is the first one's activation, but not where the text nudges a weight by h."""
    text = "$net_h = 0.43$\n\nWe nudge a weight up and down by $h = 0.0001$:\n"
    assert [one.verdict for one in judged(CHAIN, text, "markdown")] == ["holds", "wrong"]
    assert [one.verdict for one in judged(CHAIN, f"{text}\n$$\n{quotient}\n$$\n", "markdown")] == ["holds"]
