"""Records are dataclasses in all that is used of them."""

from __future__ import annotations

from dataclasses import dataclass, field, fields, replace
from functools import cached_property

import pytest

from derive.records import record


@record
class Point:
    x: int
    y: int = 0
    said: str = field(default="", compare=False, repr=False)
    more: list[int] = field(default_factory=list, compare=False)


@record
class Deep(Point):
    z: int = 5


@record(eq=False)
class Single:
    x: int


@record(slots=False)
class Roomy:
    x: int

    @cached_property
    def twice(self) -> list[int]:
        return [self.x, self.x]


@record
class Empty:
    pass


@record
class Own:
    x: int

    def __repr__(self) -> str:
        return "own"

    def __hash__(self) -> int:
        return 7


@dataclass(frozen=True, slots=True)
class Model:
    x: int
    y: int = 0
    said: str = field(default="", compare=False, repr=False)
    more: list[int] = field(default_factory=list, compare=False)


def test_what_is_compared_and_hashed_and_shown_is_as_in_a_dataclass() -> None:
    assert Point(1, 2, "a") == Point(1, 2, "b", [3])
    assert len({Point(1), Point(1, 0, "b"), Point(1, 1)}) == 2
    assert repr(Point(1, said="a")) == repr(Model(1, said="a")).replace("Model", "Point")
    assert [each.name for each in fields(Point)] == [each.name for each in fields(Model)]


def test_a_record_is_not_one_of_another_class() -> None:
    assert Point(1) != Deep(1)
    assert Deep(1) != Deep(1, z=6)
    assert Point(1) != Model(1)
    assert Empty() == Empty() != Roomy(1)


def test_replaced_fields_leave_the_old_record() -> None:
    old = Deep(1, 2, "a", z=3)
    assert (replace(old, x=4), old) == (Deep(4, 2, "a", z=3), Deep(1, 2, "a", z=3))


def test_without_equality_a_record_is_itself_alone() -> None:
    one, other = Single(1), Single(1)
    assert one != other
    assert {one: 1, other: 2}[one] == 1
    assert repr(one) == "Single(x=1)"


def test_slots_leave_no_room_for_other_names_and_without_them_there_is() -> None:
    with pytest.raises(AttributeError):
        Point(1).w = 2  # type: ignore[attr-defined]
    roomy = Roomy(3)
    assert roomy.twice is roomy.twice


def test_methods_of_the_class_stay() -> None:
    assert (repr(Own(1)), hash(Own(1)), Own(1) == Own(1)) == ("own", 7, True)
