"""Lists of a layer's or a unit's parameters in order: ``dW2: -1.1 ; 0``, ``W1: u1: 0.5 / -1``, ``u1: 0.5 → 0.6 ; …``.

A list is read where it has as many entries as the layer or unit has: of a unit its weights and perhaps its bias, of a
layer with one unit the same, of any layer its biases. What has another number of entries stays as it is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from derive.naming.names import Names
from derive.patterns import regex
from derive.records import record
from derive.verification.reading.token import Token

_HEAD = regex(
    r"\s*(?:(?P<slope>d|∂|grad[_ ]?)?(?P<kind>W|w|b|[Ww]eights|[Bb]ias(?:es)?)[_ ]?(?P<layer>[1-9]))?"
    r"\s*(?P<between>:\s*)?(?:[(\[]?(?:u|[Uu]nit|[Nn]euron|[Nn]ode|n)[_ ]?(?P<unit>[1-9][0-9]?)[)\]]?)?"
    r"\s*(?P<sign>[:=])\s*(?=\S)"
)
_OF_A_UNIT = regex(r"\s*(?:u|[Uu]nit|[Nn]euron|[Nn]ode|n)[_ ]?[1-9][0-9]?:\s*-?[0-9.,]+\s*(?:[;/→]|->)\s*[-0-9b]")
_BIAS = frozenset({"b", "bias", "Bias", "B"})
MAX_ENTRIES = 100
"""A list has at most so many entries."""
_ARROWS = frozenset({"->", "→", "⟶", "⇒"})


@record
class ListHead:
    """What a list is of: the derivatives (``slope``) of a layer's biases or weights, or those of one unit.

    ``named`` is where its name ends, ``end`` where its entries begin; ``strict``: a sign of equality stands between.
    """

    slope: bool
    biases: bool
    layer: int
    unit: int
    named: int
    end: int
    strict: bool


class Lists:
    """Reads the lists of one text; ``before`` is the head of the last one that was of a unit.

    ``u2:`` below ``dW1 u1:`` goes on with it; a list of changes alone is of the layer whose units have been listed.
    """

    def __init__(self, names: Names, is_name: Callable[[Sequence[Token]], bool]) -> None:
        self.names = names
        self.is_name = is_name
        self.before: ListHead | None = None

    def head(self, text: str, start: int, end: int) -> ListHead | None:
        """What stands before the entries of a list; None where a line begins otherwise."""
        found = _HEAD.match(text, start, end)
        if found is None or not (found["layer"] or found["unit"]) or not self.names.sizes:
            return None
        if (found["between"] and not found["unit"]) or (found["sign"] == "=" and not found["layer"]):
            return None
        layer, unit = int(found["layer"] or 0), int(found["unit"] or 0)
        biases = (found["kind"] or "").lower().startswith("b")
        if layer > len(self.names.sizes) or (biases and unit):
            return None
        return ListHead(
            bool(found["slope"]), biases, layer, unit, found.start("sign"), found.end(), found["sign"] == "="
        )

    def claims(self, head: ListHead, entries: Sequence[Token], start: int) -> list[Token]:
        """The entries as claims, one behind the other; nothing where they are no list of what the head says."""
        items = _parted(entries, semicolons=head.strict)
        if not head.layer:
            head = self._continued(head, changes=all(map(_arrow, items)))
        named = [bool(item) and item[0].text in _BIAS for item in items]
        if not head.layer or not 1 < len(items) <= MAX_ENTRIES or any(named[:-1]):
            return []
        if named[-1]:
            items[-1] = items[-1][1 + (items[-1][1:2] != [] and items[-1][1].text in (":", "=")) :]
        targets = self._targets(head, head.layer, len(items), with_bias=named[-1])
        if not targets or not all(map(self._is_an_entry, items)):
            return []
        found: list[Token] = []
        for target, item in zip(targets, items, strict=True):
            found += [Token("gap", "", item[0].start, item[0].start)] if found else []
            found += self._claim("d" * head.slope + target, item, start, head.named)
        if head.unit:
            self.before = head
        return found

    def _continued(self, head: ListHead, *, changes: bool) -> ListHead:
        """The head of a list that says no layer, with what the lists before it say; else as it is."""
        before = self.before
        if changes:
            return replace(head, layer=before.layer if before is not None else self._only_units())
        if before is None or before.unit + 1 != head.unit:
            return head
        return replace(head, layer=before.layer, slope=before.slope)

    def _only_units(self) -> int:
        """The only layer that has several units."""
        several = [layer for layer, size in enumerate(self.names.sizes, 1) if size > 1]
        return several[0] if len(several) == 1 else 0

    def _targets(self, head: ListHead, layer: int, count: int, *, with_bias: bool) -> list[str]:
        """The parameters of which a list has the numbers, in their order."""
        names, size = self.names, self.names.sizes[layer - 1]
        biased = layer not in names.unbiased and layer not in names.shared
        if head.biases:
            fits = biased and not with_bias and count == size and (count > 1 or not head.strict)
            return [names.bias(layer, unit) for unit in range(1, size + 1)] if fits else []
        unit = head.unit or (1 if size == 1 else 0)
        if not 1 <= unit <= size or count != names.columns(layer) + with_bias or (with_bias and not biased):
            return []
        weights = [names.weight(layer, unit, column) for column in range(1, names.columns(layer) + 1)]
        return [*weights, names.bias(layer, unit)] if with_bias else weights

    def _is_an_entry(self, item: Sequence[Token]) -> bool:
        """Whether an entry is a number, a calculation with its result, or a number that becomes another one."""
        if not item or item[-1].kind != "number" or any(token.kind in ("gap", "text") for token in item):
            return False
        sign = next(
            (i for i, token in enumerate(item) if token.kind in ("relation", "arrow") or token.text in _ARROWS), 0
        )
        words = any(token.kind == "word" for token in item)
        return not words or (sign > 1 and not self.is_name(item[:sign]))

    @staticmethod
    def _claim(name: str, item: Sequence[Token], start: int, end: int) -> list[Token]:
        said = Token("word", name, start, end)
        at = _arrow(item)
        sign = Token("relation", "=", item[0].start, item[0].start)
        if not at:
            return [said, sign, *item]
        arrow = item[at]
        gap = Token("gap", "", arrow.start, arrow.start)
        return [said, sign, *item[:at], gap, said, Token("relation", ":=", arrow.start, arrow.end), *item[at + 1 :]]


def is_of_a_unit(line: str) -> bool:
    """Whether a line lists what a unit has: ``u1: 0.5 ; -1``, ``u1: 0.5 → 0.6``."""
    return _OF_A_UNIT.match(line) is not None


def _arrow(item: Sequence[Token]) -> int:
    """The place of the arrow in an entry; 0 where there is none."""
    return next((i for i, token in enumerate(item) if i and (token.kind == "arrow" or token.text in _ARROWS)), 0)


def _parted(entries: Sequence[Token], *, semicolons: bool) -> list[list[Token]]:
    """The entries between semicolons, or else between slashes or commas with a blank."""
    signs = {token.text for token in entries}
    part = ";" if ";" in signs or semicolons else "/" if _is_spaced(entries, "/") else ","
    found: list[list[Token]] = [[]]
    depth = 0
    for i, token in enumerate(entries):
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        blank = part == ";" or (i > 0 and entries[i - 1].end < token.start) or part == ","
        if token.text == part and depth == 0 and blank:
            found.append([])
        elif token.kind != "gap":
            found[-1].append(token)
    return found


def _is_spaced(entries: Sequence[Token], sign: str) -> bool:
    at = next((i for i, token in enumerate(entries) if token.text == sign), 0)
    return (
        0 < at < len(entries) - 1
        and entries[at - 1].end < entries[at].start
        and entries[at].end < entries[at + 1].start
    )


__all__ = ["ListHead", "Lists", "is_of_a_unit"]
