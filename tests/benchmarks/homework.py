"""An honest homework: seven iterations of a network with 25 units, worked with one slip that goes into all the rest."""

from __future__ import annotations

import math
import os
import resource
import signal
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from tests.benchmarks.measure import ROOT, Timer

BEFORE = "aefa0be"
"""The last commit in which looking for causes was not bounded: what the homework is compared with."""
PATIENCE = 120
"""After so many seconds of CPU the old program is not waited for any longer."""
INPUTS, HIDDEN, OUTPUTS, ITERATIONS, RATE = 20, 20, 5, 7, 0.5
SLIP = 1.0
"""What is added to z1_1 of the first iteration."""


def spec() -> str:
    """The network, every weight written down."""
    x = [round(((7 * i) % 19 - 9) / 10, 1) for i in range(INPUTS)]
    layers = "".join(
        f'[[network.layers]]\nunits = {len(rows)}\nactivation = "sigmoid"\nweights = {rows}\nbiases = 0.1\n'
        for rows in _weights()
    )
    return (
        f'title = "Homework"\n[network]\ninputs = {INPUTS}\nloss = "half_squared_error"\n{layers}'
        f"[[data]]\nx = {x}\nt = {_targets()}\n[training]\nlearning_rate = {RATE}\niterations = {ITERATIONS}\n"
    )


def _weights() -> tuple[list[list[float]], list[list[float]]]:
    sizes = ((HIDDEN, INPUTS), (OUTPUTS, HIDDEN))
    first, second = (
        [[round(((31 * j + 17 * i + 5 * n) % 61 - 30) / 100, 2) for i in range(fan_in)] for j in range(units)]
        for n, (units, fan_in) in enumerate(sizes)
    )
    return first, second


def _targets() -> list[int]:
    return [k % 2 for k in range(OUTPUTS)]


def lines() -> Iterator[str]:
    """The homework: 52 lines an iteration."""
    (w, v), b, c = _weights(), [0.1] * HIDDEN, [0.1] * OUTPUTS
    x, t = [round(((7 * i) % 19 - 9) / 10, 1) for i in range(INPUTS)], _targets()
    for step in range(ITERATIONS):
        at = f"@{step}" if step else ""
        z = [sum(map(float.__mul__, row, x)) + bias for row, bias in zip(w, b, strict=True)]
        z[0] += SLIP if not step else 0
        a = list(map(_sigmoid, z))
        y = [sum(map(float.__mul__, row, a)) + bias for row, bias in zip(v, c, strict=True)]
        out = list(map(_sigmoid, y))
        yield from (f"z1_{j}{at} = {value:.5g}" for j, value in enumerate(z, 1))
        yield from (f"a1_{j}{at} = {value:.5g}" for j, value in enumerate(a, 1))
        yield from (f"z2_{k}{at} = {value:.5g}" for k, value in enumerate(y, 1))
        yield from (f"yhat{k}{at} = {value:.5g}" for k, value in enumerate(out, 1))
        yield f"E{at} = {sum((o - u) ** 2 for o, u in zip(out, t, strict=True)) / 2:.5g}"
        delta = [(o - u) * o * (1 - o) for o, u in zip(out, t, strict=True)]
        yield f"dE/dw2_1_1{at} = {delta[0] * a[0]:.5g}"
        hidden = [sum(d * row[j] for d, row in zip(delta, v, strict=True)) * a[j] * (1 - a[j]) for j in range(HIDDEN)]
        v = [[value - RATE * d * a[j] for j, value in enumerate(row)] for d, row in zip(delta, v, strict=True)]
        w = [[value - RATE * d * x[i] for i, value in enumerate(row)] for d, row in zip(hidden, w, strict=True)]
        b = [value - RATE * d for value, d in zip(b, hidden, strict=True)]
        c = [value - RATE * d for value, d in zip(c, delta, strict=True)]


def _sigmoid(z: float) -> float:
    return 1 / (1 + math.exp(-z))


def before(folder: Path) -> Path | None:
    """The program as it was at :data:`BEFORE`, unpacked; None where the history does not reach back so far."""
    found = subprocess.run(["git", "archive", BEFORE], cwd=ROOT, check=False, capture_output=True)
    if found.returncode:
        return None
    with tarfile.open(fileobj=BytesIO(found.stdout)) as archive:
        archive.extractall(folder, filter="data")
    return folder


def verified(spec_: Path, claims: Path, program: Path = ROOT) -> Timer:
    """The CPU seconds of one ``derive verify`` by the program in a folder; :data:`PATIENCE` where it takes longer."""

    def run() -> float:
        line = [sys.executable, "-m", "derive", "verify", str(spec_), str(claims), "--to", "csv"]
        child = subprocess.Popen(
            line, cwd=program, stdout=subprocess.DEVNULL, env={**os.environ, "PYTHONPATH": str(program)},
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CPU, (PATIENCE, PATIENCE)),  # noqa: PLW1509
        )  # fmt: skip
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
        assert child.returncode in (1, -signal.SIGXCPU, -signal.SIGKILL)
        return usage.ru_utime + usage.ru_stime

    return run
