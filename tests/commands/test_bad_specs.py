"""A bad spec on the command line: exit 2, one message, nothing written, soon and in little memory."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.limits import in_cpu
from tests.support.program import Ran, command
from tests.support.specification.bad_specs import BAD_SPECS, Bad

SECONDS = 2.0
"""Of CPU of a usual machine, the start of Python with it."""
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


@pytest.mark.slow
@pytest.mark.parametrize("bad", BAD_SPECS, ids=lambda bad: bad.name)
def test_soon_and_in_little_memory(tmp_path: Path, bad: Bad) -> None:
    path = write(tmp_path, bad)
    ended = in_cpu(command("gradients", path.name, "-o", "out.txt"), tmp_path, SECONDS)
    assert (ended.status, ended.out) == (2, "")
    assert "Traceback" not in ended.said
    assert ended.memory < BYTES
    assert os.listdir(tmp_path) == [path.name]
