"""Names of programs that are made of words: ``hidden_out``, ``delta_output``, ``grad_w_hidden``, ``weights_ih``.

>>> [worded(word, (3, 1)) for word in ("hidden_out", "net_o", "weights_input_hidden", "grad_w_out", "deltaHidden")]
['a1', 'z2', 'W1', 'dW2', 'delta1']
>>> [worded(word, (3, 1)) for word in ("h", "hidden", "output_error", "delta_w1", "hidden_size")]
['a1', 'a1', '', '', '']
"""

from __future__ import annotations

from collections.abc import Sequence

from derive.patterns import regex

MAX_PARTS = 5
"""A name of more words is a program's own."""
_PARTS = regex(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[0-9]+")
_NEW = regex(r"(?P<head>\w*?[A-Za-z0-9])_?(?:new|New|NEW|updated|upd|next|after)|(?:new|updated|next)_(?P<tail>\w+)")
_LETTERS = {
    **dict.fromkeys(("w", "weight", "weights", "wt", "wts", "wgt"), "W"),
    **dict.fromkeys(("b", "bias", "biases"), "b"),
    **dict.fromkeys(("z", "net", "pre", "preact", "preactivation", "logit", "logits", "sum", "weighted", "s"), "z"),
    **dict.fromkeys(("a", "act", "activation", "activations", "activated"), "a"),
    **dict.fromkeys(("delta", "deltas", "sensitivity"), "delta"),
}
_GRADIENTS = frozenset("grad grads gradient gradients dl de dj dc dloss dcost nabla g".split())
_ABOUT = {"in": "z", "input": "z", "out": "a", "output": "a", "outputs": "a"}
"""What is said of the unit of a layer that is named besides."""
_INPUT = frozenset("x i in input inputs".split())
_HIDDEN = frozenset("h hid hidden".split())
_OUTPUT = frozenset("o y out output outputs".split())
_FILLING = frozenset({"layer", "predicted"})
_PAIRS = frozenset({"ih", "xh", "ho", "hy", "io", "xy"})


def updated(word: str) -> str:
    """The name of which a word is the value after the update; empty where it is none."""
    found = _NEW.fullmatch(word)
    return (found["head"] or found["tail"]) if found is not None else ""


def worded(word: str, sizes: Sequence[int]) -> str:
    """A name by its words, in a letter and its layer (``W2``, ``dW2``); empty where they say no single quantity.

    ``sizes`` are the units of the layers.
    """
    parts = [part.lower() for part in _PARTS.findall(word)]
    if not 0 < len(parts) <= MAX_PARTS or "".join(parts) != word.replace("_", "").lower():
        return ""
    head, parts = _gradient([part for part in parts if part not in _FILLING] or parts)
    letters = [part for part in parts if part in _LETTERS]
    rest = [part for part in parts if part not in _LETTERS]
    if len(letters) > 1:
        return ""
    letter = _LETTERS[letters[0]] if letters else ""
    if not letter and len(rest) == 2 and rest[0] in ("in", "out") and rest[1] not in _ABOUT:
        letter = _ABOUT[rest.pop(0)]
    if not letter and len(rest) > 1 and rest[-1] in _ABOUT:
        letter = _ABOUT[rest.pop()]
    layer = _layer(rest, letter, len(sizes))
    if not letter and len(rest) <= 2 and rest[:1] and rest[0] in _HIDDEN and layer:
        letter = "a"
    if not letter or not layer or (head and not letters) or (head and letter == "delta"):
        return ""
    return f"{head}{letter}{layer}"


def _gradient(parts: list[str]) -> tuple[str, list[str]]:
    """Whether a name is a derivative's, and its other words."""
    kept = [part for part in parts if part not in _GRADIENTS]
    if len(kept) < len(parts):
        return "d", [part[1:] if part in ("dw", "db", "dz", "da") else part for part in kept]
    first = parts[0]
    if first in ("dw", "db", "dz", "da", "dweights", "dbias", "dweight"):
        return "d", [first[1:], *parts[1:]]
    if first == "d" and len(parts) > 1 and parts[1] in _LETTERS:
        return "d", parts[1:]
    return "", parts


def _layer(said: Sequence[str], letter: str, last: int) -> int:
    """The layer that words name; 0 where they name none, or more than one can be meant."""
    if len(said) == 1 and said[0] in _PAIRS and letter == "W":
        said = [*said[0]]
    if len(said) == 2 and said[1].isdigit() and said[0] in _HIDDEN:
        return int(said[1]) if last > 2 and int(said[1][:4]) < last else 0  # of one hidden layer it is a unit
    if len(said) == 2 and letter == "W":
        layers = {"ih": 1, "ho": 2} if last == 2 else {"io": 1} if last == 1 else {}
        return layers.get(_short(said[0]) + _short(said[1]), 0)
    layers = {"h": 1, "o": 2} if last == 2 else {"o": last}
    return layers.get(_short(said[0]), 0) if len(said) == 1 else 0


def _short(word: str) -> str:
    return "i" if word in _INPUT else "h" if word in _HIDDEN else "o" if word in _OUTPUT else "?"


__all__ = ["updated", "worded"]
