"""What a letter may mean and what it may not: a and z exchanged, outputs, δ, Δ, constants, and units with labels.

A book's convention and a student's mistake may give the same numbers; what stands beside them tells which it is. The
numbers are worked here, with ``math``.
"""

from __future__ import annotations

import re
from math import exp, tanh

import pytest

from derive.api import loads
from derive.verification.examine import Examiner


def sigma(z: float) -> float:
    return 1 / (1 + exp(-z))


def network(activation: str, hidden: str, output: str, targets: str) -> Examiner:
    """Two inputs, two hidden units, outputs that are sigmoids."""
    return Examiner(
        loads(
            f"""
[network]
inputs = ["x1", "x2"]
loss = "half_squared_error"
[[network.layers]]
units = 2
activation = "{activation}"
{hidden}
[[network.layers]]
units = {targets.count(",") + 1}
activation = "sigmoid"
{output}
[[data]]
x = [1.2, -0.6]
t = {targets}
[training]
learning_rate = 0.3
"""
        )
    )


ONE = network(
    "sigmoid", "weights = [[0.5, -0.4], [0.8, 0.9]]\nbiases = [0.2, -0.1]", "weights = [[0.6, -0.9]]\nbiases = [0.1]",
    "[1]",
)  # fmt: skip
TWO = network(
    "tanh", "weights = [[0.5, 0.25], [-0.2, 0.3]]\nbiases = [-0.35, 0.3]",
    "weights = [[0.6, -0.9], [0.4, 0.2]]\nbiases = [0.1, 0]", "[1, 0]",
)  # fmt: skip
Z1, Z2 = 0.5 * 1.2 + 0.4 * 0.6 + 0.2, 0.8 * 1.2 - 0.9 * 0.6 - 0.1
A1, A2 = sigma(Z1), sigma(Z2)
Z3 = 0.6 * A1 - 0.9 * A2 + 0.1
Y = sigma(Z3)
D3 = (Y - 1) * Y * (1 - Y)
D1, D2 = D3 * 0.6 * A1 * (1 - A1), D3 * -0.9 * A2 * (1 - A2)


def found(text: str, examiner: Examiner = ONE) -> list[tuple[int, str, str]]:
    """Line, verdict and cause of every claim that does not hold, or only by another's mistake."""
    judgements = examiner.examine(text).judgements
    return [(one.line, one.verdict, one.cause or "") for one in judgements if one.verdict not in ("holds", "rounding")]


BISHOP = f"""a1 = 0.5*1.2 - 0.4*(-0.6) + 0.2 = {Z1:.4f}
a2 = 0.8*1.2 + 0.9*(-0.6) - 0.1 = {Z2:.4f}
z1 = sigma(a1) = {A1:.4f}
z2 = sigma(a2) = {A2:.4f}
a3 = 0.6*z1 - 0.9*z2 + 0.1 = {Z3:.4f}
y = sigma(a3) = {Y:.4f}
δ3 = (y - 1)*y*(1 - y) = {D3:.4f}
δ1 = z1*(1 - z1)*0.6*δ3 = {D1:.4f}
δ2 = z2*(1 - z2)*(-0.9)*δ3 = {D2:.4f}
"""
NUMBERS_ALONE = f"a1 = {Z1:.4f}\na2 = {Z2:.4f}\nz1 = {A1:.4f}\nz2 = {A2:.4f}\na3 = {Z3:.4f}\ny = {Y:.4f}\n"


@pytest.mark.parametrize("text", [BISHOP, NUMBERS_ALONE, re.sub("([azδ])([123])", r"\1_\2", BISHOP)])
def test_weighted_inputs_by_a_and_activations_by_z(text: str) -> None:
    assert found(text) == []


def test_a_tanh_near_its_weighted_input_says_nothing_and_the_others_do() -> None:
    z1, z2 = 0.5 * 1.2 - 0.25 * 0.6 - 0.35, -0.2 * 1.2 - 0.3 * 0.6 + 0.3
    text = f"a_1 = {z1:.2f}\na_2 = {z2:.2f}\nz_1 = tanh(a_1) = {tanh(z1):.4f}\nz_2 = tanh(a_2) = {tanh(z2):.4f}\n"
    assert found(text, TWO) == []
    assert found(text.replace(f"{tanh(z1):.4f}", f"{tanh(z1) + 0.02:.4f}"), TWO) != []


@pytest.mark.parametrize(("right", "wrong"), [(f"{A2:.4f}", f"{A2 + 0.03:.4f}"), ("(-0.9)*δ3", "0.9*δ3")])
def test_a_slip_beside_exchanged_letters(right: str, wrong: str) -> None:
    line = BISHOP[: BISHOP.index(right)].count("\n") + 1
    assert (line, "wrong") in [one[:2] for one in found(BISHOP.replace(right, wrong, 1))]


@pytest.mark.parametrize(
    "above",
    [
        f"z1_1 = {Z1:.4f}\nz1_2 = {Z2:.4f}\na1_1 = <1>\na1_2 = <2>\n",
        "a1_1 = <1>\na1_2 = <2>\n",
        f"z^1 = [{Z1:.4f}, {Z2:.4f}]\na^1 = [<1>, <2>]\n",
        f"z1_1 = {Z1:.4f}\nz1_2 = {Z2:.4f}\na1_1 = sigmoid(z1_1) = <1>\na1_2 = sigmoid(z1_2) = <2>\n",
    ],
)
def test_a_forgotten_activation_is_no_other_convention(above: str) -> None:
    right = above.replace("<1>", f"{A1:.4f}").replace("<2>", f"{A2:.4f}")
    assert found(right) == []
    wrong = found(above.replace("<1>", f"{Z1:.4f}").replace("<2>", f"{Z2:.4f}"))
    assert {one[1:] for one in wrong} == {("wrong", "activation_left_out")}


@pytest.mark.parametrize(
    "line",
    [
        "o^{(1)}_1 = <1>\no^{(1)}_2 = <2>\no^{(2)} = <3>",
        "out_A = 0.5*1.2 - 0.4*(-0.6) + 0.2 = <1>\nout_B = 0.8*1.2 + 0.9*(-0.6) - 0.1 = <2>",
        "o_1 = 0.5*1.2 - 0.4*(-0.6) + 0.2 = <1>\no_2 = 0.8*1.2 + 0.9*(-0.6) - 0.1 = <2>\no_3 = 0.6*0.7 = <3>",
    ],
)
def test_an_output_is_no_weighted_input(line: str) -> None:
    text = line.replace("<1>", f"{Z1:.4f}").replace("<2>", f"{Z2:.4f}").replace("<3>", f"{Z3:.4f}")
    assert {one[0] for one in found(text) if one[1] == "wrong"} == set(range(1, text.count("\n") + 2))


def test_an_o_that_a_function_takes_is_a_weighted_input() -> None:
    text = f"o^{{(1)}}_1 = {Z1:.4f}\no^{{(1)}}_2 = {Z2:.4f}\nh_1 = sigma(o^{{(1)}}_1) = {A1:.4f}\n"
    assert found(text) == []
    assert found(text.replace(f"{A1:.4f}", f"{A1 + 0.02:.4f}")) != []


def test_a_delta_without_its_slope_is_a_mistake() -> None:
    assert found(f"delta_1 = {D1:.4f}\ndelta_3 = {D3:.4f}\n") == []
    without = found(f"delta_1 = {D3 * 0.6:.4f}\ndelta_3 = {Y - 1:.4f}\n")
    assert [one[:2] for one in without] == [(1, "wrong"), (2, "wrong")]


LABELS = f"""in_A = 0.5*1.2 - 0.4*(-0.6) + 0.2 = {Z1:.4f}
in_B = 0.8*1.2 + 0.9*(-0.6) - 0.1 = {Z2:.4f}
out_A = f(in_A) = {A1:.4f}
out_B = f(in_B) = {A2:.4f}
in_C = 0.6*{A1:.4f} - 0.9*{A2:.4f} + 0.1 = {Z3:.4f}
out_C = f(in_C) = {Y:.4f}
δ_C = ({Y:.4f} - 1)*{Y:.4f}*(1 - {Y:.4f}) = {D3:.4f}
δ_A = δ_C*0.6*{A1:.4f}*(1 - {A1:.4f}) = {D1:.4f}
δ_B = δ_C*(-0.9)*{A2:.4f}*(1 - {A2:.4f}) = {D2:.4f}
dE/dw_AC = {D3:.4f}*{A1:.4f} = {D3 * A1:.4f}
dE/dw_1A = δ_A*1.2 = {D1 * 1.2:.4f}
dE/db_B = {D2:.4f}
w_AC new = 0.6 - 0.3*({D3 * A1:.4f}) = {0.6 - 0.3 * D3 * A1:.4f}
"""


def test_units_with_labels() -> None:
    assert found(LABELS) == []


@pytest.mark.parametrize(
    ("right", "wrong"),
    [
        (f"*{Y:.4f}*(1 - {Y:.4f}) = {D3:.4f}", f" = {Y - 1:.4f}"),
        (f"*{A1:.4f}*(1 - {A1:.4f}) = {D1:.4f}", f" = {D3 * 0.6:.4f}"),
    ],
)
def test_a_label_keeps_its_unit_whatever_number_stands_there(right: str, wrong: str) -> None:
    assert LABELS.count(right) == 1
    text = LABELS.replace(right, wrong)
    line = text[: text.index(wrong)].count("\n") + 1
    bad = found(text)
    assert bad[0] == (line, "wrong", "slope_left_out")
    assert not any(one[1] == "unreadable" for one in bad)


G1, G2 = D3 * A1, D3 * A2


def test_changes_of_parameters_have_one_sign_in_a_file() -> None:
    assert found(f"Δw2_1_1 = {-0.3 * G1:.4f}\nΔw2_1_2 = {-0.3 * G2:.4f}\n") == []
    assert found(f"Δw2_1_1 = {0.3 * G1:.4f}\nΔw2_1_2 = {0.3 * G2:.4f}\n") == []
    mixed = found(f"Δw2_1_1 = {0.3 * G1:.4f}\nΔw2_1_2 = {-0.3 * G2:.4f}\n")
    assert [one[1:] for one in mixed] == [("wrong", "sign_lost")]


@pytest.mark.parametrize("letter", ["λ", "ρ"])
def test_a_constants_letter_is_no_parameter(letter: str) -> None:
    assert [one[1] for one in found(f"{letter} = 0.8\n")] == ["unreadable"]


@pytest.mark.parametrize("line", [f"E → = {(Y - 1) ** 2 / 2:.4f}", f"E → ≈ {(Y - 1) ** 2 / 2:.4f}"])
def test_an_arrow_before_a_sign(line: str) -> None:
    assert found(line) == []
    assert [one[1] for one in found(line[: line.index("0.")] + "0.9")] == ["wrong"]


COUNTED = f"""net1 = 0.5*1.2 - 0.4*(-0.6) + 0.2 = {Z1:.4f}
net2 = 0.8*1.2 + 0.9*(-0.6) - 0.1 = {Z2:.4f}
o1 = f(net1) = {A1:.4f}
o2 = f(net2) = {A2:.4f}
net3 = 0.6*{A1:.4f} - 0.9*{A2:.4f} + 0.1 = {Z3:.4f}
o3 = f(net3) = {Y:.4f}
δ3 = ({Y:.4f} - 1)*{Y:.4f}*(1 - {Y:.4f}) = {D3:.4f}
δ1 = δ3*0.6*{A1:.4f}*(1 - {A1:.4f}) = {D1:.4f}
δ2 = δ3*(-0.9)*{A2:.4f}*(1 - {A2:.4f}) = {D2:.4f}
dE/dw5 = {D3:.4f}*{A1:.4f} = {G1:.4f}
dE/dw6 = {D3:.4f}*{A2:.4f} = {G2:.4f}
dE/dw1 = δ1*1.2 = {D1 * 1.2:.4f}
w5 new = 0.6 - 0.3*({G1:.4f}) = {0.6 - 0.3 * G1:.4f}
w6 new = -0.9 - 0.3*({G2:.4f}) = {-0.9 - 0.3 * G2:.4f}
w1 new = 0.5 - 0.3*({D1 * 1.2:.4f}) = {0.5 - 0.36 * D1:.4f}
"""
"""Units and weights counted through the network; nothing but their numbers and formulas says which they are."""
IN_BOOKS = {
    "net and o": COUNTED,
    "z and a": COUNTED.replace("net", "z").replace("o1 =", "a1 =").replace("o2 =", "a2 =").replace("o3 =", "a3 ="),
    "u and y": COUNTED.replace("net", "u").replace("o1 =", "y1 =").replace("o2 =", "y2 =").replace("o3 =", "y3 ="),
    "a and z": COUNTED.replace("net", "a").replace("o1 =", "z1 =").replace("o2 =", "z2 =").replace("o3 =", "z3 ="),
}


@pytest.mark.parametrize("book", IN_BOOKS)
def test_units_counted_through_the_network(book: str) -> None:
    assert found(IN_BOOKS[book]) == []


@pytest.mark.parametrize("book", IN_BOOKS)
@pytest.mark.parametrize(
    ("right", "wrong", "line"),
    [
        (f"f(net2) = {A2:.4f}", f"f(net2) = {A2 + 0.03:.4f}", 4),
        (f"*{Y:.4f}*(1 - {Y:.4f}) = {D3:.4f}", f" = {Y - 1:.4f}", 7),
        (f"*{A1:.4f}*(1 - {A1:.4f}) = {D1:.4f}", f" = {D3 * 0.6:.4f}", 8),
        (f"{D3:.4f}*{A1:.4f} = {G1:.4f}", f"{D3:.4f}*{Z1:.4f} = {D3 * Z1:.4f}", 10),
        (
            f"w5 new = 0.6 - 0.3*({G1:.4f}) = {0.6 - 0.3 * G1:.4f}",
            f"w5 new = 0.6 + 0.3*({G1:.4f}) = {0.6 + 0.3 * G1:.4f}",
            13,
        ),
    ],
)
def test_one_slip_takes_no_name_from_the_others(book: str, right: str, wrong: str, line: int) -> None:
    letters = {"z and a": "z", "u and y": "u", "a and z": "a"}.get(book, "net")
    right, wrong = right.replace("net", letters), wrong.replace("net", letters)
    assert IN_BOOKS[book].count(right) == 1
    bad = found(IN_BOOKS[book].replace(right, wrong))
    assert [one[0] for one in bad if one[1] == "wrong"][:1] == [line]
    assert {one[0] for one in bad if one[1] == "wrong"} == {line}
    assert not any(one[1] == "unreadable" for one in bad)
