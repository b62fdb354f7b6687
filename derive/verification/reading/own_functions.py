r"""Functions that a text defines itself: after ``g(u) = \frac{1}{1 + e^{-u}}`` g is the sigmoid function.

A definition counts where its formula has the values of a known function.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from flint import fmpq

from derive.arithmetic.numbers import plain
from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.arithmetic.precision import precision
from derive.expressions.evaluate import evaluate
from derive.expressions.tree import Call, Expr, Name, names_in
from derive.patterns import regex
from derive.verification.reading.atoms import atom
from derive.verification.reading.model import Unreadable
from derive.verification.reading.parse import General, Parser
from derive.verification.reading.spelling import FUNCTION_WORDS, Spelling
from derive.verification.reading.tokens import tokens

MAX_DEFINITIONS = 20
"""At most this many definitions of one text are looked at."""
BITS = 128
_KNOWN = ("sigmoid", "tanh", "relu", "softplus", "silu")
_AT = (fmpq(1, 3), fmpq(-5, 7), fmpq(9, 4), fmpq(-2))
_ARGUMENT = "argumentofown"
"""The name of the argument while a definition is read; no quantity has it."""
_HEAD = regex(
    r"(?<![A-Za-z\\_^])(?:\\(?:operatorname|mathrm|text)\s*\{(?P<word>[A-Za-z]{1,20})\}|(?P<name>\\?[A-Za-z]{1,12}|[α-ω]))"
    r"\s*(?:\\left)?\(\s*(?P<argument>[A-Za-z])\s*(?:\\right)?\)\s*&?\s*(?::=|=|\\equiv|\\coloneqq)\s*&?"
    r"(?P<formula>[^\n$&=]{1,160})"
)

_DEFINES = regex(r"\(\s*[A-Za-z]\s*(?:\\right)?\s*\)\s*&?\s*(?::=|=|\\equiv|\\coloneqq)")
"""What stands in every definition: looked for first, because that takes no time."""


_TOLD = regex(
    r"(?<![\w\\])\$?(?P<word>\\?[A-Za-z]{1,8}|[α-ω])(?:\(\s*[A-Za-z]\s*\))?\$?\s+(?:is|denotes|es|ist|est|é)\s+"
    r"(?:(?:the|a|la|le|die|der|a)\s+)?(?:logistic\s+)?"
    r"(?P<function>sigmoide?|sigmoid|sigmoïde|logistic|logística|logistische|tanh|relu|softplus)(?![A-Za-z])",
    re.IGNORECASE,
)
"""``s is the sigmoid function``."""
_CALLED = {"tanh": "tanh", "relu": "relu", "softplus": "softplus"}


def with_own_functions(spelling: Spelling, text: str) -> Spelling:
    """The spelling in which letters that the text defines stand for functions."""
    found = dict(_told(spelling, text))
    if _DEFINES.search(text) is None:
        return replace(spelling, functions=found) if found else spelling
    for count, head in enumerate(_HEAD.finditer(text)):
        if count == MAX_DEFINITIONS:
            break
        tex = "\\" in head.group() or "{" in head.group()
        word = head["word"] or tokens(head["name"], tex=False)[-1].text
        if word in FUNCTION_WORDS or spelling.knows(word):
            continue
        formula = _formula(spelling, head["formula"], head["argument"], tex=tex)
        function = _recognized(formula) if formula is not None else ""
        if function:
            found[word] = function
    return replace(spelling, functions=found) if found else spelling


def _told(spelling: Spelling, text: str) -> Iterator[tuple[str, str]]:
    """The letters that a text says in words to be functions."""
    for told in islice(_TOLD.finditer(text), MAX_DEFINITIONS):
        word = tokens(told["word"], tex=False)[-1].text
        if word not in FUNCTION_WORDS and not spelling.knows(word):
            yield word, _CALLED.get(told["function"].lower(), "sigmoid")


def _formula(spelling: Spelling, text: str, argument: str, *, tex: bool) -> Expr | None:
    """What is defined, in :data:`_ARGUMENT`; None where that cannot be read, or holds anything else."""
    found = [
        token._replace(text=_ARGUMENT) if token.text == argument and token.kind == "word" else token
        for token in tokens(text, tex=tex, known=spelling)
    ]
    parser = Parser(found, spelling, text, len(text), atom, tex=tex, defined={_ARGUMENT: Name(_ARGUMENT)})
    try:
        value = parser.sum()
    except (Unreadable, General, RecursionError):
        return None
    return value if isinstance(value, Expr) and set(names_in(value)) == {_ARGUMENT} else None


def _recognized(formula: Expr) -> str:
    """The known function that has a formula's values; nothing where none has."""
    return next((name for name in _KNOWN if _agree(formula, Call(name, (Name(_ARGUMENT),)))), "")


def _agree(one: Expr, other: Expr) -> bool:
    with precision(BITS):
        try:
            pairs = [[plain(evaluate(expr, {_ARGUMENT: at})) for expr in (one, other)] for at in _AT]
        except (OutsideDomain, Undecided, ValueError, ZeroDivisionError):
            return False
        return all(left.overlaps(right) for left, right in pairs)


__all__ = ["with_own_functions"]
