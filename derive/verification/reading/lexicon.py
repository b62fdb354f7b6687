"""What a word of a text may be: a quantity, what people call one, a part of a calculation."""

from __future__ import annotations

from collections.abc import Callable

from derive.expressions.functions import CONSTANTS
from derive.verification.reading.bare import LETTERS
from derive.verification.reading.shorthands import MAX_WORD
from derive.verification.reading.spelling import MAX_KEPT, Spelling


class _Asked(dict[str, bool]):
    """The answers to one question about words; each word is asked about once."""

    def __init__(self, question: Callable[[str], bool]) -> None:
        super().__init__()
        self._question = question

    def __missing__(self, word: str) -> bool:
        found = self._question(word)
        if len(self) < MAX_KEPT:
            self[word] = found
        return found


class Lexicon:
    """What the words of one text may be.

    Attributes:
        knows: whether a word is a quantity or a function.
        is_called: whether it is a quantity, a function, or what people call one: ``loss``.
        is_mathematics: whether it may stand in a calculation.
    """

    def __init__(self, spelling: Spelling) -> None:
        self._spelling = spelling
        self.knows: Callable[[str], bool] = _Asked(self._knows).__getitem__
        self.is_called: Callable[[str], bool] = _Asked(self._is_called).__getitem__
        self.is_mathematics: Callable[[str], bool] = _Asked(self._is_mathematics).__getitem__

    def _knows(self, word: str) -> bool:
        own = (word, "", "") in self._spelling.own
        own = own or self._spelling.own_names.has(word) or self._spelling.is_near(word)
        return own or self._spelling.knows(word) or bool(self._spelling.function(word))

    def _is_called(self, word: str) -> bool:
        if self.knows(word) or self._spelling.shorthands.word(word) is not None:
            return True
        if word in LETTERS and self._spelling.names.sizes == (1,):  # of the one unit
            return True
        if len(word) > MAX_WORD:
            return False
        of = word.removeprefix("grad_") if word.startswith("grad_") else word[1:] if word[:1] == "d" else ""
        return of[:1].isalpha() and of != word and not of.startswith("d") and self.is_called(of)

    def _is_mathematics(self, word: str) -> bool:
        if " " in word.strip() and not self.knows(word):
            return False
        if self.knows(word) or word in CONSTANTS or len(word) == 1 or not word.isalpha():
            return True
        return len(word) < 7 and all(letter in self._spelling.names.taken for letter in word)


__all__ = ["Lexicon"]
