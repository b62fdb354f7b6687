"""The statements of a program that give a name its value: a quantity of the network's, or a name of its own."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import islice, pairwise

from derive.patterns import regex
from derive.verification.reading.arrows import Arrows, Raw
from derive.verification.reading.built_up import PART, SUM, BuiltStep, BuiltUp, is_zero
from derive.verification.reading.code_calls import CALLS, METHODS
from derive.verification.reading.code_names import code_name
from derive.verification.reading.code_tokens import rows_apart, with_commas
from derive.verification.reading.joined import STEPS
from derive.verification.reading.list_members import CountingLoop, set_members, sets_a_member
from derive.verification.reading.program_functions import taken
from derive.verification.reading.program_names import ProgramNames, TooLong, arguments
from derive.verification.reading.rows import RawChain
from derive.verification.reading.spelling import Spelling
from derive.verification.reading.token import Token

_CONSTANT = frozenset("None newaxis True False T pi e float int bool float32 float64 double int64".split())
_SAYING = frozenset({"data", "grad", "T", "values", "value", "real", "H"})
"""What a statement may give behind the point of a quantity; anything else is no number of it: ``requires_grad``."""
_ACTIVATED = frozenset({"f", "g", "phi", "act", "activation", "maximum", "tanh", "exp", "where", "max"})
_OUTPUTS = frozenset("p prob probs phat p_hat prediction predictions pred preds".split())
"""What programs call the output of a logistic unit."""

MAX_BUILT = 600
"""What is built up in parts has at most so many names, numbers and signs."""
MAX_USES = 20
"""So many places of a name are looked at."""
_SLOPE = regex(r"1(?:\.0?)?\s*-|prime|deriv|slope|\b\w*_?grad\w*\(|\bd_?(?:sig|tanh|relu)\w*\(|>|\bdact\w*")
"""What the slope of an activation is written with."""
_WEIGHTED = regex(r"@|\bdot\b|\bdot\(|matmul|outer|(?<![A-Za-z])[wW](?:\d|_|eight|\b)|lr|eta|alpha")
"""What a line has that passes an error on, or that works with one."""

Assigned = tuple[tuple[Raw, ...], bool]
"""The chains of a statement, and whether it says nothing besides."""


class Assignments:
    """What the statements of one program say of the network's quantities; keeps the names of its own."""

    def __init__(self, text: str, spelling: Spelling, own: ProgramNames) -> None:
        self.text = text
        self.spelling = spelling
        self.arrows = Arrows(spelling, text)
        self.own = own
        self.built = BuiltUp(text, spelling.rows > 1)
        self.code = "numpy"
        self.over_samples = False
        self.counting: CountingLoop | None = None

    def chain(self, left: Sequence[Token], sides: Sequence[list[Token]]) -> tuple[Raw, ...]:
        """A chain about what is printed; none where it cannot be said what that is."""
        try:
            first = self.own.put_in(with_commas(list(left), self.text, self.code))
        except TooLong:
            return ()
        if self._is_foreign([first]):
            return ()
        rows = rows_apart(sides[0], self.text) if len(sides) == 1 else []
        if rows:
            return tuple(self._of_row(first, k, row) for k, row in enumerate(rows))
        signs = [Token("relation", "=", side[0].start, side[0].start) for side in sides]
        return (Raw(RawChain([first, *sides], signs), False, self.code),)

    def _of_row(self, whole: list[Token], k: int, row: list[Token]) -> Raw:
        """A chain about one row of an array."""
        end = whole[-1].end
        index = Token("number", str(k + (self.code == "matlab")), end, end)
        left = [*whole, Token("op", "[", end, end), index, Token("op", "]", end, end)]
        if len(whole) > 2:
            start = whole[0].start
            left = [Token("op", "(", start, start), *whole, Token("op", ")", end, end), *left[len(whole) :]]
        return Raw(RawChain([left, row], [Token("relation", "=", row[0].start, row[0].start)]), False, self.code)

    def assigned(self, tokens: list[Token], signs: Sequence[int], results: Sequence[list[Token]]) -> Assigned:
        """The chains of ``z1 = W1 @ x + b1``; whether it says nothing besides."""
        parts = _parts(tokens, signs)
        left, right = parts[0], parts[-1]
        if tokens[signs[0]].text == "=" and len(parts) == 2 and any(token.text == "," for token in left):
            return self._several(left, right)
        name = left[0].text if left and left[0].kind == "word" else ""
        if not name or not right:
            return (), False
        self.answer = ()
        if sets_a_member(left, self.own) and not self.over_samples:
            told = set_members(left, tokens[signs[0]].text if len(parts) == 2 else "", right, self.own, self.counting)
            return (), told and not results
        dotted = [token.text for token in left[1:2]] == ["."] and bool(self.own.name(name))
        if dotted and left[-1].text not in _SAYING:
            return (), True
        if len(parts) > 2 and is_zero(right) and self._all_begun(parts[:-1]):
            return (), True
        if len(parts) == 2 and not self.is_updated(name):
            step = self.built.step(left, tokens[signs[0]].text, right, over_samples=self.over_samples)
            if step is not None:
                return self._stepped(left, step, results)
            begun = self._begun(left, tokens[signs[0]].text, right, results)
            if begun is not None:
                return begun
        if len(left) == 1 and tokens[signs[0]].text == "=":
            self.own.take_data(name, right)
            self.own.take_new(name, right)
        if self.over_samples and len(left) == 1 and tokens[signs[0]].text == "=" and self._is_of_the_batch(name):
            return self._defined(name, right, [])  # a sample's own
        if len(left) == 1 and tokens[signs[0]].text == "=" and self._is_own(name, right):
            return self._defined(name, right, results)
        try:
            sides = [self.own.put_in(left), *(self.own.put_in(part) for part in parts[1:])]
        except TooLong:
            return (), False
        relations = [tokens[i] for i in signs]
        new = [token.text for token in sides[-1]]
        if len(parts) == 2 and len(new) == 2 and new == [sides[0][0].text, "'"]:
            return self._taken_over(name, right, results)
        if relations[0].text in STEPS and not self.arrows.is_parameter(sides[0], False):
            self.own.values |= {name: None} if len(left) == 1 else {}
            return (), False
        if self._is_foreign(sides[1:]):
            return (), False
        if len(parts) == 2 and not results and relations[0].text == "=" and (rows := rows_apart(right, self.text)):
            return tuple(self._of_row(sides[0], k, row) for k, row in enumerate(rows)), True
        shown = [Token("relation", "=", side[0].start, side[0].start) for side in results]
        if relations[0].text in STEPS and results:  # what is shown is the new value, and not the step
            at = sides[0][-1].end
            new_value = RawChain([[*sides[0], Token("op", "'", at, at)], *results], shown)
            return tuple(Raw(one, False, self.code) for one in (RawChain(sides, relations), new_value)), True
        return (Raw(RawChain([*sides, *results], [*relations, *shown]), False, self.code),), True

    def _is_of_the_batch(self, name: str) -> bool:
        """Whether a name is the loss, or a derivative of it by parameters."""
        meant, loss = self.own.name(name), self.spelling.names.loss or self.spelling.names.graph_output
        by = meant.removeprefix(f"d{loss}/d")
        return meant == loss or (by != meant and self.spelling.knows(by) and self.spelling.is_updated(by))

    def is_updated(self, name: str) -> bool:
        """Whether a name is that of a parameter: a step is an update then."""
        meant = self.own.name(name)
        return bool(meant) and self.arrows.is_parameter([Token("word", meant, 0, 0)], False)

    def _begun(
        self, left: list[Token], sign: str, right: list[Token], results: Sequence[list[Token]]
    ) -> Assigned | None:
        """A value of which more is made before anything reads it; None for any other."""
        name, end = left[0].text, right[-1].end
        self.built.sums.pop(name, None)
        if len(left) > 1 or sign != "=" or results:
            return None
        following = self.built.begins(name, end)
        if following == "used":
            return None
        try:
            value = [] if is_zero(right) else self.own.put_in(right)
        except TooLong:
            return None
        if self._is_foreign([value]):
            return None
        if following != "replaced":
            self.built.take(name, value, left[0].start)
        if not self.own.name(name):
            return None
        part = self._part(left, value)
        return part if following != "replaced" or part[0] else None

    def _all_begun(self, lefts: Sequence[list[Token]]) -> bool:
        """Whether more is made of all of ``dx = dy = 0``."""
        plain = all(len(left) == 1 and left[0].kind == "word" and not self.is_updated(left[0].text) for left in lefts)
        if not plain or any(self.built.begins(left[0].text, left[0].end) not in ("added", "scaled") for left in lefts):
            return False
        for left in lefts:
            self.built.take(left[0].text, [], lefts[0][0].start)
        return True

    def _part(self, left: list[Token], value: list[Token]) -> Assigned:
        """A chain about a part of a derivative; parts of anything else are no claims."""
        said = self.own.put_in(left)
        if not value or left[0].text in self.built.scaled or not self.arrows.is_derivative(said, False):
            return (), True
        sign = Token("relation", PART, value[0].start, value[0].start)
        return (Raw(RawChain([said, value], [sign]), False, self.code),), True

    def _stepped(self, left: list[Token], step: BuiltStep, results: Sequence[list[Token]]) -> Assigned:
        """A step: what is added is a part, and all parts together are the quantity where no step follows."""
        name, end = left[0].text, step.by[-1].end
        own = not self.own.name(name)
        try:
            step = step._replace(by=self.own.put_in(step.by))
            value = self.built.stepped(name, step)
        except TooLong:
            value = []
        del self.built.sums[name]
        if not value or len(value) > MAX_BUILT or self._is_foreign([value]):
            self.own.values[name] = None
            return (), False
        goes_on = self.built.goes_on(name, end)
        if goes_on:
            self.built.add(name, value)
        if own:
            self.own.values[name] = tuple(value)
            return (self.chain(left[:1], results) if results else ()), True
        raws = self._part(left[:1], self.built.added(step))[0] if step.sign in ("+", "-") else ()
        if not goes_on:
            said = self.own.put_in(left[:1])
            sign = Token("relation", SUM, step.by[0].start, step.by[0].start)
            more = [Token("relation", "=", side[0].start, side[0].start) for side in results]
            raws = (*raws, Raw(RawChain([said, value, *results], [sign, *more]), False, self.code))
        return raws, True

    def _taken_over(self, name: str, right: list[Token], results: Sequence[list[Token]]) -> Assigned:
        """``W1 = W1_new``: the update is made with what ``W1_new`` was worked out to be."""
        return (self.chain([right[0]], results) if results else ()), True

    def _several(self, left: list[Token], right: list[Token]) -> Assigned:
        """``a, b = 1, 2``."""
        try:
            bracket = Token("op", "(", 0, 0)
            names = arguments([bracket, *left, bracket._replace(text=")")], 0)[0]
            values = arguments([bracket, *right, bracket._replace(text=")")], 0)[0]
        except TooLong:
            return (), False
        if len(names) != len(values):
            return (), False
        found: list[Raw] = []
        covered = True
        for name, value in zip(names, values, strict=True):
            if name and value:
                sign = Token("relation", "=", name[-1].end, value[0].start)
                chains, read = self.assigned([*name, sign, *value], [len(name)], [])
                found += chains
                covered = covered and read
        return tuple(found), covered

    def _is_own(self, name: str, right: Sequence[Token]) -> bool:
        """Whether a name is the program's own, or is from here on."""
        words = [token.text for token in right if token.kind == "word"]
        meant = self.own.name(name) or self._output(name, right)
        if not meant:
            return True
        if self.own.updated(name):
            parameter = self.spelling.is_updated(str(self.spelling.word(meant)))
            return not parameter and not any(self.own.updated(word) for word in words)
        names = self.spelling.names
        literal = not any(self.own.name(word) or word in self.own.values for word in words)
        if name in ("h", "H") and literal:
            return True
        if meant.startswith("delta") and name not in names.taken and (literal or self._is_times_slope(name)):
            return True
        if meant in ("t", "t1") and not literal:
            self.own.meant[name] = "yhat" if len(names.outputs) > 1 else names.outputs[0] if names.sizes else ""
            return not self.own.meant[name]
        whole = self.spelling.knows(meant) and self.spelling.word(meant).shape == "matrix"
        plain = [token for token in right if token.text not in ("-", "+")]
        if (
            whole
            and len(plain) == 1
            and plain[0].kind == "number"
            and self.spelling.entries(self.spelling.word(meant)) > 1
        ):
            return True
        products = any(token.text == "*" for token in right) or "dot" in words or "matmul" in words
        activated = any(self.spelling.function(word) or word in _ACTIVATED for word in words)
        if "activ" in name and meant[:1] in "ay" and products and not activated and not literal:
            self.own.meant[name] = self._weighted_input(meant)
            return not self.own.meant[name]
        return name[0] in "hH" and meant[:1] in "ay" and products and not activated and not literal

    def _weighted_input(self, activation: str) -> str:
        """The weighted input of what a program calls the activation of a layer and has not activated yet."""
        layer = activation[1:] if activation[1:].isdigit() else str(len(self.spelling.names.sizes))
        return code_name(f"z{layer}", self.spelling)

    def _output(self, name: str, right: Sequence[Token]) -> str:
        """The output of a network with one, which ``p = 1/(1 + np.exp(-z))`` calls so; empty for anything else."""
        names = self.spelling.names
        words = {token.text for token in right if token.kind == "word"}
        calls = any(self.spelling.function(word) == "sigmoid" for word in words)
        if name not in _OUTPUTS or len(names.outputs) != 1 or not names.sizes or not ({"exp"} & words or calls):
            return ""
        last = len(names.sizes)
        if not any(self.own.name(word) in (f"z{last}", names.z(last, 1)) for word in words):
            return ""
        self.own.meant[name] = names.outputs[0]
        return names.outputs[0]

    def _is_times_slope(self, name: str) -> bool:
        """Whether another line multiplies ``d2`` by a slope and by no weights: it is the output's derivative then."""
        if not re.fullmatch(r"d_?[0-9]{1,3}", name):
            return False
        for found in islice(re.finditer(rf"(?<![\w.]){name}(?![\w])[^\n]*", self.text), MAX_USES):
            start = self.text.rfind("\n", 0, found.start()) + 1
            line = self.text[start : found.end()]
            used = line.partition("=")[2]
            if name in used and _SLOPE.search(used) and not _WEIGHTED.search(used):
                return True
        return False

    def _defined(self, name: str, right: list[Token], results: Sequence[list[Token]]) -> Assigned:
        """A variable of the program's own; what is printed of it is a claim about what it stands for."""
        if self._is_function_of_its_own(name, right):
            return (), True
        try:
            value = self.own.put_in(right)
        except TooLong:
            value = []
        readable = bool(value) and not self._is_foreign([value])
        self.own.values[name] = tuple(value) if readable else None
        if not readable:
            return (), False
        return (self.chain(right, results) if results and len(right) > 1 else ()), True

    def is_readable(self, tokens: list[Token]) -> bool:
        try:
            return not self._is_foreign([self.own.put_in(tokens)])
        except TooLong:
            return False

    def _is_foreign(self, sides: Sequence[Sequence[Token]]) -> bool:
        """Whether a side has a word that nobody knows here, or a text."""
        for side in sides:
            for i, token in enumerate(side):
                called = side[i + 1].text == "(" if i + 1 < len(side) else False
                if token.kind in ("string", "unknown") and not _is_a_label(side, i):
                    return True
                if i and side[i - 1].text == "." and token.kind == "word" and token.text not in METHODS:
                    return True
                if token.kind != "word" or (i and side[i - 1].text == "."):
                    continue
                if called:
                    if not self._is_function(token.text):
                        return True
                    continue
                keyword = i + 1 < len(side) and side[i + 1].kind == "relation"
                plain = keyword or token.text in _CONSTANT
                if not plain and not self.spelling.knows(token.text) and not code_name(token.text, self.spelling):
                    return not any(side[j].kind == "relation" for j in range(max(i - 3, 0), i))
        return False

    def _is_function(self, word: str) -> bool:
        slope = any(self.spelling.function(part) for part in word.split("_"))
        matlab = self.code == "matlab" and bool(self.own.name(word) or self.spelling.knows(word))
        return word in CALLS or bool(self.spelling.function(word)) or slope or word in self.own.functions or matlab

    def _is_function_of_its_own(self, name: str, right: Sequence[Token]) -> bool:
        """Takes ``f = lambda x: …`` and ``f = @(x) …`` as a function of the program's own."""
        texts = [token.text for token in right]
        last = ":" if texts[:1] == ["lambda"] else ")" if self.code == "matlab" and texts[:2] == ["*", "("] else ""
        if not last or last not in texts:
            return False
        closed = texts.index(last)
        formals = [token.text for token in right[:closed] if token.kind == "word" and token.text != "lambda"]
        taken(self.own, name, formals, right[closed + 1 :])
        return True


def signs_of(tokens: Sequence[Token]) -> list[int]:
    """The places of the signs of a statement that stand in no brackets."""
    found: list[int] = []
    depth = 0
    for i, token in enumerate(tokens):
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        if token.text == "lambda":
            break
        if token.kind == "relation" and depth == 0:
            found.append(i)
    return found


def _is_a_label(side: Sequence[Token], i: int) -> bool:
    """Whether a text is what an argument is called by: ``Value(1.5, label="x1")``."""
    named = i > 2 and side[i - 1].kind == "relation" and side[i - 2].kind == "word"
    return named and side[i].kind == "string" and side[i - 3].text in (",", "(")


def _parts(tokens: Sequence[Token], signs: Sequence[int]) -> list[list[Token]]:
    edges = [-1, *signs, len(tokens)]
    return [list(tokens[a + 1 : b]) for a, b in pairwise(edges)]


__all__ = ["Assigned", "Assignments", "signs_of"]
