"""A computation graph from its fields: every name is known, no node needs itself."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

from derive.expressions.grammar import ExpressionError, parse
from derive.expressions.tree import Expr, names_in
from derive.model import Given, GraphRow, GraphSpec
from derive.naming.names import Names
from derive.patterns import regex
from derive.place import Place, nearest, quoted
from derive.specification.form import Form
from derive.specification.kinds import BAD, ExactNumber, check_name
from derive.specification.numerals import expression_problem, value_of
from derive.suggestions import meant

MAX_NOTES = 5
"""At most this many values that nothing uses are named."""


def build_graph(table: dict[str, Any], data: Any, place: Place) -> Form:
    """The graph, its rows and its names; what is wrong is noted and missing."""
    here = place.at("graph")
    if BAD in table.values() or data is BAD:
        return Form()
    values: dict[str, Given] = table["values"]
    texts: dict[str, str] = table["nodes"]
    before = len(place.errors)
    if not texts:
        here.at("nodes").error("there are no nodes", 'give at least one: name = "an expression"')
        return Form()
    for name in texts:
        if name in values:
            here.at("nodes").at(name).error("this name is a value too", "each name stands for one thing: rename one")
    rows = _rows(data, values, texts, place)
    known = tuple(dict.fromkeys((*values, *(name for row in rows for name in row), *texts)))
    output = _output(table["output"], texts, known, here.at("output"))
    names = Names((), (), own=known, graph_output=output, graph_nodes=frozenset(texts))
    parameters = _parameters(table["parameters"], values, rows, texts, here)
    _check_fixed(
        table["fixed"], (*values, *(name for row in rows for name in row)), parameters, texts, here.at("fixed")
    )
    expressions = _expressions(texts, known, here.at("nodes"))
    used = _used(expressions)
    if len(expressions) == len(texts):
        _check_used(rows, used - texts.keys(), place)
    if len(expressions) < len(texts) or len(place.errors) > before:
        return Form(names)
    nodes = in_order(expressions, here.at("nodes"))
    rows = _complete(rows, values, place)
    if len(place.errors) > before:
        return Form(names)
    values, rows = _parameters_from_data(parameters, values, rows)
    trained = parameters if table["parameters"] is not None else _without_targets(parameters, output)
    fixed = _fixed(table["fixed"], (*values, *rows[0]), trained, expressions, output)
    graph = GraphSpec(output, parameters, tuple(values.items()), tuple(nodes), fixed)
    return Form(
        names, graph=graph, data=tuple(GraphRow(tuple(row.items())) for row in rows), complete=True,
        notes=_unused(table["values"], used, here.at("values")),
    )  # fmt: skip


def _rows(data: Any, values: Mapping[str, Given], nodes: Mapping[str, str], place: Place) -> list[dict[str, Given]]:
    """What each table of data names; one empty row where there is no data."""
    rows = []
    before = len(place.errors)
    number = ExactNumber()
    for i, table in enumerate(data):
        here = place.at("data").item(i)
        row = {}
        if not table:
            here.error("this table is empty", "name a value: x = 3")
        for name, value in table.items():
            there = here.at(name)
            if name in nodes:
                there.error(f"'{name}' is a node", "data gives values; a node is computed")
            elif check_name(name, there):
                row[name] = number.read(value, there)
        rows.append(row)
        if len(place.errors) - before >= 10:
            break
    return rows or [{}]


def _used(expressions: Mapping[str, Expr]) -> frozenset[str]:
    """Every name that stands in an expression."""
    return frozenset(name for expression in expressions.values() for name in names_in(expression))


def _check_used(rows: list[dict[str, Given]], used: Collection[str], place: Place) -> None:
    """What data names, a node uses: each name that none does is an error, where it stands first."""
    seen = set(used)
    before = len(place.errors)
    for i, row in enumerate(rows):
        for name in row:
            if name not in seen:
                seen.add(name)
                near = nearest(name, [known for known in used if known not in row], 20)
                here = place.at("data").item(i).at(name)
                here.error(f"no node uses {quoted(name)}", near or "use it in [graph.nodes], or leave it out")
        if len(place.errors) - before >= 10:
            break


def _unused(values: Mapping[str, Given], used: Collection[str], place: Place) -> tuple[str, ...]:
    """What to say of the values that nothing uses."""
    unused = [name for name in values if name not in used]
    notes = []
    for name in unused[:MAX_NOTES]:
        near = meant(name, [known for known in used if known not in values])
        guess = f" (did you mean '{near}'?)" if near else ""
        notes.append(place.at(name).note(f"nothing uses this value{guess}"))
    if len(unused) > MAX_NOTES:
        notes.append(place.note(f"nothing uses {len(unused) - MAX_NOTES:,} more values"))
    return tuple(notes)


def _complete(rows: list[dict[str, Given]], values: Mapping[str, Given], place: Place) -> list[dict[str, Given]]:
    """Every row with every name that any row gives, from [graph.values] where the row leaves it out."""
    named = tuple(dict.fromkeys(name for row in rows for name in row))
    complete = []
    for i, row in enumerate(rows):
        missing = [name for name in named if name not in row and name not in values]
        if missing:
            place.at("data").item(i).error(f"no value for '{missing[0]}'", "other rows name it: name it here too")
            break
        complete.append({name: row[name] if name in row else values[name] for name in named})
    return complete


def _expressions(texts: Mapping[str, str], known: tuple[str, ...], place: Place) -> dict[str, Expr]:
    names = frozenset(known)
    found: dict[str, Expr] = {}
    before = len(place.errors)
    for node, text in texts.items():
        here = place.at(node)
        try:
            found[node] = parse(text, names=names)
        except ExpressionError as error:
            here.error(expression_problem(error, text), error.hint)
        else:
            _check_known(found[node], names, known, here)
        if len(place.errors) - before >= 20:
            break
    return found


def _check_known(expression: Expr, names: frozenset[str], known: tuple[str, ...], place: Place) -> None:
    for name in names_in(expression):
        if name not in names:
            place.error(f"unknown name {quoted(name)}", nearest(name, known, 20) + "; give it in [graph.values]")


def in_order(expressions: Mapping[str, Expr], place: Place) -> list[tuple[str, Expr]]:
    """The nodes so that each stands after what it needs, otherwise in the order of the file.

    A circle is noted with its nodes: ``a needs b, b needs a``.
    """
    needs = {node: [name for name in names_in(expr) if name in expressions] for node, expr in expressions.items()}
    done: dict[str, Expr] = {}
    for first in expressions:
        path: list[str] = []
        on_path: set[str] = set()
        waiting = [(first, False)]
        while waiting:
            node, ready = waiting.pop()
            if ready:
                done[node] = expressions[path.pop()]
                on_path.discard(node)
            elif node in on_path:
                _note_circle(path[path.index(node) :], place)
                return []
            elif node not in done:
                path.append(node)
                on_path.add(node)
                waiting.append((node, True))
                waiting.extend((name, False) for name in reversed(needs[node]))
    return list(done.items())


def _note_circle(circle: list[str], place: Place) -> None:
    steps = [f"{a} needs {b}" for a, b in zip(circle, [*circle[1:], circle[0]], strict=True)]
    shown = steps if len(steps) <= 8 else [*steps[:7], "…", steps[-1]]
    place.at(circle[0]).error(f"the nodes need each other in a circle: {', '.join(shown)}", "break the circle")


def _output(name: str | None, nodes: Mapping[str, str], known: Iterable[str], place: Place) -> str:
    if name is None:
        return list(nodes)[-1]
    if name not in nodes:
        if name in known:
            place.error(f"'{name}' is a value, not a node", f"known: {', '.join(list(nodes)[:20])}")
        else:
            place.error(f"unknown node {quoted(name)}", nearest(name, nodes, 20))
    return name


def _mend(values: Mapping[str, Given], rows: list[dict[str, Given]]) -> str:
    """What to do where every value is given by the data, or none is named."""
    fixed = [name for name in values if len({str(value_of(row[name])) for row in rows if name in row}) < 2]
    if fixed:
        return f'name a value here: parameters = ["{fixed[0]}"]'
    return "give a value in [graph.values] that no [[data]] gives" if values else "give a value in [graph.values]"


def _parameters(
    names: tuple[str, ...] | None, values: Mapping[str, Given], rows: list[dict[str, Given]],
    nodes: Mapping[str, str], place: Place,
) -> tuple[str, ...]:  # fmt: skip
    """What to differentiate by: the author's choice, or every value that no row of data gives."""
    given = {name for row in rows for name in row}
    here = place.at("parameters")
    if names is None:
        names = tuple(name for name in values if name not in given)
    if not names:
        here.error("there is nothing to differentiate by", _mend(values, rows))
    seen: set[str] = set()
    for i, name in enumerate(names):
        if name in nodes:
            here.item(i).error(f"'{name}' is a node", "parameters are values: the gradients by nodes are given anyway")
        elif name not in values and name not in given:
            here.item(i).error(f"unknown value {quoted(name)}", nearest(name, (*values, *given), 20))
        elif name in seen:
            here.item(i).error(f"'{name}' stands twice", "name each parameter once")
        elif name in given and len({str(value_of(row[name])) for row in rows if name in row}) > 1:
            here.item(i).error(
                f"'{name}' is given by the data, differently in different rows",
                "a parameter has one value: give it in [graph.values] and leave it out of [[data]]",
            )
        seen.add(name)
    return names


def _check_fixed(
    names: tuple[str, ...] | None,
    given: Sequence[str],
    parameters: Collection[str],
    nodes: Collection[str],
    place: Place,
) -> None:
    """What is held is given, and neither computed nor differentiated by."""
    for i, name in enumerate(names or ()):
        there = place.item(i)
        if name in nodes:
            there.error(f"'{name}' is a node", "a value can be held; a node is computed")
        elif name not in given:
            there.error(f"unknown value {quoted(name)}", nearest(name, tuple(dict.fromkeys(given)), 20))
        elif name in parameters:
            there.error(
                f"'{name}' is a parameter", "what is held is not differentiated by: leave it out of one of both"
            )


_LOSS = regex(r"[ELJC]|loss|cost|error|[ELJC]_?total|total_?(?:loss|error|cost)", re.IGNORECASE)
_TARGET = regex(r"(?:[ty]|tgt|target|label|truth|[ty]_?true|expected)_?[0-9]*", re.IGNORECASE)


def _without_targets(parameters: Collection[str], output: str) -> Collection[str]:
    """The parameters that no author has chosen, without those that are called as targets are, beside a loss."""
    if not _LOSS.fullmatch(output):
        return parameters
    return [name for name in parameters if not _TARGET.fullmatch(name)]


def _fixed(
    names: tuple[str, ...] | None,
    given: Iterable[str],
    parameters: Collection[str],
    nodes: Mapping[str, Expr],
    output: str,
) -> tuple[str, ...]:
    """The values that are held: the author's choice, or those besides parameters that only the output uses."""
    if names is not None:
        return tuple(names)
    elsewhere = {name for node, expr in nodes.items() if node != output for name in names_in(expr)}
    of_output = names_in(nodes[output])
    return tuple(n for n in dict.fromkeys(given) if n in of_output and n not in elsewhere and n not in parameters)


def _parameters_from_data(
    parameters: tuple[str, ...], values: dict[str, Given], rows: list[dict[str, Given]]
) -> tuple[dict[str, Given], list[dict[str, Given]]]:
    """A parameter that the data names (the same in every row) becomes a value of the graph."""
    moved = {name: rows[0][name] for name in parameters if rows and name in rows[0]}
    if not moved:
        return values, rows
    return {**values, **moved}, [{k: v for k, v in row.items() if k not in moved} for row in rows]
