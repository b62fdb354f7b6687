"""Vectors and matrices of one's own known by their entries, and letters without an index for a whole layer.

The numbers are worked here, with ``math``.
"""

from __future__ import annotations

from collections.abc import Sequence
from math import exp, log, tanh

import pytest

from derive.api import loads
from derive.verification.examine import Examiner

U = ((0.4, -0.3), (0.1, 0.2), (-0.5, 0.7))
P = (0.2, -0.2, 0.3)
V = ((0.6, 0.2, -0.4), (-0.1, 0.8, 0.5))
Q = (0.3, -0.3)
X, T = (0.5, 1.0), (1, 0)
ETA = 0.2


def listed(rows: Sequence[Sequence[float]]) -> str:
    return str([list(row) for row in rows])


EXAMINER = Examiner(
    loads(
        f"""
[network]
inputs = ["x1", "x2"]
loss = "cross_entropy"
[[network.layers]]
units = 3
activation = "tanh"
weights = {listed(U)}
biases = {list(P)}
[[network.layers]]
units = 2
activation = "softmax"
weights = {listed(V)}
biases = {list(Q)}
[[data]]
x = {list(X)}
t = {list(T)}
[training]
learning_rate = {ETA}
"""
    )
)
A = tuple(sum(u * x for u, x in zip(row, X, strict=True)) + p for row, p in zip(U, P, strict=True))
H = tuple(map(tanh, A))
S = tuple(sum(v * h for v, h in zip(row, H, strict=True)) + q for row, q in zip(V, Q, strict=True))
Y = tuple(exp(s) / sum(map(exp, S)) for s in S)
DS = tuple(y - t for y, t in zip(Y, T, strict=True))
DH = tuple(sum(V[k][j] * DS[k] for k in range(2)) for j in range(3))
DA = tuple(DH[j] * (1 - H[j] ** 2) for j in range(3))


def plain(rows: Sequence[Sequence[float]]) -> str:
    return "[" + ", ".join("[" + ", ".join(f"{value:.4f}" for value in row) + "]" for row in rows) + "]"


def in_tex(rows: Sequence[Sequence[float]]) -> str:
    body = r" \\ ".join(" & ".join(f"{value:.4f}" for value in row) for row in rows)
    return rf"\begin{{bmatrix}}{body}\end{{bmatrix}}"


def outer(left: Sequence[float], right: Sequence[float]) -> list[list[float]]:
    return [[a * b for b in right] for a in left]


def less(rows: Sequence[Sequence[float]], slopes: Sequence[Sequence[float]]) -> list[list[float]]:
    return [[w - ETA * g for w, g in zip(row, by, strict=True)] for row, by in zip(rows, slopes, strict=True)]


def column(values: Sequence[float]) -> list[list[float]]:
    return [[value] for value in values]


TEX = "\n\n".join(
    f"${line}$"
    for line in (
        rf"U = {in_tex(U)}",
        rf"p = {in_tex(column(P))}",
        rf"V = {in_tex(V)}",
        rf"q = {in_tex(column(Q))}",
        *(rf"a_{j + 1} = {A[j]:.4f}" for j in range(3)),
        *(rf"h_{j + 1} = \tanh({A[j]:.4f}) = {H[j]:.4f}" for j in range(3)),
        *(rf"s_{k + 1} = {S[k]:.4f}" for k in range(2)),
        rf"\hat y_1 = {Y[0]:.4f}",
        rf"L = -\ln {Y[0]:.4f} = {-log(Y[0]):.4f}",
        rf"\frac{{\partial L}}{{\partial s}} = {in_tex(column(DS))}",
        rf"\frac{{\partial L}}{{\partial V}} = \frac{{\partial L}}{{\partial s}} h^T = {in_tex(outer(DS, H))}",
        *(rf"\frac{{\partial L}}{{\partial h_{j + 1}}} = {DH[j]:.4f}" for j in range(3)),
        *(rf"\frac{{\partial L}}{{\partial a_{j + 1}}} = {DA[j]:.4f}" for j in range(3)),
        rf"\frac{{\partial L}}{{\partial U}} = \frac{{\partial L}}{{\partial a}} x^T = {in_tex(outer(DA, X))}",
        rf"U \leftarrow U - {ETA} \frac{{\partial L}}{{\partial U}} = {in_tex(less(U, outer(DA, X)))}",
    )
)
TEXT = f"""U = {plain(U)}
V = {plain(V)}
dL/dV = {plain(outer(DS, H))}
U <- U - {ETA}*dL/dU = {plain(less(U, outer(DA, X)))}
"""


@pytest.mark.parametrize(("text", "kind", "count"), [(TEX, "markdown", 31), (TEXT, "text", 5)])
def test_wholes_are_known_by_their_entries(text: str, kind: str, count: int) -> None:
    found = EXAMINER.examine(text, kind)  # type: ignore[arg-type]
    assert [(one.line, one.verdict) for one in found.judgements if not one.holds] == []
    assert len(found.judgements) == count


def test_a_wrong_entry_is_seen() -> None:
    wrong = TEXT.replace(f"{DS[1] * H[0]:.4f}", f"{DS[1] * H[1]:.4f}", 1)
    assert wrong != TEXT
    verdicts = [(one.line, one.verdict) for one in EXAMINER.examine(wrong).judgements]
    assert (3, "wrong") in verdicts
    assert [line for line, verdict in verdicts if verdict == "wrong"] == [3]


def test_rounded_entries_do_not_pass_for_others() -> None:
    """(0.3, -0.3) are the biases, though a weighted input rounded on the way is near, too."""
    found = EXAMINER.examine("$q = \\begin{pmatrix}0.3 \\\\ -0.3\\end{pmatrix}$", "markdown")
    assert [(one.verdict, one.reading) for one in found.judgements] == [
        ("holds", "q is read as (b2_1, b2_2): it has its value.")
    ]
