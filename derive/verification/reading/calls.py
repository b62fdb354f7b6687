r"""Calls of functions: ``sigma(z2_1)``, ``\ln \hat{y}``, ``\operatorname{ReLU}'(z)``, ``f'(z^{1}_{2})``."""

from __future__ import annotations

from functools import partial

from flint import fmpq

from derive.differentiate import derivative as slope_of
from derive.expressions.functions import FUNCTIONS
from derive.expressions.tree import ONE, Derivative, Expr, Name, Number, substitute, walk
from derive.model import ActivationSpec
from derive.patterns import regex
from derive.verification.reading import matrices
from derive.verification.reading.layered_functions import LayeredFunction, layered_function
from derive.verification.reading.model import Matrix, SideContent
from derive.verification.reading.parse import General, Parser
from derive.verification.reading.symbols import Scripted, symbol_at

_POWERED = frozenset({"sin", "cos", "tan", "sinh", "cosh", "tanh", "ln", "log", "sigmoid", "exp"})
_SLOPES = regex(r"(\w+?)_(?:derivative|prime|deriv|slope)|(?:d|grad)_?(sigmoid|tanh|relu)")
"""What programs call the derivative of an activation."""
MAX_OF_A_SLOPE = 500
"""A formula of at most this many parts, with what is put into it, is differentiated."""
_CLOSED_BY = {"(": ")", "[": "]"}


def call(parser: Parser) -> SideContent | None:
    """The call that stands here; None, and no step taken, where there is none."""
    token, spelling = parser.tokens[parser.at], parser.spelling
    if (layered := layered_function(parser)) is not None:
        return _of_a_layer(parser, layered)
    if token.kind not in ("word", "text") or token.text.strip() in spelling.names.taken:
        return None
    function = spelling.function(token.text.strip())
    if not function and (programmed := _SLOPES.fullmatch(token.text)) is not None:
        return _programmed(parser, spelling.function(programmed[1] or programmed[2]))
    symbol = symbol_at(parser.tokens, parser.at) if function else None
    if symbol is None:
        return None
    function, exponent = _headed(parser, function, symbol)
    if not function:
        return None
    start, parser.at = parser.at, symbol.end
    braced = parser.tex and parser.text() == "{"
    doubtful = function == "f" or symbol.primes or spelling.knows(token.text)
    if doubtful and not braced and parser.text() not in _CLOSED_BY:
        parser.at = start
        return None
    arguments = _arguments(parser, parser.tokens[start].start, token.text)
    value = _applied(parser, function, symbol.primes, arguments, parser.tokens[start].start)
    return value if exponent is None else parser.raised(value, exponent, token.start)


def _of_a_layer(parser: Parser, layered: LayeredFunction) -> SideContent:
    r"""``f^1(n^1)``, ``\dot{f}^1(n^1)``: the activation of a layer or its slope; that of F stands on a diagonal."""
    start, word = parser.offset(), layered.symbol.base
    parser.at = layered.symbol.end
    argument = _arguments(parser, start, word)[0]
    if layered.spec is not None and layered.spec.name == "softmax" and not layered.slope:
        return parser.shaped(matrices.softmax, argument)
    value = _activation(parser, "f", argument, slope=layered.slope, start=start, spec=layered.spec)
    return parser.shaped(matrices.diagonal, value) if layered.diagonal else value


def _programmed(parser: Parser, function: str) -> SideContent | None:
    """``sigmoid_derivative(yhat)``: the slope, in programs given by the activation; None where it is no such call."""
    start = parser.at
    if function not in FUNCTIONS or parser.text(1) != "(":
        return None
    parser.at += 1
    arguments = _arguments(parser, parser.tokens[start].start, parser.tokens[start].text)
    argument = arguments[0]
    if isinstance(argument, Name) and (signal := parser.spelling.signals.get(argument.name)):
        arguments = [Name(signal)]
    return _applied(parser, function, 1, arguments, parser.tokens[start].start)


def _headed(parser: Parser, function: str, symbol: Scripted) -> tuple[str, Expr | None]:
    r"""The function with its scripts: ``\log_{2}``, ``\tanh^{2}``; no function where the scripts say otherwise."""
    if symbol.below and _is_of_a_unit(parser, function, symbol):
        return function, None
    if symbol.below:
        based = {"2": "log2", "10": "log10", "e": "ln"}.get(symbol.below, "") if function in ("log", "ln") else ""
        if not based or symbol.above:
            return "", None
        return based, None
    if symbol.above:
        whole = symbol.above.isdigit() and function in _POWERED
        return (function, Number(fmpq(int(symbol.above[:6])), symbol.above)) if whole else ("", None)
    return function, None


def _is_of_a_unit(parser: Parser, function: str, symbol: Scripted) -> bool:
    r"""Whether a letter is the activation of the unit that stands below it: ``\varphi_3'(v_3)``, ``\varphi_1(0.4)``.

    Without a prime what stands so may be what the unit has, times a bracket: ``f_1(1 - f_1)``.
    """
    spelling = parser.spelling
    if function not in ("f", spelling.only) or not symbol.below.isdecimal() or symbol.above or symbol.primes > 1:
        return False
    if spelling.own_names.has(symbol.base + symbol.below):
        return False
    opened = [token.text for token in parser.tokens[symbol.end : symbol.end + 3]]
    return opened[:1] == ["("] and (symbol.primes == 1 or (symbol.base == "phi" and opened[1:] != ["1", "-"]))


def _arguments(parser: Parser, start: int, word: str) -> list[SideContent]:
    r"""What stands in the brackets after a function, or the one atom after it (``\ln x``)."""
    opening = parser.text()
    if opening not in _CLOSED_BY:
        if parser.here is None or not (parser.begins_factor() or opening == "|"):
            raise parser.error(f"the function '{word}' has no argument here", f"write {word}(...)", start)
        return [parser.power()]
    parser.at += 1
    values = [parser.sum()]
    while parser.text() in (",", ";"):  # a semicolon where a comma is the sign of decimals
        parser.at += 1
        values.append(parser.sum())
    parser.expect(_CLOSED_BY[opening])
    return values


def _applied(parser: Parser, function: str, primes: int, arguments: list[SideContent], start: int) -> SideContent:
    if primes > 1:
        raise parser.error("a second derivative is not read", "", start)
    if function == "softmax":
        if primes or len(arguments) != 1:
            raise parser.error("the derivative of softmax is a matrix", "write dyhat1/dz1_1", start)
        return parser.shaped(matrices.softmax, arguments[0])
    if function == "diag" and len(arguments) == 1 and not primes:
        return parser.shaped(matrices.diagonal, arguments[0])
    if function == "f" or parser.spelling.is_own_activation(function):
        return _activation(parser, function, arguments[0], slope=bool(primes), start=start)
    if function == "identity":
        return ONE if primes else arguments[0]
    _check_count(parser, function, len(arguments), start)
    if len(arguments) == 1:
        arguments += _parameters(parser, function, arguments[0])
    return parser.shaped(matrices.applied, function + "'" * primes, arguments)


def _check_count(parser: Parser, function: str, given: int, start: int) -> None:
    entry = FUNCTIONS.get(function, FUNCTIONS["exp"])
    least = 2 if entry.variadic else len(entry.formals) - len(entry.defaults)
    most = 100 if entry.variadic else len(entry.formals)
    if not least <= given <= most:
        needs = f"{least} argument{'s' * (least != 1)}" if least == most else f"{least} to {most} arguments"
        raise parser.error(f"{function} takes {needs}, not {given}", "", start)


def _parameters(parser: Parser, function: str, argument: SideContent) -> list[SideContent]:
    """The slope or alpha that the spec gives to this activation, in the layer of the argument or in all."""
    first = argument.rows[0][0] if isinstance(argument, Matrix) else argument
    found = _spec_at(parser, function, first)
    return [] if found is None or found.name != function else _given(found)


def _given(spec: ActivationSpec) -> list[SideContent]:
    """An activation's parameters in the order of its function; none where all are the default."""
    entry = FUNCTIONS.get(spec.name)
    given = dict(spec.parameters)
    if entry is None or not given:
        return []
    return [
        given[formal].expression if formal in given else Number(entry.defaults[formal]) for formal in entry.formals[1:]
    ]


def _activation(
    parser: Parser, function: str, value: SideContent, *, slope: bool, start: int, spec: ActivationSpec | None = None
) -> SideContent:
    """The activation (or its slope) of the layer that the argument belongs to, where it is not said."""
    if isinstance(value, Matrix):
        of_an_entry = partial(_activation, parser, function, slope=slope, start=start, spec=spec)
        rows = [[of_an_entry(entry) for entry in row] for row in value.rows]
        return Matrix(tuple(tuple(entry for entry in row if isinstance(entry, Expr)) for row in rows))
    spec = spec or _spec_at(parser, function, value)
    if spec is None and function == "f" and parser.spelling.only:
        return parser.shaped(matrices.applied, parser.spelling.only + "'" * slope, [value])
    if spec is None:
        if parser.tex:
            raise General
        raise parser.error("it is not clear which activation this is", "write its name: sigmoid'(z1_1)", start)
    if spec.expression is not None:
        formula = substitute(spec.expression, {"z": value})
        return formula if not slope else _slope(parser, spec.expression, value, start)
    if spec.name == "identity":
        return ONE if slope else value
    if spec.name == "softmax":
        raise parser.error("softmax is an activation of a whole layer", "", start)
    return parser.shaped(matrices.applied, spec.name + "'" * slope, [value, *_given(spec)])


def _spec_at(parser: Parser, function: str, value: Expr) -> ActivationSpec | None:
    """The activation at a weighted input; elsewhere the only one of this name that the network has."""
    kinds = parser.spelling.called(function)
    if isinstance(value, Name) and parser.spelling.knows(value.name):
        found = parser.spelling.activation_at(parser.spelling.word(value.name))
        if found in kinds or (function == "f" and not parser.spelling.is_own_activation("f")):
            return found
    curved = {spec for spec in kinds if spec.name not in ("identity", "softmax")} or kinds  # no f is written for those
    return next(iter(curved)) if len(curved) == 1 else None


def _slope(parser: Parser, formula: Expr, at: Expr, start: int) -> Expr:
    """The slope of an activation of the author's own, of which ``formula`` is in z, at a value."""
    if isinstance(at, Name):
        return Derivative(substitute(formula, {"z": at}), at.name)
    if sum(1 for _ in walk(formula)) + sum(1 for _ in walk(at)) > MAX_OF_A_SLOPE:
        raise parser.error("the slope of so long an expression cannot be checked", "", start)
    return substitute(slope_of(formula, "z"), {"z": at})
