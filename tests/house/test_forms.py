"""Where it is asked what a network is made of: the places that CONTRIBUTING lists with their reasons, and no others."""

from __future__ import annotations

import ast
import re
from collections import Counter
from collections.abc import Iterator

import pytest

from tests.support.repository import ROOT

PACKAGE = ROOT / "derive"
SECTION = "### Where it is asked what a network is made of"
ROW = re.compile(r"^\| `(?P<module>[\w/]+\.py)` \| (?P<times>\d+) \| (?P<reason>.+) \|$", re.MULTILINE)


def listed(head: str) -> Counter[str]:
    """What the table of that head says, a module and how often it asks."""
    text = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
    table = text.partition(SECTION)[2].partition(f"| {head} |")[2].partition("\n\n")[0]
    return Counter({row["module"]: int(row["times"]) for row in ROW.finditer(table)})


def conditions(tree: ast.AST) -> Iterator[ast.expr]:
    """All that is asked whether it is so."""
    for node in ast.walk(tree):
        match node:
            case ast.If(test=test) | ast.IfExp(test=test) | ast.While(test=test) | ast.Assert(test=test):
                yield test
            case ast.comprehension(ifs=ifs):
                yield from ifs
            case ast.BoolOp(values=values):
                yield from values
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                yield operand
            case ast.Call(func=ast.Name(id="bool"), args=args):
                yield from args
            case _:
                pass


def attributes(tree: ast.AST, *names: str) -> list[ast.Attribute]:
    return [node for node in ast.walk(tree) if isinstance(node, ast.Attribute) and node.attr in names]


def asks_for_matrix_form(tree: ast.AST) -> int:
    return len(attributes(tree, "has_matrix_form"))


def asks_for_layers(tree: ast.AST) -> int:
    """``network.layers`` as a condition, and the form of a document."""
    asked = {node for node in conditions(tree) if isinstance(node, ast.Attribute) and node.attr == "layers"}
    return len(asked) + len(attributes(tree, "form"))


@pytest.mark.parametrize(
    ("head", "asks"),
    [("asks for the matrix form", asks_for_matrix_form), ("asks whether there are layers", asks_for_layers)],
    ids=["matrix form", "layers"],
)
def test_each_place_is_listed_with_its_reason(head, asks) -> None:
    found = {
        path.relative_to(PACKAGE).as_posix(): asks(ast.parse(path.read_text(encoding="utf-8")))
        for path in PACKAGE.rglob("*.py")
    }
    assert {module: times for module, times in found.items() if times} == listed(head)


def test_a_question_is_found() -> None:
    code = (
        "x = 1 if network.layers else 2\nif not net.layers: pass\ny = [k for k in n if a.layers and k]\nlen(n.layers)"
    )
    assert asks_for_layers(ast.parse(code)) == 3
    assert asks_for_matrix_form(ast.parse("all(layer.kind.has_matrix_form for layer in layers)")) == 1
