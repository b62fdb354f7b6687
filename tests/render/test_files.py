"""A document is a text and files; a figure goes through every format; a new format is an entry and its templates."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from derive import network, specification
from derive.figures.model import Drawing, DrawnEdge, DrawnNode
from derive.lesson.blocks import Figure, Lesson, Section
from derive.lesson.desk import Desk
from derive.render import layout
from derive.render.document import Press, document
from derive.render.formats import FORMATS
from derive.words.runs import Words
from tests.support.own_format import PAGES, templates
from tests.support.program import Ran

Derive = Callable[..., Ran]
SPEC = '[graph.values]\nx = {x}\ny = -4\n[graph.nodes]\nf = "x*y"\n'


def figure(desk: Desk) -> Figure:
    """The graph of f = x*y with its values."""
    nodes = tuple(DrawnNode(name, desk.symbol(name), (desk.equation(name),)) for name in ("x", "y", "f"))
    drawing = Drawing(nodes, (DrawnEdge("x", "f"), DrawnEdge("y", "f")), frozenset({"f", ("x", "f")}))
    said = Words(("Two arrows lead to ", desk.symbol("f"), ": it is ", desk.number(desk.quantity("f")), " & no more."))
    return Figure("graph", Words(("The graph",)), (said,), drawing)


@pytest.fixture(autouse=True)
def lessons_with_figures(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    whole = layout.lesson

    def with_figure(desk: Desk) -> Lesson:
        built = whole(desk)
        section = Section("figures", Words(("Figures",)), (figure(desk),))
        return replace(built, sections=(*built.sections, section))

    monkeypatch.setattr(layout, "lesson", with_figure)
    return


def built(x: str) -> network.Network:
    return network.build(specification.loads(SPEC.format(x=x)))


@pytest.mark.parametrize("width", [None, "80mm"])
def test_what_cannot_be_drawn_is_said(width: str | None) -> None:
    markdown, latex = (
        document(built("3"), to=replace(FORMATS[name], draw=None), width=width) for name in ("markdown", "latex")
    )
    assert "> **The graph.** Two arrows lead to $f$: it is $-12$ \\& no more.\n" in markdown.text
    quoted = r"\textbf{The graph.} Two arrows lead to $f$: it is $-12$ \& no more."
    assert f"\\begin{{quote}}\n{quoted}\n\\end{{quote}}" in latex.text
    assert markdown.files == latex.files == {}


def test_a_figure_as_data() -> None:
    data = json.loads(document(built("3"), to="json").text)
    (block,) = data["sections"][-1]["blocks"]
    assert block["kind"] == "figure"
    assert [(node["name"], node["label"], node["beside"]) for node in block["nodes"]] == [
        ("x", "x", ["x = 3"]), ("y", "y", ["y = -4"]), ("f", "f", ["f = -12"]),
    ]  # fmt: skip
    assert [(edge["source"], edge["target"]) for edge in block["edges"]] == [("x", "f"), ("y", "f")]
    assert block["highlights"] == ["f", ["x", "f"]]
    assert block["title"] == [{"text": "The graph"}]


def test_a_new_format_gives_a_text_and_files(tmp_path: Path) -> None:
    press = Press(to=PAGES, templates=templates(tmp_path))
    first, second = press.document(built("3"), "my notes"), press.document(built("0.25"), "my notes")
    assert '<img src="my%20notes-graph.txt"' in first.text
    assert "it is <i><mn>-12</mn></i> &amp; no more" in first.text
    assert "it is <i><mn>-1</mn></i> &amp; no more" in second.text
    assert first.files == {
        "my notes-graph.txt": b"x: x = 3\ny: y = -4\nf: f = -12",
        "my notes-graph.png": b"\x89PNG\x0e0\x0f",
        "look.css": b"h1 { margin: 0 }",
    }
    assert second.files["my notes-graph.txt"] == b"x: x = 0.25\ny: y = -4\nf: f = -1"
    assert not {"\x0e", "\x0f", "\x13"} & {*first.text, *second.text}


def test_the_second_document_is_filled_and_not_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    press = Press(to=PAGES, templates=templates(tmp_path))
    press.document(built("3"), "a")
    monkeypatch.setattr(press.page(), "skeleton", None)
    assert press.document(built("5"), "b").files["b-graph.txt"] == b"x: x = 5\ny: y = -4\nf: f = -20"


# On the command line


@pytest.fixture
def own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """The folder of the new format's templates; the format is in the table."""
    for module in ("derive.render.formats", "derive.render.document"):
        monkeypatch.setattr(f"{module}.FORMATS", {**FORMATS, "pages": PAGES})
    for name, x in (("one", "3"), ("two", "5")):
        (tmp_path / f"{name}.toml").write_text(SPEC.format(x=x), encoding="utf-8")
    return str(templates(tmp_path / "own"))


def test_documents_and_their_files_stand_together(derive: Derive, own: str, tmp_path: Path) -> None:
    ran = derive("notes", "one.toml", "two.toml", "--to", "pages", "--templates", own)
    assert (ran.status, ran.out) == (0, "output/one.pages\noutput/two.pages\n")
    assert {path.name for path in (tmp_path / "output").iterdir()} == {
        "one.pages", "one-graph.txt", "one-graph.png", "two.pages", "two-graph.txt", "two-graph.png", "look.css",
    }  # fmt: skip
    assert (tmp_path / "output" / "two-graph.txt").read_text() == "x: x = 5\ny: y = -4\nf: f = -20"


def test_files_are_named_after_the_document(derive: Derive, own: str, tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    assert derive("notes", "one.toml", "-o", "deep/a.b.PGS", "--templates", own).status == 0
    assert {path.name for path in (tmp_path / "deep").iterdir()} == {
        "a.b.PGS", "a.b-graph.txt", "a.b-graph.png", "look.css",
    }  # fmt: skip


@pytest.mark.parametrize("target", ["-", "/dev/stdout", "/dev/null"])
def test_standard_output_has_no_place_for_files(derive: Derive, own: str, tmp_path: Path, target: str) -> None:
    before = sorted(tmp_path.rglob("*"))
    ran = derive("notes", "one.toml", "--to", "pages", "--templates", own, "-o", target)
    assert (ran.status, ran.out) == (2, "")
    assert "has files beside it (" in ran.err
    assert "name a file or a folder with -o" in ran.err
    assert sorted(tmp_path.rglob("*")) == before


def test_a_format_without_files_still_goes_to_standard_output(derive: Derive, own: str) -> None:
    ran = derive("notes", "one.toml", "-o", "-")
    assert ran.status == 0
    assert "it is $-12$" in ran.out


@pytest.mark.parametrize("taken", ["one-graph.png", "look.css"])
def test_all_or_none(derive: Derive, own: str, tmp_path: Path, taken: str) -> None:
    (tmp_path / "out" / taken).mkdir(parents=True)
    ran = derive("notes", "one.toml", "two.toml", "--to", "pages", "--templates", own, "-o", "out/")
    assert ran.status == 2
    assert f"{taken}: is a folder" in ran.err
    assert [path.name for path in (tmp_path / "out").iterdir()] == [taken]


def test_a_file_never_overwrites_an_input(derive: Derive, own: str, tmp_path: Path) -> None:
    (tmp_path / "one-graph.txt").write_text(SPEC.format(x="3"))
    ran = derive("notes", "one.toml", "one-graph.txt", "--to", "pages", "--templates", own, "-o", ".")
    assert ran.status == 2
    assert (tmp_path / "one-graph.txt").read_text() == SPEC.format(x="3")
    assert not (tmp_path / "one.pages").exists()


def test_an_option_that_the_format_does_not_take(derive: Derive, own: str) -> None:
    ran = derive("notes", "one.toml", "--to", "pages", "--templates", own, "--fragment", "-o", "x.pages")
    assert ran.status == 2
    assert "--fragment is for LaTeX only" in ran.err
    assert "add --to latex, or leave --fragment out" in ran.err


def test_the_table_is_read_by_all(derive: Derive, own: str) -> None:
    assert "pages     notes (.pages)" in derive("list").out
    assert "markdown, latex, json, pages" in " ".join(derive("notes", "--help").out.split())
    ran = derive("gradients", "one.toml", "-o", "x.pgs")
    assert (ran.status, ran.err.splitlines()[0]) == (
        2,
        "x.pgs: derive gradients does not write pages (the ending .pgs)",
    )


@pytest.mark.parametrize("name", ["", "../up", "A", "a b", "a/b", "a.svg", "-a"])
def test_names_of_figures_are_safe(name: str) -> None:
    with pytest.raises(ValueError, match="no name of a figure"):
        Figure(name, Words(("",)), (), Drawing(()))
