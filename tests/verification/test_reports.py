"""Reports: the student's own line with a caret, the cause, the other formats; what is shown, and what with --hints."""

from __future__ import annotations

import csv
import io
import json
import re
import subprocess
from pathlib import Path

import pytest

from derive.api import load
from derive.verification import marks
from derive.verification.examine import Examiner
from derive.verification.reading import TextKind, kind_of
from derive.verification.reports import REPORTS, Report
from derive.verification.reports.lines import MAX_WIDTH, FileLines, columns
from tests.support.marked_language import LANGUAGE
from tests.support.marked_language import write as write_language
from tests.support.repository import ROOT
from tests.support.tools import need_tool

ARTICLE = load(ROOT / "examples" / "pass_or_fail.toml")
EXAMINER = Examiner(ARTICLE)
STUDENT = ROOT / "examples" / "claims" / "student_pass_or_fail.txt"


def report(
    text: str, kind: TextKind = "text", *, hints: bool = False, color: bool = False, file: str = "a.txt"
) -> Report:
    found = EXAMINER.examine(text, kind, file)
    return Report("pass_or_fail.toml", ARTICLE, (found,), hints=hints, color=color)


def test_the_students_own_line_and_a_caret() -> None:
    """Line, caret under the side that is wrong, cause, expected value; one last line."""
    text = REPORTS["text"](report("  dE/dyhat = -1.92\n  dyhat/dz2_1 = yhat = 0.521\n"))
    lines = text.splitlines()
    assert lines[0] == "a.txt:2: wrong (activation_for_slope)"
    assert lines[1] == "    dyhat/dz2_1 = yhat = 0.521"
    assert lines[2] == "                  ^~~~"
    assert "expected: yhat*(1 - yhat)" in text
    assert "a.txt:2: follows, rightly, from the mistake in line 2" in lines
    assert lines[-1].startswith("a.txt: 1 of 3 claims holds") and lines[-1].endswith("The first mistake is in line 2.")


def test_what_holds_is_not_repeated() -> None:
    """Only the last line."""
    assert REPORTS["text"](report("yhat = 0.521\nt = 1\n")) == "a.txt: All 2 claims hold.\n"


def test_what_cannot_be_read_is_marked_where_it_begins() -> None:
    """The caret stands under the unknown name."""
    lines = REPORTS["text"](report("yhat = 2*foo + 1\n")).splitlines()
    assert lines[0] == "a.txt:1: unreadable"
    assert lines[2].index("^") - 4 == lines[1].index("foo") - 4
    assert "Unknown quantity 'foo'" in lines[3]


def test_the_caret_is_under_the_wrong_side_after_one_that_cannot_be_read() -> None:
    lines = REPORTS["text"](report("E = foo = 5\n")).splitlines()
    wrong = lines.index("a.txt:1: wrong")
    assert lines[wrong + 2].index("^") == lines[wrong + 1].index("5")


def test_hints_show_no_answer() -> None:
    """Neither the expected value nor the sentence that holds it."""
    text = REPORTS["text"](report("dyhat/dz2_1 = yhat = 0.521\n", hints=True))
    assert "expected" not in text and "yhat*(1 - yhat)" not in text
    assert "?" in text


def test_colours() -> None:
    """Only where they are asked for."""
    assert "\x1b[31mwrong\x1b[0m" in REPORTS["text"](report("yhat = 3\n", color=True))
    assert "\x1b" not in REPORTS["text"](report("yhat = 3\n"))


@pytest.mark.parametrize(
    "written", ["yhat = " + "x1 + " * 200 + "foo = 3", "ŷ = y\u0302 + 中 = 3\t= 4", "= " * 3 + "yhat"]
)
def test_long_and_strange_lines(written: str) -> None:
    """A line is cut around what is marked, and the caret stays under it."""
    found = EXAMINER.examine(written + "\n")
    for judgement in found.judgements:
        shown = FileLines(found).shown(judgement)
        assert columns(shown.text) <= MAX_WIDTH + 4
        assert shown.start + 1 <= columns(shown.text) + 1


def test_json_and_csv() -> None:
    """As the contract has them."""
    found = report("yhat = 0.521\nyhat = 0.6\n")
    data = json.loads(REPORTS["json"](found))
    assert list(data) == ["spec", "claims", "summary"]
    assert list(data["claims"][0]) == [
        "file", "line", "claim", "verdict", "holds", "cause", "follows_from", "expected", "hint", "note",
    ]  # fmt: skip
    assert data["summary"] == {"holds": 1, "rounding": 0, "follows": 0, "wrong": 1, "unreadable": 0, "not_read": []}
    rows = list(csv.DictReader(io.StringIO(REPORTS["csv"](found))))
    assert [row["verdict"] for row in rows] == ["holds", "wrong"]
    assert list(rows[0]) == ["file", "line", "claim", "verdict", "holds", "cause", "follows_from", "expected"]


def test_markdown_quotes_safely() -> None:
    """Backticks, bars and dollars of a student stay what they are."""
    text = REPORTS["markdown"](report("yhat = `3` = ```\n", file="a|b.txt"))
    assert "\n````\nyhat = `3` = ```\n" in text
    assert "a\\|b.txt" in text


@pytest.mark.tool
@pytest.mark.parametrize("path", [STUDENT, ROOT / "examples" / "claims" / "student_mazur.tex"], ids=lambda p: p.name)
def test_margin_compiles(path: Path, tmp_path: Path) -> None:
    """The derivation with marks in the margin is a LaTeX document without complaints."""
    network = ARTICLE if "pass" in path.name else load(ROOT / "examples" / "mazur.toml")
    text = path.read_text(encoding="utf-8") + "\nyhat = \\input{x} & % $ # 5 \u202e ŷ 中\n"
    found = Examiner(network).examine(text, kind_of(path.name), path.name)
    (tmp_path / "margin.tex").write_text(REPORTS["latex"](Report(path.name, network, (found,))), encoding="utf-8")
    command = [need_tool("pdflatex"), "-interaction=nonstopmode", "-halt-on-error", "margin.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout[-2000:]
    assert "Overfull" not in done.stdout


@pytest.mark.parametrize("to", ["text", "markdown", "latex"])
def test_a_report_in_another_language(to: str, tmp_path: Path) -> None:
    """Its own words come from the wording; claims, and what is expected of them, stay as claims are written."""
    folder = write_language(tmp_path)
    files = tuple(
        EXAMINER.examine(text, "text", name)
        for name, text in (("a.txt", "yhat = 0.3\n"), ("b.txt", "dyhat/dz2_1 = yhat = 0.521\ndelta2_1 = 2\n"))
    )
    (tmp_path / "marks.toml").write_text("yhat = 1\ndelta2_1 = 2\n", encoding="utf-8")
    scheme = marks.read(tmp_path / "marks.toml", ARTICLE)
    marked = tuple(marks.marked(scheme, each.judgements, ARTICLE.names) for each in files)
    text = REPORTS[to](Report("s.toml", ARTICLE, files, marked, templates=(folder,), language=LANGUAGE))
    english = REPORTS[to](Report("s.toml", ARTICLE, files, marked))
    assert set(re.findall(r"[a-z]{3,}", text)) < set(re.findall(r"[a-z]{3,}", english))
    for word in ("expected", "wrong", "holds", "claims", "Line", "file", "activation itself", "follow"):
        assert not re.search(rf"(?<![\\\w]){word}(?![\w.])", text), word
    assert "0.5209" in text
