"""Records: dataclasses that are set up in a quarter of the time.

A command needs some two hundred small classes, and a frozen dataclass compiles six methods of its own: together a
third of the start-up. A record compiles only its ``__init__``; how it compares, hashes and shows itself is written
here once for all. That its fields are never set again is seen to by the type checker alone; what a user of the
package holds (a network, a result) stays a frozen dataclass.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, fields
from operator import attrgetter
from typing import Any, TypeVar, dataclass_transform, overload

T = TypeVar("T")


@overload
def record(made: type[T], /) -> type[T]: ...
@overload
def record(*, eq: bool = True, slots: bool = True) -> Callable[[type[T]], type[T]]: ...
@dataclass_transform(frozen_default=True, field_specifiers=(field,))
def record(made: type[Any] | None = None, /, *, eq: bool = True, slots: bool = True) -> Any:
    """A dataclass whose fields stay as they are.

    With ``eq=False`` one is equal to nothing but itself; without ``slots`` it has room for cached properties.

    >>> @record
    ... class Point:
    ...     x: int
    ...     y: int = 0
    >>> Point(1), Point(1) == Point(1, 0), len({Point(1), Point(1), Point(2)})
    (Point(x=1, y=0), True, 2)
    """
    if made is None:
        return lambda later: _record(later, eq=eq, slots=slots)
    return _record(made, eq=eq, slots=slots)


def _record(made: type[Any], *, eq: bool, slots: bool) -> type[Any]:
    own = vars(made)
    made = dataclass(slots=slots, eq=False, repr=False)(made)
    shared: dict[str, Any] = {"__repr__": _shown}
    if eq:
        compared = [each.name for each in fields(made) if each.compare]
        shared |= {"__eq__": _equal, "__hash__": _hashed, "_compared": attrgetter(*compared or ("__class__",))}
    inherited = getattr(made, "__hash__", None)
    if inherited not in (None, object.__hash__):  # a base class knows a quicker way
        shared.pop("__hash__", None)
    for name, method in shared.items():
        if own.get(name) is None:
            setattr(made, name, method)
    return made


def _shown(self: Any) -> str:
    inside = ", ".join(f"{each.name}={getattr(self, each.name)!r}" for each in fields(self) if each.repr)
    return f"{type(self).__qualname__}({inside})"


def _equal(self: Any, other: Any) -> Any:
    if type(other) is not type(self):
        return NotImplemented
    return self._compared(self) == self._compared(other)


def _hashed(self: Any) -> int:
    return hash(self._compared(self))
