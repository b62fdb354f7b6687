"""The names of a text that no ``let`` explains, one after the other: by custom, by their numbers, by their formulas."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import islice

from flint import arb, fmpq

from derive.expressions.functions import CONSTANTS
from derive.expressions.grammar import exact
from derive.expressions.print_text import ascii as printed
from derive.expressions.tree import Name, Negative, names_in, substitute
from derive.naming.names import Names
from derive.verification.comparing.chain import File
from derive.verification.inference.by_results import by_results
from derive.verification.inference.by_samples import by_samples
from derive.verification.inference.by_statements import ByStatements
from derive.verification.inference.conventions import by_convention, is_of_a_unit
from derive.verification.inference.definitions import SAMPLE_LETTERS, Definitions
from derive.verification.inference.givens import Givens
from derive.verification.inference.layered_letters import letters_of_layers
from derive.verification.inference.near import is_near
from derive.verification.inference.sightings import OwnSymbol, Sightings, sightings
from derive.verification.inference.wholes import Wholes, matrix, of_a_family, of_layers
from derive.verification.reading import Decimal, Matrix, SideContent, Spelling, TextKind
from derive.verification.reading.atoms import atom
from derive.verification.reading.bare import LETTERS
from derive.verification.reading.model import Unreadable
from derive.verification.reading.own_names import OwnName, OwnNames, key
from derive.verification.reading.parse import General, Parser
from derive.verification.reading.quantities import GENERAL_LETTERS, quantity_at
from derive.verification.reading.token import Token
from derive.verification.reading.written_number import as_computed

MAX_INFERRED = 200
"""At most this many names of a text are inferred."""
MAX_SAMPLES = 50
"""A name of every sample has its meaning in at most this many."""
MAX_OF_AN_UPDATE = 40
"""The rate stands among so many tokens of an update."""
SUMS = frozenset({"S", "D"})
"""Letters for a sum that comes again, which gets its meaning where it stands."""
OF_ONE_HIDDEN = 2
"""So many layers has a network with one hidden layer."""
ROUNDS = 3
"""So often are formulas looked through for names that only then are known."""
ERRORS = frozenset("error err e fehler erreur".split())
"""Words for the loss that as often are the difference of output and target."""
_FUNCTIONS = frozenset({"f", "g", "phi", "act", "activation", "psi"})
RESIDUAL = re.compile(
    r"(?<![A-Za-z\\{])(?:y[_{}0-9]*\s*[-−]\s*(?P<t>t[_{}0-9]*)|(?P<t2>t[_{}0-9]*)\s*[-−]\s*y)(?![A-Za-z])"
)
"""``y - t``, where one of both is the target and may be called y."""
_SCRIPTED = re.compile(r"(?<![A-Za-z\\])[za][ \t]*[\^_][ \t]*[{(\[]?[0-9]")
"""A z or an a that says whose it is: those alone are of any unit."""
_STEP = re.compile(
    r"(?<![A-Za-z])(?:[EJLCf]|[Ll]oss|[Cc]ost|\\mathcal\s?\{?[A-Z]\}?)\s?(?:\\left\s?|\\[Bb]igg?l?\s?)?\("
    r"[^()=\n]{1,60}?\+\s?h\s?(?:\\right\s?|\\[Bb]igg?r?\s?)?[),]"
    r"|(?:/|\}\s?\{)\s?\(?\s?2\s?(?:\*|·|\\cdot|\\,)?\s?h(?![A-Za-z_^'])"
)
"""Where h is the step of a difference quotient: ``E(w + h)``, ``/(2h)``."""


def inferred(text: str, kind: TextKind, spelling: Spelling, decimal: Decimal, file: File) -> OwnNames:
    """The names of a text that are no names of the network's, each with the one quantity that it can stand for."""
    if not spelling.names.sizes:
        return OwnNames()
    return _Inference(sightings(text, kind, spelling, decimal), spelling, file).names()


class _Inference:
    """The names of one text while they are inferred."""

    def __init__(self, seen: Sightings, spelling: Spelling, file: File) -> None:
        self.seen = seen
        self.spelling = spelling
        self.file = file
        self.found: dict[str, OwnName] = {}
        self.known: dict[str, str] = {}
        self.unknown: dict[str, OwnSymbol] = {}
        stems = {(symbol.stem, symbol.indices) for symbol in seen.symbols.values()}
        self.numbers = seen.first_numbers()
        steps = {"h"} if _STEP.search(seen.text) is not None else set[str]()
        for name, symbol in seen.symbols.items():
            if self._is_word(symbol):
                continue
            quantity = "" if is_of_a_unit(symbol, stems, spelling.names) else self._quantity(symbol)
            if quantity and not self._is_no_rate(symbol, quantity) and not self._is_no_vector(name, quantity):
                self.known[name] = quantity
            elif name not in steps:
                self.unknown[name] = symbol

    def names(self) -> OwnNames:
        """What the names stand for."""
        numbers = self.numbers
        givens = Givens(self.spelling.names, self.file.network)
        self._any_letters()
        self._outputs(numbers, givens)
        self._of_the_only_unit()
        self._by_custom(numbers, givens)
        free = {name: symbol for name, symbol in self.unknown.items() if name not in self.found}
        taken = {self.known[name] for name in self.known if givens.values.get(self.known[name]) == numbers.get(name)}
        taken |= {own.value.name for own in self.found.values() if isinstance(own.value, Name)}
        for name, node in givens.matched(free, numbers, taken).items():
            self._put(name, node, "its_value")
        self._of_rows(givens)
        self._outputs(numbers, givens)
        self._errors()
        self._by_formula()
        if self._by_results():
            self._by_formula()
        self._by_samples()
        self._with_layers()
        self._delta()
        if self._by_statements() | self._by_entries() | self._of_the_output() | self._of_layers():
            self._by_formula()
        self._turned(givens)
        return OwnNames(dict(list(self.found.items())[:MAX_INFERRED]))

    def _of_rows(self, givens: Givens) -> None:
        """What has the numbers of an input or a target in all samples, one after the other."""
        given = givens.by_rows
        numbers: dict[str, list[fmpq]] = {}
        for one in self.seen.equal if given else ():
            if one.key in self.unknown and one.key not in self.found and one.number is not None:
                numbers.setdefault(one.key, []).append(one.number)
        for name, found in numbers.items():
            nodes = [node for node, values in given.items() if tuple(found[: len(values)]) == values]
            if len(nodes) == 1 and self.unknown[name].stem not in LETTERS:
                self._put(name, nodes[0], "its_value")
                for row in range(1, len(given[nodes[0]]) + 1):
                    about = Name(f"{nodes[0]}[{row}]")
                    if f"{name}{row}" not in self.seen.symbols:
                        own = OwnName(f"{name}_{row}", about.name, 0, about, why="its_value")
                        self.found[f"{name}{row}"] = own

    def _is_word(self, symbol: OwnSymbol) -> bool:
        """Whether a symbol is the name of a function or of a constant."""
        if symbol.key in SUMS or (symbol.key in LETTERS and self.spelling.names.sizes != (1,)):
            return True
        if symbol.base in CONSTANTS and not symbol.below and symbol.indices is None:
            return not self._is_worked(symbol.key)
        if symbol.base in _FUNCTIONS:
            called = re.search(rf"(?<![A-Za-z]){symbol.base}'?\s*\(", self.seen.text)
            return called is not None or all(one.key != symbol.key for one in self.seen.equal)
        return symbol.base not in ("h", "a", "sigma") and bool(self.spelling.function(symbol.base))

    def _is_worked(self, name: str) -> bool:
        """Whether a name is set equal to a calculation."""
        return any(one.key == name and one.number is None for one in self.seen.equal)

    def _quantity(self, symbol: OwnSymbol) -> str:
        """The quantity that a symbol is in the network; empty where it is none."""
        parser = Parser(list(symbol.tokens), self.spelling, self.seen.text, 0, atom, tex=False)
        try:
            quantity = quantity_at(parser) if symbol.tokens else None
        except (Unreadable, General):
            return ""
        return str(quantity) if quantity is not None and parser.at == len(parser.tokens) else ""

    def _is_no_rate(self, symbol: OwnSymbol, quantity: str) -> bool:
        """Whether a letter for the learning rate stands for something else: it is worked out."""
        eta = self.spelling.names.eta
        if quantity != eta or symbol.key == eta:
            return False
        here = [one for one in self.seen.equal if one.key == symbol.key]
        if not here or here[0].number is not None:
            return False
        return any(token.kind == "word" or (i and token.text in "+-") for i, token in enumerate(here[0].right))

    def _is_no_vector(self, name: str, quantity: str) -> bool:
        """Whether the name of a layer's weights or biases stands for something else: it has one number."""
        if name not in self.numbers or quantity[:5] == "delta" or not self.spelling.knows(quantity):
            return False
        return self.spelling.word(quantity).by is None and self._is_vector(quantity)

    def _put(self, name: str, value: str | SideContent, why: str) -> None:
        symbol = self.seen.symbols[name]
        content = Name(value) if isinstance(value, str) else value
        meaning = _shown(content)
        self.found[name] = OwnName(symbol.written, meaning, 0, content, why=why)

    # The ways

    def _outputs(self, numbers: Mapping[str, fmpq], givens: Givens) -> None:
        """``y`` is the output, and not the target, where it is worked out, or another name has the target's value.

        What changes with the updates is no target either.
        """
        names = self.spelling.names
        targets = dict(zip(names.targets, names.outputs, strict=True)) if names.targets else {}
        worked = {one.key for one in self.seen.equal if _calls(one.right, self.spelling) or _is_a_sum(one.right)}
        worked |= self.seen.moving
        others = {
            name
            for name, quantity in self.known.items()
            if quantity in targets and name[:1] in "tT" and name in numbers
        }
        others |= {name for name, own in self.found.items() if own.meaning in targets}
        others |= self._beside_an_output(targets)
        for name, quantity in self.known.items():
            if quantity == "t" and len(targets) > 1 and name in self.seen.moving and name not in self.found:
                self._put(name, Matrix(tuple((Name(output),) for output in names.outputs)), "its_use")
            if not name.lower().startswith("y") or quantity not in targets or name in self.found:
                continue
            if self._is_counted_on(name):
                continue
            differs = numbers.get(name) != givens.values.get(quantity)
            if quantity in givens.by_rows:  # of several samples
                differs = numbers.get(name) not in givens.by_rows[quantity]
            if differs and (name in worked or (others and name not in others)):
                self._put(name, targets[quantity], "its_use")
                self._of_samples(name, Name(targets[quantity]), is_residual=False)

    def _beside_an_output(self, targets: Mapping[str, str]) -> set[str]:
        """The names in t of targets that stand in one formula with one in y: that is the output then."""
        pairs = RESIDUAL.finditer(self.seen.text)
        said = {re.sub("[^A-Za-z0-9]", "", one["t"] or one["t2"]) for one in islice(pairs, MAX_SAMPLES)}
        return {word for word in said if self.known.get(word) in targets}

    def _is_counted_on(self, name: str) -> bool:
        """Whether more units have this letter than there are outputs: ``y_3`` beside ``y_1`` and ``y_2``."""
        symbol, most = self.seen.symbols[name], len(self.spelling.names.outputs)
        beside = (one.indices for one in self.seen.symbols.values() if one.stem == symbol.stem)
        return symbol.indices is not None and any(at is not None and len(at) == 1 and at[0] > most for at in beside)

    def _any_letters(self) -> None:
        """A letter of any thing, ``o`` in TeX, is the output that it is elsewhere where it is worked out."""
        for name, quantity in self.known.items():
            output = name in GENERAL_LETTERS and quantity in self.spelling.names.outputs
            if output and self._is_worked(name) and not self._is_another(name, quantity):
                self._put(name, quantity, "its_letter")

    def _by_custom(self, numbers: Mapping[str, fmpq], givens: Givens) -> None:
        """What courses call the quantities of small networks; not where most of a family's numbers say otherwise."""
        found: dict[str, str] = {}
        for name, symbol in self.unknown.items():
            node = by_convention(symbol, self.spelling.names)
            if node and (name != "z" or "a" not in self.seen.symbols):  # beside "a" it is a letter of any unit
                found[name] = node
        votes: dict[str, int] = {}
        for name, node in found.items():
            if name in numbers and node in givens.values:
                stem = self.unknown[name].stem
                votes[stem] = votes.get(stem, 0) + (1 if numbers[name] == givens.values[node] else -1)
        self._row_of_weights()
        self._of_one_layer()
        for name, node in found.items():
            if votes.get(self._stem(name), 0) >= 0 and not self._are_others(self._stem(name), found):
                self._put(name, node, "its_letter")

    def _are_others(self, stem: str, found: Mapping[str, str]) -> bool:
        """Whether all of a family's names, two at least, are stated to be other numbers than its quantities'."""
        told = {one.key for one in self.seen.stated if one.about == "value"}
        nodes = {**self.known, **found}
        family = [name for name in nodes if name in told and self._stem(name) == stem]
        return len(family) > 1 and all(self._is_another(name, nodes[name]) for name in family)

    def _stem(self, name: str) -> str:
        return self.seen.symbols[name].stem

    def _of_one_layer(self) -> None:
        """``W`` and ``b`` are the weights and biases of a network of one layer."""
        names = self.spelling.names
        if len(names.sizes) != 1 or names.sizes[0] == 1:
            return
        for whole in of_layers(names):
            letter = {"w": "W", "b": "b", "z": "z"}.get(whole.kind, "")
            said = letter in self.unknown or (letter == "z" in self.seen.symbols and "W" in self.found)
            if said and letter not in self.found:
                self._put(letter, matrix(whole.nodes), "its_letter")

    def _of_the_only_unit(self) -> None:
        """``z`` and ``a`` alone are the only hidden unit's, where the output has no z of its own and another name."""
        names, layers = self.spelling.names, self.file.network.layers
        if names.sizes != (1, 1) or layers[1].spec.activation.name != "identity" or _SCRIPTED.search(self.seen.text):
            return
        stated = {one.key for one in self.seen.equal}
        if stated & LETTERS and any(self._node(name) in names.outputs for name in stated):
            for name, node in (("z", names.z(1, 1)), ("a", names.a(1, 1))):
                if name in stated and name not in self.found:
                    self._put(name, node, "its_letter")

    def _row_of_weights(self) -> None:
        """``w`` is the vector of the weights of a network that is one unit."""
        names = self.spelling.names
        if names.sizes == (1,) and names.columns(1) > 1 and "w" in self.unknown:
            self._put(
                "w", Matrix(tuple((Name(names.weight(1, 1, i)),) for i in range(1, names.columns(1) + 1))), "its_letter"
            )

    def _by_formula(self) -> None:
        """What is set equal to the formula of one quantity, or to its calculation in numbers."""
        definitions = Definitions(self.file)
        for _ in range(ROUNDS):
            count = len(self.found)
            for one in self.seen.equal:
                target = self.known.get(one.key, "") in self.spelling.names.targets and one.key[:1] in "yY"
                if not (one.key in self.unknown or target) or one.key in self.found or one.number is not None:
                    continue
                spelling = self._with_found()
                content = definitions.of(one, spelling, self.seen.text)
                content = definitions.as_output(content) if target else content
                if target and not definitions.is_output(content):
                    continue
                if content is not None:
                    self._put(one.key, content, "its_formula")
                    self._of_samples(one.key, content, is_residual=definitions.is_residual(content))
            self._completed()
            if len(self.found) == count or len(self.found) > MAX_INFERRED:
                return

    def _by_results(self) -> bool:
        """Families of units by what their calculations come to."""
        if len(self.file.network.rows) > 1:
            return False
        free = {name: symbol for name, symbol in self.unknown.items() if name not in self.found}
        kinds: dict[str, str] = {}
        for name, quantity in self.known.items():
            symbol = self.seen.symbols[name]
            described = self.spelling.names.describe(quantity) if symbol.indices is not None else None
            if quantity[:5] == "delta" and name not in self.found and self._is_vector(quantity):
                free[name] = symbol
            elif described is not None and described.kind in ("activation", "output") and name not in self.found:
                free[name] = symbol  # o_1 of another layer is an activation there, too
                kinds[symbol.stem] = "a"
        taken = {own.value.name for own in self.found.values() if isinstance(own.value, Name)}
        value, results = Definitions(self.file).value, self.seen.first_results()
        found = {
            name: node
            for name, node in by_results(free, results, self.spelling.names, value, taken, kinds=kinds).items()
            if self.known.get(name) != node
        }
        for name, node in found.items():
            self._put(name, node, "its_value")
        return bool(found)

    def _with_found(self) -> Spelling:
        """The spelling with the names that are known so far."""
        return self.spelling.with_own(self.spelling.own_names.with_(self.found))

    def _by_samples(self) -> None:
        """Names with a sample above, by what their calculations come to in each of them."""
        free = [one for one in self.seen.sampled if not self._is_known(f"{one.base}{one.unit or ''}")]
        names, value = self.spelling.names, Definitions(self.file).value
        for one, node in by_samples(free, names, len(self.file.network.rows), value).items() if free else ():
            own = OwnName(one.written, node, 0, Name(node), why="its_value")
            self.found.setdefault(key(one.base, str(one.unit or ""), str(one.row)), own)

    def _with_layers(self) -> None:
        """Letters with a layer above them that the network has not, by their numbers."""
        if len(self.file.network.rows) > 1 or not self.seen.layered:
            return
        free = [one for one in self.seen.layered if not self.spelling.is_layered(one.letter)]
        letters = letters_of_layers(free, self.spelling.names, Definitions(self.file).value)
        for letter, kind in letters.items():
            own = OwnName(letter, kind, 0, family=kind, letter=letter, why="its_value")
            self.found.setdefault(letter, own)

    def _is_known(self, name: str) -> bool:
        """Whether the network has a quantity of this name."""
        return name in self.found or self.spelling.knows(name) or bool(self.known.get(name))

    def _by_statements(self) -> bool:
        """Names by all the numbers that are stated of them."""
        free = {name: symbol for name, symbol in self.unknown.items() if name not in self.found}
        worked = {one.key for one in self.seen.stated if one.worked}  # "z = 0.08" alone does not say whose it is
        letters = LETTERS & worked - self.found.keys()
        free |= {name: symbol for name, symbol in self.seen.symbols.items() if name in letters}
        free |= {
            name: self.seen.symbols[name] for name in self.known.keys() - self.found.keys() if self._is_in_doubt(name)
        }
        taken = {own.value.name for own in self.found.values() if isinstance(own.value, Name)}
        by_statements = ByStatements(self.spelling.names, Definitions(self.file).value)
        found = by_statements.found(free, self.seen.stated, taken, beside=self._families())
        single = {
            name for name in found if name in self.known and self.spelling.single(self._spelt(name)) == found[name]
        }
        stems = {self.seen.symbols[name].stem for name in found.keys() - single}
        for name, node in found.items():
            if name not in self.known or self.seen.symbols[name].stem in stems:
                self._put(name, node, "its_value")
        return bool(found)

    def _families(self) -> Mapping[str, Mapping[tuple[int, ...], str]]:
        """The quantities of names that are known by the whole file, by letter and indices."""
        found: dict[str, dict[tuple[int, ...], str]] = {}
        for name, own in self.found.items():
            symbol = self.seen.symbols.get(name)
            if symbol is not None and symbol.indices is not None and isinstance(own.value, Name):
                found.setdefault(symbol.stem, {})[symbol.indices] = own.value.name
        return found

    def _is_in_doubt(self, name: str) -> bool:
        """Whether a number with an index may be another unit's than the network's name says: ``a_2`` of a layer."""
        quantity, symbol = self.known[name], self.seen.symbols[name]
        if symbol.indices is None or len(symbol.indices) != 1:
            return False
        beside = (other for other, one in self.seen.symbols.items() if one.stem == symbol.stem)
        single = self.spelling.single(self._spelt(name))
        if not single and self.unknown.keys().isdisjoint(beside) and not self._are_others(symbol.stem, {}):
            return False
        described = self.spelling.names.describe(quantity)
        kind = described.kind if described is not None else ""
        return self._is_vector(quantity) or kind in ("activation", "output", "target")

    def _spelt(self, name: str) -> str:
        symbol = self.seen.symbols[name]
        return f"{symbol.stem}_{symbol.indices[0]}" if symbol.indices else ""

    def _by_entries(self) -> bool:
        """Vectors and matrices by the numbers that are stated of them."""
        if len(self.file.network.rows) > 1:
            return False
        free = {*self.unknown, *(LETTERS & self.seen.symbols.keys())} - self.found.keys()
        wholes = Wholes(self.spelling.names, Definitions(self.file).value)
        found = wholes.found(dict.fromkeys(free), self.seen.wholes)
        for name, value in found.items():
            self._put(name, value, "its_value")
        return bool(found)

    def _of_layers(self) -> bool:
        """A letter without an index is a layer's vector, where with indices it is each of its units."""
        count = len(self.found)
        units: dict[str, list[tuple[int, str]]] = {}
        for name, symbol in self.seen.symbols.items():
            if symbol.indices is not None and len(symbol.indices) == 1:
                units.setdefault(symbol.stem, []).append((symbol.indices[0], name))
        for name, symbol in self.seen.symbols.items():
            free = name in self.unknown or name in LETTERS or name in self.known
            if name in self.found or not free or symbol.indices is not None or name != symbol.stem or name not in units:
                continue
            beside = {index: own for index, unit in units[name] if (own := self._of_unit(unit))}
            nodes = of_a_family(dict(sorted(beside.items())), self.spelling.names)
            if nodes and (name not in self.known or self._is_of_the_whole_file(name)):
                self._put(name, matrix(nodes), "its_family")
        return len(self.found) > count

    def _is_of_the_whole_file(self, stem: str) -> bool:
        """Whether the units of a letter are others than it says by itself."""
        units = [name for name, one in self.seen.symbols.items() if one.stem == stem != name]
        return bool(units) and all(name in self.found for name in units if self.seen.symbols[name].indices)

    def _of_unit(self, name: str) -> str:
        """What a unit has that a name with one index stands for, by the whole file or by its letter."""
        own = self.found.get(name)
        if own is not None:
            return own.value.name if isinstance(own.value, Name) else ""
        return self.spelling.single(self._spelt(name))

    def _of_the_output(self) -> bool:
        """A letter without an index is the output's, where with one it is the units' of the one hidden layer."""
        names = self.spelling.names
        if len(names.sizes) != OF_ONE_HIDDEN or names.sizes[0] == 1 or names.sizes[1] != 1:
            return False
        count = len(self.found)
        letters = {name: symbol for name, symbol in self.seen.symbols.items() if name in LETTERS}
        families: dict[str, list[str]] = {}
        for name, symbol in self.seen.symbols.items():
            families.setdefault(symbol.stem, []).append(name)
        for name, symbol in (self.unknown | letters).items():
            if name in self.found or symbol.indices is not None or name != symbol.stem:
                continue
            beside = {self._node(other) for other in families.get(name, ()) if other != name}
            kinds = {_of_a_unit(node, names) for node in beside - {""}}
            made = {
                "weighted input": names.z(2, 1),
                "bias": names.bias(2, 1),
                "delta": f"d{names.loss}/d{names.z(2, 1)}",
            }
            kind = kinds.pop() if len(kinds) == 1 else ""
            if kind in made and made[kind] not in {self._node(other) for other in self.found}:
                self._put(name, made[kind], "its_family")
        return len(self.found) > count

    def _node(self, name: str) -> str:
        """The one quantity that a name stands for, as far as that is known."""
        own = self.found.get(name)
        if own is None:
            return self.known.get(name, "")
        return own.value.name if isinstance(own.value, Name) else ""

    def _is_vector(self, quantity: str) -> bool:
        """Whether a name is that of a layer's vector or matrix of several entries."""
        if not self.spelling.knows(quantity):
            return False
        known = self.spelling.word(quantity)
        return known.shape != "scalar" and self.spelling.entries(known) > 1

    def _delta(self) -> None:
        """δ alone, where every calculation that it is set equal to is that of one quantity."""
        here = [one for one in self.seen.equal if one.key == "delta" and one.number is None]
        if not here or "delta" in self.found or "delta" in self.known or self.spelling.names.sizes == (1,):
            return
        definitions, spelling = Definitions(self.file), self._with_found()
        found = {definitions.of(one, spelling, self.seen.text) for one in here}
        node = next(iter(found))
        if (
            len(found) == 1
            and isinstance(node, Name)
            and node.name.startswith((f"d{self.spelling.names.loss}/d", "delta"))
        ):
            self._put("delta", node, "its_formula")

    def _errors(self) -> None:
        """A word for the loss that is set equal to the difference of output and target first: it is the residual."""
        definitions, seen, loss = Definitions(self.file), set[str](), self.spelling.names.loss
        free = {name for name, quantity in self.known.items() if quantity == loss != name}
        if len(self.file.network.rows) == 1:  # of several samples e is one's, by its formula
            free |= self.unknown.keys() & CONSTANTS.keys()
        for one in self.seen.equal:
            if one.key in seen or one.key.lower() not in ERRORS or one.key not in free:
                continue
            seen.add(one.key)
            residual = definitions.residual(one, self._with_found(), self.seen.text)
            if residual is not None:
                self._put(one.key, residual, "its_use")

    def _of_samples(self, name: str, content: SideContent, *, is_residual: bool) -> None:
        """``e_1``, ``e_2`` of the samples, where ``e_i`` has a formula."""
        symbol, rows = self.seen.symbols[name], len(self.file.network.rows)
        if rows < 2 or isinstance(content, Matrix):
            return
        counted = symbol.below.isdigit() and is_residual and not any("[" in one for one in names_in(content))
        if symbol.below and symbol.below not in SAMPLE_LETTERS and not counted:
            return
        takes = self.file.worlds.addresses.takes_row
        if counted:
            del self.found[name]
        elif symbol.base in CONSTANTS:
            self.found.pop(symbol.base, None)
        elif symbol.below:
            self.found.setdefault(symbol.base, replace(self.found[name], written=symbol.base))
        for row in range(1, min(rows, MAX_SAMPLES) + 1):
            about = substitute(content, {one: Name(f"{one}[{row}]") for one in names_in(content) if takes(one)})
            written = f"{symbol.base}_{row}"
            own = OwnName(written, _shown(about), 0, about, why="its_formula")
            self.found.setdefault(f"{symbol.base}{row}", own)

    def _turned(self, givens: Givens) -> None:
        """δ is the negative of the derivative where it is worked out so, and every update adds what is made of it."""
        names = self.spelling.names
        if not self._adds(givens.values.get(names.eta)):
            return
        definitions, signs = Definitions(self.file), set[int]()
        deltas: dict[str, str] = {}
        for name in (name for name in self.seen.symbols if name[:5] == "delta" or name[:1] == "d"):
            own = self.found.get(name)
            node = own.value.name if own is not None and isinstance(own.value, Name) else self.known.get(name, "")
            if name == "delta" and names.sizes == (1,):
                node = "delta1_1"
            if node.startswith(("delta", f"d{names.loss}/dz")) and node[-1:].isdigit() and "_" in node:
                deltas[name] = node
        trial = OwnNames({**self.found, **{name: self._negative(name, node) for name, node in deltas.items()}})
        for one in self.seen.equal:
            if one.key in deltas and one.number is None:
                signs.add(definitions.sign_of(one, deltas[one.key], self.spelling.with_own(trial), self.seen.text))
        if -1 in signs and 1 not in signs:
            self.found = dict(trial.by_key)

    def _negative(self, name: str, node: str) -> OwnName:
        symbol = self.seen.symbols[name]
        return OwnName(symbol.written, f"-{node}", 0, Negative(Name(node)), why="its_sign")

    def _adds(self, rate: fmpq | None) -> bool:
        """Whether updates add the rate times something, and none takes it away."""
        signs = set[str]()
        for one in self.seen.equal:
            key = one.key.rstrip("'")
            own = self.found.get(key)
            name = own.value.name if own is not None and isinstance(own.value, Name) else self.known.get(key, "")
            parameter = name in self.spelling.names.parameters
            for at, token in enumerate(one.right[:MAX_OF_AN_UPDATE] if one.number is None else ()):
                said = parameter and token.kind == "number" and at > 0 and _value_of(token) == rate
                said = said or (token.kind == "word" and self.known.get(token.text) == self.spelling.names.eta)
                if said and (at or token.kind == "word"):
                    signs.add(one.right[at - 1].text if at else "+")
        return "+" in signs and "-" not in signs

    def _completed(self) -> None:
        """The other members of a family of which one is a unit's: ``s_2`` beside ``s_1``."""
        counted = self._counted()
        for name, symbol in self.unknown.items():
            if name in self.found or symbol.indices is None or len(symbol.indices) != 1:
                continue
            nodes = {node for node in self._beside(symbol) if node}
            if symbol.stem in ("delta", "d") and (unit := counted.get(symbol.indices[0])) is not None:
                nodes = {f"d{self.spelling.names.loss}/d{self.spelling.names.z(*unit)}"}
            if len(nodes) == 1 and not self._is_another(name, node := nodes.pop()):
                self._put(name, node, "its_family")

    def _is_another(self, name: str, node: str) -> bool:
        """Whether every value that is stated of a name is another number than a quantity's, whatever its sign."""
        said = [one.written.lstrip("-") for one in self.seen.stated if one.key == name and one.about == "value"]
        value = Definitions(self.file).value(node) if said else None
        return value is not None and not any(is_near(written, abs(arb(value))) for written in said)

    def _counted(self) -> Mapping[int, tuple[int, int]]:
        """The layer and unit of each number, where the units of all layers are counted on."""
        found: dict[int, set[tuple[int, int]]] = {}
        for name, own in self.found.items():
            indices = self.seen.symbols[name].indices if name in self.seen.symbols else None
            described = self.spelling.names.describe(own.value.name) if isinstance(own.value, Name) else None
            if indices is None or len(indices) != 1 or described is None or described.indices:
                continue
            if described.kind in ("weighted input", "activation", "output"):
                found.setdefault(indices[0], set()).add((described.layer, described.unit))
        return {number: next(iter(units)) for number, units in found.items() if len(units) == 1}

    def _beside(self, symbol: OwnSymbol) -> Iterator[str]:
        """What the other members of a family say that this one is."""
        names = self.spelling.names
        assert symbol.indices is not None
        for name, own in self.found.items():
            other = self.seen.symbols.get(name, symbol)
            if other is symbol or other.stem != symbol.stem or other.indices is None or len(other.indices) != 1:
                continue
            if not isinstance(own.value, Name):
                continue
            above, _, below = own.value.name.partition("/")
            head = f"{above}/d" if below else ""
            described = names.describe(below[1:] if below else above)
            if described is None or described.kind not in ("weighted input", "activation", "output", "bias"):
                continue
            unit = described.unit + symbol.indices[0] - other.indices[0]
            if not 1 <= unit <= names.sizes[described.layer - 1] or described.indices:
                continue
            maker = {"weighted input": names.z, "bias": names.bias}.get(described.kind, names.a)
            yield f"{head}{maker(described.layer, unit)}"


def _of_a_unit(node: str, names: Names) -> str:
    """What a unit of the first layer has that is called so; empty for anything else."""
    above, _, below = node.partition("/d")
    if above == f"d{names.loss}" or node.startswith("delta"):
        below = below or f"z{node.removeprefix('delta')}"
        described = names.describe(below)
        kind = "delta" if described is not None and described.kind == "weighted input" else ""
    else:
        described = names.describe(node)
        kind = described.kind if described is not None else ""
    return kind if described is not None and described.layer == 1 else ""


def _value_of(token: Token) -> fmpq | None:
    try:
        return exact(as_computed(token.text))
    except (ValueError, OverflowError):
        return None


def _shown(content: SideContent) -> str:
    if not isinstance(content, Matrix):
        return content.name if isinstance(content, Name) else printed(content)
    return f"({', '.join(printed(entry) for row in content.rows for entry in row)})"


def _is_a_sum(right: tuple[Token, ...]) -> bool:
    """Whether a side is a sum of products, as a weighted input is."""
    works = any(token.kind == "word" or token.text == "*" for token in right)
    return works and any(token.text in ("+", "-") for token in right[1:])


def _calls(right: tuple[Token, ...], spelling: Spelling) -> bool:
    """Whether a side begins with a function, or is one over something with e in it."""
    words = [token.text for token in right[:12] if token.kind == "word"]
    return any(word in ("e", "exp") or spelling.function(word) for word in words[:2])


__all__ = ["ERRORS", "RESIDUAL", "inferred"]
