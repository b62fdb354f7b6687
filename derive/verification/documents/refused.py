"""Files of which no text can be read: each is told from its first bytes, or its ending, and what to do is said."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from derive.errors import DeriveError


class RefusedKind(NamedTuple):
    """A kind of file: what it is called, and what to do with it."""

    name: str
    hint: str


_PICTURE = "type its lines into a text file (.txt or .md), or have a program for text recognition write them"
_SAVE = "save it as .docx, or as plain text (.txt)"
_PDF = RefusedKind(
    "a PDF", "give what it was made from (.docx, .tex, .md), or copy its lines into a text file and look them over"
)
_PACKED = RefusedKind("an archive or a binary file", "unpack it, and name the files of claims in it")
_FIRST_BYTES: tuple[tuple[int, bytes, RefusedKind], ...] = (
    (0, b"%PDF-", _PDF),
    (0, b"\x89PNG", RefusedKind("a picture (PNG)", _PICTURE)),
    (0, b"\xff\xd8\xff", RefusedKind("a picture (JPEG)", _PICTURE)),
    (0, b"GIF8", RefusedKind("a picture (GIF)", _PICTURE)),
    (0, b"II*\0", RefusedKind("a picture (TIFF)", _PICTURE)),
    (0, b"MM\0*", RefusedKind("a picture (TIFF)", _PICTURE)),
    (8, b"WEBP", RefusedKind("a picture (WebP)", _PICTURE)),
    (4, b"ftyphei", RefusedKind("a picture (HEIC)", _PICTURE)),
    (4, b"ftypmif1", RefusedKind("a picture (HEIC)", _PICTURE)),
    (4, b"ftypavif", RefusedKind("a picture (AVIF)", _PICTURE)),
    (0, b"\xd0\xcf\x11\xe0", RefusedKind("a document of an old Office program", _SAVE)),
    (0, b"{\\rtf", RefusedKind("a document in Rich Text Format", _SAVE)),
)
"""What a file begins with, where, and what it then is."""
_ENDINGS: Mapping[str, RefusedKind] = MappingProxyType(
    {
        ".pdf": _PDF,
        ".odt": RefusedKind("an OpenDocument text", _SAVE),
        ".pages": RefusedKind("a document of Pages", _SAVE),
        ".doc": RefusedKind("a document of an old Word", _SAVE),
        ".docm": RefusedKind("a Word document with macros", _SAVE),
        ".rtf": RefusedKind("a document in Rich Text Format", _SAVE),
        ".xlsx": RefusedKind("a spreadsheet", "save it as .csv, and its table as Markdown or plain text"),
        ".ods": RefusedKind("a spreadsheet", "save it as .csv, and its table as Markdown or plain text"),
        ".pptx": RefusedKind("a presentation", _SAVE),
        **dict.fromkeys(
            (".png", ".jpg", ".jpeg", ".heic", ".heif", ".gif", ".webp", ".tif", ".tiff", ".bmp"),
            RefusedKind("a picture", _PICTURE),
        ),
    }
)
"""What a file that is no text is by its ending."""
MAX_LOOKED_AT = 8192
"""At most this many bytes are looked through for what no text has."""


def check_is_text(data: bytes, ending: str, file: str) -> None:
    """Refuse a file that is no text.

    Raises:
        DeriveError: that names what the file is, and what to do.
    """
    kind = next((kind for at, first, kind in _FIRST_BYTES if data.startswith(first, at)), None)
    if kind is None and not _is_utf8_text(data):
        kind = _ENDINGS.get(ending)
        if kind is None and data.startswith(b"PK\x03\x04"):
            kind = _packed(data)
        if kind is None and b"\0" in data[:MAX_LOOKED_AT] and not data.startswith((b"\xff\xfe", b"\xfe\xff")):
            kind = _PACKED if data[:2] in (b"\x1f\x8b", b"7z", b"Ra") else RefusedKind("a binary file", _SAVE)
    if kind is not None:
        raise DeriveError(file, f"is {kind.name}, and only text can be judged", kind.hint)


def _packed(data: bytes) -> RefusedKind:
    """What a packed file is: a document of Word has another name only."""
    if b"word/document.xml" in data:
        return RefusedKind("a Word document", "give it the ending .docx")
    return _ENDINGS[".odt"] if b"opendocument.text" in data[:200] else _PACKED


def _is_utf8_text(data: bytes) -> bool:
    """Whether a file is a text of ours, with no zero bytes."""
    if b"\0" in data[:MAX_LOOKED_AT]:
        return False
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


__all__ = ["check_is_text"]
