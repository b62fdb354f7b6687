"""The section of local derivatives: sentences lead to the formula that follows them."""

from __future__ import annotations

import re

import pytest

from derive import network, specification
from tests.support.lesson.documents import notes
from tests.support.lesson.pages import example_text
from tests.support.random_specs import layered

pytestmark = pytest.mark.usefixtures("one_proof")

TEXTS = {
    "softmax": example_text("softmax_three_classes"),
    "hinge": layered(17),
    "absolute error": layered(3),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_colon_stands_before_its_formula(name: str) -> None:
    text = notes(network.build(specification.loads(TEXTS[name])))
    section = text.partition("## The derivatives we need")[2].partition("\n## ")[0]
    alike = [line for line in section.splitlines() if "likewise" in line or "the same way" in line]
    assert alike
    assert all(line.endswith("):") for line in alike)


def test_the_sum_of_the_targets_is_told_after_the_lines_that_use_it() -> None:
    text = notes(network.build(specification.loads(TEXTS["softmax"])))
    assert re.search(r"\$\$\n\nThe last line holds because the targets add up to 1\.", text)


@pytest.mark.parametrize(("loss", "whole"), [("hinge", "sign"), ("huber", "min")])
def test_a_slope_by_branches_is_also_given_as_the_formula_that_is_used(loss: str, whole: str) -> None:
    text = notes(
        network.build(
            specification.loads(
                example_text("xor_first").replace("half_squared_error", loss).replace("t = [0]", "t = [1]")
            )
        )
    )
    section = text.partition("## The derivatives we need")[2].partition("\n## ")[0]
    used = re.search(
        r"underbrace\{\\overset\{1\}\{\\frac\{\\partial E\}\{\\partial \\hat\{y\}\}\}\} _ \{(.*?)\} \\cdot \\underbrace",
        text,
    )
    assert used is not None
    assert whole in used[1]
    assert re.search(re.escape(f" &= {used[1]} ") + r"\\qquad \\text\{\([0-9]\)\} \\\\\n &  \\quad ", section)


@pytest.mark.parametrize(
    ("loss", "told"),
    [
        ("hinge", "Where the arguments of a maximum or minimum are equal, they share its slope equally."),
        ("absolute_error", "At 0 we use the slope 0 for the absolute value."),
        ("huber", ""),
        ("half_squared_error", ""),
    ],
)
def test_the_convention_at_a_kink_of_the_loss_is_told(loss: str, told: str) -> None:
    text = example_text("xor_first").replace("half_squared_error", loss).replace("t = [0]", "t = [1]")
    section = (
        notes(network.build(specification.loads(text))).partition("## The derivatives we need")[2].partition("\n## ")[0]
    )
    assert told in section
    assert ("for the absolute value" in section or "maximum or minimum" in section) == bool(told)


def test_minus_z_is_a_multiple_of_z() -> None:
    text = notes(network.build(specification.loads(example_text("sigmoid_neuron"))))
    assert "\\frac{d}{dz}[-z] \\\\\n &= -1 \\\\\n &  \\quad \\text{constant multiple}" in text
