"""Where a share of work ends, verdicts stay right, and the report says what was not looked for."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

import derive as library
from derive.verification.points import share
from derive.verification.reading import reader
from tests.support.program import Ran
from tests.support.repository import ROOT

SPEC = ROOT / "examples" / "pass_or_fail.toml"
CAUSE = "No cause was looked for: the file is too much work for that."
FOLLOWED = "Whether it follows from an earlier mistake was not looked at: the file is too much work for that."


def verdicts(text: str) -> list[tuple[str, object]]:
    """The verdicts on a text, with their notes."""
    found = library.verify(library.load(str(SPEC)), text)
    return [(claim["verdict"], claim["note"]) for claim in found.claims]


def test_without_causes(monkeypatch: pytest.MonkeyPatch) -> None:
    """A wrong line is wrong, its cause unknown, and it says so; one that is found right says nothing."""
    before = library.verify(library.load(str(SPEC)), "yhat = 0.521\ndE/dw2_1_1 = 0.4047\n").claims
    assert [claim["cause"] for claim in before] == [None, "sign_lost"]
    monkeypatch.setattr(share, "MAX_TRIED", 0)
    after = library.verify(library.load(str(SPEC)), "yhat = 0.521\ndE/dw2_1_1 = 0.4047\n").claims
    assert [claim["verdict"] for claim in after] == [claim["verdict"] for claim in before] == ["holds", "wrong"]
    assert [claim["cause"] for claim in after] == [None, None]
    assert [claim["note"] for claim in after] == [None, CAUSE]


def test_without_following(monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that follows is wrong where it is not looked at, and says that."""
    text = "z2_1 = 0.9\nyhat = 0.7109\n"
    assert [verdict for verdict, _ in verdicts(text)] == ["wrong", "follows"]
    monkeypatch.setattr(share, "MAX_FOLLOWED", 0)
    (first, note), (second, other) = verdicts(text)
    assert (first, second) == ("wrong", "wrong")
    assert FOLLOWED not in str(note)
    assert FOLLOWED in str(other)


def test_too_much_to_judge(monkeypatch: pytest.MonkeyPatch) -> None:
    """What comes first is judged, the rest is said to be too large, and nothing is wrong because of it."""
    monkeypatch.setattr(share, "MAX_JUDGED", 500)
    found = [verdict for verdict, _ in verdicts("yhat = 0.521\n" * 20)]
    assert found[0] == "holds"
    assert set(found) == {"holds", "unreadable"}
    assert found == sorted(found)


def test_too_much_to_read(monkeypatch: pytest.MonkeyPatch) -> None:
    """Reading stops with one claim that says so."""
    monkeypatch.setattr(reader, "MAX_TOKENS", 20)
    found = library.verify(library.load(str(SPEC)), "yhat = 0.521\n" * 20).claims
    *read, last = (claim["verdict"] for claim in found)
    assert set(read) == {"holds"}
    assert last == "unreadable"
    assert 3 <= len(read) <= 6


@pytest.mark.parametrize("to", ["text", "markdown", "latex"])
def test_reports_say_so(to: str, derive: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Beside the wrong line, in every report for people."""
    monkeypatch.setattr(share, "MAX_TRIED", 0)
    (tmp_path / "mine.txt").write_text("dE/dw2_1_1 = 0.4047\n", encoding="utf-8")
    ran = derive("verify", SPEC, "mine.txt", "--to", to)
    assert ran.status == 1
    assert "No cause was looked for" in " ".join(ran.out.split())


def test_json_has_it_as_a_note(derive: Callable[..., Ran], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And the CSV report keeps its columns."""
    monkeypatch.setattr(share, "MAX_TRIED", 0)
    (tmp_path / "mine.txt").write_text("dE/dw2_1_1 = 0.4047\n", encoding="utf-8")
    claim = json.loads(derive("verify", SPEC, "mine.txt", "--to", "json").out)["claims"][0]
    assert claim["note"] == CAUSE
    assert derive("verify", SPEC, "mine.txt", "--to", "csv").out.splitlines()[0].count(",") == 7
