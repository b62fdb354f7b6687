r"""How quantities look in TeX: presets, the author's own notation, names of the author.

>>> notation = Notation.plain(Names.layered(("x1", "x2"), (3, 1)))
>>> print(notation.tex("w1_3_2"), notation.tex("dE/dw1_3_2"), notation.tex("w2_1_1'"))
w^{1}_{32} \frac{\partial E}{\partial w^{1}_{32}} {w^{2}_{11}}'
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from types import MappingProxyType

from derive.expressions.letters import LETTERS
from derive.names import Names
from derive.notation_tex import TeXRefused, author_name, checked_tex, spelt_out, subscript
from derive.quantity import Described, Quantity
from derive.spec.model import NotationSpec, Spec
from derive.spec.place import quoted

__all__ = ["Notation", "TeXRefused", "checked_tex"]


Indexed = Callable[[str, int, str], str]
"""A letter, a layer and indices, put together as a preset does it."""


def _superscript(letter: str, layer: int, indices: str) -> str:
    return f"{letter}^{{{layer}}}" + (f"_{{{indices}}}" if indices else "")


def _parenthesised(letter: str, layer: int, indices: str) -> str:
    return f"{letter}^{{({layer})}}" + (f"_{{{indices}}}" if indices else "")


def _flat(letter: str, layer: int, indices: str) -> str:
    return f"{letter}_{{{layer}{',' + indices if indices else ''}}}"


@dataclass(frozen=True, slots=True)
class Preset:
    """A way of writing the quantities of a layer; ``commas`` between indices always, or only where needed.

    ``bias_unit``: the bias is the weight from a unit 0, which is always 1.
    """

    indexed: Indexed
    commas: bool = False
    bias_unit: bool = False


PRESETS: Mapping[str, Preset] = MappingProxyType(
    {
        "superscript": Preset(_superscript),
        "parenthesised": Preset(_parenthesised),
        "bias_unit": Preset(_superscript, bias_unit=True),
        "flat": Preset(_flat, commas=True),
    }
)


@dataclass(frozen=True)
class Notation:
    """The TeX of every quantity of one spec."""

    names: Names
    preset: Preset
    loss: str
    own: Mapping[str, str] = field(default_factory=dict)

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
        return cls(names, PRESETS[spec.preset], spec.loss, dict(spec.names))

    @property
    def bias_unit(self) -> bool:
        """Whether biases are written as weights from a constant unit."""
        return self.preset.bias_unit

    def tex(self, name: str | Quantity) -> str:
        """The TeX of a quantity, by its canonical name or an alias.

        Raises:
            ValueError: the name is unknown.
        """
        if isinstance(name, str):
            if name in self.own:
                return self.own[name]
            described = self.names.describe(name)
            if described is not None:
                return self._described(name, described)
            name = self.names.resolve(name)
        return self._quantity(name)

    def matrix(self, letter: str, layer: int = 0) -> str:
        """A layer's vector or matrix: ``matrix("W", 1)`` is ``W^{1}``; ``matrix("x")`` the inputs."""
        if letter == "delta":
            return self._layered("\\delta", layer, "")
        if letter in _WHOLE:
            return self.own.get(letter, _WHOLE[letter])
        return self.own.get(f"{letter}{layer}") or self._layered(letter, layer, "")

    def constant_unit(self, layer: int) -> str:
        """The unit that is always 1 and feeds the biases of a layer: ``X_0``, ``a^{1}_{0}``."""
        return "X_0" if layer <= 1 else self._layered("a", layer - 1, "0")

    def derivative(self, above: str, below: str) -> str:
        r"""A derivative of two pieces of TeX: ``\frac{\partial E}{\partial b}``."""
        return rf"\frac{{\partial {above}}}{{\partial {below}}}"

    # The parts of a quantity

    def _quantity(self, quantity: Quantity) -> str:
        bare = self._bare(quantity)
        if not quantity.marks:
            return bare
        fraction = bare.startswith("\\frac")
        row = f"[{quantity.row}]" if quantity.row is not None else ""
        if quantity.step is None:
            return (rf"\left.{bare}\right|" + f"_{{{row}}}") if fraction else bare + row
        primes = "'" * quantity.step if quantity.step == 1 and quantity.marks[0] == "'" else ""
        step = primes or f"^{{\\langle {quantity.step}\\rangle}}"
        if fraction:
            below = f"_{{{row}}}" if row else ""
            return rf"\left.{bare}\right|{below}{step}"
        return f"{{{bare}}}{step}{row}"

    def _bare(self, quantity: Quantity) -> str:
        if quantity.bare in self.own:
            return self.own[quantity.bare]
        if quantity.function:
            return f"{_function(quantity.function[:-1])}'({self._node(quantity.base)})"
        if quantity.by is None:
            return self._node(quantity.base)
        if quantity.delta:
            found = re.fullmatch(r"z([0-9]+)(?:_([0-9]+))?", quantity.by)
            assert found is not None
            return self._layered("\\delta", int(found[1]), found[2] or "")
        return self.derivative(self._node(quantity.base), self._node(quantity.by))

    def _node(self, name: str) -> str:
        if name in self.own:
            return self.own[name]
        described = self.names.describe(name)
        if described is not None:
            return self._described(name, described)
        if name in _WHOLE:
            return _WHOLE[name]
        if found := re.fullmatch(r"([Wbza])([0-9]+)", name):
            return self._layered(found[1], int(found[2]), "")
        if name == "z":
            return "z"
        raise ValueError(f"unknown quantity {quoted(name)}")

    def _described(self, name: str, what: Described) -> str:
        if name in self.own:
            return self.own[name]
        match what.kind:
            case "loss":
                return self.loss
            case "learning rate":
                return r"\eta" if name == "eta" else author_name(name)
            case "weight":
                return self._layered("w", what.layer, self._indices(what))
            case "bias":
                return self._bias(what)
            case "weighted input" | "activation":
                return self._layered(name[0], what.layer, str(what.unit))
            case "output" | "target":
                return self._outer(name)
            case _:
                return self._authors[name]

    @cached_property
    def _authors(self) -> dict[str, str]:
        """TeX for each name of the author's, no two alike: ``x_1`` beside ``x1`` is spelt out."""
        names = self.names
        found: dict[str, str] = {}
        used = {self._outer(name) for name in (*names.targets, *names.outputs)} if names.sizes else set()
        for name in (*names.inputs, *names.own):
            output = name == names.graph_output and self.loss != name
            symbol = self.loss if output else author_name(name)
            found[name] = spelt_out(name) if symbol in used else symbol
            used.add(found[name])
        return found

    def _outer(self, name: str) -> str:
        r"""An output or target: ``\hat{y}_{1}``, ``t_{1}``."""
        found = re.fullmatch(r"(yhat|[a-z]+?)_?([0-9]*)_?", name)
        word, index = (found[1], found[2]) if found else (name, "")
        base = r"\hat{y}" if word == "yhat" else author_name(word)
        return subscript(base, index)

    def _bias(self, what: Described) -> str:
        if not self.bias_unit:
            return self._layered("b", what.layer, str(what.unit) if what.unit else "")
        if not what.unit:
            return self._layered("w", what.layer, "0")
        return self._layered("w", what.layer, self._joined(what.unit, 0))

    def _indices(self, what: Described) -> str:
        return self._joined(what.unit, what.source)

    def _joined(self, unit: int, source: int) -> str:
        comma = "," if self.preset.commas or unit > 9 or source > 9 else ""
        return f"{unit}{comma}{source}"

    def _layered(self, letter: str, layer: int, indices: str) -> str:
        return self.preset.indexed(letter, layer, indices)

    @cached_property
    def taken_letters(self) -> frozenset[str]:
        """``e`` and ``d`` where a quantity is written so."""
        return LETTERS.intersection((self.loss, *self.own.values(), *self._authors.values()))

    @cached_property
    def eta(self) -> str:
        """The learning rate."""
        return self.tex(self.names.eta)


_WHOLE = {"x": "x", "yhat": r"\hat{y}", "t": "t"}


def _function(name: str) -> str:
    """The symbol of an activation, as in formulas."""
    from derive.ops import FUNCTIONS

    known = FUNCTIONS.get(name)
    return known.tex if known else rf"\operatorname{{{name}}}"
