"""What a derivative means: its sign, and a small change of the quantity, predicted and worked again."""

from __future__ import annotations

from functools import partial

from derive.arithmetic.numbers import is_zero
from derive.arithmetic.reals import Value
from derive.checked.small_changes import told_unit
from derive.expressions.tree import ONE
from derive.lesson.blocks import Block, paragraph, say
from derive.lesson.deltas import delta_name
from derive.lesson.desk import Desk
from derive.lesson.effects import derivative_of
from derive.lesson.figures import Figures
from derive.lesson.general import sequential
from derive.lesson.quantity import Quantity
from derive.lesson.remarks import kinks_of_iteration
from derive.words.runs import Say


def small_change(desk: Desk, name: str) -> list[Block]:
    """The sentence on a parameter of a batch of one sample; of more, its derivative is not found yet."""
    if len(desk.run.iterations[0].samples) > 1 or _is_told_by_delta(desk, name):
        return []
    return of_batch(desk, name)


def of_batch(desk: Desk, name: str, *, alone: bool = True) -> list[Block]:
    """The sentence on a parameter, where the batch's derivative by it stands above; none where it says nothing.

    ``alone``: nothing else stands there, so that it need not be named.
    """
    return desk.sheet.part(("change", name, alone), partial(_of_batch, desk, name, alone=alone))


def _of_batch(desk: Desk, name: str, *, alone: bool) -> list[Block]:
    facts = {
        "derivative": None if alone else desk.reduced_gradient(name),
        "name": desk.symbol(name),
        "loss": desk.symbol(desk.network.output),
    }
    change = Quantity("predicted", name)
    if not _is_found(desk, name):
        zero = desk.sheet.ask(lambda figures: is_zero(_derivative(figures, change)))
        predicts = zero and not sequential(desk) and not desk.sheet.ask(lambda f: bool(kinks_of_iteration(f)))
        return [paragraph(say("change.none", **facts))] if predicts else []
    if not desk.sheet.ask(lambda figures: _has_its_sign(figures, change)):
        return []
    return [paragraph(say("change.raised", **facts, **_numbers(desk, change)))]


def meaning_of_delta(desk: Desk, z: str) -> list[Say]:
    """What δ of the output unit says that is explained: how the loss follows its weighted input; none of the others."""
    change = desk.own("predicted", z)
    if z != told_unit(desk.network, desk.shown) or not _is_found(desk, z):
        return []
    if not desk.sheet.ask(lambda figures: _has_its_sign(figures, change)):
        return []
    facts = {"delta": desk.symbol(delta_name(desk, z)), "name": desk.symbol(z), "loss": desk.own_output}
    several = len(desk.network.layers[-1].z) > 1 or len(desk.network.layers) > 1
    said = [say("change.delta", **facts, **_numbers(desk, change))]
    said += [say("change.small_delta", letter=desk.any("delta"), loss=desk.own_output)] if several else []
    return said


def _is_told_by_delta(desk: Desk, name: str) -> bool:
    """Whether a parameter is the bias of the unit whose δ is explained: it would be the same sentence."""
    z, terms = told_unit(desk.network, desk.shown), desk.step(name).terms
    return z is not None and [(one.via, one.local) for one in terms] == [(z, ONE)] and bool(meaning_of_delta(desk, z))


def _is_found(desk: Desk, name: str) -> bool:
    found: bool = desk.sheet.ask(lambda figures: name in figures.opinion.changes)
    return found


def _numbers(desk: Desk, change: Quantity) -> dict[str, object]:
    """How much is raised, and what then happens: as predicted, and as it comes."""
    negative: bool = desk.sheet.ask(lambda figures: bool(_derivative(figures, change) < 0))
    by, rise = (desk.number(change._replace(kind=kind)) for kind in ("by", "rise"))
    return {"by": by, "predicted": desk.number(change), "found": rise, "negative": negative}


def _derivative(figures: Figures, change: Quantity) -> Value:
    """The true derivative, whatever the page is worked from."""
    true = figures.true_number(derivative_of(figures.run, change))
    assert true is not None
    return true


def _has_its_sign(figures: Figures, change: Quantity) -> bool:
    """Whether the derivative on the page has the true one's sign, which roundings of steps may have changed."""
    shown = figures.number(derivative_of(figures.run, change))
    return bool(shown < 0) if _derivative(figures, change) < 0 else bool(shown > 0)
