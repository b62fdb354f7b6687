"""The text formats: how each one escapes text and marks formulas. Adding a format is adding an entry.

What is between the runs (headings, tables, displayed formulas) is in ``templates/<folder>/``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from derive.words.escape import (
    as_entities,
    dollars_apart,
    latex_link,
    latex_text,
    markdown_link,
    markdown_math,
    markdown_start,
    markdown_text,
)
from derive.words.markdown_tex import line_of, spelled, touching
from derive.words.templating import FOR_TEX, ORDINARY

LONGEST_BLOCK = 1000
"""Gitea shows the source of a displayed formula in Markdown that has so many characters."""


def _same(formula: str) -> str:
    return formula


def _apart(before: str, formula: str, after: str) -> tuple[str, str, str]:
    return before, formula, after


@dataclass(frozen=True, slots=True)
class Format:
    """A text format.

    Attributes:
        name: as in ``--to``.
        ending: of the file, with the dot.
        text: escapes a run of text.
        words: prepares the escaped text of a paragraph, heading or caption as a whole.
        math: prepares a formula on one line.
        display: prepares a part of a displayed formula.
        line: protects a part of a displayed formula that begins a source line.
        longest: a displayed formula has fewer characters (0: as many as it likes).
        touching: takes the letters that touch a formula in a sentence into it.
        start: protects the start of a paragraph.
        beside: escapes what stands beside a link, without a space between.
        link: words that lead to an address.
        marks: what stands before and after a run of each kind.
        delimiters: of Jinja, in this format's templates.
        structured: the document is written as data (JSON), without templates.
    """

    name: str
    ending: str
    text: Callable[[str], str] = _same
    words: Callable[[str], str] = _same
    math: Callable[[str], str] = _same
    display: Callable[[str], str] = _same
    line: Callable[[str], str] = _same
    longest: int = 0
    touching: Callable[[str, str, str], tuple[str, str, str]] = _apart
    start: Callable[[str], str] = _same
    beside: Callable[[str], str] | None = None
    link: Callable[[str, str, bool], str] = lambda text, url, bare: text
    marks: Mapping[str, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    delimiters: Mapping[str, str] = field(default_factory=lambda: ORDINARY)
    structured: bool = False


_ENTRIES = (
    Format(
        "markdown",
        ".md",
        text=markdown_text,
        words=dollars_apart,
        math=markdown_math,
        display=spelled,
        line=line_of,
        longest=LONGEST_BLOCK,
        touching=touching,
        start=markdown_start,
        beside=as_entities,
        link=markdown_link,
        marks=MappingProxyType({"math": ("$", "$"), "strong": ("**", "**"), "em": ("*", "*"), "code": ("`", "`")}),
    ),
    Format(
        "latex",
        ".tex",
        text=latex_text,
        link=latex_link,
        marks=MappingProxyType(
            {
                "math": ("$", "$"),
                "strong": (r"\textbf{", "}"),
                "em": (r"\emph{", "}"),
                "code": (r"\texttt{", "}"),
            }
        ),
        delimiters=FOR_TEX,
    ),
    Format("json", ".json", structured=True),
)

FORMATS: Mapping[str, Format] = MappingProxyType({entry.name: entry for entry in _ENTRIES})
