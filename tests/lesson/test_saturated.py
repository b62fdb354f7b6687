"""A pocket calculator agrees with every line, also where units are saturated and digits cancel.

Each printed result is worked again from the printed numbers above it, by a calculator that shares nothing with the
package; it may be two units of the last place off. Each document is then judged by ``derive verify``.
"""

from __future__ import annotations

import re
from dataclasses import replace
from fractions import Fraction

import pytest

from derive.verification.examine import Examiner
from tests.support.lesson.documents import notes
from tests.support.lesson.formulas import Num, Op, Tree, has_ellipsis, is_numeric
from tests.support.lesson.ledger import is_result
from tests.support.lesson.pages import MORE_DIGITS, Chain, Page, loaded, pages
from tests.support.lesson.rounding import decimals
from tests.support.lesson.saturated_specs import GRAPHS, ROUNDINGS, graph, layered, one_unit, pair
from tests.support.lesson.working import Value, real, value

pytestmark = pytest.mark.usefixtures("one_proof")

SLIP = Fraction(5, 2)
"""Rounded to the printed digits, the calculator's result may be two units of the last place off."""
MEANINGLESS = re.compile(r"(?<![.\d])1\.0+ - 1(?![.\d])|(?<![.\d])1 - 1\.0+(?![\d ])|\\ln\(0(?:\.0+)?\)")
"""1.000 - 1, 1 - 1.000, ln(0.000)."""


def check(text: str, formats: tuple[str, ...] = ("markdown",)) -> None:
    """Every line of every document of a spec, by calculator and by ``derive verify``."""
    network = loaded(text)
    examiner = Examiner(network)
    for page in pages(network):
        worked = [found for chain in page.chains for found in steps(page, chain)]
        assert len(worked) > 3
        assert not any(worked), "\n".join(filter(None, worked))
        for to in formats:
            document = notes(network, to=to, style=page.style)
            meaningless = MEANINGLESS.search(document)
            assert not meaningless, f"{page.style}: {document[max(meaningless.start() - 60, 0) :][:120]}"
            assert alarms(examiner, document, to) == []


def steps(page: Page, chain: Chain) -> list[str]:
    """Each printed result of a chain: empty where a calculator finds it, otherwise what is wrong."""
    at_zero = Fraction(page.network.spec.conventions.relu_at_zero.text)
    found = []
    for above, line in chain.steps():
        if above.tree is None or line.tree is None or not is_numeric(above.tree) or not is_number(line.tree):
            continue
        if has_ellipsis(above.tree) or has_ellipsis(line.tree):
            continue
        right = comes_out(value(above.tree, at_zero=at_zero), line.tree)
        found.append("" if right else f"{page.style}: {above.tex} is not {line.tex}\n{chain}")
    return found


def is_number(tree: Tree) -> bool:
    """Whether it is a number, or a whole number and the little that it lacks, or a matrix of numbers."""
    return is_result(tree) or (isinstance(tree, Op) and tree.name == "+" and isinstance(tree.parts[-1], Num))


def comes_out(exact: Value, printed: Tree) -> bool:
    """Whether a printed number is what the line gives, up to two units of its last place; matrices entry by entry."""
    if isinstance(exact, tuple):
        parts = printed.parts if isinstance(printed, Op) and printed.name in ("matrix", "row") else ()
        return len(parts) == len(exact) and all(map(comes_out, exact, parts))
    last = printed
    while isinstance(last, Op):
        last = last.parts[-1]  # of 1 - 8.7 × 10^-27
    assert isinstance(last, Num)
    unit = real(Fraction(10) ** -decimals(last))
    return bool(abs(real(exact) - real(value(printed))) <= real(SLIP) * unit)


def alarms(examiner: Examiner, document: str, to: str) -> list[str]:
    """What ``derive verify`` says does not hold."""
    found = examiner.examine(document, to)
    assert not found.problem
    return [f"{j.line}: {j.claim}: {j.verdict}, expected {j.expected}" for j in found.judgements if not j.holds]


UNITS = [
    ("sigmoid", "binary_cross_entropy", "11", "1"), ("sigmoid", "binary_cross_entropy", "25", "0"),
    ("sigmoid", "binary_cross_entropy", "-40", "0"), ("sigmoid", "half_squared_error", "17", "0"),
    ("tanh", "squared_error", "7", "1"), ("tanh", "squared_error", "-19.5", "-1"), ("identity", "log_cosh", "1.001", "1"),
    ("identity", "huber", "0.99987", "1"), ("tanh", "hinge", "12", "1"),
]  # fmt: skip
UNIT_CASES = [(unit, ROUNDINGS[k % len(ROUNDINGS)]) for k, unit in enumerate(UNITS)]
GRAPH_CASES = [(name, ROUNDINGS[(k + 5) % len(ROUNDINGS)]) for k, name in enumerate(GRAPHS)]


@pytest.mark.parametrize(("unit", "rounding"), UNIT_CASES)
def test_one_unit(unit: tuple[str, str, str, str], rounding: tuple[str, int, str]) -> None:
    check(one_unit(*unit, rounding))


@pytest.mark.parametrize(("name", "rounding"), GRAPH_CASES)
def test_graphs(name: str, rounding: tuple[str, int, str]) -> None:
    check(graph(name, *rounding))


@pytest.mark.parametrize("seed", range(2))
def test_random_networks(seed: int) -> None:
    check(layered(seed))


@pytest.mark.many
@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("unit", UNITS)
def test_every_unit(unit: tuple[str, str, str, str], rounding: tuple[str, int, str]) -> None:
    check(one_unit(*unit, rounding), ("markdown", "latex"))


@pytest.mark.many
@pytest.mark.parametrize("rounding", ROUNDINGS)
@pytest.mark.parametrize("name", GRAPHS)
def test_every_graph(name: str, rounding: tuple[str, int, str]) -> None:
    check(graph(name, *rounding), ("markdown", "latex"))


@pytest.mark.many
@pytest.mark.parametrize("seed", range(2, 60))
def test_more_random_networks(seed: int) -> None:
    check(layered(seed), ("markdown", "latex"))


PAIRS = [
    (("sigmoid", "absolute_error", "100", "1, 0"), "7.440e-44"),
    (("sigmoid", "absolute_error", "2000", "1, 0"), "5.153e-869"),
    (("sigmoid", "mean_absolute_error", "300", "1, 0"), "5.148e-131"),
    (("tanh", "absolute_error", "60", "1, -1"), "3.067e-52"),
    (("tanh", "hinge", "100", "1, -1"), "5.536e-87"),
    (("tanh", "hinge", "2000", "1, -1"), "2.655e-1737"),
    (("sigmoid", "huber", "700", "1, 0"), "9.723e-609"),
]
"""Losses with a kink, their two units on either side of it, and the loss."""


def is_near(printed: str, true: str) -> bool:
    """Whether a mantissa is the true one but for a unit of its third digit."""
    return abs(Fraction(printed) - Fraction(true)) < Fraction(1, 100)


@pytest.mark.parametrize(("unit", "loss", "how"), [(*pair, ("end", "step")[k % 2]) for k, pair in enumerate(PAIRS)])
def test_kinks(unit: tuple[str, str, str, str], loss: str, how: str) -> None:
    """The printed digits decide the side of a kink; each style gives the one loss."""
    network = loaded(pair(*unit, ("significant", 4, how)))
    mantissa, _, exponent = loss.partition("e")
    examiner = Examiner(network)
    for page in pages(network):
        worked = [found for chain in page.chains for found in steps(page, chain)]
        assert not any(worked), "\n".join(filter(None, worked))
        document = notes(network, style=page.style)
        assert not MEANINGLESS.search(document)
        results = [chain.lines[-1].tex for chain in page.chains if chain.left == "E" and len(chain.lines) > 1]
        power = rf" \times 10^{{{exponent}}}"
        assert any(tex.endswith(power) and is_near(tex.removesuffix(power), mantissa) for tex in results), results
        judged = examiner.examine(document, "markdown").judgements
        assert {j.verdict for j in judged} <= {"holds", "rounding"}


def test_carried_digits_are_no_fewer_where_more_are_asked_for() -> None:
    """δ of σ(10), 2.2695843e-5, from 1 - 0.999955 would have two of six digits right."""
    spec = (
        '[network]\ninputs = 1\nloss = "half_squared_error"\n[[network.layers]]\nunits = 2\nactivation = "sigmoid"\n'
        "weights = [[1], [2]]\n[[data]]\nx = [0.5]\nt = [1, 0]\n[[data]]\nx = [5]\nt = [0, 0.5]\n"
        '[training]\nlearning_rate = 0.5\n[numbers]\nsignificant = {}\nrounding = "step"\n'
    )
    for digits in range(3, 11):
        network = loaded(spec.format(digits))
        examiner = Examiner(network)
        for style in ("delta", "graph", "matrix"):
            document = notes(network, style=style)
            found = [Fraction(m) for m in re.findall(r"(2\.2[0-9]+) \\times 10\^\{-5\}", document)]
            assert found or style == "matrix"
            for number in found:
                assert abs(number - Fraction("2.2695843")) < 100 * Fraction(10) ** (1 - digits), (
                    digits,
                    style,
                    number,
                )
            judged = examiner.examine(document, "markdown").judgements
            assert {j.verdict for j in judged} <= {"holds", "rounding"}


def test_far_softmax() -> None:
    """A logit 60 ahead of the other: what lacks to 1 is written, not 27 nines."""
    text = one_unit("softmax", "cross_entropy", "40], [-20", "1, 0", ("significant", 4, "end"))
    text = text.replace("units = 1", "units = 2")
    check(text)
    document = notes(loaded(text), style="delta")
    assert r"1 - 8.757 \times 10^{-27}" in document
    assert r"(1 - 8.757 \times 10^{-27}) - 1" in document


def test_what_the_page_says() -> None:
    """The digits that a line needs, no more; and one sentence about them, where there are any."""
    for weight, digits in (("11", "0.9999833"), ("5", "0.993307"), ("2", "0.8808")):
        text = one_unit("sigmoid", "binary_cross_entropy", weight, "1", ("significant", 4, "end"))
        document = notes(loaded(text), style="delta")
        assert rf"\approx {digits} - 1 \\" in document
        assert rf"\approx -(1) \ln({digits}) \\" in document
        assert (MORE_DIGITS in document) == (len(digits) > 6)


def test_a_step_is_never_0_where_it_leads_to_nothing() -> None:
    """Rounded step by step, σ(11) is no 1: neither the slope nor the loss is lost."""
    text = one_unit("sigmoid", "half_squared_error", "11", "0", ("significant", 3, "step"))
    document = notes(loaded(text), style="delta").replace(" \\\\\n & \\quad {} \\cdot ", "")  # a broken line in one
    assert r"1.00(1 - 1.00)" not in document
    assert r"(0.9999833)(1 - 0.9999833)" in document


@pytest.mark.parametrize("how", ["end", "step"])
def test_too_many_digits(how: str) -> None:
    """Digits that no page has room for are not printed, and the page says so."""
    spec = '[graph.values]\nx = {}\n[graph.nodes]\ny = "exp(x)/3"\nz = "y - 1/3"\n[numbers]\nrounding = "{}"\n'
    far, near = (notes(loaded('title = "Far"\n' + spec.format(x, how))) for x in ("1e-80", "1e-20"))
    said = "In some lines more digits cancel than we can print"
    assert said in far
    assert r"\approx 0.3333 - " in far
    assert said not in near
    assert r"\approx 0.333333333333333333336" in near


def test_a_wrong_digit_is_seen() -> None:
    """The calculator of these tests finds a result with its last digit changed by 4."""
    (page,) = pages(
        loaded(one_unit("sigmoid", "binary_cross_entropy", "11", "1", ("significant", 4, "end"))), ["delta"]
    )
    chain = next(chain for chain in page.chains if chain.lines[-1].tex == r"-1.670 \times 10^{-5}")
    assert steps(page, chain) == [""]
    wrong = page.side(r"\approx", r"-1.674 \times 10^{-5}")
    assert steps(page, replace(chain, lines=(*chain.lines[:-1], wrong))) != [""]
