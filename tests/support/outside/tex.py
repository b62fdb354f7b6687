"""LaTeX compiled by a real TeX: what its log complains of fails the test."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

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


def inside(folder: Path, part: str, parent: str, packages: str | None = None) -> Path:
    """Compile a fragment in a document that loads what its first line names, and nothing else."""
    first = part.splitlines()[0]
    assert first.startswith("% needs: ")
    (folder / "part.tex").write_text(part, encoding="utf-8")
    loaded = first.removeprefix("% needs: ") if packages is None else packages
    top = parent.replace("PACKAGES", f"\n{loaded}\n")
    return compile_tex(folder, f"{top}\n\\begin{{document}}\nBefore. \\input{{part}} After.\n\\end{{document}}\n")
