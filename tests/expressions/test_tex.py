"""Formulas as a good book sets them: the look, the order, the meaning."""

import re
from itertools import pairwise

import pytest
from hypothesis import assume, given, settings

from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.expressions.evaluate import evaluate
from derive.expressions.grammar import parse
from derive.expressions.print_tex import broken, pieces, substituted, tex, width
from derive.expressions.tree import Derivative, Name, names_in, walk
from derive.expressions.widths import wider
from tests.support.expressions.tex_reader import MisreadError, value_of_tex
from tests.support.expressions.trees import points, tame_trees, trees

NOTATION = {
    "yhat": r"\hat y", "w1": "w^{1}_{41}", "w2": "w^{2}_{14}", "x1": "x_1", "x3": "x_3", "a1": "a^{1}_4",
    "alpha": r"\alpha", "hours": r"\mathrm{hours}", "v'": "v'", "dE/dy": r"\frac{\partial E}{\partial y}",
}  # fmt: skip


def name(key):
    """The names of these tests."""
    return NOTATION.get(key, key)


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("1/(1 + exp(-z))", r"\frac{1}{1 + e^{-z}}"),
        ("w1*x1 + w2*x3 + b", r"w^{1}_{41}x_1 + w^{2}_{14}x_3 + b"),
        ("-x^2", "-x^{2}"),
        ("(-x)^2", "(-x)^{2}"),
        ("(-x)*y", "(-x)y"),
        ("x*(-y)", "x(-y)"),
        ("a - (-b)", "a - (-b)"),
        ("a - (b - c)", "a - (b - c)"),
        ("(a + b) + c", "(a + b) + c"),
        ("-(-a)", "-(-a)"),
        ("2*x", "2x"),
        ("x*2", r"x \cdot 2"),
        ("2*3", r"2 \cdot 3"),
        ("2*(1/3)", r"2 \cdot \frac{1}{3}"),
        ("1/2*(yhat - t)^2", r"\frac{1}{2}(\hat y - t)^{2}"),
        ("1e-3*x", r"1 \times 10^{-3} \cdot x"),
        ("0.10*x", "0.10x"),
        ("alpha*x", r"\alpha x"),
        ("hours*x", r"\mathrm{hours}\,x"),
        ("a*(1 - a)", "a(1 - a)"),
        ("(yhat - t)*w2*(a1*(1 - a1))*x3", r"(\hat y - t)\; w^{2}_{14}\; a^{1}_4(1 - a^{1}_4)\; x_3"),
        ("-(t*ln(yhat) + (1 - t)*ln(1 - yhat))", r"-[t \ln \hat y + (1 - t) \ln(1 - \hat y)]"),
        ("ln(x)*y", r"\ln x \cdot y"),
        ("ln(x)^2", r"(\ln x)^{2}"),
        ("tanh(z)^2", r"\tanh^{2} z"),
        ("1 - tanh(z + 1)^2", r"1 - \tanh^{2}(z + 1)"),
        ("tanh(z)^0.5", r"(\tanh z)^{0.5}"),
        ("(-tanh(z))^2", r"(-\tanh z)^{2}"),
        ("(-tanh(z + 1))^2", r"(-\tanh(z + 1))^{2}"),
        ("log2(x) + log10(x + 1)", r"\log_{2} x + \log_{10}(x + 1)"),
        ("w1^2", r"(w^{1}_{41})^{2}"),
        ("v'^2", "(v')^{2}"),
        ("sqrt(x)^3", r"(\sqrt{x})^{3}"),
        ("sqrt(x^2 + 1)", r"\sqrt{x^{2} + 1}"),
        ("(1/x)^2", r"\left( \frac{1}{x} \right)^{2}"),
        ("dE/dy*2", r"\frac{\partial E}{\partial y} \cdot 2"),
        ("2*dE/dy", r"2 \cdot \frac{\partial E}{\partial y}"),
        ("abs(x)", r"\lvert x \rvert"),
        ("abs(x/y)", r"\left\lvert \frac{x}{y} \right\rvert"),
        ("max(0, 1 - t*yhat)", r"\max(0, 1 - t\hat y)"),
        ("sigmoid(x/y)", r"\sigma\!\left( \frac{x}{y} \right)"),
        ("sigmoid(z)*(1 - sigmoid(z))", r"\sigma(z)(1 - \sigma(z))"),
        ("relu'(x)", r"\operatorname{ReLU}'(x)"),
        ("exp(-z^2/2)", r"e^{-z^{2}/2}"),
        ("x^(1/2)", "x^{1/2}"),
        ("exp(x)^2", "(e^{x})^{2}"),
        ("exp(a + b + c + d + w1 + w2 + x1)", r"\exp(a + b + c + d + w^{1}_{41} + w^{2}_{14} + x_1)"),
        ("exp(-(w1*x1 + w2*x3 + b))", r"e^{-(w^{1}_{41}x_1 + w^{2}_{14}x_3 + b)}"),
        ("e^x*pi", r"e^{x}\pi"),
        ("a/b/c", r"\frac{\frac{a}{b}}{c}"),
    ],
)
def test_look(text, shown):
    """The same formula as in print."""
    assert shown == tex(parse(text, marks=True), name)


VALUES = {"w": "-0.0477", "v": "0.0885", "x": "7", "y": "-3", "b": "0", "s": r"4.5 \times 10^{-5}"}


def value(key, brackets):
    """A number in brackets as the position asks, or with the other sign."""
    shown = VALUES[key]
    negative = shown.startswith("-")
    if brackets == "negated":
        return shown[1:] if negative else f"-{shown}"
    wanted = {
        "never": False,
        "first": False,
        "negative": negative,
        "base": negative or "times" in shown,
        "always": True,
    }
    return f"({shown})" if wanted[brackets] else shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("w*x + v*y + b", "(-0.0477)(7) + (0.0885)(-3) + 0"),
        ("x - y", "7 - (-3)"),
        ("y - x", "-3 - 7"),
        ("x + y", "7 + (-3)"),
        ("-y", "-(-3)"),
        ("2*x", "2(7)"),
        ("x*2*y", "(7)(2)(-3)"),
        ("w*(x*(1 - x))*y", "(-0.0477)(7)(1 - 7)(-3)"),
        ("x/y", r"\frac{7}{-3}"),
        ("(x - y)/2", r"\frac{7 - (-3)}{2}"),
        ("y^2 - x^2", "(-3)^{2} - 7^{2}"),
        ("s^2 + s", r"(4.5 \times 10^{-5})^{2} + 4.5 \times 10^{-5}"),
        ("1/(1 + exp(-y))", r"\frac{1}{1 + e^{3}}"),
        ("exp(-x)", "e^{-7}"),
        ("ln(x)", r"\ln(7)"),
        ("abs(y)", r"\lvert -3 \rvert"),
        ("sqrt(x)", r"\sqrt{7}"),
        ("max(0, w*x)", r"\max(0, (-0.0477)(7))"),
        ("x", "7"),
        ("y", "-3"),
        ("-x*y", "-(7)(-3)"),
        ("1/2*(x - y)^2", r"\frac{1}{2}(7 - (-3))^{2}"),
    ],
)
def test_numbers_put_in(text, shown):
    """Negatives in brackets, factors in brackets, a lone number without."""
    assert shown == substituted(parse(text), value)


def test_derivatives_to_be_taken():
    """One name: d. Several: the derivative is partial."""
    assert tex(Derivative(parse("1 + exp(-z)"), "z")) == r"\frac{d}{dz}[1 + e^{-z}]"
    assert tex(Derivative(parse("y/z"), "z")) == r"\frac{\partial}{\partial z}\left[ \frac{y}{z} \right]"
    assert tex(Derivative(parse("z"), "z"), partial=True) == r"\frac{\partial}{\partial z}[z]"
    assert tex(Derivative(parse("-(x*(1 - x))"), "x"), partial=False) == r"\frac{d}{dx}[-x(1 - x)]"
    assert tex(Derivative(parse("-(x + x*(1 - x))"), "x")) == r"\frac{d}{dx}\bigl[-[x + x(1 - x)]\bigr]"
    assert tex(3 * Derivative(parse("alpha"), "alpha"), name) == r"3 \cdot \frac{d}{d\alpha}[\alpha]"


@given(trees())
def test_order_and_braces(tree):
    """Names appear in the author's order, once each time; braces and brackets are balanced."""
    shown = tex(tree, lambda key: f"<{key}>")
    assert [e.name for e in walk(tree) if isinstance(e, Name)] == re.findall("<(.)>", shown)
    assert shown.count("{") == shown.count("}")
    assert shown.count(r"\left") == shown.count(r"\right")
    assert shown.count(r"\biggl") == shown.count(r"\biggr")


FUNCTIONS = ("exp", "ln", "sqrt", "sin", "cos", "tanh", "sigmoid", "softplus", "abs", "relu", "sign", "step")


def same_value(tree, values, shown, letters):
    """The formula, read by a person, has the tree's value."""
    try:
        exact = evaluate(tree, values)
        read = value_of_tex(shown, letters)
    except (OutsideDomain, Undecided, ValueError, OverflowError, ZeroDivisionError):
        assume(False)
        return
    ours = float(exact.mid()) if hasattr(exact, "mid") else int(exact.numerator) / int(exact.denominator)
    assume(abs(ours) < 1e12)
    assert read == pytest.approx(ours, rel=1e-6, abs=1e-6)


@settings(max_examples=300)
@given(tame_trees(FUNCTIONS), points)
def test_symbols_mean_the_same(tree, values):
    """Someone who reads the printed symbols calculates the same."""
    letters = {key: int(v.numerator) / int(v.denominator) for key, v in values.items()}
    same_value(tree, values, tex(tree), letters)


@settings(max_examples=300)
@given(tame_trees(FUNCTIONS), points)
def test_numbers_mean_the_same(tree, values):
    """Someone who types the printed numbers into a calculator gets the same."""
    letters = {key: int(v.numerator) / int(v.denominator) for key, v in values.items()}

    def shown(key, brackets):
        negative = letters[key] < 0
        inside = brackets == "always" or (negative and brackets != "never")
        return f"({letters[key]})" if inside else str(letters[key])

    same_value(tree, values, substituted(tree, shown), {})


@pytest.mark.parametrize("shown", [r"2\frac{1}{3}", "2 3", "x^{2}^{3}", "x + -y", "x(", "x)"])
def test_the_reader_of_these_tests_notices(shown):
    """Formulas that could be misread are refused by the reader above."""
    with pytest.raises(MisreadError):
        value_of_tex(shown, {"x": 2, "y": 3})


# Width


@pytest.mark.parametrize(
    ("narrow", "wide"),
    [
        ("x", "x + y"),
        (r"\frac{1}{1 + e^{-z}}", r"1 + 1 + e^{-z}"),
        ("x_{123}", "x123"),
        (r"\underbrace{a}_{b}", r"\underbrace{a + b}_{b}"),
        (r"\hat y", "y + y"),
        (r"\left( x \right)", "( x + x )"),
        (r"\text{a}", r"\text{ab}"),
        ("x \\\\ y", "xy"),
    ],
)
def test_width_orders(narrow, wide):
    """More ink across is more width; what stands above each other counts once."""
    assert width(narrow) < width(wide)


def test_width_of_tokens():
    """A number put in later takes the space kept for it."""
    assert width("\x0e12\x0f", token=5.0) == 5.0


NAMES = r"\\mathrm\{([a-z0-9]+)\}|(?<![a-zA-Z\\])([xyacv])(?![a-z])"
LONG = "(" + " + ".join(f"w{i}*x{i}" for i in range(30)) + ")"


@pytest.mark.parametrize(
    "text",
    [LONG[1:-1], f"2*{LONG}*x", f"{LONG}/c", f"1/{LONG}", f"(1/x + {LONG[1:-1]})*y",
     "*".join(f"(1 - a{i})" for i in range(30)), f"-{LONG}", f"{LONG}^2", f"{LONG}/{LONG}",
     f"a + {LONG}*({'*'.join(f'v{i}' for i in range(60))})",
     f"ln{LONG}*a", f"max{LONG.replace(' +', ',')}", f"abs{LONG} - 1/x*abs(1/x - {LONG})"],
)  # fmt: skip
def test_broken_rows_fit(text):
    """A formula too wide for the page is broken into rows that fit, and nothing is lost or moved."""
    tree = parse(text)
    whole = pieces(tree)
    assert "".join(piece.text for piece in whole) == tex(tree)
    rows = broken(whole, 40.0)
    assert len(rows) > 1
    assert max(map(width, rows)) <= 40.0
    order = re.findall(NAMES, " ".join(rows))
    assert [several or one for several, one in order] == [e.name for e in walk(tree) if isinstance(e, Name)]
    for row in rows[1:]:
        assert row.startswith(("{} +", "{} -", r"{} \cdot")) or "max" in text


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("max(softplus(v), sin(x), max(v, v, c))", 12.0),
        ("max(a*b*c*v*x*y, a - b, -c, v)", 6.0),
        ("2*max(a, b, c)*max(x, y, v)*a", 6.0),
    ],
)
def test_a_row_after_a_comma_has_no_sign(text, rows):
    """The rows, read one after another, are the formula: a dot stands where factors meet, and nowhere else."""
    whole = pieces(parse(text))
    found = [row.rstrip() for row in broken(whole, rows)]
    assert any(before.endswith(",") for before in found)
    for before, row in pairwise(found):
        assert row.startswith("{}") == (not before.endswith(","))
    marks = re.compile(r"[\s{}]|\\[,;]|\\cdot")
    assert marks.sub("", "".join(found)) == marks.sub("", tex(parse(text)))


def test_arguments_on_rows_of_their_own():
    """A dot between the arguments of a maximum would be another, false line."""
    assert broken(pieces(parse("2*max(ln(x*y), -c, x)*c")), 7.0) == (r"2 \max(\ln(xy), ", "-c, x)c")


@given(trees())
def test_what_is_wider_is_seen_from_its_start(tree):
    """The quick question and the whole measure agree."""
    shown = tex(tree, name)
    for most in (5.0, 11.0, 28.0):
        assert wider(shown, most) == (width(shown) > most)


def test_what_fits_stays_on_one_row():
    """Nothing is broken without need."""
    assert broken(pieces(parse("a + b*(c + d)")), 40.0) == ("a + b(c + d)",)
    assert broken(["\\frac{1}{2}"], 0.1) == ("\\frac{1}{2}",)


def test_breaks_before_outer_signs_first():
    """A short product in a sum stays together."""
    rows = broken(pieces(parse("a*b*c + d*f*g + h*k*l")), 4.0)
    assert rows == ("abc", "{} + dfg", "{} + hkl")


def test_long_trees():
    """Ten thousand terms and a hundred levels are set without trouble."""
    assert tex(parse(" + ".join(["x"] * 10_000))).count("+") == 9_999
    assert tex(parse("sin(" * 100 + "x" + ")" * 100)).count(r"\sin") == 100
    assert len(names_in(parse(LONG))) == 60
