"""What is between the fields of a file and its spec."""

from __future__ import annotations

from derive.model import DataRow, GraphRow, GraphSpec, NetworkSpec
from derive.naming.names import Names
from derive.records import record


@record
class Form:
    """A network or a graph with its data, as far as it could be read; ``names`` as soon as its shape is known.

    ``notes``: what is no error, and what the author should know.
    """

    names: Names | None = None
    network: NetworkSpec | None = None
    graph: GraphSpec | None = None
    data: tuple[DataRow | GraphRow, ...] = ()
    complete: bool = False
    notes: tuple[str, ...] = ()
