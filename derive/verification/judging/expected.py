"""What would have been right: the true value in digits, or the true formula."""

from __future__ import annotations

from dataclasses import replace

from derive.arithmetic.numbers import BOUND_DIGITS
from derive.arithmetic.outcomes import OutsideDomain, Undecided
from derive.arithmetic.rounding import decimal_string
from derive.expressions.print_text import ascii as plain
from derive.expressions.tree import Negative
from derive.network import Network
from derive.verification.comparing.chain import NoValue, TooHard
from derive.verification.comparing.identity import decided
from derive.verification.comparing.unlike import unlike
from derive.verification.judging.judge import Hearing
from derive.verification.judging.own_formula import Formulas
from derive.verification.points.point import NoQuantity
from derive.verification.reading.written_number import digits_of, is_negative, unit_of

MIN_DIGITS = 4
"""At least this many digits of what is expected are given."""
MAX_LENGTH = 2_000
"""At most this many characters of an expected expression; a longer one is not given."""
MAX_KEPT = 20_000
"""At most this many true values are kept as they are said."""


class Expected:
    """The true value or formula for a relation that is not simply right."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._formulas = Formulas(network)
        self._numbers: dict[tuple[str, int, str, bool], str | None] = {}

    def of(self, hearing: Hearing, i: int, *, negated: bool = False) -> str | None:
        """What side ``i`` should say; ``negated`` where the chain is heard with the other signs."""
        found = self._of(hearing, i, negated)
        number = found is not None and not hearing.symbolic(hearing.lefts[i - 1] or 0, i)
        if not negated or found is None or not number:
            return found
        return found[1:] if found.startswith("-") else found if not found.strip("0.") else f"-{found}"

    def _of(self, hearing: Hearing, i: int, negated: bool) -> str | None:
        left = hearing.lefts[i - 1]
        if left is None:
            return None
        if hearing.symbolic(left, i):
            return self._formula(hearing, left, i, negated=negated)
        return self._number(hearing, hearing.subject if i != hearing.subject else left, i)

    def step(self, hearing: Hearing, sign: str) -> str | None:
        """What is added to a parameter (``+=``) or taken away from it (``-=``)."""
        name = hearing.sides[0].subject
        if name is None:
            return None
        new = self._network.names.resolve(name)
        old = replace(new, step=(new.step or 1) - 1 or None, updated=(new.step or 1) > 1)
        world = hearing.judge.worlds.truth

        def digits() -> str:
            change = world.value(name) - world.value(str(old))
            return decimal_string(change if sign == "+=" else -change, MIN_DIGITS)

        try:
            return decided(digits)
        except (NoQuantity, OutsideDomain, Undecided):
            return None

    def _number(self, hearing: Hearing, source: int, i: int) -> str | None:
        number = hearing.sides[i].number
        written = digits_of(number.written) if number is not None and unit_of(number.written) is not None else 0
        digits = min(max(MIN_DIGITS, written), 1000)
        shown = number.written if number is not None else ""
        written_side = hearing.sides[i].expr
        negative = written_side is not None and is_negative(written_side)
        key = (hearing.sides[source].subject or "", digits, shown, negative)
        if key in self._numbers:
            return self._numbers[key]
        try:
            span = hearing.span(source)
            if not span.is_point:
                return None
            if hearing.nothing(source) == "either":
                return f"0e-{BOUND_DIGITS}"
            value = span.low
            found = decided(lambda: unlike(hearing.sides[i].expr, value, digits))
        except (NoValue, TooHard, Undecided):
            return None
        if key[0] and len(self._numbers) < MAX_KEPT:
            self._numbers[key] = found
        return found

    def _formula(self, hearing: Hearing, left: int, i: int, *, negated: bool) -> str | None:
        name = hearing.sides[hearing.subject].subject
        known = name is not None and not hearing.is_free(hearing.subject)
        formula = self._formulas.of(name) if known and name is not None else None
        if formula is None or plain(formula) == name:
            formula = hearing.sides[left if hearing.states[left] == "right" else hearing.subject].expr
        written = hearing.sides[i].expr
        text = None if formula is None or formula == written else plain(Negative(formula) if negated else formula)
        return text if text is not None and len(text) <= MAX_LENGTH else None
