"""Every spec that ``gradients`` takes, all other commands take: also with numbers such as ``cos(1)`` everywhere."""

import json

import pytest

from derive.api import loads
from derive.lesson import styles_of
from derive.render.formats import FORMATS
from tests.support.inexact_specs import inexact
from tests.support.random_specs import graph, layered
from tests.support.repository import ROOT

pytestmark = pytest.mark.usefixtures("one_proof", "one_examination")

MAKERS = {"layered": layered, "graph": graph}
STYLES = {"layered": ("routes", "delta", "matrix", "graph"), "graph": ("graph", "routes")}
PUBLISHED = sorted(path.stem for path in (ROOT / "tests" / "published").glob("*.toml"))
EXAMPLES = sorted(path.stem for path in (ROOT / "examples").glob("*.toml"))

KINDS = {
    "graph": """
[graph.values]
x = "cos(1)"
y = "sqrt(2)"
[graph.nodes]
f = "x*y"
g = "leaky_relu(-f, 0.1) + elu(-y, 2)"
[training]
learning_rate = "ln(2)"
""",
    "data of a graph": """
[graph.values]
w = "exp(1)"
[graph.nodes]
f = "w*x"
E = "(f - t)^2"
[[data]]
x = "1/3"
t = "pi"
[[data]]
x = "sin(1)"
t = 2
[training]
learning_rate = "1/3"
iterations = 2
""",
    "parameters of activations and losses": """
[network]
inputs = 2
loss = {name = "huber", delta = "ln(2)"}
[[network.layers]]
units = 2
activation = {name = "leaky_relu", slope = "cos(1)/10"}
weights = [["-sqrt(2)", "1/3"], ["exp(1)", -0.5]]
biases = ["ln(2)", 0.25]
[[network.layers]]
units = 1
activation = {name = "elu", alpha = "sqrt(2)"}
weights = [["cos(1)", "-pi/4"]]
[[data]]
x = ["ln(3)", -1]
t = ["sqrt(3)"]
[training]
learning_rate = "1/3"
iterations = 2
[numbers]
rounding = "step"
""",
    "in turn": """
[network]
inputs = 1
loss = "squared_error"
[[network.layers]]
units = 1
activation = "tanh"
weights = [["sqrt(2)"]]
[[network.layers]]
units = 1
weights = [["ln(2)"]]
[[data]]
x = ["cos(1)"]
t = [0]
[training]
learning_rate = "exp(-1)"
[conventions]
update_order = "sequential"
""",
}


def all_commands(derive, folder, text, styles, formats=("markdown", "latex", "json")):
    """Every command: the document in each style, and the claims of the document beside its spec."""
    (folder / "spec.toml").write_text(text)
    for to in ("json", "csv", "table"):
        ran = derive("gradients", "spec.toml", "--to", to)
        assert ran.status == 0, ran.err
    for style in styles:
        for to in formats:
            target = f"out{FORMATS[to].ending}"
            ran = derive("notes", "spec.toml", "--style", style, "--to", to, "-o", target)
            assert ran.status == 0, ran.err
        for target in (f"out{FORMATS[to].ending}" for to in formats if to != "json"):
            for report in ("text", "json", "csv", "markdown", "latex"):
                ran = derive("verify", "spec.toml", target, "--to", report)
                assert ran.status in (0, 1), ran.err
                assert ran.err == "" or ran.err.startswith(f"derive: {target}: not read: line"), ran.err


@pytest.mark.parametrize("name", KINDS)
def test_each_place_of_a_number(derive, tmp_path, name):
    text = KINDS[name]
    all_commands(derive, tmp_path, text, STYLES["layered" if "[network]" in text else "graph"][:2])


def test_claims_with_decimals(derive, tmp_path):
    """Right and wrong numbers, worked with rounded ones: cos(1) = 0.5403, cos(1)·√2 = 0.7641."""
    (tmp_path / "spec.toml").write_text(KINDS["graph"])
    lines = ["f = x*y = 0.7641", "f = 0.5403*1.4142 = 0.7641", "df/dx = y = 1.4142", "df/dy = x = 0.54", "f = x*y = 0.7652",
             "x = 0.5403", "dg/dx = -0.1*y = -0.1414", "x' = x - eta*dg/dx = 0.6383", "f = y*x"]  # fmt: skip
    (tmp_path / "claims.txt").write_text("\n".join(lines) + "\n")
    ran = derive("verify", "spec.toml", "claims.txt", "--to", "json")
    found = json.loads(ran.out)["claims"]
    bad = {claim["line"] for claim in found if not claim["holds"]}
    assert bad == {5}, [(claim["line"], claim["claim"], claim["verdict"]) for claim in found]


@pytest.mark.parametrize("stem", EXAMPLES)
def test_examples(derive, tmp_path, stem):
    text = inexact((ROOT / "examples" / f"{stem}.toml").read_text(), len(stem))
    kind = "layered" if "[network]" in text else "graph"
    styles = [style for style in STYLES[kind] if style in styles_of(loads(text))]
    all_commands(derive, tmp_path, text, (styles[len(stem) % len(styles)],), ("markdown", "json"))


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("kind", MAKERS)
def test_random_specs(derive, tmp_path, kind, seed):
    styles = STYLES[kind]
    all_commands(derive, tmp_path, inexact(MAKERS[kind](seed), seed), (styles[seed % len(styles)],), ("markdown",))


@pytest.mark.slow
@pytest.mark.parametrize("stem", PUBLISHED)
def test_published_examples(derive, tmp_path, stem):
    text = inexact((ROOT / "tests" / "published" / f"{stem}.toml").read_text(), len(stem))
    all_commands(derive, tmp_path, text, STYLES["layered" if "[network]" in text else "graph"], ("markdown", "json"))


@pytest.mark.many
@pytest.mark.parametrize("seed", range(4, 60))
@pytest.mark.parametrize("kind", MAKERS)
def test_many_random_specs(derive, tmp_path, kind, seed):
    all_commands(derive, tmp_path, inexact(MAKERS[kind](seed), seed), STYLES[kind])
