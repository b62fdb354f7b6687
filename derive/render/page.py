"""One format with its templates: a lesson's sentences and blocks to text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial
from itertools import islice
from pathlib import Path
from typing import Any

from derive.checked.proof import Proven
from derive.errors import DeriveError
from derive.expressions.tex_words import in_letters
from derive.lesson.blocks import Block, Bullets, Display, Figure, Lesson, Note, Paragraph, Table, say
from derive.lesson.contents import EVERYTHING, Contents, FigureMode
from derive.lesson.figures import Figures
from derive.lesson.narrow import fitted, folded, on_fewer_lines, with_rules_under
from derive.lesson.page_width import A4, SCREEN, PageWidth
from derive.lesson.parted import TextRow, blocks_of
from derive.lesson.remembered import Memory
from derive.lesson.skeleton import Skeleton
from derive.lesson.slots import Sheet
from derive.render.drawn import with_rooms
from derive.render.export import Drafted, Drawn
from derive.render.formats import Format
from derive.render.layout import laid_out
from derive.words.escape import tex_reason
from derive.words.filling import STEM, Draft
from derive.words.references import TABLE, around_references, with_references
from derive.words.runs import Cell, Tex, Text
from derive.words.templating import environment, find, rendered
from derive.words.voice import ENGLISH, Span, Voice

MAX_SENTENCES = 1_000
"""At most this many sentences are kept as they stand in the format."""
FURTHER_TERM = "{} +"
"""What a row begins with that has a further route."""
NARROW_COLUMNS, LOW_ROWS = 3, 12
"""A table of at most so many columns and rows may stand beside a figure."""


class Page:
    """Writes lessons in one format, with its templates and the wording."""

    def __init__(
        self,
        form: Format,
        folders: Sequence[Path],
        *,
        fragment: bool = False,
        width: str | None = None,
        language: str = ENGLISH,
        contents: Contents = EVERYTHING,
    ) -> None:
        self._format = form
        self._contents = replace(contents, figures=_figure_mode(form, contents.figures))
        self._folders = tuple(folders)
        self.fragment = fragment
        self.width = A4 if width is None else PageWidth.of(width)
        self._lines = self.width if width is not None or not form.screen else SCREEN
        self._voice = Voice(folders, language)
        self._filling = replace(form.filling, write=self._number)
        self._sentences: dict[int, tuple[Text, str]] = {}  # with the sentence, so that it keeps its identity

    def skeleton(
        self, work: Proven, figures: Figures, style: str, memory: Memory | None = None
    ) -> tuple[Skeleton, Figures]:
        """The rendered document, with slots for its numbers; and the numbers, with digits enough for its lines.

        ``memory``: of this page's documents of the structure.
        """
        built, sheet, lines, figures = laid_out(
            work, figures, style, word=self._voice.word, page=self._lines, contents=self._contents, memory=memory
        )
        sections = (
            replace(section, blocks=tuple(each for block in section.blocks for each in self._set(block, sheet)))
            for section in built.sections
        )
        drafted = self._format.export(self, replace(built, sections=tuple(sections)), sheet)
        made = sheet.skeleton(drafted.text, lines, drafted.files)
        sheet.close()
        return made, figures

    def _set(self, block: Block, sheet: Sheet) -> tuple[Block, ...]:
        """A block as it has room on the lines of the page."""

        def laid() -> tuple[Block, ...]:
            if isinstance(block, Figure) and self._contents.figures == "drawn" and not self._format.structured:
                return (with_rooms(block, sheet),)
            whole = block if self._format.structured else on_fewer_lines(block)
            if self.fragment or self.width != A4:
                return fitted(whole, sheet, self.width, self.spans)
            if self._format.screen:
                return (with_rules_under(whole),)
            return (whole if self._format.structured else folded(whole, sheet, self.width, self.spans),)

        return sheet.part(("set", id(block)), laid, block)

    def templated(self, built: Lesson, sheet: Sheet) -> Drafted:
        """The document as the format's ``document.j2`` has it, and the files of its figures."""
        files: dict[str, Draft] = {}
        numbers: dict[str, int] = {}
        sections, counts, escape = [], Counter[str](), self._format.text
        for section in built.sections:
            views = [view for block in section.blocks for view in self._views(block, sheet)]
            self._captioned(views, counts, sheet)
            numbers.update((view["name"], view["number"]) for view in views if view.get("name"))
            files.update(file for view in views for file in view.get("files", {}).items())
            title = self.text(section.title)
            bookmark = escape(self._plain(section.title)) if "$" in title else ""
            sections.append({"title": title, "bookmark": bookmark, "level": section.level, "blocks": views})
        byline = ", ".join(escape(part) for part in (built.author, built.date) if part)
        facts = {
            "title": self.text(built.heading),
            "bookmark": escape(self._plain(built.heading)),
            "author": escape(built.author),
            "date": escape(built.date),
            "byline": self._format.start(self._format.words(byline)),
            "sections": sections,
            "fragment": self.fragment,
            "stem": STEM,
            "width": self.width.length,
            "floats": "!hp" if self.fragment or self.width != A4 else "!ht",  # a tall formula needs a whole column
            "pictures": bool(counts["figure"]),
            "wide": self.width.points > A4.points,
            "card": self._contents.card,
        }
        text = rendered(self._document, facts).rstrip("\n") + "\n"
        return Drafted(self.draft(with_references(text, partial(self._figure_number, numbers))), files)

    def _figure_number(self, numbers: Mapping[str, int], name: str) -> str:
        """The number of a figure or table; empty where it has none. In a fragment TeX counts, from others before."""
        if name not in numbers:
            return ""
        return rf"\ref{{{STEM}:{name}}}" if self.fragment else str(numbers[name])

    @cached_property
    def _document(self) -> Any:
        searched = environment(self._folders, self._format.delimiters)
        found = find(searched, f"{self._format.name}/document.j2")
        if found is None:
            raise DeriveError(f"{self._format.name}/document.j2", "no such template")
        return found

    # Runs of text

    def spans(self, text: Text) -> tuple[Span, ...]:
        """The runs of a sentence."""
        return self._voice.spans(text)

    def formula(self, tex: str) -> str:
        """A formula with its numbers as the language writes them."""
        return self._voice.formula(tex)

    def draft(self, text: str) -> Draft:
        """A text with slots, which are filled as the format and the language want it."""
        return Draft(text, self._filling)

    def _number(self, tex: str) -> str:
        return self._format.filling.write(self.formula(tex))

    def math(self, formula: str) -> str:
        """A formula on one line in this format, without what marks it."""
        return self._format.math(formula)

    def text(self, *sentences: Text) -> str:
        """Sentences in this format, escaped."""
        return self._format.words(" ".join(map(self._sentence, sentences)))

    def _sentence(self, sentence: Text) -> str:
        """A sentence in this format: of one that is kept from one document to the next, it is found once."""
        known = self._sentences.get(id(sentence))
        if known is None:
            if len(self._sentences) >= MAX_SENTENCES:
                self._sentences.clear()
            known = self._sentences[id(sentence)] = (sentence, self._spans(self.spans(sentence)))
        return known[1]

    def _plain(self, *sentences: Text) -> str:
        """Sentences where no formula can be set."""
        spans = (span for sentence in sentences for span in self.spans(sentence))
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
            return around_references(str(span.content), form.text)
        before, after = form.marks[span.kind]
        if isinstance(span.content, tuple):
            return f"{before}{self._spans(span.content)}{after}"
        inside = self.math(span.content) if span.kind == "math" else form.text(span.content)
        return f"{before}{inside}{after}"

    def _cell(self, cell: Cell) -> str:
        if isinstance(cell, Tex):
            return self._span(Span("math", self.formula(cell))) if cell else ""
        return self._format.text(cell) if isinstance(cell, str) else self.text(cell)

    def _reason(self, text: Text) -> str:
        """A rule beside a line of a formula."""
        parts = (
            str(span.content) if span.kind == "math" else rf"\text{{{tex_reason(str(span.content))}}}"
            for span in self.spans(text)
        )
        return "".join(parts)

    # Blocks

    def _views(self, block: Block, sheet: Sheet) -> list[dict[str, Any]]:
        """The same as :meth:`views`, each to be numbered."""
        known = sheet.part(("views", id(block)), partial(self.views, block, sheet), block)
        return [dict(view) for view in known]

    def views(self, block: Block, sheet: Sheet) -> list[dict[str, Any]]:
        """A block as its template takes it; a displayed formula that is too long for the format as several."""
        if isinstance(block, Figure):
            drawn = self._drawn(block)
            if drawn is not None:
                return [self._figure(block, drawn)]
            block = block.in_words
        view = {"kind": type(block).__name__.lower(), **_VIEWS[type(block)](self, block)}
        if not isinstance(block, Display) or not self._format.longest:
            return [view]
        rows = iter(view["rows"])
        return [{**view, "rows": list(islice(rows, count))} for count in self._counts(view["rows"], sheet)]

    def _counts(self, rows: Sequence[dict[str, Any]], sheet: Sheet) -> tuple[int, ...]:
        """How many rows of a displayed formula stand in each of its blocks."""
        parts = ("left", "relation", "right", "reason")
        lines = [
            TextRow(
                "".join(row[part] for part in parts),
                bool(row["left"] or row["relation"]),
                row["right"].startswith(FURTHER_TERM),
            )
            for row in rows
        ]
        return blocks_of(lines, self._format.longest, sheet, self._number)

    def _paragraph(self, block: Paragraph | Note) -> dict[str, Any]:
        return {"text": self._format.start(self.text(*block.sentences))}

    def _bullets(self, block: Bullets) -> dict[str, Any]:
        return {"items": [self._format.start(self.text(*item)) for item in block.items]}

    def _display(self, block: Display) -> dict[str, Any]:
        def math(tex: str) -> str:
            return self._format.display(self.formula(tex))

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
            "tall": any(isinstance(cell, Tex) and r"\frac" in cell for row in block.rows for cell in row),
            "align": block.align,
            "caption": self.text(block.caption) if block.caption is not None else "",
            "size": block.size,
            "name": TABLE + block.name if block.name else "",
            "narrow": len(block.head) <= NARROW_COLUMNS
            and len(block.rows) <= LOW_ROWS
            and (block.caption is None or bool(block.name)),
        }

    def _drawn(self, block: Figure) -> Drawn | None:
        """The figure as the format draws it; None where it does not."""
        draw = self._format.draw
        return draw(self, block) if draw is not None and self._contents.figures == "drawn" else None

    def _figure(self, block: Figure, drawn: Drawn) -> dict[str, Any]:
        words = {"title": self.text(block.title), "description": self.text(*block.description)}
        return {"kind": "figure", "name": block.name, **words, **drawn.facts, "files": drawn.files, "figure": block}

    def _captioned(self, views: Sequence[dict[str, Any]], counts: Counter[str], sheet: Sheet) -> None:
        """Number the figures and named tables among the blocks, after so many; say where two narrow blocks follow.

        The second one is a figure, the first one that or a small table.
        """
        waiting: dict[str, Any] | None = None
        for view in views:
            view["pair"], view["beside"], view["number"] = "", False, 0
            if view.get("name"):
                counts[view["kind"]] += 1
                view["number"] = counts[view["kind"]]
            if view["kind"] != "figure":
                view["prefix"] = self.text(say("table.caption", number=view["number"])) if view["number"] else ""
                waiting = view if view.get("narrow") and not self.fragment else None  # a column may be too narrow
                continue
            figure = view.pop("figure")
            key = "caption", id(figure), view["number"]
            view["caption"] = sheet.part(key, partial(self._caption, figure, view["number"]), figure)
            beside = waiting is not None and waiting["kind"] == "table"
            if waiting is not None and waiting.get("narrow") and view.get("medium" if beside else "narrow"):
                view["beside"] = beside
                waiting["pair"], view["pair"], waiting = "first", "second", None
            else:
                waiting = view

    def _caption(self, figure: Figure, number: int) -> str:
        return self.text(say("figure.caption", number=number, title=figure.title))


def _figure_mode(form: Format, asked: FigureMode) -> FigureMode:
    """What a format does with figures where this is asked: data always have them, as data."""
    if form.structured:
        return "drawn"
    if asked == "none":
        return "none"
    return "words" if form.draw is None or (asked == "words" and form.draws_beside) else "drawn"


_VIEWS: Mapping[type, Callable[[Page, Any], dict[str, Any]]] = {
    Paragraph: Page._paragraph,  # noqa: SLF001
    Note: Page._paragraph,  # noqa: SLF001
    Bullets: Page._bullets,  # noqa: SLF001
    Display: Page._display,  # noqa: SLF001
    Table: Page._table,  # noqa: SLF001
}
