"""Our own documents are read completely: every style, every preset, Markdown and LaTeX."""

from __future__ import annotations

import pytest

from derive.api import loads
from derive.errors import DeriveError
from derive.network import Network
from derive.render import notes
from derive.verification.reading import Spelling, read
from tests.conftest import ROOT
from tests.random_specs import graph, layered

EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))
STYLES = {True: ("routes", "delta", "matrix", "graph"), False: ("graph", "routes")}
PRESETS = ("superscript", "parenthesised", "bias_unit", "flat")


def unread(network: Network, to: str, style: str) -> list[str]:
    """What is not read in a document, and whether anything is."""
    text = notes(network, to=to, style=style)
    chains = read(text, "latex" if to == "latex" else "markdown", Spelling.of(network))
    assert len(chains) > 10
    return [f"{side.text}: {side.problem}" for chain in chains for side in chain.sides if side.expr is None]


@pytest.mark.parametrize("path", EXAMPLES, ids=lambda path: path.stem)
@pytest.mark.parametrize("to", ["markdown", "latex"])
def test_examples(path, to: str) -> None:  # type: ignore[no-untyped-def]
    """Each example in each of its styles."""
    network = loads(path.read_text(encoding="utf-8"))
    for style in STYLES[network.layered]:
        assert unread(network, to, style) == []


@pytest.mark.parametrize("preset", PRESETS)
def test_presets(preset: str) -> None:
    """The same network in each notation."""
    text = (ROOT / "examples" / "dead_relu.toml").read_text(encoding="utf-8")
    network = loads(text + f'\n[notation]\npreset = "{preset}"\n')
    for style in STYLES[True]:
        assert unread(network, "latex", style) == []


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("maker", [layered, graph], ids=["layered", "graph"])
def test_random_specs(seed: int, maker) -> None:  # type: ignore[no-untyped-def]
    """Activations, losses and functions of every kind."""
    text = maker(seed)
    if "[notation]" not in text:
        text += f'\n[notation]\npreset = "{PRESETS[seed]}"\n'
    network = loads(text)
    style = STYLES[network.layered][seed % len(STYLES[network.layered])]
    try:
        found = unread(network, "latex" if seed % 2 else "markdown", style)
    except DeriveError:
        pytest.skip("this network has no document")
    assert found == []
