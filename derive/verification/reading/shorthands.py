r"""Shorthands of courses and code: ``w5`` beside ``w_5``, ``dW2``, ``\bar v_3``, ``\delta_o``, ``x_1`` of sample 1.

They are looked at where a symbol is no name by itself, so that a name of the network's own always wins.

>>> from derive.naming.names import Names
>>> from derive.verification.reading.spelling import Spelling
>>> from derive.verification.reading.symbols import Scripted
>>> found = Shorthands(Spelling.plain(Names.layered(("x1", "x2"), (2, 1))))
>>> [str(found.quantity(Scripted(*symbol, "", 0, 1))) for symbol in (("dW1", ""), ("y", "hat"), ("delta", "o"))]
['dE/dW1', 'yhat', 'delta2_1']
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from functools import cached_property
from itertools import islice
from typing import Protocol

from derive.expressions.tree import Name
from derive.naming.canonical_names import LOSS
from derive.naming.names import Names
from derive.naming.quantity import NamedQuantity
from derive.patterns import regex
from derive.records import record
from derive.verification.reading.misspelt import Misspelt
from derive.verification.reading.own_names import OwnNames
from derive.verification.reading.symbols import Scripted

MAX_NAMES = 20_000
"""The names of a network with more quantities are read as they are spelt only."""
MAX_WORD = 40
"""A name of more characters is no shorthand."""

_OUTPUT = "yhat ypred prediction pred output out o yp ycap".split()
"""Words for the output, where there is one."""
_TARGET = "y t ytrue target label expected yactual groundtruth tgt".split()
_LOSS = "loss cost error err l etotal losstotal totalloss totalerror".split()
_OUTPUT_LAYER = frozenset("o out output y k L last".split())
_HIDDEN_LAYER = frozenset("h hid hidden".split())
_UNIT_OF_A_LAYER = regex(r"(o|out|y|h|hid|hidden)_?([1-9][0-9]?)")
_PREACTIVATIONS = ("z_{}", "z{}", "net_{}", "net{}", "s_{}", "s{}", "in_{}", "u_{}", "n_{}")
_GRADIENTS = regex(
    r"d(?:[ELJC]|[Ll]oss|[Cc]ost|[Ee]rror)_?d_?(?=[A-Za-z])(.+)|(?:d|grad_?|g_|∇)(?=[A-Za-z])(.+)|(.+?)_?grad"
)
_BARRED = regex(r"([A-Za-z]\w*?)_bar|([A-Za-z][A-Za-z]*?)bar((?:_?[0-9]+(?:_[0-9]+)*)?|_\w+)")
"""``v_bar``, ``v1_2_bar``; ``vbar``, ``vbar_3``, ``vbar1_2``."""
_SAMPLE = regex(r"[(\[]([1-9][0-9]{0,5})[)\]]")
_LAYERED = frozenset("w W b B z Z a A h f delta".split())
"""Letters above which a layer stands."""
_COUNTED = regex(r"([A-Za-z]+)_?([0-9]{1,3})")
_NUMBERED = regex(r"([A-Za-z]+)([1-9][0-9]?)")
_SIGNS = regex(r"[^A-Za-z0-9]")


def normal(text: str) -> str:
    """A name without what only sets it: ``w_{1,1}`` and ``w11`` are one."""
    return _SIGNS.sub("", text)


class Vocabulary(Protocol):
    """What is known of the names of a spec; see :class:`derive.verification.reading.spelling.Spelling`."""

    @property
    def names(self) -> Names: ...
    @property
    def own(self) -> Mapping[tuple[str, str, str], str]: ...
    @property
    def own_names(self) -> OwnNames: ...
    @property
    def rows(self) -> int: ...
    @property
    def signals(self) -> Mapping[str, str]: ...
    @property
    def squashed(self) -> frozenset[str]: ...
    def knows(self, word: str) -> bool: ...
    def word(self, word: str) -> NamedQuantity: ...
    def is_own(self, symbol: tuple[str, str, str]) -> NamedQuantity | None: ...
    def scripted(self, base: str, below: str, above: str) -> NamedQuantity | None: ...


@record(slots=False)
class Shorthands:
    """The shorthands for the quantities of one spec."""

    spelling: Vocabulary

    def quantity(self, symbol: Scripted) -> NamedQuantity | None:
        """What a symbol with all its scripts stands for; None where it is no shorthand."""
        if len(symbol.base) + len(symbol.below) + len(symbol.above) > MAX_WORD:
            return None
        for reading in (self._near, self._signal, self._adjoint, self._gradient, self._slip):
            found = reading(symbol)
            if found is not None:
                return found
        return None

    def sample(self, symbol: Scripted) -> NamedQuantity | None:
        r"""``x^{(2)}``, ``J^{(1)}``, and of a graph ``x_1``: a quantity in one row of the data."""
        rows = self.spelling.rows
        first, _, rest = symbol.base.partition("_")
        if rest and not symbol.below and symbol.base not in self.spelling.names.taken:
            symbol = replace(symbol, base=first, below=rest)
        if rows < 2 or (self.spelling.names.sizes and symbol.base in _LAYERED):
            return None
        if (own := self._own_loss(symbol)) is not None:
            return own
        if symbol.base == "l" and self.spelling.names.loss and "l" not in self.spelling.names.taken:
            symbol = replace(symbol, base=self.spelling.names.loss)
        above = _SAMPLE.fullmatch(symbol.above)
        if above is not None and int(above[1]) <= rows:
            found = self._plain(symbol.base, symbol.below) or self.spelling.is_own((symbol.base, symbol.below, ""))
            if found is not None and (not self.spelling.names.sizes or self._is_special(found)):
                return replace(found, row=int(above[1]))
        of_a_graph = not self.spelling.names.sizes or len(self.spelling.names.inputs) == 1
        of_a_graph = (
            of_a_graph or symbol.base in LOSS
        )  # L_1 is no output's share: the loss of a batch is not shared out
        counted = of_a_graph and not symbol.above and symbol.below.isdigit() and 1 <= int(symbol.below[:6]) <= rows
        if not counted or self._plain(symbol.base, symbol.below) is not None:
            return None
        found = self._plain(symbol.base, "") or self._aliased(symbol.base)
        if found is None or (self.spelling.names.sizes and not self._is_special(found)):
            return None
        return replace(found, row=int(symbol.below))

    def _own_loss(self, symbol: Scripted) -> NamedQuantity | None:
        """``E2``, the loss of sample 2, where one letter is the loss of a graph."""
        found = _NUMBERED.fullmatch(symbol.base)
        names, plain = self.spelling.names, not symbol.below and not symbol.above
        if found is None or not plain or symbol.base in names.taken or int(found[2]) > self.spelling.rows:
            return None
        loss = self._plain(found[1], "") if not names.sizes and self._is_a_loss else None
        return replace(loss, row=int(found[2])) if loss is not None and loss.base == names.graph_output else None

    def of_one_layer(self, symbol: Scripted) -> NamedQuantity | None:
        r"""``z^{(2)}``, ``\delta_1^{[2]}`` in a network of one layer: what a unit has in one row of the data."""
        names, above = self.spelling.names, _SAMPLE.fullmatch(symbol.above)
        if self.spelling.rows < 2 or len(names.sizes) != 1 or above is None or symbol.base in names.taken:
            return None
        letter = symbol.base if symbol.base == "delta" else symbol.base.lower()
        letter = "a" if letter in ("h", "f") else letter
        if letter not in ("z", "a", "delta") or int(above[1]) > self.spelling.rows:
            return None
        unit = symbol.below or ("1" if names.sizes[0] == 1 else "")
        word = f"{letter}1_{unit}" if unit else f"{letter}1"
        return replace(self.spelling.word(word), row=int(above[1])) if self.spelling.knows(word) else None

    def is_beyond(self, symbol: Scripted) -> bool:
        """Whether a sample is said that the data do not have."""
        above = _SAMPLE.fullmatch(symbol.above)
        if self.spelling.rows < 2 or above is None or int(above[1]) <= self.spelling.rows:
            return False
        first = replace(symbol, above="(1)")
        return self.sample(first) is not None or self.of_one_layer(first) is not None

    def of_one_output(self, symbol: Scripted) -> NamedQuantity | None:
        r"""Of a sample by its number: the one output or target, ``\hat y_2``; what the only unit has, ``z_2``."""
        names, rows = self.spelling.names, self.spelling.rows
        first, _, rest = symbol.base.partition("_")
        below = symbol.below or rest
        if rows < 2 or len(names.outputs) != 1 or not names.sizes or symbol.above or not below.isdigit():
            return None
        if names.sizes == (1,) and first in ("z", "a") and 1 <= int(below[:6]) <= rows and first not in names.taken:
            return (
                replace(self.spelling.word(f"{first}1_1"), row=int(below))
                if self.spelling.knows(f"{first}1_1")
                else None
            )
        found = self._plain(first, "") or self._aliased(first)
        if found is None or found.base not in (*names.outputs, *names.targets) or not 1 <= int(below[:6]) <= rows:
            return None
        return replace(found, row=int(below))

    def _is_special(self, quantity: NamedQuantity) -> bool:
        described = self.spelling.names.describe(quantity.base)
        if described is None:
            return quantity.base in ("x", "yhat", "t")
        return quantity.by is None and described.kind in ("input", "output", "target", "loss")

    def _plain(self, base: str, below: str) -> NamedQuantity | None:
        words = (f"{base}_{below}".replace(",", "_"), f"{base}{below}") if below else (base,)
        return next((self.spelling.word(word) for word in words if self.spelling.knows(word)), None)

    @cached_property
    def families(self) -> Mapping[str, tuple[str, ...]]:
        """Of a graph, the names that differ by a number at the end, counted on: ``z`` for z_1, z_2, z_3."""
        found: dict[str, dict[int, str]] = {}
        for name in self.spelling.names.own[:MAX_NAMES]:
            parts = _COUNTED.fullmatch(name)
            if parts is not None and not self.spelling.names.sizes:
                found.setdefault(parts[1], {})[int(parts[2])] = name
        return {
            letter: tuple(names[k] for k in sorted(names))
            for letter, names in found.items()
            if letter not in self.spelling.names.taken and len(names) > 1 and max(names) - min(names) < len(names)
        }

    # Near names

    def word(self, word: str) -> NamedQuantity | None:
        """What a word is that is near a name, or stands for one."""
        if len(word) > MAX_WORD:
            return None
        return self._aliased(normal(word)) or self._slip(Scripted(word, "", "", 0, 0))

    def _near(self, symbol: Scripted) -> NamedQuantity | None:
        word = normal(symbol.base + symbol.below + symbol.above)
        if not word or (len(word) == 1 and word != symbol.base):
            return None
        return self._aliased(word)

    def _slip(self, symbol: Scripted) -> NamedQuantity | None:
        """What a symbol is but for a slip in its letters."""
        name = self._misspelt.meant(symbol.base + symbol.below) if not symbol.above else None
        return self.spelling.word(name) if name is not None and self.spelling.knows(name) else None

    @cached_property
    def _misspelt(self) -> Misspelt:
        names = self.spelling.names
        if not names.sizes:
            return Misspelt.of(names.own[:MAX_NAMES])
        units = ((layer, unit) for layer, size in enumerate(names.sizes, 1) for unit in range(1, size + 1))
        deltas = [f"delta{names.z(*each)[1:]}" for each in islice(units, MAX_NAMES)]
        return Misspelt.of((*names.inputs[:MAX_NAMES], *names.outputs[:MAX_NAMES], *deltas))

    def _aliased(self, word: str) -> NamedQuantity | None:
        name = self._names.get(word) or self._words.get(word.lower())
        if name is None and len(word) > 1:
            name = self._any_case.get(word.lower())
        return self.spelling.word(name) if name and self.spelling.knows(name) else None

    @cached_property
    def _names(self) -> Mapping[str, str]:
        """The names by their letters and digits; those that two have stand for nothing."""
        return _unique((normal(written), name) for written, name in self._written())

    @cached_property
    def _any_case(self) -> Mapping[str, str]:
        return _unique((normal(written).lower(), name) for written, name in self._written())

    def _written(self) -> Iterator[tuple[str, str]]:
        names = self.spelling.names
        for name in names.own if not names.sizes else names.some[:MAX_NAMES]:
            yield name, name
        for (base, below, above), name in self.spelling.own.items():
            yield f"{base}{below}{above}", name
        if not names.sizes and normal(names.graph_output).lower() in _LOSS:  # dL/dw beside a node that is called loss
            yield from (
                (letter, names.graph_output) for letter in LOSS if len(letter) == 1 and letter not in names.taken
            )

    @cached_property
    def _words(self) -> Mapping[str, str]:
        """What people call the output, the target and the loss."""
        names = self.spelling.names
        found: dict[str, str] = {}
        if names.sizes:
            outputs, targets = names.outputs, names.targets
            found |= dict.fromkeys(_OUTPUT, outputs[0] if len(outputs) == 1 else "yhat")
            found |= dict.fromkeys(_TARGET, targets[0] if len(targets) == 1 else "t")
            for k, (output, target) in enumerate(zip(outputs, targets, strict=True), 1):
                found |= {f"{word}{k}": output for word in _OUTPUT} | {f"{word}{k}": target for word in _TARGET}
            found |= {f"{word}{k}": name for k, name in enumerate(names.inputs, 1) for word in ("input", "in", "x")}
            found |= dict.fromkeys(_LOSS, names.loss) | {"lrate": names.eta}
            return found
        for words in (_OUTPUT, _TARGET, _LOSS):
            own = [name for name in names.own if normal(name).lower() in words]
            if len(own) == 1:
                found |= dict.fromkeys(words, own[0])
        if not any(word in found for word in _LOSS) and names.graph_output:
            found |= dict.fromkeys(_LOSS[:2], names.graph_output) if self._is_a_loss else {}
        return found

    @cached_property
    def _is_a_loss(self) -> bool:
        """Whether the output of a graph is called as a loss is."""
        return self.spelling.names.graph_output in ("L", "E", "J", "C", "l", "loss", "Loss")

    # Derivatives

    def _signal(self, symbol: Scripted) -> NamedQuantity | None:
        r"""``\delta_o``: the derivative of the loss by a unit's weighted input."""
        base, _, rest = symbol.base.partition("_")
        below = symbol.below or rest or symbol.above.strip("()[]")
        if symbol.base == "delta" and not symbol.below and not symbol.above and not self.spelling.names.sizes:
            return self._counted_signal("")
        glued_number = (
            re.fullmatch(r"delta_?([0-9]{1,3})", symbol.base) if not symbol.below and not symbol.above else None
        )
        if glued_number is not None and not self.spelling.names.sizes:
            return self._counted_signal(glued_number[1])
        if not below and (glued := self.signal(base)) is not None:
            return glued
        if base not in ("delta", "d") or not below or (symbol.above and symbol.below):
            return None
        names = self.spelling.names
        if names.sizes:
            return self._layered_signal(below) if base == "delta" else None
        node = self.spelling.signals.get(below)
        if node is None and base == "delta" and below.isdigit():
            return self._counted_signal(below)
        if node is None:
            node = next((name for form in _PREACTIVATIONS if (name := form.format(below)) in names.own), None)
        if node is None and (plain := self._near(replace(symbol, base=below, below="", above=""))) is not None:
            node = plain.base if plain.by is None and plain.base not in self.spelling.squashed else None
        return self._derivative(node) if node is not None and base == "delta" else None

    def _counted_signal(self, number: str) -> NamedQuantity | None:
        """δ with a number, in a graph: of the one activation with it; without a number, of the one that has none."""
        signals = self.spelling.signals
        found = {node for name, node in signals.items() if name[len(name.rstrip("0123456789")) :] == number}
        nodes = {*signals.values()} if len({*signals.values()}) == 1 and not number else found
        return self._derivative(nodes.pop()) if len(nodes) == 1 else None

    def signal(self, word: str) -> NamedQuantity | None:
        """``δo``, ``δh1``: δ with its unit right behind it; None where that is a product."""
        if not self.spelling.names.sizes or not word.startswith("delta") or word in self.spelling.names.taken:
            return None
        unit = word.removeprefix("delta")
        if not unit[:1].isalpha():
            return None
        own = self.spelling.own_names.found(unit)
        value = own.own.value if own is not None and not own.indices else None
        described = self.spelling.names.describe(value.name) if isinstance(value, Name) else None
        if described is not None and described.kind in ("weighted input", "activation", "output"):
            return self._derivative(self.spelling.names.z(described.layer, described.unit))
        return self._layered_signal(unit)

    def _layered_signal(self, below: str) -> NamedQuantity | None:
        last = len(self.spelling.names.sizes)
        below = below.replace("_", "").replace(",", "") if below[-1:].isdigit() else below
        unit = _UNIT_OF_A_LAYER.fullmatch(below)
        if below in _OUTPUT_LAYER:
            words = [f"delta{last}_1"] if self.spelling.names.sizes[-1] == 1 else [f"delta{last}"]
        elif below in _HIDDEN_LAYER and last == 2:
            words = ["delta1"]
        elif unit is not None and (unit[1][0] in "oy" or last == 2):
            words = [f"delta{last if unit[1][0] in 'oy' else 1}_{unit[2]}"]
        else:
            return None
        return next((self.spelling.word(word) for word in words if self.spelling.knows(word)), None)

    def _adjoint(self, symbol: Scripted) -> NamedQuantity | None:
        r"""``\bar v_3``: the derivative of the output by v_3."""
        whole = _BARRED.fullmatch(symbol.base)
        if whole is None:
            return None
        base = whole[1] or f"{whole[2]}{whole[3]}"
        return self._derivative_of(replace(symbol, base=base))

    def _gradient(self, symbol: Scripted) -> NamedQuantity | None:
        """``dW2``, ``grad_w1``: the derivative of the loss."""
        found = _GRADIENTS.fullmatch(symbol.base)
        if found is None or symbol.base in self.spelling.names.taken:
            return None
        return self._derivative_of(replace(symbol, base=found[1] or found[2] or found[3]))

    def _derivative_of(self, symbol: Scripted) -> NamedQuantity | None:
        """The derivative of the loss by what a symbol stands for."""
        base, _, rest = symbol.base.partition("_")
        below = symbol.below or rest
        own = self.spelling.own_names.found(base, below) if not symbol.above else None
        if own is not None and not own.indices and isinstance(own.own.value, Name):
            return self._derivative(own.own.value.name)
        plain = self._plain(base, below) if not symbol.above else None
        if plain is None and not symbol.above and base[:1] in ("Z", "A") and self.spelling.names.sizes:
            plain = self._plain(base.lower(), below)
        if plain is None and (scripted := self.scripted(base, below, symbol.above)) is not None:
            plain = scripted
        if plain is None:
            plain = self._near(replace(symbol, base=base, below=below))
        return None if plain is None or plain.by is not None else self._derivative(plain.base)

    def scripted(self, base: str, below: str, above: str) -> NamedQuantity | None:
        """A letter with its layer, where the network has it."""
        try:
            own = self.spelling.is_own((base, below, above))
            return own if own is not None else self.spelling.scripted(base, below, above)
        except ValueError:
            return None

    def _derivative(self, node: str) -> NamedQuantity | None:
        name = f"d{self.spelling.names.loss}/d{node}"
        return self.spelling.word(name) if self.spelling.knows(name) else None


def _unique(pairs: Iterator[tuple[str, str]]) -> Mapping[str, str]:
    found: dict[str, str] = {}
    for key, name in pairs:
        found[key] = name if found.get(key, name) == name else ""
    return found


__all__ = ["Shorthands"]
