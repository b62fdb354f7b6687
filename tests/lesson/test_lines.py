"""Line by line: each printed line follows from the one above, and terms keep their order."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from derive import network, specification
from derive.model import NumbersPolicy, Spec
from derive.naming.notation import Notation
from tests.support.lesson.calculator import Number, Unreadable, calculate, rounded
from tests.support.lesson.documents import notes

pytestmark = pytest.mark.usefixtures("one_proof")

ROOT = Path(__file__).resolve().parents[2]
EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.toml"))
STYLES = ("routes", "graph", "delta")
MOST_MORE = 6
"""How many digits more than asked for a number of an example has at most."""
PRINTED = re.compile(r"-?\d+(?:\.\d+)?(?: \\times 10\^\{-?\d+\})?")


class Line(NamedTuple):
    """One line of a displayed formula, its broken rows joined."""

    relation: str
    right: str


def steps(document: dict[str, object]) -> Iterator[tuple[str, list[Line]]]:
    """Every step of a document: what is worked, and its lines."""
    for section in document["sections"]:  # type: ignore[attr-defined]
        for block in section["blocks"]:
            if block["kind"] == "display":
                yield from _steps(block["rows"])


def _steps(rows: list[dict[str, str]]) -> Iterator[tuple[str, list[Line]]]:
    left, lines = "", list[Line]()
    for row in rows:
        if row["left"] and lines:
            yield left, lines
            lines = []
        left = row["left"] or left
        if row["relation"]:
            lines.append(Line(row["relation"], row["right"]))
        elif lines:
            lines[-1] = Line(lines[-1].relation, f"{lines[-1].right} {row['right']}")
    if lines:
        yield left, lines


def example(name: str, **numbers: Any) -> Spec:
    loaded = specification.load(ROOT / "examples" / f"{name}.toml")
    return replace(loaded, numbers=replace(loaded.numbers, **numbers)) if numbers else loaded


def document(loaded: Spec, style: str) -> dict[str, object]:
    read: dict[str, object] = json.loads(notes(network.build(loaded), to="json", style=style))
    return read


def styles_of(loaded: Spec) -> tuple[str, ...]:
    return STYLES if loaded.network is not None else STYLES[:2]


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize(("kind", "digits"), [("decimals", 3), ("significant", 3), ("significant", 5)])
def test_pocket_calculator(name: str, kind: str, digits: int) -> None:
    """In ``rounding = "step"`` a reader finds every printed value from the printed line above it."""
    loaded = example(name, kind=kind, digits=digits, rounding="step")
    found = 0
    for style in styles_of(loaded):
        for left, lines in steps(document(loaded, style)):
            for above, line in pairwise(lines):
                if not PRINTED.fullmatch(line.right) or left.count("h"):
                    continue
                try:
                    worked = calculate(above.right)
                except Unreadable:
                    continue  # symbols
                printed = calculate(line.right)
                assert agrees(worked, printed, kind, digits), (left, above, line)
                assert line.relation == ("=" if worked == printed else r"\approx") or above.relation != "="
                found += 1
    assert found > 5


def agrees(worked: Number, printed: Number, kind: str, digits: int) -> bool:
    """Whether a printed number is the worked one, exactly or rounded (tiny ones to two digits, or more where a line
    needs them: that no number has more than it needs is tested with saturated units).
    """
    if worked == printed or any(printed == rounded(worked, kind, digits + more) for more in range(MOST_MORE)):
        return True
    tiny = kind == "decimals" and abs(worked) < Fraction(1, 2 * 10**digits)
    return tiny and any(printed == rounded(worked, "significant", 2 + more) for more in range(MOST_MORE))


@pytest.mark.parametrize("name", EXAMPLES)
def test_equals_means_equal(name: str) -> None:
    """``=`` stands only where the printed line is exactly the one above."""
    loaded = example(name)
    for style in styles_of(loaded):
        for left, lines in steps(document(loaded, style)):
            for above, line in pairwise(lines):
                if line.relation != "=" or "h" in left:
                    continue
                try:
                    assert calculate(above.right) == calculate(line.right), (left, above, line)
                except Unreadable:
                    continue


@pytest.mark.parametrize("name", EXAMPLES)
def test_terms_keep_their_order(name: str) -> None:
    """The numbers of a substituted line are those of the symbols above it, one by one, in the same order."""
    loaded = example(name)
    net = network.build(loaded)
    notation = Notation.of(loaded, net.names)
    symbols = sorted(
        {notation.tex(n) for n in (*net.graph.names, *net.states)}
        | {net.names.eta, *map(notation.tex, net.hyperparameters)},
        key=len,
        reverse=True,
    )
    matched = re.compile("|".join([*map(re.escape, symbols), r"\d+(?:\.\d+)?"]))
    compared = 0
    for style in styles_of(loaded):
        for left, lines in steps(document(loaded, style)):
            values = dict[str, str]()
            for above, line in pairwise(lines):
                if r"\frac{\partial" in above.right or r"\delta" in above.right or not _numeric(line.right):
                    continue
                names = matched.findall(_plain(above.right))
                numbers = re.findall(r"-?\d+(?:\.\d+)?(?: \\times 10\^\{-?\d+\})?", _plain(line.right))
                if len(names) != len(numbers):
                    continue  # an earlier result in place of its formula
                for symbol, number in zip(names, numbers, strict=True):
                    assert values.setdefault(symbol, number.lstrip("-")) == number.lstrip("-"), (left, above, line)
                compared += 1
    assert compared


def _numeric(tex: str) -> bool:
    try:
        calculate(tex)
    except Unreadable:
        return False
    return True


def _plain(tex: str) -> str:
    return tex.replace(r"\quad {}", "").replace("- ", "+ ")


def test_policy_is_used() -> None:
    assert example("mazur", digits=3).numbers == NumbersPolicy("decimals", 3)


def test_brackets_around_a_fraction_that_is_put_in_grow() -> None:
    text = (ROOT / "examples" / "xor_first.toml").read_text(encoding="utf-8").replace("t = [0]", 't = ["-2/3"]')
    shown = notes(network.build(specification.loads(text)))
    fraction = r"\\left\( -\\frac\{2\}\{3\} \\right\)"
    assert re.search(rf"\\left\( -?[0-9.]+ - {fraction} \\right\)\^\{{2\}}", shown)
    assert not re.search(rf"\([0-9.-]+ - {fraction}\)", shown)
