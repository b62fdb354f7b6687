"""The words around a claim: what announces it, what remarks on it, and what stands for its sign.

>>> from derive.verification.reading.tokens import tokens
>>> known = {"yhat", "E"}.__contains__
>>> line = "so that yhat is 0.52 (rounded)"
>>> [token.text for token in stated(announced(tokens(line, tex=False), known), known)]
['yhat', '=', '0.52', '(', 'rounded', ')']
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import pairwise

from derive.verification.reading.name_marks import is_moment
from derive.verification.reading.new_and_old import BEFORE_A_NAME, NEW_WORDS
from derive.verification.reading.spelling import ACTIVATION_LETTERS, FUNCTION_WORDS
from derive.verification.reading.symbols import symbol_at
from derive.verification.reading.token import Token

Knows = Callable[[str], bool]
"""Whether a word is a quantity or a function."""

MAX_WORDS = 12
"""At most this many words before a claim."""
MAX_REMARK = 60
"""At most this many tokens of a remark in brackets."""

MAX_BEFORE_A_NAME = 14
"""So many tokens stand between ``derivative`` and the name by which it is taken, at most."""

ANNOUNCING = frozenset(
    """so thus hence therefore then let now and we get have with because since but where also finally again next
    which gives means compute that this it follows obtain find calculate computing calculating yields for first second
    third the our note using as ie eg i.e e.g here finding yielding giving obtaining get gets got becomes thereby
    consequently similarly likewise namely answer result solution forward backward pass step value equals output loss
    product simply just of weighted sum activation preactivation pre prediction predicted total hidden neuron unit node
    also daher also folgt damit also gilt mit und somit dann daraus entonces luego con pues donde donc alors avec où
    soit ainsi dunque quindi allora portanto então""".split()
)
"""Words that announce a claim and change nothing in it."""

_SIDES = frozenset({"output", "loss", "input", "prediction"})
"""Words that announce, but for where they stand in the place of the quantity: ``output = 0.5``."""
_SLOPES = frozenset({"gradient", "derivative", "slope", "grad"})
_SPOKEN_FUNCTIONS = frozenset({"sigmoid", "tanh", "softmax", "activation"})
_BY = frozenset("of for wrt w.r.t at the its error loss cost with respect to by".split())
_BEHIND_A_LOSS = (["by"], ["wrt"], ["with"])
"""What stands between the name of what is differentiated and the name by which."""
_NO_QUANTITY = _BY | frozenset("w r t e l j c".split())
"""Words between ``derivative`` and the name by which it is taken that are the loss, or nothing."""
_IS = frozenset("is equals becomes ist was wird turns works evaluates".split())
_STATES = frozenset({":", "->"})
_BETWEEN = frozenset("a the to about now then approximately roughly ca updated equal out as be".split())
_OPEN = {"(": ")", "[": "]", "{": "}"}


def announced(tokens: Sequence[Token], knows: Knows) -> list[Token]:
    """The tokens of a line without the words that announce its claim."""
    at = 0
    while at < min(len(tokens), 2 * MAX_WORDS):
        token = tokens[at]
        word = token.text.strip().lower()
        following = tokens[at + 1] if at + 1 < len(tokens) else None
        if word in _SIDES and following is not None and (following.kind == "relation" or following.text in _STATES):
            break
        if word in _SLOPES and not knows(token.text):
            slope = _slope(tokens, at)
            if slope is None:
                break
            return slope
        before_a_word = following is not None and following.kind == "word"
        spoken = before_a_word and (word in _SPOKEN_FUNCTIONS if at == 0 else word == "is")
        announces = token.kind == "word" and not knows(token.text) and word in ANNOUNCING
        if spoken or announces or (at and token.text in (",", ".", ":") and tokens[at - 1].kind == "word"):
            at += 1
        elif word in ("i", "e") and [t.text for t in tokens[at + 1 : at + 4]] in (
            [".", "e", "."],
            [".", "g", "."],
        ):
            at += 4
        else:
            break
    return list(tokens[at:]) if at < len(tokens) else list(tokens)


def claim_in_brackets(tokens: Sequence[Token]) -> list[Token]:
    """The claim with which a heading ends, in brackets: ``Update (eta = 0.1)``; nothing where there is none."""
    found = list(tokens)
    while found and (found[-1].text in (".", ":", "*", "^") or found[-1].kind == "gap"):
        found.pop()
    opens = next((i for i, token in enumerate(found[:MAX_WORDS]) if token.text == "("), 0)
    before, inside = found[:opens], found[opens + 1 : -1]
    if not before or found[-1].text != ")" or before[-1].end == found[opens].start:
        return []
    words = all(
        token.kind in ("word", "text", "gap", "number") or token.text in ("*", "^", "-", ":") for token in before
    )
    plain = words and all(token.text not in ("(", ")") for token in inside)
    return inside if plain and any(token.kind == "relation" for token in inside) else []


def _slope(tokens: Sequence[Token], at: int) -> list[Token] | None:
    """The tokens from ``gradient`` on: the derivative behind it, ``grad_w1`` for ``gradient of w1`` or None."""
    if _differential_end(tokens, at + 1):
        return list(tokens[at + 1 :])
    place = at + 1
    while place < min(len(tokens), at + MAX_BEFORE_A_NAME) and (
        (tokens[place].text.lower() in _BY | {"w", "r", "t", "."} and tokens[place - 1].kind != "number")
        or (
            tokens[place].kind == "word"
            and [one.text.lower() for one in tokens[place + 1 : place + 2]] in _BEHIND_A_LOSS
        )
    ):
        place += 1
    if place >= len(tokens) or tokens[place].kind != "word" or (place == at + 1 and tokens[at].text != "grad"):
        return None
    found = tokens[place]
    of = next(
        (one for one in tokens[at + 1 : place] if one.kind == "word" and one.text.lower() not in _NO_QUANTITY), None
    )
    if of is not None:  # of something else than the loss
        sides = of._replace(text=f"d{of.text}", start=tokens[at].start), found._replace(text=f"d{found.text}")
        return [sides[0], Token("op", "/", of.end, of.end), sides[1], *tokens[place + 1 :]]
    return [found._replace(text=f"grad_{found.text}", start=tokens[at].start), *tokens[place + 1 :]]


def with_gradients(tokens: Sequence[Token]) -> list[Token]:
    """The tokens of a line with ``grad w1``, ``∇w1`` and ``delta h`` before a sign as one name each.

    ``Δw`` and ``Delta w`` are changes of a parameter, and no delta.
    """
    found: list[Token] = []
    at, mathematics = 0, False
    while at < len(tokens):
        token = tokens[at]
        word = token.text.lower() if token.kind == "word" else token.text
        stem = "delta" if token.text == "delta" else "grad" if word in _SLOPES | {"∇"} else ""
        before = tokens[at - 1] if at else None
        factor = before is not None and (before.kind in ("relation", "op") or (before.kind == "word" and mathematics))
        begins = stem == "grad" or not factor  # δ behind a sign is multiplied by what follows
        mathematics = mathematics or token.kind in ("relation", "number", "op")
        named = stem and begins and at + 1 < len(tokens) and tokens[at + 1].kind == "word"
        symbol = symbol_at(tokens, at + 1) if named else None
        sign = tokens[symbol.end] if symbol is not None and symbol.end < len(tokens) else None
        if symbol is not None and sign is not None and (sign.kind in ("relation", "arrow") or sign.text == ":"):
            first = tokens[at + 1]
            name = f"d{first.text}" if word == "∇" else f"{stem}_{first.text}"
            found.append(first._replace(text=name, start=token.start))
            at += 2
        else:
            found.append(token)
            at += 1
    return found


def without_place(tokens: Sequence[Token], knows: Knows) -> list[Token]:
    """The tokens of a line without where its quantity is taken: ``dE/dw (w = 0.6) = …``, ``dE/dw at w = 0.6 = …``."""
    end = quantity_end(tokens, 0, knows)
    opens = tokens[end].text if 0 < end < len(tokens) else ""
    if opens not in ("(", "at", "|"):
        return list(tokens)
    at = end + 1
    while at + 2 < len(tokens) and tokens[at].kind == "word" and tokens[at + 1].text == "=":
        at += 2 + (tokens[at + 2].text == "-")
        if at >= len(tokens) or tokens[at].kind != "number":
            return list(tokens)
        at += 1
        if at < len(tokens) and tokens[at].text == ",":
            at += 1
    closed = at < len(tokens) and tokens[at].text == ")"
    at += closed
    whole = at > end + 3 and closed == (opens == "(") and at < len(tokens) and tokens[at].kind == "relation"
    return [*tokens[:end], *tokens[at:]] if whole else list(tokens)


def of_updates(tokens: Sequence[Token], knows: Knows) -> list[Token]:
    """The tokens of a line in which ``new value of w``, ``w new`` and ``w after the update`` are ``new w``.

    So it is of each claim on it: ``b1 new = 0.2, b2 new = 0.1``.
    """
    found: list[Token] = []
    claim: list[Token] = []
    is_claim = False
    for i, token in enumerate(tokens):
        claim.append(token)
        is_claim = is_claim or token.kind == "relation"
        parts = token.kind == "gap" or token.text in (",", ";")
        if parts and is_claim and i + 1 < len(tokens):
            found += _of_an_update(claim, knows)
            claim, is_claim = [], False
    return [*found, *_of_an_update(claim, knows)]


def _of_an_update(tokens: Sequence[Token], knows: Knows) -> list[Token]:
    """One claim in which ``w new`` is ``new w``."""
    found = list(tokens)
    if found and found[0].text.lower() in BEFORE_A_NAME and found[0].kind == "word" and not knows(found[0].text):
        kind = [token.text.lower() for token in found[1:3]]
        if kind[:1] and kind[0] in ("value", "weight", "bias", "parameter"):
            del found[1 : 3 if kind[1:] in (["of"], ["for"]) else 2]
        return [found[0]._replace(text=found[0].text.lower()), *found[1:]]
    end = quantity_end(found, 0, knows)
    behind = [token.text.lower() for token in found[end : end + 4] if token.kind in ("word", "text")] if end else []
    length = 1 if behind and behind[0] in NEW_WORDS else 0
    if behind[:1] == ["after"]:
        length = next((n for n in (2, 3) if behind[n - 1 : n] in (["update"], ["updating"])), 0)
    if not length or (end + length < len(found) and found[end + length].kind not in ("relation", "op")):
        return found
    said = found[end]._replace(text="new", kind="word", start=found[0].start, end=found[0].start)
    return [said, *found[:end], *found[end + length :]]


def stated(tokens: Sequence[Token], knows: Knows) -> list[Token]:
    """The tokens of a line with a relation where ``is``, ``:`` or an arrow stands between a quantity and its number."""
    tokens = of_updates(tokens, knows)
    if any(token.kind == "relation" and token.text in ("<-", ":=") for token in tokens[:8]):
        return tokens
    new = bool(tokens) and tokens[0].text in BEFORE_A_NAME and not knows(tokens[0].text)
    end = quantity_end(tokens, int(new), knows)
    if not end or end >= len(tokens):
        return tokens
    sign, rest = tokens[end], tokens[end + 1 :]
    word = sign.kind == "word" and sign.text.lower() in _IS and not knows(sign.text)
    if not word and sign.text not in _STATES and sign.kind != "arrow":
        return tokens
    about = next((i for i, t in enumerate(rest[:4]) if t.text.lower() not in _BETWEEN or t.kind == "number"), 0)
    updated = any(token.text.lower() == "updated" for token in rest[:about])
    rest = rest[about:]
    limit = sign.kind == "arrow"
    if not rest or not (_is_worked(rest, knows, alone=word or limit, limit=limit) or _goes_over(rest)):
        return tokens
    return [*tokens[:end], sign._replace(kind="relation", text=":=" if updated else "="), *rest]


MAX_OF_VALUES = 21
"""Values of a quantity after one update and another, and the arrows between them, are at most so many."""


def _goes_over(rest: Sequence[Token]) -> bool:
    """Whether numbers with arrows between them stand there: ``w: 0.4 -> 0.36 -> 0.33``."""
    kinds = [token.kind for token in rest if token.text not in ("-", "+", ".")]
    numbers, between = set(kinds[::2]), set(kinds[1::2])
    return len(kinds) % 2 == 1 and len(kinds) <= MAX_OF_VALUES and (numbers, between) == ({"number"}, {"arrow"})


def quantity_end(tokens: Sequence[Token], at: int, knows: Knows) -> int:
    """The place after the quantity at which a line begins; 0 where there is none."""
    end = _differential_end(tokens, at)
    if end:
        return end
    symbol = symbol_at(tokens, at)
    if symbol is None or tokens[at].kind == "text":
        return 0
    words = {symbol.base, f"{symbol.base}{symbol.below}", f"{symbol.base}_{symbol.below.replace(',', '_')}"}
    scripted = symbol.below or symbol.above
    if not any(map(knows, words)) and not (scripted and len(symbol.base) <= MAX_OF_A_LETTER):
        return 0
    end = symbol.end
    while end + 1 < len(tokens) and tokens[end].text in ("@", "'"):
        end += 1 + (tokens[end].text == "@")
    return end


MAX_OF_A_LETTER = 8
"""A letter that has scripts is at most so long: epsilon, and its accent."""


def _differential_end(tokens: Sequence[Token], at: int) -> int:
    """The place after ``∂E/∂w``; 0 where no such thing stands."""
    if at >= len(tokens) or (tokens[at].text not in ("∂", "d") and not tokens[at].text.startswith("d")):
        return 0
    places = [at]
    for _ in range(2):
        place = places[-1]
        place += tokens[place].text in ("∂", "d") if place < len(tokens) else 0
        symbol = symbol_at(tokens, place)
        if symbol is None:
            return 0
        places.append(symbol.end)
        if len(places) == 3:
            return places[-1]
        if places[-1] >= len(tokens) or tokens[places[-1]].text != "/":
            return 0
        places[-1] += 1
        following = tokens[places[-1]].text if places[-1] < len(tokens) else ""
        if following != "∂" and not following.startswith("d"):
            return 0
    return 0


def _is_worked(rest: Sequence[Token], knows: Knows, *, alone: bool, limit: bool) -> bool:
    """Whether what stands after a colon or a word is a number, or (not ``alone``) a calculation.

    ``E → 0`` is a ``limit`` and gives no value.
    """
    rest = list(rest)
    while rest and (rest[-1].text in (".", ",", ";") or rest[-1].text in ANNOUNCING):
        rest.pop()
    if not rest:
        return False
    plain = [token for token in rest if token.text not in ("+", "-", "(", ")")]
    if len(plain) == 1 and plain[0].kind == "number":
        return not limit or plain[0].text not in ("0", "1")
    words = [
        token
        for token in rest
        if token.kind == "text" or (token.kind == "word" and len(token.text) > 1 and token.text.isalpha())
        if not knows(token.text)
    ]
    sign = next((i for i, token in enumerate(rest) if token.kind == "relation"), 0)
    if sign and not words and not limit and any(token.text in ("+", "-", "*", "/") for token in rest[1:sign]):
        return True
    number = next((i for i, token in enumerate(rest[:3]) if token.kind == "number"), None)
    if number is None or any(token.kind not in ("number", "op", "relation") for token in rest[: number + 1]):
        return False
    if alone:  # a number and a remark in brackets
        return rest[-1].text == ")" and rest[number + 1].text == "("
    return any(token.kind == "relation" or token.text in "+-*/" for token in rest) and not words


def without_remark(side: list[Token], knows: Knows) -> list[Token]:
    """A side without the remarks in brackets behind it: ``0.52 (rounded)``, ``0.2 (x₁→h₁)``."""
    while len(side) > 2 and side[-1].text in (")", "]"):
        opened = _opened(side)
        if opened <= 0 or not _is_remark(side[opened + 1 : -1], knows) or side[opened - 1].text in _JOINS:
            break
        if _is_called(side[opened - 1], side[opened]):
            break
        if not is_moment(side[0].text) and _says_when(side[opened - 1], side[opened + 1 : -1]):
            break
        side = side[:opened]
        while len(side) > 1 and side[-1].kind == "gap":
            side.pop()
    return side


def _is_called(word: Token, bracket: Token) -> bool:
    r"""Whether a bracket holds the argument of a function: ``\sigma(net_{o1})`` is read whole, or not."""
    function = word.text in FUNCTION_WORDS or word.text in ACTIVATION_LETTERS or word.text in _SHORT
    return word.kind == "word" and word.end == bracket.start and function


def _says_when(before: Token, inside: Sequence[Token]) -> bool:
    """Whether words in brackets behind a name say which value of it is meant: ``w1 (new)``, ``w1 (old value)``."""
    return before.kind == "word" and is_moment("".join(token.text for token in inside))


_SHORT = frozenset({"sig", "sigm"})
"""Short words for an activation."""
_JOINS = frozenset("+ - * / ^ _ , ; o ( [ {".split())
_LEADS_TO_PROSE = frozenset("- / ; , . # — – ← <- ✓ ✔ → !".split())
_IN_PROSE = frozenset("- / ; , . : ! ? ' ( )".split())


def without_tail(tokens: Sequence[Token], knows: Knows) -> list[Token]:
    """The tokens of a line without the prose behind its claim: ``0.52 by the chain rule``, ``0.52 - the output``.

    Prose has no number, no relation, and begins with a word that is no name.
    """
    first = next((i for i, token in enumerate(tokens) if token.kind == "relation" and token.text != "<-"), None)
    tokens = _without_clause(tokens, knows)
    last = len(tokens)
    while last and (
        tokens[last - 1].kind in ("word", "text", "arrow") or tokens[last - 1].text in _LEADS_TO_PROSE | _IN_PROSE
    ):
        last -= 1
    closed = sum((token.text == ")") - (token.text == "(") for token in tokens[last:])
    if first is None or last < first + 2 or tokens[last - 1].kind != "number" or closed > 0:
        return list(tokens)
    for begins in range(last, len(tokens)):
        token = tokens[begins]
        if token.kind in ("word", "text"):
            said = token.text.strip()
            is_prose = len(said) > 1 and said.isalpha() and not knows(said)
            return list(tokens[:last]) if is_prose else list(tokens)
        if token.text not in _LEADS_TO_PROSE and token.kind != "arrow":
            break
    return list(tokens)


_CLAUSES = frozenset(
    "which because since while although though instead compared whereas so as but when weil da obwohl statt".split()
)
"""Words that begin a clause on the number before them."""


def _without_clause(tokens: Sequence[Token], knows: Knows) -> Sequence[Token]:
    """The tokens without a clause that remarks on the last number: ``0.52, which is small``, ``0.52, it was 0.6``."""
    last = max((i for i, token in enumerate(tokens) if token.kind == "relation"), default=len(tokens))
    for i in range(last + 2, len(tokens) - 1):
        before = tokens[i - 2] if tokens[i - 1].text in (",", "-") else tokens[i - 1]
        begins = tokens[i].kind in ("word", "text") and tokens[i].text in _CLAUSES and tokens[i + 1].kind == "word"
        if begins and before.kind == "number":
            return tokens[: i - (tokens[i - 1].text in (",", "-"))]
        prose = tokens[i].kind in ("word", "text") and tokens[i].text.isalpha() and not knows(tokens[i].text)
        if prose and len(tokens[i].text) > 1 and tokens[i - 1].text == "," and _is_whole(tokens[last + 1 : i - 1]):
            return tokens[: i - 1]
    return tokens


def _is_whole(side: Sequence[Token]) -> bool:
    """Whether a side that a comma ends stands in no bracket that is open."""
    depth = sum((token.text in _OPEN) - (token.text in _OPEN.values()) for token in side)
    return bool(side) and depth == 0 and side[-1].kind in ("number", "word", "op")


def _opened(side: Sequence[Token]) -> int:
    """The place of the bracket that the last token closes; -1 where there is none."""
    depth, closing = 0, side[-1].text
    opening = {")": "(", "]": "["}[closing]
    for place in range(len(side) - 1, max(len(side) - MAX_REMARK, 0) - 1, -1):
        depth += (side[place].text == closing) - (side[place].text == opening)
        if depth == 0:
            return place
    return -1


def _is_remark(inside: Sequence[Token], knows: Knows) -> bool:
    """Whether what stands in brackets is no part of a calculation: words, a route, or a sign before a number."""
    if not inside:
        return False
    if len(inside) == 1 and inside[0].text.lower() in _SPOKEN_FUNCTIONS | {"relu", "identity", "linear"}:
        return True
    if any(token.kind == "arrow" for token in inside) or all(token.text == "*" for token in inside):
        return True
    if "".join(token.text for token in inside).lower().strip("0123456789") in _PLACES:
        return True
    scripted = any(token.kind == "word" and after.text == "_" for token, after in pairwise(inside))
    if scripted or any(token.text in _WORKS for token in inside):
        return False  # a calculation with a name that is not known: the line is not read, and not cut short
    return any(token.kind in ("word", "text") and _is_word(token, knows) for token in inside)


_WORKS = frozenset({"+", "*", "/", "^", "frac"})
_PLACES = frozenset({"dp", "d.p", "d.p.", "sf", "s.f", "s.f.", "sig.fig.", "sigfig"})
"""What says how many digits a number has been rounded to."""


def _is_word(token: Token, knows: Knows) -> bool:
    text = token.text.strip()
    if token.kind == "text":
        return not knows(text)
    return len(text) > 1 and text.isalpha() and not knows(text)


__all__ = [
    "announced", "of_updates", "quantity_end", "stated", "with_gradients", "without_place", "without_remark",
    "without_tail",
]  # fmt: skip
