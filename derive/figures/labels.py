r"""A formula as a label of a figure: runs of characters, SVG, or plain text.

Labels are TeX, as everywhere in a lesson; LaTeX sets it as it is. In an SVG file a label is real text, that can be
read, searched and copied, with its scripts raised and lowered, and fractions on one line:

>>> tspans("v_1").split("><")
['<tspan font-style="italic">v</tspan', 'tspan font-size="70%" dx="0.07em" dy="0.36em">1</tspan>']
>>> in_text(r"\frac{\partial E}{\partial w^{1}_{43}}"), in_text(r"4.5 \times 10^{-5}")
('∂E/∂w¹₄₃', '4.5 × 10⁻⁵')

A token of a number (see :mod:`derive.words.filling`) stays one; :data:`FILLING` writes the number in its place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from html import escape
from typing import NamedTuple

from derive.figures.label_parts import LabelPart, parts
from derive.figures.signs import HAS_LOWERED, HAS_RAISED, LOWERED, OPENING, PRIME, RAISED, width_of
from derive.words.filling import TOKEN, Filling

TOKEN_WIDTH = 3.0
"""Reserved for a number that is put in later: a sign, five digits and a point, in ems."""
SCRIPT, LEAST = 0.7, 0.5
"""The size of a script beside that of its base, and the smallest size, beside that of the label."""
RAISE, LOWER = 0.4, 0.25
"""How far scripts stand above and below the line, in ems of their base."""
GAP = 0.05
"""Before a script, in ems of its base."""
ASCENT, DESCENT = 0.7, 0.22
"""What letters take above and below their line, in ems."""
RELATIONS = {"=": "=", r"\approx": "≈"}
_NO_WIDTH = "\u200b"


class LabelRun(NamedTuple):
    """Characters of one look.

    ``size`` is beside the label's own; ``rise`` above its line and ``gap``, the space before (less than 0 where a
    script stands below another one), are in ems of the label.
    """

    text: str
    italic: bool = False
    bold: bool = False
    size: float = 1.0
    rise: float = 0.0
    gap: float = 0.0

    @property
    def width(self) -> float:
        """In ems of the label, with the space before it."""
        tokens = len(TOKEN.findall(self.text))
        return self.gap + self.size * (width_of(TOKEN.sub("", self.text), italic=self.italic) + tokens * TOKEN_WIDTH)

    @property
    def look(self) -> tuple[bool, bool, float, float]:
        """What it must have in common with another one to be set in one go."""
        return self.italic, self.bold, self.size, self.rise


class LabelSize(NamedTuple):
    """What a label takes, in ems: its width, and the height above and below its line."""

    width: float
    above: float
    below: float


@lru_cache(maxsize=4096)
def runs(tex: str) -> tuple[LabelRun, ...]:
    r"""The label as runs, from left to right; a lower script after the upper one, set back to stand below it.

    >>> [(run.text, run.rise, run.gap) for run in runs("w^{1}_{43}")]
    [('w', 0.0, 0.0), ('1', 0.4, 0.05), ('43', -0.25, -0.35)]
    """
    return tuple(_joined(_row(parts(tex), 1.0, 0.0)))


@lru_cache(maxsize=4096)
def size_of(tex: str) -> LabelSize:
    r"""What the label takes, in ems.

    >>> size_of("E"), size_of("E_1").below > size_of("E").below
    (LabelSize(width=0.611, above=0.7, below=0.22), True)
    """
    found = runs(tex)
    above = max((run.rise + run.size * ASCENT for run in found), default=ASCENT)
    below = max((run.size * DESCENT - run.rise for run in found), default=DESCENT)
    return LabelSize(round(sum(run.width for run in found), 3), round(max(above, ASCENT), 3), round(below, 3))


@lru_cache(maxsize=4096)
def tspans(tex: str) -> str:
    """The label as what stands in a ``<text>`` of SVG, escaped."""
    return "".join(_tspans(tex))


def number(tex: str) -> str:
    r"""A number or relation sign that is put into a label: what follows it is on the line again.

    >>> number("0.5"), number("="), number("10^{5}").endswith('><tspan dy="0.4em">\u200b</tspan>')
    ('0.5', ' = ', True)
    """
    if tex in RELATIONS:
        return f" {RELATIONS[tex]} "
    found = [*_tspans(tex)]
    last = runs(tex)[-1] if found else None
    if last is not None and last.rise:
        found.append(_tspan(LabelRun(_NO_WIDTH), -last.rise))
    return "".join(found)


FILLING = Filling(write=number, between=lambda before, text, after: text)
"""How numbers are put into the text of SVG."""


def in_text(tex: str) -> str:
    r"""The label as plain text, as a title has it: scripts by the characters that there are for them.

    >>> in_text(r"w^{2}_{11} \cdot \hat{y}"), in_text("e^{-z}"), in_text(r"x_{\mathrm{in}}")
    ('w²₁₁ · ŷ', 'e^(−z)', 'xᵢₙ')
    """
    return "".join(_plain(parts(tex)))


# Runs


def _row(found: Sequence[LabelPart], size: float, rise: float) -> Iterator[LabelRun]:
    for part, text in _spaced(found, on_line=size == 1):
        yield from _part(part, text, size, rise)


def _spaced(found: Sequence[LabelPart], *, on_line: bool) -> Iterator[tuple[LabelPart, str]]:
    """The parts with their characters, and spaces around signs that join two parts, after commas and functions."""
    for k, part in enumerate(found):
        before, after = (found[k - 1] if k else None), (found[k + 1] if k + 1 < len(found) else None)
        text = part.text
        if after is None:
            pass
        elif (part.kind == "function" and after.kind != "open") or (on_line and part.kind == "comma"):
            text += " "
        elif on_line and part.kind == "sign" and _joins(before):
            text = f" {text} "
        yield part, text


def _joins(before: LabelPart | None) -> bool:
    """Whether a sign joins what stands before it to what follows, and does not belong to this alone."""
    return before is not None and before.kind not in ("sign", "open", "comma") and before.text != "/"


def _part(part: LabelPart, text: str, size: float, rise: float) -> Iterator[LabelRun]:
    if part.inner is not None:
        yield from _row(part.inner, size, rise)
    else:
        yield LabelRun(text, part.italic, part.bold, size, rise, size * part.gap)
    if part.above or part.below:
        yield from _scripts(part, size, rise)


def _scripts(part: LabelPart, size: float, rise: float) -> Iterator[LabelRun]:
    """The scripts of a part: the upper one, then the lower one below it, then the space that the wider one takes."""
    small = max(LEAST, size * SCRIPT)
    primes = [above for above in part.above if above.text == PRIME]
    upper = [LabelRun(PRIME, size=size, rise=rise) for _ in primes]
    upper += _row([above for above in part.above if above.text != PRIME], small, rise + size * RAISE)
    lower = [*_row(part.below, small, rise - size * LOWER)]
    above = _after(upper, 0.0 if primes else size * GAP)
    below = _after(lower, size * GAP - sum(run.width for run in above))
    yield from above
    yield from below
    if below and (narrower := sum(run.width for run in below)) < 0:
        yield LabelRun("", gap=round(-narrower, 4))


def _after(found: Sequence[LabelRun], gap: float) -> list[LabelRun]:
    """The runs with a space before them."""
    return [run._replace(gap=round(run.gap + gap, 4)) if not k else run for k, run in enumerate(found)]


def _joined(found: Iterator[LabelRun]) -> Iterator[LabelRun]:
    """Runs of one look as one; a space without characters goes to the run after it."""
    last = LabelRun("")
    for run in found:
        if not last.text:
            last = run._replace(gap=round(last.gap + run.gap, 4))
        elif run.look == last.look and not run.gap:
            last = last._replace(text=last.text + run.text)
        else:
            yield last
            last = run
    if last.text or last.gap:
        yield last


# SVG


def _tspans(tex: str) -> Iterator[str]:
    at = 0.0
    for run in runs(tex):
        if run.text:
            yield _tspan(run, run.rise - at)
            at = run.rise


def _tspan(run: LabelRun, up: float) -> str:
    """A run that stands ``up`` ems higher than the one before it; lengths are in ems of its own size."""
    look = {
        "font-style": "italic" if run.italic else "",
        "font-weight": "bold" if run.bold else "",
        "font-size": f"{100 * run.size:.0f}%" if run.size != 1 else "",
        "dx": _ems(run.gap / run.size),
        "dy": _ems(-up / run.size),
    }
    attributes = "".join(f' {key}="{value}"' for key, value in look.items() if value)
    text = escape(run.text, quote=False)
    return f"<tspan{attributes}>{text}</tspan>" if attributes else text


def _ems(length: float) -> str:
    return f"{round(length, 2):g}em" if round(length, 2) else ""


# Plain text


def _plain(found: Sequence[LabelPart], *, on_line: bool = True) -> Iterator[str]:
    for part, text in _spaced(found, on_line=on_line):
        yield "".join(_plain(part.inner, on_line=on_line)) if part.inner is not None else text or " " * (part.gap > 0)
        yield _script(part.above, "^", RAISED, HAS_RAISED)
        yield _script(part.below, "_", LOWERED, HAS_LOWERED)


def _script(found: Sequence[LabelPart], sign: str, table: dict[int, str], known: frozenset[str]) -> str:
    text = "".join(_plain(found, on_line=False))
    if all(character in known for character in text):
        return text.translate(table)
    return f"{sign}{text}" if len(text) == 1 or text[0] in OPENING else f"{sign}({text})"
