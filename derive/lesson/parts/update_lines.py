"""The lines of an update: the optimizer's rule in letters, and worked for one parameter, or for a layer's matrices."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derive.expressions.print_tex import substituted, tex
from derive.expressions.tree import Expr, Name, Negative, Product, Sum, names_in
from derive.lesson.blocks import Display, Row, say
from derive.lesson.desk import BLANK, Desk
from derive.lesson.long_sums import LONG_SUM
from derive.lesson.matrices import EntryLine, Part, ShownMatrix, closed, opened, working
from derive.lesson.quantity import Quantity
from derive.naming.notation import new_value
from derive.ops.optimizers import THETA
from derive.words.runs import Say, Tex

MatrixOf = Callable[[str, str], ShownMatrix]
"""A matrix of a layer's numbers, by the kind of quantity and the state of the optimizer (or the parameters)."""


def rule(desk: Desk) -> tuple[tuple[Tex, Tex], ...]:
    """The two sides of each line, for any parameter p."""
    p = desk.letter("p")
    symbols = {THETA: p, "g": desk.notation.derivative(desk.symbol(desk.network.output), p), **_constants(desk)}
    states = {key: desk.notation.state_letter(key) for key in desk.network.names.states}
    return _rule(desk, {**symbols, **states}, lambda symbol: Tex(new_value(symbol)))


def _rule(desk: Desk, symbols: dict[str, str], new: Callable[[str], Tex]) -> tuple[tuple[Tex, Tex], ...]:
    named = {**symbols, **{f"{key}'": new(symbols[key]) for key in desk.network.names.states}}
    lines = desk.network.optimizer.lines
    return tuple((new(symbols[line.of]), Tex(tex(line.formula, named.__getitem__))) for line in lines)


def _constants(desk: Desk) -> dict[str, str]:
    """The symbols of the learning rate and of the hyperparameters, by their names in the optimizer's lines."""
    names = desk.network.names
    return {"eta": desk.eta, **{key: desk.symbol(name) for key, name in names.hyperparameters.items()}}


def rule_in_words(desk: Desk) -> list[Tex]:
    """Each line of the rule as one formula."""
    return [Tex(f"{left} = {right}") for left, right in rule(desk)]


def displayed_rule(desk: Desk) -> Display:
    """The rule, line by line."""
    return Display(desk.numbered("update", [Row(left, Tex("="), right) for left, right in rule(desk)]))


def step_down(desk: Desk, name: str, iteration: int = 0) -> list[Display]:
    """The worked update of one parameter in an iteration (from 0): of its states, then its own."""
    return [_line(desk, target, iteration) for target in update_targets(desk, name)]


def update_targets(desk: Desk, name: str) -> list[str]:
    """What gets a new value with a parameter, in the order in which it is worked: its states, then itself."""
    names = desk.network.names
    return [names.state(line.of, name) if line.of != THETA else name for line in desk.network.optimizer.lines]


def new_quantity(desk: Desk, name: str, iteration: int = 0) -> Quantity:
    """What an update gives to a parameter or a state."""
    return Quantity("new_state" if name in desk.network.states else "updated", name, iteration)


def put_in_update(desk: Desk, name: str) -> Tex:
    """The right side of the first update of a parameter or a state, with its numbers."""
    new, formula, named = worked_update(desk, name)
    desk.sheet.shows(new, formula, named)
    named = desk.within(new, formula, named, LONG_SUM)
    return Tex(substituted(formula, lambda n, brackets: desk.number(named[n], brackets)))


def worked_update(desk: Desk, name: str) -> tuple[Quantity, Expr, dict[str, Quantity]]:
    """What the first update of a parameter or a state gives, its formula, and what the names in it stand for."""
    formula = desk.figures.table.update(name)
    return new_quantity(desk, name), formula, {n: _of_update(desk, n, 0) for n in names_in(formula)}


def numbers_of_updates(desk: Desk, names: Sequence[str]) -> Callable[[Quantity | None], Tex]:
    """What gives the numbers of these parameters in a table, with digits enough that a reader finds each new value.

    The derivatives have the same number of digits. Where there is None, the cell is empty.
    """
    trained = [name for name in names if name in desk.network.trained and desk.run.final]
    lines = (worked_update(desk, target) for name in trained for target in update_targets(desk, name))
    inside = desk.sheet.together(*lines, even=[Quantity("batch", name) for name in names] if trained else ())
    return lambda quantity: BLANK if quantity is None else desk.number(inside(quantity))


def _line(desk: Desk, name: str, iteration: int) -> Display:
    table = desk.figures.table
    formula, meaning = table.at_step(table.update(name), iteration)
    values = {later: _of_update(desk, first, iteration) for later, first in meaning.items()}
    left = desk.new_symbol(name) if not iteration else desk.symbol(f"{name}@{iteration + 1}")
    return Display(desk.worked(left, new_quantity(desk, name, iteration), (formula,), values=values))


def _of_update(desk: Desk, name: str, iteration: int) -> Quantity:
    """What a name in an update stands for; the gradient is the batch's."""
    network = desk.network
    if name == network.names.eta:
        return desk.rate
    below = name.removeprefix(f"d{network.output}/d")
    return Quantity("batch", below, iteration) if below != name else desk.quantity(name, iteration)


def optimizer_numbers(desk: Desk) -> list[Say]:
    """The hyperparameters of the optimizer, each with its number."""
    names = desk.network.names.hyperparameters
    return [say(f"optimizers.{key}_number", value=desk.equation(name)) for key, name in names.items()]


# Matrices


def matrix_step(desk: Desk, symbols: dict[str, str], new: Callable[[str], Tex], matrix: MatrixOf) -> list[Display]:
    """The same for all parameters of a layer at once; ``symbols`` by the names of the optimizer's lines."""
    symbols = {**symbols, **_constants(desk)}
    found = []
    lines = desk.network.optimizer.lines
    for line, (left, right) in zip(lines, _rule(desk, symbols, new), strict=True):
        kind = "updated" if line.of == THETA else "new_state"
        numbers, also = _parts(desk, line.formula, matrix)
        shown = _shows(desk, line.formula, matrix(kind, line.of), matrix) if numbers else []
        found.append(working(desk, left, [right], numbers, matrix(kind, line.of), *also, lines=shown))
    return found


def _shows(desk: Desk, formula: Expr, new: ShownMatrix, matrix: MatrixOf) -> list[EntryLine]:
    """Say that the page shows this line before the new numbers, so that each of them that is shown is checked."""
    lines: list[EntryLine] = []
    hyperparameters = desk.network.names.hyperparameters
    scalars = {"eta": desk.rate, **{key: Quantity("hyperparameter", name) for key, name in hyperparameters.items()}}
    names = names_in(formula)
    for r, row in enumerate(new.entries):
        for c, quantity in enumerate(row):
            used = {name: scalars.get(name) or _matrix_of(name, matrix).entries[r][c] for name in names}
            values = {name: entry for name, entry in used.items() if isinstance(entry, Quantity)}
            if isinstance(quantity, Quantity) and len(values) == len(used):
                desk.sheet.shows(quantity, formula, values)
                lines.append((quantity, formula, values))
    return lines


def _parts(desk: Desk, formula: Expr, matrix: MatrixOf) -> tuple[list[Part], list[Quantity]]:
    """A line with its matrices and numbers put in, and its numbers.

    Nothing is put in where it is more than sums and multiples.
    """
    hyperparameters, also = desk.network.names.hyperparameters, []

    def number(factor: Expr) -> Quantity | None:
        if not isinstance(factor, Name):
            return None
        name = hyperparameters.get(factor.name)
        found = desk.rate if factor.name == "eta" else Quantity("hyperparameter", name) if name else None
        also.extend([] if found is None else [found])
        return found

    def parts(expr: Expr, before: str = "", after: str = "") -> list[Part]:
        match expr:
            case Name(name=name):
                return [Part(_matrix_of(name, matrix), before.rstrip(), after)]
            case Negative(operand=operand):
                return parts(operand, f"{before}- ", after)
            case Sum(terms=(first, *rest)):
                later = [
                    part
                    for i, term in enumerate(rest)
                    for part in parts(
                        term, "" if isinstance(term, Negative) else "+ ", after if i == len(rest) - 1 else ""
                    )
                ]
                return [*parts(first, before), *later]
            case Product(factors=(*scalars, last)):
                known = [number(scalar) for scalar in scalars]
                if None in known:
                    raise _NotLinear
                shown = before + r"\,".join(desk.number(q) for q in known if q is not None) + r"\,"
                rows = 2 if isinstance(last, Sum) else 0
                return parts(last, shown + opened(rows), closed(rows) + after) if rows else parts(last, shown, after)
            case _:
                raise _NotLinear

    try:
        return parts(formula), also
    except _NotLinear:
        return [], also


class _NotLinear(Exception):
    """A line is more than sums and multiples of matrices."""


def _matrix_of(name: str, matrix: MatrixOf) -> ShownMatrix:
    key = name.removesuffix("'")
    if name == "g":
        return matrix("batch", THETA)
    if name == THETA:
        return matrix("value", THETA)
    return matrix("new_state" if name != key else "state", key)


__all__ = ["displayed_rule", "matrix_step", "optimizer_numbers", "rule", "rule_in_words", "step_down"]
