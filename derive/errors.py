"""The exceptions of the package. A user only ever sees :class:`DeriveError`."""

from __future__ import annotations

from collections.abc import Iterable

from derive.patterns import regex

MAX_OF_A_PLACE = 160
"""At most this many characters of a file's name and the field in it are shown."""

MAX_OF_A_WORD = 60
"""At most this many characters of one word of the user are shown."""

MAX_OF_A_LINE = 480
"""At most this many characters have a problem and a hint."""

FAULT = "this is a fault of derive, not of the file: please report it with the file"
"""The hint where checks disagree."""

_LONG_WORD = regex(rf"\S{{{2 * MAX_OF_A_WORD + 1},}}")


class DeriveError(Exception):
    """What is wrong, where, and how to mend it.

    ``where`` names the file and the field (``xor.toml: network.layers[1].activation``),
    ``problem`` says what is wrong there, ``hint`` how to mend it (one line, may be empty).
    Whatever of the user's own is in them is cut here, and shown without control characters.

    >>> print(DeriveError("xor.toml: training.iterations", "0 is below 1", "give at least 1"))
    xor.toml: training.iterations: 0 is below 1
      give at least 1
    """

    def __init__(self, where: str, problem: str, hint: str = "") -> None:
        self.where = shortened(printable(where), MAX_OF_A_PLACE)
        self.problem = _fitting(problem)
        self.hint = _fitting(hint)
        super().__init__(str(self))

    def __str__(self) -> str:
        head = f"{self.where}: {self.problem}" if self.where else self.problem
        return f"{head}\n  {self.hint}" if self.hint else head


class SeveralErrors(DeriveError):
    """All independent errors of one file, printed one after the other."""

    def __init__(self, errors: Iterable[DeriveError]) -> None:
        self.errors = tuple(errors)
        first = self.errors[0]
        super().__init__(first.where, first.problem, first.hint)

    def __str__(self) -> str:
        return "\n".join(str(error) for error in self.errors)


def shortened(text: str, most: int = MAX_OF_A_WORD) -> str:
    """At most so many characters of a text: its beginning and its end, with an ellipsis for what is left out.

    >>> shortened("99999999", 5), shortened("short", 5)
    ('99…99', 'short')
    """
    if len(text) <= most:
        return text
    end = (most - 1) // 2
    return f"{text[: most - 1 - end]}…{text[len(text) - end :]}"


def printable(text: str) -> str:
    """A text without line breaks and what would steer a terminal.

    >>> printable("a" + chr(27) + "[31m")
    'a�[31m'
    """
    return text if text.isprintable() else "".join(c if c.isprintable() else "�" for c in text)


def quoted(text: str, most: int = MAX_OF_A_WORD) -> str:
    """The author's text in quotes, short and without line breaks or control characters.

    >>> quoted("sigmod"), quoted("9" * 70, 9)
    ("'sigmod'", "'9999…9999'")
    """
    return f"'{printable(shortened(text, most))}'"


def _fitting(text: str) -> str:
    """A problem or a hint with every word, and the whole, of a length that can be read."""
    short = _LONG_WORD.sub(lambda found: shortened(found.group()), printable(text))
    return shortened(short, MAX_OF_A_LINE)
