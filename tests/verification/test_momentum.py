"""Momentum in claims: right lines hold in every spelling, wrong ones have their cause, documents hold as a whole."""

from __future__ import annotations

import pytest

from derive.network import Network, build
from derive.render.document import notes
from derive.specification import loads
from derive.verification.examine import Examiner
from derive.verification.judgement import Judgement
from tests.checked.test_reference import with_momentum
from tests.support.random_specs import graph, layered
from tests.verification.test_causes import MOMENTUM

STEP = MOMENTUM + '[numbers]\nrounding = "step"\n'
SEQUENTIAL = MOMENTUM + '[conventions]\nupdate_order = "sequential"\n'
VALLEY = """title = "A valley"
[graph]
values = {x = 4, y = -2}
nodes = {f = "(x^2 + 9*y^2)/2"}
[training]
learning_rate = 0.1
iterations = 4
optimizer = {name = "momentum", momentum = 0.5}
"""
ROWS = """title = "Rows"
[graph]
values = {v = 2}
nodes = {f = "(v*x - 1)^2"}
[[data]]
x = 1
[[data]]
x = 3
[[data]]
x = -2
[training]
learning_rate = 0.05
iterations = 4
batch_size = 2
optimizer = "momentum"
"""


def network(text: str) -> Network:
    return build(loads(text, "m.toml"))


def judged(spec: str, text: str, kind: str = "text") -> tuple[Judgement, ...]:
    return Examiner(network(spec)).examine(text, kind).judgements  # type: ignore[arg-type]


RIGHT = """
v_w2_1_1' = momentum*v_w2_1_1 + dE/dw2_1_1
v_w2_1_1' = dE/dw2_1_1
w2_1_1' = w2_1_1 - eta*v_w2_1_1'
v_w2_11@2 = mu*v_w2_11' + dE/dw2_11@1
v_w2_11@2 = 0.7*dE/dw2_11 + dE/dw2_11@1
w2_1_1@2 = w2_1_1' - eta*v_w2_1_1@2
w2_1_1@2 = w2_1_1 - eta*(1 + momentum)*dE/dw2_1_1 - eta*dE/dw2_1_1@1
w2_1_1@2 = w2_1_1' + momentum*(w2_1_1' - w2_1_1) - eta*dE/dw2_1_1@1
v_W1' = dE/dW1
W1@2 = W1' - eta*v_W1@2
momentum = 0.7
v_b1_2 = 0
"""


def test_right_lines_hold() -> None:
    found = judged(MOMENTUM, RIGHT)
    assert [(j.claim, j.verdict) for j in found if not j.holds] == []
    assert len(found) >= 12


@pytest.mark.parametrize(
    ("line", "cause"),
    [
        ("w2_1_1@2 = w2_1_1' - eta*dE/dw2_1_1@1", "momentum_left_out"),
        ("v_w2_1_1@2 = dE/dw2_1_1@1", "momentum_left_out"),
        ("w2_1_1' = w2_1_1 + eta*v_w2_1_1'", "plus_in_update"),
        ("w2_1_1@2 = w2_1_1' - eta*v_w2_1_1'", "old_velocity"),
        ("v_w2_1_1@2 = v_w2_1_1' + dE/dw2_1_1@1", "momentum_not_multiplied"),
        ("v_w2_1_1@2 = dE/dw2_1_1@1 - momentum*v_w2_1_1'", "momentum_sign"),
        ("v_w2_1_1@2 = momentum*v_w2_1_1' + (1 - momentum)*dE/dw2_1_1@1", "momentum_averaged"),
        ("v_w2_1_1' = momentum*v_w2_1_1 - eta*dE/dw2_1_1", "learning_rate_in_velocity"),
        ("w2_1_1' = w2_1_1 - v_w2_1_1'", "learning_rate_left_out"),
    ],
)
def test_a_wrong_line_has_its_cause(line: str, cause: str) -> None:
    (found,) = judged(MOMENTUM, line)
    assert (found.verdict, found.cause) == ("wrong", cause)
    assert found.expected
    assert found.hint


@pytest.mark.parametrize(
    "line",
    [
        "w2_1_1@2 = w2_1_1' - 2*eta*dE/dw2_1_1@1",
        "v_w2_1_1@2 = 3*dE/dw2_1_1@1",
        "v_w2_1_1@2 = momentum*dE/dw2_1_1@1 - 2*dE/dw2_1_1",
    ],
)
def test_what_makes_both_sides_nothing_explains_nothing(line: str) -> None:
    """In a network whose gradients are all 0 every one of these lines holds: nobody made that mistake here."""
    (found,) = judged(MOMENTUM, line)
    assert (found.verdict, found.cause) == ("wrong", None)


def test_a_number_without_the_momentum_is_explained() -> None:
    from derive import api

    result = api.derive(api.loads(MOMENTUM))
    new, gradient = float(result.updated(1)["w2_1_1"]), float(result.gradient("w2_1_1", 2).value)
    (found,) = judged(MOMENTUM, f"w2_1_1@2 = {new - 0.3 * gradient:.6f}")
    assert (found.verdict, found.cause) == ("wrong", "momentum_left_out")


def test_a_wrong_velocity_is_followed() -> None:
    found = judged(MOMENTUM, "v_w2_1_1' = 0.9\nw2_1_1' = w2_1_1 - eta*v_w2_1_1' = 0.3 - 0.3*0.9 = 0.03\n")
    assert [j.verdict for j in found] == ["wrong", "holds", "follows", "holds"] or found[-1].verdict == "follows"
    assert not found[-1].holds or found[-2].follows_from == 1


@pytest.mark.parametrize(
    ("claim", "said"),
    [
        ("dE/dv_w2_1_1 = 1", "belongs to the update"),
        ("v_w9_1_1 = 0", "2 layers"),
        ("v_w2_1_1@3 = 0", "2 updates"),
    ],
)
def test_what_is_no_state_is_said(claim: str, said: str) -> None:
    (found,) = judged(MOMENTUM, claim)
    assert found.verdict == "unreadable"
    assert found.note is not None
    assert said in str(found.note.facts["problem"])


def test_without_momentum_there_are_no_velocities() -> None:
    spec = MOMENTUM.replace("optimizer =", "# optimizer =")
    (found,) = judged(spec, "v_w2_1_1' = 1")
    assert found.verdict == "unreadable"


CASES = [
    (text, style, to)
    for text in (MOMENTUM, STEP, SEQUENTIAL)
    for style, to in (("routes", "markdown"), ("graph", "latex"), ("delta", "markdown"), ("matrix", "latex"))
] + [(text, style, to) for text in (VALLEY, ROWS) for style, to in (("routes", "latex"), ("graph", "markdown"))]


@pytest.mark.parametrize(("text", "style", "to"), CASES, ids=range(len(CASES)))
def test_every_line_of_a_document_holds(text: str, style: str, to: str) -> None:
    document = notes(network(text), to=to, style=style)
    found = judged(text, document, to)
    assert [(j.claim, j.verdict) for j in found if not j.holds] == []
    assert len(found) > 30


@pytest.mark.parametrize("preset", ["superscript", "parenthesised", "bracketed", "bias_unit", "flat"])
def test_velocities_are_read_in_every_notation(preset: str) -> None:
    text = MOMENTUM + f'[notation]\npreset = "{preset}"\n'
    document = notes(network(text), to="latex", style="delta")
    found = judged(text, document, "latex")
    assert [(j.claim, j.verdict) for j in found if not j.holds] == []
    assert sum("v_" in j.claim for j in found) > 10


@pytest.mark.parametrize("seed", [0, 2, 5])
def test_documents_of_random_networks_hold(seed: int) -> None:
    text = with_momentum(layered(seed), seed)
    document = notes(network(text), to="markdown")
    assert [(j.claim, j.verdict) for j in judged(text, document, "markdown") if not j.holds] == []


@pytest.mark.parametrize("seed", [0, 3])
def test_documents_of_random_graphs_hold(seed: int) -> None:
    text = with_momentum(graph(seed), seed)
    document = notes(network(text), to="latex")
    assert [(j.claim, j.verdict) for j in judged(text, document, "latex") if not j.holds] == []


def test_names_of_the_author_go_first() -> None:
    """A value called v or v_x keeps its name; the velocity has another one."""
    text = VALLEY.replace("x = 4", "v = 4").replace("x^2", "v^2")
    assert dict(network(text).names.states) == {"v": "velocity"}
    assert [j.verdict for j in judged(text, "velocity_y' = df/dy\nv' = v - eta*velocity_v'\n")] == ["holds"] * 2
    text = VALLEY.replace("values = {x = 4,", "values = {v_x = 4, momentum = 3,").replace("x^2", "momentum*v_x^2")
    found = network(text)
    assert (dict(found.names.states), list(found.hyperparameters)) == ({"v": "velocity"}, ["mu"])
    assert notes(found, to="latex")
