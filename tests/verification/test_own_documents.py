"""Our own documents verify themselves: every formula is read, and holds; every style, preset and rounding."""

from __future__ import annotations

import random

import pytest

from derive import lesson
from derive.api import loads
from derive.errors import DeriveError
from derive.lesson.styles import form_of
from derive.naming.presets import PRESETS
from derive.network import Network
from derive.render.document import notes
from derive.verification.examine import Examiner
from tests.support.random_specs import convolutional, graph, layered
from tests.support.repository import ROOT

pytestmark = pytest.mark.usefixtures("one_proof")

EXAMPLES = sorted((ROOT / "examples").glob("*.toml"))
STYLES = {"layers": ("routes", "delta", "matrix", "graph"), "graph": ("graph", "routes")}
FORMATS = ("markdown", "latex")
MAKERS = {"layered": layered, "graph": graph, "convolutional": convolutional}


def styles_of(network: Network) -> list[str]:
    """The styles that a network has."""
    return [style for style in STYLES[form_of(network)] if style in lesson.styles_of(network)]


def alarms(network: Network, to: str, style: str) -> list[str]:
    """What does not hold in a document."""
    found = Examiner(network).examine(notes(network, to=to, style=style), "latex" if to == "latex" else "markdown")
    assert not found.problem
    assert len(found.judgements) > 10
    return [f"{j.line}: {j.claim}: {j.verdict}, expected {j.expected}" for j in found.judgements if not j.holds]


def of_example(stem: str) -> Network:
    return loads((ROOT / "examples" / f"{stem}.toml").read_text(encoding="utf-8"))


def drawn(kind: str, seed: int) -> tuple[Network, str, str]:
    """A random network with random digits, rounding and notation; a format and a style for it."""
    one = random.Random(seed)
    text = MAKERS[kind](seed)
    policy, digits = one.choice(["significant", "decimals"]), one.randint(2, 9)
    if "[numbers]" not in text:
        text += f'\n[numbers]\n{policy} = {digits}\nrounding = "{one.choice(["end", "step"])}"\n'
    if "[notation]" not in text:
        text += f'\n[notation]\npreset = "{list(PRESETS)[seed % len(PRESETS)]}"\n'
    network = loads(text)
    return network, one.choice(FORMATS), one.choice(styles_of(network))


def check_drawn(kind: str, seed: int) -> None:
    network, to, style = drawn(kind, seed)
    try:
        found = alarms(network, to, style)
    except DeriveError as error:
        pytest.skip(f"this network has no document: {error.problem}")
    assert found == []


@pytest.mark.parametrize(("number", "stem"), list(enumerate(path.stem for path in EXAMPLES)))
def test_an_example_holds(number: int, stem: str) -> None:
    """Each in one of its styles and in one format; all of them run with -m claims."""
    network = of_example(stem)
    styles = styles_of(network)
    assert alarms(network, FORMATS[number % 2], styles[number // 2 % len(styles)]) == []


@pytest.mark.claims
@pytest.mark.parametrize("stem", [path.stem for path in EXAMPLES])
@pytest.mark.parametrize("to", FORMATS)
def test_every_style_of_an_example_holds(stem: str, to: str) -> None:
    network = of_example(stem)
    for style in styles_of(network):
        assert alarms(network, to, style) == []


@pytest.mark.parametrize("preset", PRESETS)
def test_presets(preset: str) -> None:
    """The same network in each notation."""
    text = (ROOT / "examples" / "dead_relu.toml").read_text(encoding="utf-8")
    network = loads(text + f'\n[notation]\npreset = "{preset}"\n')
    assert alarms(network, "latex", STYLES["layers"][list(PRESETS).index(preset) % 4]) == []


@pytest.mark.parametrize("seed", [1, 17, 35, 75, 108])
@pytest.mark.parametrize("kind", MAKERS)
def test_random_networks(kind: str, seed: int) -> None:
    """Activations, losses and functions of every kind."""
    check_drawn(kind, seed)


@pytest.mark.parametrize(
    ("written", "verdict"),
    [
        ("-0.000214", "holds"),
        ("-0.00024", "rounding"),
        ("-0.00026", "wrong"),
        ("-0.0003", "wrong"),
        ("0.00024", "wrong"),
        ("-0.00016", "wrong"),
    ],
)
def test_numbers_of_late_updates_drift_only_so_far(written: str, verdict: str) -> None:
    """Where every step is rounded, each route to the third update ends elsewhere; no further than twice a usual one."""
    network, _, _ = drawn("convolutional", 1)
    table = f"| updates | $\\hat{{y}}_4$ |\n|--|--|\n| $3$ | ${written}$ |\n"
    assert [j.verdict for j in Examiner(network).examine(table, "markdown").judgements] == [verdict]


@pytest.mark.claims
@pytest.mark.parametrize("seed", range(60))
@pytest.mark.parametrize("kind", MAKERS)
def test_many_random_networks(kind: str, seed: int) -> None:
    check_drawn(kind, seed)


@pytest.mark.claims
@pytest.mark.parametrize(("kind", "seed"), [("layered", 212), ("layered", 234), ("convolutional", 223)])
def test_heads_of_two_words_and_layers_without_biases(kind: str, seed: int) -> None:
    """Tables of samples with ``before`` and ``after`` at their heads, and a letter b in a layer that has none."""
    check_drawn(kind, seed)


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize(("to", "style"), [("latex", "routes"), ("markdown", "delta"), ("latex", "graph")])
def test_squares_of_activations_are_read_in_every_notation(preset: str, to: str, style: str) -> None:
    """1 - a², the slope of tanh: in the notation flat, too, what stands above is a power and no layer."""
    spec = (ROOT / "examples" / "conv1d.toml").read_text(encoding="utf-8").replace('"sigmoid"', '"tanh"', 1)
    dense = '[[network.layers]]\nunits = 2\nactivation = "tanh"\nweights = [[0.5, -1, 0.2], [0.1, 0.4, -0.3]]\n'
    spec = spec.replace("[[network.layers]]\nunits = 1", dense + "[[network.layers]]\nunits = 1")
    spec = spec.replace("[[0.6, -0.8, 0.4]]", "[[0.6, -0.8]]") + f'[notation]\npreset = "{preset}"\n'
    assert alarms(loads(spec), to, style) == []
