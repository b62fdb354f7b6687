"""The fixtures that all tests share: where the repository is, and a way to run the command."""

from __future__ import annotations

import subprocess
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from derive.cli import main
from tests.support.program import Ran, command, environment
from tests.support.proofs import kept_proofs
from tests.support.repository import ROOT
from tests.support.verification.examinations import kept_examinations

collect_ignore = ["support/outside/jax_reference.py", "benchmarks"]  # they import what the tests do not need


@pytest.fixture
def root() -> Path:
    return ROOT


@pytest.fixture
def examples() -> Path:
    return ROOT / "examples"


@pytest.fixture
def derive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Callable[..., Ran]:
    """Run ``derive`` in this process, in an empty folder."""
    monkeypatch.chdir(tmp_path)

    def run(*argv: object) -> Ran:
        capfd.readouterr()
        status = main([str(word) for word in argv])
        said = capfd.readouterr()
        return Ran(status, said.out, said.err)

    return run


@pytest.fixture
def process(tmp_path: Path) -> Callable[..., Ran]:
    """Run ``derive`` as a program of its own, in an empty folder."""

    def run(*argv: object, env: Mapping[str, str] | None = None, stdin: str = "", cwd: Path = tmp_path) -> Ran:
        done = subprocess.run(
            command(*argv), cwd=cwd, env=environment(env), input=stdin.encode(), capture_output=True, check=False,
            timeout=600,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())

    return run


@pytest.fixture(scope="module")
def one_proof() -> Iterator[None]:
    """The tests of a module share their proofs: each of its networks is worked and checked once, for all its documents."""
    with kept_proofs():
        yield


@pytest.fixture(scope="module")
def one_examination() -> Iterator[None]:
    """The tests of a module share what is found of a text: it is judged once, however many reports are written of it."""
    with kept_examinations():
        yield
