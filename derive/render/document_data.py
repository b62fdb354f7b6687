"""The document as data: what ``--to json`` writes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from derive.figures.later import DrawnLater
from derive.figures.model import Drawing
from derive.lesson.blocks import Block, Bullets, Display, Figure, Lesson, Note, Paragraph, Row, Table
from derive.model import Source
from derive.render.export import Writer
from derive.words.references import TABLE, with_references
from derive.words.runs import Cell, Tex, Text
from derive.words.voice import Span


def data(built: Lesson, writer: Writer) -> dict[str, Any]:
    """A lesson as JSON: sections of blocks, their sentences as runs of text, formulas, links."""
    figures = [block.name for section in built.sections for block in section.blocks if isinstance(block, Figure)]
    tables = [
        TABLE + block.name
        for section in built.sections
        for block in section.blocks
        if isinstance(block, Table) and block.name
    ]
    numbers = [(name, str(number)) for names in (figures, tables) for number, name in enumerate(names, 1)]
    return _Data(writer, dict(numbers)).lesson(built)


class _Data:
    def __init__(self, writer: Writer, figures: Mapping[str, str]) -> None:
        self._writer = writer
        self._figures = figures

    def lesson(self, built: Lesson) -> dict[str, Any]:
        return {
            "title": built.title,
            "heading": self._runs(built.heading),
            "author": built.author,
            "date": built.date,
            "source": _source(built.source),
            "style": built.style,
            "sections": [
                {
                    "key": section.key,
                    "title": self._runs(section.title),
                    "level": section.level,
                    "blocks": [self._block(block) for block in section.blocks],
                    **({"details": [self._block(block) for block in section.details]} if section.details else {}),
                }
                for section in built.sections
            ],
        }

    def _runs(self, *sentences: Text) -> list[dict[str, Any]]:
        return [self._run(span) for sentence in sentences for span in self._writer.spans(sentence)]

    def _run(self, span: Span) -> dict[str, Any]:
        content = span.content
        if span.kind == "link":
            return {"link": content, "url": span.url}
        if isinstance(content, tuple):
            return {span.kind: [self._run(inner) for inner in content]}
        return {span.kind: with_references(content, lambda name: self._figures.get(name, ""))}

    def _cell(self, cell: Cell) -> list[dict[str, Any]]:
        if isinstance(cell, str):
            return [{"math": self._writer.formula(cell)} if isinstance(cell, Tex) else {"text": str(cell)}]
        return self._runs(cell)

    def _block(self, block: Block) -> dict[str, Any]:
        match block:
            case Paragraph(sentences=sentences) | Note(sentences=sentences):
                return {"kind": type(block).__name__.lower(), "text": self._runs(*sentences)}
            case Bullets(items=items):
                return {"kind": "bullets", "items": [self._runs(*item) for item in items]}
            case Display(rows=rows):
                return {"kind": "display", "rows": [self._row(row) for row in rows]}
            case Table():
                return {
                    "kind": "table",
                    **({"name": block.name} if block.name else {}),
                    "caption": self._runs(block.caption) if block.caption is not None else [],
                    "head": [self._cell(cell) for cell in block.head],
                    "rows": [[self._cell(cell) for cell in row] for row in block.rows],
                    "align": block.align,
                }
            case Figure():
                return {**self._of_figure(block), **self._drawing(block.drawing)}

    def _drawing(self, drawing: Drawing | DrawnLater) -> dict[str, Any]:
        formula = self._writer.formula
        if isinstance(drawing, DrawnLater):
            return {"labels": list(map(formula, drawing.labels))}
        lit = drawing.highlights
        return {
            "nodes": [
                {"name": node.name, "label": formula(node.label), "beside": list(map(formula, node.beside))}
                for node in drawing.nodes
            ],
            "edges": [
                {"source": edge.source, "target": edge.target, "label": formula(edge.label)} for edge in drawing.edges
            ],
            "highlights": [
                *(node.name for node in drawing.nodes if node.name in lit),
                *([edge.source, edge.target] for edge in drawing.edges if (edge.source, edge.target) in lit),
            ],
        }

    def _of_figure(self, figure: Figure) -> dict[str, Any]:
        return {
            "kind": "figure",
            "name": figure.name,
            "title": self._runs(figure.title),
            "description": self._runs(*figure.description),
        }

    def _row(self, row: Row) -> dict[str, Any]:
        formula = self._writer.formula
        data: dict[str, Any] = {"left": formula(row.left), "relation": row.relation, "right": formula(row.right)}
        if row.number:
            data["number"] = row.number
        return data if row.reason is None else {**data, "reason": self._runs(row.reason)}


def _source(source: Source) -> Any:
    """The source as the author gave it."""
    return {"text": source.text, "url": source.url} if source.url else source.text
