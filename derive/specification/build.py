"""From the values of the fields to a :class:`~derive.model.Spec`: what has to fit together is checked here."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from flint import fmpq

from derive.expressions.tree import Number
from derive.model import (
    Conventions,
    Given,
    NotationSpec,
    NumbersPolicy,
    OptimizerSpec,
    Spec,
    TrainingSpec,
)
from derive.naming.canonical_names import optimizer_named
from derive.place import Place
from derive.specification.build_graph import build_graph
from derive.specification.build_network import build_network
from derive.specification.build_notation import build_meaning, build_notation, check_words
from derive.specification.exercise import check_exercise
from derive.specification.fields import SPEC
from derive.specification.form import Form
from derive.specification.kinds import BAD

ZERO = Given("0", Number(fmpq(0), "0"))


def build(tree: dict[str, Any], place: Place) -> Spec | None:
    """The spec, or None where anything is wrong (noted at the place)."""
    table = SPEC.read(tree, place)
    _one_form(tree, place)
    form = Form()
    if isinstance(table["network"], dict):
        form = build_network(table["network"], table["data"], place)
    elif isinstance(table["graph"], dict):
        form = build_graph(table["graph"], table["data"], place)
    training = _training(table["training"])
    conventions = _conventions(table["conventions"], table["graph"], place)
    numbers = _numbers(table["numbers"], place)
    notation = NotationSpec()
    meaning: tuple[tuple[str, str], ...] = ()
    if form.names is not None:
        names = replace(form.names, optimizer=optimizer_named(training))
        notation = build_notation(
            table["notation"], names, place.at("notation"), descends=training.learning_rate is not None
        )
        words = {key: table[key] for key in ("title", "question", "remarks", "differs")}
        check_words(words, names, notation, place)
        meaning = build_meaning(table["meaning"], names, place.at("meaning"))
        check_exercise(table["exercise"], table["marks"], names, dict(notation.names).values(), place)
    if place.errors or not form.complete:
        return None
    notes = form.notes
    if table["exercise"] is not None:
        notes = (*notes, place.at("exercise").note("there is no 'derive exercise' yet: it is checked, and not used"))
    return Spec(
        place.file, table["title"] or title_of(place.file), form.network, form.graph, form.data, training,
        conventions, numbers, notation, table["source"], table["remarks"], table["author"], table["date"],
        table["exercise"], table["marks"], notes, table["language"], table["question"], meaning, table["differs"],
    )  # fmt: skip


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


def _training(table: Any) -> TrainingSpec:
    if not isinstance(table, dict) or BAD in table.values():
        return TrainingSpec()
    optimizer = OptimizerSpec() if isinstance(table["optimizer"], str) else table["optimizer"]
    return TrainingSpec(table["learning_rate"], table["iterations"], table["reduction"], table["batch_size"], optimizer)


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
