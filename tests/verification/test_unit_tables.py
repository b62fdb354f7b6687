"""Tables with a row for each unit, below heads in letters: with the right number and with a wrong one."""

from __future__ import annotations

from math import exp

import pytest

from derive import loads
from derive.verification.examine import Examiner
from derive.verification.reading import TextKind

NETWORK = Examiner(
    loads(
        """
[network]
inputs = 2
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.2, 0.3], [0.4, 0.1]]
biases = [0.25, 0.25]
[[network.layers]]
units = 2
activation = "sigmoid"
weights = [[0.5, 0.35], [0.6, 0.7]]
biases = [0.4, 0.4]
[[data]]
x = [0.1, 0.2]
t = [0.2, 0.9]
[training]
learning_rate = 0.5
"""
    )
)


def sigmoid(z: float) -> float:
    return 1 / (1 + exp(-z))


def numbers() -> dict[str, float]:
    """The network's numbers, by formulas of their own."""
    h = sigmoid(0.2 * 0.1 + 0.3 * 0.2 + 0.25), sigmoid(0.4 * 0.1 + 0.1 * 0.2 + 0.25)
    net = 0.5 * h[0] + 0.35 * h[1] + 0.4, 0.6 * h[0] + 0.7 * h[1] + 0.4
    o = sigmoid(net[0]), sigmoid(net[1])
    delta = [(o[k] - (0.2, 0.9)[k]) * o[k] * (1 - o[k]) for k in (0, 1)]
    back = (delta[0] * 0.5 + delta[1] * 0.6) * h[0] * (1 - h[0])
    return {
        "net1": net[0], "net2": net[1], "o1": o[0], "o2": o[1], "h1": h[0], "e1": o[0] - 0.2, "e2": o[1] - 0.9,
        "s1": o[0] * (1 - o[0]), "s2": o[1] * (1 - o[1]), "d1": delta[0], "d2": delta[1], "dh": back,
    }  # fmt: skip


def verdicts(text: str, kind: TextKind) -> tuple[str, ...]:
    found = NETWORK.examine(text, kind)
    assert not found.not_read, text
    return tuple(judgement.verdict for judgement in found.judgements)


TABLES: list[tuple[TextKind, str, str]] = [
    ("markdown", "| unit | net | out |\n|---|---|---|\n| $o_1$ | {net1} | {o1} |\n| $o_2$ | {net2} | {o2} |", "net2"),
    ("markdown", "| unit | net | out |\n|---|---|---|\n| $o_1$ | {net1} | {o1} |\n| $o_2$ | {net2} | {o2} |", "o1"),
    ("markdown", "| unit | net | out |\n|---|---|---|\n| $h_1$ | $0.02 + 0.06 + 0.25 = 0.33$ | {h1} |", "h1"),
    ("markdown", "| unit | net | out |\n|---|---|---|\n| $h_1$ | $0.02 + 0.06 + 0.25$ | $\\sigma(0.33) = {h1}$ |", "h1"),
    ("markdown", "| | z | a |\n|---|---|---|\n| o1 | {net1} | {o1} |", "net1"),
    ("markdown", "| neuron | $net_j$ | $out_j$ |\n|---|---|---|\n| o1 | {net1} | {o1} |", "net1"),
    ("markdown", "| unit | $o - t$ | $o(1-o)$ | $\\delta$ |\n|---|---|---|---|\n| $o_2$ | {e2} | {s2} | {d2} |", "e2"),
    ("markdown", "| unit | $o - t$ | $o(1-o)$ | $\\delta$ |\n|---|---|---|---|\n| $o_2$ | {e2} | {s2} | {d2} |", "s2"),
    ("markdown", "| unit | $o - t$ | $o(1-o)$ | $\\delta$ |\n|---|---|---|---|\n| $o_2$ | {e2} | {s2} | {d2} |", "d2"),
    ("markdown", "| unit | $\\hat y - y$ | $f'(net)$ |\n|---|---|---|\n| $o_1$ | {e1} | {s1} |", "e1"),
    ("markdown", "| unit | $\\delta = (o-t)\\,o(1-o)$ |\n|---|---|\n| $o_1$ | {d1} |\n| $o_2$ | {d2} |", "d1"),
    ("markdown", "| unit | delta | value |\n|---|---|---|\n| $h_1$ | {dh} | {h1} |", "dh"),
    ("markdown", "| unit | delta | value |\n|---|---|---|\n| $h_1$ | {dh} | {h1} |", "h1"),
    ("latex", "\\begin{{tabular}}{{lrr}}\nunit & $o - t$ & $\\delta$ \\\\ \\hline\n$o_1$ & {e1} & {d1} \\\\\n\\end{{tabular}}", "d1"),
    ("latex", "\\begin{{tabular}}{{lrr}}\nunit & net & out \\\\ \\hline\n$o_1$ & {net1} & {o1} \\\\\n\\end{{tabular}}", "net1"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "table", "spoilt"), TABLES)
def test_numbers_stand_for_the_unit_of_their_row(kind: TextKind, table: str, spoilt: str) -> None:
    right = numbers()
    found = verdicts(table.format(**{name: f"{value:.6f}" for name, value in right.items()}), kind)
    assert set(found) <= {"holds", "rounding"}
    wrong = right | {spoilt: right[spoilt] + 0.1}
    found = verdicts(table.format(**{name: f"{value:.6f}" for name, value in wrong.items()}), kind)
    assert "wrong" in found
    assert "unreadable" not in found


def test_a_calculation_in_a_cell_is_that_of_its_unit() -> None:
    table = "| unit | net | out |\n|---|---|---|\n| $h_1$ | $0.02 + 0.06 + 0.4 = 0.48$ | 0.617748 |"
    assert "wrong" in verdicts(table, "markdown")


def test_a_head_that_is_not_known_is_not_passed_over() -> None:
    table = "| unit | net | $\\kappa$ |\n|---|---|---|\n| $h_1$ | 0.33 | 0.58 |"
    assert verdicts(table, "markdown") == ("holds", "unreadable")


FUNCTIONS = ["\\sigma(net_{o_1})", "\\sigma(\\mathrm{net}_{o1})", "f(net_{o_1})"]


@pytest.mark.parametrize("called", FUNCTIONS)
def test_an_argument_is_no_remark(called: str) -> None:
    right = numbers()["o1"]
    assert set(verdicts(f"$out_{{o_1}} = {called} = {right:.6f}$", "latex")) == {"holds"}
    assert "wrong" in verdicts(f"$out_{{o_1}} = {called} = {right + 0.01:.6f}$", "latex")
    assert "wrong" in verdicts(f"$out_{{o_2}} = {called} = {right:.6f}$", "latex")
