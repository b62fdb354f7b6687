"""Names that are set equal to a formula: of a quantity of the network, or with the numbers of one put in."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from flint import arb, fmpq

from derive.arithmetic.numbers import plain
from derive.arithmetic.outcomes import Uncomputable
from derive.expressions.grammar import exact
from derive.expressions.tree import Call, Expr, Name, Negative, Quotient, names_in, plus, substitute, walk
from derive.naming.names import Names
from derive.verification.comparing.chain import File
from derive.verification.comparing.identity import CompiledFormula, decided, identical
from derive.verification.inference.sightings import Sighting
from derive.verification.points.point import NONE_HELD
from derive.verification.reading import Matrix, SideContent, Spelling
from derive.verification.reading.atoms import atom
from derive.verification.reading.matrices import scalar
from derive.verification.reading.model import Unreadable
from derive.verification.reading.parse import General, Parser
from derive.verification.reading.token import Token
from derive.verification.reading.written_number import as_computed, last_place

MAX_UNITS = 300
"""In networks with more units no name is found by its calculation."""
MAX_SOUGHT = 300
"""At most this many formulas of a text are compared with those of the network."""
MAX_PARTS = 200
"""A formula of more names, numbers and signs gives no name a meaning."""
NO_ACTIVATIONS = frozenset({"exp", "ln", "log10", "log2", "sqrt", "abs"})
"""Functions that are parts of activations and losses, and none by themselves."""
NEAR = 0.02
"""A rounded calculation is so near to what it is of."""
MAX_ROWS = 50
"""The numbers of a residual are looked for in at most this many samples."""
LEAST = 3
"""So many numbers of a unit's formula stand in a calculation of its weighted input."""


class Definitions:
    """The formulas and numbers of a network's quantities, by which names are known."""

    def __init__(self, file: File) -> None:
        self.file = file
        self.network = file.network
        self.names: Names = file.network.names
        self.sought = 0

    def of(self, one: Sighting, spelling: Spelling, text: str) -> SideContent | None:
        """What a name stands for that is set equal to this; None where that is not clear."""
        right, value = self._read(one, spelling, text)
        if value is None:
            return None
        if isinstance(value, Name):
            return self._same(value)
        if not names_in(value):
            if node := self._by_numbers(right):
                return Name(node)
            return self._residual_in_numbers(right) if len(self.network.rows) > 1 else None
        return self._by_identity(value)

    def residual(self, one: Sighting, spelling: Spelling, text: str) -> Expr | None:
        """The difference of an output and its target to which a name is set equal; None where it is something else."""
        right, value = self._read(one, spelling, text)
        if value is None:
            return None
        if not names_in(value):
            return self._residual_in_numbers(right)
        return value if self.is_residual(value, squared=False) else None

    def _read(self, one: Sighting, spelling: Spelling, text: str) -> tuple[Sequence[Token], Expr | None]:
        """What a name is set equal to, as tokens and read; None where it cannot be read, or is no scalar."""
        right = _trimmed(one.right)
        if len(self.network.rows) > 1:
            right = without_index(right)
        if self.sought >= MAX_SOUGHT or not right or len(right) > MAX_PARTS or sum(self.names.sizes) > MAX_UNITS:
            return right, None
        self.sought += 1
        parser = Parser(list(right), spelling, text, right[-1].end, atom, tex=one.tex)
        try:
            value = scalar(parser.side())
        except (Unreadable, General, RecursionError):
            return right, None
        return right, None if isinstance(value, Matrix) else value

    def as_output(self, content: SideContent | None) -> SideContent | None:
        """The output that is its unit's weighted input; anything else as it is."""
        return (self._same(content) or content) if isinstance(content, Name) else content

    def is_output(self, content: SideContent | None) -> bool:
        """Whether this is an output of the network."""
        return isinstance(content, Name) and content.name in self.names.outputs

    def _same(self, value: Name) -> Name | None:
        """A derivative as it stands; the activation of a unit that is its weighted input."""
        if "/" in value.name or value.name.startswith("delta"):
            return value
        described = self.names.describe(value.name)
        if described is None or described.kind != "weighted input":
            return None
        activation = self.network.layers[described.layer - 1].spec.activation.name
        return Name(self.names.a(described.layer, described.unit)) if activation == "identity" else None

    # Formulas with names

    def _by_identity(self, value: Expr) -> SideContent | None:
        if len(self.network.rows) > 1 and self.is_residual(value):
            return value
        try:
            about = self._about(value)
            here = decided(lambda: CompiledFormula(about, self.file.worlds).at(self.file.worlds.truth))
            sought = _text(here)
            for node in self._at_spec.get(sought, ()):
                if self._is_everywhere(value, Name(node)):
                    return self._same(Name(node)) or Name(node)
        except (Uncomputable, ValueError, ArithmeticError):
            return None
        return value if self.is_residual(value) else self._called(value)

    def _is_everywhere(self, value: Expr, node: Name) -> bool:
        """Whether a formula is that of a quantity, in every sample: on one side of a kink z is a, too."""
        worlds = self.file.worlds
        for row in range(1, min(len(self.network.rows), MAX_ROWS) + 1):
            one, other = (CompiledFormula(self._about(about, row), worlds) for about in (value, node))
            if not identical(one, other, worlds, NONE_HELD):
                return False
        return True

    def _about(self, value: Expr, row: int = 1) -> Expr:
        """The same about a sample, where there are several."""
        addresses = self.file.worlds.addresses
        if len(self.network.rows) == 1:
            return value
        about = (name for name in names_in(value) if addresses.takes_row(name))
        return substitute(value, {name: Name(f"{name}[{row}]") for name in about})

    def is_residual(self, value: SideContent, *, squared: bool = True) -> bool:
        """Whether a formula is the difference of an output and its target, or, where that may be, its square."""
        if isinstance(value, Matrix):
            return False
        value = self._about(value)
        for output, target in zip(self.names.outputs, self.names.targets, strict=False):
            one, other = (self._about(Name(name)) for name in (output, target))
            for known in (one - other, other - one, *([(one - other) ** 2] if squared else ())):
                if set(names_in(value)) == set(names_in(known)) and self._alike(value, known):
                    return True
        return False

    def _alike(self, value: Expr, known: Expr) -> bool:
        worlds = self.file.worlds
        try:
            return identical(CompiledFormula(value, worlds), CompiledFormula(known, worlds), worlds, NONE_HELD)
        except (Uncomputable, ValueError, ArithmeticError):
            return False

    def sign_of(self, one: Sighting, node: str, spelling: Spelling, text: str) -> int:
        """1 where a side is a quantity as far as its first digits go, -1 where it is its negative, else 0."""
        right = without_index(_trimmed(one.right)) if len(self.network.rows) > 1 else _trimmed(one.right)
        if not right or len(right) > MAX_PARTS or self.sought >= MAX_SOUGHT:
            return 0
        self.sought += 1
        parser = Parser(right, spelling, text, right[-1].end, atom, tex=one.tex)
        try:
            value = parser.side()
            if isinstance(value, Matrix):
                return 0
            here, there = self._size(value), self._size(Name(node))
        except (Unreadable, General, RecursionError, Uncomputable, ValueError, ArithmeticError):
            return 0
        if not there or abs(abs(here) - abs(there)) > NEAR * abs(there):
            return 0
        return 1 if (here > 0) is (there > 0) else -1

    def _size(self, value: Expr) -> float:
        about = CompiledFormula(self._about(value), self.file.worlds)
        return float(plain(decided(lambda: about.at(self.file.worlds.truth))))

    def _called(self, value: Expr) -> Name | None:
        """The activation of a unit whose weighted input is all that a function is of, though not by its formula."""
        said = names_in(value)
        described = self.names.describe(said[0]) if len(said) == 1 else None
        calls = any(
            isinstance(part, Quotient) or (isinstance(part, Call) and part.function not in NO_ACTIVATIONS)
            for part in walk(value)
        )
        if described is None or described.kind != "weighted input" or not calls:
            return None
        return Name(self.names.a(described.layer, described.unit))

    @cached_property
    def _at_spec(self) -> Mapping[str, tuple[str, ...]]:
        """The names of quantities by their values at the spec's numbers, in the first sample."""
        found: dict[str, list[str]] = {}
        for node in self._nodes():
            try:
                about = self._about(Name(node))
                assert isinstance(about, Name)
                value = decided(lambda about=about: self.file.worlds.truth.value(about.name))  # type: ignore[misc]
            except (Uncomputable, ValueError, ArithmeticError):
                continue
            found.setdefault(_text(value), []).append(node)
        return {value: tuple(nodes) for value, nodes in found.items()}

    def _nodes(self) -> Iterator[str]:
        """The quantities that a name may stand for, the likeliest first."""
        names, loss = self.names, self.names.loss
        units = [(layer, unit) for layer, size in enumerate(names.sizes, 1) for unit in range(1, size + 1)]
        for maker in (names.z, names.a):
            yield from (maker(layer, unit) for layer, unit in units)
        if names.targets:
            yield loss
            yield from (f"d{loss}/d{names.z(layer, unit)}" for layer, unit in units)
        yield from (f"d{names.a(layer, unit)}/d{names.z(layer, unit)}" for layer, unit in units)
        if names.targets:
            yield from (f"d{loss}/d{names.a(layer, unit)}" for layer, unit in units)
            yield from (f"d{loss}/d{name}" for name in names.parameters)

    # Calculations with numbers

    def _by_numbers(self, right: Sequence[Token]) -> str:
        written = [token.text for token in right if token.kind == "number"]
        if any(token.kind == "word" for token in right) or any(token.text == "^" for token in right):
            return self._function_of(right, written)
        fits = [(fit, node) for node, unit in self._units.items() if (fit := _fit(written, *unit))]
        best = max((fit for fit, _ in fits), default=0)
        chosen = [node for fit, node in fits if fit == best]
        return chosen[0] if len(chosen) == 1 and len(written) >= LEAST else ""

    def _residual_in_numbers(self, right: Sequence[Token]) -> Expr | None:
        """The difference of an output and its target, whose numbers in one sample stand here."""
        first, second = (right[0].text, right[-1].text) if len(right) == 3 else ("", "")
        if [token.text for token in right[1:-1]] != ["-"]:
            return None
        rows = min(len(self.network.rows), MAX_ROWS)
        for row in [f"[{row}]" for row in range(1, rows + 1)] if rows > 1 else [""]:
            for output, target in zip(self.names.outputs, self.names.targets, strict=False):
                is_output, is_target = (self.value(name + row) for name in (output, target))
                if is_output is None or is_target is None:
                    continue
                if _is(first, is_output) and _is(second, is_target):
                    return plus(Name(output), Negative(Name(target)))
                if _is(first, is_target) and _is(second, is_output):
                    return plus(Name(target), Negative(Name(output)))
        return None

    def _function_of(self, right: Sequence[Token], written: Sequence[str]) -> str:
        """The activation of which the weighted input stands in a function."""
        words = {token.text for token in right if token.kind == "word"}
        if not words <= {"e", "exp", "sigma", "sigmoid", "tanh", "relu", "max", "ReLU", "f", "g", "sig"}:
            return ""
        found = {
            node
            for node, value in self._inputs.items()
            if any(_is(number, value) and len(number.replace(".", "").lstrip("0")) > 1 for number in written)
        }
        if len(found) != 1:
            return ""
        described = self.names.describe(found.pop())
        assert described is not None
        return self.names.a(described.layer, described.unit)

    @cached_property
    def _inputs(self) -> Mapping[str, fmpq | arb]:
        return {node: value for node, (_, _, _, value) in self._units.items() if value is not None}

    @cached_property
    def _units(self) -> Mapping[str, tuple[list[fmpq | arb], list[fmpq | arb], fmpq | arb | None, fmpq | arb | None]]:
        """Of each unit by the name of its weighted input: its weights, what comes in, its bias, its weighted input."""
        found = {}
        for layer, size in enumerate(self.names.sizes, 1):
            if len(self.network.rows) > 1 or self.names.rows(layer) != size:
                break
            for unit in range(1, size + 1):
                columns = range(1, self.names.columns(layer) + 1)
                weights = [self.value(self.names.weight(layer, unit, column)) for column in columns]
                sources = [self.value(self.names.a(layer - 1, column)) for column in columns]
                bias = self.value(self.names.bias(layer, unit)) if layer not in self.names.unbiased else None
                node = self.names.z(layer, unit)
                if all(value is not None for value in (*weights, *sources)):
                    found[node] = weights, sources, bias, self.value(node)
        return found  # type: ignore[return-value]

    def value(self, name: str) -> fmpq | arb | None:
        """The value of a quantity at the spec's numbers; None where it has none."""
        try:
            return plain(decided(lambda: self.file.worlds.truth.value(name)))
        except (Uncomputable, ValueError, ArithmeticError):
            return None


def _fit(
    written: Sequence[str], weights: Sequence[fmpq | arb], sources: Sequence[fmpq | arb], bias: fmpq | arb | None,
    _: object,
) -> int:  # fmt: skip
    """How many numbers of a calculation are those of a unit; none where one of its weights is missing."""
    left = list(written)
    for value in weights:
        place = next((i for i, number in enumerate(left) if _is(number, value)), None)
        if place is None:
            return 0
        del left[place]
    beside = len(left)
    for value in (*sources, *(() if bias is None else (bias,))):
        place = next((i for i, number in enumerate(left) if _is(number, value)), None)
        if place is not None:
            del left[place]
    return len(weights) + beside - len(left) if len(left) < beside and len(left) <= max(len(weights), 1) else 0


def _is(written: str, value: fmpq | arb) -> bool:
    """Whether a number, whatever its sign, is a value as far as its digits go."""
    try:
        number, unit = exact(as_computed(written)), last_place(written)
    except (ValueError, OverflowError):
        return False
    unit = fmpq(0) if unit >= 1 else unit
    size = arb(value) if isinstance(value, fmpq) else value
    return bool((abs(size) - arb(number)).abs_lower() <= arb(unit) * arb(fmpq(51, 100)))


def without_index(right: Sequence[Token]) -> list[Token]:
    r"""A side about any sample, without the index that says so: ``\hat y - y`` for ``\hat y_i - y_i``."""
    found: list[Token] = []
    at = 0
    while at < len(right):
        token = right[at]
        texts = [one.text for one in right[at : at + 6]]
        if (
            texts[:2] == ["^", "{"]
            and texts[2:3] in (["("], ["["])
            and texts[3] in SAMPLE_LETTERS
            and texts[5:] == ["}"]
        ):
            at += 6
            continue
        if texts[:1] == ["_"] and texts[1:2] and texts[1] in SAMPLE_LETTERS:
            at += 2
        elif texts[:2] == ["_", "{"] and texts[3:4] == ["}"] and texts[2] in SAMPLE_LETTERS:
            at += 4
        else:
            stem, _, index = token.text.rpartition("_")
            found.append(token._replace(text=stem) if stem and index in SAMPLE_LETTERS else token)
            at += 1
    return found


SAMPLE_LETTERS = frozenset("i j k n m".split())
"""Letters that count samples."""


def _trimmed(right: Sequence[Token]) -> list[Token]:
    found = list(right)
    while found and (found[-1].kind in ("gap", "text") or found[-1].text in (".", ",", ";", ":", "!")):
        found.pop()
    return found


def _text(value: object) -> str:
    return f"{float(arb(value) if isinstance(value, fmpq) else arb(plain(value))):.11g}"  # type: ignore[arg-type]


__all__ = ["SAMPLE_LETTERS", "Definitions"]
