"""A bad spec on the command line: exit 2, one message, nothing written, soon and in little memory."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.conftest import Ran, command, environment
from tests.spec.bad_specs import BAD_SPECS, Bad

SECONDS = 2.0
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
    start = time.monotonic()
    child = subprocess.Popen(
        command("gradients", path.name, "-o", "out.txt"),
        cwd=tmp_path,
        env=environment(),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )
    assert child.stdout is not None
    assert child.stderr is not None
    out, err = child.stdout.read(), child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    child.stdout.close()
    child.stderr.close()
    assert child.returncode == 2
    assert out == b""
    assert b"Traceback" not in err
    assert time.monotonic() - start < SECONDS
    assert usage.ru_maxrss * 1024 < BYTES
    assert os.listdir(tmp_path) == [path.name]
