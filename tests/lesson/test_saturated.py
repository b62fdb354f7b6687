"""A pocket calculator agrees with every line, also where units are saturated and digits cancel.

Each printed result is worked again from the printed numbers above it, by a calculator that shares nothing with the
package; it may be two units of the last place off. Each document is then judged by ``derive verify``.
"""

from __future__ import annotations

import re
from fractions import Fraction

import pytest

from derive.errors import DeriveError
from derive.network import Network
from derive.verification.examine import Examiner
from derive.render import notes
from tests.lesson.formulas import Num, Op, Tree, has_ellipsis, is_numeric
from tests.lesson.ledger import is_result
from tests.lesson.pages import Chain, Page, loaded, pages, styles_of
from tests.lesson.rounding import decimals
from tests.lesson.saturated_specs import GRAPHS, ROUNDINGS, graph, layered, one_unit
from tests.lesson.working import Value, real, value

SLIP = Fraction(5, 2)
"""Rounded to the printed digits, the calculator's result may be two units of the last place off."""
MEANINGLESS = re.compile(r"(?<![.\d])1\.0+ - 1(?![.\d])|(?<![.\d])1 - 1\.0+(?![\d ])|\\ln\(0(?:\.0+)?\)")
"""1.000 - 1, 1 - 1.000, ln(0.000)."""
SAID = "A number has more digits where"


def check(text: str) -> int:
    """Every line of every document of a spec; how many lines were worked again."""
    network = loaded(text)
    worked = 0
    for page in pages(network):
        found = [step for chain in page.chains for step in disagreeing(page, chain)]
        assert not found, "\n".join(found)
        worked += sum(map(count, page.chains))
        for to in ("markdown", "latex"):
            document = notes(network, to=to, style=page.style)
            meaningless = MEANINGLESS.search(document)
            assert not meaningless, f"{page.style}: {document[max(meaningless.start() - 60, 0) :][:120]}"
            assert alarms(network, document, to) == []
    return worked


def disagreeing(page: Page, chain: Chain) -> list[str]:
    """The lines of a chain that a calculator does not find."""
    at_zero = Fraction(page.network.spec.conventions.relu_at_zero.text)
    found = []
    for above, line in chain.steps():
        if above.tree is None or line.tree is None or not is_result(line.tree) or not is_numeric(above.tree):
            continue
        if has_ellipsis(above.tree) or has_ellipsis(line.tree):
            continue
        if not comes_out(value(above.tree, at_zero=at_zero), line.tree):
            found.append(f"{page.style}: {above.tex} is not {line.tex}\n{chain}")
    return found


def count(chain: Chain) -> int:
    """How many lines of numbers a chain has."""
    return sum(line.tree is not None and is_numeric(line.tree) for line in chain.lines)


def comes_out(exact: Value, printed: Tree) -> bool:
    """Whether a printed number is what the line gives, up to two units of its last place; matrices entry by entry."""
    if isinstance(exact, tuple):
        parts = printed.parts if isinstance(printed, Op) and printed.name in ("matrix", "row") else ()
        return len(parts) == len(exact) and all(map(comes_out, exact, parts))
    if not isinstance(printed, Num):
        return False
    unit = real(Fraction(10) ** -decimals(printed))
    return bool(abs(real(exact) - real(printed.value)) <= real(SLIP) * unit)


def alarms(network: Network, document: str, to: str) -> list[str]:
    """What ``derive verify`` says does not hold."""
    found = Examiner(network).examine(document, to)
    assert not found.problem
    return [f"{j.line}: {j.claim}: {j.verdict}, expected {j.expected}" for j in found.judgements if not j.holds]


@pytest.mark.parametrize(("kind", "digits", "how"), ROUNDINGS)
@pytest.mark.parametrize("name", GRAPHS)
def test_graphs(name: str, kind: str, digits: int, how: str) -> None:
    check(graph(name, kind, digits, how))


@pytest.mark.parametrize("seed", range(12))
def test_random_networks(seed: int) -> None:
    check(layered(seed))
