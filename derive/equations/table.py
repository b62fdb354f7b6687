"""The equations of a run, each once: from an address to a formula and what its names stand for.

An address says what is asked: a value (of a node, of a parameter or a state of the optimizer after updates), a local
derivative, the gradient of one row's loss, the gradient or the loss of a batch. Its equation is a tree in the canonical
names of one iteration, and the address of each of its names. Whoever works, prints, judges or explains a number reads
it here; :mod:`derive.checked` does not, so that it can be a second opinion.

>>> from derive.network import build
>>> from derive.expressions.print_text import ascii as plain
>>> from derive.specification import loads
>>> text = '''[graph]
... parameters = ["w"]
... values = {w = 3, x = 2}
... nodes = {f = "w*x"}
... [training]
... learning_rate = 0.1
... optimizer = "momentum"'''
>>> table = EquationTable(build(loads(text)))
>>> for address in (Address("gradient", "w", row=1), Address("value", "v_w", step=2), Address("value", "w", step=2)):
...     print(plain(table.of(address).formula))
x
momentum*v_w + df/dw
w - eta*v_w'
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import cached_property
from typing import Literal, NamedTuple, TypeAlias

from derive.equations.batch import batch_of
from derive.equations.batch_graph import BatchGraph
from derive.equations.chain import Derivation, derive
from derive.equations.objective import objective_formula, objective_gradient, weighs_by_losses
from derive.expressions.tree import Expr, Name, names_in, plus, substitute
from derive.network import Network
from derive.ops.optimizers import THETA

What: TypeAlias = Literal["value", "local", "gradient", "batch", "loss", "rate", "hyperparameter"]
BEFORE = -1
"""The step of the forward pass of all rows before the first update."""


class Address(NamedTuple):
    """What quantity is asked for.

    Attributes:
        what: ``value``; ``local`` derivative of the node ``name`` by its input ``by``; ``gradient`` of one row's own
            loss by ``name``; ``batch``: that of the batch's loss by the parameter ``name``; ``loss`` of the batch;
            ``rate``, the learning rate; ``hyperparameter`` of the optimizer.
        step: after so many updates; :data:`BEFORE` is before the first one, with all rows as the batch.
        row: of the data, from 1; 0 of what belongs to no row.
    """

    what: What
    name: str = ""
    by: str = ""
    step: int = 0
    row: int = 0


class Equation(NamedTuple):
    """A formula, and the address of each of its names."""

    formula: Expr
    operands: Mapping[str, Address]


_Meaning: TypeAlias = tuple[str, What, str, int]
"""A name in a formula of one row; what it stands for, of which quantity, and so many updates later."""


class EquationTable:
    """The equations of one network."""

    def __init__(self, network: Network, derivation: Derivation | None = None) -> None:
        self.network = network
        self._derivation = derivation
        self._coupling: tuple[BatchGraph, Derivation] | None = None

    @cached_property
    def derivation(self) -> Derivation:
        """The chain rule, in symbols."""
        return self._derivation or derive(self.network)

    def of(self, address: Address) -> Equation | None:
        """The equation of a quantity; None where it is given."""
        return _EQUATIONS[address.what](self, address)

    # Values

    def _value(self, address: Address) -> Equation | None:
        if self.network.couples_rows and address.name in self.network.graph.by_name:
            batch = self._coupled(address.step)[0]
            formula = batch.graph.by_name[batch.named(address.name, address.row)].formula
            return self._of_graph(batch, formula, address.step)
        node = self.network.graph.by_name.get(address.name)
        if node is not None:
            return self._in_row(lambda: node.formula, address)
        if address.step > 0 and (address.name in self.network.trained or address.name in self.network.states):
            return self._new(address.name, address.step - 1)
        return None

    def _new(self, name: str, step: int) -> Equation:
        """What the update after a step makes of a parameter, or of a state of the optimizer."""
        formula = self.update(name)
        return Equation(formula, {n: self._of_update(n, step) for n in names_in(formula)})

    def _of_update(self, name: str, step: int) -> Address:
        names = self.network.names
        if name == names.eta:
            return Address("rate", name)
        if name in self.network.hyperparameters:
            return Address("hyperparameter", name)
        if name in self._of_gradients:
            return Address("batch", self._of_gradients[name], step=step)
        new = name.endswith("'")
        return Address("value", name.removesuffix("'"), step=step + new)

    def update(self, name: str) -> Expr:
        """The new value of a trained parameter, or of a state of the optimizer, in the names of one iteration.

        ``w2_1_1 - eta*v_w2_1_1'``: the gradient is the batch's, a prime marks a new value.
        """
        network = self.network
        key, parameter = network.states.get(name, (THETA, name))
        line = next(line for line in network.optimizer.lines if line.of == key)
        return substitute(line.formula, self._names_of_update(parameter))

    def _names_of_update(self, parameter: str) -> dict[str, Expr]:
        names = self.network.names
        found = {THETA: parameter, "eta": names.eta, "g": f"d{names.loss}/d{parameter}", **names.hyperparameters}
        for key in names.states:
            state = names.state(key, parameter)
            found |= {key: state, f"{key}'": f"{state}'"}
        return {key: Name(name) for key, name in found.items()}

    def at_step(self, formula: Expr, step: int) -> tuple[Expr, Mapping[str, str]]:
        """A formula so many updates later, and what each of its names was: what no update changes has no mark."""
        names = self.network.names
        meaning: dict[str, str] = {}
        changed: dict[str, Expr] = {}
        for name in names_in(formula):
            found = names.resolve(name)
            later = name
            if step and (found.by or found.base not in self._fixed):
                later = names.canonical(str(replace(found, step=(found.step or 0) + step)))
                changed[name] = Name(later)
            meaning[later] = name
        return substitute(formula, changed) if changed else formula, meaning

    @cached_property
    def _fixed(self) -> frozenset[str]:
        """What no update changes: inputs and targets, the learning rate, untrained parameters."""
        network = self.network
        given = {name for row in network.rows for name in row} | (set(network.start) - set(network.trained))
        return frozenset(given | {network.names.eta, *network.hyperparameters})

    @cached_property
    def _of_gradients(self) -> dict[str, str]:
        """The parameters by the names of the derivatives by them."""
        network = self.network
        return {f"d{network.names.loss}/d{name}": name for name in network.parameters}

    # Derivatives

    def _local(self, address: Address) -> Equation | None:
        if self.network.couples_rows:
            batch = self._coupled(address.step)[0]
            name, by = (batch.named(each, address.row) for each in (address.name, address.by))
            uses = [use for use in batch.graph.uses.get(by, ()) if use.node.name == name]
            return self._of_graph(batch, plus(*(use.local for use in uses)), address.step) if uses else None
        uses = [use for use in self.network.graph.uses.get(address.by, ()) if use.node.name == address.name]
        return self._in_row(lambda: self._as_used(plus(*(use.local for use in uses))), address) if uses else None

    def _as_used(self, local: Expr) -> Expr:
        """A local derivative as the gradients use it: where later layers are updated first, with their new weights."""
        if not self.network.spec.sequential:
            return local
        return substitute(local, {n: Name(f"{n}'") for n in names_in(local) if n in self.network.trained})

    def _gradient(self, address: Address) -> Equation:
        if self.network.couples_rows:
            batch, derivation = self._coupled(address.step)
            gradient = derivation.gradient(batch.named(address.name, address.row))
            return self._of_graph(batch, gradient, address.step)
        return self._in_row(lambda: self.derivation.gradient(address.name), address)

    def _in_row(self, formula: Callable[[], Expr], address: Address) -> Equation:
        """The formula with its names at the address's step and row; of many rows it is made but once."""
        what, name, by, step, row = address
        pattern = self._patterns.get((what, name, by))
        if pattern is None:
            made = formula()
            pattern = made, tuple(map(self._meaning, names_in(made)))
            if len(self.network.rows) > 1:
                self._patterns[what, name, by] = pattern
        made, meanings = pattern
        return Equation(made, {own: Address(kind, of, "", step + later, row) for own, kind, of, later in meanings})

    def _meaning(self, name: str) -> _Meaning:
        """What a name in a formula of one row stands for; a prime is the value after the next update."""
        if name.endswith("'"):
            return name, "value", name.removesuffix("'"), 1
        node = self._nodes_by_gradients.get(name)
        return (name, "value", name, 0) if node is None else (name, "gradient", node, 0)

    @cached_property
    def _patterns(self) -> dict[tuple[What, str, str], tuple[Expr, tuple[_Meaning, ...]]]:
        """Formulas of any row, and what their names stand for."""
        return {}

    @cached_property
    def _nodes_by_gradients(self) -> dict[str, str]:
        names = self.network.names
        return {names.gradient(node): node for node in self.network.graph.names}

    # Rows that read one another: the graph of the batch in place of that of a row

    def _coupled(self, step: int) -> tuple[BatchGraph, Derivation]:
        """The graph of the batch at a step, and the chain rule over it."""
        rows = batch_of(self.network, step)
        if self._coupling is None or self._coupling[0].rows != rows:
            batch = BatchGraph(self.network, rows)
            self._coupling = batch, Derivation(self.network, batch.graph)
        return self._coupling

    @staticmethod
    def _of_graph(batch: BatchGraph, formula: Expr, step: int) -> Equation:
        """A formula in the names of the graph of a batch."""
        operands: dict[str, Address] = {}
        for name in names_in(formula):
            node = batch.by_gradients.get(name)
            own, row = batch.places[name if node is None else node]
            operands[name] = Address("value" if node is None else "gradient", own, "", step, row)
        return Equation(formula, operands)

    # Batches

    def _batch(self, address: Address) -> Equation:
        network, name, step = self.network, address.name, address.step
        gradients = self._in_rows("gradient", name, f"d{network.output}/d{name}", step)
        weighs = weighs_by_losses(network, len(gradients))
        losses = self._in_rows("value", network.output, network.output, step) if weighs else {}
        formula = objective_gradient(network, name, tuple(map(Name, gradients)), tuple(map(Name, losses)))
        return self._of_batch(formula, {**losses, **gradients}, step)

    def _loss(self, address: Address) -> Equation:
        network, step = self.network, address.step
        losses = self._in_rows("value", network.output, network.output, step)
        return self._of_batch(objective_formula(network, tuple(map(Name, losses))), losses, step)

    def _in_rows(self, what: What, name: str, called: str, step: int) -> dict[str, Address]:
        """A quantity in all rows of a step's batch: the address of each by its name in formulas."""
        return {f"{called}[{row}]": Address(what, name, "", step, row) for row in batch_of(self.network, step)}

    @staticmethod
    def _of_batch(formula: Expr, known: Mapping[str, Address], step: int) -> Equation:
        """A formula in quantities of rows, which are known, and in parameters."""
        return Equation(formula, {n: known.get(n) or Address("value", n, "", step) for n in names_in(formula)})


_EQUATIONS: Mapping[What, Callable[[EquationTable, Address], Equation | None]] = {
    "value": EquationTable._value,  # noqa: SLF001 - these are its own
    "local": EquationTable._local,  # noqa: SLF001
    "gradient": EquationTable._gradient,  # noqa: SLF001
    "batch": EquationTable._batch,  # noqa: SLF001
    "loss": EquationTable._loss,  # noqa: SLF001
    "rate": lambda table, address: None,
    "hyperparameter": lambda table, address: None,
}


__all__ = ["BEFORE", "Address", "Equation", "EquationTable"]
