r"""An independent reader of the TeX that we print, as a person reads it: juxtaposed is multiplied.

It refuses what a person could misread: a number beside a number or fraction (2\frac{1}{3}), two superscripts,
a sign after an operation sign.
"""

import math
import re

WORDS = re.compile(r"\\[A-Za-z]+|\\.|[0-9]*\.?[0-9]+|[0-9]+\.|\S")
SPACES = {r"\;", r"\,", r"\!", r"\displaystyle"}
SIZES = {r"\left", r"\right", r"\bigl", r"\bigr", r"\biggl", r"\biggr"}
CLOSED_BY = {"(": ")", "[": "]", r"\lvert": r"\rvert", "{": "}"}
FUNCTIONS = {
    r"\ln": math.log, r"\exp": math.exp, r"\sin": math.sin, r"\cos": math.cos, r"\tan": math.tan,
    r"\sinh": math.sinh, r"\cosh": math.cosh, r"\tanh": math.tanh, r"\max": max, r"\min": min,
    r"\sigma": lambda z: 1 / (1 + math.exp(-z)), "ReLU": lambda z: max(0.0, z),
    "sign": lambda z: (z > 0) - (z < 0),
    "softplus": lambda z: math.log(1 + math.exp(z)), "step": lambda z: float(z >= 0), "binary": math.log2,
}  # fmt: skip


class MisreadError(Exception):
    """The formula can be read in two ways, or in none."""


def value_of_tex(tex, values):
    """The value of a formula whose letters stand for ``values``."""
    words = [word for word in WORDS.findall(tex) if word not in SPACES | SIZES]
    reader = _Reader(words, values)
    result = reader.sum()
    if reader.here is not None:
        raise MisreadError(tex)
    return result


class _Reader:
    def __init__(self, words, values):
        self.words, self.values, self.at = words, values, 0

    @property
    def here(self):
        return self.words[self.at] if self.at < len(self.words) else None

    def take(self, expected=None):
        word = self.here
        if word is None or (expected is not None and word != expected):
            raise MisreadError(f"{expected} expected at {self.words[self.at :]}")
        self.at += 1
        return word

    def sum(self):
        total = -self.product(self.take()) if self.here == "-" else self.product(None)
        while self.here in ("+", "-"):
            sign = self.take()
            total += self.product(sign) if sign == "+" else -self.product(sign)
        return total

    def product(self, after):
        if self.here in ("+", "-"):
            raise MisreadError(f"{self.here} after {after}")
        result, dotted = 1.0, True
        started = False
        while self.here not in (None, "+", "-", ")", "]", "}", ",", r"\rvert"):
            if self.here in (r"\cdot", r"\times"):
                self.take()
                dotted = True
                continue
            if self.here == "/":
                self.take()
                result /= self.power()
                continue
            before = self.words[self.at - 1] if started else ""
            if before[:1].isdigit() and not dotted and (self.here[0].isdigit() or self.here == r"\frac"):
                raise MisreadError(f"{before} beside {self.here}")
            started, dotted = True, False
            result *= self.power()
        if not started:
            raise MisreadError("no factor")
        return result

    def power(self):
        base = self.atom()
        if self.here == "^":
            self.take()
            base = raised(base, self.group())
            if self.here == "^":
                raise MisreadError("two superscripts")
        return base

    def group(self):
        self.take("{")
        inner = self.sum()
        self.take("}")
        return inner

    def atom(self):
        word = self.take()
        if word[0].isdigit() or word[0] == ".":
            return float(word)
        if word in ("(", "[", r"\lvert"):
            inner = self.sum()
            self.take(CLOSED_BY[word])
            return abs(inner) if word == r"\lvert" else inner
        if word == r"\frac":
            return self.group() / self.group()
        if word == r"\sqrt":
            return math.sqrt(self.group())
        if word == r"\pi":
            return math.pi
        if word == "e":
            return math.e
        if word == r"\operatorname":
            return self.call("".join(self.letters()))
        if word in FUNCTIONS:
            return self.call(word)
        if word in self.values:
            return float(self.values[word])
        raise MisreadError(word)

    def letters(self):
        self.take("{")
        while self.here != "}":
            yield self.take()
        self.take("}")

    def call(self, name):
        exponent = 1.0
        if self.here == "^":
            self.take()
            exponent = self.group()
        if self.here != "(":
            return raised(FUNCTIONS[name](self.atom()), exponent)
        self.take()
        arguments = [self.sum()]
        while self.here == ",":
            self.take()
            arguments.append(self.sum())
        self.take(")")
        return raised(FUNCTIONS[name](*arguments), exponent)


def raised(base, exponent):
    """A real power."""
    result = base**exponent
    if isinstance(result, complex):
        raise ValueError("no real value")  # noqa: TRY004 - of the value, not of the type
    return result
