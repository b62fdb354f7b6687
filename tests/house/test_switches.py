"""What holds inside a ``with`` block is set in two places, and there are no more such things (see CONTRIBUTING)."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

from tests.support.repository import ROOT

SWITCHES = {
    "derive/arithmetic/precision.py": ["ContextVar", "ContextVar", "prec", "prec"],
    "derive/expressions/letters.py": ["ContextVar"],
}


def switches(path: Path) -> Iterator[str]:
    """Each context variable that is made, each setting of flint's precision or of a global name."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        match node:
            case ast.Call(func=ast.Name(id="ContextVar")) | ast.Call(func=ast.Attribute(attr="ContextVar")):
                yield "ContextVar"
            case ast.Assign(targets=targets):
                yield from (target.attr for target in targets if _is_context(target))
            case ast.AugAssign(target=target) if _is_context(target):
                yield target.attr
            case ast.Call(func=ast.Attribute(attr="workprec" | "workdps" | "extraprec")):
                yield "prec"
            case ast.Global(names=names):
                yield from names
            case _:
                pass


def _is_context(target: ast.expr) -> bool:
    """Whether this is a setting of ``flint.ctx``."""
    return isinstance(target, ast.Attribute) and ast.unparse(target.value) in ("ctx", "flint.ctx")


def test_only_two_modules_set_what_holds_everywhere() -> None:
    found = {
        str(path.relative_to(ROOT)): sorted(names)
        for path in sorted((ROOT / "derive").rglob("*.py"))
        if (names := list(switches(path)))
    }
    assert found == SWITCHES


def test_a_planted_switch_is_found(tmp_path: Path) -> None:
    path = tmp_path / "planted.py"
    path.write_text(
        "import flint\nfrom contextvars import ContextVar\nMODE = ContextVar('mode')\n"
        "def quick():\n    global BITS\n    BITS = 53\n    flint.ctx.prec = 53\n",
        "utf-8",
    )
    assert sorted(switches(path)) == ["BITS", "ContextVar", "prec"]
