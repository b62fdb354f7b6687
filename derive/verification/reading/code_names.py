"""What programs call the quantities of a network: ``Z1``, ``dZ1``, ``dL_dW1``, ``W1_grad``, ``X``, ``Y``.

>>> from derive.naming.names import Names
>>> from derive.verification.reading.spelling import Spelling
>>> spelling = Spelling.plain(Names.layered(("x1", "x2"), (2, 1)))
>>> [code_name(word, spelling) for word in ("Z1", "dA1", "dL_dW2", "grad_b1", "X", "A2", "Y", "error")]
['z1', 'dE/da1', 'dE/dW2', 'dE/db1', 'x', 'yhat', 't', '']
"""

from __future__ import annotations

from derive.patterns import regex
from derive.verification.reading.code_words import updated, worded
from derive.verification.reading.spelling import Spelling

MAX_WORD = 40
"""A longer name is a program's own."""
OWN = frozenset("error err errors e loss_fn criterion".split())
"""What is called so is something else in every program."""
_GRADIENT = regex(r"(?:d_?(?:[LEJC]|loss|Loss|cost)_?d_?|grad_?|g_|nabla_?|d_?)(?=[A-Za-z])(.+)|(.+?)_?grad")
_LAYERED = regex(r"([A-Za-z]+?)_?([0-9]{0,3})")
LETTERS_OF_LAYERS = {
    "z": "z", "Z": "z", "net": "z", "a": "a", "A": "a", "W": "W", "w": "W", "weights": "W", "b": "b", "B": "b",
    "bias": "b", "biases": "b", "delta": "delta", "d": "delta", "h": "a", "H": "a",
}  # fmt: skip
"""The network's letters by those of programs."""
_TARGETS = frozenset("y Y t T target targets labels y_true expected_output desired_output".split())
_RATES = frozenset("lr LR alpha eta learning_rate learningRate rate step_size".split())


def code_name(word: str, spelling: Spelling) -> str:
    """The canonical name of what a word of a program stands for; empty where that is the program's own."""
    if word in spelling.names.taken:
        return word
    if len(word) > MAX_WORD or word in OWN:
        return ""
    named = differentiated(word) in spelling.names.taken and not spelling.names.sizes
    if named and (exact := _gradient(word, spelling)):
        return exact  # dinvden is of invden, and no slip in its letters
    return _plain(word, spelling) or _gradient(word, spelling) or _worded(word, spelling)


def new_name(word: str, spelling: Spelling) -> str:
    """The parameter of which a word is the value after the update, ``W1_new``; empty where it is something else."""
    name = code_name(updated(word), spelling) if len(word) <= MAX_WORD and word not in spelling.names.taken else ""
    return name if name and spelling.knows(name) and spelling.is_updated(str(spelling.word(name))) else ""


def _worded(word: str, spelling: Spelling) -> str:
    names = spelling.names
    name = worded(word, names.sizes) if names.sizes else ""
    return _layered(name, spelling) or _gradient(name, spelling) if name else ""


def differentiated(word: str) -> str:
    """The name by which a gradient is: ``y`` of ``dy``, ``grad_y``, ``dL_dy``; empty where a word is none."""
    found = _GRADIENT.fullmatch(word) if len(word) <= MAX_WORD else None
    return found[1] or found[2] if found is not None else ""


def _gradient(word: str, spelling: Spelling) -> str:
    by = differentiated(word)
    plain = _plain(by, spelling) if by else ""
    name = f"d{spelling.names.loss or spelling.names.graph_output}/d{plain}"
    return name if plain and "/" not in plain and spelling.knows(name) else ""


def _plain(word: str, spelling: Spelling) -> str:
    names = spelling.names
    if word in names.taken:
        return word
    if word in _RATES:
        return _known(names.eta, spelling) if names.eta else ""
    if word[:1].islower() and word[-1:].isdigit() and (near := spelling.shorthands.word(word)) is not None:
        return str(near)
    if names.sizes and (layered := _layered(word, spelling)):
        return layered
    if spelling.knows(word):
        return str(spelling.word(word))
    if word in ("x", "X") and not names.sizes and len(names.inputs) == 1:
        return names.inputs[0]
    short = spelling.shorthands.word(word)
    return str(short) if short is not None else ""


def _layered(word: str, spelling: Spelling) -> str:
    """A letter with a layer, or without one where there is only one layer."""
    names = spelling.names
    if word in ("x", "X"):
        return "x" if len(names.inputs) > 1 else names.inputs[0]
    if word in _TARGETS:
        return "t" if len(names.targets) > 1 else names.targets[0]
    found = _LAYERED.fullmatch(word)
    letter = LETTERS_OF_LAYERS.get(found[1], "") if found is not None else ""
    last = len(names.sizes)
    if found is None or not letter or (not found[2] and (last > 1 or found[1] in ("h", "H"))):
        return ""
    layer = int(found[2] or 1)
    if found[1] == "w" and found[2] and names.sizes == (1,) and len(names.inputs) > 1:
        return _known(f"w1_1_{layer}", spelling)
    if letter == "a" and layer == 0:
        return "x" if len(names.inputs) > 1 else names.inputs[0]
    if letter == "a" and layer == last:
        return "yhat" if len(names.outputs) > 1 else names.outputs[0]
    return _known(f"{letter}{layer}", spelling) if 1 <= layer <= last else ""


def _known(name: str, spelling: Spelling) -> str:
    return name if spelling.knows(name) else ""


__all__ = ["LETTERS_OF_LAYERS", "OWN", "code_name", "differentiated", "new_name"]
