"""Using ``derive`` from Python: a network, its derivation, and objects that show themselves in Jupyter.

>>> import derive
>>> network = derive.load("examples/three_inputs.toml")
>>> result = derive.derive(network)
>>> print(result.gradient("x"))
dg/dx = y = -4
>>> result.gradient("x").exact
Fraction(-4, 1)
>>> result.loss, result.final_loss
('-10', '-12.72')
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from os import PathLike
from typing import Any, Literal

from flint import fmpq

from derive.arithmetic.numbers import exactly
from derive.arithmetic.rounding import decimal_string
from derive.checked.proof import Proven, worked
from derive.equations.chain import Derivation
from derive.equations.chain import derive as chain_rule
from derive.errors import DeriveError
from derive.expressions.print_tex import tex
from derive.expressions.print_text import ascii as plain
from derive.expressions.tree import Expr
from derive.naming.notation import Notation
from derive.network import Network, build
from derive.network.summary import counted
from derive.specification import load as load_spec
from derive.specification import loads as loads_spec

DIGITS = 12


def load(path: str | PathLike[str]) -> Network:
    """The network of a spec file (``.toml`` or ``.json``).

    Raises:
        DeriveError: where the file cannot be read or something in it is wrong; it names file, field and mend.
    """
    return build(load_spec(str(path)))


def loads(text: str, format: Literal["toml", "json"] = "toml") -> Network:
    """The network of a spec given as text, ``toml`` or ``json``.

    Raises:
        DeriveError: as :func:`load`.
    """
    return build(loads_spec(text, "<text>", format))


def derive(network: Network, digits: int = DIGITS) -> Result:
    """Derive every gradient of a network, check each by independent routes, and prove so many digits.

    Raises:
        DeriveError: where a value is outside a function's domain, or the routes disagree.
        TypeError: where ``network`` is none, but a path, for example.
        ValueError: where ``digits`` is not from 1 to 1000.
    """
    if not 1 <= digits <= 1000:
        raise ValueError(f"digits must be from 1 to 1000, not {digits}")
    precision = max(128, int(digits * 3.33) + 64)
    known = _network(network)
    return worked(known, lambda work: Result(known, _Numbers.of(work, digits)), precision=precision)


def _network(given: object) -> Network:
    """What was given, where it is a network."""
    if isinstance(given, Network):
        return given
    path = str(given) if isinstance(given, str | PathLike) else "path"
    raise TypeError(f"derive.derive takes a network, not {type(given).__name__}: derive.derive(derive.load({path!r}))")


@dataclass(frozen=True, slots=True)
class _Numbers:
    """Decimal strings of one run, proven while the precision was enough."""

    values: tuple[Mapping[str, str], ...]
    gradients: tuple[Mapping[str, str], ...]
    exact: tuple[Mapping[str, Fraction], ...]
    updated: tuple[Mapping[str, str], ...]
    states: tuple[Mapping[str, str], ...]
    losses: tuple[str, ...]
    batches: tuple[tuple[int, ...], ...]

    @classmethod
    def of(cls, work: Proven, digits: int) -> _Numbers:
        def texts(values: Mapping[str, Any]) -> Mapping[str, str]:
            return {name: decimal_string(value, digits) for name, value in values.items()}

        def exact(values: Mapping[str, Any]) -> Mapping[str, Fraction]:
            rational = {name: value for name, v in values.items() if type(value := exactly(v)) is fmpq}
            return {name: Fraction(int(v.numerator), int(v.denominator)) for name, v in rational.items()}

        iterations, final = work.run.iterations, work.run.final
        losses = [iteration.loss for iteration in iterations] + ([final.loss] if final else [])
        return cls(
            tuple(texts(iteration.samples[0].values) for iteration in iterations),
            tuple(texts(iteration.gradients) for iteration in iterations),
            tuple(exact(iteration.gradients) for iteration in iterations),
            tuple(texts(iteration.updated) for iteration in iterations),
            tuple(texts(iteration.new_states) for iteration in iterations),
            tuple(decimal_string(loss, digits) for loss in losses),
            tuple(tuple(sample.row for sample in iteration.samples) for iteration in iterations),
        )


@dataclass(frozen=True)
class Gradient:
    """The derivative of the output by one parameter: expression, value, and how it looks.

    Attributes:
        name: the derivative, ``dE/dw1_4_3``.
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

    @property
    def expression(self) -> str:
        """The chain rule's result in the names of the contract: ``delta1_4*x3``."""
        return plain(self.formula)

    @property
    def sympy(self) -> Any:
        """The chain rule's result as a SymPy expression in real symbols of these names."""
        from derive.expressions.sympy_bridge import to_sympy

        return to_sympy(self.formula)

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
    _numbers: _Numbers

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
        """The batch's gradient by one parameter in one iteration, counted from 1.

        ``name`` is the parameter or the derivative itself, as people write them: ``w1_4_3``, ``dE/dw1_4_3``,
        ``∂L/∂w1_43``.

        Raises:
            DeriveError: where the parameter or the iteration does not exist.
        """
        numbers = self._numbers
        if not 1 <= iteration <= len(numbers.gradients):
            raise DeriveError("", f"there is no iteration {iteration}", f"give 1 to {len(numbers.gradients)}")
        parameter = self._parameter(name)
        return Gradient(
            f"d{self.network.output}/d{parameter}",
            parameter,
            numbers.gradients[iteration - 1][parameter],
            numbers.exact[iteration - 1].get(parameter),
            self.derivation.batch_gradient(parameter, numbers.batches[iteration - 1]),
            Notation.of(self.network.spec, self.network.names),
        )

    def _parameter(self, name: str) -> str:
        """The parameter that a name is of, or is the derivative by."""
        output = self.network.output
        try:
            quantity = self.network.names.resolve(name)
        except ValueError as error:
            raise DeriveError("", str(error)) from None
        if quantity.marks:
            raise DeriveError(
                "",
                f"{name}: gradients are the batch's, without marks",
                f"another iteration is gradient({quantity.bare!r}, iteration=2)",
            )
        if quantity.by is not None and quantity.base != output:
            raise DeriveError("", f"{name}: only the derivatives of {output} are here", f"as d{output}/d{quantity.by}")
        parameter = quantity.by or quantity.bare
        if parameter not in self.network.parameters:
            raise DeriveError("", f"{name}: {parameter} is not a parameter", "see Network.parameters")
        return parameter

    def values(self, iteration: int = 1) -> Mapping[str, str]:
        """Every quantity of the first sample of an iteration, by name."""
        return self._numbers.values[iteration - 1]

    def updated(self, iteration: int = 1) -> Mapping[str, str]:
        """The trained parameters after an iteration, by name; empty without a learning rate."""
        return self._numbers.updated[iteration - 1]

    def states(self, iteration: int = 1) -> Mapping[str, str]:
        """What the optimizer carries on after an iteration, by name (``v_w1_1_1``); empty where it carries nothing."""
        return self._numbers.states[iteration - 1]

    def notes(self, to: str = "markdown", style: str | None = None, show: Sequence[str] | None = None) -> str:
        """The worked example as a document: ``markdown``, ``latex`` or ``json``."""
        from derive.render.document import notes

        return notes(self.network, to=to, style=style, show=show)

    def _repr_markdown_(self) -> str:
        return self.notes()
