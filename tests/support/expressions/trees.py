"""Random trees for the property tests: every tree that the grammar can read."""

from flint import fmpq
from hypothesis import strategies as st

from derive.expressions.grammar import exact
from derive.expressions.tree import Call, Constant, Name, Negative, Number, Power, Product, Quotient, Sum

LETTERS = ("x", "y", "z", "w")


def number(written):
    """A number as the grammar reads it."""
    return Number(exact(written), written)


written_numbers = st.sampled_from(["0", "1", "2", "3", "10", "0.5", "0.10", "2.75", "1e-3", "25e2", ".5", "4."])
numbers = written_numbers.map(number)
names = st.sampled_from(LETTERS).map(Name)
leaves = st.one_of(names, names, numbers, st.sampled_from(["pi", "e"]).map(Constant))

SMOOTH = ("exp", "ln", "log", "log2", "log10", "sqrt", "sin", "cos", "tan", "sinh", "cosh", "tanh", "sigmoid",
          "softplus", "gelu", "silu")  # fmt: skip
PIECEWISE = ("relu", "leaky_relu", "elu", "abs", "sign", "step")


def calls(functions, parts):
    """Calls of one argument."""
    return st.builds(lambda f, a: Call(f, (a,)), st.sampled_from(functions), parts)


def trees(functions=SMOOTH + PIECEWISE, leaf=leaves, size=12):
    """Trees over some functions; several terms, factors, nested as they come."""

    def grown(parts):
        several = st.lists(parts, min_size=2, max_size=4).map(tuple)
        return st.one_of(
            several.map(Sum),
            several.map(Product),
            st.builds(Quotient, parts, parts),
            st.builds(Power, parts, st.one_of(parts.filter(lambda p: not isinstance(p, Number)), numbers)),
            parts.map(Negative),
            calls(functions, parts),
            several.map(lambda p: Call("max", p)),
        )

    return st.recursive(leaf, grown, max_leaves=size)


small = st.sampled_from(["1", "2", "3", "0.5"]).map(number)
whole = st.sampled_from(["2", "3", "4"]).map(number)


def tame_trees(functions, size=8):
    """Trees whose values stay within reach of a calculator: whole powers, small numbers."""

    def grown(parts):
        several = st.lists(parts, min_size=2, max_size=3).map(tuple)
        return st.one_of(
            several.map(Sum),
            several.map(Product),
            st.builds(Quotient, parts, parts),
            st.builds(Power, parts, whole),
            parts.map(Negative),
            calls(functions, parts),
        )

    return st.recursive(st.one_of(names, small), grown, max_leaves=size)


points = st.fixed_dictionaries(
    {letter: st.integers(-30, 30).filter(bool).map(lambda n: fmpq(n, 10)) for letter in LETTERS}
)
"""Values for the letters, none of them 0."""
