"""What all tests share: where the repository is, a way to run the command, and tools that must be there in CI."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest

from derive.cli import main

ROOT = Path(__file__).resolve().parent.parent
collect_ignore = ["support/outside/jax_reference.py", "benchmarks"]  # they import what the tests do not need
TOOLS_REQUIRED = bool(os.environ.get("DERIVE_REQUIRE_TOOLS"))
"""In CI every outside tool must be there: what would be skipped fails."""


@dataclass(frozen=True)
class Ran:
    """What a run of the command left behind."""

    status: int
    out: str
    err: str


@pytest.fixture
def root() -> Path:
    return ROOT


@pytest.fixture
def examples() -> Path:
    return ROOT / "examples"


@pytest.fixture
def derive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run ``derive`` in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*argv: object) -> Ran:
        capfd.readouterr()
        status = main([str(word) for word in argv])
        said = capfd.readouterr()
        return Ran(status, said.out, said.err)

    return run


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., Ran]:
    """Run ``derive`` as a program of its own, in an empty folder."""

    def run(*argv: object, env: Mapping[str, str] | None = None, stdin: str = "", cwd: Path = tmp_path) -> Ran:
        done = subprocess.run(
            command(*argv), cwd=cwd, env=environment(env), input=stdin.encode(), capture_output=True, check=False,
            timeout=120,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


def command(*argv: object) -> Sequence[str]:
    """The command line of the program under test."""
    return [sys.executable, "-m", "derive", *map(str, argv)]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Our environment, in which the package of this repository is found."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **(more or {})}


LAUNCHER = """
import resource, subprocess, sys
status = subprocess.run(sys.argv[1:]).returncode
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss, file=sys.stderr)
raise SystemExit(status)
"""


def in_memory(line: Sequence[str], cwd: Path) -> tuple[Ran, int]:
    """Run a program; also the most memory it took, in bytes.

    A process starts out with its parent's highest mark, so that the parent must be a small one, not the tests'.
    """
    launched = [sys.executable, "-c", LAUNCHER, *line]
    done = subprocess.run(launched, cwd=cwd, env=environment(), capture_output=True, check=False, timeout=120)
    *said, most = done.stderr.decode().splitlines()
    return Ran(done.returncode, done.stdout.decode(), "\n".join(said)), int(most) * 1024


class Ended(NamedTuple):
    """How a process ended: its status, what it said, the seconds of CPU and the bytes of memory that it took."""

    status: int
    said: str
    seconds: float
    memory: int


LIMITED = """
import os, resource, subprocess, sys
limit = int(sys.argv[1])
def limited():
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
status = subprocess.run(sys.argv[2:], preexec_fn=limited).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, file=sys.stderr)
raise SystemExit(abs(status))
"""


USUAL = 0.1
"""Seconds that :func:`slowness` counts in on the machine for which limits are stated."""


def slowness() -> float:
    """How many times longer than usual this machine takes for the same work now; 1 at least.

    Seconds of CPU are no fixed measure either: a shared core takes two or three times as many when it is busy.
    """
    start, total = time.process_time(), 0
    for i in range(1_000_000):
        total += i * i
    assert total
    return max(1.0, (time.process_time() - start) / USUAL)


def in_cpu(line: Sequence[str], cwd: Path, seconds: int) -> Ended:
    """Run a program, which the system ends after so many seconds of CPU of a usual machine; these are returned, too.

    The process between is a small one, as for :func:`in_memory`.
    """
    before = slowness()
    launched = [sys.executable, "-c", LIMITED, str(ceil(4 * seconds * before)), *line]
    done = subprocess.run(launched, cwd=cwd, env=environment(), capture_output=True, check=False)
    *said, used = done.stderr.decode().splitlines()
    taken, most = used.split()
    return Ended(done.returncode, "\n".join(said), float(taken) / max(before, slowness()), int(most))


def need_tool(name: str) -> str:
    """The path of a program; without it the test is skipped, or fails where tools are required."""
    path = shutil.which(name)
    return path or missing(f"{name} is not installed")


def missing(reason: str) -> NoReturn:
    """Skip the test, or fail it where tools are required."""
    if TOOLS_REQUIRED:
        pytest.fail(f"{reason}, and DERIVE_REQUIRE_TOOLS is set")
    pytest.skip(reason)
