"""The program pandoc, which reads Word documents: without network and files, with bounded time and memory."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from typing import Any

from derive.errors import DeriveError

MAX_SECONDS = 10
"""At most so many seconds of CPU, and twice as many by the clock, for one document."""
MAX_MEMORY = 400
"""At most so many MiB of pandoc's heap for one document."""
MAX_OUTPUT = 16 * 1024 * 1024
"""At most this many bytes come back from pandoc."""
_UNKNOWN_OPTION = 6
_OTHERWISE = "save it as plain text, Markdown or LaTeX"


def blocks_of_word(data: bytes, file: str) -> list[Any]:
    """The blocks of a Word document, as pandoc's syntax tree has them.

    Raises:
        DeriveError: where pandoc is not there or too old, and where the document is none or too much work.
    """
    program = shutil.which("pandoc")
    if program is None:
        hint = f"install pandoc (https://pandoc.org/installing.html), or {_OTHERWISE}"
        raise DeriveError(file, "is a Word document, which is read with pandoc, and pandoc is not installed", hint)
    out = _run([program, "-f", "docx", "-t", "json", "--sandbox", "+RTS", f"-M{MAX_MEMORY}m", "-RTS"], data, file)
    try:
        tree = json.loads(out)
    except (ValueError, RecursionError):
        raise DeriveError(file, "is too deep to be read", _OTHERWISE) from None
    blocks = tree.get("blocks") if isinstance(tree, dict) else None
    return blocks if isinstance(blocks, list) else []


def _run(line: list[str], data: bytes, file: str) -> bytes:
    pipe, nothing = subprocess.PIPE, subprocess.DEVNULL
    with subprocess.Popen(line, stdin=pipe, stdout=pipe, stderr=nothing) as process:  # noqa: S603 - no shell
        _limit(process.pid)
        try:
            out, _ = process.communicate(data, timeout=2 * MAX_SECONDS)
        except subprocess.TimeoutExpired:
            process.kill()
            raise DeriveError(file, f"takes pandoc more than {MAX_SECONDS} seconds", _OTHERWISE) from None
        except BaseException:
            process.kill()
            raise
    if process.returncode == _UNKNOWN_OPTION:
        raise DeriveError(file, "is read with pandoc 2.15 or newer, and the one here is older", f"or {_OTHERWISE}")
    if process.returncode != 0 or len(out) > MAX_OUTPUT:
        raise DeriveError(file, "is no Word document that pandoc can read", f"{_OTHERWISE}, or save it in Word again")
    return out


def _limit(process: int) -> None:
    """Bound the CPU time of a process that has just begun, where the system can."""
    if sys.platform == "linux":
        import contextlib
        import resource

        with contextlib.suppress(OSError):
            resource.prlimit(process, resource.RLIMIT_CPU, (MAX_SECONDS, MAX_SECONDS))


__all__ = ["blocks_of_word"]
