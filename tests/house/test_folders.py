"""The tests of a room are where its name says, and what helps them holds no tests."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tests.support.repository import ROOT

TESTS, PACKAGE = ROOT / "tests", ROOT / "derive"
NO_ROOM = {
    "benchmarks": "what the program is measured against",
    "house": "the house itself: its layers, its README, its wheel, its tests",
    "outside": "what programs of others make of ours",
    "published": "examples as their sources print them",
    "support": "helpers, no tests",
}
HELPERS = tuple(sorted((TESTS / "support").rglob("*.py")))


def folders(parent: Path) -> set[str]:
    """The folders of Python files in a folder."""
    return {path.parent.name for path in parent.glob("*/*.py")}


def test_a_folder_a_room() -> None:
    """Tests that belong to no room stand at the top, or in a folder with a reason."""
    assert folders(TESTS) - set(NO_ROOM) == folders(PACKAGE)


def test_reasons_are_of_folders() -> None:
    assert set(NO_ROOM) <= folders(TESTS)


def test_folders_of_helpers_are_folders_of_tests() -> None:
    assert folders(TESTS / "support") <= folders(TESTS)


def test_only_what_is_found_holds_tests() -> None:
    """A file that pytest finds has tests, and one that it does not find has none."""
    for path in sorted(TESTS.rglob("*.py")):
        assert has_tests(path) == path.name.startswith("test_"), path


@pytest.mark.parametrize("path", HELPERS, ids=lambda path: str(path.relative_to(TESTS)))
def test_helpers_are_used(path: Path) -> None:
    """A helper is imported by a test or another helper, or run by one as a program."""
    name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    others = [file.read_text(encoding="utf-8") for file in TESTS.rglob("*.py") if file != path]
    assert path.name == "__init__.py" or any(name in text or path.name in text for text in others)


def has_tests(path: Path) -> bool:
    """Whether functions or classes of a file are tests by their names."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    named = (ast.FunctionDef, ast.ClassDef)
    return any(isinstance(node, named) and node.name.lower().startswith("test") for node in ast.walk(tree))
