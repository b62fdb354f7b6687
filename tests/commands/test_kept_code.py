"""Compiled sentences are kept from one run of the command to the next, and read only where nobody else can write."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import jinja2
import pytest

from derive import network, specification
from derive.commands import kept_code as keeping
from derive.commands.kept_code import kept_code
from derive.render.document import Press
from derive.words import templating
from tests.support.repository import ROOT

SPEC = ROOT / "examples" / "pass_or_fail.toml"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where code is kept: in a folder of our own, with nothing in it."""
    folder = tmp_path / "kept"
    folder.mkdir(mode=0o755)
    monkeypatch.setattr(keeping, "_file", lambda: folder / "wording")
    monkeypatch.setattr(sys, "dont_write_bytecode", False)
    forget(monkeypatch)
    return folder / "wording"


def forget(monkeypatch: pytest.MonkeyPatch) -> None:
    """As if a new process began."""
    monkeypatch.setattr(templating, "_CODES", {})
    monkeypatch.setattr(templating, "_COMPILED_HERE", {})


def written(templates: Path | None = None) -> str:
    with kept_code():
        return Press(templates=templates).notes(network.build(specification.load(str(SPEC))))


def refused(*_: object, **__: object) -> None:
    pytest.fail("compiled again")


def test_what_was_compiled_is_not_compiled_again(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = written()
    assert not file.stat().st_mode & 0o022
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    forget(monkeypatch)
    monkeypatch.setattr(jinja2.Environment, "compile", refused)
    assert written() == first


@pytest.mark.skipif(os.name != "posix", reason="modes as POSIX has them")
@pytest.mark.parametrize(("what", "mode"), [("folder", 0o777), ("folder", 0o775), ("file", 0o666), ("file", 0o664)])
def test_nothing_is_read_that_others_can_write(file: Path, what: str, mode: int) -> None:
    written()
    assert keeping._read(file)
    (file if what == "file" else file.parent).chmod(mode)
    assert keeping._read(file) == {}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="only the system can give a file to somebody")
def test_nothing_is_read_that_somebody_else_wrote(file: Path) -> None:
    written()
    os.chown(file, 12345, -1)
    assert keeping._read(file) == {}


def test_a_damaged_file_is_not_read(file: Path) -> None:
    written()
    data = bytearray(file.read_bytes())
    for place in (0, 9, len(data) // 2, len(data) - 1):
        damaged = data.copy()
        damaged[place] ^= 1
        file.write_bytes(damaged)
        assert keeping._read(file) == {}
    file.write_bytes(data[:5])
    assert keeping._read(file) == {}


def test_code_of_another_version_is_not_read(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written()
    monkeypatch.setattr(keeping, "__version__", "0.0.0")
    assert keeping._read(file) == {}


def test_a_users_own_sentences_are_not_kept(file: Path, tmp_path: Path) -> None:
    own = tmp_path / "own" / "wording" / "en"
    own.mkdir(parents=True)
    (own / "questions.j2").write_text(
        "{% block direction %}Which way goes {{ parameter }}{% if parameter %}, PRIVATELY{% endif %}?{% endblock %}"
    )
    assert "PRIVATELY" in written(tmp_path / "own")
    assert b"PRIVATELY" not in file.read_bytes()
    assert b"PRIVATELY" in bytes(str(templating._CODES), "utf-8")


def test_nothing_is_written_where_python_writes_nothing(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    written()
    assert not file.exists()


def test_a_folder_that_is_not_there_is_no_error(file: Path) -> None:
    file.parent.rmdir()
    assert written()
