"""The program under test: its command line, its environment, and what a run of it left behind."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.support.repository import ROOT

BYTECODE = ROOT / ".pytest_cache" / "bytecode"
"""Where the runs of the tests find each other's compiled modules, if none are to be beside the sources."""


@dataclass(frozen=True)
class Ran:
    """What a run of the command left behind."""

    status: int
    out: str
    err: str


def command(*argv: object) -> Sequence[str]:
    """The command line of the program under test."""
    return [sys.executable, "-m", "derive", *map(str, argv)]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    """Our environment, in which the package of this repository is found, and compiled once for all runs."""
    return {**os.environ, "PYTHONPATH": str(ROOT), **compiled_once(), **(more or {})}


def compiled_once() -> Mapping[str, str]:
    """What lets processes find each other's compiled modules."""
    unwanted = os.environ.get("PYTHONDONTWRITEBYTECODE")  # so it is in many containers: beside the sources only
    return {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(BYTECODE)} if unwanted else {}


ONE_AFTER_THE_OTHER = """
import json, sys
from derive.cli import main
for argv in json.loads(sys.argv[1]):
    status = main(argv)
    print("\\x1e", status, "\\x1e", sep="", end="", flush=True)
"""


def in_one_process(cwd: Path, *lines: Sequence[object], env: Mapping[str, str] | None = None) -> list[Ran]:
    """What several command lines leave behind, run one after the other by one process with a pipe to write to."""
    asked = json.dumps([list(map(str, argv)) for argv in lines])
    done = subprocess.run(
        [sys.executable, "-c", ONE_AFTER_THE_OTHER, asked], cwd=cwd, env=environment(env), capture_output=True,
        check=False, timeout=600,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    said = done.stdout.decode().split("\x1e")
    return [Ran(int(status), out, "") for out, status in zip(said[:-1:2], said[1::2], strict=True)]
