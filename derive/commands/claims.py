"""Reading files of claims: UTF-8, at most 1 MiB, one from standard input."""

from __future__ import annotations

import os
import sys

from derive.commands.files import STANDARD
from derive.errors import DeriveError

MAX_CLAIMS_FILE = 1024 * 1024
"""At most this many bytes of claims."""


def read_claims(path: str) -> str:
    """The text of a file of claims.

    Raises:
        DeriveError: where it cannot be read, is larger than 1 MiB, or is not UTF-8.
    """
    shown = "standard input" if path == STANDARD else path
    try:
        data = _bytes(path)
    except OSError as error:
        from derive.commands.files import failure

        problem = failure(shown, error)
        raise DeriveError(shown, problem.problem, "name a file of claims") from None
    if len(data) > MAX_CLAIMS_FILE:
        raise DeriveError(shown, "is larger than 1 MiB", "split it")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DeriveError(shown, f"is not UTF-8 (byte {error.start})", "save it as UTF-8") from None


def _bytes(path: str) -> bytes:
    if path == STANDARD:
        if sys.stdin is None:
            raise DeriveError("standard input", "is closed", "name a file, or send the claims through a pipe")
        return sys.stdin.buffer.read(MAX_CLAIMS_FILE + 1)
    if os.path.isdir(path):
        raise DeriveError(path, "is a folder", "name a file of claims")
    with open(path, "rb") as file:
        return file.read(MAX_CLAIMS_FILE + 1)
