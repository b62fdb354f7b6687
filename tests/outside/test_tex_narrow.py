"""LaTeX compiles on narrow pages, as a part of other documents, and of random networks."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from derive import network, specification
from derive.lesson import styles_of
from derive.render.document import notes
from tests.support.outside.tex import EXAMPLES, PARENTS, compile_tex, inside
from tests.support.random_specs import graph, layered
from tests.support.repository import ROOT

pytestmark = pytest.mark.usefixtures("one_proof")


@pytest.mark.tool
@pytest.mark.slow
@pytest.mark.parametrize(
    "path",
    [pytest.param(path, id=path.stem, marks=[pytest.mark.many] * (i % 2)) for i, path in enumerate(EXAMPLES)],
)
def test_every_width_in_every_style(path: Path, tmp_path: Path) -> None:
    """No line is wider than the page, as a document of its own and as a part of another."""
    made = network.build(specification.load(str(path)))
    for number, style in enumerate(styles_of(made)):
        whole, part = ("110mm", "85mm")[:: 1 if number % 2 else -1]
        compile_tex(tmp_path, notes(made, to="latex", style=style, width=whole))
        inside(tmp_path, notes(made, to="latex", style=style, width=part, fragment=True), PARENTS[part])


@pytest.mark.tool
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2100, 2106))
def test_random_networks_and_graphs_on_a_narrow_page(seed: int, tmp_path: Path) -> None:
    for kind in (layered, graph):
        made = network.build(specification.loads(kind(seed)))
        compile_tex(tmp_path, notes(made, to="latex", width="110mm"))
        inside(tmp_path, notes(made, to="latex", width="85mm", fragment=True), PARENTS["85mm"])


@pytest.mark.tool
@pytest.mark.slow
def test_every_example_as_a_part_of_a_page(tmp_path: Path) -> None:
    """In one style each; test_every_style has them as documents."""
    for number, path in enumerate(EXAMPLES):
        made = network.build(specification.load(str(path)))
        styles = styles_of(made)
        part = notes(made, to="latex", style=styles[number % len(styles)], fragment=True)
        inside(tmp_path, part, PARENTS["page"])


@pytest.mark.tool
@pytest.mark.slow
@pytest.mark.parametrize("seed", range(2000, 2012))
def test_random_networks_and_graphs(seed: int, tmp_path: Path) -> None:
    for kind in (layered, graph):
        compile_tex(tmp_path, notes(network.build(specification.loads(kind(seed))), to="latex"))


@pytest.mark.tool
@pytest.mark.slow
@pytest.mark.parametrize("activation", ["tanh", "softsign", "gelu", "hard_swish", "hard_sigmoid", "elu"])
def test_the_slope_of_an_activation_fits_the_narrowest_page(activation: str, tmp_path: Path) -> None:
    """The quotient rule in one line, and branches beside their name."""
    spec = (ROOT / "examples" / "xor_batch.toml").read_text("utf-8")
    layers = re.sub(r'activation = "[a-z]+"', f'activation = "{activation}"', spec, count=1)
    assert layers != spec or activation in spec
    compile_tex(tmp_path, notes(network.build(specification.loads(layers)), to="latex", width="80mm"))


@pytest.mark.tool
@pytest.mark.slow
def test_lualatex_compiles_it_too(tmp_path: Path) -> None:
    compile_tex(tmp_path, (ROOT / "output" / "pass_or_fail.tex").read_text("utf-8"), "lualatex")
    made = network.build(specification.load(str(ROOT / "examples" / "xor_batch.toml")))
    for width in ("110mm", "85mm"):
        compile_tex(tmp_path, notes(made, to="latex", style="delta", width=width), "lualatex")
