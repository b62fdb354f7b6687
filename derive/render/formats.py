"""The text formats. Adding one is adding an entry, and a folder in ``templates/``.

An entry says all that the rest of the program asks of a format: the endings of its files, the options that it takes,
how it escapes text and sets formulas, links and numbers, how it draws figures, and what makes it text and files. What
is between the runs (headings, tables, displayed formulas) is in ``templates/<name>/``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import field, replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeAlias

from derive.patterns import regex
from derive.records import record
from derive.words.delimiters import FOR_TEX, ORDINARY
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
from derive.words.filling import IN_JSON, IN_TEX, Filling, Write
from derive.words.markdown_tex import line_of, spelled, touching

if TYPE_CHECKING:
    from derive.lesson.blocks import Figure, Lesson
    from derive.lesson.slots import Sheet
    from derive.render.export import Drafted, Drawn, Writer

CIRCLED = regex(r"\\text\{([①-⑳])\}")
MAX_BLOCK = 1000
"""At most this many characters, less one, has a displayed formula: Gitea shows the source of a longer one."""

Exporter: TypeAlias = "Callable[[Writer, Lesson, Sheet], Drafted]"
Draw: TypeAlias = "Callable[[Writer, Figure], Drawn | None]"


def _same(formula: str) -> str:
    return formula


def _apart(before: str, formula: str, after: str) -> tuple[str, str, str]:
    return before, formula, after


def by_templates(writer: Writer, built: Lesson, sheet: Sheet) -> Drafted:
    """The document as its ``document.j2`` has it, with the files of its figures."""
    return writer.templated(built, sheet)


def _svg(writer: Writer, figure: Figure) -> Drawn | None:
    """A file beside the document."""
    from derive.render.drawn import svg_beside

    return svg_beside(writer, figure)


def _tikz(writer: Writer, figure: Figure) -> Drawn | None:
    """A picture in the document."""
    from derive.render.drawn import tikz_inline

    return tikz_inline(writer, figure)


def _tikz_later(drawing: Any, write: Write) -> str:
    """What is drawn from the numbers of each run, within a picture."""
    from derive.figures.tikz import drawn_later

    return drawn_later(drawing, write)


def _circled(formula: str) -> str:
    """The numbers of factors, which are characters, as digits in a circle: in signs that pandoc reads, too."""
    return CIRCLED.sub(lambda found: _in_circle(ord(found[1]) - ord("①") + 1), formula)


def _plain_number(formula: str) -> str:
    """The same without circles, for Markdown: KaTeX has no such characters, and equations have brackets."""
    return spelled(CIRCLED.sub(lambda found: str(ord(found[1]) - ord("①") + 1), formula))


def _in_circle(number: int) -> str:
    r"""A number on a circle: back by most of its width, or all of it for two digits.

    >>> _in_circle(3), _in_circle(12)
    ('\\bigcirc\\!\\!\\!\\!\\!\\!\\;3\\:', '\\bigcirc\\!\\!\\!\\!\\!\\!12')
    """
    back = r"\bigcirc" + 6 * r"\!"
    return rf"{back}\;{number}\:" if number < 10 else f"{back}{number}"


def _address(name: str) -> str:
    """A name of a file where an address stands."""
    from urllib.parse import quote

    return quote(name)


def _in_a_label(name: str) -> str:
    """The name of a document in a label of LaTeX."""
    return re.sub(r"[^A-Za-z0-9]+", "-", name)


def _latex(writer: Writer, built: Lesson, sheet: Sheet) -> Drafted:
    """LaTeX; a fragment begins with the packages that it needs."""
    from derive.render.tex_packages import needs

    drafted = writer.templated(built, sheet)
    text = drafted.text.text
    if not writer.fragment or isinstance(text, bytes):
        return drafted
    return replace(drafted, text=replace(drafted.text, text=needs(text) + text))


def _json(writer: Writer, built: Lesson, sheet: Sheet) -> Drafted:
    """The document as data."""
    from derive.render.document_data import data
    from derive.render.export import Drafted

    return Drafted(writer.draft(json.dumps(data(built, writer), indent=1, ensure_ascii=False) + "\n"))


@record
class Format:
    """A text format.

    Attributes:
        name: as in ``--to``, and of its folder in ``templates/``.
        title: as messages call it.
        endings: of its files, without the dot; the first one is the usual one.
        options: what it takes of ``fragment`` and ``width``.
        text: escapes a run of text.
        words: prepares the escaped text of a paragraph, heading or caption as a whole.
        math: prepares a formula on one line.
        display: prepares a part of a displayed formula.
        line: protects a part of a displayed formula that begins a source line.
        longest: a displayed formula has fewer characters (0: as many as it likes).
        filling: how a number, a relation sign and the name of the document are put in.
        touching: takes the letters that touch a formula in a sentence into it.
        start: protects the start of a paragraph.
        beside: escapes what stands beside a link, without a space between.
        link: words that lead to an address.
        marks: what stands before and after a run of each kind.
        delimiters: of Jinja, in this format's templates.
        structured: the document is written as data, without templates.
        draw: makes a figure; without it (or where it makes none), what the figure shows is said in words.
        screen: it is read on screens, also narrow ones: lines are short, and rules stand under them.
        draws_beside: its figures are files; where there is no place for them, they are said in words, too.
        export: makes the text and the files from the lesson.
    """

    name: str
    title: str
    endings: tuple[str, ...]
    options: frozenset[str] = frozenset({"width"})
    text: Callable[[str], str] = _same
    words: Callable[[str], str] = _same
    math: Callable[[str], str] = _same
    display: Callable[[str], str] = _same
    line: Callable[[str], str] = _same
    longest: int = 0
    filling: Filling = IN_TEX
    touching: Callable[[str, str, str], tuple[str, str, str]] = _apart
    start: Callable[[str], str] = _same
    beside: Callable[[str], str] | None = None
    link: Callable[[str, str, bool], str] = lambda text, url, bare: text
    marks: Mapping[str, tuple[str, str]] = field(default_factory=lambda: MappingProxyType({}))
    delimiters: Mapping[str, str] = field(default_factory=lambda: ORDINARY)
    structured: bool = False
    draw: Draw | None = None
    draws_beside: bool = False
    screen: bool = False
    export: Exporter = by_templates

    @property
    def ending(self) -> str:
        """The usual ending of its files, with the dot."""
        return f".{self.endings[0]}"


_ENTRIES = (
    Format(
        "markdown",
        "Markdown",
        ("md", "markdown", "mdown", "mkd", "mdwn", "qmd", "rmd"),
        text=markdown_text,
        words=dollars_apart,
        math=markdown_math,
        display=_plain_number,
        line=line_of,
        longest=MAX_BLOCK,
        filling=Filling(write=markdown_math, address=_address),
        touching=touching,
        start=markdown_start,
        beside=as_entities,
        link=markdown_link,
        marks=MappingProxyType({"math": ("$", "$"), "strong": ("**", "**"), "em": ("*", "*"), "code": ("`", "`")}),
        draw=_svg,
        draws_beside=True,
        screen=True,
    ),
    Format(
        "latex",
        "LaTeX",
        ("tex", "latex", "ltx"),
        options=frozenset({"fragment", "width"}),
        text=latex_text,
        display=_circled,
        link=latex_link,
        marks=MappingProxyType(
            {
                "math": ("$", "$"),
                "strong": (r"\textbf{", "}"),
                "em": (r"\emph{", "}"),
                "code": (r"\texttt{", "}"),
            }
        ),
        filling=Filling(draw=_tikz_later, address=_in_a_label),
        delimiters=FOR_TEX,
        draw=_tikz,
        export=_latex,
    ),
    Format("json", "JSON", ("json",), filling=IN_JSON, structured=True, export=_json),
)

FORMATS: Mapping[str, Format] = MappingProxyType({entry.name: entry for entry in _ENTRIES})
