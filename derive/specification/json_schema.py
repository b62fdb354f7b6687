"""The JSON Schema of a spec (draft 2020-12), made from the table of fields, so that it cannot lag behind it."""

from __future__ import annotations

from typing import Any

from derive.specification.fields import ROW, SPEC
from derive.specification.kinds import NAME

Json = dict[str, Any]


def schema() -> Json:
    """The schema, for editors and for checks before a spec is written.

    >>> schema()["properties"]["title"]["description"]
    'the title of the document'
    """
    body = SPEC.schema()
    graph_row = {
        "type": "object",
        "propertyNames": {"pattern": f"^{NAME.pattern}$"},
        "additionalProperties": {"$ref": "#/$defs/number"},
    }
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A worked example of backpropagation",
        "description": "A spec of derive: a layered network or any computation graph, with its numbers and its data. "
        "Numbers are exact as written.",
        **body,
        "oneOf": [{"required": ["network", "data"]}, {"required": ["graph"]}],
        "if": {"required": ["network"]},
        "then": {"properties": {"data": {"items": ROW.schema(), "minItems": 1}}},
        "else": {"properties": {"data": {"items": graph_row}}},
        "$defs": {"number": _NUMBER, "constant": _CONSTANT},
    }


_CONSTANT: Json = {
    "type": "string",
    "pattern": r"^[-+*/^(). ,0-9A-Za-z]+$",
    "description": 'an exact constant expression: "1/3", "sqrt(2)", "ln(2)"',
}
_NUMBER: Json = {"anyOf": [{"type": "number"}, {"$ref": "#/$defs/constant"}]}
