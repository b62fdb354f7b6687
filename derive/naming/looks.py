r"""How a symbol looks on the page: what cannot be seen or read as a name, and which two look the same.

The TeX is well-formed (:func:`derive.naming.author_tex.checked_tex`); here it is read as TeX sets it: atoms in a row,
each with what stands above and below.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from derive.errors import quoted
from derive.naming.author_tex import ACCENTS, FONTS, GREEK, WORDS
from derive.patterns import regex

LETTERS = GREEK | {"ell", "hbar", "imath", "jmath", "Re", "Im", "aleph"}
"""Commands that print a letter."""

_SPACES = frozenset(("quad", "qquad", r"\,", r"\;", r"\:", r"\!", r"\ "))
_OPENING, _CLOSING = frozenset(("(", "[", "langle")), frozenset((")", "]", "rangle"))
_STYLES = {
    "text": "rm", "textrm": "rm", "mathrm": "rm", "operatorname": "rm", "textbf": "bf", "mathbf": "bf",
    "textit": "it", "mathit": "it",
}  # fmt: skip
_SAME = {"ast": "*"}
_PIECE = regex(r"\\([A-Za-z]+|.)|(\s+)|(.)", re.DOTALL)


@dataclass(slots=True)
class _Atom:
    """One symbol, or a group, with what stands below and above; ``style`` is the command around a group."""

    symbol: str = ""
    group: tuple[_Atom, ...] | None = None
    style: str = ""
    below: tuple[_Atom, ...] | None = None
    above: tuple[_Atom, ...] | None = None

    @property
    def bare(self) -> bool:
        """Whether nothing is put around it, above it or below it."""
        return not self.style and self.below is None and self.above is None


def unreadable(tex: str, written: str | None = None) -> tuple[str, str] | None:
    r"""Why a symbol cannot be seen or read as a name, and the mend; None where it can.

    ``written``: the author's own spelling, for the message.

    >>> unreadable(r"\hat{w}_{1}"), unreadable("{}"), unreadable("-")
    (None, ('the TeX shows nothing', 'write a symbol: "w_1"'), ("'-' is a sign and no name", 'begin with a letter'))
    """
    atoms = _read(tex)
    if not _shown(atoms):
        return "the TeX shows nothing", 'write a symbol: "w_1"'
    return _part_missing(atoms) or _no_name(written or tex, atoms) or _open_bracket(atoms)


def look(tex: str) -> str:
    r"""TeX in one spelling for all that print the same: without braces and spaces that make no difference.

    >>> look("x_{1}") == look("x_1"), look(r"\hat y") == look(r"\hat{y}"), look("w_1'") == look(r"w^\prime_{1}")
    (True, True, True)
    >>> look("{y}"), look(r"\text{ab}") == look(r"\mathrm{a b}"), look("x_1") == look("x^1")
    ('y', True, False)
    """
    return _spelt(_read(tex))


def _part_missing(atoms: tuple[_Atom, ...]) -> tuple[str, str] | None:
    """A script on nothing, a script or an accent that shows nothing."""
    for i, atom in enumerate(atoms):
        scripts = {"_": atom.below, "^": atom.above}
        for sign, script in scripts.items():
            if script is not None and not _shown(script):
                return f"what stands after '{sign}' shows nothing", "put a letter or digit there"
        if atom.style and not _shown(atom.group or ()):
            return f"what stands after '\\{atom.style}' shows nothing", "put a letter there"
        if (atom.below or atom.above) and not _shown((_Atom(atom.symbol, atom.group, atom.style),)):
            beside = any(map(_has_letter, (*atoms[max(i - 1, 0) : i], *atoms[i + 1 : i + 2])))
            if atom.group is None or not beside:  # {}^{1}w is an index on the left, T^{a}{}_{b} one further on
                primes = atom.above and all(part.symbol in ("'", "prime") for part in atom.above)
                sign = "'_'" if atom.below else "the prime" if primes else "'^'"
                return f"nothing stands before {sign}", "put a letter there"
        for part in (atom.group, atom.below, atom.above):
            if part and (problem := _part_missing(part)):
                return problem
    return None


def _no_name(written: str, atoms: tuple[_Atom, ...]) -> tuple[str, str] | None:
    """No letter on the line, or a sign before it."""
    first = next((atom.symbol for atom in _leaves(atoms) if atom.symbol not in _SPACES and atom.symbol), "")
    if any(map(_has_letter, atoms)):
        if first in ("-", "+"):
            return f"{quoted(written)} would be read as a sign and a name", "begin with a letter"
        return None
    signs = [atom.symbol for atom in _leaves(atoms)]
    if any(sign.isdigit() for sign in signs):
        return f"{quoted(written)} would be read as a number", "begin with a letter"
    what = "a bracket" if set(signs) & (_OPENING | _CLOSING) else "a sign"
    return f"{quoted(written)} is {what} and no name", "begin with a letter"


def _open_bracket(atoms: tuple[_Atom, ...]) -> tuple[str, str] | None:
    """A bracket without its partner, on the line, in a group or in a script."""
    depth = 0
    for atom in atoms:
        alone = atom.group is not None and len(atom.group) == 1 and atom.group[0].bare  # {[} is [, as TeX wants it
        symbol = atom.group[0].symbol if alone and atom.group else atom.symbol
        depth += (symbol in _OPENING) - (symbol in _CLOSING)
        if depth < 0:
            break
        for part in (atom.below, atom.above) if alone else (atom.group, atom.below, atom.above):
            if part and (problem := _open_bracket(part)):
                return problem
    if depth == 0:
        return None
    state = "opened and not closed" if depth > 0 else "closed and not opened"
    return f"a bracket is {state}", "write both, or leave it out"


def _has_letter(atom: _Atom) -> bool:
    """Whether a letter stands on the line, scripts left out."""
    return any(leaf.symbol.isalpha() and (len(leaf.symbol) == 1 or leaf.symbol in LETTERS) for leaf in _leaves((atom,)))


def _leaves(atoms: tuple[_Atom, ...]) -> Iterator[_Atom]:
    """The symbols on the line, without scripts."""
    for atom in atoms:
        if atom.group is None:
            yield atom
        else:
            yield from _leaves(atom.group)


def _shown(atoms: tuple[_Atom, ...]) -> bool:
    """Whether anything can be seen, scripts included."""
    return any(
        (atom.symbol and atom.symbol not in _SPACES)
        or any(part and _shown(part) for part in (atom.group, atom.below, atom.above))
        for atom in atoms
    )


def _spelt(atoms: tuple[_Atom, ...]) -> str:
    return "".join(map(_spelt_atom, atoms))


def _spelt_atom(atom: _Atom) -> str:
    if atom.symbol in _SPACES:
        return ""
    base = f"\\{atom.symbol} " if len(atom.symbol) > 1 else atom.symbol
    if atom.group is not None:
        inner = _spelt(atom.group)
        style = _STYLES.get(atom.style, atom.style)
        if style == "it" and len(inner) == 1:
            style = ""
        base = f"\\{style}{{{inner}}}" if style else inner
        if not style and not atom.bare and len(atom.group) > 1:
            base = f"{{{inner}}}"
    below = f"_{{{_spelt(atom.below)}}}" if atom.below is not None else ""
    above = f"^{{{_spelt(atom.above)}}}" if atom.above is not None else ""
    return base + below + above


def _read(tex: str) -> tuple[_Atom, ...]:
    reader = _AtomReader(_PIECE.findall(tex))
    return reader.row()


class _AtomReader:
    """Pieces of TeX to atoms; what :mod:`derive.naming.author_tex` would refuse is read somehow."""

    def __init__(self, pieces: list[tuple[str, str, str]]) -> None:
        self.pieces = pieces
        self.at = 0

    def row(self, *, words: bool = False) -> tuple[_Atom, ...]:
        """Atoms up to the closing brace, which is taken too."""
        atoms: list[_Atom] = []
        while self.at < len(self.pieces):
            command, space, sign = self.pieces[self.at]
            self.at += 1
            if sign == "}":
                break
            if space:
                atoms += [_Atom("\N{NO-BREAK SPACE}")] if words and atoms else []
            elif not words and sign and sign in "^_'":
                self._script(atoms, sign)
            else:
                atoms.append(self._atom(command, sign, words=words))
        return tuple(atoms)

    def _atom(self, command: str, sign: str, *, words: bool = False) -> _Atom:
        if sign == "{":
            return _Atom(group=self.row(words=words))
        if command in ACCENTS | FONTS | WORDS:
            return _Atom(group=self._argument(words=command in WORDS), style=command)
        if command and not command.isalpha():
            return _Atom(f"\\{command}")
        return _Atom(_SAME.get(command, command) if command else sign)

    def _argument(self, *, words: bool = False) -> tuple[_Atom, ...]:
        while self.at < len(self.pieces) and self.pieces[self.at][1]:
            self.at += 1
        if self.at >= len(self.pieces):
            return ()
        command, _, sign = self.pieces[self.at]
        self.at += 1
        return self.row(words=words) if sign == "{" else (self._atom(command, sign),)

    def _script(self, atoms: list[_Atom], sign: str) -> None:
        script = (_Atom("prime"),) if sign == "'" else self._argument()
        if not atoms or (not atoms[-1].group and atoms[-1].symbol in _SPACES):
            atoms.append(_Atom())
        atom = atoms[-1]
        if sign == "_":
            atom.below = script
        else:
            atom.above = (*(atom.above or ()), *script)
