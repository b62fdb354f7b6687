"""In ``rounding = "step"`` a reader with a pocket calculator finds each printed value from the printed line above it.

Lines of numbers are worked as they are printed, by exact arithmetic or with 60 digits, and rounded once. Where no line
of numbers stands above a value, the printed numbers of its symbols are put in. The same holds for the tables.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest

from derive.model import NumbersPolicy
from tests.support.lesson.documents import notes
from tests.support.lesson.formulas import Num, Op, Tree, has_ellipsis, is_numeric
from tests.support.lesson.ledger import Ledger, is_result, ledger_of
from tests.support.lesson.pages import EXAMPLES, PUBLISHED, Chain, Page, Table, example_text, loaded, pages
from tests.support.lesson.rounding import Rounding
from tests.support.lesson.working import Value, value
from tests.support.random_specs import graph, layered

pytestmark = pytest.mark.usefixtures("one_proof")

POLICIES = [("decimals", 2), ("significant", 3), ("decimals", 3), ("significant", 4), ("decimals", 4),
            ("significant", 5), ("decimals", 5), ("significant", 6), ("decimals", 6)]  # fmt: skip
UNWORKED = ("introduction", "network", "derivatives", "helped")
"""Sections of symbols alone, and of values of which only a table is shown."""
CASES = [(name, *POLICIES[2 * k % len(POLICIES)]) for k, name in enumerate(EXAMPLES)]
RANDOM = [(kind, seed) for kind in (layered, graph) for seed in range(4)]
MORE_RANDOM = [(kind, seed) for kind in (layered, graph) for seed in range(4, 60)]


def named(case: object) -> str:
    return str(getattr(case, "__name__", case))


@pytest.mark.parametrize(("name", "kind", "digits"), CASES)
def test_examples(name: str, kind: str, digits: int) -> None:
    check_text(example_text(name), Rounding(kind, digits))


@pytest.mark.many
@pytest.mark.parametrize(("kind", "digits"), POLICIES)
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_policy(name: str, kind: str, digits: int) -> None:
    check_text(example_text(name), Rounding(kind, digits))


@pytest.mark.parametrize(("spec", "seed"), RANDOM, ids=named)
def test_random_specs(spec: Callable[[int], str], seed: int) -> None:
    check_text(spec(seed), Rounding(*POLICIES[seed % len(POLICIES)]))


@pytest.mark.many
@pytest.mark.parametrize(("spec", "seed"), MORE_RANDOM, ids=named)
def test_more_random_specs(spec: Callable[[int], str], seed: int) -> None:
    check_text(spec(seed), Rounding(*POLICIES[seed % len(POLICIES)]))


@pytest.mark.many
@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_published_examples(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    check_text(text, Rounding("significant", 3))


def check_text(text: str, rounding: Rounding) -> None:
    network = loaded(text, numbers=NumbersPolicy(rounding.kind, rounding.digits, "step"))  # type: ignore[arg-type]
    for page in pages(network):
        assert check(page, rounding) > min(2 * len(network.graph.nodes) / 3, 4)


def check(page: Page, rounding: Rounding) -> int:
    """Work every value of a page again; how many there were."""
    rounding = replace(rounding, more=page.has_more_digits)
    ledger = replace(ledger_of(page), rounds=rounding)
    worked = 0
    for chain in page.chains:
        if chain.section not in UNWORKED:
            worked += work_chain(ledger, chain, rounding)
    for table in page.tables:
        if table.section in ("backward", "update"):
            worked += work_table(page, ledger, table, rounding)
    return worked


def work_chain(ledger: Ledger, chain: Chain, rounding: Rounding) -> int:
    """Each value of a chain from the line above it."""
    worked = 0
    for above, line in chain.steps():
        if above.tree is None or line.tree is None or not is_result(line.tree) or has_ellipsis(line.tree):
            continue
        if has_ellipsis(above.tree) or not is_numeric(line.tree):
            continue
        exact = list(values(ledger, above.tree))
        assert exact, f"nothing to work {line.tex} from\n{chain}"
        assert any(agree(one, line.tree, rounding) for one in exact), f"{above.tex} is {shown(exact[0])}\n{chain}"
        if line.relation == "=" and is_numeric(above.tree):
            assert any(agree(one, line.tree, exactly) for one in exact), f"= where it is rounded\n{chain}"
        worked += 1
    return worked


def values(ledger: Ledger, tree: Tree) -> Iterator[Value]:
    """The value of a line with the printed numbers in it."""
    if is_numeric(tree):
        yield value(tree, at_zero=ledger.at_zero)
    else:
        yield from ledger.values(tree)


def agree(exact: Value, printed: Tree, rounds: Callable[[Value, Num], bool]) -> bool:
    """Whether a number is what a value is rounded to; a matrix entry by entry."""
    if isinstance(exact, tuple):
        rows = printed.parts if isinstance(printed, Op) else ()
        return len(rows) == len(exact) and all(map(lambda e, p: agree_row(e, p, rounds), exact, rows))
    return isinstance(printed, Num) and rounds(exact, printed)


def agree_row(exact: tuple[Value, ...], printed: Tree, rounds: Callable[[Value, Num], bool]) -> bool:
    entries = printed.parts if isinstance(printed, Op) else ()
    return len(entries) == len(exact) and all(map(lambda e, p: agree(e, p, rounds), exact, entries))


def exactly(exact: Value, printed: Num) -> bool:
    return bool(exact == printed.value)


def shown(exact: Value) -> str:
    return str([list(map(str, row)) for row in exact]) if isinstance(exact, tuple) else str(float(exact))


# Tables


def work_table(page: Page, ledger: Ledger, table: Table, rounding: Rounding) -> int:
    """Each entry of a table from its formula, or from the entries before it."""
    worked = 0
    for row in table.rows:
        trees = [page.side("", cell).tree for cell in row]
        if "formula" in table.head and "value" in table.head:
            formula, printed = trees[table.head.index("formula")], trees[table.head.index("value")]
            if formula is None or printed is None or has_ellipsis(formula) or has_ellipsis(printed):
                continue
            exact = list(ledger.values(formula))
            assert exact, f"nothing to work {row} from"
            assert any(agree(one, printed, rounding) for one in exact), f"{row}: {shown(exact[0])}"
            worked += 1
        elif table.section == "update" and len(row) == 4 and row[0] in page.symbols:
            _, old, slope, new = trees
            assert isinstance(old, Num | Op) and isinstance(slope, Num) and isinstance(new, Num)
            rate = ledger.of(page.symbol("eta"))
            exact = [value(each) for each in (old, rate[0], slope)]
            assert rounding(exact[0] - exact[1] * exact[2], new), f"{row}: {exact}"
            worked += 1
    return worked


# The test sees what it looks for


def test_a_wrong_digit_is_seen() -> None:
    """Each value of a document with its last digit changed."""
    rounding = Rounding("significant", 3)
    network = loaded(example_text("pass_or_fail"), numbers=NumbersPolicy("significant", 3, "step"))
    (page,) = pages(network, ["routes"])
    assert check(page, rounding)
    ledger, spoilt = replace(ledger_of(page), rounds=rounding), 0
    for chain in page.chains:
        last = chain.lines[-1]
        if chain.section in UNWORKED or work_chain(ledger, chain, rounding) != 1 or "." not in last.tex:
            continue
        other = page.side(last.relation, last.tex[:-1] + ("5" if last.tex[-1] != "5" else "6"))
        with pytest.raises(AssertionError):
            work_chain(ledger, replace(chain, lines=(*chain.lines[:-1], other)), rounding)
        spoilt += 1
    assert spoilt > 20


@pytest.mark.parametrize(
    ("kind", "digits", "exact", "text", "right"),
    [
        ("decimals", 2, Fraction(2675, 1000), "2.68", True),
        ("decimals", 2, Fraction(2675, 1000), "2.67", False),
        ("decimals", 2, Fraction(-2675, 1000), "-2.68", True),
        ("decimals", 2, Fraction(1, 3), "0.333", False),
        ("significant", 3, Fraction(2, 3), "0.667", True),
        ("significant", 3, Fraction(2, 3), "0.67", False),
        ("significant", 3, Fraction(1, 2), "0.5", True),
        ("significant", 3, Fraction(9996, 1000), "10.0", True),
        ("decimals", 4, Fraction(1, 22000), "4.5e-5", True),
        ("decimals", 4, Fraction(1, 22000), "0.0000", False),
    ],
)
def test_the_rounding_of_the_tests(kind: str, digits: int, exact: Fraction, text: str, right: bool) -> None:
    assert Rounding(kind, digits)(exact, Num(text)) is right


COMPARED = re.compile(
    r"the chain rule gave \$[^$]*(?:=|\\approx) ([^$]*)\$:\n\n\$\$\n[^$]*&(?:=|\\approx) ([^&]*)\n\\end\{aligned\}"
)
"""The derivative, and the quotient that is compared with it."""


@pytest.mark.parametrize("digits", [2, 3, 4])
@pytest.mark.parametrize("name", EXAMPLES)
def test_a_quotient_that_differs_is_explained(name: str, digits: int) -> None:
    """The check is worked with more digits; where carried rounding shows, the text says so, and only there."""
    numbers = NumbersPolicy("decimals", digits, "step")
    text = notes(loaded(example_text(name), numbers=numbers))
    part = text.partition("## How this was checked")[2]
    found = COMPARED.search(part)
    assert found is not None
    assert (Num(found[1]).value != Num(found[2]).value) == ("The two differ because" in part), found.groups()
