"""The vocabulary: each stated derivative against ``sympy.diff``, each value against an outside library."""

import random
from itertools import pairwise

import mpmath
import pytest
import sympy
from flint import arb, fmpq

from derive.arithmetic.precision import precision
from derive.expressions.evaluate import compiled, slope_of, value_of
from derive.expressions.functions import FUNCTIONS
from derive.expressions.reckon import fraction
from derive.expressions.sympy_bridge import symbol, to_sympy
from derive.expressions.tree import Call, Name, substitute
from derive.ops import ACTIVATIONS, LOSSES
from derive.ops.shortcuts import SHORTCUTS

DIGITS = 40
NARROW = {
    "log": (0.1, 5),
    "ln": (0.1, 5),
    "log2": (0.1, 5),
    "log10": (0.1, 5),
    "sqrt": (0.1, 5),
    "tan": (-1, 1),
    "hard_sigmoid": (-6, 6),
    "hard_swish": (-6, 6),
    "relu6": (-6, 12),
}
PARAMETERS = {"clip": (fmpq(-1, 2), fmpq(5, 4))}
"""Of functions whose parameters have no default."""
PLAIN = sorted(name for name, f in FUNCTIONS.items() if not f.variadic)


def points(name, count=6):
    """Random rational arguments inside the function's domain, away from 0."""
    low, high = NARROW.get(name, (-3, 3))
    chance = random.Random(name)
    found = [fmpq(round(chance.uniform(low, high) * 1000), 1000) for _ in range(count)]
    return [p for p in found if p != 0]


def parameters(name):
    """Numbers for the parameters of a function: the defaults where it has them."""
    return PARAMETERS.get(name) or tuple(FUNCTIONS[name].defaults.values())


def called(name):
    """The function at z."""
    return Call(name, (Name("z"), *map(fraction, PARAMETERS.get(name, ()))))


def close(ball, reference):
    """The ball agrees with a SymPy number to 30 digits."""
    difference = arb(ball) - arb(str(sympy.N(reference, DIGITS)))
    return abs(difference) < arb("1e-30")


@pytest.mark.parametrize("name", PLAIN)
def test_value_is_the_formula(name):
    """The computed value is the SymPy expression's."""
    function = FUNCTIONS[name]
    extra = parameters(name)
    expression = to_sympy(called(name))
    with precision(200):
        for point in points(name):
            expected = expression.subs(symbol("z"), sympy.Rational(str(point)))
            assert close(value_of(function)(point, *extra), expected), (name, point)


@pytest.mark.parametrize("name", PLAIN)
def test_stated_derivative_is_that_of_sympy(name):
    """What the entry states as the derivative is what ``sympy.diff`` finds, away from kinks."""
    function = FUNCTIONS[name]
    extra = parameters(name)
    slope = sympy.diff(to_sympy(called(name)), symbol("z"))
    with precision(200):
        for point in points(name):
            expected = slope.subs(symbol("z"), sympy.Rational(str(point))).doit()
            assert close(slope_of(function)(point, *extra), expected), (name, point)


@pytest.mark.parametrize(
    ("name", "share", "expected"),
    [
        ("relu", fmpq(0), fmpq(0)),
        ("relu", fmpq(1, 2), fmpq(1, 2)),
        ("relu", fmpq(1), fmpq(1)),
        ("leaky_relu", fmpq(0), fmpq(1, 100)),
        ("leaky_relu", fmpq(1, 2), fmpq(101, 200)),
        ("elu", fmpq(0), fmpq(1)),
        ("abs", fmpq(1), fmpq(0)),
        ("sign", fmpq(1), fmpq(0)),
        ("step", fmpq(1), fmpq(0)),
    ],
)
def test_slope_at_a_kink_is_the_convention(name, share, expected):
    """``relu_at_zero`` says where between the slopes a kink's slope lies; abs, sign and step have 0."""
    function = FUNCTIONS[name]
    assert slope_of(function, share)(fmpq(0), *function.defaults.values()) == expected


def test_step_and_sign_at_zero():
    """step(0) = 1, sign(0) = 0."""
    assert value_of(FUNCTIONS["step"])(fmpq(0)) == 1
    assert value_of(FUNCTIONS["sign"])(fmpq(0)) == 0


@pytest.mark.parametrize("name", sorted(LOSSES))
def test_loss_slope_is_that_of_sympy(name):
    """The stated derivative of each loss by the output is ``sympy.diff`` of its term."""
    loss = LOSSES[name]
    chance = random.Random(name)
    parameters = {p: sympy.Rational(str(v)) for p, v in loss.parameters.items()}
    slope = sympy.diff(to_sympy(loss.term), symbol("yhat"))
    formals = ("yhat", "t", *loss.parameters)
    stated = compiled(loss.derivative, formals)
    for _ in range(8):
        yhat = fmpq(chance.randint(5, 95), 100) * (1 if loss.targets in ("unit", "weights") else chance.choice((-3, 4)))
        t = fmpq(chance.choice((-1, 1))) if loss.targets == "signs" else fmpq(chance.randint(1, 99), 100)
        put = {symbol("yhat"): sympy.Rational(str(yhat)), symbol("t"): sympy.Rational(str(t))}
        put |= {symbol(p): v for p, v in parameters.items()}
        with precision(200):
            assert close(stated(yhat, t, *loss.parameters.values()), slope.subs(put).doit()), (yhat, t)


@pytest.mark.parametrize("name", sorted(n for n, loss in LOSSES.items() if loss.branches))
def test_branches_are_the_loss(name):
    """The branches that a document shows are the loss and its slope, on every side and on the kink."""
    loss = LOSSES[name]
    formals = ("yhat", "t", *loss.parameters)
    relations = {"<": lambda d: d < 0, "<=": lambda d: d <= 0, "=": lambda d: d == 0, ">": lambda d: d > 0}
    extra = tuple(loss.parameters.values())
    met = set()
    for yhat in (fmpq(-3), fmpq(-1), fmpq(0), fmpq(1, 2), fmpq(1), fmpq(5)):
        for t in (fmpq(-1), fmpq(1)):
            at = (yhat, t, *extra)
            for i, branch in enumerate(loss.branches):
                if relations[branch.relation](compiled(branch.left - branch.right, formals)(*at)):
                    met.add(i)
                    assert compiled(branch.term, formals)(*at) == compiled(loss.term, formals)(*at)
                    assert compiled(branch.derivative, formals)(*at) == compiled(loss.derivative, formals)(*at)
                    break
            else:
                pytest.fail(f"no branch for {at}")
    assert met == set(range(len(loss.branches)))


@pytest.mark.parametrize("pair", sorted(pair for pair, entry in SHORTCUTS.items() if entry.lines))
def test_every_line_of_a_simplification_is_equal(pair):
    """Each line of the derivation of ŷ - t has the same value as the one before."""
    entry = SHORTCUTS[pair]
    outputs, targets = ("y1", "y2", "y3"), ("t1", "t2", "t3")
    values = {
        "y1": fmpq(1, 5),
        "y2": fmpq(3, 10),
        "y3": fmpq(1, 2),
        "t1": fmpq(1, 4),
        "t2": fmpq(1, 2),
        "t3": fmpq(1, 4),
    }
    names = tuple(values)
    for unit in range(3):
        lines = entry.lines(unit, outputs, targets)
        results = [compiled(line, names)(*values.values()) for line in lines]
        assert len(lines) > 2
        assert len(set(map(str, results))) == 1, results


def test_activations_state_their_functions():
    """Every activation but identity and softmax is a function of the grammar."""
    for name, entry in ACTIVATIONS.items():
        assert (entry.function is None) == (name in {"identity", "softmax"})
        if entry.function:
            assert entry.function is FUNCTIONS[name]


def test_a_wrong_slope_would_be_caught():
    """The comparison itself can fail: sigma' = a(1 - a) with 2.001 in place of 1 is seen."""
    wrong = substitute(FUNCTIONS["sigmoid"].derivative, {"a": Name("a")}) * fmpq(2001, 1000)
    slope = sympy.diff(to_sympy(Call("sigmoid", (Name("z"),))), symbol("z")).subs(symbol("z"), 1)
    with precision(200):
        a = value_of(FUNCTIONS["sigmoid"])(fmpq(1))
        assert not close(compiled(wrong, ("a",))(a), slope)


def hard(z, low, high):
    return min(max(z, mpmath.mpf(low)), mpmath.mpf(high))


OUTSIDE = {
    "relu6": lambda z: hard(z, 0, 6),
    "hard_sigmoid": lambda z: hard(z + 3, 0, 6) / 6,
    "hard_tanh": lambda z: hard(z, -1, 1),
    "hard_swish": lambda z: z * hard(z + 3, 0, 6) / 6,
    "clip": lambda z: hard(z, mpmath.mpf(-1) / 2, mpmath.mpf(5) / 4),
    "mish": lambda z: z * mpmath.tanh(mpmath.log1p(mpmath.exp(z))),
    "softsign": lambda z: z / (1 + abs(z)),
}
"""The functions as other libraries define them, in mpmath."""
SHIFTS = (fmpq(-73, 10), fmpq(-1, 1000), fmpq(1, 1000), fmpq(21, 10))
"""From a kink: to other branches, and close to it."""


@pytest.mark.parametrize("name", OUTSIDE)
def test_values_and_slopes_are_those_of_mpmath(name):
    """On every branch, close to every kink and on it (where the value is no choice)."""
    function, extra = FUNCTIONS[name], parameters(name)
    kinks = [fmpq(0), fmpq(-1, 2), fmpq(5, 4), *map(fmpq, (-3, -1, 1, 3, 6))]
    with precision(200), mpmath.workdps(45):
        for point in [kink + shift for kink in kinks for shift in SHIFTS]:
            z = mpmath.mpf(int(point.numerator)) / int(point.denominator)
            assert abs(arb(value_of(function)(point, *extra)) - arb(str(OUTSIDE[name](z)))) < arb("1e-30")
            slope = mpmath.diff(OUTSIDE[name], z, h=mpmath.mpf("1e-18"))
            assert abs(arb(slope_of(function)(point, *extra)) - arb(str(slope))) < arb("1e-10"), (name, point)
        for kink in kinks:
            exact = OUTSIDE[name](mpmath.mpf(int(kink.numerator)) / int(kink.denominator))
            assert abs(arb(value_of(function)(kink, *extra)) - arb(str(exact))) < arb("1e-30")


@pytest.mark.parametrize(
    ("name", "at", "slopes"),
    [
        ("relu6", (0, 6), (0, 0)),
        ("hard_tanh", (-1, 1), (0, 0)),
        ("hard_sigmoid", (-3, 3), (0, 0)),
        ("hard_swish", (-3, 3), (0, 1)),
    ],
)
def test_slopes_on_kinks_are_those_of_the_frameworks_by_default(name, at, slopes):
    """PyTorch 2.13, Keras and JAX agree on these (JAX has slope 1 at ±1 for the hard tanh)."""
    function = FUNCTIONS[name]
    extra = function.defaults.values()
    assert tuple(slope_of(function)(fmpq(z), *extra) for z in at) == slopes


@pytest.mark.parametrize("share", [fmpq(0), fmpq(1, 2), fmpq(1)])
@pytest.mark.parametrize("name", sorted(n for n, f in FUNCTIONS.items() if f.pieces))
def test_a_slope_on_a_kink_lies_between_its_sides(name, share):
    """Close to a kink the slopes are those that the remark names; the convention is between them."""
    function, extra = FUNCTIONS[name], parameters(name)
    slope = slope_of(function, share)
    with precision(200):
        for k, kink in enumerate(function.kinks):
            at = compiled(kink.at, function.formals)(fmpq(0), *extra)
            sides = [compiled(side, function.formals)(at, *extra) for side in function.one_sided(k)]
            for near, side in zip((at - fmpq(1, 10**12), at + fmpq(1, 10**12)), sides, strict=True):
                assert abs(arb(slope(near, *extra)) - arb(side)) < arb("1e-10")
            assert min(sides) <= slope(at, *extra) <= max(sides)


@pytest.mark.parametrize("name", sorted(n for n, f in FUNCTIONS.items() if f.pieces))
def test_between_kinks_and_turns_a_function_and_its_slope_are_monotone(name):
    """Interval arithmetic takes their ends for their span."""
    function, extra = FUNCTIONS[name], parameters(name)
    ats = [compiled(kink.at, function.formals)(fmpq(0), *extra) for kink in function.kinks]
    for compute, marks in ((value_of(function), sorted([*ats, *function.turns])), (slope_of(function), ats)):
        for low, high in pairwise([marks[0] - 5, *marks, marks[-1] + 5]):
            inside = [compute(low + (high - low) * fmpq(i, 21), *extra) for i in range(1, 21)]
            signs = {(b > a) - (b < a) for a, b in pairwise(inside)}
            assert not {-1, 1} <= signs, (name, low, high)
