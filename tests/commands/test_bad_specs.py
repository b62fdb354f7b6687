"""A bad spec on the command line: exit 2, one message, nothing written, soon and in little memory."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.forks import Forks, forks
from tests.support.limits import Ended, in_cpu
from tests.support.program import Ran, command
from tests.support.specification.bad_specs import ATTACKS, BAD_SPECS, Bad

SECONDS = 2.0
"""Of CPU of a usual machine, the start of Python with it."""
START = 0.5
"""What of it is for reading the modules, which a fork has read."""
READ = ("derive.commands.gradients", "derive.specification.build", "derive.network")
"""What a run of ``derive gradients`` imports for a spec that it refuses."""
BYTES = 500_000_000


def write(folder: Path, bad: Bad) -> Path:
    path = folder / f"bad.{bad.format}"
    path.write_bytes(bad.content.encode())
    return path


@pytest.mark.parametrize("bad", BAD_SPECS, ids=lambda bad: bad.name)
def test_the_command_refuses_it(derive: Callable[..., Ran], tmp_path: Path, bad: Bad) -> None:
    path = write(tmp_path, bad)
    before = path.read_bytes()
    ran = derive("notes", path.name)
    assert (ran.status, ran.out) == (2, "")
    assert ran.err.startswith(f"{path.name}: ")
    assert "Traceback" not in ran.err
    assert "bug" not in ran.err
    for words in bad.says:
        assert words in ran.err
    assert os.listdir(tmp_path) == [path.name]
    assert path.read_bytes() == before


@pytest.fixture(scope="module")
def program() -> Iterator[Forks]:
    with forks(*READ) as running:
        yield running


def check(ended: Ended, path: Path) -> None:
    assert (ended.status, ended.out) == (2, "")
    assert "Traceback" not in ended.said
    assert ended.memory < BYTES
    assert os.listdir(path.parent) == [path.name]


@pytest.mark.slow
@pytest.mark.parametrize("bad", BAD_SPECS, ids=lambda bad: bad.name)
def test_soon_and_in_little_memory(program: Forks, tmp_path: Path, bad: Bad) -> None:
    path = write(tmp_path, bad)
    check(program.in_cpu("derive", ("gradients", path.name, "-o", "out.txt"), tmp_path, SECONDS - START), path)


@pytest.mark.slow
@pytest.mark.parametrize("bad", ATTACKS, ids=lambda bad: bad.name)
def test_soon_from_the_start(tmp_path: Path, bad: Bad) -> None:
    """The heaviest, each a program of its own."""
    path = write(tmp_path, bad)
    check(in_cpu(command("gradients", path.name, "-o", "out.txt"), tmp_path, SECONDS), path)
