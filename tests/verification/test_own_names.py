r"""``let o_1 = yhat``: names of the writer's own, with the right verdict and, for a wrong number, the wrong one.

The numbers are worked here with floats, from the spec's weights, by the textbook's formulas.
"""

from __future__ import annotations

import math
from pathlib import Path

import pytest

import derive
from derive.api import loads
from derive.cli import main
from derive.errors import DeriveError
from derive.verification.examine import Examiner
from derive.verification.reading import TextKind

SPEC = """
title = "Homework 4"
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
EXAMINER = Examiner(loads(SPEC))


def sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


Z1 = (0.2 * 1.5 + 0.4 * 2 + 0.1, 0.7 * 1.5 - 0.1 * 2 - 0.3)
A1 = tuple(map(sigmoid, Z1))
YHAT = sigmoid(0.6 * A1[0] - 0.5 * A1[1] + 0.2)
DELTA2 = YHAT - 1
DELTA1 = (DELTA2 * 0.6 * A1[0] * (1 - A1[0]), DELTA2 * -0.5 * A1[1] * (1 - A1[1]))
G12 = DELTA1[1] * 1.5
"""The derivative by w1_2_1, the entry (1, 2) of W1^T."""


def verdicts(text: str, kind: TextKind = "text") -> list[str]:
    return [claim.verdict for claim in EXAMINER.examine(text, kind).judgements]


def notes(text: str) -> list[object]:
    return [claim["note"] for claim in EXAMINER.examine(text).claims]


ONE_NUMBER = [
    ("let o_1 = yhat", "o_1", YHAT),
    ("let o_1 = yhat", "o1", YHAT),
    ("let o_1 := yhat", "o_{1}", YHAT),
    ("Let o_1 = yhat, p = z2_1", "o_1", YHAT),
    ("let p = z2_1 and q = a1_2", "q", A1[1]),
    ("# let o_1 = yhat", "o_1", YHAT),
    ("let o_1 = yhat   # the output", "o_1", YHAT),
    ("let o_1 = a2_1", "dE/do_1", -1 / YHAT),
    ("let h = a1", "h_2", A1[1]),
    ("let h = a1", "h[0]", A1[0]),
    ("let h_j = a1_j", "h_1", A1[0]),
    ("let net = z", "net1_2", Z1[1]),
    ("let net = z", "dE/dnet1_1", DELTA1[0]),
    ("let net_j = z1_j", "net_2", Z1[1]),
    ("let W = W1^T", "W_12", 0.7),
    ("let W = W1^T", "W_{1,2}", 0.7),
    ("let W = W1^T", "W_1_2", 0.7),
    ("let W = W1^T", "w_12", 0.7),
    ("let W = W1^T", "W[0, 1]", 0.7),
    ("let W = W1^T", "dE/dW_12", G12),
    ("let W = W1^T", "dW_12", G12),
    ("let W = W1^T", "W_12'", 0.7 - 0.1 * G12),
    ("let W = W1^T", "W_12_new", 0.7 - 0.1 * G12),
    ("let V_ij = W1_ji", "V_12", 0.7),
    ("let delta = -dE/dz", "delta2_1", -DELTA2),
    ("let delta = -dE/dz", "δ_o", -DELTA2),
    ("let delta = -dE/dz", "delta1_2", -DELTA1[1]),
    ("let delta = dE/dz", "delta1_2", DELTA1[1]),
    ("let d = -dE/dz", "d1_2", -DELTA1[1]),
    ("let delta2_1 = -dE/dz2_1", "delta2_1", -DELTA2),
    ("let e = t - yhat", "e", -DELTA2),
    ("let o = yhat, e = o - t", "e", DELTA2),
    ("let y = yhat", "y", YHAT),
    ("let a = z\nlet z = a", "a1_1", Z1[0]),
    ("let a = z\nlet z = a", "z1_1", A1[0]),
    ("let w11 = w1_21", "w_11", 0.7),
]


@pytest.mark.parametrize(("meaning", "name", "value"), ONE_NUMBER)
def test_a_name_of_ones_own(meaning: str, name: str, value: float) -> None:
    """The right number holds, another one is wrong, so is the one with the other sign; and the note says what was read."""
    assert verdicts(f"{meaning}\n{name} = {value:.4f}") == ["holds"]
    assert verdicts(f"{meaning}\n{name} = {value + 0.0513:.4f}") == ["wrong"]
    assert verdicts(f"{meaning}\n{name} = {-value:.4f}") == ["wrong"]
    assert " is read as " in str(notes(f"{meaning}\n{name} = {value:.4f}"))


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("let W = W1^T\nz1 = W^T*x + b1", "z1 = W*x + b1"),
        ("let W = W1^T\nW = [0.2, 0.7; -0.4, 0.1]", "W = [0.2, -0.4; 0.7, 0.1]"),
        (f"let W = W1^T\ndE/dW = [{DELTA1[0] * 1.5:.4f}, {G12:.4f}; {DELTA1[0] * -2:.4f}, {DELTA1[1] * -2:.4f}]",
         f"dE/dW_11 = {G12:.4f}"),
        ("let delta = -dE/dz\ndE/dw2_11 = -delta2_1*a1_1", "dE/dw2_11 = delta2_1*a1_1"),
        ("let delta = -dE/dz\nw2_11' = w2_11 + eta*delta2_1*a1_1", "w2_11' = w2_11 - eta*delta2_1*a1_1"),
        ("let delta = -dE/dz\ndelta2_1 = t - yhat", "delta2_1 = yhat - t"),
        ("let delta = -dE/dz\ndelta1 = (W2^T*delta2)*a1*(1 - a1)", "delta1 = -(W2^T*delta2)*a1*(1 - a1)"),
        (f"let W = W1^T\nW_12 := W_12 - eta*dW_12 = {0.7 - 0.1 * G12:.4f}", "W_12 := W_12 + eta*dW_12"),
        ("let h = a1\nz2_1 = W2*h + b2_1", "z2_1 = W2*x + b2_1"),
        ("let o = yhat\ndo/dz2_1 = o*(1 - o)", "do/dz2_1 = o"),
    ],
)  # fmt: skip
def test_formulas_of_ones_own_names(text: str, wrong: str) -> None:
    assert set(verdicts(text)) == {"holds"}
    assert "wrong" in verdicts(f"{text.splitlines()[0]}\n{wrong}")


LATEX = r"""
%% let o_1 = yhat
%% let \delta = -\partial E/\partial z, W = W^{(1)T}
\begin{document}
Let $h = a^{(1)}$ and $e = t - \hat y$.
\[ o_1 = %.4f \qquad \delta^{(2)}_1 = t - o_1 = e \]
\[ W_{12} = 0.7 \qquad \frac{\partial E}{\partial W_{12}} = %.4f \qquad h_2 = %.4f \]
\end{document}
"""
MARKDOWN = r"""<!-- let o_1 = yhat -->
<!--
let \delta = -\partial E/\partial z, W = W1^T
let h = a1
-->
let $e = t - \hat y$

$o_1 = %.4f$, $\delta^{(2)}_1 = t - o_1 = e$

$W_{12} = 0.7$, $\frac{\partial E}{\partial W_{12}} = %.4f$

| quantity | value |
|---|---|
| h_2 | %.4f |
"""


@pytest.mark.parametrize(("text", "kind"), [(LATEX, "latex"), (MARKDOWN, "markdown")])
def test_comments_and_plain_lines_of_documents(text: str, kind: TextKind) -> None:
    right = (YHAT, G12, A1[1])
    assert set(verdicts(text % right, kind)) == {"holds"}
    for i in range(3):
        wrong = [value + 0.05 * (i == j) for j, value in enumerate(right)]
        assert verdicts(text % tuple(wrong), kind).count("wrong") == 1


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("let z1_1 = 1.2", ["holds"]),
        ("let z1_1 = 1.3", ["wrong"]),
        ("let x1 = 1.5, x2 = -2", ["holds", "holds"]),
        ("let y = 1", ["holds"]),
        (f"let e = t - yhat = {-DELTA2:.4f}", ["holds"]),
        (f"let e = t - yhat = {DELTA2:.4f}", ["wrong"]),
        (f"Let us see: yhat = {YHAT:.4f}", ["holds"]),
    ],
)
def test_a_value_of_the_networks_own_is_a_claim(text: str, expected: list[str]) -> None:
    assert verdicts(text) == expected


@pytest.mark.parametrize(
    ("lines", "line", "said"),
    [
        ("let z1_1 = a1_1", 1, "'z1_1' is a name of the network already"),
        ("E = 1\nlet o = nothing", 2, "unknown quantity 'nothing'"),
        ("let p = q\nlet q = p", 1, "'p' and 'q' (line 2) are said by each other"),
        ("let p = p + 1", 1, "'p' is said by itself"),
        ("let p = q\nlet q = yhat", 1, "'q' gets its meaning in line 2 only"),
        ("let o = yhat\n\nlet o = t", 3, "'o' has another meaning already, in line 1"),
        ("let p = z", 0, ""),
        ("let p = a*z", 1, "which a is meant?"),
    ],
)
def test_what_gives_no_name_a_meaning_is_said(lines: str, line: int, said: str) -> None:
    """In a file of claims it cannot be read, and the other lines are judged."""
    claims = EXAMINER.examine(f"{lines}\nt = 1").claims
    unread = [(claim["line"], claim["note"]) for claim in claims if claim["verdict"] == "unreadable"]
    assert claims[-1]["verdict"] == "holds"
    assert (not unread) if not line else (unread[0][0] == line and str(unread[0][1]).startswith(said))


def test_the_entry_that_a_matrix_does_not_have() -> None:
    (claim,) = EXAMINER.examine("let W = W1^T\nW_33 = 1").claims
    assert (claim["verdict"], claim["note"]) == ("unreadable", "'W' is 2 × 2 W is read as W1^T.")


def test_a_layer_above_a_name_is_the_networks() -> None:
    text = "let W = W1^T\n\n$W^{(2)} = \\begin{pmatrix} 0.6 & -0.5 \\end{pmatrix}$"
    assert verdicts(text, "markdown") == ["holds"]


def test_marks_are_for_the_quantity_that_a_name_means() -> None:
    from derive.verification import marks

    network = EXAMINER.network
    scheme = marks.parsed({"yhat": 1, "dE/dw1_2_1": 2}, network, "marks")
    right = EXAMINER.examine(f"let o = yhat, W = W1^T\no = {YHAT:.4f}\ndW_12 = {G12:.4f}")
    assert float(marks.marked(scheme, right.judgements, network.names).points) == 3
    given = EXAMINER.examine(f"let o = yhat, W = W1^T, g = dE/dw1_2_1\no = yhat\ng = dE/dw1_2_1\n{G12:.4f} = {G12:.4f}")
    assert float(marks.marked(scheme, given.judgements, network.names).points) == 0


# A file of names


def test_names_for_python() -> None:
    result = derive.verify(EXAMINER.network, f"o_1 = {YHAT:.4f}", names="o_1 = yhat")
    assert result.holds
    with pytest.raises(DeriveError, match="names: line 2: unknown quantity 'q'"):
        derive.verify(EXAMINER.network, "E = 1", names="o_1 = yhat\nlet p = q")


def test_a_file_of_names(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    spec, names, claims = (tmp_path / name for name in ("spec.toml", "names.txt", "claims.txt"))
    spec.write_text(SPEC)
    names.write_text("let o_1 = yhat\n\n% comment\nW = W1^T  # rows are inputs\n")
    claims.write_text(f"o_1 = {YHAT:.4f}\nW_12 = 0.7\n")
    run = ["verify", str(spec), str(claims), "--names", str(names)]
    assert main(run) == 0
    claims.write_text("o_1 = 0.9\nW_12 = 0.7\n")
    assert main(run) == 1
    claims.write_text("let o_1 = t\no_1 = 1\n")
    assert main(run) == 0, "what a file says itself wins"
    capsys.readouterr()
    names.write_text("let o_1 = yhat\nlet z1_1 = a1_1\nwhatever\nlet p = qq\n")
    assert main(run) == 2
    said = capsys.readouterr().err
    assert "names.txt: line 2: 'z1_1' is a name of the network already" in said
    assert "names.txt: line 3: this gives no name a meaning\n  write let o_1 = yhat" in said
    assert "names.txt: line 4: unknown quantity 'qq'\n  inputs x1, x2; hidden" in said
    names.write_text("\n# nothing\n")
    assert main(run) == 2
    assert main([*run[:-1], str(tmp_path / "none.txt")]) == 2
    assert main([*run, "-o", str(names)]) == 2


def test_a_weight_of_the_network_is_no_entry_of_a_matrix_that_has_none_such() -> None:
    spec = (
        "[network]\ninputs = 2\nloss = 'half_squared_error'\n[[network.layers]]\nunits = 2\nactivation = 'tanh'\n"
        "weights = [[0.1, 0.2], [0.3, 0.4]]\n[[network.layers]]\nunits = 1\nweights = [[0.5, 0.6]]\n"
        "[[data]]\nx = [1, 2]\nt = [1]\n"
    )
    found = Examiner(loads(spec)).examine("let W = W1\nw_12 = 0.2\nw2_11 = 0.5\nw2_12 = 0.5\n").judgements
    assert [one.verdict for one in found] == ["holds", "holds", "wrong"]
