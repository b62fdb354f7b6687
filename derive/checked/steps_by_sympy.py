"""Every line of the forward and the backward pass worked a second time by SymPy, from the values that it names.

Each formula is handed to SymPy as it is written, and each name in it gets its value from the run; what SymPy makes of
it has to be the value that stands for the whole line. As every named value is itself checked by its own line, nothing
rests on the run alone. This is asked for (``derive notes --check sympy``): it takes SymPy about a millisecond for each
line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from flint import arb, ctx, fmpq

from derive.arithmetic.numbers import plain, untraced
from derive.arithmetic.offsets import Offset
from derive.arithmetic.outcomes import Undecided
from derive.arithmetic.reals import Value
from derive.checked.by_differences import PATIENCE, SYMPY_DIGITS
from derive.checked.sympy_at_numbers import DIGITS, Undecidable, at_numbers
from derive.equations.as_sympy import differentiated, named_gradients
from derive.equations.chain import Derivation
from derive.equations.composed import without_zero_terms
from derive.equations.run import Iteration, Run, Sample, mapped
from derive.errors import DeriveError
from derive.expressions.sympy_bridge import NotInSympy, as_written, parts_in_sympy, repeats_itself, symbol
from derive.expressions.tree import Expr, Product, Quotient, as_expr, names_in, substitute, walk
from derive.network import Network
from derive.records import record

FIRST_BITS = 256
"""The run has so many bits at least, so that what is put in is known to many more digits than are compared."""

MAX_BITS_BESIDE = 1_000
"""A value closer than 2 to minus this to a rational (a unit far out) leaves SymPy no digit, and is passed over."""

MAX_PARTS = 300_000
"""At most this many parts of formulas are worked, times iterations and rows: a minute or two of SymPy's work."""


@record
class Stepwise:
    """How many lines SymPy worked, and how many not (values too close to a rational, a formula it cannot make)."""

    compared: int
    passed_over: int


class SympyLine(NamedTuple):
    """A formula, its value and what its names stand for."""

    name: str
    formula: Expr
    value: Value


def check_size(network: Network, derivation: Derivation) -> None:
    """That the work stays within :data:`MAX_PARTS`.

    Raises:
        DeriveError: where it does not; says how many lines it would be.
    """
    training = network.spec.training
    rows = min(training.batch_size or len(network.rows), len(network.rows))
    times = training.iterations * rows * (2 if rows > 1 else 1)
    parts = 0
    for formula in _formulas(network, derivation):
        parts += parts_in_sympy(formula) * times
        if parts > MAX_PARTS or repeats_itself(formula):
            break
    else:
        return
    lines = len(network.graph.nodes) + len(differentiated(network))
    raise DeriveError(
        network.spec.path,
        f"SymPy would have to work {lines * times:,} lines, of more than {MAX_PARTS:,} parts together",
        "leave out --check sympy, or give fewer iterations, rows or units",
    )


def _formulas(network: Network, derivation: Derivation) -> Iterator[Expr]:
    for node in network.graph.nodes:
        yield node.formula
    for name in differentiated(network):
        yield derivation.gradient(name)


def check_steps(derivation: Derivation, run: Run) -> Stepwise:
    """Work every line of every iteration and row by SymPy, and compare.

    Raises:
        DeriveError: where SymPy finds another number; nothing may be printed then.
        Undecided: where a higher precision is needed to tell.
    """
    return _Steps(derivation, mapped(run, untraced)).checked()


class _Steps:
    """One check of all lines; formulas are made once and used for every row and iteration."""

    def __init__(self, derivation: Derivation, run: Run) -> None:
        self.derivation = derivation
        self.run = run
        self.network = run.network
        self._made: dict[tuple[str, Expr], Any] = {}
        self._named = named_gradients(self.network)
        self._stepped = differentiated(self.network)
        self.compared = self.passed_over = 0

    def checked(self) -> Stepwise:
        for iteration in self.run.iterations:
            for sample in iteration.samples:
                numbers = _Numbers(self._values(iteration, sample))
                for line in self._lines(sample):
                    self._check(line, numbers, f" (iteration {iteration.number}, row {sample.row})")
            if len(iteration.samples) > 1:
                self._check_batch(iteration)
        return Stepwise(self.compared, self.passed_over)

    def _values(self, iteration: Iteration, sample: Sample) -> Mapping[str, Value]:
        """What every name of a row stands for: values, gradients, weights that were updated before they were used."""
        gradients = {name: sample.gradients[of] for name, of in self._named.items() if of in sample.gradients}
        late = {f"{name}'": value for name, value in iteration.updated.items()}
        return {**gradients, **late, **sample.values}

    def _lines(self, sample: Sample) -> Iterator[SympyLine]:
        for node in self.network.graph.nodes:
            yield SympyLine(node.name, self._at(node.formula, sample), sample.values[node.name])
        for name in self._stepped:
            if name in sample.gradients:
                gradient = self._at(self.derivation.gradient(name), sample)
                yield SympyLine(f"d{self.network.output}/d{name}", gradient, sample.gradients[name])

    def _at(self, formula: Expr, sample: Sample) -> Expr:
        """A formula without the terms of a cross entropy that this row leaves out."""
        if not any(isinstance(part, Product | Quotient) and part.leading_zero for part in walk(formula)):
            return formula
        data = {name: value for name in self.network.targets if type(value := sample.values[name]) is fmpq}
        return without_zero_terms(substitute(formula, {name: as_expr(value) for name, value in data.items()}))

    def _check_batch(self, iteration: Iteration) -> None:
        """The batch's gradients, summed or averaged over its rows."""
        rows = tuple(sample.row for sample in iteration.samples)
        known = dict(self._values(iteration, iteration.samples[0]))
        for sample in iteration.samples:
            of_row = self._values(iteration, sample)
            known |= {f"{name}[{sample.row}]": value for name, value in of_row.items()}
        numbers = _Numbers(known)
        for name in self.network.parameters:
            formula = self.derivation.batch_gradient(name, rows)
            line = SympyLine(f"d{self.network.output}/d{name}", formula, iteration.gradients[name])
            self._check(line, numbers, f" (iteration {iteration.number}, all rows)")

    def _check(self, line: SympyLine, numbers: _Numbers, where: str) -> None:
        known = {name: numbers[name] for name in names_in(line.formula)}
        if any(number is None for number in known.values()):
            self.passed_over += 1
            return
        try:
            made = self._made.get(line[:2])
            if made is None:
                made = self._made[line[:2]] = as_written(line.formula, self.network.relu_at_zero)
            found = at_numbers(made, {symbol(n): v for n, v in known.items()})
        except (NotInSympy, Undecidable):
            self.passed_over += 1
            return
        sizes = [abs(numbers.ball(name)) for name in known]
        if not _agree(_ball(found), plain(line.value), sizes):
            self._disagree(line.name + where)
        self.compared += 1

    def _disagree(self, what: str) -> None:
        if ctx.prec < PATIENCE:
            raise Undecided
        raise DeriveError(
            self.network.spec.path,
            f"SymPy finds another number for {what}: nothing is printed",
            "this is a fault of derive, not of the file: please report it with the file",
        )


class _Numbers:
    """Values of a run as SymPy's numbers, each made when it is first asked for."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values
        self._made: dict[str, Any] = {}

    def __getitem__(self, name: str) -> Any:
        """The number; None where it is too close to a rational to be one that SymPy can work with."""
        if name not in self._made:
            self._made[name] = _number(self._values[name])
        return self._made[name]

    def ball(self, name: str) -> arb:
        """The same number here."""
        return plain(self._values[name])


def _number(value: Value) -> Any:
    import sympy

    if isinstance(value, fmpq):
        return sympy.Rational(int(value.numerator), int(value.denominator))
    if not isinstance(value, Offset):
        return _float(plain(value))
    rest = _float(plain(value.rest))
    if rest.is_zero or rest._mpf_[2] + rest._mpf_[3] < -MAX_BITS_BESIDE:  # mpmath's power of 2
        return None if value.limit else rest
    limit = sympy.Rational(int(value.limit.numerator), int(value.limit.denominator))
    return limit + rest.evalf(DIGITS)


def _float(ball: arb) -> Any:
    """The middle of a ball, exactly."""
    import sympy

    mantissa, exponent = map(int, ball.mid().man_exp())
    bits = abs(mantissa).bit_length()
    if not mantissa:
        return sympy.Float(0)
    return sympy.Float((int(mantissa < 0), abs(mantissa), exponent, bits), precision=max(bits, 53))


def _ball(found: Any) -> arb | None:
    """A number of SymPy's here; None where it is none, or not real."""
    if found.is_Rational:
        return arb(fmpq(int(found.p), int(found.q)))
    if not found.is_Float:
        return None
    sign, mantissa, exponent, _ = found._mpf_  # mpmath's number: there is no public way to its parts
    return arb((int(mantissa) * (-1 if sign else 1), int(exponent)))


def _agree(other: arb | None, value: arb, sizes: Sequence[arb]) -> bool:
    """Whether two numbers agree in all digits; 0 is compared in proportion to what it comes from."""
    if other is None:
        return False
    least = arb(10) ** -SYMPY_DIGITS
    difference = abs(other - value)
    if value.contains(0):
        return bool(difference < least * (1 + sum(sizes, arb(0))))
    return bool(difference <= least * abs(value))
