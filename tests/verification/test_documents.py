"""Notebooks and Word documents are judged like any text, their places are said; pictures and the like are refused."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

import derive
from derive.cli import main
from derive.errors import DeriveError
from derive.verification.documents import claims_document
from tests.support.limits import in_cpu
from tests.support.program import command
from tests.support.repository import ROOT
from tests.support.tools import need_tool
from tests.support.verification import packed
from tests.support.verification.packed import Cell

SPEC = ROOT / "examples" / "three_inputs.toml"
MAZUR = ROOT / "examples" / "mazur.toml"
NETWORK = derive.load(str(SPEC))
CELLS = (
    packed.markdown("# Homework\n\nWe have\n\n$$f = x \\cdot y = -12$$\n\nand $\\frac{dg}{dx} = y = -4$"),
    packed.code("f = x*y\nf", packed.result("-12")),
    packed.code("g = f + 2\nprint(g)\nprint('f =', f)", packed.printed("-11\nf = -12\n")),
    packed.markdown("so x' = 3 - 0.1*(-4) = 3.5"),
)
FOUND = [
    ("cell 1, line 5", "holds"), ("cell 1, line 5", "holds"), ("cell 1, line 7", "holds"), ("cell 1, line 7", "holds"),
    ("cell 2, line 1", "holds"), ("cell 2, printed line 1", "holds"),
    ("cell 3, line 1", "holds"), ("cell 3, printed line 1", "wrong"), ("cell 3, printed line 2", "holds"),
    ("cell 4, line 1", "holds"), ("cell 4, line 1", "wrong"),
]  # fmt: skip
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Run:
    """Run the command on files with these contents; status, output, messages."""
    monkeypatch.chdir(tmp_path)

    def verify(files: dict[str, str | bytes], *options: str, spec: Path = SPEC) -> tuple[int, str, str]:
        for name, content in files.items():
            (tmp_path / name).write_bytes(content if isinstance(content, bytes) else content.encode())
        status = main(["verify", str(spec), *files, *options])
        said = capsys.readouterr()
        return status, said.out, said.err

    return verify


def verdicts(run: Run, name: str, content: str | bytes, spec: Path = SPEC) -> list[tuple[str, str]]:
    """The place and the verdict of each claim of one file."""
    _, out, _ = run({name: content}, "--to", "json", spec=spec)
    return [(claim["place"], claim["verdict"]) for claim in json.loads(out)["claims"]]


@pytest.mark.parametrize("write", [packed.notebook, packed.old_notebook])
def test_a_notebook(write: Callable[..., str], run: Run) -> None:
    assert verdicts(run, "a.ipynb", write(*CELLS)) == FOUND


def test_places_are_said_in_every_report(run: Run, tmp_path: Path) -> None:
    claims = {"a.ipynb": packed.notebook(*CELLS, packed.code("", packed.printed("z goes to 1.9\n")))}
    status, out, _ = run(claims)
    assert status == 1
    assert "a.ipynb: cell 3, printed line 1: wrong\n    g = -11\n" in out
    assert "The first mistake is in cell 3, printed line 1." in out
    assert out.endswith("not read: cell 5, printed line 1\n")
    assert "**Cell 4, line 1: wrong**" in run(claims, "--to", "markdown")[1]
    assert "cell 4, line 1: \\textbf{wrong}" in run(claims, "--to", "latex")[1]
    rows = list(csv.DictReader(io.StringIO(run(claims, "--to", "csv")[1])))
    assert [(row["line"], row["verdict"]) for row in rows] == FOUND
    (tmp_path / "marks.toml").write_text('g = 1\n"x\'" = 1\n')
    row = next(csv.DictReader(io.StringIO(run(claims, "--to", "csv", "--marks", "marks.toml")[1])))
    assert (row["first_mistake"], row["not_read"]) == ("cell 3, printed line 1", "cell 5, printed line 1")
    data = json.loads(run(claims, "--to", "json")[1])
    assert data["not_read"][0]["places"] == ["cell 5, printed line 1"]
    assert data["not_read"][0]["lines"] == data["summary"]["not_read"]


def test_what_follows_names_the_place(run: Run) -> None:
    cells = (packed.markdown("$f = xy = 12$"), packed.markdown("$g = f + z = 12 + 2 = 14$\n\n$E_2 = 3$"))
    _, out, _ = run({"a.ipynb": packed.notebook(*cells)})
    assert "a.ipynb: cell 2, line 1: follows, rightly, from the mistake in cell 1, line 1" in out
    _, out, _ = run({"a.ipynb": packed.notebook(*cells)}, "--to", "latex")
    assert r"\follows\,\text{cell 1, line 1}" in out


def test_a_cell_ends_what_is_open_in_it(run: Run) -> None:
    """A formula, code, a comment, a quotation that is never closed takes nothing of the cells below."""
    for text in ("$$ f = ", "```\nf", "<!-- f", "> f", "$f", "\\[ f", "\\begin{align} f", "| f |\n|---|"):
        cells = (packed.markdown(text), packed.markdown("$f = -12$"), packed.markdown("$g = -11$"))
        assert verdicts(run, "a.ipynb", packed.notebook(*cells))[-2:] == [
            ("cell 2, line 1", "holds"),
            ("cell 3, line 1", "wrong"),
        ], text


@pytest.mark.parametrize(
    ("code", "output", "right"),
    [
        ("f", packed.result("-12"), "-12"),
        ("%time\nf", packed.result("-12"), "-12"),
        ("print(f)", packed.printed("-12\n"), "-12"),
        ("print(f)  # the product", packed.printed("\x1b[31m-12\x1b[0m\n"), "-12"),
        ("print('f =', f)", packed.printed("f = -12\n"), "-12"),
        ("f", packed.result("f = -12"), "-12"),
        ("display(f)", packed.result("<Math object>", latex="$\\displaystyle f = -12$"), "-12"),
        ("f", {"output_type": "execute_result", "data": {"text/plain": ["-12"]}}, "-12"),
    ],
)
def test_what_a_cell_shows(code: str, output: Cell, right: str, run: Run) -> None:
    """The number that is printed is one of what the code shows; another number is wrong."""
    for number, verdict in ((right, "holds"), ("-13", "wrong")):
        shown = json.loads(json.dumps(output).replace(right, number))
        found = verdicts(run, "a.ipynb", packed.notebook(packed.code(code, shown)))
        assert [verdict for place, verdict in found if "printed" in place] == [verdict]


@pytest.mark.parametrize(
    ("code", "output"),
    [
        ("for x in (1, 2): print(f)", packed.printed("1\n2\n")),
        ("len(f)", packed.result("7")),
        ("f.shape", packed.result("7")),
        ("f", packed.printed("7\n", "stderr")),
    ],
)
def test_what_is_no_value_of_a_quantity(code: str, output: Cell, run: Run) -> None:
    cells = packed.markdown("$f = -12$"), packed.code(code, output)
    assert verdicts(run, "a.ipynb", packed.notebook(*cells)) == [("cell 1, line 1", "holds")]


@pytest.mark.parametrize(
    ("code", "output", "right"),
    [
        ("print(f, g)", "-12 -10\n", ["holds", "holds"]),
        ("print(f, g)", "-12 2\n", ["holds", "wrong"]),
        ("print(f, g)", "1 2\n", ["wrong", "wrong"]),
        ("print(f)\nprint(g)", "-12\n", ["holds"]),
        ("print(f)\nprint(g)", "1\n", ["wrong"]),
        ("print(f.shape, f)", "7 -12\n", ["holds"]),
        ("print(f.shape, f)", "7 -13\n", ["wrong"]),
    ],
)
def test_what_several_prints_show(code: str, output: str, right: list[str], run: Run) -> None:
    """Each number belongs to the quantity that printed it; a shape is none, and what was cut off is not missed."""
    cells = packed.markdown("let g = f + 2"), packed.code(code, packed.printed(output))
    found = verdicts(run, "a.ipynb", packed.notebook(*cells))
    assert [verdict for place, verdict in found if "printed" in place] == right


BAD = {
    "no JSON": "f = -12",
    "half of one": packed.notebook(*CELLS)[:200],
    "a list": "[1, 2]",
    "no cells": '{"nbformat": 4}',
    "cells of another kind": '{"cells": {"a": 1}}',
    "a cell that is none": '{"cells": [1]}',
    "a cell without a kind": '{"cells": [{"source": "f = -12"}]}',
    "a source that is none": '{"cells": [{"cell_type": "markdown", "source": {"a": 1}}]}',
    "a source of numbers": '{"cells": [{"cell_type": "code", "source": [1, 2]}]}',
    "an output that is none": '{"cells": [{"cell_type": "code", "source": "f", "outputs": [{"output_type": "stream", "text": 3}]}]}',
    "deep": "[" * 100_000,
    "a long number": '{"cells": [' + "9" * 100_000 + "]}",
    "nothing": "",
    "no claims": packed.notebook(packed.markdown("I was ill.")),
    "not UTF-8": b"\xff\xfe{}",
    "large": packed.notebook(packed.markdown("f = -12\n" * 150_000)),
}


@pytest.mark.parametrize("name", BAD)
def test_a_bad_notebook_is_one_message(name: str, run: Run) -> None:
    status, out, err = run({"a.ipynb": BAD[name]})
    assert (status, out) == (2, "")
    assert err.startswith("a.ipynb: ")
    assert err.count("a.ipynb") == 1
    assert len(err.strip().splitlines()) <= 2


HOSTILE = {
    "many cells": lambda: packed.notebook(*[packed.markdown("$f = -12$")] * 5_000),
    "many lists": lambda: '{"cells": [' + "[]," * 2_700_000 + "[]]}",
    "code that nests": lambda: packed.notebook(*[packed.code("f" + "+(f" * 3_000 + ")" * 3_000, packed.result("1"))] * 30),
    "long code": lambda: packed.notebook(*[packed.code("f = " + "f+" * 9_900 + "f", packed.result("1"))] * 40),
    "ticks": lambda: packed.notebook(packed.code("`" * 900_000)),
    "prints": lambda: packed.notebook(*[packed.code("print(f)\n" * 2_000, packed.printed("-12\n" * 2_000))] * 4),
    "fences": lambda: packed.notebook(*[packed.markdown("```\n$$\n<!--")] * 40_000),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_notebook_is_bounded(name: str, tmp_path: Path) -> None:
    (tmp_path / "a.ipynb").write_text(HOSTILE[name](), encoding="utf-8")
    ended = in_cpu(command("verify", SPEC, "a.ipynb", "-o", "report"), tmp_path, 10)
    assert "Traceback" not in ended.said
    assert ended.status in (0, 1, 2)
    assert ended.memory < 500_000_000


def test_python() -> None:
    found = derive.verify(NETWORK, packed.notebook(*CELLS), "notebook")
    assert [judgement.verdict for judgement in found.judgements] == [verdict for _, verdict in FOUND]
    assert "cell 4, line 1: wrong" in found.report()
    with pytest.raises(DeriveError, match="no notebook"):
        derive.verify(NETWORK, "f = -12", "notebook")
    with pytest.raises(ValueError, match="known: text, markdown, latex, notebook, docx"):
        derive.verify(NETWORK, "f = -12", "odt")  # type: ignore[arg-type]


# Word documents


def slope(above: str, below: str) -> str:
    return packed.fraction(packed.signs(f"∂{above}"), packed.signs(f"∂{below}"))


def equations(new: str) -> bytes:
    """A Word document, typed by hand, that comes to a new value."""
    return packed.document(
        packed.text("Homework of ") + packed.text("somebody"),
        packed.equation(packed.signs("f=x∙y=-12"), display=True),
        packed.equation(slope("g", "x"), packed.signs("=1∙y=-4"), display=True),
        packed.text("so ") + packed.equation(packed.high("x", "'"), packed.signs(f"=3-0.1∙(-4)={new}")),
        packed.equation(packed.lines([packed.signs("g&=f+z"), packed.signs("&=-10")]), display=True),
        packed.text("dg/dz = 1"),
    )


def test_word_is_read_with_pandoc(run: Run) -> None:
    need_tool("pandoc")
    for new, verdict in (("3.4", "holds"), ("3.5", "wrong")):
        found = verdicts(run, "a.docx", equations(new))
        places = [f"paragraph {n}" for n in (2, 2, 3, 3, 4, 4, 5, 5, 6)]
        assert found == [(place, verdict if i == 5 else "holds") for i, place in enumerate(places)]


def test_letters_set_low_in_word(run: Run) -> None:
    need_tool("pandoc")
    new = packed.equation(packed.low("w", "5"), packed.signs("'"), packed.signs("=0.40-0.5×0.082167041=0.358916480"))
    content = packed.document(packed.text("∂E/∂w") + packed.text("5", "subscript") + packed.text(" = 0.082167041"), new)
    assert {verdict for _, verdict in verdicts(run, "a.docx", content, MAZUR)} == {"holds"}
    wrong = content.replace(b"", b"")
    assert wrong == content


def test_a_document_that_pandoc_made(run: Run, tmp_path: Path) -> None:
    pandoc = need_tool("pandoc")
    source = (
        "# Homework\n\nWe know $f = x \\cdot y = -12$ and\n\n$$\\frac{\\partial g}{\\partial x} = y = NUMBER$$\n\n"
        "- y' = -4 - 0.1\\*3 = -4.3\n\n| quantity | value |\n|---|---|\n| f | -12 |\n| g | -10 |\n"
    )
    for number, verdict in (("-4", "holds"), ("-3", "wrong")):
        text = source.replace("NUMBER", number)
        made = [pandoc, "-f", "markdown", "-t", "docx", "-o", str(tmp_path / "made.docx")]
        subprocess.run(made, input=text.encode(), check=True)
        found = verdicts(run, "a.docx", (tmp_path / "made.docx").read_bytes())
        assert found == [
            (f"paragraph {n}", verdict if i == 3 else "holds") for i, n in enumerate((2, 2, 3, 3, 4, 4, 5, 5))
        ]


def test_python_reads_word() -> None:
    need_tool("pandoc")
    assert not derive.verify(NETWORK, equations("3.5"), "docx").holds
    assert derive.verify(NETWORK, equations("3.4"), "docx").holds


def test_without_pandoc_a_message_says_what_to_do(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shutil, "which", lambda name: None)
    status, out, err = run({"a.docx": equations("3.4")})
    assert (status, out) == (2, "")
    assert err.startswith("a.docx: is a Word document, which is read with pandoc, and pandoc is not installed")
    assert "install pandoc" in err


def test_a_pandoc_that_fails_or_does_not_end(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from derive.verification.documents import pandoc

    program = tmp_path / "pandoc"
    monkeypatch.setattr(shutil, "which", lambda name: str(program))
    monkeypatch.setattr(pandoc, "MAX_SECONDS", 1)
    for body, said in (
        ("exit 6", "2.15"),
        ("exit 1", "no Word document"),
        ("sleep 60", "more than"),
        ("echo [", "deep"),
    ):
        program.write_text(f"#!/bin/sh\n{body}\n")
        program.chmod(0o755)
        status, _, err = run({"a.docx": equations("3.4")})
        assert status == 2
        assert said in err


BAD_WORD = {
    "a text": b"f = -12\n",
    "half of one": equations("3.4")[:500],
    "an archive": packed.packed({"a.txt": "f = -12"}),
    "no XML": packed.packed(
        {"[Content_Types].xml": packed.TYPES, "_rels/.rels": packed.RELATIONS, "word/document.xml": "no"}
    ),
    "much": packed.packed({"word/document.xml": b"<" * 40_000_000}),
    "nothing": b"",
}


@pytest.mark.parametrize("name", BAD_WORD)
def test_a_bad_word_document_is_one_message(name: str, run: Run) -> None:
    if name == "no XML":
        need_tool("pandoc")
    status, out, err = run({"a.docx": BAD_WORD[name]})
    assert (status, out) == (2, "")
    assert err.startswith("a.docx: ")
    assert len(err.strip().splitlines()) <= 2


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="bounds CPU time with prlimit")
def test_a_hostile_word_document_is_bounded(tmp_path: Path) -> None:
    need_tool("pandoc")
    deep = packed.signs("1")
    for _ in range(3_000):
        deep = packed.fraction(packed.signs("1"), deep)
    zeros = packed.packed({"word/document.xml": b"\0" * 7_000_000})
    shapes = {"deep": packed.document(packed.equation(deep)), "zeros": zeros}
    for name, content in shapes.items():
        (tmp_path / f"{name}.docx").write_bytes(content)
        ended = in_cpu(command("verify", SPEC, f"{name}.docx", "-o", "report"), tmp_path, 20)
        assert "Traceback" not in ended.said, name
        assert ended.status in (0, 1, 2), name
        assert ended.memory < 500_000_000, name


# What is refused

REFUSED: dict[str, tuple[bytes, str]] = {
    "a.pdf": (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "is a PDF"),
    "b.txt": (b"%PDF-1.4\nall of it ASCII", "is a PDF"),
    "c.png": (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "is a picture (PNG)"),
    "d.jpg": (b"\xff\xd8\xff\xe0\0\x10JFIF", "is a picture (JPEG)"),
    "e.heic": (b"\0\0\0\x18ftypheic\0\0\0\0", "is a picture (HEIC)"),
    "f.heic": (b"\0\0\0\x18ftypmif1\0\0\0\0", "is a picture (HEIC)"),
    "g.odt": (packed.packed({"mimetype": "application/vnd.oasis.opendocument.text", "a": "b" * 99}), "is an OpenDocument text"),
    "h.pages": (packed.packed({"Index/Document.iwa": "x" * 99}), "is a document of Pages"),
    "i.doc": (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 99, "is a document of an old Office program"),
    "j.rtf": (b"{\\rtf1\\ansi f = -12}", "is a document in Rich Text Format"),
    "k.zip": (packed.packed({"a.txt": "f = -12"}), "is an archive or a binary file"),
    "l.txt": (equations("3.4"), "is a Word document"),
    "m.txt": (b"f = -12\0\0\0", "is a binary file"),
    "n.gif": (b"GIF89a\x01\0", "is a picture (GIF)"),
    "o.webp": (b"RIFF\0\0\0\0WEBPVP8 ", "is a picture (WebP)"),
    "p.txt": (bytes(range(128, 256)), "is not UTF-8"),
    "q.jpeg": (b"\xfe\x00broken", "is a picture"),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSED)
def test_what_is_no_text_is_refused(name: str, run: Run) -> None:
    content, said = REFUSED[name]
    status, out, err = run({name: content})
    assert (status, out) == (2, "")
    assert err.startswith(f"{name}: {said}")
    assert len(err.strip().splitlines()) == 2


def test_a_class_of_all_kinds(run: Run, tmp_path: Path) -> None:
    """Who sends a picture is named; the others are judged, at once as one by one."""
    (tmp_path / "marks.toml").write_text('g = 1\n"dg/dx" = 1\n')
    files: dict[str, str | bytes] = {name: content for name, (content, _) in REFUSED.items()}
    files |= {"right.ipynb": packed.notebook(*CELLS[:2]), "bad.ipynb": "{", "right.md": "$g = f + z = -10$\n"}
    files |= {"right.docx": equations("3.4")} if shutil.which("pandoc") else {}
    status, out, err = run(files, "--to", "csv", "--marks", "marks.toml")
    assert status == 1
    rows = {row["file"]: row for row in csv.DictReader(io.StringIO(out))}
    assert list(rows) == list(files)
    assert (rows["right.ipynb"]["dg/dx"], rows["right.md"]["g"]) == ("1", "1")
    for name, (_, said) in REFUSED.items():
        assert f"derive: {name}: {said}" in err
    assert (status, out, err) == run(files, "--to", "csv", "--marks", "marks.toml", "--jobs", "2")
    status, out, _ = run(files, "-o", "sheets/")
    sheet = (tmp_path / "sheets" / "right.ipynb.md").read_text()
    assert "hold" in sheet
    assert "is a PDF" in (tmp_path / "sheets" / "a.md").read_text(encoding="utf-8").replace("Is a", "is a")


def test_text_that_looks_like_nothing_else_is_text() -> None:
    for text in ("PK = 3", "BM = 2", "ID3", "%PDX", "{\\rt", "II* = 3", ""):
        assert claims_document(text.encode(), "a.txt", "a.txt").text == text
