"""``derive verify`` as a user runs it: exit statuses, several files, options, and from Python."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from pathlib import Path

import pytest

import derive
from derive.cli import main
from tests.support.repository import ROOT

SPEC = str(ROOT / "examples" / "three_inputs.toml")
RIGHT = "f = x*y = -12\ndg/dx = y = -4\n"
WRONG = "f = x*y = -12\ndg/dx = x = 3\n"

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on the spec and on files with these contents; status, output, messages."""
    monkeypatch.chdir(tmp_path)

    def command(files: dict[str, str | bytes], *options: str) -> tuple[int, str, str]:
        for name, content in files.items():
            (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        status = main(["verify", SPEC, *files, *options])
        said = capsys.readouterr()
        return status, said.out, said.err

    return command


def test_statuses(run: Run) -> None:
    """0 where every claim holds, 1 where one does not, 2 where there is no claim to read."""
    assert run({"a.txt": RIGHT})[0] == 0
    status, out, _ = run({"a.txt": WRONG})
    assert status == 1
    assert "a.txt:2" in out
    status, out, err = run({"a.txt": "hello\n"})
    assert (status, out) == (2, "")
    assert err.startswith("a.txt: ")


def test_one_unreadable_file_does_not_stop_the_others(run: Run) -> None:
    """It gets its row, and the status is 1."""
    status, out, _ = run({"a.txt": RIGHT, "b.txt": b"\xff\xfe", "c.md": "nothing"}, "--to", "csv")
    assert status == 1
    rows = list(csv.DictReader(io.StringIO(out)))
    assert [row["file"] for row in rows] == ["a.txt"] * 4 + ["b.txt", "c.md"]
    assert [row["verdict"] for row in rows][-2:] == ["unreadable", "unreadable"]


@pytest.mark.parametrize(("nested", "verdict"), [(99, "wrong"), (500, "unreadable")])
def test_a_hostile_file_does_not_stop_the_others(run: Run, nested: int, verdict: str) -> None:
    """What nests as deep as may be is judged; deeper nesting is unreadable where it stands."""
    deep = r"\[ f = " + r"\sqrt{" * nested + "2" + "}" * nested + r" \]"
    status, out, _ = run({"a.txt": RIGHT, "b.tex": deep}, "--to", "csv")
    assert status == 1
    assert [row["verdict"] for row in csv.DictReader(io.StringIO(out))] == ["holds"] * 4 + [verdict]


def test_what_is_too_large_for_memory_is_said(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """A file that takes all memory gets its row."""
    from derive.verification.inference import second_reading

    def read(text: str, *_: object) -> object:
        if "much" in text:
            raise MemoryError
        return real(text, *_)  # type: ignore[arg-type]

    real = second_reading.read
    monkeypatch.setattr(second_reading, "read", read)
    status, out, _ = run({"a.txt": RIGHT, "b.txt": "f = much\n"})
    assert status == 1
    assert "b.txt: is too deep or too large to be judged" in out


def test_a_missing_file_alone_is_an_error(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One message that names it."""
    assert main(["verify", SPEC, str(tmp_path / "none.txt")]) == 2
    assert "none.txt" in capsys.readouterr().err


def test_json(run: Run) -> None:
    """The JSON of contract, section 5."""
    _, out, _ = run({"a.txt": WRONG}, "--to", "json")
    report = json.loads(out)
    assert report["summary"] == {"holds": 2, "rounding": 0, "follows": 1, "wrong": 1, "unreadable": 0, "not_read": []}
    wrong, follows = report["claims"][2:]
    assert (wrong["line"], wrong["verdict"], wrong["expected"]) == (2, "wrong", "y")
    assert (follows["verdict"], follows["follows_from"], follows["expected"]) == ("follows", 2, "-4")


def test_strict(run: Run) -> None:
    """With --strict a number that misses by rounding does not hold."""
    files: dict[str, str | bytes] = {"a.txt": "1/3 = 0.334\n"}
    assert run(files)[0] == 0
    assert run(files, "--strict")[0] == 1


def test_the_decimal_sign_is_found_or_said(run: Run) -> None:
    """``[0,5]`` has two entries in a text that has points too, and one where commas are said to be decimal signs."""
    files: dict[str, str | bytes] = {"a.txt": "1/2 = 0,5\n"}
    assert run(files)[0] == run(files, "--decimal", "comma")[0] == 0
    assert run(files, "--decimal", "point")[0] != 0
    mixed: dict[str, str | bytes] = {"a.txt": "1/4 = 0.25\n1/8 + 1/8 = 0.250\n[1/2] = [0,5]\n"}
    assert [run(mixed, *said)[0] for said in ((), ("--decimal", "comma"))] == [1, 0]


def test_hints_do_not_give_the_answer_away(run: Run) -> None:
    """--hints shows a way on and no expected value."""
    _, out, _ = run({"a.txt": "g' = -12.71\n"}, "--hints")
    assert "-12.72" not in out
    _, out, _ = run({"a.txt": "g' = -12.71\n"})
    assert "-12.72" in out


def test_marks(run: Run, tmp_path: Path) -> None:
    """--marks FILE gives points: in CSV one row a file."""
    (tmp_path / "marks.toml").write_text('[marks]\nf = 1\n"dg/dx" = 2\n')
    _, out, _ = run({"a.txt": RIGHT, "b.txt": WRONG}, "--to", "csv", "--marks", "marks.toml")
    assert out == (
        "file,points,of,right,wrong,follows,unreadable,not_read,first_mistake,cause,f,dg/dx\n"
        "a.txt,3,3,4,0,0,0,,,,1,2\nb.txt,1,3,2,1,1,0,,2,own_factor,1,0\n"
    )


def test_formats_go_by_the_ending(run: Run) -> None:
    """Markdown, LaTeX and plain text."""
    assert run({"a.md": "It is $f = x y = -12$, so $f = 12$ is no claim of ours.\n"})[0] == 1
    assert run({"a.tex": "\\begin{align} f &= x y \\\\ &= -12 \\end{align}\n"})[0] == 0
    assert run({"a.claims": "f = -12\n"})[0] == 0


def test_output_over_an_input_is_refused(run: Run) -> None:
    """No file is touched."""
    status, _, err = run({"a.txt": RIGHT}, "-o", "a.txt")
    assert status == 2
    assert "input" in err


def test_standard_input(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    """- is standard input."""
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(RIGHT.encode())))
    assert main(["verify", SPEC, "-"]) == 0
    assert main(["verify", "-", "-"]) == 2
    capsys.readouterr()


def test_file_names_do_not_steer_a_terminal(run: Run) -> None:
    """The names of a class's files come from students."""
    _, out, err = run({"esc\x1b[31m.md": "nothing"})
    assert "esc" in err and "\x1b" not in out + err
    _, out, err = run({"esc\x1b[31m.md": "nothing", "b.txt": RIGHT}, "--to", "csv")
    assert "\x1b" not in out + err


def test_one_claim_that_holds_but_for_rounding(run: Run) -> None:
    assert run({"a.txt": "1/3 = 0.334\n"})[1].endswith("\n\na.txt: The claim holds but for rounding.\n")


def test_every_wrong_claim_has_a_hint(run: Run) -> None:
    """In JSON as on the terminal."""
    _, out, _ = run({"a.txt": "f = 17.25\n"}, "--to", "json")
    assert json.loads(out)["claims"][0]["hint"]


def test_from_python() -> None:
    """``derive.verify`` judges a text; the result shows itself."""
    network = derive.load(SPEC)
    result = derive.verify(network, WRONG)
    assert [claim["verdict"] for claim in result.claims] == ["holds", "holds", "wrong", "follows"]
    assert result.summary["wrong"] == 1
    assert not result.holds
    assert list(result) == result.claims and len(result) == 4
    assert repr(result) == "<derivation of 4 claims: 2 holds, 1 follows, 1 wrong>"
    assert "dg/dx" in result._repr_markdown_()
    assert "line 2" in str(result)
    with pytest.raises(derive.DeriveError, match="no relation"):
        derive.verify(network, "nothing")
