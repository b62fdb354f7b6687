"""Networks as lists of records, as programs without arrays print them: ``network[0][1]: output = …``, ``{'output': …}``."""

from __future__ import annotations

from functools import cache
from math import exp

import pytest

from derive.network import build
from derive.specification import loads
from derive.verification.examine import Examiner

SPEC = """
[network]
inputs = 2
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.4, -0.6], [0.3, 0.8]]
biases = [0.1, -0.2]
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.5, -0.9], [0.7, 0.2]]
biases = [0.2, 0.4]
[[data]]
x = [2, 1]
t = [1, 0]
[training]
learning_rate = 0.3
"""


def sigma(z: float) -> float:
    return 1 / (1 + exp(-z))


Z = [0.4 * 2 - 0.6 + 0.1, 0.3 * 2 + 0.8 - 0.2]
A = [sigma(z) for z in Z]
ZO = [0.5 * A[0] - 0.9 * A[1] + 0.2, 0.7 * A[0] + 0.2 * A[1] + 0.4]
O = [sigma(z) for z in ZO]
E = [O[0] - 1, O[1]]
D = [E[k] * O[k] * (1 - O[k]) for k in (0, 1)]
EH = [0.5 * D[0] + 0.7 * D[1], -0.9 * D[0] + 0.2 * D[1]]
DH = [EH[j] * A[j] * (1 - A[j]) for j in (0, 1)]
LINES = [
    "# forward propagate",
    f"network[0][0]: activation = 0.4 * 2 - 0.6 * 1 + 0.1 = {Z[0]:.6f}",
    f"network[0][0]: output = 1 / (1 + e^(-{Z[0]:.6f})) = {A[0]:.6f}",
    f"network[0][1]: output = {A[1]:.6f}",
    f"network[1][0]['activation'] = {ZO[0]:.6f}",
    f"network[1][0]['output'] = {O[0]:.6f}",
    f"network[1][1]: output = {O[1]:.6f}",
    f"network[1][0]: error = output - expected = {O[0]:.6f} - 1 = {E[0]:.6f}",
    f"network[1][0]: delta = {E[0]:.6f} * {O[0]:.6f} * (1.0 - {O[0]:.6f}) = {D[0]:.6f}",
    f"network[1][1]: delta = {D[1]:.6f}",
    f"network[0][1]: error = -0.9 * ({D[0]:.6f}) + 0.2 * {D[1]:.6f} = {EH[1]:.6f}",
    f"network[0][1]: delta = {DH[1]:.6f}",
    (
        f"[{{'output': {A[0]:.6f}, 'weights': [0.4, -0.6, 0.1], 'delta': {DH[0]:.6f}}}, {{'output': {A[1]:.6f}, "
        f"'weights': [0.3, 0.8, -0.2], 'delta': {DH[1]:.6f}}}]"
    ),
    (
        f"[{{'output': {O[0]:.6f}, 'weights': [0.5, -0.9, 0.2], 'delta': {D[0]:.6f}}}, {{'output': {O[1]:.6f}, "
        f"'weights': [0.7, 0.2, 0.4], 'delta': {D[1]:.6f}}}]"
    ),
    "l_rate = 0.3",
    f"network[1][0]['weights'][1] = -0.9 - 0.3 * ({D[0]:.6f}) * {A[1]:.6f} = {-0.9 - 0.3 * D[0] * A[1]:.6f}",
    f"network[1][0]['weights'][-1] = 0.2 - 0.3 * ({D[0]:.6f}) = {0.2 - 0.3 * D[0]:.6f}",
]


@cache
def examiner() -> Examiner:
    return Examiner(build(loads(SPEC)))


def verdicts(lines: list[str]) -> list[tuple[int, str]]:
    found = examiner().examine("\n".join(lines), "text")
    assert not found.not_read
    return [(judgement.line - 1, judgement.verdict) for judgement in found.judgements]


def test_all_of_it_holds() -> None:
    found = verdicts(LINES)
    assert {verdict for _, verdict in found} <= {"holds", "rounding"}
    assert {line for line, _ in found} == set(range(1, len(LINES)))
    assert sum(line == 12 for line, _ in found) == 10


@pytest.mark.parametrize(
    ("line", "right", "wrong"),
    [
        (1, f"= {Z[0]:.6f}", f"= {Z[1]:.6f}"),
        (3, f"{A[1]:.6f}", f"{A[0]:.6f}"),
        (5, f"= {O[0]:.6f}", f"= {ZO[0]:.6f}"),
        (7, f"= {E[0]:.6f}", f"= {-E[0]:.6f}"),
        (8, f"= {D[0]:.6f}", f"= {E[0]:.6f}"),
        (10, f"= {EH[1]:.6f}", f"= {EH[0]:.6f}"),
        (11, f"{DH[1]:.6f}", f"{EH[1]:.6f}"),
        (12, f"'delta': {DH[1]:.6f}", f"'delta': {EH[1]:.6f}"),
        (12, "[0.3, 0.8, -0.2]", "[0.3, 0.8, 0.2]"),
        (13, f"'output': {O[1]:.6f}", f"'output': {A[1]:.6f}"),
        (14, "0.3", "0.5"),
        (15, f"= {-0.9 - 0.3 * D[0] * A[1]:.6f}", f"= {-0.9 + 0.3 * D[0] * A[1]:.6f}"),
        (16, f"= {0.2 - 0.3 * D[0]:.6f}", f"= {0.4 - 0.3 * D[0]:.6f}"),
    ],
)
def test_what_is_wrong_stays_wrong(line: int, right: str, wrong: str) -> None:
    lines = list(LINES)
    assert right in lines[line]
    lines[line] = lines[line].replace(right, wrong)
    assert "wrong" in {verdict for at, verdict in verdicts(lines) if at == line}


def test_errors_of_the_other_sign() -> None:
    lines = [
        f"network[1][1]: error = expected - output = 0 - {O[1]:.6f} = {-E[1]:.6f}",
        f"network[0][0]: error = {-EH[0]:.6f}",
    ]
    assert {verdict for _, verdict in verdicts(lines)} == {"holds"}
    lines[1] = f"network[0][0]: error = {EH[0]:.6f}"
    assert verdicts(lines)[-1][1] == "wrong"


def test_a_network_as_one_list() -> None:
    line = (
        "network = [[{'weights': [0.4, -0.6, 0.1]}, {'weights': [0.3, 0.8, -0.2]}],"
        " [{'weights': [0.5, -0.9, 0.2]}, {'weights': [0.7, 0.2, 0.4]}]]"
    )
    assert [verdict for _, verdict in verdicts([line])] == ["holds"] * 12
    assert "wrong" in {verdict for _, verdict in verdicts([line.replace("0.7", "0.6")])}


JACOBIAN = (
    r"J = \begin{pmatrix} \frac{\partial q_1}{\partial a} & \frac{\partial q_1}{\partial c} \\ "
    r"\frac{\partial q_2}{\partial a} & \frac{\partial q_2}{\partial c} \end{pmatrix} = "
    r"\begin{pmatrix} 6 & 0 \\ 0 & 4 \end{pmatrix}"
)
GRAPH = """
[graph]
output = "S"
parameters = ["a", "c"]
[graph.values]
a = 3
c = 2
[graph.nodes]
q_1 = "a^2"
q_2 = "4*c"
S = "q_1 + q_2"
"""


def test_a_jacobian_of_a_graph() -> None:
    judge = Examiner(build(loads(GRAPH)))
    right = judge.examine(rf"\[ {JACOBIAN} \]", "latex").judgements
    assert [judgement.verdict for judgement in right] == ["holds"]
    wrong = judge.examine(rf"\[ {JACOBIAN.replace('& 4', '& 8')} \]", "latex").judgements
    assert [judgement.verdict for judgement in wrong] == ["wrong"]
    numbers = judge.examine(r"\[ A = \begin{pmatrix} 6 & 0 \\ 0 & 4 \end{pmatrix} = 1 \]", "latex").judgements
    assert "holds" not in {judgement.verdict for judgement in numbers}
