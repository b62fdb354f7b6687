"""The network in SymPy: everything prints and is a function, and SymPy alone finds every number that we print."""

from __future__ import annotations

import math
import pickle
from fractions import Fraction
from pathlib import Path

import mpmath
import pytest
import sympy

import derive
from derive.equations.as_sympy import MAX_COMPOSED, SymbolicNetwork
from tests.support.repository import ROOT

SPECS = sorted([*(ROOT / "examples").glob("*.toml"), *(ROOT / "tests" / "published").glob("*.toml")])
SEQUENTIAL = "sequential_handout"
WORKED = 80
PRINTED = 30
MOST_ITERATIONS = 7


def by_stem(path: Path) -> str:
    return path.stem


def loaded(path: Path) -> derive.Network:
    network = derive.load(path)
    assert isinstance(network, derive.Network)
    return network


@pytest.fixture(scope="module", params=SPECS, ids=by_stem)
def network(request: pytest.FixtureRequest) -> derive.Network:
    return loaded(request.param)


def test_every_formula_prints_and_is_a_function(network: derive.Network) -> None:
    """LaTeX of each in the author's notation; the same number from ``math`` as from ``mpmath`` and from SymPy."""
    symbolic = network.sympy()
    sides = [*symbolic.equations, *symbolic.steps]
    for equation in sides:
        assert isinstance(equation, sympy.Equality)
        shown = symbolic.latex(equation)
        assert " = " in shown
        assert "w_{1 1" not in shown  # SymPy's own reading of our names
    formulas = [equation.rhs for equation in sides]
    arguments = sorted(set().union(*(formula.free_symbols for formula in formulas)), key=str)
    numbers = [Fraction(1 + k % 7, 9) for k in range(len(arguments))]  # inside every domain
    exact = {a: sympy.Rational(n.numerator, n.denominator) for a, n in zip(arguments, numbers, strict=True)}
    expected = [complex(formula.evalf(25, subs=exact)) for formula in formulas]
    for modules, number in (("mpmath", lambda n: mpmath.mpf(n.numerator) / n.denominator), ("math", float)):
        together = sympy.lambdify(arguments, formulas, modules)(*map(number, numbers))
        assert all(abs(complex(f) - e) <= 1e-9 * (1 + abs(e)) for f, e in zip(together, expected, strict=True))
        known = {str(a): v for a, v in exact.items() if str(a) in network.graph.leaves}
        composed = symbolic.composed()
        own = sorted(composed.free_symbols, key=str)
        found = sympy.lambdify(own, composed, modules)(
            *(number(Fraction(int(known[str(a)].p), int(known[str(a)].q))) for a in own)
        )
        for node, formula in symbolic.nodes.items():
            known[str(node)] = formula.evalf(25, subs={a: known[str(a)] for a in formula.free_symbols})
        assert abs(complex(found) - complex(known[network.output])) <= 1e-9
        for formula, value in zip(formulas[-3:], expected[-3:], strict=True):  # and each by itself
            own = sorted(formula.free_symbols, key=str)
            found = sympy.lambdify(own, formula, modules)(*(number(numbers[arguments.index(a)]) for a in own))
            assert abs(complex(found) - value) <= 1e-9 * (1 + abs(value))


def test_sides_and_names(network: derive.Network) -> None:
    """Left sides are derivatives of the output; right sides name what is known before."""
    symbolic = network.sympy()
    output = symbolic.symbols[network.output]
    late = {f"{name}'" for name in network.trained}
    known = {*symbolic.symbols.values(), *symbolic.named}
    done: set[sympy.Basic] = set()
    for step in symbolic.steps:
        assert isinstance(step.lhs, sympy.Derivative)
        assert step.lhs.expr == output
        used = {s for s in step.rhs.free_symbols if str(s) not in late}
        assert used <= known
        assert {symbolic.named[s] for s in used if s in symbolic.named} <= done
        done.add(step.lhs)
    assert {step.lhs.variables[0] for step in symbolic.steps} >= {symbolic.symbols[n] for n in network.parameters}


def test_no_two_names_look_alike(network: derive.Network) -> None:
    symbolic = network.sympy()
    symbols = [*symbolic.symbols.values(), *symbolic.named]
    assert len({sympy.latex(symbol) for symbol in symbols}) == len(set(symbols)) == len(symbols)


@pytest.mark.parametrize("path", [path for path in SPECS if path.stem != SEQUENTIAL], ids=by_stem)
def test_sympy_alone_finds_every_number(path: Path) -> None:
    """Forward, backward and update by SymPy's substitution from the numbers of the spec: the printed 30 digits."""
    network = loaded(path)
    symbolic = network.sympy()
    result = derive.derive(network, digits=PRINTED)
    new: dict[sympy.Symbol, sympy.Expr] = {}
    velocity: dict[str, sympy.Expr] = {}
    for k, rows in enumerate(result._numbers.batches[:MOST_ITERATIONS], 1):
        gradients: list[dict[str, sympy.Expr]] = []
        for row in rows:
            numbers = {**symbolic.values(row), **new}
            for node, formula in symbolic.nodes.items():
                numbers[node] = substituted(formula, numbers, network)
            if row == rows[0]:
                for name, printed in result.values(k).items():
                    assert_printed(numbers[symbolic.symbols[name]], printed, f"{name} in iteration {k}")
            gradients.append(backward(symbolic, numbers, network))
            for name, gradient in gradients[-1].items():
                (printed,) = result.sample_gradients(f"{name}[{row}]", k)
                assert_printed(gradient, printed.value, f"{printed.name} in iteration {k}")
        divisor = len(rows) if network.spec.training.reduction == "mean" else 1
        rate = network.spec.training.learning_rate
        for name in network.parameters:
            batch = sum(g[name] for g in gradients) / sympy.Integer(divisor)
            assert_printed(batch, result.gradient(name, k).value, f"{name} in iteration {k}")
            if rate is not None and name in network.trained:
                symbol = symbolic.symbols[name]
                old = new.get(symbol, symbolic.values()[symbol])
                if network.optimizer.name == "momentum":
                    past = sympy.Rational(dict(network.spec.training.optimizer.parameters)["momentum"].text)
                    batch = velocity[name] = kept(past * velocity.get(name, sympy.S.Zero) + batch)
                new[symbol] = kept(old - sympy.Rational(rate.text) * batch)
                assert_printed(new[symbol], result.updated(k)[name], f"new {name} in iteration {k}")


def backward(
    symbolic: SymbolicNetwork, numbers: dict[sympy.Symbol, sympy.Expr], network: derive.Network
) -> dict[str, sympy.Expr]:
    """The gradients of one row, each from its own step."""
    by_name = {derivative.variables[0]: symbol for symbol, derivative in symbolic.named.items()}
    found: dict[str, sympy.Expr] = {}
    for step in symbolic.steps:
        of = step.lhs.variables[0]
        found[str(of)] = substituted(step.rhs, numbers, network)
        if of in by_name:
            numbers[by_name[of]] = found[str(of)]
    return found


def substituted(formula: sympy.Expr, numbers: dict[sympy.Symbol, sympy.Expr], network: derive.Network) -> sympy.Expr:
    """A formula with its numbers put in; the terms of a cross entropy with a factor 0 are 0."""
    targets = {symbol: value for symbol, value in numbers.items() if str(symbol) in network.targets}
    return kept(formula.subs(targets).xreplace(numbers))


def kept(value: sympy.Expr) -> sympy.Expr:
    """A short rational as it is, anything else to 80 digits."""
    if value.is_Rational and max(abs(value.p), value.q) < 10**PRINTED:
        return value
    return value.evalf(WORKED, maxn=4 * WORKED)


def assert_printed(value: sympy.Expr, printed: str, what: str) -> None:
    exact = sympy.Rational(printed.removesuffix("e-300"))
    if exact == 0:
        assert abs(value) < sympy.Rational(1, 10**60), what
    else:
        exact = sympy.Rational(printed)
        assert abs(value - exact) <= abs(exact) / 10 ** (PRINTED - 1), f"{what}: {value} and {printed}"


def test_the_composed_output_is_differentiated_by_sympy(network: derive.Network) -> None:
    """A third route for every example that is small: the composed output, ``sympy.diff``, the numbers put in."""
    if len(network.parameters) > 9 or network.spec.conventions.update_order == "sequential":
        pytest.skip("large, or no gradient of a loss")
    result = derive.derive(network, digits=20)
    symbolic = network.sympy()
    values = symbolic.values()
    for name in network.parameters:
        (first, *_) = result.gradient(name).samples
        composed = symbolic.composed(row=int(result._numbers.batches[0][0]))
        found = composed.diff(symbolic.symbols[name]).subs(values).evalf(25)
        if found.is_real and not composed.has(sympy.Piecewise, sympy.Max, sympy.Min, sympy.Abs):
            assert abs(found - sympy.Rational(first.value)) <= abs(found) / 10**18


def test_order_of_the_author() -> None:
    network = derive.loads('[graph.values]\nx = 2\nb = 3\na = 5\n[graph.nodes]\nf = "x*b - a + b*a*2"\ng = "a - f"')
    symbolic = network.sympy()
    x, b, a, f = (symbolic.symbols[name] for name in "xbaf")
    assert symbolic["f"].args[0].args == (x, b)
    assert symbolic["f"].args[2].args == (b, a, 2)
    assert symbolic.latex(symbolic["f"]) == r"x b - a + b a 2"
    assert symbolic["g"].args == (a, sympy.Mul(-1, f, evaluate=False))
    assert list(symbolic.nodes) == [f, symbolic.symbols["g"]]
    assert symbolic.composed().subs(symbolic.values()) == 5 - (2 * 3 - 5 + 3 * 5 * 2)


def test_names_that_mean_something_to_sympy_or_look_alike() -> None:
    names = ["I", "E", "N", "S", "Q", "O", "beta", "lambda", "x1", "x_1", "zeta"]
    values = "\n".join(f"{name} = {k}" for k, name in enumerate(names, 2))
    network = derive.loads(f'[graph.values]\n{values}\n[graph.nodes]\nf = "{"*".join(names)}"')
    symbolic = network.sympy()
    assert symbolic["f"].subs(symbolic.values()) == math.factorial(len(names) + 1)
    latex = [sympy.latex(symbolic.symbols[name]) for name in names]
    assert len(set(latex)) == len(names)
    function = sympy.lambdify(list(symbolic.values()), symbolic["f"], "math")
    assert function(*range(2, 2 + len(names))) == math.factorial(len(names) + 1)


def test_the_authors_notation() -> None:
    text = (ROOT / "examples" / "three_inputs.toml").read_text("utf-8")
    network = derive.loads(text + '\n[notation]\nnames = {x = "\\\\theta_1", f = "\\\\phi"}\n')
    symbolic = network.sympy()
    assert [sympy.latex(equation) for equation in symbolic.equations] == [r"\phi = \theta_1 y", r"g = \phi + z"]
    assert sympy.latex(symbolic.step("x")) == r"\frac{d}{d \theta_1} g = y"
    plain = derive.loads(text).sympy()
    assert plain.symbols["x"] != symbolic.symbols["x"]
    assert plain.symbols["y"] == symbolic.symbols["y"]


def test_an_equation_stays_one() -> None:
    """A step whose sides SymPy would call equal or different is still shown as an equation."""
    symbolic = derive.loads('[graph.values]\nx = 1\ny = 2\n[graph.nodes]\nf = "x + 0*y"\ng = "f"').sympy()
    for name in ("x", "y", "f"):
        step = symbolic.step(name)
        assert isinstance(step, sympy.Equality)
        assert str(step).startswith(f"Eq(Derivative(g, {name}), ")


def test_kinks_and_ties_follow_the_conventions() -> None:
    text = '[graph.values]\nx = 0\ny = 0\n[graph.nodes]\nf = "relu(x) + 3*max(x, y, x*y)"\n[conventions]\nrelu_at_zero = "1/2"'
    network = derive.loads(text)
    result = derive.derive(network)
    symbolic = network.sympy()
    at = symbolic.values()
    for name in ("x", "y"):
        assert symbolic.step(name).rhs.subs(at) == sympy.Rational(*result.gradient(name).exact.as_integer_ratio())
    assert result.gradient("x").exact == derive.derive(network).gradient("x").exact


def test_a_term_with_a_factor_0_is_left_out_of_the_composed_loss() -> None:
    network = derive.load({
        "network": {"inputs": 1, "loss": "binary_cross_entropy", "layers": [{"units": 1, "weights": [[1]]}]},
        "data": [{"x": [1], "t": [1]}],
    })  # fmt: skip
    symbolic = network.sympy()
    assert symbolic.composed(row=1).subs(symbolic.values()) == 0  # t ln(1), and not 0 ln(0)
    assert len(symbolic.composed().atoms(sympy.log)) == 2


def test_what_is_not_there_is_said() -> None:
    symbolic = loaded(ROOT / "examples" / "xor_batch.toml").sympy()
    for call, words in (
        (lambda: symbolic["w9_9_9"], "2 layers"),
        (lambda: symbolic.step("E"), "the output"),
        (lambda: symbolic.step("t"), "a target"),
        (lambda: symbolic.values(5), "no row 5"),
        (lambda: symbolic.composed(row=0), "no row 0"),
    ):
        with pytest.raises(derive.DeriveError, match=words):
            call()


def test_a_composed_loss_that_would_explode_is_refused() -> None:
    nodes = {"n0": "x*x", **{f"n{k}": f"n{k - 1}*n{k - 1} + n{k - 1}" for k in range(1, 300)}}
    symbolic = derive.load({"graph": {"values": {"x": 0}, "nodes": nodes}}).sympy()
    with pytest.raises(derive.DeriveError, match=f"{MAX_COMPOSED:,} parts"):
        symbolic.composed()
    assert len(symbolic.steps) == 300


def test_a_formula_that_functions_blow_up_is_refused() -> None:
    text = "x"
    for _ in range(40):
        text = f"relu({text})"
    symbolic = derive.load({"graph": {"values": {"x": 1}, "nodes": {"f": text}}}).sympy()
    with pytest.raises(derive.DeriveError, match="as several nodes"):
        symbolic.equations  # noqa: B018


def test_it_is_shown_short() -> None:
    symbolic = loaded(ROOT / "examples" / "pass_or_fail.toml").sympy()
    assert repr(symbolic) == "<SymbolicNetwork 'Will the student pass?': 11 nodes, 34 steps>"
    shown = symbolic._repr_latex_()
    assert shown.startswith("$$\\begin{aligned}")
    assert r"z^{1}_{1} &= w^{1}_{11} x_1 + w^{1}_{12} x_2" in shown
    assert r"\frac{\partial E}{\partial \hat{y}} &=" in shown
    assert shown.count(r"\vdots") == 1  # of 34 steps
    assert len(shown) < 6000


def test_it_can_be_pickled() -> None:
    """SymPy itself evaluates an expression that comes out of a pickle; symbols and the whole are what they were."""
    symbolic = loaded(ROOT / "examples" / "fan_out.toml").sympy()
    for symbol in symbolic.symbols.values():
        again = pickle.loads(pickle.dumps(symbol))  # noqa: S301
        assert again == symbol
        assert sympy.latex(again) == sympy.latex(symbol)
    assert symbolic.steps
    whole = pickle.loads(pickle.dumps(symbolic))  # noqa: S301
    assert whole.equations == symbolic.equations
    assert whole.steps == symbolic.steps
