r"""From the tokens of one side to its tree.

Juxtaposition multiplies where it cannot be misread: ``2x``, ``\delta^{2}_{1}a^{1}_{1}``, ``t(1 - \hat y)``.
The grammar is that of the expressions of a spec (:mod:`derive.expressions.descent`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import reduce
from typing import Any

from derive.expressions.descent import Descent, Factors
from derive.expressions.grammar import MAX_DIGITS_OF_A_POWER, constant_value, exact
from derive.expressions.scan import MAX_DEPTH, MAX_DIGITS, MAX_EXPONENT, MAX_OPERANDS
from derive.expressions.tree import Constant, Expr, Negative, Number, Product
from derive.naming.quantity import NamedQuantity
from derive.verification.reading import arrays, matrices
from derive.verification.reading.bias_columns import fitted, place_of, without_biases
from derive.verification.reading.model import Matrix, SideContent, Unreadable, quoted
from derive.verification.reading.spelling import Spelling
from derive.verification.reading.symbols import Scripted
from derive.verification.reading.token import Token
from derive.verification.reading.written_number import as_computed

NO_SIGN = "write * to multiply, and commas between the entries of a vector"
_OPENS = frozenset({"(", "[", "{", "|("})


class General(Exception):
    """The side is a general rule and not about this spec."""


class AnyLetter(General):
    """The side has a letter that may stand for any parameter, if the chain is a rule about it."""

    def __init__(self, letter: str, offset: int) -> None:
        self.letter = letter
        self.offset = offset
        super().__init__(letter)


@dataclass(slots=True)
class Parser(Descent[SideContent]):
    """Reads one side.

    Attributes:
        tokens: of the side; ``stop`` is the offset in the text where it ends.
        atom_of: reads an atom (:mod:`derive.verification.reading.atoms`).
        free: bare letters ``z`` and ``a`` stand for any unit in this chain, so that ``a^{2}`` is a square.
        partial: one chain has d and ∂, so that ∂ is by the formula's own names.
        local: the chain works out a derivative that is said to be local; then ``∂/∂x [...]`` is, too.
        defined: letters that the text has given a meaning.
        choices: what is not taken in the plain way: ``from_input`` (the inputs are layer 1, so that ``z^{(2)}`` is the
            first layer's) and ``weights_from_input`` (``w^{(2)}``, too), ``single`` (``h_1`` is the first unit of the
            hidden layer, and not the vector of layer 1), ``change`` (``Δw`` is what is taken away from w, and not what
            is added to it), ``layout`` (a matrix of weights has one row for each input, and not for each unit),
            ``star`` (``*`` between vectors multiplies their entries), ``prime`` (``W'`` is a transposed matrix, and not
            the new one), ``delta`` (δ is the negative derivative), ``from_zero`` (``W[0]`` is the first entry),
            ``euler`` (``e`` is Euler's number beside a node that is called e), ``moment`` (``w^(1)`` is w after one
            update), ``moment_from_one`` (``w^(2)`` is), ``power`` (``w^{t+1}`` is a power by a quantity t), ``node``
            (``δ_a`` is the derivative by a itself), ``place`` (in ``dE/dw(0.6)`` 0.6 is where it is taken, and no
            factor), ``outer`` (a row times a column of a program is a matrix), ``one_sample`` (the names of a program
            are one sample's), ``of_batch`` (δ of a sample is a derivative of the batch's loss), ``mark_above``
            (``z^{(1)}`` is a layer's where the first sample's is meant otherwise, and the other way round where the
            spec writes layers so), ``square`` (``a_1^2`` is a square, or none where the file has layers below),
            ``columns`` (a vector is a column where the file has ``row_vectors``), ``jacobian`` (the derivatives of a
            vector by a vector have a row for each entry of the latter), ``samples`` (names stand for their values in
            all samples).
            What a whole file says stands there, too: ``zero`` (it counts from 0), ``two_rates`` (it has α beside η),
            ``worked_epsilon`` (ε is worked out, and no learning rate), ``counts_m`` (m is how many samples there are),
            ``single_h`` and ``single_delta`` (``h_2`` and ``δ_2`` are of hidden units, and the output is called o),
            ``layers_below`` (``a_1`` is layer 1's),
            ``single_d`` (``da2`` is by a hidden unit's),
            ``times`` (it has ``t + 1`` in scripts), ``more_layers`` (it may count the inputs as a layer),
            ``samples_above`` (its inputs or outputs have the number of the sample above),
            ``counts_in_brackets`` (``W(1)`` is W after one update), ``biases_first`` and
            ``biases_last`` (its matrices of weights have them), ``accumulates`` (Δ is a gradient), ``row_vectors`` (it
            has ``x W + b``),
            ``in_rows`` (its arrays have a row for each sample, and not a column); and what the chain says:
            ``counts_back`` (it has ``t - 1`` in scripts).
        code: ``numpy`` or ``matlab``, where the side is in that language; its arrays are NumPy's.
        signs: which of d and ∂ were met, ``local``, and the choices that were met.
        labels: what stands under braces, and in them.
        bars: how many absolute values are open; ``terms``: what the sums over a range have had so far.
        meant: what symbols that are no names by themselves are read as.
        indexed: inside a sum whose index runs over what has its names: those are no vectors.
    """

    tokens: list[Token]
    spelling: Spelling
    source: str
    stop: int
    atom_of: Callable[[Parser], SideContent]
    tex: bool
    free: bool = False
    partial: bool = False
    local: bool = False
    code: str = ""
    choices: frozenset[str] = frozenset()
    defined: Mapping[str, SideContent] = field(default_factory=dict)
    at: int = 0
    depth: int = 0
    bars: int = 0
    indexed: bool = False
    terms: Counter[str] = field(default_factory=Counter)
    signs: set[str] = field(default_factory=set)
    labels: list[tuple[list[Token], list[Token]]] = field(default_factory=list)
    meant: dict[str, str] = field(default_factory=dict)

    @property
    def stretches(self) -> bool:
        """Whether arrays are calculated with entry by entry, as in programs and over samples."""
        return bool(self.code) or "samples" in self.choices

    def takes(self, choice: str) -> bool:
        """Whether what stands here is taken in the other way; remembers that there is a choice."""
        self.signs.add(choice)
        return choice in self.choices

    def note(self, written: Scripted, meant: NamedQuantity) -> None:
        """Remembers in what meaning a symbol is read that is no name by itself."""
        shown = "".join((written.base, written.below and f"_{written.below}", written.above and f"^{written.above}"))
        self.meant.setdefault(shown, str(meant))

    # Moving over the tokens

    @property
    def here(self) -> Token | None:
        """The token at which we are."""
        return self.tokens[self.at] if self.at < len(self.tokens) else None

    def text(self, ahead: int = 0) -> str:
        """The text of the sign at which we are, or of one further on; empty for what is no sign."""
        place = self.at + ahead
        if place >= len(self.tokens) or self.tokens[place].kind != "op":
            return ""
        return self.tokens[place].text

    def offset(self) -> int:
        """Where in the text we are."""
        return self.tokens[self.at].start if self.at < len(self.tokens) else self.stop

    def error(self, problem: str, hint: str = "", offset: int | None = None) -> Unreadable:
        """The error of something that cannot be read here."""
        return Unreadable(problem, self.offset() if offset is None else offset, hint)

    def expect(self, sign: str) -> None:
        """Goes over a sign that has to stand here."""
        if self.text() != sign:
            token = self.here
            found = f"before {quoted(token.text)}" if token is not None else "at the end"
            raise self.error(f"'{sign}' is missing {found}")
        self.at += 1

    # Sums, products, powers

    def side(self) -> SideContent:
        """The whole side."""
        if len(self.tokens) > MAX_OPERANDS:
            raise self.error("this is too long to be read", f"at most {MAX_OPERANDS:,} numbers, names and signs")
        if not self.tokens:
            raise self.error("nothing stands here")
        value = self.sum()
        if (token := self.here) is not None:
            raise self._left_over(token)
        return value

    times = ("*", "o")

    def sign(self) -> str:
        """The sign that stands here."""
        return self.text()

    def go_over(self) -> int:
        """Goes over a sign; where it stood."""
        self.at += 1
        return self.tokens[self.at - 1].start

    def enter(self) -> None:
        """A level deeper: a sum in brackets, or an exponent."""
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise self.error(f"this nests more than {MAX_DEPTH} deep")

    def leave(self) -> None:
        """A level up again."""
        self.depth -= 1

    def skip(self) -> None:
        """Goes over ``{}``, which only makes a sign binary."""
        while self.text() == "{" and self.text(1) == "}":
            self.at += 2

    def leading_signs(self) -> list[tuple[str, int]]:
        """The signs in front of what follows."""
        found = Descent.leading_signs(self)  # super() knows no class with slots
        if len(found) > MAX_DEPTH:
            raise self.error(f"more than {MAX_DEPTH} signs in a row")
        return found

    def signed(self, value: SideContent, signs: list[tuple[str, int]]) -> SideContent:
        """A value with its signs: of more than two, those that are left when pairs are gone."""
        negative = sum(sign == "-" for sign, _ in signs)
        for _ in range(negative if negative < 3 else 2 - negative % 2):
            value = self.shaped(matrices.negative, value)
        return value

    def subtracted(self, term: SideContent) -> SideContent:
        """A term with its sign turned."""
        return self.shaped(matrices.negative, term)

    def added(self, terms: list[SideContent], at: int) -> SideContent:
        """The sum of terms whose shapes fit."""
        terms = self.evened(terms)
        if self.stretches:
            return reduce(lambda a, b: self.shaped(arrays.added, a, b), terms)
        return self.shaped(matrices.plus, terms)

    def factors(self, first: SideContent) -> _Run:
        """A product of which one factor is read."""
        return _Run(self, first)

    def goes_on(self, factors: Factors[SideContent]) -> bool:
        """Whether a factor stands here without a sign before it; reads it."""
        if self.here is None or not self.begins_factor():
            return False
        assert isinstance(factors, _Run)
        factors.beside(self.power, self.offset())
        return True

    def begins_factor(self) -> bool:
        """Whether what stands here multiplies what stands before it."""
        token = self.here
        if token is None:
            return False
        if token.kind == "op":
            return token.text in _OPENS or token.text in ("∂", "∇") or (token.text == "|" and self.bar_opens())
        return token.kind in ("number", "word", "accent", "command", "begin", "text", "unknown", "general")

    def bar_opens(self) -> bool:
        """Whether a bar opens an absolute value: inside one the next bar closes it."""
        return not self.bars

    def after_caret(self, value: SideContent) -> SideContent | None:
        """A transposed matrix; a number is its own."""
        if not self._transposes():
            return None
        return matrices.transposed(value) if isinstance(value, Matrix) else value

    def _transposes(self) -> bool:
        """Whether the exponent is the T of a transposed matrix."""
        if "T" in self.spelling.names.taken:
            return False
        texts = [token.text for token in self.tokens[self.at : self.at + 3]]
        long = texts == ["{", "T", "}"]
        if not long and texts[:1] != ["T"]:
            return False
        self.at += 3 if long else 1
        return True

    def begins_group(self) -> bool:
        """Whether a brace opens here."""
        return self.text() == "{"

    def exponent(self, *, braced: bool) -> tuple[SideContent, bool]:
        """What stands after ``^``: in braces, or one atom; only in plain text ``a^b^c`` is ``a^(b^c)``."""
        if braced:
            return self.group(), True
        return self.atom(), self.tex

    def group(self) -> SideContent:
        """What stands in braces."""
        self.expect("{")
        value = self.sum()
        self.expect("}")
        return value

    def raised(self, base: SideContent, exponent: SideContent, start: int) -> SideContent:
        """A power within the limits that expressions have."""
        if base == Constant("e"):
            return matrices.applied("exp", [exponent])
        value = constant_value(exponent) if isinstance(exponent, Expr) else None
        if value is not None and abs(value) > MAX_EXPONENT:
            raise self.error("the exponent is too large", f"it may be at most ±{MAX_EXPONENT:,}", start)
        if value is not None and isinstance(base, Expr):
            size = len(str(base.value)) if isinstance(base, Number) else 1 if isinstance(base, Constant) else 50
            if constant_value(base) is not None and size * int(abs(value)) > MAX_DIGITS_OF_A_POWER:
                raise self.error("the power has too many digits", "give a smaller number", start)
        squares = isinstance(base, Matrix) and (len({*base.shape}) > 1 or "samples" in self.choices)
        if self.stretches or squares:  # of what is no square matrix, or stands for samples, each entry is meant
            return self.shaped(arrays.raised, base, exponent)
        if isinstance(base, Matrix) and base.shape != (1, 1):
            raise self.error("a matrix cannot be raised to a power", "", start)
        return self.shaped(matrices.power, base, exponent)

    def evened(self, values: list[SideContent]) -> list[SideContent]:
        """Values without what one of them has for the constant unit, where the others have nothing for it."""
        return without_biases(values) if place_of(self.choices) else values

    def matched(self, left: SideContent, right: SideContent, sign: str) -> tuple[SideContent, SideContent]:
        """Two factors, where one of them has biases and the other nothing for them."""
        place = place_of(self.choices)
        if not place:
            return left, right
        if sign == "o":
            left, right = without_biases([left, right])
            return left, right
        return fitted(place, self.spelling.names, left, right)

    def shaped(self, calculation: Callable[..., SideContent], *values: Any) -> SideContent:
        """A calculation with matrices; shapes that do not fit are an error here."""
        try:
            return calculation(*values)
        except matrices.ShapeMismatch as misfit:
            raise self.error(str(misfit)) from None

    # Atoms

    def atom(self) -> SideContent:
        """A number, a name, a call, or something in brackets; ``W.T`` is a transposed matrix."""
        value = self.atom_of(self)
        while isinstance(value, Matrix) and (length := self._turns()):
            self.at += length
            value = matrices.transposed(value)
        self._skip_place()
        return value

    def _skip_place(self) -> None:
        r"""Goes over where a value is taken, ``\Big|_{x = 2}``: that only repeats the values of the spec."""
        if self.text() in ("at", "|)", "|") and self.text(1) == "_" and not self.bars:
            self.at += 2
            if self.here is not None:
                self.group_tokens()

    def _turns(self) -> int:
        """How many tokens say that the matrix before them is transposed: ``.T``, or a prime behind a bracket."""
        if self.text() == "'" and self.at and self.tokens[self.at - 1].text in (")", "]"):
            return 1
        following = [token.text for token in self.tokens[self.at : self.at + 2]]
        return 2 if following == [".", "T"] and "T" not in self.spelling.names.taken else 0

    def resolved(self, word: str, offset: int) -> NamedQuantity:
        """The quantity of a name in ASCII; an unknown one is an error at this offset."""
        try:
            return self.spelling.word(word)
        except ValueError as error:
            problem, _, hint = str(error).partition(": ") if str(error).startswith("unknown") else (str(error), "", "")
            raise self.error(problem, hint, offset) from None

    def group_tokens(self) -> list[Token]:
        """The tokens of a group without its braces, or the one token that stands here; goes over them."""
        if self.text() != "{":
            self.at += 1
            return self.tokens[self.at - 1 : self.at]
        depth, start = 0, self.at
        while self.at < len(self.tokens):
            depth += (self.text() == "{") - (self.text() == "}")
            self.at += 1
            if depth == 0:
                return self.tokens[start + 1 : self.at - 1]
        raise self.error("a brace is opened and not closed", "add '}'", self.tokens[start].start)

    def split_digit(self) -> None:
        r"""Parts the first digit of a number from the others: ``\frac12`` is one half."""
        token = self.here
        if token is not None and token.kind == "number" and len(token.text) > 1 and token.text.isdigit():
            first = token._replace(text=token.text[0], end=token.start + 1)
            self.tokens[self.at : self.at + 1] = [first, token._replace(text=token.text[1:], start=token.start + 1)]

    def number(self) -> SideContent:
        r"""A number; ``4.5 \times 10^{-5}`` is one number."""
        token = self.tokens[self.at]
        if len(token.text) > MAX_DIGITS:
            raise self.error(f"a number of more than {MAX_DIGITS:,} digits", "round it")
        mantissa, e, power = token.text.lower().partition("e")
        if e and abs(int(power[:8])) > MAX_EXPONENT:
            raise self.error("the exponent is too large", f"it may be at most ±{MAX_EXPONENT:,}")
        self.at += 1
        if not e and (found := self._power_of_ten()) is not None:
            written = f"{mantissa}e{found}"
            return Number(exact(written), written)
        written = as_computed(token.text)
        return Number(exact(written), written)

    def _power_of_ten(self) -> int | None:
        """The exponent of ``* 10^{n}``, if that stands here; goes over it."""
        texts = [token.text for token in self.tokens[self.at : self.at + 7]]
        if texts[:3] != ["*", "10", "^"]:
            return None
        rest = texts[3:]
        braced = rest[:1] == ["{"]
        rest = rest[1:] if braced else rest
        sign = rest[0] if rest[:1] in (["-"], ["+"]) else ""
        rest = rest[1:] if sign else rest
        if not rest or not rest[0].isdigit() or len(rest[0]) > 5 or (braced and rest[1:2] != ["}"]):
            return None
        power = int(sign + rest[0])
        if abs(power) > MAX_EXPONENT:  # left standing, and refused as any power is
            return None
        self.at += 4 + bool(sign) + 2 * braced
        return power

    def _left_over(self, token: Token) -> Unreadable:
        if token.kind == "op" and token.text in (")", "]", "}", "|)"):
            return self.error("a bracket is closed that was not opened", f"leave out '{token.text[-1]}'")
        if token.text in (",", ";"):
            return self.error("a comma stands only between the arguments of a function", "write 0.5 with a point")
        if token.kind == "compared":
            return self.error("only =, ≈ and ~ are read")
        return self.error(f"{quoted(token.text)} cannot stand here")


class _Run:
    """The factors of one product, as far as they are read; a division closes what stands before it."""

    def __init__(self, parser: Parser, first: SideContent) -> None:
        self.parser = parser
        self.factors: list[SideContent] = [first]
        self.divisions = 0
        self.divided = False
        self.plain_divisor = False

    def times(self, value: SideContent, sign: str, start: int) -> None:
        self.divided = False
        if self.parser.stretches:
            if isinstance(value, Matrix) or any(isinstance(factor, Matrix) for factor in self.factors):
                before = self.value()
                calculation = arrays.product if sign == "*" and self.parser.code else arrays.multiplied
                if sign == "o" and arrays.alike(before, value) and self.parser.takes("outer"):
                    calculation = arrays.outer
                self.factors = [self.parser.shaped(calculation, before, value)]
            else:
                self.factors.append(value)
            return
        if isinstance(value, Matrix) and isinstance(self.factors[-1], Matrix):
            product = {"*": matrices.dot, "o": matrices.entry_product}[sign]
            self.factors[-1], value = self.parser.matched(self.factors[-1], value, sign)
            assert isinstance(value, Matrix)
            assert isinstance(self.factors[-1], Matrix)
            alike = sign == "*" and value.shape == self.factors[-1].shape and value.shape != (1, 1)
            if alike and self.parser.takes("star"):
                product = matrices.entry_product
            self.factors[-1] = self.parser.shaped(product, self.factors[-1], value)
        else:
            self.factors.append(value)

    def beside(self, read: Callable[[], SideContent], start: int) -> None:
        """A factor without a sign before it; after ``1/2`` it could belong to either."""
        if self.divided and not self.plain_divisor:
            raise self.parser.error("it is not clear what stands below the line", "write a/(b*c) or (a/b)*c", start)
        here = self.parser.here
        if here is not None and here.kind == "number":
            raise self.parser.error("there is no sign of calculation before this number", NO_SIGN, start)
        value = read()
        self.divided = False
        if isinstance(value, Matrix) and isinstance(self.factors[-1], Matrix):
            before, value = self.parser.matched(self.factors[-1], value, "*")
            self.factors[-1] = self.parser.shaped(matrices.times, before, value)
        else:
            self.factors.append(value)

    def over(self, below: SideContent, start: int) -> None:
        self.divisions += 1
        if self.divisions + self.parser.depth > MAX_DEPTH:
            raise self.parser.error(f"this nests more than {MAX_DEPTH} deep", offset=start)
        above = self.value()
        self.plain_divisor = isinstance(below, Number) and isinstance(above, Number | Negative)
        self.divided = True
        self.factors = [self.parser.shaped((arrays if self.parser.stretches else matrices).divided, above, below)]

    def value(self) -> SideContent:
        """The product of what was read."""
        if len(self.factors) == 1:
            return self.factors[0]
        plain = [factor for factor in self.factors if not isinstance(factor, Matrix)]
        if len(plain) == len(self.factors):
            return Product(tuple(plain))
        total = self.factors[0]
        for factor in self.factors[1:]:
            total = self.parser.shaped(matrices.times, *self.parser.matched(total, factor, "*"))
        return total
