"""Imports point one way: from the command line down to numbers, and never up."""

from __future__ import annotations

import ast
import sys
from functools import cache
from pathlib import Path

import pytest

from tests.conftest import ROOT

ROOMS = (
    ("errors suggestions place", "what is wrong, where, and how to mend it"),
    ("arithmetic", "numbers, exact or certified, and how they are printed"),
    ("expressions", "formulas as trees: read, printed, evaluated"),
    ("model", "a worked example as its author described it"),
    ("differentiate", "the rules of differentiation, and the steps of a working"),
    ("ops", "the vocabulary: activations, losses, optimizers, kinds of layers"),
    ("naming", "what quantities are called, and how their names look"),
    ("specification", "from a file to the model, checked"),
    ("words", "sentences from templates, text escaped for its format"),
    ("network", "the network as a graph of named quantities"),
    ("equations", "the chain rule in symbols, and the numbers of a run"),
    ("checked", "what two independent routes agree on"),
    ("lesson", "the document as data"),
    ("render api", "data to text; the Python interface"),
    ("verification", "claims: read, judged, explained"),
    ("commands cli __main__", "the command line"),
)
"""From the bottom to the top: a module may use its own room and those before it."""

LEVEL = {name: level for level, (names, _) in enumerate(ROOMS) for name in names.split()}
MODULES = {
    ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"): path
    for path in sorted((ROOT / "derive").rglob("*.py"))
}
OUTSIDE = {"flint", "jinja2", "lark", "sympy"}
ONLY_THE_EDGE = ("derive.commands.files", "derive.commands.temporary", "derive.cli", "derive.commands")


@cache
def imports(path: Path) -> set[str]:
    """All modules that a file imports, at its top or inside a function."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            assert node.level == 0, f"{path}: relative import"
            found |= {
                full if (full := f"{node.module}.{alias.name}") in MODULES else node.module for alias in node.names
            }
    return found


def level(module: str) -> int:
    return LEVEL[module.split(".")[1]]


def test_every_module_has_its_room() -> None:
    assert {module.split(".")[1] for module in MODULES if "." in module} == set(LEVEL)


@pytest.mark.parametrize("module", [name for name in MODULES if "." in name])
def test_a_module_uses_only_what_is_below_it(module: str) -> None:
    ours = {used for used in imports(MODULES[module]) if used.startswith("derive.")}
    above = {used for used in ours if level(used) > level(module)}
    assert not above, f"{module} reaches up to {sorted(above)}"


def test_the_second_opinion_never_sees_the_chain_rule() -> None:
    """Neither itself nor through what it imports of its own room."""
    seen: set[str] = set()
    waiting = ["derive.checked.by_differences"]
    while waiting:
        module = waiting.pop()
        seen.add(module)
        used = {name for name in imports(MODULES[module]) if name in MODULES}
        waiting += [name for name in used - seen if level(name) in (LEVEL["checked"], LEVEL["equations"])]
        assert "derive.equations.chain" not in used, f"{module} imports the chain rule"
    assert "derive.equations.run" in seen


def test_nothing_that_is_not_declared_is_imported() -> None:
    for module, path in MODULES.items():
        for used in imports(path):
            top = used.split(".", maxsplit=1)[0]
            assert top in sys.stdlib_module_names | OUTSIDE | {"derive"}, f"{module} imports {used}"


def test_nothing_evaluates_text() -> None:
    """A spec is read by a grammar: no ``eval``, no ``exec``, no ``sympify``, nowhere."""
    forbidden = {"eval", "exec", "compile", "sympify", "parse_expr", "S", "__import__"}
    for module, path in MODULES.items():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                name = getattr(node.func, "id", getattr(node.func, "attr", ""))
                regular = isinstance(node.func, ast.Attribute) and getattr(node.func.value, "id", "") == "re"
                template = (
                    module == "derive.words.templating" and ast.unparse(node.func) == "super().compile"
                )  # Jinja's
                assert name not in forbidden or regular or template, f"{module}:{node.lineno} calls {name}"


def test_only_the_edge_writes() -> None:
    for module, path in MODULES.items():
        if module.startswith(ONLY_THE_EDGE):
            continue
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call):
                assert getattr(node.func, "id", "") not in {"open", "print"}, f"{module}:{node.lineno}"
                method = getattr(node.func, "attr", "")
                assert method not in {"write_text", "write_bytes", "mkdir", "unlink"}, f"{module}:{node.lineno}"
