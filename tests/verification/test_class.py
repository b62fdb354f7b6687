"""A class: many derivations at once, a row each, the commonest causes, and nobody is stopped by somebody's file."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from derive.cli import main
from tests.support.repository import ROOT

SPEC = str(ROOT / "examples" / "three_inputs.toml")
FILES: dict[str, bytes] = {
    "right.txt": b"f = x*y = -12\ndg/dx = y = -4\nx' = 3 - 0.1*(-4) = 3.4\n",
    "own.txt": b"f = x*y = -12\ndg/dx = x = 3\nx' = 3 - 0.1*3 = 2.7\n",
    "own_too.md": b"First $f = xy = -12$, then $dg/dx = x = 3$.\n",
    "plus.tex": rb"\[ \frac{\partial g}{\partial x} = -4 \] \[ x' = 3 + 0.1 \cdot (-4) = 2.6 \]",
    "image.txt": bytes(range(128, 256)),
    "empty.txt": b"",
    "prose.txt": b"I was ill.\n",
}
MARKS = b'[marks]\n"dg/dx" = 2\n"x\'" = 1\nfollow_through = 0.5\n'

Verify = Callable[..., tuple[int, str, str]]


@pytest.fixture
def verify(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Verify:
    """Run the command on all files, one of which is not there."""
    monkeypatch.chdir(tmp_path)
    for name, data in (*FILES.items(), ("marks.toml", MARKS)):
        (tmp_path / name).write_bytes(data)

    def command(*options: str) -> tuple[int, str, str]:
        status = main(["verify", SPEC, *FILES, "away.txt", "--marks", "marks.toml", *options])
        said = capsys.readouterr()
        return status, said.out, said.err

    return command


def test_a_row_each(verify: Verify) -> None:
    status, out, err = verify("--to", "csv")
    rows = [tuple(row.values()) for row in csv.DictReader(io.StringIO(out))]
    assert status == 1
    assert out.splitlines()[0] == "file,points,of,right,wrong,follows,unreadable,not_read,first_mistake,cause,dg/dx,x'"
    assert rows == [
        ("right.txt", "3", "3", "6", "0", "0", "0", "", "", "", "2", "1"),
        ("own.txt", "0.5", "3", "2", "1", "3", "0", "", "2", "own_factor", "0", "0.5"),
        ("own_too.md", "0", "3", "2", "1", "1", "0", "", "1", "own_factor", "0", ""),
        ("plus.tex", "2", "3", "1", "1", "1", "0", "", "1", "plus_in_update", "2", "0"),
        *(
            (name, "0", "3", "0", "0", "0", "0", *[""] * 5)
            for name in ("image.txt", "empty.txt", "prose.txt", "away.txt")
        ),
    ]
    for name in ("image.txt", "empty.txt", "prose.txt", "away.txt"):
        assert f"derive: {name}: " in err


def test_the_commonest_causes(verify: Verify) -> None:
    _, out, _ = verify()
    assert out.endswith(
        "The commonest causes:\n  own_factor: 2 of 8 files, 2 lines\n  plus_in_update: 1 of 8 files, 1 line\n"
    )
    assert "own.txt: 2 of 6 claims hold: 3 follow" in out
    assert "0.5 of 3 points" in out


def test_markdown_and_json_have_every_file(verify: Verify) -> None:
    _, out, _ = verify("--to", "markdown")
    assert all(f"## {name}" in out.replace("\\_", "_") for name in FILES)
    assert "- `own_factor`: 2 of 8 files, 2 lines" in out
    _, out, _ = verify("--to", "json")
    data = json.loads(out)
    assert {claim["file"] for claim in data["claims"]} == set(list(FILES)[:4])
    assert [unread["file"] for unread in data["unread"]] == ["image.txt", "empty.txt", "prose.txt", "away.txt"]
    assert data["marks"][1]["points"] == "0.5"


@pytest.mark.parametrize("to", ["text", "markdown", "json", "csv"])
def test_several_files_at_once_give_the_same_bytes(verify: Verify, to: str) -> None:
    assert verify("--to", to, "--jobs", "3") == verify("--to", to)


@pytest.mark.parametrize("jobs", ["0", "-1", "two", "1.5", "1000", ""])
def test_a_number_of_jobs_that_is_none(verify: Verify, jobs: str) -> None:
    status, out, err = verify("--jobs", jobs)
    assert (status, out) == (2, "")
    assert "write one from 1 to 256" in err


def test_what_stands_unread_is_marked_and_said(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("a.txt").write_text("f = -12\nx' 3.4 4 5\n")
    Path("b.txt").write_text("f = -12\nx' = foo(3)\n")
    Path("c.txt").write_text("f = -12\n")
    Path("marks.toml").write_text('f = 1\n"x\'" = 1\n')
    main(["verify", SPEC, "a.txt", "b.txt", "c.txt", "--marks", "marks.toml", "--to", "csv"])
    said = capsys.readouterr()
    rows = list(csv.DictReader(io.StringIO(said.out)))
    assert [row["x'"] for row in rows] == ["?" if rows[0]["not_read"] else "", "?", ""]
    assert "derive: b.txt: 1 claim could not be read: line 2" in said.err
    assert "c.txt" not in said.err
    main(["verify", SPEC, "a.txt", "b.txt", "c.txt", "-o", "sheets/"])
    assert "derive: b.txt: 1 claim could not be read: line 2" in capsys.readouterr().err


@pytest.mark.parametrize(("to", "ending"), [("markdown", ".md"), ("latex", ".tex")])
def test_a_folder_gets_a_sheet_for_each_student_and_a_summary(
    verify: Verify, tmp_path: Path, to: str, ending: str
) -> None:
    status, out, _ = verify("--to", to, "-o", "feedback/")
    names = ["summary", "right", "own", "own_too", "plus", "image", "empty", "prose", "away"]
    assert status == 1
    assert out.split() == [f"feedback/{name}{ending}" for name in names]
    sheet = (tmp_path / "feedback" / f"own{ending}").read_text()
    assert "plus.tex" not in sheet
    assert "3 follow" in sheet
    summary = (tmp_path / "feedback" / f"summary{ending}").read_text()
    for said in ("The commonest causes", "2 of 8 files", "the hardest first", "1.5 of 8", "4 of 16"):
        assert said in summary
    assert ("█" if to == "markdown" else r"\rule[-0.3ex]{0.") in summary


@pytest.mark.parametrize("to", ["markdown", "latex"])
def test_a_summary_without_marks_has_no_points(verify: Verify, tmp_path: Path, to: str) -> None:
    assert main(["verify", SPEC, "right.txt", "own.txt", "empty.txt", "--to", to, "-o", "feedback/"]) == 1
    summary = next((tmp_path / "feedback").glob("summary.*")).read_text()
    assert "points" not in summary.lower()
    assert "no relation can be read in it" in summary


def test_sheets_of_files_with_one_name(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for name in ("a/hw.txt", "b/hw.txt", "hw.md", "summary.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("f = -12\n" if name != "hw.md" else "$f = -12$\n")
    files = [str(tmp_path / name) for name in ("a/hw.txt", "b/hw.txt", "hw.md", "summary.txt")]
    assert main(["verify", SPEC, *files, "-o", str(tmp_path / "out") + "/"]) == 0
    written = sorted(path.name for path in (tmp_path / "out").iterdir())
    assert len(written) == 5
    assert {"summary.md", "summary.txt.md", "hw.md.md"} <= set(written)
    capsys.readouterr()


@pytest.mark.parametrize("to", ["json", "csv", "text"])
def test_a_folder_takes_sheets_only(verify: Verify, to: str) -> None:
    status, out, err = verify("--to", to, "-o", "feedback/")
    assert (status, out) == (2, "")
    assert "a folder takes --to markdown or --to latex" in err
