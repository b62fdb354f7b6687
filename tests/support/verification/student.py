"""Derivations as a student writes them, from passes with or without slips: forward, backward, update, forward.

Every line is a chain about one quantity. Which forms it has (names of derivatives, formula, numbers put in, value) is
chosen by ``style``, so that one set of numbers gives many derivations. A rounded number that would read as one of the spec's own has more digits.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from flint import fmpq

from derive.arithmetic.reals import Value
from derive.arithmetic.rounding import Policy
from derive.equations.chain import Derivation, Term, derive
from derive.expressions.print_tex import tex
from derive.expressions.print_text import ascii as plain
from derive.expressions.tree import (
    Call,
    Expr,
    Name,
    Negative,
    Number,
    Product,
    Quotient,
    Sum,
    names_in,
    plus,
    substitute,
    walk,
)
from derive.naming.notation import Notation
from derive.network import Network
from derive.network.graph import Node
from derive.verification.causes.quantities import value_of
from derive.verification.points.training import Training

FORMS = (
    ("value",),
    ("numbers", "value"),
    ("formula", "value"),
    ("formula", "numbers", "value"),
    ("chain", "formula", "numbers", "value"),
    ("chain", "numbers", "value"),
    ("chain", "value"),
)


LONGEST = 600
"""A longer side is not written."""


@dataclass(frozen=True)
class Line:
    """A chain about ``subject``: its sides after the first, and the value at its end.

    ``right`` is the value that the right step gives from the same numbers before it: where it is not ``value``, the
    mistake is made here.
    """

    subject: str
    sides: tuple[Expr, ...]
    forms: tuple[str, ...]
    value: Value
    right: Value
    real: bool = True
    """Whether the numbers put in have a value at all: no one follows a logarithm of -0.2."""
    about: frozenset[int] = frozenset()

    def text(self, write: Callable[[Expr], str], about: str = "~") -> str:
        """The chain; a side in which a whole number stands for a rounded one comes after ``about``."""
        sides = (f"{about if i in self.about else '='} {write(side)}" for i, side in enumerate(self.sides))
        return " ".join((write(Name(self.subject)), *sides))


@dataclass
class Student:
    """One derivation over the first iteration, and the forward pass after it.

    Args:
        early: numbers are computed from printed ones, line by line; every line then shows its numbers.
    """

    passes: Training
    policy: Policy
    style: int = 0
    early: bool = False
    most: int = 40

    def __post_init__(self) -> None:
        self.network: Network = self.passes.network
        self.truth = self.passes.with_slips()
        self.derivation: Derivation = derive(self.network)
        self.known: dict[str, Value] = {}
        self.rounded_whole: list[Expr] = []
        rows = [value for row in self.passes.rows for value in row.values()]
        self.given = {abs(value) for value in (*self.passes.start.values(), *rows) if type(value) is fmpq}
        if type(self.passes.rate) is fmpq:
            self.given.add(self.passes.rate)
        self.count = 0
        self.result = False
        self.pen = any(getattr(slip, "pen", False) for slip in self.passes.slips)
        """Whether the mistake is one in working numbers out: what is put in is right, what comes out is not."""

    # Numbers

    def value(self, name: str) -> Value:
        """What stands in the student's document for a quantity, or else comes from their calculator."""
        if name not in self.known:
            self.known[name] = value_of(self.passes, self.network.names.resolve(name))
        return self.known[name]

    def printed(self, value: Value, true: Value | None = None) -> Expr:
        """The number as it is printed; ``true`` is what it stands for where it was rounded before."""
        shown = self.policy.shown(value)
        if abs(shown.value) in self.given and not shown.exact:
            shown = Policy("significant", self.policy.digits + 2).shown(value)
        number = shown.value
        text = shown.text.lstrip("-")
        if self.passes.slips and (self.result or abs(number) not in self.given):
            text = self.padded(text)
        rounded = text.isdigit() and true is not None and true != number
        if rounded and number != 0:
            zeros = self.policy.digits - (len(text) if self.policy.kind == "significant" else 0)
            if zeros <= 0:
                return self.longer(value)
            text += "." + "0" * zeros
        written = Number(abs(number), text)
        if rounded and text.isdigit():
            self.rounded_whole.append(written)
        return Negative(written) if number < 0 else written

    def longer(self, value: Value) -> Expr:
        """The number with two digits more: rounded, it would be a whole number, and those are exact."""
        shown = Policy("significant", len(str(abs(int(self.policy.shown(value).value)))) + 2).shown(value)
        written = Number(abs(shown.value), shown.text.lstrip("-"))
        return Negative(written) if shown.negative else written

    def padded(self, text: str) -> str:
        """A decimal with all its digits: a mistaken 0.6 would stand for all that rounds to it, the right 0.55, too."""
        if "." not in text or "e" in text or self.policy.kind != "significant":
            return text
        return text + "0" * (self.policy.digits - len(text.replace(".", "").lstrip("0")))

    def put_in(self, expr: Expr) -> Expr:
        """The formula with the numbers of the spec and of the lines before."""
        return substitute(expr, {name: self.number_of(name) for name in names_in(expr)})

    def number_of(self, name: str) -> Expr:
        base, _, row = name.removesuffix("]").partition("[")
        given = self.network.written(base, int(row) if row else 1)
        if given is not None:
            return given.expression
        true = value_of(self.passes, self.network.names.resolve(name))
        self.result, before = True, self.result
        printed = self.printed(self.value(name), true)
        self.result = before
        return printed

    # Lines

    def lines(self) -> Iterator[Line]:
        """The whole derivation."""
        rows = self.passes.batch(0)
        for row in rows:
            yield from self.forward(row, 0)
        for row in rows:
            yield from self.backward(row)
        yield from self.batch(rows)
        if self.passes.rate is not None:
            yield from self.updates()
            for row in self.passes.batch(1)[:1]:
                yield from self.forward(row, 1)

    def mark(self, name: str, row: int, step: int = 0) -> str:
        quantity = self.network.names.resolve(name)
        if step:
            name = name + ("'" if name in self.network.trained else f"@{step}")
        return f"{name}[{row}]" if len(self.network.rows) > 1 and self.sampled(quantity.base, quantity.by) else name

    def sampled(self, base: str, by: str | None) -> bool:
        return base in self.network.per_sample

    def marked(self, expr: Expr, row: int, step: int) -> Expr:
        def mark(name: str) -> str:
            if name == self.network.names.eta:
                return name
            if step and name in self.network.start and name not in self.network.trained:
                return name
            if step and name in self.network.rows[0]:
                return self.mark(name, row)
            return self.mark(name, row, step)

        return substitute(expr, {name: Name(mark(name)) for name in names_in(expr)})

    def forward(self, row: int, step: int) -> Iterator[Line]:
        at = self.passes.at(step, row)
        for node in self.network.graph.nodes:
            if node.name not in self.network.graph.ancestors:
                continue
            subject = self.mark(node.name, row, step)
            formula = self.marked(node.formula, row, step)
            right: dict[str, Value] = {name: at.value(name) for name in node.inputs}
            self.passes.equations.forward(self.truth.at(step, row), node, right)
            if node.operation.kind == "softmax":
                self.softmax(node, right)
            yield self.line(subject, {"formula": formula}, at.value(node.name), right[node.name])

    def softmax(self, node: Node, right: dict[str, Value]) -> None:
        first = next(n for n in self.network.graph.nodes if n.inputs == node.inputs)
        self.network.in_numbers.forward(first, right)

    def backward(self, row: int) -> Iterator[Line]:
        graph, network = self.network.graph, self.network
        names = [*(n.name for n in reversed(graph.nodes) if n.name != graph.output and n.name in graph.ancestors)]
        leaves = [p for p in network.parameters if p in graph.uses][: self.most]
        for name in (*names, *leaves):
            subject = f"d{graph.output}/d{name}"
            subject = network.names.gradient(name)
            if len(network.rows) > 1:
                subject += f"[{row}]"
            yield self.gradient(name, subject, row)

    def gradient(self, name: str, subject: str, row: int) -> Line:
        at = self.passes.at(0, row)
        step = self.derivation.step(name)
        output = self.network.graph.output
        uses = {}
        for use in self.network.graph.uses[name]:
            uses.setdefault(use.node.name, []).append(use)
        numbers: list[Expr] = []
        right: Value = fmpq(0)
        simple = True
        for term in step.terms:
            here = uses[term.via]
            if len(here) > 1:
                simple = False
            upstream = at.derivative(output, term.via)
            local = sum((at.local(use) for use in here[1:]), at.local(here[0]))
            true = [at._right_local(use) for use in here]
            right = right + upstream * sum(true[1:], true[0])
            numbers.append(Product((self.printed(upstream, upstream), self.printed(local, local))))
        value = at.derivative(output, name)
        forms: dict[str, Expr] = {}
        if len(self.network.rows) == 1 and step.terms and not self.passes.late and self.single(step.terms, name):
            forms["chain"] = self.chained(step.terms, name)
        gradient = step.gradient
        if len(self.network.rows) > 1:
            gradient = self.derivation.at_row(gradient, row)
        forms["formula"] = gradient
        summed = self.summed(numbers) if numbers else value
        fits = any(not _apart(summed, one, self.policy) for one in ((value, right) if self.pen else (value,)))
        if simple and numbers and fits:
            forms["numbers"] = plus(*numbers) if len(numbers) > 1 else numbers[0]
        return self.line(subject, forms, value, right)

    def single(self, terms: tuple[Term, ...], name: str) -> bool:
        """Whether the nodes that use the quantity depend on it in one way only, so that d means the same as ∂."""
        at = self.truth.at()
        uses = {use.node.name: use for use in self.network.graph.uses[name]}
        pairs = ((at.derivative(term.via, name), at.local(uses[term.via])) for term in terms)
        return all(not _apart(total, local, self.policy) for total, local in pairs)

    def summed(self, numbers: list[Expr]) -> Value:
        from derive.expressions.evaluate import evaluate

        return evaluate(plus(*numbers) if len(numbers) > 1 else numbers[0], {})

    def chained(self, terms: tuple[Term, ...], name: str) -> Expr:
        output = self.network.graph.output
        parts: list[Expr] = []
        for term in terms:
            last = Name(f"d{term.via}/d{name}")
            parts.append(last if term.via == output else Product((Name(f"d{output}/d{term.via}"), last)))
        return parts[0] if len(parts) == 1 else Sum(tuple(parts))

    def batch(self, rows: tuple[int, ...]) -> Iterator[Line]:
        if len(self.network.rows) == 1:
            return
        for name in self.network.parameters[: self.most]:
            if name in self.network.graph.uses:
                subject = self.network.names.gradient(name)
                output = self.network.graph.output
                values = [self.passes.at(0, row).derivative(output, name) for row in rows]
                parts = tuple(Name(f"{subject}[{row}]") for row in rows)
                formula: Expr = Sum(parts) if len(parts) > 1 else parts[0]
                if self.network.spec.training.reduction == "mean" and len(rows) > 1:
                    formula = Quotient(formula, Number(fmpq(len(rows))))
                yield self.line(
                    subject, {"formula": formula}, self.passes.gradient(name), self.truth.objective.gradient(values)
                )

    def updates(self) -> Iterator[Line]:
        network = self.network
        for name in [p for p in network.parameters if p in network.trained][: self.most]:
            gradient = network.names.gradient(name)
            formula = Name(name) - Name(network.names.eta) * Name(gradient)
            old, slope = self.passes.parameters(0)[name], self.passes.gradient(name)
            assert self.passes.rate is not None
            right = old - self.passes.rate * slope
            yield self.line(name + "'", {"formula": formula}, self.passes.parameters(1)[name], right)

    def line(self, subject: str, forms: dict[str, Expr], value: Value, right: Value) -> Line:
        """The forms that the style chooses, as far as there are such."""
        choice = [forms for forms in FORMS if "numbers" in forms] if self.early else FORMS
        wanted = choice[(self.style + self.count * (self.style % 5)) % len(choice)]
        self.count += 1
        true = value
        numbers, real = forms.get("numbers"), True
        if (numbers is None or self.early) and "formula" in forms:
            numbers = self.put_in(forms["formula"])
            real = self.has_value(numbers)
            numbers = numbers if self.pen or self.fits(numbers, value, right) else None
        if self.early and numbers is not None and len(plain(numbers)) < LONGEST and numbers != Name(subject):
            value = self.from_printed(numbers, value) or value
        self.known[subject] = _number(self.printed(value, true)) if self.early else value
        sides: list[Expr] = []
        used: list[str] = []
        for form in wanted:
            self.result = form == "value"
            side = self.printed(value, true) if form == "value" else numbers if form == "numbers" else forms.get(form)
            same = side is not None and (side in sides or side == Name(subject))
            if side is not None and not same and (form == "value" or len(plain(side)) < LONGEST):
                sides.append(side)
                used.append(form)
        self.result = False
        about = frozenset(i for i, side in enumerate(sides) if self.has_rounded_whole(side))
        return Line(subject, tuple(sides), tuple(used), value, right, real, about)

    def fits(self, numbers: Expr, value: Value, right: Value) -> bool:
        """Whether numbers put in say what comes out: whoever leaves the learning rate out does not write it down."""
        found = self.from_printed(numbers, value) if _apart(value, right, self.policy) else value
        return not _apart(found, value, self.policy)

    def has_value(self, numbers: Expr) -> bool:
        """Whether a calculation stays in its domain."""
        from derive.arithmetic.outcomes import OutsideDomain
        from derive.expressions.evaluate import evaluate

        try:
            for part in (numbers, *(part for part in walk(numbers) if isinstance(part, Call))):
                evaluate(part, {}, self.network.relu_at_zero)
        except OutsideDomain:
            return False
        return True

    def has_rounded_whole(self, side: Expr) -> bool:
        return any(part is whole for part in walk(side) for whole in self.rounded_whole)

    def from_printed(self, numbers: Expr, value: Value) -> Value:
        """The value of the numbers that are put in."""
        from derive.arithmetic.outcomes import OutsideDomain
        from derive.expressions.evaluate import evaluate

        try:
            return evaluate(numbers, {}, self.network.relu_at_zero)
        except OutsideDomain:
            return value


def _number(printed: Expr) -> fmpq:
    """The number that is printed."""
    if isinstance(printed, Negative):
        return -_number(printed.operand)
    assert isinstance(printed, Number)
    return printed.value


def _apart(one: Value, other: Value, policy: Policy) -> bool:
    """Whether two numbers differ by more than a few units of the last place."""
    size = max(abs(policy.shown(one).value), abs(policy.shown(other).value))
    return bool(abs(one - other) > size * fmpq(50, 10**policy.digits))


def document(lines: list[Line], kind: str, notation: Notation) -> str:
    """The derivation as a file of claims: ``text``, ``markdown`` or ``latex``."""
    if kind == "text":
        return "\n".join(line.text(plain) for line in lines) + "\n"
    formulas = [line.text(lambda expr: tex(expr, notation.tex), r"\approx") for line in lines]
    if kind == "markdown":
        return "# My derivation\n\n" + "\n\n".join(f"$${formula}$$" for formula in formulas) + "\n"
    rows = " \\\\\n".join(formula.replace(" = ", " &= ", 1) for formula in formulas)
    return "\\begin{align*}\n" + rows + "\n\\end{align*}\n"


__all__ = ["FORMS", "Line", "Student", "document"]
