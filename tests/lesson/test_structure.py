"""What can be pointed at: headings, numbered equations and figures; tables of one row a unit; chains as tables."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from derive.api import loads
from derive.lesson import styles_of
from derive.lesson.desk import MAX_EQUATIONS
from derive.render.document import Press
from derive.verification.examine import Examiner
from tests.support.lesson.documents import notes
from tests.support.random_specs import convolutional, graph, layered
from tests.support.repository import ROOT

pytestmark = pytest.mark.usefixtures("one_proof")

EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))
NUMBERED = re.compile(r"\\qquad \\text\{\(([0-9]+)\)\}")
EQUATION = re.compile(r"(?<![\d.)$}\w])\(([0-9]{1,2})\)(?![(\d])")
FIGURE = re.compile(r"\(Figure ([0-9]+)\)")
TABLES = re.compile(r"\((?:Table|Tables) ([0-9]+)(?: (to|and) ([0-9]+))?\)")
TABLE = re.compile(r"^\*\*Table ([0-9]+)\.\*\*", re.MULTILINE)
CAPTION = re.compile(r"^\*\*Figure ([0-9]+)\.\*\*", re.MULTILINE)


def prose(text: str) -> str:
    """A document in Markdown with blanks for its displays and inline formulas."""
    return re.sub(r"\$\$.*?\$\$|\$[^$\n]+\$", lambda found: " " * len(found[0]), text, flags=re.DOTALL)


def check(text: str) -> None:
    """Equations are numbered from 1 on, few of them, and what is referred to is there, above."""
    numbers = [int(number) for number in NUMBERED.findall(text)]
    assert numbers == list(range(1, len(numbers) + 1))
    assert len(numbers) <= MAX_EQUATIONS
    places = {int(found[1]): found.start() for found in NUMBERED.finditer(text)}
    for found in EQUATION.finditer(prose(text)):
        assert places[int(found[1])] < found.start()
    captions = list(map(int, CAPTION.findall(text)))
    assert captions == list(range(1, len(captions) + 1))
    assert set(map(int, FIGURE.findall(text))) <= set(captions)
    tables = list(map(int, TABLE.findall(text)))
    assert tables == list(range(1, len(tables) + 1))
    told = [range(int(first), int(last or first) + 1) for first, _, last in TABLES.findall(text)]
    assert {number for each in told for number in each} == set(tables)


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
def test_what_the_text_refers_to_is_there(path: Path) -> None:
    made = loads(path.read_text("utf-8"))
    check(notes(made))
    *_, last = styles_of(made)
    check(notes(made, style=last))


@pytest.mark.parametrize("make", [layered, convolutional, graph])
def test_random_networks_refer_to_what_is_there(make: Any) -> None:
    check(notes(loads(make(31))))


def test_references_of_the_first_example() -> None:
    """Equations and figures by which the backward pass is told; without figures there is no reference to one."""
    made = loads((ROOT / "examples" / "pass_or_fail.toml").read_text("utf-8"))
    text = notes(made)
    assert r"&= \hat{y} - t \qquad \text{(6)}" in text
    assert "simplified in (6):" in text
    assert r"$w_{11}^{2}$ reaches the loss by one route (Figure 2):" in text
    assert "Figure" not in notes(made, figures="none")
    sections = json.loads(notes(made, to="json"))["sections"]
    keys = [section["key"] for section in sections if section["key"].startswith("backward.")]
    assert keys == [
        "backward.w2_1_1",
        "backward.b2_1",
        "backward.w1_2_3",
        "backward.b1_2",
        "backward.others",
        "backward.matrices",
    ]


def test_a_long_chain_is_a_table_on_a_narrow_page() -> None:
    """Each factor's number is read and judged; a wrong one is wrong."""
    made = loads((ROOT / "examples" / "pass_or_fail.toml").read_text("utf-8"))
    text = notes(made)
    row = r"| $a_{2}^{1}(1 - a_{2}^{1})$ | $0.114803$ | (4) |"
    assert row in text
    judged = Examiner(made).examine(text.replace(row, row.replace("0.114803", "0.115803")), "markdown").judgements
    assert [j.verdict for j in judged if not j.holds] == ["wrong"]
    assert row not in notes(made, to="latex")


def test_gradients_by_unit_are_judged() -> None:
    """A table of one row a unit: a gradient that is changed is wrong, in Markdown and LaTeX."""
    made = loads((ROOT / "examples" / "pass_or_fail.toml").read_text("utf-8"))
    for to in ("markdown", "latex"):
        text = notes(made, to=to)  # type: ignore[arg-type]
        assert text.count("-0.06584$") == 1
        changed = text.replace("-0.06584$", "-0.06684$", 1)
        judged = Examiner(made).examine(changed, to).judgements  # type: ignore[arg-type]
        assert [j.verdict for j in judged if not j.holds] == ["wrong"]


@pytest.mark.parametrize("to", ["markdown", "latex"])
def test_runs_of_one_structure_are_as_each_alone(to: Any) -> None:
    """Columns of a table by unit, halves of a table, lines that go on: wide numbers change them, in a press as well."""
    text = (ROOT / "examples" / "pass_or_fail.toml").read_text("utf-8")
    runs = [loads(text), loads(text.replace("0.1789", "0.17891234")), loads(text.replace("0.1863", "0.000001863"))]
    press = Press(to=to)
    for made in (*runs, runs[0]):
        assert press.notes(made) == notes(made, to=to)
