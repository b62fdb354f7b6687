"""The functions of the grammar, one entry each.

An entry states the formula, the derivative by the first argument *as a book states it* (``a`` in it is
the function's own value: a(1 - a) for the sigmoid), the name of its rule, its domain and its kinks. A
primitive has no formula; it is computed by :mod:`derive.arithmetic.numbers` and Arb. Adding a function is adding an
entry; the tests hold each stated derivative against ``sympy.diff``.

Sources: Goodfellow, Bengio, Courville, *Deep Learning* (2016), section 6.3 (relu, leaky relu, sigmoid, tanh,
softplus); Clevert et al. 2016 (elu); Hendrycks and Gimpel 2016 (gelu); Elfwing et al. 2018 (silu); Howard et al. 2019
(hard sigmoid, hard swish); Collobert 2004 (hard tanh); Krizhevsky 2010 (relu6); Misra 2020 (mish); Turian et al. 2009
(softsign). The hard ones are as in PyTorch: the kinks of the hard sigmoid are at -3 and 3.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import field
from types import MappingProxyType
from typing import cast

from flint import arb, fmpq

from derive.arithmetic.elementary import MAX_ARGUMENT_OF_EXP, exponential, logarithm, quotient, square_root, squared
from derive.arithmetic.numbers import as_ball, beside_zero, decided_sign, is_zero, with_residue_of
from derive.arithmetic.outcomes import Undecided
from derive.arithmetic.precision import is_tracing
from derive.arithmetic.reals import Real, Value
from derive.expressions.reckon import reckoned
from derive.expressions.tree import (
    ONE,
    ZERO,
    Call,
    Constant,
    Expr,
    Name,
    Negative,
    Number,
    Quotient,
    call,
    exp,
    ln,
    names_in,
    plus,
    sqrt,
    substitute,
    times,
    walk,
)
from derive.records import record

z, a, slope, alpha = Name("z"), Name("a"), Name("slope"), Name("alpha")
low, high = Name("low"), Name("high")
RELU_AT_ZERO = Name("relu_at_zero")
"""The convention of a spec in the formulas of slopes: 0 takes the slope outside of a kink, 1 the one inside."""
Compute = Callable[..., Value]
BALL_ONE = arb(1)
HALF = fmpq(1, 2)
SATURATING = arb(30)
FAR_OUT_NORMAL = arb(8)
FAR_OUT_ERROR = fmpq(11, 2)


@record
class Piece:
    """One branch of a function with kinks: its formula and its slope, in the formals."""

    formula: Expr
    derivative: Expr


@record
class Kink:
    """Where two branches of a function meet.

    The slope there is a choice: the outer branch's slope, and ``share`` of what the inner branch's slope has more.

    Attributes:
        at: the first argument there: a rational number, or a formula of the parameters.
        inner: the side of the inner branch: 1 the right, -1 the left one. A ReLU6 is flat outside of 0 and 6.
        share: the convention of the spec, or a number where it says nothing (the absolute value has slope 0 at 0).
        value: the function's value there where the branches jump; None where they meet.
    """

    at: Expr = ZERO
    inner: int = 1
    share: Expr = RELU_AT_ZERO
    value: Expr | None = None


@record
class Function:
    """A function of one argument and perhaps parameters.

    Attributes:
        formals: names of argument and parameters, as the formulas use them.
        defaults: values of trailing parameters that may be left out.
        formula: in the formals; None for a primitive or a piecewise function.
        derivative: by the first formal, in the formals and ``a``; None where ``pieces`` say it.
        rule: the name of the differentiation rule, a key of the wording.
        pieces: the branches of a function with kinks or jumps, left to right.
        kinks: where each two neighbours of them meet, left to right.
        turns: where a branch stops to rise or fall. Between kinks and turns a function rises or falls throughout, and
            so does its slope between kinks.
        compute: the value of a primitive; of a function with a formula, a quicker way to the same value.
        tex: the TeX of the name; ``{}`` stands for the argument where it is no prefix.
        variadic: takes two or more arguments (``min``, ``max``).
        internal: cannot be written in a spec; it appears in formulas of other entries.
    """

    name: str
    formals: tuple[str, ...] = ("z",)
    defaults: Mapping[str, fmpq] = field(default_factory=lambda: MappingProxyType({}))
    formula: Expr | None = None
    derivative: Expr | None = None
    rule: str = ""
    pieces: tuple[Piece, ...] = ()
    kinks: tuple[Kink, ...] = ()
    turns: tuple[fmpq, ...] = ()
    compute: Compute | None = None
    tex: str = ""
    variadic: bool = False
    internal: bool = False

    @property
    def kinked(self) -> bool:
        """Whether its slope jumps somewhere, or that of a function in its formula (for ``min``, ``max``: at a tie)."""
        if self.pieces or self.variadic:
            return True
        calls = (part for part in walk(self.formula or ZERO) if isinstance(part, Call))
        return any(FUNCTIONS[part.function].kinked for part in calls)

    @property
    def straight(self) -> bool:
        """Whether all branches are straight lines: the slopes depend on the parameters only."""
        return bool(self.pieces) and not any(self.formals[0] in names_in(piece.derivative) for piece in self.pieces)

    @property
    def places(self) -> tuple[Piece, ...]:
        """Branches and kinks in turn, from the left: what the function and its slope are there, in the formals."""
        found: list[Piece] = list(self.pieces[:1])
        for k, after in enumerate(self.pieces[1:]):
            found += [self._at(k), after]
        return tuple(found)

    def _at(self, k: int) -> Piece:
        """Value and slope at a kink, in the parameters and by the convention."""
        kink = self.kinks[k]
        there = {self.formals[0]: kink.at}
        left_formula, right_formula = (piece.formula for piece in self.pieces[k : k + 2])
        here = right_formula if self.formals[0] in names_in(left_formula) else left_formula
        value = kink.value if kink.value is not None else reckoned(substitute(here, there))
        left, right = self.one_sided(k)
        outer, inner = (left, right) if kink.inner > 0 else (right, left)
        more = reckoned(plus(inner, *(() if outer == ZERO else (-outer,))))
        return Piece(value, outer if more == ZERO else reckoned(plus(outer, _portion(kink.share, more))))

    def one_sided(self, k: int) -> tuple[Expr, Expr]:
        """The slopes of the branches left and right of a kink (counted from 0) where they meet, in the parameters."""
        there = {self.formals[0]: self.kinks[k].at}
        left, right = (reckoned(substitute(piece.derivative, there)) for piece in self.pieces[k : k + 2])
        return left, right


def _portion(share: Expr, whole: Expr) -> Expr:
    """``share`` of a slope, as it is written: relu_at_zero/6 and not relu_at_zero·(1/6)."""
    match whole:
        case Negative(operand=operand):
            return -_portion(share, operand)
        case Quotient(numerator=top, denominator=bottom):
            return Quotient(times(share, top), bottom)
        case _:
            return times(share, whole)


def formula_of(call: Call) -> Expr | None:
    """The formula of a function with the arguments of a call put in; None for one that has none."""
    entry = FUNCTIONS[call.function]
    return None if entry.formula is None else substitute(entry.formula, arguments_of(call))


def arguments_of(call: Call) -> dict[str, Expr]:
    """What the formals of a function stand for in a call of it, or of its slope; parameters left out by default."""
    entry = FUNCTIONS[call.function.removesuffix("'")]
    given = [*call.arguments, *map(Number, list(entry.defaults.values())[len(call.arguments) - 1 :])]
    return dict(zip(entry.formals, given, strict=True))


def _sigmoid(value: Value) -> Value:
    if type(value) is arb and abs(value) < SATURATING:  # by far the most
        return cast(Value, BALL_ONE / (BALL_ONE + (-value).exp()))
    if type(value) is fmpq and not value:
        return HALF
    ball = as_ball(value)
    if abs(ball) < SATURATING:
        middle: Value = BALL_ONE / (BALL_ONE + (-ball).exp())
        return middle
    if ball < -SATURATING:
        power = exponential(ball)
        return power / (1 + power)
    if ball > SATURATING:
        return 1 / (1 + exponential(-ball))
    return cast(Value, BALL_ONE / (BALL_ONE + (-ball).exp()))  # neither too large nor far out


def _tanh(value: Value) -> Value:
    ball = as_ball(value)
    if not abs(ball) > SATURATING:
        return value if is_zero(value) else ball.tanh()
    power = squared(exponential(-abs(ball)))
    size = (1 - power) / (1 + power)
    return size if ball > 0 else -size


def _softplus(value: Value) -> Value:
    """ln(1 + exp z); far right it is z and the tiny ln(1 + exp(-z))."""
    if not value > SATURATING:
        return logarithm(1 + exponential(value))
    small = logarithm(1 + exponential(-value))
    if is_tracing() and not value > MAX_ARGUMENT_OF_EXP:
        small = with_residue_of(logarithm(1 + exponential(value)) - value, small)
    return small + value


def _ball(method: str) -> Compute:
    """A primitive that is 0 at 0 and otherwise Arb's method of that name."""

    def compute(value: Value) -> Value:
        if type(value) is fmpq and value == 0:
            return value
        result: Real = getattr(as_ball(value), method)()
        if not result.is_finite():
            raise Undecided
        return result

    return compute


def _even_ball(method: str) -> Compute:
    """A primitive that is 1 at 0 (cos, cosh) and otherwise Arb's method of that name."""

    def compute(value: Value) -> Value:
        return fmpq(1) if type(value) is fmpq and value == 0 else getattr(as_ball(value), method)()

    return compute


def _log_base(base: int) -> Compute:
    def compute(value: Value) -> Value:
        if type(value) is fmpq and value > 0:
            exact = _exact_log(value, base)
            if exact is not None:
                return fmpq(exact)
        return quotient(logarithm(value, f"log{base}"), as_ball(fmpq(base)).log())

    return compute


def _exact_log(value: fmpq, base: int) -> int | None:
    top, bottom = value.numerator, value.denominator
    whole, sign = (top, 1) if bottom == 1 else (bottom, -1)
    if (top if sign < 0 else bottom) != 1:
        return None
    exponent = len(str(whole)) - 1 if base == 10 else int(whole).bit_length() - 1
    return sign * exponent if whole == base**exponent else None


def _normal_cdf(value: Value) -> Value:
    if is_zero(value):
        return fmpq(1, 2)
    if value > FAR_OUT_NORMAL:
        return 1 - _normal_cdf(-value)
    return complementary_error(-as_ball(value) / as_ball(fmpq(2)).sqrt()) / 2


def complementary_error(value: Value) -> Value:
    """1 - erf(u): beside 0 far to the right, beside 2 far to the left."""
    if value < -FAR_OUT_ERROR:
        return 2 - complementary_error(-value)
    tail = as_ball(value).erfc()
    return beside_zero(tail) if value > FAR_OUT_ERROR else tail


def _normal_pdf(value: Value) -> Value:
    return exponential(-squared(as_ball(value)) / 2) / (2 * arb.pi()).sqrt()


def _magnitude(value: Value) -> Value:
    return value if decided_sign(value, "on which side of 0 the argument of abs is") >= 0 else -value


def _sign(value: Value) -> Value:
    return fmpq(decided_sign(value, "on which side of 0 the argument of sign is"))


def _step(value: Value) -> Value:
    return fmpq(1 if decided_sign(value, "on which side of 0 the argument of step is") >= 0 else 0)


def _extreme(name: str, direction: int) -> Compute:
    def compute(*values: Value) -> Value:
        best = values[0]
        for value in values[1:]:
            if decided_sign(value - best, f"which argument of {name} it is") * direction > 0:
                best = value
        return best

    return compute


sigmoid, tanh, cos, sin, cosh, sinh, tan = (call(n) for n in ("sigmoid", "tanh", "cos", "sin", "cosh", "sinh", "tan"))
cdf, pdf = call("normal_cdf"), call("normal_pdf")
softplus, absolute = call("softplus"), call("abs")
two, three, six, ten = (Number(fmpq(n)) for n in (2, 3, 6, 10))
half = Quotient(ONE, two)


def _parameter(**values: fmpq) -> Mapping[str, fmpq]:
    return MappingProxyType(values)


_ENTRIES = (
    Function("exp", derivative=exp(z), rule="exponential", compute=exponential, tex=r"\exp"),
    Function("ln", derivative=1 / z, rule="logarithm", compute=logarithm, tex=r"\ln"),
    Function("log", derivative=1 / z, rule="logarithm", compute=logarithm, tex=r"\ln"),
    Function("log2", derivative=1 / (z * ln(2)), rule="logarithm_base", compute=_log_base(2), tex=r"\log_{2}"),
    Function("log10", derivative=1 / (z * ln(10)), rule="logarithm_base", compute=_log_base(10), tex=r"\log_{10}"),
    Function("sqrt", derivative=1 / (2 * sqrt(z)), rule="root", compute=square_root, tex=r"\sqrt{{{}}}"),
    Function("sin", derivative=cos(z), rule="sine", compute=_ball("sin"), tex=r"\sin"),
    Function("cos", derivative=-sin(z), rule="cosine", compute=_even_ball("cos"), tex=r"\cos"),
    Function("tan", derivative=1 / cos(z) ** 2, rule="tangent", compute=_ball("tan"), tex=r"\tan"),
    Function("sinh", derivative=cosh(z), rule="hyperbolic_sine", compute=_ball("sinh"), tex=r"\sinh"),
    Function("cosh", derivative=sinh(z), rule="hyperbolic_cosine", compute=_even_ball("cosh"), tex=r"\cosh"),
    Function("tanh", derivative=1 - a**2, rule="hyperbolic_tangent", compute=_tanh, tex=r"\tanh"),
    Function("sigmoid", formula=1 / (1 + exp(-z)), derivative=a * (1 - a), rule="sigmoid", compute=_sigmoid,
             tex=r"\sigma"),
    Function("softplus", formula=ln(1 + exp(z)), derivative=sigmoid(z), rule="softplus", compute=_softplus,
             tex=r"\operatorname{softplus}"),
    Function("silu", formula=z * sigmoid(z), derivative=sigmoid(z) * (1 + z * (1 - sigmoid(z))), rule="silu",
             tex=r"\operatorname{silu}"),
    Function("gelu", formula=z * cdf(z), derivative=cdf(z) + z * pdf(z), rule="gelu",
             tex=r"\operatorname{gelu}"),
    Function("normal_cdf", derivative=pdf(z), rule="normal_distribution", compute=_normal_cdf, tex=r"\Phi",
             internal=True),
    Function("normal_pdf", derivative=-(z * pdf(z)), rule="normal_density", compute=_normal_pdf, tex=r"\varphi",
             internal=True),
    Function("mish", formula=z * tanh(softplus(z)),
             derivative=tanh(softplus(z)) + z * (1 - tanh(softplus(z)) ** 2) * sigmoid(z), rule="mish",
             tex=r"\operatorname{mish}"),
    Function("softsign", formula=z / (1 + absolute(z)), derivative=1 / (1 + absolute(z)) ** 2, rule="softsign",
             tex=r"\operatorname{softsign}"),
    Function("relu", rule="relu", tex=r"\operatorname{ReLU}",
             pieces=(Piece(ZERO, ZERO), Piece(z, ONE)), kinks=(Kink(),)),
    Function("leaky_relu", formals=("z", "slope"), defaults=_parameter(slope=fmpq(1, 100)), rule="leaky_relu",
             tex=r"\operatorname{LReLU}", pieces=(Piece(slope * z, slope), Piece(z, ONE)), kinks=(Kink(),)),
    Function("elu", formals=("z", "alpha"), defaults=_parameter(alpha=fmpq(1)), rule="elu",
             tex=r"\operatorname{ELU}",
             pieces=(Piece(alpha * (exp(z) - 1), alpha * exp(z)), Piece(z, ONE)), kinks=(Kink(),)),
    Function("relu6", rule="relu6", tex=r"\operatorname{ReLU6}",
             pieces=(Piece(ZERO, ZERO), Piece(z, ONE), Piece(six, ZERO)), kinks=(Kink(), Kink(six, inner=-1))),
    Function("hard_sigmoid", rule="hard_sigmoid", tex=r"\operatorname{hardsigmoid}",
             pieces=(Piece(ZERO, ZERO), Piece(z / 6 + Quotient(ONE, two), Quotient(ONE, six)), Piece(ONE, ZERO)),
             kinks=(Kink(-three), Kink(three, inner=-1))),
    Function("hard_tanh", formals=("z", "low", "high"), defaults=_parameter(low=fmpq(-1), high=fmpq(1)),
             rule="hard_tanh", tex=r"\operatorname{hardtanh}",
             pieces=(Piece(low, ZERO), Piece(z, ONE), Piece(high, ZERO)), kinks=(Kink(low), Kink(high, inner=-1))),
    Function("hard_swish", rule="hard_swish", tex=r"\operatorname{hardswish}",
             pieces=(Piece(ZERO, ZERO), Piece(Quotient(z * (z + 3), six), Quotient(2 * z + 3, six)), Piece(z, ONE)),
             kinks=(Kink(-three), Kink(three, inner=-1)), turns=(fmpq(-3, 2),)),
    Function("clip", formals=("z", "low", "high"), rule="clip", tex=r"\operatorname{clip}",
             pieces=(Piece(low, ZERO), Piece(z, ONE), Piece(high, ZERO)),
             kinks=(Kink(low, share=half), Kink(high, inner=-1, share=half))),
    Function("abs", rule="absolute_value", compute=_magnitude, tex=r"\lvert {} \rvert",
             pieces=(Piece(-z, -ONE), Piece(z, ONE)), kinks=(Kink(share=half),)),
    Function("sign", rule="sign", compute=_sign, tex=r"\operatorname{sign}",
             pieces=(Piece(-ONE, ZERO), Piece(ONE, ZERO)), kinks=(Kink(value=ZERO),)),
    Function("step", rule="step", compute=_step, tex=r"\operatorname{step}",
             pieces=(Piece(ZERO, ZERO), Piece(ONE, ZERO)), kinks=(Kink(value=ONE),)),
    Function("min", formals=("z",), rule="minimum", compute=_extreme("min", -1), tex=r"\min", variadic=True),
    Function("max", formals=("z",), rule="maximum", compute=_extreme("max", 1), tex=r"\max", variadic=True),
)  # fmt: skip

FUNCTIONS: Mapping[str, Function] = MappingProxyType({entry.name: entry for entry in _ENTRIES})
CONSTANTS: Mapping[str, Callable[[], arb]] = MappingProxyType({"pi": arb.pi, "e": arb.const_e})
"""Computed at the current precision."""

PI, E = Constant("pi"), Constant("e")


def derivative_at(function: str, *arguments: Expr) -> Call:
    """The derivative of a function at an argument, unexpanded: ``relu'(z1_1)``."""
    return Call(function + "'", arguments)
