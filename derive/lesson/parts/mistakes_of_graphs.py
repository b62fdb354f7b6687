"""Common mistakes in a graph."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from derive.equations.chain import Term
from derive.expressions.tree import ONE, Expr, Name, Number, Power, Product, names_in, plus, times
from derive.lesson.desk import Desk
from derive.lesson.parts.mistake import CommonMistake


def path_left_out(desk: Desk) -> Iterator[CommonMistake]:
    """A quantity with several uses, of which the last is forgotten."""
    for name, terms in _worked(desk):
        if len(terms) > 1:
            facts = {"node": desk.symbol(terms[-1].via), "by": desk.symbol(name)}
            yield _of(desk, "path_left_out", name, plus(*(term.product for term in terms[:-1])), facts)


def own_factor(desk: Desk) -> Iterator[CommonMistake]:
    """∂(xy)/∂x = x."""
    for name, terms in _worked(desk):
        formula = desk.network.graph.by_name[terms[0].via].formula if len(terms) == 1 else ONE
        if isinstance(formula, Product) and len(formula.factors) == 2 and terms[0].local != Name(name):
            if set(formula.factors) != {Name(name), terms[0].local}:
                continue
            facts = {"taken": desk.symbol(name), "right": desk.tex(terms[0].local)}
            yield _of(desk, "own_factor", name, times(terms[0].upstream, Name(name)), facts)


def power_rule_factor(desk: Desk) -> Iterator[CommonMistake]:
    """The exponent does not come down."""
    for name, terms in _worked(desk):
        formula = desk.network.graph.by_name[terms[0].via].formula if len(terms) == 1 else ONE
        if isinstance(formula, Power) and formula.base == Name(name) and isinstance(formula.exponent, Number):
            taken = formula.base ** (formula.exponent - 1) if formula.exponent.value != 2 else formula.base
            facts = {"taken": desk.tex(taken), "right": desk.tex(terms[0].local)}
            yield _of(desk, "power_rule_factor", name, times(terms[0].upstream, taken), facts)


def factor_left_out(desk: Desk) -> Iterator[CommonMistake]:
    """What arrives from the node above, without the local derivative."""
    for name, terms in _worked(desk):
        if len(terms) == 1 and names_in(terms[0].local) and names_in(terms[0].upstream):
            facts = {"factor": desk.tex(terms[0].local)}
            yield _of(desk, "factor_left_out", name, terms[0].upstream, facts)


def _of(desk: Desk, cause: str, name: str, formula: Expr, facts: Mapping[str, object]) -> CommonMistake:
    return CommonMistake(cause, desk.gradient(name), desk.own("gradient", name), formula, facts)


def _worked(desk: Desk) -> Iterator[tuple[str, tuple[Term, ...]]]:
    """What the backward pass works: the shown parameters, then the nodes from the output on."""
    nodes = (node.name for node in reversed(desk.network.graph.nodes) if node.name in desk.differentiated)
    for name in (*desk.shown, *nodes):
        if terms := desk.step(name).terms:
            yield name, terms
