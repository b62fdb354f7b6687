"""pandoc reads every formula and figure of the committed Markdown documents, to the web and to a word processor."""

from __future__ import annotations

import re
import shutil
import subprocess
import zipfile
from pathlib import Path

import pytest

from tests.support.repository import ROOT
from tests.support.tools import need_tool

DOCUMENTS = [ROOT / "README.md", *sorted((ROOT / "output").rglob("*.md"))]


FIGURE = re.compile(r"^!\[.*\]\((.+\.svg)\)$", re.MULTILINE)
NO_PICTURES = re.compile(r"\[WARNING\] Could not convert image .*\.svg: .*rsvg-convert")
"""The drawing arrives, but no picture of it for old word processors: that is made by a tool that may be missing."""


def warnings(text: str, to: list[str], folder: Path = ROOT) -> list[str]:
    """What pandoc could not convert, of a document in a folder."""
    ran = subprocess.run(
        [need_tool("pandoc"), "-f", "markdown", *to], input=text.encode(), capture_output=True, check=True, cwd=folder
    )
    missing = shutil.which("rsvg-convert") is None
    said = [line for line in ran.stderr.decode().splitlines() if "WARNING" in line]
    return [line for line in said if not (missing and NO_PICTURES.match(line))]


@pytest.mark.tool
def test_the_check_notices_what_pandoc_cannot_read(tmp_path: Path) -> None:
    """A test of the test."""
    assert warnings(r"$\unknown{x}$", ["-t", "html", "--mathml"])
    assert warnings("![x](nowhere.svg)", ["-t", "docx", "-o", str(tmp_path / "notes.docx")])


@pytest.mark.tool
@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: str(path.relative_to(ROOT)))
def test_the_committed_documents(path: Path, tmp_path: Path) -> None:
    text = path.read_text("utf-8")
    assert warnings(text, ["-t", "html", "--mathml"], path.parent) == []
    word = tmp_path / "notes.docx"
    assert warnings(text, ["-t", "docx", "-o", str(word)], path.parent) == []
    drawings = sorted((path.parent / name).read_bytes() for name in FIGURE.findall(text))
    with zipfile.ZipFile(word) as parts:
        arrived = sorted(parts.read(name) for name in parts.namelist() if name.endswith(".svg"))
    assert arrived == drawings
