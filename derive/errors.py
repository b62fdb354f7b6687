"""The exceptions of the package. A user only ever sees :class:`DeriveError`."""

from __future__ import annotations

from collections.abc import Iterable


class DeriveError(Exception):
    """What is wrong, where, and how to mend it.

    ``where`` names the file and the field (``xor.toml: network.layers[1].activation``),
    ``problem`` says what is wrong there, ``hint`` how to mend it (one line, may be empty).

    >>> print(DeriveError("xor.toml: training.iterations", "0 is below 1", "give at least 1"))
    xor.toml: training.iterations: 0 is below 1
      give at least 1
    """

    def __init__(self, where: str, problem: str, hint: str = "") -> None:
        self.where = where
        self.problem = problem
        self.hint = hint
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
