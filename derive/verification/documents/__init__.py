"""From the bytes of a claims file to a text: notebooks, Word documents, plain files; pictures and the like are refused.

``claims_document`` gives the text, how its formulas are written, and where its lines stand in the file.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType

from derive.errors import DeriveError
from derive.verification.documents.claims_document import PLAIN, ClaimsDocument, FileParts, LinePlace
from derive.verification.documents.refused import check_is_text
from derive.verification.reading import kind_of

MAX_CLAIMS_FILE = 1024 * 1024
"""At most this many bytes of claims."""
MAX_PACKED_FILE = 8 * 1024 * 1024
"""At most this many bytes of a notebook or Word document, which may have pictures in it."""


def _notebook(data: bytes, file: str) -> ClaimsDocument:
    from derive.verification.documents.notebook import notebook

    return notebook(_decoded(data, file), file)


def _word(data: bytes, file: str) -> ClaimsDocument:
    from derive.verification.documents.word import word  # with what unpacks it and runs pandoc

    return word(data, file)


_READERS: Mapping[str, Callable[[bytes, str], ClaimsDocument]] = MappingProxyType({".ipynb": _notebook, ".docx": _word})
"""What reads a file that is more than a text, by its ending."""


def largest(path: str) -> int:
    """How many bytes a file of this name may have."""
    return MAX_PACKED_FILE if _ending(path) in _READERS else MAX_CLAIMS_FILE


def claims_document(data: bytes, path: str, file: str) -> ClaimsDocument:
    """The text of a file; ``path`` tells by its ending what it is, ``file`` is its name in messages.

    Raises:
        DeriveError: where it is too large, is not UTF-8, is a picture or the like, or is not what its ending says.
    """
    if len(data) > largest(path):
        raise DeriveError(file, f"is larger than {largest(path) // 1024 // 1024} MiB", "split it")
    read = _READERS.get(_ending(path))
    if read is not None:
        return read(data, file)
    check_is_text(data, _ending(path), file)
    return ClaimsDocument(_decoded(data, file), kind_of(path))


def _decoded(data: bytes, file: str) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DeriveError(file, f"is not UTF-8 (byte {error.start})", "save it as UTF-8") from None


def _ending(path: str) -> str:
    name = path.lower().replace("\\", "/").rpartition("/")[2]
    return "." + name.rpartition(".")[2] if "." in name else ""


__all__ = ["PLAIN", "ClaimsDocument", "FileParts", "LinePlace", "claims_document", "largest"]
