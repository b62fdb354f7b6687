"""A spec as a dict: the same network as from a file, numbers of every library, errors that name the field."""

from __future__ import annotations

import datetime as dt
import json
import re
import tomllib
from collections import OrderedDict, UserDict
from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest

import derive
from derive.specification.objects import MAX_DEPTH
from tests.support.repository import ROOT

SPECS = sorted([*(ROOT / "examples").glob("*.toml"), *(ROOT / "tests" / "published").glob("*.toml")])


@pytest.mark.parametrize("path", SPECS, ids=lambda path: path.stem)
def test_the_same_as_from_the_file(path: Any) -> None:
    """With exact decimals, and with floats: they are what a person sees."""
    text = path.read_text("utf-8")
    wanted = derive.load(path).spec
    for number in (Decimal,) if re.search(r"[0-9.]{17}", text) else (Decimal, float):  # a float has 16 digits
        found = derive.load(tomllib.loads(text, parse_float=number)).spec
        for part in ("title", "network", "graph", "data", "training", "conventions", "numbers", "remarks"):
            assert values(getattr(found, part)) == values(getattr(wanted, part)), part


def values(part: Any) -> Any:
    """Without the author's spelling of a number: a float has none."""
    if isinstance(part, tuple):
        return tuple(map(values, part))
    if hasattr(part, "expression") and hasattr(part, "text"):
        return part.expression
    if hasattr(part, "__dataclass_fields__"):
        return {name: values(getattr(part, name)) for name in part.__dataclass_fields__}
    return part


class Whole(int):
    pass


class Floating(float):
    def __repr__(self) -> str:
        return f"Floating({float(self)})"


@pytest.mark.parametrize(
    ("number", "exact"),
    [
        (3, Fraction(3)),
        (0.1, Fraction(1, 10)),
        (-2.5e-7, Fraction(-25, 10**8)),
        (1e22, Fraction(10**22)),
        (Fraction(1, 3), Fraction(1, 3)),
        (Fraction(-7, 2), Fraction(-7, 2)),
        (Decimal("0.10"), Fraction(1, 10)),
        (Decimal("1E+3"), Fraction(1000)),
        (Decimal("-1.5e-3"), Fraction(-15, 10**4)),
        ("2/3", Fraction(2, 3)),
        (Whole(4), Fraction(4)),
        (Floating(0.3), Fraction(3, 10)),
    ],
)
def test_numbers_are_exact(number: Any, exact: Fraction) -> None:
    network = derive.load({"graph": {"values": {"x": number, "y": 1}, "nodes": {"f": "x*y"}}})
    assert derive.derive(network).gradient("y").exact == exact


def test_numbers_of_numpy_and_sympy() -> None:
    sympy = pytest.importorskip("sympy")
    numpy = pytest.importorskip("numpy")
    for number, exact in (
        (numpy.float64(0.1), Fraction(1, 10)),
        (numpy.int32(7), Fraction(7)),
        (sympy.Rational(2, 7), Fraction(2, 7)),
        (sympy.Integer(5), Fraction(5)),
    ):
        network = derive.load({"graph": {"values": {"x": number, "y": 1}, "nodes": {"f": "x*y"}}})
        assert derive.derive(network).gradient("y").exact == exact


def test_tables_of_other_kinds() -> None:
    spec = UserDict({
        "title": "T", "date": dt.date(2026, 11, 28),
        "network": OrderedDict(inputs=2, loss="half_squared_error", layers=({"units": 1, "weights": ((1, Fraction(1, 2)),)},)),
        "data": ({"x": (1, 2), "t": [0.5]},),
    })  # fmt: skip
    network = derive.load(spec)
    assert derive.derive(network).gradient("w1_1_2").exact == 3
    assert network.spec.date == "2026-11-28"


GRAPH: dict[str, Any] = {"graph": {"values": {"x": 1}, "nodes": {"f": "x*2"}}}


def changed(*keys: str, to: Any) -> dict[str, Any]:
    spec = json.loads(json.dumps(GRAPH))
    here = spec
    for key in keys[:-1]:
        here = here.setdefault(key, {})
    here[keys[-1]] = to
    return dict(spec)


@pytest.mark.parametrize(
    ("spec", "words"),
    [
        ({}, r"<dict>: there is no \[network\] and no \[graph\]"),
        (changed("graph", "values", "x", to=float("nan")), r"<dict>: graph\.values\.x: nan"),
        (changed("graph", "values", "x", to=float("inf")), r"<dict>: graph\.values\.x: inf"),
        (changed("graph", "values", "x", to=Decimal("Infinity")), r"graph\.values\.x: inf"),
        (changed("graph", "values", "x", to=Decimal("NaN")), r"graph\.values\.x: nan"),
        (changed("graph", "values", "x", to=1j), r"graph\.values\.x: a 'complex' cannot stand"),
        (changed("graph", "values", "x", to=True), r"graph\.values\.x: a truth value"),
        (changed("graph", "values", "x", to=None), r"graph\.values\.x: null"),
        (changed("graph", "values", "x", to=10**5000), r"graph\.values\.x: a number of more than 1,000 digits"),
        (changed("graph", "values", "x", to=Fraction(1, 10**5000)), r"graph\.values\.x: a number of more than 1,000"),
        (changed("graph", "values", "x", to=Decimal("1e99999")), r"graph\.values\.x: the exponent"),
        (changed("graph", "values", "x", to=b"1"), r"graph\.values\.x: a 'bytes' cannot stand"),
        (changed("graph", "values", "x", to={1, 2}), r"graph\.values\.x: a 'set' cannot stand"),
        (changed("graph", "parameters", to=["x", 10**5000]), r"graph\.parameters\[2\]: a number of more than"),
        (changed("graph", "nodes", "f", to="x*y"), r"graph\.nodes\.f: unknown name 'y'"),
        (changed("training", "iterations", to=2.0), r"training\.iterations: the number 2\.0"),
        (changed("training", "learning_rat", to=1), r"training\.learning_rat: unknown key"),
        (changed("title", to=Fraction(1, 2)), "title: the number 1/2 where text is expected"),
        ({1: 2}, "a key that is a 'int'"),
        (changed("graph", "values", "x", to=[1]), r"graph\.values\.x: a list"),
    ],
)
def test_what_is_wrong_names_its_field(spec: dict[Any, Any], words: str) -> None:
    with pytest.raises(derive.DeriveError, match=words):
        derive.load(spec)


def test_a_dict_in_itself_ends() -> None:
    spec: dict[str, Any] = {}
    spec["graph"] = spec
    with pytest.raises(derive.DeriveError, match="nested too deeply"):
        derive.load(spec)
    deep: Any = 1
    for _ in range(MAX_DEPTH + 5):
        deep = [deep]
    with pytest.raises(derive.DeriveError, match="nested too deeply"):
        derive.load({"graph": {"values": {"x": deep}}})


def test_what_was_given_stays_as_it_was() -> None:
    spec = changed("training", "learning_rate", to=0.1)
    before = json.dumps(spec)
    network = derive.load(spec)
    assert json.dumps(spec) == before
    spec["graph"]["values"]["x"] = 5
    assert derive.derive(network).loss == "2"
