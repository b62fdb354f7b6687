"""Marks cannot be earned without work, and are earned by all right work, however it is written."""

from __future__ import annotations

from functools import cache

import pytest

from derive.network import Network, build
from derive.specification import load
from derive.verification import marks
from derive.verification.examine import Examiner
from tests.support.repository import ROOT

KEYS = {
    "pass_or_fail": (
        "z1_4", "a1_4", "z2_1", "yhat", "E", "dE/dyhat", "delta2_1", "dE/dw2_11", "dE/db2_1", "delta1_4", "dE/dw1_41",
        "dE/dw1_43", "dE/db1_4", "w1_43'", "w2_11'", "b2_1'", "yhat@1", "w2_11@2",
    ),
    "dead_relu": ("z1_1", "a1_1", "yhat", "E", "delta2_1", "dE/dw2_11", "dE/db2_1", "dE/dw1_11", "dE/dw1_12", "w1_11'"),
    "mazur": ("w1_1_1'", "w1_1_2'", "w2_1_1'", "h_1", "o_1", "E", "delta2_1", "dE/dw_5", "dE/dw_1"),
}  # fmt: skip


@cache
def network_of(example: str) -> Network:
    return build(load(ROOT / "examples" / f"{example}.toml"))


@cache
def examiner_of(example: str) -> Examiner:
    return Examiner(network_of(example))


@cache
def scheme_of(example: str) -> marks.Scheme:
    return marks.parsed(dict.fromkeys(KEYS[example], 1), network_of(example), "marks.toml")


def earned(example: str, text: str) -> dict[str, str]:
    found = marks.marked(scheme_of(example), examiner_of(example).examine(text).judgements, network_of(example).names)
    return {mark.name: marks.points(mark.points) for mark in found.marks if mark.points}


WITHOUT_WORK = (
    # Tautologies and what says no number
    "yhat = yhat", "yhat = a2_1", "E = E", "dE/dw2_11 = (yhat - t)*a1_1", "delta2_1 = dE/db2_1",
    "yhat = sigma(z2_1)", "w2_11' = w2_11 - eta*dE/dw2_11", "E = -ln(yhat)", "0 = 0", "0.5209 = 0.5209",
    # Givens said again, and definitions
    "t = 1\nx1 = 7\nw2_11 = 0.0881", "eta = 0.5", "w2_11 = 0.0881 = w2_11@0", "yhat = t - (t - yhat)",
    # Numbers without a right digit
    "yhat = 0", "yhat ≈ 1", "yhat = 0.0", "delta2_1 ≈ 0", "E = 1", "dE/dw1_43 = 0.0", "dE/dw1_43 ≈ 0",
    "yhat = 0.6*100 - 0.6*100",
    # The old value as the new one, also where small steps round to it
    "w1_43' = 0.0885", "w2_11' = 0.0881", "w2_11' = w2_11 = 0.0881", "w1_43 := 0.0885", "w1_43' = w1_43 = 0.0885",
    "yhat = 1\nw1_43' = 0.0885\nw2_11' = 0.0881", "dE/dw1_43 = 0\nw1_43' = 0.0885 - 0.5*0 = 0.0885",
    # An invented number under other names
    "dE/db1_4 = 7\ndelta1_4 = dE/db1_4 = 7", "delta1_4 = 7\ndE/db1_4 = 7", "delta1_4 = 7\ndE/dw1_43 = 70",
    "dE/dw1_41 = 7\ndE/dw1_43 = dE/dw1_41*x3/x1 = 10", "dE/dw1_43 = 70\ndelta1_4 = dE/dw1_43/x3 = 7",
    "dE/dw1_41 = 0.1234\ndE/dw1_43 = dE/dw1_41*x3/x1 = 0.1763", "delta2_1 = 3\ndE/db2_1 = delta2_1 = 3",
    "delta2_1 = 0\ndE/dw2_11 = 0\ndE/db2_1 = 0\ndelta1_4 = 0", "delta2_1 = 0\ndE/dw2_11 = delta2_1*a1_1 = 0",
    "yhat = 1\ndelta2_1 = 0\ndE/dw2_11 = 0\ndE/db2_1 = 0", "dE/dw2_11 = 5\ndE/dw2_11 = 5",
    "-delta1_4 = 7\n-dE/db1_4 = 7", "delta1_4 = 3 + 4 = 7\ndE/db1_4 = 7", "delta1_4 = 7 = 3 + 4\ndE/dw1_43 = 70",
    "delta1_4 = delta1_4*1 = 7\ndE/db1_4 = 7", "delta1_4 = a1_4 + 3 = 7\ndE/db1_4 = 7", "delta2_1 = 7\nb2_1' = -3.5",
    "yhat = 1\nE = 0",
    # Several numbers for one quantity
    "yhat = 0.51\nyhat = 0.52\nyhat = 0.53", "yhat = 0.5209\nyhat = 0.4791", "yhat = 0.4791\nyhat = 0.5209",
    "delta2_1 = 0.4791\ndelta2_1 = -0.4791", "-0.4 = delta2_1\ndelta2_1 = 0.4",
    # A right number behind a wrong line
    "dE/dw2_11 = (yhat - t)*w2_11 = -0.4050", "yhat = sigma(z1_4) = 0.5209", "yhat = 0.3 = 0.5209",
    "E = ln(yhat) = 0.6522", "delta2_1 = t - yhat = -0.4791", "z2_1 = 5*5 = 0.0836",
)  # fmt: skip


@pytest.mark.parametrize("text", WITHOUT_WORK)
def test_nothing_is_earned_without_work(text: str) -> None:
    assert earned("pass_or_fail", text) == {}


@pytest.mark.parametrize(
    ("example", "text"),
    [
        ("mazur", "w1_11' = 0.15\nw1_12' = 0.2\nw2_11' = 0.4"),
        ("mazur", "w_1 := 0.15\nw_5 ← 0.40"),
        ("mazur", "w_1 = w_1 - eta*dE/dw_1 = 0.15"),
        ("mazur", "w_1 = 0.15 = w_1'"),
        ("dead_relu", "dE/db2_1 = 7\ndelta2_1 = 7"),
        ("dead_relu", "dE/dw1_11 = 3\ndE/dw1_12 = 6"),
    ],
)
def test_nothing_is_earned_elsewhere(example: str, text: str) -> None:
    assert earned(example, text) == {}


ALL_EARN = (
    ("yhat = 0.5209", "yhat"), ("0.5209 = yhat", "yhat"), ("sigma(z2_1) = 0.5209 = yhat", "yhat"),
    ("yhat - t = -0.4791 = delta2_1", "delta2_1"), ("-delta2_1 = 0.4791", "delta2_1"), ("0.4791 = -delta2_1", "delta2_1"),
    ("delta2_1 = dE/db2_1 = -0.4791", "delta2_1 dE/db2_1"), ("dE/dz2_1 = -0.4791", "delta2_1"),
    ("yhat ≈ 0.52", "yhat"), ("yhat = 0.5", "yhat"), ("yhat = 5.209e-1", "yhat"), ("yhat = 1/(1 + e^(-0.0836))", "yhat"),
    ("a2_1 = 0.5209", "yhat"), ("yhat@0 = 0.5209", "yhat"), ("yhat[1] = 0.5209", "yhat"), ("L = 0.6522", "E"),
    ("J = -ln(0.5209) = 0.6522", "E"), ("E = -(1*ln(0.5209) + 0) = 0.652", "E"), ("yhat = 0.52\nyhat = 0.5209", "yhat"),
    ("yhat = 0.5209\nso again yhat = 0.52", "yhat"), ("dL/dw2_1_1 = -0.405", "dE/dw2_1_1"), ("∂E/∂w2_11 = -0.405", "dE/dw2_1_1"),
    ("dE/dw2_11 = (0.5209 - 1)*0.8453 = -0.4050", "dE/dw2_1_1"), ("dE/dw2_11 = a1_1*(yhat - t) = -0.405", "dE/dw2_1_1"),
    ("dE/dw2_11 = -0.405\n  = -0.4050", "dE/dw2_1_1"), ("w2_11' = 0.2906", "w2_1_1'"), ("w2_11 := 0.2906", "w2_1_1'"),
    ("w2_11 <- w2_11 - eta*dE/dw2_11 = 0.2906", "w2_1_1'"), ("w2_11@1 = 0.2906", "w2_1_1'"), ("w2_11 = 0.2906", "w2_1_1'"),
    ("0.0881 - 0.5*(-0.4050) = 0.2906 = w2_11'", "w2_1_1'"), ("b2_1' = 0.2396", "b2_1'"),
    ("b2_1' = 0 + 0.5*0.4791", "b2_1'"), ("yhat@1 = 0.6478", "yhat@1"), ("z1_4 = -0.5001", "z1_4"), ("h1_4 = 0.3775", "a1_4"),
    ("z1_4 = -0.0477*7 - 0.1314*8 + 0.0885*10 = -0.3339 - 1.0512 + 0.885 = -0.5001", "z1_4"),
    ("dE/dyhat = -1/0.5209 = -1.92", "dE/dyhat"), ("yhat = 0.5209 = 52.09/100", "yhat"),
    ("dE/dW2 = (-0.4050, -0.0634, -0.1694, -0.1809)", "dE/dw2_1_1"), ("[-0.4050, -0.0634, -0.1694, -0.1809] = dE/dW2", "dE/dw2_1_1"),
    ("delta1_4 = -0.4791*(-0.0405)*0.3775*0.6225 = 0.00456", "delta1_4"), ("dE/db1_4 = delta1_4 = 4.56e-3", "delta1_4 dE/db1_4"),
    ("dE/dw1_43 = x3*delta1_4 = 10*0.00456 = 0.0456 = 0.046", "dE/dw1_4_3"), ("w1_43' = 0.0885 - 0.0228 = 0.0657", "w1_4_3'"),
    ("z2_1 = 0.0836; yhat = 0.5209; E = 0.6522", "z2_1 yhat E"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "names"), ALL_EARN)
def test_right_work_earns_however_it_is_written(text: str, names: str) -> None:
    assert earned("pass_or_fail", text) == dict.fromkeys(names.split(), "1")


FOLLOWING = (
    # From a slip, also one to 0 or with one digit, where the rest is worked
    ("z2_1 = 0.25\nyhat = 0.5622\ndelta2_1 = -0.4378", "yhat delta2_1"),
    ("yhat = 0.5622\ndE/dw2_11 = (yhat - t)*a1_1 = -0.3701", "dE/dw2_1_1"),
    ("delta2_1 = t - yhat = 0.4791\ndE/db2_1 = delta2_1 = 0.4791", "dE/db2_1"),
    ("delta1_4 = delta2_1*w2_14*a1_4*(1 - a1_4) = 0.00654\ndE/db1_4 = delta1_4 = 0.00654\ndE/dw1_43 = 0.0654",
     "dE/db1_4 dE/dw1_4_3"),
    ("delta1_4 = 0.00654\ndE/dw1_43 = delta1_4*x3 = 0.0654\nw1_43' = w1_43 - 0.5*0.0654 = 0.0558", "dE/dw1_4_3 w1_4_3'"),
)  # fmt: skip


@pytest.mark.parametrize(("text", "names"), FOLLOWING)
def test_what_follows_from_a_slip_earns_its_share(text: str, names: str) -> None:
    assert {name: points for name, points in earned("pass_or_fail", text).items() if points != "1"} == dict.fromkeys(
        names.split(), "0.5"
    )
