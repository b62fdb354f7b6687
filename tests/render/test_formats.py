"""Text in each format is literal; formulas are not touched."""

from __future__ import annotations

import string
import subprocess
from pathlib import Path

import pytest

from derive.render.formats import FORMATS
from derive.words.escape import latex_text, markdown_math, markdown_start, markdown_text, tex_reason
from tests.support.tools import need_tool

NASTY = [
    string.punctuation,
    "--- -- ... :: ?` !` ,, '' `` << >>",
    "# no heading {#id .class}",
    "![no](image) <b>no html</b> &copy; @cite [^1]",
    "_no_ *emphasis* **here** ~~or~~ a_b_c",
    "αβγ ≈ ½ x² H₂O ŷ naïve Łódź ấ 中文 🎉",
]


@pytest.mark.parametrize("text", NASTY)
def test_markdown_escapes_can_be_taken_back(text: str) -> None:
    escaped = markdown_text(text)
    rest = iter(escaped)
    assert "".join(next(rest) if character == "\\" else character for character in rest) == text


@pytest.mark.parametrize("text", NASTY[:-1])
def test_latex_has_no_bare_specials(text: str) -> None:
    escaped = latex_text(text)
    for special in "$&#%_":
        assert escaped.count(special) == escaped.count("\\" + special)


@pytest.mark.parametrize(
    ("before", "after"),
    [("- x", r"\- x"), ("12. x", r"12\. x"), ("3) x", r"3\) x"), ("x - y", "x - y"), ("-5", r"\-5"), ("", "")],
)
def test_starts_of_paragraphs(before: str, after: str) -> None:
    assert markdown_start(before) == after


def test_formulas_have_no_bars_in_tables() -> None:
    assert markdown_math(r"|x| + \lvert y \rvert") == r"\vert x\vert + \lvert y \rvert"


def test_reasons_are_plain_words() -> None:
    assert tex_reason("a $b$ {c} | d_e") == "a  b   c    d e"


def test_every_format_has_a_folder_of_templates() -> None:
    templates = Path(__file__).resolve().parents[2] / "templates"
    kinds = {path.name for path in (templates / "markdown").glob("*.j2")} - {"figure.j2"}
    of_claims = {"marked.j2", "class.j2"}
    for name, entry in FORMATS.items():
        found = {path.name for path in (templates / name).glob("*.j2")} - of_claims
        drawn = {"figure.j2"} if entry.draw is not None else set()
        assert entry.structured or found in ({"document.j2"}, kinds | drawn)


@pytest.mark.tool
@pytest.mark.parametrize("engine", ["pdflatex", "lualatex"])
def test_a_real_tex_prints_all_of_it(engine: str, tmp_path: Path) -> None:
    need_tool(engine)
    document = (Path(__file__).resolve().parents[2] / "output" / "mazur.tex").read_text("utf-8")
    preamble = document[: document.index(r"\title")]
    body = "\n\n".join(map(latex_text, NASTY))
    (tmp_path / "t.tex").write_text(f"{preamble}\\begin{{document}}\n{body}\n\\end{{document}}\n", encoding="utf-8")
    subprocess.run([engine, "-interaction=nonstopmode", "t.tex"], cwd=tmp_path, capture_output=True, check=True)
    assert "Missing character" not in (tmp_path / "t.log").read_text(encoding="utf-8", errors="replace")
