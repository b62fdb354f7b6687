r"""How quantities look in TeX: presets, the author's own notation, names of the author.

>>> notation = Notation.plain(Names.layered(("x1", "x2"), (3, 1)))
>>> print(notation.tex("w1_3_2"), notation.tex("dE/dw1_3_2"), notation.tex("w2_1_1'"))
w^{1}_{32} \frac{\partial E}{\partial w^{1}_{32}} {w^{2}_{11}}^{+}
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import field
from functools import cached_property

from derive.expressions.letters import LETTERS
from derive.model import NotationSpec, Spec
from derive.naming.author_tex import TeXRefused, author_name, checked_tex, spelt_out, subscript
from derive.naming.families import Letters, capital, chosen_of, letters_of
from derive.naming.names import Names
from derive.naming.presets import PRESETS, Preset
from derive.naming.quantity import Described, NamedQuantity
from derive.ops.optimizers import OPTIMIZERS
from derive.place import quoted
from derive.records import record

__all__ = ["PRESETS", "Notation", "TeXRefused", "checked_tex"]


NEW = "^{+}"
"""What marks a value after one update: a prime beside an index above would be read as an exponent."""


def new_value(symbol: str) -> str:
    r"""The symbol of a quantity after one update: ``{w^{2}_{11}}^{+}``, ``p^{+}``."""
    return f"{{{symbol}}}{NEW}" if "^" in symbol or "_" in symbol else f"{symbol}{NEW}"


@record(slots=False)
class Notation:
    """The TeX of every quantity of one spec.

    Attributes:
        own: TeX of the author's for single quantities.
        letters: of the families of quantities, by the letter of their ASCII names.
        chosen: those families (by that letter) whose letter is the author's choice.
    """

    names: Names
    preset: Preset
    loss: str
    own: Mapping[str, str] = field(default_factory=dict)
    letters: Letters = field(default_factory=lambda: letters_of(()))
    chosen: frozenset[str] = frozenset()

    @classmethod
    def of(cls, spec: Spec, names: Names | None = None) -> Notation:
        """The notation that a spec asks for."""
        return cls.of_names(names or Names.of(spec), spec.notation)

    @classmethod
    def plain(cls, names: Names) -> Notation:
        """The preset ``superscript``, with nothing changed."""
        return cls.of_names(names, NotationSpec(loss=names.loss))

    @classmethod
    def of_names(cls, names: Names, spec: NotationSpec) -> Notation:
        """The notation of these names."""
        return cls(
            names, PRESETS[spec.preset], spec.loss, dict(spec.names), letters_of(spec.letters), chosen_of(spec.letters)
        )

    @property
    def bias_unit(self) -> bool:
        """Whether biases are written as weights from a constant unit."""
        return self.preset.bias_unit

    def tex(self, name: str | NamedQuantity) -> str:
        """The TeX of a quantity, by its canonical name or an alias.

        Raises:
            ValueError: the name is unknown.
        """
        if not isinstance(name, str):
            return self._quantity(name)
        if name not in self._known:
            self._known[name] = self._named(name)
        return self._known[name]

    @cached_property
    def _known(self) -> dict[str, str]:
        """The TeX of names that were asked for: a page has each of them a dozen times."""
        return {}

    def _named(self, name: str) -> str:
        if name in self.own:
            return self.own[name]
        described = self.names.describe(name)
        return self._quantity(self.names.resolve(name)) if described is None else self._described(name, described)

    def matrix(self, letter: str, layer: int = 0) -> str:
        """A layer's vector or matrix: ``matrix("W", 1)`` is ``W^{1}``; ``matrix("x")`` the inputs."""
        if letter in WHOLE:
            return self.own.get(letter) or self._whole(letter)
        return self.own.get(f"{letter}{layer}") or self.indexed(letter, layer)

    def indexed(self, letter: str, layer: int | str, indices: str = "") -> str:
        r"""A letter of the ASCII names with a layer and indices as the preset has them: ``\delta^{2}_{1}``."""
        return self.preset.indexed(self.letters[letter], layer, indices)

    def constant_unit(self, layer: int) -> str:
        """The unit that is always 1 and feeds the biases of a layer: ``X_0``, ``a^{1}_{0}``."""
        return f"{capital(self.letters['x'])}_0" if layer <= 1 else self.indexed("a", layer - 1, "0")

    def output(self, index: str = "") -> str:
        """An output by its index, which may be a letter; without one the vector of all."""
        if self.as_activations:
            return self.indexed("a", len(self.names.sizes), index)
        return subscript(self.letters["yhat"], index)

    @property
    def as_activations(self) -> bool:
        """Whether outputs are written as the activations of the last layer, which they are."""
        return self.letters["yhat"] == self.letters["a"]

    def derivative(self, above: str, below: str) -> str:
        r"""A derivative of two pieces of TeX: ``\frac{\partial E}{\partial b}``."""
        return rf"\frac{{\partial {above}}}{{\partial {below}}}"

    # The parts of a quantity

    def _quantity(self, quantity: NamedQuantity) -> str:
        bare = self._bare(quantity)
        if not quantity.marks:
            return bare
        fraction = bare.startswith("\\frac")
        row = f"[{quantity.row}]" if quantity.row is not None else ""
        if quantity.step is None:
            return (rf"\left.{bare}\right|" + f"_{{{row}}}") if fraction else bare + row
        is_next = quantity.step == 1 and quantity.marks[0] == "'"
        step = NEW if is_next else f"^{{\\langle {quantity.step}\\rangle}}"
        if fraction:
            below = f"_{{{row}}}" if row else ""
            return rf"\left.{bare}\right|{below}{step}"
        return f"{new_value(bare) if is_next else f'{{{bare}}}{step}'}{row}"

    def _bare(self, quantity: NamedQuantity) -> str:
        if quantity.bare in self.own:
            return self.own[quantity.bare]
        if quantity.function:
            return f"{_function(quantity.function[:-1])}'({self._node(quantity.base)})"
        if quantity.by is None:
            return self._node(quantity.base)
        if quantity.delta:
            found = re.fullmatch(r"z([0-9]+)((?:_[0-9]+)*)", quantity.by)
            assert found is not None
            return self.indexed("delta", int(found[1]), found[2][1:].replace("_", ","))
        return self.derivative(self._node(quantity.base), self._node(quantity.by))

    def _node(self, name: str) -> str:
        if name in self.own:
            return self.own[name]
        described = self.names.describe(name)
        if described is not None:
            return self._described(name, described)
        if name in WHOLE:
            return self._whole(name)
        if self.names.state_of(name) is not None:
            return self._state(name)
        if found := re.fullmatch(r"([Wbza])([0-9]+)", name):
            return self.indexed(found[1], int(found[2]))
        if name == "z":
            return self.letters["z"]
        raise ValueError(f"unknown quantity {quoted(name)}")

    def _described(self, name: str, what: Described) -> str:
        if name in self.own:
            return self.own[name]
        match what.kind:
            case "loss":
                return self.loss
            case "learning rate":
                return self.letters["eta"] if "eta" in self.chosen else author_name(name)
            case "weight":
                return self.indexed("w", what.layer, self._joined(what.unit, what.source))
            case "bias":
                return self._bias(what)
            case "weighted input" | "activation":
                # always with a comma: filter 1 at position 5 is not unit 15
                return self.indexed(name[0], what.layer, ",".join(map(str, what.indices or (what.unit,))))
            case "output" | "target":
                return self._outer(name, what)
            case "state":
                return self._state(name)
            case "hyperparameter":
                return self._hyperparameter(name)
            case _:
                return self._authors[name]

    @cached_property
    def _authors(self) -> dict[str, str]:
        """TeX for each name of the author's, no two alike: ``x_1`` beside ``x1`` is spelt out."""
        names = self.names
        found: dict[str, str] = {}
        outer = (*names.targets, *names.outputs) if names.sizes else ()
        used = {self._described(name, what) for name in outer if (what := names.describe(name)) is not None}
        for name in (*names.inputs, *names.own):
            output = name == names.graph_output and self.loss != name
            symbol = self.loss if output else self._input(name)
            found[name] = spelt_out(name) if symbol in used else symbol
            used.add(found[name])
        return found

    def _input(self, name: str) -> str:
        """A name of the author's; an input where the author chose a letter for all of them: ``u_2``."""
        if "x" not in self.chosen:
            return author_name(name)
        return subscript(self.letters["x"], self._input_indices[name])

    @cached_property
    def _input_indices(self) -> Mapping[str, str]:
        """The indices of the inputs: the numbers in their names where all are one word with numbers, else places."""
        inputs = self.names.inputs
        parts = [re.fullmatch(r"([A-Za-z]+)_?([0-9]+)", name) for name in inputs]
        if all(parts) and len({part[1] for part in parts if part}) == 1:
            return {name: part[2] for name, part in zip(inputs, parts, strict=True) if part}
        return {name: str(k) if len(inputs) > 1 else "" for k, name in enumerate(inputs, 1)}

    def _whole(self, letter: str) -> str:
        """The vector of all inputs, outputs or targets."""
        return self.output() if letter == "yhat" else self.letters.get(letter, letter)

    def _outer(self, name: str, what: Described) -> str:
        r"""An output or target: ``\hat{y}_{1}``, ``t_{1}``."""
        found = re.fullmatch(r"(yhat|[a-z]+?)_?([0-9]*)_?", name)
        word, index = (found[1], found[2]) if found else (name, "")
        if what.kind == "output" and self.as_activations:
            return self.output(str(what.unit))
        if what.kind == "output" and (word == "yhat" or "yhat" in self.chosen):
            return self.output(index)
        return subscript(author_name(word), index)

    def _bias(self, what: Described) -> str:
        if not self.bias_unit:
            return self.indexed("b", what.layer, str(what.unit) if what.unit else "")
        if not what.unit:
            return self.indexed("w", what.layer, "0")
        return self.indexed("w", what.layer, self._joined(what.unit, 0))

    def _state(self, name: str) -> str:
        """A state of the optimizer, the parameter that it belongs to below its letter."""
        found = self.names.state_of(name)
        assert found is not None
        return f"{self.state_letter(found[0])}_{{{self._node(found[1])}}}"

    def state_letter(self, key: str) -> str:
        """The letter of a state of the optimizer, by its key in the optimizer's lines."""
        used = {*self.letters.values(), self.loss, *self.own.values()} if self.chosen or self.own else frozenset()
        words = (self.names.states[key], *OPTIMIZERS[self.names.optimizer].states[key].words)
        letters = [author_name(word) for word in words if word not in self.names.taken]
        return next((letter for letter in letters if letter not in used), letters[0])

    def _hyperparameter(self, name: str) -> str:
        """A hyperparameter by the first of its usual letters that no name of the author's has."""
        names = self.names
        key = next(key for key, known in names.hyperparameters.items() if known == name)
        letters = OPTIMIZERS[names.optimizer].parameters[key].words[1:]
        return author_name(next((word for word in letters if word not in names.taken), name))

    def _joined(self, unit: int, source: int) -> str:
        comma = "," if self.preset.flat or unit > 9 or source > 9 else ""
        return f"{unit}{comma}{source}"

    @cached_property
    def taken_letters(self) -> frozenset[str]:
        """``e`` and ``d`` where a quantity is written so."""
        return LETTERS.intersection(
            (self.loss, *self.own.values(), *self._authors.values(), *(self.letters[name] for name in self.chosen))
        )

    @cached_property
    def used_letters(self) -> frozenset[str]:
        """The letters of all families that the spec has."""
        return frozenset(self.letters.values() if self.names.sizes else (self.letters["eta"],)) | {self.loss}

    @cached_property
    def eta(self) -> str:
        """The learning rate."""
        return self.tex(self.names.eta)


WHOLE = ("x", "yhat", "t")
"""Vectors that belong to no layer."""


def _function(name: str) -> str:
    """The symbol of an activation, as in formulas."""
    from derive.expressions.functions import FUNCTIONS

    known = FUNCTIONS.get(name)
    return known.tex if known else rf"\operatorname{{{name}}}"
