"""Hostile claims end with status 1 or 2 (0 where they are only strange), one message, no traceback, in 10 s of CPU and 500 MB."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.limits import Ended, in_cpu
from tests.support.program import environment
from tests.support.repository import ROOT
from tests.support.verification.hostile import Case, cases

ALL = {name: (name, ending, content) for name, ending, content in cases()}
SECONDS = 10
RIGHT = {"byte order mark", "carriage returns", "digits of every script"}
"""Strange, but what stands there may be right."""
SAMPLE = (
    "import", "newcommand of much", "newcommand in newcommand", "template", "write18", "tower", "sum of powers", "nested exponentials", "brackets", "fractions",
    "roots in roots", "sums without a range", "sums in sums without a range", "divisions", "underbraces", "garbage", "random bytes", "equals", "bare letters", "equations of a display", "dollar pairs", "open environments",
    "matrix products", "nothing", "no relation", "terminal", "surrogates",
)  # fmt: skip


def verify(tmp_path: Path, case: Case, name: str = "pass_or_fail") -> Ended:
    """``derive verify`` on one hostile file."""
    _, ending, content = case
    path = tmp_path / f"claims.{ending}"
    path.write_bytes(content)
    spec = ROOT / "examples" / f"{name}.toml"
    line = [sys.executable, "-m", "derive", "verify", str(spec), str(path), "-o", str(tmp_path / "report")]
    return in_cpu(line, tmp_path, SECONDS)


def check(tmp_path: Path, case: Case, name: str = "pass_or_fail") -> None:
    """What is promised of every case."""
    ended = verify(tmp_path, case, name)
    assert "Traceback" not in ended.said
    assert ended.status in ((0, 1, 2) if case[0] in RIGHT else (1, 2)), ended
    if ended.status == 2:
        assert ended.said.count("claims.") == 1
    else:
        assert ended.said == ""
    assert ended.memory < 500_000_000
    assert not Path("/tmp/owned").exists()  # noqa: S108 - what the code in the claims would leave


def test_there_are_enough() -> None:
    """At least forty, each with a name of its own."""
    assert len(ALL) == len(list(cases())) >= 40


@pytest.mark.parametrize("name", SAMPLE)
def test_a_sample(name: str, tmp_path: Path) -> None:
    """A fixed few, in every run of the tests."""
    check(tmp_path, ALL[name])


@pytest.mark.parametrize("name", ["long number", "samples"])
def test_a_batch(name: str, tmp_path: Path) -> None:
    """Where it is to be found whose numbers are meant."""
    check(tmp_path, ALL[name], "xor_batch")


@pytest.mark.claims
@pytest.mark.parametrize("name", sorted(ALL))
def test_all(name: str, tmp_path: Path) -> None:
    """Every case."""
    check(tmp_path, ALL[name])


@pytest.mark.parametrize("to", ["markdown", "json", "csv", "latex"])
@pytest.mark.parametrize("name", ["terminal", "fences of ours", "right to left", "html"])
def test_reports_do_not_carry_it_on(name: str, to: str, tmp_path: Path) -> None:
    """No control character of a claims file reaches a report."""
    _, ending, content = ALL[name]
    path, report = tmp_path / f"claims.{ending}", tmp_path / "report"
    path.write_bytes(content + b"\n\nyhat = 3 = $yhat = 2$\n")
    spec = ROOT / "examples" / "pass_or_fail.toml"
    command = [sys.executable, "-m", "derive", "verify", str(spec), str(path), "--to", to, "-o", str(report)]
    done = subprocess.run(command, cwd=tmp_path, env=environment(), capture_output=True, check=False)
    assert done.returncode == 1, done.stderr
    text = report.read_text(encoding="utf-8")
    assert not any(c in text for c in "\x1b\x07\x00\x01\x02\u202e")
