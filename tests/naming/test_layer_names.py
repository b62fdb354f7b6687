"""What the quantities of a convolution are called, and every way in which people may write that."""

from __future__ import annotations

import pytest

from derive.model import NotationSpec
from derive.naming.names import Names
from derive.naming.notation import Notation
from derive.naming.presets import PRESETS
from derive.naming.quantity import Described
from derive.ops.layers import LAYER_KINDS, Extent


def convolution(inputs: int, filters: int, kernel: int, *more: tuple[int, int]) -> Names:
    """A convolution along so many inputs, and further ones of (filters, kernel)."""
    wirings, extent = [], Extent(1, inputs)
    for rows, taps in ((filters, kernel), *more):
        options = {"filters": rows, "kernel": taps, "stride": 1, "padding": 0}
        wirings.append(LAYER_KINDS["conv1d"].wiring(options, extent))
        extent = wirings[-1].after
    return Names(tuple(f"x{i + 1}" for i in range(inputs)), tuple(wirings))


TWO = convolution(5, 2, 3, (1, 2))  # 2 × 3 units, then 1 × 2 outputs
ONE = convolution(14, 1, 3, (1, 12))


def test_parameters_are_rows_of_taps_and_a_bias_for_each_filter() -> None:
    assert TWO.parameters == (
        "w1_1_1", "w1_1_2", "w1_1_3", "w1_2_1", "w1_2_2", "w1_2_3", "b1_1", "b1_2",
        "w2_1_1", "w2_1_2", "w2_1_3", "w2_1_4", "b2_1",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("z1_2_3", "z1_2_3"), ("z1_23", "z1_2_3"), ("a1_1_2", "a1_1_2"), ("h1_12", "a1_1_2"), ("f1_1_2", "a1_1_2"),
        ("δ1_2_1", "delta1_2_1"), ("delta1_21", "delta1_2_1"), ("dE/dz1_2_1", "dE/dz1_2_1"),
        ("∂L/∂w1_23", "dE/dw1_2_3"), ("w1_2_3'", "w1_2_3'"), ("w2_14", "w2_1_4"), ("w2_4", "w2_1_4"),
        ("b1_2", "b1_2"), ("z2_2", "z2_1_2"), ("z2_1_2", "z2_1_2"), ("delta2_2", "delta2_1_2"),
        ("a2_2", "yhat2"), ("a2_1_2", "yhat2"), ("yhat2", "yhat2"), ("y2", "t2"), ("a1_2_3[2]", "a1_2_3[2]"),
        ("z1_1_1@3", "z1_1_1@3"), ("W1", "W1"), ("dE/dW2", "dE/dW2"), ("b1", "b1"), ("z1", "z1"), ("delta1", "delta1"),
    ],
)  # fmt: skip
def test_spellings(written: str, name: str) -> None:
    assert TWO.canonical(written) == name
    assert TWO.canonical(name) == name


@pytest.mark.parametrize(
    ("written", "name"), [("z1_5", "z1_1_5"), ("z1_12", "z1_1_12"), ("z1_1_12", "z1_1_12"), ("w1_3", "w1_1_3")]
)
def test_the_only_filter_need_not_be_named(written: str, name: str) -> None:
    assert ONE.canonical(written) == name


@pytest.mark.parametrize(
    ("written", "problem"),
    [
        ("z1_3_1", "layer 1 has 2 filters"), ("z1_2_4", "layer 1 has 3 positions"), ("z1_2", "which position?"),
        ("w1_2_4", "layer 1 has 3 taps"), ("w1_3_1", "layer 1 has 2 filters"), ("b1_3", "layer 1 has 2 filters"),
        ("z3_1_1", "the network has 2 layers"), ("b1_1_1", "unknown quantity"), ("z1_0_1", "layer 1 has 2 filters"),
        ("z1_1_0", "layer 1 has 3 positions"), ("w1_2", "unknown quantity"), ("a2_3", "the network has 2 outputs"),
    ],
)  # fmt: skip
def test_what_the_layer_does_not_have(written: str, problem: str) -> None:
    with pytest.raises(ValueError, match=problem.replace("?", r"\?")):
        TWO.canonical(written)


def test_a_dense_layer_has_no_second_index() -> None:
    names = Names.layered(("x1",), (2, 1))
    for written in ("z1_1_1", "a1_2_1", "b1_1_1", "delta1_1_1"):
        with pytest.raises(ValueError, match="unknown quantity"):
            names.canonical(written)


def test_what_a_name_is() -> None:
    assert TWO.describe("w1_2_3") == Described("weight", 1, 2, 3)
    assert TWO.describe("b1_2") == Described("bias", 1, 2)
    assert TWO.describe("z1_2_3") == Described("weighted input", 1, 6, 0, (2, 3))
    assert TWO.describe("a1_1_2") == Described("activation", 1, 2, 0, (1, 2))
    assert TWO.describe("yhat2") == Described("output", 2, 2)
    assert TWO.describe("a2_1_2") is None
    assert TWO.describe("z1_6") is None


def test_vectors_and_matrices() -> None:
    def entries(text: str) -> list[list[str]]:
        return [[str(entry) for entry in row] for row in TWO.members(TWO.resolve(text))]

    assert entries("W1") == [["w1_1_1", "w1_1_2", "w1_1_3"], ["w1_2_1", "w1_2_2", "w1_2_3"]]
    assert entries("dE/db1") == [["dE/db1_1"], ["dE/db1_2"]]
    assert entries("z1") == [["z1_1_1"], ["z1_1_2"], ["z1_1_3"], ["z1_2_1"], ["z1_2_2"], ["z1_2_3"]]
    assert entries("delta2") == [["delta2_1_1"], ["delta2_1_2"]]


@pytest.mark.parametrize("preset", PRESETS)
def test_position_5_of_filter_1_does_not_look_like_unit_15(preset: str) -> None:
    notation = Notation.of_names(convolution(7, 1, 3), NotationSpec(preset=preset))
    shown = [notation.tex(name) for name in ("z1_1_5", "delta1_1_5", "w1_1_3", "b1_1")]
    assert shown[0].endswith("1,5}")
    assert shown[1].endswith("1,5}")
    assert len(set(shown)) == 4
