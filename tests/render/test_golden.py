"""The committed documents are what the program writes: every example, in every text format, byte by byte."""

from __future__ import annotations

from pathlib import Path

import pytest

from derive import network, specification
from derive.render.document import notes
from derive.render.formats import FORMATS

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.toml"))


@pytest.mark.parametrize("to", FORMATS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_document(name: str, to: str, request: pytest.FixtureRequest) -> None:
    committed = ROOT / "output" / f"{name}{FORMATS[to].ending}"
    written = notes(network.build(specification.load(ROOT / "examples" / f"{name}.toml")), to=to).encode()
    if request.config.getoption("--refresh"):
        committed.parent.mkdir(exist_ok=True)
        committed.write_bytes(written)
    expected = committed.read_bytes() if committed.exists() else b""
    assert expected == written, f"{committed.name} has changed. If that is meant, run: pytest --refresh"


def test_nothing_else_is_committed() -> None:
    known = {"claims", *(f"{name}{form.ending}" for name in EXAMPLES for form in FORMATS.values())}
    assert {path.name for path in (ROOT / "output").iterdir()} <= known
