"""Expressions of a spec, read and evaluated by code that shares nothing with the package.

The text is cut into tokens, names and numbers are wrapped, and Python's own parser does the rest; what a
number and a function are, the caller says. So one reader serves high precision and JAX.
"""

from __future__ import annotations

import ast
import operator
import re
from collections.abc import Callable, Mapping
from typing import Any

Number = Any  # mpmath, a Var of tests.support.reference, a JAX array

TOKEN = re.compile(
    r"\s*(?:(?P<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?P<name>[A-Za-z]\w*(?:'|@\d+|\[\d+\])*)"
    r"|(?P<other>\*\*|[-+*/^(),]))"
)
BINARY = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}


def evaluate(
    text: str,
    values: Mapping[str, Number],
    functions: Mapping[str, Callable[..., Number]],
    number: Callable[[str], Number],
) -> Number:
    """The value of ``text`` with these names; ``pi`` and ``e`` are functions without arguments."""
    words: list[str] = []
    source = []
    place = 0
    while text[place:].strip():
        token = TOKEN.match(text, place)
        assert token is not None, f"cannot read {text[place:]!r}"
        place = token.end()
        if token["other"]:
            source.append(token["other"].replace("^", "**"))
        else:
            words.append(token["number"] or token["name"])
            source.append(f"w{len(words) - 1}")

    def value(node: ast.expr) -> Number:
        match node:
            case ast.Name(id=mark):
                word = words[int(mark[1:])]
                if not word[0].isalpha():
                    return number(word)
                return values[word] if word in values else functions[word]()
            case ast.BinOp(left=left, op=op, right=right):
                return BINARY[type(op)](value(left), value(right))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return -value(operand)
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return value(operand)
            case ast.Call(func=ast.Name(id=mark), args=args):
                return functions[words[int(mark[1:])]](*map(value, args))
            case _:
                raise AssertionError(f"cannot evaluate {text!r}")

    return value(ast.parse("".join(source), mode="eval").body)


def names_in(text: str) -> set[str]:
    """The names that occur in ``text``, functions too."""
    return {token["name"] for token in TOKEN.finditer(text) if token["name"]}
