"""Every formula of every Markdown document is accepted by KaTeX in strict mode."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Mapping
from functools import cache
from itertools import product
from pathlib import Path

import pytest

from derive import network, specification
from derive.lesson import styles_of
from derive.naming.presets import PRESETS
from derive.render.document import notes
from tests.support.outside.github import faults
from tests.support.outside.markdown import formulas
from tests.support.random_specs import graph, layered
from tests.support.repository import ROOT
from tests.support.tools import missing, need_tool
from tests.verification.test_own_letters import LETTERS, lettered

KATEX = Path(__file__).parent / "katex"
pytestmark = pytest.mark.usefixtures("one_proof")

EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))
Check = Callable[[Mapping[str, str]], list[str]]


def test_formulas_are_found() -> None:
    text = "# A $x$ and \\$ `a $5 b`\n\n$$\na\n= b\n$$\n\n| $y$ | $\\text{5\\$}$ |\n"
    assert [(f.line, f.tex, f.display) for f in formulas(text)] == [
        (1, "x", False),
        (3, "a\n= b", True),
        (8, "y", False),
        (8, "\\text{5\\$}", False),
    ]


@pytest.fixture(scope="module")
def check(tmp_path_factory: pytest.TempPathFactory) -> Check:
    """What KaTeX refuses in some documents (name to text), each formula where it stands first."""
    node, npm = need_tool("node"), need_tool("npm")
    folder = tmp_path_factory.mktemp("katex")
    for name in ("package.json", "package-lock.json", "check.mjs"):
        shutil.copy(KATEX / name, folder)
    done = subprocess.run(
        [npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder, capture_output=True, check=False
    )
    if done.returncode:
        missing("npm cannot install katex")

    def refused(documents: Mapping[str, str]) -> list[str]:
        met: dict[tuple[str, bool], str] = {}
        for name, text in documents.items():
            for formula in formulas(text):
                met.setdefault((formula.tex, formula.display), f"{name}:{formula.line}")
        found = [{"where": where, "tex": tex, "display": display} for (tex, display), where in met.items()]
        assert found
        ran = subprocess.run(
            [node, "check.mjs"], cwd=folder, input=json.dumps(found).encode(), capture_output=True, check=True
        )
        return [f"{entry['where']}: {entry['problem']}: {entry['tex']}" for entry in json.loads(ran.stdout)]

    return refused


@pytest.mark.tool
def test_the_check_notices_what_katex_refuses(check: Check) -> None:
    """A test of the test: an unknown command, a line break that strict mode refuses, a bare Unicode letter."""
    assert check({"good.md": "$\\frac{1}{2}$"}) == []
    for bad in (r"\unknown{x}", r"\text{\unknown}", r"\frac{1}", "ŷ", r"a_b_c"):
        assert len(check({"bad.md": f"${bad}$"})) == 1, bad


@pytest.mark.tool
def test_the_committed_documents(check: Check) -> None:
    documents = {path.name: path.read_text("utf-8") for path in sorted((ROOT / "output").glob("*.md"))}
    assert documents
    assert check(documents) == []


@cache
def in_every_style(preset: str) -> Mapping[str, str]:
    """Every example in every style and one notation; those with a notation of their own stand with the first."""
    documents = {}
    for path in EXAMPLES:
        text = path.read_text("utf-8")
        if "[notation" not in text:
            text += f'\n[notation]\npreset = "{preset}"\n'
        elif preset != next(iter(PRESETS)):
            continue
        made = network.build(specification.loads(text, path.name))
        documents |= {f"{path.stem} {style}": notes(made, style=style) for style in styles_of(made)}
    return documents


@pytest.mark.tool
@pytest.mark.slow
@pytest.mark.parametrize("preset", PRESETS)
def test_every_example_in_every_style_and_notation(check: Check, preset: str) -> None:
    assert check(in_every_style(preset)) == []


@pytest.mark.slow
@pytest.mark.parametrize("preset", PRESETS)
def test_and_reaches_its_reader_on_github(preset: str) -> None:
    """Here, where the same documents are at hand; the rest of it is with the tests of formats."""
    for name, text in in_every_style(preset).items():
        assert faults(text) == [], name


@pytest.mark.tool
@pytest.mark.slow
@pytest.mark.parametrize("letters", LETTERS)
def test_examples_in_letters_of_their_own(check: Check, letters: str) -> None:
    """Each example in one preset; all of them run with -m many."""
    documents = {}
    for number, path in enumerate(EXAMPLES):
        documents |= in_letters(path, letters, list(PRESETS)[number % len(PRESETS)])
    assert check(documents) == []


@pytest.mark.tool
@pytest.mark.many
@pytest.mark.parametrize("letters", LETTERS)
def test_every_example_in_letters_of_its_own(check: Check, letters: str) -> None:
    documents = {}
    for path, preset in product(EXAMPLES, PRESETS):
        documents |= in_letters(path, letters, preset)
    assert check(documents) == []


def in_letters(path: Path, letters: str, preset: str) -> dict[str, str]:
    made = lettered(path.stem, letters, preset)
    styles = styles_of(made)
    return {f"{path.stem} {preset} {style}": notes(made, style=style) for style in styles}


@pytest.mark.tool
@pytest.mark.slow
def test_random_networks_and_graphs(check: Check) -> None:
    documents = {}
    for seed in range(1000, 1020):
        for kind in (layered, graph):
            documents[f"{kind.__name__} {seed}"] = notes(network.build(specification.loads(kind(seed))))
    assert check(documents) == []
