"""Kinds of values in a spec: each reads a value, says what it expected, and knows its JSON Schema.

A kind notes what is wrong at its :class:`~derive.place.Place` and returns :data:`BAD`, so that reading
goes on and finds every error of the file.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Mapping
from dataclasses import field
from typing import Any, Protocol

from derive.model import Given
from derive.patterns import regex
from derive.place import Place, nearest, quoted
from derive.records import record
from derive.specification.document import Written
from derive.specification.numerals import NotANumber, given, kind_of, value_of
from derive.suggestions import meant

Json = dict[str, Any]


class _Bad:
    """What a kind returns for a value that is wrong (and has been noted)."""

    def __repr__(self) -> str:
        return "BAD"


BAD: Any = _Bad()
NAME = regex(r"[A-Za-z][A-Za-z0-9_]*")
MAX_BAD_NUMBERS = 3
"""At most this many wrong numbers are reported for one list."""


class FieldKind(Protocol):
    """What a field may hold."""

    def read(self, value: Any, place: Place) -> Any:
        """The value, checked; or :data:`BAD`, with the error noted at the place."""

    def schema(self) -> Json:
        """The JSON Schema of this kind."""


def wrong(value: Any, expected: str, place: Place, hint: str = "") -> Any:
    """Note that another kind of value was expected here."""
    place.error(f"{kind_of(value)} where {expected} is expected", hint)
    return BAD


@record
class AuthorText:
    """Words of the author: any text without control characters; line breaks only where ``lines``."""

    lines: bool = False
    date: bool = False

    def read(self, value: Any, place: Place) -> Any:
        if self.date and not isinstance(value, (str, int, list, dict, type(None))):
            return str(value)  # a date of TOML stands without quotes
        if not isinstance(value, str) or isinstance(value, Written):
            return wrong(value, "text", place, "put it in quotes")
        for character in value:
            if not character.isprintable() and (problem := _forbidden(character, lines=self.lines)):
                place.error(problem, "leave it out")
                return BAD
        return value

    def schema(self) -> Json:
        return {"type": "string"}


def _forbidden(character: str, *, lines: bool) -> str:
    """Why a character cannot stand in a text, or nothing.

    >>> _forbidden(chr(27), lines=True), _forbidden("a", lines=True)
    ('the text holds the control character U+001B', '')
    """
    code = ord(character)
    if lines and character in "\n\t":
        return ""
    direction = 0x202A <= code <= 0x202E or 0x2066 <= code <= 0x2069
    if character == "\n":
        return "the text has a line break"
    if direction or unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or code & 0xFFFE == 0xFFFE:
        return f"the text holds the control character U+{code:04X}"
    return ""


class Flag:
    """``true`` or ``false``."""

    __slots__ = ()

    def read(self, value: Any, place: Place) -> Any:
        return value if isinstance(value, bool) else wrong(value, "true or false", place)

    def schema(self) -> Json:
        return {"type": "boolean"}


_WHOLE = regex(r"\+?([0-9]{1,20})(?:\.0*)?")
"""A whole number as text, or with a point."""


@record
class Whole:
    """A whole number from ``low`` to ``high``; ``about`` says of what, where another kind of value stands."""

    low: int
    high: int
    about: str = ""

    def read(self, value: Any, place: Place) -> Any:
        if type(value) is not int:
            meant = _WHOLE.fullmatch(value.strip()) if isinstance(value, str) else None
            mend = f"write {meant[1]}" if meant is not None else f"write one from {self.low:,} on"
            return wrong(value, "a whole number", place, f"{self.about}: {mend}" if self.about else mend)
        if not self.low <= value <= self.high:
            short = str(value) if abs(value) < 10**20 else "this number"
            if value < self.low:
                place.error(f"{short} is too small", f"it is at least {self.low:,}")
            else:
                place.error(f"{short} is too large", f"it is at most {self.high:,}")
            return BAD
        return value

    def schema(self) -> Json:
        return {"type": "integer", "minimum": self.low, "maximum": self.high}


@record
class OneOf:
    """One of a few words."""

    words: tuple[str, ...]

    def read(self, value: Any, place: Place) -> Any:
        if not isinstance(value, str) or isinstance(value, Written):
            return wrong(value, "one of the words " + ", ".join(self.words), place)
        if value not in self.words:
            place.error(f"unknown word {quoted(value)}", nearest(value, self.words))
            return BAD
        return value

    def schema(self) -> Json:
        return {"enum": list(self.words)}


@record
class ExactNumber:
    """An exact number; ``positive`` or ``not_negative`` where only such make sense, ``among`` a few."""

    positive: bool = False
    not_negative: bool = False
    among: tuple[str, ...] = ()

    def read(self, value: Any, place: Place) -> Any:
        try:
            number = given(value)
        except NotANumber as error:
            place.error(error.problem, error.hint)
            return BAD
        if self.positive and not value_of(number) > 0:
            place.error(f"{number.text} is not positive", "give a number above 0")
            return BAD
        if self.not_negative and value_of(number) < 0:
            place.error(f"{number.text} is negative", "give 0 or a number above 0")
            return BAD
        if self.among and all(value_of(number) != value_of(given(one)) for one in self.among):
            place.error(f"{quoted(number.text)} cannot stand here", f"known: {', '.join(self.among)}")
            return BAD
        return number

    def schema(self) -> Json:
        if self.positive:
            return {"anyOf": [{"type": "number", "exclusiveMinimum": 0}, {"$ref": "#/$defs/constant"}]}
        if self.not_negative:
            return {"anyOf": [{"type": "number", "minimum": 0}, {"$ref": "#/$defs/constant"}]}
        if self.among:
            plain = [float(value_of(given(one))) for one in self.among]
            return {"enum": [*self.among, *(int(x) if x == int(x) else x for x in plain)]}
        return {"$ref": "#/$defs/number"}


class NumberList:
    """A list of exact numbers."""

    __slots__ = ()

    def read(self, value: Any, place: Place) -> Any:
        if not isinstance(value, list):
            return wrong(value, "a list of numbers", place, "write it in brackets: [ … ]")
        return read_numbers(value, place)

    def schema(self) -> Json:
        return {"type": "array", "items": {"$ref": "#/$defs/number"}}


def read_numbers(values: list[Any], place: Place) -> Any:
    """A tuple of exact numbers, or :data:`BAD` with the first few wrong ones noted."""
    numbers: list[Given] = []
    found = 0
    for i, value in enumerate(values):
        try:
            numbers.append(given(value))
        except NotANumber as error:
            place.item(i).error(error.problem, error.hint)
            found += 1
            if found == MAX_BAD_NUMBERS:
                break
    return BAD if found else tuple(numbers)


class Identifier:
    """A name: a letter followed by letters, digits and ``_``."""

    __slots__ = ()

    def read(self, value: Any, place: Place) -> Any:
        if not isinstance(value, str) or isinstance(value, Written):
            return wrong(value, "a name", place)
        return value if check_name(value, place) else BAD

    def schema(self) -> Json:
        return {"type": "string", "pattern": f"^{NAME.pattern}$"}


def check_name(name: str, place: Place) -> bool:
    """Whether a text is a name; if not, that is noted."""
    if NAME.fullmatch(name) and len(name) <= 100:
        return True
    place.error(f"{quoted(name)} is not a name", "a name is an ASCII letter followed by letters, digits and _")
    return False


@record
class ListOf:
    """A list, each entry of one kind; ``singular`` names an entry in messages."""

    kind: FieldKind
    singular: str
    least: int = 0
    most: int = 1_000_000

    def read(self, value: Any, place: Place) -> Any:
        if not isinstance(value, list):
            return wrong(value, f"a list ({self.singular})", place, "write it in brackets: [ … ]")
        if len(value) < self.least:
            place.error("this list is empty", f"give at least one {self.singular}")
            return BAD
        if len(value) > self.most:
            place.error(f"{len(value):,} entries", f"there may be at most {self.most:,}")
            return BAD
        before = len(place.errors)
        entries = []
        for i, entry in enumerate(value):
            entries.append(self.kind.read(entry, place.item(i)))
            if len(place.errors) - before >= 20:
                break
        return BAD if any(entry is BAD for entry in entries) else tuple(entries)

    def schema(self) -> Json:
        least = {"minItems": self.least} if self.least else {}
        return {"type": "array", "items": self.kind.schema(), **least}


@record
class MapOf:
    """A table whose keys are the author's own names, each value of one kind."""

    kind: FieldKind
    names: bool = True

    def read(self, value: Any, place: Place) -> Any:
        if not isinstance(value, dict):
            return wrong(value, "a table", place)
        before = len(place.errors)
        result = {}
        for key, entry in value.items():
            here = place.at(key)
            if not self.names or check_name(key, here):
                result[key] = self.kind.read(entry, here)
            if len(place.errors) - before >= 20:
                break
        return BAD if len(place.errors) > before else result

    def schema(self) -> Json:
        names = {"propertyNames": {"pattern": f"^{NAME.pattern}$"}} if self.names else {}
        return {"type": "object", "additionalProperties": self.kind.schema(), **names}


class AnyTable:
    """A table that is looked into later."""

    __slots__ = ()

    def read(self, value: Any, place: Place) -> Any:
        return value if isinstance(value, dict) else wrong(value, "a table", place)

    def schema(self) -> Json:
        return {"type": "object"}


@record
class Field:
    """A key of a table: what it holds, what it says, and its value where it is left out.

    One that is not ``offered`` is read, but neither the schema nor a message promises it.
    """

    key: str
    kind: FieldKind
    about: str
    default: Any = None
    required: bool = False
    offered: bool = True


@record
class KnownTable:
    """A table with known keys.

    ``elsewhere`` says where a key belongs that people write here by mistake; ``lacking`` what to do about one that
    other programs have and we have not.
    """

    fields: tuple[Field, ...]
    about: str = ""
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    lacking: Mapping[str, str] = field(default_factory=dict)

    def read(self, value: Any, place: Place) -> Any:
        if not isinstance(value, dict):
            return wrong(value, "a table", place)
        result = {}
        for entry in self.fields:
            if entry.key in value:
                result[entry.key] = entry.kind.read(value[entry.key], place.at(entry.key))
            elif entry.required:
                place.error(f"the key '{entry.key}' is missing", entry.about)
                result[entry.key] = BAD
            else:
                result[entry.key] = entry.default
        read = {entry.key for entry in self.fields if not entry.offered}
        unread = {key: entry for key, entry in value.items() if key not in read}
        check_keys(unread, [entry.key for entry in self.fields if entry.offered], place, self.elsewhere, self.lacking)
        return result

    def schema(self) -> Json:
        required = [entry.key for entry in self.fields if entry.required]
        result: Json = {
            "type": "object",
            "properties": {e.key: {"description": e.about, **_with_default(e)} for e in self.fields if e.offered},
            "additionalProperties": False,
        }
        return {**result, "required": required} if required else result


def _with_default(entry: Field) -> Json:
    schema = entry.kind.schema()
    plain = entry.default is not None and isinstance(entry.default, (str, int, bool))
    return {**schema, "default": entry.default} if plain and entry.default != "" else schema


def check_keys(
    value: Mapping[str, Any],
    known: Collection[str],
    place: Place,
    elsewhere: Mapping[str, str] | None = None,
    lacking: Mapping[str, str] | None = None,
) -> None:
    """Note every key that is not known, with the nearest that is."""
    unknown = [key for key in value if key not in known]
    for key in unknown[:10]:
        place.at(key).error("unknown key", (lacking or {}).get(key) or _mend(key, known, elsewhere or {}))
    if len(unknown) > 10:
        place.error(f"{len(unknown) - 10:,} more unknown keys")


def _mend(key: str, known: Collection[str], elsewhere: Mapping[str, str]) -> str:
    """The key that was meant, here or where it belongs."""
    there = key if key in elsewhere else None if meant(key, known) else meant(key, elsewhere)
    if there is None:
        return nearest(key, known)
    home = f"'{there}' belongs in {elsewhere[there]}"
    return home if there == key else f"did you mean '{there}'? {home}"
