"""Names, how they are worked out, and what comes out, in the cells of a row: right, and with a mistake in one of them."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from derive import load
from derive.verification.examine import Examiner
from derive.verification.reading import TextKind

SPEC = {
    "graph": {
        "output": "L",
        "parameters": ["u", "v", "k"],
        "values": {"u": "1.5", "v": "-2", "k": "0.5"},
        "nodes": {"p": "u*v", "q": "p + k", "r": "p*k", "m": "tanh(r)", "n": "q^2", "L": "n + 3*m"},
    },
    "training": {"learning_rate": "0.05"},
}
TWO_WAYS = Examiner(load(SPEC))
"""p goes into q and into r: ∂L/∂p is a sum over two ways."""


def table_of(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A table of Markdown."""
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, ["---"] * len(head), *rows)) + "\n"


def found(text: str, kind: TextKind = "markdown") -> list[tuple[str, str]]:
    judged = TWO_WAYS.examine(text, kind)
    assert not judged.not_read, text
    return [(one.claim, one.verdict) for one in judged.judgements]


def check(right: str, wrong: str, kind: TextKind = "markdown") -> None:
    """All of the first text holds, and the mistake in the second one is where it is made, and nowhere else."""
    verdicts = [verdict for _, verdict in found(right, kind)]
    assert verdicts
    assert set(verdicts) <= {"holds", "rounding"}, found(right, kind)
    assert [verdict for _, verdict in found(wrong, kind)].count("wrong") == 1, found(wrong, kind)


HEADS = [
    ("derivative", "upstream × local", "result"),
    ("derivative", "upstream $\\times$ local", "result"),
    ("derivative", "local gradient * upstream gradient", "value"),
    ("quantity", "chain rule", "value"),
    ("gradient", "formula", "number"),
    ("", "", ""),
    ("Derivative", "Expression", "Numerical value"),
    ("what", "how", "answer"),
    ("$\\partial L/\\partial\\cdot$", "computation", "gradient"),
    ("name", "working", "="),
    ("", "gradient", "value"),
]
BOTH = r"-5.0 \cdot 1 + 0.5421 \cdot 0.5", "-4.7289"
ONE = r"-5.0 \cdot 1", "-5.0000"


@pytest.mark.parametrize("head", HEADS)
def test_a_derivative_beside_its_working(head: tuple[str, str, str]) -> None:
    right, wrong = (table_of(head, [(r"$\frac{\partial L}{\partial p}$", f"${how}$", it)]) for how, it in (BOTH, ONE))
    check(right, wrong)


@pytest.mark.parametrize("rule", [True, False])
@pytest.mark.parametrize("kind", ["markdown", "text"])
def test_in_plain_letters(kind: TextKind, rule: bool) -> None:
    line = "-----|------|-----\n" if rule else ""
    text = f"Backward:\n\nderivative | upstream*local | result\n{line}dL/dq | 1*2*q | -5.0\ndL/dp | HOW\n"
    check(text.replace("HOW", "-5.0*1 + 0.5421*0.5 | -4.7289"), text.replace("HOW", "-5.0*1 | -5.0"), kind)


def test_a_drawn_table() -> None:
    rule = "+-------+--------------------+---------+\n"
    text = rule + "| name  | formula            | value   |\n" + rule + "| dL/dp | HOW |\n" + rule
    check(text.replace("HOW", "-5.0*1 + 0.5421*0.5 | -4.7289"), text.replace("HOW", "-5.0*1 | -5.0"), "text")


@pytest.mark.parametrize("head", ["derivative & upstream $\\times$ local & result \\\\ \\hline\n", ""])
def test_in_latex(head: str) -> None:
    text = "\\begin{tabular}{lll}\n" + head + "$\\frac{\\partial L}{\\partial p}$ & HOW \\\\\n\\end{tabular}"
    right, wrong = (text.replace("HOW", f"${how}$ & ${it}$") for how, it in (BOTH, ONE))
    check(right, wrong, "latex")


GRADIENTS = [
    ("node", "gradient", "value"),
    ("node", "formula", "gradient"),
    ("with respect to", "formula", "value"),
    ("gradient w.r.t.", "chain rule", "value"),
]


@pytest.mark.parametrize("head", GRADIENTS)
@pytest.mark.parametrize(
    ("name", "right", "wrong"), [("q", "1*2*q | -5.0", "1*q | -2.5"), ("u", "-4.7289*v | 9.4578", "-5*v | 10")]
)
def test_beside_a_name_its_gradient(head: tuple[str, str, str], name: str, right: str, wrong: str) -> None:
    check(*(table_of(head, [(name, *worked.split(" | "))]) for worked in (right, wrong)))


SEVERAL = {
    "with numbers": ("derivative | formula | numbers | result", "dL/dp | dL/dq + dL/dr*k | -5 + 0.5421*0.5 | -4.7289", "dL/dp | dL/dq | -5*1 | -5"),
    "factors": ("derivative | upstream | local | result", "dL/dq | 1 | 2*q | -5", "dL/dq | 1 | q | -2.5"),
    "product": ("derivative | local | upstream | product", "dL/dr | 1 - m^2 | 3 | 0.5421", "dL/dr | 1 - m^2 | 3 | 0.1807"),
    "factors of a node": ("node | local gradient | upstream gradient | gradient", "r | 1 - m^2 | 3 | 0.5421", "r | 1 - m^2 | 3 | 0.1807"),
    "value and gradient": ("node | formula | value | gradient", "m | tanh(r) | -0.9051 | 3", "m | tanh(r) | -0.9051 | 4"),
    "value, local derivative": ("node | formula | value | local derivative", "m | tanh(r) | -0.9051 | 0.1807", "m | tanh(p) | -0.9951 | 0.1807"),
    "new": ("parameter | gradient | result | new", "u | -4.7289*v | 9.4578 | 1.0271", "u | -4.7289*v | 9.4578 | 1.97"),
    "a function": ("node | formula | value", "m | tanh(r) | -0.9051", "m | tanh(p) | -0.9951"),
    "a function, no head": (" | | ", "m | tanh(r) | -0.9051", "m | tanh(p) | -0.9951"),
    "forward": ("node | formula | value", "q | p + k | -2.5", "q | p - k | -3.5"),
    "a local derivative": ("node | local derivative | value", "m | 1 - m^2 | 0.1808", "m | 1 - m^2 | 0.1909"),
}  # fmt: skip


@pytest.mark.parametrize("name", SEVERAL)
def test_several_columns(name: str) -> None:
    head, right, wrong = (row.split(" | ") for row in SEVERAL[name])
    check(table_of(head, [right]), table_of(head, [wrong]))


def test_what_comes_after_a_mistake_follows() -> None:
    rows = [("$\\frac{\\partial L}{\\partial p}$", "$-5.0 \\cdot 1$", "-5.0000"),
            ("$\\frac{\\partial L}{\\partial u}$", "$\\frac{\\partial L}{\\partial p} \\cdot v$", "10.0000")]  # fmt: skip
    text = table_of(("derivative", "upstream × local", "result"), rows)
    verdicts = [verdict for _, verdict in found(text + "\n$u' = 1.5 - 0.05 \\cdot 10 = 1$\n")]
    assert verdicts == ["wrong", "follows", "holds", "follows", "follows", "follows"]


def test_a_formula_with_dots_is_named_and_is_no_value() -> None:
    text = table_of(("$p$", "formula", "value"), [("$u$", r"$\frac{\partial L}{\partial p} v + \cdots + 0$", "9.4578")])
    judged = TWO_WAYS.examine(text, "markdown")
    assert judged.judgements == ()
    assert judged.not_read == (3,)
