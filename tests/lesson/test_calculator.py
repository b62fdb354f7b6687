"""A pocket calculator finds what is printed: from each line of numbers, and from each row of a table of updates."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from fractions import Fraction
from itertools import chain, pairwise
from math import floor, log10
from typing import Any, NamedTuple

import pytest
from mpmath import mp

from derive import network as networks
from derive.lesson.styles import styles_of
from derive.network import Network
from tests.lesson.test_lines import EXAMPLES, PRINTED, example, steps
from tests.support.lesson.calculator import Matrix, Number, Unreadable, calculate
from tests.support.lesson.documents import notes

pytestmark = pytest.mark.usefixtures("one_proof")

NUMBER = re.compile(r"-?[0-9]+(?:\.[0-9]+)?(?: \\times 10\^\{-?[0-9]+\})?")
COMMANDS = re.compile(
    r"\\(?:begin|end)\{(?:b|small)matrix\}|\\operatorname\{ReLU\}|\\mathpunct\{\}|(?<![A-Za-z])e\^"
    r"|\\(?:t?frac|cdot|times|odot|left|right|bigg?[lr]|quad|ln|exp|tanh|sigma|sin|cos|max|min|sqrt)(?![a-zA-Z])"
)
"""What stands in a line of numbers besides numbers and signs."""


class Worked(NamedTuple):
    """What is worked, a line of numbers, and the number below it."""

    left: str
    above: str
    printed: str


def contradictions(network: Network, style: str) -> tuple[int, list[Worked]]:
    """How many lines of numbers a document has, and those from which a calculator finds another number."""
    read = json.loads(notes(network, to="json", style=style))
    numbers = network.spec.numbers
    found = [*_lines(read), *_updates(network, read)]
    wrong = [line for line in found if not _agree(calculate(line.above), line.printed, numbers.kind, numbers.digits)]
    return len(found), wrong


def _lines(read: dict[str, Any]) -> Iterator[Worked]:
    """Each line of numbers that stands before a number, or a matrix of numbers: what it is worked from, and that."""
    for left, lines in steps(read):
        for above, line in pairwise(lines):
            if _is_printed(line.right) and _is_numeric(above.right):
                yield Worked(left, above.right, line.right)


def _updates(network: Network, read: dict[str, Any]) -> Iterator[Worked]:
    """The rows of a table with old value, derivative and new value, worked by plain gradient descent."""
    given = network.spec.training.learning_rate
    if given is None or network.spec.training.optimizer.name != "sgd":
        return
    rate = given.text
    for section in read["sections"]:
        for block in section["blocks"]:
            heads = ["".join(run.get("text", "*") for run in cell) for cell in block.get("head", ())]
            if len(heads) < 4 or heads[1] not in ("value", "old value") or heads[3] != "new value":
                continue
            for row in block["rows"]:
                cells = ["".join(run.get("math", "") for run in cell) for cell in row[:4]]
                if cells[0] != r"\vdots" and cells[3] != cells[1]:
                    yield Worked(cells[0], f"{cells[1]} - ({rate})({cells[2]})", cells[3])


def _is_numeric(tex: str) -> bool:
    return not re.search(r"[A-Za-z]", COMMANDS.sub("", tex).replace("[6pt]", ""))


def _is_printed(tex: str) -> bool:
    try:
        value = calculate(tex)
    except Unreadable:
        return False
    return bool(PRINTED.fullmatch(tex)) or (
        isinstance(value, Matrix) and tex.count(r"\begin") == 1 and tex[:6] == r"\begin"
    )


def _agree(found: Number, printed: str, kind: str, digits: int) -> bool:
    """Whether a number, or each of a matrix, rounds to the printed one."""
    if not isinstance(found, Matrix):
        return _rounds(found, printed, kind, digits)
    texts = NUMBER.findall(printed.replace("[6pt]", ""))
    return all(_rounds(one, text, kind, digits) for one, text in zip(chain(*found), texts, strict=True))


def _rounds(found: Number, printed: str, kind: str, digits: int) -> bool:
    """Whether a number rounds to the printed one, to the digits that are asked for, or to more where it has more."""
    exact = found if isinstance(found, Fraction) else Fraction(mp.nstr(found, 50))
    value: Fraction = calculate(printed)
    if value == 0:
        return exact == 0
    mantissa, _, power = printed.partition(r" \times 10^{")
    size = floor(log10(abs(value)) + 1e-12)
    places = max(
        digits if kind == "decimals" else digits - 1 - size, len(mantissa.partition(".")[2]) - int(power[:-1] or 0)
    )
    units = floor(abs(exact) * Fraction(10) ** places + Fraction(1, 2))
    return units * Fraction(10) ** -places == abs(value) and (exact > 0) == (value > 0)


@pytest.mark.parametrize("name", EXAMPLES)
def test_no_line_is_contradicted(name: str) -> None:
    """In the style that the example has by itself; the others and the other policy are slow."""
    network = networks.build(example(name))
    found, wrong = contradictions(network, styles_of(network)[0])
    assert found > 5
    assert wrong == []


@pytest.mark.slow
@pytest.mark.parametrize("name", EXAMPLES)
def test_nor_in_any_style(name: str) -> None:
    for numbers in (
        ("significant", 3, "end"),
        ("decimals", 2, "end"),
        ("significant", 4, "end"),
        ("decimals", 5, "step"),
    ):
        spec = example(name, **dict(zip(("kind", "digits", "rounding"), numbers, strict=True)))
        network = networks.build(spec)
        for style in styles_of(network):
            assert contradictions(network, style)[1] == [], (style, numbers)


def test_a_digit_too_few_is_seen() -> None:
    """What the test looks for: 0.1966 times -2 is -0.39 to two decimals, 0.20 times -2 is not."""
    assert _agree(calculate("(0.1966)(-2)"), "-0.39", "decimals", 2)
    assert not _agree(calculate("(0.20)(-2)"), "-0.39", "decimals", 2)
    assert not _agree(
        calculate(r"\begin{bmatrix} 0.20 & 1 \end{bmatrix}(-2)"),
        r"\begin{bmatrix} -0.39 & -2 \end{bmatrix}",
        "decimals",
        2,
    )
