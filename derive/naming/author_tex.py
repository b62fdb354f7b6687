r"""TeX that an author may give, and TeX for an author's names.

Only characters and commands of a fixed list pass, with braces and scripts that fit together, so that no notation
can break a document, read a file or run a program.
"""

from __future__ import annotations

import re

from derive.patterns import regex

MAX_TEX = 200
"""At most this many characters of TeX for one quantity."""

GREEK = frozenset(
    """alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho
    varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi
    Omega""".split()
)
SYMBOLS = frozenset("prime ell hbar partial nabla infty star ast circ bullet cdot times dagger top bot".split()) | {
    "imath", "jmath", "Re", "Im", "aleph", "langle", "rangle", "quad",
}  # fmt: skip
ACCENTS = frozenset(
    "hat widehat tilde widetilde bar overline underline vec dot ddot check breve acute grave mathring".split()
)
FONTS = frozenset("mathrm mathbf mathit mathsf mathtt mathcal boldsymbol".split())  # what amsmath has without fonts
WORDS = frozenset(("text", "textrm", "textbf", "textit", "operatorname"))
SPACES = frozenset((",", ";", ":", " "))
LETTERLIKE = frozenset("ell hbar imath jmath Re Im aleph".split())
IN_OTHER_WORDS = {"frac": "a/b", "dfrac": "a/b", "tfrac": "a/b", "sqrt": "sqrt(x)", "le": "<=", "leq": "<=",
                  "ge": ">=", "geq": ">=", "ne": "!=", "neq": "!=", "approx": "≈", "exp": "exp(x)", "ln": "ln(x)",
                  "log": "ln(x)"}  # fmt: skip
"""What formulas in the author's words have in place of a command."""

_PIECE = regex(r"\\(?P<command>[A-Za-z]+)|\\(?P<space>[,;: ])|(?P<plain>[A-Za-z0-9 ^_{}()\[\],'+*-])")


class TeXRefused(ValueError):
    """TeX that cannot stand in a spec; ``hint`` says how to mend it."""

    def __init__(self, problem: str, hint: str = "") -> None:
        self.hint = hint
        super().__init__(problem)


def checked_tex(text: str) -> str:
    r"""The author's TeX itself, if every piece of it is allowed and it is one well-formed formula.

    A bracket at its beginning is put in braces: TeX would take it for the argument of the end of a row before it.

    >>> checked_tex(r"\hat{y}_{1}"), checked_tex("[1]_2")
    ('\\hat{y}_{1}', '{[}1]_2')

    Raises:
        TeXRefused: anything else.
    """
    if len(text) > MAX_TEX:
        raise TeXRefused(f"more than {MAX_TEX} characters of TeX", "a symbol is short")
    if not text.strip():
        raise TeXRefused("the TeX is empty", 'write a symbol: "w_1"')
    _Checker(_pieces(text)).formula()
    found = text.strip()
    return f"{{[}}{found[1:]}" if found.startswith("[") else found


def checked_letter(text: str) -> str:
    r"""The TeX of a letter that takes a layer and indices; a word is set upright.

    >>> checked_letter(r"\theta"), checked_letter("net")
    ('\\theta', '\\mathrm{net}')

    Raises:
        TeXRefused: anything else than one letter, with its accent or in its font.
    """
    letter = checked_tex(text)
    if re.fullmatch(r"[A-Za-z]{2,}", letter):
        return rf"\mathrm{{{letter}}}"
    if not _is_letter(letter):
        hint = "write a letter, a Greek one, a word, or one with an accent or font: v, \\theta, net, \\hat{o}"
        raise TeXRefused(f"{quoted_tex(letter)} is not one letter: layer and indices are written to it", hint)
    return letter


_DRESSED = regex(rf"\\(?:{'|'.join(sorted(ACCENTS | FONTS | WORDS))})(?: *\{{(.+)\}}| +([A-Za-z])|(?= *\\)(.+))")


def _is_letter(tex: str) -> bool:
    if re.fullmatch("[A-Za-z]+", tex) or (tex.startswith("\\") and tex[1:] in GREEK | LETTERLIKE):
        return True
    dressed = _DRESSED.fullmatch(tex)
    return dressed is not None and _is_letter((dressed[1] or dressed[2] or dressed[3]).strip())


def quoted_tex(tex: str) -> str:
    """TeX in a message, cut where it is long."""
    return f"'{tex}'" if len(tex) <= 60 else f"'{tex[:59]}…'"


def _pieces(text: str) -> list[str]:
    pieces = []
    position = 0
    while position < len(text):
        match = _PIECE.match(text, position)
        if match is None:
            raise _refused_character(text, position)
        command = match["command"]
        if command is not None and command not in GREEK | SYMBOLS | ACCENTS | FONTS | WORDS:
            raise TeXRefused(f"the command \\{command[:40]} is not allowed here", _near(command))
        pieces.append(match.group())
        position = match.end()
    return pieces


def _refused_character(text: str, position: int) -> TeXRefused:
    character = text[position]
    if character == "\\":
        return TeXRefused(f"'{text[position : position + 2]}' is not allowed here", "write commands as \\hat, \\mathrm")
    shown = f"'{character}'" if character.isprintable() else f"the character U+{ord(character):04X}"
    return TeXRefused(f"{shown} is not allowed here", "allowed: letters, digits, spaces, ^ _ { } ( ) [ ] , ' + - *")


def _near(command: str) -> str:
    from difflib import get_close_matches

    if command in IN_OTHER_WORDS:
        return f"in title and remarks write {IN_OTHER_WORDS[command]}; a name in [notation] cannot hold it"
    known = sorted(GREEK | SYMBOLS | ACCENTS | FONTS | WORDS)
    close = get_close_matches(command[:40], known, n=1)
    rest = "allowed: Greek letters, accents such as \\hat, fonts such as \\mathrm, \\text, \\operatorname, \\prime"
    return f"did you mean \\{close[0]}? {rest}" if close else rest


class _Checker:
    """Reads pieces as TeX would: groups closed, every accent and script with something under it, no double scripts."""

    def __init__(self, pieces: list[str]) -> None:
        self.pieces = pieces
        self.at = 0

    def formula(self) -> None:
        self._sequence(closing=False, words=False, depth=0)
        if self.at < len(self.pieces):
            raise TeXRefused("a brace is closed that was not opened", "leave out '}'")

    def _next(self) -> str:
        return self.pieces[self.at] if self.at < len(self.pieces) else ""

    def _sequence(self, *, closing: bool, words: bool, depth: int) -> None:
        if depth > 10:
            raise TeXRefused("braces nest more than 10 deep", "write it with fewer braces")
        scripts: set[str] = set()
        while (piece := self._next()) and piece != "}":
            self.at += 1
            if piece in "^_'" and words:
                raise TeXRefused(f"'{piece}' cannot stand in text", f"end the text before '{piece}'")
            if piece in ("^", "_"):
                self._script(piece, scripts, depth)
            elif piece == "'":
                if "^" in scripts:
                    raise TeXRefused("a prime after a superscript", "write {w^{1}}'")
                scripts.add("'")
            elif piece.strip():
                scripts = set()
                self._one(piece, words=words, depth=depth)
        if closing:
            if not self._next():
                raise TeXRefused("a brace is opened and not closed", "add '}'")
            self.at += 1

    def _script(self, piece: str, scripts: set[str], depth: int) -> None:
        if piece in scripts or (piece == "^" and "'" in scripts):
            raise TeXRefused(f"two '{piece}' in a row", "put braces around the first part: {w^{1}}^{2}")
        scripts.add(piece)
        self._argument(f"'{piece}'", depth)

    def _one(self, piece: str, *, words: bool, depth: int) -> None:
        name = piece[1:] if piece.startswith("\\") else ""
        if piece == "{":
            self._sequence(closing=True, words=words, depth=depth + 1)
        elif name in ACCENTS | FONTS | WORDS:
            if words:
                raise TeXRefused(f"{piece} cannot stand in text", "leave it out")
            self._argument(piece, depth, words=name in WORDS, braces=True)
        elif name and words and name not in SPACES:
            raise TeXRefused(f"{piece} cannot stand in text", "leave it out")

    def _argument(self, owner: str, depth: int, *, words: bool = False, braces: bool = False) -> None:
        while self._next() == " ":
            self.at += 1
        piece = self._next()
        if piece == "{":
            self.at += 1
            start = self.at
            self._sequence(closing=True, words=words, depth=depth + 1)
            if not "".join(self.pieces[start : self.at - 1]).strip():
                raise TeXRefused(f"nothing stands in the braces after {owner}", "put a letter there")
        elif not piece or piece in "}^_'" or (braces and piece.startswith("\\") and piece[1:] not in GREEK):
            raise TeXRefused(f"nothing stands after {owner}", f"write {owner}{{...}}".replace("'", ""))
        elif piece.startswith("\\") and piece[1:] in ACCENTS | FONTS | WORDS | SPACES:
            raise TeXRefused(f"{piece} after {owner} needs braces", "write ^{...} and _{...}")
        elif words and piece.startswith("\\"):
            raise TeXRefused(f"{piece} cannot stand in text", "leave it out")
        else:
            self.at += 1


_AUTHOR_NAME = regex(r"([A-Za-z]+)_?([0-9]*)")


def author_name(name: str) -> str:
    r"""TeX for a name of the author: ``x1``, ``alpha``, ``hours``, ``w_in``, ``net_h1``.

    >>> [author_name(name) for name in ("x", "x1", "alpha", "beta2", "hours", "dW1", "w_in", "x12", "E")]
    ['x', 'x_1', '\\alpha', '\\beta_2', '\\mathrm{hours}', '\\mathrm{dW}_1', 'w_{\\mathrm{in}}', 'x_{12}', 'E']
    """
    first, _, rest = name.partition("_")
    found = re.fullmatch(r"([A-Za-z]+)([0-9]*)", first)
    if found is None or "__" in name or name.endswith("_"):
        return spelt_out(name)
    indices = [found[2]] if found[2] else []
    indices += [_index(part) for part in rest.split("_")] if rest else []
    base = _word(found[1])
    return subscript(base, ",".join(indices))


def spelt_out(name: str) -> str:
    r"""A name letter by letter: ``\mathrm{x\_1}``."""
    return rf"\mathrm{{{name.replace('_', chr(92) + '_')}}}"


def subscript(base: str, index: str) -> str:
    """A base with an index below, in braces where it is longer than one character."""
    return f"{base}_{{{index}}}" if len(index) > 1 else f"{base}_{index}" if index else base


def _index(part: str) -> str:
    found = re.fullmatch(r"([A-Za-z]+)([0-9]*)", part)
    if found is None:
        return part if part.isdigit() else rf"\mathrm{{{part}}}"
    return _word(found[1]) + found[2]


def _word(letters: str) -> str:
    if len(letters) == 1:
        return letters
    return f"\\{letters}" if letters in GREEK else rf"\mathrm{{{letters}}}"
