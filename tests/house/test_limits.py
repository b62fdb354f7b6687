"""Limits of CPU time: what is slow every time breaks them, what is slow once or on a slow machine does not."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from tests.support import forks as forks_module
from tests.support import limits
from tests.support.forks import forks
from tests.support.limits import ATTEMPTS, in_cpu, quickly, within
from tests.support.program import environment
from tests.support.repository import ROOT

BUSY = (
    "import sys, time\nwhile time.process_time() < {}: pass\nprint('out')\nprint('said', file=sys.stderr)\nsys.exit(3)"
)


def taking(*seconds: float) -> Callable[[float], tuple[int, float]]:
    """Attempts that take so many seconds, one after the other; each returns its number."""
    numbered = iter(enumerate(seconds, 1))
    return lambda _: next(numbered)


def slow(monkeypatch: pytest.MonkeyPatch, times: Sequence[float]) -> None:
    found = iter(times)
    monkeypatch.setattr(limits, "slowness", lambda: next(found))


@pytest.mark.parametrize(("seconds", "number"), [((1.9,), 1), ((2.0,), 1), ((2.1, 1.9), 2), ((9, 9, 2), 3)])
def test_one_quick_attempt_is_enough(monkeypatch: pytest.MonkeyPatch, seconds: Sequence[float], number: int) -> None:
    slow(monkeypatch, [1.0] * ATTEMPTS)
    assert within(2.0, taking(*seconds)) == number


def test_slow_every_time(monkeypatch: pytest.MonkeyPatch) -> None:
    slow(monkeypatch, [1.0] * ATTEMPTS)
    with pytest.raises(pytest.fail.Exception, match=r"2\.03 s of CPU at least, 3 times over, where 2\.0 are allowed"):
        within(2.0, taking(2.5, 2.03, 3.0, 1.0))


def test_seconds_are_those_of_a_usual_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was slow before an attempt or after it excuses that attempt, and no later one."""
    slow(monkeypatch, [2.0])
    assert within(2.0, taking(3.9)) == 1
    slow(monkeypatch, [2.0, 1.0])
    assert within(2.0, taking(4.1, 3.9)) == 2
    slow(monkeypatch, [2.0, 1.0, 1.0])
    with pytest.raises(pytest.fail.Exception, match=r"2\.05 s"):
        within(2.0, taking(4.1, 4.2, 2.1))


def test_a_program(tmp_path: Path) -> None:
    """What it wrote and took; one that does not end is ended."""
    ended = in_cpu([sys.executable, "-c", BUSY.format(0.3)], tmp_path, 2)
    assert (ended.status, ended.out, ended.said) == (3, "out\n", "said")
    assert ended.seconds >= 0.3
    assert 1_000_000 < ended.memory < 100_000_000


def test_a_program_without_end(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(limits, "ATTEMPTS", 1)
    monkeypatch.setattr(limits, "PATIENCE", 1)
    slow(monkeypatch, [1.0])
    with pytest.raises(pytest.fail.Exception, match=r"where 0\.5 are allowed"):
        in_cpu([sys.executable, "-c", BUSY.format(60)], tmp_path, 0.5)


def test_forks(tmp_path: Path) -> None:
    """Each run has its own output, seconds and memory, whatever the others took; a run without end is ended."""
    folder = Path(tmp_path, "folder")
    folder.mkdir()
    code = (
        "import os, sys, time\nmuch = bytearray(int(sys.argv[2]))\nmuch[::4096] = b'1' * len(much[::4096])\n"
        "while time.process_time() < float(sys.argv[1]): pass\n"
        "print(os.getcwd())\nprint('said', file=sys.stderr)\nsys.exit(3)"
    )
    (tmp_path / "busy.py").write_text(code)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(limits, "slowness", lambda: 1.0)
        patch.setattr(limits, "ATTEMPTS", 1)
        patch.setattr(forks_module, "PATIENCE", 1)
        patch.setattr(forks_module, "environment", lambda: environment({"PYTHONPATH": f"{ROOT}{os.pathsep}{tmp_path}"}))
        with forks("json") as program:
            large = program.in_cpu("busy", (0.4, 200_000_000), folder, 5)
            with pytest.raises(pytest.fail.Exception, match=r"where 0\.5 are allowed"):
                program.in_cpu("busy", (60, 0), folder, 0.5)
            small = program.in_cpu("busy", (0, 0), folder, 5)
    for ended in (large, small):
        assert (ended.status, ended.out, ended.said) == (3, f"{folder}\n", "said\n")
    assert small.seconds < 0.4 <= large.seconds
    assert small.memory < 100_000_000
    assert large.memory > 200_000_000


def test_a_function() -> None:
    assert quickly(lambda: 7, 2) == 7
