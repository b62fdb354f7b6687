"""``=`` before a number that is exact, ``≈`` before one that is rounded, or worked from rounded ones: everywhere alike."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from derive import network, specification
from tests.support.lesson.documents import notes
from tests.support.lesson.layered_specs import text as layered

pytestmark = pytest.mark.usefixtures("one_proof")

ZERO = """
[graph.values]
m = 0
x = "1/3"
[graph.nodes]
u = "x^2"
k = "u*m^2"
"""


@pytest.mark.parametrize("style", ["routes", "delta", "graph"])
@pytest.mark.parametrize("name", ["plain", "batch", "bias_unit"])
def test_one_sign_for_one_number(name: str, style: str) -> None:
    """Worked from printed values: what is rounded once stays rounded, wherever it stands again."""
    text = notes(
        network.build(specification.loads(layered(name, numbers="decimals = 3", rounding="step"))), style=style
    )
    signs = defaultdict(set)
    for line in text.replace("\\\\\n &", "").splitlines():
        for left, sign, number in re.findall(
            r"(\\delta_\{\d+\}\^\{\d\}).*? (=|\\approx) (-?\d\.\d+)(?=\$| *\\\\|$)", line
        ):
            signs[left, number].add(sign)
    assert signs
    assert all(len(found) == 1 for found in signs.values()), signs


def test_what_is_worked_from_a_rounded_number_is_rounded() -> None:
    text = notes(network.build(specification.loads(
        '[graph.values]\nx = "1/3"\n[graph.nodes]\ny = "x + 0"\nz = "ln(2)"\nf = "z - 1"\n'
        '[numbers]\ndecimals = 3\nrounding = "step"\n'
    )))  # fmt: skip
    assert "$\\approx$ rounded or computed from rounded values." in text
    assert "&\\approx 0.693 - 1 \\\\\n &\\approx -0.307" in text


@pytest.mark.parametrize("rounding", ["end", "step"])
def test_an_exact_zero_is_exact(rounding: str) -> None:
    numbers = f'[numbers]\nrounding = "{rounding}"\n'
    text = notes(network.build(specification.loads(ZERO + numbers))).partition("## How this was checked")[0]
    assert re.search(r"approx \(0\.1111\).*\n &= 0 ", text)
    assert "&\\approx (0)(0.6667) \\\\\n &= 0" in text
    assert not re.search(r"\\approx 0($| |\$)", text, re.MULTILINE)
