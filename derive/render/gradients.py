"""Every gradient of a network as JSON, CSV or a table (contract, section 4)."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar

from flint import fmpq

from derive.arithmetic.numbers import BOUND_DIGITS, is_zero
from derive.arithmetic.precision import MIN_PRECISION
from derive.arithmetic.reals import Value
from derive.arithmetic.rounding import decimal_string
from derive.checked.proof import Proven, worked
from derive.equations.run import Iteration, Sample
from derive.equations.table import EquationTable
from derive.expressions.print_text import ascii as plain
from derive.expressions.tree import Call, Expr, children, plus, rebuild, times
from derive.naming.author_words import as_typed
from derive.network import Network
from derive.uncollected import no_collection
from derive.words.runs import Say
from derive.words.templates_path import bundled_templates

if TYPE_CHECKING:
    from derive.words.voice import Voice

Found = TypeVar("Found")
DIGITS = 12
MAX_EXACT_DIGITS = 100
"""At most this many digits has a number that is given exactly."""


def gradients_json(network: Network, digits: int = DIGITS) -> str:
    """The contract's JSON: decimal strings, correct in every digit.

    Raises:
        DeriveError: as :func:`derive.checked.proof.worked`.
    """

    def use(work: Proven) -> dict[str, Any]:
        with no_collection():
            return _Report(work, digits).data()

    data = _proven(network, digits, use)
    with no_collection():
        return "".join(_indented(data)) + "\n"


def _indented(data: Any, before: str = "\n") -> Iterator[str]:
    """JSON with an indent of 2, as ``json.dumps`` gives it; what holds no more than texts is written at once."""
    inner = before + "  "
    if isinstance(data, list) and data and isinstance(data[0], dict | list):
        for start, item in zip(("[", *[","] * len(data)), data, strict=False):
            yield start + inner
            yield from _indented(item, inner)
        yield before + "]"
    elif isinstance(data, dict) and any(isinstance(value, dict | list) for value in data.values()):
        for start, (key, value) in zip(("{", *[","] * len(data)), data.items(), strict=False):
            yield f"{start}{inner}{json.dumps(key, ensure_ascii=False)}: "
            yield from _indented(value, inner)
        yield before + "}"
    else:
        text = _encoder(inner).encode(data)
        yield f"{text[0]}{inner}{text[1:-1]}{before}{text[-1]}" if isinstance(data, dict | list) and data else text


@cache
def _encoder(inner: str) -> json.JSONEncoder:
    """What writes each entry on a line of its own."""
    return json.JSONEncoder(ensure_ascii=False, separators=("," + inner, ": "))


def gradients_csv(network: Network, digits: int = DIGITS, everything: bool = False) -> str:
    """One row per iteration and parameter: ``iteration,parameter,value,gradient,updated,expression``.

    With ``everything`` also one row per iteration, row of the data and quantity, under the head :data:`HEAD_OF_ALL`.
    """

    def use(work: Proven) -> list[tuple[str, ...]]:
        report = _Report(work, digits)
        return [HEAD_OF_ALL, *report.all_rows()] if everything else [HEAD, *report.rows()]

    rows = _proven(network, digits, use)
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def gradients_table(network: Network, digits: int = DIGITS, everything: bool = False) -> str:
    """The same rows for people, in aligned columns, an iteration at a time; then values, deltas and activations.

    These are of the first iteration's first sample, at most :data:`MAX_QUANTITIES`; with ``everything`` all.
    """
    return _proven(network, digits, lambda work: _Report(work, digits).table(everything=everything))


HEAD = ("iteration", "parameter", "value", "gradient", "updated", "expression")
HEAD_OF_ALL = ("iteration", "row", "quantity", "value", "gradient", "updated", "expression")
TABLE_HEAD = ("head_parameter", "head_value", "head_gradient", "head_updated", "head_expression")
"""The sentences at the head of a table of the parameters of one iteration."""
FINAL = "final"
"""In place of an iteration's number: after the last update."""

MAX_QUANTITIES = 40
"""At most this many quantities of one sample are listed."""
MAX_EXPRESSION = 60
"""At most this many characters of an expression stand in a table."""


def _proven(network: Network, digits: int, use: Callable[[Proven], Found]) -> Found:
    return worked(network, use, precision=max(MIN_PRECISION, int(digits * 3.33) + 64))


@cache
def _voice() -> Voice:
    """The wording; loaded for tables only, as a program that reads JSON waits for the start."""
    from derive.words.voice import Voice

    return Voice([bundled_templates()])


class _Report:
    """The numbers of one worked network as strings of so many digits."""

    def __init__(self, work: Proven, digits: int) -> None:
        self.work = work
        self.digits = digits
        self._bounded = False
        self._table = EquationTable(work.network, work.derivation)
        self._known: dict[str, tuple[Value, str]] = {}
        self._given: dict[tuple[int, str], str] = {}
        self._expressions: dict[tuple[str, tuple[int, ...]], str] = {}

    def text(self, value: Value) -> str:
        text = decimal_string(value, self.digits)
        self._bounded = self._bounded or text.startswith("0e")
        return text

    def texts(self, values: Mapping[str, Value]) -> dict[str, str]:
        return {name: self._text_of(name, value) for name, value in values.items()}

    def _values(self, sample: Sample) -> dict[str, str]:
        """The values of a sample; what its row of the data gives is the same in every iteration."""
        row, known, given = sample.row, self._given, self.work.network.rows[0]
        for name in given:
            if (row, name) not in known:
                known[row, name] = self.text(sample.values[name])
        return {
            name: known[row, name] if name in given else self._text_of(name, value)
            for name, value in sample.values.items()
        }

    def _text_of(self, name: str, value: Value) -> str:
        """The same; every sample has the same parameters, whose text is made once."""
        known = self._known.get(name)
        if known is None or known[0] is not value:
            known = self._known[name] = (value, self.text(value))
        return known[1]

    def notes(self) -> list[str]:
        """What is to be said of numbers that only a bound is known of."""
        bound = f"1e-{max(BOUND_DIGITS, self.digits)}"
        return [self.say("bounded", zero=f"0e{bound[2:]}", bound=bound)] if self._bounded else []

    @staticmethod
    def say(key: str, **facts: Any) -> str:
        """A sentence beside the numbers."""
        return _voice().plain(Say(f"gradients.{key}", facts))

    def data(self) -> dict[str, Any]:
        network, run = self.work.network, self.work.run
        data: dict[str, Any] = {
            "title": as_typed(network.spec.title),
            "output": network.output,
            "iterations": [self.iteration(iteration) for iteration in run.iterations],
        }
        if run.final is not None:
            data["final"] = {
                "loss": self.text(run.final.loss),
                "samples": [self.sample(sample) for sample in run.final.samples],
            }
            if network.states:
                data["final"]["states"] = self.texts(run.iterations[-1].new_states)
        notes = self.notes()
        return {**data, "notes": notes} if notes else data

    def iteration(self, iteration: Iteration) -> dict[str, Any]:
        data: dict[str, Any] = {
            "iteration": iteration.number,
            "loss": self.text(iteration.loss),
            "samples": [self.sample(sample) for sample in iteration.samples],
            "gradients": self.gradients(iteration),
        }
        if self.work.run.learning_rate is not None:
            data["updated"] = self.texts(iteration.updated)
        if self.work.network.states:
            data["states"] = {name: self.state(iteration, name) for name in self.work.network.states}
        return data

    def state(self, iteration: Iteration, name: str) -> dict[str, str]:
        """A state of the optimizer before and after an update, and the rule that leads from one to the other."""
        return {
            "value": self.text(iteration.states[name]),
            "expression": self.rule(name),
            "updated": self.text(iteration.new_states[name]),
        }

    def rule(self, name: str) -> str:
        """The new value of a state of the optimizer, in the names of its iteration."""
        return plain(self._table.update(name))

    def sample(self, sample: Sample) -> dict[str, Any]:
        data: dict[str, Any] = {"row": sample.row, "values": self._values(sample)}
        if sample.gradients:
            data["gradients"] = self.texts(sample.gradients)
        return data

    def gradients(self, iteration: Iteration) -> dict[str, dict[str, str]]:
        return {name: self.gradient(iteration, name) for name in self.work.network.parameters}

    def gradient(self, iteration: Iteration, name: str) -> dict[str, str]:
        value = iteration.gradients[name]
        entry = {"expression": self.expression(iteration, name), "value": self.text(value)}
        exact = exact_string(value)
        if exact is not None:
            entry["exact"] = exact
        return entry

    def expression(self, iteration: Iteration, name: str) -> str:
        key = (name, tuple(sample.row for sample in iteration.samples))
        if key not in self._expressions:
            self._expressions[key] = plain(spelled(self.work.derivation.batch_gradient(*key)))
        return self._expressions[key]

    def rows(self) -> list[tuple[str, ...]]:
        return [row for iteration in self.work.run.iterations for row in self.parameters(iteration)]

    def parameters(self, iteration: Iteration) -> list[tuple[str, ...]]:
        rows: list[tuple[str, ...]] = []
        for name in self.work.network.parameters:
            updated = iteration.updated.get(name)
            rows.append((
                str(iteration.number),
                name,
                self.text(iteration.parameters[name]) if name in iteration.parameters else "",
                self.text(iteration.gradients[name]),
                "" if updated is None else self.text(updated),
                self.expression(iteration, name),
            ))  # fmt: skip
        for name in self.work.network.states:
            state = self.state(iteration, name)
            rows.append((str(iteration.number), name, state["value"], "", state["updated"], state["expression"]))
        return rows

    def all_rows(self) -> list[tuple[str, ...]]:
        """The rows of the parameters, and those of the quantities of every sample, an iteration at a time."""
        found, run = [], self.work.run
        for iteration in run.iterations:
            number = str(iteration.number)
            found += [(number, "", *row[1:]) for row in self.parameters(iteration)]
            for sample in iteration.samples:
                found += self._rows_of(number, sample)
        for sample in run.final.samples if run.final is not None else ():
            found += self._rows_of(FINAL, sample)
        return found

    def _rows_of(self, iteration: str, sample: Sample) -> list[tuple[str, ...]]:
        values, gradients = self.texts(sample.values), self.texts(sample.gradients)
        return [
            (iteration, str(sample.row), name, values[name], gradients.get(name, ""), "", "")
            for name in self.quantities(sample)
        ]

    def quantities(self, sample: Sample) -> list[str]:
        """The names of what is no parameter."""
        parameters = frozenset(self.work.network.parameters)
        return [name for name in sample.values if name not in parameters]

    def table(self, *, everything: bool) -> str:
        output, run = self.work.network.output, self.work.run
        lines = [as_typed(self.work.network.spec.title)] if self.work.network.spec.title else []
        for iteration in run.iterations:
            number = iteration.number
            lines += ["", self.say("iteration", number=number, output=output, loss=self.text(iteration.loss)), ""]
            lines += _aligned([self._heads(*TABLE_HEAD), *(row[1:] for row in self.parameters(iteration))])
            if everything:
                for sample in iteration.samples:
                    lines += ["", self.say("sample", number=number, row=sample.row), "", *self._listed(sample)]
            elif iteration is run.iterations[0]:
                lines += self._glance(iteration)
        if run.final is not None:
            lines += ["", self.say("final", output=output, loss=self.text(run.final.loss))]
            for sample in run.final.samples if everything else ():
                lines += ["", self.say("final_sample", row=sample.row), "", *self._listed(sample)]
        for said in self.notes():
            lines += ["", said]
        return "\n".join(lines).lstrip("\n") + "\n"

    def _heads(self, *keys: str) -> tuple[str, ...]:
        return tuple(self.say(key) for key in keys)

    def _listed(self, sample: Sample, most: int | None = None) -> list[str]:
        """A sample's values, forwards; then the derivatives of its loss, backwards."""
        network = self.work.network
        names = self.quantities(sample)
        values = [(name, self.text(sample.values[name])) for name in names[:most]]
        derived = [name for name in reversed(names) if name in sample.gradients and name != network.output][:most]
        gradients = [(network.names.gradient(name), self.text(sample.gradients[name])) for name in derived]
        lines = _aligned([self._heads("head_quantity", "head_value"), *values])
        return (
            [*lines, "", *_aligned([self._heads("head_derivative", "head_value"), *gradients])] if gradients else lines
        )

    def _glance(self, iteration: Iteration) -> list[str]:
        """The first sample's quantities, and what there is besides."""
        sample = iteration.samples[0]
        lines = ["", self.say("row", row=sample.row), "", *self._listed(sample, MAX_QUANTITIES)]
        more = len(self.quantities(sample)) - MAX_QUANTITIES
        left = [self.say("more", count=f"{more:,}")] if more > 0 else []
        left += [self.say("other_rows")] if len(self.work.network.rows) > 1 else []
        left += [self.say("later")] if len(self.work.run.iterations) > 1 else []
        return [*lines, *(["", self.say("all", left=left)] if left else [])]


def exact_string(value: Value) -> str | None:
    """``17/5`` where the value is known to be rational and takes at most 100 digits."""
    if is_zero(value):
        return "0"
    if type(value) is not fmpq or value.height_bits() > 4 * MAX_EXACT_DIGITS:
        return None
    text = str(value)
    return text if sum(character.isdigit() for character in text) <= MAX_EXACT_DIGITS else None


def spelled(expr: Expr) -> Expr:
    """The expression in the contract's functions alone: the share of an argument of ``max`` by signs and steps.

    Of two arguments: (1 + sign(u - v))/2. Of more: u wins against each, over the number of arguments that do.
    """
    parts = children(expr)
    if not parts:
        return expr
    expr = rebuild(expr, tuple(map(spelled, parts)))
    if not isinstance(expr, Call) or expr.function not in ("max'", "min'"):
        return expr
    largest = expr.function == "max'"
    first, *others = expr.arguments

    def ahead(u: Expr, v: Expr) -> Expr:
        return u - v if largest else v - u

    if len(others) == 1:
        return (1 + Call("sign", (ahead(first, others[0]),))) / 2

    def wins(i: int) -> Expr:
        u = expr.arguments[i]
        rest = (v for k, v in enumerate(expr.arguments) if k != i)
        return times(*(Call("step", (ahead(u, v),)) for v in rest))

    return wins(0) / plus(*map(wins, range(len(expr.arguments))))


def _aligned(rows: list[tuple[str, ...]]) -> list[str]:
    """Columns under their heads; the last column, of any length, is cut where it would flood the line."""
    short = [(*row[:-1], _cut(row[-1])) for row in rows]
    widths = [max(len(row[i]) for row in short) for i in range(len(short[0]))]
    return ["  ".join(cell.ljust(w) for cell, w in zip(row, widths, strict=True)).rstrip() for row in short]


def _cut(text: str) -> str:
    return text if len(text) <= MAX_EXPRESSION else text[: MAX_EXPRESSION - 2] + " …"
