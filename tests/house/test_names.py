"""One meaning a name: no class and no alias of a type is defined twice in the package."""

from __future__ import annotations

import ast
from collections import defaultdict
from pathlib import Path

from tests.support.repository import ROOT

SHORT = {"T"}
"""The type variable of a function that gives back what it is given; every module that needs one has it."""
PUBLIC = {"Network"}
"""The class that users see adds SymPy to the one inside: a network cannot import what stands above it."""


def definitions(package: Path) -> dict[str, set[str]]:
    """Classes, aliases of types, type variables and names given by ``import … as``, and what each of them is.

    A class is its module; an imported name is what is imported, so that the same thing under one name counts once.
    """
    found: defaultdict[str, set[str]] = defaultdict(set)
    for path in sorted(package.rglob("*.py")):
        where = str(path.relative_to(package.parent))
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            match node:
                case ast.ClassDef(name=name):
                    found[name].add(where)
                case ast.AnnAssign(target=ast.Name(id=name), annotation=ast.Name(id="TypeAlias")):
                    found[name].add(where)
                case ast.Assign(targets=[ast.Name(id=name)], value=ast.Call(func=ast.Name(id="TypeVar" | "NewType"))):
                    found[name].add(where)
                case ast.ImportFrom(module=str(module), names=names):
                    for alias in names:
                        if alias.asname and alias.asname[:1].isupper() and not alias.asname.isupper():
                            found[alias.asname].add(f"{module}.{alias.name}")
                case _:
                    pass
    return found


def test_one_meaning_a_name() -> None:
    twice = {name: sorted(places) for name, places in definitions(ROOT / "derive").items() if len(places) > 1}
    assert not {name: places for name, places in twice.items() if name not in SHORT | PUBLIC}


def test_a_second_meaning_is_found(tmp_path: Path) -> None:
    for name, text in {
        "one.py": "class Line: ...\nclass Once: ...\n",
        "two.py": "from typing import TypeAlias\nLine: TypeAlias = int\n",
        "three.py": "from derive.arithmetic.reals import Value as Once\n",
    }.items():
        path = tmp_path / "derive" / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text, "utf-8")
    found = definitions(tmp_path / "derive")
    assert sorted(name for name, places in found.items() if len(places) > 1) == ["Line", "Once"]
