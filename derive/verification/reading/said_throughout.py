"""What the whole of a text says of how it is to be read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from derive.patterns import regex
from derive.verification.reading.above_samples import SAMPLES_ABOVE, marks_samples
from derive.verification.reading.accumulated import ACCUMULATED, accumulates
from derive.verification.reading.row_vectors import ROWS, has_row_vectors

_FIRST = r"(?<![A-Za-z_])(?:\\[a-z]+\s*\{)?LETTER(?:[}\s]*\^\s*\{?\s*[(\[]?1[)\]]|1(?![0-9]))"
"""A layer's first vector."""
MAX_LAYERS = 9
"""In a network of fewer layers it is asked whether a text counts the inputs as a layer."""
_LETTERS_OF_A_RATE = {
    "alpha": r"\\alpha|α",
    "epsilon": r"\\(?:var)?epsilon|[εϵ]",
    "mu": r"\\mu|[μµ]",
    "gamma": r"\\gamma|γ",
}
_SUM_UP_TO = r"\\sum\s*_\s*\{\s*[ijk]\s*=\s*1\s*\}\s*\^\s*(?:\{\s*LETTER\s*\}|LETTER(?![A-Za-z]))"


def _is_worked_out(signs: str) -> re.Pattern[str]:
    """A letter that is set equal to a difference."""
    dress = "bar|over|under|hat|wide|tilde|vec|d?dot|[dt]?frac|bm|bold|math(?:bf|cal|bb|scr)|textbf|sqrt"
    words = rf"\\(?!{dress})[A-Za-z]{{1,20}}\s*\{{[^{{}}\n]{{0,12}}\}}"  # a script that a macro sets
    scripts = rf"(?:\s*(?:[\^_]\s*(?:\{{[^{{}}\n]{{0,12}}\}}|\w|\([0-9]+\))|{words})){{0,2}}"
    minus = r"[^\s=&$\n-][^=&$\n]{0,40}?(?:(?<=[0-9)}\]])|(?<=\s))[-−]\s*(?:[0-9(\\]|[A-Za-z](?![A-Za-z]))"
    return regex(rf"(?:{signs})(?![A-Za-z]){scripts}\s*&?\s*(?:=|:=)\s*&?\s*{minus}")


_SLOPE_OF_A_UNIT = r"(?<![\w/])d[zah]_?UNIT\s*=\s*[-−]?\(?[-−]?[0-9](?![^\n=]{0,80};\s*[-−]?[0-9(])"
"""The derivative by a unit's z or a as a number, and no list of those of a layer."""
_SAID_OF_THE_FILE = {
    "zero": (regex(r"\w\[\s*(?:0\s*[\],]|[0-9]+\s*,\s*0\s*\]|[0-9]+\]\[0\])"),),
    "times": (regex(r"[\^_({\[,]\s*[({\[]?[ktni]\s*\+\s*1\s*[)\]}]"),),
    **{f"worked_{letter}": (_is_worked_out(signs),) for letter, signs in _LETTERS_OF_A_RATE.items()},
    **{f"counts_{letter}": (regex(_SUM_UP_TO.replace("LETTER", letter)),) for letter in "mnN"},
    "single_h": (
        regex(r"(?<![A-Za-z_])h_?1\s*[:=]\s*(?:σ|sigma|sigm?|sigmoid|tanh)?\s*\(?\s*[-−]?\.?[0-9]"),
        regex(r"(?<![A-Za-z_])(?:o_?1?|out|ŷ|yhat|δ_?o|delta_?o)\s*[:=]"),
    ),
    "single_d": (regex(_SLOPE_OF_A_UNIT.replace("UNIT", "1")), regex(_SLOPE_OF_A_UNIT.replace("UNIT", "2"))),
    "single_delta": (
        regex(r"(?:δ|delta)_?(?:o|out|y)(?![A-Za-z])"),
        regex(r"(?:δ|delta)_?2(?![0-9_])"),
        regex(r"\A(?![\s\S]*(?:δ|delta)_?2[ \t]*=[ \t]*\(?(?:t|yhat|ŷ)[ \t]*[-−])"),  # that is the output's, too
    ),
    "counts_in_brackets": (
        regex(r"(?<![A-Za-z])[WwbBUVΘθ]\}?(?:[\^_](?:\{[^{}\n]{1,9}\}|[0-9]|\([0-9]\)))*[ \t]?\(0\)[ \t]*&?[ \t]*="),
    ),
    "layers_below": (regex(r"(?<![A-Za-z\\}])[abhz]_\{?[1-9]\}?\s*&?\s*="),),
    "two_rates": (regex(r"\\alpha\b|\balpha\b|α"), regex(r"\\eta\b|\beta\b|η")),
}
"""What the whole of a file says: indices of a program that are counted from 0; updates that are counted by a letter; a
letter of the learning rate that is worked out and is none; how far sums over all samples go; h with a number, and δ
beside the output's, which are then of the hidden units; layers that stand below a letter alone; α and η, which are
then not the same."""


_NEEDED: Mapping[str, Sequence[str]] = {
    "zero": ("[",),
    "worked_epsilon": ("epsilon", "ε", "ϵ"),
    "worked_mu": (r"\mu", "μ", "µ"),
    "worked_gamma": ("gamma", "γ"),
    "single_h": ("h1", "h_1"),
    "single_d": tuple(f"d{letter}{unit}" for letter in "zah" for unit in ("1", "_1")),
    "single_delta": ("δ", "delta"),
    "counts_in_brackets": ("(0)",),
    "layers_below": tuple(f"{letter}_" for letter in "abhz"),
    "two_rates": ("alpha", "α"),
}
"""One of these stands in every text that says so: to look for them takes no time."""


def _has_one(text: str, signs: Sequence[str]) -> bool:
    return any(sign in text for sign in signs)


_IS_SO_MANY = regex(r"(?<![\w\\^{])([mnN])(?:\s|&){0,3}=(?:\s|&){0,3}([0-9]{1,6})(?![\w.,]*[0-9])")


def _counters(text: str, rows: int) -> frozenset[str]:
    """The letters of which a text says that they are as many as the rows: ``n = 4``."""
    return frozenset(f"counts_{letter}" for letter, number in _IS_SO_MANY.findall(text) if int(number) == rows > 1)


def said_throughout(text: str, sizes: Sequence[int], rows: int = 1) -> frozenset[str]:
    """What a text says of a network with so many units in each layer, and so many rows of data.

    See the choices of :class:`derive.verification.reading.parse.Parser`.
    """
    said = {
        name
        for name, patterns in _SAID_OF_THE_FILE.items()
        if (name not in _NEEDED or _has_one(text, _NEEDED[name])) and all(each.search(text) for each in patterns)
    }
    said |= {ACCUMULATED} if sizes and rows == 1 and accumulates(text) else set()
    said |= {ROWS} if sizes and rows == 1 and has_row_vectors(text) else set()
    said |= _counters(text, rows) | ({SAMPLES_ABOVE} if len(sizes) > 1 and marks_samples(text, rows) else frozenset())
    return frozenset(said | {"more_layers"} if _has_a_layer_more(text, sizes) else said)


def _has_a_layer_more(text: str, sizes: Sequence[int]) -> bool:
    """Whether the text may count the inputs as a layer: it has a layer more, or a first a and no first z."""
    layers = len(sizes)
    if not 1 < layers < MAX_LAYERS:
        return False
    wide = max(sizes) > layers
    above, after = "^" in text, str(layers + 1)
    word = r"" if wide else r"|(?<![A-Za-z_])(?:[zah]|delta|δ)_?NEXT(?![0-9])"
    next_ = (
        r"(?:[zahZAHwWbδ]|delta)[}\s]*\^\s*\{?\s*[(\[]?NEXT[)\]]?(?:\s*T)?\s*(?:\}|[^0-9.}]|$)"
        r"|(?<![A-Za-z_])(?:[zahwWb]|delta|δ)NEXT_[0-9]" + word
    )
    words = () if wide else tuple(f"{letter}{after}" for letter in (*"zahδ_", "delta"))
    may_be = above or _has_one(text, (f"{after}_", *words))
    if may_be and re.search(next_.replace("NEXT", after), text) is not None:
        return True
    if not above and "a1" not in text:
        return False
    return re.search(_FIRST.replace("LETTER", "a"), text) is not None and not re.search(
        _FIRST.replace("LETTER", "z"), text
    )


__all__ = ["said_throughout"]
