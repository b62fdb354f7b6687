"""Batches that are not all samples: the document says which sample's loss and derivatives it prints."""

from __future__ import annotations

import re

import pytest

from derive import network, specification
from derive.lesson import STYLES
from tests.support.lesson.documents import notes
from tests.support.lesson.pages import example_text
from tests.support.random_specs import graph, layered

pytestmark = pytest.mark.usefixtures("one_proof")

ONE_ROW = (17, 22)
PART = (17, 22, 76, 78)


def document(text: str, style: str | None = None) -> str:
    return notes(network.build(specification.loads(text)), style=style)


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("seed", ONE_ROW)
def test_a_batch_of_one_sample_is_that_sample(seed: int, style: str) -> None:
    text = document(layered(seed), style)
    said = "The batch is sample 1 alone, so $\\partial E / \\partial p$ is $\\partial E[1] / \\partial p$"
    assert text.count(said) == 1
    assert text.index("The first iteration uses sample 1 alone; $E[1]$ is its own loss.") < text.index(said)
    assert text.index(said) < text.index("## Update")


@pytest.mark.parametrize("seed", PART)
def test_the_loss_of_all_samples_after_an_update_by_some_is_marked(seed: int) -> None:
    part = document(layered(seed)).partition("## Did it help?")[2].partition("##")[0]
    assert r"{E}^{\langle 1\rangle} &\approx" in part
    assert "\nE &" not in part
    assert "samples. After it ${E}^{\\langle 1\\rangle}$, the" in part


def test_whole_batches_need_no_such_words() -> None:
    text = document(example_text("xor_batch"))
    assert "sample 1 alone" not in text
    assert r"\langle" not in text
    assert "Sample 4 is worked in full; $E[4]$ is its own loss." in text


@pytest.mark.parametrize("make", [layered, graph])
def test_no_sentence_is_empty(make: object) -> None:
    for seed in range(17, 27):
        assert ".  " not in document(make(seed))  # type: ignore[operator]


def test_a_formula_for_every_sample_has_no_mark() -> None:
    """A hidden softmax in the style routes: δ in a table with a column for each sample."""
    lines = document(layered(35), "routes").splitlines()
    rows = [line for line in lines if re.match(r"\| \$\\delta_\{[0-9]\}\^\{2\}", line)]
    assert rows
    assert not any("[1]" in row for row in rows)
    assert all(r"\frac{\partial E}{\partial a_{1}^{2}}" in row for row in rows)


def test_only_a_short_delta_stands_for_itself() -> None:
    """δ = ŷ - t is written out in the products that use it; a longer one by its name."""
    assert r"\frac{\partial E[4]}{\partial w_{12}^{3}} &= \delta_{1}^{3}a_{2}^{2} \\" in document(layered(35), "routes")
    short = document(example_text("pass_or_fail"), "routes")
    assert r"&= (\hat{y} - t)" in short


def test_a_graph_has_an_output_and_no_loss() -> None:
    texts = [document(graph(seed)) for seed in (1, 26)]
    assert all("The output of the batch is the" in text for text in texts)
    assert not any("loss" in text for text in texts)


def test_a_row_for_each_sample_has_that_samples_own_loss() -> None:
    """An unmarked E is the batch's; in a table with a row for each sample it is E[s]."""
    heads = [line for line in document(example_text("xor_batch")).splitlines() if line.startswith("| sample |")]
    assert len(heads) == 4
    assert not any("$E$" in head or r"\partial E}" in head for head in heads)
    assert r"$\frac{\partial E[s]}{\partial w_{11}^{2}}$" in heads[2]
