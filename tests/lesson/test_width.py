"""Lines, rules and tables for another width; fragments that name what they need."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest

from derive import network, specification
from derive.expressions.widths import width
from derive.lesson import styles_of
from derive.lesson.blocks import SIZES
from derive.lesson.page_width import A4, PageWidth
from derive.render.document import Press, notes
from derive.render.tex_packages import needs
from tests.support.program import Ran
from tests.support.repository import ROOT

pytestmark = pytest.mark.usefixtures("one_proof")

EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))
NAMES = [path.stem for path in EXAMPLES]


def example(name: str) -> network.Network:
    return network.build(specification.load(str(ROOT / "examples" / f"{name}.toml")))


@pytest.mark.parametrize(
    ("text", "points"),
    [("110mm", 312.98), ("11cm", 312.98), (" 4.5 in ", 325.21), ("300pt", 300), ("80mm", 227.62), ("400.0mm", 1138.11)],
)
def test_lengths(text: str, points: float) -> None:
    page = PageWidth.of(text)
    assert page.points == pytest.approx(points, abs=0.01)
    assert page.length == text.replace(" ", "")
    assert page.ems / A4.ems == pytest.approx(page.points / A4.points, rel=1e-3)


BAD = [
    "",
    "110",
    "110 em",
    "-110mm",
    "1e2mm",
    "110,5mm",
    "mm",
    "nan mm",
    "110mm;",
    r"110mm]{geometry}\input{x}",
    "١١٠mm",
]


@pytest.mark.parametrize("text", BAD)
def test_what_is_no_length(text: str, derive: Callable[..., Ran]) -> None:
    ran = derive("notes", ROOT / "examples" / "fan_out.toml", f"--width={text}", "-o", "x.md")
    assert ran.status == 2
    assert "write a number and mm, cm, in or pt, as 110mm" in ran.err


@pytest.mark.parametrize("text", ["79mm", "0mm", "401mm", "999999in", ".5pt"])
def test_widths_that_no_page_has(text: str, derive: Callable[..., Ran]) -> None:
    ran = derive("notes", ROOT / "examples" / "fan_out.toml", "--width", text, "-o", "x.md")
    assert ran.status == 2
    assert f"'{text}' is no width of a page: give 80mm to 400mm" in ran.err
    assert len(derive("notes", ROOT / "examples" / "fan_out.toml", "--width", "9" * 5000, "-o", "x.md").err) < 300


def test_the_command_sets_the_page(derive: Callable[..., Ran]) -> None:
    for length, page in (
        ("110mm", "textwidth=110mm,hcentering"),
        ("250mm", r"textwidth=250mm,paperwidth=\dimexpr250mm+50mm\relax,hcentering"),
    ):
        ran = derive("notes", ROOT / "examples" / "fan_out.toml", "--to", "latex", "--width", length, "-o", "-")
        assert ran.status == 0
        assert page in ran.out


def rows(text: str) -> list[str]:
    """The rows of all displayed formulas but those of matrices, which fit themselves."""
    displays = re.findall(r"\$\$\n\\begin\{aligned\}\n(.*?)\n\\end\{aligned\}\n\$\$", text, re.DOTALL)
    return [row for display in displays if "matrix" not in display for row in re.split(r" \\\\\n", display)]


def fits(made: network.Network, style: str | None, length: str) -> bool:
    """Whether every row has room, if need be in smaller type."""
    text = notes(made, style=style, width=length)
    assert len(rows(text)) > 10
    return all(width(row) <= PageWidth.of(length).ems / SIZES[3] for row in rows(text))


@pytest.mark.parametrize("name", NAMES)
def test_rows_fit(name: str) -> None:
    assert fits(example(name), None, "85mm")


@pytest.mark.slow
@pytest.mark.parametrize("name", NAMES)
def test_rows_fit_in_every_style(name: str) -> None:
    made = example(name)
    for style in styles_of(made):
        for length in ("110mm", "80mm"):
            assert fits(made, style, length)


def test_rules_go_under_their_lines() -> None:
    """On a narrow page, and in Markdown, which is read on narrow screens, on any."""
    for text in (notes(example("pass_or_fail"), width="85mm"), notes(example("pass_or_fail"))):
        assert "&&" not in text
        for rule in ("quotient rule", "chain rule, exponential", "rearrange"):
            assert rf"\text{{{rule}}}" in text
    assert "&&" in notes(example("pass_or_fail"), to="latex")


def cells(data: str) -> list[tuple[str, ...]]:
    """The columns of all tables, each once for a table, but for chains that only narrow pages have as tables."""
    tables = [
        block
        for section in json.loads(data)["sections"]
        for block in section["blocks"]
        if block["kind"] == "table" and block["head"][0] != [{"text": "factor"}]
    ]
    return [
        tuple(json.dumps(row[i]) for row in (table["head"], *table["rows"]))
        for table in tables
        for i in range(len(table["head"]))
    ]


@pytest.mark.parametrize("name", ["xor_batch", "mazur"])
def test_tables_in_parts_say_the_same(name: str) -> None:
    made = example(name)
    whole, parts = (notes(made, to="json", width=length) for length in (None, "80mm"))
    assert [section["title"] for section in json.loads(parts)["sections"]] == [
        section["title"] for section in json.loads(whole)["sections"]
    ]
    assert set(cells(parts)) == set(cells(whole))
    assert len(cells(parts)) >= len(cells(whole))


WIDE = """
title = "Wide"
[network]
inputs = 3
loss = "half_squared_error"
[[network.layers]]
units = 6
activation = "tanh"
weights = {random = "normal", std = 0.3, decimals = 4, seed = 1}
[[network.layers]]
units = 4
weights = {random = "normal", std = 0.3, decimals = 4, seed = 2}
"""
WIDE += "".join(f"[[data]]\nx = [0.{i}, -1.{i}, {i}]\nt = [0, 1, 0, 1]\n" for i in range(1, 6))


def test_a_table_of_many_columns() -> None:
    """It is set in parts that share the first column, each value once."""
    made = network.build(specification.loads(WIDE + "[training]\nlearning_rate = 0.1\n"))
    whole, parts = (notes(made, to="latex", style="delta", fragment=True, width=length) for length in ("200mm", "80mm"))
    head = re.compile(r"\\toprule\n(?:sample|row) & (.*?) \\\\\n")
    tables, narrow = head.findall(whole), head.findall(parts)
    assert len(narrow) > len(tables)
    assert " & ".join(narrow) == " & ".join(tables)


def test_a_long_table_is_set_in_parts() -> None:
    """Every part has its head, so that a page may end between them."""
    values = "\n".join(f"v{i} = {i}" for i in range(40))
    nodes = 'f = "' + " + ".join(f"v{i}" for i in range(40)) + '"'
    text = notes(network.build(specification.loads(f"[graph.values]\n{values}\n[graph.nodes]\n{nodes}\n")), to="latex")
    assert r"\begin{longtable}" not in text
    tables = re.findall(r"\\begin\{tabular\}.*?\\end\{tabular\}", text, re.DOTALL)
    lengths = [table.count(r"\\") - 1 for table in tables]
    assert max(lengths) <= 24
    start = next(i for i, table in enumerate(tables) if "$v_{39}$" in table)
    assert lengths[start - 2 : start + 1] == [14, 13, 13]


def test_tables_are_flush_left_plain_and_fitted_in_the_preamble() -> None:
    text = notes(example("xor_batch"), to="latex")
    preamble, body = text.split(r"\begin{document}")
    assert r"\resizebox{\linewidth}{!}" in preamble
    assert not re.search(r"\\(?:setbox|hbox|resizebox|wd|ifdim|Big[lr]?)(?![a-z])", body)
    assert r"\begin{center}" not in body
    assert (
        body.count(r"\begin{tabular}")
        == body.count("\\noindent\n\\begin{tabular}")
        == body.count(r"\end{tabular}\par")
        > 5
    )


@pytest.mark.slow
def test_texts_are_used_again_for_the_same_width() -> None:
    """A press for a narrow page gives the same documents as a new one for each network."""
    for to in ("latex", "json"):
        press = Press(to=to, style="delta", width="85mm", fragment=to == "latex")
        for digits in (2, 4, 9):
            made = network.build(
                specification.loads(f"{WIDE}[training]\nlearning_rate = 0.1\n[numbers]\nsignificant = {digits}\n")
            )
            fresh = notes(made, to=to, style="delta", width="85mm", fragment=to == "latex")
            assert press.notes(made) == fresh
        larger = WIDE.replace("std = 0.3", "std = 900")
        made = network.build(specification.loads(f"{larger}[numbers]\nsignificant = 2\n"))
        assert press.notes(made) == notes(made, to=to, style="delta", width="85mm", fragment=to == "latex")


# Fragments


@pytest.mark.parametrize("name", NAMES)
def test_the_first_line_of_a_fragment_names_its_packages(name: str) -> None:
    first, rest = notes(example(name), to="latex", fragment=True).split("\n", 1)
    linked = name == "mazur"  # its source has an address
    scaled = r"\resizebox" in rest  # a table beside a figure
    packages = ["amsmath", "booktabs", *["graphicx"] * scaled, *["hyperref"] * linked, "tikz"]
    assert first == rf"% needs: \usepackage{{{','.join(packages)}}}"
    assert first + "\n" == needs(rest)


def test_packages_are_named_where_they_are_used() -> None:
    linked = network.build(
        specification.loads('source = "https://x.org, „x“"\n[graph.values]\nx = 3\n[graph.nodes]\nf = "x*x"\n')
    )
    first = notes(linked, to="latex", fragment=True).splitlines()[0]
    assert first == r"% needs: \usepackage[T1]{fontenc} \usepackage{amsmath,booktabs,hyperref,tikz}"


def test_branches_are_measured_as_a_whole() -> None:
    """TeX has 188.8 pt for this one at 11 pt: what stands before the brace stands before the widest branch."""
    head = r"\operatorname{hardswish}'(z) = "
    rows = [r"1 & \text{if } z \ge 3", r"\frac{2z + 3}{6} & \text{if } -3 < z < 3", r"0 & \text{if } z \le -3"]
    for order in (rows, rows[::-1], rows[1:] + rows[:1]):
        found = width(head + r"\begin{cases} " + r" \\ ".join(order) + r" \end{cases} + 1") * 10.95
        assert 188.8 + 15 < found < 250
