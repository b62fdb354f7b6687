"""pandoc reads every formula of the committed Markdown documents, to the web and to a word processor."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.support.repository import ROOT
from tests.support.tools import need_tool

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "output").rglob("*.md"))]


def warnings(text: str, to: list[str]) -> list[str]:
    """What pandoc could not convert."""
    ran = subprocess.run(
        [need_tool("pandoc"), "-f", "markdown", *to], input=text.encode(), capture_output=True, check=True
    )
    return [line for line in ran.stderr.decode().splitlines() if "WARNING" in line]


@pytest.mark.tool
def test_the_check_notices_what_pandoc_cannot_read() -> None:
    """A test of the test."""
    assert warnings(r"$\unknown{x}$", ["-t", "html", "--mathml"])


@pytest.mark.tool
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_committed_documents(path: Path, tmp_path: Path) -> None:
    text = path.read_text("utf-8")
    assert warnings(text, ["-t", "html", "--mathml"]) == []
    assert warnings(text, ["-t", "docx", "-o", str(tmp_path / "notes.docx")]) == []
