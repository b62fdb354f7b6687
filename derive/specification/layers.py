"""What a layer may hold: the keys of its kind, weights, biases, and activations or losses by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flint import fmpq

from derive.arithmetic.reals import PlainValue
from derive.ops import LAYER_KINDS, LayerKind
from derive.ops.layers import Option
from derive.place import Place, nearest, quoted
from derive.records import record
from derive.specification.document import Written
from derive.specification.kinds import (
    BAD,
    AuthorText,
    ExactNumber,
    Field,
    FieldKind,
    Flag,
    Identifier,
    Json,
    KnownTable,
    OneOf,
    Whole,
    check_keys,
    read_numbers,
    wrong,
)
from derive.specification.numerals import NotANumber, given, value_of
from derive.specification.random import Random

MAX_PARAMETERS = 1_000_000
"""At most this many parameters."""
MAX_RANDOM = fmpq(10) ** 50
"""At most this large, with either sign, are the numbers that describe a distribution."""
_DECIMALS = Field("decimals", Whole(0, 50), "decimals of each number", 4)
_SEED = Field("seed", Whole(-(2**63), 2**63 - 1), "another seed gives other numbers", 0)

NORMAL = KnownTable((
    Field("random", OneOf(("normal", "uniform")), "how the numbers are distributed", required=True),
    Field("mean", ExactNumber(), "the mean; default 0"),
    Field("std", ExactNumber(not_negative=True), "the standard deviation; default 1"),
    _DECIMALS,
    _SEED,
), elsewhere={"low": 'a table with random = "uniform"', "high": 'a table with random = "uniform"'})  # fmt: skip
UNIFORM = KnownTable((
    Field("random", OneOf(("normal", "uniform")), "how the numbers are distributed", required=True),
    Field("low", ExactNumber(), "the least number; default -1"),
    Field("high", ExactNumber(), "the largest number; default 1"),
    _DECIMALS,
    _SEED,
), elsewhere={"mean": 'a table with random = "normal"', "std": 'a table with random = "normal"'})  # fmt: skip


def read_random(value: dict[str, Any], place: Place) -> Any:
    """A :class:`Random` from its table."""
    uniform = value.get("random") == "uniform"
    before = len(place.errors)
    table = (UNIFORM if uniform else NORMAL).read(value, place)
    if len(place.errors) > before:
        return BAD
    names, defaults = (("low", "high"), ("-1", "1")) if uniform else (("mean", "std"), ("0", "1"))
    first: PlainValue = value_of(table[names[0]] or given(defaults[0]))
    second: PlainValue = value_of(table[names[1]] or given(defaults[1]))
    if uniform and first >= second:
        place.error("low is not below high", "low is the least number, high the largest")
        return BAD
    if not all(-MAX_RANDOM < number < MAX_RANDOM for number in (first, second)):
        place.error("random numbers of this size are not made", "keep below 1e50")
        return BAD
    return Random(table["random"], first, second, table["decimals"], table["seed"])


def _random_schema() -> list[Json]:
    schemas = []
    for kind, table in (("normal", NORMAL), ("uniform", UNIFORM)):
        schema = table.schema()
        schema["properties"]["random"] = {**schema["properties"]["random"], "enum": [kind]}
        schemas.append(schema)
    return schemas


class Weights:
    """A list of rows of numbers, one number for every entry, or a table of random numbers."""

    __slots__ = ()

    def read(self, value: Any, place: Place) -> Any:
        if isinstance(value, dict):
            return read_random(value, place)
        if not isinstance(value, list):
            return _one_number(value, place, "a table of weights")
        if value and not any(isinstance(row, list) for row in value):
            hint = "one row for each unit or filter: [[0.1, 0.2], …]"
            return wrong(value[0], "a row of weights", place.item(0), hint)
        rows = []
        before = len(place.errors)
        for j, row in enumerate(value):
            if isinstance(row, list):
                rows.append(read_numbers(row, place.item(j)))
            else:
                wrong(row, "a row of weights", place.item(j))
            if len(place.errors) - before >= 5:
                break
        return rows if len(place.errors) == before else BAD

    def schema(self) -> Json:
        row = {"type": "array", "items": {"$ref": "#/$defs/number"}}
        rows = {"type": "array", "items": row, "description": "one row for each unit or filter"}
        return {"anyOf": [rows, {"$ref": "#/$defs/number"}, *_random_schema()]}


class Biases:
    """A list of numbers, one number for every unit, a table of random numbers, or ``false`` for none."""

    __slots__ = ()

    def read(self, value: Any, place: Place) -> Any:
        if isinstance(value, dict):
            return read_random(value, place)
        if isinstance(value, list):
            return read_numbers(value, place)
        if value is False:
            return False
        return _one_number(value, place, "a list of biases, or false,")

    def schema(self) -> Json:
        numbers = {"type": "array", "items": {"$ref": "#/$defs/number"}, "description": "one for each unit or filter"}
        return {"anyOf": [numbers, {"$ref": "#/$defs/number"}, {"const": False}, *_random_schema()]}


def _one_number(value: Any, place: Place, expected: str) -> Any:
    try:
        return given(value)
    except NotANumber as error:
        if isinstance(value, str):
            place.error(error.problem, error.hint)
            return BAD
        return wrong(value, expected, place)


@record
class Chosen:
    """What :class:`Named` read: a known entry, or the author's own with its expression still as text."""

    name: str
    parameters: Mapping[str, Any]
    expression: str | None = None


@record
class Named:
    """An entry of a table by its name, with parameters where it has some, or the author's own expression."""

    what: str

    def entries(self) -> Mapping[str, Any]:
        """The table of known entries: name → entry with ``parameters``."""
        from derive.ops import ACTIVATIONS, LOSSES

        return ACTIVATIONS if self.what == "activation" else LOSSES

    def read(self, value: Any, place: Place) -> Any:
        if isinstance(value, str) and not isinstance(value, Written):
            return Chosen(value, {}) if self._known(value, place) else BAD
        if not isinstance(value, dict):
            return wrong(value, f"the name of {_a(self.what)}", place, f"known: {', '.join(self.entries())}")
        if "name" not in value:
            place.error("the key 'name' is missing", f'write {{name = "…"}} with the {self.what}\'s name')
            return BAD
        return self._own(value, place) if "expression" in value else self._with_parameters(value, place)

    def _known(self, name: str, place: Place) -> bool:
        if name in self.entries():
            return True
        place.error(f"unknown {self.what} {quoted(name)}", nearest(name, self.entries()))
        return False

    def _own(self, value: dict[str, Any], place: Place) -> Any:
        before = len(place.errors)
        name = Identifier().read(value["name"], place.at("name"))
        if name in self.entries():
            place.at("name").error(
                f"'{name}' is {_a(self.what)} that is known already",
                f"leave out 'expression', or call your {self.what} something else",
            )
        expression = AuthorText(lines=True).read(value["expression"], place.at("expression"))
        check_keys(value, ("name", "expression"), place)
        return BAD if len(place.errors) > before else Chosen(name, {}, expression)

    def _with_parameters(self, value: dict[str, Any], place: Place) -> Any:
        before = len(place.errors)
        name = value["name"]
        if not isinstance(name, str) or isinstance(name, Written):
            return wrong(name, f"the name of {_a(self.what)}", place.at("name"))
        if not self._known(name, place.at("name")):
            return BAD
        known = self.entries()[name].parameters
        for key in value:
            if key not in known and key != "name":
                place.at(key).error(f"{name} has no parameter '{key}'", self._who_has(key, known))
        found = {key: self._number(known[key]).read(value[key], place.at(key)) for key in known if key in value}
        return BAD if len(place.errors) > before else Chosen(name, found)

    def _number(self, entry: Any) -> FieldKind:
        """The kind of number that a parameter is; ``entry`` is what the table has for it."""
        return ExactNumber(positive=self.what == "loss")

    def _who_has(self, key: str, known: Mapping[str, Any]) -> str:
        owners = [name for name, entry in self.entries().items() if key in entry.parameters]
        if owners:
            return f"{', '.join(owners)} has '{key}'"
        return nearest(key, known) if known else "it has no parameters"

    def schema(self) -> Json:
        tables = self._known_schemas()
        variables = "z" if self.what == "activation" else "yhat1 … t1 … (yhat, t where there is one output)"
        own = {"type": "string", "description": f"your own, in {variables}"}
        tables.append(
            {
                "type": "object",
                "properties": {"name": Identifier().schema(), "expression": own},
                "required": ["name", "expression"],
                "additionalProperties": False,
            }
        )
        return {"anyOf": tables}

    def _known_schemas(self) -> list[Json]:
        """The names alone, and a table for each entry with its parameters."""
        tables: list[Json] = [{"enum": list(self.entries())}]
        for name, entry in self.entries().items():
            parameters = {key: self._schema_of(known) for key, known in entry.parameters.items()}
            tables.append(
                {
                    "type": "object",
                    "properties": {"name": {"const": name}, **parameters},
                    "required": ["name"],
                    "additionalProperties": False,
                }
            )
        return tables

    def _schema_of(self, entry: Any) -> Json:
        """The schema of a parameter; ``entry`` is what the table has for it."""
        return {"$ref": "#/$defs/number"}


def _a(word: str) -> str:
    return f"an {word}" if word[0] in "aeiou" else f"a {word}"


DEFAULT_KIND = "dense"
_ELSEWHERE = {"loss": "[network]", "learning_rate": "[training]", "inputs": "[network]"}


def _table_of(kind: LayerKind) -> KnownTable:
    """The keys of a layer of one kind; one that another kind has is told where it belongs."""
    options = tuple(_field(option) for option in kind.options)
    others = {
        option.key: f'a layer of kind = "{other.name}"'
        for other in LAYER_KINDS.values()
        for option in other.options
        if option.key not in {own.key for own in kind.options}
    }
    weights = f"one row per {kind.row}, one column per {kind.column}; one number; or a table of random numbers"
    biases = f"one number per {kind.row}, one number, random numbers, or false for none; left out: 0"
    return KnownTable((
        Field("kind", OneOf(tuple(LAYER_KINDS)), "what kind of layer", default=DEFAULT_KIND),
        *options,
        Field("activation", Named("activation"), "a name, or a table with its parameters or your own expression in z"),
        Field("weights", Weights(), weights, required=True),
        Field("biases", Biases(), biases),
        Field("shared_bias", Flag(), "one bias for the whole layer", default=False),
        Field("train_weights", Flag(), "false: the weights are not updated", default=True),
        Field("train_biases", Flag(), "false: the biases are not updated", default=True),
    ), elsewhere={**_ELSEWHERE, **others}, lacking=kind.lacking)  # fmt: skip


def _field(option: Option) -> Field:
    return Field(
        option.key,
        Whole(option.least, option.most, option.about),
        option.about,
        option.default,
        required=option.default is None,
    )


class LayerTable:
    """A table of ``[[network.layers]]``: its ``kind`` says which keys it has."""

    __slots__ = ("tables",)

    def __init__(self) -> None:
        self.tables = {name: _table_of(kind) for name, kind in LAYER_KINDS.items()}

    @property
    def fields(self) -> tuple[Field, ...]:
        """Every key that a layer of some kind has; what only one other kind has says so."""
        found = {entry.key: entry for entry in self.tables[DEFAULT_KIND].fields}
        for name, table in self.tables.items():
            for entry in table.fields:
                found.setdefault(entry.key, replace(entry, about=f"{name}: {entry.about}"))
        return tuple(found.values())

    def read(self, value: Any, place: Place) -> Any:
        kind = value.get("kind", DEFAULT_KIND) if isinstance(value, dict) else DEFAULT_KIND
        if not isinstance(kind, str) or kind not in self.tables:  # an error; what else is wrong is told all the same
            kind = max(LAYER_KINDS, key=lambda name: sum(option.key in value for option in LAYER_KINDS[name].options))
        return self.tables[kind].read(value, place)

    def schema(self) -> Json:
        schemas = []
        for name, table in self.tables.items():
            schema = table.schema()
            schema["properties"]["kind"] = {**schema["properties"]["kind"], "enum": [name]}
            if name != DEFAULT_KIND:
                schema["properties"]["kind"].pop("default")
                schema["required"] = ["kind", *schema["required"]]
            schemas.append(schema)
        return {"anyOf": schemas}
