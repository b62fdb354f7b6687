"""The tables [exercise] and [marks]: every name in them is a quantity of the spec."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

from derive.model import Given
from derive.naming.names import Names
from derive.place import Place, nearest
from derive.specification.kinds import BAD, ExactNumber, Field, Json, KnownTable
from derive.specification.numerals import value_of

GROUPS = ("weights", "biases", "data", "targets", "learning_rate", "values")
"""What ``vary`` may name besides single quantities."""


SHARE = "follow_through"
"""The key of ``[marks]`` that is no quantity."""


_POINTS = ExactNumber(not_negative=True)
_ASKED = KnownTable((
    Field("value", _POINTS, "points for the number"),
    Field("formula", _POINTS, "points for a formula in the names of other quantities"),
), "what is asked of a quantity")  # fmt: skip


@dataclass(frozen=True, slots=True)
class AskedPoints:
    """The points of a quantity: for its number, for its formula; None where that is not asked."""

    value: Given | None
    formula: Given | None = None


class QuantityPoints:
    """A number, for the quantity's number; or a table of both points, ``{ value = 1, formula = 2 }``."""

    __slots__ = ()

    def read(self, value: Any, place: Place) -> Any:
        if not isinstance(value, dict):
            return _POINTS.read(value, place)
        table = _ASKED.read(value, place)
        if BAD in table.values():
            return BAD
        if table["value"] is None and table["formula"] is None:
            place.error("no points are given", "write { value = 1, formula = 2 }, or one of them")
            return BAD
        return AskedPoints(table["value"], table["formula"])

    def schema(self) -> Json:
        return {"anyOf": [_POINTS.schema(), _ASKED.schema()]}


def check_exercise(exercise: Any, marks: Any, names: Names, own: Collection[str], place: Place) -> None:
    """Note every name that is no quantity, and ranges that hold no number; ``own`` are the author's names."""
    if isinstance(marks, dict):
        _check_marks(marks, names, own, place.at("marks"))
    if not isinstance(exercise, dict) or BAD in exercise.values():
        return
    here = place.at("exercise")
    for i, name in enumerate(exercise["vary"] or ()):
        if name not in GROUPS:
            known_name(name, names, here.at("vary").item(i), GROUPS)
    for i, name in enumerate(exercise["ask"] or ()):
        known_name(name, names, here.at("ask").item(i))
    _check_range(exercise, here)
    for name, table in (exercise["ranges"] or {}).items():
        there = here.at("ranges").at(name)
        if name not in GROUPS:
            known_name(name, names, there)
        _check_range(table, there)


def _check_marks(marks: Mapping[str, Any], names: Names, own: Collection[str], place: Place) -> None:
    """Note keys that are no quantity; what has an own name of the author in it is read when claims are."""
    for name in marks:
        if name != SHARE and not any(spelled in name for spelled in own):
            known_name(name, names, place.at(name))
    check_share(marks, place)


def check_share(marks: Mapping[str, Any], place: Place) -> None:
    """Note a share for what follows that is more than the whole."""
    share = marks.get(SHARE)
    if isinstance(share, AskedPoints):
        place.at(SHARE).error("a table where a number is expected", "it is from 0 to 1")
    elif share is not None and value_of(share) > 1:
        place.at(SHARE).error(f"the share {share.text} is more than the whole", "it is from 0 to 1")


def _check_range(table: Mapping[str, Any], place: Place) -> None:
    if BAD in table.values():
        return
    low, high = table["low"], table["high"]
    if low is not None and high is not None and not value_of(low) < value_of(high):
        place.error("low is not below high", "low is the least number, high the largest")
    if table["decimals"] is not None and table["step"] is not None:
        place.error("both 'decimals' and 'step' are given", "keep one of them")


def known_name(text: str, names: Names, place: Place, groups: tuple[str, ...] = ()) -> str | None:
    """The canonical name of a quantity, or None with the error noted."""
    try:
        return names.canonical(text)
    except ValueError as error:
        problem, _, hint = str(error).partition(": ")
        if not problem.startswith("unknown"):
            place.error(str(error))
        elif groups:
            place.error(problem, nearest(text, (*groups, *names.some), 12))
        else:
            place.error(problem, hint)
        return None
