"""Single tasks, each timed in a process of its own: ``python -m tests.benchmarks.tasks TASK ARGUMENTS``.

The time is that of the CPU. Importing the library is counted, as the first formula of a day pays for it; reading a spec's numbers, which CasADi
and SymPy are not asked to do, is not.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from itertools import pairwise

from tests.benchmarks.networks import layered, named


def symbols(name: str) -> float:
    """Import the library, build the network and derive the gradient of every parameter as an expression."""
    start = time.process_time()
    from derive import network, specification  # noqa: F401
    from derive.equations import chain  # noqa: F401

    return time.process_time() - start + derived(name)


def derived(name: str) -> float:
    """The same without the import."""
    from derive import network, specification
    from derive.equations import chain

    read = specification.loads(layered(named(name)))
    start = time.process_time()
    derivation = chain.derive(network.build(read))
    expressions = [derivation.gradient(parameter) for parameter in derivation.network.parameters]
    taken = time.process_time() - start
    assert len(expressions) == parameters(named(name))
    return taken


def casadi(name: str) -> float:
    """Build the same network of CasADi's SX symbols, and its gradient by all parameters."""
    sizes = named(name)
    start = time.process_time()
    import casadi as ca

    a = ca.SX.sym("x", sizes[0])
    every = []
    for n, (fan_in, units) in enumerate(pairwise(sizes), 1):
        w, b = ca.SX.sym(f"w{n}", units, fan_in), ca.SX.sym(f"b{n}", units)
        every += [ca.vec(w), b]
        a = 1 / (1 + ca.exp(-(w @ a + b)))
    t = ca.SX.sym("t", sizes[-1])
    gradient = ca.gradient(ca.sumsqr(a - t) / 2, ca.vertcat(*every))
    taken = time.process_time() - start
    assert gradient.numel() == parameters(sizes)
    return taken


def sympy_diff(name: str) -> float:
    """The naive way: compose the loss, and differentiate it by each parameter."""
    sizes = named(name)
    start = time.process_time()
    import sympy

    a = [sympy.Symbol(f"x{i}") for i in range(sizes[0])]
    every = []
    for n, (fan_in, units) in enumerate(pairwise(sizes), 1):
        w = [[sympy.Symbol(f"w{n}_{j}_{i}") for i in range(fan_in)] for j in range(units)]
        b = [sympy.Symbol(f"b{n}_{j}") for j in range(units)]
        every += [symbol for row in w for symbol in row] + b
        z = [sum((w[j][i] * a[i] for i in range(fan_in)), b[j]) for j in range(units)]
        a = [1 / (1 + sympy.exp(-unit)) for unit in z]
    loss = sum((unit - sympy.Symbol(f"t{j}")) ** 2 for j, unit in enumerate(a)) / 2
    gradients = [sympy.diff(loss, symbol) for symbol in every]
    taken = time.process_time() - start
    assert len(gradients) == parameters(sizes)
    return taken


def whole(name: str) -> float:
    """From the text of a spec to the report of all gradients as JSON."""
    from derive import network, specification
    from derive.render import gradients as report

    text = layered(named(name))
    start = time.process_time()
    report.gradients_json(network.build(specification.loads(text)), 6)
    return time.process_time() - start


def parameters(sizes: Sequence[int]) -> int:
    """How many weights and biases a network of these sizes has."""
    return sum((fan_in + 1) * units for fan_in, units in pairwise(sizes))


TASKS: dict[str, Callable[[str], float]] = {
    "symbols": symbols,
    "derived": derived,
    "casadi": casadi,
    "sympy": sympy_diff,
    "whole": whole,
}

if __name__ == "__main__":
    print(TASKS[sys.argv[1]](sys.argv[2]))
