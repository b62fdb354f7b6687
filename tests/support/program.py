"""The program under test: its command line, its environment, and what a run of it left behind."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

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
    unwanted = os.environ.get("PYTHONDONTWRITEBYTECODE")  # so it is in many containers: beside the sources only
    compiled = {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(BYTECODE)} if unwanted else {}
    return {**os.environ, "PYTHONPATH": str(ROOT), **compiled, **(more or {})}
