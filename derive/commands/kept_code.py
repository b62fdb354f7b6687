"""What Jinja made of our templates, kept beside Python's own bytecode, so that no run compiles a sentence again.

It is trusted as that is, and less: it is read only from a folder and a file that nobody else can write, and only where
it was made by this Python, this Jinja and this version of the package. Own templates of a user are never kept.
"""

from __future__ import annotations

import marshal
import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.util import MAGIC_NUMBER, cache_from_source, source_hash
from pathlib import Path

from derive import __version__
from derive.words import templating
from derive.words.templating import Codes

MAX_KEPT_CODES = 2_000
"""Where there would be more, only those of the last run are kept."""
HASH_SIZE = 8


@contextmanager
def kept_code() -> Iterator[None]:
    """What earlier runs compiled is known meanwhile; what is compiled is kept for later ones."""
    file = _file()
    known = _read(file) if file is not None else {}
    templating.know(known)
    yield
    new = templating.compiled_here()
    if file is not None and not new.keys() <= known.keys() and not sys.dont_write_bytecode:
        _write(file, {**known, **new} if len(known) + len(new) <= MAX_KEPT_CODES else new)


def _file() -> Path | None:
    """The file, in the folder where Python keeps what it compiled of our modules; None where it keeps nothing."""
    try:
        return Path(cache_from_source(templating.__file__)).with_suffix(".wording")
    except NotImplementedError:
        return None


def _made_by() -> tuple[object, ...]:
    """What the code depends on besides the text of the templates."""
    import jinja2.compiler

    made = (os.stat(module.__file__ or "") for module in (templating, jinja2.compiler))
    return __version__, *((each.st_size, each.st_mtime_ns) for each in made)


def _read(file: Path) -> Codes:
    """The codes in the file; none where it cannot be trusted or was made by something else."""
    try:
        if not (_is_ours(file.parent) and _is_ours(file)):
            return {}
        data = file.read_bytes()
    except OSError:
        return {}
    start = len(MAGIC_NUMBER) + HASH_SIZE
    if data[:start] != MAGIC_NUMBER + source_hash(data[start:]):
        return {}
    made_by, codes = marshal.loads(data[start:])  # noqa: S302  # as Python reads its own
    return codes if made_by == _made_by() else {}


def _is_ours(path: Path) -> bool:
    """Whether nobody but its owner can write it, and that is the user or the system."""
    if os.name != "posix":
        return True
    found = path.stat()
    return found.st_uid in (0, os.geteuid()) and not found.st_mode & (stat.S_IWGRP | stat.S_IWOTH)


def _write(file: Path, codes: Codes) -> None:
    """Put it there as a whole, or not at all: it only saves time."""
    data = marshal.dumps((_made_by(), codes))  # type: ignore[arg-type]
    new = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        new.write_bytes(MAGIC_NUMBER + source_hash(data) + data)
        new.replace(file)
    except OSError:
        with suppress(OSError):
            new.unlink()
