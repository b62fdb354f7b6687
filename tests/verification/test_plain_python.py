"""Programs without libraries: lists, comprehensions, loops that print, and claims in their comments.

The numbers are worked here.
"""

from __future__ import annotations

from math import exp

import pytest

from derive.api import loads
from derive.network import Network
from derive.verification.examine import Examiner
from derive.verification.judgement import Verification

LINE = loads(
    """
[graph]
output = "cost"
parameters = ["k", "c"]
[graph.values]
k = -0.4
c = 1.1
[graph.nodes]
guess = "k*x + c"
gap = "guess - y"
cost = "0.5*gap^2"
[[data]]
x = 0.5
y = 2
[[data]]
x = 1.5
y = 1
[[data]]
x = 3
y = -0.5
[[data]]
x = -1
y = 2.5
[training]
learning_rate = 0.2
iterations = 2
"""
)
X, Y = (0.5, 1.5, 3.0, -1.0), (2.0, 1.0, -0.5, 2.5)


def _step(k: float, c: float) -> tuple[list[float], float, float, float]:
    guess = [k * x + c for x in X]
    gap = [g - y for g, y in zip(guess, Y, strict=True)]
    cost = sum(e * e / 2 for e in gap) / 4
    return guess, cost, sum(e * x for e, x in zip(gap, X, strict=True)) / 4, sum(gap) / 4


GUESS, COST, BY_K, BY_C = _step(-0.4, 1.1)
K, C = -0.4 - 0.2 * BY_K, 1.1 - 0.2 * BY_C
GUESS_2, COST_2, BY_K_2, BY_C_2 = _step(K, C)
PROGRAM = f"""# steepest descent, by hand
xs = [0.5, 1.5, 3, -1]
ys = [2, 1, -0.5, 2.5]
k, c = -0.4, 1.1
lr = 0.2

for step in range(2):
    guess = [k * xs[i] + c for i in range(len(xs))]
    gap = [g - t for g, t in zip(guess, ys)]
    cost = sum(0.5 * e ** 2 for e in gap) / len(xs)
    dk = sum(gap[i] * xs[i] for i in range(4)) / 4
    dc = sum(gap) / 4
    print("iteration", step + 1)
    print("guess:", [round(g, 3) for g in guess])
    print(f"cost={{cost:.4f}} dk={{dk:.4f}} dc={{dc:.4f}}")
    k = k - lr * dk
    c = c - lr * dc

# what it prints
# iteration 1
# guess: {[round(g, 3) for g in GUESS]}
# cost={COST:.4f} dk={BY_K:.4f} dc={BY_C:.4f}
# iteration 2
# guess: {[round(g, 3) for g in GUESS_2]}
# cost={COST_2:.4f} dk={BY_K_2:.4f} dc={BY_C_2:.4f}

# check, iteration 1:
# dc = ({GUESS[0] - Y[0]:.1f} + {GUESS[1] - Y[1]:.1f} + {GUESS[2] - Y[2]:.1f} - {Y[3] - GUESS[3]:.1f})/4 = {BY_C:.4f}
# c = 1.1 - 0.2*({BY_C:.4f}) = {C:.4f}
"""


def examined(network: Network, text: str) -> Verification:
    return Examiner(network).examine(text)


def failing(network: Network, text: str) -> list[tuple[int, str]]:
    return [
        (one.line, one.verdict)
        for one in examined(network, text).judgements
        if one.verdict not in ("holds", "rounding")
    ]


def test_a_program_of_lists_is_read_whole() -> None:
    found = examined(LINE, PROGRAM)
    assert not failing(LINE, PROGRAM)
    assert not found.not_read
    lines = {one.line for one in found.judgements}
    assert lines >= {2, 3, 4, 5, 8, 9, 10, 11, 12, 16, 17, 21, 22, 24, 25, 28, 29}


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        ("xs = [0.5, 1.5,", "xs = [0.5, 1.4,", 2),
        ("k * xs[i] + c for", "k * xs[i] - c for", 8),
        ("g - t for", "t - g for", 9),
        ("0.5 * e ** 2 for", "0.5 * e for", 10),
        ("gap[i] * xs[i] for", "gap[i] for", 11),
        ("sum(gap) / 4", "sum(gap)", 12),
        ("k - lr * dk", "k + lr * dk", 16),
        (f"cost={COST:.4f}", f"cost={COST + 0.3:.4f}", 22),
        (f"cost={COST_2:.4f}", f"cost={COST_2 + 0.3:.4f}", 25),
        (f"0.2*({BY_C:.4f}) =", f"0.1*({BY_C:.4f}) =", 29),
    ],
)
def test_a_mistake_is_found_where_it_stands(right: str, wrong: str, line: int) -> None:
    assert right in PROGRAM
    assert (line, "wrong") in failing(LINE, PROGRAM.replace(right, wrong, 1))


def test_a_remark_that_is_not_read_whole_is_no_claim() -> None:
    text = "k, c = -0.4, 1.1\nprint(k)\n# c = 1.1 - lr*mystery(3) = 7\n"
    assert not failing(LINE, text)


LOOP = f"""xs = [0.5, 1.5, 3, -1]
ys = [2, 1, -0.5, 2.5]
k, c = -0.4, 1.1
lr = 0.2
dk = dc = 0
cost = 0
for {{head}}:
    guess = k * {{x}} + c
    gap = guess - {{y}}
    cost += gap ** 2 / 2
    dk += gap * {{x}}
    dc = dc + gap
cost = cost / len(xs)
dk /= 4
dc /= 4
print(cost, dk, dc)  # {COST:.5f} {BY_K:.5f} {BY_C:.5f}
k -= lr * dk
c -= lr * dc
print(k, c)
# {K:.5f} {C:.5f}
"""
HEADS = [
    ("x, y in zip(xs, ys)", "x", "y"),
    ("p, q in zip(xs, ys)", "p", "q"),
    ("i in range(len(xs))", "xs[i]", "ys[i]"),
    ("j, x in enumerate(xs)", "x", "ys[j]"),
]


@pytest.mark.parametrize(("head", "x", "y"), HEADS)
def test_a_loop_over_the_samples_adds_up(head: str, x: str, y: str) -> None:
    text = LOOP.format(head=head, x=x, y=y)
    assert not failing(LINE, text)
    assert {one.line for one in examined(LINE, text).judgements} >= {1, 2, 3, 4, 8, 9, 13, 14, 15, 16, 17, 18, 20}


@pytest.mark.parametrize("said", HEADS)
@pytest.mark.parametrize(
    ("right", "wrong", "lines"),
    [
        ("guess - ", "guess + ", {9}),
        ("gap ** 2 / 2", "gap ** 2", {13}),
        ("dk += gap *", "dk -= gap *", {11, 14}),
        ("dc /= 4", "dc /= 3", {15}),
        (f"{BY_K:.5f}", f"{BY_K + 0.1:.5f}", {16}),
    ],
)
def test_a_mistake_in_a_loop_over_the_samples(
    said: tuple[str, str, str], right: str, wrong: str, lines: set[int]
) -> None:
    head, x, y = said
    text = LOOP.format(head=head, x=x, y=y)
    assert right in text
    assert lines & {line for line, verdict in failing(LINE, text.replace(right, wrong, 1)) if verdict == "wrong"}


UNIT = loads(
    """
[network]
inputs = ["x1", "x2", "x3"]
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.2, -0.5, 0.7], [1.1, 0.3, -0.6]]
biases = [0.1, -0.2]
[[network.layers]]
units = 1
weights = [[0.9, -1.2]]
biases = [0.4]
[[data]]
x = [1, -2, 0.5]
t = [0.3]
[training]
learning_rate = 0.5
"""
)
Z = [0.2 + 1.0 + 0.35 + 0.1, 1.1 - 0.6 - 0.3 - 0.2]
A = [1 / (1 + exp(-z)) for z in Z]
UNIT_PROGRAM = """import math
def sigmoid(z):
    return 1 / (1 + math.exp(-z))

x = [1, -2, 0.5]
W1 = [[0.2, -0.5, 0.7], [1.1, 0.3, -0.6]]
b1 = [0.1, -0.2]
z1 = [sum(w * v for w, v in zip(row, x)) + b for row, b in zip(W1, b1)]
a1 = [sigmoid(z) for z in z1]
"""


def test_the_rows_of_a_matrix() -> None:
    assert not failing(UNIT, UNIT_PROGRAM)
    assert {one.line for one in examined(UNIT, UNIT_PROGRAM).judgements} >= {5, 7, 8, 9}
    assert (8, "wrong") in failing(UNIT, UNIT_PROGRAM.replace(") + b for", ") - b for"))
    assert (9, "wrong") in failing(UNIT, UNIT_PROGRAM.replace("[sigmoid(z) for", "[sigmoid(z)**2 for"))


ROWS = loads(
    """
[network]
inputs = ["x1", "x2"]
loss = "half_squared_error"
[[network.layers]]
units = 1
activation = "tanh"
weights = [[0.7, -0.2]]
biases = [0.3]
[[data]]
x = [1.5, 1]
t = [1]
[[data]]
x = [-1, 0.5]
t = [-0.5]
[[data]]
x = [0.25, -2]
t = [0]
[training]
learning_rate = 0.5
"""
)
ROWS_PROGRAM = """import math
X = [(1.5, 1), (-1, 0.5), (0.25, -2)]
ts = [1, -0.5, 0]
w = [0.7, -0.2]
b = 0.3
z = [sum(u * v for u, v in zip(w, row)) + b for row in X]
p = [math.tanh(s) for s in z]
delta = [(q - t) * (1 - q ** 2) for q, t in zip(p, ts)]
grad_w = [sum(delta[i] * X[i][j] for i in range(3)) / 3 for j in range(2)]
grad_b = sum(delta) / len(X)
w = [u - 0.5 * g for u, g in zip(w, grad_w)]
"""


def test_rows_of_samples_in_lists() -> None:
    assert not failing(ROWS, ROWS_PROGRAM)
    assert {one.line for one in examined(ROWS, ROWS_PROGRAM).judgements} >= {2, 3, 4, 5, 6, 8, 9, 10, 11}


@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        ("(0.25, -2)]", "(0.25, 2)]", 2),
        (") + b for row", ") for row", 6),
        ("(1 - q ** 2)", "(1 - q)", 8),
        ("/ 3 for j", "for j", 9),
        ("delta[i] * X[i][j]", "delta[i] + X[i][j]", 9),
        ("u - 0.5 * g", "u + 0.5 * g", 11),
    ],
)
def test_a_mistake_in_rows_of_samples(right: str, wrong: str, line: int) -> None:
    assert right in ROWS_PROGRAM
    assert line in {at for at, _ in failing(ROWS, ROWS_PROGRAM.replace(right, wrong, 1))}
