"""Temporary files beside their targets, told from those that a dead run left behind.

A run that writes into a folder has a file ``.derive-RUN.tmp`` there and holds a lock on it; its other files there are
``.derive-RUN-1.tmp`` and so on. The system gives the lock back when a process ends, however it ends, so that a run's
files may be removed when its lock can be had. No age, clock or process number decides it. Where there are no such
locks, nothing is ever removed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
from typing import Any

from derive.patterns import regex


def _locks() -> Any:
    """The system's locks on files; None where it has none (Windows)."""
    try:
        import fcntl as module
    except ImportError:
        return None
    return module


fcntl = _locks()
_OURS = regex(r"\.derive-(?P<run>[0-9a-f]{12})(?:-[0-9]{1,9})?\.tmp")
_TRIES = 20


class Temporary:
    """The temporary files of one run in one folder."""

    def __init__(self, folder: str) -> None:
        """Remove what dead runs left in the folder, and begin a run of our own there.

        Raises:
            OSError: where no file can be made in the folder.
        """
        remove_left(folder)
        self._folder = folder
        self._made = 0
        self._run, self._lock = _begin(folder)

    def name(self) -> str:
        """The path of another temporary file; it is not made."""
        self._made += 1
        return _path(self._folder, self._run, self._made)

    def end(self) -> None:
        """Give the lock up; the run's other files are gone by then."""
        if fcntl is None:  # an open file has to stay there on Windows
            os.close(self._lock)
        with contextlib.suppress(OSError):
            os.unlink(_path(self._folder, self._run))
        if fcntl is not None:
            os.close(self._lock)


def remove_left(folder: str) -> None:
    """Remove the temporary files of runs that ended without removing them: ours, regular files, and nothing else."""
    if fcntl is None:
        return
    with contextlib.suppress(OSError):
        for run, files in _left(folder).items():
            with contextlib.suppress(OSError):
                _remove_dead(folder, run, files)


def _left(folder: str) -> dict[str, list[str]]:
    """The paths of temporary files by their runs."""
    found: dict[str, list[str]] = {}
    with os.scandir(folder or ".") as entries:
        for entry in entries:
            match = _OURS.fullmatch(entry.name)
            if match is not None and _is_own_file(entry.stat(follow_symlinks=False)):
                found.setdefault(match["run"], []).append(os.path.join(folder, entry.name))
    return found


def _is_own_file(status: os.stat_result) -> bool:
    return stat.S_ISREG(status.st_mode) and status.st_uid == os.geteuid()


def _remove_dead(folder: str, run: str, files: list[str]) -> None:
    """Remove a run's files if nobody holds its lock.

    A run makes its lock before, and removes it after, all its other files: where there is none, the run is over.
    """
    lock = _path(folder, run)
    try:
        held = os.open(lock, os.O_RDWR | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except FileNotFoundError:
        held = None
    try:
        if held is not None:
            if not _is_own_file(os.fstat(held)):
                return
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)  # BlockingIOError: the run is alive
        for path in (*(file for file in files if file != lock), lock):
            with contextlib.suppress(FileNotFoundError):
                os.unlink(path)
    finally:
        if held is not None:
            os.close(held)


def _begin(folder: str) -> tuple[str, int]:
    """A run's name and its open lock.

    Between making the file and locking it, another run may take it for a dead run's and remove it: then again.
    """
    for _ in range(_TRIES):
        run = os.urandom(6).hex()
        path = _path(folder, run)
        try:
            lock = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | getattr(os, "O_CLOEXEC", 0), 0o600)
        except FileExistsError:
            continue
        if fcntl is None or _locked(lock):
            return run, lock
        os.close(lock)
        with contextlib.suppress(OSError):
            os.unlink(path)
    raise FileExistsError(errno.EEXIST, "no name is free for a temporary file")


def _locked(lock: int) -> bool:
    """Lock the file; whether it is ours now and still has its name."""
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    except OSError:  # a disk without locks: nobody can take ours for a dead run's
        return True
    return os.fstat(lock).st_nlink > 0


def _path(folder: str, run: str, number: int = 0) -> str:
    return os.path.join(folder, f".derive-{run}{f'-{number}' if number else ''}.tmp")
