"""Objectives: what an entry may say; its derivative beside ``sympy.diff``, and beside its second statement."""

from __future__ import annotations

import pytest
import sympy
from flint import fmpq

from derive.checked.by_objective import OBJECTIVES_AGAIN
from derive.expressions.evaluate import evaluate
from derive.expressions.print_text import ascii as plain
from derive.expressions.sympy_bridge import symbol, to_sympy
from derive.expressions.tree import names_in
from derive.ops.objectives import COUNT, OBJECTIVES, TOTAL, Objective

ENTRIES = pytest.mark.parametrize("entry", OBJECTIVES.values(), ids=list(OBJECTIVES))


@ENTRIES
def test_an_entry_is_stated_in_total_and_count(entry: Objective) -> None:
    assert {TOTAL} <= set(names_in(entry.formula)) <= {TOTAL, COUNT}


@ENTRIES
@pytest.mark.parametrize("count", [1, 2, 7])
def test_the_derivative_is_that_of_sympy_and_of_the_second_statement(entry: Objective, count: int) -> None:
    formula, slope = entry.stated(count)
    by_sympy = sympy.diff(to_sympy(formula), symbol(TOTAL))
    assert sympy.simplify(by_sympy - to_sympy(slope)) == 0
    losses = [fmpq(k + 1, k + 2) for k in range(count)]
    again, at = OBJECTIVES_AGAIN[entry.name], {TOTAL: sum(losses, fmpq(0))}
    assert (evaluate(formula, at), evaluate(slope, at)) == (again.value(losses), again.share(losses))


@ENTRIES
def test_of_one_row_it_is_the_loss_of_that_row(entry: Objective) -> None:
    """So that a document of one sample has nothing to say of a batch."""
    assert tuple(map(plain, entry.stated(1))) == (TOTAL, "1")


def test_a_mean_of_several_rows_is_divided() -> None:
    assert tuple(map(plain, OBJECTIVES["mean"].stated(5))) == ("total/5", "1/5")
