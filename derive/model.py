"""A worked example as its author described it: immutable, exact, checked.

:func:`derive.specification.load` is the only maker of these; whatever is in a :class:`Spec` fits together
(shapes agree, names are known, limits are kept), so that later stages need no checks of their own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any, Literal, TypeAlias

from derive.expressions.tree import Expr
from derive.records import record

UpdateOrder: TypeAlias = Literal["simultaneous", "sequential"]


@record
class Given:
    """A number of the author: ``text`` as it stands in the spec, ``expression`` exactly that number.

    >>> from flint import fmpq
    >>> from derive.expressions.tree import Number
    >>> Given("0.10", Number(fmpq(1, 10), "0.10")).text
    '0.10'
    """

    text: str
    expression: Expr


Parameters: TypeAlias = tuple[tuple[str, Given], ...]


@record
class ActivationSpec:
    """An activation by name with its parameters, or the author's own ``expression`` in ``z``."""

    name: str = "identity"
    parameters: Parameters = ()
    expression: Expr | None = None


@record
class LossSpec:
    """A loss by name with its parameters, or the author's own ``expression`` in ``yhat1 … t1 …``."""

    name: str
    parameters: Parameters = ()
    expression: Expr | None = None


@record
class LayerSpec:
    """One layer: of a dense one ``weights[j][i]`` leads to unit ``j + 1`` from unit ``i + 1`` of the layer before.

    ``biases`` is ``None`` where the layer has none, and holds one number where ``shared_bias``. ``kind`` is a name of
    :data:`derive.ops.LAYER_KINDS`, ``options`` its own keys with their numbers; what a row of ``weights`` (and a bias)
    belongs to is the kind's to say.
    """

    units: int
    weights: tuple[tuple[Given, ...], ...]
    biases: tuple[Given, ...] | None
    activation: ActivationSpec = field(default_factory=ActivationSpec)
    shared_bias: bool = False
    train_weights: bool = True
    train_biases: bool = True
    kind: str = "dense"
    options: tuple[tuple[str, int], ...] = ()


@record
class NetworkSpec:
    """A layered network: names of the inputs, layers from the first hidden one on, loss per sample."""

    inputs: tuple[str, ...]
    layers: tuple[LayerSpec, ...]
    loss: LossSpec


@record
class GraphSpec:
    """Any computation graph. ``nodes`` are in an order in which they can be computed: the file's order
    wherever that is possible. ``values`` is empty of a name only if every row of data gives it.
    ``parameters`` is what to differentiate by and to update; ``fixed`` is held where claims are judged.
    """

    output: str
    parameters: tuple[str, ...]
    values: tuple[tuple[str, Given], ...]
    nodes: tuple[tuple[str, Expr], ...]
    fixed: tuple[str, ...] = ()


@record
class DataRow:
    """One sample of a layered network: inputs and targets, one number per unit."""

    x: tuple[Given, ...]
    t: tuple[Given, ...]


@record
class GraphRow:
    """One sample of a graph: the values that this row names, in the file's order."""

    values: tuple[tuple[str, Given], ...]


@record
class OptimizerSpec:
    """An optimizer by name, with all its hyperparameters."""

    name: str = "sgd"
    parameters: Parameters = ()


@record
class TrainingSpec:
    """How to descend. Without a ``learning_rate`` there is no update: gradients only.

    ``reduction`` is a name of :data:`derive.ops.OBJECTIVES`.
    """

    learning_rate: Given | None = None
    iterations: int = 1
    reduction: str = "mean"
    batch_size: int | None = None
    optimizer: OptimizerSpec = field(default_factory=OptimizerSpec)


@record
class Conventions:
    """Choices a document has to state. ``relu_at_zero`` is 0, 1/2 or 1."""

    relu_at_zero: Given
    update_order: UpdateOrder = "simultaneous"


@record
class NumbersPolicy:
    """How numbers are printed: ``digits`` significant digits or decimals; when rounding happens."""

    kind: Literal["significant", "decimals"] = "significant"
    digits: int = 4
    rounding: Literal["end", "step"] = "end"


@record
class NotationSpec:
    """How quantities look: a preset, the letter of the loss, TeX for single quantities.

    ``letters`` are those of whole families, by their keys in ``[notation]`` (:mod:`derive.naming.families`).
    """

    preset: str = "superscript"
    loss: str = "E"
    names: tuple[tuple[str, str], ...] = ()
    letters: tuple[tuple[str, str], ...] = ()


@record
class Source:
    """What an example is taken from, in words; ``url`` is where that stands on the web, or empty."""

    text: str = ""
    url: str = ""


@record
class Difference:
    """Where a source differs: what it says, what is so, and what follows from it (or empty)."""

    says: str
    holds: str
    effect: str = ""


@record
class Spec:
    """A whole worked example. Exactly one of ``network`` and ``graph`` is there.

    ``data`` holds :class:`DataRow` for a network; for a graph :class:`GraphRow`, and at least one of them
    (an empty one where the file has no data: all values are in the graph then).
    ``exercise`` and ``marks`` are the tables of these names as read, or ``None``. ``notes``: what is no error, and
    what the author should know, one line each. ``language`` is that of the words in documents, as a tag. ``question``
    is what the example asks, ``meaning`` what quantities stand for, by their names.
    """

    path: str
    title: str
    network: NetworkSpec | None
    graph: GraphSpec | None
    data: tuple[DataRow | GraphRow, ...]
    training: TrainingSpec
    conventions: Conventions
    numbers: NumbersPolicy = field(default_factory=NumbersPolicy)
    notation: NotationSpec = field(default_factory=NotationSpec)
    source: Source = field(default_factory=Source)
    remarks: tuple[str, ...] = ()
    author: str = ""
    date: str = ""
    exercise: Mapping[str, Any] | None = None
    marks: Mapping[str, Any] | None = None
    notes: tuple[str, ...] = field(default=(), compare=False)
    language: str = "en"
    question: str = ""
    meaning: tuple[tuple[str, str], ...] = ()
    differs: tuple[Difference, ...] = ()

    @property
    def sequential(self) -> bool:
        """Whether later layers are updated first, and earlier layers' gradients use their new weights."""
        return self.conventions.update_order == "sequential" and self.training.learning_rate is not None
