"""What a run that was killed leaves behind is removed by the next run in that folder, and nothing else is."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from derive.commands.files import write_all
from derive.commands.temporary import Temporary, remove_left
from derive.errors import DeriveError
from tests.support.program import environment

fcntl = pytest.importorskip("fcntl")

KILLED = """
import os, signal, sys
from derive.commands import files, temporary
from derive.cli import main

def die(*_): os.kill(os.getpid(), signal.SIGKILL)

at, *argv = sys.argv[1:]
if at == "rename": os.replace = die
if at == "sync": os.fsync = die
if at == "lock": temporary.fcntl.flock = die
if at == "second":
    real, calls = os.replace, []
    def replace(*names):
        calls.append(names)
        return die() if len(calls) == 2 else real(*names)
    os.replace = replace
raise SystemExit(main(argv))
"""
"""A run that is killed by the system itself at a point between making its files and renaming them."""

WAITING = """
import os, sys
from derive.commands.files import write_all
real = os.replace

def replace(*names):
    print("ready", flush=True)
    sys.stdin.readline()
    real(*names)

os.replace = replace
write_all({sys.argv[1]: b"from the slow run"})
"""

SPEC = "[graph.values]\nx = 3\ny = -4\n[graph.nodes]\nf = 'x*y'\n"


def listing(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def killed(folder: Path, at: str, *argv: str) -> None:
    """Run the command in a folder until it is killed."""
    done = subprocess.run(
        [sys.executable, "-c", KILLED, at, *argv], cwd=folder, env=environment(), capture_output=True, check=False
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()


@contextmanager
def slow_run(target: Path) -> Iterator[subprocess.Popen[str]]:
    """A run that has written its file and waits with renaming it until it gets a line."""
    running = subprocess.Popen(
        [sys.executable, "-c", WAITING, str(target)], env=environment(),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert running.stdout is not None
    assert running.stdout.readline() == "ready\n"
    try:
        yield running
    finally:
        running.kill()
        running.communicate()


def finish(running: subprocess.Popen[str]) -> int:
    running.communicate("go\n", timeout=30)
    return running.returncode


@pytest.mark.parametrize("at", ["rename", "sync", "lock", "second"])
def test_the_next_run_removes_what_a_killed_one_left(derive, tmp_path: Path, at: str) -> None:  # type: ignore[no-untyped-def]
    (tmp_path / "s.toml").write_text(SPEC)
    (tmp_path / "t.toml").write_text(SPEC)
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "s.md").write_text("old")
    killed(tmp_path, at, "notes", "s.toml", "t.toml", "-o", "out/")
    left = listing(tmp_path / "out")
    assert any(name.startswith(".derive-") for name in left)
    assert derive("notes", "t.toml", "-o", "out/").status == 0
    assert listing(tmp_path / "out") == ["s.md", "t-graph.svg", "t.md"]
    assert derive("gradients", "s.toml", "-o", "g.txt").status == 0
    assert listing(tmp_path) == ["g.txt", "out", "s.toml", "t.toml"]


def test_what_several_killed_runs_left_goes_at_once(tmp_path: Path) -> None:
    with slow_run(tmp_path / "a.md"), slow_run(tmp_path / "b.md"), slow_run(tmp_path / "c.md") as running:
        assert len(listing(tmp_path)) == 3 * 2
        running.kill()
        running.wait()
        write_all({str(tmp_path / "d.md"): b"d"})
        assert len(listing(tmp_path)) == 2 * 2 + 1
    write_all({str(tmp_path / "d.md"): b"d"})
    assert listing(tmp_path) == ["d.md"]


def test_a_run_that_lives_keeps_its_files(tmp_path: Path) -> None:
    with slow_run(tmp_path / "slow.md") as running:
        before = listing(tmp_path)
        assert len(before) == 2
        write_all({str(tmp_path / "quick.md"): b"quick"})
        remove_left(str(tmp_path))
        assert listing(tmp_path) == [*before, "quick.md"]
        assert finish(running) == 0
    assert listing(tmp_path) == ["quick.md", "slow.md"]
    assert (tmp_path / "slow.md").read_text() == "from the slow run"


def test_a_run_that_is_stopped_is_not_dead(tmp_path: Path) -> None:
    with slow_run(tmp_path / "slow.md") as running:
        running.send_signal(signal.SIGSTOP)
        before = listing(tmp_path)
        remove_left(str(tmp_path))
        assert listing(tmp_path) == before
        running.kill()
        running.wait()
        remove_left(str(tmp_path))
        assert listing(tmp_path) == []


def test_files_without_a_lock_are_of_a_run_that_is_over(tmp_path: Path) -> None:
    """Also what the first version left: it had no locks."""
    for name in (".derive-0123456789ab.tmp", ".derive-ba9876543210-3.tmp"):
        (tmp_path / name).write_bytes(b"left")
    remove_left(str(tmp_path))
    assert listing(tmp_path) == []


STRANGE = (
    ".derive-notes.tmp", ".derive-0123456789AB.tmp", ".derive-0123456789ab.tmp.md", "derive-0123456789ab.tmp",
    ".derive-0123456789ab-.tmp", ".derive-0123456789ab-x.tmp", ".derive-0123456789abc.tmp", ".derive-.tmp", "a.tmp",
    "x.derive-0123456789ab.tmp", ".derive-0123456789ab-1.tmp ", ".derive-0123456789ab-1.tmp\n",
)  # fmt: skip


def test_nothing_with_another_name_is_touched(tmp_path: Path) -> None:
    for name in STRANGE:
        (tmp_path / name).write_bytes(b"mine")
    write_all({str(tmp_path / "a.md"): b"a"})
    assert listing(tmp_path) == sorted([*STRANGE, "a.md"])


def test_links_folders_and_pipes_of_that_name_stay(tmp_path: Path) -> None:
    (tmp_path / "precious").write_bytes(b"mine")
    (tmp_path / ".derive-000000000000.tmp").symlink_to("precious")
    (tmp_path / ".derive-111111111111.tmp").mkdir()
    (tmp_path / ".derive-111111111111.tmp" / "kept").write_bytes(b"mine")
    os.mkfifo(tmp_path / ".derive-222222222222.tmp")
    (tmp_path / ".derive-333333333333-1.tmp").symlink_to("nowhere")
    before = listing(tmp_path)
    remove_left(str(tmp_path))
    assert listing(tmp_path) == before
    assert (tmp_path / "precious").read_bytes() == b"mine"


def test_files_of_others_stay(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = tmp_path / ".derive-0123456789ab.tmp"
    left.write_bytes(b"theirs")
    monkeypatch.setattr(os, "geteuid", lambda: left.stat().st_uid + 1)
    remove_left(str(tmp_path))
    assert left.exists()


def test_a_folder_that_cannot_be_read_or_written_is_no_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = tmp_path / ".derive-0123456789ab.tmp"
    left.write_bytes(b"left")

    def refused(*_: object) -> None:
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(os, "unlink", refused)
    remove_left(str(tmp_path))
    assert left.exists()
    monkeypatch.undo()
    monkeypatch.setattr(os, "scandir", refused)
    write_all({str(tmp_path / "a.md"): b"a"})
    assert (tmp_path / "a.md").read_bytes() == b"a"
    remove_left(str(tmp_path / "nowhere"))


def test_a_disk_without_locks_is_written_and_never_tidied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = tmp_path / ".derive-0123456789ab.tmp"
    left.write_bytes(b"left")

    def no_locks(*_: object) -> None:
        raise OSError(95, "Operation not supported")

    monkeypatch.setattr(fcntl, "flock", no_locks)
    write_all({str(tmp_path / "a.md"): b"a"})
    assert listing(tmp_path) == [left.name, "a.md"]


def test_a_system_without_locks_is_written_and_never_tidied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    left = tmp_path / ".derive-0123456789ab.tmp"
    left.write_bytes(b"left")
    monkeypatch.setattr("derive.commands.temporary.fcntl", None)
    write_all({str(tmp_path / "a.md"): b"a"})
    assert listing(tmp_path) == [left.name, "a.md"]


def test_a_lock_that_is_removed_before_it_is_held_is_made_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another run may see our lock before we hold it."""
    real, seen = fcntl.flock, []

    def flock(descriptor: int, operation: int) -> None:
        if not seen:
            seen.append(listing(tmp_path))
            (tmp_path / seen[0][0]).unlink()
        real(descriptor, operation)

    monkeypatch.setattr(fcntl, "flock", flock)
    run = Temporary(str(tmp_path))
    names = listing(tmp_path)
    assert len(names) == 1
    assert names != seen[0]
    run.end()
    assert listing(tmp_path) == []


def test_many_runs_in_one_folder_do_not_disturb_each_other(tmp_path: Path) -> None:
    problems: list[BaseException] = []

    def work(number: int) -> None:
        try:
            for round_ in range(25):
                write_all({str(tmp_path / f"{number}-{k}.md"): f"{number} {k} {round_}".encode() for k in range(3)})
        except BaseException as error:  # noqa: BLE001 - shown by the test
            problems.append(error)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    assert listing(tmp_path) == sorted(f"{number}-{k}.md" for number in range(6) for k in range(3))
    assert (tmp_path / "5-2.md").read_text() == "5 2 24"


def test_a_failed_run_leaves_neither_files_nor_lock(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(DeriveError, match="no space left"):
        write_all({str(tmp_path / "a.md"): b"a", str(tmp_path / "b.md"): b"b"})
    assert listing(tmp_path) == []
