"""From a network to a document in one of the text formats.

:func:`notes` makes one document. A :class:`Press` makes many: it keeps the rendered text of a network's structure and
fills other numbers in (see :mod:`derive.lesson.slots`).
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from itertools import islice
from pathlib import Path
from typing import Any

from derive.arithmetic.rounding import Policy
from derive.checked.proof import Proven, worked
from derive.errors import DeriveError
from derive.expressions.tex_words import in_letters
from derive.lesson import lesson, shown_parameters, style_of
from derive.lesson.agreement import Line
from derive.lesson.blocks import Block, Bullets, Display, Lesson, Note, Paragraph, Table
from derive.lesson.desk import Desk
from derive.lesson.figures import Figures
from derive.lesson.narrow import fitted
from derive.lesson.page_width import A4, PageWidth
from derive.lesson.parted import TextRow, blocks_of
from derive.lesson.slots import Sheet, Skeleton
from derive.naming.notation import Notation
from derive.network import Network
from derive.render.document_data import data
from derive.render.formats import FORMATS, Format
from derive.render.tex_packages import needs
from derive.words.escape import tex_reason
from derive.words.runs import Cell, Tex, Text
from derive.words.templates_path import bundled_templates
from derive.words.templating import environment, find, rendered
from derive.words.voice import Span, Voice

__all__ = ["FORMATS", "Press", "notes", "render"]


def notes(
    network: Network,
    *,
    to: str = "markdown",
    style: str | None = None,
    show: Sequence[str] | None = None,
    templates: str | Path | None = None,
    fragment: bool = False,
    width: str | None = None,
    check: str | None = None,
) -> str:
    """The document of a network.

    Args:
        network: what to derive.
        to: a format of :data:`FORMATS`.
        style: how the backward pass reads, a style of :data:`derive.lesson.STYLES`.
        show: the parameters to work in full.
        templates: a folder of templates that is searched first.
        fragment: LaTeX without its preamble.
        width: of the lines at 11 pt, as ``110mm``; default: the text of an A4 page.
        check: ``sympy`` has every line of both passes worked by SymPy, too, before anything is written.

    Raises:
        DeriveError: where a value is outside a domain, a name is unknown, or a template is wrong; where a check finds
            another number.
        ValueError: where the width is none that a page has.
    """
    press = Press(to=to, style=style, show=show, templates=templates, fragment=fragment, width=width, check=check)
    return press.notes(network)


class Press:
    """Makes documents of one format and style; networks of the same structure share their rendered text."""

    def __init__(
        self,
        *,
        to: str = "markdown",
        style: str | None = None,
        show: Sequence[str] | None = None,
        templates: str | Path | None = None,
        fragment: bool = False,
        width: str | None = None,
        check: str | None = None,
    ) -> None:
        if check not in (None, *CHECKS):
            raise ValueError(f"unknown check {check!r}; known: {', '.join(CHECKS)}")
        self._by_sympy = check == "sympy"
        self._style = style
        self._show = tuple(show) if show is not None else None
        own = [Path(templates)] if templates is not None else []
        self._page = Page(FORMATS[to], [*own, bundled_templates()], fragment=fragment, width=width)
        self._skeletons: dict[object, list[Skeleton]] = {}

    def notes(self, network: Network) -> str:
        """The document of a network."""
        style, shown = style_of(network, self._style), shown_parameters(network, self._show)
        known = self._skeletons.setdefault(structure(network), [])

        def use(work: Proven) -> str:
            figures = _figures(work)
            for skeleton in known:
                settled = skeleton.settled(figures)
                if skeleton.fits(settled):
                    return skeleton.fill(settled)
            skeleton, figures = self._page.skeleton(work, figures, style, shown)
            text = skeleton.fill(figures)
            if work.network.spec.numbers.rounding == "end":
                del known[MOST_SKELETONS - 1 :]
                known.insert(0, skeleton)
            return text

        return worked(network, use, shown=shown, by_sympy=self._by_sympy)


CHECKS = ("sympy",)
"""The checks that are made where they are asked for."""
MOST_LAYOUTS = 12
"""A lesson is written so many times at most until its numbers have digits enough."""
MOST_SKELETONS = 12
"""So many texts are kept for one structure: they differ where numbers decide what is said."""


def structure(network: Network) -> object:
    """What two networks must share to share their text: everything of the spec but its numbers.

    The spec with every number blanked, as one hashable value.
    """
    spec = network.spec
    return (
        spec.title, spec.source, spec.remarks, spec.author, spec.date,
        spec.notation, spec.numbers, spec.conventions.update_order, spec.conventions.relu_at_zero.text,
        spec.training.iterations, spec.training.reduction, spec.training.batch_size,
        spec.training.learning_rate is None, _layers(spec), _graph(spec),
        tuple(tuple(row) for row in network.rows),
    )  # fmt: skip


def _layers(spec: Any) -> object:
    if spec.network is None:
        return None
    return (
        spec.network.inputs,
        spec.network.loss,
        tuple(
            (
                layer.units,
                layer.activation,
                layer.biases is None,
                layer.shared_bias,
                layer.train_weights,
                layer.train_biases,
            )
            for layer in spec.network.layers
        ),
    )


def _graph(spec: Any) -> object:
    if spec.graph is None:
        return None
    graph = spec.graph
    return graph.output, graph.parameters, tuple(name for name, _ in graph.values), graph.nodes


def _figures(work: Proven) -> Figures:
    numbers = work.network.spec.numbers
    policy = Policy(numbers.kind, numbers.digits)
    if numbers.rounding != "step":
        return Figures(work.run, policy, work.opinion)
    from derive.lesson.worked_figures import WorkedFigures

    return WorkedFigures(work.run, policy, work.opinion)


def make_lesson(
    work: Proven, figures: Figures, style: str, shown: tuple[str, ...], page: PageWidth = A4
) -> tuple[Lesson, Sheet]:
    """The document as data, and the sheet of the numbers in it."""
    network = work.network
    sheet = Sheet(figures)
    desk = Desk(network, work.derivation, sheet, Notation.of(network.spec, network.names), style, shown,
                differentiated(network), page)  # fmt: skip
    return lesson(desk), sheet


def differentiated(network: Network) -> frozenset[str]:
    """The quantities on the way from a parameter to the output, both ends included."""
    found = set(network.parameters)
    for node in network.graph.nodes:
        if not found.isdisjoint(node.inputs):
            found.add(node.name)
    return frozenset(found & network.graph.ancestors)


class Page:
    """One format with its templates: sentences and blocks to text."""

    def __init__(
        self, form: Format, folders: Sequence[Path], *, fragment: bool = False, width: str | None = None
    ) -> None:
        self._format = form
        self._folders = tuple(folders)
        self._fragment = fragment
        self._width = A4 if width is None else PageWidth.of(width)
        self._voice = Voice(folders)

    def skeleton(self, work: Proven, figures: Figures, style: str, shown: tuple[str, ...]) -> tuple[Skeleton, Figures]:
        """The rendered document, with slots for its numbers; and the numbers, with digits enough for its lines.

        Where digits are added the lesson is written again, as wider numbers may ask for other rows.
        """
        lines: tuple[Line, ...] = ()
        for _ in range(MOST_LAYOUTS):
            built, sheet = make_lesson(work, figures, style, shown, self._width)
            lines += sheet.lines()
            settled = figures.settled(lines, sheet.quantities)
            if settled is figures:
                break
            figures = settled
        if self._fragment or self._width != A4:
            built = fitted(built, sheet, self._width, self._voice.spans)
        text = self.render(built, sheet)
        return sheet.skeleton(text, lines, escaped=self._format.structured, math=self._format.math), figures

    def render(self, built: Lesson, sheet: Sheet | None = None) -> str:
        """A lesson as text of this format; numbers may still be tokens of the sheet."""
        if self._format.structured:
            return json.dumps(data(built, self._voice), indent=1, ensure_ascii=False) + "\n"
        sections = [
            {
                "title": self.text(section.title),
                "level": section.level,
                "blocks": [view for block in section.blocks for view in self.blocks(block, sheet)],
            }
            for section in built.sections
        ]
        escape = self._format.text
        byline = ", ".join(escape(part) for part in (built.author, built.date) if part)
        facts = {
            "title": self.text(built.heading),
            "bookmark": escape(self._plain(built.heading)),
            "author": escape(built.author),
            "date": escape(built.date),
            "byline": self._format.start(self._format.words(byline)),
            "sections": sections,
            "fragment": self._fragment,
            "width": self._width.length,
            "wide": self._width.points > A4.points,
        }
        text = rendered(self._document, facts).rstrip("\n") + "\n"
        return needs(text) + text if self._fragment else text

    @cached_property
    def _document(self) -> Any:
        searched = environment(self._folders, self._format.delimiters)
        found = find(searched, f"{self._format.name}/document.j2")
        if found is None:
            raise DeriveError(f"{self._format.name}/document.j2", "no such template")
        return found

    # Runs of text

    def text(self, *sentences: Text) -> str:
        """Sentences in this format, escaped."""
        spans = (self._voice.spans(sentence) for sentence in sentences)
        return self._format.words(" ".join(self._spans(each) for each in spans))

    def _plain(self, *sentences: Text) -> str:
        """Sentences where no formula can be set."""
        spans = (span for sentence in sentences for span in self._voice.spans(sentence))
        return "".join(in_letters(str(span.content)) if span.kind == "math" else str(span.content) for span in spans)

    def _spans(self, spans: Sequence[Span]) -> str:
        form = self._format
        texts: list[str] = []
        apart = self._apart(spans)
        for before, span in zip([None, *apart], apart, strict=False):
            beside = form.beside if before is not None and before.kind == "link" and span.kind == "text" else None
            if beside is None:
                texts.append(self._span(span))
                continue
            glued, space, rest = str(span.content).partition(" ")
            texts.append(beside(glued) + space + form.text(rest))
        return "".join(texts)

    def _apart(self, spans: Sequence[Span]) -> list[Span]:
        """The runs with the letters that touch a formula inside it, where the format wants that."""
        found = list(spans)
        for i, span in enumerate(found):
            if span.kind == "math":
                sides = [j for j in (i - 1, i + 1) if 0 <= j < len(found) and found[j].kind == "text"]
                texts = {j: str(found[j].content) for j in sides}
                *changed, after = self._format.touching(texts.get(i - 1, ""), str(span.content), texts.get(i + 1, ""))
                found[i] = Span("math", changed[1])
                for j, text in ((i - 1, changed[0]), (i + 1, after)):
                    if j in texts:
                        found[j] = Span("text", text)
        return found

    def _span(self, span: Span) -> str:
        form = self._format
        if span.kind == "link":
            return form.link(str(span.content), span.url, span.bare)
        if span.kind == "text":
            return form.text(str(span.content))
        before, after = form.marks[span.kind]
        if isinstance(span.content, tuple):
            return f"{before}{self._spans(span.content)}{after}"
        inside = form.math(span.content) if span.kind == "math" else form.text(span.content)
        return f"{before}{inside}{after}"

    def _cell(self, cell: Cell) -> str:
        if isinstance(cell, Tex):
            return self._span(Span("math", str(cell))) if cell else ""
        return self._format.text(cell) if isinstance(cell, str) else self.text(cell)

    def _reason(self, text: Text) -> str:
        """A rule beside a line of a formula."""
        parts = (
            str(span.content) if span.kind == "math" else rf"\text{{{tex_reason(str(span.content))}}}"
            for span in self._voice.spans(text)
        )
        return "".join(parts)

    # Blocks

    def blocks(self, block: Block, sheet: Sheet | None = None) -> list[dict[str, Any]]:
        """A block as its template takes it; a displayed formula that is too long for the format as several."""
        view = {"kind": type(block).__name__.lower(), **_VIEWS[type(block)](self, block)}
        if sheet is None or not isinstance(block, Display) or not self._format.longest:
            return [view]
        rows = iter(view["rows"])
        return [{**view, "rows": list(islice(rows, count))} for count in self._counts(view["rows"], sheet)]

    def _counts(self, rows: Sequence[dict[str, Any]], sheet: Sheet) -> tuple[int, ...]:
        """How many rows of a displayed formula stand in each of its blocks."""
        parts = ("left", "relation", "right", "reason")
        lines = [TextRow("".join(row[part] for part in parts), bool(row["left"] or row["relation"])) for row in rows]
        return blocks_of(lines, self._format.longest, sheet, self._format.math)

    def _paragraph(self, block: Paragraph | Note) -> dict[str, Any]:
        return {"text": self._format.start(self.text(*block.sentences))}

    def _bullets(self, block: Bullets) -> dict[str, Any]:
        return {"items": [self._format.start(self.text(*item)) for item in block.items]}

    def _display(self, block: Display) -> dict[str, Any]:
        math = self._format.display
        return {
            "rows": [
                {
                    "left": self._format.line(math(row.left)),
                    "relation": math(row.relation),
                    "right": math(row.right),
                    "reason": math(self._reason(row.reason)) if row.reason is not None else "",
                    "under": row.under,
                }
                for row in block.rows
            ],
            "size": block.size,
        }

    def _table(self, block: Table) -> dict[str, Any]:
        return {
            "head": [self._cell(cell) for cell in block.head],
            "rows": [[self._cell(cell) for cell in row] for row in block.rows],
            "align": block.align,
            "caption": self.text(block.caption) if block.caption is not None else "",
            "size": block.size,
        }


_VIEWS: Mapping[type, Callable[[Page, Any], dict[str, Any]]] = {
    Paragraph: Page._paragraph,  # noqa: SLF001
    Note: Page._paragraph,  # noqa: SLF001
    Bullets: Page._bullets,  # noqa: SLF001
    Display: Page._display,  # noqa: SLF001
    Table: Page._table,  # noqa: SLF001
}


def render(built: Lesson, to: str, templates: str | Path | None = None, *, fragment: bool = False) -> str:
    """A lesson without tokens as text of a format."""
    own = [Path(templates)] if templates is not None else []
    return Page(FORMATS[to], [*own, bundled_templates()], fragment=fragment).render(built)
