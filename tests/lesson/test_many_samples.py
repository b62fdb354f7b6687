"""A document of many samples costs what it shows: its work is counted."""

from __future__ import annotations

import random
from collections.abc import Callable
from functools import partial

import pytest

from derive.checked.proof import worked
from derive.errors import DeriveError
from derive.lesson.in_full import in_full
from derive.lesson.quantity import Quantity
from derive.lesson.skeleton import Skeleton
from derive.network import build
from derive.render.document import Press, notes
from derive.render.layout import figures_of
from derive.specification import loads


def spec(rows: int, inputs: int = 2) -> str:
    draw = random.Random(7)

    def numbers(count: int) -> str:
        return str([round(draw.uniform(-0.5, 0.5), 3) for _ in range(count)])

    data = "".join(f"[[data]]\nx = {numbers(inputs)}\nt = [0.25]\n" for _ in range(rows))
    return f"""
[network]
inputs = {inputs}
loss = "half_squared_error"
[[network.layers]]
units = 1
activation = "sigmoid"
weights = [{numbers(inputs)}]
biases = [0.5]
{data}
[training]
learning_rate = 0.5
iterations = 2
"""


def skeleton(text: str) -> Skeleton:
    network = build(loads(text))
    page = Press().page()
    return worked(
        network, lambda work: page.skeleton(work, figures_of(work), "delta")[0], in_full=partial(in_full, named=None)
    )


def test_lines_do_not_grow_with_the_data() -> None:
    few, many = (skeleton(spec(rows)) for rows in (40, 200))
    assert len(few.quantities) == len(many.quantities)
    assert [len(line.operands) for line in few.checked] == [len(line.operands) for line in many.checked]


def test_what_stands_on_the_page_does_not_grow_with_the_width() -> None:
    few, many = (skeleton(spec(1, inputs)) for inputs in (120, 480))
    assert len(few.quantities) == len(many.quantities)


def test_a_wrong_sample_is_found_though_most_are_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    from derive.lesson.parts import forward

    honest: Callable[..., tuple[list[object], dict[str, Quantity]]] = forward.terms_of_samples

    def planted(*given: object) -> tuple[list[object], dict[str, Quantity]]:
        terms, values = honest(*given)
        return terms, {**values, "E[2]": values["E[1]"]}

    monkeypatch.setattr(forward, "terms_of_samples", planted)
    with pytest.raises(DeriveError, match="the line that leads to E does not give it"):
        notes(build(loads(spec(40))))
