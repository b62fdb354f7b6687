"""Files are written whole or not at all, and several all or none."""

from __future__ import annotations

import os
import stat
import threading
from pathlib import Path

import pytest

from derive.commands.files import check_targets, write_all
from derive.errors import DeriveError


def listing(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def test_new_files_appear_with_the_usual_mode(tmp_path: Path) -> None:
    target = tmp_path / "notes.md"
    write_all({str(target): b"one\n"})
    umask = os.umask(0)
    os.umask(umask)
    assert target.read_bytes() == b"one\n"
    assert stat.S_IMODE(target.stat().st_mode) == 0o666 & ~umask
    assert listing(tmp_path) == ["notes.md"]


def test_the_mode_of_a_replaced_file_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "notes.md"
    target.write_bytes(b"old")
    target.chmod(0o640)
    write_all({str(target): b"new"})
    assert target.read_bytes() == b"new"
    assert stat.S_IMODE(target.stat().st_mode) == 0o640
    assert listing(tmp_path) == ["notes.md"]


def test_a_link_stays_a_link_and_its_target_is_written(tmp_path: Path) -> None:
    (tmp_path / "real.md").write_bytes(b"old")
    (tmp_path / "link.md").symlink_to("real.md")
    (tmp_path / "dangling.md").symlink_to("fresh.md")
    write_all({str(tmp_path / "link.md"): b"new", str(tmp_path / "dangling.md"): b"too"})
    assert (tmp_path / "link.md").is_symlink()
    assert (tmp_path / "real.md").read_bytes() == b"new"
    assert (tmp_path / "fresh.md").read_bytes() == b"too"


def test_the_named_folder_is_made_and_no_other(tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "output"
    write_all({str(folder / "a.md"): b"a"}, folder=str(folder))
    assert (folder / "a.md").read_bytes() == b"a"
    with pytest.raises(DeriveError, match="create the folder first: mkdir -p"):
        write_all({str(tmp_path / "nowhere" / "a.md"): b"a"})
    assert listing(tmp_path) == ["deep", "deep/output", "deep/output/a.md"]


def test_nothing_is_left_when_one_of_several_fails(tmp_path: Path) -> None:
    (tmp_path / "old.md").write_bytes(b"old")
    folder = tmp_path / "output"
    with pytest.raises(DeriveError):
        write_all(
            {
                str(tmp_path / "old.md"): b"new",
                str(folder / "a.md"): b"a",
                str(tmp_path / "nowhere" / "b.md"): b"b",
            },
            folder=str(folder),
        )
    assert listing(tmp_path) == ["old.md"]
    assert (tmp_path / "old.md").read_bytes() == b"old"


@pytest.mark.parametrize("failing", [1, 2, 3])
def test_a_rename_that_fails_takes_back_the_others(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: int
) -> None:
    old = [tmp_path / "a.md", tmp_path / "b.md"]
    for path in old:
        path.write_bytes(b"old")
    rename = os.replace
    calls = 0

    def replace(source: str, target: str) -> None:
        nonlocal calls
        calls += 1
        if calls == failing:
            raise PermissionError(1, "Operation not permitted")
        rename(source, target)

    monkeypatch.setattr(os, "replace", replace)
    with pytest.raises(DeriveError, match="operation not permitted"):
        write_all({str(path): b"new" for path in [*old, tmp_path / "c.md"]})
    assert listing(tmp_path) == ["a.md", "b.md"]
    assert [path.read_bytes() for path in old] == [b"old", b"old"]


def test_an_interrupt_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(_descriptor: int) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "fsync", interrupted)
    with pytest.raises(KeyboardInterrupt):
        write_all({str(tmp_path / "output" / "a.md"): b"a"}, folder=str(tmp_path / "output"))
    assert listing(tmp_path) == []


def test_a_disk_without_links_keeps_the_old_file_safe_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def no_links(_source: str, _target: str) -> None:
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", no_links)
    (tmp_path / "a.md").write_bytes(b"old")
    write_all({str(tmp_path / "a.md"): b"new"})
    assert (tmp_path / "a.md").read_bytes() == b"new"
    assert listing(tmp_path) == ["a.md"]


def test_without_replace_a_file_that_is_there_is_kept(tmp_path: Path) -> None:
    target = tmp_path / "spec.toml"
    write_all({str(target): b"mine"}, replace=False)
    with pytest.raises(DeriveError, match="exists"):
        write_all({str(target): b"other"}, replace=False)
    assert target.read_bytes() == b"mine"
    assert listing(tmp_path) == ["spec.toml"]


def test_a_pipe_is_written_straight(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    got: list[bytes] = []
    reader = threading.Thread(target=lambda: got.append(pipe.read_bytes()))
    reader.start()
    write_all({str(pipe): b"through"})
    reader.join(10)
    assert got == [b"through"]
    assert stat.S_ISFIFO(pipe.stat().st_mode)


def test_a_full_device_is_one_error() -> None:
    with pytest.raises(DeriveError, match="no space left on device"):
        write_all({"/dev/full": b"x"})


def test_an_open_file_by_number_is_written_where_it_stands(tmp_path: Path) -> None:
    with (tmp_path / "log").open("wb") as log:
        log.write(b"before ")
        log.flush()
        write_all({f"/dev/fd/{log.fileno()}": b"after"})
    assert (tmp_path / "log").read_bytes() == b"before after"


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_read_only_file_and_a_read_only_folder_are_errors(tmp_path: Path) -> None:
    target = tmp_path / "a.md"
    target.write_bytes(b"old")
    target.chmod(0o444)
    with pytest.raises(DeriveError, match="permission denied"):
        write_all({str(target): b"new"})
    target.chmod(0o644)
    tmp_path.chmod(0o555)
    try:
        with pytest.raises(DeriveError, match="permission denied"):
            write_all({str(tmp_path / "b.md"): b"new"})
    finally:
        tmp_path.chmod(0o755)
    assert listing(tmp_path) == ["a.md"]


def test_targets_that_cannot_be_meant(tmp_path: Path) -> None:
    spec = tmp_path / "x.toml"
    spec.write_text("")
    (tmp_path / "same.toml").hardlink_to(spec)
    with pytest.raises(DeriveError, match="is a folder"):
        check_targets([str(tmp_path)])
    with pytest.raises(DeriveError, match="written twice"):
        check_targets([str(tmp_path / "a.md"), str(tmp_path / "." / "a.md")])
    with pytest.raises(DeriveError, match="it is an input"):
        check_targets([str(spec)], [str(spec)])
    with pytest.raises(DeriveError, match="it is an input"):
        check_targets([str(tmp_path / "same.toml")], [str(spec)])
    check_targets(["-", "-", "/dev/null", "/dev/null"], ["-"])


def test_a_folder_where_a_file_stands_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "output").write_text("a file")
    with pytest.raises(DeriveError, match="not a directory"):
        write_all({str(tmp_path / "output" / "a.md"): b"a"}, folder=str(tmp_path / "output"))
    assert listing(tmp_path) == ["output"]
