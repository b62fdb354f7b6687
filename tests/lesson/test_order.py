"""No term stands out of the author's order, in any document: symbols and numbers are read term by term.

The symbolic line of a weighted sum lists weight times input in the order of the inputs, bias last; a node of a graph
repeats the author's formula; factors come from the loss inwards. In the line of numbers each number stands where its
symbol stood.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from derive.expressions.functions import FUNCTIONS
from tests.support.lesson.formulas import KNOWN, Num, Op, Sym, Tree, has_ellipsis, is_numeric, leaves
from tests.support.lesson.ledger import Ledger, MismatchError, is_result, ledger_of, plain
from tests.support.lesson.pages import (
    EXAMPLES,
    NOTATIONS,
    PRESETS,
    PUBLISHED,
    Chain,
    Page,
    documents,
    example_text,
    loaded,
    pages,
)
from tests.support.random_specs import graph, layered

pytestmark = pytest.mark.usefixtures("one_proof")

GENERAL = re.compile(
    r"\\sum|\^\{[(\[]?l|_\{j\}|_\{l|\\nabla|\\begin\{cases\}|^[a-z] - \\eta|^\\mu v \+|\\frac\{\\partial (\\hat|a)"
)
"""Rules for any layer or unit, and the matrix of a softmax's slopes: symbols without numbers."""
SYMBOLIC = ("introduction", "network", "derivatives")
RANDOM = [(kind, seed) for kind in (layered, graph) for seed in range(4)]
MORE_RANDOM = [(kind, seed) for kind in (layered, graph) for seed in range(4, 60)]


def named(case: object) -> str:
    return str(getattr(case, "__name__", case))


def test_every_notation_is_tried() -> None:
    assert set(NOTATIONS.values()) == set(PRESETS)


@pytest.mark.parametrize(("name", "preset"), NOTATIONS.items())
def test_examples(name: str, preset: str) -> None:
    check_text(example_text(name), preset)


@pytest.mark.many
@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_every_notation(name: str, preset: str) -> None:
    check_text(example_text(name), preset)


@pytest.mark.parametrize(("kind", "seed"), RANDOM, ids=named)
def test_random_specs(kind: Callable[[int], str], seed: int) -> None:
    check_text(kind(seed), PRESETS[seed % len(PRESETS)])


@pytest.mark.many
@pytest.mark.parametrize(("kind", "seed"), MORE_RANDOM, ids=named)
def test_more_random_specs(kind: Callable[[int], str], seed: int) -> None:
    check_text(kind(seed), PRESETS[seed % len(PRESETS)])


@pytest.mark.many
@pytest.mark.parametrize("path", PUBLISHED, ids=lambda path: path.stem)
def test_published_examples(path: Path) -> None:
    check_text(path.read_text(encoding="utf-8"), "superscript")


def check_text(text: str, preset: str) -> None:
    for page in documents(text, preset):
        check(page, text)


def check(page: Page, text: str) -> None:
    """Every promise of this module, on one document."""
    nodes = tomllib.loads(text).get("graph", {}).get("nodes", {})
    ledger = ledger_of(page)
    compared = 0
    for chain in page.chains:
        for line in chain.lines:
            readable = line.tree is not None or chain.section in SYMBOLIC or GENERAL.search(line.tex)
            assert readable, f"{line.problem}\n{chain}"
        if chain.section in SYMBOLIC:
            continue
        try:
            if chain.section == "forward":
                in_the_authors_order(page, chain, nodes)
            compared += numbers_stand_for_symbols(page, ledger, chain)
            if chain.section == "backward" and page.network.layers:
                from_the_loss_inwards(page, chain)
            if page.style == "routes":
                routes_join(page, chain)
        except MismatchError as error:
            raise AssertionError(f"{page.style}: {error}\n{chain}") from None
    assert compared >= len(page.network.layers) + 1
    answers = [chain for chain in page.chains if chain.section == "answers"]
    for faded in page.faded:
        assert sum(chain.fills(faded) for chain in answers) == 1, faded


# Numbers below symbols


def numbers_stand_for_symbols(page: Page, ledger: Ledger, chain: Chain) -> int:
    """Lay each line of numbers beside the line of symbols above it; how many there were."""
    if chain.section == "checked":  # a difference quotient needs numbers that stand nowhere else
        return 0
    left = page.side("", chain.left).tree
    symbols: Tree | None = left if isinstance(left, Op) else None
    compared = 0
    for k, line in enumerate(chain.lines):
        if line.tree is None or not is_numeric(line.tree) or (k == 0 and symbols is None):
            symbols = line.tree
        elif not is_result(line.tree) and symbols is not None:
            ledger.stands_for(symbols, line.tree)
            compared += 1
    return compared


# The author's order


def in_the_authors_order(page: Page, chain: Chain, nodes: dict[str, str]) -> None:
    """The first line of symbols has the quantities of the author's formula in their order."""
    name = page.symbols.get(chain.left, "").partition("[")[0]
    tree = chain.lines[0].tree
    if not name or tree is None or any(name.partition("[")[0] == page.network.output for name in _names(page, tree)):
        return  # the loss of a batch from its samples' losses
    found = [page.symbols.get(leaf.tex, leaf.tex) if isinstance(leaf, Sym) else leaf.text for leaf in leaves(tree)]
    found = [word for word in found if word not in KNOWN]
    expected = list(_expected(page, name, nodes))
    if expected and has_ellipsis(tree):
        rest = iter(expected)
        if not all(word in rest for word in found if word != r"\cdots"):
            raise MismatchError(f"{found} is not part of {expected}")
    elif expected and found != expected and name != page.network.output:
        raise MismatchError(f"{found} where the author has {expected}")
    if page.network.layers and name == page.network.output:
        _loss(page, [word for word in found if word in (*page.network.outputs, *page.network.targets)])


def _names(page: Page, tree: Tree) -> Iterator[str]:
    return (page.symbols.get(leaf.tex, "") for leaf in leaves(tree) if isinstance(leaf, Sym))


def _expected(page: Page, name: str, nodes: dict[str, str]) -> Iterator[str]:
    """What the first line of a node lists, from left to right."""
    if name in nodes:
        yield from (
            w
            for w in re.findall(r"[A-Za-z_]\w*|[0-9.]+", nodes[name])
            if w not in {*FUNCTIONS, "pi", "e"} - set(page.network.graph.names)
        )
    unit = page.symbol("unit 1") != ""
    for number, layer in enumerate(page.network.layers, 1):
        if name == f"z{number}" and page.style == "matrix":
            bias = [f"b{number}"] if layer.biases else []
            product = [f"W{number}", "x" if number == 1 else f"a{number - 1}"]
            yield from [*bias, f"unit {number}", *product] if unit and bias else [*product, *bias]
        elif name in layer.z:
            j = layer.z.index(name)
            before = page.network.inputs if number == 1 else page.network.layers[number - 2].a
            weights, met = layer.joined(j) if layer.kind.name == "conv1d" else (layer.weights[j], before)
            assert set(met) <= set(before)
            terms = [word for pair in zip(weights, met, strict=True) for word in pair]
            bias = [layer.biases[j]] if layer.biases else []
            yield from [*bias, f"unit {number}", *terms] if unit and bias else [*terms, *bias]


LOSSES = {
    "binary_cross_entropy": "tyty", "cross_entropy": "ty", "hinge": "ty", "absolute_error": "yt",
    "mean_absolute_error": "yt", "half_squared_error": "yt", "squared_error": "yt", "mean_squared_error": "yt",
    "log_cosh": "yt", "huber": "ytytyt", "quartic": "yt",
}  # fmt: skip
"""Targets and outputs of one output's term in the formulas of the losses."""


def _loss(page: Page, found: Sequence[str]) -> None:
    """The loss takes the outputs in their order."""
    network = page.network
    assert network.spec.network is not None
    if network.spec.network.loss.expression is not None and network.spec.network.loss.name != "quartic":
        return
    pattern = LOSSES[network.spec.network.loss.name]
    pairs = zip(network.outputs, network.targets, strict=True)
    expected = [{"y": y, "t": t}[letter] for y, t in pairs for letter in pattern]
    branches = [
        {"y": y, "t": t}[letter] for y, t in zip(network.outputs, network.targets, strict=True) for letter in "yt"
    ]
    if list(found) not in (expected, branches if network.spec.network.loss.name == "huber" else expected):
        raise MismatchError(f"{found} where the loss has {expected}")


# From the loss inwards


def from_the_loss_inwards(page: Page, chain: Chain) -> None:
    """In a product of the backward pass each factor is as near to the loss as the one before, or less near."""
    for line in chain.lines:
        for product in _products(line.tree):
            first = product.parts[0]
            if isinstance(first, Op) and first.name == "top":  # W^T δ: the order of a product of matrices is not free
                continue
            ranks = [rank for rank in (_rank(page, factor) for factor in product.parts) if rank is not None]
            if ranks != sorted(ranks, reverse=True):
                raise MismatchError(f"{plain(product)} does not go from the loss inwards ({ranks})")
        for units in _summed_units(page, line.tree):
            if units != sorted(units):
                raise MismatchError(f"the units {units} are out of order in {line.tex}")


def _products(tree: Tree | None) -> Iterator[Op]:
    if isinstance(tree, Op) and tree.name not in ("underbrace", "matrix"):
        if tree.name in ("*", "odot"):
            yield tree
        for part in tree.parts:
            yield from _products(part)


def _rank(page: Page, factor: Tree) -> int | None:
    """How far from the inputs a factor is: of each layer first a, then z, then the weights to it."""
    while isinstance(factor, Op) and factor.name in ("top", "neg"):
        factor = factor.parts[0]
    if isinstance(factor, Op) and factor.name == "underbrace":
        return None
    ranks = [_rank_of(page, leaf) for leaf in leaves(factor)]
    return max((rank for rank in ranks if rank is not None), default=None)


def _rank_of(page: Page, leaf: Num | Sym) -> int | None:
    name = page.symbols.get(leaf.tex, "").partition("[")[0] if isinstance(leaf, Sym) else ""
    network = page.network
    found = re.fullmatch(rf"(d{network.output}/d)?(?:([Wwbza])([0-9]+)(?:_[0-9_]+)?|(delta)([0-9]+))'?", name)
    if name in (*network.inputs, "x", "unit 1"):
        return 1
    if name.startswith("unit "):
        return 4 * (int(name[5:]) - 1) + 1
    if name.startswith(f"d{network.output}/dyhat") or name == f"d{network.output}/d{network.output}":
        return 4 * len(network.layers) + 2
    if name in (*network.outputs, "yhat"):
        return 4 * len(network.layers) + 1
    if not found or name in network.targets:
        return None
    derivative, letter, layer = found[1], found[2] or found[4], int(found[3] or found[5])
    if letter in ("w", "W", "b"):
        return None if derivative else 4 * layer - 1
    if letter in ("z", "delta"):
        return 4 * layer if derivative or letter == "delta" else 4 * layer + 1
    return 4 * layer + (2 if derivative else 1)


def _summed_units(page: Page, tree: Tree | None) -> Iterator[list[int]]:
    """The units whose δ begin the terms of each sum."""
    if not isinstance(tree, Op):
        return
    if tree.name == "+":
        firsts = [next(leaves(term)) for term in tree.parts]
        names = [page.symbols.get(leaf.tex, "") for leaf in firsts if isinstance(leaf, Sym)]
        found = [re.match(rf"d{page.network.output}/dz[0-9]+_([0-9]+)", name) for name in names]
        yield [int(match[1]) for match in found if match]
    for part in tree.parts:
        yield from _summed_units(page, part)


# Routes


def routes_join(page: Page, chain: Chain) -> None:
    """In a chain of factors each derivative begins where the one before it ended."""
    for line in chain.lines:
        terms = line.tree.parts if isinstance(line.tree, Op) and line.tree.name == "+" else (line.tree,)
        for term in terms:
            factors = term.parts if isinstance(term, Op) and term.name == "*" else (term,)
            ends = list(_ends(page, factors))
            if not ends:
                continue
            whole = page.symbols.get(chain.left, "").partition("[")[0].partition("/d")
            if [above for above, _ in ends] != [whole[0][1:], *(below for _, below in ends[:-1])]:
                raise MismatchError(f"the factors of {line.tex} do not join: {ends}")
            if ends[-1][1] != whole[2]:
                raise MismatchError(f"the route of {line.tex} ends at {ends[-1][1]}, not at {whole[2]}")


def _ends(page: Page, factors: Sequence[Tree | None]) -> Iterator[tuple[str, str]]:
    for factor in factors:
        if isinstance(factor, Op) and factor.name == "underbrace" and isinstance(factor.parts[0], Sym):
            above, slash, below = (
                page.symbols[factor.parts[0].tex].removeprefix("local ").partition("[")[0].partition("/d")
            )
            if slash:  # else a vector with its size
                yield above[1:], below


# The tests see what they look for

SPOILT = [
    # what is spoilt, by what, what the test says
    (r"w^{1}_{41}x_1 + w^{1}_{42}x_2", r"w^{1}_{42}x_2 + w^{1}_{41}x_1", "where the author has"),
    (r"w^{1}_{42}x_2", r"x_2w^{1}_{42}", "where the author has"),
    (r"+ w^{1}_{43}x_3 + b^{1}_{4}", r"+ b^{1}_{4} + w^{1}_{43}x_3", "where the author has"),
    ("(-0.0477)(7) + (-0.1314)(8)", "(-0.1314)(8) + (-0.0477)(7)", "are not those of"),
    ("(-0.0477)(7)", "(7)(-0.0477)", "are not those of"),
    ("(-0.0477)(7)", "(0.0477)(7)", "are not those of"),
    ("+ (0.0885)(10) + 0", "+ (0.0885)(10)", "is put in for"),
    ("(-0.1314)(8)", "-0.1314(8)", "- after +"),
    (r"(-0.47912)(0.1710)", r"(0.1710)(-0.47912)", "are not those of"),
    (r"(\hat{y} - t)w^{2}_{12}a^{1}_{2}", r"(\hat{y} - t)a^{1}_{2}w^{2}_{12}", "are not those of|inwards"),
    (r"-[t \ln \hat{y} +", r"-[\hat{y} \ln t +", "where the loss has"),
]


@pytest.mark.parametrize(("right", "spoilt", "said"), SPOILT)
def test_a_spoilt_document_is_seen(right: str, spoilt: str, said: str) -> None:
    text = example_text("pass_or_fail")
    (page,) = pages(loaded(text), ["routes"])
    check(page, text)
    assert right in _all(page)
    with pytest.raises(AssertionError, match=said):
        check(_spoilt(page, right, spoilt), text)


def _all(page: Page) -> str:
    return "\n".join(map(str, page.chains))


def _spoilt(page: Page, right: str, spoilt: str) -> Page:
    other = Page(page.network, page.style, page.data, page.row)
    chains = []
    for chain in page.chains:
        lines = tuple(page.side(line.relation, line.tex.replace(right, spoilt)) for line in chain.lines)
        chains.append(replace(chain, lines=lines))
    other.__dict__["chains"] = tuple(chains)
    return other
