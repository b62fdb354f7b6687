"""Programs that build quantities up in parts: each part is one way's contribution, the sum is judged where it is complete.

The numbers are worked here, in plain floating point.
"""

from __future__ import annotations

from math import exp

import pytest

from derive.api import loads
from derive.verification.examine import Examiner
from derive.verification.judgement import Judgement

GRAPH = """
[graph]
output = "f"
parameters = ["p", "q", "r"]
[graph.values]
p = 1.5
q = -2
r = 0.4
[graph.nodes]
u = "p*q"
v = "q + r"
s = "sigmoid(v)"
f = "u*s - 3*p"
[training]
learning_rate = 0.1
"""
P, Q, R = 1.5, -2.0, 0.4
U, S = P * Q, 1 / (1 + exp(-(Q + R)))
DU, DS = S, U
DV = DS * S * (1 - S)
DP, DQ, DR = DU * Q - 3, DU * P + DV, DV
HEAD = """import numpy as np
p, q, r = 1.5, -2.0, 0.4
u = p * q
v = q + r
s = 1 / (1 + np.exp(-v))
f = u * s - 3 * p
df = 1.0
du = df * s
ds = df * u
dv = ds * s * (1 - s)
"""
LINES = HEAD.count("\n")


def judged(program: str, spec: str = GRAPH) -> list[Judgement]:
    return list(Examiner(loads(spec)).examine(program).judgements)


def faults(program: str, spec: str = GRAPH) -> dict[int, set[str]]:
    """The verdicts of the lines that do not hold, counted from behind the head."""
    found: dict[int, set[str]] = {}
    for one in judged(HEAD + program if spec is GRAPH else program, spec):
        if one.verdict not in ("holds", "rounding"):
            found.setdefault(one.line - LINES * (spec is GRAPH), set()).add(one.verdict)
    return found


def end(dp: float = DP, dq: float = DQ) -> str:
    return f"print(dp, dq)\n#> {dp} {dq}\np = p - 0.1 * dp\nprint(p)\n#> {P - 0.1 * dp}\n"


@pytest.mark.parametrize(
    "program",
    [
        "dp = du * q\ndp -= 3 * df\ndq = du * p\ndq += dv\n",
        "dp = -3.0 * df\ndp += du * q\ndq = dv\ndq += du * p\n",
        "dp = du * q\ndp = dp - 3 * df\ndq = du * p\ndq = dq + dv\n",
        "dp = du * q\ndp += -3\ndq = du * p\ndq = dv + dq\n",
        "dp = 0\ndq = 0.0\ndp += du * q\ndp -= 3\ndq += du * p\ndq += dv\n",
        "dp = dq = 0\ndp += du * q\ndq += du * p\ndq += dv\ndp -= 3\n",
        "dp, dq = 0, 0\ndp += du * q\ndq += du * p\ndq += dv\ndp -= 3\n",
        f"dp = du * q  # so far\ndp -= 3  # {DP}\ndq = dv\ndq += du * p  # {DQ}\n",
        "dp = du\ndp *= q\ndp -= 3\ndq = du\ndq *= p\ndq += dv\n",
        "print('dp and dq, part by part')\ndp = du * q\nprint('more of dp')\ndp -= 3\ndq = du * p\ndq += dv\n",
        "t = du * q\nt -= 3\ndp = t\ndq = du * p + dv\n",
    ],
)
def test_every_part_is_one_of_its_ways(program: str) -> None:
    assert faults(program + end()) == {}
    assert faults(program + end(dq=DQ + 0.01)) == {program.count("\n") + 2: {"wrong"}}
    assert any(one.line == LINES + program.count("\n") + 3 for one in judged(HEAD + program + end()))


@pytest.mark.parametrize(
    ("program", "dp", "dq", "wrong", "follow"),
    [
        ("dp = du * p\ndp -= 3\ndq = du * p\ndq += dv\n", DU * P - 3, DQ, 1, {2, 6, 9}),
        ("dp = du * q\ndp += 3\ndq = du * p\ndq += dv\n", DU * Q + 3, DQ, 2, {6, 9}),
        ("dp = du * q\ndp -= 3\ndq = du * p\ndq -= dv\n", DP, DU * P - DV, 4, {6}),
        ("dp = du * q\ndp -= 3\ndq = du * p\ndq = dv\n", DP, DV, 4, {6}),
        ("dp = du * q\ndp -= 3\ndq = du * p\n", DP, DU * P, 3, {5}),
        ("dp = du * q\ndp -= 3\ndq = du * p\ndq += dv\ndq += dv\n", DP, DQ + DV, 5, {7}),
        ("dp = 0\ndp += du * q\ndp -= 3\ndq = 0\ndq += dv\n", DP, DV, 5, {7}),
        ("dp = du\ndp *= q\ndp -= 3\ndq = du\ndq *= q\ndq += dv\n", DP, DU * Q + DV, 6, {8}),
    ],
)
def test_a_wrong_part_is_wrong_and_the_rest_follows(
    program: str, dp: float, dq: float, wrong: int, follow: set[int]
) -> None:
    found = faults(program + end(dp, dq))
    assert {line for line, verdicts in found.items() if "wrong" in verdicts} == {wrong}
    assert {line for line, verdicts in found.items() if verdicts == {"follows"}} == follow


def test_a_forgotten_sign_is_named_as_a_way_left_out() -> None:
    program = HEAD + "dq = du * p\ndq = dv\n"
    assert [(one.line - LINES, one.cause) for one in judged(program) if one.verdict == "wrong"] == [
        (2, "path_left_out")
    ]


def test_what_a_loop_adds_is_not_taken_for_one_step() -> None:
    assert "wrong" not in {
        verdict for found in faults("dq = 0\nfor k in range(2):\n    dq += dv\n").values() for verdict in found
    }


def test_a_value_that_is_used_before_the_next_one_is_the_quantity() -> None:
    assert faults(f"dq = du * p\nprint(dq)\n#> {DU * P}\ndq += dv\n")[1] == {"wrong"}


LAYERS = """
[network]
inputs = ["x"]
loss = "half_squared_error"
[[network.layers]]
units = 1
activation = "tanh"
weights = [[0.6]]
biases = false
[[network.layers]]
units = 2
activation = "identity"
weights = [[0.5], [-1.5]]
biases = false
[[data]]
x = [0.8]
t = [0.1, 0.3]
"""


@pytest.mark.parametrize(("second", "wrong"), [("dz2_2 * w2_2_1", set()), ("dz2_2 * w2_1_1", {9})])
def test_a_unit_of_which_two_outputs_are_made(second: str, wrong: set[int]) -> None:
    program = f"""import numpy as np
z1_1 = w1_1_1 * x
a1_1 = np.tanh(z1_1)
yhat1 = w2_1_1 * a1_1
yhat2 = w2_2_1 * a1_1
dz2_1 = yhat1 - t1
dz2_2 = yhat2 - t2
da1_1 = dz2_1 * w2_1_1
da1_1 += {second}
dz1_1 = da1_1 * (1 - a1_1**2)
"""
    found = {one.line for one in judged(program, LAYERS) if one.verdict not in ("holds", "rounding")}
    assert found == wrong
    assert {one.line for one in judged(program, LAYERS)} >= {8, 9, 10}


BATCH = """
[network]
inputs = ["x"]
loss = "half_squared_error"
[[network.layers]]
units = 1
activation = "identity"
weights = [[0.5]]
biases = [0.1]
[[data]]
x = [2]
t = [1]
[[data]]
x = [-1]
t = [0.5]
"""


@pytest.mark.parametrize(("last", "wrong"), [("-0.9 * -1", set()), ("0.9 * -1", {4}), ("-0.9 * 2", {4})])
def test_samples_are_added_up(last: str, wrong: set[int]) -> None:
    program = f"import numpy as np\ndw = 0\ndw += 0.1 * 2\ndw += {last}\ndw /= 2\nprint(dw)\n"
    found = {
        verdict: {one.line for one in judged(program, BATCH) if one.verdict == verdict}
        for verdict in ("wrong", "follows")
    }
    assert found == {"wrong": wrong, "follows": {5} if wrong else set()}
