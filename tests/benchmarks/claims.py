"""What is measured of ``derive verify``: single claims, a class of students, long files; and SymPy on the same claims.

Run as a program it compares two formulas with SymPy and prints the seconds: ``python -m tests.benchmarks.claims
simplify w1_4_3``.
"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from tests.benchmarks.measure import ROOT, Timer

SPEC = ROOT / "examples" / "pass_or_fail.toml"
STUDENTS = 300
PATIENCE = 30
"""After so many seconds SymPy is not waited for any longer."""

FORMULAS = {
    "w2_1_1": "(yhat - t)*a1_1",
    "w1_4_3": "(yhat - t)*w2_1_4*a1_4*(1 - a1_4)*x3",
}
"""Gradients of the 3-4-1 network as they are claimed."""


def gradients() -> dict[str, tuple[str, float]]:
    """All 21 gradients of the 3-4-1 network: the formula, and the value."""
    import derive

    found = derive.derive(derive.load(str(SPEC))).gradients
    return {name: (_formula(name), float(gradient.value)) for name, gradient in found.items()}


def _formula(name: str) -> str:
    layer, unit, source = (*(int(index) for index in name[1:].split("_")), 0)[:3]
    if layer == 2:
        return "(yhat - t)" + (f"*a1_{source}" if source else "")
    return f"(yhat - t)*w2_1_{unit}*a1_{unit}*(1 - a1_{unit})" + (f"*x{source}" if source else "")


def lines(digits: int, *, wrong: bool) -> list[str]:
    """One student's 21 lines; a ``wrong`` student has the sign of the loss's derivative wrong in all of them."""
    sign = "-" if wrong else ""
    return [
        f"dE/d{name} = {sign}{formula} = {float(sign + '1') * value:.{digits}g}"
        for name, (formula, value) in gradients().items()
    ]


def classroom(folder: Path, students: int = STUDENTS) -> list[str]:
    """The files of a class; every third student makes a mistake, in all lines or in one."""
    draw, files = random.Random(3), []
    right = {digits: lines(digits, wrong=False) for digits in range(3, 8)}
    signs = {digits: lines(digits, wrong=True) for digits in range(3, 8)}
    for student in range(students):
        digits = 3 + student % 5
        text = list(right[digits])
        if student % 6 == 0:
            text = list(signs[digits])
        elif student % 6 == 3:
            line = draw.randrange(len(text))
            text[line] = signs[digits][line]
        path = folder / f"student_{student}.txt"
        path.write_text("\n".join(text) + "\n", encoding="utf-8")
        files.append(str(path))
    return files


def verified(files: list[str], jobs: int = 1) -> Timer:
    """The whole time of one ``derive verify`` of all these files."""

    def run() -> float:
        line = [sys.executable, "-m", "derive", "verify", str(SPEC), *files, "--to", "csv", "--jobs", str(jobs)]
        start = time.perf_counter()
        done = subprocess.run(line, cwd=ROOT, check=False, stdout=subprocess.PIPE)
        taken = time.perf_counter() - start
        assert done.returncode == 1
        assert done.stdout.count(b"\n") > 2 * 21 * len(files)
        return taken

    return run


def long_file(count: int) -> str:
    """A derivation of so many lines, one in fifty of them wrong."""
    right, wrong = lines(5, wrong=False), lines(5, wrong=True)
    return "\n".join((wrong if i % 50 == 7 else right)[i % 21] for i in range(count)) + "\n"


def by_sympy(method: str, name: str) -> Timer:
    """SymPy's time for the claim about a gradient; :data:`PATIENCE` where it takes longer."""

    def run() -> float:
        line = [sys.executable, "-m", "tests.benchmarks.claims", method, name]
        try:
            done = subprocess.run(line, cwd=ROOT, check=True, stdout=subprocess.PIPE, timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            return PATIENCE
        return float(done.stdout)

    return run


def sympy_sides(name: str) -> Iterator[object]:
    """The derivative of the composed loss, and what is claimed of it, in inputs and parameters."""
    import sympy

    x = sympy.symbols("x1:4")
    a = [1 / (1 + sympy.exp(-_weighted(sympy, 1, unit, x))) for unit in range(1, 5)]
    yhat = 1 / (1 + sympy.exp(-_weighted(sympy, 2, 1, a)))
    t = sympy.Symbol("t")
    yield sympy.diff(-(t * sympy.log(yhat) + (1 - t) * sympy.log(1 - yhat)), sympy.Symbol(name))
    claimed = {"w2_1_1": a[0], "w1_4_3": sympy.Symbol("w2_1_4") * a[3] * (1 - a[3]) * x[2]}
    yield (yhat - t) * claimed[name]


def _weighted(sympy, layer: int, unit: int, sources):  # type: ignore[no-untyped-def]
    terms = (sympy.Symbol(f"w{layer}_{unit}_{i}") * source for i, source in enumerate(sources, 1))
    return sum(terms, sympy.Symbol(f"b{layer}_{unit}"))


def _simplify(one, other) -> bool:  # type: ignore[no-untyped-def]
    import sympy

    return sympy.simplify(one - other) == 0


METHODS: dict[str, Callable[..., bool]] = {
    "simplify": _simplify,
    "equals": lambda one, other: one.equals(other),
}

if __name__ == "__main__":
    sides = tuple(sympy_sides(sys.argv[2]))
    begin = time.perf_counter()
    assert METHODS[sys.argv[1]](*sides)
    print(time.perf_counter() - begin)
