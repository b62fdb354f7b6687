"""The formulas of a Markdown document, as GitHub and Jupyter find them."""

from __future__ import annotations

import re
from dataclasses import dataclass

DISPLAY = re.compile(r"^\$\$\n(.*?)\n\$\$$", re.MULTILINE | re.DOTALL)
CODE = re.compile(r"(?<![\\`])(`+)(?!`).+?(?<!`)\1(?!`)")
INLINE = re.compile(r"(?<![\\$])\$(?!\$)((?:[^$\\]|\\.)+?)\$(?!\$)", re.DOTALL)


@dataclass(frozen=True)
class Formula:
    """One formula and the line where it begins."""

    line: int
    tex: str
    display: bool


def formulas(text: str) -> list[Formula]:
    """All formulas of a document."""

    def line(place: int) -> int:
        return text.count("\n", 0, place) + 1

    def blank(match: re.Match[str]) -> str:
        return re.sub(r"[^\n]", " ", match[0])

    found = [Formula(line(match.start()), match[1], display=True) for match in DISPLAY.finditer(text)]
    prose = CODE.sub(blank, DISPLAY.sub(blank, text))
    assert "$$" not in prose, "a displayed formula does not stand on lines of its own"
    found += [Formula(line(match.start()), match[1], display=False) for match in INLINE.finditer(prose)]
    rest = INLINE.sub(blank, prose).replace(r"\$", "")
    assert "$" not in rest, f"a dollar sign without its partner in line {line(rest.index('$'))}"
    return sorted(found, key=lambda formula: formula.line)
