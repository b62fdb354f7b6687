"""Where a line of a text begins a new equation, where it goes on with the one above, and what around it is prose."""

from __future__ import annotations

from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from decimal import Decimal
from operator import gt, lt

from derive.naming.author_tex import GREEK
from derive.patterns import regex
from derive.verification.reading.new_and_old import NEW_WORDS, OLD_WORDS
from derive.verification.reading.phrases import without_remark
from derive.verification.reading.signs import PROSE
from derive.verification.reading.symbols import symbol_at
from derive.verification.reading.token import Token

_OPENS = frozenset({"(", "[", "{", "|("})
_CLOSES = frozenset({")", "]", "}", "|)"})
_JOINS = frozenset("+ - * / ^ _ , ; o".split())
_TRAILING = frozenset({".", ",", ";", ":", "!"})
MIN_OF_A_ROLE = 3
"""A shorter word may be a name."""
_BULLET = regex(r"\s*[+*]\s*")
_RELATION = regex(r"[=≈~]")


def with_rows(tokens: Sequence[Token], text: str) -> list[Token]:
    r"""The tokens of a TeX formula, with an end of row where a line begins a new equation without ``\\``.

    That is a line that begins with one quantity and a relation sign, after a line that is a whole equation.
    """
    found: list[Token] = []
    depth, complete = 0, False
    for i, token in enumerate(tokens):
        new_line = bool(found) and "\n" in text[found[-1].end : token.start]
        if new_line and depth == 0 and complete and _closed(found[-1]) and _begins_equation(tokens, i):
            found.append(Token("row", "", token.start, token.start))
            complete = False
        depth += (token.text in _OPENS or token.kind == "begin") - (token.text in _CLOSES or token.kind == "end")
        if token.kind == "row":
            complete = False
        complete = complete or (token.kind == "relation" and depth == 0)
        found.append(token)
    return found


def _closed(last: Token) -> bool:
    """Whether a line may end with this token."""
    return last.kind not in ("row", "amp", "relation", "begin", "command") and last.text not in _JOINS | _OPENS


def _begins_equation(tokens: Sequence[Token], i: int) -> bool:
    """Whether a quantity and a relation sign stand here."""
    end = _past_quantity(tokens, i)
    while end < len(tokens) and tokens[end].kind in ("amp", "gap"):
        end += 1
    return i < end < len(tokens) and tokens[end].kind == "relation"


def _past_quantity(tokens: Sequence[Token], i: int) -> int:
    """The place after a name or a derivative; ``i`` itself where there is none."""
    if tokens[i].text == "frac":
        return _past_group(tokens, _past_group(tokens, i + 1))
    if tokens[i].text == "∂":
        symbol = symbol_at(tokens, i + 1)
        over = symbol is not None and [token.text for token in tokens[symbol.end : symbol.end + 2]] == ["/", "∂"]
        symbol = symbol_at(tokens, symbol.end + 2) if symbol is not None and over else None
    else:
        symbol = symbol_at(tokens, i)
    return i if symbol is None else symbol.end


def _past_group(tokens: Sequence[Token], i: int) -> int:
    depth = 0
    for place in range(i, min(len(tokens), i + 60)):
        depth += (tokens[place].text == "{") - (tokens[place].text == "}")
        if depth <= 0:
            return place + 1
    return len(tokens)


def spoken(tokens: Sequence[Token], taken: Container[str]) -> list[Token]:
    """The tokens of a line of plain text, with ``so`` and ``and`` as prose, and ``x`` between numbers as a sign."""
    found: list[Token] = []
    for i, token in enumerate(tokens):
        if token.kind == "word" and token.text.lower() in PROSE and token.text not in taken:
            found += [token._replace(kind="text")] if found else []
        elif token.text in ("x", "X") and 0 < i < len(tokens) - 1 and _multiplies(tokens, i, taken):
            found.append(token._replace(kind="op", text="*"))
        else:
            found.append(token)
    return found


def _multiplies(tokens: Sequence[Token], i: int, taken: Container[str]) -> bool:
    before, after = tokens[i - 1], tokens[i + 1]
    if before.kind == "number" == after.kind:
        return True
    factors = before.kind == "number" or before.text == ")", after.kind == "number" or after.text == "("
    return all(factors) and (before.kind == "number" or after.kind == "number") and tokens[i].text not in taken


def apart(tokens: Sequence[Token], is_given: Callable[[Sequence[Token]], bool]) -> list[Token]:
    """The tokens of a line with a gap between claims that only blanks part: ``x1=1.5 x2=0.5 d=0.9``, ``z = 1   y = 2``.

    One blank parts them where there is none around the signs, or where a given quantity has its number before it.
    """
    found: list[Token] = []
    relation, past = -1, 0
    tokens = _with_a_claim_behind(tokens)
    for i, token in enumerate(tokens):
        if i < past:
            continue
        if token.kind == "relation":
            relation = len(found)
        label = _is_a_label(tokens, i) or _is_a_role(tokens, i, is_given)
        if relation > 0 and (label or _is_a_slash(tokens, i)):
            found.append(Token("gap", "", token.start, token.start))
            relation, past = -1, i + 1 + (token.kind == "word" and tokens[i + 1].text == ":")
            continue
        if (
            i
            and relation > 0
            and token.kind in ("word", "accent", "op")
            and _parted(found, tokens, i, relation, is_given)
        ):
            found.append(Token("gap", "", token.start, token.start))
            relation = -1
        found.append(token)
    return found


def _with_a_claim_behind(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens with a gap in place of brackets at their end, blanks before them, that hold a claim: ``(2/N = 1)``."""
    last = len(tokens) - 1
    if last < 4 or tokens[last].text != ")":
        return tokens
    depth, opened = 1, last
    while opened > 0 and depth:
        opened -= 1
        depth += (tokens[opened].text == ")") - (tokens[opened].text == "(")
    before, inside = tokens[:opened], tokens[opened + 1 : last]
    signs = [token.kind == "relation" for token in inside]
    behind = before and before[-1].kind == "number" and tokens[opened].start - before[-1].end > 1
    if depth or not behind or not any(signs[1:-1]) or not any(token.kind == "relation" for token in before):
        return tokens
    return [*before, Token("gap", "", tokens[opened].start, tokens[opened].start), *inside]


def _is_a_role(tokens: Sequence[Token], i: int, is_given: Callable[[Sequence[Token]], bool]) -> bool:
    """Whether a word between blanks says what the name behind it is: ``x2 = 2   target t = 2``."""
    if i + 2 >= len(tokens) or tokens[i].kind not in ("word", "text") or len(tokens[i].text) < MIN_OF_A_ROLE:
        return False
    before, name = tokens[i - 1], tokens[i + 1]
    between = before.kind == "number" and tokens[i].start - before.end > 1 and tokens[i].text.isalpha()
    return between and tokens[i + 2].kind == "relation" and is_given([name]) and not is_given([tokens[i]])


def _is_a_label(tokens: Sequence[Token], i: int) -> bool:
    """Whether a label parts two claims: ``w1 = 0.4   h2: w3 = 0.9``."""
    if i + 3 >= len(tokens) or tokens[i].kind != "word" or tokens[i + 1].text != ":":
        return False
    before, end = tokens[i - 1], _past_quantity(tokens, i + 2)
    whole = before.kind == "number" and before.end < tokens[i].start and tokens[i + 1].start == tokens[i].end
    return whole and i + 2 < end < len(tokens) and tokens[end].kind == "relation" and tokens[end].text != ":"


def _is_a_slash(tokens: Sequence[Token], i: int) -> bool:
    """Whether a slash (or two), or a bar, with blanks around it parts two claims: ``h1 = 0.68 / h2 = 0.66``."""
    if tokens[i].text not in ("/", "|") or i + 2 >= len(tokens):
        return False
    before, after = tokens[i - 1], tokens[i + 1]
    if before.text == "/" or after.text == "/":
        return before.text != "/" or before.end == tokens[i].start
    if tokens[i].text == "|" and before.kind == "number" and after.kind == "word":
        return before.end < tokens[i].start and tokens[i].end < after.start and not _closes(tokens, i)
    if before.kind != "number" or before.end == tokens[i].start or after.start == tokens[i].end:
        return False
    end = _past_slash(tokens, _past_quantity(tokens, i + 1))
    one_letter = end == i + 2 and after.text in _STEPS_OF_A_LIMIT
    return i + 1 < end < len(tokens) and tokens[end].kind == "relation" and not one_letter


def _closes(tokens: Sequence[Token], i: int) -> bool:
    """Whether another bar stands behind a bar without blanks around it."""
    return any(one.text == "|" and one.start == tokens[n - 1].end for n, one in enumerate(tokens) if n > i)


_STEPS_OF_A_LIMIT = frozenset({"h", "epsilon", "eps", "Delta"})
"""What a difference is divided by."""


def _parted(
    before: Sequence[Token], tokens: Sequence[Token], i: int, relation: int, is_given: Callable[[Sequence[Token]], bool]
) -> bool:
    """Whether a claim of its own begins at a place, after the sign of another one."""
    blanks = tokens[i].start - before[-1].end
    before = _without_route(before)
    last = before[-1].kind in ("number", "word") or before[-1].text in (")", "]", "}", "'")
    if blanks < 1 or not last or relation == len(before) - 1 or before[-1].text == "gap":
        return False
    end = _past_quantity(tokens, i) if tokens[i].kind != "op" or tokens[i].text == "∂" else i
    if end == i and tokens[i].text.startswith("d"):
        return False
    end = _past_slash(tokens, end)
    if end == i or end >= len(tokens) or tokens[end].kind != "relation" or tokens[end].text not in ("=", "~", ":="):
        return False
    value = before[relation + 1 :]
    if blanks > 1 or _is_a_tuple(value):
        return True
    plain = value[1:] if value and value[0].text in ("-", "+") else value
    if len(plain) != 1 or plain[0].kind != "number":
        return False
    sign = before[relation]
    tight = sign.start == before[relation - 1].end and tokens[end].start == tokens[end - 1].end
    begins = max((n + 1 for n in range(relation) if before[n].kind in ("gap", "relation")), default=0)
    return tight or is_given(before[begins:relation])


def _without_route(before: Sequence[Token]) -> Sequence[Token]:
    """The tokens without a remark at their end that says a route: ``0.15 (i1→h1)``."""
    if before[-1].text != ")":
        return before
    opened = next((n for n in range(len(before) - 1, max(len(before) - 9, 0), -1) if before[n].text == "("), 0)
    says = any(token.kind == "arrow" for token in before[opened:])
    return before[:opened] if opened and says and before[opened - 1].kind == "number" else before


def _is_a_tuple(value: Sequence[Token]) -> bool:
    """Whether a side is numbers in brackets: ``(1.5, 0.5)``, ``[1.5 0.5]``."""
    inside = value[1:-1]
    plain = all(token.kind == "number" or token.text in ("-", "+", ",", ";") for token in inside)
    numbers = sum(token.kind == "number" for token in inside)
    return plain and numbers > 1 and f"{value[0].text}{value[-1].text}" in ("()", "[]")


def _past_slash(tokens: Sequence[Token], end: int) -> int:
    """The place after ``/dw1``, where the name before it is ``dE``."""
    if end < len(tokens) - 1 and tokens[end].text == "/" and tokens[end + 1].text.startswith("d"):
        return _past_quantity(tokens, end + 1)
    return end


def without_words(side: list[Token], knows: Callable[[str], bool]) -> list[Token]:
    """A first side without the words that say what its name is: ``learning rate eta``, ``1 neuron, tanh, E``."""
    if len(side) < 2:
        return side
    start = len(side) - 1
    while start > 0 and symbol_at(side, start - 1) is not None and _ends_at(side, start - 1):
        start -= 1
        if side[start].kind == "word" and side[start].text.isalpha() and len(side[start].text) > 2:
            start += 1
            break
    name = symbol_at(side, start)
    while start > 0 and name is None:
        start -= 1
        name = symbol_at(side, start) if _ends_at(side, start) else None
    if start < 1 or name is None or name.end != len(side) or not knows(name.base + name.below):
        return side
    before = side[:start]
    if before[-1].text in (",", ":"):
        return side[start:]
    if any(token.text in _PARTS_OF_A_NAME for token in before):
        return side
    if not any(token.text in _OPENS | _CLOSES or token.kind == "relation" for token in before):
        comma = max((i for i, token in enumerate(before) if token.text == ","), default=-1)
        before = before[comma + 1 :]  # what stands before it is another part of the sentence
    words = [token for token in before if token.kind in ("word", "text") and token.text.strip().isalpha()]
    plain = all(token.kind in ("word", "text", "number", "gap") or token.text in (",", ":", ".") for token in before)
    said = bool(words) and all(len(word.text) > 2 or not knows(word.text) for word in words)
    return side[start:] if said and plain and before[-1] in words and _is_a_noun(before[-1], knows) else side


def _ends_at(side: Sequence[Token], start: int) -> bool:
    symbol = symbol_at(side, start)
    return symbol is not None and symbol.end == len(side)


def _is_a_noun(token: Token, knows: Callable[[str], bool]) -> bool:
    word = token.text.strip()
    return word.lower() in _NOUNS or (len(word) > 1 and not knows(word))


_PARTS_OF_A_NAME = frozenset({*NEW_WORDS, *OLD_WORDS, *GREEK})
"""Words that belong to the name behind them."""
_NOUNS = frozenset(
    """target output input error loss label prediction cost bias weight rate is ist eingabe ausgabe ziel fehler
    gewicht entrada salida entrée sortie erreur peso""".split()
)


def goes_on(text: str, start: int, end: int, above: Sequence[Sequence[Token]]) -> bool:
    """Whether a line of plain text that begins with ``+`` or ``*`` goes on with the chain above it.

    It does where it has no relation sign itself, where it is set in, or where the line above ends with a sign.
    """
    if _BULLET.match(text, start, end) is None:
        return False
    if _RELATION.search(text, start, end) is None or (above[-1] and above[-1][-1].text in _JOINS):
        return True
    first = next((side[0].start for side in above if side), start)
    return _indent(text, start) > _indent(text, text.rfind("\n", 0, first) + 1)


def _indent(text: str, start: int) -> int:
    place = start
    while place < len(text) and text[place] in " \t":
        place += 1
    return place - start


def unbulleted(text: str, start: int, end: int) -> int:
    """Where a line of plain text begins behind ``+`` or ``*``."""
    found = _BULLET.match(text, start, end)
    return start if found is None else found.end()


def _without_sentence(side: list[Token]) -> list[Token]:
    """A side without the sentence of words that follows it: ``1/2 (t - o)^2. I round to four decimals``."""
    stop = next((i for i, token in enumerate(side) if token.text == "." and i), 0)
    rest = side[stop + 1 :]
    words = len(rest) > 2 and all(
        token.kind in ("word", "text", "gap") or token.text in (",", "-", ".") for token in rest
    )
    return side[:stop] if stop and words and rest[0].text[:1].isupper() else side


def strip(
    sides: list[list[Token]],
    is_mathematics: Callable[[str], bool],
    is_called: Callable[[str], bool],
    is_quantity: Callable[[str], bool],
    *,
    tex: bool,
) -> None:
    """Takes off the words, the remarks and the punctuation at the ends of a chain's sides: they are prose."""
    for side in sides:
        _without_dots(side)
        while side and side[-1].kind == "gap":
            side.pop()
        while side and (side[-1].kind == "gap" or side[-1].text in _TRAILING):
            side.pop()
        side[:] = without_remark(side, is_mathematics)
        while side and (side[-1].kind in ("text", "gap") or side[-1].text in _TRAILING):
            if _is_a_factor(side, is_mathematics) or (len(side) == 1 and is_called(side[0].text.strip())):
                break
            side.pop()
        while len(side) > 1 and side[0].kind in ("text", "gap", "arrow") and not _is_a_name(side):
            side.pop(0)
        while len(side) > 1 and side[0].text in _TRAILING:
            side.pop(0)
        side[:] = _without_sentence(side)
    _without_bound(sides[-1])
    if not tex:
        sides[0][:] = without_words(sides[0], is_quantity)
    first, last = sides[0], sides[-1]
    enclosed = first and last and first[0].text == "(" and last[-1].text == ")"
    if enclosed and _unbalanced(first) > 0 > _unbalanced(last):
        first.pop(0)
        last.pop()


def _without_dots(side: list[Token]) -> None:
    """Takes off dots behind a number, and the number of the equation behind them: ``0.52 ... (1)``."""
    at = next((i for i, token in enumerate(side) if token.kind == "general" and not token.text.strip(".")), 0)
    if at and side[at - 1].kind == "number" and all(t.kind == "number" or t.text in "()." for t in side[at + 1 :]):
        del side[at:]


def _without_bound(side: list[Token]) -> None:
    """Takes off a true remark on a number's size: ``0.52 > 0.5``."""
    at = next((i for i, token in enumerate(side) if token.kind == "compared"), 0)
    values = [_numeral(side[:at]), _numeral(side[at + 1 :])] if at else []
    if at and None not in values and side[at].text[:1] in _BOUNDS:
        left, right = (value for value in values if value is not None)
        if _BOUNDS[side[at].text[:1]](left, right):
            del side[at:]


_BOUNDS: Mapping[str, Callable[[Decimal, Decimal], bool]] = {"<": lt, ">": gt}


def _numeral(side: Sequence[Token]) -> Decimal | None:
    texts = [token.text for token in side]
    negative = texts[:1] == ["-"]
    if len(texts) != 1 + negative or side[-1].kind != "number" or len(texts[-1]) > MAX_OF_A_BOUND:
        return None
    return Decimal("".join(texts))


MAX_OF_A_BOUND = 40
"""At most this many characters has a number whose size is remarked on."""
_AFTER_A_NAME = frozenset("( ' _ ^ * + - / o".split())


def _is_a_name(side: Sequence[Token]) -> bool:
    r"""Whether a side begins with a word that may be a name: ``\text{Error}_1``, and not ``\text{since } -z``."""
    first, second = side[0], side[1]
    if first.kind == "text" and first.text.strip().lower() in PROSE:
        return False
    return second.kind != "word" and second.text in _AFTER_A_NAME


def _is_a_factor(side: Sequence[Token], is_mathematics: Callable[[str], bool]) -> bool:
    r"""Whether a side ends with a word that is a name: ``\alpha \cdot \text{Error}``."""
    last = side[-1]
    if last.kind != "text" or len(last.text.strip()) < 2 or not is_mathematics(last.text.strip()):
        return False
    return len(side) == 1 or side[-2].text in _JOINS


def _unbalanced(side: Iterable[Token]) -> int:
    return sum((token.text == "(") - (token.text == ")") for token in side)
