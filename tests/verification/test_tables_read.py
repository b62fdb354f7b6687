"""Tables of Markdown and LaTeX, and formulas whose backslashes are lost: each with the right number and with a wrong one."""

from __future__ import annotations

import pytest

from derive import load
from derive.network import Network
from derive.verification.examine import Examiner
from derive.verification.reading import TextKind
from tests.support.repository import ROOT

GRAPH = Examiner(load(str(ROOT / "examples" / "three_inputs.toml")))
LAYERS = Examiner(load(str(ROOT / "examples" / "mazur.toml")))
BATCH = Examiner(load(str(ROOT / "examples" / "xor_batch.toml")))


def verdicts(examiner: Examiner, text: str, kind: TextKind) -> tuple[str, ...]:
    found = examiner.examine(text, kind)
    assert not found.not_read, text
    return tuple(judgement.verdict for judgement in found.judgements)


def check(examiner: Examiner, text: str, kind: TextKind, right: str, wrong: str) -> None:
    """All holds with the right number, and with the wrong one something does not."""
    found = verdicts(examiner, text.replace("NUMBER", right), kind)
    assert found
    assert set(found) <= {"holds", "rounding"}, text
    assert "wrong" in verdicts(examiner, text.replace("NUMBER", wrong), kind), text


LATEX = {
    "booktabs": "\\begin{tabular}{lr}\n\\toprule\nquantity & value \\\\\n\\midrule\n$f$ & $-12$ \\\\\n$g$ & $NUMBER$ \\\\\n\\bottomrule\n\\end{tabular}",
    "lines": "\\begin{tabular}{|l|r|}\n\\hline\n & value \\\\ \\hline\n$f$ & $-12$ \\\\ \\hline\n$g$ & $NUMBER$ \\\\ \\hline\n\\end{tabular}",
    "no head": "\\begin{tabular}{lr}\n$f$ & $-12$ \\\\\n$g$ & $NUMBER$ \\\\\n\\end{tabular}",
    "one line": "\\begin{tabular}{lr} \\hline $f$ & $-12$ \\\\ \\hline $g$ & $NUMBER$ \\\\ \\end{tabular}",
    "title": "\\begin{tabular}{lr}\n\\multicolumn{2}{c}{Forward} \\\\ \\hline\n$f$ & $-12$ \\\\\n$g$ & $NUMBER$ \\\\\n\\end{tabular}",
    "cmidrule": "\\begin{tabular}{lrr}\n & value & gradient \\\\ \\cmidrule(lr){2-3}\n$x$ & 3 & $-4$ \\\\\n$g$ & $NUMBER$ & 1 \\\\\n\\end{tabular}",
    "plain names": "\\begin{tabularx}{\\linewidth}{XX}\nquantity & value \\\\\nf & -12 \\\\\ng & NUMBER\n\\end{tabularx}",
    "names at the head": "\\begin{tabular}{rr}\n$f$ & $g$ \\\\ \\hline\n$-12$ & $NUMBER$ \\\\\n\\end{tabular}",
    "a cell that goes on": "\\begin{tabular}{ll}\n$f = xy$ & $= -12$ \\\\\n$g = f + z$ & $= NUMBER$ \\\\\n\\end{tabular}",
    "spaced": "\\begin{tabular}{lr}\n$f$ & $-12$ \\\\[2pt]\n\\addlinespace\n$g$ & $NUMBER$ \\\\\n\\end{tabular}",
}  # fmt: skip


@pytest.mark.parametrize("name", LATEX)
def test_tables_of_latex(name: str) -> None:
    check(GRAPH, LATEX[name], "latex", "-10", "-11")


MARKDOWN = {
    "names and numbers": ("| quantity | value |\n|---|---|\n| $f$ | $-12$ |\n| `g` | NUMBER |", "-10", "-11"),
    "gradients": ("| | value | gradient |\n|---|---|---|\n| x | 3 | NUMBER |\n| f | -12 | 1 |", "-4", "4"),
    "gradient of a node": ("| | value | gradient |\n|---|---|---|\n| x | 3 | -4 |\n| f | -12 | NUMBER |", "1", "2"),
    "before and after": ("| | before | after |\n|---|---|---|\n| f | -12 | -14.62 |\n| g | -10 | NUMBER |", "-12.72", "-12.5"),
    "old and new": ("| | old | gradient | new |\n|---|---|---|---|\n| x | 3 | -4 | NUMBER |", "3.4", "2.6"),
    "going on": ("| step | worked | result |\n|---|---|---|\n| $g = f + z$ | $= -12 + 2$ | $= NUMBER$ |", "-10", "-11"),
    "in a quotation": ("> | quantity | value |\n> |---|---|\n> | $g$ | $NUMBER$ |", "-10", "-11"),
    "in a list": ("- values:\n\n  | quantity | value |\n  |---|---|\n  | $g$ | $NUMBER$ |", "-10", "-11"),
    "names at the head": ("| f | g |\n|---|---|\n| -12 | NUMBER |", "-10", "-11"),
    "prose behind": ("| it says | it is |\n|---|---|\n| the product | $g = f + z = NUMBER$, the value of $g$. |", "-10", "-11"),
}  # fmt: skip


@pytest.mark.parametrize("name", MARKDOWN)
def test_tables_of_markdown(name: str) -> None:
    text, right, wrong = MARKDOWN[name]
    check(GRAPH, text, "markdown", right, wrong)


WEIGHTS = {
    "inputs": ("| to / from | $i_1$ | $i_2$ | bias |\n|---|---|---|---|\n| $z^1_1$ | 0.15 | NUMBER | 0.35 |", "0.20", "0.25"),
    "other order": ("| to / from | $i_2$ | $i_1$ | bias |\n|---|---|---|---|\n| $z^1_1$ | NUMBER | 0.15 | 0.35 |", "0.20", "0.15"),
    "units": ("| to / from | $h_1$ | $h_2$ | bias |\n|---|---|---|---|\n| $z^2_1$ | 0.40 | NUMBER | 0.60 |", "0.45", "0.50"),
    "gradients": ("| $\\partial E / \\partial p$ to / from | $h_1$ | $h_2$ | bias |\n|---|---|---|---|\n| $z^2_1$ | NUMBER | 0.08267 | 0.1004 |", "0.08217", "0.08267"),
    "a bias": ("| to / from | $h_1$ | $h_2$ | bias |\n|---|---|---|---|\n| $z^2_1$ | 0.40 | 0.45 | NUMBER |", "0.60", "0.61"),
}  # fmt: skip


@pytest.mark.parametrize("name", WEIGHTS)
def test_tables_of_weights(name: str) -> None:
    text, right, wrong = WEIGHTS[name]
    check(LAYERS, text, "markdown", right, wrong)


@pytest.mark.parametrize(
    ("row", "right", "wrong"),
    [
        ("| $w^2_{12}$ | $\\delta^2_1 a^1_2$ | 4 | NUMBER | 12 | 30 | 14.5 |", "12", "4"),
        ("| $w^2_{12}$ | $\\delta^2_1 a^1_2$ | 4 | 12 | 12 | 30 | NUMBER |", "14.5", "58"),
    ],
)
def test_a_column_a_sample(row: str, right: str, wrong: str) -> None:
    head = "| $p$ | formula | sample 1 | sample 2 | sample 3 | sample 4 | batch |\n|---|---|---|---|---|---|---|\n"
    check(BATCH, head + row, "markdown", right, wrong)


CHAT = {
    "display": "Here:\n\n[\nf = x \\cdot y = NUMBER\n]\n",
    "in one line": "Here:\n\n[ f = x \\cdot y = NUMBER ]\n",
    "display and inline": "[\nf = -12\n]\n\nso the product (f = x y = NUMBER) is done.",
    "inline only": "First, the product (f = x \\cdot y = NUMBER), then go on.",
    "alone in its line": "First the product: ( f = x \\cdot y = NUMBER )\n",
    "fraction": "and ( f = \\frac{x y}{1} = NUMBER ).",
    "aligned": "[\n\\begin{aligned}\nf &= x y \\\\\n&= NUMBER\n\\end{aligned}\n]",
    "half of a line break": "[\n\\begin{aligned}\nf &= x y \\\n&= NUMBER\n\\end{aligned}\n]",
    "list": "1. Forward:\n   [\n   f = x y = NUMBER\n   ]\n2. Backward.",
    "bullet": "* product: (f = x y = NUMBER)\n* other",
    "bold": "**Step 1:** (f = x y = NUMBER)",
    "boxed": "[\n\\boxed{f = x y = NUMBER}\n]",
    "words": "[\n\\text{so } f = x y = NUMBER\n]",
    "quotation": "> [\n> f = x y = NUMBER\n> ]",
    "brackets in brackets": "( f = (3)(-4) = NUMBER )",
    "two in a line": "We have ( f = xy ) and ( f = NUMBER ).",
}


@pytest.mark.parametrize("kind", ["markdown", "text"])
@pytest.mark.parametrize("name", CHAT)
def test_lost_backslashes(name: str, kind: TextKind) -> None:
    check(GRAPH, CHAT[name], kind, "-12", "-13")


@pytest.mark.parametrize(
    "text",
    [
        "$f = -12$ (as before, x = 3 holds)",
        "$f = -12$ (with the option relu_at_zero = 1)",
        "$f = (x)(y) = -12$",
        "`call(x = 3)` gives $f = -12$",
        "[link](a.html?x=3) $f = -12$",
        "[ ] $f = -12$",
    ],
)
def test_other_brackets_hold_no_formula(text: str) -> None:
    assert set(verdicts(GRAPH, text, "markdown")) == {"holds"}


NAMED = ("E is 3", "the loss becomes 3", "E: from 0.3 we get 0.2", "E > 3", "E 0.2 0.3", "we find 0.3 for the gradient")
PROSE = (
    "$2$ weights and $44$ derivatives. The loss was compared with it.",
    "The loss is small. There are $4$ steps.",
    "The gradient of $E$ by itself is 1:",
    "The identity has the derivative 1.",
    "The kernel has 3 taps at tap 2 of filter 1.",
)


def test_prose_is_not_named() -> None:
    network: Network = LAYERS.network
    assert network.has_loss
    for line in PROSE:
        assert LAYERS.examine(f"$E = 0.298371$\n\n{line}", "markdown").not_read == (), line
    for line in NAMED:
        found = LAYERS.examine(f"$E = 0.298371$\n\n{line}", "markdown")
        assert found.not_read == (3,) or [j.line for j in found.judgements][-1] == 3, line
