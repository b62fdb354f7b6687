"""What a derivation is once it is read: chains of equalities, each side with its place in the text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import field
from typing import Literal, TypeAlias

from derive.expressions.tree import Expr
from derive.records import record

TextKind: TypeAlias = Literal["text", "markdown", "latex"]
PART_END = "\f"
"""The line that ends a part of a Markdown text: no formula, no code and no quotation goes on behind it."""


@record
class TextPlace:
    """A place in a text: ``offset`` from 0, ``line`` and ``column`` from 1."""

    offset: int
    line: int
    column: int


@record
class Matrix:
    """A matrix or (one column) vector, written out entry by entry; ``weight`` is how large the entries are together."""

    rows: tuple[tuple[Expr, ...], ...]
    weight: int = field(default=0, compare=False, repr=False)

    @property
    def shape(self) -> tuple[int, int]:
        """The number of rows and of columns."""
        return len(self.rows), len(self.rows[0])


SideContent: TypeAlias = Expr | Matrix


@record
class Side:
    """One side of an equality.

    Attributes:
        expr: what it says; None where it cannot be read.
        text: as it was written, in one line.
        start, end: the first character, and the one after the last.
        problem, hint: why it cannot be read, and how to mend it; empty where it can.
        at: the place of the problem.
        in_numbers: it is compared at the spec's values, though it has a name.
    """

    expr: SideContent | None
    text: str
    start: TextPlace
    end: TextPlace
    problem: str = ""
    hint: str = ""
    at: TextPlace | None = None
    in_numbers: bool = False


@record
class Relation:
    """``=``, or ``~`` for ≈ and its like.

    ``updates`` says that what stands before it gets a new value: ``p := …``, ``p ← …``. ``text`` is the sign of an
    update by a step (``+=``), and empty for any other one. ``built`` says that what stands behind it is a part of the
    quantity before it, or the sum of such parts. ``colon``: a colon is written for it.
    """

    sign: Literal["=", "~"]
    start: TextPlace
    updates: bool = False
    text: str = ""
    built: Literal["", "part", "sum"] = ""
    colon: bool = False


CHOICES = tuple(
    """from_input weights_from_input single output_index change layout of_batch outer one_sample star prime delta
    from_zero euler moment moment_from_one power node place mark_above square columns
    jacobian""".split()
)
"""What a reader of a chain may take in two ways; see :class:`derive.verification.reading.parse.Parser`."""
LAYERS = frozenset({"from_input", "weights_from_input"})
"""Those that say from where layers are counted."""
NAMED = LAYERS | {"single", "node", "moment", "moment_from_one"}
"""Those that say what a name means: what can be read in no other way is read so, even where it does not hold."""
STORIED = frozenset({"layout", "from_zero", "of_batch", "mark_above", "change", "moment_from_one"}) | LAYERS
"""Those that one file takes in one way throughout."""


class Readings:
    """Further readings of a chain, worked out when they are first asked for: most chains hold in their first one.

    >>> readings = Readings(lambda: ())
    >>> bool(readings), list(readings)
    (False, [])
    """

    __slots__ = ("_found", "_read")

    def __init__(self, read: Callable[[], tuple[Chain, ...]]) -> None:
        self._read: Callable[[], tuple[Chain, ...]] | None = read
        self._found: tuple[Chain, ...] = ()

    def __iter__(self) -> Iterator[Chain]:
        if self._read is not None:
            self._found, self._read = self._read(), None
        return iter(self._found)

    def __bool__(self) -> bool:
        return any(True for _ in self)

    def __reduce__(self) -> tuple[object, ...]:
        return tuple, (tuple(self),)


@record
class Chain:
    """``sides[0] = sides[1] = ...``: one relation fewer than sides.

    ``others`` are further readings, for where the first does not hold: ``z_2`` may be a unit of the hidden layer.
    ``met`` are the choices that a reader of the chain has (:data:`CHOICES`), ``taken`` those that this reading takes in
    another way than the first, ``meant`` what stands for a symbol that is no name of the network's, ``told`` the names
    of the writer's own that stand here first, with the meaning that was found for each, and how.
    """

    sides: tuple[Side, ...]
    relations: tuple[Relation, ...] = field(default=())
    others: Iterable[Chain] = field(default=(), compare=False)
    met: frozenset[str] = field(default=frozenset(), compare=False)
    taken: frozenset[str] = field(default=frozenset(), compare=False)
    meant: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    told: tuple[tuple[str, str, str], ...] = field(default=(), compare=False)

    @property
    def line(self) -> int:
        """The line on which the chain begins."""
        return self.sides[0].start.line


def quoted(text: str, most: int = 20) -> str:
    """What was written, in quotes, with a mark where it is cut.

    >>> quoted("w1_11"), quoted("9" * 9, 5)
    ("'w1_11'", "'9999…'")
    """
    return f"'{text}'" if len(text) <= most else f"'{text[: most - 1]}…'"


class Unreadable(ValueError):
    """Why a side cannot be read: the problem, the offset in the text, and how to mend it."""

    def __init__(self, problem: str, offset: int, hint: str = "") -> None:
        self.problem = problem
        self.offset = offset
        self.hint = hint
        super().__init__(problem)


@record
class ReadText:
    """What was read of a text.

    Attributes:
        chains: every chain of equalities, in the text's order.
        general: how many formulas are rules about any network (``w^{l}_{jk}``), which cannot be judged.
        not_read: the lines that say a number of a quantity and have no relation that could be read.
    """

    chains: tuple[Chain, ...]
    general: int = 0
    not_read: tuple[int, ...] = ()
