"""Where a comma is the sign of decimals a semicolon parts arguments: in documents, and in what is read."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import derive
from derive.render.document import notes
from derive.verification.reading.commas import with_points
from tests.support.repository import ROOT

SPEC = {"graph": {"values": {"x": "0.5", "y": "0.2"}, "nodes": {"f": "max(x, y)", "g": "f*clip(y, 0.1, 0.3)"}},
        "training": {"learning_rate": "0.1"}}  # fmt: skip


@pytest.mark.parametrize(
    ("text", "verdicts"),
    [
        ("f = max(0,5; 0,2) = 0,5", ["holds", "holds"]),
        ("f = max(0,5; 0,2) = 0,6", ["holds", "wrong"]),
        ("f = max(0,2; 0,2) = 0,2", ["wrong", "follows"]),
        ("f = max(x; y) = 0,5", ["holds", "holds"]),
        ("f = max(x; y) = 0,2", ["holds", "wrong"]),
        (r"f = \max\left(0{,}5; 0{,}2\right) = 0{,}5", ["holds", "holds"]),
        ("max(0; 0,5) = 0,5", ["holds"]),
        ("max(0; 0,5) = 0,4", ["wrong"]),
        ("g = 0,5*clip(0,2; 0,1; 0,3) = 0,1", ["holds", "holds"]),
        ("f = max(0.5, 0.2) = 0.5", ["holds", "holds"]),
    ],
)
def test_semicolons_part_arguments(text: str, verdicts: list[str]) -> None:
    assert [claim["verdict"] for claim in derive.verify(derive.load(SPEC), text).claims] == verdicts


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("z = max(0,5; 0,2; 1,0) = 1,0", "z = max(0.5; 0.2; 1.0) = 1.0"),
        ("z = max(0,5) = 5", "z = max(0,5) = 5"),  # two arguments
        ("x_1, x_2 = 1,2", "x_1, x_2 = 1,2"),
    ],
)
def test_which_commas_are_decimal(text: str, points: str) -> None:
    assert with_points(text) == points


@pytest.fixture(scope="module")
def templates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """English words, with numbers as in most of Europe."""
    folder = tmp_path_factory.mktemp("templates")
    wording = folder / "wording" / "xx"
    shutil.copytree(ROOT / "templates" / "wording" / "en", wording)
    numbers = (wording / "numbers.j2").read_text("utf-8")
    (wording / "numbers.j2").write_text(numbers.replace("%}.{%", "%},{%"), "utf-8")
    return folder


@pytest.mark.parametrize("to", ["markdown", "latex"])
def test_a_document_with_decimal_commas_is_read_again(templates: Path, to: str) -> None:
    network = derive.load(SPEC)
    text = notes(network, to=to, templates=templates, language="xx")
    assert r"\max(0{,}5; 0{,}2)" in text.replace(r"\!", "")
    found = derive.verify(network, text, format=to, decimal="comma")
    verdicts = [claim["verdict"] for claim in found.claims]
    assert len(verdicts) > 10
    assert set(verdicts) <= {"holds", "rounding"}
    wrong = derive.verify(network, text.replace("; 0{,}2)", "; 0{,}7)"), format=to, decimal="comma")
    assert "wrong" in {claim["verdict"] for claim in wrong.claims}
