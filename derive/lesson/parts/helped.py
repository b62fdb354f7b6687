"""Part 7: the loss before and after the update; over more iterations, a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from derive.arithmetic.numbers import decided_sign, is_bounded_zero, is_zero
from derive.lesson.as_zero import later_as_zero
from derive.lesson.blocks import Block, Display, Row, Section, Table, note, paragraph, say
from derive.lesson.desk import BLANK, Desk
from derive.lesson.figures import Figures
from derive.lesson.general import sequential
from derive.lesson.limits import ITERATION_ROWS, SAMPLE_ROWS, cut
from derive.lesson.parts.curves import curves
from derive.lesson.parts.foretold import foretold
from derive.lesson.parts.reduction import objective
from derive.lesson.quantity import START, Quantity
from derive.lesson.remarks import MAX_NAMED, kinks_of_iteration
from derive.words.references import FigureReference, table_reference
from derive.words.runs import Cell, Say, Tex

DOTS = Tex(r"\vdots")
NAME = "updates"
"""By which the text refers to the table."""
MAX_OUTPUTS_COMPARED = 4
"""At most this many outputs are compared before and after."""


def helped(desk: Desk) -> Section | None:
    """The forward pass again with the new values; None without an update."""
    if desk.run.final is None or not desk.network.trained:
        return None
    iterations = len(desk.run.iterations)
    blocks = _once(desk) if iterations == 1 else _table(desk)
    return Section("helped", say("helped.title"), (*blocks, *foretold(desk), *later_as_zero(desk)))


def _same_rows(desk: Desk) -> bool:
    """Whether every iteration takes all rows, so that its losses can be compared."""
    rows = len(desk.network.rows)
    return all(len(iteration.samples) == rows for iteration in desk.run.iterations)


def _sign(figures: Figures, first: int, last: int) -> int:
    fall = figures.number(Quantity("fall", figures.network.output, last, first))
    return 0 if is_zero(fall) or is_bounded_zero(fall) else -decided_sign(fall)


def _verdict(desk: Desk, last: int, *, table: bool = False) -> list[Block]:
    """Whether the loss fell: that of all rows, where the batches are smaller."""
    same = _same_rows(desk)
    if not same and not desk.sheet.ask(lambda figures: figures.whole is not None):
        return []
    first = 0 if same else START
    sign: int = desk.sheet.ask(lambda figures: _sign(figures, first, last))
    output = desk.network.output
    facts = {
        "subject": say("helped.subject", has_loss=desk.network.has_loss, rows=0 if same else len(desk.network.rows)),
        "before": desk.number(Quantity("close", output, first, first)),
        "after": desk.number(Quantity("close", output, last, first)),
        "table": table_reference(NAME) if table else "",
    }
    also: list[Say] = []
    if sign < 0:
        said = say("helped.fell", fall=desk.number(Quantity("fall", output, last, first)), **facts)
        also = _on_the_way(desk, last) if same else []
    elif sign == 0:
        said = say("helped.same", **facts)
    else:
        said = say("helped.rose", reason=_reason(desk, same), **facts)
    return [paragraph(said, *also)]


def _on_the_way(desk: Desk, last: int) -> list[Say]:
    """The updates in which a loss that fell as a whole rose."""
    rose: tuple[int, ...] = desk.sheet.ask(
        lambda figures: tuple(k for k in range(1, last + 1) if _sign(figures, k - 1, k) > 0)
    )
    if not rose:
        return []
    named = [str(k) for k in rose[:MAX_NAMED]]
    reason = _reason(desk, same=True)
    reason = "" if reason == "step" and len(rose) > 1 else reason
    return [say("helped.on_the_way", updates=named, more=len(rose) - len(named), reason=reason)]


def _reason(desk: Desk, same: bool) -> str:
    """Why the loss rose, where that is certain."""
    if sequential(desk):
        return "order"
    iterations = range(len(desk.run.iterations))
    if desk.sheet.ask(lambda figures: any(kinks_of_iteration(figures, k) for k in iterations)):
        return "kink"
    if desk.network.names.states and len(iterations) > 1:
        return "velocity"
    return "step" if same else ""


def _once(desk: Desk) -> list[Block]:
    """One update: outputs and loss before and after."""
    network = desk.network
    if len(network.rows) > 1 and not _same_rows(desk):
        return _all_samples(desk)
    table = _before_after(desk) if len(network.rows) == 1 else _samples_before_after(desk)
    return [replace(table, caption=say("helped.again", form=desk.form), name=NAME), *_verdict(desk, 1, table=True)]


def _before_after(desk: Desk) -> Table:
    """A row for each output, and for the loss."""
    network = desk.network
    names = network.outputs[:MAX_OUTPUTS_COMPARED] or [node.name for node in network.graph.nodes[-4:-1]]
    pairs = [(name, Quantity("value", name), Quantity("value", name, 1)) for name in names]
    pairs.append((network.output, Quantity("close", network.output), Quantity("close", network.output, 1)))
    rows = [(desk.symbol(name), desk.number(before), desk.number(after)) for name, before, after in pairs]
    return Table((BLANK, say("helped.before"), say("helped.after")), tuple(rows), "lrr")


def _samples_before_after(desk: Desk) -> Table:
    """A row for each sample: its first outputs and its loss, before and after."""
    network = desk.network
    names = [*network.outputs[:2], network.output]
    head: list[Cell] = [say("network.sample")]
    for name in names:
        symbol = desk.any_output if name == network.output else desk.symbol(name)
        head += [say("helped.before_of", symbol=symbol), say("helped.after_of", symbol=symbol)]
    rows: list[tuple[Cell, ...]] = []
    for s in cut(range(len(network.rows)), SAMPLE_ROWS)[0]:
        if s is None:
            rows.append((DOTS,) * len(head))
            continue
        values = [desk.number(Quantity("value", name, k, s)) for name in names for k in (0, 1)]
        rows.append((Tex(str(s + 1)), *values))
    return Table(tuple(head), tuple(rows), "r" * len(head))


def _all_samples(desk: Desk) -> list[Block]:
    """The loss of all samples after an update that knew only some of them."""
    network, count = desk.network, len(desk.run.iterations)
    last = Quantity("loss", network.output, count)
    symbol = desk.symbol(f"{network.output}@{count}")
    row = Row(symbol, desk.sheet.relation(last), desk.number(last))
    facts = {
        "symbol": symbol,
        "rows": len(network.rows),
        "objective": objective(desk),
        "has_loss": network.has_loss,
    }
    said = say("helped.all_samples", count=len(desk.run.iterations[0].samples), **facts)
    return [paragraph(said), Display((row,)), *_verdict(desk, count)]


def _table(desk: Desk) -> list[Block]:
    """Outputs and loss at the start of every iteration, and after the last update."""
    network, run = desk.network, desk.run
    count = len(run.iterations)
    single = len(network.rows) == 1
    same = _same_rows(desk)
    names = list(network.outputs[:MAX_OUTPUTS_COMPARED]) if single else []
    head: list[Cell] = [say("helped.updates")]
    head += [] if same else [say("helped.rows")]
    head += [desk.symbol(name) for name in names] + [desk.symbol(network.output)]
    shown, left_out = cut(range(count + 1), ITERATION_ROWS)
    rows: list[tuple[Cell, ...]] = []
    for k in shown:
        if k is None:
            rows.append((DOTS,) * len(head))
            continue
        cells: list[Cell] = [Tex(str(k))]
        cells += [] if same else [_rows(desk.figures, k)]
        cells += [desk.number(Quantity("value", name, k)) for name in names]
        rows.append((*cells, desk.number(Quantity("loss", network.output, k))))
    curve = curves(desk, same_rows=same)
    figure = None if curve is None else FigureReference(curve.name)
    facts = {"left_out": left_out, "same": same, "rule": desk.number_of("update"), "figure": figure}
    said = say("helped.iterations", **facts)
    verdict = _verdict(desk, count, table=True)
    name = NAME if verdict else ""
    blocks: list[Block] = [Table(tuple(head), tuple(rows), "r" * len(head), said, name=name)]
    blocks += [] if curve is None else [curve]
    blocks += verdict
    return blocks + [note(remark) for remark in _later_kinks(desk)]


def _rows(figures: Figures, iteration: int) -> Tex:
    rows = [sample.row for sample in figures.samples(iteration)]
    return Tex(_ranges(rows))


def _ranges(rows: Sequence[int]) -> str:
    r"""Rows in figures: ``1, 2``; many as first to last.

    >>> print(_ranges([1, 2, 3, 4, 5]), _ranges([3, 4]))
    1\text{–}5 3, 4
    """
    return ", ".join(map(str, rows)) if len(rows) <= 3 else rf"{rows[0]}\text{{–}}{rows[-1]}"


def _later_kinks(desk: Desk) -> list[Say]:
    """A sentence where a later iteration stands on a kink."""
    found: dict[int, tuple[str, ...]] = desk.sheet.ask(_kinks_by_iteration)
    if not found:
        return []
    named = [str(k + 1) for k in found][:MAX_NAMED]
    only = next(iter(found.values())) if len(found) == 1 else ()
    quantities = [desk.symbol(name) for name in only] if len(only) <= MAX_NAMED else []
    return [say("remarks.later_kinks", iterations=named, more=len(found) - len(named), quantities=quantities)]


def _kinks_by_iteration(figures: Figures) -> dict[int, tuple[str, ...]]:
    """The iterations after the first that stand on a kink, with what does; empty where that has no name of its own."""
    several = len(figures.network.rows) > 1
    met = {k: kinks_of_iteration(figures, k) for k in range(1, len(figures.run.iterations))}
    return {
        k: ()
        if any(kink.inside for kink in kinks)
        else tuple(dict.fromkeys(kink.node + (f"[{kink.row}]" if several else "") for kink in kinks))
        for k, kinks in met.items()
        if kinks
    }
