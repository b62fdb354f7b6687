"""A spec as Python objects: what a program builds in place of a file, brought to what a file gives."""

from __future__ import annotations

import numbers
from collections.abc import Mapping
from datetime import date, time
from decimal import Decimal
from fractions import Fraction
from typing import Any

from derive.place import Place, quoted
from derive.specification.document import Written
from derive.specification.kinds import BAD
from derive.specification.numerals import MAX_DIGITS

MAX_DEPTH = 20
"""At most this many levels has a spec, lists and tables counted; no file needs ten."""

MAX_ERRORS = 20
"""At most this many values that cannot stand in a spec are reported."""

_MAX_WHOLE = 10**MAX_DIGITS
"""At most this large is a whole number."""


def tree_of(given: Mapping[Any, Any], place: Place) -> dict[str, Any]:
    """The tables, lists, texts and numbers of a spec as a file has them; what is wrong is noted at the place.

    A float is the decimal that Python prints for it, the shortest that is read back as the same float. ``Fraction`` and
    ``Decimal`` are exactly what they are. Numbers of other libraries are taken as the ones of Python that they are.

    >>> tree_of({"x": 0.1, "y": [Fraction(1, 3), (2,)]}, Place("<dict>"))
    {'x': '0.1', 'y': ['1/3', [2]]}
    """
    found = _table(given, place, MAX_DEPTH)
    return found if isinstance(found, dict) else {}


def _table(given: Mapping[Any, Any], place: Place, depth: int) -> Any:
    found = {}
    for key, value in given.items():
        if not isinstance(key, str):
            place.error(f"a key that is {_kind(key)} and no text", "keys are text, as in a file")
            continue
        found[str(key)] = _value(value, place.at(key), depth - 1)
        if len(place.errors) >= MAX_ERRORS:
            break
    return found


def _value(value: Any, place: Place, depth: int) -> Any:
    if depth < 0:
        place.error("tables or lists are nested too deeply", "a spec needs fewer than ten levels")
        return BAD
    match value:
        case None | bool() | Written() | date() | time():
            return value
        case str():
            return str(value)
        case Mapping():
            return _table(value, place, depth)
        case list() | tuple():
            found = []
            for i, entry in enumerate(value):
                found.append(entry if _small(entry) else _value(entry, place.item(i), depth - 1))
                if len(place.errors) >= MAX_ERRORS:
                    break
            return found
        case _:
            return _number(value, place)


def _small(value: Any) -> bool:
    """Whether a value is a whole number that can stand as it is: most entries of a long list are."""
    return type(value) is int and -_MAX_WHOLE < value < _MAX_WHOLE


def _number(value: Any, place: Place) -> Any:
    """A number as it would stand in a file."""
    match value:
        case Decimal():
            return Written(str(value).replace("Infinity", "inf").replace("NaN", "nan"))
        case float():
            return Written(float.__repr__(value))
        case numbers.Integral():
            return _short(int(value), place)
        case Fraction() | numbers.Rational():
            top, bottom = _short(int(value.numerator), place), _short(int(value.denominator), place)
            return BAD if BAD in (top, bottom) else Written(f"{top}/{bottom}")
        case numbers.Real():
            return Written(repr(float(value)))
        case _:
            place.error(f"{_kind(value)} cannot stand in a spec", "give a number, text, a list or a dict")
            return BAD


def _short(value: int, place: Place) -> Any:
    if abs(value) >= _MAX_WHOLE:
        place.error("a number of more than 1,000 digits", "a written number has at most 1,000 digits")
        return BAD
    return value


def _kind(value: Any) -> str:
    """What an object is, in words.

    >>> _kind(1j)
    "a 'complex'"
    """
    return f"a {quoted(type(value).__name__)}"
