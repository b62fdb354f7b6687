"""Imports point one way: from the command line down to numbers, never up and never in a circle."""

from __future__ import annotations

import ast
import sys
from pathlib import Path

import pytest

from tests.support.imports import circles, imports, modules, room_arrows, tree
from tests.support.repository import ROOT

ROOMS = (
    ("errors suggestions place records patterns uncollected", "what is wrong, where, and how to mend it"),
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
    ("figures", "drawings as data"),
    ("lesson", "the document as data"),
    ("render api results", "data to text; the Python interface"),
    ("verification", "claims: read, judged, explained"),
    ("commands cli __main__", "the command line"),
)
"""From the bottom to the top: a module may use its own room and those before it."""

VERIFICATION = (
    ("reading", "claims as chains of sides, in the order of the text"),
    ("documents", "from the bytes of a file to a text: notebooks, Word documents"),
    ("points", "the network's numbers at the spec's values, near them, and with a mistake in them"),
    ("comparing", "whether two sides agree: as formulas, as numbers, as rounded ones"),
    ("inference", "what a writer's own names stand for, where no let says it"),
    ("judging", "the verdict on each relation, and what follows from an earlier mistake"),
    ("causes", "the misconception that explains a wrong relation"),
    ("judgement", "what is said of a claim"),
    ("examine", "from a text to its judgements: the room's own door"),
    ("marks", "points for claims"),
    ("reports", "judgements as text"),
    ("api", "the Python interface"),
)
"""The rooms of verification, from the bottom to the top."""

LEVEL = {name: level for level, (names, _) in enumerate(ROOMS) for name in names.split()}
LEVEL_OF_VERIFICATION = {name: level for level, (name, _) in enumerate(VERIFICATION)}
MODULES = modules(ROOT / "derive")
OUTSIDE = {"fast_sugiyama", "flint", "jinja2", "sympy", "tomli"}
ONLY_THE_EDGE = ("derive.commands.files", "derive.commands.temporary", "derive.cli", "derive.commands")


def level(module: str) -> tuple[int, int]:
    """The room, and within verification the room there."""
    _, room, *rest = module.split(".")
    inner = LEVEL_OF_VERIFICATION[rest[0]] if room == "verification" and rest else -1
    return LEVEL[room], inner


def test_every_module_has_its_room() -> None:
    assert {module.split(".")[1] for module in MODULES if "." in module} == set(LEVEL)
    inside = {module.split(".")[2] for module in MODULES if module.startswith("derive.verification.")}
    assert inside == set(LEVEL_OF_VERIFICATION)


@pytest.mark.parametrize("module", [name for name in MODULES if "." in name])
def test_a_module_uses_only_what_is_below_it(module: str) -> None:
    ours = {used for used in imports(MODULES[module], MODULES) if used.startswith("derive.")}
    above = {used for used in ours if level(used) > level(module)}
    assert not above, f"{module} reaches up to {sorted(above)}"


def test_there_is_no_circle() -> None:
    """Neither of modules nor of rooms; imports in functions and those for types only count like any other."""
    arrows = {module: imports(path, MODULES) & set(MODULES) - {module} for module, path in MODULES.items()}
    assert not circles(arrows)
    assert not circles(room_arrows(arrows))


def test_a_planted_circle_is_found(tmp_path: Path) -> None:
    """Two modules that need each other, once inside a function and once for types only; and two rooms, through others."""
    for name, text in {
        "left/one.py": "def late():\n    from derive.left import two\n",
        "left/two.py": "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from derive.left.one import late\n",
        "left/three.py": "from derive.right.four import thing\n",
        "right/four.py": "thing = 4\n",
        "right/five.py": "import derive.left.one\n",
        "alone.py": "from derive.left import three\n",
    }.items():
        path = tmp_path / "derive" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    found = modules(tmp_path / "derive")
    arrows = {module: imports(path, found) & set(found) - {module} for module, path in found.items()}
    assert circles(arrows) == [frozenset({"derive.left.one", "derive.left.two"})]
    assert circles(room_arrows(arrows)) == [frozenset({"left", "right"})]


def test_the_second_opinion_never_sees_the_chain_rule() -> None:
    """Neither itself nor through what it imports of its own room."""
    seen: set[str] = set()
    waiting = ["derive.checked.by_differences"]
    while waiting:
        module = waiting.pop()
        seen.add(module)
        used = {name for name in imports(MODULES[module], MODULES) if name in MODULES}
        waiting += [name for name in used - seen if level(name)[0] in (LEVEL["checked"], LEVEL["equations"])]
        assert "derive.equations.chain" not in used, f"{module} imports the chain rule"
    assert "derive.equations.run" in seen


def test_nothing_that_is_not_declared_is_imported() -> None:
    for module, path in MODULES.items():
        for used in imports(path, MODULES):
            top = used.split(".", maxsplit=1)[0]
            assert top in sys.stdlib_module_names | OUTSIDE | {"derive"}, f"{module} imports {used}"


def test_nothing_evaluates_text() -> None:
    """A spec is read by a grammar: no ``eval``, no ``exec``, no ``sympify``, nowhere."""
    forbidden = {"eval", "exec", "compile", "sympify", "parse_expr", "S", "__import__"}
    for module, path in MODULES.items():
        for node in ast.walk(tree(path)):
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
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call):
                assert getattr(node.func, "id", "") not in {"open", "print"}, f"{module}:{node.lineno}"
                method = getattr(node.func, "attr", "")
                assert method not in {"write_text", "write_bytes", "mkdir", "unlink"}, f"{module}:{node.lineno}"
