"""Notebooks and Word documents for tests, written by hand."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

Cell = Mapping[str, Any]


def notebook(*cells: Cell) -> str:
    """A notebook as Jupyter saves it."""
    return json.dumps({"cells": list(cells), "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def old_notebook(*cells: Cell) -> str:
    """The same in nbformat 3: sheets, ``input``, ``pyout``."""
    old = []
    for cell in cells:
        outputs = [_old_output(output) for output in cell.get("outputs", [])]
        code = {"cell_type": "code", "input": cell["source"], "outputs": outputs}
        old.append(code if cell["cell_type"] == "code" else dict(cell))
    return json.dumps({"worksheets": [{"cells": old}], "metadata": {}, "nbformat": 3, "nbformat_minor": 0})


def _old_output(output: Mapping[str, Any]) -> dict[str, Any]:
    if output["output_type"] == "stream":
        return {"output_type": "stream", "stream": "stdout", "text": output["text"]}
    return {"output_type": "pyout", "text": output["data"].get("text/plain", ""), "prompt_number": 1}


def markdown(text: str) -> Cell:
    return {"cell_type": "markdown", "metadata": {}, "source": text.splitlines(keepends=True)}


def code(text: str, *outputs: Cell) -> Cell:
    return {"cell_type": "code", "metadata": {}, "source": text.splitlines(keepends=True), "outputs": list(outputs)}


def printed(text: str, name: str = "stdout") -> Cell:
    return {"output_type": "stream", "name": name, "text": text.splitlines(keepends=True)}


def result(text: str, **others: str) -> Cell:
    data = {"text/plain": text, **{f"text/{kind}": other for kind, other in others.items()}}
    return {"output_type": "execute_result", "execution_count": 1, "metadata": {}, "data": data}


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
MATH = "http://schemas.openxmlformats.org/officeDocument/2006/math"
TYPES = (
    '<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns='
    '"http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    "</Relationships>"
)


def document(*paragraphs: str) -> bytes:
    """A Word document of these paragraphs, each the XML of its runs and equations."""
    body = "".join(f"<w:p>{paragraph}</w:p>" for paragraph in paragraphs)
    xml = f'<?xml version="1.0" encoding="UTF-8"?><w:document xmlns:w="{WORD}" xmlns:m="{MATH}"><w:body>{body}</w:body></w:document>'
    return packed({"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS, "word/document.xml": xml})


def packed(files: Mapping[str, str | bytes]) -> bytes:
    """An archive of these files."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return out.getvalue()


def text(run: str, place: str = "") -> str:
    """A run of text; ``place`` is ``subscript`` or ``superscript``."""
    shifted = f'<w:rPr><w:vertAlign w:val="{place}"/></w:rPr>' if place else ""
    return f'<w:r>{shifted}<w:t xml:space="preserve">{_escaped(run)}</w:t></w:r>'


def equation(*parts: str, display: bool = False) -> str:
    """An equation; a display stands in a line of its own."""
    found = f"<m:oMath>{''.join(parts)}</m:oMath>"
    return f"<m:oMathPara>{found}</m:oMathPara>" if display else found


def signs(run: str) -> str:
    return f"<m:r><m:t>{_escaped(run)}</m:t></m:r>"


def fraction(above: str, below: str) -> str:
    return f"<m:f><m:num>{above}</m:num><m:den>{below}</m:den></m:f>"


def low(base: str, index: str) -> str:
    return f"<m:sSub><m:e>{signs(base)}</m:e><m:sub>{signs(index)}</m:sub></m:sSub>"


def high(base: str, power: str) -> str:
    return f"<m:sSup><m:e>{signs(base)}</m:e><m:sup>{signs(power)}</m:sup></m:sSup>"


def lines(equations: Sequence[str]) -> str:
    """Equations one below the other."""
    return "<m:eqArr>" + "".join(f"<m:e>{one}</m:e>" for one in equations) + "</m:eqArr>"


def _escaped(run: str) -> str:
    return run.replace("&", "&amp;").replace("<", "&lt;")
