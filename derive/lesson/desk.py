"""The desk at which the parts of a lesson are written: the derivation, its notation, and the sheet of numbers.

What every part needs is here: the symbol of a quantity, its number, and the worked lines *rule, symbols, numbers,
value* with the terms in the same order on every line.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from math import inf
from typing import TypeAlias

from derive.checked.in_full import InFull
from derive.equations.chain import Derivation, Step
from derive.equations.run import Run
from derive.expressions.functions import FUNCTIONS, formula_of
from derive.expressions.print_tex import Brackets, pieces, substituted_pieces, tex, width
from derive.expressions.tree import (
    ONE,
    Call,
    Expr,
    Name,
    Negative,
    Number,
    Product,
    Sum,
    names_in,
    spellings,
)
from derive.expressions.widths import RowPiece
from derive.lesson.blocks import Row, say
from derive.lesson.branches import BranchTaken, calls_to_open, choice, opened
from derive.lesson.contents import EVERYTHING, Contents
from derive.lesson.figures import Figures
from derive.lesson.long_sums import ELLIPSIS, LONG_SUM, SHORT_SUM, SHORTEST_SUM, shortened
from derive.lesson.page_width import A4, PageWidth
from derive.lesson.quantity import Quantity
from derive.lesson.slots import Sheet
from derive.lesson.styles import NetworkForm, Style, form_of
from derive.lesson.unwritten import comes_out_as_written
from derive.lesson.zeros import left_out_factors, may_leave_out, plainer
from derive.naming.notation import Notation, new_value
from derive.network import Network
from derive.records import record
from derive.words.runs import Tex

SPARE = (*"vuwkrmo", r"\theta", r"\xi", r"\zeta", r"\kappa")
"""Letters for any parameter where the usual one is taken."""
BLANK = Tex("")
MAX_EQUATIONS = 10
"""At most so many equations of a document have numbers."""
NUMBER_WIDTH, DIGIT_WIDTH, RELATION_WIDTH = 1.8, 0.5, 1.5
"""What a number takes beside its digits, a digit, and a relation sign, in ems."""
_PARAMETERS = {"delta": r"\delta", "alpha": r"\alpha", "slope": r"\alpha"}


Word: TypeAlias = Callable[[str], str]
"""What a word of the wording is inside a formula."""


@record
class Desk:
    """Everything a part is written from.

    Attributes:
        style: how the backward pass reads.
        differentiated: the quantities on the way from a parameter to the output, both ends included.
        word: a sentence of the wording as it stands inside a formula, by its key.
        page: the width of its lines.
        contents: what the document holds.
    """

    network: Network
    derivation: Derivation
    sheet: Sheet
    notation: Notation
    style: Style
    differentiated: frozenset[str]
    word: Word
    page: PageWidth = A4
    contents: Contents = EVERYTHING

    @property
    def equations(self) -> dict[str, int]:
        """The numbers of the key equations that are written already."""
        return self.sheet.equations

    @property
    def shown(self) -> tuple[str, ...]:
        """The parameters that are worked in full, in the order in which the backward pass meets them."""
        return self.sheet.choice(_parameters)

    def shown_among(self, names: Collection[str]) -> tuple[str, ...]:
        """Those of some parameters that are worked in full, in that order."""
        return self.sheet.choice(lambda chosen: tuple(name for name in chosen.parameters if name in names))

    def first_shown(self, names: Collection[str]) -> str | None:
        """The first of some parameters that is worked in full."""
        return self.sheet.choice(lambda chosen: next((name for name in chosen.parameters if name in names), None))

    @property
    def sample(self) -> int:
        """The sample of the first batch that is worked in full, counted from 0."""
        return self.sheet.choice(_sample)

    @property
    def figures(self) -> Figures:
        """The numbers of the run."""
        return self.sheet.figures

    @property
    def form(self) -> NetworkForm:
        """What the document goes through: layers, or the nodes of a graph."""
        return form_of(self.network)

    @property
    def run(self) -> Run:
        """The run. Only its shape may be read here; what depends on numbers goes through the sheet."""
        return self.sheet.figures.run

    # Symbols

    @property
    def eta(self) -> Tex:
        """The symbol of the learning rate."""
        return self.symbol(self.network.names.eta)

    def new_symbol(self, parameter: str) -> Tex:
        """The symbol of a parameter's value, or a state's, after one update."""
        return Tex(new_value(self.symbol(parameter)))

    def letter(self, wanted: str) -> Tex:
        """A letter for any parameter or quantity that no quantity of this network has, nor the author's notation."""
        network, notation = self.network, self.notation
        taken = {*notation.used_letters, *notation.own.values(), *network.names.states.values()}
        taken.update(network.names.taken)
        return Tex(next((letter for letter in (wanted, *SPARE) if letter not in taken), r"\vartheta"))

    def any(self, name: str) -> Tex:
        """The letter of any unit's ``z``, ``a`` or ``delta``."""
        return Tex(self.notation.letters[name])

    def plain(self, name: str) -> str:
        """The symbol of a name in a formula that holds for every unit: z, a, t, or a function's parameter."""
        return self.any(name) if name in "za" else _PARAMETERS.get(name, name)

    def symbol(self, name: str) -> Tex:
        """The symbol of a quantity by its name, derivatives and marks included."""
        return Tex(self._tex_of(name))

    @property
    def mark(self) -> str:
        """What marks the sample that is worked in full, where there are several."""
        return f"[{self.row(self.sample)}]" if len(self.network.rows) > 1 else ""

    @property
    def own_output(self) -> Tex:
        """The symbol of the output (the loss) of the worked sample."""
        return self.symbol(self.network.output + self.mark)

    @property
    def any_output(self) -> Tex:
        """The symbol of the output (the loss) of sample s, whichever that is: for a table with a row for each."""
        return Tex(f"{self.symbol(self.network.output)}[{self.letter('s')}]")

    def gradient(self, node: str) -> Tex:
        """The symbol of the derivative of the worked sample's loss by a quantity, as a fraction."""
        if node == self.network.output:
            return Tex(self.notation.derivative(self.own_output, self.own_output))
        return self.symbol(f"d{self.network.output}/d{node}{self.mark}")

    def reduced_gradient(self, parameter: str) -> Tex:
        """The symbol of the derivative of the batch's loss by a parameter."""
        return Tex(self.notation.tex(f"d{self.network.output}/d{parameter}"))

    def tex(self, expr: Expr) -> Tex:
        """An expression in symbols."""
        return self.sheet.part(("tex", expr, spellings(expr)), lambda: Tex(tex(expr, self._tex_of)))

    # Formulas

    def formula(self, name: str) -> Expr:
        """The formula of a node; in the notation ``bias_unit`` a bias is the weight of a constant unit."""
        node = self.network.graph.by_name[name]
        formula = node.formula
        if not self._bias_unit(name) or not isinstance(formula, Sum) or not isinstance(formula.terms[-1], Name):
            return formula
        *terms, bias = formula.terms
        return Sum((Product((bias, self._unit(name))), *terms))

    def step(self, name: str) -> Step:
        """The chain rule for one quantity."""
        step = self.derivation.step(name)
        if not self.notation.bias_unit or name not in self.network.parameters:
            return step
        terms = [
            term._replace(local=self._unit(term.via)) if term.local == ONE and self._bias_unit(term.via) else term
            for term in step.terms
        ]
        return Step(name, tuple(terms))

    def slope(self, name: str) -> Expr:
        """The gradient of a quantity in earlier results."""
        return self.step(name).gradient

    def _bias_unit(self, node: str) -> bool:
        return self.notation.bias_unit and self.network.graph.by_name[node].operation.kind == "weighted_sum"

    def _unit(self, z: str) -> Name:
        return Name(UNIT + z[1:].partition("_")[0])

    # Numbers

    @property
    def rate(self) -> Quantity:
        """The learning rate as a number."""
        return Quantity("rate")

    def row(self, sample: int, iteration: int = 0) -> int:
        """The row of the data (from 1) that a sample of an iteration is."""
        return self.run.iterations[iteration].samples[sample].row

    def datum(self, name: str, row: int) -> Quantity:
        """What a row of the data (from 0) gives for a name."""
        return Quantity("datum", name, 0, row)

    def own(self, kind: str, name: str = "", formula: Expr | None = None) -> Quantity:
        """A quantity of the sample that is worked in full."""
        return Quantity(kind, name, 0, self.sample, formula)

    def quantity(self, name: str, iteration: int = 0, sample: int | None = None) -> Quantity:
        """The quantity of a name in one sample; in the one that is worked in full where nothing else is said."""
        if sample is None:
            sample = 0 if iteration else self.sample
        return self.sheet.figures.resolve(name, iteration, sample)

    def number(self, quantity: Quantity, brackets: Brackets = "never") -> Tex:
        """The printed number of a quantity."""
        return self.sheet.put(quantity, brackets)

    def equals(self, quantity: Quantity) -> Tex:
        """``= 0.4791`` or ``≈ 0.4791``: relation sign and number."""
        return Tex(f"{self.sheet.relation(quantity)} {self.sheet.put(quantity)}")

    def equation(self, name: str) -> Tex:
        """``z = 0.5``: symbol, relation sign and number."""
        quantity = self.quantity(name)
        return Tex(f"{self.symbol(name)} {self.equals(quantity)}")

    # Worked lines

    def worked(
        self,
        left: Tex,
        quantity: Quantity,
        forms: Sequence[Expr],
        *,
        numbers: Expr | None = None,
        values: dict[str, Quantity] | None = None,
        longest: int = LONG_SUM,
    ) -> tuple[Row, ...]:
        """The lines of one step: each of ``forms`` in symbols, the last one with numbers put in, the value.

        ``numbers`` is the form the numbers are put into where it is not the last one (an earlier result in place
        of its formula); ``values`` the quantities that names stand for where they are not those of the sample;
        sums of more than ``longest`` terms get an ellipsis.
        """
        spelled = tuple(map(spellings, forms))
        put_in = numbers, tuple((values or {}).items()), longest
        key = ("worked", self.page, left, quantity, tuple(forms), spelled, *put_in)
        write = partial(self._worked, left, quantity, forms, numbers=numbers, values=values or {}, longest=longest)
        return self.sheet.part(key, write)

    def _worked(
        self,
        left: Tex,
        quantity: Quantity,
        forms: Sequence[Expr],
        *,
        numbers: Expr | None,
        values: dict[str, Quantity],
        longest: int,
    ) -> tuple[Row, ...]:
        form = numbers if numbers is not None else forms[-1]
        put_in, named = self.put_in(form, quantity, values, longest)
        self.sheet.work(quantity, put_in, named)
        for symbols in forms:
            if symbols is not put_in:
                self._claims(quantity, symbols, values)
        rows = self._symbols(left, forms, longest)
        in_lines = self.within(quantity, put_in, named, longest)
        used = printed_ones(put_in, in_lines, longest)
        if not self._comes_out(quantity, put_in, named):
            row = Row(BLANK, self.sheet.relation(*used, quantity), self.number(quantity), say("rules.unwritten"))
            return (*rows, row)
        if used and not self._nothing_to_put_in(put_in, named):
            rows += self.lines(self.sheet.relation(*used), self._numbers(put_in, in_lines, longest), width(left))
        if calls := calls_to_open(put_in):
            written = self._written_out(put_in, calls, named)
            used = printed_ones(written, in_lines, longest)
            self.sheet.shows(quantity, written, named)
            if not isinstance(written, Name | Number):
                rows += self.lines(self.sheet.relation(*used), self._numbers(written, in_lines, longest), width(left))
        if names_in(form):
            zero = self.sheet.ask(lambda figures: figures.vanishes(put_in, named))
            exact = self.sheet.relation(quantity) if zero else self.sheet.relation(*used, quantity)
            rows.append(Row(BLANK, exact, self.number(quantity)))
        return tuple(rows)

    def within(self, quantity: Quantity, put_in: Expr, named: dict[str, Quantity], longest: int) -> dict[str, Quantity]:
        """What the names of a line stand for, with digits enough that a reader finds the number below it.

        A line with an ellipsis cannot be worked by anyone.
        """
        if shortened(put_in, longest) != put_in or ELLIPSIS in named:
            return named
        inside = self.sheet.together((quantity, put_in, named))
        return {name: inside(one) for name, one in named.items()}

    def _claims(self, quantity: Quantity, symbols: Expr, values: dict[str, Quantity]) -> None:
        """A line in symbols is checked as well, but for one that names derivatives that have no number of their own."""
        named = self._quantities(symbols, quantity, values)
        network = self.network
        known = (network.graph.by_name, network.start, network.rows[0])
        if all(q.kind != "value" or any(q.name in names for names in known) for q in named.values()):
            self.sheet.shows(quantity, symbols, named)

    def comes_out(self, quantity: Quantity, formula: Expr) -> bool:
        """Whether a line comes out with what stands on a page for numbers that nobody can write."""
        return self._comes_out(quantity, formula, self._quantities(formula, quantity, {}))

    def _comes_out(self, quantity: Quantity, formula: Expr, named: dict[str, Quantity]) -> bool:
        found: bool = self.sheet.ask(lambda figures: comes_out_as_written(figures, quantity, formula, named))
        return found

    def put_in(
        self, form: Expr, quantity: Quantity, values: dict[str, Quantity], longest: int = LONG_SUM
    ) -> tuple[Expr, dict[str, Quantity]]:
        """A form as its numbers are put in, and what its names stand for.

        Terms that are exactly 0 because of a factor are left out, and so are factors of 1 that say nothing.
        """
        named = self._quantities(form, quantity, values)
        kept = form
        if may_leave_out(form):
            kept = self.sheet.ask(lambda figures: figures.without_zero_terms(form, named))
        zero, one = left_out_factors(kept, {name: one.kind for name, one in named.items()}, longest)
        if quantity.kind in ("updated", "new_state"):  # what is carried from one update to the next starts at 0
            zero = frozenset()
        zeros, ones = zero, one
        if zero or one:
            zeros, ones = self.sheet.ask(lambda figures: figures.zeros_and_ones(named, zero, one))
        if zeros:
            self.sheet.said.add("zero_terms")
        if zeros or ones:
            kept = plainer(kept, zeros, ones)
        return kept, named if kept is form else {name: named[name] for name in names_in(kept)}

    def _written_out(self, expr: Expr, calls: Sequence[Call], named: dict[str, Quantity]) -> Expr:
        """The expression with functions in the branches that they take."""

        def choices(figures: Figures) -> tuple[BranchTaken, ...]:
            values = {name: figures.number(quantity) for name, quantity in named.items()}
            return tuple(choice(call, values) for call in calls)

        chosen = dict(zip(calls, self.sheet.ask(choices), strict=True))
        return opened(expr, chosen, self.network.spec.conventions.relu_at_zero.expression)

    def _nothing_to_put_in(self, expr: Expr, named: dict[str, Quantity]) -> bool:
        """Whether the line with numbers would be the value itself: x, or -x for an x that is not negative."""
        if isinstance(expr, Negative) and isinstance(expr.operand, Name):
            quantity = named[expr.operand.name]
            return bool(self.sheet.ask(lambda figures: not figures.print(quantity).negative))
        return isinstance(expr, Name)

    def one_line(self, left: Tex, quantity: Quantity, formula: Expr) -> tuple[Row, ...]:
        """The same on one line where the formula is one symbol: ``∂f/∂x = y = -4``."""
        rows = self.worked(left, quantity, (formula,))
        if not isinstance(formula, Name) or len(rows) != 2:
            return rows
        first, last = rows
        return (Row(left, first.relation, Tex(f"{first.right} {last.relation} {last.right}")),)

    def work(self, quantity: Quantity, formula: Expr) -> None:
        """Say that a tabulated quantity is worked by this formula of its sample's quantities."""
        self.sheet.work(quantity, formula, self._quantities(formula, quantity, {}))

    def short_tex(self, expr: Expr, *, every_sample: bool = False, room: float = inf) -> Tex:
        """An expression in symbols, long sums with an ellipsis: for the cell of a table.

        ``every_sample``: it stands for all samples, so that no derivative has the mark of one. Where it is wider than
        ``room`` ems (or the page), sums keep their first and last term only.
        """
        symbols, room = self._unmarked if every_sample else self._tex_of, min(room, self.page.ems)

        def written() -> Tex:
            text = tex(shortened(expr, SHORT_SUM), symbols)
            return Tex(text if width(text) <= room else tex(shortened(expr, SHORTEST_SUM), symbols))

        return self.sheet.part(("short", expr, spellings(expr), every_sample, room), written)

    def _quantities(self, expr: Expr, quantity: Quantity, values: dict[str, Quantity]) -> dict[str, Quantity]:
        resolve = self.sheet.figures.resolve
        found = {}
        for name in names_in(expr):
            found[name] = values.get(name) or resolve(name, quantity.iteration, quantity.sample)
        return found

    def _symbols(self, left: Tex, forms: Sequence[Expr], longest: int) -> list[Row]:
        rows: list[Row] = []
        indent = width(left)
        for form in forms:
            lines = self.lines(Tex("="), pieces(shortened(form, longest), self._tex_of), indent)
            rows += lines if rows else [Row(left, lines[0].relation, lines[0].right), *lines[1:]]
        return rows

    def _tex_of(self, name: str) -> str:
        """The symbol of a name in a formula; ``dE/dw[2]`` is the derivative of sample 2's own loss."""
        output = self.network.output
        if not name.startswith(f"d{output}/d"):
            return self._unmarked(name)
        below, _, row = name.removeprefix(f"d{output}/d").partition("[")
        if row:
            return self.notation.derivative(self.notation.tex(f"{output}[{row}"), self.notation.tex(below))
        if self.mark and below in self.network.graph.by_name:  # a node's gradient belongs to the worked sample
            under = self.own_output if below == output else self.notation.tex(below)
            return self.notation.derivative(self.own_output, under)
        return self.notation.tex(name)

    def _unmarked(self, name: str) -> str:
        """The symbol of a name in a formula that holds for every sample."""
        if name == ELLIPSIS:
            return r"\cdots"
        if name.startswith(UNIT):
            return self.notation.constant_unit(int(name.removeprefix(UNIT)))
        return self.notation.tex(name)

    def _numbers(self, expr: Expr, named: dict[str, Quantity], longest: int) -> tuple[RowPiece, ...]:
        def value(name: str, brackets: Brackets) -> str:
            return r"\cdots" if name == ELLIPSIS else self.sheet.put(named[name], brackets)

        short = shortened(expr, longest)
        shown = {name: named[name] for name in names_in(short) if name in named}
        tall: frozenset[str] = self.sheet.ask(lambda figures: frozenset(figures.fractions(shown)))
        return substituted_pieces(short, value, tall=tall)

    def whole_lines(self, left: Tex, equal: Sequence[Tex]) -> list[Row]:
        """Sides that are all equal to the left one, on as few lines as have room for them."""
        rows: list[Row] = []
        room = self.page.ems - width(left) - 2.0
        for side in equal:
            joined = Tex(f"{rows[-1].right} = {side}") if rows else side
            if rows and width(joined) <= room:
                rows[-1] = replace(rows[-1], right=joined)
            else:
                rows.append(Row(BLANK if rows else left, Tex("="), side))
        return rows

    def numbered(self, key: str, rows: Sequence[Row]) -> tuple[Row, ...]:
        """A key equation: its last line has a number, by which :meth:`number_of` is asked."""
        number = self.equations.setdefault(key, len(self.equations) + 1)
        last = max(i for i, row in enumerate(rows) if row.right and not row.under)
        if number > MAX_EQUATIONS:
            return tuple(rows)
        return tuple(replace(row, number=number) if i == last else row for i, row in enumerate(rows))

    def number_of(self, key: str) -> int:
        """The number of a key equation that stands above; 0 where none does."""
        number = self.equations.get(key, 0)
        return number if number <= MAX_EQUATIONS else 0

    def on_fewer_lines(self, rows: Sequence[Row]) -> tuple[Row, ...]:
        """Rows of one step as they are, those that have room behind the one above marked as going on from it."""
        found: list[Row] = []
        policy = self.figures.policy
        number, room = NUMBER_WIDTH + DIGIT_WIDTH * policy.digits, self.page.ems - width(rows[0].left) - 2.0
        filled = 0.0
        for row in rows:
            needed = width(row.right, token=number) + RELATION_WIDTH
            goes_on = bool(found) and bool(row.relation) and row.reason is None and filled + needed <= room
            filled = filled + needed if goes_on else needed
            found.append(replace(row, goes_on=goes_on))
        return tuple(found)

    def lines(self, relation: Tex, parts: Iterable[RowPiece | str], indent: float) -> list[Row]:
        """A formula after a relation sign, broken where it would be wider than the page."""
        first, *others = self.sheet.fitted(tuple(parts), self.page.ems - indent - 2.0)
        return [Row(BLANK, relation, Tex(first)), *(Row(BLANK, BLANK, Tex(rf"\quad {row}")) for row in others)]


def _sample(chosen: InFull) -> int:
    return chosen.sample


def _parameters(chosen: InFull) -> tuple[str, ...]:
    return chosen.parameters


UNIT = "unit "
"""Before a layer's number: the name of the constant unit that feeds its biases (notation ``bias_unit``)."""


def forms_of(expr: Expr) -> tuple[Expr, ...]:
    """A call of a function that has a formula, then that formula: σ(z), 1/(1 + e^-z).

    >>> from derive.expressions.grammar import parse
    >>> len(forms_of(parse("sigmoid(z)"))), len(forms_of(parse("z + 1")))
    (2, 1)
    """
    formula = formula_of(expr) if isinstance(expr, Call) and expr.function in FUNCTIONS else None
    return (expr,) if formula is None else (expr, formula)


def printed_ones(expr: Expr, named: Mapping[str, Quantity], longest: int) -> tuple[Quantity, ...]:
    """The quantities of a formula that a line with numbers shows: those behind an ellipsis have none on the page."""
    return tuple(named[name] for name in names_in(shortened(expr, longest)) if name != ELLIPSIS)
