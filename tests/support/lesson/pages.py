"""A document as its reader meets it: formulas as chains of equal sides, tables as rows, symbols and what they mean."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache, partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from derive import network as networks
from derive import specification as specs
from derive.checked.proof import Proven, worked
from derive.lesson import styles_of
from derive.lesson.in_full import in_full
from derive.lesson.limits import MAX_UPDATES
from derive.model import NumbersPolicy
from derive.naming.notation import PRESETS as NOTATION_PRESETS
from derive.naming.notation import Notation
from derive.network import Layer, Network
from derive.render.formats import FORMATS
from derive.render.layout import figures_of
from derive.render.page import Page as Printer
from derive.words.templates_path import bundled_templates
from tests.support.lesson.formulas import MisreadError, Tree, read, symbols_pattern

ROOT = Path(__file__).resolve().parents[3]
EXAMPLES = tuple(sorted(path.stem for path in (ROOT / "examples").glob("*.toml")))
PUBLISHED = tuple(sorted((ROOT / "tests" / "published").glob("*.toml")))
PRINTER = Printer(FORMATS["json"], [bundled_templates()])
PRESETS = tuple(NOTATION_PRESETS)
NOTATIONS = {name: PRESETS[k % len(PRESETS)] for k, name in enumerate(EXAMPLES)}
"""The notation in which each example is read; over all examples every notation comes up."""
MOST_ROWS = 8
MORE_DIGITS = "A number is given more digits where"
MORE_IN_LINES = "a line shows more of them where its result needs them"
GAP = r"\ldots"
"""Where the reader has something to fill in."""
LOCAL = {"S": "sum of exponentials", **dict.fromkeys("JDM", "matrix of slopes")}
"""Symbols that a formula brings along."""


@dataclass(frozen=True, slots=True)
class Line:
    """One side of a chain: what stands before it (``=`` or ``≈``), its TeX, and its tree where it can be read."""

    relation: str
    tex: str
    tree: Tree | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """``left = … = … ≈ …``, in the section of that key."""

    section: str
    left: str
    lines: tuple[Line, ...]

    def steps(self) -> Iterator[tuple[Line, Line]]:
        """Each line with the line above it."""
        return pairwise(self.lines)

    def fills(self, faded: Chain) -> bool:
        """Whether it is the faded chain with something in each of its gaps."""
        shown, gaps = (chain.tex().split(GAP) for chain in (self, faded))
        return len(shown) == 1 and bool(re.fullmatch(".+".join(re.escape(gap.strip()) for gap in gaps), shown[0]))

    def tex(self) -> str:
        """The chain in one line."""
        return " ".join([self.left, *(f"{line.relation} {line.tex}" for line in self.lines)])

    def __str__(self) -> str:
        return f"{self.section}: {self.left} " + "\n   ".join(f"{line.relation} {line.tex}" for line in self.lines)


@dataclass(frozen=True, slots=True)
class Table:
    """A table: TeX or words of its cells."""

    section: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    caption: str = ""


class Page:
    """The document of a network in one style."""

    def __init__(self, network: Network, style: str, data: Mapping[str, Any], row: int = 1) -> None:
        """``row``: of the data, from 1, that is worked in full."""
        self.network, self.style, self.data, self.row = network, style, data, row
        self.mark = f"[{row}]"
        self.symbols = symbols_of(network)
        if style == "matrix":
            self.symbols = {**LOCAL, **self.symbols}
        self._pattern = symbols_pattern(self.symbols)

    @cached_property
    def _symbol_of(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for tex, name in self.symbols.items():
            found.setdefault(name, tex)
        return found

    def symbol(self, name: str) -> str:
        """The TeX of a quantity; empty where there is none."""
        return self._symbol_of.get(name, "")

    def entries(self, name: str) -> list[list[str]]:
        """The names of the entries of a matrix or vector, row by row; none where it is neither."""
        head, slash, base = name.rpartition("/d")
        base, row, _ = base.partition("[")
        base, prime, _ = base.partition("'")
        found = re.fullmatch(r"(delta|[Wbza])([0-9]+)", base)
        rows: list[list[str]] = []
        if found and self.network.layers and int(found[2]) <= len(self.network.layers):
            layer = self.network.layers[int(found[2]) - 1]
            columns = {"b": layer.biases, "z": layer.z, "a": layer.a, "delta": layer.z}
            rows = [list(r) for r in layer.weights] if found[1] == "W" else [[n] for n in columns[found[1]]]
            if found[1] == "delta":
                head, slash = f"d{self.network.output}", "/d"
        elif base == "yhat" and self.network.layers:
            rows = [[n] for n in self.network.outputs]
        mark = f"{prime}{row and '[' + row}"
        return [[f"{head}{slash}{n}{mark}" for n in r] for r in rows]

    def side(self, relation: str, tex: str) -> Line:
        """A side of a chain."""
        try:
            return Line(relation, tex, read(tex, self._pattern))
        except MisreadError as error:
            return Line(relation, tex, None, str(error))

    @cached_property
    def has_more_digits(self) -> bool:
        """Whether the page says that some numbers have more digits than asked for."""
        text = json.dumps(self.data)
        return MORE_DIGITS in text or MORE_IN_LINES in text

    @cached_property
    def chains(self) -> tuple[Chain, ...]:
        """Every chain of the document without gaps, displayed or in a sentence, in its order."""
        return tuple(chain for chain in self._all if GAP not in chain.tex())

    @cached_property
    def faded(self) -> tuple[Chain, ...]:
        """The chains with gaps for the reader to fill."""
        return tuple(chain for chain in self._all if GAP in chain.tex())

    @cached_property
    def _all(self) -> tuple[Chain, ...]:
        found: list[Chain] = []
        for section in self.data["sections"]:
            for block in section["blocks"]:
                chains = _displayed(block["rows"]) if block["kind"] == "display" else _inline(block)
                found += [self._chain(_main(section), *chain) for chain in chains]
        return tuple(found)

    def _chain(self, section: str, left: str, sides: Sequence[tuple[str, str]]) -> Chain:
        return Chain(section, left, tuple(self.side(*side) for side in sides))

    @cached_property
    def tables(self) -> tuple[Table, ...]:
        """Every table of the document."""
        return tuple(
            Table(_main(section), _cells(block["head"]), tuple(map(_cells, block["rows"])), *_cells([block["caption"]]))
            for section in self.data["sections"]
            for block in section["blocks"]
            if block["kind"] == "table"
        )


def _main(section: Mapping[str, Any]) -> str:
    """The key of a section, or of the one that it is a part of."""
    key: str = section["key"]
    return key.partition(".")[0]


def _cells(cells: Sequence[Sequence[Mapping[str, str]]]) -> tuple[str, ...]:
    return tuple(" ".join(run.get("math", run.get("text", "")) for run in cell).strip() for cell in cells)


def _displayed(rows: Sequence[Mapping[str, str]]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    """The chains of a displayed formula; broken rows are joined."""
    left, sides = "", list[tuple[str, str]]()
    for row in rows:
        if row["left"]:
            if sides:
                yield left, sides
            (_, left), *sides = _split(row["left"])
        if row["relation"]:
            first, *others = _split(row["right"])
            sides += [(row["relation"], first[1]), *others]
        else:
            sides[-1] = (sides[-1][0], f"{sides[-1][1]} {row['right']}")
    yield left, sides


def _inline(block: Mapping[str, Any]) -> Iterator[tuple[str, list[tuple[str, str]]]]:
    runs = [run for item in block.get("items", [block.get("text", [])]) for run in item]
    for formula in _formulas(runs):
        first, *others = _split(formula)
        if others and first[1]:
            yield first[1], others


def _formulas(runs: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    for run in runs:
        for kind, content in run.items():
            if isinstance(content, list):
                yield from _formulas(content)
            elif kind == "math":
                yield content


def _split(tex: str) -> list[tuple[str, str]]:
    """The sides of a formula, each with the relation sign before it."""
    sides, depth, start, relation, place = list[tuple[str, str]](), 0, 0, "", 0
    while place < len(tex):
        depth += (tex[place] in "{(") - (tex[place] in "})")
        depth += tex.startswith(r"\begin{", place) - tex.startswith(r"\end{", place)
        sign = next((sign for sign in ("=", r"\approx") if depth == 0 and tex.startswith(sign, place)), "")
        if sign:
            sides.append((relation, tex[start:place].strip()))
            relation, start = sign, place + len(sign)
        place += len(sign) or 1
    return [*sides, (relation, tex[start:].strip())]


def symbols_of(network: Network) -> dict[str, str]:
    """The TeX of every quantity of a network, and its name."""
    notation = Notation.of(network.spec, network.names)
    graph, output = network.graph, network.output
    found: dict[str, str] = {}

    def add(tex: str, name: str) -> None:
        found.setdefault(tex, name)

    above = [("", notation.tex(output))]
    above += [(f"[{row}]", notation.tex(f"{output}[{row}]")) for row in range(1, min(len(network.rows), MOST_ROWS) + 1)]
    for mark, tex in above:
        add(notation.derivative(tex, tex), f"d{output}/d{output}{mark}")
    add(notation.tex(f"{output}@{network.spec.training.iterations}"), output)
    for name in graph.names:
        add(notation.tex(name), name)
        for mark, tex in above:
            add(notation.derivative(tex, notation.tex(name)), f"d{output}/d{name}{mark}")
            if mark:
                add(notation.tex(name + mark), name + mark)
    for node in graph.nodes:
        for source in node.inputs:
            for mark, tex in above if node.name == output else [("", notation.tex(node.name))]:
                fraction = notation.derivative(tex, notation.tex(source))
                add(fraction, f"d{node.name}/d{source}{mark}")
                add(rf"{fraction}\biggr\rvert_{{\mathrm{{local}}}}", f"local d{node.name}/d{source}")
    for name in (*network.parameters, *network.states):
        tex = notation.tex(name)
        add(tex, name)
        add(notation.tex(f"{name}'"), f"{name}'")
    for name in network.hyperparameters:
        add(notation.tex(name), name)
    for k in range(1, MAX_UPDATES + 1) if network.states else ():
        for name in (*network.parameters, *network.states):
            add(notation.tex(f"{name}@{k}"), f"{name}@{k}")
        for name in network.parameters:
            later = notation.tex(f"d{output}/d{name}@{k}")
            add(later.removeprefix(r"\left"), f"d{output}/d{name}@{k}")  # which is passed over as a bracket's size
    add(notation.tex(network.names.eta), "eta")
    for layer in network.layers:
        _add_layer(add, notation, network, layer)
    own = f"{notation.tex(output)}[s]"  # of sample s, whichever it is
    add(own, output)
    for name in network.parameters:
        add(notation.derivative(own, notation.tex(name)), f"d{output}/d{name}")
    return found


def _add_layer(add: Callable[[str, str], None], notation: Notation, network: Network, layer: Layer) -> None:
    output, number = network.output, layer.number
    marks = ["", *(f"[{row}]" for row in range(1, min(len(network.rows), MOST_ROWS) + 1))]
    for z in layer.z:
        for mark in marks:
            add(notation.tex(network.names.gradient(z) + mark), f"d{output}/d{z}{mark}")
    if notation.bias_unit:
        add(notation.constant_unit(number), f"unit {number}")
    vectors = {letter: notation.matrix(letter, number) for letter in ("W", "b", "z", "a", "delta")}
    if notation.bias_unit:
        vectors["b"] = notation.indexed("w", number, "0")
    for letter, tex in vectors.items():
        add(tex, f"{letter}{number}")
        add(f"{{{tex}}}^{{+}}", f"{letter}{number}'")
        add(f"{tex}^{{+}}", f"{letter}{number}'")
        for mark in marks:
            add(notation.derivative(notation.tex(output + mark), tex), f"d{output}/d{letter}{number}{mark}")
    for letter in ("x", "yhat", "t"):
        add(notation.matrix(letter), letter)
    for mark in marks:
        loss = notation.tex(output + mark)
        add(notation.derivative(loss, notation.matrix("yhat")), f"d{output}/dyhat{mark}")
        add(rf"\nabla_{{{notation.matrix('yhat')}}} {loss}", f"d{output}/dyhat{mark}")


def example_text(name: str) -> str:
    """The TOML of an example."""
    return (ROOT / "examples" / f"{name}.toml").read_text(encoding="utf-8")


def loaded(text: str, *, preset: str = "", numbers: NumbersPolicy | None = None) -> Network:
    """The network of a TOML text, perhaps in another notation or with another rounding."""
    spec = specs.loads(text)
    if preset:
        spec = replace(spec, notation=replace(spec.notation, preset=preset))  # type: ignore[arg-type]
    return networks.build(replace(spec, numbers=numbers) if numbers else spec)


@lru_cache(maxsize=64)
def documents(text: str, preset: str = "", numbers: NumbersPolicy | None = None) -> tuple[Page, ...]:
    """The documents of a TOML text in every style; made once for all tests that read them."""
    return pages(loaded(text, preset=preset, numbers=numbers))


def pages(network: Network, styles: Sequence[str] | None = None) -> tuple[Page, ...]:
    """The documents of a network, worked and checked once."""
    wanted = styles or styles_of(network)

    def use(work: Proven) -> tuple[Page, ...]:
        found = []
        for style in wanted:
            figures = figures_of(work)
            skeleton, settled = PRINTER.skeleton(work, figures, style)
            text, _ = skeleton.fill(settled)
            row = work.run.iterations[0].samples[work.in_full.sample].row
            found.append(Page(network, style, json.loads(text), row))
        return tuple(found)

    return worked(network, use, in_full=partial(in_full, named=None), symbolic=False)
