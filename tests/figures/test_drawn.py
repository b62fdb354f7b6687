"""Figures as readers get them: the same labels in SVG and TikZ, on any screen, whatever the author wrote."""

from __future__ import annotations

import re
import subprocess
import sys
import xml.etree.ElementTree as ET
from itertools import pairwise

import pytest

from derive import network, specification
from derive.figures.labels import tspans
from derive.figures.model import Drawing, DrawnEdge, DrawnNode
from derive.figures.places import plan_of
from derive.figures.plan import MAX_WIDTH, Plan, PlanBadge, PlanLabel, PlanShape, label_width
from derive.figures.svg import svg
from derive.figures.tikz import tikz
from derive.render.document import Press, document
from derive.words.runs import Tex
from tests.support.repository import ROOT

EXAMPLES = ROOT / "examples"
SVG = "{http://www.w3.org/2000/svg}"
MIN_HEIGHT = 11.0
"""At least so many pixels high are the letters of a picture that is 400 pixels wide."""


def example(name: str, **changed: str) -> network.Network:
    text = (EXAMPLES / f"{name}.toml").read_text("utf-8")
    for old, new in changed.items():
        assert old in text
        text = text.replace(old, new)
    return network.build(specification.loads(text))


def layered(*columns: int) -> Drawing:
    """A network of so many units, with a number at each."""
    names = [[f"a{i}_{j}" for j in range(count)] for i, count in enumerate(columns)]
    nodes = [DrawnNode(name, Tex(rf"a^{{{name[1]}}}_{{{name[3:]}}}"), (Tex("-0.4791"),)) for c in names for name in c]
    edges = [DrawnEdge(a, b) for before, after in pairwise(names) for a in before for b in after]
    return Drawing(tuple(nodes), tuple(edges), columns=tuple(map(tuple, names)))


def graph(edges: str) -> Drawing:
    """A graph by its arrows, as ``ab bc``, with two numbers at each node."""
    names = sorted(set(edges) - {" "})
    nodes = tuple(DrawnNode(name, Tex(name), (Tex("0.25"), Tex("-0.5"))) for name in names)
    return Drawing(nodes, tuple(DrawnEdge(*arrow) for arrow in dict.fromkeys(edges.split())))


DRAWINGS = {
    "1-1": layered(1, 1),
    "5-5-5": layered(5, 5, 5, 1),
    "many layers": layered(3, 3, 3, 3, 3, 3, 1),
    "a chain": graph("ab bc cd de ef fg gh"),
    "a diamond": graph("ab ac bd cd ad"),
    "one node": Drawing((DrawnNode("f", Tex("f = 3"), (Tex("3"), Tex("1"))),)),
    "two parts": graph("ab cd"),
}


def plan(drawing: Drawing) -> Plan:
    found = plan_of(drawing, str)
    assert found is not None
    return found


def parsed(text: str) -> ET.Element:
    return ET.fromstring(text)  # noqa: S314 - our own text


@pytest.mark.parametrize("name", DRAWINGS)
def test_nothing_stands_on_anything_else(name: str) -> None:
    """Outlines do not touch, each label is inside one of them or beside all, and all is inside the picture."""
    drawn = plan(DRAWINGS[name])
    boxes = [i for i in drawn.items if isinstance(i, PlanShape)]
    for k, one in enumerate(boxes):
        assert one.width // 2 <= one.x <= drawn.width - one.width // 2
        assert one.height // 2 <= one.y <= drawn.height - one.height // 2
        for other in boxes[k + 1 :]:
            apart = abs(one.x - other.x) >= (one.width + other.width) / 2
            assert apart or abs(one.y - other.y) >= (one.height + other.height) / 2
    for label in (i for i in drawn.items if isinstance(i, PlanLabel) and isinstance(i.content, Tex)):
        long = label_width(label.content, {})
        left = label.x if label.start else label.x - long / 2
        assert left >= 0
        assert left + long <= drawn.width
        for box in boxes:
            sides = (box.x - box.width / 2, box.x + box.width / 2)
            inside = sides[0] <= left and left + long <= sides[1]
            beside = left >= sides[1] or left + long <= sides[0]
            level = abs(label.y - 5 - box.y) < box.height / 2
            assert inside or beside or not level, label


@pytest.mark.parametrize("name", DRAWINGS)
def test_svg_and_tikz_have_the_same_labels(name: str) -> None:
    drawn = plan(DRAWINGS[name])
    in_tikz = re.findall(r"\{\$(.*)\$\};", tikz(drawn, str))
    in_svg = re.findall(r"<text [^>]*>(.*)</text>", svg(drawn, "t", "d", str))
    assert in_tikz == list(drawn.labels)
    assert in_svg == [tspans(label) for label in in_tikz]
    assert set(in_tikz) <= set(DRAWINGS[name].labels) | {r"\vdots", r"\cdots"}


def test_columns_of_a_network_are_shortened_before_it_is_too_wide() -> None:
    drawn = plan(layered(5, 5, 5, 5, 5))
    assert drawn.width <= MAX_WIDTH
    assert drawn.labels.count(Tex(r"\cdots")) == 5
    assert plan_of(graph(" ".join(f"{chr(97 + i)}z" for i in range(15))), str) is not None
    assert plan_of(graph(" ".join(f"{chr(97 + i)}z" for i in range(25))), str) is None
    deep = "".join(map(chr, range(97, 122)))
    assert plan_of(graph(" ".join(a + b for a, b in pairwise(deep))), str) is None


@pytest.mark.parametrize(("name", "style"), [("mazur", "routes"), ("fan_out", "routes"), ("sigmoid_neuron", "graph")])
def test_a_file_is_plain_svg_with_large_letters(name: str, style: str) -> None:
    written = document(example(name), style=style, name="my notes")
    assert written.files
    for file, content in written.files.items():
        text = content.decode()
        assert f"]({file.replace(' ', '%20')})" in written.text
        assert not re.search(r"<script|href|url\(|@import|\son\w+=|[\x00-\x08\x0e-\x1f]", text)
        root = parsed(text)
        assert root.find(f"{SVG}title") is not None
        assert root.find(f"{SVG}desc") is not None
        assert "prefers-color-scheme:dark" in text
        wide = float(root.attrib["viewBox"].split()[2])
        sizes = [float(size) for size in re.findall(r"font(?:-size)?:([\d.]+)px", text)]
        shares = [float(share) / 100 for share in re.findall(r'font-size="([\d.]+)%"', text)]
        assert min(*sizes, 16 * min(shares, default=1)) * 400 / wide >= MIN_HEIGHT


def test_hostile_words_stay_words() -> None:
    text = 'title = "<script>&\\" --> ]]>"\n[graph.values]\nx = 3\n[graph.nodes]\nf = "x*x"\n[notation]\nnames = {x = "x_{<}"}'
    with pytest.raises(Exception, match="<"):
        specification.loads(text)
    text = text.replace("x_{<}", r"\\text{a}")
    (content,) = document(network.build(specification.loads(text))).files.values()
    assert parsed(content.decode()).tag == f"{SVG}svg"


def test_the_numbers_of_a_figure_are_those_of_its_formula() -> None:
    written = document(example("mazur"), style="routes", name="a")
    chain = next(block for block in written.text.split("$$") if "w_4" in block and r"\overset" in block)
    after = written.text[written.text.index(chain) :]  # a long formula may stand in two blocks
    in_formula = [int(number) for number in re.findall(r"\\overset\{(\d+)\}", after)]
    assert in_formula[:10] == [1, 2, 3, 4, 5, 6, 7, 8, 4, 5]  # both routes end with the same two factors
    svg_text = written.files["a-route-w1-2-2.svg"].decode()
    in_figure = re.findall(r'<text class="number middle"[^>]*>(\d+)</text>', svg_text)
    assert sorted(map(int, in_figure)) == [1, 2, 3, 4, 5, 6, 7, 8]


def test_a_badge_stands_on_its_arrow() -> None:
    nodes = tuple(DrawnNode(name, Tex(name)) for name in "abcd")
    edges = (DrawnEdge("a", "b", number=2), DrawnEdge("b", "d", number=1), DrawnEdge("c", "d"))
    lit = frozenset(("a", "b", "d", ("a", "b"), ("b", "d")))
    drawn = plan(Drawing(nodes, edges, lit))
    badges = {i.number: i for i in drawn.items if isinstance(i, PlanBadge)}
    places = {str(i.content): i for i in drawn.items if isinstance(i, PlanLabel)}
    for number, (source, target) in {2: "ab", 1: "bd"}.items():
        assert places[source].x < badges[number].x < places[target].x


def test_figures_are_filled_for_another_network_of_the_structure() -> None:
    press = Press(style="routes")
    first, other = (
        example("pass_or_fail"),
        example("pass_or_fail", **{"0.1789": "-0.1789", "x = [7, 8, 10]": "x = [7, 8, 9]"}),
    )
    filled = [press.document(one, "a") for one in (first, other)]
    assert filled == [document(one, style="routes", name="a") for one in (first, other)]
    assert filled[0].files["a-network.svg"] != filled[1].files["a-network.svg"]


@pytest.mark.parametrize("name", ["pass_or_fail", "three_inputs"])
def test_figures_none(name: str) -> None:
    for to in ("markdown", "latex"):
        without = document(example(name), to=to, style="routes", figures="none")
        assert not without.files
        assert not re.search(r"tikz|!\[|overset|textcircled|[①-⑳]|Figure", without.text)
    data = document(example(name), to="json")
    assert data == document(example(name), to="json", figures="none")


def test_a_figure_is_the_same_in_every_process() -> None:
    script = (
        "from derive.figures.ranks import ranked; import string, random, sys; r = random.Random(7)\n"
        "names = string.ascii_letters[:30]; edges = [(names[r.randrange(i)], names[i]) for i in range(1, 30)]\n"
        "edges += [tuple(names[i] for i in sorted(r.sample(range(30), 2))) for _ in range(15)]\n"
        "sys.stdout.write(repr(ranked(names, edges)))"
    )
    runs = {
        subprocess.run(
            [sys.executable, "-c", script], cwd=ROOT, env={"PYTHONHASHSEED": seed, "PYTHONPATH": str(ROOT)},
            capture_output=True, text=True, check=True,
        ).stdout
        for seed in "123"
    }  # fmt: skip
    assert len(runs) == 1


def test_a_large_graph_is_not_drawn() -> None:
    nodes = "\n".join(f'n{i} = "n{i - 1} + x"' for i in range(1, 40))
    text = f"[graph.values]\nx = 3\nn0 = 1\n[graph.nodes]\n{nodes}"
    written = document(network.build(specification.loads(text)), style="graph")
    assert not written.files
    assert "41 quantities the graph is too large to be drawn" in written.text
