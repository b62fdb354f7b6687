"""The README is true: its commands, its Python, its excerpt, its links."""

from __future__ import annotations

import doctest
import re
import tomllib
from collections.abc import Callable
from pathlib import Path

from tests.support.program import Ran

COMMANDS = [
    "python -m pip install . && derive notes examples/pass_or_fail.toml",
    "python -m pip install '.[test]' && python -m pytest",
]


def test_it_opens_with_the_two_commands(root: Path) -> None:
    text = (root / "README.md").read_text("utf-8")
    assert re.findall(r"^```console\n(.*)\n```$", text, re.MULTILINE)[:2] == COMMANDS
    ci = (root / ".ci" / "run").read_text("utf-8").splitlines()
    assert [line for line in ci if line in COMMANDS] == COMMANDS


def test_its_python_runs(root: Path) -> None:
    failed, tried = doctest.testfile(str(root / "README.md"), module_relative=False)
    assert tried > 3
    assert failed == 0


def test_its_excerpt_is_in_the_document(root: Path) -> None:
    readme = (root / "README.md").read_text("utf-8")
    quoted = "\n".join(line[2:] for line in readme.splitlines() if re.match(r">( |$)", line))
    document = (root / "output" / "pass_or_fail.md").read_text("utf-8")
    assert " ".join(quoted.split()) in " ".join(document.split())


def test_its_links_lead_somewhere(root: Path) -> None:
    for name in ("README.md", "CONTRIBUTING.md"):
        for link in re.findall(r"\]\(([^)#]+)\)", (root / name).read_text("utf-8")):
            assert link.startswith("https://") or (root / link).exists(), link


def test_its_spec_runs(root: Path, derive: Callable[..., Ran], tmp_path: Path) -> None:
    (text,) = re.findall(r"^```toml\n(.*?)^```$", (root / "README.md").read_text("utf-8"), re.MULTILINE | re.DOTALL)
    tomllib.loads(text)
    (tmp_path / "readme.toml").write_text(text, encoding="utf-8")
    assert "g = -10" in derive("gradients", "readme.toml").out


def test_its_run_of_verify_is_real(root: Path, derive: Callable[..., Ran], tmp_path: Path) -> None:
    text = (root / "README.md").read_text("utf-8")
    (mine,) = re.findall(r"^```text\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    (run,) = re.findall(r"^\$ derive (verify .*?)^```$", text, re.MULTILINE | re.DOTALL)
    command, _, shown = run.partition("\n")
    (tmp_path / "mine.txt").write_text(mine, encoding="utf-8")
    arguments = [str(root / part) if part.startswith("examples/") else part for part in command.split()]
    ran = derive(*arguments)
    assert (ran.status, ran.out) == (1, shown)


def test_every_example_is_listed(root: Path) -> None:
    text = (root / "README.md").read_text("utf-8")
    for path in (root / "examples").glob("*.toml"):
        assert f"(output/{path.stem}.md)" in text
