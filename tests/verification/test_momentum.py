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
    from derive import api, results

    result = results.derive(api.loads(MOMENTUM))
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


# By hand: v_x = 4, 5.6 and x = 3.6, 3.04; v_y = -18, -10.8 and y = -0.2, 0.88.
LOOP = """
v_x := 0.5*v_x + df/dx = 4
v_y := 0.5*v_y + 9*y = -18
x := x - 0.1*v_x = 4 - 0.4 = 3.6
y := y - 0.1*v_y = -2 + 1.8 = -0.2
v_x := 0.5*v_x + x = 2 + 3.6 = 5.6
v_y := 0.5*v_y + df/dy = -9 - 1.8 = -10.8
x := x - 0.1*v_x = 3.6 - 0.1*5.6 = 3.04
y := y - 0.1*v_y = 0.88
"""
IN_TURN = """
v_w2_11 := mu*v_w2_11 + dE/dw2_11
w2_11 := w2_11 - eta*v_w2_11
v_w1_11 := mu*v_w1_11 + delta2_1*w2_11*a1_1*(1 - a1_1)*x1
w1_11 := w1_11 - eta*v_w1_11
"""


@pytest.mark.parametrize("sign", [":=", "=", "<-"])
def test_a_loop_that_writes_the_same_name_for_the_updated_velocity(sign: str) -> None:
    text = LOOP.replace(":=", sign)
    by_parameter = "\n".join(text.strip().splitlines()[i] for i in (0, 2, 1, 3, 4, 6, 5, 7))
    for lines in (text, by_parameter, "\n".join(text.splitlines()[:4])):
        found = judged(VALLEY, lines)
        assert [(j.claim, j.verdict) for j in found if j.verdict != "holds"] == []
        assert len(found) >= 6


def test_the_same_in_a_network() -> None:
    velocity, weight = -0.29949, 0.3 + 0.3 * 0.29949  # the velocity is the gradient, by difference quotients
    for sign in (":=", "="):
        line = f"v_w2_11 := mu*v_w2_11 + dE/dw2_11 = {velocity}\nw2_11 := w2_11 - 0.3*v_w2_11 = {weight:.4f}\n"
        assert [j.verdict for j in judged(MOMENTUM, line.replace(":=", sign))] == ["holds"] * 4
    for spec in (MOMENTUM, SEQUENTIAL):
        assert [j.verdict for j in judged(spec, IN_TURN)] == ["holds"] * 4
    whole = "v_W2 := mu*v_W2 + dE/dW2\nW2 := W2 - eta*v_W2\n"
    assert [j.verdict for j in judged(MOMENTUM, whole * 2)] == ["holds"] * 4


@pytest.mark.parametrize("sign", [":=", "="])
@pytest.mark.parametrize(
    ("line", "verdicts", "cause"),
    [
        ("x := x - 0.1*0 = 4", "wf", "old_velocity"),
        ("x := 4 - 0.1*0 = 4", "wf", "old_velocity"),
        ("x := x - 0.1*v_x = 4 - 0.1*0 = 4", "hwf", "old_velocity"),
        ("x := x + 0.1*v_x = 4.4", "wf", "plus_in_update"),
        ("x := x - 0.1*v_x = 3.9", "hw", None),
        ("x := x - 0.1*v_x = 4 - 0.4 = 3.4", "hhw", None),
    ],
)
def test_an_old_velocity_after_the_new_one_stays_wrong(line: str, verdicts: str, cause: str | None, sign: str) -> None:
    found = judged(VALLEY, f"v_x := 0.5*v_x + df/dx = 4\n{line}".replace(":=", sign))[2:]
    assert "".join(j.verdict[0] for j in found) == verdicts
    wrong = next(j for j in found if j.verdict == "wrong")
    assert wrong.expected == "3.6"
    assert cause is None or wrong.cause == cause


@pytest.mark.parametrize("sign", [":=", "="])
def test_a_second_update_is_judged_by_the_second_velocity(sign: str) -> None:
    lines = "\n".join(LOOP.splitlines()[:7]) + "\nx := x - 0.1*v_x = 3.5"
    last = judged(VALLEY, lines.replace(":=", sign))[-1]
    assert (last.verdict, last.expected) == ("wrong", "3.04")


@pytest.mark.parametrize("sign", [":=", "="])
def test_the_parameter_goes_on_with_a_wrong_velocity(sign: str) -> None:
    text = "v_x := 0.5*v_x + df/dx = 5\nx := x - 0.1*v_x = 4 - 0.1*5 = 3.5".replace(":=", sign)
    assert "".join(j.verdict[0] for j in judged(VALLEY, text)) == "hwhff"


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("v_x_new = 0.5*v_x + df/dx = 4\nx_new = x - 0.1*v_x_new = 3.6", "text"),
        ("v_y_updated = -18\nv_y_neu = -18\nnew v_y = -18", "text"),
        (r"\[ v_{x,\text{new}} = 4 \] \[ v_{x}^{\text{new}} = 4 \]", "latex"),
        (r"\[ v_{x}^{new} = 0.5 v_{x}^{old} + x = 4 \] \[ {v_x}^{new} = 4 \] \[ v_y^{(neu)} = -18 \]", "latex"),
        (r"\[ v_x^{\mathrm{new}} = 0.5 v_x^{\text{old}} + x^{old} = 4 \] \[ v_{x}^{(+)} = 4 \]", "latex"),
        ("v_x^(new) = 0.5*v_x^(old) + x = 4\nv_x^{new} = 4\nv_x^new = 4", "text"),
    ],
)
def test_a_velocity_that_says_new(line: str, kind: str) -> None:
    assert {j.verdict for j in judged(VALLEY, line, kind)} == {"holds"}
    assert "wrong" in {j.verdict for j in judged(VALLEY, line.replace("4", "5").replace("18", "17"), kind)}


def test_an_author_s_name_that_ends_in_new_stays_that() -> None:
    spec = VALLEY.replace('f = "(x^2 + 9*y^2)/2"', 'x_new = "x + 1", f = "(x_new^2 + 9*y^2)/2"')
    found = judged(spec, "x_new = x + 1 = 5\nx_new = 3.5\nv_x_new = 5\ny_new = -0.2")
    assert "".join(j.verdict[0] for j in found) == "hhwhh"


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
    assert sum("v_" in j.claim for j in found) == 8  # the rule, and one update worked in full


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


# By hand: v_x = 4, 5.6 and x = 3.6, 3.04. What is wrong is wrong in that line alone; all before it is right.
IN_ONE_LINE = [
    ("v_x@2 = 0.5*v_x' + 0.5*x'", "momentum_averaged"),
    ("v_x@2 = 0.5*v_x' + 0.5*x' = 3.8", "momentum_averaged"),
    ("v_x@2 = 0.5*4 + 0.5*3.6 = 3.8", "momentum_averaged"),
    ("v_x@2 = 0.5*v_x' + 0.1*x'", "learning_rate_in_velocity"),
    ("v_x@2 = 2 + 0.36 = 2.36", "learning_rate_in_velocity"),
    ("v_x@2 = 0.5*4 - 0.1*3.6 = 1.64", "learning_rate_in_velocity"),
    ("v_x@2 = v_x' + 0.5*x'", "momentum_of_gradient"),
    ("v_x@2 = 4 + 3.6 = 7.6", "momentum_not_multiplied"),
    ("v_x@2 = 3.6", "momentum_left_out"),
    ("v_x@2 = 0.5*v_x' - x' = -1.6", "gradient_subtracted"),
    ("v_y@2 = 9*(-0.2) + 9 = 7.2", "momentum_sign"),
    ("x@2 = x' - v_x@2", "learning_rate_left_out"),
    ("x' = x - v_x'", "learning_rate_left_out"),
    ("x@2 = 3.6 - 5.6 = -2", "learning_rate_left_out"),
    ("x@2 = 3.6 + 0.56 = 4.16", "plus_in_update"),
    ("x@2 = x' - 0.1*v_x'", "old_velocity"),
    ("x@2 = 3.6 - 0.1*4 = 3.2", "old_velocity"),
    ("x@2 = 3.6 - 0.1*3.6 = 3.24", "momentum_left_out"),
    ("v_x@2 = 0.9*v_x' + x' = 7.2", "wrong_value"),
]


@pytest.mark.parametrize(("line", "cause"), IN_ONE_LINE)
@pytest.mark.parametrize("before", ["", "v_x' = 4\nx' = 3.6\nv_y' = -18\ny' = -0.2\n"])
def test_a_line_with_numerals_has_its_cause(line: str, cause: str, before: str) -> None:
    found = [j for j in judged(VALLEY, before + line) if not j.holds]
    assert (found[0].verdict, found[0].cause) == ("wrong", cause)
    assert [j.verdict for j in found[1:]] in ([], ["follows"])


def test_a_line_without_momentum_has_its_cause_in_a_later_update_too() -> None:
    spec = VALLEY.replace("optimizer", "# optimizer")  # by hand: x = 3.6, 3.24, 2.916
    for line, cause in (
        ("x@3 = 3.24 + 0.1*3.24 = 3.564", "plus_in_update"),
        ("x@3 = x@2 - df/dx@2", "learning_rate_left_out"),
        ("x@3 = 0.324", "step_for_new_value"),
    ):
        found = judged(spec, "x' = 3.6\nx@2 = 3.24\n" + line)[2]
        assert (found.verdict, found.cause) == ("wrong", cause), line


@pytest.mark.parametrize("sign", [":=", "="])
@pytest.mark.parametrize(
    "line",
    [
        "x := x - eta*v_x = x - eta*(mu*v_x + df/dx)",
        "x := x - 0.1*v_x = x - 0.1*(0.5*v_x + x) = 3.6",
        "x := x - eta*(mu*v_x + df/dx) = x - eta*v_x = 4 - 0.1*4 = 3.6",
    ],
)
def test_a_chain_may_write_out_the_new_velocity_by_the_old_one(line: str, sign: str) -> None:
    found = judged(VALLEY, f"v_x := 0.5*v_x + df/dx = 4\n{line}\n".replace(":=", sign))
    assert [(j.claim, j.verdict) for j in found if j.verdict != "holds"] == []
    spoilt = line.replace("mu*v_x +", "mu*v_x -").replace("(0.5*v_x + x)", "(0.5*v_x + 2*x)")
    assert "wrong" in {j.verdict for j in judged(VALLEY, f"v_x := 0.5*v_x + df/dx = 4\n{spoilt}".replace(":=", sign))}
