"""The functions of the grammar, one entry each.

An entry states the formula, the derivative by the first argument *as a book states it* (``a`` in it is
the function's own value: a(1 - a) for the sigmoid), the name of its rule, its domain and its kinks. A
primitive has no formula; it is computed by :mod:`derive.arithmetic.numbers` and Arb. Adding a function is adding an
entry; the tests hold each stated derivative against ``sympy.diff``.

Sources: Goodfellow, Bengio, Courville, *Deep Learning* (2016), section 6.3 (relu, leaky relu, sigmoid, tanh,
softplus); Clevert et al. 2016 (elu); Hendrycks and Gimpel 2016 (gelu); Elfwing et al. 2018 (silu).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

from flint import arb, fmpq

from derive.arithmetic.elementary import LARGEST_EXPONENT, exponential, logarithm, quotient, square_root, squared
from derive.arithmetic.numbers import as_ball, beside_zero, decided_sign, is_zero, with_residue_of
from derive.arithmetic.outcomes import Undecided
from derive.arithmetic.precision import is_tracing
from derive.arithmetic.reals import Real, Value
from derive.expressions.tree import ONE, ZERO, Call, Constant, Expr, Name, Number, call, exp, ln, sqrt

z, a, slope, alpha = Name("z"), Name("a"), Name("slope"), Name("alpha")
Compute = Callable[..., Value]
BALL_ONE = arb(1)
HALF = fmpq(1, 2)
SATURATING = arb(30)
SATURATED = arb(1 - 2**-43)
FAR_OUT_NORMAL = arb(8)
FAR_OUT_ERROR = fmpq(11, 2)


@dataclass(frozen=True, slots=True)
class Piece:
    """One branch of a function with kinks: where it applies, the formula and the slope there.

    ``side`` is the sign of the first argument on this branch (-1, 0, 1).
    """

    side: int
    formula: Expr
    derivative: Expr


@dataclass(frozen=True, slots=True)
class Function:
    """A function of one argument and perhaps parameters.

    Attributes:
        formals: names of argument and parameters, as the formulas use them.
        defaults: values of trailing parameters that may be left out.
        formula: in the formals; None for a primitive or a piecewise function.
        derivative: by the first formal, in the formals and ``a``; None where ``pieces`` say it.
        rule: the name of the differentiation rule, a key of the wording.
        pieces: the branches of a function with a kink or jump at 0, left to right.
        slope: a way to the number of the derivative, from the first argument and the value, that loses no digits where
            the stated one does (1 - a of a saturated sigmoid).
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
    compute: Compute | None = None
    slope: Compute | None = None
    tex: str = ""
    variadic: bool = False
    internal: bool = False

    @property
    def kinked(self) -> bool:
        """Whether the slope jumps at 0 (or, for ``min`` and ``max``, at a tie)."""
        return bool(self.pieces) or self.variadic


def _sigmoid(value: Value) -> Value:
    if type(value) is fmpq and not value:
        return HALF
    ball = as_ball(value)
    if ball < -SATURATING:
        power = exponential(ball)
        return power / (1 + power)
    power = exponential(-ball)
    return 1 / (1 + power) if ball > SATURATING else BALL_ONE / (BALL_ONE + power)


def _sigmoid_slope(value: Value, a: Value) -> Value:
    return a * (1 - a) if a < SATURATED else a * _sigmoid(-value)


def _tanh(value: Value) -> Value:
    ball = as_ball(value)
    if not abs(ball) > SATURATING:
        return value if is_zero(value) else ball.tanh()
    power = squared(exponential(-abs(ball)))
    size = (1 - power) / (1 + power)
    return size if ball > 0 else -size


def _tanh_slope(value: Value, a: Value) -> Value:
    if not abs(as_ball(value)) > SATURATING:
        return 1 - a * a
    power = squared(exponential(-abs(as_ball(value))))
    return 4 * power / squared(1 + power)


def _softplus(value: Value) -> Value:
    """ln(1 + exp z); far right it is z and the tiny ln(1 + exp(-z))."""
    if not value > SATURATING:
        return logarithm(1 + exponential(value))
    small = logarithm(1 + exponential(-value))
    if is_tracing() and not value > LARGEST_EXPONENT:
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
two, ten = Number(fmpq(2)), Number(fmpq(10))


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
    Function("tanh", derivative=1 - a**2, rule="hyperbolic_tangent", compute=_tanh, slope=_tanh_slope,
             tex=r"\tanh"),
    Function("sigmoid", formula=1 / (1 + exp(-z)), derivative=a * (1 - a), rule="sigmoid", compute=_sigmoid,
             slope=_sigmoid_slope, tex=r"\sigma"),
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
    Function("relu", rule="relu", tex=r"\operatorname{ReLU}",
             pieces=(Piece(-1, ZERO, ZERO), Piece(0, ZERO, Name("relu_at_zero")), Piece(1, z, ONE))),
    Function("leaky_relu", formals=("z", "slope"), defaults=_parameter(slope=fmpq(1, 100)), rule="leaky_relu",
             tex=r"\operatorname{LReLU}",
             pieces=(Piece(-1, slope * z, slope),
                     Piece(0, ZERO, slope + Name("relu_at_zero") * (1 - slope)), Piece(1, z, ONE))),
    Function("elu", formals=("z", "alpha"), defaults=_parameter(alpha=fmpq(1)), rule="elu",
             tex=r"\operatorname{ELU}",
             pieces=(Piece(-1, alpha * (exp(z) - 1), alpha * exp(z)),
                     Piece(0, ZERO, alpha + Name("relu_at_zero") * (1 - alpha)), Piece(1, z, ONE))),
    Function("abs", rule="absolute_value", compute=_magnitude, tex=r"\lvert {} \rvert",
             pieces=(Piece(-1, -z, -ONE), Piece(0, ZERO, ZERO), Piece(1, z, ONE))),
    Function("sign", rule="sign", compute=_sign, tex=r"\operatorname{sign}",
             pieces=(Piece(-1, -ONE, ZERO), Piece(0, ZERO, ZERO), Piece(1, ONE, ZERO))),
    Function("step", rule="step", compute=_step, tex=r"\operatorname{step}",
             pieces=(Piece(-1, ZERO, ZERO), Piece(0, ONE, ZERO), Piece(1, ONE, ZERO))),
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
