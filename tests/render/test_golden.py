"""The committed documents are what the program writes: every example, in every text format, byte by byte."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from derive import network, specification
from derive.render.document import document
from derive.render.formats import FORMATS

ROOT = Path(__file__).resolve().parents[2]
IMAGE = re.compile(r"!\[.*\]\((.+\.svg)\)")
EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.toml"))


@pytest.mark.parametrize("to", FORMATS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_document(name: str, to: str, request: pytest.FixtureRequest) -> None:
    written = document(network.build(specification.load(ROOT / "examples" / f"{name}.toml")), to=to, name=name)
    files = {f"{name}{FORMATS[to].ending}": written.text.encode(), **written.files}
    if request.config.getoption("--refresh"):
        for file, content in files.items():
            (ROOT / "output" / file).write_bytes(content)
    for file, content in files.items():
        committed = ROOT / "output" / file
        expected = committed.read_bytes() if committed.exists() else b""
        assert expected == content, f"{file} has changed. If that is meant, run: pytest --refresh"


def test_nothing_else_is_committed() -> None:
    """No other documents, and no figure that no document shows."""
    known = {"claims", *(f"{name}{form.ending}" for name in EXAMPLES for form in FORMATS.values())}
    shown = {name for path in (ROOT / "output").glob("*.md") for name in IMAGE.findall(path.read_text("utf-8"))}
    assert {path.name for path in (ROOT / "output").iterdir()} <= known | shown
