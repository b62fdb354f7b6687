"""Derivations on kinks and beside them: right lines hold, wrong ones do not, our own documents verify themselves."""

from __future__ import annotations

import pytest

from derive.api import loads
from derive.lesson import STYLES
from derive.verification.api import verify
from tests.support.kinks import ACTIVATIONS, CONVENTIONS, GRAPH, GRAPHS, LAYERED
from tests.verification.test_own_documents import alarms


def verdicts(spec: str, claims: str) -> list[str]:
    return [judgement.verdict for judgement in verify(loads(spec), claims).judgements]


def layers(activation: str, at_zero: str = "0") -> str:
    """Weighted inputs of the first layer: 3, 0.35, -3, 6."""
    return LAYERED.format(activation=activation, bias="0.1", at_zero=at_zero)


def node(values: str, formula: str, at_zero: str = "0") -> str:
    return GRAPH.format(values=values, nodes=f'f = "{formula}"', at_zero=at_zero)


@pytest.mark.parametrize(("number", "activation"), list(enumerate(ACTIVATIONS)))
def test_a_document_of_layers_verifies(number: int, activation: str) -> None:
    """Each in one of its styles; all of them run with -m claims."""
    _verifies(number, activation, list(STYLES)[number % len(STYLES)])


@pytest.mark.claims
@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize(("number", "activation"), list(enumerate(ACTIVATIONS)))
def test_documents_of_layers_verify(number: int, activation: str, style: str) -> None:
    _verifies(number, activation, style)


def _verifies(number: int, activation: str, style: str) -> None:
    spec = layers(activation, CONVENTIONS[number % len(CONVENTIONS)])
    assert alarms(loads(spec), ("markdown", "latex")[number % 2], style) == []


@pytest.mark.parametrize(("number", "values", "nodes"), [(n, *case) for n, case in enumerate(GRAPHS)])
def test_documents_of_graphs_verify(number: int, values: str, nodes: str) -> None:
    spec, style = (
        GRAPH.format(values=values, nodes=nodes, at_zero=CONVENTIONS[number % 2]),
        ("graph", "routes")[number // 2 % 2],
    )
    assert alarms(loads(spec), "markdown", style) == []


ON_KINKS = (
    ("hard_sigmoid", "hard_sigmoid(z1_1) = min(1, max(0, z1_1/6 + 1/2)) = 1"),
    ("hard_sigmoid", "a1_1 = clip(z1_1/6 + 1/2, 0, 1) = 1"),
    ("hard_sigmoid", "a1_3 = relu6(z1_3 + 3)/6 = 0"),
    ("hard_sigmoid", "a1_2 = z1_2/6 + 1/2 = 0.558"),
    ("hard_sigmoid", "da1_1/dz1_1 = 0"),
    ("hard_sigmoid", "da1_2/dz1_2 = 1/6"),
    ("hard_sigmoid", "HardSigmoid(z1_1) = 1"),
    ("hard_sigmoid", "hardsigmoid'(z1_2) = 1/6"),
    ("hard_tanh", "a1_1 = max(-1, min(1, z1_1)) = 1"),
    ("hard_tanh", "a1_4 = hardtanh(z1_4) = 1"),
    ("relu6", "a1_4 = min(max(0, z1_4), 6) = 6"),
    ("relu6", "a1_4 = max(0, min(z1_4, 6)) = 6"),
    ("relu6", "delta1_4 = dE/da1_4 * 0 = 0"),
    ("hard_swish", "a1_1 = z1_1*hard_sigmoid(z1_1) = 3"),
    ("hard_swish", "a1_1 = z1_1*min(max(z1_1 + 3, 0), 6)/6 = 3"),
    ("hard_swish", "delta1_1 = dE/da1_1 * 1"),
    ("hard_swish", "da1_2/dz1_2 = (2*z1_2 + 3)/6"),
    ("mish", "a1_1 = z1_1*tanh(ln(1 + exp(z1_1)))"),
    ("softsign", "da1_1/dz1_1 = 1/(1 + abs(z1_1))^2 = 1/16"),
)


@pytest.mark.parametrize(("activation", "claims"), ON_KINKS)
def test_a_right_line_holds(activation: str, claims: str) -> None:
    assert set(verdicts(layers(f'"{activation}"'), claims)) == {"holds"}


@pytest.mark.parametrize(
    ("activation", "claims"),
    [
        ("hard_sigmoid", "da1_1/dz1_1 = 1/6"),  # the slope of the other side
        ("hard_sigmoid", "a1_2 = z1_2/6 + 1/3"),
        ("hard_sigmoid", "a1_2 = clip(z1_2, 0, 1)"),
        ("hard_tanh", "a1_1 = z1_1"),
        ("relu6", "a1_4 = relu(z1_4)"),  # equal at 6, and not beyond
        ("hard_swish", "da1_1/dz1_1 = 3/2"),
        ("hard_swish", "da1_2/dz1_2 = (z1_2 + 3)/6"),
        ("softsign", "da1_1/dz1_1 = 1/(1 + z1_1^2)"),
    ],
)
def test_a_wrong_line_does_not(activation: str, claims: str) -> None:
    assert "wrong" in verdicts(layers(f'"{activation}"'), claims)


@pytest.mark.parametrize(("at_zero", "slope"), [("0", "0"), ('"1/2"', "1/12"), ("1", "1/6")])
def test_the_convention_is_the_slope_on_a_kink(at_zero: str, slope: str) -> None:
    spec = layers('"hard_sigmoid"', at_zero)
    assert verdicts(spec, f"da1_1/dz1_1 = {slope}\nda1_3/dz1_3 = {slope}") == ["holds", "holds"]


@pytest.mark.parametrize(
    ("values", "formula", "claims"),
    [
        ("x = 1.5\ny = 2", "max(2*x, 3)*y", "df/dx = 1/2*2*y = 2"),
        ("x = 1.5\ny = 2", "max(2*x, 3)*y", "f = max(3, 2*x)*y = 6"),
        ("x = 3", "abs(x - 3)", "df/dx = 0"),
        ("x = 3.01", "abs(x - 3)", "df/dx = 1"),
        ("x = 2.99", "abs(x - 3)", "f = 3 - x = 0.01"),
        ("x = 0.5\nlo = 0.5\nhi = 2", "clip(x, lo, hi)", "df/dx = 1/2\ndf/dlo = 1/2\ndf/dhi = 0"),
        ("x = 1\nlo = 0.5\nhi = 2", "clip(x, lo, hi)", "f = min(max(x, lo), hi) = x = 1"),
        ("x = 1\ny = 1\nz = 1", "max(x, y, z)", "df/dx = 1/3\ndf/dz = 1/3"),
        ("x = 0", "softsign(x)", "df/dx = 1"),
    ],
)
def test_lines_about_a_formula_of_ones_own(values: str, formula: str, claims: str) -> None:
    assert set(verdicts(node(values, formula), claims)) == {"holds"}


def test_the_mask_left_out_is_a_known_mistake_of_other_flat_functions() -> None:
    """Gradient that passes through a unit which is off: of a ReLU6 beyond 6, too."""
    report = verify(loads(layers('"relu6"')), "delta1_4 = dE/da1_4")
    assert report.claims[0]["verdict"] == "wrong"
