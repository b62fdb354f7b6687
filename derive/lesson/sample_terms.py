"""What the samples of a batch give as the terms of a sum; of many, those that no page writes as one term."""

from __future__ import annotations

from derive.expressions.tree import Expr, Name
from derive.lesson.desk import Desk
from derive.lesson.general import by_steps
from derive.lesson.long_sums import ELLIPSIS, LONG_SUM
from derive.lesson.quantity import FIRST_TERMS, LAST_TERMS, Quantity


def terms_of_samples(desk: Desk, first: Quantity) -> tuple[list[Expr], dict[str, Quantity]]:
    """A term for each sample of a batch, and what the terms stand for; ``first`` is the quantity of its first sample.

    Of a long sum the page writes the first terms and the last, and an ellipsis: that is one number then, the sum of all
    others, so that the line costs what it shows. Worked step by step, each number has to be known.
    """
    samples, output = desk.figures.samples(first.iteration), desk.network.output
    called = output if first.kind == "value" else f"d{output}/d{first.name}"
    places = range(len(samples))
    if len(samples) <= LONG_SUM or by_steps(desk):
        values = {f"{called}[{samples[s].row}]": first._replace(sample=s) for s in places}
    else:
        values = {f"{called}[{samples[s].row}]": first._replace(sample=s) for s in places[:FIRST_TERMS]}
        values[ELLIPSIS] = first._replace(kind=f"rest_{first.kind}")
        values |= {f"{called}[{samples[s].row}]": first._replace(sample=s) for s in places[-LAST_TERMS:]}
    return list(map(Name, values)), values
