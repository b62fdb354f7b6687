"""Writing files: whole or not at all, and several all or none.

The contents are first written to temporary files beside their targets and synced; only when
all of them are safely on the disk are they renamed. What is not a regular file (a device, a
pipe, ``-``) is written straight.
"""

from __future__ import annotations

import contextlib
import errno
import os
import re
import shlex
import stat
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from derive.commands.temporary import Temporary
from derive.errors import DeriveError

STANDARD = "-"
"""The name of standard input and output."""

_HINTS = {
    errno.ENOSPC: "free some space, or write elsewhere with -o",
    errno.EDQUOT: "free some space, or write elsewhere with -o",
    errno.EROFS: "the disk is read-only; write elsewhere with -o",
    errno.EACCES: "write elsewhere with -o, or ask for the right to write here",
    errno.EPERM: "write elsewhere with -o, or ask for the right to write here",
    errno.ENOENT: "create the folder first",
    errno.ENOTDIR: "a part of the path is a file; write elsewhere with -o",
    errno.EISDIR: "name a file in it",
    errno.EBADF: "it is closed; name a file with -o",
    errno.ELOOP: "the links lead round in a circle; name another file with -o",
    errno.ENAMETOOLONG: "choose a shorter name with -o",
}
_DESCRIPTORS = {STANDARD: 1, "/dev/stdout": 1, "/dev/stderr": 2}


@dataclass(slots=True)
class _Undo:
    """What was done so far and can be taken back."""

    runs: dict[str, Temporary] = field(default_factory=dict)  # by folder
    temporary: list[str] = field(default_factory=list)
    folders: list[str] = field(default_factory=list)
    created: list[str] = field(default_factory=list)
    replaced: list[tuple[str, str]] = field(default_factory=list)  # (backup, target)

    def roll_back(self) -> None:
        for backup, target in reversed(self.replaced):
            with contextlib.suppress(OSError):
                os.replace(backup, target)
        self.remove([*self.created, *self.temporary])
        self.finish()
        for folder in reversed(self.folders):
            with contextlib.suppress(OSError):
                os.rmdir(folder)

    def finish(self) -> None:
        """Remove the backups (one may be left where a link was renamed to itself)."""
        self.remove([backup for backup, _ in self.replaced])
        for run in self.runs.values():
            run.end()

    def beside(self, target: str) -> str:
        """A name for a temporary file in the folder of ``target``."""
        folder = os.path.dirname(target)
        if folder not in self.runs:
            self.runs[folder] = Temporary(folder)
        return self.runs[folder].name()

    @staticmethod
    def remove(paths: Iterable[str]) -> None:
        for path in paths:
            with contextlib.suppress(OSError):
                os.unlink(path)


def check_targets(targets: Iterable[str], inputs: Iterable[str] = ()) -> None:
    """Refuse what cannot be meant: one file twice, a folder, or a file that is also an input."""
    seen: dict[object, str] = {}
    read = {_identity(path): path for path in inputs if path != STANDARD and os.path.exists(path)}
    for target in targets:
        if is_stream(target):
            continue
        if os.path.isdir(target):
            raise DeriveError(target, "is a folder", _HINTS[errno.EISDIR])
        identity = _identity(target)
        if identity in read:
            raise DeriveError(target, "would be overwritten, and it is an input", "choose another -o")
        if identity in seen:
            raise DeriveError(
                target, "would be written twice", "rename one of the specs, or write them one by one with -o"
            )
        seen[identity] = target


def write_all(
    contents: Mapping[str, bytes], *, folder: str | None = None, replace: bool = True, say: bytes = b""
) -> None:
    """Write all ``contents`` (path to bytes), or none of them.

    ``folder`` is created where it is missing; no other folder is. With ``replace=False`` a file
    that is there already is an error. ``say`` goes to standard output when all is written; where it cannot be written
    there, nothing is written at all (but a reader who has gone does not undo the work).
    """
    check_targets(contents)
    undo = _Undo()
    now = _Now(STANDARD if say else next(iter(contents), ""))
    try:
        if say:
            _check_open(_DESCRIPTORS[STANDARD])
        _write(contents, folder, undo, now, replace=replace)
        if say:
            _say(say, now)
    except OSError as error:
        undo.roll_back()
        if isinstance(error, BrokenPipeError):
            raise
        raise failure(now.path, error) from None
    except BaseException:
        undo.roll_back()
        raise
    undo.finish()
    if now.unheard:
        raise BrokenPipeError


@dataclass(slots=True)
class _Now:
    """The path that is being written, for a message; whether nobody listened to what was said."""

    path: str
    unheard: bool = False


def _write(contents: Mapping[str, bytes], folder: str | None, undo: _Undo, now: _Now, *, replace: bool) -> None:
    if folder is not None and any(not is_stream(target) for target in contents):
        now.path = folder
        undo.folders += _make_folder(folder)
    ready = []
    for now.path, data in contents.items():
        if not is_stream(now.path):
            ready.append((now.path, _write_beside(now.path, data, undo)))
    for now.path, data in contents.items():
        if is_stream(now.path):
            _write_stream(now.path, data)
    for now.path, temporary in ready:
        _move(temporary, now.path, undo, replace=replace)


def _say(text: bytes, now: _Now) -> None:
    now.path = STANDARD
    try:
        _write_stream(STANDARD, text)
    except BrokenPipeError:
        now.unheard = True


def failure(path: str, error: OSError) -> DeriveError:
    """The error of the operating system in our words."""
    problem = (error.strerror or str(error)).lower()
    code = error.errno or 0
    hint = _HINTS.get(code, "")
    if code == errno.ENOENT:
        folder = os.path.dirname(os.path.realpath(path) if os.path.islink(path) else path) or "."
        if os.path.islink(path):
            problem = f"is a link to {os.readlink(path)}, and there is no folder {folder}"
        hint = f"create the folder first: mkdir -p {shlex.quote(folder)}"
    return DeriveError("standard output" if path == STANDARD else path, problem, hint)


def _identity(path: str) -> object:
    """What two names of one file have in common."""
    real = os.path.realpath(path)
    try:
        status = os.stat(real)
    except OSError:
        return real
    return (status.st_dev, status.st_ino)


def _descriptor(path: str) -> int | None:
    """The open file that ``path`` names: standard output or ``/dev/fd/3``."""
    if path in _DESCRIPTORS:
        return _DESCRIPTORS[path]
    match = re.fullmatch(r"/(?:dev|proc/self)/fd/(\d{1,9})", path, re.ASCII)
    return int(match[1]) if match else None


def is_stream(path: str) -> bool:
    """Is it written straight: an open file, a pipe or a device?"""
    if _descriptor(path) is not None:
        return True
    try:
        mode = os.stat(path).st_mode
    except OSError:
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


def _check_open(descriptor: int) -> None:
    """Refuse a standard stream that was closed when the program began: its number may be another file's by now."""
    if {1: sys.stdout, 2: sys.stderr}.get(descriptor, sys) is None:
        raise OSError(errno.EBADF, os.strerror(errno.EBADF))


def _write_stream(path: str, data: bytes) -> None:
    descriptor = _descriptor(path)
    if descriptor is not None:
        _check_open(descriptor)
    if descriptor == 1 and sys.stdout is not sys.__stdout__ and sys.stdout is not None:
        _print(data)  # a notebook, or a test that listens
        return
    opened = os.open(path, os.O_WRONLY) if descriptor is None else os.dup(descriptor)
    try:
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(opened, rest) :]
    finally:
        os.close(opened)


def _print(data: bytes) -> None:
    """Write to what stands for standard output in this program."""
    sys.stdout.write(data.decode("utf-8", "surrogateescape"))
    sys.stdout.flush()


def _make_folder(folder: str) -> list[str]:
    """Create ``folder`` and what is missing above it; the folders made, outermost first."""
    missing = []
    path = os.path.abspath(folder)
    while not os.path.lexists(path):
        missing.append(path)
        path = os.path.dirname(path)
    made: list[str] = []
    try:
        for path in reversed(missing):
            with contextlib.suppress(FileExistsError):
                os.mkdir(path)
                made.append(path)
        if not os.path.isdir(folder):
            raise NotADirectoryError(errno.ENOTDIR, os.strerror(errno.ENOTDIR))
    except OSError:
        for path in reversed(made):
            os.rmdir(path)
        raise
    return made


def _write_beside(path: str, data: bytes, undo: _Undo) -> str:
    """Write ``data`` to a synced temporary file beside the target of ``path``; its name."""
    target = os.path.realpath(path)
    mode = None
    if os.path.lexists(target):
        mode = stat.S_IMODE(os.stat(target).st_mode)
        if not os.access(target, os.W_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
    temporary = undo.beside(target)
    undo.temporary.append(temporary)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    with os.fdopen(os.open(temporary, flags, 0o666), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    if mode is not None:
        os.chmod(temporary, mode)
    return temporary


def _move(temporary: str, path: str, undo: _Undo, *, replace: bool) -> None:
    """Give the temporary file its name, so that it can be undone."""
    target = os.path.realpath(path)
    if not replace:
        _take(temporary, target)
        undo.created.append(target)
    elif os.path.lexists(target):
        backup = undo.beside(target)
        undo.replaced.append((backup, target))
        _back_up(target, backup)
        os.replace(temporary, target)
    else:
        undo.created.append(target)
        os.replace(temporary, target)
    _sync_folder(os.path.dirname(target))


def _take(temporary: str, target: str) -> None:
    """Give the temporary file a name that nobody has."""
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:  # a disk without links: the empty file takes the name, and fails where somebody has it
        os.close(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL))
        os.replace(temporary, target)
    else:
        os.unlink(temporary)


def _back_up(target: str, backup: str) -> None:
    try:
        os.link(target, backup)
    except OSError:  # a disk without links
        import shutil

        shutil.copy2(target, backup)


def _sync_folder(folder: str) -> None:
    """Make the new name last through a power cut, where the system can."""
    with contextlib.suppress(OSError):
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
