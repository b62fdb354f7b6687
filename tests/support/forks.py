"""The command, many times over: one process has it in memory, and every run is a fork of that process.

A run is all that a program of its own would be, with limits of its own, but for a second in which Python reads modules.
"""

from __future__ import annotations

import contextlib
import json
import os
import resource
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from importlib import import_module
from math import ceil
from pathlib import Path

from tests.support.limits import PATIENCE, Ended, within
from tests.support.program import environment


class Forks:
    """The process, whose runs are asked for one after the other."""

    def __init__(self, parent: subprocess.Popen[str]) -> None:
        self._parent = parent

    def in_cpu(self, module: str, argv: Sequence[object], cwd: Path, seconds: float) -> Ended:
        """How ``python -m module argv`` ended; it takes at most so many seconds of CPU of a usual machine."""

        def attempt(slow: float) -> tuple[Ended, float]:
            ended = self._run(module, argv, cwd, ceil(PATIENCE * seconds * slow))
            return ended, ended.seconds

        return within(seconds, attempt)

    def _run(self, module: str, argv: Sequence[object], cwd: Path, limit: int) -> Ended:
        assert self._parent.stdin and self._parent.stdout
        with tempfile.TemporaryDirectory() as folder:
            out, said = Path(folder, "out"), Path(folder, "said")
            asked = [module, list(map(str, argv)), str(cwd), limit, str(out), str(said)]
            print(json.dumps(asked), file=self._parent.stdin, flush=True)
            status, seconds, memory = json.loads(self._parent.stdout.readline())
            return Ended(status, out.read_text("utf-8"), said.read_text("utf-8"), seconds, memory)


@contextlib.contextmanager
def forks(*modules: str) -> Iterator[Forks]:
    """A process that has read these modules and all that they import. It is a small one: memory is inherited."""
    line = [sys.executable, "-m", __name__, *modules]
    with subprocess.Popen(line, stdin=-1, stdout=-1, text=True, env=environment()) as parent:
        yield Forks(parent)


def _parent(modules: Sequence[str]) -> None:
    """The process: it answers each line with how the run ended."""
    for name in modules:
        import_module(name)
    while line := sys.stdin.readline():
        module, argv, cwd, limit, *files = json.loads(line)
        run = os.fork()
        if not run:
            _become(cwd, limit, files)
            sys.argv[1:] = argv
            runpy.run_module(module, run_name="__main__", alter_sys=True)
            return
        _, status, used = os.wait4(run, 0)
        ended = abs(os.waitstatus_to_exitcode(status))
        print(json.dumps([ended, used.ru_utime + used.ru_stime, used.ru_maxrss * 1024]), flush=True)


def _become(cwd: str, limit: int, files: Sequence[str]) -> None:
    """A process with its own folder, limit of CPU time, and output."""
    os.chdir(cwd)
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
    for number, path in enumerate((os.devnull, *files)):
        file = os.open(path, os.O_RDWR | os.O_CREAT)
        os.dup2(file, number)
        os.close(file)


if __name__ == "__main__":
    _parent(sys.argv[1:])
