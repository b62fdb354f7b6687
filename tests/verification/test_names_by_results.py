"""Names of one's own known by one story in the whole file: by what families come to, by old values, by samples.

The numbers are worked here, with ``math``.
"""

from __future__ import annotations

from math import exp, tanh

import pytest

from derive.api import loads
from derive.network import Network
from derive.verification.examine import Examiner
from derive.verification.judgement import Judgement
from derive.verification.reading import TextKind

SOFTMAX = loads(
    """
[network]
inputs = ["x1", "x2"]
loss = "cross_entropy"
[[network.layers]]
units = 3
activation = "relu"
weights = [[0.6, -0.1], [-0.7, 0.2], [0.3, 0.5]]
biases = [0.2, 0.1, 0]
[[network.layers]]
units = 2
activation = "softmax"
weights = [[0.5, -0.4, 0.2], [-0.3, 0.8, 0.7]]
biases = [0, 0]
[[data]]
x = [0.9, 0.4]
t = [0, 1]
[training]
learning_rate = 0.5
"""
)
Z = (0.6 * 0.9 - 0.1 * 0.4 + 0.2, -0.7 * 0.9 + 0.2 * 0.4 + 0.1, 0.3 * 0.9 + 0.5 * 0.4)
H = tuple(max(z, 0) for z in Z)
R = (0.5 * H[0] + 0.2 * H[2], -0.3 * H[0] + 0.7 * H[2])
EXPS = (exp(R[0]), exp(R[1]))
P = (EXPS[0] / sum(EXPS), EXPS[1] / sum(EXPS))
D = (P[0], P[1] - 1)
G = (0.5 * D[0] - 0.3 * D[1], 0.2 * D[0] + 0.7 * D[1])
FILE = f"""{{c}}1 = 0.6*0.9 - 0.1*0.4 + 0.2 = {Z[0]:.4f}
{{c}}2 = -0.7*0.9 + 0.2*0.4 + 0.1 = {Z[1]:.4f}
{{c}}3 = 0.3*0.9 + 0.5*0.4 = {Z[2]:.4f}
{{h}}1 = {H[0]:.4f}, {{h}}2 = 0, {{h}}3 = {H[2]:.4f}
{{r}}1 = 0.5*{H[0]:.4f} + 0.2*{H[2]:.4f} = {R[0]:.4f}
{{r}}2 = -0.3*{H[0]:.4f} + 0.7*{H[2]:.4f} = {R[1]:.4f}
{{q}}1 = {EXPS[0]:.4f}/{sum(EXPS):.4f} = {P[0]:.4f}
{{q}}2 = {EXPS[1]:.4f}/{sum(EXPS):.4f} = {P[1]:.4f}
{{d}}1 = {{q}}1 - y1 = {P[0]:.4f} - 0 = {D[0]:.4f}
{{d}}2 = {{q}}2 - y2 = {P[1]:.4f} - 1 = {D[1]:.4f}
dL/d{{v}}11 = {D[0]:.4f}*{H[0]:.4f} = {D[0] * H[0]:.4f}
dL/d{{v}}12 = {D[0]:.4f}*0 = 0
dL/d{{v}}23 = {D[1]:.4f}*{H[2]:.4f} = {D[1] * H[2]:.4f}
{{e}}1 = (0.5*{D[0]:.4f} - 0.3*({D[1]:.4f}))*1 = {G[0]:.4f}
{{e}}2 = 0
{{e}}3 = (0.2*{D[0]:.4f} + 0.7*({D[1]:.4f}))*1 = {G[1]:.4f}
dL/d{{w}}31 = {G[1]:.4f}*0.9 = {G[1] * 0.9:.4f}
{{v}}11: 0.5 -> {0.5 - 0.5 * D[0] * H[0]:.4f}
{{v}}12: -0.4 -> -0.4
{{v}}23: 0.7 -> {0.7 - 0.5 * D[1] * H[2]:.4f}
{{w}}31: 0.3 -> {0.3 - 0.5 * G[1] * 0.9:.4f}
{{w}}11: 0.6 -> {0.6 - 0.5 * G[0] * 0.9:.4f}
"""
LETTERS = (
    {"c": "s", "h": "a", "r": "r", "q": "q", "d": "delta", "e": "eps", "v": "u", "w": "w"},
    {"c": "n", "h": "h", "r": "m", "q": "p", "d": "delta", "e": "g", "v": "v", "w": "w"},
    {"c": "net", "h": "o", "r": "s", "q": "q", "d": "err", "e": "rho", "v": "beta", "w": "alpha"},
)


def judged(network: Network, text: str, kind: TextKind = "text") -> list[Judgement]:
    return list(Examiner(network).examine(text, kind).judgements)


def lines(network: Network, text: str, *verdicts: str, kind: TextKind = "text") -> set[int]:
    return {one.line for one in judged(network, text, kind) if one.verdict in verdicts}


@pytest.mark.parametrize("letters", LETTERS, ids=lambda one: one["c"])
def test_every_letter_of_a_file(letters: dict[str, str]) -> None:
    text = FILE.format(**letters)
    found = judged(SOFTMAX, text)
    assert [(one.line, one.verdict) for one in found if one.verdict not in ("holds", "rounding")] == []
    assert {one.line for one in found} == set(range(1, text.count("\n") + 1))


@pytest.mark.parametrize("letters", LETTERS, ids=lambda one: one["c"])
@pytest.mark.parametrize(
    ("line", "right", "wrong"),
    [
        (12, f"{D[0]:.4f}*0 = 0", f"{D[0]:.4f}*({Z[1]:.4f}) = {D[0] * Z[1]:.4f}"),  # the weighted sum, not its ReLU
        (13, f"{D[1]:.4f}*{H[2]:.4f} = {D[1] * H[2]:.4f}", f"{D[0]:.4f}*{H[2]:.4f} = {D[0] * H[2]:.4f}"),
        (15, "2 = 0", "2 = 0.21"),
        (16, f"= {G[1]:.4f}", f"= {G[1] + 0.05:.4f}"),
        (2, f"= {Z[1]:.4f}", f"= {-Z[1]:.4f}"),
        (20, f"{0.7 - 0.5 * D[1] * H[2]:.4f}", f"{0.7 + 0.5 * D[1] * H[2]:.4f}"),
    ],
)
def test_a_wrong_line_stays_wrong(letters: dict[str, str], line: int, right: str, wrong: str) -> None:
    before = FILE.format(**letters).splitlines()
    assert right in before[line - 1]
    text = "\n".join(one.replace(right, wrong) if n == line else one for n, one in enumerate(before, 1))
    assert lines(SOFTMAX, text, "wrong") == {line}


def test_two_results_that_are_exchanged_have_no_meaning() -> None:
    text = f"q1 = {EXPS[1]:.4f}/{sum(EXPS):.4f} = {P[1]:.4f}\nq2 = {EXPS[0]:.4f}/{sum(EXPS):.4f} = {P[0]:.4f}\n"
    assert lines(SOFTMAX, text, "holds") == {1, 2}  # the quotients
    assert {one.verdict for one in judged(SOFTMAX, text) if one.left and one.left.text[0] == "q"} == {"unreadable"}


BATCH = loads(
    """
[network]
inputs = ["x1", "x2"]
loss = "half_squared_error"
[[network.layers]]
units = 1
activation = "tanh"
weights = [[0.4, -0.3]]
biases = [0.2]
[[data]]
x = [1, 2]
t = [0.5]
[[data]]
x = [-1, 0.5]
t = [-0.2]
[training]
learning_rate = 0.1
"""
)
N = (0.4 - 0.6 + 0.2, -0.4 - 0.15 + 0.2)
Y = (tanh(N[0]), tanh(N[1]))


@pytest.mark.parametrize("mark", [r"_{(%d)}", r"^{(%d)}", r"_{[%d]}"])
@pytest.mark.parametrize("letter", [r"\tau", "d", "t"])
def test_a_sample_stands_below_in_brackets(mark: str, letter: str) -> None:
    one, two = mark % 1, mark % 2
    text = rf"""
$y = \tanh(n)$, $n = w_1 x_1 + w_2 x_2 + b$

$x{one} = (1, 2)$, ${letter}{one} = 0.5$ and $x{two} = (-1, 0.5)$, ${letter}{two} = -0.2$.

$n{two} = 0.4 \cdot (-1) - 0.3 \cdot 0.5 + 0.2 = {N[1]:.4f}$

$y{two} = \tanh({N[1]:.4f}) = {Y[1]:.4f}$

$y{two} - {letter}{two} = {Y[1] + 0.2:.4f}$
"""
    assert lines(BATCH, text, "wrong", "follows", "unreadable", kind="latex") == set()
    for right, wrong in ((f"{Y[1] + 0.2:.4f}", f"{Y[1] - 0.2:.4f}"), (f"{N[1]:.4f}$", f"{N[0] + 0.1:.4f}$")):
        assert right in text
        assert lines(BATCH, text.replace(right, wrong), "wrong", kind="latex")


CHAIN = loads(
    """
[network]
inputs = ["x"]
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "tanh"
weights = [[0.7], [-0.4]]
biases = false
[[network.layers]]
units = 1
activation = "identity"
weights = [[0.9, 0.2]]
biases = [0.1]
[[data]]
x = [0.5]
t = [1]
[training]
learning_rate = 0.2
"""
)
O = 0.9 * tanh(0.35) + 0.2 * tanh(-0.2) + 0.1
ONE_EACH = rf"""
$w_1 = 0.7$, $w_2 = -0.4$, $v_1 = 0.9$, $v_2 = 0.2$, $c = 0.1$

$o = v_1 h_1 + v_2 h_2 + c = {O:.4f}$

$\delta = o - t = {O - 1:.4f}$

| parameter | gradient | new |
|---|---|---|
| $w_2$ | {(O - 1) * 0.2 * (1 - tanh(-0.2) ** 2) * 0.5:.4f} | {-0.4 - 0.2 * (O - 1) * 0.2 * (1 - tanh(-0.2) ** 2) * 0.5:.4f} |
"""


def test_numbers_of_single_weights_are_no_matrices() -> None:
    assert lines(CHAIN, ONE_EACH, "wrong", "follows", "unreadable", kind="markdown") == set()
    assert {2, 4, 6, 10} <= lines(CHAIN, ONE_EACH, "holds", "rounding", kind="markdown")
    for right, wrong in (
        (f"{O - 1:.4f}", f"{1 - O:.4f}"), ("o = v_1 h_1 +", "o = v_1 h_1 -"),
        (f"{(O - 1) * 0.2 * (1 - tanh(-0.2) ** 2) * 0.5:.4f}", f"{(O - 1) * 0.9 * (1 - tanh(-0.2) ** 2) * 0.5:.4f}"),
    ):  # fmt: skip
        assert lines(CHAIN, ONE_EACH.replace(right, wrong), "wrong", kind="markdown"), right


PAIR = loads(
    """
[network]
inputs = ["x"]
loss = "half_squared_error"
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [[0.6]]
biases = [0.4]
[[network.layers]]
units = 1
activation = "tanh"
weights = [[-1.3]]
biases = [0.7]
[[data]]
x = [1.5]
t = [1]
[training]
learning_rate = 0.8
"""
)
A1 = 1 / (1 + exp(-1.3))
A2 = tanh(-1.3 * A1 + 0.7)
DZ2 = (A2 - 1) * (1 - A2 * A2)
DZ1 = DZ2 * -1.3 * A1 * (1 - A1)


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        ("w1 0.6  b1 0.4 // w2 -1.3  b2 0.7", "w1 0.6  b1 0.4 // w2 1.3  b2 0.7"),
        ("w1 0.6, b1 0.4, w2 -1.3", "w1 0.6, b1 -0.4, w2 -1.3"),
        ("w1 0.6 | b1 0.4 | w2 -1.3 | b2 0.7", "w1 0.6 | b1 0.4 | w2 -1.3 | b2 0.07"),
        (f"dw1 = {DZ1 * 1.5:.4f} db1 = {DZ1:.4f}", f"dw1 = {DZ1 * 1.5:.4f} db1 = {DZ1 * 1.5:.4f}"),
        (f"zh = 0.6*1.5+0.4 = 1.3000 -> h = {A1:.4f}", f"zh = 0.6*1.5+0.4 = 1.3000 -> h = {A1 + 0.02:.4f}"),
        (f"zh = 1.3\nzo = -1.3*{A1:.4f} + 0.7 = {-1.3 * A1 + 0.7:.4f}", f"zh = 1.3\nzo = 1.3*{A1:.4f} + 0.7 = 1.7225"),
    ],
)
def test_names_and_numbers_in_a_row(right: str, wrong: str) -> None:
    found = judged(PAIR, right)
    assert found and {one.verdict for one in found} <= {"holds", "rounding"}
    assert lines(PAIR, wrong, "wrong")


def test_a_product_is_no_list() -> None:
    assert {one.verdict for one in judged(PAIR, "z1 = 2 w1 + 0.1 = 1.3")} == {"holds"}
    assert "wrong" in {one.verdict for one in judged(PAIR, "z1 = 2 w1 + 0.2 = 1.4")}
    assert {one.verdict for one in judged(PAIR, "1.5 w1 = 0.9")} == {"holds"}


def test_a_part_of_a_vector() -> None:
    program = """import numpy as np
W1 = np.array([[0.6, -0.1], [-0.7, 0.2], [0.3, 0.5]])
x = np.array([0.9, 0.4])
z = np.array([0.2, 0.1, 0])[:2]
print(x[:1])
#> [0.9]
print(x[1:])
#> [0.4]
"""
    assert {5, 6, 7, 8} & lines(SOFTMAX, program, "holds")
    assert lines(SOFTMAX, program.replace("[0.4]\n", "[0.5]\n"), "wrong") == {8}
    outer = "import numpy as np\nz1 = W1 @ x + b1\nh1 = np.maximum(z1, 0)\ndW1 = np.outer(dz1, PART)\n"
    assert lines(SOFTMAX, outer.replace("PART", "x[:2]"), "holds") >= {4}
    assert lines(SOFTMAX, outer.replace("PART", "h1[:2]"), "wrong") == {4}


def test_dy_is_the_derivative_by_what_y_is_in_a_program() -> None:
    program = """import numpy as np
z1 = w1 * x + b1
h = 1 / (1 + np.exp(-z1))
y = np.tanh(w2 * h + b2)
dy = y - t
dz2 = dy * (1 - y**2)
"""
    assert lines(PAIR, program, "wrong", "follows", "unreadable") == set()
    assert {4, 5, 6} <= lines(PAIR, program, "holds")
    assert lines(PAIR, program.replace("y - t", "t - y"), "wrong") == {5}


@pytest.mark.parametrize("head", ["$z_i$", "$a_i$", "z_i"])
def test_what_the_only_unit_has_in_each_sample(head: str) -> None:
    first, second = Y if "a" in head else N
    table = f"| $i$ | {head} |\n|---|---|\n| 1 | {first:.4f} |\n| 2 | {second:.4f} |\n"
    assert lines(BATCH, table, "holds", "rounding", kind="markdown") == {3, 4}
    for line, right, wrong in ((3, f"{first:.4f}", f"{second:.4f}"), (4, f"| {second:.4f}", f"| {second - 0.1:.4f}")):
        assert lines(BATCH, table.replace(right, wrong), "wrong", kind="markdown") == {line}
    single = f"$z_2 = 0.4 \\cdot (-1) - 0.3 \\cdot 0.5 + 0.2 = {N[1]:.4f}$\n"
    assert lines(BATCH, single, "holds", kind="markdown") == {1}
    assert lines(BATCH, single.replace("z_2", "z_1"), "wrong", kind="markdown") == {1}
