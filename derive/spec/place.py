"""Where in a file we are, and what has been found wrong there so far."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from derive.errors import DeriveError


@dataclass(frozen=True, slots=True)
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
        where = f"{self.file}: {self.path}" if self.path else self.file
        self.errors.append(DeriveError(where, problem, hint))


def quoted(text: str, most: int = 60) -> str:
    """The author's text in quotes, short and without line breaks or control characters.

    >>> quoted("sigmod")
    "'sigmod'"
    """
    cut = text if len(text) <= most else text[: most - 1] + "…"
    return "'" + "".join(c if c.isprintable() else "�" for c in cut) + "'"


def nearest(word: str, known: Iterable[str], most: int = 40) -> str:
    """A hint: the known word nearest to ``word``, and all known words where they are few.

    >>> nearest("sigmod", ["relu", "sigmoid"])
    "did you mean 'sigmoid'? known: relu, sigmoid"
    """
    from difflib import get_close_matches

    words = list(dict.fromkeys(known))
    by_lower = {w.lower(): w for w in reversed(words[:2000])}
    close = get_close_matches(word.lower()[:60], by_lower, n=1, cutoff=0.6)
    guess = f"did you mean '{by_lower[close[0]]}'?" if close else ""
    if len(words) <= most:
        return " ".join(part for part in (guess, f"known: {', '.join(sorted(words))}" if words else "") if part)
    return guess or f"known: {', '.join(words[:most])}, …"
