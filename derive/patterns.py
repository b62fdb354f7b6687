"""Regular expressions that are compiled when they are first looked for.

A command knows some four hundred of them, most for what stands in few texts: to compile all took a fifth of its start.
"""

from __future__ import annotations

import re
from typing import Any, cast

_METHODS = ("match", "fullmatch", "search", "finditer", "findall", "split", "sub", "subn", "groups", "groupindex")


class _LatePattern:
    """A pattern that becomes the compiled one as soon as anything but its text is asked of it."""

    def __init__(self, text: str, flags: int) -> None:
        self.pattern = text
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        compiled = re.compile(self.pattern, self._flags)
        self.__dict__.update((method, getattr(compiled, method)) for method in _METHODS)
        return getattr(compiled, name)


def regex(text: str, flags: int = 0) -> re.Pattern[str]:
    """The pattern of a module, compiled on first use; a mistake in it shows only then.

    >>> regex("[0-9]+").findall("1 and 23")
    ['1', '23']
    """
    return cast("re.Pattern[str]", _LatePattern(text, flags))


__all__ = ["regex"]
