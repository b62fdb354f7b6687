"""Where results go: the ending of ``-o`` gives the format, names that are none are refused, nothing is half done."""

from __future__ import annotations

import json
import os
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from derive.commands import gradients, verify
from derive.commands.outputs import endings
from derive.render.formats import FORMATS
from tests.support.program import Ran, command, environment, in_one_process

Derive = Callable[..., Ran]
SPEC = '[graph.values]\nx = 3\ny = -4\n[graph.nodes]\nf = "x*y"\n'
BEGINS = {"markdown": "# S", "latex": "\\documentclass", "json": "{", "csv": "iteration,", "table": "S\n"}


@pytest.fixture
def here(tmp_path: Path) -> Path:
    (tmp_path / "s.toml").write_text(SPEC)
    (tmp_path / "c.txt").write_text("f = x*y = -12\n")
    return tmp_path


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def given(command_name: str) -> list[str]:
    return [command_name, "s.toml", *(["c.txt"] if command_name == "verify" else [])]


@pytest.mark.parametrize(
    ("command_name", "output", "format"),
    [
        ("notes", "a.md", "markdown"),
        ("notes", "a.markdown", "markdown"),
        ("notes", "a.qmd", "markdown"),
        ("notes", "a.tex", "latex"),
        ("notes", "a.LaTeX", "latex"),
        ("notes", "a.TEX", "latex"),
        ("notes", "a.json", "json"),
        ("notes", "a.tar.json", "json"),
        ("notes", "a.pdf.md", "markdown"),
        ("notes", "deep.d/a.tex", "latex"),
        ("notes", ".tex", "latex"),
        ("notes", "a", "markdown"),
        ("notes", "a.txt", "markdown"),
        ("notes", "a.v2", "markdown"),
        ("notes", "a.", "markdown"),
        ("notes", "a.tex ", "markdown"),
        ("gradients", "a.json", "json"),
        ("gradients", "a.CSV", "csv"),
        ("gradients", "a.txt", "table"),
        ("gradients", "a", "table"),
        ("verify", "a.json", "json"),
        ("verify", "a.csv", "csv"),
        ("verify", "a.md", "markdown"),
        ("verify", "a.txt", "text"),
        ("verify", "a.out", "text"),
    ],
)
def test_the_ending_gives_the_format(derive: Derive, here: Path, command_name: str, output: str, format: str) -> None:
    (here / "deep.d").mkdir()
    undrawn = ("--figures", "none") if command_name == "notes" else ()
    ran = derive(*given(command_name), "-o", output, *undrawn)
    assert (ran.status, ran.err) == (0, "")
    text = (here / output).read_text("utf-8")
    plain = ("-o", "-") if command_name == "notes" else ()
    assert text == derive(*given(command_name), "--to", format, *plain, *undrawn).out
    if command_name != "verify":
        assert text.startswith(BEGINS[format])


def test_a_report_in_latex_by_its_ending(derive: Derive, here: Path) -> None:
    (here / "c.tex").write_text("$f = xy = -12$\n")
    assert derive("verify", "s.toml", "c.tex", "-o", "r.tex").status == 0
    assert "\\documentclass" in (here / "r.tex").read_text("utf-8")


@pytest.mark.parametrize(
    ("command_name", "output", "words"),
    [
        ("notes", "a.pdf", "does not write pdf (the ending .pdf)"),
        ("notes", "a.PDF", "does not write pdf"),
        ("notes", "a.html", "does not write html"),
        ("notes", "a.htm", "does not write html"),
        ("notes", "a.ipynb", "does not write notebook"),
        ("notes", "a.docx", "it writes markdown (.md), latex (.tex), json (.json)"),
        ("notes", "a.csv", "does not write csv"),
        ("notes", "a.svg", "does not write a drawing"),
        ("notes", "a.odt", "does not write OpenDocument"),
        ("notes", "b.toml", "does not write a spec"),
        ("gradients", "a.md", "it writes table, json (.json), csv (.csv)"),
        ("gradients", "a.tex", "does not write latex"),
        ("gradients", "a.xlsx", "does not write a spreadsheet"),
        ("verify", "a.pdf", "does not write pdf"),
        ("verify", "a.ipynb", "derive verify does not write notebook"),
    ],
)
def test_an_ending_that_a_command_cannot_write(
    derive: Derive, here: Path, command_name: str, output: str, words: str
) -> None:
    before = names(here)
    ran = derive(*given(command_name), "-o", output)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"{output}: ")
    assert words in ran.err
    assert len(ran.err.splitlines()) == 2
    assert names(here) == before


@pytest.mark.parametrize(
    ("command_name", "to", "output"),
    [
        ("notes", "latex", "a.md"),
        ("notes", "markdown", "a.tex"),
        ("notes", "json", "a.pdf"),
        ("notes", "latex", "a.JSON"),
        ("gradients", "csv", "a.json"),
        ("gradients", "table", "a.csv"),
        ("verify", "text", "a.md"),
        ("verify", "json", "a.csv"),
    ],
)
def test_an_ending_that_disagrees(derive: Derive, here: Path, command_name: str, to: str, output: str) -> None:
    before = names(here)
    ran = derive(*given(command_name), "--to", to, "-o", output)
    ending = output.rpartition(".")[2].lower()
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(
        f"{output}: the name ends in .{ending}, and --to says {to}\n  leave out --to, or choose a "
    )
    assert names(here) == before


def test_a_neutral_ending_takes_what_to_says(derive: Derive, here: Path) -> None:
    for to, output in (("latex", "a.txt"), ("json", "b.out"), ("latex", "c.tex"), ("markdown", "d.markdown")):
        assert derive("notes", "s.toml", "--to", to, "-o", output).status == 0
        assert (here / output).read_text("utf-8").startswith(BEGINS[to])


def test_a_fragment_by_its_ending(derive: Derive, here: Path) -> None:
    assert derive("notes", "s.toml", "--fragment", "-o", "part.tex").status == 0
    assert "\\documentclass" not in (here / "part.tex").read_text("utf-8")
    assert "--fragment is for LaTeX only" in derive("notes", "s.toml", "--fragment", "-o", "part.md").err


def test_a_folder_has_no_ending(derive: Derive, here: Path) -> None:
    (here / "there.json").mkdir()
    (here / "t.toml").write_text(SPEC)
    assert derive("notes", "s.toml", "t.toml", "-o", "there.json").out == "there.json/s.md\nthere.json/t.md\n"
    assert derive("notes", "s.toml", "-o", "new.tex/").out == "new.tex/s.md\n"
    assert derive("notes", "s.toml", "t.toml", "--to", "latex", "-o", "there.json").status == 0
    assert derive(*given("verify"), "-o", "there.json").out.startswith("there.json/")
    for folder in ("there.json", "nowhere/"):
        ran = derive(*given("gradients"), "-o", folder)
        assert (ran.status, ran.out) == (2, "")
        assert ran.err.startswith(f"{folder}: is a folder\n  name a file in it")
    assert not (here / "nowhere").exists()
    assert derive("new", "nowhere/").status == 2


def test_standard_output_and_devices_have_no_ending(here: Path) -> None:
    outputs = ("-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1")
    for begins, argv in (("# S", ["notes", "s.toml"]), ("{", ["gradients", "s.toml", "--to", "json"])):
        ran = in_one_process(here, *([*argv, "-o", output] for output in outputs))
        assert len(ran) == len(outputs)
        assert all(one.status == 0 and one.out.startswith(begins) for one in ran)
        assert len({one.out for one in ran}) == 1


def test_a_pipe_of_that_name_gets_the_format(derive: Derive, here: Path) -> None:
    os.mkfifo(here / "feed.json")
    got: list[str] = []
    reader = threading.Thread(target=lambda: got.append((here / "feed.json").read_text("utf-8")))
    reader.start()
    assert derive("gradients", "s.toml", "-o", "feed.json").status == 0
    reader.join(10)
    assert json.loads(got[0])["output"] == "f"


def test_every_format_has_its_ending_in_the_table() -> None:
    for entry in FORMATS.values():
        assert {endings()[ending] for ending in entry.endings} == {entry.name}
    assert {*gradients.FORMATS, *verify.FORMATS} - {"table", "text"} <= set(endings().values())


# Names of files that are none


@pytest.mark.parametrize(
    "argv",
    [
        "notes s.toml -o ''", "notes ''", "gradients s.toml -o ''", "gradients ''", "verify s.toml ''",
        "verify '' c.txt", "verify s.toml c.txt -o ''", "verify s.toml c.txt --marks ''", "new ''",
        "notes s.toml --templates ''", "notes s.toml --output=",
    ],
)  # fmt: skip
def test_an_empty_name_is_bad_usage(derive: Derive, here: Path, argv: str) -> None:
    before = names(here)
    ran = derive(*[word.replace("''", "") for word in argv.split()])
    assert (ran.status, ran.out) == (2, "")
    assert "the name is empty" in ran.err
    assert len(ran.err.splitlines()) == 2
    assert names(here) == before


def test_a_name_with_a_nul_is_no_file_name(derive: Derive, here: Path) -> None:
    for argv in (("notes", "a\0b"), ("notes", "s.toml", "-o", "a\0.md"), ("new", "a\0"), ("verify", "s.toml", "\0")):
        ran = derive(*argv)
        assert (ran.status, ran.out) == (2, "")
        assert "U+0000" in ran.err
        assert "\0" not in ran.err


def test_links_that_lead_nowhere(derive: Derive, here: Path) -> None:
    (here / "dangling.md").symlink_to("gone/x.md")
    (here / "loop.md").symlink_to("loop.md")
    (here / "fresh.md").symlink_to("made.md")
    before = names(here)
    ran = derive("notes", "s.toml", "-o", "dangling.md")
    assert ran.status == 2
    assert ran.err == (
        f"dangling.md: is a link to gone/x.md, and there is no folder {here}/gone\n"
        f"  create the folder first: mkdir -p {here}/gone\n"
    )
    ran = derive("notes", "s.toml", "-o", "loop.md")
    assert (ran.status, ran.err.splitlines()[1]) == (2, "  the links lead round in a circle; name another file with -o")
    assert "there is no such file" in derive("notes", "dangling.md").err
    assert names(here) == before
    assert derive("notes", "s.toml", "-o", "fresh.md").status == 0
    assert (here / "fresh.md").is_symlink()
    assert (here / "made.md").read_text("utf-8").startswith("# S")


LONG = "a" * 6000


@pytest.mark.parametrize(
    "argv",
    [
        ("notes", LONG), ("notes", "s.toml", "-o", LONG), ("notes", "s.toml", "-o", LONG + "/"), ("gradients", LONG),
        ("notes", "s.toml", "-o", LONG + ".pdf"), ("gradients", "s.toml", "-o", LONG), ("verify", "s.toml", LONG),
        ("verify", LONG, "c.txt"), ("new", LONG), ("new", LONG + ".json"), ("notes", "s.toml", "--to", LONG),
        ("notes", "s.toml", "--style", LONG), ("notes", "s.toml", "--show", LONG), ("notes", "s.toml", "--" + LONG),
        ("notes", "s.toml", "--templates", LONG), ("gradients", "s.toml", "--digits", LONG), (LONG,),
        ("gradients", "s.toml", LONG), ("list", LONG), ("notes", "a/" * 3000), ("notes", "a b " * 1500),
        ("notes", "s.toml", "-o", "é " * 3000), ("gradients", "s.toml", "--digits", "9" * 6000),
        ("notes", "s.toml", "--show", "x@" + "9" * 6000), ("notes", "s.toml", "--show", f"{LONG},,{LONG}"),
    ],
)  # fmt: skip
def test_no_message_repeats_more_than_a_line_of_what_it_was_given(
    derive: Derive, here: Path, argv: tuple[str, ...]
) -> None:
    before = names(here)
    ran = derive(*argv)
    assert (ran.status, ran.out) == (2, "")
    assert "…" in ran.err
    assert "Traceback" not in ran.err
    assert "bug in derive" not in ran.err
    assert ran.err.count("a" if "a" in argv[-1] else argv[-1][-2]) <= 200
    assert len(ran.err) < 400
    assert names(here) == before


@pytest.mark.parametrize(
    "text",
    [
        SPEC + f"{LONG} = 1\n",
        f'title = "t"\n[graph.nodes]\n{LONG} = "1"\n',
        SPEC.replace("x*y", LONG),
        SPEC.replace("x*y", f"{LONG}(x)"),
        SPEC.replace("x*y", " a" * 3000),
        SPEC.replace("3", LONG),
        SPEC.replace("3", f'"{LONG}"'),
        SPEC.replace("3", "9" * 6000),
        SPEC + f'[notation]\nnames = {{x = "\\\\{LONG}"}}\n',
        SPEC + f'[notation]\nnames = {{x = "{LONG}"}}\n',
        SPEC + f'[notation]\nnames = {{{LONG} = "x"}}\n',
        SPEC + f'[notation]\npreset = "{LONG}"\n',
        SPEC + f"[training]\nlearning_rate = -{'9' * 900}\n",
        SPEC + f"[conventions]\nrelu_at_zero = {'9' * 900}\n",
        SPEC + f"[marks]\n{LONG} = 1\n",
        SPEC + f'remarks = ["${LONG}$"]\n',
        SPEC + f"[[data]]\n{LONG} = 1\n",
        SPEC + f'"{"b " * 3000}" = 1\n',
    ],
)
def test_no_message_about_a_spec_does_either(derive: Derive, here: Path, text: str) -> None:
    (here / "long.toml").write_text(text)
    ran = derive("gradients", "long.toml")
    if ran.status == 0:
        ran = derive("notes", "long.toml", "-o", "-")
    assert (ran.status, ran.out) == (2, "")
    for line in ran.err.split("long.toml: "):
        assert max(map(line.count, "a9b")) <= 200
    assert max(map(len, ran.err.splitlines())) < 500


def test_a_number_that_is_cut_says_so(derive: Derive, here: Path) -> None:
    assert (
        "999999999999 is too large: give a number from 1 to 1000"
        in derive("gradients", "s.toml", "--digits", "999999999999").err
    )
    (here / "n.toml").write_text(SPEC + "[training]\niterations = 1" + "2" * 18 + "3.5\n")
    assert "the number 12222222222222222223.5 where a whole number" in derive("gradients", "n.toml").err
    (here / "n.toml").write_text(SPEC + "[training]\niterations = 1" + "2" * 88 + "3.5\n")
    assert "the number 12222222222222222222…22222222222222223.5 where" in derive("gradients", "n.toml").err


def test_marks_that_the_example_does_not_have(derive: Derive, here: Path) -> None:
    for name, words in (
        ("x@99999999", "'x@99999999': the example has 0 updates"),
        ("x'", '"x\'": the example has 0 updates'),
        ("x[2]", "'x[2]': the data have 1 row"),
        ("x[99999999999]", "'x[99999999999]': there are not so many rows as 99999999999"),
        ("f@99999999", "'f@99999999': the example has 0 updates"),
    ):
        ran = derive("notes", "s.toml", "--show", name)
        assert ran.status == 2
        assert ran.err.startswith("--show: ")
        assert words in ran.err.replace("'x''", '"x\'"')
    assert derive("notes", "s.toml", "--show", "x[1],x@0", "-o", "-").status == 0


# Standard output that is closed or full


@pytest.mark.parametrize("end", ["closed", "full"])
@pytest.mark.parametrize("argv", [("notes", "s.toml"), ("notes", "s.toml", "-o", "new/"), ("gradients", "s.toml")])
def test_nothing_is_touched_where_nothing_can_be_said(here: Path, argv: tuple[str, ...], end: str) -> None:
    (here / "output").mkdir()
    (here / "output" / "s.md").write_text("old")
    before = names(here)
    redirect = ">&-" if end == "closed" else ">/dev/full"
    done = subprocess.run(
        ["sh", "-c", f'exec "$@" {redirect}', "sh", *command(*argv)],
        cwd=here, env=environment(), stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr.startswith(b"standard output: ")
    assert len(done.stderr.splitlines()) == 2
    assert names(here) == before
    assert names(here / "output") == ["s.md"]
    assert (here / "output" / "s.md").read_text() == "old"


def test_a_named_file_is_written_with_standard_output_closed(here: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *command("gradients", "s.toml", "-o", "g.json")],
        cwd=here, env=environment(), stderr=subprocess.PIPE, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert json.loads((here / "g.json").read_text())["output"] == "f"


def test_everything_closed_is_no_traceback(here: Path) -> None:
    done = subprocess.run(
        ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", *command("notes", "s.toml")],
        cwd=here, env=environment(), check=False,
    )  # fmt: skip
    assert done.returncode == 2
    assert names(here) == ["c.txt", "s.toml"]


def test_a_reader_who_has_gone_does_not_undo_the_work(here: Path) -> None:
    read, written = os.pipe()
    os.close(read)
    done = subprocess.run(
        command("notes", "s.toml"), cwd=here, env=environment(), stdout=written, stderr=subprocess.PIPE, check=False
    )
    os.close(written)
    assert (done.returncode, done.stderr) == (141, b"")
    assert names(here / "output") == ["s-graph.svg", "s.md"]
