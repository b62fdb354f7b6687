"""pandoc reads every LaTeX document: all formulas and tables arrive in Word and on a web page, and it warns of nothing.

Drawings in TikZ do not: pandoc leaves them out.
"""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from derive import network, specification
from derive.lesson import styles_of
from derive.render.document import notes
from tests.support.repository import ROOT
from tests.support.tools import need_tool

pytestmark = pytest.mark.usefixtures("one_proof")

EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))
PRESETS = ("superscript", "parenthesised", "bias_unit", "flat")
FORMULA = re.compile(
    r"\\\[\n(.*?)\n\\\]|(?<!\\)\$((?:[^$\\]|\\.)+)\$|\\ensuremath\{((?:[^{}]|\{[^{}]*\})*)\}", re.DOTALL
)
PICTURE = r"\\begin\{tikzpicture\}.*?\\end\{tikzpicture\}\n\\caption\{[^\n]*\}\n"
FIGURE = re.compile(rf"\\begin\{{figure\}}.*?\\end\{{figure\}}\n|{PICTURE}", re.DOTALL)
NUMBER = re.compile(r"\d+(?:\.\d+)?")


def pandoc(given: bytes, *options: str) -> bytes:
    """What pandoc makes of a document; a warning fails the test."""
    done = subprocess.run([need_tool("pandoc"), *options], input=given, capture_output=True, check=False, timeout=120)
    assert (done.returncode, done.stderr.decode()) == (0, "")
    return done.stdout


def elements(tree: Any, kind: str) -> Iterator[Any]:
    """The contents of all elements of one kind, in order."""
    if isinstance(tree, dict):
        if tree.get("t") == kind:
            yield tree["c"]
        tree = list(tree.values())
    if isinstance(tree, list):
        for part in tree:
            yield from elements(part, kind)


def formulas(tree: Any) -> list[str]:
    return [tex for _, tex in elements(tree, "Math")]


def written(tex: str) -> list[str]:
    """The formulas of a document as they stand in it, those in figures left out."""
    body = FIGURE.sub("", tex.partition(r"\begin{document}")[2] or tex)
    return ["".join(found).strip() for found in FORMULA.findall(body)]


def without_figures(tree: Any) -> Any:
    """What pandoc has read but for the captions of drawings, which it has kept since it knows figures (3.0)."""
    if isinstance(tree, list):
        return [without_figures(part) for part in tree if not (isinstance(part, dict) and part.get("t") == "Figure")]
    return {key: without_figures(part) for key, part in tree.items()} if isinstance(tree, dict) else tree


def numbers(tex: str) -> list[str]:
    """The numbers of a formula, in the order of their digits; lengths are no numbers of it."""
    return sorted(NUMBER.findall(re.sub(r"\[[0-9]pt\]|mspace\{[0-9]+mu\}", "", tex)))


def words(tree: Any) -> str:
    """The text, formulas as TeX."""
    if isinstance(tree, list):
        return "".join(map(words, tree))
    if not isinstance(tree, dict):
        return ""
    kind, content = tree.get("t"), tree.get("c")
    if kind == "Math":
        return str(content[1])
    return " " if kind in ("Space", "SoftBreak") else str(content) if kind == "Str" else words(content)


def tables(tree: Any) -> list[int]:
    """The number of rows in the body of each table."""
    return [sum(len(body[3]) for body in table[4]) for table in elements(tree, "Table")]


def check(tex: str, *, page: Sequence[str] = ("html", "--mathml")) -> None:
    """Read it, write it for Word and as a page, and read the Word file again."""
    wanted = written(tex)
    assert len(wanted) > 10
    read = without_figures(json.loads(pandoc(tex.encode(), "-f", "latex", "-t", "json")))
    assert [re.sub(r"\s+", " ", found) for found in formulas(read)] == [re.sub(r"\s+", " ", one) for one in wanted]
    rows = [body.count(r"\\") - 1 for body in re.findall(r"\\toprule(.*?)\\bottomrule", tex, re.DOTALL)]
    assert tables(read) == rows
    word = pandoc(json.dumps(read).encode(), "-f", "json", "-t", "docx", "-o", "-")
    again = json.loads(pandoc(word, "-f", "docx", "-t", "json"))
    assert len(formulas(again)) == len(wanted)
    for before, after in zip(wanted, formulas(again), strict=True):
        assert numbers(after) == numbers(before), before
    shown = pandoc(json.dumps(read).encode(), "-f", "json", "-t", *page).decode()
    assert shown.count("<math" if "--mathml" in page else 'class="math ') == len(wanted)
    assert shown.count("<table") == len(rows)


@pytest.mark.tool
def test_the_check_notices_what_pandoc_cannot_read() -> None:
    """A test of the test: a command that pandoc does not know, and a table in a box."""
    for bad in (r"\[ \Unknown( x ) \]", r"\setbox0\hbox{\begin{tabular}{l}a\end{tabular}}"):
        with pytest.raises(AssertionError):
            pandoc(bad.encode(), "-f", "latex", "-t", "html", "--mathml")


@pytest.mark.tool
@pytest.mark.parametrize("path", sorted((ROOT / "output").glob("*.tex")), ids=lambda path: path.stem)
def test_the_committed_documents(path: Path) -> None:
    check(path.read_text("utf-8"))


@pytest.mark.tool
@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "preset"),
    [
        pytest.param(path, preset, id=f"{path.stem}-{preset}", marks=[pytest.mark.many] * ((i + k) % len(PRESETS) > 0))
        for i, path in enumerate(EXAMPLES)
        for k, preset in enumerate(PRESETS)
    ],
)
def test_every_style_and_notation(path: Path, preset: str) -> None:
    text = path.read_text("utf-8")
    if "[notation]" not in text:
        text += f'\n[notation]\npreset = "{preset}"\n'
    elif preset != "superscript":
        pytest.skip("it has a notation of its own")
    made = network.build(specification.loads(text))
    for style in styles_of(made):
        check(notes(made, to="latex", style=style), page=("html", "--mathjax"))


@pytest.mark.tool
@pytest.mark.parametrize("options", [{"fragment": True}, {"width": "85mm"}, {"fragment": True, "width": "85mm"}])
def test_fragments_and_narrow_pages(options: dict[str, Any]) -> None:
    for name, style in (("xor_batch", "delta"), ("pass_or_fail", "matrix"), ("fan_out", "graph")):
        made = network.build(specification.load(str(ROOT / "examples" / f"{name}.toml")))
        check(notes(made, to="latex", style=style, **options))


LINKS = r"""
title = "50% & a_b {{ 7*7 }} <b> | \"x\" `y`"
source = {text = "A *source* [1] | „x“ – «y»", url = "https://x.org/a_(b)?c=d%20e&f=~g#h"}
remarks = ["See https://x.org/~me/p_1/2#a_1 or www.x.org/a_b; 50% & a_b | \"x\" `y` ½ ° – — € ε."]
[graph.values]
x = 3
[graph.nodes]
f = "x*x"
"""


@pytest.mark.tool
def test_words_and_links_arrive() -> None:
    tex = notes(network.build(specification.loads(LINKS)), to="latex")
    read = json.loads(pandoc(tex.encode(), "-f", "latex", "-t", "json"))
    assert [link[2][0] for link in elements(read, "Link")] == [
        "https://x.org/a_(b)?c=d%20e&f=~g#h",
        "https://x.org/~me/p_1/2#a_1",
        "http://www.x.org/a_b",
    ]
    text = words(read["blocks"])
    assert "Source: A *source* [1] | „x“ – «y»" in text
    assert 'See https://x.org/~me/p_1/2#a_1 or www.x.org/a_b; 50% & a_b | "x" `y` ½ ° – — € \\varepsilon.' in text
