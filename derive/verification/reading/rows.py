r"""From tokens to chains: rows, columns, continuations, and the relation signs between sides.

A row that begins with a relation sign, or goes on with ``+``, belongs to the row above. ``&`` parts columns, each
with a chain of its own; arrows and commas part chains on one row. Relation signs inside braces and matrices stay
where they are.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from derive.verification.reading.environments import DISPLAYS, MATRICES
from derive.verification.reading.symbols import symbol_at
from derive.verification.reading.systems import unwrapped
from derive.verification.reading.token import Token

_OPEN = {"(": ")", "[": "]", "{": "}", "|(": "|)"}
_CLOSE = {")", "]", "}", "|)"}
MAX_OPEN = 200
"""At most this far back an opening brace is looked for past others that are never closed."""
_GOES_ON = frozenset("+ * /".split())
_REASONS = frozenset("as because by for if since using where with".split())
_BEHIND = frozenset("since because as weil da car porque".split())
_MARKS = frozenset("' @ [ ] { } ( )".split())
MAX_OF_A_NAME = 40
"""At most this many tokens before ← may be a name."""


@dataclass
class RawChain:
    """A chain in tokens: ``relations[i]`` stands between ``sides[i]`` and ``sides[i + 1]``.

    ``arrow`` is a ``->`` between the chain before, on the same row, and this one; ``indented`` says that an equation
    behind an empty cell begins a chain of its own, as this one did.
    """

    sides: list[list[Token]]
    relations: list[Token] = field(default_factory=list)
    arrow: Token | None = None
    indented: bool = False


def chains(tokens: Sequence[Token], above: RawChain | None = None) -> Iterator[RawChain]:
    """The chains of one formula; ``above`` is the chain that a leading relation sign goes on from."""
    columns: dict[int, RawChain] = {}
    if above is not None:
        above.indented = True
        columns[0] = above
    tokens = _without_empty_columns(unwrapped(_apart(_unbracketed(_without_reasons(tokens)))))
    depths = _depths(tokens)
    for row in _split(tokens, depths, ("row",)):
        left: RawChain | None = None
        blank = True
        for column, cells in enumerate(_cells(tokens, depths, row)):
            beside = None if left is None or left is above else left
            yield from _assembled(tokens, depths, cells, (columns, column), beside=beside, after_blanks=blank)
            left, blank = columns.get(column), blank and all(_blank(tokens, cell) for cell in cells)


def _without_reasons(tokens: Sequence[Token]) -> Sequence[Token]:
    r"""The tokens without why an equation holds, behind it: ``= 0 \quad\text{since } z_1 < 0``."""
    if not any(token.kind == "text" for token in tokens):
        return tokens
    found: list[Token] = []
    begun = reason = False
    for token in tokens:
        ends = token.kind in ("row", "amp", "end")
        said = token.text.lower().split()[:1] if token.kind == "text" else []
        reason = not ends and (reason or (begun and bool(said) and said[0] in _BEHIND))
        begun = not ends and (begun or token.kind == "relation")
        if not reason:
            found.append(token)
    return found


def _unbracketed(tokens: Sequence[Token]) -> Sequence[Token]:
    """The tokens without the brackets around a whole list of equations: ``(x = 1, y = 0)``."""
    last = len(tokens) - 1
    while last > 1 and tokens[last].text in (":", ".", ","):
        last -= 1
    if last < 2 or tokens[0].text != "(" or tokens[last].text != ")":
        return tokens
    depth = 0
    for i, token in enumerate(tokens[: last + 1]):
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0 and i < last:
            return tokens
    return tokens[1:last] if any(token.kind == "relation" for token in tokens) else tokens


def _apart(tokens: Sequence[Token]) -> Sequence[Token]:
    """Two aligned blocks beside each other are one above the other."""
    found: list[Token] = []
    for token in tokens:
        if _groups(token, "begin") and found:
            before = next((i for i in range(len(found) - 1, -1, -1) if found[i].kind not in ("gap", "text")), 0)
            if found[before].text in (",", ";"):
                before -= 1
            if before >= 0 and _groups(found[before], "end"):
                found.append(Token("row", "", token.start, token.start))
        found.append(token)
    return found


def _groups(token: Token, kind: str) -> bool:
    return token.kind == kind and token.text in DISPLAYS


def _without_empty_columns(tokens: Sequence[Token]) -> list[Token]:
    """The relation sign of an ``eqnarray`` has a column of its own (``a &=& b``); the ``&`` after it is left out."""
    kinds = [token.kind for token in tokens]
    return [token for i, token in enumerate(tokens) if i < 2 or kinds[i - 2 : i + 1] != ["amp", "relation", "amp"]]


Span = tuple[int, int]


def _depths(tokens: Sequence[Token]) -> list[tuple[int, int]]:
    """For each token how deep it stands in braces and matrices, and in brackets of any kind.

    What is opened and never closed does not count.
    """
    partner: dict[int, int] = {}
    stack: list[int] = []
    for i, token in enumerate(tokens):
        text = token.text
        if token.kind == "begin" or (token.kind == "op" and text in _OPEN):
            if token.kind == "op" or text in MATRICES:
                stack.append(i)
        elif (token.kind == "end" and text in MATRICES) or (token.kind == "op" and text in _CLOSE):
            opened = _opened(tokens, stack, token)
            if opened is not None:
                partner[opened] = i
    depths: list[tuple[int, int]] = []
    firm = loose = 0
    closing = {end: start for start, end in partner.items()}
    for i, token in enumerate(tokens):
        rigid = token.kind in ("begin", "end") or token.text in "{}"
        if i in closing:
            firm, loose = firm - rigid, loose - 1
        depths.append((firm, loose))
        if i in partner:
            firm, loose = firm + rigid, loose + 1
    return depths


def _opened(tokens: Sequence[Token], stack: list[int], closing: Token) -> int | None:
    """The place of what a closing token closes; brackets left open inside braces are given up."""
    if closing.kind == "op" and closing.text != "}":
        if stack and tokens[stack[-1]].kind == "op" and tokens[stack[-1]].text != "{":
            return stack.pop()
        return None
    wanted = "{" if closing.kind == "op" else closing.text
    recent = range(len(stack) - 1, max(len(stack) - MAX_OPEN, 0) - 1, -1)
    place = next((n for n in recent if tokens[stack[n]].text == wanted), None)
    if place is None:
        return None
    opened = stack[place]
    del stack[place:]
    return opened


def _split(
    tokens: Sequence[Token], depths: list[tuple[int, int]], kinds: tuple[str, ...], span: Span | None = None
) -> Iterator[Span]:
    """The spans between tokens of these kinds that stand in no braces."""
    start, end = span or (0, len(tokens))
    for i in range(start, end):
        if tokens[i].kind in kinds and depths[i][0] == 0:
            yield start, i
            start = i + 1
    yield start, end


def _cells(tokens: Sequence[Token], depths: list[tuple[int, int]], row: Span) -> Iterator[list[Span]]:
    """The cells of a row, two for each column: what stands before its relation sign and after it."""
    cells = list(_split(tokens, depths, ("amp",), row))
    for i in range(0, len(cells), 2):
        yield cells[i : i + 2]


def _assembled(
    tokens: Sequence[Token], depths: list[tuple[int, int]], cells: list[Span],
    place: tuple[dict[int, RawChain], int], *, beside: RawChain | None, after_blanks: bool,
) -> Iterator[RawChain]:  # fmt: skip
    """The chains of one column of a row; those that begin here are yielded, others are gone on with.

    ``place`` are the chains of all columns and the number of this one, ``beside`` is the chain of the column to the
    left, which goes on in ``a &= b &&= c`` and in a row on which all before this column is empty.
    """
    columns, column = place
    indices = [i for start, end in cells for i in range(start, end) if _counts(tokens[i])]
    aligned = indented = len(cells) > 1 and _blank(tokens, cells[0])
    for part, arrow in _parts(tokens, depths, indices):
        current = columns.get(column)
        sides, relations = _sides(tokens, depths, part)
        if not sides[0] and len(sides) == 1:
            continue
        if aligned and current is not None and _is_rule(sides):
            continue
        if current is None and (not sides[0] or (after_blanks and not relations)):
            current, aligned = beside, after_blanks
        if current is not None and relations and not sides[0]:
            current.sides += sides[1:]
            current.relations += relations
        elif (
            current is not None
            and not _says(sides)
            and _continues(sides[0], current, aligned=aligned and not (relations and current.indented))
        ):
            current.sides[-1] += sides[0]
            current.sides += sides[1:]
            current.relations += relations
        else:
            new = RawChain(sides, relations, arrow, indented)
            if not (aligned and current is not None and _gives_a_reason(sides)):
                columns[column] = new
            yield new
        aligned = False


def _counts(token: Token) -> bool:
    return not (token.kind in ("begin", "end") and token.text not in MATRICES)


def _blank(tokens: Sequence[Token], cell: Span) -> bool:
    return all(tokens[i].text in ("{", "}", "") for i in range(*cell))


def _says(sides: list[list[Token]]) -> bool:
    r"""Whether a row is an equation of its own after a word: ``\text{since } \tanh z = ...``."""
    return len(sides) > 1 and sides[0][0].kind == "text"


def _gives_a_reason(sides: list[list[Token]]) -> bool:
    """Whether such an equation is why the line above it holds: the row below goes on with that line."""
    return _says(sides) and any(word.lower() in _REASONS for word in sides[0][0].text.split()[:1])


def _is_rule(sides: list[list[Token]]) -> bool:
    r"""Whether a row below relation signs names the rule of the line above: ``& \text{with }x\text{ held fixed}``."""
    return len(sides) == 1 and next((token.kind == "text" for token in sides[0] if token.kind != "gap"), False)


def _continues(first: list[Token], current: RawChain, *, aligned: bool) -> bool:
    """Whether a row goes on with the side above it."""
    if not current.relations:
        return False
    begins = next((token.text for token in first if token.text not in ("{", "}")), "")
    if begins in _GOES_ON or (begins == "-" and (aligned or first[0].text == "{")):
        return True
    last = current.sides[-1][-1].text if current.sides[-1] else ""
    return aligned or last in ("+", "-", "*")


def _parts(
    tokens: Sequence[Token], depths: list[tuple[int, int]], indices: list[int]
) -> Iterator[tuple[list[int], Token | None]]:
    """The chains that stand beside each other on a row: parted by arrows, or by a comma before another relation.

    Each with the ``->`` that leads to it from the one before.
    """
    relations = [i for i in indices if tokens[i].kind == "relation" and depths[i][0] == 0]
    part: list[int] = []
    seen = False
    arrow: Token | None = None
    for n, i in enumerate(indices):
        token, depth = tokens[i], depths[i]
        points = token.text == "<-" and (seen or not _is_quantity([tokens[p] for p in part[-MAX_OF_A_NAME:]]))
        if (token.kind == "arrow" or points) and depth == (0, 0):
            yield part, arrow
            leads = token.text == "->" or _between_numbers(tokens, indices, n)
            arrow = token if leads and part else None
            part, seen = [], False
            continue
        comma = token.kind == "op" and token.text in (",", ";") and depth[1] == 0
        word = token.kind == "text" and depth[1] == 0 and n + 1 < len(indices)
        if seen and (comma or word or token.kind == "gap") and _relation_follows(tokens, indices, n, relations):
            yield part, arrow
            part, seen, arrow = [], False, None
            continue
        seen = seen or (token.kind == "relation" and depth[0] == 0)
        if token.kind != "gap":
            part.append(i)
    yield part, arrow


def _between_numbers(tokens: Sequence[Token], indices: list[int], n: int) -> bool:
    """Whether the arrow at place ``n`` stands between a number and the last number of a row: ``w: 0.3 => 0.29``."""
    after = [tokens[i] for i in indices[n + 1 : n + 4] if tokens[i].text not in ("-", "+")]
    return n > 0 and tokens[indices[n - 1]].kind == "number" and [token.kind for token in after] == ["number"]


def _is_quantity(side: Sequence[Token]) -> bool:
    """Whether what stands before ← may be the quantity that gets a new value; else the arrow points at a remark."""
    for i, token in enumerate(side):
        symbol = symbol_at(side, i)
        if symbol is not None and all(t.text in _MARKS or t.kind == "number" for t in side[symbol.end :]):
            return True
        if token.text not in ("{", "(") and token.kind not in ("word", "text", "gap", "accent"):
            return False
    return False


def _relation_follows(tokens: Sequence[Token], indices: list[int], n: int, relations: list[int]) -> bool:
    """Whether another equation begins after place ``n``: there is a relation, and something before it."""
    following = next((i for i in indices[n + 1 : n + 3] if tokens[i].kind != "gap"), None)
    if following is None or tokens[following].kind == "relation" or not relations:
        return False
    return relations[-1] > indices[n]


def _sides(
    tokens: Sequence[Token], depths: list[tuple[int, int]], part: list[int]
) -> tuple[list[list[Token]], list[Token]]:
    sides: list[list[Token]] = [[]]
    relations: list[Token] = []
    for i in part:
        if tokens[i].kind == "relation" and depths[i][0] == 0:
            relations.append(tokens[i])
            sides.append([])
        else:
            sides[-1].append(tokens[i])
    return sides, relations
