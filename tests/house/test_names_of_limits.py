"""Limits are called MAX_… or MIN_…, and each says what there are at most or at least so many of."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from tests.support.repository import ROOT

OTHERWISE = re.compile(r"_?(MOST|LONGEST|LARGEST|DEEPEST|WIDEST|FEWEST|SMALLEST_OF)(_|$)")
LIMIT = re.compile(r"_?(MAX|MIN)_")


def constants(package: Path) -> Iterator[tuple[str, str, str]]:
    """Where each constant of a module stands, its name and its docstring."""
    for path in sorted(package.rglob("*.py")):
        body = ast.parse(path.read_text("utf-8")).body
        for node, following in zip(body, [*body[1:], None], strict=True):
            match node:
                case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)):
                    match following:
                        case ast.Expr(value=ast.Constant(value=str(text))):
                            yield f"{path.relative_to(package.parent)}:{node.lineno}", name, text
                        case _:
                            yield f"{path.relative_to(package.parent)}:{node.lineno}", name, ""
                case _:
                    pass


def test_a_limit_is_called_so_and_says_of_what() -> None:
    wrong = [
        f"{where} {name}"
        for where, name, text in constants(ROOT / "derive")
        if OTHERWISE.match(name) or (LIMIT.match(name) and not text)
    ]
    assert not wrong


def test_a_limit_without_words_is_found(tmp_path: Path) -> None:
    path = tmp_path / "derive" / "planted.py"
    path.parent.mkdir()
    path.write_text('MAX_ROWS = 3\nMAX_UNITS = 4\n"""At most this many units."""\nMOST_NAMES = 5\n', "utf-8")
    found = {name: bool(text) for _, name, text in constants(path.parent)}
    assert found == {"MAX_ROWS": False, "MAX_UNITS": True, "MOST_NAMES": False}
