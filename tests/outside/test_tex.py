"""Every LaTeX document compiles: no error, no warning, no overfull box."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from derive import network, specification
from derive.render.document import notes
from tests.support.outside.tex import EXAMPLES, PARENTS, compile_tex, inside
from tests.support.repository import ROOT
from tests.support.tools import need_tool

pytestmark = pytest.mark.usefixtures("one_proof")


@pytest.mark.tool
def test_the_check_notices_trouble(tmp_path: Path) -> None:
    """A test of the test: an overfull line, an undefined reference, an undefined command."""
    for trouble in (r"\hbox to 3cm{\rule{4cm}{1pt}}", r"\ref{nowhere}", r"\undefinedcommand", r"\rule{30cm}{1pt}"):
        with pytest.raises(AssertionError):
            compile_tex(tmp_path, rf"\documentclass{{article}}\begin{{document}}{trouble}\end{{document}}")


@pytest.mark.tool
def test_the_check_notices_trouble_where_packages_are_loaded(tmp_path: Path) -> None:
    """A test of the test: so it does in a document that begins as another did, and in pictures."""
    begin = "\\documentclass{article}\n\\usepackage{tikz}\n\\usepackage{hyperref}\n\\begin{document}\n"
    begin, end = begin + "\\section{A}\\label{x}\n", "\\end{document}\n"
    picture = r"\begin{tikzpicture}BODY\end{tikzpicture}"
    troubles = [
        (r"\hbox to 3cm{\rule{4cm}{1pt}}", "Overfull"),
        (r"\ref{nowhere}", "undefined"),
        (r"\undefinedcommand", "Undefined"),
        (r"\section{$\frac{1}{2}$}", "hyperref"),
        (picture.replace("BODY", r"\undefinedcommand"), "Undefined"),
        (picture.replace("BODY", r"\draw (0,0) -- (30cm,0);"), "Overfull"),
    ]
    tall = picture.replace("BODY", r"\draw (0,0) -- (1cm,12cm);") + "\n\n"
    for good in ("", r"\ref{x}", tall + tall + r"\section{B}\label{y} \ref{y}"):  # on another page than without them
        compile_tex(tmp_path, begin + good + end)
    for trouble, said in troubles:
        with pytest.raises(AssertionError, match=said):
            compile_tex(tmp_path, begin + trouble + end)


@pytest.mark.tool
def test_what_is_loaded_before_makes_no_difference(tmp_path: Path) -> None:
    """A test of the test: TeX alone, run twice, writes the same pages."""
    pdftotext, pdflatex = need_tool("pdftotext"), need_tool("pdflatex")
    text = (ROOT / "output" / "momentum.tex").read_text("utf-8")
    made = [compile_tex(tmp_path, text, name=name) for name in ("a", "b")]
    (tmp_path / "c.tex").write_text(text, encoding="utf-8")
    for _ in range(2):
        subprocess.run([pdflatex, "-interaction=nonstopmode", "c.tex"], cwd=tmp_path, capture_output=True, check=True)
    assert r"\documentclass" not in (tmp_path / "b.tex").read_text("utf-8")
    shown = [
        subprocess.run([pdftotext, "-layout", pdf.name, "-"], cwd=tmp_path, capture_output=True, check=True).stdout
        for pdf in (*made, tmp_path / "c.pdf")
    ]
    assert len(shown[0]) > 5_000
    assert shown[0] == shown[1] == shown[2]


@pytest.mark.tool
def test_the_committed_documents_are_complete() -> None:
    assert {path.stem for path in (ROOT / "output").glob("*.tex")} >= {path.stem for path in EXAMPLES}


@pytest.mark.tool
@pytest.mark.parametrize("path", sorted((ROOT / "output").glob("*.tex")), ids=lambda path: path.stem)
def test_the_committed_documents(path: Path, tmp_path: Path) -> None:
    assert compile_tex(tmp_path, path.read_text("utf-8")).is_file()


@pytest.mark.tool
@pytest.mark.parametrize(("name", "pages"), [("pass_or_fail", 8), ("mazur", 9)])
def test_documents_are_short(name: str, pages: int, tmp_path: Path) -> None:
    """With all figures, questions and answers."""
    pdf = compile_tex(tmp_path, (ROOT / "output" / f"{name}.tex").read_text("utf-8"))
    log = pdf.with_suffix(".log").read_text("utf-8", "replace")
    (found,) = re.findall(r"Output written on [^(]*\((\d+) pages?", log)
    assert int(found) <= pages


@pytest.mark.tool
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_a_card_is_one_page(path: Path, tmp_path: Path) -> None:
    built = network.build(specification.load(path))
    compile_tex(tmp_path, notes(built, to="latex", card=True))
    assert "(1 page," in (tmp_path / "notes.log").read_text("utf-8", "replace")


@pytest.mark.tool
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_fragments_in_another_document(path: Path, tmp_path: Path) -> None:
    made = network.build(specification.load(str(path)))
    inside(tmp_path, notes(made, to="latex", fragment=True), PARENTS["page"])


LINKED = """
source = "https://example.org/a/long/address/with_many_parts/0123456789abcdef0123456789abcdef0123456789abcdef?a=b%20c#d"
remarks = ["„Quoted“, a|b, see www.example.org/~me/50%."]
"""


TINY_ENTRIES = """
[network]
inputs = 2
loss = "cross_entropy"
[[network.layers]]
units = 5
activation = "tanh"
weights = {random = "normal", seed = 3}
[[network.layers]]
units = 4
activation = "softmax"
weights = {random = "normal", std = 40, seed = 4}
[[data]]
x = [1.5, -2]
t = [0, 1, 0, 0]
[[data]]
x = [0.5, 2]
t = [0, 0, 1, 0]
[training]
learning_rate = 0.1
[numbers]
significant = 6
"""


@pytest.mark.tool
def test_matrices_with_long_numbers_fit(tmp_path: Path) -> None:
    """Entries as 4.36422 × 10^-65: three columns are wider than the column of a page."""
    part = notes(
        network.build(specification.loads(TINY_ENTRIES)), to="latex", style="matrix", fragment=True, width="85mm"
    )
    assert r"\times 10^{-65} & \cdots &" in part
    inside(tmp_path, part, PARENTS["85mm"])


@pytest.mark.tool
def test_a_fragment_needs_each_package_that_it_names(tmp_path: Path) -> None:
    toml = LINKED + '[graph.values]\nx = 3\n[graph.nodes]\nf = "x*x"\n'
    part = notes(network.build(specification.loads(toml)), to="latex", fragment=True)
    inside(tmp_path, part, PARENTS["page"])
    packages = ["[T1]{fontenc}", "{amsmath}", "{booktabs}", "{hyperref}", "{tikz}"]
    inside(tmp_path, part, PARENTS["page"], "".join(rf"\usepackage{one}" for one in packages))
    for left_out in packages:
        loaded = "".join(rf"\usepackage{one}" for one in packages if one != left_out)
        with pytest.raises(AssertionError):
            inside(tmp_path, part, PARENTS["page"], loaded)


@pytest.mark.tool
@pytest.mark.parametrize("links", ["", r"\usepackage{hyperref}"])
def test_a_fragment_with_formulas_in_its_title(links: str, tmp_path: Path) -> None:
    """A table of contents shows them; the bookmarks of hyperref, which cannot, get letters, and no warning."""
    toml = "title = '$df/dx$ of $\\hat{f}_{1}$, 50% & more'\n[graph.values]\nx = 3\n[graph.nodes]\nf = \"x*x\"\n"
    part = notes(network.build(specification.loads(toml)), to="latex", fragment=True)
    loaded = rf"\usepackage{{amsmath,booktabs,tikz}}{links}"
    inside(tmp_path, part, PARENTS["page"].replace("PACKAGES", r"PACKAGES\AtBeginDocument{\tableofcontents}"), loaded)
    assert r"\hat {f}_{1}" in (tmp_path / "notes.toc").read_text()


@pytest.mark.tool
@pytest.mark.parametrize("engine", ["pdflatex", "lualatex"])
def test_addresses_are_links_in_the_pdf(engine: str, tmp_path: Path) -> None:
    toml = LINKED + '[graph.values]\nx = 3\n[graph.nodes]\nf = "x*x"\n'
    pdf = compile_tex(tmp_path, notes(network.build(specification.loads(toml)), to="latex"), engine)
    shown = subprocess.run([need_tool("pdftotext"), pdf.name, "-"], cwd=tmp_path, capture_output=True, check=True)
    letters = "".join(shown.stdout.decode().split())
    assert specification.loads(toml).source.text in letters
    assert "„Quoted“,a|b,seewww.example.org/~me/50%." in letters


@pytest.mark.tool
def test_the_author_s_words_are_printed_literally(tmp_path: Path) -> None:
    hostile = r"50% & a_b {{ 7*7 }} <b> \input{x} $"
    words = "\n".join(f"{field} = {json.dumps(hostile)}" for field in ("title", "source", "author", "date"))
    text = words + '\n[graph.values]\nx = 3\n[graph.nodes]\nf = "x*x"\n'
    pdf = compile_tex(tmp_path, notes(network.build(specification.loads(text)), to="latex"))
    shown = subprocess.run([need_tool("pdftotext"), pdf.name, "-"], cwd=tmp_path, capture_output=True, check=True)
    lines = " ".join(shown.stdout.decode().split())
    assert lines.count(hostile) == 4
