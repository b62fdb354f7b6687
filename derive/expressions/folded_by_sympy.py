"""Branches inside a condition: SymPy folds such a condition away, and here it is found again what it compared.

Of ``Piecewise((g, g > 0), (0, True))``, where g has branches of its own, SymPy keeps g > 0 only as an If-then-else over
the branches of g. What it makes of a comparison is asked of SymPy itself: a condition that is the same is that one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from itertools import count
from typing import Any

import sympy
from sympy.core.relational import Relational

from derive.expressions.functions import FUNCTIONS
from derive.expressions.pieces_of_sympy import RELATIONS, TestedSides, rational_of

MAX_FOLDED = 6
"""At most this many branched parts has what is compared: SymPy takes many times as long with each one more."""

MAX_COMPARED = 60
"""At most this many comparisons of parts with numbers are asked for."""


def unfolded(piecewise: Any) -> Iterator[list[TestedSides]]:
    """What the conditions of a ``Piecewise`` may compare, in each way in which all of them compare one part of it."""
    conditions = [condition for _, condition in piecewise.args]
    bounds, relations = _bounds(piecewise), _relations(conditions)
    asked = count(1)
    for part in _parts(piecewise):
        known: dict[Any, TestedSides] = {sympy.true: (None, frozenset({-1, 0, 1}))}
        for bound in bounds:
            for relation, sides in relations.items():
                if next(asked) > MAX_COMPARED:
                    return
                if (condition := _folded(relation, part, bound)) is not None:
                    known.setdefault(condition, ((part, bound), sides))
            found = [_joined(condition, known) for condition in conditions]
            if None not in found:
                yield [one for one in found if one is not None]
                break


def _parts(piecewise: Any) -> Iterator[Any]:
    """The parts of the formulas that have branches, whole formulas first, then what a hard sigmoid was made of."""
    formulas = [formula for formula, _ in piecewise.args]
    scaled = [sympy.Add(*(6 * term for term in sympy.Add.make_args(formula)), -3) for formula in formulas]
    inside = [
        part for formula in formulas for part in sympy.preorder_traversal(formula) if isinstance(part, sympy.Expr)
    ]
    for part in dict.fromkeys([*formulas, *scaled, *inside]):
        if 0 < sum(isinstance(below, sympy.Piecewise) for below in sympy.preorder_traversal(part)) <= MAX_FOLDED:
            yield part


def _relations(conditions: Sequence[Any]) -> Mapping[Any, frozenset[int]]:
    """Those that the conditions may have been, by the kinds of relations in them: SymPy turns them round, no more."""
    kinds = {sympy.StrictLessThan: sympy.StrictGreaterThan, sympy.LessThan: sympy.GreaterThan}
    kinds |= {other: one for one, other in kinds.items()} | {sympy.Equality: sympy.Unequality}
    there = {type(part) for condition in conditions for part in condition.atoms(Relational)}
    return {kind: sides for kind, sides in RELATIONS.items() if kind in there or kinds.get(kind) in there}


def _bounds(piecewise: Any) -> Sequence[Any]:
    """Numbers that one of our functions may compare with: 0, those that are a branch, those of its entry."""
    written = [formula for formula, _ in piecewise.args if formula.is_Rational]
    entries = [rational_of(kink.at) for function in FUNCTIONS.values() for kink in function.kinks]
    others = [sympy.Rational(int(value.p), int(value.q)) for value in entries if value is not None]
    return list(dict.fromkeys([sympy.S.Zero, *written, *others]))


def _folded(relation: Any, part: Any, bound: Any) -> Any:
    """What SymPy makes of a comparison in a condition; None where it is always or never true, or SymPy gives up."""
    with suppress(NotImplementedError, TypeError, ValueError):
        made = sympy.Piecewise((sympy.S.One, relation(part, bound)), (sympy.S.Zero, True))
        if isinstance(made, sympy.Piecewise):
            return made.args[0][1]
    return None


def _joined(condition: Any, known: Mapping[Any, TestedSides]) -> TestedSides | None:
    """What a condition compares, or several that hold in turn, joined by Or."""
    if condition in known or not isinstance(condition, sympy.Or):
        return known.get(condition)
    found = [known.get(part) for part in condition.args]
    pairs = {one[0] for one in found if one is not None}
    if None in found or len(pairs) != 1:
        return None
    return pairs.pop(), frozenset().union(*(one[1] for one in found if one is not None))
