"""Every LaTeX document compiles: no error, no warning, no overfull box."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest

from derive import network, specification
from derive.lesson import styles_of
from derive.naming.presets import PRESETS
from derive.render.document import notes
from tests.support.random_specs import graph, layered
from tests.support.repository import ROOT
from tests.support.tools import need_tool
from tests.verification.test_own_letters import LETTERS, lettered

pytestmark = pytest.mark.usefixtures("one_proof")

EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))
TROUBLE = re.compile(
    r"^(?:!|Overfull|.*undefined|LaTeX Warning|Package \w+ Warning|Missing character).*$", re.MULTILINE
)
PARENTS = {
    "page": r"\documentclass[11pt]{article}PACKAGES\usepackage[a4paper,margin=25mm]{geometry}",
    "110mm": r"\documentclass[11pt]{article}PACKAGES\usepackage[textwidth=110mm]{geometry}",
    "85mm": r"\documentclass[10pt,twocolumn]{article}PACKAGES\usepackage[textwidth=178mm,columnsep=8mm]{geometry}",
}
"""Documents around a fragment: a page, one as wide as a slide, and one of two columns."""


def compile_tex(folder: Path, text: str, program: str = "pdflatex", name: str = "notes") -> Path:
    """The PDF; where there are references or links it is compiled twice. What the log complains of fails the test."""
    tex = need_tool(program)
    parts = [path.read_text("utf-8") for path in folder.glob("part*.tex")]
    twice = any(r"\ref" in one or r"\label" in one for one in (text, *parts)) or "hyperref" in text
    (folder / f"{name}.tex").write_text(text, encoding="utf-8")
    for draft in (["-draftmode"], []) if twice else ([],):
        done = subprocess.run(
            [tex, *draft, "-interaction=nonstopmode", "-halt-on-error", f"{name}.tex"],
            cwd=folder,
            capture_output=True,
            check=False,
            timeout=300,
        )
        log = (folder / f"{name}.log").read_text("utf-8", "replace")
        assert done.returncode == 0, log[-3000:]
    assert TROUBLE.findall(log) == []
    return folder / f"{name}.pdf"


@pytest.mark.tool
def test_the_check_notices_trouble(tmp_path: Path) -> None:
    """A test of the test: an overfull line, an undefined reference, an undefined command."""
    for trouble in (r"\hbox to 3cm{\rule{4cm}{1pt}}", r"\ref{nowhere}", r"\undefinedcommand", r"\rule{30cm}{1pt}"):
        with pytest.raises(AssertionError):
            compile_tex(tmp_path, rf"\documentclass{{article}}\begin{{document}}{trouble}\end{{document}}")


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


def inside(folder: Path, part: str, parent: str, packages: str | None = None) -> Path:
    """Compile a fragment in a document that loads what its first line names, and nothing else."""
    first = part.splitlines()[0]
    assert first.startswith("% needs: ")
    (folder / "part.tex").write_text(part, encoding="utf-8")
    loaded = first.removeprefix("% needs: ") if packages is None else packages
    top = parent.replace("PACKAGES", f"\n{loaded}\n")
    return compile_tex(folder, f"{top}\n\\begin{{document}}\nBefore. \\input{{part}} After.\n\\end{{document}}\n")


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
@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [pytest.param(path, id=path.stem, marks=[pytest.mark.many] * (i % 2)) for i, path in enumerate(EXAMPLES)],
)
def test_every_width_in_every_style(path: Path, tmp_path: Path) -> None:
    """No line is wider than the page, as a document of its own and as a part of another."""
    made = network.build(specification.load(str(path)))
    for number, style in enumerate(styles_of(made)):
        whole, part = ("110mm", "85mm")[:: 1 if number % 2 else -1]
        compile_tex(tmp_path, notes(made, to="latex", style=style, width=whole))
        inside(tmp_path, notes(made, to="latex", style=style, width=part, fragment=True), PARENTS[part])


@pytest.mark.tool
@pytest.mark.slow
def test_every_example_as_a_part_of_a_page(tmp_path: Path) -> None:
    """In one style each; test_every_style has them as documents."""
    for number, path in enumerate(EXAMPLES):
        made = network.build(specification.load(str(path)))
        styles = styles_of(made)
        part = notes(made, to="latex", style=styles[number % len(styles)], fragment=True)
        inside(tmp_path, part, PARENTS["page"])


@pytest.mark.tool
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2100, 2106))
def test_random_networks_and_graphs_on_a_narrow_page(seed: int, tmp_path: Path) -> None:
    for kind in (layered, graph):
        made = network.build(specification.loads(kind(seed)))
        compile_tex(tmp_path, notes(made, to="latex", width="110mm"))
        inside(tmp_path, notes(made, to="latex", width="85mm", fragment=True), PARENTS["85mm"])


@pytest.mark.tool
def test_the_author_s_words_are_printed_literally(tmp_path: Path) -> None:
    hostile = r"50% & a_b {{ 7*7 }} <b> \input{x} $"
    words = "\n".join(f"{field} = {json.dumps(hostile)}" for field in ("title", "source", "author", "date"))
    text = words + '\n[graph.values]\nx = 3\n[graph.nodes]\nf = "x*x"\n'
    pdf = compile_tex(tmp_path, notes(network.build(specification.loads(text)), to="latex"))
    shown = subprocess.run([need_tool("pdftotext"), pdf.name, "-"], cwd=tmp_path, capture_output=True, check=True)
    lines = " ".join(shown.stdout.decode().split())
    assert lines.count(hostile) == 4


@pytest.mark.tool
@pytest.mark.slow
@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_every_style(path: Path, tmp_path: Path) -> None:
    made = network.build(specification.load(str(path)))
    for style in styles_of(made):
        compile_tex(tmp_path, notes(made, to="latex", style=style))


@pytest.mark.tool
@pytest.mark.slow
@pytest.mark.parametrize("preset", [preset for preset in PRESETS if preset != "superscript"])
def test_every_notation(preset: str, tmp_path: Path) -> None:
    for path in EXAMPLES:
        text = path.read_text("utf-8")
        if "[notation]" not in text:
            text += f'\n[notation]\npreset = "{preset}"\n'
            compile_tex(tmp_path, notes(network.build(specification.loads(text)), to="latex"))


@pytest.mark.tool
@pytest.mark.slow
@pytest.mark.parametrize("letters", LETTERS)
def test_letters_of_its_own(letters: str, tmp_path: Path) -> None:
    for number, path in enumerate(EXAMPLES):
        made = lettered(path.stem, letters, list(PRESETS)[number % len(PRESETS)])
        styles = styles_of(made)
        compile_tex(tmp_path, notes(made, to="latex", style=styles[number % len(styles)]))


@pytest.mark.tool
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2000, 2012))
def test_random_networks_and_graphs(seed: int, tmp_path: Path) -> None:
    for kind in (layered, graph):
        compile_tex(tmp_path, notes(network.build(specification.loads(kind(seed))), to="latex"))


@pytest.mark.tool
@pytest.mark.slow
@pytest.mark.parametrize("activation", ["tanh", "softsign", "gelu", "hard_swish", "hard_sigmoid", "elu"])
def test_the_slope_of_an_activation_fits_the_narrowest_page(activation: str, tmp_path: Path) -> None:
    """The quotient rule in one line, and branches beside their name."""
    spec = (ROOT / "examples" / "xor_batch.toml").read_text("utf-8")
    layers = re.sub(r'activation = "[a-z]+"', f'activation = "{activation}"', spec, count=1)
    assert layers != spec or activation in spec
    compile_tex(tmp_path, notes(network.build(specification.loads(layers)), to="latex", width="80mm"))


@pytest.mark.tool
@pytest.mark.slow
def test_lualatex_compiles_it_too(tmp_path: Path) -> None:
    compile_tex(tmp_path, (ROOT / "output" / "pass_or_fail.tex").read_text("utf-8"), "lualatex")
    made = network.build(specification.load(str(ROOT / "examples" / "xor_batch.toml")))
    for width in ("110mm", "85mm"):
        compile_tex(tmp_path, notes(made, to="latex", style="delta", width=width), "lualatex")
