"""Limits of CPU time that hold on a busy machine, too: in seconds of a usual one, and broken only if broken every time."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from math import ceil
from pathlib import Path
from typing import NamedTuple, TypeVar

import pytest

from tests.support.program import environment

T = TypeVar("T")

ATTEMPTS = 3
"""A neighbour on a shared core makes one run slow, between two looks at the machine; what is slow is slow every time."""
USUAL = 0.1
"""Seconds that :func:`slowness` counts in on the machine for which limits are stated."""
PATIENCE = 4
"""A program is ended after this many times its limit."""


class Ended(NamedTuple):
    """How a process ended: its status, what it wrote, the seconds of CPU and the bytes of memory that it took."""

    status: int
    out: str
    said: str
    seconds: float
    memory: int


LAUNCHER = """
import os, resource, subprocess, sys
limit = int(sys.argv[1])
def limited():
    resource.setrlimit(resource.RLIMIT_CPU, (limit, limit))
status = subprocess.run(sys.argv[2:], preexec_fn=limited).returncode
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(used.ru_utime + used.ru_stime, used.ru_maxrss * 1024, file=sys.stderr)
raise SystemExit(abs(status))
"""


def slowness() -> float:
    """How many times longer than usual this machine takes for the same work now; 1 at least.

    Seconds of CPU are no fixed measure either: a shared core takes two or three times as many when it is busy.
    """
    start, total = time.process_time(), 0
    for i in range(1_000_000):
        total += i * i
    assert total
    return max(1.0, (time.process_time() - start) / USUAL)


def within(seconds: float, attempt: Callable[[float], tuple[T, float]]) -> T:
    """What an attempt gives that takes at most so many seconds of CPU of a usual machine; fails if none of them does.

    An attempt gets how slow the machine was found last, and returns what it found and the seconds that it took.
    """
    before, taken = 1.0, list[float]()
    for _ in range(ATTEMPTS):
        found, used = attempt(before)
        if used <= seconds:
            return found
        after = slowness()
        taken.append(used / max(before, after))
        if taken[-1] <= seconds:
            return found
        before = after
    pytest.fail(f"{min(taken):.2f} s of CPU at least, {ATTEMPTS} times over, where {seconds} are allowed")


def in_cpu(line: Sequence[str], cwd: Path, seconds: float) -> Ended:
    """How a program ended that takes at most so many seconds of CPU of a usual machine.

    A process starts out with its parent's highest mark of memory, so that the parent must be a small one, not the tests'.
    """

    def attempt(slow: float) -> tuple[Ended, float]:
        launched = [sys.executable, "-c", LAUNCHER, str(ceil(PATIENCE * seconds * slow)), *line]
        done = subprocess.run(launched, cwd=cwd, env=environment(), capture_output=True, check=False)
        *said, used = done.stderr.decode().splitlines()
        taken, most = used.split()
        ended = Ended(done.returncode, done.stdout.decode(), "\n".join(said), float(taken), int(most))
        return ended, ended.seconds

    return within(seconds, attempt)


def quickly(work: Callable[[], T], seconds: float) -> T:
    """What a function of ours returns that takes at most so many seconds of CPU of a usual machine."""

    def attempt(_: float) -> tuple[T, float]:
        start = time.process_time()
        found = work()
        return found, time.process_time() - start

    return within(seconds, attempt)
