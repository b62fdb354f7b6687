"""Programs that give the members of a list of their own new values, one by one or in a loop that counts.

``w = [0.3, -0.2]``, then ``for i in range(2):`` and in it ``w[i] = w[i] - 0.5*d*x[i]``: w stands for two calculations
from there on.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from derive.verification.reading.program_names import ProgramNames, TooLong, arguments
from derive.verification.reading.token import Token

MAX_MEMBERS = 8
"""Lists of at most this many members get new ones."""
_OPERATIONS = {"=": "", "+=": "+", "-=": "-", "*=": "*", "/=": "/"}


class CountingLoop(NamedTuple):
    """A loop that counts from 0: the word that does, how often it runs, and how far its first line is set in."""

    word: str
    times: int
    body: int


NO_LOOP = CountingLoop("", 0, 0)
"""A place where it is not known how often a statement runs."""


def counting_loop(tokens: Sequence[Token], body: int, own: ProgramNames) -> CountingLoop:
    """The loop that ``for i in range(2):`` begins; for any other it is not known how often it runs."""
    texts = [token.text for token in tokens]
    if texts[:1] != ["for"] or texts[2:5] != ["in", "range", "("] or texts[-2:] != [")", ":"]:
        return NO_LOOP
    try:
        count = [token.text for token in own.put_in(tokens[5:-2])]
    except TooLong:
        return NO_LOOP
    number = int(count[0]) if len(count) == 1 and count[0].isdigit() and len(count[0]) == 1 else 0
    return CountingLoop(texts[1], number, body) if 0 < number <= MAX_MEMBERS else NO_LOOP


def sets_a_member(left: Sequence[Token], own: ProgramNames) -> bool:
    """Whether a statement's left side is a member of a list of the program's own: ``w[i]``."""
    return len(left) > 1 and left[1].text == "[" and left[0].text in own.values


def set_members(
    left: Sequence[Token], sign: str, right: Sequence[Token], own: ProgramNames, loop: CountingLoop | None
) -> bool:
    """Gives a list its new members; where they cannot be told it stands for nothing from there on. Whether they can."""
    name, listed = left[0].text, own.values[left[0].text]
    value = None
    if listed is not None and len(left) == 4 and sign in _OPERATIONS:
        try:
            members = _members(listed)
            for k in _places(left[2].text, len(members), loop):
                told = own.put_in(_at(right, left, members[k], k))
                members[k] = told if sign == "=" else _joined(members[k], _OPERATIONS[sign], told)
            value = _list_of(members, listed)
        except TooLong:
            value = None
    own.values[name] = value
    return value is not None


def _members(listed: Sequence[Token]) -> list[list[Token]]:
    """The members of a list of numbers.

    Raises:
        TooLong: it is none.
    """
    if (listed[0].text, listed[-1].text) not in (("[", "]"), ("(", ")")):
        raise TooLong
    found = arguments(listed, 0)[0]
    if any(not member or member[0].text == "[" for member in found):
        raise TooLong
    return found


def _places(index: str, length: int, loop: CountingLoop | None) -> range:
    """The members that a statement is about.

    Raises:
        TooLong: they cannot be told.
    """
    if loop is not None and index == loop.word and loop.times <= length:
        return range(loop.times)
    if loop is None and index.isdigit() and len(index) == 1 and int(index) < length:
        return range(int(index), int(index) + 1)
    raise TooLong


def _list_of(members: Sequence[Sequence[Token]], listed: Sequence[Token]) -> tuple[Token, ...]:
    comma = listed[0]._replace(kind="op", text=",")
    found = [listed[0]]
    for member in members:
        found += [*member, comma]
    return (*found[:-1], listed[-1])


def _at(right: Sequence[Token], left: Sequence[Token], member: Sequence[Token], k: int) -> list[Token]:
    """A calculation about member ``k``: with the number of the index, and with what that member was before.

    Raises:
        TooLong: another member of the list stands in it.
    """
    found: list[Token] = []
    name, index, at = left[0].text, left[2].text, 0
    while at < len(right):
        texts = [token.text for token in right[at : at + 4]]
        if texts[:2] == [name, "["] and texts[2:] in ([index, "]"], [str(k), "]"]):
            found += _in_brackets(member)
            at += 4
        elif texts[0] == name:
            raise TooLong
        else:
            found.append(right[at]._replace(kind="number", text=str(k)) if texts[0] == index else right[at])
            at += 1
    return found


def _joined(before: Sequence[Token], sign: str, by: Sequence[Token]) -> list[Token]:
    start = by[0]._replace(kind="op")
    return [*_in_brackets(before), start._replace(text=sign), *_in_brackets(by)]


def _in_brackets(tokens: Sequence[Token]) -> list[Token]:
    if len(tokens) == 1:
        return list(tokens)
    first, last = tokens[0]._replace(kind="op", text="("), tokens[-1]._replace(kind="op", text=")")
    return [first, *tokens, last]


__all__ = ["NO_LOOP", "CountingLoop", "counting_loop", "set_members", "sets_a_member"]
