"""Reading files of claims: UTF-8, at most 1 MiB, one from standard input."""

from __future__ import annotations

import os
import sys

from derive.commands.files import STANDARD
from derive.errors import DeriveError

MAX_CLAIMS_FILE = 1024 * 1024
"""At most this many bytes of claims."""


def read_claims(path: str, what: str = "claims") -> str:
    """The text of a file of claims (or of ``what`` else).

    Raises:
        DeriveError: where it cannot be read, is larger than 1 MiB, or is not UTF-8.
    """
    shown = "standard input" if path == STANDARD else path
    try:
        data = _bytes(path, what)
    except OSError as error:
        from derive.commands.files import failure

        problem = failure(shown, error)
        raise DeriveError(shown, problem.problem, f"name a file of {what}") from None
    if len(data) > MAX_CLAIMS_FILE:
        raise DeriveError(shown, "is larger than 1 MiB", "split it")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DeriveError(shown, f"is not UTF-8 (byte {error.start})", "save it as UTF-8") from None


def _bytes(path: str, what: str) -> bytes:
    if path == STANDARD:
        if sys.stdin is None:
            raise DeriveError("standard input", "is closed", f"name a file, or send the {what} through a pipe")
        return sys.stdin.buffer.read(MAX_CLAIMS_FILE + 1)
    if os.path.isdir(path):
        raise DeriveError(path, "is a folder", f"name a file of {what}")
    with open(path, "rb") as file:
        return file.read(MAX_CLAIMS_FILE + 1)
