"""From a symbol among the tokens to the quantity that it stands for, in the network's names."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from itertools import chain

from derive.naming.quantity import NamedQuantity
from derive.patterns import regex
from derive.verification.reading.above_samples import SAMPLES_ABOVE, in_its_sample, layer_and_sample
from derive.verification.reading.accumulated import of_weights
from derive.verification.reading.at_own_names import own_quantity
from derive.verification.reading.model import Unreadable
from derive.verification.reading.name_marks import (
    is_a_moment,
    marks,
    step_said,
    stepped,
    time_said,
    word_said,
)
from derive.verification.reading.new_and_old import BEFORE_A_NAME, NEW_WORDS, SAYS_WHICH
from derive.verification.reading.parse import AnyLetter, General, Parser
from derive.verification.reading.spelling import INDEX, Sought, Spelling
from derive.verification.reading.states import of_a_parameter, state_at
from derive.verification.reading.symbols import Scripted, symbol_at

FREE = frozenset({"z", "a"})
"""Letters that stand for any weighted input and its activation."""
GENERAL_LETTERS = frozenset({"p", "theta", "S", "D", *"hvuwkrmo"})
"""Letters that a text may use for what has no name: any parameter, a small step, a sum that comes again."""
MAX_SOUGHT = 20_000
"""At most this many symbols are kept with what they were found to be."""
_SAID_WORD = regex(rf"(\w+?)_?({SAYS_WHICH})")


def quantity_at(parser: Parser) -> NamedQuantity | None:
    """The quantity at which the parser is, with its marks; goes over it. None, and no step, where there is none."""
    start = parser.at
    if parser.spelling.own_names and (quantity := own_quantity(parser, quantity_at)) is not None:
        return quantity
    for texts, own in parser.spelling.sequences:
        if tuple(token.text for token in parser.tokens[start : start + len(texts)]) == texts:
            parser.at += len(texts)
            return marks(parser, parser.spelling.word(own))
    if (state := state_at(parser, quantity_at)) is not None:
        return marks(parser, state)
    if (gradient := _gradient_at(parser)) is not None:
        return gradient
    symbol = symbol_at(parser.tokens, start)
    if symbol is None or (_is_no_rate(parser, symbol) and not _is_own(parser, symbol)):
        return None
    if (word := symbol.base.lower()) in BEFORE_A_NAME and not parser.spelling.knows(symbol.base):
        return _said_before(parser, symbol.end, int(word in NEW_WORDS))
    bare = symbol.base.removesuffix("tilde")
    later = bare != symbol.base and bool(bare) and not parser.spelling.knows(symbol.base)
    quantity, end = _sought(parser, replace(symbol, base=bare) if later else symbol)
    if quantity is None or (later and (quantity.by is not None or not parser.spelling.is_updated(quantity.base))):
        return None
    parser.at = end
    return marks(parser, (stepped(quantity, 1) or quantity) if later else quantity)


def _sought(parser: Parser, symbol: Scripted) -> tuple[NamedQuantity | None, int]:
    """What a symbol is, and where it ends; what was found once for its letters is not looked for again."""
    if parser.defined:
        return _likeliest(parser, symbol)
    known = parser.spelling.sought
    scripts = symbol.base, symbol.below, symbol.above, symbol.primes, symbol.early, symbol.raised < 0
    key = *scripts, parser.choices, parser.tex, parser.free, parser.indexed, _is_opened(parser, symbol.end)
    found = known.get(key)
    if found is None:
        signs, meant, parser.signs, parser.meant = parser.signs, parser.meant, set(), {}
        try:
            quantity, end = _likeliest(parser, symbol)
            found = Sought(quantity, end == symbol.raised, frozenset(parser.signs), tuple(parser.meant.items()))
        finally:
            parser.signs, parser.meant = signs | parser.signs, parser.meant | meant
        if len(known) < MAX_SOUGHT:
            known[key] = found
        return quantity, end
    parser.signs |= found.signs
    for shown, name in found.meant:
        parser.meant.setdefault(shown, name)
    return found.quantity, symbol.raised if found.is_raised else symbol.end


def _is_opened(parser: Parser, at: int) -> bool:
    return at < len(parser.tokens) and parser.tokens[at].text == "["


def _likeliest(parser: Parser, symbol: Scripted) -> tuple[NamedQuantity | None, int]:
    """The first of what a symbol may be, and where it ends."""
    weights = of_weights(parser, symbol)
    readings = chain(_gradients(parser, weights) if weights is not None else (), _readings(parser, symbol))
    return next(((quantity, end) for quantity, end in readings if quantity is not None), (None, -1))


OTHER_RATES = frozenset({"alpha", "epsilon", "mu", "gamma"})
"""Letters that stand for the learning rate where η does not."""


def _is_no_rate(parser: Parser, symbol: Scripted) -> bool:
    """Whether a letter is not the learning rate: the file has η beside it, or works it out."""
    return symbol.base in OTHER_RATES and not parser.choices.isdisjoint(("two_rates", f"worked_{symbol.base}"))


def counts_samples(parser: Parser, symbol: Scripted) -> bool:
    """Whether a letter is how many samples there are: a sum of the file goes so far, and there is one output."""
    spelling = parser.spelling
    of_samples = spelling.rows > 1 and len(spelling.names.outputs) == 1
    told = f"counts_{symbol.base}" in parser.choices or symbol.base == "m"
    return of_samples and told and not symbol.below and not symbol.above and symbol.base not in spelling.names.taken


def _is_own(parser: Parser, symbol: Scripted) -> bool:
    names = parser.spelling.names
    return symbol.base in names.taken or symbol.base in names.hyperparameters.values() or bool(symbol.below)


def _gradient_at(parser: Parser) -> NamedQuantity | None:
    """``dW`` in TeX, whose letters stand apart: the derivative of the loss; goes over it. None where there is none."""
    start, here = parser.at, parser.here
    following = parser.tokens[start + 1] if start + 1 < len(parser.tokens) else None
    if here is None or here.text != "d" or following is None or following.kind not in ("word", "accent"):
        return None
    if here.kind != "word" or "d" in parser.spelling.names.taken or here.end != following.start:
        return None
    parser.at += 1
    quantity = quantity_at(parser)
    loss = parser.spelling.names.loss
    if quantity is None or quantity.by is not None or not parser.spelling.knows(f"d{loss}/d{quantity.base}"):
        parser.at = start
        return None
    found = parser.spelling.word(f"d{loss}/d{quantity.base}")
    return replace(found, step=quantity.step, row=quantity.row, shape=quantity.shape)


def _said_before(parser: Parser, at: int, steps: int) -> NamedQuantity | None:
    """``new w2_11``, ``old w2_11``: the parameter at which the parser is then; None, and no step, where none is."""
    start, parser.at = parser.at, at
    quantity = quantity_at(parser) if parser.here is not None else None
    if quantity is None or quantity.by is not None or not parser.spelling.is_updated(quantity.base):
        parser.at = start
        return None
    return stepped(quantity, steps)


def _readings(parser: Parser, symbol: Scripted) -> Iterator[tuple[NamedQuantity | None, int]]:
    """What a symbol may be and where it ends, the likeliest first; what is above may be a power."""
    if (both := layer_and_sample(symbol, parser.spelling.rows)) is not None:
        for quantity, end in _readings(parser, both[0]):
            if quantity is not None and end == symbol.end and quantity.row is None:
                yield replace(quantity, row=both[1]), end
    symbol = _in_its_layer(parser, symbol)
    if (timed := _timed(parser, symbol)) is not None:
        yield timed, symbol.end
    if (slope := _slope(parser, symbol)) is not None:
        yield slope, symbol.end
    spelling, (step, above) = parser.spelling, step_said(symbol.above)
    base, below = parted(symbol)
    if (plainer := _without_new(spelling, symbol)) is not None:
        symbol, step = plainer[0], step + plainer[1]
        base, below = parted(symbol)
    if (of_a_sample := _of_a_sample(parser, symbol)) is not None:
        yield stepped(of_a_sample, symbol.primes), symbol.end
    yield stepped(spelling.is_own((base, below, above)), step + symbol.primes), symbol.end
    counted = spelling.shorthands.of_one_output(symbol)
    if counted is not None and (counted.row != 1 or not parser.takes("output_index")):
        yield stepped(counted, symbol.primes), symbol.end
    yield stepped(spelling.shorthands.sample(symbol), symbol.primes), symbol.end
    plain = spelling.is_own((base, below, "")) or spelling.is_own((symbol.base, symbol.below, ""))
    plain = plain or _with_layer_below(parser, base, below, above) or _squared(parser, base, below, above)
    free = parser.free and base in FREE and not below
    if plain is None and above and not free and not spelling.constant_unit(base, below, above):
        yield stepped(_scripted(parser, base, below, above), step + symbol.primes), symbol.end
    powered = bool(symbol.above) and not step
    end = symbol.raised if powered else symbol.end
    primes = step + (symbol.early if powered else symbol.primes)
    yield stepped(plain, primes), end
    if below and below[:1].isalpha():
        yield stepped(_classic(parser, base, below), primes), end
    unit_side = spelling.side_of_a_unit(
        "_".join(filter(None, (symbol.base, symbol.below.replace(",", "_"), symbol.above)))
    )
    yield stepped(unit_side, symbol.primes), symbol.end
    _check_general(parser, symbol)
    if above and spelling.constant_unit(base, below, above):
        return
    unit = "" if (above and symbol.below) or plain is not None else spelling.single(spelt(symbol)[0])
    unit = "" if above and not symbol.base[-1:].isdigit() else unit
    if unit and (f"single_{base.rstrip('123456789')}" in parser.choices or parser.takes("single")):
        yield stepped(parser.resolved(unit, parser.offset()), primes), end
    if (by_unit := _slope_of_a_unit(parser, symbol)) is not None:
        yield stepped(by_unit, primes), end
    for word in spelt(symbol):
        if spelling.knows(word):
            yield stepped(spelling.word(word), primes), end
    yield from _shorthands(parser, symbol, base, below, step)
    if below and not above and not spelling.constant_unit(base, below, ""):
        yield stepped(_scripted(parser, base, below, ""), primes), end


def _gradients(parser: Parser, symbol: Scripted) -> Iterator[tuple[NamedQuantity | None, int]]:
    """The derivatives of the loss by what a symbol may be."""
    for quantity, end in _readings(parser, symbol):
        if quantity is not None and quantity.by is None:
            name = f"d{parser.spelling.names.loss}/d{quantity.base}"
            yield replace(parser.spelling.word(name), step=quantity.step), end


def _slope_of_a_unit(parser: Parser, symbol: Scripted) -> NamedQuantity | None:
    """``da1``, ``dz2``: the derivative of the loss by what a hidden unit has, where these are the units' numbers."""
    if (
        symbol.base[:2] not in ("dz", "da", "dh")
        or symbol.above
        or parser.spelling.own_names.has(symbol.base[1:] + symbol.below)
    ):
        return None
    unit = parser.spelling.single(spelt(symbol)[0].removeprefix("d"))
    name = f"d{parser.spelling.names.loss}/d{unit}"
    if not unit or not parser.spelling.knows(name):
        return None
    return parser.spelling.word(name) if "single_d" in parser.choices or parser.takes("single") else None


def _of_a_sample(parser: Parser, symbol: Scripted) -> NamedQuantity | None:
    """What a unit has in the sample that is said above it, where that can be no layer, or is taken for none.

    In a sum over the samples there are no more of them than the data have.
    """
    if not symbol.above or parser.spelling.rows < 2:
        return None
    if parser.indexed and parser.spelling.shorthands.is_beyond(symbol):
        raise parser.error(f"there are {parser.spelling.rows} samples")
    if SAMPLES_ABOVE in parser.choices and (said := in_its_sample(parser.spelling, symbol)) is not None:
        layers = len(parser.spelling.names.sizes)
        return None if (said.row or 0) <= layers and parser.takes("mark_above") else said
    found = parser.spelling.shorthands.of_one_layer(symbol)
    if found is None or _is_opened(parser, symbol.end):
        return None
    if found.row != 1:
        return found
    spelt_so = parser.spelling.is_own((symbol.base, symbol.below, symbol.above)) is not None
    return found if parser.takes("mark_above") is spelt_so else None


_OF_A_LAYER = regex(r"(z|a|h|f|delta|w|W|b)_?([1-9])(|_[0-9_]*)")


def _in_its_layer(parser: Parser, symbol: Scripted) -> Scripted:
    """The symbol with the number of its layer as the network counts it; ``L`` is the last one in any count."""
    spelling, above = parser.spelling, symbol.above
    if above and spelling.is_layered(symbol.base):
        above = spelling.layer_said(above)
    is_last, from_the_inputs = above != symbol.above, spelling.gives_layers_from_the_inputs
    if is_last:
        symbol = replace(symbol, above=str(int(above) + 1) if from_the_inputs else above)
    if "more_layers" not in parser.choices or (is_last and not from_the_inputs):
        return symbol
    return _a_layer_down(parser, symbol) or symbol


def _a_layer_down(parser: Parser, symbol: Scripted) -> Scripted | None:
    """The symbol with the layer counted as the network does, where the text counts the inputs as a layer."""
    if symbol.base in parser.spelling.names.taken:
        return None
    word = _OF_A_LAYER.fullmatch(symbol.base)
    layer = re.search(r"[1-9]", symbol.above) if parser.spelling.is_layered(symbol.base) else None
    if word is None and (layer is None or not symbol.above.strip("()[]T").isdigit()):
        return None
    weights = symbol.base[0] in "wWb"
    if (*parted(symbol), step_said(symbol.above)[1]) in parser.spelling.given:
        return None
    if not parser.takes("weights_from_input" if weights else "from_input"):
        return None
    if word is not None and not symbol.above:
        return replace(symbol, base=f"{word[1]}{int(word[2]) - 1}{word[3]}")
    if layer is None:
        return None
    lower = f"{symbol.above[: layer.start()]}{int(layer[0]) - 1}{symbol.above[layer.end() :]}"
    return replace(symbol, above=lower)


def _slope(parser: Parser, symbol: Scripted) -> NamedQuantity | None:
    """``f'`` alone, in a network of one unit: the slope of its activation; None for any other."""
    names = parser.spelling.names
    following = parser.tokens[symbol.end] if symbol.end < len(parser.tokens) else None
    if names.sizes != (1,) or symbol.primes != 1 or symbol.below or symbol.above or symbol.base in names.taken:
        return None
    if (following is not None and following.text == "(") or parser.spelling.own_names.has(symbol.base):
        return None
    if not parser.spelling.function(symbol.base) or parser.spelling.knows(symbol.base):
        return None
    return parser.spelling.word(f"d{names.a(1, 1)}/d{names.z(1, 1)}")


def _shorthands(
    parser: Parser, symbol: Scripted, base: str, below: str, step: int
) -> Iterator[tuple[NamedQuantity | None, int]]:
    """What a symbol that is no name may be short for."""
    spelling, above = parser.spelling, step_said(symbol.above)[1]
    if spelling.constant_unit(base, below, above) or spelling.shorthands.scripted(base, below, "") is not None:
        return
    parts = [(replace(symbol, above=above), symbol.end, symbol.primes)]
    if above:
        parts.append((replace(symbol, above=""), symbol.raised, symbol.early))
    for part, end, primes in parts:
        found = spelling.shorthands.quantity(part)
        if found is not None:
            node = _after_delta(part)
            if node in spelling.signals and parser.takes("node"):
                found = parser.resolved(f"d{spelling.names.loss}/d{node}", parser.offset())
            parser.note(symbol, found)
            yield stepped(found, step + primes), end
    if spelling.names.states:
        yield of_a_parameter(parser, symbol, _sought), symbol.end


def _after_delta(symbol: Scripted) -> str:
    """What stands below a δ: ``a`` of ``δ_a`` and ``delta_a``; empty for any other symbol."""
    base, below = parted(symbol)
    letter, _, word = base.partition("_")
    return (below or word) if letter in ("delta", "δ") and not symbol.above else ""


def _without_new(spelling: Spelling, symbol: Scripted) -> tuple[Scripted, int] | None:
    r"""``v_x`` of ``v_x_new`` and ``v_{x,\text{old}}``, and the updates; None where no such thing is said.

    The author's own name may have it.
    """
    if spelling.knows(spelt(symbol)[0]):
        return None
    if symbol.below:
        said = word_said(symbol.below)
        return (replace(symbol, below=said.rest), said.step) if said is not None else None
    found = _SAID_WORD.fullmatch(symbol.base)
    said = word_said(found[2]) if found is not None else None
    return (replace(symbol, base=found[1]), said.step) if found is not None and said is not None else None


def _timed(parser: Parser, symbol: Scripted) -> NamedQuantity | None:
    """The parameter whose updates a script counts, at that moment: ``w_{1,t+1}``, ``w^{(k)}``; None for any other."""
    spelling = parser.spelling
    if (not symbol.above and not symbol.below) or spelling.knows(spelt(symbol)[0]):
        return None
    for place, script in (("above", symbol.above), ("below", symbol.below)):
        moment = time_said(parser, script) if script else None
        if moment is None or (not moment.letter and (spelling.names.sizes or place == "below")):
            continue
        if spelling.is_own((*parted(symbol), symbol.above)) is not None:
            return None
        plainer = replace(symbol, below=moment.rest) if place == "below" else replace(symbol, above=moment.rest)
        try:
            quantity = next((found for found, _ in _readings(parser, plainer) if found is not None), None)
        except Unreadable:
            quantity = None
        if quantity is None or quantity.by is not None or not spelling.is_updated(quantity.base):
            continue
        if is_a_moment(parser, moment):
            return stepped(replace(quantity, step=(quantity.step or 0) + symbol.primes or None), moment.step)
    return None


def _scripted(parser: Parser, base: str, below: str, above: str) -> NamedQuantity | None:
    """A letter with a layer and indices; indices that the network does not have are an error."""
    try:
        return parser.spelling.scripted(base, below, above)
    except ValueError as error:
        if not below:
            return None  # a power
        raise parser.error(str(error)) from None


def _with_layer_below(parser: Parser, base: str, below: str, above: str) -> NamedQuantity | None:
    """The quantity of ``a_{1,2}`` in ``a_{1,2}^{2}``, where no layer 2 has such a unit: what is above is its power."""
    if "," not in below or not above.isdigit():
        return None
    try:
        parser.spelling.scripted(base, below, above)
    except ValueError:
        try:
            return parser.spelling.scripted(base, below, "")
        except ValueError:
            return None
    return None


def _squared(parser: Parser, base: str, below: str, above: str) -> NamedQuantity | None:
    """The quantity of ``a_1`` in ``a_1^2``, in a network of one unit a layer, where that is taken for its square.

    It is where the file has the layer below the letter (``a_1 = ...``), and else in another reading.
    """
    if above != "2" or not below:
        return None
    if set(parser.spelling.names.sizes) != {1}:
        return _squared_unit(parser, base, below)
    if (plain := parser.spelling.shorthands.scripted(base, below, "")) is None or plain.by is not None:
        return None
    return plain if parser.takes("square") is not ("layers_below" in parser.choices) else None


def _squared_unit(parser: Parser, base: str, below: str) -> NamedQuantity | None:
    """The hidden unit's quantity of ``z_2`` in ``z_2^2``, where that is taken for its square, and for no layer's."""
    unit = parser.spelling.single(f"{base}_{below}") if base in _OF_A_UNIT else ""
    if not unit or not parser.spelling.knows(unit):
        return None
    return parser.spelling.word(unit) if parser.takes("square") else None


_OF_A_UNIT = frozenset("zahf")


def _classic(parser: Parser, base: str, below: str) -> NamedQuantity | None:
    try:
        return parser.spelling.classic(base, below)
    except ValueError as error:
        raise parser.error(str(error)) from None


def parted(symbol: Scripted) -> tuple[str, str]:
    """Base and index; ``w_11`` as one word has both in it."""
    first, _, rest = symbol.base.partition("_")
    return (first, rest) if rest and first.isalpha() and not symbol.below else (symbol.base, symbol.below)


def spelt(symbol: Scripted) -> list[str]:
    """What a symbol could be called in ASCII."""
    if not symbol.below:
        return [symbol.base]
    below = symbol.below.replace(",", "_").replace(" ", "")
    return [f"{symbol.base}_{below}", f"{symbol.base}{below}"]


def _check_general(parser: Parser, symbol: Scripted) -> None:
    """Raises General for a symbol of a general rule: ``w^{l+1}_{kj}``, ``p'``."""
    if not symbol.below and symbol.base in parser.spelling.shorthands.families:
        return
    if not parser.tex or symbol.base in parser.defined or parser.spelling.knows(spelt(symbol)[0]):
        return
    scripts = (symbol.below, "" if parser.spelling.knows(symbol.above) else symbol.above)
    if any(script and INDEX.fullmatch(script) for script in scripts):
        raise General
    if counts_samples(parser, symbol):
        return
    if (symbol.base in GENERAL_LETTERS or symbol.base in parser.spelling.states) and not symbol.below:
        raise AnyLetter(symbol.base, parser.offset())
