"""What a press keeps of its documents: enough to write the next one sooner, and no more of it than it says."""

from __future__ import annotations

import gc
from collections.abc import Sequence

import pytest

from derive import network, specification
from derive.lesson.figures import Figures
from derive.lesson.remembered import Memory
from derive.render.document import MAX_MEMORIES, Press

SPELLED = """title = "Halves"
[graph]
output = "f"
parameters = ["x", "y"]
[graph.values]
x = 3
y = 5
[graph.nodes]
g = "{one}*x"
h = "{other}*y"
f = "g*h"
[training]
learning_rate = 0.5
"""


def alive(kind: type, but: Sequence[object] = ()) -> list[object]:
    """What there is of a kind, without what was there before."""
    gc.collect()
    before = set(map(id, but))
    return [one for one in gc.get_objects() if type(one) is kind and id(one) not in before]


def of_size(inputs: int) -> str:
    ones = ", ".join(["0.25"] * inputs)
    return (
        f'title = "Sizes"\n[network]\ninputs = {inputs}\nloss = "half_squared_error"\n[[network.layers]]\nunits = 1\n'
        f'activation = "sigmoid"\nweights = [[{ones}]]\nbiases = [0.1]\n[[data]]\nx = [{ones}]\nt = [1]\n'
        "[training]\nlearning_rate = 0.5\n"
    )


def test_of_many_structures_the_parts_of_few_are_kept() -> None:
    memories, press = alive(Memory), Press()
    for inputs in range(1, 9):
        press.notes(network.build(specification.loads(of_size(inputs))))
    full = [memory for memory in alive(Memory, memories) if memory._parts]  # type: ignore[attr-defined]
    assert 0 < len(full) <= MAX_MEMORIES


def test_of_the_numbers_of_a_document_nothing_is_kept() -> None:
    figures, press = alive(Figures), Press()
    for inputs in range(1, 4):
        press.notes(network.build(specification.loads(of_size(inputs))))
    assert not [one for one in alive(Figures, figures) if one._printed or one._answers]  # type: ignore[attr-defined]


@pytest.mark.parametrize(("one", "other"), [("0.5", "0.50"), ("0.50", "0.5"), ("5e-1", "0.5")])
def test_equal_numbers_that_are_spelled_in_two_ways_stay_as_they_are(one: str, other: str) -> None:
    def written(one: str, other: str, press: Press) -> str:
        return press.notes(network.build(specification.loads(SPELLED.format(one=one, other=other))))

    press = Press()
    for pair in ((other, one), (one, other), (one, one)):
        assert written(*pair, press) == written(*pair, Press())
    shown = {"5e-1": r"5 \times 10^{-1}"}
    page = written(one, other, Press())
    assert rf"g = {shown.get(one, one)}" in page.replace("&", "").replace("  ", " ")
    assert rf"h = {shown.get(other, other)}" in page.replace("&", "").replace("  ", " ")
