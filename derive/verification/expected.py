"""What would have been right: the true value in digits, or the true formula."""

from __future__ import annotations

from derive.chain import Derivation, derive
from derive.expressions.text import ascii as plain
from derive.expressions.tree import Name, plus, times
from derive.network import Network
from derive.numbers import Undecided
from derive.rounding import decimal_string
from derive.verification.identity import decided
from derive.verification.judge import Hearing
from derive.verification.numerals import digits_of, unit_of
from derive.verification.sides import NoValue, TooHard

FEWEST_DIGITS = 4
LONGEST = 2_000


class Expected:
    """The true value or formula for a relation that is not simply right."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._derivation: Derivation = derive(network)

    def of(self, hearing: Hearing, i: int) -> str | None:
        """What side ``i`` should say."""
        left = hearing.lefts[i - 1]
        if left is None:
            return None
        if hearing.symbolic(left, i):
            return self._formula(hearing, left)
        return self._number(hearing, hearing.subject if i != hearing.subject else left, i)

    def _number(self, hearing: Hearing, source: int, i: int) -> str | None:
        number = hearing.sides[i].number
        written = digits_of(number.written) if number is not None and unit_of(number.written) is not None else 0
        digits = min(max(FEWEST_DIGITS, written), 1000)
        try:
            span = hearing.span(source)
            if not span.is_point:
                return None
            value = span.low
            return decided(lambda: decimal_string(value, digits))
        except (NoValue, TooHard, Undecided):
            return None

    def _formula(self, hearing: Hearing, left: int) -> str | None:
        name = hearing.sides[hearing.subject].subject
        text = self._of_quantity(name) if name is not None and not hearing.is_free(hearing.subject) else None
        if text is None or text == name:
            expr = hearing.sides[left if hearing.states[left] == "right" else hearing.subject].expr
            text = plain(expr) if expr is not None else None
        return text if text is not None and len(text) <= LONGEST else None

    def _of_quantity(self, name: str) -> str | None:
        """The formula of a quantity at the start."""
        network = self._network
        quantity = network.names.resolve(name)
        if quantity.step is not None and quantity.step != 1:
            return None
        if quantity.step == 1:
            return self._update(quantity.base) if quantity.by is None else None
        if quantity.by is None:
            node = network.graph.by_name.get(quantity.base)
            return plain(node.formula) if node is not None and quantity.row is None else None
        return self._derivative(quantity.base, quantity.by, quantity.row)

    def _derivative(self, of: str, by: str, row: int | None) -> str | None:
        network = self._network
        if of == network.output:
            several = len(network.rows) > 1
            if several and row is None and by in network.parameters:
                return plain(self._derivation.batch_gradient(by, tuple(range(1, len(network.rows) + 1))))
            return plain(self._derivation.gradient(by)) if not several else None
        node = network.graph.by_name.get(of)
        uses = [use for use in network.graph.uses.get(by, ()) if use.node is node]
        return plain(plus(*(use.local for use in uses))) if uses and row is None else None

    def _update(self, name: str) -> str | None:
        if name not in self._network.trained:
            return None
        names = self._network.names
        step = times(Name(names.eta), Name(f"d{names.loss}/d{name}"))
        return plain(Name(name) - step)
