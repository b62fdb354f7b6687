"""Networks from Python: of a file, a text, a dict or SymPy; what is derived of them is in :mod:`derive.results`."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields
from os import PathLike
from typing import TYPE_CHECKING, Any, Literal

from derive.model import Spec
from derive.network import Network as Graphed
from derive.network import build
from derive.specification import from_objects
from derive.specification import load as load_spec
from derive.specification import loads as loads_spec

if TYPE_CHECKING:
    from derive.equations.as_sympy import SymbolicNetwork


class Network(Graphed):
    """A network: its quantities, their formulas and numbers. In Jupyter it shows itself at a glance."""

    @classmethod
    def of(cls, spec: Spec) -> Network:
        """The network of a spec."""
        return cls.made_of(build(spec))

    @classmethod
    def made_of(cls, network: Graphed) -> Network:
        """The same network with what this class adds."""
        return cls(**{entry.name: getattr(network, entry.name) for entry in fields(network)})

    def __reduce__(self) -> tuple[Callable[[Spec], Network], tuple[Spec]]:
        return Network.of, (self.spec,)

    def sympy(self) -> SymbolicNetwork:
        """The network in SymPy: symbols, nodes in the order of computation, each step of the chain rule.

        >>> import derive
        >>> symbolic = derive.load("examples/fan_out.toml").sympy()
        >>> symbolic.equations
        (Eq(s, a + b), Eq(p, a*s), Eq(q, s**2), Eq(f, p - q))
        >>> symbolic.step("s")
        Eq(Derivative(f, s), a - 2*s)
        >>> symbolic.composed()
        a*(a + b) - (a + b)**2
        """
        from derive.equations.as_sympy import SymbolicNetwork

        return SymbolicNetwork(self)


def load(source: str | PathLike[str] | Mapping[str, Any]) -> Network:
    """The network of a spec file (``.toml`` or ``.json``), or of a dict that is built as such a file is.

    In a dict a float is the decimal that Python prints for it (``0.1`` is one tenth); ``Fraction`` and ``Decimal`` are
    exactly what they are; text is read as in a file.

    Raises:
        DeriveError: where the file cannot be read or something in it is wrong; it names file, field and mend.

    >>> import derive
    >>> network = derive.load({"graph": {"values": {"x": 0.5}, "nodes": {"y": "x^2"}}})
    >>> print(derive.derive(network).gradient("x"))
    dy/dx = 2*x = 1
    """
    if isinstance(source, Mapping):
        return Network.of(from_objects(source))
    return Network.of(load_spec(str(source)))


def loads(text: str, format: Literal["toml", "json"] = "toml") -> Network:
    """The network of a spec given as text, ``toml`` or ``json``.

    Raises:
        DeriveError: as :func:`load`.
    """
    return Network.of(loads_spec(text, "<text>", format))


def from_sympy(
    nodes: Mapping[Any, Any] | Any,
    values: Mapping[Any, Any],
    *,
    output: Any = None,
    wrt: Sequence[Any] | None = None,
    data: Sequence[Mapping[Any, Any]] = (),
    **tables: Any,
) -> Network:
    """A network of SymPy expressions: a formula for each node, or one expression that is split into nodes.

    Args:
        nodes: symbols (or names) and the formula of each, in any order; or one expression. Its steps are then nodes
            ``u1``, ``u2``, …, and it is called ``E``, or as ``output`` says.
        values: the number of every other symbol: of Python (as in :func:`load`) or of SymPy. A ``Float`` is the
            decimal that SymPy prints for it.
        output: the node to differentiate; left out, the one that no other uses.
        wrt: what to differentiate by and to update; left out, every value.
        data: samples, each with the values that it names.
        tables: further keys of a spec: ``title="…"``, ``training={"learning_rate": 0.1}``.

    Raises:
        DeriveError: where something has no place in a network (a function that is not known, a number that is not
            real, a size past the limits of a spec); it names the node, and what to do.

    >>> import derive, sympy
    >>> f, g, x, y, z = sympy.symbols("f g x y z")
    >>> network = derive.from_sympy({f: x * y, g: f + z}, {x: 3, y: -4, z: 2})
    >>> print(derive.derive(network).gradient("x"))
    dg/dx = y = -4
    >>> derive.from_sympy((x * y + z) ** 2, {x: 3, y: -4, z: 2}).sympy().equations
    (Eq(u1, x*y), Eq(u2, u1 + z), Eq(E, u2**2))
    """
    from derive.specification.from_sympy import from_objects_of_sympy

    spec = from_objects_of_sympy(nodes, values, output=output, wrt=wrt, data=data, others=tables)
    return Network.of(spec)
