r"""The author's letters of whole families among the tokens: ``\theta^{1}_{43}`` is read as ``w^{1}_{43}``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from derive.model import NotationSpec
from derive.naming.families import FAMILIES, capital, chosen_of, letters_of
from derive.naming.presets import PRESETS
from derive.patterns import regex
from derive.records import record
from derive.verification.reading.token import Token
from derive.verification.reading.tokens import tokens

_PLAIN = regex(r"(d?)([A-Za-z]+?)((?:_?[0-9].*)?)")
"""A word of plain text: the sign of a derivative, a letter, its indices."""
_LAYERED = regex("d?(?:w|W|b|z|a|delta)")


@record
class OwnLetters:
    """What a spec calls its families.

    Attributes:
        sequences: the texts of a letter's tokens, and the letter of the ASCII names; the longest first.
        words: those of them that are one word.
        bracketed: the layer stands in square brackets, which plain text may leave without a ``^``: ``w[2]_11``.
    """

    sequences: tuple[tuple[tuple[str, ...], str], ...] = ()
    words: tuple[tuple[str, str], ...] = ()
    bracketed: bool = False

    @classmethod
    def of(cls, notation: NotationSpec) -> OwnLetters:
        """The letters of layered quantities that the author chose."""
        letters, chosen = letters_of(notation.letters), chosen_of(notation.letters)
        layered = {family.name for family in FAMILIES if family.layered} & chosen - {"x", "yhat"}
        if "w" in layered:  # last, so that a letter that is its own capital is read as both, which W is
            layered |= {"W"}
        own = {texts: name for name in sorted(layered, key="W".__eq__) for texts in _texts(letters[name])}
        if "x" in chosen and PRESETS[notation.preset].bias_unit:  # the constant unit has the inputs' capital
            own |= dict.fromkeys(_texts(capital(letters["x"])), "X")
        found = list(own.items())
        found.sort(key=lambda entry: -len(entry[0]))
        words = tuple((texts[0], name) for texts, name in found if len(texts) == 1)
        return cls(tuple(found), words, PRESETS[notation.preset].brackets == "[]")

    def in_plain_letters(self, found: list[Token], *, tex: bool, knows: Callable[[str], bool]) -> list[Token]:
        """The tokens with the letters of the ASCII names; in plain text a name that is known stays (``knows``)."""
        if self.sequences:
            found = self._in_tex(found) if tex else [self._word(token, knows) for token in found]
        return _raised(found, knows) if self.bracketed and not tex else found

    def _in_tex(self, found: Sequence[Token]) -> list[Token]:
        shown: list[Token] = []
        at = 0
        while at < len(found):
            for texts, name in self.sequences:
                end = at + len(texts)
                if found[at].text == texts[0] and tuple(token.text for token in found[at:end]) == texts:
                    shown.append(Token("word", name, found[at].start, found[end - 1].end))
                    at = end
                    break
            else:
                shown.append(found[at])
                at += 1
        return shown

    def _word(self, token: Token, knows: Callable[[str], bool]) -> Token:
        parts = _PLAIN.fullmatch(token.text) if token.kind == "word" and not knows(token.text) else None
        if parts is None:
            return token
        words = dict(self.words)
        if token.text in words:  # a letter that begins with d
            return token._replace(text=words[token.text])
        name = words.get(parts[2])
        return token if name is None else token._replace(text=f"{parts[1]}{name}{parts[3]}")


PLAIN_LETTERS = OwnLetters()
"""The letters of the ASCII names."""


def _raised(found: list[Token], knows: Callable[[str], bool]) -> list[Token]:
    """The tokens with a ``^`` before each layer in brackets: after a letter that is no quantity by itself."""
    shown: list[Token] = []
    for at, token in enumerate(found):
        letter = found[at - 1] if at else token
        number = found[at + 1].kind == "number" if at + 1 < len(found) else False
        if token.text == "[" and number and _LAYERED.fullmatch(letter.text) and not knows(letter.text):
            shown.append(Token("op", "^", token.start, token.start))
        shown.append(token)
    return shown


def _texts(letter: str) -> list[tuple[str, ...]]:
    r"""The tokens of a letter in TeX; an accent with and without braces, a font without: it changes nothing."""
    found = tuple(token.text for token in tokens(letter, tex=True))
    bare = tuple(text for text in found if text not in "{}")
    if len(bare) == 1:
        return [bare]
    return list(dict.fromkeys((found, bare)))
