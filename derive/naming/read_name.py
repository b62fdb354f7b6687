"""Reading a name as people write it: aliases, marks, derivatives (contract, section 2).

>>> names = CanonicalNames.layered(("x1", "x2"), (3, 1))
>>> [str(read(names, text)) for text in ("∂L/∂w1_32", "h1_2", "y1", "δ2_1@2", "a2_1[4]", "w1_32'")]
['dE/dw1_3_2', 'a1_2', 't', 'delta2_1@2', 'yhat[4]', "w1_3_2'"]
"""

from __future__ import annotations

import re
from dataclasses import replace
from functools import lru_cache

from derive.errors import shortened
from derive.expressions.spelling import ascii_name
from derive.naming.canonical_names import LEARNING_RATE, LOSS, CanonicalNames
from derive.naming.quantity import NamedQuantity, Shape
from derive.ops import LAYER_KINDS
from derive.ops.optimizers import OPTIMIZERS
from derive.patterns import regex
from derive.place import nearest, quoted
from derive.records import record

_MARKS = regex(r"((?:'|@[0-9]+|\[[0-9]+\])*)$")
_MAX_DIGITS = 9
"""At most this many digits has the number of an update or of a row; there are never so many of either."""

_MARK = regex(r"'|@([0-9]+)|\[([0-9]+)\]")
_DERIVATIVE = regex(r"d([A-Za-z][A-Za-z0-9_]*)/d([A-Za-z][A-Za-z0-9_]*)")
_SLOPE = regex(r"([A-Za-z][A-Za-z0-9_]*)'\(([A-Za-z][A-Za-z0-9_]*)\)")
_UNIT = regex(r"(b|z|a|f|h|delta)([0-9]{1,9})_([0-9]{1,9})(?:_([0-9]{1,9}))?")
_WEIGHT = regex(r"w([0-9]{1,9})_(?:([0-9]{1,9})_([0-9]{1,9})|([1-9])([1-9]))")
_TAP = regex(r"w([0-9]{1,9})_([0-9]{1,9})")
_LAYER = regex(r"(W|b|z|a|f|h|delta)([0-9]{1,9})")
_INDEXED = regex(r"(x|y|yhat|t)_?([0-9]{1,9})")


def read(names: CanonicalNames, text: str) -> NamedQuantity:
    """The quantity that a text names among the quantities of a spec.

    Raises:
        ValueError: the name is unknown; says what is near.
    """
    return _NameReader(names, text).read()


@record
class _NameReader:
    """One text to be read; ``text`` stands in messages as the author wrote it."""

    names: CanonicalNames
    text: str

    def read(self) -> NamedQuantity:
        word = ascii_name(self.text).replace(" ", "").strip()
        if found := _SLOPE.fullmatch(word):
            return self._slope(found[1], found[2])
        marks = _MARKS.search(word)
        assert marks is not None  # the pattern matches nothing, too
        return self._marked(self._bare(word[: marks.start()]), marks[1])

    def _bare(self, word: str) -> NamedQuantity:
        if found := _DERIVATIVE.fullmatch(word):
            above, below = self._node(found[1]), self._node(found[2])
            if above.by or below.by:
                raise ValueError(f"{quoted(self.text)}: a derivative of a derivative")
            shape: Shape = below.shape if above.shape == "scalar" else "matrix"
            return NamedQuantity(above.base, below.base, shape=shape)
        return self._node(word)

    def _marked(self, quantity: NamedQuantity, marks: str) -> NamedQuantity:
        step = row = None
        for mark in _MARK.finditer(marks):
            self._check_mark(mark)
            if mark[2] is None:
                step = (step or 0) + 1 if mark[1] is None else int(mark[1])
            elif int(mark[2]) < 1:
                raise ValueError(f"{quoted(self.text)}: rows are counted from 1")
            else:
                row = int(mark[2])
        if not marks:
            return quantity
        updated = quantity.by is None and self._updated(quantity.base)
        return replace(quantity, step=step or None, row=row, updated=updated)

    def _check_mark(self, mark: re.Match[str]) -> None:
        for number, thing in ((mark[1], "updates"), (mark[2], "rows")):
            if number and len(number.lstrip("0")) > _MAX_DIGITS:
                raise ValueError(f"{quoted(self.text)}: there are not so many {thing} as {shortened(number, 20)}")

    def _updated(self, base: str) -> bool:
        """Whether an update gives this quantity, one of a layer's or the whole, a new value."""
        described = self.names.describe(base)
        if described is None:
            return base[0] in "Wb" or self.names.state_of(base) is not None
        return described.kind in ("weight", "bias", "value", "state")

    def _node(self, word: str) -> NamedQuantity:
        names = self.names
        if word in names.taken:
            return NamedQuantity(word)
        if names.sizes:
            found = self._special(word) or self._unit(word) or self._whole_layer(word)
            if found is not None:
                return found
        if names.optimizer and (trained := self._training(word)) is not None:
            return trained
        if word in LEARNING_RATE or word == names.eta:
            return NamedQuantity(names.eta)
        shown = quoted(word) if word == self.text.strip() else f"{quoted(word)} in {quoted(self.text)}"
        raise ValueError(_Unknown(shown, word, names))

    def _training(self, word: str) -> NamedQuantity | None:
        """A hyperparameter or a state of the optimizer, of one parameter or of a layer's."""
        names = self.names
        for key, name in names.hyperparameters.items():
            if word == name or word in OPTIMIZERS[names.optimizer].parameters[key].words:
                return NamedQuantity(name)
        for key, prefix in names.states.items():
            rest = word.removeprefix(prefix + "_")
            if rest != word:
                inner = self._node(rest)
                name = names.state(key, inner.base)
                if inner.by is None and names.state_of(name) is not None:
                    return NamedQuantity(name, shape=inner.shape)
        return None

    def _special(self, word: str) -> NamedQuantity | None:
        """The loss, outputs, targets, a shared bias; ``yhat1``, ``t_1``, ``y1``, ``x_1``."""
        names = self.names
        if names.describe(word) is not None:
            return NamedQuantity(word)
        if word in LOSS:
            return NamedQuantity(names.loss)
        found = _INDEXED.fullmatch(word)
        if not found:
            return None
        k = int(found[2])
        if found[1] == "x":
            return NamedQuantity(f"x{k}") if f"x{k}" in names.taken else None
        family = names.outputs if found[1] == "yhat" else names.targets
        if not 1 <= k <= len(family):
            raise ValueError(f"{quoted(self.text)}: the network has {_count(len(family), 'output')}")
        return NamedQuantity(family[k - 1])

    def _unit(self, word: str) -> NamedQuantity | None:
        """A weight or a quantity of one unit."""
        names = self.names
        if found := _WEIGHT.fullmatch(word):
            l, j, i = (int(index) for index in found.groups() if index)
            return self._weight(l, j, i)
        if (found := _TAP.fullmatch(word)) and self._has_one_filter(int(found[1])):
            return self._weight(int(found[1]), 1, int(found[2]))
        found = _UNIT.fullmatch(word)
        if not found:
            return None
        letter, l = found[1], int(found[2])
        self._check_layer(l, biased=letter == "b")
        if letter == "b":
            if found[4]:
                return None
            self._check_row(l, int(found[3]))
            return NamedQuantity(names.bias(l, int(found[3])))
        if letter in "afh" and l == len(names.wirings) and found[4] is None:  # an output by its number
            return self._special(f"yhat{found[3]}")
        unit = self._unit_of(l, found[3], found[4])
        if unit is None:
            return None
        if letter == "delta":
            return NamedQuantity(names.loss, names.z(l, unit), delta=True)
        return NamedQuantity((names.z if letter == "z" else names.a)(l, unit))

    def _weight(self, l: int, j: int, i: int) -> NamedQuantity:
        names = self.names
        self._check_layer(l)
        self._check_row(l, j)
        if not 1 <= i <= names.columns(l):
            column = LAYER_KINDS[names.wirings[l - 1].kind].column
            raise ValueError(f"{quoted(self.text)}: layer {l} has {_count(names.columns(l), column)}")
        return NamedQuantity(names.weight(l, j, i))

    def _has_one_filter(self, layer: int) -> bool:
        """Whether one row of weights serves the whole layer, so that ``w1_3`` and ``z1_5`` need no filter."""
        wirings = self.names.wirings
        return 1 <= layer <= len(wirings) and wirings[layer - 1].rows == 1 and len(wirings[layer - 1].indices(0)) > 1

    def _unit_of(self, l: int, first: str, second: str | None) -> int | None:
        """The unit by its number; of a convolution by filter and position, ``z1_2_5`` or ``z1_25``."""
        wiring = self.names.wirings[l - 1]
        if len(wiring.indices(0)) == 1:
            if second is not None:
                return None
            self._check_row(l, int(first))
            return int(first)
        if second is None and self._has_one_filter(l):
            first, second = "1", first
        elif second is None and len(first) == 2:
            first, second = first[0], first[1]
        if second is None:
            raise ValueError(f"{quoted(self.text)}: which position? layer {l} has {_count(wiring.rows, 'filter')}")
        self._check_row(l, int(first))
        unit = wiring.unit_at((int(first), int(second)))
        if unit is None:
            raise ValueError(f"{quoted(self.text)}: layer {l} has {_count(wiring.after.length, 'position')}")
        return unit + 1

    def _whole_layer(self, word: str) -> NamedQuantity | None:
        """A vector or matrix: ``W1``, ``z1``, ``delta1``, ``x``, ``yhat``, ``t``."""
        names = self.names
        if word in ("x", "yhat", "t", "y"):
            plain = "t" if word == "y" else word
            members = {"yhat": names.outputs, "t": names.targets}.get(plain, ())
            return NamedQuantity(members[0]) if len(members) == 1 else NamedQuantity(plain, shape="vector")
        found = _LAYER.fullmatch(word)
        if not found:
            return None
        letter, l = found[1], int(found[2])
        self._check_layer(l, biased=letter == "b")
        if letter == "delta":
            return NamedQuantity(names.loss, f"z{l}", delta=True, shape="vector")
        if letter in "afh":
            return self._whole_layer("yhat") if l == len(names.sizes) else NamedQuantity(f"a{l}", shape="vector")
        return NamedQuantity(f"{letter}{l}", shape="matrix" if letter == "W" else "vector")

    def _slope(self, function: str, argument: str) -> NamedQuantity:
        from derive.ops import ACTIVATIONS

        name = "sigmoid" if function == "sigma" else function
        if name not in ACTIVATIONS or ACTIVATIONS[name].whole_layer:
            raise ValueError(f"unknown activation {quoted(function)}: {nearest(function, ACTIVATIONS)}")
        base = argument if argument == "z" else self._node(argument).base
        return NamedQuantity(base, function=f"{name}'")

    def _check_layer(self, layer: int, *, biased: bool = False) -> None:
        """A layer that the network does not have is an error that says how many there are."""
        if not 1 <= layer <= len(self.names.wirings):
            raise ValueError(f"{quoted(self.text)}: the network has {_count(len(self.names.wirings), 'layer')}")
        if biased and layer in self.names.unbiased:
            raise ValueError(f"{quoted(self.text)}: layer {layer} has no biases")

    def _check_row(self, layer: int, row: int) -> None:
        """Likewise a unit or filter."""
        rows = self.names.rows(layer)
        if not 1 <= row <= rows:
            what = LAYER_KINDS[self.names.wirings[layer - 1].kind].row
            raise ValueError(f"{quoted(self.text)}: layer {layer} has {_count(rows, what)}")


@record
class _Unknown:
    """What an unknown name is answered with; what is near is looked for when somebody reads it."""

    shown: str
    word: str
    names: CanonicalNames

    def __str__(self) -> str:
        return f"unknown quantity {self.shown}: {_near(self.word, self.names.some)}"


@lru_cache(maxsize=256)
def _near(word: str, known: tuple[str, ...]) -> str:
    """A hint at the name that was meant; a file may have the same slip on every line."""
    return nearest(word, known, 12)


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
