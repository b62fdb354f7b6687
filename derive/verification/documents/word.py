r"""Word documents (.docx): their paragraphs as Markdown, their equations as the TeX that pandoc makes of them.

Every paragraph, equation in a line of its own and row of a table is a paragraph of the text. A letter set low or high
(w with a low 5) becomes an index or a power (``w_5``); what is struck out is left out.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Iterator, Sequence
from typing import Any

from derive.errors import DeriveError
from derive.verification.documents.claims_document import ClaimsDocument, TextInParts
from derive.verification.documents.pandoc import blocks_of_word

MAX_TEXT = 1024 * 1024
"""At most this many characters of text are in a Word document."""
MAX_UNPACKED = 16 * 1024 * 1024
"""At most this many bytes of XML are in a Word document, pictures not counted."""
_PIECE = 1024 * 1024


def word(data: bytes, file: str) -> ClaimsDocument:
    """The text of a Word document.

    Raises:
        DeriveError: where it is none, is too large, or pandoc cannot read it or is not there.
    """
    _check(data, file)
    parts, length = TextInParts(), 0
    try:
        for number, text in enumerate(_paragraphs(blocks_of_word(data, file)), 1):
            length += len(text)
            if length > MAX_TEXT:
                raise DeriveError(file, "its text is larger than 1 MiB", "split it")
            parts.add(text, "paragraph", number)
    except RecursionError:
        raise DeriveError(file, "is too deep to be read", "save it as plain text, Markdown or LaTeX") from None
    return parts.document()


def _check(data: bytes, file: str) -> None:
    """Refuse what is no Word document, and what unpacks to more than is read."""
    hint = "save it in Word again, as .docx, or as plain text"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as packed:
            names = packed.namelist()
            if "word/document.xml" not in names:
                raise DeriveError(file, "is no Word document", hint)
            length = 0
            for name in names:
                if not name.endswith((".xml", ".rels")):
                    continue
                with packed.open(name) as piece:
                    while read := len(piece.read(_PIECE)):
                        length += read
                        if length > MAX_UNPACKED:
                            raise DeriveError(file, "is larger than 16 MiB when it is unpacked", "split it")
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, RuntimeError, NotImplementedError, ValueError):
        raise DeriveError(file, "is no Word document", hint) from None


# From pandoc's syntax tree to lines


def _paragraphs(blocks: Sequence[Any], mark: str = "") -> Iterator[str]:
    """The paragraphs, each in one line but for the lines that its author broke; ``mark`` is that of a list."""
    for block in blocks:
        kind, content = block.get("t"), block.get("c")
        if kind in ("Para", "Plain"):
            yield mark + _line(content)
        elif kind == "Header":
            yield "#" * min(content[0], 6) + " " + _line(content[2])
        elif kind == "LineBlock":
            yield "\n".join(map(_line, content))
        elif kind == "CodeBlock":
            yield content[1]
        elif kind == "BlockQuote":
            yield from _paragraphs(content, mark)
        elif kind in ("BulletList", "OrderedList"):
            for item in content if kind == "BulletList" else content[1]:
                yield from _paragraphs(item, "- ")
        elif kind == "DefinitionList":
            for term, meanings in content:
                yield _line(term)
                for meaning in meanings:
                    yield from _paragraphs(meaning)
        elif kind == "Div":
            yield from _paragraphs(content[1], mark)
        elif kind == "Table":
            yield _table(content)


def _table(content: Sequence[Any]) -> str:
    """A table, as Markdown writes it."""
    _, _, _, head, bodies, foot = content
    rows = [_row(row) for row in head[1]]
    rows = rows or [[]]
    below = [_row(row) for body in bodies for part in (body[2], body[3]) for row in part] + [_row(r) for r in foot[1]]
    width = max(map(len, rows + below), default=0)
    filled = [row + [""] * (width - len(row)) for row in (*rows[:1], *rows[1:], *below)]
    lines = ["| " + " | ".join(row) + " |" for row in filled]
    return "\n".join([lines[0], "|" + "---|" * width, *lines[1:]])


def _row(row: Sequence[Any]) -> list[str]:
    """The cells of a row; one that stands over several columns is followed by empty ones."""
    found: list[str] = []
    for _, _, _, columns, blocks in row[1]:
        text = " ".join(" ".join(_paragraphs(blocks)).split())
        found += [text.replace("|", r"\|"), *[""] * (min(columns, 60) - 1)]
    return found


def _line(inlines: Sequence[Any]) -> str:
    return "".join(map(_inline, inlines))


_QUOTES = {"SingleQuote": "'", "DoubleQuote": '"'}
_NESTED = {"Emph": 0, "Strong": 0, "Underline": 0, "SmallCaps": 0, "Span": 1, "Cite": 1, "Link": 1}
"""What is set in another way, and where its text is."""


def _inline(inline: Any) -> str:
    kind, content = inline.get("t"), inline.get("c")
    if kind == "Str":
        return str(content).replace("$", r"\$").replace("`", "'")
    if kind in ("Space", "SoftBreak"):
        return " "
    if kind == "LineBreak":
        return "\n"
    if kind == "Math":
        display = content[0].get("t") == "DisplayMath"
        tex = content[1].replace("$", "").replace(r"\&", "&")  # Word aligns equations by a plain &
        return f"\n$$\n{tex}\n$$\n" if display else f"${' '.join(tex.split())}$"
    if kind in ("Subscript", "Superscript"):
        return _shifted("_" if kind == "Subscript" else "^", _line(content))
    if kind == "Quoted":
        mark = _QUOTES.get(content[0].get("t"), '"')
        return mark + _line(content[1]) + mark
    if kind == "Code":
        return str(content[1])
    if kind in _NESTED:
        return _line(content[_NESTED[kind]] if _NESTED[kind] else content)
    return ""


def _shifted(sign: str, text: str) -> str:
    """A text set low or high: an index or a power."""
    text = text.strip()
    if not text or set(text) <= set("'′*"):
        return text
    return sign + (text if text.isalnum() else f"{{{text}}}" if sign == "_" else f"({text})")


__all__ = ["word"]
