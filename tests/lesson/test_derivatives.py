"""The section of local derivatives: sentences lead to the formula that follows them."""

from __future__ import annotations

import re

import pytest

from derive import network, spec
from derive.render import notes
from tests.lesson.pages import example_text
from tests.random_specs import layered

TEXTS = {
    "softmax": example_text("softmax_three_classes"),
    "hinge": layered(17),
    "absolute error": layered(3),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_colon_stands_before_its_formula(name: str) -> None:
    text = notes(network.build(spec.loads(TEXTS[name])))
    section = text.partition("## The derivatives we need")[2].partition("\n## ")[0]
    likewise = [line for line in section.splitlines() if "likewise" in line]
    assert likewise
    assert all(line.endswith("likewise:") for line in likewise)


def test_the_sum_of_the_targets_is_told_after_the_lines_that_use_it() -> None:
    text = notes(network.build(spec.loads(TEXTS["softmax"])))
    assert re.search(r"\$\$\n\nThe last line uses that the targets sum to 1\.", text)
