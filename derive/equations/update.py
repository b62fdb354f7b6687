"""The update of a network's optimizer as numbers: the lines of the entry, compiled once for all parameters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from flint import fmpq

from derive.arithmetic.numbers import bounded, is_zero
from derive.arithmetic.reals import ZERO, Value
from derive.expressions.evaluate import Closure, Compiler
from derive.expressions.tree import Expr, Name, Negative, Product, Sum, times
from derive.network import Network
from derive.ops.optimizers import THETA


class Update:
    """How old values, gradient and states of one parameter become new ones.

    Attributes:
        keys: of the states, in the order of their lines.
        formals: what the numbers of a line are given for: theta, g, eta, the hyperparameters, the states and, as far as
            their lines come before it, the new states.
        direction: what the learning rate multiplies in the parameter's line; None where that is no step against one.
        lines: what each line gives with a tuple of the numbers of ``formals``, up to and without its own new state.
    """

    def __init__(self, network: Network) -> None:
        optimizer, names = network.optimizer, network.names
        self.keys = tuple(line.of for line in optimizer.lines if line.of != THETA)
        self.hyperparameters = tuple(names.hyperparameters)
        self.start = {key: optimizer.states[key].start for key in self.keys}
        first = (THETA, "g", "eta", *self.hyperparameters, *self.keys)
        self.formals = (*first, *(f"{key}'" for key in self.keys))
        direction = _direction(optimizer.step)
        self.direction = None if direction is None else Compiler(self.formals).closure(direction)
        self.lines: tuple[Closure, ...] = tuple(
            Compiler(self.formals[: len(first) + i]).closure(line.formula) for i, line in enumerate(optimizer.lines)
        )

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing that is carried from update to update."""
        return not self.keys

    def new(
        self, theta: Value, gradient: Value, constants: Sequence[Value], states: Sequence[Value]
    ) -> tuple[Value, list[Value]]:
        """The new value and the new states; ``constants`` are learning rate and hyperparameters."""
        numbers = [theta, gradient, *constants, *states]
        before = len(numbers)
        for line in self.lines[:-1]:
            numbers.append(bounded(line(numbers)))
        return bounded(self.lines[-1](numbers)), numbers[before:]


def _direction(step: Expr) -> Expr | None:
    """What stands for the direction in ``theta - eta*direction``."""
    match step:
        case Sum(terms=(Name(name="theta"), Negative(operand=Product(factors=(Name(name="eta"), *others))))):
            return times(*others)
        case _:
            return None


class Stepper:
    """The updates of all parameters of a network from one iteration to the next."""

    def __init__(self, network: Network, rate: Value, hyperparameters: Mapping[str, Value]) -> None:
        self._names, self._trained = network.names, network.trained
        self.update = Update(network)
        self._constants = (rate, *hyperparameters.values())
        self.start: Mapping[str, Value] = {name: self.update.start[key] for name, (key, _) in network.states.items()}

    def new(
        self, parameters: Mapping[str, Value], states: Mapping[str, Value], batch: Mapping[str, Value],
        names: Sequence[str],
    ) -> tuple[dict[str, Value], dict[str, Value]]:  # fmt: skip
        """The new values of the trained ones among ``names``, and of their states."""
        update, constants, trained = self.update, self._constants, self._trained
        zeros: dict[str, Value] = {n: ZERO for n in names if type(g := batch[n]) is not fmpq and is_zero(g)}
        if zeros:  # a parameter that does not move stays the rational that it was
            batch = {**batch, **zeros}
        if update.is_plain:
            step = update.lines[-1]
            plain = {n: bounded(step((parameters[n], batch[n], *constants))) for n in names if n in trained}
            return plain, {}
        found: dict[str, Value] = {}
        carried: dict[str, Value] = {}
        for name in names:
            if name in trained:
                own = [self._names.state(key, name) for key in update.keys]
                found[name], new = update.new(parameters[name], batch[name], constants, [states[s] for s in own])
                carried.update(zip(own, new, strict=True))
        return found, carried


__all__ = ["Stepper", "Update"]
