"""What ``derive.derive`` finds: gradients and all numbers, which show themselves in Jupyter.

>>> import derive
>>> result = derive.derive(derive.load("examples/three_inputs.toml"))
>>> print(result.gradient("x"))
dg/dx = y = -4
>>> result.gradient("x").exact
Fraction(-4, 1)
>>> result.loss, result.final_loss
('-10', '-12.72')
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from os import PathLike
from typing import Any, Literal

from derive.api import Network
from derive.checked.decimals import Decimals, OfRows
from derive.checked.proof import worked
from derive.equations.chain import Derivation
from derive.equations.chain import derive as chain_rule
from derive.errors import DeriveError
from derive.expressions.print_tex import tex
from derive.expressions.print_text import ascii as plain
from derive.expressions.tree import Expr
from derive.naming.notation import Notation
from derive.network import Network as Graphed
from derive.network.summary import counted

DIGITS = 12
MAX_KEPT = 100_000
"""At most this many derivatives by single quantities are worked and kept at once; of a larger run, one iteration's."""


def derive(network: Graphed, digits: int = DIGITS) -> Result:
    """Derive every gradient of a network, check each by independent routes, and prove so many digits.

    Raises:
        DeriveError: where a value is outside a function's domain, or the routes disagree.
        TypeError: where ``network`` is none, but a path, for example.
        ValueError: where ``digits`` is not from 1 to 1000.
    """
    if not 1 <= digits <= 1000:
        raise ValueError(f"digits must be from 1 to 1000, not {digits}")
    known = _network(network)
    return worked(known, lambda work: Result(known, Decimals.of(work, digits), digits), precision=_precision(digits))


def _precision(digits: int) -> int:
    """The bits from which so many decimal digits are sought."""
    return max(128, int(digits * 3.33) + 64)


def _network(given: object) -> Network:
    """What was given, where it is a network."""
    if isinstance(given, Network):
        return given
    if isinstance(given, Graphed):
        return Network.made_of(given)
    path = str(given) if isinstance(given, str | PathLike) else "path"
    raise TypeError(f"derive.derive takes a network, not {type(given).__name__}: derive.derive(derive.load({path!r}))")


@dataclass(frozen=True)
class Gradient:
    """The derivative of the output by one quantity: expression, value, and how it looks.

    Attributes:
        name: the derivative, ``dE/dw1_4_3``; of one row's own loss, ``dE/da1_4[2]``.
        parameter: what it is by.
        value: decimal string, correct in every digit.
        exact: the value as a fraction where it is known to be rational.
        formula: the chain rule's result as a tree, in earlier results.
    """

    name: str
    parameter: str
    value: str
    exact: Fraction | None
    formula: Expr
    notation: Notation
    _of: Result | None = field(default=None, repr=False, compare=False)
    _iteration: int = field(default=1, repr=False, compare=False)

    @property
    def expression(self) -> str:
        """The chain rule's result in the names of the contract: ``delta1_4*x3``."""
        return plain(self.formula)

    @property
    def sympy(self) -> Any:
        """The chain rule's result as a SymPy expression, as it is written; the symbols are ``Network.sympy()``'s."""
        from derive.expressions.sympy_bridge import TeXSymbol, as_written

        relu_at_zero = None if self._of is None else self._of.network.relu_at_zero
        return as_written(self.formula, relu_at_zero, lambda name: TeXSymbol(name, self.notation.tex(name)))

    @property
    def samples(self) -> tuple[Gradient, ...]:
        """The derivatives of each row's own loss, in the order of the batch."""
        if self._of is None or self.name.endswith("]"):
            return (self,)
        return self._of.sample_gradients(self.parameter, self._iteration)

    def __repr__(self) -> str:
        return f"<Gradient {self.name} = {self.value:.40}>"

    def __str__(self) -> str:
        parts = dict.fromkeys((self.name, self.expression, self.value))
        return " = ".join(parts)

    def _repr_latex_(self) -> str:
        relation = "=" if self.exact is not None else r"\approx"
        symbols = rf"{self.notation.tex(self.name)} = {tex(self.formula, self.notation.tex)}"
        return rf"$\displaystyle {symbols} {relation} {self.value}$"


@dataclass(frozen=True)
class Result:
    """Everything derived of a network. In Jupyter it shows the whole worked example."""

    network: Network
    _numbers: Decimals
    _digits: int = DIGITS

    def __repr__(self) -> str:
        losses = self.losses if len(self.losses) < 3 else (self.losses[0], "…", self.losses[-1])
        shown = " → ".join(loss[:24] for loss in losses)
        gradients = counted(len(self.network.parameters), "gradient")
        return f"<Result {self.network.label}: {self.network.output[:16]} = {shown}, {gradients}>"

    @cached_property
    def derivation(self) -> Derivation:
        """The chain rule of every quantity, in symbols."""
        return chain_rule(self.network)

    @property
    def loss(self) -> str:
        """The output before the first update: of the first batch, reduced."""
        return self._numbers.losses[0]

    @property
    def losses(self) -> tuple[str, ...]:
        """The output in each iteration, and of all rows after the last update."""
        return self._numbers.losses

    @property
    def final_loss(self) -> str | None:
        """The output after the last update; None without a learning rate."""
        return self._numbers.losses[-1] if self.network.spec.training.learning_rate is not None else None

    @cached_property
    def gradients(self) -> Mapping[str, Gradient]:
        """The gradients of the first iteration, by parameter, in the author's order."""
        return {name: self.gradient(name) for name in self.network.parameters}

    def gradient(self, name: str, iteration: int = 1) -> Gradient:
        """The derivative of the output by any quantity, in one iteration, counted from 1.

        ``name`` is the quantity or the derivative itself, as people write them: ``w1_4_3``, ``dE/dw1_4_3``,
        ``∂L/∂w1_43``, ``a1_1``, ``delta1_1``. Where the data has several rows it is the batch's loss that is
        differentiated, and the quantity moves in all of its rows at once; ``a1_1[2]`` asks for the derivative of row
        2's own loss, and :attr:`Gradient.samples` has those of all rows.

        Raises:
            DeriveError: where the quantity or the iteration does not exist, or there is no derivative by it.

        >>> import derive
        >>> result = derive.derive(derive.load("examples/xor_batch.toml"))
        >>> print(result.gradient("a1_1[3]"))
        dE/da1_1[3] = delta2_1[3]*w2_1_1 = 6
        >>> [sample.value for sample in result.gradient("a1_1").samples]
        ['4', '6', '6', '10']
        """
        self._check_iteration(iteration)
        by, row = self._asked(name)
        if row is not None:
            return self._of_row(by, row, iteration)
        numbers, k = self._numbers, iteration - 1
        if by in numbers.gradients[k]:
            value, exact = numbers.gradients[k][by], numbers.exact[k].get(by)
        else:
            found = self._of_rows(iteration)
            self._check_known(by, found.batch)
            value, exact = found.batch[by], found.batch_exact.get(by)
        formula = self.derivation.batch_gradient(by, numbers.batches[k])
        name = f"d{self.network.output}/d{by}"
        return Gradient(name, by, value, exact, formula, self._notation, self, iteration)

    def sample_gradients(self, name: str, iteration: int = 1) -> tuple[Gradient, ...]:
        """The derivative of each row's own loss by any quantity, in the order of the iteration's batch.

        Raises:
            DeriveError: as :meth:`gradient`.
        """
        self._check_iteration(iteration)
        by, row = self._asked(name)
        rows = self._numbers.batches[iteration - 1] if row is None else (row,)
        return tuple(self._of_row(by, row, iteration) for row in rows)

    def _of_row(self, by: str, row: int, iteration: int) -> Gradient:
        """The derivative of one row's own loss."""
        found = self._of_rows(iteration)
        if row not in found.rows:
            batch = ", ".join(map(str, list(found.rows)[:20]))
            raise DeriveError("", f"row {row} is not in the batch of iteration {iteration}", f"its rows: {batch}")
        self._check_known(by, found.rows[row])
        formula = self.derivation.gradient(by)
        if len(self.network.rows) > 1:
            formula = self.derivation.at_row(formula, row)
        name = f"d{self.network.output}/d{by}[{row}]"
        value, exact = found.rows[row][by], found.rows_exact[row].get(by)
        return Gradient(name, by, value, exact, formula, self._notation, self, iteration)

    @cached_property
    def _notation(self) -> Notation:
        return Notation.of(self.network.spec, self.network.names)

    @cached_property
    def _worked_rows(self) -> dict[int, OfRows]:
        """What is known of the rows of an iteration, once it was asked for."""
        return {}

    def _of_rows(self, iteration: int) -> OfRows:
        known = self._worked_rows
        if iteration not in known:
            count = len(self._numbers.batches)
            numbers = sum(map(len, self._numbers.batches)) * len(self._quantities)
            asked = range(1, count + 1) if numbers <= MAX_KEPT else (iteration,)
            found = worked(
                self.network,
                lambda work: {k: OfRows.of(work, k, self._digits) for k in asked},
                precision=_precision(self._digits),
                symbolic=False,
            )
            known.update(found)
        return known[iteration]

    def _check_iteration(self, iteration: int) -> None:
        count = len(self._numbers.gradients)
        if not 1 <= iteration <= count:
            raise DeriveError("", f"there is no iteration {iteration}", f"give 1 to {count}")

    def _check_known(self, by: str, known: Mapping[str, str]) -> None:
        if by not in known:
            what = "is a target" if by in self.network.targets else "has no value here"
            raise DeriveError("", f"d{self.network.output}/d{by}: {by} {what}, and no derivative by it is worked")

    def _asked(self, name: str) -> tuple[str, int | None]:
        """The quantity that a name is of, or is the derivative by, and the row that it names."""
        output = self.network.output
        try:
            quantity = self.network.names.resolve(name)
        except ValueError as error:
            raise DeriveError("", str(error)) from None
        if quantity.step is not None:
            raise DeriveError(
                "",
                f"{name}: another iteration is asked for by its number, and not by a mark",
                f"gradient({quantity.bare!r}, iteration={quantity.step + 1})",
            )
        if quantity.by is not None and quantity.base != output:
            raise DeriveError("", f"{name}: only the derivatives of {output} are here", f"as d{output}/d{quantity.by}")
        by = quantity.by or quantity.bare
        if by not in self._quantities:
            raise DeriveError("", f"{name}: {by} is not a parameter or another single quantity", "see Network.names")
        return by, quantity.row

    @cached_property
    def _quantities(self) -> frozenset[str]:
        return frozenset(self.network.graph.names)

    def values(self, iteration: int = 1) -> Mapping[str, str]:
        """Every quantity of the first sample of an iteration, by name."""
        return self._numbers.values[iteration - 1]

    def updated(self, iteration: int = 1) -> Mapping[str, str]:
        """The trained parameters after an iteration, by name; empty without a learning rate."""
        return self._numbers.updated[iteration - 1]

    def states(self, iteration: int = 1) -> Mapping[str, str]:
        """What the optimizer carries on after an iteration, by name (``v_w1_1_1``); empty where it carries nothing."""
        return self._numbers.states[iteration - 1]

    def notes(
        self,
        to: str = "markdown",
        style: str | None = None,
        show: Sequence[str] | None = None,
        check: Literal["sympy"] | None = None,
        *,
        questions: Literal["none"] | None = None,
        card: bool = False,
    ) -> str:
        """The worked example as a document: ``markdown``, ``latex`` or ``json``.

        ``check="sympy"`` has every line of both passes worked by SymPy, too, and the document says so.
        ``questions="none"`` leaves out the questions at the ends of sections, and their answers; ``card=True`` gives
        one page: the formulas with their numbers, and one table.
        """
        from derive.render.document import notes

        return notes(self.network, to=to, style=style, show=show, check=check, questions=questions, card=card)

    def _repr_markdown_(self) -> str:
        return self.notes()
