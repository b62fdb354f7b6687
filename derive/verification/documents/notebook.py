"""Jupyter notebooks: the text of their cells, and what their code printed.

A code cell is code, what it printed stands below it. The number that a cell or ``print`` shows of an expression gets
that expression in front, as the reader of a notebook sees it: ``a1`` above ``0.7685`` says ``a1 = 0.7685``.
"""

from __future__ import annotations

import ast
import json
import warnings
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from derive.errors import DeriveError
from derive.patterns import regex
from derive.verification.documents.claims_document import ClaimsDocument, TextInParts

MAX_TEXT = 1024 * 1024
"""At most this many characters of text are in a notebook, pictures not counted."""
MAX_PARSED = 20_000
"""At most this many characters of a code cell are looked through for what it shows."""
_COLOR = regex(r"\x1b\[[0-9;]*m")
_MAGIC = regex(r"(?m)^[ \t]*[%!][^\n]*")
_LINE_END = regex(r"\r\n|\r|\n")
"""What ends a line of a program, as ast counts them: a form feed does not."""
_SHOWN = (ast.Name, ast.Subscript, ast.BinOp, ast.UnaryOp, ast.Constant, ast.Slice, ast.Tuple, ast.operator,
          ast.unaryop, ast.expr_context)  # fmt: skip
"""What an expression may have whose value is that of a quantity."""
_RESAVED = "open it in Jupyter and save it again"


def notebook(text: str, file: str) -> ClaimsDocument:
    """The text of a notebook in nbformat 3 or 4.

    Raises:
        DeriveError: where it is no notebook, or its text is larger than 1 MiB.
    """
    parts, length = TextInParts(), 0
    for number, cell in enumerate(_cells(text, file), 1):
        for content, kind, fence in _content(cell, f"cell {number}", file):
            length += len(content)
            if length > MAX_TEXT:
                raise DeriveError(file, "its text is larger than 1 MiB", "split it")
            parts.add(content, "printed" if kind == "printed" else "cell", number, fence=fence)
    return parts.document()


def _cells(text: str, file: str) -> Sequence[Any]:
    """The cells of a notebook."""
    try:
        data = json.loads(text)
    except (ValueError, RecursionError) as error:
        at = f"line {error.lineno}: " if isinstance(error, json.JSONDecodeError) else ""
        problem = error.msg if isinstance(error, json.JSONDecodeError) else "nests too deep, or has too large a number"
        raise DeriveError(file, f"is no notebook: {at}{problem}", _RESAVED) from None
    if not isinstance(data, dict):
        raise DeriveError(file, "is no notebook: it has no cells", _RESAVED)
    sheets = data.get("worksheets")
    if isinstance(sheets, list):  # nbformat 3
        found = [cell for sheet in sheets if isinstance(sheet, dict) for cell in _listed(sheet.get("cells"))]
    else:
        found = data.get("cells")  # type: ignore[assignment]
    if not isinstance(found, list):
        raise DeriveError(file, "is no notebook: it has no cells", _RESAVED)
    return found


def _listed(value: object) -> list[Any]:
    return value if isinstance(value, list) else []


def _content(cell: object, place: str, file: str) -> Iterator[tuple[str, str, str]]:
    """The texts of a cell: what each says, ``cell`` or ``printed``, and the language of code (empty for Markdown)."""
    kind = cell.get("cell_type") if isinstance(cell, dict) else None
    if not isinstance(cell, dict) or not isinstance(kind, str):
        raise DeriveError(file, f"{place}: is no cell of a notebook: it has no cell_type", _RESAVED)
    source = _text(cell.get("source", cell.get("input", "")), f"{place}: source", file)
    if kind == "code":
        yield source, "cell", "python"
        yield from _printed(source, _listed(cell.get("outputs")), place, file)
    elif kind in ("markdown", "heading"):
        yield source, "cell", ""
    else:
        yield source, "cell", "text"  # raw text is no Markdown


def _text(value: object, place: str, file: str) -> str:
    """A text, which a notebook may have line by line."""
    if isinstance(value, list) and all(isinstance(line, str) for line in value):
        return "".join(value)
    if not isinstance(value, str):
        raise DeriveError(file, f"{place}: is no text", _RESAVED)
    return value


def _printed(source: str, outputs: Sequence[Any], place: str, file: str) -> Iterator[tuple[str, str, str]]:
    """What a code cell printed: as text, or as the formulas that it shows."""
    result, prints = _shown(source)
    streams = [out for out in outputs if isinstance(out, dict) and out.get("output_type") == "stream"]
    said = [_text(out.get("text", ""), f"{place}: outputs", file) for out in streams if _is_standard(out)]
    if said:
        yield _named(_COLOR.sub("", "".join(said)), prints), "printed", "text"
    for out in outputs:
        if not isinstance(out, dict) or out.get("output_type") not in ("execute_result", "display_data", "pyout"):
            continue
        data = out.get("data", out)
        kinds = {"text/plain": "text/plain", "text/latex": "text/latex", "text/markdown": "text/markdown"}
        kinds |= {"text": "text/plain", "latex": "text/latex"}  # nbformat 3
        found = {kinds[key]: _text(data[key], f"{place}: outputs", file) for key in kinds if key in _mapping(data)}
        plain = _COLOR.sub("", found.get("text/plain", ""))
        if plain and not plain.startswith("<"):
            named = result and out["output_type"] != "display_data" and "=" not in plain and plain[0] not in "'\""
            yield f"{result} = {plain}" if named else plain, "printed", "text"
        else:
            shown = found.get("text/latex") or found.get("text/markdown")
            yield from ((shown, "printed", ""),) if shown else ()


def _mapping(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _is_standard(out: Mapping[str, Any]) -> bool:
    return bool(out.get("name", out.get("stream", "stdout")) == "stdout")


def _shown(source: str) -> tuple[str, list[str]]:
    """The expression whose value a cell shows, and that of each ``print``: empty where it is no quantity's."""
    if len(source) > MAX_PARSED:
        return "", []
    code = _MAGIC.sub("", source)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            tree = ast.parse(code)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return "", []
    prints = [one.value for one in tree.body if isinstance(one, ast.Expr) and _is_print(one.value)]
    if len(prints) != sum(map(_is_print, ast.walk(tree))):
        prints = []  # one in a loop prints any number of lines
    lines = [line.encode() for line in _LINE_END.split(code)]
    named = [_of_print(lines, call) for call in prints if isinstance(call, ast.Call)]
    last = tree.body[-1] if tree.body else None
    return _quantity(lines, last.value) if isinstance(last, ast.Expr) else "", named


def _is_print(node: ast.AST) -> bool:
    return isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"


def _of_print(lines: list[bytes], call: ast.Call) -> str:
    return _quantity(lines, call.args[0]) if len(call.args) == 1 and not call.keywords else ""


def _quantity(lines: list[bytes], shown: ast.expr) -> str:
    """An expression in one line, where it may be a quantity: of names, indices and arithmetic."""
    nodes = list(ast.walk(shown))
    if not any(isinstance(node, ast.Name) for node in nodes) or not all(isinstance(node, _SHOWN) for node in nodes):
        return ""
    if isinstance(shown, ast.Tuple) or shown.end_lineno is None:
        return ""
    # ast.get_source_segment splits the whole source again for each of thousands of prints
    within = lines[shown.lineno - 1 : shown.end_lineno]
    within[-1] = within[-1][: shown.end_col_offset]
    within[0] = within[0][shown.col_offset :]
    return " ".join(b" ".join(within).decode().split())


def _named(said: str, prints: Sequence[str]) -> str:
    """What was printed, with the expression before each number where there is one line for each ``print``."""
    lines = said.splitlines()
    if len(lines) != len(prints):
        return said
    return "\n".join(f"{name} = {line}" if name else line for name, line in zip(prints, lines, strict=True))


__all__ = ["notebook"]
