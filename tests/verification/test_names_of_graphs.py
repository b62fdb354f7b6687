"""Names of a writer's own in a text about a graph: what is defined as a derivative, the rate; stars; whole gradients."""

from __future__ import annotations

import pytest

from derive.api import loads
from derive.verification.examine import Examiner

GRAPH = Examiner(
    loads(
        """
[graph]
output = "Err"
parameters = ["w1", "w2", "w3", "w4", "w5", "w6"]
[graph.values]
i1 = 1
i2 = 3
w1 = 0.2
w2 = 0.1
w3 = 0.3
w4 = 0.05
w5 = 0.4
w6 = 0.25
actual = 1
[graph.nodes]
h1 = "i1*w1 + i2*w2"
h2 = "i1*w3 + i2*w4"
pred = "h1*w5 + h2*w6"
Err = "1/2*(pred - actual)^2"
[training]
learning_rate = 0.1
"""
    )
)
# h1 0.5, h2 0.45, pred 0.3125, pred - actual -0.6875, dErr/dw6 -0.309375, w6' 0.2809375, w4' 0.1015625

HEAD = "Δ = pred - actual\na = 0.1\n*w5 = w5 - a (h1 · Δ)\n"


def verdicts(text: str, kind: str = "text", examiner: Examiner = GRAPH) -> list[tuple[int, str]]:
    return [(int(str(claim["line"])), str(claim["verdict"])) for claim in examiner.examine(text, kind).claims]  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", ["text", "markdown"])
@pytest.mark.parametrize(
    "line",
    [
        "Δ = 0.3125 - 1 = -0.6875",
        "∂Err/∂w6 = Δ · h2 = -0.6875 · 0.45 = -0.3094",
        "*w6 = w6 - a (h2 · Δ)",
        "*w4 = w4 - a (i2 · Δ w6)",
        "*w6 = 0.25 + 0.1 · 0.3094 = 0.2809",
        "Weights: w1 = 0.2, w2 = 0.1, w5 = 0.4 and w6 = 0.25",
    ],
)
def test_right_ones_hold(line: str, kind: str) -> None:
    found = verdicts(HEAD + line, kind)
    assert {verdict for _, verdict in found} == {"holds"}
    assert {number for number, _ in found} == {1, 2, 3, 4}


@pytest.mark.parametrize("kind", ["text", "markdown"])
@pytest.mark.parametrize(
    "line",
    [
        "Δ = 0.3125 - 1 = 0.6875",
        "Δ = 0.5",
        "∂Err/∂w6 = Δ · h1",
        "a = 0.2",
        "*w6 = w6 + a (h2 · Δ)",
        "*w4 = w4 - a (i1 · Δ w6)",
        "*w6 = 0.25 + 0.1 · 0.3094 = 0.3809",
        "*w6 = 0.25 - 0.1 · 0 = 0.25",
        "Weights: w1 = 0.2, w2 = 0.1, w5 = 0.4 and w6 = 0.35",
    ],
)
def test_wrong_ones_do_not(line: str, kind: str) -> None:
    assert (4, "wrong") in verdicts(HEAD + line, kind)


@pytest.mark.parametrize("kind", ["text", "markdown"])
def test_a_star_may_be_the_mark_of_a_list(kind: str) -> None:
    assert verdicts("*w6 = 0.25\n*w5 = 0.4\n", kind) == [(1, "holds"), (2, "holds")]


def test_a_derivative_of_the_other_sign() -> None:
    """What is defined with the other sign is used with it."""
    head = "q = actual - pred\n"
    assert verdicts(head + "∂Err/∂w6 = -q · h2 = -0.3094") == [(1, "holds"), (2, "holds"), (2, "holds")]
    assert (2, "wrong") in verdicts(head + "∂Err/∂w6 = q · h2")


@pytest.mark.parametrize("line", ["q = pred · actual", "q = pred + 2 · actual", "q = h1 / h2"])
def test_any_other_formula_gives_no_meaning(line: str) -> None:
    """A slip would define itself."""
    found = verdicts(f"{line}\n∂Err/∂w6 = q · h2")
    assert "holds" not in {verdict for _, verdict in found}


def test_the_rate_has_its_number() -> None:
    """Another number is no rate, nor is a letter that no update has."""
    assert "holds" not in {verdict for _, verdict in verdicts("c = 0.1\nh1 = c")}
    assert "holds" not in {verdict for _, verdict in verdicts("c = 0.3\nw6 = w6 - c · h2 · (pred - actual)")}


SMALL = Examiner(
    loads(
        """
[graph]
output = "L"
parameters = ["u", "v"]
[graph.values]
u = 2
v = -3
[graph.nodes]
s = "u + v"
L = "s*v"
"""
    )
)
# s -1, L 3, dL/du = v = -3, dL/dv = s + v = -4


@pytest.mark.parametrize(
    ("line", "found"),
    [
        (r"$\nabla L = \left[\frac{\partial L}{\partial u}, \frac{\partial L}{\partial v}\right] = [-3, -4]$", "holds"),
        (r"$\nabla L = [-3, -4]$", "holds"),
        (r"$\nabla L(u, v) = (-3, -4)$", "holds"),
        (r"$\nabla L = \begin{pmatrix} -3 \\ -4 \end{pmatrix}$", "holds"),
        (r"$\nabla L = \left[\frac{\partial L}{\partial u}, \frac{\partial L}{\partial v}\right] = [-3, 4]$", "wrong"),
        (r"$\nabla L = [-4, -3]$", "wrong"),
        (r"$\nabla L = \begin{pmatrix} -3 \\ -5 \end{pmatrix}$", "wrong"),
        (r"$\nabla L = [-3, -4, 1]$", "unreadable"),
    ],
)
def test_the_whole_gradient(line: str, found: str) -> None:
    assert {verdict for _, verdict in verdicts(line, "markdown", SMALL)} == {found}
