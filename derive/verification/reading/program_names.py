"""The names that a program gives itself: variables and functions, put in where they are used."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from derive.verification.reading.code_names import code_name, differentiated, new_name
from derive.verification.reading.code_words import updated as without_new
from derive.verification.reading.program_units import ProgramUnits
from derive.verification.reading.spelling import Spelling
from derive.verification.reading.token import Token

MAX_PUT_IN = 600
"""What a name of the program stands for has at most so many names, numbers and signs."""
MAX_DEPTH = 6
"""Functions of the program's own call each other at most so deep."""
MAX_ARGUMENTS = 8
"""At most this many arguments of a function of the program's own."""
LEAST_OF_A_STEP = 4
"""An update by the learning rate has more names and signs than so many."""
LEAST_ROWS = 2
"""A list has the values of so many samples at least."""
_PLURALS = ("_values", "_data", "_list", "s")
_SAMPLES = frozenset("x X y Y inputs data".split())


class TooLong(ValueError):
    """Something that has become too long to be put in, or that could not be read where it was defined."""


@dataclass(frozen=True, slots=True)
class ProgramFunction:
    """A function of the program's own: its arguments, and what it gives back."""

    arguments: tuple[str, ...]
    body: tuple[Token, ...]


@dataclass
class ProgramNames:
    """What the names of one program stand for.

    Attributes:
        values: the tokens of its variables; None for one that could not be read.
        functions: those that it defines; None for one that could not be read.
        meant: names of the network's that the program uses for other quantities: ``y`` for the output.
    """

    spelling: Spelling
    in_rows: bool = False
    values: dict[str, tuple[Token, ...] | None] = field(default_factory=dict)
    functions: dict[str, ProgramFunction | None] = field(default_factory=dict)
    meant: dict[str, str] = field(default_factory=dict)
    depth: int = 0
    coded: dict[str, str] = field(default_factory=dict)
    """What words are by themselves, as far as they were asked for."""
    renewed: dict[str, str] = field(default_factory=dict)
    """The same of the parameters of which they are the new value."""
    endings: set[str] = field(default_factory=set)
    """What stands behind the names of new values here."""

    def _code_name(self, word: str) -> str:
        """What a word of any program stands for; once for each."""
        if word not in self.coded:
            self.coded[word] = code_name(word, self.spelling)
        return self.coded[word]

    def name(self, word: str) -> str:
        """The quantity of the network that a word stands for; empty where it is the program's own."""
        if word in self.values:
            return ""
        return self.meant.get(word) or self._slope(word) or self._code_name(word) or self._new(word)

    def _slope(self, word: str) -> str:
        """The derivative by what a name is used for here: ``dy`` and ``grad_y`` where ``y`` is the output."""
        meant = self.meant.get(differentiated(word))
        name = f"d{self.spelling.names.loss or self.spelling.names.graph_output}/d{meant}"
        return name if meant and self.spelling.knows(name) else ""

    def updated(self, word: str) -> str:
        """The parameter of which a word is the value after the update; empty where it is something else."""
        known = word in self.values or self.meant.get(word) or self._code_name(word)
        return "" if known else self._new(word)

    def _new(self, word: str) -> str:
        """The quantity of which a word is the value after the update: a parameter, an output, the loss."""
        if word not in self.renewed:
            self.renewed[word] = new_name(word, self.spelling)
        if name := self.renewed[word]:
            return name
        before = without_new(word) or next((word[: -len(e)] for e in self.endings if word.endswith(e)), "")
        name = self.meant.get(before) or self._code_name(before) if before else ""
        names = self.spelling.names
        return name if name in {names.loss, "yhat", *names.outputs} - {""} else ""

    def put_in(self, tokens: Sequence[Token]) -> list[Token]:
        """The tokens with the network's names, and with what the program's own names stand for.

        Raises:
            TooLong: that would be too long, or one of them could not be read.
        """
        found: list[Token] = []
        i = 0
        while i < len(tokens):
            token = tokens[i]
            if (size := self._size(tokens, i)) is not None:
                found.append(Token("number", str(size[0]), token.start, tokens[size[1] - 1].end))
                i = size[1]
                continue
            if token.kind == "word" and not (i and tokens[i - 1].text == "."):
                more, i = self._word(tokens, i)
                found += more
            else:
                found.append(token)
                i += 1
            if len(found) > MAX_PUT_IN + len(tokens):
                raise TooLong
        return found

    def _word(self, tokens: Sequence[Token], i: int) -> tuple[list[Token], int]:
        token, following = tokens[i], tokens[i + 1].text if i + 1 < len(tokens) else ""
        if following == "(" and token.text in self.functions:
            return self._called(tokens, i)
        if following == "." and i + 2 < len(tokens) and self._is_object(tokens, i):
            return self._word(tokens, i + 2)
        if token.text in self.values:
            value = self.values[token.text]
            if value is None:
                raise TooLong
            return _moved(value, token), i + 1
        if [one.text for one in tokens[i + 1 : i + 3]] == [".", "grad"] and (name := self.name("grad_" + token.text)):
            return [token._replace(text=name, end=tokens[i + 2].end)], i + 3
        keyword = i + 1 < len(tokens) and tokens[i + 1].kind == "relation" and i and tokens[i - 1].text in (",", "(")
        name = "" if following == "(" or keyword else self.name(token.text)
        if name and self.updated(token.text):
            return [token._replace(text=name), Token("op", "'", token.end, token.end)], i + 1
        return [token._replace(text=name) if name else token], i + 1

    def _is_object(self, tokens: Sequence[Token], i: int) -> bool:
        """Whether a word is an object of which the quantity behind the point is told: ``net.W1``."""
        called = tokens[i + 3].text == "(" if i + 3 < len(tokens) else False
        own = self.name(tokens[i].text) or self.values.get(tokens[i].text) is not None
        return not called and not own and len(tokens[i + 2].text) > 1 and bool(self.name(tokens[i + 2].text))

    def _called(self, tokens: Sequence[Token], i: int) -> tuple[list[Token], int]:
        """What a function of the program's own gives back, and the place after its call."""
        function = self.functions[tokens[i].text]
        given, end = arguments(tokens, i + 1)
        if function is None or len(given) != len(function.arguments):
            raise TooLong
        values = dict(zip(function.arguments, (self.put_in(one) for one in given), strict=True))
        found: list[Token] = []
        for token in function.body:
            value = values.get(token.text) if token.kind == "word" else None
            found += [token] if value is None else _bracketed(value)
            if len(found) > MAX_PUT_IN:
                raise TooLong
        if self.depth >= MAX_DEPTH:
            raise TooLong
        self.depth += 1
        try:
            return _moved(self.put_in(found), tokens[i]), end
        finally:
            self.depth -= 1

    def _size(self, tokens: Sequence[Token], i: int) -> tuple[int, int] | None:
        """How many samples (or inputs) ``X.shape[1]`` and ``len(X)`` say, and the place after that."""
        texts = [token.text for token in tokens[i : i + 6]]
        rows, inputs = self.spelling.rows, len(self.spelling.names.inputs)
        if texts[:1] == ["len"] and texts[1:2] == ["("] and texts[3:4] == [")"] and texts[2] in _SAMPLES:
            return rows, i + 4
        if texts[:2] == ["len", "("] and texts[3:4] == [")"] and (count := self._length(texts[2])):
            return count, i + 4
        if texts[1:4] == [".", "shape", "["] and texts[4:6] in (["0", "]"], ["1", "]"]) and texts[0] in _SAMPLES:
            first = texts[4] == "0"
            return (rows if first == self.in_rows else inputs), i + 6
        if texts[:2] == ["size", "("] and texts[2:3] and texts[2] in _SAMPLES and texts[3:4] == [","]:
            return (rows if (texts[4:5] == ["1"]) == self.in_rows else inputs), i + 6
        return None

    def take_units(self, units: ProgramUnits) -> None:
        """Takes words with a number for single units."""
        self.meant.update(units.meant)
        self.coded.update(dict.fromkeys(units.own, ""))

    def take_new(self, name: str, right: Sequence[Token]) -> None:
        """Takes ``W2n = W2 - eta*dW2`` for the new value of ``W2``, and an ``n`` behind other names likewise."""
        old = right[0].text
        steps = len(right) > LEAST_OF_A_STEP and right[1].text in ("-", "+") and name not in self.values
        if not steps or len(name) <= len(old) or not name.startswith(old) or self.name(name):
            return
        meant, rate = self.name(old), self.spelling.names.eta
        learns = any(token.kind == "word" and self.name(token.text) == rate for token in right[2:]) if rate else False
        if learns and meant and self.spelling.is_updated(str(self.spelling.word(meant))):
            self.renewed[name] = meant
            self.endings.add(name.removeprefix(old))

    def take_data(self, name: str, right: Sequence[Token]) -> None:
        """Takes ``xs = [1, 2, 4]`` for the values of ``x`` in all samples, where it has as many numbers."""
        base = self._code_name(next((name[: -len(end)] for end in _PLURALS if name.endswith(end)), ""))
        if base not in self.spelling.data or self.name(name) or self.spelling.rows < LEAST_ROWS:
            return
        numbers = sum(token.kind == "number" for token in right)
        plain = all(token.kind == "number" or token.text in ("[", "]", "(", ")", ",", "-", "+") for token in right)
        if plain and numbers == self.spelling.rows and right[0].text in ("[", "("):
            self.meant[name] = base

    def _length(self, word: str) -> int:
        """How many members a list of the program's own has; 0 where it is none that is written out."""
        listed = self.values.get(word) or ()
        if len(listed) < 2 or (listed[0].text, listed[-1].text) not in (("[", "]"), ("(", ")")):
            return self.spelling.rows if self.meant.get(word) else 0
        try:
            return len(arguments(listed, 0)[0])
        except TooLong:
            return 0


def arguments(tokens: Sequence[Token], opened: int) -> tuple[list[list[Token]], int]:
    """What stands between the commas of a call, and the place after its brackets.

    Raises:
        TooLong: there are too many, or no bracket closes.
    """
    found: list[list[Token]] = [[]]
    depth = 0
    for i in range(opened, len(tokens)):
        token = tokens[i]
        depth += token.text in ("(", "[", "{")
        if token.text in (")", "]", "}"):
            depth -= 1
            if depth == 0:
                return (found if found[-1] or len(found) > 1 else []), i + 1
        if token.text == "," and depth == 1:
            found.append([])
        elif i > opened:
            found[-1].append(token)
        if len(found) > MAX_ARGUMENTS:
            raise TooLong
    raise TooLong


def _bracketed(value: Sequence[Token]) -> list[Token]:
    if len(value) == 1:
        return list(value)
    start, end = value[0].start, value[-1].end
    return [Token("op", "(", start, start), *value, Token("op", ")", end, end)]


def _moved(value: Sequence[Token], to: Token) -> list[Token]:
    """What stands for a name, at its place; a calculation in brackets."""
    return [token._replace(start=to.start, end=to.end) for token in _bracketed(value)]


__all__ = ["ProgramFunction", "ProgramNames", "TooLong", "arguments"]
