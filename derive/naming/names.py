"""The names of one spec's quantities, and what people write for them.

>>> names = Names.layered(("x1", "x2"), (3, 1))
>>> str(names.resolve("∂L/∂w1_32"))
'dE/dw1_3_2'
>>> names.resolve("δ2_1@3")
NamedQuantity(base='E', by='z2_1', delta=True, step=3, row=None, shape='scalar', function='')
"""

from __future__ import annotations

from dataclasses import replace

from derive.naming.canonical_names import LAYER, CanonicalNames
from derive.naming.quantity import NamedQuantity
from derive.naming.read_name import read


class Names(CanonicalNames):
    """The names of one spec's quantities; any spelling of them finds its quantity."""

    def resolve(self, text: str) -> NamedQuantity:
        """The quantity that a name stands for, aliases included.

        Raises:
            ValueError: the name is unknown; says what is near.
        """
        return read(self, text)

    def canonical(self, text: str) -> str:
        """The canonical name: ``str(resolve(text))``."""
        return str(self.resolve(text))

    def members(self, quantity: NamedQuantity) -> tuple[tuple[NamedQuantity, ...], ...]:
        """The entries of a vector or matrix, row by row; one entry for a scalar.

        >>> names = Names.layered(("x1", "x2"), (1,))
        >>> [[str(q) for q in row] for row in names.members(names.resolve("dE/dW1"))]
        [['dE/dw1_1_1', 'dE/dw1_1_2']]
        """
        if quantity.shape == "scalar":
            return ((quantity,),)
        below = [(None,)] if quantity.by is None else self._entries(quantity.by)
        above = self._entries(quantity.base)
        if len(above) == 1 or quantity.by is None:
            rows = [[(a, b) for a in top for b in bottom] for top in above for bottom in below]
        else:  # a Jacobian: one row for each entry above
            rows = [[(top[0], b) for bottom in below for b in bottom] for top in above]
        return tuple(tuple(replace(quantity, base=a, by=b, shape="scalar") for a, b in row) for row in rows)

    def _entries(self, base: str) -> list[tuple[str, ...]]:
        state = self.state_of(base)
        if state is not None:
            return [tuple(self.state(state[0], name) for name in row) for row in self._entries(state[1])]
        found = LAYER.fullmatch(base)
        if self.describe(base) is not None or not (found or base in ("x", "yhat", "t")):
            return [(base,)]
        if not found:
            return [(name,) for name in {"x": self.inputs, "yhat": self.outputs, "t": self.targets}[base]]
        letter, l = found[1], int(found[2])
        rows, units = range(1, self.rows(l) + 1), range(1, self.sizes[l - 1] + 1)
        if letter == "W":
            return [tuple(self.weight(l, j, i) for i in range(1, self.columns(l) + 1)) for j in rows]
        maker = {"b": self.bias, "z": self.z}.get(letter, self.a)
        return [(maker(l, j),) for j in (rows if letter == "b" else units)]
