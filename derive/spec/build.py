"""From the values of the fields to a :class:`~derive.spec.model.Spec`: what has to fit together is checked here."""

from __future__ import annotations

from typing import Any

from flint import fmpq

from derive.expressions.tree import Number
from derive.names import Names
from derive.spec.build_graph import build_graph
from derive.spec.build_network import build_network
from derive.spec.fields import SPEC
from derive.spec.kinds import BAD
from derive.spec.model import (
    Conventions,
    Given,
    NotationSpec,
    NumbersPolicy,
    Spec,
    Training,
)
from derive.spec.place import Place, nearest, quoted

ZERO = Given("0", Number(fmpq(0), "0"))


def build(tree: dict[str, Any], place: Place) -> Spec | None:
    """The spec, or None where anything is wrong (noted at the place)."""
    table = SPEC.read(tree, place)
    _one_form(tree, place)
    form = None
    if isinstance(table["network"], dict):
        form = build_network(table["network"], table["data"], place)
    elif isinstance(table["graph"], dict):
        form = build_graph(table["graph"], table["data"], place)
    training = _training(table["training"], table["data"], place)
    numbers = _numbers(table["numbers"], place)
    conventions = _conventions(table["conventions"], table["graph"], place)
    if form is None or training is None or BAD in (table["notation"], table["exercise"], table["marks"]):
        return None
    network, graph, data = form
    spec = Spec(
        place.file, table["title"] or title_of(place.file), network, graph, data, training, conventions, numbers,
        NotationSpec(), table["source"], table["remarks"], table["author"], table["date"], table["exercise"],
        table["marks"],
    )  # fmt: skip
    return _with_names(spec, table, place)


def title_of(path: str) -> str:
    """A title for a spec that has none, from its file name.

    >>> title_of("specs/three_inputs.toml")
    'Three inputs'
    """
    stem = path.replace("\\", "/").rsplit("/", 1)[-1].rsplit(".", 1)[0]
    words = "".join(c if c.isalnum() else " " for c in stem).split() if stem.isprintable() else []
    name = " ".join(words)
    return name[:1].upper() + name[1:] if name and not path.startswith("<") else "A worked example"


def _one_form(tree: dict[str, Any], place: Place) -> None:
    if "network" in tree and "graph" in tree:
        place.error("both [network] and [graph] are given", "a spec has one of them: remove the other")
    if "network" not in tree and "graph" not in tree:
        place.error("there is no [network] and no [graph]", "a spec has one of them; see: derive new")


def _training(table: Any, data: Any, place: Place) -> Training | None:
    if table is BAD:
        return None
    if table is None:
        return Training()
    if BAD in table.values():
        return None
    size, rows = table["batch_size"], 0 if data is BAD else len(data)
    if size is not None and rows and size > rows:
        where = place.at("training").at("batch_size")
        where.error(f"a batch of {size} is larger than the data ({rows} rows)", f"it is at most {rows}")
        return None
    return Training(table["learning_rate"], table["iterations"], table["reduction"], size)


def _numbers(table: Any, place: Place) -> NumbersPolicy:
    if not isinstance(table, dict) or BAD in table.values():
        return NumbersPolicy()
    significant, decimals = table["significant"], table["decimals"]
    if significant is not None and decimals is not None:
        place.at("numbers").error("both 'significant' and 'decimals' are given", "keep one of them")
    if decimals is not None:
        return NumbersPolicy("decimals", decimals, table["rounding"])
    return NumbersPolicy("significant", significant or 4, table["rounding"])


def _conventions(table: Any, graph: Any, place: Place) -> Conventions:
    if not isinstance(table, dict) or BAD in table.values():
        return Conventions(ZERO)
    if table["update_order"] == "sequential" and graph is not None:
        place.at("conventions").at("update_order").error(
            "'sequential' is for layered networks only", "a graph has no layers: leave it out"
        )
    return Conventions(table["relu_at_zero"] or ZERO, table["update_order"])


def _with_names(spec: Spec, table: dict[str, Any], place: Place) -> Spec:
    """The spec with its notation, when all names in notation, exercise and marks are quantities of it."""
    from dataclasses import replace

    names = Names.of(spec)
    notation = _notation(table["notation"], names, place.at("notation"))
    _check_exercise(spec, names, place)
    return replace(spec, notation=notation)


def _notation(table: Any, names: Names, place: Place) -> NotationSpec:
    if table is None:
        return NotationSpec(loss=names.loss)
    if BAD in table.values():
        return NotationSpec()
    from derive.notation import TeXRefused, checked_tex

    def tex(text: str, here: Place) -> str:
        try:
            return checked_tex(text)
        except TeXRefused as error:
            here.error(str(error), error.hint)
            return ""

    loss = tex(table["loss"], place.at("loss")) if table["loss"] else names.loss
    found: dict[str, str] = {}
    for key, text in table["names"].items():
        here = place.at("names").at(key)
        if (name := _known(key, names, here)) is not None:
            if name in found:
                here.error(f"'{name}' has two notations", "keep one of them")
            found[name] = tex(text, here)
    return NotationSpec(table["preset"], loss, tuple(found.items()))


def _known(text: str, names: Names, place: Place) -> str | None:
    """The canonical name, or None with the error noted."""
    try:
        return names.canonical(text)
    except ValueError as error:
        problem, _, hint = str(error).partition(": ")
        if problem.startswith("unknown"):
            place.error(problem, hint)
        else:
            place.error(str(error))
        return None


_GROUPS = ("weights", "biases", "data", "targets", "learning_rate", "values")


def _check_exercise(spec: Spec, names: Names, place: Place) -> None:
    for key in spec.marks or ():
        if key != "follow_through":
            _known(key, names, place.at("marks").at(key))
    exercise = spec.exercise
    if exercise is None or BAD in exercise.values():
        return
    here = place.at("exercise")
    for i, name in enumerate(exercise["vary"] or ()):
        if name not in _GROUPS and _known_or_group(name, names) is None:
            here.at("vary").item(i).error(
                f"unknown quantity {quoted(name)}", nearest(name, (*_GROUPS, *names.some), 12)
            )
    for i, name in enumerate(exercise["ask"] or ()):
        _known(name, names, here.at("ask").item(i))
    for name in exercise["ranges"] or ():
        if name not in _GROUPS:
            _known(name, names, here.at("ranges").at(name))
    low, high = exercise["low"], exercise["high"]
    if low is not None and high is not None:
        from derive.spec.numerals import value_of

        if not value_of(low) < value_of(high):
            here.error("low is not below high", "low is the least number, high the largest")
    if exercise["decimals"] is not None and exercise["step"] is not None:
        here.error("both 'decimals' and 'step' are given", "keep one of them")


def _known_or_group(name: str, names: Names) -> str | None:
    try:
        return names.canonical(name)
    except ValueError:
        return None
