"""Where in a file we are, and what has been found wrong there so far."""

from __future__ import annotations

from dataclasses import field

from derive.errors import DeriveError, quoted
from derive.records import record
from derive.suggestions import nearest

__all__ = ["Place", "nearest", "quoted"]


@record
class Place:
    """A field of a file (``xor.toml: network.layers[1].weights``); notes errors instead of raising them.

    All places of one file share the list ``errors``, so that every independent error is reported.

    >>> place = Place("xor.toml").at("network").at("layers").item(0)
    >>> place.error("no units")
    >>> print(place.errors[0])
    xor.toml: network.layers[1]: no units
    """

    file: str
    path: str = ""
    errors: list[DeriveError] = field(default_factory=list)

    def at(self, key: str) -> Place:
        """The field ``key`` of the table that is here."""
        plain = len(key) <= 60 and key.isascii() and key.replace("_", "").replace("-", "").isalnum()
        shown = key if plain else quoted(key)
        return Place(self.file, f"{self.path}.{shown}" if self.path else shown, self.errors)

    def item(self, index: int) -> Place:
        """The entry ``index`` (from 0) of the list that is here; people count from 1."""
        return Place(self.file, f"{self.path}[{index + 1}]", self.errors)

    def error(self, problem: str, hint: str = "") -> None:
        """Note that something is wrong here."""
        self.errors.append(self._said(problem, hint))

    def note(self, text: str) -> str:
        """What the author should know of this place, in one line; it is no error."""
        return str(self._said(text, ""))

    def _said(self, problem: str, hint: str) -> DeriveError:
        return DeriveError(f"{self.file}: {self.path}" if self.path else self.file, problem, hint)
