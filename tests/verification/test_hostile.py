"""Hostile claims end with status 1 or 2 (0 where they are only strange), one message, no traceback, in 10 s of CPU and 500 MB."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.forks import Forks, forks
from tests.support.limits import Ended, in_cpu
from tests.support.program import command
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
    "gradients of gradients", "indices", "ticks",
)  # fmt: skip


READ = ("derive.commands.verify", "derive.network", "derive.verification.examine", "derive.verification.reports.margin")
"""What a run of ``derive verify`` imports."""


@pytest.fixture(scope="module")
def program() -> Iterator[Forks]:
    with forks(*READ) as running:
        yield running


def verify(tmp_path: Path, case: Case, name: str, *options: str) -> list[object]:
    """What follows ``derive`` on the command line for one hostile file."""
    _, ending, content = case
    path = tmp_path / f"claims.{ending}"
    path.write_bytes(content)
    return ["verify", ROOT / "examples" / f"{name}.toml", path, *options, "-o", tmp_path / "report"]


def check(ended: Ended, case: Case) -> None:
    """What is promised of every case."""
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
def test_a_sample(name: str, program: Forks, tmp_path: Path) -> None:
    """A fixed few, in every run of the tests."""
    check(program.in_cpu("derive", verify(tmp_path, ALL[name], "pass_or_fail"), tmp_path, SECONDS), ALL[name])


@pytest.mark.parametrize("name", ["long number", "samples"])
def test_a_batch(name: str, program: Forks, tmp_path: Path) -> None:
    """Where it is to be found whose numbers are meant."""
    check(program.in_cpu("derive", verify(tmp_path, ALL[name], "xor_batch"), tmp_path, SECONDS), ALL[name])


@pytest.mark.parametrize("name", ["import", "surrogates", "nothing"])
def test_a_fork_is_a_program(name: str, program: Forks, tmp_path: Path) -> None:
    """One that is started for a single case ends the same way, and writes the same."""
    argv = verify(tmp_path, ALL[name], "pass_or_fail")
    forked = program.in_cpu("derive", argv, tmp_path, SECONDS)
    own = in_cpu(command(*argv), tmp_path, SECONDS)
    check(own, ALL[name])
    assert (own.status, own.out, own.said.strip()) == (forked.status, forked.out, forked.said.strip())


@pytest.mark.claims
@pytest.mark.parametrize("name", sorted(ALL))
def test_all(name: str, tmp_path: Path) -> None:
    """Every case, each a program of its own."""
    check(in_cpu(command(*verify(tmp_path, ALL[name], "pass_or_fail")), tmp_path, SECONDS), ALL[name])


@pytest.mark.parametrize("to", ["markdown", "json", "csv", "latex"])
@pytest.mark.parametrize("name", ["terminal", "fences of ours", "right to left", "html"])
def test_reports_do_not_carry_it_on(name: str, to: str, program: Forks, tmp_path: Path) -> None:
    """No control character of a claims file reaches a report."""
    title, ending, content = ALL[name]
    argv = verify(tmp_path, (title, ending, content + b"\n\nyhat = 3 = $yhat = 2$\n"), "pass_or_fail", "--to", to)
    ended = program.in_cpu("derive", argv, tmp_path, SECONDS)
    assert ended.status == 1, ended.said
    text = (tmp_path / "report").read_text(encoding="utf-8")
    assert not any(c in text for c in "\x1b\x07\x00\x01\x02\u202e")
