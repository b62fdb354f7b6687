"""How layers of each kind are joined: the two ways of asking agree, and a convolution is the one of the libraries."""

from __future__ import annotations

import itertools

import pytest

from derive.ops.layers import LAYER_KINDS, Conv1d, Dense, Extent, Unfit, Wiring

CONVOLUTIONS = [
    (before, options)
    for before in (Extent(1, 1), Extent(1, 5), Extent(2, 4))
    for options in (
        {"filters": filters, "kernel": kernel, "stride": stride, "padding": padding}
        for filters, kernel, stride, padding in itertools.product((1, 3), (1, 2, 3, 5), (1, 2, 7), (0, 1, 2))
    )
]


def made(before: Extent, options: dict[str, int]) -> Wiring | None:
    try:
        return LAYER_KINDS["conv1d"].wiring(options, before)
    except Unfit:
        return None


WIRINGS = [wiring for before, options in CONVOLUTIONS if (wiring := made(before, options))]
WIRINGS += [Dense(Extent(1, 3), Extent(1, 4)), Dense(Extent(2, 3), Extent(1, 1))]


def test_there_are_many() -> None:
    assert len(WIRINGS) > 60


@pytest.mark.parametrize("wiring", WIRINGS, ids=repr)
def test_what_feeds_a_unit_is_what_it_is_fed_by(wiring: Wiring) -> None:
    forward = {
        (unit, column, source)
        for unit in range(wiring.units)
        for column, source in zip(*wiring.joins(unit), strict=True)
    }
    back = {(unit, column, source) for source in range(wiring.before.count) for unit, column in wiring.fed_by(source)}
    assert forward == back
    assert {(wiring.row_of(unit), column) for unit, column, _ in forward} == set(
        itertools.product(range(wiring.rows), range(wiring.columns))
    )
    assert all(wiring.joins(unit)[0] for unit in range(wiring.units))


@pytest.mark.parametrize("wiring", WIRINGS, ids=repr)
def test_indices_tell_a_unit(wiring: Wiring) -> None:
    found = [wiring.indices(unit) for unit in range(wiring.units)]
    assert len(set(found)) == wiring.units
    assert [wiring.unit_at(indices) for indices in found] == list(range(wiring.units))
    for wrong in ((), (0,), (0, 1), (wiring.rows + 1,), (1, wiring.units + 1), (1, 1, 1)):
        assert wiring.unit_at(wrong) is None


def test_the_kernel_is_not_flipped() -> None:
    """Position 2 of filter 1 with a stride of 2 and a padding of 1 stands on inputs 2, 3, 4 (from 1)."""
    wiring = LAYER_KINDS["conv1d"].wiring({"filters": 1, "kernel": 3, "stride": 2, "padding": 1}, Extent(1, 5))
    assert isinstance(wiring, Conv1d)
    assert wiring.after == Extent(1, 3)
    assert wiring.joins(0) == ((1, 2), (0, 1))
    assert wiring.joins(1) == ((0, 1, 2), (1, 2, 3))
    assert wiring.joins(2) == ((0, 1), (3, 4))


@pytest.mark.parametrize(
    ("length", "options", "key"),
    [
        (3, (1, 4, 1, 0), "kernel"),
        (3, (1, 6, 1, 1), "kernel"),
        (3, (1, 2, 1, 2), "padding"),
        (1, (1, 2, 1, 1), None),  # stands on the one number with its last tap, then with its first
        (1, (1, 3, 1, 1), "kernel"),  # one position: the outer taps meet padding only
        (2, (1, 5, 1, 2), "kernel"),
    ],
)
def test_what_does_not_fit(length: int, options: tuple[int, ...], key: str | None) -> None:
    given = dict(zip(("filters", "kernel", "stride", "padding"), options, strict=True))
    if key is None:
        met = LAYER_KINDS["conv1d"].wiring(given, Extent(1, length))
        assert [met.joins(unit) for unit in range(met.units)] == [((1,), (0,)), ((0,), (0,))]
        return
    with pytest.raises(Unfit) as raised:
        LAYER_KINDS["conv1d"].wiring(given, Extent(1, length))
    assert raised.value.key == key
