"""Reading specs: TOML or JSON text → :class:`~derive.model.Spec`, exact and checked.

>>> spec = loads('''
... [graph.values]
... x = 3
... y = -4
... [graph.nodes]
... f = "x*y"
... ''')
>>> spec.graph.output, spec.graph.parameters
('f', ('x', 'y'))
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from derive.errors import DeriveError, SeveralErrors
from derive.model import Spec
from derive.specification.document import FileFormat, format_of, parse, read_text

__all__ = ["from_objects", "load", "loads", "schema", "starter"]

MAX_ERRORS = 20
"""At most this many errors of one file are shown."""


def load(path: str | Path) -> Spec:
    """The spec in a file: JSON if the name ends in ``.json``, TOML otherwise.

    Raises:
        DeriveError: what is wrong with the file, where, and how to mend it (:class:`SeveralErrors` for several).
    """
    shown = str(path)
    return loads(read_text(Path(path), shown), shown, format_of(shown))


def loads(text: str, path: str = "<text>", format: FileFormat = "toml") -> Spec:
    """The spec in a text; ``path`` stands in messages.

    Raises:
        DeriveError: as :func:`load`.
    """
    from derive.place import Place
    from derive.specification.build import build
    from derive.uncollected import no_collection

    place = Place(path)
    with no_collection():
        spec = build(parse(text.removeprefix("\ufeff"), path, format), place)
    if place.errors or spec is None:
        raise together(place.errors)
    return spec


def from_objects(given: Mapping[str, Any], path: str = "<dict>") -> Spec:
    """The spec in a dict that is built as a file is; ``path`` stands in messages.

    Raises:
        DeriveError: as :func:`load`.
    """
    from derive.place import Place
    from derive.specification.build import build
    from derive.specification.objects import tree_of

    place = Place(path)
    tree = tree_of(given, place)
    spec = None if place.errors else build(tree, place)
    if place.errors or spec is None:
        raise together(place.errors)
    return spec


def together(errors: list[DeriveError]) -> DeriveError:
    """All errors of one spec as one."""
    if len(errors) == 1:
        return errors[0]
    if len(errors) > MAX_ERRORS:
        more = len(errors) - MAX_ERRORS
        errors = [*errors[:MAX_ERRORS], DeriveError("", f"and {more} more errors")]
    return SeveralErrors(errors)


def schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of a spec, for editors."""
    from derive.specification.json_schema import schema as make

    return make()


def starter(*, graph: bool = False) -> str:
    """A commented spec to begin with, as ``derive new`` writes it: a layered network, or a graph."""
    from derive.specification.starter_graph import STARTER_GRAPH
    from derive.specification.starter_text import STARTER

    return STARTER_GRAPH if graph else STARTER
