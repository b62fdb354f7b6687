r"""Every spelling of every quantity of a spec, in all notation presets and in the spec's own names.

>>> from derive.naming.names import Names
>>> spelling = Spelling.plain(Names.layered(("x1", "x2", "x3"), (4, 1)))
>>> [str(spelling.scripted(*symbol)) for symbol in (("w", "43", "1"), ("w", "1,4,3", ""), ("delta", "4", "(1)"))]
['w1_4_3', 'w1_4_3', 'delta1_4']
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterator, Mapping
from dataclasses import field, replace
from functools import cached_property
from types import MappingProxyType
from typing import NamedTuple

from derive.expressions.functions import FUNCTIONS, Function
from derive.expressions.tree import Call, Expr, Name, Negative, walk
from derive.model import ActivationSpec, Given
from derive.naming.author_tex import author_name
from derive.naming.canonical_names import LOSS
from derive.naming.names import Names
from derive.naming.notation import Notation
from derive.naming.quantity import NamedQuantity
from derive.network import Network
from derive.network.operations import Formula
from derive.network.output_loss import OutputLoss, halves
from derive.patterns import regex
from derive.records import record
from derive.verification.reading.by_value import ByValue
from derive.verification.reading.families import PLAIN_LETTERS, OwnLetters
from derive.verification.reading.kept_sides import ReadSide
from derive.verification.reading.model import Matrix, quoted
from derive.verification.reading.own_names import NO_OWN_NAMES, OwnNames
from derive.verification.reading.shorthands import Shorthands
from derive.verification.reading.stems import stems
from derive.verification.reading.tokens import tokens

Symbol = tuple[str, str, str]
"""A base, what stands below it, and what stands above it; empty where nothing does."""


class Sought(NamedTuple):
    """What a symbol was found to be: the quantity, or none, and whether it ends where what is raised begins.

    With the choices that were met on the way, and what was read as something else; see
    :class:`derive.verification.reading.parse.Parser`.
    """

    quantity: NamedQuantity | None
    is_raised: bool
    signs: frozenset[str]
    meant: tuple[tuple[str, str], ...]


def _spellings(entry: Function) -> Iterator[str]:
    """A function's name as it is printed, and as frameworks write it: hard_tanh is hardtanh, Hardtanh and HardTanh."""
    printed = re.fullmatch(r"\\operatorname{(\w+)}", entry.tex)
    if printed:
        yield printed[1]
    joined = entry.name.replace("_", "")
    yield from (joined, joined.capitalize(), "".join(word.capitalize() for word in entry.name.split("_")), entry.name)


FUNCTION_WORDS: Mapping[str, str] = MappingProxyType(
    {
        **{word: entry.name for entry in FUNCTIONS.values() if not entry.internal for word in _spellings(entry)},
        "sigma": "sigmoid", "logistic": "sigmoid", "sgn": "sign", "lg": "log10", "log_2": "log2", "log_10": "log10",
        "ReLU": "relu", "Relu": "relu", "RELU": "relu", "LReLU": "leaky_relu", "LeakyReLU": "leaky_relu",
        "leakyrelu": "leaky_relu", "lrelu": "leaky_relu", "ELU": "elu", "GELU": "gelu", "SiLU": "silu", "swish": "silu",
        "Swish": "silu", "softmax": "softmax", "Softmax": "softmax", "SoftMax": "softmax", "Phi": "normal_cdf",
        "Sigmoid": "sigmoid", "sigm": "sigmoid", "sig": "sigmoid", "logsig": "sigmoid", "tansig": "tanh",
        "purelin": "identity", "poslin": "relu", "satlins": "hard_tanh",
        "Tanh": "tanh", "Softplus": "softplus", "tg": "tan", "normal_cdf": "normal_cdf",
        "normal_pdf": "normal_pdf", "identity": "identity", "id": "identity", "diag": "diag",
    }
)  # fmt: skip
"""What people call the functions."""

ACTIVATION_LETTERS = frozenset({"f", "F", "g", "phi", "act", "activation", "psi", "h"})
"""Letters for the activation of whatever layer stands in their brackets: ``f'(z1_2)``."""

INDEX = regex(r"(?:[0-9]+,)?[ijklmnL+\-1,()\[\]]*[ijklmnL][ijklmnL+\-1,()\[\]]*")
"""A script that makes a formula a general rule: ``l + 1``, ``kj``, ``2,j``."""

_LAYER = regex(r"\(?(0|[1-9][0-9]{0,8})\)?|\[(0|[1-9][0-9]{0,8})\]")
_LAST_LAYER = regex(r"[(\[]?L(-1)?[)\]]?")
_INPUT = regex(r"[afh]0(?:_([1-9][0-9]{0,8}))?")
_BIAS = regex(r"w([1-9][0-9]{0,8})_(?:([1-9])0|([1-9][0-9]{0,8})_0)")
_CLASSIC = regex(r"(h|o|hidden|out|output)[_,]?([1-9][0-9]{0,8})?")
_CLASSIC_LETTERS = {"net": "z", "in": "z", "z": "z", "s": "z", "out": "a", "a": "a", "delta": "delta"}
_PART = regex(r"([A-Za-z]+)_?(?:o|out|output|y)?[_,]?([1-9][0-9]{0,3})")
_SIDES_OF_A_UNIT = regex(r"([ho])_?([1-9][0-9]{0,8})_?(in|net|out)|(in|net|out)_?([ho])_?([1-9][0-9]{0,8})")
_CLASSIC_WORDS = frozenset({"net", "out", "target", "total"})
_TWO = regex(r"[1-9]{2}")
_SINGLE = regex(r"(z|a|f|h|b|delta)_?([1-9])")
_LETTERS = {"w": "w", "W": "W", "b": "b", "B": "b", "z": "z", "Z": "z", "a": "a", "A": "a", "h": "a", "f": "a",
            "delta": "delta", "Delta": "delta"}  # fmt: skip


@record(slots=False)
class Spelling:
    """How the quantities of one spec may be written.

    Attributes:
        names: the canonical names and their aliases.
        own: what the spec's own notation calls a quantity.
        activations: of each layer, first to last; empty in a graph.
        density: φ is the density of the normal distribution, because gelu is used.
        letters: what the spec calls whole families of quantities.
        rows: of the data.
        signals: of a graph, the weighted input by the name of its activation: what ``δ_o`` is about.
    """

    names: Names
    own: Mapping[Symbol, str] = field(default_factory=lambda: MappingProxyType({}))
    sequences: tuple[tuple[tuple[str, ...], str], ...] = ()
    activations: tuple[ActivationSpec, ...] = ()
    density: bool = False
    letters: OwnLetters = PLAIN_LETTERS
    rows: int = 1
    signals: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    functions: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Functions by the words that the text itself defines."""
    parts: Mapping[str, Expr] = field(default_factory=lambda: MappingProxyType({}))
    """The share of each output in the loss, by the output's number: ``E_{o1}``."""
    squashed: frozenset[str] = frozenset()
    """Of a graph, the activations whose weighted input has no name: what ``δ_h`` is about cannot be said."""
    only: str = ""
    """Of a graph, its one function that may be an activation: what φ and f stand for."""
    states: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """The keys of the optimizer's states by their letters, as these are read."""
    start: Mapping[str, Given] = field(default_factory=lambda: MappingProxyType({}), compare=False, repr=False)
    """What parameters begin with."""
    data: frozenset[str] = frozenset()
    """What the rows of the data give."""
    given: frozenset[Symbol] = frozenset()
    """The symbols that the spec gives to quantities one by one: their layers are counted as the spec counts them."""
    own_names: OwnNames = NO_OWN_NAMES
    """What the writer of the text has given a name: ``let o_1 = yhat``."""
    _bare: Spelling | None = field(default=None, compare=False, repr=False)
    matrices: dict[tuple[NamedQuantity, bool], Matrix] = field(default_factory=dict, compare=False, repr=False)
    """Those that were written before, whole or by the formula's own names."""
    _updated: dict[str, bool] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def plain(cls, names: Names) -> Spelling:
        """The spellings of these names without a notation of the spec's own."""
        states = _states(Notation.plain(names))
        return cls(names, MappingProxyType(dict(_author_symbols(names, {}))), states=states)

    @classmethod
    def of(cls, network: Network) -> Spelling:
        """All spellings of a network's quantities."""
        names, notation = network.names, network.spec.notation
        letters = OwnLetters.of(notation)
        given = {**_of_families(Notation.of_names(names, notation)), names.loss: notation.loss, **dict(notation.names)}
        symbols, sequences = dict(_author_symbols(names, given)), []
        one_by_one = (_as_symbol(tex, letters)[0] for tex in dict(notation.names).values())
        for name, tex in given.items():
            symbol, texts = _as_symbol(tex, letters)
            if symbol is not None:
                symbols[symbol] = name
            elif texts:
                sequences.append((texts, name))
        sequences.sort(key=lambda entry: -len(entry[0]))
        activations = tuple(layer.spec.activation for layer in network.layers)
        gelu = any(spec.name == "gelu" for spec in activations) or any(
            isinstance(part, Call) and part.function == "gelu"
            for node in network.graph.nodes if isinstance(node.operation, Formula)
            for part in walk(node.formula)
        )  # fmt: skip
        states = _states(Notation.of_names(names, notation))
        return cls(
            names, MappingProxyType(symbols), tuple(sequences), activations, gelu, letters, len(network.rows),
            _signals(network), parts=_parts(network), squashed=_squashed(network), only=_only(network),
            states=states, start=network.start, data=frozenset().union(*network.rows),
            given=frozenset(symbol for symbol in one_by_one if symbol is not None),
        )  # fmt: skip

    @cached_property
    def by_value(self) -> ByValue:
        """The parameters by their numbers."""
        return ByValue(self.start if self.names.sizes else {}, self.names)

    # Names of the writer's own

    @property
    def in_its_names(self) -> Spelling:
        """The same without the names that the writer of a text has given."""
        return self._bare or self

    def with_own(self, names: OwnNames) -> Spelling:
        """The same with names of the writer's own in place of those that it has."""
        bare = self.in_its_names
        return replace(bare, own_names=names, _bare=bare) if names else bare

    # Names

    def word(self, word: str) -> NamedQuantity:
        """The quantity of a name in ASCII.

        Raises:
            ValueError: the name is unknown; says what is near.
        """
        found = self._looked_up(word)
        if isinstance(found, NamedQuantity):
            return found
        raise ValueError(*found.args)

    def _looked_up(self, word: str) -> NamedQuantity | ValueError:
        """The quantity of a name in ASCII, or why there is none; once for each."""
        found = self._words.get(word)
        if found is None:
            found = self._resolved(word)
            if len(self._words) < MAX_KEPT:
                self._words[word] = found
        return found

    def _resolved(self, word: str) -> NamedQuantity | ValueError:
        """The quantity, or why there is none. What is near is looked for a few hundred times only."""
        if len(self._words) > MAX_SUGGESTED and not _POSSIBLE.fullmatch(word) and word not in self.names.taken:
            return ValueError(f"unknown quantity {quoted(word, 40)}")
        own = not self.names.sizes or word in self.names.taken
        try:
            if not own and (layer_0 := _INPUT.fullmatch(word)):
                return self._input(layer_0[1] or "")
            if not own and (bias := _BIAS.fullmatch(word)):
                return self.names.resolve(f"b{bias[1]}_{bias[2] or bias[3]}")
            return self.names.resolve(word)
        except ValueError as error:
            return ValueError(*error.args)  # without the frames of this one

    @cached_property
    def _words(self) -> dict[str, NamedQuantity | ValueError]:
        """What was looked up before."""
        return {}

    @cached_property
    def sought(self) -> dict[Hashable, Sought]:
        """What symbols were found to be, by their letters and how the text is read."""
        return {}

    @cached_property
    def sides(self) -> dict[Hashable, ReadSide]:
        """The sides that were read before, by their tokens and how the text is read."""
        return {}

    def keep_side(self, key: Hashable, side: ReadSide) -> None:
        """Keep a side for another one like it."""
        if len(self.sides) >= MAX_SIDES:
            self.sides.clear()
        self.sides[key] = side

    def knows(self, word: str) -> bool:
        """Whether a word is a quantity."""
        return isinstance(self._looked_up(word), NamedQuantity)

    def __contains__(self, word: object) -> bool:
        """Whether letters that stand together in TeX are one name or function."""
        if not isinstance(word, str):
            return False
        if word in self.names.taken or word in FUNCTION_WORDS or word in self._own_functions or word in self._stems:
            return True
        if self.own_names.has(word):
            return True
        if word in _CLASSIC_WORDS:
            return bool(self.names.sizes)
        if word.startswith("delta") and word[5:6].isalpha():
            return self.shorthands.signal(word) is not None
        if word in LOSS or len(word) < 2 or (word.isalpha() and word not in _LONG_NAMES):
            return False
        return self.knows(word) or self.is_near(word)

    def is_near(self, word: str) -> bool:
        """Whether a word that ends in a number is near one name: ``z1`` where the network has ``z_1``."""
        if not word[-1:].isdigit() or not word.isascii():
            return False
        found = self._near.get(word)
        if found is None:
            found = self.shorthands.word(word) is not None
            if len(self._near) < MAX_KEPT:
                self._near[word] = found
        return found

    @cached_property
    def _near(self) -> dict[str, bool]:
        """What was looked up before."""
        return {}

    @cached_property
    def _stems(self) -> frozenset[str]:
        """Of a graph, the words before an index: ``net`` of net_h1."""
        return frozenset() if self.names.sizes else stems(self.names.own)

    @cached_property
    def _own_functions(self) -> frozenset[str]:
        """Names of activations of the author's own."""
        return frozenset(spec.name for spec in self.activations if spec.expression is not None)

    def is_own(self, symbol: Symbol) -> NamedQuantity | None:
        """A quantity by the spec's own notation, or by the author's own name."""
        name = self.own.get(symbol)
        return self.word(name) if name is not None else None

    def scripted(self, base: str, below: str, above: str) -> NamedQuantity | None:
        """The quantity of a letter with a layer above and indices below (or all of them below)."""
        if not self.names.sizes or base not in _LETTERS:
            return None
        letter = _LETTERS[base]
        indices = re.split(r"[,_]", below) if below else []
        if not all(index.isdigit() for index in indices):
            return None
        if above:
            layer = _LAYER.fullmatch(self.layer_said(above))
            if layer is None:
                return None
            letter = "W" if letter == "w" and not indices else letter
            number = layer[1] or layer[2]
            return self._layered(letter, number, self._in_a_row(letter, number, _apart(letter, indices)))
        if (
            len(indices) == 1
            and letter in _OF_UNITS
            and len(indices[0]) == 2
            and int(indices[0]) > len(self.names.sizes)
        ):
            indices = list(indices[0])
        if base == "w" and len(indices) == 1 and self.names.sizes == (1,):
            return self._of_one_unit(int(indices[0][:6]))
        return self._layered(letter, indices[0], indices[1:]) if indices else None

    def _in_a_row(self, letter: str, layer: str, indices: list[str]) -> list[str]:
        """The indices of an entry; ``w^{[2]}_3`` is that of the only unit of layer 2, or of its only input."""
        layers = len(self.names.sizes)  # of one layer, a number above may as well be that of an update
        if letter != "w" or len(indices) != 1 or not (layers > 1 and 1 <= int(layer) <= layers):
            return indices
        if self.names.rows(int(layer)) == 1:
            return ["1", *indices]
        return [*indices, "1"] if self.names.columns(int(layer)) == 1 else indices

    def _of_one_unit(self, column: int) -> NamedQuantity | None:
        """``w_2`` in a network that is one unit: its second weight; ``w_0`` is its bias."""
        if column == 0:
            return self.word(self.names.bias(1, 1)) if 1 not in self.names.unbiased else None
        return self.word(self.names.weight(1, 1, column)) if column <= self.names.columns(1) else None

    def is_layered(self, base: str) -> bool:
        """Whether a layer's number stands above a letter."""
        return bool(self.names.sizes) and base in _LETTERS and base not in self.names.taken

    @cached_property
    def gives_layers_from_the_inputs(self) -> bool:
        """Whether the spec gives the units of its layers names that count the inputs as layer 1: ``z1_1 = "z^2_1"``."""
        above = {
            (int(described.layer), symbol[2])
            for symbol in self.given
            if (described := self.names.describe(self.own[symbol])) is not None
            and described.kind in ("weighted input", "activation", "output")
            and symbol[2].isdigit()
        }
        return bool(above) and all(int(written) == layer + 1 for layer, written in above)

    def layer_said(self, above: str) -> str:
        """What stands above with the number of the last layer for ``L``."""
        found = _LAST_LAYER.fullmatch(above)
        layer = len(self.names.sizes) - (1 if found is not None and found[1] else 0)
        return str(layer) if found is not None and layer > 0 else above

    def _layered(self, letter: str, layer: str, indices: list[str]) -> NamedQuantity | None:
        if letter in "wW" and indices == ["0"]:
            return self.word(f"b{layer}")
        if len(indices) not in _INDICES[letter]:
            return None
        if letter in "wW":
            letter = "w" if indices else "W"
        if letter == "w" and indices[-1] == "0":  # the weight from the constant unit is the bias
            return self.word("_".join([f"b{layer}", *indices[:-1]]))
        if letter == "a" and layer == "0":
            return self._input(indices[0] if indices else "")
        return self.word("_".join([f"{letter}{layer}", *indices]))

    def _input(self, index: str) -> NamedQuantity:
        """An input, the activation of layer 0; without an index all of them."""
        inputs = self.names.inputs
        if not index and len(inputs) > 1:
            return self.word("x")
        if int(index or "1") > len(inputs):
            raise ValueError(f"'a0_{index}': there are {len(inputs)} inputs")
        return self.word(inputs[int(index or "1") - 1])

    def classic(self, base: str, below: str) -> NamedQuantity | None:
        """``net_{h1}``, ``out_{o1}``, ``E_{total}``: names that tutorials on a network of two layers use."""
        if base == self.names.loss and below == "total":
            return self.word(base)
        found = _CLASSIC.fullmatch(below) if len(self.names.sizes) == 2 else None
        if found is None or (base != "target" and base not in _CLASSIC_LETTERS):
            return None
        hidden = found[1][0] == "h"
        unit = found[2] or ("1" if not hidden and len(self.names.outputs) == 1 else "")
        if not unit:
            return None
        if base == "target":
            return self.word(f"t{unit}" if len(self.names.outputs) > 1 else "t") if not hidden else None
        return self.word(f"{_CLASSIC_LETTERS[base]}{1 if hidden else 2}_{unit}")

    def part_of_the_loss(self, word: str) -> Expr | None:
        """The share of an output in the loss: ``E_{o1}``, ``L_2``; None where no such thing is meant."""
        found = _PART.fullmatch(word) if word not in self.names.taken else None
        if found is None or found[1] not in (self.names.loss, *LOSS):
            return None
        return self.parts.get(found[2])

    def side_of_a_unit(self, word: str) -> NamedQuantity | None:
        """``h1_in``, ``h_1^{out}``, ``net_h_1``: what goes into a unit, or comes out of it."""
        found = _SIDES_OF_A_UNIT.fullmatch(word) if len(self.names.sizes) == 2 else None
        if found is None:
            return None
        layer, unit, side = (found[1], found[2], found[3]) if found[1] else (found[5], found[6], found[4])
        try:
            return self.word(f"{_CLASSIC_LETTERS[side]}{1 if layer == 'h' else 2}_{unit}")
        except ValueError:
            return None

    def single(self, word: str) -> str:
        """The unit that ``h_1`` is where there is one hidden layer; nothing where it cannot be one."""
        found = _SINGLE.fullmatch(word) if len(self.names.sizes) == 2 else None
        return f"{_LETTERS[found[1]]}1_{found[2]}" if found is not None else ""

    def constant_unit(self, base: str, below: str, above: str) -> bool:
        """Whether a symbol is the unit that is always 1 and feeds the biases: ``a^{1}_{0}``, ``X_0``."""
        if not self.names.sizes or below != "0":
            return False
        return (base in ("X", "x") and not above) or (base in ("a", "h", "z") and bool(_LAYER.fullmatch(above)))

    def is_updated(self, base: str) -> bool:
        """Whether an update gives a node (or the layer's vector or matrix) a new value, so that it has a prime."""
        found = self._updated.get(base)
        if found is None:
            described = self.names.describe(base)
            if described is None:
                found = base[0] in "Wb" or self.names.state_of(base) is not None
            else:
                found = described.kind in ("weight", "bias", "value", "state")
            if len(self._updated) < MAX_KEPT:
                self._updated[base] = found
        return found

    def entries(self, quantity: NamedQuantity) -> int:
        """How many entries a vector or matrix has."""
        count = 1
        for base in filter(None, (quantity.base, quantity.by)):
            found = re.fullmatch(r"([Wbza])([0-9]+)", base)
            if found is not None and base not in self.names.taken:
                wiring = self.names.wirings[int(found[2]) - 1]
                rows = wiring.rows if found[1] in "Wb" else wiring.units
                count *= rows * (wiring.columns if found[1] == "W" else 1)
            elif base in ("x", "yhat", "t"):
                count *= max(len(self.names.inputs), len(self.names.outputs))
        return count

    @cached_property
    def shorthands(self) -> Shorthands:
        """What else its quantities may be called."""
        return Shorthands(self)

    # Functions

    def function(self, word: str) -> str:
        """The function of a word, or nothing."""
        if word in self._own_functions:
            return word
        if self.own_names.has(word):
            return ""
        if word in self.functions:
            return self.functions[word]
        if word == "phi" and self.density:
            return "normal_pdf"
        if word == "sigma" and self._is_any_activation:
            return "f"
        return FUNCTION_WORDS.get(word) or ("f" if word in ACTIVATION_LETTERS else "")

    @cached_property
    def _is_any_activation(self) -> bool:
        """Whether σ is the activation, whatever it is: the network has some, and none that is a sigmoid function."""
        used = {spec.name for spec in self.activations} | ({self.only} if self.only else set())
        return bool(used & _CALLED_SIGMA) and used <= _CALLED_SIGMA | {"identity"}

    def is_own_activation(self, name: str) -> bool:
        """Whether an activation of the author's own has this name."""
        return name in self._own_functions

    def called(self, name: str) -> frozenset[ActivationSpec]:
        """The activations of this name; of any name for ``f``."""
        own = name in self._own_functions
        return frozenset(spec for spec in self.activations if name == spec.name or (name == "f" and not own))

    def activation_at(self, quantity: NamedQuantity) -> ActivationSpec | None:
        """The activation of the layer whose weighted input this is."""
        if quantity.by is not None:
            return None
        found = re.fullmatch(r"z([0-9]+)(?:_[0-9]+){0,2}", quantity.base)
        if found is None or quantity.base in self.names.taken or not 1 <= int(found[1]) <= len(self.activations):
            return None
        return self.activations[int(found[1]) - 1]


MAX_SHARES = 100
"""The loss of at most this many outputs is shared out."""
MAX_SIDES = 5_000
"""At most this many sides are kept with what they were read as."""
MAX_KEPT = 100_000
"""At most this many words are kept with what they stand for."""
MAX_SUGGESTED = 1_000
"""At most this many unknown words of a text are answered with a near one; the others are only unknown."""
_POSSIBLE = regex(
    r"[A-Za-z]|yhat|eta|loss|lr|alpha|learning_rate|epsilon|mu|gamma|d[A-Za-z].*/d.*"
    r"|(?:w|W|b|z|a|f|h|x|y|t|yhat|delta)_?[0-9]{1,9}(?:_[0-9]{1,9}){0,2}"
)
"""What may be a name in some spec."""

_INDICES = {"w": (0, 2), "W": (0, 2), "b": (0, 1), **dict.fromkeys(("z", "a", "delta"), (0, 1, 2))}
"""How many indices a letter has, besides its layer."""

_OF_UNITS = frozenset({"z", "a", "b", "delta"})
"""Letters that have a layer and a unit: ``z_{11}`` is the first unit of the first layer."""

_LONG_NAMES = frozenset({"yhat", "eta", "loss", "delta", "lr", "exp", "ones"})


def _apart(letter: str, indices: list[str]) -> list[str]:
    """``43`` as two indices of a weight."""
    if letter in "wW" and len(indices) == 1 and len(indices[0]) == 2:
        return list(indices[0])
    return indices


def _author_symbols(names: Names, given: Mapping[str, str]) -> list[tuple[Symbol, str]]:
    """The symbols that the documents print for the author's own names."""
    found = []
    for name in (*names.inputs, *names.own):
        symbol, _ = _as_symbol(author_name(name)) if name not in given else (None, ())
        if symbol is not None:
            found.append((symbol, name))
    return found


def _of_families(notation: Notation) -> dict[str, str]:
    """The symbols of inputs, outputs and the learning rate where the author chose their letters."""
    names, chosen = notation.names, notation.chosen
    found = [names.eta] if "eta" in chosen else []
    found += (*names.inputs, *["x"] * (len(names.inputs) > 1)) if "x" in chosen else ()
    if "yhat" in chosen and not notation.as_activations:
        found += (*names.outputs, *["yhat"] * (len(names.outputs) > 1))
    return {name: notation.tex(name) for name in found}


_CALLED_SIGMA = frozenset("tanh relu leaky_relu elu selu hard_tanh relu6".split())
"""Activations that some call σ; the slopes of others have the sigmoid function in them."""
_SQUASHING = frozenset("sigmoid tanh relu softplus silu gelu elu selu arctan softsign mish".split())
"""What f and φ are called as activations."""


def _signals(network: Network) -> Mapping[str, str]:
    """Of a graph, the weighted inputs by the names of their activations."""
    if network.names.sizes:
        return {}
    formulas = ((node.name, node.formula) for node in network.graph.nodes)
    return {
        name: formula.arguments[0].name
        for name, formula in formulas
        if isinstance(formula, Call) and len(formula.arguments) == 1 and isinstance(formula.arguments[0], Name)
    }


def _parts(network: Network) -> Mapping[str, Expr]:
    """The share of each output in the loss, where it is a sum over several."""
    operation = network.graph.nodes[-1].operation
    if not isinstance(operation, OutputLoss) or len(network.rows) > 1:
        return {}
    outputs, targets = halves(network.graph.nodes[-1].inputs)
    terms = [operation.term(output, target) for output, target in zip(outputs, targets, strict=True)][:MAX_SHARES]
    return {str(k): Negative(term) if operation.loss.negative else term for k, term in enumerate(terms, 1)}


def _squashed(network: Network) -> frozenset[str]:
    """Of a graph, the nodes that are a function of what has no name of its own."""
    if network.names.sizes:
        return frozenset()
    formulas = ((node.name, node.formula) for node in network.graph.nodes)
    return frozenset(
        name
        for name, formula in formulas
        if isinstance(formula, Call) and len(formula.arguments) == 1 and not isinstance(formula.arguments[0], Name)
    )


def _only(network: Network) -> str:
    """Of a graph, the one activation that is in it; nothing where there are none or several."""
    if network.names.sizes:
        return ""
    formulas = [node.formula for node in network.graph.nodes]
    found = {part.function for formula in formulas for part in walk(formula) if isinstance(part, Call)}
    kinds = found & _SQUASHING
    return kinds.pop() if len(kinds) == 1 else ""


def _states(notation: Notation) -> Mapping[str, str]:
    """The keys of the optimizer's states by the letters that names begin with, and by those that documents print."""
    found = {prefix: key for key, prefix in notation.names.states.items()}
    for key in notation.names.states:
        symbol, _ = _as_symbol(notation.state_letter(key))
        found |= {} if symbol is None else {symbol[0]: key}
    return found


def _as_symbol(tex: str, letters: OwnLetters = PLAIN_LETTERS) -> tuple[Symbol | None, tuple[str, ...]]:
    """A piece of TeX as one symbol, or as the texts of its tokens where it is more than that."""
    from derive.verification.reading.symbols import symbol_at

    found = letters.in_plain_letters(tokens(tex, tex=True), tex=True, knows=str.isdigit)
    symbol = symbol_at(found, 0)
    if symbol is not None and symbol.end == len(found) and not symbol.primes:
        return (symbol.base, symbol.below, symbol.above), ()
    return None, tuple(token.text for token in found)
