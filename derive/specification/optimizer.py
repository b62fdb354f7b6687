"""The optimizer of ``[training]``: an entry of the table by its name, with hyperparameters where it has some."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from derive.model import OptimizerSpec
from derive.ops.optimizers import OPTIMIZERS, Hyperparameter
from derive.place import Place
from derive.records import record
from derive.specification.kinds import BAD, ExactNumber, FieldKind, Json
from derive.specification.layers import Chosen, Named
from derive.specification.numerals import given, value_of


@record
class ChosenOptimizer(Named):
    """An optimizer by its name, or a table with its name and some of its hyperparameters."""

    what: str = "optimizer"

    def entries(self) -> Mapping[str, Any]:
        return OPTIMIZERS

    def read(self, value: Any, place: Place) -> Any:
        found = Named.read(self, value, place)
        if not isinstance(found, Chosen):
            return found
        known = OPTIMIZERS[found.name].parameters
        numbers = {key: found.parameters.get(key) or given(entry.default) for key, entry in known.items()}
        return OptimizerSpec(found.name, tuple(numbers.items()))

    def _own(self, value: dict[str, Any], place: Place) -> Any:
        """There are no optimizers of the author's own: an expression is an unknown parameter."""
        return self._with_parameters(value, place)

    def _number(self, entry: Any) -> FieldKind:
        return InRange(entry)

    def schema(self) -> Json:
        return {"anyOf": self._known_schemas()}

    def _schema_of(self, entry: Any) -> Json:
        return InRange(entry).schema()


@record
class InRange:
    """A hyperparameter: a number in its range."""

    entry: Hyperparameter

    def read(self, value: Any, place: Place) -> Any:
        number, low, high = ExactNumber().read(value, place), self.entry.low, self.entry.high
        if number is BAD or low <= value_of(number) < high:
            return number
        place.error(f"{number.text} is out of range", f"give a number from {low} to below {high}")
        return BAD

    def schema(self) -> Json:
        low, high = float(self.entry.low), float(self.entry.high)
        numbers = {"type": "number", "minimum": low, "exclusiveMaximum": high}
        return {"anyOf": [numbers, {"$ref": "#/$defs/constant"}]}


__all__ = ["ChosenOptimizer"]
