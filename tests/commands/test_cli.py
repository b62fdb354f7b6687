"""The command line of the contract: usage, files, messages, exit statuses."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import signal
import subprocess
import sys
import time
import tomllib
from collections.abc import Callable
from pathlib import Path

import jsonschema
import pytest

from derive import __version__
from tests.support.program import Ran, command, environment, in_one_process
from tests.support.repository import ROOT

Derive = Callable[..., Ran]

GRAPH = """
title = "A small graph"
[graph.values]
x = 3
y = -4
[graph.nodes]
f = "x*y"
"""
ENDINGS = {"markdown": ".md", "latex": ".tex", "json": ".json"}


def listing(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def write(path: Path, text: str = GRAPH) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


@pytest.fixture
def spec(tmp_path: Path) -> Path:
    return write(tmp_path / "small.toml")


# Usage


def test_version_and_help(derive: Derive) -> None:
    assert derive("--version") == Ran(0, f"derive {__version__}\n", "")
    ran = derive("--help")
    assert (ran.status, ran.err) == (0, "")
    for name in ("notes", "gradients", "verify", "new", "list", "schema"):
        assert f"\n    {name} " in ran.out
        assert derive(name, "--help").status == 0


def test_what_does_not_work_yet_is_not_offered(derive: Derive) -> None:
    text = derive("--help").out + derive("notes", "--help").out
    for word in ("exercise", "html", "notebook", "pdf", "slides"):
        assert word not in text
    assert derive("exercise", "a", "b").status == 2
    assert derive("notes", "x.toml", "--to", "html").status == 2


@pytest.mark.parametrize(
    ("argv", "words"),
    [
        ("", ["a command is missing", "choose from notes, gradients"]),
        ("notess x", ["unknown command 'notess'", "did you mean 'notes'?"]),
        ("frobnicate", ["unknown command 'frobnicate'", "known: notes"]),
        ("notes", ["SPEC", "see 'derive notes --help'"]),
        ("notes x --too latex", ["unknown option '--too'", "did you mean '--to'?"]),
        ("notes x --to=latx", ["unknown format 'latx'", "did you mean 'latex'?"]),
        ("notes x --style root", ["unknown style 'root'", "did you mean 'routes'?"]),
        ("notes x --show a,,b", ["an empty name in 'a,,b'"]),
        ("notes x --fragment", ["--fragment is for LaTeX only", "--to latex"]),
        ("notes x --templates nowhere", ["nowhere", "is no folder of templates"]),
        ("notes x x", ["x: is named twice"]),
        ("notes a b -o one.md", ["one.md", "one place for several documents", "ending in /"]),
        ("notes a b -o -", ["one place for several documents"]),
        ("gradients", ["SPEC"]),
        ("gradients a b", ["unexpected argument 'b'"]),
        ("gradients x --digits 0", ["--digits", "from 1 to 1000"]),
        ("gradients x --digits 1001", ["--digits", "from 1 to 1000"]),
        ("gradients x --digits 1e2", ["--digits", "from 1 to 1000"]),
        ("gradients x --digits -5", ["--digits"]),
        ("gradients x --digits ٣", ["--digits", "from 1 to 1000"]),
        ("gradients x --to markdown", ["unknown format 'markdown'", "known: table, json, csv"]),
        ("new", ["PATH"]),
        ("new x.json", ["x.json", "ends in .toml"]),
        ("list all", ["unexpected argument 'all'"]),
        ("schema --to json", ["unknown option '--to'"]),
    ],
)
def test_bad_usage_is_one_message_with_a_mend(derive: Derive, tmp_path: Path, argv: str, words: list[str]) -> None:
    ran = derive(*argv.split())
    assert ran.status == 2
    assert ran.out == ""
    for word in words:
        assert word in ran.err
    assert "Traceback" not in ran.err
    assert "usage:" not in ran.err
    assert len(ran.err.splitlines()) == 2
    assert listing(tmp_path) == []


def test_nothing_heavy_is_imported_for_usage() -> None:
    code = (
        "import sys; from derive.cli import main; main(['notess']); "
        "print(sorted({'sympy', 'flint', 'jinja2', 'pathlib'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-S", "-c", code], env=environment(), capture_output=True, check=True)
    assert done.stdout.decode().strip() == "[]"


# Notes


@pytest.mark.parametrize("to", ENDINGS)
def test_notes_go_to_the_folder_output_and_the_path_is_printed(
    derive: Derive, tmp_path: Path, spec: Path, to: str
) -> None:
    ran = derive("notes", spec, "--to", to)
    name = f"output/small{ENDINGS[to]}"
    assert ran == Ran(0, f"{name}\n", "")
    assert "A small graph" in (tmp_path / name).read_text("utf-8")
    beside = ["output/small-graph.svg"] if to == "markdown" else []  # its figure; the others have theirs inside
    assert listing(tmp_path) == ["output", *beside, name, "small.toml"]


def test_quiet_prints_nothing(derive: Derive, spec: Path) -> None:
    assert derive("notes", spec, "--quiet") == Ran(0, "", "")
    assert derive("-q", "notes", spec) == Ran(0, "", "")
    assert derive("new", "--quiet", "fresh.toml") == Ran(0, "", "")


def test_notes_to_a_file_a_folder_or_standard_output(derive: Derive, tmp_path: Path, spec: Path) -> None:
    assert derive("notes", spec, "-o", "page.md") == Ran(0, "", "")
    page = (tmp_path / "page.md").read_text("utf-8")
    assert listing(tmp_path) == ["page-graph.svg", "page.md", "small.toml"]
    (tmp_path / "there").mkdir()
    assert derive("notes", spec, "-o", "there") == Ran(0, "there/small.md\n", "")
    assert derive("notes", spec, "-o", "fresh/deep/") == Ran(0, "fresh/deep/small.md\n", "")
    assert listing(tmp_path / "there") == listing(tmp_path / "fresh/deep") == ["small-graph.svg", "small.md"]
    small = page.replace("](page-graph.svg)", "](small-graph.svg)")
    assert (tmp_path / "there/small.md").read_text("utf-8") == small
    assert (tmp_path / "fresh/deep/small.md").read_text("utf-8") == small
    assert derive("notes", spec, "-o", "nowhere/page.md").status == 2
    assert not (tmp_path / "nowhere").exists()


def test_on_standard_output_words_stand_for_the_figure(derive: Derive, tmp_path: Path, spec: Path) -> None:
    """All else but what points at the figure is, byte by byte, the page of a file."""
    assert derive("notes", spec, "-o", "page.md").status == 0
    page = (tmp_path / "page.md").read_text("utf-8")
    ran = derive("notes", spec, "-o", "-")
    assert (ran.status, ran.err) == (0, "")
    drawn = re.search(r"^!\[(.*)\]\(page-graph\.svg\)\n\n\*\*Figure 1\.\*\* .*\n", page, re.MULTILINE)
    told = re.search(r"^> \*\*(.*)\.\*\* From the values arrows lead through \$f = xy\$\.\n", ran.out, re.MULTILINE)
    assert drawn is not None and told is not None
    assert drawn[1] == told[1].replace("$", "")
    without = page.replace(drawn[0], "").replace(" (Figure 1)", "")  # there is nothing to point at
    assert without == ran.out.replace(told[0], "")
    plain = ("notes", spec, "--figures", "none")
    assert derive(*plain, "-o", "page.md").status == 0
    assert derive(*plain, "-o", "-") == Ran(0, (tmp_path / "page.md").read_text("utf-8"), "")


def test_several_specs_are_written_all_or_none(derive: Derive, tmp_path: Path, spec: Path) -> None:
    other = write(tmp_path / "other.toml")
    assert derive("notes", spec, other).out.split() == ["output/small.md", "output/other.md"]
    before = (tmp_path / "output/small.md").read_bytes()
    bad = write(tmp_path / "bad.toml", "title = 3")
    spec.write_text(GRAPH.replace("x = 3", "x = 5"))
    ran = derive("notes", spec, bad)
    assert ran.status == 2
    assert "bad.toml: title" in ran.err
    assert (tmp_path / "output/small.md").read_bytes() == before
    assert not (tmp_path / "output/bad.md").exists()


def test_two_specs_for_one_file_are_an_error(derive: Derive, tmp_path: Path) -> None:
    write(tmp_path / "a" / "x.toml")
    write(tmp_path / "b" / "x.toml")
    ran = derive("notes", "a/x.toml", "b/x.toml")
    assert ran.status == 2
    assert "output/x.md: would be written twice" in ran.err
    assert not (tmp_path / "output").exists()


def test_an_input_is_never_overwritten(derive: Derive, tmp_path: Path, spec: Path) -> None:
    (tmp_path / "link.md").symlink_to("small.toml")
    for output in ("small.toml", "./small.toml", "link.md"):
        for command_name in ("notes", "gradients"):
            ran = derive(command_name, spec, "-o", output)
            assert ran.status == 2
            assert "it is an input" in ran.err
    data = json.dumps({"graph": {"values": {"x": 2}, "nodes": {"f": "x*x"}}})
    write(tmp_path / "output" / "x.json", data)
    assert "it is an input" in derive("notes", "output/x.json", "--to", "json").err
    assert spec.read_text("utf-8") == GRAPH
    assert (tmp_path / "output" / "x.json").read_text("utf-8") == data


def test_a_spec_on_standard_input(process: Derive, tmp_path: Path) -> None:
    ran = process("notes", "-", stdin=GRAPH)
    assert (ran.status, ran.err) == (0, "")
    assert "A small graph" in ran.out
    assert process("gradients", "-", "--to", "csv", stdin="\ufeff" + GRAPH).status == 0
    data = json.dumps({"graph": {"values": {"x": 2}, "nodes": {"f": "x*x"}}})
    assert json.loads(process("gradients", "-", "--to", "json", stdin=data).out)["output"] == "f"
    bad = process("gradients", "-", stdin="titel = 1")
    assert bad.status == 2
    assert bad.err.startswith("standard input: ")
    assert listing(tmp_path) == []


def test_show_names_that_are_unknown_are_an_error(derive: Derive, spec: Path) -> None:
    assert derive("notes", spec, "--show", "x,y", "-o", "-").status == 0
    ran = derive("notes", spec, "--show", "x,q", "-o", "-")
    assert ran.status == 2
    assert "'q'" in ran.err


def test_a_fragment_has_no_preamble(derive: Derive, spec: Path) -> None:
    whole = derive("notes", spec, "--to", "latex", "-o", "-").out
    part = derive("notes", spec, "--to", "latex", "--fragment", "-o", "-").out
    assert r"\documentclass" in whole
    assert r"\documentclass" not in part
    assert r"\end{document}" not in part
    assert r"\section" in part


def test_own_wording_comes_first(derive: Derive, tmp_path: Path, root: Path, spec: Path) -> None:
    plain = derive("notes", spec, "-o", "-").out
    (tmp_path / "mine").mkdir()
    assert derive("notes", spec, "--templates", "mine", "-o", "-").out == plain
    original = root / "templates" / "wording" / "en" / "summary.j2"
    text = original.read_text("utf-8").replace("Summary", "All in one place")
    assert "All in one place" in text
    write(tmp_path / "mine" / "wording" / "en" / "summary.j2", text)
    assert "All in one place" in derive("notes", spec, "--templates", "mine", "-o", "-").out


# Gradients, new, list, schema


def test_gradients_of_the_first_article(derive: Derive, examples: Path) -> None:
    found = json.loads(derive("gradients", examples / "three_inputs.toml", "--to", "json").out)
    first = found["iterations"][0]
    assert first["loss"] == "-10"
    assert {name: entry["value"] for name, entry in first["gradients"].items()} == {"x": "-4", "y": "3", "z": "1"}
    assert first["gradients"]["x"] == {"expression": "y", "value": "-4", "exact": "-4"}
    assert first["updated"] == {"x": "3.4", "y": "-4.3", "z": "1.9"}
    assert found["final"]["loss"] == "-12.72"


def test_gradients_of_the_second_article(derive: Derive, examples: Path) -> None:
    found = json.loads(derive("gradients", examples / "pass_or_fail.toml", "--to", "json").out)
    outputs = [float(step["samples"][0]["values"]["yhat"]) for step in found["iterations"]]
    assert [f"{value:.3f}" for value in outputs] == "0.521 0.648 0.758 0.836 0.881 0.908 0.925".split()
    assert all(len(step["gradients"]) == 21 for step in found["iterations"])


def test_gradients_as_csv_and_table_say_the_same(derive: Derive, spec: Path, tmp_path: Path) -> None:
    rows = list(csv.DictReader(io.StringIO(derive("gradients", spec, "--to", "csv").out)))
    assert [(row["parameter"], row["gradient"]) for row in rows] == [("x", "-4"), ("y", "3")]
    table = derive("gradients", spec).out
    assert "x          3      -4" in table
    assert derive("gradients", spec, "-o", "table.txt") == Ran(0, "", "")
    assert (tmp_path / "table.txt").read_text("utf-8") == table


@pytest.mark.parametrize("digits", [1, 5, 50, 1000])
def test_digits_are_as_asked(derive: Derive, tmp_path: Path, digits: int) -> None:
    write(tmp_path / "s.toml", '[graph.values]\nx = 1\n[graph.nodes]\nf = "exp(x)"')
    found = json.loads(derive("gradients", "s.toml", "--to", "json", "--digits", digits).out)
    assert len(found["iterations"][0]["gradients"]["x"]["value"].replace(".", "")) == digits


def test_a_new_spec_runs_and_is_never_written_over(derive: Derive, tmp_path: Path) -> None:
    ran = derive("new", "first.toml")
    assert ran == Ran(0, "", "made first.toml; next: derive notes first.toml\n")
    before = (tmp_path / "first.toml").read_text("utf-8")
    assert derive("notes", "first.toml").status == 0
    assert derive("gradients", "first.toml").status == 0
    again = derive("new", "first.toml")
    assert again.status == 2
    assert "is there already" in again.err
    assert (tmp_path / "first.toml").read_text("utf-8") == before
    assert derive("new", "-").out == before
    assert derive("new", tmp_path).status == 2
    assert derive("new", "nowhere/first.toml").status == 2


def test_a_new_graph_runs_too(derive: Derive, tmp_path: Path) -> None:
    assert derive("new", "--graph", "g.toml") == Ran(0, "", "made g.toml; next: derive notes g.toml\n")
    text = (tmp_path / "g.toml").read_text("utf-8")
    assert "[graph.nodes]" in text
    assert "[network]" not in text
    for argv in (("notes",), ("gradients",)):
        ran = derive(*argv, "g.toml")
        assert (ran.status, ran.err) == (0, "")
    assert derive("new", "-", "--graph").out == text
    assert "derive new --graph" in derive("new", "-").out
    jsonschema.validate(tomllib.loads(text), json.loads(derive("schema").out))


def test_a_new_spec_ends_in_toml(derive: Derive, tmp_path: Path) -> None:
    for name in ("x.md", "x.tex", "x.PDF", "x.json", "x.csv"):
        ran = derive("new", name)
        assert (ran.status, ran.err.splitlines()[1]) == (2, "  choose a name that ends in .toml")
    for name in ("x", "x.TOML", "x.spec"):
        assert derive("new", name).status == 0
    (tmp_path / "dangling.toml").symlink_to("gone.toml")
    assert "is there already" in derive("new", "dangling.toml").err


TABLE = """\
title = "Homework"
[network]
inputs = 2
loss = "half_squared_error"
[[network.layers]]
units = 2
weights = [[1, 2], [3, 4]]
[[network.layers]]
units = 1
activation = "relu"
weights = [[1, -1]]
biases = [5]
[[data]]
x = [1, 2]
t = [1]
[[data]]
x = [0, 1]
t = [2]
[training]
learning_rate = 1
iterations = 2
"""


def table(text: str) -> list[list[str]]:
    return [line.split() for line in text.splitlines()]


def test_the_table_has_values_deltas_and_activations(derive: Derive, tmp_path: Path) -> None:
    """The first row's, forwards and then backwards; worked by hand: z1 = (5, 11), z2 = 5 - 11 + 8 = 2."""
    write(tmp_path / "s.toml", TABLE.replace("biases = [5]", "biases = [8]"))
    rows = table(derive("gradients", "s.toml").out)
    for row in (
        ["x1", "1"], ["t", "1"], ["z1_1", "5"], ["z1_2", "11"], ["a1_2", "11"], ["z2_1", "2"], ["yhat", "2"],
        ["E", "0.5"], ["dE/dyhat", "1"], ["delta2_1", "1"], ["dE/da1_2", "-1"], ["delta1_2", "-1"], ["delta1_1", "1"],
        ["dE/dx1", "-2"],
    ):  # fmt: skip
        assert row in rows
    assert rows.index(["z1_1", "5"]) < rows.index(["z2_1", "2"]) < rows.index(["delta2_1", "1"])
    assert rows.index(["delta2_1", "1"]) < rows.index(["delta1_1", "1"])
    assert ["--all", "shows", "the", "other", "rows", "and", "later", "iterations", "too."] in rows


def test_all_shows_every_row_of_every_iteration(derive: Derive, tmp_path: Path) -> None:
    write(tmp_path / "s.toml", TABLE)
    out = derive("gradients", "s.toml", "--all").out
    heads = [line for line in out.splitlines() if ", row " in line]
    steps = ["Iteration 1", "Iteration 2", "After the last update"]
    assert heads == [f"{step}, row {row}" for step in steps for row in (1, 2)]
    assert "--all" not in out
    found = json.loads(derive("gradients", "s.toml", "--to", "json").out)
    rows = list(csv.DictReader(io.StringIO(derive("gradients", "s.toml", "--to", "csv", "--all").out)))
    told = {(row["iteration"], row["row"], row["quantity"]): row for row in rows}
    assert len(told) == len(rows)
    for step in found["iterations"]:
        number = str(step["iteration"])
        for sample in step["samples"]:
            for name, value in sample["values"].items():
                if name not in step["gradients"]:
                    row = told[number, str(sample["row"]), name]
                    assert (row["value"], row["gradient"]) == (value, sample["gradients"].get(name, ""))
        for name, entry in step["gradients"].items():
            assert told[number, "", name]["gradient"] == entry["value"]
    for sample in found["final"]["samples"]:
        assert told["final", str(sample["row"]), "yhat"]["value"] == sample["values"]["yhat"]


def test_a_large_table_says_what_it_leaves_out(derive: Derive, tmp_path: Path) -> None:
    nodes = "".join(f'n{k} = "x + {k}"\n' for k in range(60))
    write(tmp_path / "s.toml", f"[graph.values]\nx = 1\n[graph.nodes]\n{nodes}")
    out = derive("gradients", "s.toml").out
    assert "--all shows 20 more quantities too." in out
    assert "\nn39 " in out
    assert "\nn40 " not in out
    assert "\nn59 " in derive("gradients", "s.toml", "--all").out


def test_a_value_that_nothing_uses_is_a_note(derive: Derive, tmp_path: Path) -> None:
    write(tmp_path / "s.toml", GRAPH.replace("x = 3", "x = 3\nxx = 1"))
    note = "note: s.toml: graph.values.xx: nothing uses this value\n"
    for argv in (("notes", "s.toml", "-o", "-"), ("gradients", "s.toml"), ("gradients", "s.toml", "--to", "json")):
        ran = derive(*argv)
        assert (ran.status, ran.err) == (0, note)
        assert derive(*argv, "--quiet").err == ""
    write(tmp_path / "c.txt", "f = x*y = -12\n")
    assert derive("verify", "s.toml", "c.txt").err == note
    write(tmp_path / "many.toml", GRAPH.replace("x = 3", "x = 3\n" + "".join(f"q{k} = 1\n" for k in range(9))))
    said = derive("gradients", "many.toml").err.splitlines()
    assert len(said) == 6
    assert said[-1] == "note: many.toml: graph.values: nothing uses 4 more values"
    write(tmp_path / "none.toml")
    assert derive("gradients", "none.toml").err == ""


def test_a_spec_with_an_exercise_is_told_that_nothing_uses_it(derive: Derive, tmp_path: Path) -> None:
    write(tmp_path / "s.toml", GRAPH + '[exercise]\nask = ["df/dx"]\n')
    ran = derive("gradients", "s.toml")
    assert ran.status == 0
    assert ran.err == "note: s.toml: exercise: there is no 'derive exercise' yet: it is checked, and not used\n"


def test_the_schema_accepts_every_example(derive: Derive, examples: Path) -> None:
    import tomllib

    schema = json.loads(derive("schema").out)
    jsonschema.Draft202012Validator.check_schema(schema)
    paths = sorted(examples.glob("*.toml"))
    assert paths
    for path in paths:
        jsonschema.validate(tomllib.loads(path.read_text("utf-8")), schema)


# Hostile words and the same bytes everywhere

HOSTILE = r"50% & a_b {{ 7*7 }} <b> \input{x} $"
SHOWN = {
    "markdown": r"50% \& a_b \{\{ 7\*7 \}\} \<b\> \\input\{x\} \$",
    "latex": r"50\% \& a\_b \{\{ 7*7 \}\} \textless{}b\textgreater{} \textbackslash{}input\{x\} \$",
    "json": json.dumps(HOSTILE)[1:-1],
}


@pytest.mark.parametrize("to", SHOWN)
@pytest.mark.parametrize("field", ["title", "source", "author", "date", "remarks"])
def test_the_author_s_words_appear_literally(derive: Derive, tmp_path: Path, to: str, field: str) -> None:
    words = HOSTILE.replace("$", "") if field == "remarks" else HOSTILE  # $…$ in remarks is a formula
    value = json.dumps([words]) if field == "remarks" else json.dumps(words)
    title = "" if field == "title" else 'title = "t"\n'
    write(tmp_path / "hostile.toml", f"{title}{field} = {value}\n" + GRAPH.split("\n", 2)[2])
    ran = derive("notes", "hostile.toml", "--to", to, "-o", "-")
    assert ran.err == ""
    assert SHOWN[to].removesuffix(r"\$").removesuffix("$").strip() in ran.out
    assert "49" not in ran.out


def test_output_is_the_same_under_any_hash_seed_locale_and_time_zone(tmp_path: Path, examples: Path) -> None:
    places = [
        {"PYTHONHASHSEED": "0", "LC_ALL": "C", "TZ": "UTC"},
        {"PYTHONHASHSEED": "12345", "LC_ALL": "C.UTF-8", "TZ": "Asia/Kathmandu"},
        {"PYTHONHASHSEED": "7", "LC_ALL": "de_DE.UTF-8", "TZ": "America/St_Johns", "PYTHONUTF8": "0"},
    ]
    lines = (
        ("notes", examples / "pass_or_fail.toml", "-o", "-"),
        ("notes", examples / "xor_batch.toml", "--to", "latex", "--style", "matrix", "-o", "-"),
        ("gradients", examples / "softmax_three_classes.toml", "--to", "json"),
        ("schema",),
        ("list",),
    )
    first, *others = (in_one_process(tmp_path, *lines, env=place) for place in places)
    assert [ran.status for ran in first] == [0] * len(lines)
    assert all(ran.out for ran in first)
    assert others == [first, first]


# Bad ends


@pytest.mark.parametrize("argv", [("--help",), ("gradients", "SPEC"), ("notes", "SPEC", "-o", "-"), ("list",)])
def test_a_full_disk_and_a_closed_output_are_one_message(tmp_path: Path, spec: Path, argv: tuple[str, ...]) -> None:
    line = command(*(str(spec) if word == "SPEC" else word for word in argv))
    with open("/dev/full", "wb") as full:
        done = subprocess.run(line, stdout=full, stderr=subprocess.PIPE, env=environment(), check=False)
    assert done.returncode == 2
    assert done.stderr.startswith(b"standard output: no space left on device")
    closed = subprocess.run(
        ["sh", "-c", 'exec "$@" >&-', "sh", *line], stderr=subprocess.PIPE, env=environment(), check=False
    )
    assert closed.returncode == 2
    assert b"Traceback" not in closed.stderr


def test_a_reader_that_leaves_ends_the_program_quietly(spec: Path) -> None:
    for argv in (("--help",), ("gradients", spec), ("list",), ("schema",)):
        read, written = os.pipe()
        os.close(read)
        done = subprocess.run(command(*argv), stdout=written, stderr=subprocess.PIPE, env=environment(), check=False)
        os.close(written)
        assert done.stderr == b""
        assert done.returncode == 128 + signal.SIGPIPE


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_an_interrupt_leaves_nothing_behind(tmp_path: Path, number: int, status: int) -> None:
    long = GRAPH + "[training]\nlearning_rate = 0.0001\niterations = 10000\n"
    long = long.replace("x*y", "sin(x*y) + exp(x/9)*tanh(y)")
    running = subprocess.Popen(
        command("notes", "-", "-o", "output/"), cwd=tmp_path, env=environment(),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
        preexec_fn=lambda: signal.signal(number, signal.SIG_DFL),  # noqa: PLW1509 - a background shell ignores SIGINT
    )  # fmt: skip
    assert running.stdin is not None
    running.stdin.write(long.encode() + b"#\n" * 200_000)  # more than a pipe holds: it is being read when this ends
    running.stdin.close()
    running.stdin = None
    time.sleep(0.3)
    running.send_signal(number)
    out, err = running.communicate(timeout=30)
    assert (running.returncode, out, err) == (status, b"", b"")
    assert listing(tmp_path) == []


@pytest.mark.parametrize(("name", "words"), [("nowhere.toml", "no such file"), (".", "folder"), ("/dev/null", "graph")])
def test_a_spec_that_cannot_be_read_is_one_message(derive: Derive, tmp_path: Path, name: str, words: str) -> None:
    ran = derive("gradients", name)
    assert ran.status == 2
    assert ran.err.startswith(f"{name}: ")
    assert words in ran.err.lower()
    assert listing(tmp_path) == []


def test_a_bug_is_reported_without_a_traceback(derive: Derive, spec: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from derive.render import gradients as report

    for error, words in (
        (KeyError("q"), "this is a bug in derive: KeyError: 'q'"),
        (MemoryError(), "out of memory"),
        (RecursionError(), "nests too deeply"),
    ):

        def broken(*_: object, error: Exception = error) -> str:
            raise error

        monkeypatch.setattr(report, "gradients_table", broken)
        ran = derive("gradients", spec)
        assert (ran.status, ran.out) == (2, "")
        assert words in ran.err
        assert "Traceback" not in ran.err


def test_python_dash_m_is_the_same_program(process: Derive) -> None:
    assert process("--version").out == f"derive {__version__}\n"
    assert (ROOT / "derive" / "__main__.py").is_file()
