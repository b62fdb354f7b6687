"""A network as a graph of SymPy expressions: nodes, the steps of the chain rule, the composed output.

Everything stands as the author wrote it, unevaluated, and names earlier results in place of repeating them. The symbols
print in the notation of the spec.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from itertools import islice
from types import MappingProxyType
from typing import Any

import sympy

from derive.equations.chain import Derivation, derive
from derive.equations.composed import composed, composed_parts
from derive.errors import DeriveError
from derive.expressions.sympy_bridge import NotInSympy, TeXSymbol, as_written, parts_in_sympy, repeats_itself, to_sympy
from derive.expressions.tree import Expr
from derive.naming.notation import Notation
from derive.network import Network
from derive.network.summary import MAX_SHOWN, counted

MAX_PARTS = 100_000
"""At most this many parts has one formula in SymPy."""

MAX_COMPOSED = 10_000
"""At most this many parts has the composed output: SymPy is slow with branches inside branches."""

MAX_SHOWN_PARTS = 200
"""At most this many parts has a formula that Jupyter shows; others, and what SymPy cannot make, are an ellipsis."""


class SymbolicNetwork:
    """A network in SymPy.

    Attributes:
        network: what it is of.

    SymPy's printers sort sums and products unless ``order="none"`` is asked for; :meth:`latex` does. A term of a cross
    entropy is written out also where its factor is 0 and the loss leaves it out: see :meth:`composed`.
    """

    def __init__(self, network: Network) -> None:
        self.network = network
        self._derivation: Derivation = derive(network)
        self._notation = Notation.of(network.spec, network.names)
        self._made: dict[str, TeXSymbol] = {}

    def __repr__(self) -> str:
        nodes = counted(len(self.network.graph.nodes), "node")
        return f"<SymbolicNetwork {self.network.label}: {nodes}, {counted(len(self._stepped), 'step')}>"

    def __reduce__(self) -> tuple[type[SymbolicNetwork], tuple[Network]]:
        return SymbolicNetwork, (self.network,)

    def __getitem__(self, name: str) -> sympy.Expr:
        """The formula of a node, by its name as people write it; the symbol of a value that is given.

        Raises:
            DeriveError: where there is no such quantity.
        """
        known = self._known(name)
        return self.nodes.get(self.symbols[known], self.symbols[known])

    @cached_property
    def symbols(self) -> Mapping[str, sympy.Symbol]:
        """The symbol of every value and node, by its name: real, and in LaTeX as the author writes it."""
        return MappingProxyType({name: self._symbol(name) for name in self.network.graph.names})

    @cached_property
    def nodes(self) -> Mapping[sympy.Symbol, sympy.Expr]:
        """Every node in the symbols of what it is computed from, in the order of computation."""
        graph = self.network.graph
        return MappingProxyType({self._symbol(node.name): self._across(node.formula) for node in graph.nodes})

    @cached_property
    def equations(self) -> tuple[sympy.Equality, ...]:
        """The forward pass: one equation for each node, in the order of computation."""
        return tuple(sympy.Eq(node, formula, evaluate=False) for node, formula in self.nodes.items())

    @cached_property
    def steps(self) -> tuple[sympy.Equality, ...]:
        """The backward pass, from the output back: one step of the chain rule for each quantity.

        The left side is ``Derivative(E, w)``; the right side names earlier results (:attr:`named`).
        """
        return tuple(self._step(name) for name in self._stepped)

    def step(self, name: str) -> sympy.Equality:
        """The step of the chain rule for one quantity.

        Raises:
            DeriveError: where there is no such quantity, it is the output or a target, or SymPy cannot make the step.
        """
        known = self._known(name)
        if known == self.network.output or known in self.network.targets:
            what = "the output" if known == self.network.output else "a target"
            raise DeriveError("", f"{known} is {what}: no step leads to it", f"as {self._stepped[-1]}")
        return self._step(known)

    @cached_property
    def named(self) -> Mapping[sympy.Symbol, sympy.Derivative]:
        """What the gradients that :attr:`steps` name stand for: ``delta2_1`` is ``Derivative(E, z2_1)``.

        A weight with a prime (sequential updates) is the new one, and no derivative.
        """
        return MappingProxyType(
            {self._symbol(name): self._derivative(of) for name, of in named_gradients(self.network).items()}
        )

    def values(self, row: int = 1) -> Mapping[sympy.Symbol, sympy.Expr]:
        """The numbers that are given, exactly as in the spec: before the first update, and of one row (from 1).

        Raises:
            DeriveError: where there is no such row.
        """
        return MappingProxyType({self.symbols[name]: to_sympy(e) for name, e in self._numbers(row).items()})

    def composed(self, row: int | None = None) -> sympy.Expr:
        """The output as one expression in the values that are given, every node put in.

        With a ``row`` of the data (from 1) all but parameters are numbers, and a term of a cross entropy whose factor
        is 0 is left out.

        Raises:
            DeriveError: where there is no such row, or the expression would have more than 10,000 parts.
        """
        parts = composed_parts(self.network, parts_in_sympy)
        if parts > MAX_COMPOSED:
            raise DeriveError(
                self.network.spec.path,
                f"composed to one expression, {self.network.output} has more than {MAX_COMPOSED:,} parts",
                "work with nodes and steps: they grow only as the network does",
            )
        kept = self.network.parameters
        data = {} if row is None else {name: e for name, e in self._numbers(row).items() if name not in kept}
        return composed(self.network, self._symbol, data, self._put_in)

    def latex(self, expression: sympy.Basic) -> str:
        """LaTeX of an expression, in the order in which it is written."""
        return str(sympy.latex(expression, order="none"))

    def _repr_latex_(self) -> str:
        forward, backward = list(self._forward_rows()), list(self._backward_rows())
        if len(self.network.graph.nodes) > MAX_SHOWN:
            forward.append(r"&\;\;\vdots")
        if len(self._stepped) > MAX_SHOWN:
            backward.append(r"&\;\;\vdots")
        rows = " \\\\\n".join([*forward, *backward])
        return f"$$\\begin{{aligned}}\n{rows}\n\\end{{aligned}}$$"

    # Names and symbols

    def _known(self, name: str) -> str:
        if name in self.symbols:
            return name
        try:
            return self.network.names.canonical(name)
        except ValueError as error:
            raise DeriveError("", str(error)) from None

    def _symbol(self, name: str) -> TeXSymbol:
        found = self._made.get(name)
        if found is None:
            found = self._made[name] = TeXSymbol(name, self._notation.tex(name))
        return found

    def _derivative(self, name: str) -> sympy.Derivative:
        return sympy.Derivative(self._symbol(self.network.output), self._symbol(name))

    # Formulas

    @cached_property
    def _stepped(self) -> tuple[str, ...]:
        """What the output is differentiated by: nodes from the output back, then what is given."""
        return differentiated(self.network)

    def _step(self, name: str) -> sympy.Equality:
        gradient = self._across(self._derivation.gradient(name))
        return sympy.Eq(self._derivative(name), gradient, evaluate=False)

    def _across(self, formula: Expr) -> sympy.Expr:
        if parts_in_sympy(formula) > MAX_PARTS or repeats_itself(formula):
            raise DeriveError(
                self.network.spec.path,
                "a formula has too many parts in SymPy, where functions are written out",
                "write it as several nodes",
            )
        return self._put_in(formula, self._symbol)

    def _put_in(self, formula: Expr, named: Callable[[str], Any]) -> Any:
        return as_written(formula, self.network.relu_at_zero, named)

    def _numbers(self, row: int) -> Mapping[str, Expr]:
        count = len(self.network.rows)
        if not 1 <= row <= count:
            raise DeriveError("", f"there is no row {row}", f"give 1 to {count}")
        given = {**self.network.start, **self.network.rows[row - 1]}
        return {name: number.expression for name, number in given.items()}

    # What Jupyter shows

    def _forward_rows(self) -> Iterator[str]:
        for node in islice(self.network.graph.nodes, MAX_SHOWN):
            yield f"{self._notation.tex(node.name)} &= {self._short(node.formula)}"

    def _backward_rows(self) -> Iterator[str]:
        for name in islice(self._stepped, MAX_SHOWN):
            left = self._notation.tex(f"d{self.network.output}/d{name}")
            yield f"{left} &= {self._short(self._derivation.gradient(name))}"

    def _short(self, formula: Expr) -> str:
        if parts_in_sympy(formula) > MAX_SHOWN_PARTS:
            return r"\dots"
        try:
            return self.latex(self._put_in(formula, self._symbol))
        except NotInSympy:
            return r"\dots"


def named_gradients(network: Network) -> Mapping[str, str]:
    """The gradients that steps of the chain rule may name, each with the quantity that it is by."""
    nodes = (node.name for node in network.graph.backward_nodes if node.name != network.output)
    return {network.names.gradient(name): name for name in nodes}


def differentiated(network: Network) -> tuple[str, ...]:
    """The quantities to which a step of the chain rule leads: nodes from the output back, then what is given."""
    graph = network.graph
    nodes = [node.name for node in graph.backward_nodes if node.name != graph.output]
    asked = (graph.ancestors | set(network.parameters)) - set(network.targets)
    return (*nodes, *(leaf for leaf in graph.leaves if leaf in asked))
