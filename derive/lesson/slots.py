r"""The numbers of a lesson as slots, so that one rendered text serves every network of the same structure.

While a lesson is built, a number is a token, ``\x0e<slot>\x0f``: it stands for a quantity in a style, or for a
relation sign (``=`` where everything printed is exact, ``\approx`` where something is rounded). A decision that
depends on numbers (is this unit saturated?) is asked through :meth:`Sheet.ask`, which remembers it as a guard. What is
drawn from numbers (a curve) is a token, too: :meth:`Sheet.drawn` is given how it is made, and it is made for every run.

The rendered text, with the files beside it, is cut at its tokens into a :class:`Skeleton`; other numbers are filled in
as long as every guard still gives the same answer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from typing import Any, TypeAlias

from derive.checked.in_full import InFull
from derive.expressions.tex_words import joined_all
from derive.expressions.tree import Expr, Name
from derive.expressions.widths import RowPiece, broken, width
from derive.lesson.agreement import PageLine
from derive.lesson.figures import Answer, Figures
from derive.lesson.quantity import CalculatorLines, Quantity
from derive.lesson.remembered import Guard, Maker, Memory, Noted, Predicate, Remembered, Slot
from derive.lesson.skeleton import DRAWN, Parted, Skeleton, filled
from derive.lesson.usual_formulas import KINDS, usual_formula
from derive.words.filling import TOKEN, Draft
from derive.words.runs import Tex

RESERVES = (1.2, 2.2, 3.2, 4.2, 5.2, 6.2, 9.0)
"""Widths of a number with its brackets, in ems, for which rows are laid out."""
Filled: TypeAlias = Callable[[Figures], str]
Layouts: TypeAlias = tuple[tuple[tuple[str, ...], ...], Callable[[Figures], int] | None]
"""The ways to break a formula to rows, and what asks numbers which of them to take."""
MAX_KEPT_OPERANDS = 100
"""Of at most this many numbers is a line that is kept for the next run though no page may show it."""


class Sheet:
    """Hands out the tokens of one lesson and remembers what they stand for.

    ``equations`` are the numbers of the key equations that were written so far, by their keys; ``said`` is what a
    sentence is to say, or has said, once.
    """

    def __init__(self, figures: Figures, memory: Memory | None = None, chosen: InFull | None = None) -> None:
        """``memory`` of other lessons of the structure; ``chosen``: what is worked in full."""
        self.figures = figures
        self._memory = memory or Memory()
        self._chosen = chosen or InFull()
        self._noted = [Noted()]
        self._on_page: dict[Quantity, None] = {}
        self.equations: dict[str, int] = {}
        self.said: set[str] = set()
        self._now: tuple[tuple[tuple[str, int], ...], frozenset[str]] = (), frozenset()

    @property
    def _here(self) -> Noted:
        """What is noted of the part that is being written."""
        return self._noted[-1]

    @property
    def _whole(self) -> Noted:
        """What is noted of the whole lesson."""
        return self._noted[0]

    def part(self, key: Hashable, write: Callable[[], Answer], of: object = None) -> Answer:
        """A part of the lesson: one that was written before, where these numbers and choices make it the same.

        Args:
            key: what it is, for every lesson of the structure.
            write: writes it; what it depends on besides the structure it must ask of the sheet.
            of: what it is made of, where that is one object.
        """
        before = self._state()
        key = key, before
        known = self._memory.known(key, of, self.figures, self._chosen)
        if known is None:
            self._noted.append(Noted())
            try:
                written = write()
            finally:
                noted = self._noted.pop()
            after = self._state()
            known = Remembered(written, of, noted, None if after == before else after)
            self._memory.keep(key, known)
        elif known.after is not None:
            self.equations, self.said = dict(known.after[0]), set(known.after[1])
        self._here.add(known.noted)
        result: Answer = known.written
        return result

    def _state(self) -> tuple[tuple[tuple[str, int], ...], frozenset[str]]:
        """The key equations that are numbered by now, and what was said: both only grow."""
        equations, said = self._now
        if len(equations) != len(self.equations) or len(said) != len(self.said):
            self._now = tuple(self.equations.items()), frozenset(self.said)
        return self._now

    def choice(self, question: Callable[[InFull], Answer]) -> Answer:
        """The answer of a question about what is worked in full; a part is used again only where it is the same."""
        answer = question(self._chosen)
        self._here.chosen[question] = answer
        return answer

    def put(self, quantity: Quantity, brackets: str = "never") -> Tex:
        """The token of a quantity's printed value; ``brackets`` is a key of ``STYLES`` in ``printed_number``."""
        return self._token(Slot(brackets, (self._index(quantity),)))

    def relation(self, *quantities: Quantity) -> Tex:
        """The token of a relation sign: ``=`` where all these quantities are printed exactly."""
        return self._token(Slot("relation", tuple(dict.fromkeys(map(self._index, quantities)))))

    def drawn(self, make: Maker) -> Tex:
        """The token of what is drawn from the numbers of each run, as a curve is."""
        makers = self._memory.makers
        makers.append(make)
        return self._token(Slot(DRAWN, (), len(makers) - 1))

    def ask(self, predicate: Predicate) -> Any:
        """The answer of a question about the numbers; the text is used again only where the answer is the same."""
        answer = self.figures.answer(predicate)
        self._here.guards.append(Guard(predicate, answer))
        return answer

    def holds_for(self, figures: Figures) -> bool:
        """Whether a lesson on these figures would say the same; then the sheet is theirs."""
        if not self._whole.fits(figures, self._chosen):
            return False
        self.figures = figures
        return True

    def fitted(self, parts: Sequence[RowPiece | str], widest: float) -> tuple[str, ...]:
        """A formula broken to rows that fit once their numbers are there.

        Rows are laid out for narrow numbers first; where the numbers of this run are too wide for that, for wider
        ones. Where the choice makes a difference it is a guard.
        """
        key = tuple(parts), widest
        known: Layouts | None = self._memory.layouts.get(key)
        if known is None:
            known = self._memory.layouts.add(key, self._layouts(parts, widest))
        layouts, first_that_fits = known
        chosen: int = 0 if first_that_fits is None else self.ask(first_that_fits)
        return layouts[chosen]

    def _layouts(self, parts: Sequence[RowPiece | str], widest: float) -> Layouts:
        """The ways to break a formula to rows, and which of them to take, where there are several."""
        whole = joined_all(str(getattr(part, "text", part)) for part in parts)
        if width(whole, token=RESERVES[-1]) <= widest:
            return ((whole,),), None
        layouts = tuple(dict.fromkeys(broken(parts, widest, token=reserve) for reserve in RESERVES))
        if len(layouts) == 1:
            return layouts, None
        measured = tuple(tuple(self._measured(row) for row in layout) for layout in layouts[:-1])

        def first_that_fits(figures: Figures) -> int:
            for i, layout in enumerate(measured):
                if all(fixed + sum(figures.print(q).width for q in numbers) <= widest for fixed, numbers in layout):
                    return i
            return len(measured)

        return layouts, first_that_fits

    def _measured(self, row: str) -> tuple[float, tuple[Quantity, ...]]:
        """The width of a row without its numbers, and the numbers in it."""
        slots, quantities = self._memory.slots, self._memory.quantities
        inside = [slots[int(i)] for i in TOKEN.findall(row)]
        numbers = tuple(quantities[slot.quantities[0]] for slot in inside if slot.style != "relation")
        return width(TOKEN.sub("", row)), numbers

    def filled(self, row: str) -> Filled:
        """What a formula is with the numbers of a run put in."""
        slots, quantities = self._memory.slots, self._memory.quantities
        pieces = TOKEN.split(row)
        inside = [slots[int(i)] for i in pieces[1::2]]

        def text(figures: Figures) -> str:
            if not inside:
                return row
            printed = [{i: figures.print(quantities[i]) for i in slot.quantities} for slot in inside]
            numbers = [filled(slot, known) for slot, known in zip(inside, printed, strict=True)]
            return "".join(a + b for a, b in zip(pieces[::2], [*numbers, ""], strict=True))

        return text

    def work(self, quantity: Quantity, formula: Expr, values: Mapping[str, Quantity]) -> None:
        """Say by which displayed formula a quantity is worked, from the quantities that stand for its names."""
        line = self._line(quantity, formula, values)
        self._here.lines.setdefault(line.quantity, []).append(line)
        self._here.shown.append(line)
        self.figures.work(quantity, formula, values)

    def together(
        self, *lines: tuple[Quantity, Expr, Mapping[str, Quantity]], even: Iterable[Quantity] = ()
    ) -> Callable[[Quantity], Quantity]:
        """What gives a number of these lines as it stands there: with digits enough that each line comes out.

        A line is its quantity, the formula that the numbers are put into, and what the names in it stand for. Numbers
        that are to be ``even`` have as many digits as the one of them that needs most.
        """
        alike = frozenset(map(self.figures.one, even))
        within = CalculatorLines(tuple(self._line(*line) for line in lines), alike)
        inside = {quantity for line in within.lines for quantity in line.operands} | alike

        def number(quantity: Quantity) -> Quantity:
            one = self.figures.one(quantity)
            return one._replace(within=within) if one in inside else quantity

        return number

    def shows(self, quantity: Quantity, formula: Expr, values: Mapping[str, Quantity]) -> None:
        """Say that the page shows this formula with numbers put in before the quantity: it must give it."""
        self._here.shown.append(self._line(quantity, formula, values))

    def lines(self) -> tuple[PageLine, ...]:
        """How a reader finds each number from others of the page: by the line shown, else by the formula it has."""
        found: list[PageLine] = []
        self._on_page = self._plain
        for quantity in self._on_page:
            lines = self._whole.lines.get(quantity) or self._usual(quantity)
            found += (line for line in lines if all(map(self._known, line.operands)))
        return tuple(found)

    def works_as(self, other: Sheet) -> bool:
        """Whether this sheet's lines are those of another one of the same run: they are costly to find."""
        return self._plain == other._plain and self._whole.lines == other._whole.lines

    def _known(self, quantity: Quantity) -> bool:
        """Whether a reader has the number: it stands on the page, or is a constant of the spec."""
        return quantity in self._on_page or self.figures.written(quantity) is not None

    def _usual(self, quantity: Quantity) -> tuple[PageLine, ...]:
        """The line of a quantity by the formula it has; none where a reader does not have what stands in it."""
        if quantity.kind not in KINDS or self.figures.written(quantity) is not None or self._is_of_many(quantity):
            return ()
        line = self._memory.usual.get(quantity)
        if line is None:
            formula, values = usual_formula(self.figures, quantity)
            few = len(values) <= MAX_KEPT_OPERANDS
            if not few and not all(self._known(self.figures.one(value)) for value in values.values()):
                return ()  # a long line is costly to make, and of many rows few are shown
            line = self._line(quantity, formula, values, shown=quantity.iteration == 0)
            if few:
                self._memory.usual.add(quantity, line)
        if isinstance(line.formula, Name) and not self._known(line.operands[0]):
            return self._renamed(quantity, line.operands[0])
        return (line,)

    def _is_of_many(self, quantity: Quantity) -> bool:
        """Whether a number comes from samples that a reader does not have: its line is as long as they are many."""
        of = {"batch": "gradient", "loss": "value", "close": "value"}.get(quantity.kind)
        if of is None:
            return False
        places = range(len(self.figures.samples(quantity.iteration)))
        terms = (Quantity(of, quantity.name, quantity.iteration, place) for place in places)
        return len(places) > 1 and not all(self._known(self.figures.one(term)) for term in terms)

    def _renamed(self, quantity: Quantity, same: Quantity) -> tuple[PageLine, ...]:
        """The lines of another quantity that has the same number: a batch of one sample."""
        kept, lines = self._memory.usual, self._usual(same)
        return tuple(kept.get((quantity, line)) or kept.add((quantity, line), line.of(quantity)) for line in lines)

    def _line(
        self, quantity: Quantity, formula: Expr, values: Mapping[str, Quantity], *, shown: bool = True
    ) -> PageLine:
        one = self.figures.one
        operands = {name: one(value) for name, value in values.items()}
        return PageLine(one(quantity), formula, operands, self.figures.network.relu_at_zero, shown=shown)

    @property
    def quantities(self) -> tuple[Quantity, ...]:
        """Everything whose number stands on the page."""
        return tuple(self._plain)

    @property
    def _plain(self) -> dict[Quantity, None]:
        """The same, however many digits they have in some lines."""
        plain = self._memory.plain
        return {q if q.within is None else plain(q): None for q in self._whole.quantities}

    def skeleton(
        self, draft: Draft, lines: Sequence[PageLine] = (), files: Mapping[str, Draft] | None = None
    ) -> Skeleton:
        """The rendered text, and the files beside it, with their numbers taken out.

        ``lines`` are those that must come out with other numbers.
        """
        quantities = {place: quantity for quantity, place in self._whole.quantities.items()}
        text, beside = self._parted(draft), {name: self._parted(file) for name, file in (files or {}).items()}
        checked = tuple(dict.fromkeys((*self._whole.shown, *lines)))
        made = tuple(self._memory.makers)
        return Skeleton(text, quantities, tuple(self._whole.guards), tuple(lines), checked, beside, made)

    def close(self) -> None:
        """Let go of what other lessons need not: their questions may hold this sheet."""
        self._memory, self._noted, self._on_page = Memory(), [Noted()], {}

    def _parted(self, draft: Draft) -> Parted:
        """A text cut at its tokens."""
        if isinstance(draft.text, bytes):
            return Parted((), (), draft.filling, draft.text)
        pieces = draft.filling.token.split(draft.text)
        slots = tuple(self._memory.slots[int(token)] for token in pieces[1::2])
        return Parted(tuple(pieces[::2]), slots, draft.filling)

    def slot(self, token: int) -> tuple[str, tuple[Quantity, ...]]:
        """The style of a token, and what it stands for."""
        style, places, _ = self._memory.slots[token]
        return style, tuple(self._memory.quantities[place] for place in places)

    def _index(self, quantity: Quantity) -> int:
        one = self.figures.one(quantity)
        place = self._here.quantities[one] = self._memory.place(one)
        return place

    def _token(self, slot: Slot) -> Tex:
        return Tex(f"\x0e{self._memory.token(slot)}\x0f")
