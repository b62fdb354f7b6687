r"""Moments in brackets behind names: ``v_1(n)`` and ``w_{31}(n+1)``; ``w_{35}(new)``, ``w_{35}(old)``."""

from __future__ import annotations

import pytest

from derive.api import loads
from derive.verification.examine import Examiner

GRAPH = Examiner(
    loads(
        """
[graph]
output = "E"
parameters = ["w_10", "w_11"]
[graph.values]
x_1 = 2
w_10 = 0.1
w_11 = 0.25
d_1 = 1
[graph.nodes]
v_1 = "w_10 + w_11*x_1"
y_1 = "sigmoid(v_1)"
e_1 = "d_1 - y_1"
E = "1/2*e_1^2"
[training]
learning_rate = 0.5
"""
    )
)
# v_1 0.6, y_1 0.645656, e_1 0.354344, E 0.0627797; dE/dv_1 = -0.0810683, dE/dw_11 = -0.162137


def verdicts(text: str) -> list[str]:
    return [str(claim["verdict"]) for claim in GRAPH.examine(text, "latex").claims]


STEP = r"\[ w_{11}(n+1) = w_{11}(n) + 0.5 \cdot 0.162137 = 0.331068 \]" + "\n"


@pytest.mark.parametrize(
    "line",
    [
        r"\[ v_1(n) = w_{10}(n) + w_{11}(n)x_1(n) = 0.1 + 0.5 = 0.6 \]",
        r"\[ y_1(n) = \varphi(v_1(n)) = 0.645656 \]",
        r"\[ e_1(n) = d_1(n) - y_1(n) = 0.354344 \]",
        r"\[ E(n) = \frac{1}{2} e_1^2(n) = 0.06278 \]",
        r"\[ \frac{\partial E(n)}{\partial w_{11}(n)} = -e_1(n)\varphi_1'(v_1(n))x_1(n) = -0.162137 \]",
        r"\[ \delta_1(n) = e_1(n) y_1(n)[1 - y_1(n)] = 0.0810683 \]",
    ],
)
def test_each_name_says_that_it_is_now(line: str) -> None:
    assert set(verdicts(STEP + line)) == {"holds"}


@pytest.mark.parametrize(
    "line",
    [
        r"\[ v_1(n) = w_{10}(n) + w_{11}(n)x_1(n) = 0.1 + 0.5 = 0.65 \]",
        r"\[ E(n) = \frac{1}{2} e_1(n) = 0.06278 \]",
        r"\[ w_{11}(n+1) = 0.25 + 0.5 \cdot 0.162137 = 0.231068 \]",
        r"\[ w_{11}(n+1) = 0.25 \]",
    ],
)
def test_wrong_ones_do_not_hold(line: str) -> None:
    assert "wrong" in verdicts(STEP + line)


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("w_11[n+1] = w_11[n] + 0.0810683 = 0.331068\nv_1[n] = 0.6\ny_1[n] = 0.645656", []),
        ("w_11[n+1] = w_11[n] + 0.0810683 = 0.331068\nv_1[n] = 0.7\ny_1[n] = 0.645656", [2]),
        ("w_11(t+1) = w_11(t) + 0.0810683 = 0.331068\ny_1(t) = 0.645656\ny_1(t+1) = 0.6905", []),
        ("w_11(t+1) = w_11(t) + 0.0810683 = 0.331068\ny_1(t) = 0.645656\ny_1(t+1) = 0.645656", [3]),
        ("w_11^(k+1) = w_11^(k) + 0.0810683 = 0.331068\ny_1^(k) = 0.645656", []),
    ],
)
def test_in_plain_text(text: str, wrong: list[int]) -> None:
    claims = GRAPH.examine(text).claims
    assert {claim["line"] for claim in claims if claim["verdict"] != "holds"} == set(wrong)


@pytest.mark.parametrize("kind", ["text", "markdown"])
@pytest.mark.parametrize(
    ("line", "holds"),
    [
        ("w_11(new) = 0.331068", True),
        ("w_11 (new) = w_11 (old) + 0.0810683 = 0.331068", True),
        ("w_11 (old value) = 0.25", True),
        ("w_11 (new value) = 0.331068", True),
        ("E (old) = 0.06278", True),
        ("w_11 (new) = 0.25", False),
        ("w_11 (old) = 0.331068", False),
        ("w_11 (new value) = 0.25", False),
        ("E (old) = 0.07278", False),
    ],
)
def test_words_in_brackets_of_plain_text(line: str, kind: str, *, holds: bool) -> None:
    found = {claim["verdict"] for claim in GRAPH.examine(line, kind).claims}  # type: ignore[arg-type]
    assert found
    assert (found <= {"holds"}) is holds
    assert holds or "wrong" in found


def test_a_letter_that_stands_elsewhere_counts_nothing() -> None:
    """It is a number there, with which one multiplies."""
    assert "holds" not in verdicts(STEP + r"\[ n = 2, \quad E = \frac{1}{2} e_1^2(n) \]")[3:]


@pytest.mark.parametrize(
    ("line", "verdict"),
    [
        (r"\[ w_{11}(new) = 0.0810683 + 0.25 = 0.331068 \]", "holds"),
        (r"\[ w_{11}(new) = 0.0810683 + w_{11}(old) = 0.0810683 + 0.25 = 0.331068 \]", "holds"),
        (r"\[ w_{11}(\text{new}) = w_{11}(\text{old}) + 0.0810683 = 0.331068 \]", "holds"),
        (r"\[ w_{11}(new) = w_{11}(old) - 0.0810683 = 0.168932 \]", "wrong"),
        (r"\[ w_{11}(new) = 0.25 \]", "wrong"),
        (r"\[ w_{11}(old) = 0.331068 \]", "wrong"),
    ],
)
def test_words_in_brackets(line: str, verdict: str) -> None:
    assert (set(verdicts(line)) == {"holds"}) if verdict == "holds" else (verdict in verdicts(line))
