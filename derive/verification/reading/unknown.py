"""What is said of a name that nobody knows: the network's names by kind, and how to give it a meaning.

>>> from derive.naming.names import Names
>>> from derive.verification.reading.spelling import Spelling
>>> print(hint_for(Spelling.plain(Names.layered(("x1", "x2"), (2, 1))), "unknown quantity 'qq'", ""))
inputs x1, x2; hidden z1_1, z1_2, a1_1, a1_2; output yhat, z2_1; target t; loss E; parameters w1_1_1, …, b2_1; \
gradients dE/dw1_1_1, …, delta2_1; or give it a meaning: let qq = …
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache

from derive.naming.names import Names
from derive.patterns import regex
from derive.verification.reading.spelling import Spelling

MAX_LAYERS = 2
"""Of at most this many hidden layers the units are named; the others are between the first and the last."""
MAX_OF_A_KIND = 4
"""At most this many names of one kind are listed; of more the first and the last."""
UNKNOWN = "unknown quantity "
_WORD = regex(r"'([A-Za-z]\w{0,15})'")
_GUESS = regex(r"did you mean '[^']*'\?")


def hint_for(spelling: Spelling, problem: str, hint: str, *, again: bool = False) -> str:
    """The hint for a name that is unknown (``problem`` names it); a guess that ``hint`` makes stands first.

    ``again``: the names of the network were listed before.
    """
    guess, word = _GUESS.search(hint), _WORD.search(problem)
    guessed = f"{guess.group()} " if guess is not None else ""
    own = f"give it a meaning: let {word[1] if word is not None else 'q'} = …"
    return f"{guessed}{own}" if again else f"{guessed}{by_kind(spelling.names)}; or {own}"


@lru_cache(maxsize=8)
def by_kind(names: Names) -> str:
    """The names of a network, those of each kind together; of many only some."""
    kinds = _of_layers(names) if names.sizes else _of_a_graph(names)
    return "; ".join(f"{kind} {', '.join(listed)}" for kind, listed in kinds if listed)


def _of_layers(names: Names) -> Iterator[tuple[str, Sequence[str]]]:
    last = len(names.sizes)
    yield _counted("input", names.inputs)
    layers = [1, last - 1] if last - 1 > MAX_LAYERS else range(1, last)
    hidden = [_some([letter(layer, unit) for unit in range(1, names.sizes[layer - 1] + 1)])
              for layer in layers for letter in (names.z, names.a)]  # fmt: skip
    yield "hidden", [name for some in hidden for name in some]
    outputs = [*_some(names.outputs), *_some([names.z(last, unit) for unit in range(1, names.sizes[-1] + 1)])]
    yield ("output" if len(names.outputs) == 1 else "outputs"), outputs
    yield _counted("target", names.targets)
    yield "loss", [names.loss]
    yield "parameters", _some(names.parameters, 2)
    first = names.parameters[0]
    yield "gradients", [f"d{names.loss}/d{first}", "…", names.gradient(names.z(last, names.sizes[-1]))]


def _of_a_graph(names: Names) -> Iterator[tuple[str, Sequence[str]]]:
    values = [name for name in names.own if name not in names.graph_nodes]
    yield _counted("value", values)
    nodes = [name for name in names.own if name in names.graph_nodes and name != names.graph_output]
    yield _counted("node", nodes)
    yield "output", [names.graph_output]
    yield "gradients", _some([f"d{names.graph_output}/d{name}" for name in names.graph_parameters or values], 2)


def _counted(kind: str, listed: Sequence[str]) -> tuple[str, Sequence[str]]:
    return (kind if len(listed) == 1 else f"{kind}s"), _some(listed)


def _some(listed: Sequence[str], most: int = MAX_OF_A_KIND) -> Sequence[str]:
    return listed if len(listed) <= most else [*listed[: most - 1], "…", listed[-1]]


__all__ = ["UNKNOWN", "hint_for"]
