"""References to figures and tables: names while a document is written, then the numbers of those that are there."""

from __future__ import annotations

import re
from collections.abc import Callable

from derive.patterns import regex
from derive.records import record

_MARK = "\x14"
"""What fences the name of a figure or table in a text; no text of a spec holds it."""
_REFERENCE = regex(f"{_MARK}([a-z0-9-]+){_MARK}")
_IN_BRACKETS = regex(rf" ?\([^(){_MARK}]*(?:{_REFERENCE.pattern}[^(){_MARK}]*)+\)")


TABLE = "table-"
"""What the names of tables begin with: a figure may be called as a table is."""


@record
class FigureReference:
    """A figure by its name; the wording puts it in brackets, with what else stands there: ``(Figure 2)``."""

    figure: str

    def __str__(self) -> str:
        return f"{_MARK}{self.figure}{_MARK}"


def table_reference(name: str) -> FigureReference:
    """A table by its name."""
    return FigureReference(TABLE + name)


def around_references(text: str, escape: Callable[[str], str]) -> str:
    """A text that is escaped but for its references."""
    if _MARK not in text:
        return escape(text)
    parts = text.split(_MARK)
    return "".join(str(FigureReference(part)) if i % 2 else escape(part) for i, part in enumerate(parts))


def with_references(text: str, number: Callable[[str], str]) -> str:
    """A text with its references as ``number`` gives them; where it gives nothing, the brackets go."""

    def filled(found: re.Match[str]) -> str:
        shown = {name: number(name) for name in _REFERENCE.findall(found[0])}
        return _REFERENCE.sub(lambda one: shown[one[1]], found[0]) if all(shown.values()) else ""

    return _IN_BRACKETS.sub(filled, text) if _MARK in text else text
