"""What the grammar reads, what it refuses, where it points, and that nothing hurts it."""

import ast
import operator
import sys
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
from flint import fmpq
from hypothesis import assume, example, given
from hypothesis import strategies as st

from derive.expressions.evaluate import evaluate
from derive.expressions.grammar import ExpressionError, exact, parse
from derive.expressions.print_text import ascii as plain
from derive.expressions.tree import Call, Constant, Name, Negative, Number, Power, Product, Quotient, Sum, names_in
from tests.support.expressions.trees import trees
from tests.support.limits import quickly

a, b, c, d, x = (Name(letter) for letter in "abcdx")
one, two, three = (Number(fmpq(n)) for n in (1, 2, 3))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a + b - c", Sum((a, b, Negative(c)))),
        ("(a + b) + c", Sum((Sum((a, b)), c))),
        ("a + (b + c)", Sum((a, Sum((b, c))))),
        ("b*a*c", Product((b, a, c))),
        ("a*(b*c)", Product((a, Product((b, c))))),
        ("a*b/c*d", Product((Quotient(Product((a, b)), c), d))),
        ("a/b/c", Quotient(Quotient(a, b), c)),
        ("a/(b/c)", Quotient(a, Quotient(b, c))),
        ("-x^2", Negative(Power(x, two))),
        ("(-x)^2", Power(Negative(x), two)),
        ("-a*b", Negative(Product((a, b)))),
        ("-a/b", Negative(Quotient(a, b))),
        ("a*-b", Product((a, Negative(b)))),
        ("a - -b", Sum((a, Negative(Negative(b))))),
        ("--a", Negative(Negative(a))),
        ("+a", a),
        ("a + +b", Sum((a, b))),
        ("a^b^c", Power(a, Power(b, c))),
        ("a**b**c", Power(a, Power(b, c))),
        ("a^-b", Power(a, Negative(b))),
        ("2^-3^2", Power(two, Negative(Power(three, two)))),
        ("((((a))))", a),
        ("max(a, b, c)", Call("max", (a, b, c))),
        ("leaky_relu(x, 2)", Call("leaky_relu", (x, two))),
        ("leaky_relu(x)", Call("leaky_relu", (x,))),
        ("e^x*pi", Product((Power(Constant("e"), x), Constant("pi")))),
        (" a\n+\tb ", Sum((a, b))),
        ("E*I - lambda", Sum((Product((Name("E"), Name("I"))), Negative(Name("lambda"))))),
    ],
)  # fmt: skip
def test_reads(text, tree):
    """The tree is the one that a mathematician reads, in the author's order, with the author's brackets."""
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("0.1", fmpq(1, 10)),
        ("0.10", fmpq(1, 10)),
        (".5", fmpq(1, 2)),
        ("4.", fmpq(4)),
        ("1e-3", fmpq(1, 1000)),
        ("2.5E+2", fmpq(250)),
        ("0e10000", fmpq(0)),
        ("1e10000", fmpq(10**10000)),
        ("9" * 1000, fmpq(10**1000 - 1)),
        ("3.141592653589793238462643383279", fmpq(3141592653589793238462643383279, 10**30)),
    ],
)
def test_numbers_are_exact_and_keep_their_spelling(written, value):
    """A decimal is the rational it is, never a binary float."""
    read = parse(written)
    assert isinstance(read, Number)
    assert (value, written) == (read.value, read.written)
    assert value == exact(written)


def test_own_names_win():
    """A value called ``e``, ``pi``, ``exp`` or ``dx`` is that value."""
    own = {"e", "pi", "exp", "dx", "x"}
    assert parse("e*pi*exp*dx", names=own) == Product((Name("e"), Name("pi"), Name("exp"), Name("dx")))
    assert parse("dE/dx", names=own, marks=True) == Quotient(Name("dE"), Name("dx"))


def test_an_own_name_is_never_a_function_too():
    """``exp(x)`` with a value ``exp`` says so."""
    with pytest.raises(ExpressionError, match="'exp' is a quantity here") as caught:
        parse("2*exp(x)", names={"exp", "x"})
    assert caught.value.position == 2


def test_a_call_in_marks_mode():
    """Slopes of functions and the names of quantities with all their marks are read whole."""
    read = parse("dE/dw2_1_1@3*w1_4_3' + z1_4[2] - relu'(z1_1)/∂yhat/∂z2_1", marks=True)
    product, name, last = read.terms
    assert product == Product((Name("dE/dw2_1_1@3"), Name("w1_4_3'")))
    assert name == Name("z1_4[2]")
    assert last == Negative(Quotient(Call("relu'", (Name("z1_1"),)), Name("dyhat/dz2_1")))


def test_delta_is_no_derivative():
    """``delta1_4/dz`` divides a delta."""
    assert parse("delta1_4/dz", marks=True) == Quotient(Name("delta1_4"), Name("dz"))


@pytest.mark.parametrize(
    ("text", "position", "words"),
    [
        ("", 0, "no expression"),
        ("   ", 0, "no expression"),
        ("2x", 1, "2*x"),
        ("2.5w1", 3, "2.5*w1"),
        ("3(a + b)", 1, "3*(...)"),
        ("(a)(b)", 3, "(...)*(...)"),
        ("(a)b", 3, "*b"),
        ("a b", 2, "write *"),
        ("a + * b", 4, "missing before '*'"),
        ("* b", 0, "missing before '*'"),
        ("a + ", 4, "ends too early"),
        ("a ^", 3, "ends too early"),
        ("(a + b", 0, "not closed"),
        ("a + b)", 5, "not opened"),
        ("()", 1, "missing before ')'"),
        ("exp()", 4, "missing before ')'"),
        ("max(a,,b)", 6, "missing before ','"),
        ("a, b", 1, "comma"),
        ("(1,5)", 2, "0.5"),
        ("sigmod(x)", 0, "did you mean 'sigmoid'"),
        ("Exp(x)", 0, "did you mean 'exp'"),
        ("f(x)", 0, "unknown function 'f'"),
        ("normal_cdf(x)", 0, "unknown function"),
        ("1 + exp(a, b)", 4, "one argument, not 2"),
        ("leaky_relu(a, b, c)", 0, "1 or 2 arguments, not 3"),
        ("max(a)", 0, "two or more"),
        ("α*x", 0, "alpha"),
        ("x + ŷ", 4, "yhat"),
        ("naïve", 2, "write i"),
        ("a × b", 2, "write *"),
        ("a − b", 2, "write -"),
        ("x²", 1, "^2"),
        ("√2", 0, "sqrt"),
        ("_a", 0, "'_'"),
        ("a = b", 2, "right side"),
        ("a[1]", 1, "round brackets"),
        ("{a}", 0, "round brackets"),
        ("a.b", 1, "unexpected character '.'"),
        ("a;b", 1, "unexpected"),
        ("a\x00", 1, "U+0000"),
        ("\ufeffa", 0, "U+FEFF"),
        ("a\u202eb", 1, "U+202E"),
        ("w1'", 2, "unexpected"),
        ("__import__('os').getpid()", 0, "'_'"),
        ("lambda: 0", 6, "unexpected"),
        ("1e99999", 0, "exponent is too large"),
        ("1e-10001", 0, "exponent is too large"),
        ("x^10001", 1, "exponent is too large"),
        ("x^-10001", 1, "exponent is too large"),
        ("x^(2*-6000)", 1, "exponent is too large"),
        ("x^(1e5)", 1, "exponent is too large"),
        ("x^10^5", 1, "exponent is too large"),
        ("x + (10^10000)^10000", 14, "100,000 digits"),
        ("(9^9999)^9999", 8, "100,000 digits"),
        ("(-(2*10^9999))^100", 14, "100,000 digits"),
        ("9^9^9^9", 3, "exponent is too large"),
        ("1" * 1001, 0, "1,000 digits"),
        ("0." + "1" * 1000, 0, "1,000 digits"),
    ],
)  # fmt: skip
def test_says_what_is_wrong_where(text, position, words):
    """One message: the problem, the column, the mend."""
    with pytest.raises(ExpressionError) as caught:
        parse(text)
    assert words in f"{caught.value.problem} {caught.value.hint}"
    assert position == caught.value.position


def test_a_function_without_argument():
    """A function's name alone is a slip where the names are known."""
    with pytest.raises(ExpressionError, match="'sigmoid' has no argument"):
        parse("z*sigmoid", names={"z"})
    assert parse("z*sigmoid", names={"z", "sigmoid"}) == Product((Name("z"), Name("sigmoid")))


@pytest.mark.parametrize(
    "text",
    [
        "(" * 100 + "x" + ")" * 100,
        "sin(" * 100 + "x" + ")" * 100,
        "-" * 100 + "x",
        "x^" * 100 + "x",
        "1/" * 100 + "x",
        " + ".join(f"w{i}*x{i}" for i in range(10_000)),
        "max(" + ", ".join("x" * 100) + ")",
        "(10^10000)^9",
        "(x^10000)^10000",
        "x^10000",
        "x^(-10000)",
        "x^(" * 100 + "x" + ")" * 100,
        "exp(-(" * 50 + "x" + "))" * 50,
        "2*(" * 49 + "x" + " + 1)" * 49 + "^2",
    ],
)
def test_reads_up_to_the_limits(text):
    """What the limits allow is read, printed and read again."""
    read = parse(text)
    assert read == parse(plain(read))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("(" * 101 + "x" + ")" * 101, "100 deep"),
        ("sin(" * 101 + "x" + ")" * 101, "100 deep"),
        ("-" * 101 + "x", "100 deep"),
        ("x^" * 101 + "x", "100 deep"),
        ("1/" * 101 + "x", "100 deep"),
        ("x/" * 40_000 + "x", "100 deep"),
        ("x^" * 40_000 + "x", "100 deep"),
        ("max(" + ", ".join("x" * 101) + ")", "100 arguments"),
        ("x" + "+x" * 10_000, "10,000 terms"),
        ("x" + "-x" * 1_000_000, "10,000 terms"),
        ("x" + "*x" * 1_000_000, "numbers and names"),
        ("(" * 3_000_000, "100 deep"),
        (")" * 3_000_000, "not opened"),
        ("sin(" * 900_000, "100 deep"),
        ("-" * 3_000_000, "terms"),
        ("*" * 3_000_000, "missing"),
        ("1" * 3_000_000, "digits"),
        ("1 " * 1_500_000, "no sign"),
        ("." * 3_000_000, "unexpected"),
        (" " * 3_000_000, "no expression"),
        ("\x00" * 3_000_000, "unexpected"),
        ("é" * 3_000_000, "ASCII"),
        ("a" * 3_000_000 + "(x)", "unknown function"),
        ("x" * 5_000_000, "characters"),
        ("d" * 1_000_000 + "/" * 1_000_000, "missing"),
        ("dx/" * 1_000_000, "numbers and names"),
    ],
)  # fmt: skip
def test_megabytes_of_garbage(text, words):
    """Bad input of any size is refused in a moment, and the message stays short."""

    def refused() -> ExpressionError:
        with pytest.raises(ExpressionError) as caught:
            parse(text, marks="d" in text)
        return caught.value

    error = quickly(refused, 2)
    assert words in f"{error.problem} {error.hint}"
    assert len(error.problem) < 200


def test_a_tower_is_refused_at_the_power_that_is_one_too_many() -> None:
    """It is built from the top, so that the hundred and first power from there is the one."""
    with pytest.raises(ExpressionError, match="100 deep") as caught:
        parse("x^" * 150 + "x")
    assert caught.value.position == 2 * (150 - 101) + 1


def test_brackets_use_up_little_of_the_stack() -> None:
    """Four calls for each of them and one for what is in it: a reader deep in another program's calls is read, too."""
    limit, used = sys.getrecursionlimit(), 0
    frame = sys._getframe()
    while frame is not None:
        frame, used = frame.f_back, used + 1
    sys.setrecursionlimit(used + 560)
    try:
        assert parse("x^(" * 50 + "sin(" * 50 + "x" + ")" * 100)
    finally:
        sys.setrecursionlimit(limit)


@given(st.text(alphabet=" xyE019.+-*/^()',@[]_ed∂α\n", max_size=60), st.booleans())
@example("1e", False)
@example("dE/dE'(", True)
def test_any_text_is_read_or_refused(text, marks):
    """No text brings another exception, and a position lies in the text."""
    problem, position = "", 0
    try:
        parse(text, marks=marks)
    except ExpressionError as error:
        problem, position = error.problem, error.position
    assert 0 <= position <= len(text)
    assert len(problem) < 200


@given(trees())
def test_round_trip(tree):
    """What is printed is read as the same tree."""
    assert parse(plain(tree)) == tree


@given(trees())
def test_no_bracket_too_many(tree):
    """Without any one pair of its brackets the text is another tree, or no expression."""
    text = plain(tree)
    for start, end in _grouping_brackets(text):
        without = text[:start] + text[start + 1 : end] + text[end + 1 :]
        try:
            assert parse(without) != tree
        except ExpressionError:
            continue


def _grouping_brackets(text):
    """The pairs of brackets that are not those of a call and not kept for the eye (``a^(-b)``, ``-(-a)``)."""
    opened, pairs = [], []
    for i, character in enumerate(text):
        if character == "(":
            opened.append(i)
        elif character == ")":
            start = opened.pop()
            called = start > 0 and (text[start - 1].isalnum() or text[start - 1] == "_")
            if not called and text[start + 1] != "-":
                pairs.append((start, i))
    return pairs


@pytest.mark.parametrize(
    ("written", "ascii_text"),
    [
        ("η*∂E/∂w1_11", "eta*dE/dw1_11"),
        ("𝜕L/𝜕b1_1@3", "dL/db1_1@3"),
        ("w1_11′ − α·δ2_1", "w1_11' - alpha*delta2_1"),
        ("∂ŷ/∂z2_1", "dyhat/dz2_1"),
        ("y\u0302 × μ", "yhat*mu"),
        ("σ(z1_1)*(1 - σ(z1_1))", "sigmoid(z1_1)*(1 - sigmoid(z1_1))"),
        ("σ'(z1_1)", "sigmoid'(z1_1)"),
    ],
)
def test_quantities_are_read_in_every_spelling(written: str, ascii_text: str) -> None:
    assert parse(written, marks=True) == parse(ascii_text, marks=True)


@pytest.mark.parametrize("written", ["sigma'(z)", "σ'(z)", "σ′( z )"])
def test_the_slope_of_an_activation_at_z_is_one_name(written: str) -> None:
    (name,) = names_in(parse(f"{written}*2", marks=True))
    assert name.replace(" ", "") == "sigma'(z)"


def test_the_slope_at_a_quantity_z_is_a_call() -> None:
    assert parse("relu'(z)", names={"z"}, marks=True) == Call("relu'", (Name("z"),))


@pytest.mark.parametrize("written", ["η", "σ(x)", "sigma(x)", "2 − 1", "2·x", "∂E/∂x"])
def test_a_spec_is_written_in_ascii(written: str) -> None:
    with pytest.raises(ExpressionError):
        parse(written, names={"x", "E"})


def test_the_place_of_a_mistake_is_counted_in_the_text_as_written() -> None:
    with pytest.raises(ExpressionError) as caught:
        parse("η*∂E/∂w1_11 + §", marks=True)
    assert caught.value.position == 14


LEAVES = st.sampled_from(("1", "2", "3", "0.5", "7"))
FORMULAS = st.recursive(
    LEAVES,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from(("+", "-", "*", "/", " - ", " + ")), inner).map("".join),
        st.tuples(st.sampled_from(("-", "+", "--")), inner).map("".join),
        st.tuples(inner, st.sampled_from(("^2", "^-1", "^-2^2", "^+3", "^0"))).map("".join),
        inner.map("({})".format),
    ),
    max_leaves=12,
)


@given(FORMULAS)
def test_signs_hold_as_in_python(text: str) -> None:
    """The grammar of Python, read by Python's own parser, is another route to what binds more tightly."""
    try:
        expected = by_python(ast.parse(text.replace("^", "**"), mode="eval").body)
    except ArithmeticError:
        assume(False)
    assume(abs(expected.numerator) < 10**300 and expected.denominator < 10**300)
    assert evaluate(parse(text), {}) == fmpq(expected.numerator, expected.denominator)


def by_python(node: ast.expr) -> Fraction:
    """The value of a calculation as Python's parser groups it."""
    match node:
        case ast.Constant(value=value):
            return Fraction(str(value))
        case ast.UnaryOp(op=op, operand=operand):
            return -by_python(operand) if isinstance(op, ast.USub) else by_python(operand)
        case ast.BinOp(left=left, op=op, right=right):
            one, other = by_python(left), by_python(right)
            if isinstance(op, ast.Pow) and (other.denominator != 1 or abs(other) > 50):
                raise ArithmeticError(f"{one} ** {other}")
            return Fraction(OPERATORS[type(op)](one, other))
    raise AssertionError(node)


OPERATORS: dict[type[ast.operator], Callable[[Fraction, Fraction], Any]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Pow: operator.pow,
}
