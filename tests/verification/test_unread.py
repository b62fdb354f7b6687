"""Nothing is passed over in silence: a line with a quantity's name and a number is judged, or it is named."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import derive
from derive.cli import main
from derive.network import build
from derive.specification import load, loads
from derive.verification import marks
from derive.verification.examine import Examiner
from derive.verification.reading import TextKind
from derive.verification.reports import REPORTS, Report
from tests.support.repository import ROOT
from tests.verification.test_updates import HOMEWORK

NETWORK = build(loads(HOMEWORK, "homework.toml"))
EXAMINER = Examiner(NETWORK)
GRAPH = Examiner(build(load(ROOT / "examples" / "three_inputs.toml")))


def not_read(text: str, kind: TextKind = "text") -> tuple[int, ...]:
    """The lines that were not read, after a line that is."""
    first = {"text": "t = 1", "markdown": "$t = 1$", "latex": "$t = 1$"}[kind]
    return EXAMINER.examine(f"{first}\n{text}", kind).not_read


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("we get 55 for the slope", "text"),
        ("z1_1 1.2", "text"),
        ("dw1_12 -0.0886", "text"),
        ("δ2_1 comes to -0.41", "text"),
        ("the output is 1", "text"),
        ("The new weights are 0.63 and -0.47", "text"),
        ("delta2_1 > 0", "text"),
        ("E → 0", "text"),
        ("h1 1.2 0.7685", "text"),
        ("2) dE/db2_1 yields -0.4148", "text"),
        (r"then $\delta^{2}_{1}$ comes to $-0.4$", "markdown"),
        (r"$w^{2}_{11}$ & 0.6 & 0.63 \\", "latex"),
        (r"\[ \hat y \quad 0.58 \]", "latex"),
        (r"\verb|z1_1 = 3.5|", "latex"),
    ],
)
def test_a_number_of_a_quantity_is_named(line: str, kind: TextKind) -> None:
    assert not_read(line, kind) == (2,)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("Now we pass backwards.", "text"),
        ("The rest is the same.", "text"),
        ("Homework 4, 12.03.2024", "text"),
        ("Figure 3 shows the loss", "text"),
        ("In step 2 we need dE/dw2_11", "text"),
        ("1. Compute the gradient of the loss", "text"),
        ("2) z1_1", "text"),
        ("There are 2 paths from w1_11 to E.", "text"),
        ("The network has 4 weights and 3 biases.", "text"),
        ("the weights in layers 1 and 2", "text"),
        ("The error of output 1 goes back to unit 2", "text"),
        ("gradient (see equation 3, page 12)", "text"),
        ("x has shape 2 x 1", "text"),
        ("In 2023 the loss was new", "text"),
        ("# yhat 0.5", "text"),
        ("for 3 iterations the loss falls", "text"),
        ("## 3. The gradient of $w^{2}_{11}$", "markdown"),
        (r"The weight $w^{2}_{11}$ reaches the loss by 1 route.", "markdown"),
        (r"$W^{2}$ is $1 \times 2$, $t \in \{0, 1\}$", "markdown"),
        ("![the loss](loss-0.3.png) and <https://example.org/loss/0.5>", "markdown"),
        ("<!-- yhat 0.5 -->", "markdown"),
        ("% yhat 0.5", "latex"),
        (r"\includegraphics[width=0.5\textwidth]{loss3.png}", "latex"),
        (r"the gradient of equation~(3) and \eqref{eq:3} \vspace{0.5cm}", "latex"),
        (r"for any $w^{l}_{jk}$ of layer 2", "latex"),
        (r"\[ w^{l}_{jk} = w^{l}_{jk} - 0.5\, \delta^{l}_{j} \]", "latex"),  # counted as a general formula
    ],
)
def test_what_is_no_claim_is_not_named(line: str, kind: TextKind) -> None:
    assert not_read(line, kind) == ()


def test_lines_of_a_chain_are_read_and_those_beside_it_are_not() -> None:
    text = "z1_1 = w1_11*x1 + w1_12*x2\n     + b1_1\n     = 1.2\nz1_2 0.55\nqq = 3\n"
    found = EXAMINER.examine(text)
    assert found.not_read == (4,)
    assert [judgement.verdict for judgement in found.judgements] == ["holds", "holds", "unreadable"]


def test_rows_of_a_table_stand_under_names() -> None:
    table = (
        "| unit | z | a |\n|---|--:|--:|\n| hidden 1 | 1.2 | 0.7685 |\n| output | 0.344 | 0.5852 |\n\n| page | 3 |\n"
    )
    assert not_read(table, "markdown") == (4,)  # "output" is a unit
    assert not_read(table.replace("unit", "place"), "markdown") == (4, 5)
    tabular = "\\begin{tabular}{lr}\n & $z$ \\\\ \\hline\nhidden 1 & 1.2 \\\\\n\\end{tabular}\npages & 3\n"
    assert not_read(tabular, "latex") == (4,)


def test_code_and_verbatim_text_are_judged() -> None:
    for text, kind in (
        ("```\nz1_1 = 3.5\n```", "markdown"),
        ("\\begin{verbatim}\nz1_1 = 3.5\n\\end{verbatim}", "latex"),
    ):
        found = EXAMINER.examine(f"$t = 1$\n{text}", kind)  # type: ignore[arg-type]
        assert [(one.line, one.verdict) for one in found.judgements] == [(1, "holds"), (3, "wrong")]
        assert found.not_read == ()
    assert not_read("\\begin{comment}\nz1_1 = 3.5\n\\end{comment}", "latex") == ()


def test_the_names_of_a_graph() -> None:
    text = "f = -12\nx goes to 3.4\nthe width is 7\ndg/dx is -4\nI take a 5\n"
    found = GRAPH.examine(text)
    assert found.not_read == (2,)
    assert [(one.line, one.verdict) for one in found.judgements] == [(1, "holds"), (4, "holds")]


TEXT = "E = 0.5358\nwe get 55 for the slope\nyhat = 0.5852\nz1_1 1.2\n"


def report(*texts: str, marked: bool = False) -> Report:
    found = tuple(EXAMINER.examine(text, file=f"{i}.txt") for i, text in enumerate(texts, 1))
    scheme = marks.parsed({"yhat": 2}, NETWORK, "marks.toml")
    points = tuple(marks.marked(scheme, one.judgements, NETWORK.names) for one in found) if marked else ()
    return Report("homework.toml", NETWORK, found, points)


@pytest.mark.parametrize("to", ["text", "markdown", "latex"])
@pytest.mark.parametrize("marked", [False, True])
def test_every_report_ends_with_the_lines(to: str, marked: bool) -> None:
    said = REPORTS[to](report(TEXT, marked=marked)).replace("\\end{document}", "").strip()
    assert said.endswith("not read: lines 2, 4")
    one = REPORTS[to](report("E = 0.5358\nz1_1 1.2\n", marked=marked)).replace("\\end{document}", "").strip()
    assert one.endswith("not read: line 2")
    assert "not read" not in REPORTS[to](report("E = 0.5358\n", marked=marked))


def test_many_lines_are_counted() -> None:
    assert REPORTS["text"](report("E = 0.5358\n" + "z1_1 1.2\n" * 70)).rstrip().endswith("50, 51 and 20 more")


def test_json_and_csv_have_them() -> None:
    assert json.loads(REPORTS["json"](report(TEXT)))["summary"]["not_read"] == [2, 4]
    assert json.loads(REPORTS["json"](report("E = 0.5358")))["summary"]["not_read"] == []
    both = json.loads(REPORTS["json"](report(TEXT, "E = 0.5358", "E = 1\nz1_1 1.2")))
    assert both["summary"]["not_read"] == [2, 4, 2]
    assert both["not_read"] == [{"file": "1.txt", "lines": [2, 4]}, {"file": "3.txt", "lines": [2]}]
    text = TEXT + "dE/dw2_11 = 5\nqq = 3\n"
    row = next(csv.DictReader(io.StringIO(REPORTS["csv"](report(text, marked=True)))))
    first = {"right": "2", "wrong": "1", "follows": "0", "unreadable": "1", "not_read": "2 4", "first_mistake": "5"}
    assert list(row) == ["file", "points", "of", *first, "cause", "yhat"]
    assert {key: row[key] for key in first} == first
    assert (row["points"], row["yhat"]) == ("2", "2")


def test_python_has_them() -> None:
    assert derive.verify(NETWORK, TEXT).not_read == (2, 4)


def test_the_exit_status_does_not_change(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "homework.toml").write_text(HOMEWORK)
    (tmp_path / "claims.txt").write_text(TEXT)
    assert main(["verify", str(tmp_path / "homework.toml"), str(tmp_path / "claims.txt"), "--to", "csv"]) == 0
    assert "not read: lines 2, 4" in capsys.readouterr().err


def test_a_quantity_that_is_not_there_has_an_empty_cell_and_an_unread_one_a_mark() -> None:
    scheme = marks.parsed({"yhat": 2, "z2_1": 1, "E": 1, "delta1": 2}, NETWORK, "marks.toml")
    found = EXAMINER.examine("z2_1 = foo\nE = 5\ndelta1_1 = -0.0443\n")
    marked = marks.marked(scheme, found.judgements, NETWORK.names)
    row = next(csv.DictReader(io.StringIO(REPORTS["csv"](Report("homework.toml", NETWORK, (found,), (marked,))))))
    assert [row[name] for name in ("yhat", "z2_1", "E", "delta1", "points")] == ["", "?", "0", "1", "1"]
