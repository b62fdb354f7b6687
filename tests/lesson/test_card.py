"""The card: the example on one page, whose every line is one of the example's own."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Literal

import pytest

from derive.api import loads
from derive.cli import main
from derive.errors import DeriveError
from derive.lesson.parts.card import CARD_ROWS
from derive.network import Network
from derive.results import derive
from derive.verification.examine import Examiner
from tests.support.lesson.documents import notes
from tests.support.random_specs import convolutional, graph, layered
from tests.support.repository import ROOT

pytestmark = pytest.mark.usefixtures("one_proof")

EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))
MAKERS = {"layered": layered, "graph": graph, "convolutional": convolutional}
MAX_LINES = 26


def check(network: Network, to: Literal["markdown", "latex"]) -> None:
    """Every formula of the card is read and holds; there are few lines, and one table."""
    found = Examiner(network).examine(notes(network, to=to, card=True), to)
    assert [(j.claim, j.verdict) for j in found.judgements if not j.holds] == []
    assert len(found.judgements) > 5
    (section,) = json.loads(notes(network, to="json", card=True))["sections"]
    kinds = [block["kind"] for block in section["blocks"]]
    assert kinds.count("table") == kinds.count("display") == 1
    sizes = {block["kind"]: len(block.get("rows", ())) for block in section["blocks"]}
    assert sizes["table"] <= CARD_ROWS
    assert sizes["display"] <= MAX_LINES


@pytest.mark.parametrize(("number", "path"), list(enumerate(EXAMPLES)), ids=lambda one: getattr(one, "stem", ""))
def test_examples(number: int, path: Path) -> None:
    check(loads(path.read_text("utf-8")), "latex" if number % 2 else "markdown")


@pytest.mark.parametrize("seed", [4, 9])
@pytest.mark.parametrize("kind", MAKERS)
def test_random_networks(kind: str, seed: int) -> None:
    check(loads(MAKERS[kind](seed)), "latex")


@pytest.mark.many
@pytest.mark.parametrize("seed", range(200, 240))
@pytest.mark.parametrize("kind", MAKERS)
def test_many_random_networks(kind: str, seed: int) -> None:
    try:
        check(loads(MAKERS[kind](seed)), "markdown")
    except DeriveError as error:
        pytest.skip(f"this network has no document: {error.problem}")


def test_it_is_asked_for(tmp_path: Path) -> None:
    spec = ROOT / "examples" / "pass_or_fail.toml"
    assert main(["notes", str(spec), "--card", "-o", str(tmp_path / "notes.md")]) == 0
    written = (tmp_path / "notes.md").read_text("utf-8")
    assert written == derive(loads(spec.read_text("utf-8"))).notes(card=True)
    assert "Backward pass" not in written
    assert "Check yourself" not in written
