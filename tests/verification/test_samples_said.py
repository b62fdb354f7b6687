"""Files about several samples: which one a heading, a label or a mark above a letter says, and whose loss is meant.

The numbers are worked here, with ``math``.
"""

from __future__ import annotations

from math import exp

import pytest

from derive.api import loads
from derive.network import Network
from derive.verification.comparing.sample_cues import sample_cues
from derive.verification.examine import Examiner
from derive.verification.judgement import Judgement
from derive.verification.reading import TextKind

GRAPH = loads(
    """
[graph]
output = "L"
parameters = ["u", "g"]
[graph.values]
u = 1.5
g = 0.2
[graph.nodes]
s = "u*p + g"
q = "sigmoid(s)"
L = "(q - r)^2"
[[data]]
p = 0.4
r = 1
[[data]]
p = -0.6
r = 0
[training]
learning_rate = 0.5
"""
)
ROWS = ((0.4, 1.0), (-0.6, 0.0))
S = [1.5 * p + 0.2 for p, _ in ROWS]
Q = [1 / (1 + exp(-s)) for s in S]
LOSS = [(q - r) ** 2 for q, (_, r) in zip(Q, ROWS, strict=True)]
SLOPE = [2 * (q - r) * q * (1 - q) for q, (_, r) in zip(Q, ROWS, strict=True)]
BY_U = [slope * p for slope, (p, _) in zip(SLOPE, ROWS, strict=True)]

HIDDEN = loads(
    """
[network]
inputs = ["x"]
loss = "half_squared_error"
[[network.layers]]
units = 3
activation = "sigmoid"
weights = [[0.4], [-0.9], [1.1]]
biases = [0.1, 0.3, -0.2]
[[network.layers]]
units = 1
weights = [[0.7, 0.5, -0.6]]
biases = [0.05]
[[data]]
x = [0.8]
t = [0.5]
[[data]]
x = [-1.2]
t = [1]
[[data]]
x = [2]
t = [-0.4]
[training]
learning_rate = 0.1
"""
)
X, T = (0.8, -1.2, 2.0), (0.5, 1.0, -0.4)
W, B, V = (0.4, -0.9, 1.1), (0.1, 0.3, -0.2), (0.7, 0.5, -0.6)
H = [[1 / (1 + exp(-(w * x + b))) for w, b in zip(W, B, strict=True)] for x in X]
Y = [sum(v * h for v, h in zip(V, row, strict=True)) + 0.05 for row in H]
ERROR = [y - t for y, t in zip(Y, T, strict=True)]


def judged(network: Network, text: str, kind: TextKind = "text") -> list[Judgement]:
    return list(Examiner(network).examine(text, kind).judgements)


def verdicts(network: Network, text: str, kind: TextKind = "text") -> set[str]:
    return {one.verdict for one in judged(network, text, kind)} - {"rounding"}


def _sections(first: str, second: str, last: str, *, mistake: float = 0) -> str:
    parts = [
        f"{head}\ns = {S[k]:.4f}\nq = {Q[k]:.4f}\nL = {LOSS[k]:.4f}\ndL/du = {BY_U[k] + mistake:.4f}\n"
        for k, head in enumerate((first, second))
    ]
    return "\n".join((*parts, f"{last}\ndL/du = ({BY_U[0]:.4f} + {BY_U[1]:.4f})/2 = {sum(BY_U) / 2:.4f}\n"))


@pytest.mark.parametrize(
    ("first", "second", "last"),
    [
        ("-- P1", "-- P2", "-- Mittel"),
        ("== S1 ==", "== S2 ==", "== Durchschnitt =="),
        ("Data point 1:", "Data point 2:", "Mean:"),
        ("1. Beispiel", "2. Beispiel", "Gesamtgradient"),
        ("Erster Datenpunkt:", "Zweiter Datenpunkt:", "beide zusammen:"),
        ("## Row 1", "## Row 2", "## Averages"),
        ("Example 1 (target 1)", "Example 2 (target 0)", "Batch"),
        ("i = 1:", "i = 2:", "total:"),
        ("#1", "#2", "mean"),
        ("Sample 1", "Sample 2", "update"),
    ],
)
def test_headings_say_the_sample(first: str, second: str, last: str) -> None:
    assert verdicts(GRAPH, _sections(first, second, last)) == {"holds"}
    assert "wrong" in verdicts(GRAPH, _sections(first, second, last, mistake=0.1))


def test_labels_of_two_samples_on_one_line() -> None:
    text = "S1: p=0.4 r=1    S2: p=%s r=0\n"
    assert verdicts(GRAPH, text % "-0.6") == {"holds"}
    assert "wrong" in verdicts(GRAPH, text % "0.6")


def test_a_word_in_a_sentence_is_said_of_its_paragraph() -> None:
    text = f"For example row 2: s = {S[1]:.4f}, so q = {Q[1]:.4f}\n\nq = {Q[0]:.4f}\n"
    assert [one.verdict for one in judged(GRAPH, text)] == ["holds", "holds", "unreadable"]


def test_a_label_that_may_say_another_sample_makes_nothing_wrong() -> None:
    text = f"Example 1: a graph\n\nExample 2: the same\n\ns = {S[0]:.4f}\n"
    assert [one.verdict for one in judged(GRAPH, text)] == ["unreadable"]
    assert [one.verdict for one in judged(GRAPH, text.replace(f"{S[0]:.4f}", "3.2500"))] == ["wrong"]


@pytest.mark.parametrize(
    "text", ["Example 3\nS1\n", "S1\nS2\nS3\n", "Example 2 of the course\n", "Row 7:\n", "P1 = 3\nP2 = 4\n"]
)
def test_what_counts_something_else_says_no_sample(text: str) -> None:
    assert sample_cues(text, 2, lambda word: False) == []


def test_a_name_of_the_network_is_no_label() -> None:
    assert sample_cues("S1:\nS2:\n", 2, {"S1", "S2"}.__contains__) == []


def test_how_many_rows_there_are() -> None:
    text = "$n = %d$, so $L = \\frac{1}{n} (%.4f + %.4f)$"
    assert verdicts(HIDDEN, text % (3, sum(e * e / 2 for e in ERROR[:2]), ERROR[2] ** 2 / 2), "markdown") == {"holds"}
    assert "holds" not in verdicts(HIDDEN, text % (4, 0.1, 0.2), "markdown")


def _marked(share: float, *, slip: float = 0) -> str:
    lines = [f"$x^{{({i})}} = {X[i - 1]}$, $t^{{({i})}} = {T[i - 1]}$" for i in (1, 2, 3)]
    for i in (1, 2, 3):
        lines += [f"$h_{j}^{{({i})}} = {H[i - 1][j - 1]:.4f}$" for j in (1, 2, 3)]
        lines.append(f"$\\hat y^{{({i})}} = {Y[i - 1]:.4f}$")
    for i in (1, 2, 3):
        error, off = share * ERROR[i - 1], slip if i == 3 else 0
        lines.append(f"$\\delta^{{({i})}} = {share:.6f} ({Y[i - 1]:.4f} - ({T[i - 1]})) = {error + off:.4f}$")
    return "\n\n".join(lines)


@pytest.mark.parametrize("share", [1, 1 / 3])
def test_samples_above_the_letters_of_hidden_units(share: float) -> None:
    assert verdicts(HIDDEN, _marked(share), "markdown") == {"holds"}
    assert "wrong" in verdicts(HIDDEN, _marked(share, slip=0.05), "markdown")


def test_a_delta_of_the_mean_is_said_in_a_note() -> None:
    found = [one for one in judged(HIDDEN, _marked(1 / 3), "markdown") if "delta" in one.claim]
    assert found
    assert all(one.reading is not None and "batch" in one.reading for one in found)


def test_deltas_of_both_kinds_are_no_story() -> None:
    own, shares = _marked(1).split("\n\n"), _marked(1 / 3).split("\n\n")
    assert "wrong" in verdicts(HIDDEN, "\n\n".join((*own[:-1], shares[-1])), "markdown")


def test_what_is_built_on_a_share_of_the_mean_follows() -> None:
    deltas = [error / 3 for error in ERROR]
    deltas[2] += 0.05
    gradient = sum(d * h[0] for d, h in zip(deltas, H, strict=True))
    text = _marked(1 / 3, slip=0.05) + f"\n\n$\\partial E/\\partial w^{{2}}_{{11}} = {gradient:.4f}$"
    last = judged(HIDDEN, text, "markdown")[-1]
    assert last.verdict == "follows"


def _families(letter: str, share: float, *, slip: float = 0) -> str:
    values = [
        [share * ERROR[i] * V[j] * H[i][j] * (1 - H[i][j]) + (slip if (i, j) == (1, 2) else 0) for j in range(3)]
        for i in range(3)
    ]
    lines = [
        f"${letter}_{j + 1}^{{({i + 1})}} = ({share * ERROR[i]:.5f}) \\cdot {V[j]} \\cdot {H[i][j]:.5f} \\cdot "
        f"{1 - H[i][j]:.5f} = {values[i][j]:.4f}$"
        for i in range(3)
        for j in range(3)
    ]
    return "\n\n".join(lines)


@pytest.mark.parametrize("share", [1, 1 / 3])
@pytest.mark.parametrize("letter", ["\\varepsilon", "g", "e"])
def test_names_of_ones_own_by_what_they_come_to_in_each_sample(letter: str, share: float) -> None:
    assert verdicts(HIDDEN, _families(letter, share), "markdown") == {"holds"}
    assert "wrong" in verdicts(HIDDEN, _families(letter, share, slip=0.07), "markdown")


def test_a_layer_and_a_sample_above() -> None:
    lines = []
    for i in (1, 2, 3):
        lines += [f"$a^{{[1]({i})}}_{j} = {H[i - 1][j - 1]:.4f}$" for j in (1, 2, 3)]
        lines.append(
            f"$z^{{[2]({i})}} = 0.7 a^{{[1]({i})}}_1 + 0.5 a^{{[1]({i})}}_2 - 0.6 a^{{[1]({i})}}_3 + 0.05 = {Y[i - 1]:.4f}$"
        )
        lines.append(f"$dz^{{[2]({i})}} = {ERROR[i - 1]:.4f}$")
    text = "\n\n".join(lines)
    assert verdicts(HIDDEN, text, "markdown") == {"holds"}
    for right, wrong in ((f"{H[2][1]:.4f}", f"{H[1][1]:.4f}"), (f"{ERROR[0]:.4f}", f"{ERROR[1]:.4f}")):
        assert "wrong" in verdicts(HIDDEN, text.replace(right, wrong, 1), "markdown")


RELU = loads(
    """
[network]
inputs = ["x"]
loss = "squared_error"
[[network.layers]]
units = 1
activation = "relu"
weights = [[0.9]]
biases = [-0.2]
[[network.layers]]
units = 1
weights = [[1.3]]
biases = [0.1]
[[data]]
x = [1.4]
t = [1.1]
[[data]]
x = [-0.5]
t = [0.2]
[training]
learning_rate = 0.1
"""
)
PRE = (0.9 * 1.4 - 0.2, -0.45 - 0.2)
ACT = (PRE[0], 0.0)
OUT = (1.3 * ACT[0] + 0.1, 0.1)
BY_OUT = (2 * (OUT[0] - 1.1), 2 * (OUT[1] - 0.2))
SHEET = f"""Point #1: x = 1.4, t = 1.1

z = 0.9*1.4 - 0.2 = {PRE[0]:.4f}
a = relu(z) = {ACT[0]:.4f}
y = 1.3*{ACT[0]:.4f} + 0.1 = {OUT[0]:.4f}

dy = 2*({OUT[0]:.4f} - 1.1) = {BY_OUT[0]:.4f}
dw2 = {BY_OUT[0]:.4f}*{ACT[0]:.4f} = {BY_OUT[0] * ACT[0]:.4f}
dz = {BY_OUT[0]:.4f}*1.3 = {BY_OUT[0] * 1.3:.4f}

Point #2: x = -0.5, t = 0.2

z = {PRE[1]:.4f}
a = 0
y = 0.1
dy = {BY_OUT[1]:.4f}
dz = 0

averages:
dw2 = ({BY_OUT[0] * ACT[0]:.4f} + 0)/2 = {BY_OUT[0] * ACT[0] / 2:.4f}
"""


def test_letters_of_the_only_hidden_unit_and_the_output() -> None:
    assert verdicts(RELU, SHEET) == {"holds"}


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (f"= {PRE[0]:.4f}", f"= {PRE[0] + 0.2:.4f}"),
        (f"= {OUT[0]:.4f}", f"= {OUT[0] - 0.1:.4f}"),
        (f"z = {PRE[1]:.4f}", f"z = {PRE[0]:.4f}"),
        ("y = 0.1", "y = 0.2"),
        (f"dy = {BY_OUT[1]:.4f}", f"dy = {-BY_OUT[1]:.4f}"),
        (f"= {BY_OUT[0] * ACT[0] / 2:.4f}", f"= {BY_OUT[0] * ACT[0]:.4f}"),
    ],
)
def test_a_mistake_about_one_of_two_points(right: str, wrong: str) -> None:
    assert right in SHEET
    assert "wrong" in verdicts(RELU, SHEET.replace(right, wrong, 1))


def test_a_formula_of_any_sample_is_known_by_all_of_them() -> None:
    text = (
        "Here $h_i = \\max(0, w x_i + b)$ with $w = 0.9$, $b = -0.2$, $y_i = v h_i + c$ with $v = 1.3$, $c = 0.1$,"
        f" so $h_1 = {ACT[0]:.4f}$, $h_2 = %s$, $y_1 = {OUT[0]:.4f}$; $e_i = y_i - t_i$ and $e_1 = {OUT[0] - 1.1:.4f}$."
    )
    assert verdicts(RELU, text % "0", "latex") == {"holds"}
    assert "wrong" in verdicts(RELU, text % f"{PRE[1]:.4f}", "latex")


@pytest.mark.parametrize(
    "heading", ["Exemple %d :", "Exemple %d (p = %s ; r = %s) :", "\\subsection*{Observation %d ($p=%s$, $r=%s$)}"]
)
def test_a_heading_with_the_data_of_its_sample(heading: str) -> None:
    heads = [heading % ((i + 1, p, r)[: heading.count("%")]) for i, (p, r) in enumerate(ROWS)]
    kind: TextKind = "latex" if "sub" in heading else "text"
    sign = "$%s$\n\n" if kind == "latex" else "%s\n"
    text = "".join(
        f"{head}\n\n" + sign % f"s = {S[i]:.4f}" + sign % f"q = {Q[i]:.4f}" + sign % f"L{i + 1} = {LOSS[i]:.4f}"
        for i, head in enumerate(heads)
    )
    if kind == "latex":
        text = text.replace("L1", "L_1").replace("L2", "L_2")
    assert verdicts(GRAPH, text, kind) == {"holds"}
    assert "wrong" in verdicts(GRAPH, text.replace(f"{LOSS[1]:.4f}", f"{LOSS[0]:.4f}"), kind)
    assert "wrong" in verdicts(GRAPH, text.replace(f"{Q[0]:.4f}", f"{Q[0] + 0.2:.4f}"), kind)


def test_words_and_a_comma_before_a_name() -> None:
    assert verdicts(GRAPH, "Sheet 3 — going back, two rows, rate eta = 0.5\n") == {"holds"}
    assert verdicts(GRAPH, "Sheet 3 — going back, two rows, rate eta = 0.6\n") == {"wrong"}


def test_the_networks_own_name_of_a_samples_gradient_is_never_divided() -> None:
    text = "x^(1) = 0.8\nx^(2) = -1.2\n" + "".join(
        f"delta2_1[{i}] = %s\n" % f"{ERROR[i - 1] / 3:.4f}" for i in (1, 2, 3)
    )
    assert "wrong" in verdicts(HIDDEN, text)
    assert verdicts(HIDDEN, "dE/db2_1 = delta2_1[1] + delta2_1[2] + delta2_1[3]\n") == {"wrong"}
    assert verdicts(HIDDEN, "dE/db2_1 = (delta2_1[1] + delta2_1[2] + delta2_1[3])/3\n") == {"holds"}
