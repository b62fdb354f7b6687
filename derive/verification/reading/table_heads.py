"""What the head of a column says of the cells below it: in words, or as a formula."""

from __future__ import annotations

from collections.abc import Sequence

from derive.patterns import regex
from derive.verification.reading.new_and_old import SAYS_NEW
from derive.verification.reading.table_cells import TableCell

VALUE = regex(r"(?i)\W*(?:values?|results?|numbers?|numerical(?: value)?|=|≈|wert|ergebnis|answer|amount|output)?\W*")
OLD = regex(r"(?i)\W*(?:old|initial|start(?:ing)?|before|current)(?: (?:values?|weights?|parameters?))?\W*")
NEW = regex(rf"(?i)\W*(?:{SAYS_NEW}|after)(?: (?:values?|weights?|update|parameters?|one step))?\W*")
SLOPE = regex(r"(?i)\W*(?:gradients?|derivatives?|grad|slope|partial derivative)(?: values?)?\W*")
PRODUCT = regex(r"(?i)\W*(?:products?|total|sum)\W*")
SAMPLE = regex(r"(?i)\W*(?:samples?|rows?|examples?|data(?: ?points?)?|point|pattern|n|i|#|no\.?|nr\.?)\W*")
OF_SAMPLE = regex(r"(?i)\W*(?:sample|row|example) ?([1-9][0-9]{0,4})\W*")
BATCH = regex(r"(?i)\W*(?:batch|mean|all|total)\W*")
UPDATES = regex(r"(?i)\W*(?:updates?|after (?:so many )?updates?)\W*")
STEP = regex(r"(?i)\W*(?:iterations?|epochs?|k|it\.?)\W*")
A_FORMULA = "a formula (its own)"
"""What a head says that is a formula itself: its column is no other one's value."""
_WORDS = regex(r"[^\W\d_]+")
_WORKING = frozenset(
    """formula formulas formulae expression equation definition computation calculation working work worked workings
    derivation how rule chain product products sum inserted substituted substitution substituting plugged plug numbers
    numerical numeric numerically symbolic symbolically in with the values steps evaluation evaluated
    operation operations rechnung formel ansatz einsetzen cálculo fórmula calcul formule""".split()
)
_UPSTREAM = frozenset("upstream incoming backward outer from above".split())
_LOCAL = frozenset("local inner own".split())
_ABOUT_FACTORS = frozenset(
    "gradient gradients derivative derivatives grad partial factor factors times mal value".split()
)
_GRADIENT = frozenset("gradient gradients grad grads adjoint adjoints".split())
_BY = regex(r"(?i)\bw\.? ?r\.? ?t\b|\bwith respect to\b|\bderivatives? by\b")


def said_by(head: TableCell) -> str:
    """What a head says in words; of a formula ("∂L/∂v"), whose column is no other one's value, that it is one."""
    formula = head.tex and any(token.kind not in ("gap", "relation") for token in head.tokens)
    return head.text or (A_FORMULA if formula else "")


def is_value(said: str | None) -> bool:
    """Whether a column holds the values of what stands at the head of its rows; ``said`` is None without a head."""
    return said is None or VALUE.fullmatch(said) is not None


def is_working(said: str | None) -> bool:
    """Whether the cells of a column are how the quantity at the head of a row is worked out, all of it."""
    words = _words(said)
    if not said:
        return True
    if _UPSTREAM & words and _LOCAL & words:
        return words <= _UPSTREAM | _LOCAL | _ABOUT_FACTORS | _WORKING
    return bool(words) and words <= _WORKING


def is_factor(said: str | None) -> bool:
    """Whether the cells of a column are one factor of the quantity: its local derivative, or what comes from above."""
    words = _words(said)
    return bool(words & (_UPSTREAM | _LOCAL | {"factor"})) and not is_working(said)


def says_gradient(said: str | None) -> bool:
    """Whether a column is about the gradient by what stands at the head of a row, and no local one."""
    words = _words(said)
    return bool(words & _GRADIENT) and words <= _GRADIENT | _WORKING | {"value", "of", "loss", "result"}


def is_by(said: str | None) -> bool:
    """Whether the names below this head are those by which something is derived."""
    return says_gradient(said) or (said is not None and _BY.search(said) is not None)


def _words(said: str | None) -> frozenset[str]:
    return frozenset(word.lower() for word in _WORDS.findall(said or ""))


def heads(head: Sequence[TableCell] | None, count: int) -> list[str | None]:
    """What is said at the head of so many columns, None where there is no head."""
    known = [said_by(cell) for cell in (head or ())[:count]]
    return [*known, *[None] * (count - len(known))]


__all__ = [
    "BATCH", "NEW", "OF_SAMPLE", "OLD", "PRODUCT", "SAMPLE", "SLOPE", "STEP", "UPDATES", "VALUE", "heads", "is_by",
    "is_factor", "is_value", "is_working", "said_by", "says_gradient",
]  # fmt: skip
