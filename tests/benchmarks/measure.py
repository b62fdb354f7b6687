"""Ratios of medians over alternating pairs, measured in one run."""

from __future__ import annotations

import math
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
PAIRS = 11
Timer = Callable[[], float]


@dataclass(frozen=True)
class Result:
    """One line of the table: what was measured, against what, and what it may be."""

    what: str
    value: float
    limit: float | None
    detail: str

    @property
    def held(self) -> bool:
        return self.limit is None or self.value <= self.limit


def ratio(what: str, ours: Timer, other: Timer, limit: float | None, *, pairs: int = PAIRS) -> Result:
    """The median of ours over the median of the other, each timed in turn."""
    times: list[tuple[float, float]] = [(ours(), other()) for _ in range(pairs)]
    mine, theirs = (statistics.median(column) for column in zip(*times, strict=True))
    return Result(what, mine / theirs, limit, f"{seconds(mine)} : {seconds(theirs)}, {pairs} pairs")


def speedup(what: str, ours: Timer, other: Timer, limit: float, *, pairs: int = PAIRS) -> Result:
    """As :func:`ratio`, told the other way round: how many times faster we must be at least."""
    found = ratio(what, ours, other, 1 / limit, pairs=pairs)
    return Result(what, found.value, found.limit, f"{1 / found.value:.0f} times faster; {found.detail}")


def growth(what: str, timer: Callable[[int], float], sizes: Sequence[int], limit: float) -> Result:
    """The exponent of a power law fitted to the medians at these sizes (least squares of logarithms)."""
    rounds = [[timer(size) for size in sizes] for _ in range(PAIRS)]
    medians = [statistics.median(column) for column in zip(*rounds, strict=True)]
    fit = statistics.linear_regression(list(map(math.log, sizes)), list(map(math.log, medians)))
    shown = ", ".join(f"{size}: {seconds(t)}" for size, t in zip(sizes, medians, strict=True))
    return Result(what, fit.slope, limit, shown)


def program(*argv: str) -> Timer:
    """The whole time of a program, from its start to its end."""

    def run() -> float:
        start = time.perf_counter()
        subprocess.run([sys.executable, *argv], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
        return time.perf_counter() - start

    return run


def busy(processes: int) -> Timer:
    """The time of so many processes at once that do nothing but count; on a machine with cores to spare it is the same."""

    def run() -> float:
        line, start = [sys.executable, "-c", "for _ in range(40_000_000): pass"], time.perf_counter()
        for child in [subprocess.Popen(line) for _ in range(processes)]:
            assert child.wait() == 0
        return time.perf_counter() - start

    return run


def fresh(task: str, *argv: object) -> Timer:
    """The time that a task of :mod:`tests.benchmarks.tasks` reports from a process of its own: nothing is warm."""

    def run() -> float:
        line = [sys.executable, "-m", "tests.benchmarks.tasks", task, *map(str, argv)]
        done = subprocess.run(line, cwd=ROOT, check=True, stdout=subprocess.PIPE)
        return float(done.stdout)

    return run


def memory(what: str, limit: int, *argv: str) -> Result:
    """The most memory that a run of the command took, in bytes; and its time, for the reader."""
    start = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-m", "derive", *argv], cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    assert child.returncode == 0
    taken = usage.ru_maxrss * 1024
    return Result(what, taken / limit, 1.0, f"{taken / 1e6:.0f} MB in {seconds(time.perf_counter() - start)}")


def seconds(value: float) -> str:
    """A time in the unit that suits it.

    >>> seconds(0.0123)
    '12.3 ms'
    """
    for unit, size in (("s", 1.0), ("ms", 1e-3), ("µs", 1e-6)):
        if value >= size:
            return f"{value / size:.3g} {unit}"
    return f"{value / 1e-9:.3g} ns"
