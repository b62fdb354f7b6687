"""LaTeX compiled by a real TeX: what its log complains of fails the test."""

from __future__ import annotations

import re
import subprocess
from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory, mkdtemp

from tests.support.repository import ROOT
from tests.support.tools import need_tool

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
PICTURE = re.compile(r"\\begin\{tikzpicture\}.*?\\end\{tikzpicture\}", re.DOTALL)
NO_PICTURE = r"\rule{20mm}{20mm}"
LABEL = re.compile(r"\\newlabel\{(.*?)\}\{\{(.*?)\}")
OTHER_PAGES = "LaTeX Warning: Label(s) may have changed. Rerun to get cross-references right."


def compile_tex(folder: Path, text: str, program: str = "pdflatex", name: str = "notes") -> Path:
    """The PDF. What the log complains of fails the test.

    Where there are references, links or long tables, a first run finds what they need; it draws no pictures, which take
    most of the time.
    """
    tex = need_tool(program)
    whole, parts = folder / f"{name}.tex", sorted(folder.glob("part*.tex"))
    sources = {whole: text, **{path: path.read_text("utf-8") for path in parts}}
    known = None
    if any(mark in one for one in sources.values() for mark in (r"\ref", r"\label", "hyperref")):
        write({path: PICTURE.sub(lambda _: NO_PICTURE, one) for path, one in sources.items()})
        typeset(tex, whole, "-draftmode")
        known = labels(whole)
    write(sources)
    trouble = TROUBLE.findall(typeset(tex, whole))
    if known == labels(whole) and not any(r"\pageref" in one for one in sources.values()):
        trouble = [line for line in trouble if line != OTHER_PAGES]  # pictures take room, but nobody asks for a page
    assert trouble == [], trouble
    return whole.with_suffix(".pdf")


def write(sources: Mapping[Path, str]) -> None:
    for path, text in sources.items():
        path.write_text(text, encoding="utf-8")


def labels(source: Path) -> dict[str, str]:
    """What each label stands for, in the file that a run has left."""
    return dict(LABEL.findall(source.with_suffix(".aux").read_text("utf-8")))


def typeset(tex: str, source: Path, *options: str) -> str:
    """The log of one run, which ends without an error."""
    text = source.read_text("utf-8")
    begin = packages(text) if Path(tex).name == "pdflatex" else ""
    MET[begin] += bool(begin)
    if MET[begin] > 1:
        options = (f"-fmt={loaded(tex, begin)}", *options)
        source.write_text(text.removeprefix(begin), encoding="utf-8")
    command = [tex, *options, "-interaction=nonstopmode", "-halt-on-error", source.name]
    done = subprocess.run(command, cwd=source.parent, capture_output=True, check=False, timeout=300)
    log = source.with_suffix(".log").read_text("utf-8", "replace")
    assert done.returncode == 0, log[-3000:]
    return log


MET: Counter[str] = Counter()
"""How often a document began so: what one alone loads is not kept."""


def packages(text: str) -> str:
    """The beginning of a document: its class, and all packages that it loads."""
    preamble, begin, _ = text.partition(r"\begin{document}")
    last = preamble.rfind(r"\usepackage")
    return preamble[: preamble.find("\n", last) + 1] if begin and last > 0 else ""


@cache
def loaded(tex: str, begin: str) -> Path:
    """LaTeX as it is after the beginning of a document: a third of a run goes into packages, which are the same."""
    folder = Path(mkdtemp(dir=formats().name))
    (folder / "begin.tex").write_text(f"{begin}\\dump\n", encoding="utf-8")
    command = [tex, "-ini", "-interaction=nonstopmode", "-halt-on-error", "&pdflatex", "begin.tex"]
    subprocess.run(command, cwd=folder, capture_output=True, check=True, timeout=300)
    return folder / "begin.fmt"


@cache
def formats() -> TemporaryDirectory[str]:
    """Where they are, as long as this process runs."""
    return TemporaryDirectory()


def inside(folder: Path, part: str, parent: str, packages: str | None = None) -> Path:
    """Compile a fragment in a document that loads what its first line names, and nothing else."""
    first = part.splitlines()[0]
    assert first.startswith("% needs: ")
    (folder / "part.tex").write_text(part, encoding="utf-8")
    needed = first.removeprefix("% needs: ") if packages is None else packages
    top = parent.replace("PACKAGES", f"\n{needed}\n")
    return compile_tex(folder, f"{top}\n\\begin{{document}}\nBefore. \\input{{part}} After.\n\\end{{document}}\n")
