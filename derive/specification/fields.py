"""Every key of a spec, once: this table drives reading, messages and the JSON Schema."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from derive.model import Difference, Source
from derive.naming.families import FAMILIES
from derive.naming.presets import PRESETS
from derive.naming.web_addresses import MAX_ADDRESS, is_web
from derive.ops.layers import MAX_UNITS
from derive.ops.objectives import OBJECTIVES
from derive.place import Place, quoted
from derive.records import record
from derive.specification.exercise import QuantityPoints
from derive.specification.kinds import (
    BAD,
    AnyTable,
    AuthorText,
    ExactNumber,
    Field,
    Identifier,
    Json,
    KnownTable,
    ListOf,
    MapOf,
    NumberList,
    OneOf,
    Whole,
    wrong,
)
from derive.specification.layers import LayerTable, Named
from derive.specification.optimizer import ChosenOptimizer

LANGUAGE = "[a-zA-Z]{2,8}(-[a-zA-Z0-9]{1,8}){0,3}"
MAX_ITERATIONS = 10_000
"""At most this many updates."""
MAX_SAMPLES = 100_000
"""At most this many samples."""


class Inputs:
    """Names of the inputs, or how many there are."""

    __slots__ = ()

    def read(self, value: Any, place: Place) -> Any:
        if type(value) is int:
            count = Whole(1, MAX_UNITS).read(value, place)
            return tuple(f"x{i + 1}" for i in range(count)) if isinstance(count, int) else count
        if not isinstance(value, list):
            return wrong(value, "a list of names, or how many inputs there are,", place)
        return ListOf(Identifier(), "input", least=1).read(value, place)

    def schema(self) -> Json:
        return {"anyOf": [ListOf(Identifier(), "input", least=1).schema(), Whole(1, MAX_UNITS).schema()]}


class NodeText:
    """An expression of a graph's node; it is parsed when all names are known."""

    __slots__ = ()

    def read(self, value: Any, place: Place) -> Any:
        if type(value) is int:
            return str(value)
        return str(value) if isinstance(value, str) else wrong(value, "an expression in quotes", place)

    def schema(self) -> Json:
        return {"anyOf": [{"type": "string"}, {"type": "number"}]}


@record
class TeX:
    """TeX for one quantity, from a fixed list of commands; ``letter``: for the letter of a family."""

    letter: bool = False

    def read(self, value: Any, place: Place) -> Any:
        from derive.naming.author_tex import TeXRefused, checked_letter, checked_tex
        from derive.naming.looks import unreadable

        text = AuthorText().read(value, place)
        if text is BAD:
            return BAD
        try:
            tex = checked_letter(text) if self.letter else checked_tex(text)
        except TeXRefused as error:
            place.error(str(error), error.hint)
            return BAD
        problem = unreadable(tex, text)
        if problem is not None:
            place.error(*problem)
            return BAD
        return tex

    def schema(self) -> Json:
        return {"type": "string", "pattern": r"^[A-Za-z0-9 ^_{}()\[\],'+*\\;:-]+$"}


class Language:
    """A language by its tag: ``en``, ``pt-BR``."""

    __slots__ = ()

    def read(self, value: Any, place: Place) -> Any:
        text = AuthorText().read(value, place)
        if text is BAD or re.fullmatch(LANGUAGE, text, re.ASCII):
            return text
        place.error(f"{quoted(text)} is no language", "write its tag, as en, de or pt-BR")
        return BAD

    def schema(self) -> Json:
        return {"type": "string", "pattern": f"^{LANGUAGE}$"}


class HttpAddress:
    """A web address, ``http`` or ``https``."""

    __slots__ = ()

    def read(self, value: Any, place: Place) -> Any:
        text = AuthorText().read(value, place)
        if text is BAD or is_web(text):
            return text
        place.error(f"{quoted(text)} is no web address", "write all of it, without spaces: https://example.org/page")
        return BAD

    def schema(self) -> Json:
        return {"type": "string", "pattern": r"^[Hh][Tt][Tt][Pp][Ss]?://[^\s<>\"]+$", "maxLength": MAX_ADDRESS}


_SOURCE = KnownTable((
    Field("text", AuthorText(), "what the example is taken from", required=True),
    Field("url", HttpAddress(), "its web address", required=True),
))  # fmt: skip


class SourceText:
    """What the example is taken from: words, or words with the address that they lead to."""

    __slots__ = ()

    def read(self, value: Any, place: Place) -> Any:
        if isinstance(value, dict):
            table = _SOURCE.read(value, place)
            return BAD if BAD in table.values() else Source(table["text"], table["url"])
        text = AuthorText().read(value, place)
        return BAD if text is BAD else Source(text)

    def schema(self) -> Json:
        return {"anyOf": [AuthorText().schema(), _SOURCE.schema()]}


_DIFFERENCE = KnownTable((
    Field("says", AuthorText(), "what the source says", required=True),
    Field("is", AuthorText(), "what is so", required=True),
    Field("effect", AuthorText(), "what follows from it", default=""),
))  # fmt: skip


class SourceDifference:
    """One difference from the source: what it says, what is, and its effect."""

    __slots__ = ()

    def read(self, value: Any, place: Place) -> Any:
        if not isinstance(value, dict):
            return wrong(value, "a table", place, 'write { says = "…", is = "…", effect = "…" }')
        table = _DIFFERENCE.read(value, place)
        return BAD if BAD in table.values() else Difference(table["says"], table["is"], table["effect"])

    def schema(self) -> Json:
        return _DIFFERENCE.schema()


LAYER = LayerTable()

NETWORK = KnownTable((
    Field("inputs", Inputs(), "names of the inputs, or how many there are", required=True),
    Field("loss", Named("loss"), "the loss of one sample: a name, or a table", required=True),
    Field("layers", ListOf(LAYER, "[[network.layers]]", least=1, most=10_000),
          "one table for each layer, from the first hidden one on", required=True),
), elsewhere={"learning_rate": "[training]", "iterations": "[training]", "activation": "[[network.layers]]",
              "weights": "[[network.layers]]", "biases": "[[network.layers]]", "units": "[[network.layers]]",
              "kind": "[[network.layers]]", "kernel": "[[network.layers]]", "filters": "[[network.layers]]",
              "optimizer": "[training]", "batch_size": "[training]", "reduction": "[training]",
              "data": "[[data]] at the top level"})  # fmt: skip

GRAPH = KnownTable((
    Field("output", Identifier(), "the scalar to differentiate; default: the last node"),
    Field("parameters", ListOf(Identifier(), "name"), "what to differentiate by and to update; default: every value"),
    Field("fixed", ListOf(Identifier(), "name"),
          "values that are held, as targets are, where claims are judged; default: data that only the output uses"),
    Field("values", MapOf(ExactNumber()), "name = number", default={}),
    Field("nodes", MapOf(NodeText()), "name = expression in other names, in any order", required=True),
), elsewhere={"learning_rate": "[training]", "iterations": "[training]", "x": "[graph.values]"})  # fmt: skip

ROW = KnownTable((
    Field("x", NumberList(), "the inputs; in a graph, in place of x and t: its values by name", required=True),
    Field("t", NumberList(), "the targets", required=True),
))  # fmt: skip

TRAINING = KnownTable((
    Field("optimizer", ChosenOptimizer(), "how a gradient becomes a new value: a name, or a table with its "
          "hyperparameters", default="sgd"),
    Field("learning_rate", ExactNumber(positive=True), "the step; left out: gradients only, no update"),
    Field("iterations", Whole(1, MAX_ITERATIONS), "how many updates", default=1),
    Field("reduction", OneOf(tuple(OBJECTIVES)), "how the samples of a batch become one loss", default="mean"),
    Field("batch_size", Whole(1, MAX_SAMPLES), "rows in each iteration; left out: all rows"),
), elsewhere={"loss": "[network]", "relu_at_zero": "[conventions]", "update_order": "[conventions]"})  # fmt: skip

CONVENTIONS = KnownTable((
    Field("relu_at_zero", ExactNumber(among=("0", "1/2", "1")), "where between the left slope (0) and the right slope "
          "(1) a kink's slope is taken; of two kinks, between the slope outside (0) and inside (1) of them"),
    Field("update_order", OneOf(("simultaneous", "sequential")), "sequential: later layers are updated first and "
          "earlier layers' gradients use their new weights", default="simultaneous"),
), elsewhere={"rounding": "[numbers]", "decimals": "[numbers]", "significant": "[numbers]"})  # fmt: skip

NUMBERS = KnownTable((
    Field("significant", Whole(1, 100), "significant digits of printed numbers; default 4"),
    Field("decimals", Whole(0, 100), "decimals of printed numbers; not together with 'significant'"),
    Field("rounding", OneOf(("end", "step")), "end: full precision inside; step: the next line is computed from what "
          "is printed", default="end"),
), elsewhere={"relu_at_zero": "[conventions]", "update_order": "[conventions]"})  # fmt: skip

NOTATION = KnownTable((
    Field("preset", OneOf(tuple(PRESETS)), "how a layer and indices are written", default="superscript"),
    *(Field(family.key, TeX(letter=family.layered), f"the letter of the {family.about}; default {family.letter}")
      for family in FAMILIES),
    Field("loss", TeX(), "TeX of the loss; default E"),
    Field("names", MapOf(TeX(), names=False), 'TeX for single quantities: w1_1_1 = "w_1"', default={}),
))  # fmt: skip

_RANGE = (
    Field("low", ExactNumber(), "the least number"),
    Field("high", ExactNumber(), "the largest number"),
    Field("decimals", Whole(0, 20), "decimals of each number"),
    Field("step", ExactNumber(positive=True), "or the distance of two numbers"),
)

EXERCISE = KnownTable((
    Field("vary", ListOf(AuthorText(), "name"), "weights, biases, data, targets, learning_rate, or names"),
    *_RANGE,
    Field("allow", ListOf(OneOf(("saturation", "dead_units", "kinks", "zeros")), "word"),
          "what is avoided by default"),
    Field("ask", ListOf(AuthorText(), "name"), "the quantities that students are asked for"),
    Field("ranges", MapOf(KnownTable(_RANGE), names=False), "range and grid of single quantities"),
))  # fmt: skip

SPEC = KnownTable((
    Field("title", AuthorText(), "the title of the document", default=""),
    Field("source", SourceText(), 'what the example is taken from: text, or {text = "…", url = "https://…"}',
          default=Source()),
    Field("question", AuthorText(), "what the example asks, in its own terms; $…$ is a formula", default=""),
    Field("meaning", MapOf(AuthorText(), names=False), 'what quantities stand for: yhat = "the probability of a pass"',
          default={}),
    Field("remarks", ListOf(AuthorText(lines=True), "paragraph"), "paragraphs of a last section; $…$ is a formula",
          default=()),
    Field("differs", ListOf(SourceDifference(), "difference"), "where the source differs, a table of the last section: "
          "what it says, what is, and the effect; $…$ is a formula", default=()),
    Field("author", AuthorText(), "who wrote the example", default=""),
    Field("date", AuthorText(date=True), "a date, printed as it stands", default=""),
    Field("language", Language(), "of the words, as in en; a folder of wording in the templates", default="en"),
    Field("network", NETWORK, "a layered network"),
    Field("graph", GRAPH, "any computation graph"),
    Field("data", ListOf(AnyTable(), "[[data]]", most=MAX_SAMPLES), "the samples, one table each", default=()),
    Field("training", TRAINING, "how to descend"),
    Field("conventions", CONVENTIONS, "choices that the document states"),
    Field("numbers", NUMBERS, "how numbers are printed"),
    Field("notation", NOTATION, "how quantities look"),
    Field("exercise", EXERCISE, "what exercises vary and ask", offered=False),  # until there is a command for them
    Field("marks", MapOf(QuantityPoints(), names=False), "points for quantities"),
), elsewhere={"layers": "[network]", "inputs": "[network]", "loss": "[network]", "learning_rate": "[training]",
              "iterations": "[training]", "nodes": "[graph]", "values": "[graph]", "batch_size": "[training]",
              "decimals": "[numbers]", "significant": "[numbers]", "rounding": "[numbers]",
              "units": "[[network.layers]]", "activation": "[[network.layers]]", "weights": "[[network.layers]]",
              "biases": "[[network.layers]]", "x": "[[data]]", "t": "[[data]]", "output": "[graph]",
              "parameters": "[graph]", "optimizer": "[training]", "reduction": "[training]", "preset": "[notation]",
              "relu_at_zero": "[conventions]", "update_order": "[conventions]"})  # fmt: skip

TABLES: Mapping[str, KnownTable | LayerTable] = {
    "": SPEC, "[network]": NETWORK, "[[network.layers]]": LAYER, "[graph]": GRAPH, "[[data]]": ROW,
    "[training]": TRAINING, "[conventions]": CONVENTIONS, "[numbers]": NUMBERS, "[notation]": NOTATION,
}  # fmt: skip
"""The tables whose keys are ours, by their heads."""
