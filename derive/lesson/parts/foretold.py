"""The fall that the derivatives predict for the first update, beside the fall that came, and who did the work."""

from __future__ import annotations

from flint import fmpq

from derive.arithmetic.numbers import as_ball, decided_sign, is_bounded_zero, is_zero
from derive.arithmetic.reals import Value
from derive.expressions.tree import Name
from derive.lesson.blocks import Block, paragraph, say
from derive.lesson.desk import Desk
from derive.lesson.figures import Figures
from derive.lesson.general import sequential
from derive.lesson.inline import in_sides
from derive.lesson.long_sums import LONG_SUM
from derive.lesson.quantity import Quantity
from derive.lesson.remarks import kinks_of_iteration
from derive.naming.notation import new_value
from derive.network import Network
from derive.ops.losses import LOSSES
from derive.words.runs import Say, Tex, Words

NEAR = fmpq(1, 10)
"""A fall that is at most this share of the prediction away from it is close to it."""
MAX_PASSED = 3
"""At most this many outputs are named that went past their targets."""
LEAST_TRAINED = 4
"""Of fewer parameters it is not said which add most to the fall."""
FORETOLD = Quantity("foretold")
SQUARES = Quantity("squares")


def foretold(desk: Desk) -> list[Block]:
    """The paragraph; none where the first update does not take the derivatives of the loss of all rows."""
    run, rows = desk.run, len(desk.network.rows)
    after = run.iterations[1].samples if len(run.iterations) > 1 else run.final.samples if run.final else ()
    if sequential(desk) or not len(run.iterations[0].samples) == len(after) == rows:
        return []
    came: str = desk.sheet.ask(what_came)
    if not came:
        return []
    fall = Quantity("fall", desk.network.output, 1, 0)
    kink = desk.sheet.ask(lambda figures: bool(kinks_of_iteration(figures)))
    frozen = len(desk.network.trained) < len(desk.network.parameters)
    facts = {"loss": desk.symbol(desk.network.output), "updates": len(run.iterations), "came": came, "kink": kink}
    beyond = came != "rose" and is_never_negative(desk.network) and desk.sheet.ask(is_beyond)
    said = [
        say("foretold.predicted", formula=_formula(desk), frozen=frozen, **_one_step(desk), **facts),
        say("foretold.came", fall=desk.number(fall), passed=_passed(desk), beyond=beyond, **facts),
        *_workers(desk),
    ]
    return [paragraph(*said)]


def _one_step(desk: Desk) -> dict[str, Tex]:
    """How far one parameter moves, and what that changes."""
    p = desk.letter("p")
    slope = desk.notation.derivative(desk.symbol(desk.network.output), p)
    if desk.network.names.states or desk.network.optimizer.name != "sgd":
        move = f"{new_value(p)} - {p}"
        return {"parameter": p, "move": Tex(move), "change": Tex(rf"{slope}\,({move})")}
    move = rf"-{desk.eta} {slope}"
    return {"parameter": p, "move": Tex(move), "change": Tex(rf"-{desk.eta} \left( {slope} \right)^{{2}}")}


def is_never_negative(network: Network) -> bool:
    """Whether the loss has no negative values: a built-in one, which of a cross-entropy needs outputs up to 1."""
    spec = network.spec.network
    if spec is None or spec.loss.expression is not None:
        return False
    last = spec.layers[-1].activation
    up_to_one = last.expression is None and last.name in ("sigmoid", "softmax")
    return up_to_one or LOSSES[spec.loss.name].targets != "weights"


def is_beyond(figures: Figures) -> bool:
    """Whether the predicted fall is more than all of the loss."""
    truth, loss = figures.truth, Quantity("loss", figures.network.output)
    return decided_sign(truth.number(FORETOLD) - truth.number(loss)) > 0


def _formula(desk: Desk) -> Tex | Words:
    """The sum, and for plain gradient descent its numbers."""
    network, p = desk.network, desk.letter("p")
    slope = desk.notation.derivative(desk.symbol(network.output), p)
    relation = desk.sheet.relation(FORETOLD)
    if network.names.states or network.optimizer.name != "sgd":
        return Tex(rf"\sum {slope}\,({p} - {new_value(p)}) {relation} {desk.number(FORETOLD)}")
    product, parts = Name("rate") * Name("squares"), {"rate": desk.rate, "squares": SQUARES}
    desk.sheet.work(FORETOLD, product, parts)
    rate, squares = desk.within(FORETOLD, product, parts, LONG_SUM).values()
    numbers = rf"{desk.number(rate, 'always')}({desk.number(squares)})"
    put_in = desk.sheet.relation(rate, squares)
    total = rf"{desk.eta} \sum \left( {slope} \right)^{{2}}"
    return in_sides(desk, [f"{total} {put_in} {numbers}", f"{relation} {desk.number(FORETOLD)}"])


def what_came(figures: Figures) -> str:
    """How the fall of the first update is beside the predicted one, by the run's own numbers.

    ``close``, ``less``, ``more`` or ``rose``; empty where the derivatives predict no fall, and where the loss stayed.
    """
    truth = figures.truth
    predicted = truth.number(FORETOLD)
    fall_of_run = Quantity("fall", figures.network.output, 1, 0)
    fall = truth.number(fall_of_run)
    if any(map(_is_nothing, (predicted, fall))) or decided_sign(predicted) < 0:
        return ""
    if figures is not truth and decided_sign(figures.number(fall_of_run)) != decided_sign(fall):
        return ""  # the printed losses do not show what came
    if decided_sign(fall) < 0:
        return "rose"
    if abs(as_ball(fall - predicted)) < as_ball(predicted * NEAR):
        return "close"
    return "less" if decided_sign(fall - predicted) < 0 else "more"


def _is_nothing(value: Value) -> bool:
    return is_zero(value) or is_bounded_zero(value)


def _passed(desk: Desk) -> list[Tex]:
    """The outputs that were on one side of their targets and are on the other one now."""
    if len(desk.network.rows) > 1:
        return []
    names: tuple[int, ...] = desk.sheet.ask(passed_targets)
    network = desk.network
    return [desk.symbol(network.outputs[i]) for i in names[:MAX_PASSED]]


def passed_targets(figures: Figures) -> tuple[int, ...]:
    """The places of the outputs that the first update takes past their targets."""
    truth, network = figures.truth, figures.network
    found = []
    for i, (y, t) in enumerate(zip(network.outputs, network.targets, strict=False)):
        before, after = (truth.number(Quantity("value", y, k)) - truth.number(Quantity("value", t, k)) for k in (0, 1))
        if not _is_nothing(before) and not _is_nothing(after) and decided_sign(before) * decided_sign(after) < 0:
            found.append(i)
    return tuple(found)


def _workers(desk: Desk) -> list[Say]:
    """The largest shares of the predicted fall: whose they are is put in as their numbers are."""
    if len(desk.network.trained) < LEAST_TRAINED:
        return []
    first, second = (
        say("foretold.worker", name=desk.number(Quantity("worker", iteration=k)), share=desk.number(_share(k)))
        for k in range(2)
    )
    return [say("foretold.workers", first=first, second=second, count=len(desk.network.trained))]


def _share(rank: int) -> Quantity:
    return Quantity("share", iteration=rank)
