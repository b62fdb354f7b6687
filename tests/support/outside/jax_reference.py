"""Gradients of a spec by JAX in 64 bits: one composed function, differentiated by JAX alone."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

import jax
import jax.numpy as jnp

from tests.support.arithmetic import evaluate
from tests.support.reference import Graphed, Layered, activation, batches, loss

jax.config.update("jax_enable_x64", True)


def functions(at_zero: float) -> dict[str, Callable[..., Any]]:
    """The functions of an expression in JAX's own words."""

    def kinked(left: Callable[[Any], Any]) -> Callable[[Any], Any]:
        def f(z: Any) -> Any:
            low, high = jnp.where(z > 0, z, left(z)), jnp.where(z < 0, left(z), z)
            return (1 - at_zero) * low + at_zero * high

        return f

    def power(text: str) -> Any:
        return int(text) if text.isdigit() else float(text)

    return {
        "number": lambda text: evaluate(text, {}, library, power),
        "pi": lambda: jnp.pi,
        "e": lambda: jnp.e,
        "exp": jnp.exp,
        "ln": jnp.log,
        "log": jnp.log,
        "log2": jnp.log2,
        "log10": jnp.log10,
        "sqrt": jnp.sqrt,
        "abs": lambda z: jnp.where(z > 0, z, jnp.where(z < 0, -z, 0.0)),
        "sign": jnp.sign,
        "step": lambda z: jnp.where(z >= 0, 1.0, 0.0),
        "min": lambda *xs: jnp.min(jnp.stack([jnp.asarray(x, dtype=float) for x in xs])),
        "max": lambda *xs: jnp.max(jnp.stack([jnp.asarray(x, dtype=float) for x in xs])),
        "sin": jnp.sin,
        "cos": jnp.cos,
        "tan": jnp.tan,
        "sinh": jnp.sinh,
        "cosh": jnp.cosh,
        "tanh": jnp.tanh,
        "sigmoid": jax.nn.sigmoid,
        "relu": kinked(lambda z: 0.0 * z),
        "leaky_relu": lambda x, slope: kinked(lambda z: slope * z)(x),
        "elu": lambda x, alpha: kinked(lambda z: alpha * jnp.expm1(z))(x),
        "mish": jax.nn.mish,
        "softsign": jax.nn.soft_sign,
        "relu6": jax.nn.relu6,
        "hard_sigmoid": jax.nn.hard_sigmoid,
        "hard_swish": jax.nn.hard_swish,
        "hard_tanh": lambda x, low=-1.0, high=1.0: jnp.clip(x, low, high),
        "clip": jnp.clip,
        "softplus": jax.nn.softplus,
        "gelu": lambda z: jax.nn.gelu(z, approximate=False),
        "silu": jax.nn.silu,
    }


library: dict[str, Callable[..., Any]] = functions(0)


def layered_loss(problem: Layered, f: Mapping[str, Callable[..., Any]], rows: Sequence[int], mean: bool) -> Any:
    """The loss of a batch as a function of the parameters."""

    def batch_loss(parameters: Mapping[str, Any]) -> Any:
        total = 0.0
        for row in rows:
            x, t = problem.data[row]
            before: Sequence[Any] = [float(value) for value in x]
            for n, layer in enumerate(problem.layers, 1):
                sums = convolved if layer.get("kind") == "conv1d" else dense
                z = sums(problem, n, parameters, before)
                before = activation(layer.get("activation", "identity"), z, f)
            total += loss(problem.loss, before, [float(value) for value in t], f)
        return total / len(rows) if mean else total

    return batch_loss


def dense(problem: Layered, n: int, parameters: Mapping[str, Any], before: Sequence[Any]) -> list[Any]:
    """The weighted inputs of a dense layer."""
    return [
        sum(parameters[problem.weight(n, j, i)] * a for i, a in enumerate(before))
        + parameters.get(problem.bias(n, j), 0.0)
        for j in range(problem.layers[n - 1]["units"])
    ]


def convolved(problem: Layered, n: int, parameters: Mapping[str, Any], before: Sequence[Any]) -> list[Any]:
    """The weighted inputs of a convolution, by JAX's own, filter by filter."""
    layer, (channels, length) = problem.layers[n - 1], problem.shapes[n - 1]
    filters, kernel = int(layer["filters"]), int(layer["kernel"])
    columns = range(channels * kernel)
    weights = jnp.stack([jnp.stack([parameters[problem.weight(n, j, i)] for i in columns]) for j in range(filters)])
    edge = int(layer.get("padding", 0))
    found = jax.lax.conv_general_dilated(
        jnp.asarray(before).reshape(1, channels, length),
        weights.reshape(filters, channels, kernel),
        (int(layer.get("stride", 1)),),
        [(edge, edge)],
    )
    biases = jnp.stack([jnp.asarray(parameters.get(problem.bias(n, j), 0.0)) for j in range(filters)])
    return list((found[0] + biases[:, None]).reshape(-1))


def graph_loss(problem: Graphed, f: Mapping[str, Callable[..., Any]], rows: Sequence[int], mean: bool) -> Any:
    """The output of a graph, reduced over a batch, as a function of the parameters."""

    def node(name: str, known: dict[str, Any]) -> Any:
        if name not in known:
            text = problem.nodes[name]
            needed = {word: node(word, known) for word in problem.needs(name)}
            known[name] = evaluate(text, needed, f, f["number"])
        return known[name]

    def batch_loss(parameters: Mapping[str, Any]) -> Any:
        total = 0.0
        for row in rows:
            given = {**problem.given, **problem.data[row]}
            known = {name: float(value) for name, value in given.items()} | dict(parameters)
            total += node(problem.output, known)
        return total / len(rows) if mean else total

    return batch_loss


def gradients(text: str) -> list[dict[str, float]]:
    """The gradient of every parameter in every iteration."""
    spec = tomllib.loads(text, parse_float=str)
    layers = "network" in spec
    problem: Any = Layered(spec) if layers else Graphed(spec)
    f = functions(float(jnp.asarray(evaluate(str(spec.get("conventions", {}).get("relu_at_zero", 0)), {}, {}, float))))
    training = spec.get("training", {})
    mean = training.get("reduction", "mean") == "mean"
    parameters = {name: float(value) for name, value in problem.parameters.items()}
    frozen = problem.frozen if layers else set()
    found = []
    for rows in batches(len(problem.data), training):
        slope = jax.grad((layered_loss if layers else graph_loss)(problem, f, rows, mean))(parameters)
        found.append({name: float(value) for name, value in slope.items()})
        if "learning_rate" in training:
            rate = float(training["learning_rate"])
            parameters = {
                name: value if name in frozen else value - rate * found[-1][name] for name, value in parameters.items()
            }
    return found
