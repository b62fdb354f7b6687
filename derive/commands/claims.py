"""Reading files of claims, one of them from standard input."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING

from derive.commands.files import STANDARD
from derive.errors import DeriveError

if TYPE_CHECKING:
    from derive.verification.documents import ClaimsDocument


def read_claims(path: str, what: str = "claims") -> ClaimsDocument:
    """The text of a file of claims (or of ``what`` else), and where its lines come from.

    Raises:
        DeriveError: where it cannot be read, is too large, is no text, or is not UTF-8.
    """
    from derive.verification.documents import claims_document, largest

    shown = "standard input" if path == STANDARD else path
    try:
        data = _bytes(path, largest(path) + 1, what)
    except OSError as error:
        from derive.commands.files import failure

        problem = failure(shown, error)
        raise DeriveError(shown, problem.problem, f"name a file of {what}") from None
    return claims_document(data, path, shown)


def _bytes(path: str, most: int, what: str) -> bytes:
    if path == STANDARD:
        if sys.stdin is None:
            raise DeriveError("standard input", "is closed", f"name a file, or send the {what} through a pipe")
        return sys.stdin.buffer.read(most)
    if os.path.isdir(path):
        raise DeriveError(path, "is a folder", f"name a file of {what}")
    with open(path, "rb") as file:
        return file.read(most)
