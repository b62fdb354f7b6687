"""What the commands share: reading a spec, choices that know their neighbours, printing."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
import threading
import time
from collections.abc import Callable, Collection, Iterator
from typing import TYPE_CHECKING, Literal

from derive.commands.files import STANDARD, write_all
from derive.errors import DeriveError, quoted
from derive.suggestions import nearest

if TYPE_CHECKING:
    from derive.model import Spec

STANDARD_NAME = "standard input"
_MAX_SPEC = 64 * 1024 * 1024
"""At most this many bytes of a spec."""


def one_of(what: str, known: Callable[[], Collection[str]]) -> Callable[[str], str]:
    """The type of an argument that is one of ``known()``, which is only called when it is given."""

    def choose(text: str) -> str:
        names = list(known())
        if text in names:
            return text
        raise argparse.ArgumentTypeError(f"unknown {what} {quoted(text)}: {nearest(text, names, in_order=True)}")

    return choose


def a_path(text: str) -> str:
    """The type of an argument that names a file or folder."""
    if not text:
        raise argparse.ArgumentTypeError("the name is empty: name a file, or - for standard input or output")
    if "\0" in text:
        raise argparse.ArgumentTypeError(f"{quoted(text)} is not a file name: it holds the character U+0000")
    return text


def names(text: str) -> tuple[str, ...]:
    """The type of an argument that lists names, separated by commas."""
    listed = tuple(name.strip() for name in text.split(","))
    if not all(listed):
        raise argparse.ArgumentTypeError(f"an empty name in {quoted(text)}: write names separated by commas")
    return listed


def read_spec(path: str, *, quiet: bool) -> Spec:
    """The spec in the file, or on standard input where ``path`` is ``-``; what its author should know is said."""
    spec = _spec(path)
    for note in spec.notes:
        say(f"note: {note}", quiet=quiet)
    return spec


def _spec(path: str) -> Spec:
    from derive import specification

    if path != STANDARD:
        return specification.load(path)
    if sys.stdin is None:
        raise DeriveError(STANDARD_NAME, "is closed", "name a file, or send the spec through a pipe")
    data = sys.stdin.buffer.read(_MAX_SPEC + 1)
    if len(data) > _MAX_SPEC:
        raise DeriveError(STANDARD_NAME, "the spec is larger than 64 MiB", "give fewer layers or rows")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise DeriveError(STANDARD_NAME, f"is not UTF-8 (byte {error.start})", "save it as UTF-8") from None
    # No TOML document starts with a brace.
    kind: Literal["json", "toml"] = "json" if text.lstrip().startswith("{") else "toml"
    return specification.loads(text, STANDARD_NAME, kind)


def spec_name(path: str) -> str:
    """The name of a spec without folder and ending.

    >>> spec_name("examples/pass_or_fail.toml")
    'pass_or_fail'
    """
    return os.path.splitext(os.path.basename(path))[0]


def emit(text: str, output: str | None) -> None:
    """Write ``text`` to the file ``output``, or to standard output."""
    write_all({output or STANDARD: text.encode("utf-8", "surrogateescape")})


def say(text: str, *, quiet: bool) -> None:
    """A message on standard error."""
    if not quiet and sys.stderr is not None:
        with contextlib.suppress(OSError):
            sys.stderr.write(text + "\n")


@contextlib.contextmanager
def progress(what: str | Callable[[], str], *, quiet: bool, after: float = 2.0) -> Iterator[None]:
    """Show on a terminal that long work goes on: ``what``, asked anew each time, and the seconds, from ``after`` on."""
    if quiet or sys.stderr is None or not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    start = time.monotonic()

    def tell() -> None:
        shown, wait = 0, after
        while not done.wait(wait):
            now = what if isinstance(what, str) else what()
            line = f"derive: {now}, {time.monotonic() - start:.0f} s "
            sys.stderr.write("\r" + line.ljust(shown))
            sys.stderr.flush()
            shown, wait = max(shown, len(line)), 1.0
        if shown:
            sys.stderr.write("\r" + " " * shown + "\r")
            sys.stderr.flush()

    teller = threading.Thread(target=tell, daemon=True)
    teller.start()
    try:
        yield
    finally:
        done.set()
        teller.join()
