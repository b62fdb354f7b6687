"""What a reader of a document knows: which number stands for which symbol, and whether numbers were put in faithfully.

A line of numbers is laid beside the line of symbols above it. Both must have the same terms and factors in the same
order, and each number must be the one that the document prints for the symbol it stands for. An earlier result may
stand for the whole formula that gave it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice, product

from tests.support.lesson.formulas import (
    DOTS,
    KNOWN,
    MisreadError,
    Num,
    Op,
    Sym,
    Tree,
    has_ellipsis,
    is_numeric,
    leaves,
)
from tests.support.lesson.pages import Chain, Page, Table
from tests.support.lesson.rounding import is_finer
from tests.support.lesson.working import (
    CONSTANTS,
    FUNCTIONS,
    KINKED,
    OPERATIONS,
    SLOPES,
    STRUCTURES,
    Value,
    real,
    value,
)

PLAIN = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?")
MOST_CHOICES = 16
READABLE = {*FUNCTIONS, *KINKED, *SLOPES, *OPERATIONS, *STRUCTURES, *CONSTANTS}


def about(exact: Value, printed: Num) -> bool:
    """Whether a printed number is near a value that was worked from other rounded numbers."""
    true = real(exact)
    return bool(abs(true - real(printed.value)) <= max(abs(true) / 50, 1 / real(Fraction(500))))


class MismatchError(AssertionError):
    """A number stands where another one belongs."""


@dataclass
class Ledger:
    """The numbers of a document by the symbols and formulas that they stand for."""

    names: Mapping[str, str]
    """The quantity that a symbol means: ``δ`` and ``∂E/∂z`` are one."""
    numbers: dict[str, list[Tree]] = field(default_factory=dict)
    formulas: dict[Tree, list[Tree]] = field(default_factory=dict)
    free: set[str] = field(default_factory=set)
    """Constants that are written as an expression: the first number that is put in for them counts."""
    at_zero: Fraction = Fraction(0)
    rounds: Callable[[Value, Num], bool] = about
    """Whether a printed number is what a value is rounded to."""
    worked: Mapping[str, str] = field(default_factory=dict)
    """The derivatives of the worked sample's loss, and their names without its mark."""

    def add(self, symbol: str, number: Tree) -> None:
        """A symbol, or the quantity of that name, has this number."""
        if not symbol:
            return
        name = self.names.get(symbol, symbol)
        for key in (name, self.worked.get(name, name)):
            numbers = self.numbers.setdefault(key, [])
            if number not in numbers:
                numbers.append(number)

    def of(self, symbol: str) -> list[Tree]:
        """The numbers that a symbol has: one, or none."""
        return self.numbers.get(self.names.get(symbol, symbol), [])

    def stands_for(self, symbols: Tree, numbers: Tree) -> None:
        """Check that the numbers are those of the symbols, one by one, in their order.

        Raises:
            MismatchError: at the first one that is not.
        """
        if self._known(symbols, numbers):
            return
        if isinstance(symbols, Sym):
            self._symbol(symbols, numbers)
        elif isinstance(symbols, Num):
            if symbols != numbers:
                raise MismatchError(f"{numbers} where {symbols} was written")
        elif symbols.name not in READABLE and set(_symbols(numbers)) <= KNOWN:
            return  # a function of the author: its formula is put in
        elif symbols.name == "underbrace":
            self.stands_for(symbols.parts[0], numbers)
        elif symbols.name == "neg":
            self.stands_for(symbols.parts[0], _negated(numbers))
        elif is_numeric(symbols) and is_numeric(numbers) and not has_ellipsis(numbers):  # a slope by its formula
            if not self._equal(symbols, numbers) and not _is_number(numbers, symbols):
                raise MismatchError(f"{plain(numbers)} is not {plain(symbols)}")
        elif isinstance(numbers, Op) and numbers.name == "matrix" and symbols.name != "matrix":
            self._entry_by_entry(symbols, numbers)
        elif symbols.name == "odot" and isinstance(numbers, Op) and numbers.name == "*":  # of one entry each
            self.stands_for(Op("*", symbols.parts), numbers)
        elif symbols.name == "*" and isinstance(numbers, Op) and numbers.name == "*":
            if self._factors(symbols.parts, numbers.parts):
                return
            if (kept := self._without_one(symbols)) == symbols:
                raise MismatchError(f"the factors of {plain(numbers)} are not those of {plain(symbols)}")
            self.stands_for(kept, numbers)
        elif symbols.name == "*" and self._factors(symbols.parts, (numbers,)):
            return
        elif symbols.name == "*" and (kept := self._without_one(symbols)) != symbols:
            self.stands_for(kept, numbers)
        elif isinstance(numbers, Op) and numbers.name == symbols.name and len(numbers.parts) == len(symbols.parts):
            for part, number in zip(symbols.parts, numbers.parts, strict=True):
                self.stands_for(part, number)
        elif symbols.name == "+" and (kept := self._without_zero_terms(symbols)) != symbols:
            self.stands_for(kept, numbers)
        elif _takes_a_branch(symbols) and is_numeric(numbers):
            if not any(_same(found, value(numbers, at_zero=self.at_zero)) for found in self.values(symbols)):
                raise MismatchError(f"{plain(numbers)} is no branch of {plain(symbols)}")
        else:
            raise MismatchError(f"{plain(numbers)} is put in for {plain(symbols)}")

    def _without_zero_terms(self, total: Op) -> Tree:
        """A sum without the terms of which a factor is exactly 0; of products that are all 0 the first stays."""
        kept = tuple(term for term in total.parts if not self._left_out(term))
        if not kept:
            undone = all(UNDONE & set(_operations(term)) for term in total.parts)
            return Num("0") if undone else total.parts[0]
        return kept[0] if len(kept) == 1 else Op("+", kept)

    def _without_one(self, whole: Op) -> Tree:
        """A product without its first factor, or without the second of two, where that is exactly 1."""
        first, *others = whole.parts
        if self._is_one(first) and first != Num("1"):
            return others[0] if len(others) == 1 else Op("*", tuple(others))
        return first if len(others) == 1 and self._is_one(others[0]) else whole

    def _is_one(self, factor: Tree) -> bool:
        return not isinstance(factor, Num) and any(v == 1 and isinstance(v, Fraction) for v in self.values(factor))

    def _left_out(self, term: Tree) -> bool:
        if not isinstance(term, Op):
            return False
        if term.name == "neg":
            return self._left_out(term.parts[0])
        if term.name == "*" and any(
            isinstance(f, Op) and f.name in ("/", "neg") and self._left_out(f) for f in term.parts
        ):
            return True
        if term.name == "*" and not UNDONE & set(_operations(term)):
            return any(self._is_zero(factor) for factor in term.parts)
        if not UNDONE & set(_operations(term)):
            return False
        factors = term.parts if term.name == "*" else term.parts[:1] if term.name == "/" else ()
        return any(self._is_zero(factor) for factor in factors if not UNDONE & set(_operations(factor)))

    def _is_zero(self, factor: Tree) -> bool:
        found = [v for v in self.values(factor) if isinstance(v, Fraction)]
        return bool(found) and not any(found)

    def _symbol(self, symbol: Sym, numbers: Tree) -> None:
        if symbol.tex in KNOWN:
            if symbol != numbers:
                raise MismatchError(f"{plain(numbers)} where {symbol.tex} stands")
        elif symbol.tex in self.free and is_numeric(numbers):
            self.add(symbol.tex, numbers)
            self.free.remove(symbol.tex)
        else:
            known = [plain(number) for number in self.of(symbol.tex)]
            raise MismatchError(
                f"{plain(numbers)} is put in for {symbol.tex}, which is {' or '.join(known) or 'nowhere'}"
            )

    def _known(self, symbols: Tree, numbers: Tree) -> bool:
        """Whether the numbers are the symbol's, or an earlier result of just this formula, or its value."""
        if isinstance(symbols, Sym):
            known = self.of(symbols.tex)
            entries = [*known, *map(_only_entry, known)]
            return any(_is_number(number, one) for number in (numbers, _only_entry(numbers)) for one in entries) or any(
                _shows(numbers, matrix) or (not is_numeric(matrix) and self.fits(matrix, numbers)) for matrix in known
            )
        if isinstance(symbols, Num):
            return symbols == numbers
        if symbols.name == "top" and isinstance(symbols.parts[0], Sym):
            return any(_shows(numbers, transposed(known)) for known in self.of(symbols.parts[0].tex))
        if any(_is_number(numbers, known) for known in self.formulas.get(symbols, [])):
            return True
        return isinstance(numbers, Num) and any(
            self.rounds(v, numbers) for v in self.values(symbols) if not isinstance(v, tuple)
        )

    def values(self, tree: Tree) -> Iterator[Value]:
        """The value of a formula by the printed numbers; several where a symbol has several numbers."""
        symbols = sorted({*_symbols(tree)} - KNOWN)
        choices = [self.of(symbol) for symbol in symbols]
        for chosen in islice(product(*choices), MOST_CHOICES):
            numbers = dict(zip(symbols, chosen, strict=True))
            with suppress(MisreadError, TypeError):
                yield value(tree, lambda tex, numbers=numbers: value(numbers[tex]), self.at_zero)  # type: ignore[misc]

    def _equal(self, one: Tree, other: Tree) -> bool:
        return _same(*(value(tree, at_zero=self.at_zero) for tree in (one, other)))

    def _factors(self, symbols: Sequence[Tree], numbers: Sequence[Tree]) -> bool:
        """Whether the factors match; one number may stand for several factors that are an earlier result."""
        if not symbols or not numbers:
            return not symbols and not numbers
        for count in range(1, max(len(symbols) - len(numbers), 0) + 2):
            first = symbols[0] if count == 1 else Op("*", tuple(symbols[:count]))
            if count > 1:
                fits = self._known(first, numbers[0])
            else:
                fits = self.fits(first, numbers[0])
            if fits and self._factors(symbols[count:], numbers[1:]):
                return True
        return _takes_a_branch(symbols[0]) and any(
            self.fits(symbols[0], Op("*", tuple(numbers[:count]))) and self._factors(symbols[1:], numbers[count:])
            for count in range(2, len(numbers) + 1)
        )

    def fits(self, symbols: Tree, numbers: Tree) -> bool:
        """Whether the numbers are those of the symbols."""
        try:
            self.stands_for(symbols, numbers)
        except MismatchError:
            return False
        return True

    def _entry_by_entry(self, symbols: Tree, matrix: Op) -> None:
        for i, row in enumerate(matrix.parts):
            assert isinstance(row, Op)
            for j, numbers in enumerate(row.parts):
                if _is_dots(numbers):
                    continue
                self.stands_for(self._at(symbols, i, j), numbers)

    def _at(self, tree: Tree, i: int, j: int) -> Tree:
        """A formula of matrices at one entry."""
        if isinstance(tree, Sym):
            for known in self.of(tree.tex):
                if isinstance(known, Op) and known.name == "matrix":
                    row = known.parts[i] if i < len(known.parts) else None
                    if isinstance(row, Op) and j < len(row.parts):
                        return row.parts[j]
            return tree
        if isinstance(tree, Num):
            return tree
        parts = tuple(self._at(part, i, j) for part in tree.parts)
        if tree.name != "odot":
            return Op(tree.name, parts)
        return Op("^", (parts[0], Num("2"))) if parts[0] == parts[1] else Op("*", parts)


UNDONE = {"ln", "log", "log2", "log10", "/"}
"""With these a term that is 0 is left out."""


def _operations(tree: Tree) -> Iterator[str]:
    if isinstance(tree, Op):
        yield tree.name
        for part in tree.parts:
            yield from _operations(part)


def _takes_a_branch(tree: Tree) -> bool:
    """Whether a function may be followed by the branch of it that the numbers take."""
    return isinstance(tree, Op) and tree.name in {"ELU", "LReLU", *KINKED, *SLOPES}


def _same(one: Value, other: Value) -> bool:
    """Whether two values, or all entries of two matrices, agree to 40 digits."""
    if isinstance(one, tuple):
        return isinstance(other, tuple) and len(one) == len(other) and all(map(_same, one, other))
    return bool(abs(real(one) - real(other)) <= abs(real(one)) * real(Fraction(1, 10**40)))


def _is_number(shown: Tree, known: Tree) -> bool:
    """Whether a number, or each of a matrix, is the known one, perhaps with the digits more that its line needs."""
    if isinstance(shown, Op) and isinstance(known, Op):
        alike = shown.name == known.name and len(shown.parts) == len(known.parts)
        return alike and all(map(_is_number, shown.parts, known.parts))
    return shown == known or (isinstance(shown, Num) and isinstance(known, Num) and is_finer(shown, known))


def _shows(shown: Tree, whole: Tree) -> bool:
    """Whether a matrix with an ellipsis shows the entries of a whole one in their places."""
    if not isinstance(shown, Op) or not isinstance(whole, Op) or shown.name != whole.name or not has_ellipsis(shown):
        return _is_number(shown, whole)
    if shown.name not in ("matrix", "row") or len(whole.parts) < len(shown.parts):
        return False
    return all(_shows(part, whole.parts[i]) for i, part in _placed(shown.parts, len(whole.parts)))


def _only_entry(tree: Tree) -> Tree:
    """A number that stands alone in brackets."""
    while isinstance(tree, Op) and tree.name in ("matrix", "row") and len(tree.parts) == 1:
        tree = tree.parts[0]
    return tree


def _symbols(tree: Tree) -> Iterator[str]:
    return (leaf.tex for leaf in leaves(tree) if isinstance(leaf, Sym))


def _negated(numbers: Tree) -> Tree:
    """The number with the other sign: -z is put in as 0.6 where z is -0.6."""
    if isinstance(numbers, Op) and numbers.name == "neg":
        return numbers.parts[0]
    if isinstance(numbers, Num) and numbers.text.startswith("-"):
        return Num(numbers.text[1:])
    if isinstance(numbers, Num):
        return numbers if numbers.value == 0 else Num(f"-{numbers.text}")
    raise MismatchError(f"{plain(numbers)} has lost its minus sign")


def transposed(tree: Tree) -> Tree:
    """A matrix with its rows as columns."""
    if not isinstance(tree, Op) or tree.name != "matrix":
        return tree
    rows = [row.parts for row in tree.parts if isinstance(row, Op)]
    return Op("matrix", tuple(Op("row", column) for column in zip(*rows, strict=True)))


def plain(tree: Tree) -> str:
    """A tree in one line, for messages."""
    if isinstance(tree, Num):
        return tree.text
    if isinstance(tree, Sym):
        return tree.tex
    return f"{tree.name}({', '.join(map(plain, tree.parts))})"


# What stands in a document


def ledger_of(page: Page) -> Ledger:
    """Every number of a page by its symbol: what is given, results of chains, entries of tables."""
    network, output = page.network, page.network.output
    at_zero = Fraction(network.spec.conventions.relu_at_zero.text)
    ledger = Ledger(page.symbols, at_zero=at_zero, worked=_marked(page))
    for symbol, text in _given(page):
        if PLAIN.fullmatch(text) and len(text) <= 12:
            ledger.add(symbol, Num("0" if text[0] == "-" and not text.strip("-0.") else text))
        else:
            ledger.free.add(symbol)
    for symbol, matrix in _given_matrices(page, ledger):
        ledger.add(symbol, matrix)
    for symbol, name in page.symbols.items():
        if name.startswith("unit "):
            ledger.add(symbol, Num("1"))
    ledger.add(page.symbol(f"d{output}/d{output}"), Num("1"))
    ledger.free.update(_other_samples(page))
    for name in network.parameters:
        if name not in network.graph.ancestors:
            ledger.add(page.symbol(f"d{output}/d{name}"), Num("0"))
    for chain in page.chains:
        if chain.section != "helped":
            _add_chain(ledger, page, chain)
    for table in page.tables:
        for symbol, number in _entries(page, table):
            ledger.add(symbol, number)
    if page.style != "matrix":
        for symbol, matrix in _columns_of_entries(page, ledger):
            ledger.add(symbol, matrix)
    return ledger


def _columns_of_entries(page: Page, ledger: Ledger) -> Iterator[tuple[str, Tree]]:
    """Where the entries stand one by one: the columns that they make, of activations and of δ."""
    output = page.network.output
    for layer in page.network.layers:
        marks = {page.mark, ""}
        for symbol, names in (
            (page.symbol(f"a{layer.number}"), [[name] for name in layer.a]),
            (page.symbol(f"delta{layer.number}"), [[f"d{output}/d{z}{mark}" for mark in marks] for z in layer.z]),
        ):
            found = [
                [one for name in each for one in ledger.of(page.symbol(name)) if isinstance(one, Num)] for each in names
            ]
            if symbol and all(found):
                yield symbol, Op("matrix", tuple(Op("row", (numbers[0],)) for numbers in found))


def _other_samples(page: Page) -> Iterator[str]:
    """In the style ``matrix``, where no table has them: the other samples' derivatives by a bias that units share."""
    for layer in page.network.layers if page.style == "matrix" else ():
        if layer.spec.shared_bias:
            names = (f"d{page.network.output}/d{layer.biases[0]}[{row + 1}]" for row in range(len(page.network.rows)))
            yield from filter(None, map(page.symbol, names))


def _marked(page: Page) -> dict[str, str]:
    """The derivatives of the worked sample's loss with its mark, and the same without.

    Without the mark a parameter's derivative is the batch's; it is the same where the batch is one sample.
    """
    network, output = page.network, page.network.output
    alone = min(network.spec.training.batch_size or len(network.rows), len(network.rows)) == 1
    own = {*network.parameters, *(f"{letter}{layer.number}" for layer in network.layers for letter in "Wb")}
    marked = (name for name in page.symbols.values() if name.startswith(f"d{output}/d") and name.endswith(page.mark))
    bare = {name: name.removesuffix(page.mark) for name in marked}
    return {name: short for name, short in bare.items() if alone or short.removeprefix(f"d{output}/d") not in own}


def _given(page: Page) -> Iterator[tuple[str, str]]:
    network, symbol = page.network, page.symbol
    for name, given in {**network.start, **network.rows[page.row - 1]}.items():
        yield symbol(name), given.text
    for r, row in enumerate(network.rows, 1):
        for name, given in row.items():
            if (tex := symbol(f"{name}[{r}]")) and len(network.rows) > 1:
                yield tex, given.text
    if network.spec.training.learning_rate is not None:
        yield symbol("eta"), network.spec.training.learning_rate.text
    for name, given in network.hyperparameters.items():
        yield symbol(name), given.text
    for name in network.states:
        yield symbol(name), network.first_state(name).text


def _given_matrices(page: Page, ledger: Ledger) -> Iterator[tuple[str, Tree]]:
    network = page.network

    def number(name: str) -> Tree:
        return next(iter(ledger.of(page.symbol(name))), Sym(page.symbol(name)))

    def column(names: Sequence[str]) -> Tree:
        return Op("matrix", tuple(Op("row", (number(name),)) for name in names))

    if network.layers:
        yield page.symbol("x"), column(network.inputs)
        yield page.symbol("t"), column(network.targets)
    for layer in network.layers:
        rows = tuple(Op("row", tuple(map(number, row))) for row in layer.weights)
        yield page.symbol(f"W{layer.number}"), Op("matrix", rows)
        if layer.biases:
            yield page.symbol(f"b{layer.number}"), column(layer.biases)
            yield page.symbol(f"b{layer.number}"), column(layer.biases[:1])


def _add_chain(ledger: Ledger, page: Page, chain: Chain) -> None:
    *others, last = chain.lines
    if last.tree is None or not is_result(last.tree):
        return
    for k, line in enumerate((page.side("", chain.left), *others)):
        if line.tree is None or is_numeric(line.tree):
            continue
        ledger.formulas.setdefault(line.tree, []).append(last.tree)
        # Of ∂L/∂c = f = -2 the left side is worked; f is as it was written, -2.0
        if isinstance(line.tree, Sym) and (k == 0 or not ledger.of(line.tree.tex)):
            ledger.add(line.tree.tex, last.tree)
            for name, number in entries_of(page, page.symbols.get(line.tree.tex, ""), last.tree):
                ledger.add(page.symbol(name), number)


def entries_of(page: Page, name: str, tree: Tree) -> Iterator[tuple[str, Tree]]:
    """The entries of a matrix or vector by their names."""
    names = page.entries(name)
    if isinstance(tree, Num) and names and len(names) == len(names[0]) == 1:
        yield names[0][0], tree
    if not isinstance(tree, Op) or tree.name != "matrix" or not names:
        return
    for i, row in _placed(tree.parts, len(names)):
        assert isinstance(row, Op)
        for j, number in _placed(row.parts, len(names[i])):
            yield names[i][j], number


def _placed(shown: Sequence[Tree], count: int) -> Iterator[tuple[int, Tree]]:
    """What is shown with its place among so many: after an ellipsis, counted from the end."""
    gap = next((i for i, part in enumerate(shown) if _is_dots(part)), len(shown))
    for i, part in enumerate(shown):
        if i != gap:
            yield i if i < gap else count - len(shown) + i, part


def _is_dots(tree: Tree) -> bool:
    return (isinstance(tree, Sym) and tree.tex in DOTS) or (isinstance(tree, Op) and all(map(_is_dots, tree.parts)))


def is_result(tree: Tree) -> bool:
    """Whether it is a number alone, or a matrix of such numbers, perhaps with an ellipsis."""
    if isinstance(tree, Op) and tree.name == "matrix":
        entries = [entry for row in tree.parts if isinstance(row, Op) for entry in row.parts]
        return all(isinstance(entry, Num) or _is_dots(entry) for entry in entries)
    return isinstance(tree, Num)


def _entries(page: Page, table: Table) -> Iterator[tuple[str, Tree]]:
    """Symbols of a table with their numbers: a row for each symbol, or a row for each sample."""
    if table.section not in ("forward", "backward", "update", "summary"):
        return
    for row in table.rows:
        cells = [page.side("", cell).tree for cell in row]
        if table.head == ("unit", "z", "a") and row[0].isdigit():
            yield from _unit(page, table, row, cells)
            continue
        if table.head[0] in page.symbols or row[0] in page.symbols:
            yield from _row_of_symbol(page, table, row, cells)
        elif row[0].isdigit():
            for head, cell in zip(table.head[1:], cells[1:], strict=True):
                name = page.symbols.get(head, "")
                symbol = page.symbol(f"{name.partition('[')[0]}[{row[0]}]")
                if symbol and isinstance(cell, Num):
                    yield symbol, cell


def _unit(page: Page, table: Table, row: Sequence[str], cells: Sequence[Tree | None]) -> Iterator[tuple[str, Tree]]:
    """z and a of a unit of the layer that the caption names."""
    found = re.search("layer ([0-9]+)", table.caption)
    assert found is not None
    layer, unit = page.network.layers[int(found[1]) - 1], int(row[0]) - 1
    for name, cell in zip((layer.z[unit], layer.a[unit]), cells[1:], strict=True):
        assert cell is not None
        yield page.symbol(name), cell


def _row_of_symbol(
    page: Page, table: Table, row: Sequence[str], cells: Sequence[Tree | None]
) -> Iterator[tuple[str, Tree]]:
    name = page.symbols.get(row[0], "")
    for head, cell in zip(table.head[1:], cells[1:], strict=True):
        if not isinstance(cell, Num):
            continue
        gradient = name if name.startswith(f"d{page.network.output}/d") else f"d{page.network.output}/d{name}"
        if head == "value" and "formula" in table.head:
            yield page.symbol(gradient) or row[0], cell
        elif head.startswith("sample "):
            yield page.symbol(f"{gradient}[{head.split()[1]}]"), cell
        elif head == "new value":
            yield page.symbol(f"{name}'"), cell
        elif head == "batch":
            yield page.symbol(gradient), cell
