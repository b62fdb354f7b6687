"""Every printed number is right: the true value, from a program that shares nothing with ours, rounded once.

``=`` stands only before what is exactly so. This holds for formulas and for every entry of every table.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from mpmath import mp

from derive.model import NumbersPolicy
from tests.support.lesson.formulas import Num, Tree, has_ellipsis, is_numeric, leaves
from tests.support.lesson.ledger import entries_of, ledger_of, plain
from tests.support.lesson.pages import (
    EXAMPLES,
    LOCAL,
    NOTATIONS,
    PRESETS,
    PUBLISHED,
    Chain,
    Page,
    Table,
    documents,
    example_text,
)
from tests.support.lesson.rounding import Rounding, decimals, is_finer
from tests.support.lesson.working import real, value
from tests.support.random_specs import graph, layered
from tests.support.reference import Result, reference

pytestmark = pytest.mark.usefixtures("one_proof")

POLICIES = [("decimals", 3), ("significant", 7), ("decimals", 6), ("significant", 2), ("decimals", 1)]
RANDOM = [(kind, seed) for kind in (layered, graph) for seed in range(4)]
MORE_RANDOM = [(kind, seed) for kind in (layered, graph) for seed in range(4, 60)]
CLOSE = Fraction(1, 10**60)


def named(case: object) -> str:
    return str(getattr(case, "__name__", case))


@pytest.mark.parametrize("name", EXAMPLES)
def test_examples(name: str) -> None:
    check(example_text(name), NOTATIONS[name])


@pytest.mark.many
@pytest.mark.parametrize(("kind", "digits"), POLICIES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_policy(name: str, kind: str, digits: int) -> None:
    check(example_text(name), rounding=Rounding(kind, digits))


@pytest.mark.parametrize(("spec", "seed"), RANDOM, ids=named)
def test_random_specs(spec: Callable[[int], str], seed: int) -> None:
    check(spec(seed), PRESETS[seed % len(PRESETS)])


@pytest.mark.many
@pytest.mark.parametrize(("spec", "seed"), MORE_RANDOM, ids=named)
def test_more_random_specs(spec: Callable[[int], str], seed: int) -> None:
    check(spec(seed), rounding=Rounding(*POLICIES[seed % len(POLICIES)]))


@pytest.mark.many
@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_published_examples(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    check(text)


def check(text: str, preset: str = "", rounding: Rounding | None = None) -> None:
    """Every number of every document of a spec; by its own rounding, or by another one."""
    numbers = NumbersPolicy(rounding.kind, rounding.digits, "end") if rounding else None  # type: ignore[arg-type]
    for page in documents(text, preset, numbers):
        network = page.network
        policy = network.spec.numbers
        truth = Truth(reference_of(text), network.output, frozenset(network.parameters), page.row)
        found = Rounding(policy.kind, policy.digits, page.has_more_digits)
        checked = sum(check_chain(page, chain, truth, found) for chain in page.chains)
        checked += sum(check_table(page, table, truth, found) for table in page.tables)
        assert checked > min(2 * len(network.graph.nodes), 40)
        one_number_each(page)


# What is true

reference_of = lru_cache(maxsize=8)(reference)


@dataclass(frozen=True)
class Truth:
    """The true values of a spec by the names of the document."""

    result: Result
    output: str
    parameters: frozenset[str]
    row: int = 1
    """The row of the data that is worked in full."""

    def __call__(self, name: str, *, after: int = 0) -> Fraction | Any | None:
        """The value of a quantity: ``after`` so many updates where it is one of the forward pass."""
        found = re.fullmatch(r"(d.+?/d)?([A-Za-z]\w*)('?)(?:\[([0-9]+)\])?", name)
        if found is None:
            return None
        derivative, base, prime, row = found.groups()
        iterations = self.result.iterations
        last = after == len(iterations)
        samples = self.result.final if last else iterations[after].samples
        sample = samples[(int(row) if row and int(row) <= len(samples) else min(self.row, len(samples))) - 1]
        if derivative:
            own = row is None and (base in self.parameters or base == self.output)
            values = iterations[0].gradients if own else sample.gradients
            return exact(values.get(base)) if derivative == f"d{self.output}/d" else None
        if prime:
            return exact(iterations[0].updated.get(base))
        if base == self.output and row is None and len(samples) > 1:
            return exact(self.result.final_loss if last else iterations[after].loss)
        return exact(sample.values.get(base))

    def updated(self, name: str, count: int) -> Fraction | Any | None:
        """A parameter after so many updates; as it was where it is not trained."""
        new = self.result.iterations[count - 1].updated
        return exact(new.get(name, self.result.iterations[0].samples[0].values.get(name)))


def exact(number: Any) -> Fraction | Any | None:
    """A number of 80 digits as a fraction where it is one, so that ties are ties."""
    if number is None:
        return None
    number = getattr(number, "value", number)
    with mp.workdps(80):
        sign, mantissa, power, _ = mp.mpf(number)._mpf_
        whole = (-1) ** sign * int(mantissa) * Fraction(2) ** power
    near = whole.limit_denominator(10**24)
    return near if abs(near - whole) <= max(abs(whole), 1) * CLOSE else mp.mpf(number)


# Formulas


def check_chain(page: Page, chain: Chain, truth: Truth, rounding: Rounding) -> int:
    """The last number of a chain, and every ``=`` before numbers."""
    name = page.symbols.get(chain.left, "")
    if not name or (chain.section == "forward" and "/d" in name):  # the forward pass notes local gradients
        return 0
    after = len(truth.result.iterations) if chain.section == "helped" else 0
    last = chain.lines[-1]
    checked = 0
    for quantity, number in _entries(page, name, last.tree):
        true = truth(quantity, after=after)
        if true is None:
            continue
        assert rounding(true, number), f"{quantity} is {mp.nstr(real(true), 15)}, not {number.text}\n{chain}"
        checked += 1
        for line in chain.lines:
            if line.relation == "=" and line.tree is not None and _has_number(line.tree) and number == last.tree:
                assert equal(value(line.tree, at_zero=_at_zero(page)), true), f"= where it is rounded\n{chain}"
    return checked


def _has_number(tree: Tree) -> bool:
    numbers = is_numeric(tree) and not has_ellipsis(tree)
    return numbers and any(isinstance(leaf, Num) for leaf in leaves(tree))


def _at_zero(page: Page) -> Fraction:
    return Fraction(page.network.spec.conventions.relu_at_zero.text)


def equal(one: Any, other: Any) -> bool:
    if isinstance(one, Fraction) and isinstance(other, Fraction):
        return one == other
    return bool(abs(real(one) - real(other)) <= abs(real(other)) / mp.mpf(10) ** 55)


def _entries(page: Page, name: str, tree: Tree | None) -> Iterator[tuple[str, Num]]:
    """A number, or the numbers of a matrix, each by its name."""
    if isinstance(tree, Num) and name:
        yield name, tree
    elif tree is not None:
        yield from ((entry, number) for entry, number in entries_of(page, name, tree) if isinstance(number, Num))


# Tables


def check_table(page: Page, table: Table, truth: Truth, rounding: Rounding) -> int:
    """Every entry that has a true value."""
    checked = 0
    for row in table.rows:
        for head, cell in zip(table.head[1:], row[1:], strict=True):
            tree = page.side("", cell).tree
            true = entry(page, table, row[0], head, truth)
            if not isinstance(tree, Num) or true is None:
                continue
            told = rounding if table.section != "helped" else rounding.with_more_digits(tree)
            assert told(true, tree), f"{table.section}: {row}: {head} is {mp.nstr(real(true), 15)}, not {cell}"
            checked += 1
    return checked


def entry(page: Page, table: Table, first: str, head: str, truth: Truth) -> Fraction | Any | None:
    """The true value of an entry by its row and column; None where it is no number of the run."""
    name = page.symbols.get(first, "")
    gradient = name if "/d" in name else f"d{page.network.output}/d{name}"
    section, last = table.section, len(truth.result.iterations)
    if section == "helped" and name:
        return truth(name, after=last if head == "after" else 0)
    if section == "helped" and table.head[0] == "sample":
        symbol, _, when = head.rpartition("  ")
        return truth(f"{page.symbols[symbol]}[{first}]", after=last if when == "after" else 0)
    if section == "helped" and head in page.symbols:
        return truth(page.symbols[head], after=int(first)) if first.isdigit() else None
    if section in ("forward", "backward") and table.head[0] == "sample" and first.isdigit():
        return truth(f"{page.symbols[head].partition('[')[0]}[{first}]")
    if not name or section in ("network", "forward"):
        return None
    if found := re.fullmatch("after ([0-9]+) updates", head):
        return truth.updated(name, int(found[1]))
    if found := re.fullmatch("sample ([0-9]+)", head):
        return truth(f"{gradient.partition('[')[0]}[{found[1]}]")
    if head.startswith(r"\eta"):
        return times(truth(gradient), page)
    if head == "new value":
        return truth.updated(name, 1)
    if found := re.match(r"\\partial .*\[([0-9]+)\] /", head):
        return truth(f"{gradient}[{found[1]}]")
    if head == "batch" or head.startswith(r"\partial") or (head == "value" and "formula" in table.head):
        return truth(gradient)
    return None


def times(gradient: Any, page: Page) -> Any:
    """A gradient × the learning rate."""
    rate = page.network.spec.training.learning_rate
    assert rate is not None
    written = Fraction(rate.text)
    return gradient * written if isinstance(gradient, Fraction) else gradient * real(written)


def one_number_each(page: Page) -> None:
    """No quantity has two numbers in one document: only more digits of one, where a line needs them."""
    ledger = ledger_of(page)
    for name in ledger.numbers.keys() - LOCAL.values():
        numbers = ledger.numbers[name]
        apart = {number.value: number for number in numbers if isinstance(number, Num)}.values()
        finest = max(apart, key=decimals, default=None)
        assert all(number is finest or is_finer(finest, number) for number in apart), (
            f"{page.style}: {name} is {' and '.join(sorted(map(plain, apart)))}"
        )


def test_a_wrong_number_is_seen() -> None:
    """The table of new values with one digit changed; a rounded value called exact."""
    text = example_text("pass_or_fail")
    rounding = Rounding("significant", 4, more=True)
    page = next(page for page in documents(text) if page.style == "delta")
    truth = Truth(reference(text), "E", frozenset(page.network.parameters))
    (table,) = (table for table in page.tables if table.section == "summary")
    assert check_table(page, table, truth, rounding) > 20
    for k in range(len(table.rows)):
        *others, last = table.rows[k]
        wrong = last[:-1] + ("3" if last[-1] != "3" else "4")
        spoilt = Table(table.section, table.head, (*table.rows[:k], (*others, wrong), *table.rows[k + 1 :]))
        with pytest.raises(AssertionError):
            check_table(page, spoilt, truth, rounding)
    chain = next(chain for chain in page.chains if chain.left == r"\hat{y}")
    assert check_chain(page, chain, truth, rounding) == 1
    rounded = Chain(chain.section, chain.left, tuple(page.side("=", line.tex) for line in chain.lines))
    with pytest.raises(AssertionError, match="= where"):
        check_chain(page, rounded, truth, rounding)
