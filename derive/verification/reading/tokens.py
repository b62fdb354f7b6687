r"""From characters to tokens: plain text, Unicode and TeX in one scanner.

>>> [token.text for token in tokens(r"\frac{\partial E}{\partial w^{1}_{43}} \approx 0.5", tex=True)]
['frac', '{', '∂', 'E', '}', '{', '∂', 'w', '^', '{', '1', '}', '_', '{', '43', '}', '}', '~', '0.5']
>>> [token.text for token in tokens("∂E/∂w₁² = δ2_1·x", tex=False)]
['∂', 'E', '/', '∂', 'w', '_', '{', '1', '}', '^', '{', '2', '}', '=', 'delta2_1', '*', 'x']
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from derive.patterns import regex
from derive.verification.reading.environments import past_arguments, past_group
from derive.verification.reading.joined import joined
from derive.verification.reading.macros import Macro
from derive.verification.reading.signs import (
    ACCENTS,
    CHARACTERS,
    COMMANDS,
    DROPPED,
    EYE,
    FORGOTTEN,
    FRACTIONS,
    LABELLED,
    NUMERALS,
    PROSE,
    UPRIGHT,
    WORDS,
)
from derive.verification.reading.token import Token
from derive.verification.reading.written_number import plain_number

_SCANNER = regex(
    r"(?P<space>\s+)"
    r"|(?P<number>(?:[0-9]+(?:(?:\.|\{,\})[0-9]+)?|\.[0-9]+)(?:(?:\\,|[\u2009\u202f])[0-9]{3}(?![0-9]))*"
    r"(?:[eE][+-]?[0-9]+(?![0-9A-Za-z_.]))?(?:(?:[ \t]|\\[,;:!]|~)*\\?%)?)"
    r"|(?P<prose>[A-Za-z]*[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff][A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff]+"
    r"|[A-Za-z]+[\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u00ff])"
    r"|(?P<word>[A-Za-z]\u0304[0-9]*(?:_[A-Za-z0-9]+)*|y\u0302[0-9]*(?:_[A-Za-z0-9]+)*|(?:[A-Za-z]|(?P<greek>[αβγδεζηθικλμνξπρστυφχψωŷΓΔΘΛΞΣΥΦΨΩϵ]))"
    r"[A-Za-z0-9]*(?:_[A-Za-z0-9]+)*)"
    r"|(?P<env>\\(?:begin|end)\s*\{\s*(?P<name>[A-Za-z]+)\*?\s*\})"
    r"|(?P<row>\\\\\*?(?:\s*\[\s*-?(?:[0-9]*\.?[0-9]+\s*(?:[a-z]{2}|\\[a-z]+)|\\[a-z]+)[^\]\n]{0,40}\])?)"
    r"|(?P<command>\\(?P<called>[A-Za-z]+)\*?)"
    r"|(?P<escaped>\\.)"
    r"|(?P<general>\.{3,})|(?P<power>\*\*)|(?P<back><-{1,2}(?![->]))|(?P<compared>!=|[<>]=(?!=))"
    r"|(?P<relation>:=|=:|~=|={1,3}(?!>)|~)|(?P<arrow>=>|->|-->|==>)|(?P<amp>&)"
    r"|(?P<op>[-+*/^_(){}\[\],;'@|:!.])"
    r"|(?P<other>.)",
    re.DOTALL,
)
_TEX_WORD = regex(r"[A-Za-z]+[0-9]*(?:_[0-9]+)*")
_ARGUMENT = regex(r"\s*(?:\{((?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*)\}|([A-Za-z0-9]))")
_OPTIONAL = regex(r"\s*\[[^\]\n]{0,40}\]")
_AT_ONCE = regex(r"(?:\[[^\]\n]{0,40}\]){1,2}")
_BLANKS = regex(r"\s*")
_DELIMITER = regex(r"\s*(\.|\||\\vert|\\[lr]vert)")
_WORD = regex(r"[A-Za-z][A-Za-z0-9_ -]*")
_COMMAND = regex(r"\\[A-Za-z]+")
_DIGITS = frozenset(".0123456789")
_ONE_LETTER = regex(r"\s*\{\s*(?:[A-Za-z]|\\[A-Za-z]+)\s*\}")
_WORD_IN_FONT = regex(r"\\(?:mathrm|text|operatorname)\s*\{([^{}]*)\}\s*('*)")
_NOTHING = regex(r"\s*\{\s*\}")
_LOW_LINE = regex(r"\\_|\\underline\s*\{\\ \}")
_NUMERAL = regex(r"[+-]?\s*(?:[0-9]+(?:[.,][0-9]+)?|[.,][0-9]+)(?:\s*[eE]\s*[+-]?[0-9]+)?")
_NO_WORDS: frozenset[str] = frozenset()
_NO_MACROS: Mapping[str, Macro] = MappingProxyType({})
MAX_BESIDE = 20
"""So far beside a word a script may stand."""
MAX_CALLS = 1_000
"""At most this many of the author's own commands in one formula."""
MAX_CALL_DEPTH = 3
"""At most this many commands of the author's call each other."""


def tokens(
    text: str, *, tex: bool, start: int = 0, end: int | None = None, known: Container[str] = _NO_WORDS,
    macros: Mapping[str, Macro] = _NO_MACROS,
) -> list[Token]:  # fmt: skip
    """The tokens of ``text[start:end]``; offsets are those of the whole text.

    In TeX (``tex``) letters stand alone, unless together they are a name of ``known``; ``macros`` are put in.
    """
    found = list(_Scan(text, (start, len(text) if end is None else end), known, _Own(macros), tex=tex).run())
    return joined(found, text, tex=tex)


@dataclass(slots=True)
class _Own:
    """The author's commands, how many calls have been met, and how deep they stand in each other's arguments."""

    macros: Mapping[str, Macro]
    calls: int = 0
    depth: int = 0


class _Scan:
    """One walk over a formula."""

    def __init__(self, text: str, span: tuple[int, int], known: Container[str], own: _Own, *, tex: bool) -> None:
        self.text, (self.at, self.end), self.known, self.own, self.tex = text, span, known, own, tex
        self.delimiters: list[str] = []
        self.script = ""

    def run(self) -> Iterator[Token]:
        match_here = _SCANNER.match
        while self.at < self.end:
            found = match_here(self.text, self.at, self.end)
            assert found is not None  # the last alternative takes any character
            kind, start = str(found.lastgroup), self.at
            self.at = found.end()
            if self.script and found.group() == "," and self._goes_on_in_script():
                yield Token("op", ",", start, self.at)
                continue
            if self.script and not (kind == "other" and CHARACTERS.get(found.group(), ("", ""))[0] == self.script):
                self.script = ""
                yield Token("op", "}", start, start)
            if kind == "space":
                continue
            handler = _HANDLERS.get(kind)
            if handler is None:
                yield Token(kind, found.group(), start, self.at)
            else:
                yield from handler(self, found, start)
        if self.script:
            yield Token("op", "}", self.end, self.end)

    def _goes_on_in_script(self) -> bool:
        """Whether a comma between small digits is one of them: ``w₁,₂``."""
        following = self.text[self.at : self.at + 1]
        return self.script == "sub" and CHARACTERS.get(following, ("", ""))[0] == self.script

    def _number(self, found: re.Match[str], start: int) -> Iterator[Token]:
        yield Token("number", plain_number(found.group()), start, self.at)

    def _prose(self, found: re.Match[str], start: int) -> Iterator[Token]:
        """A word with letters that no name has: ``für``."""
        yield Token("text", found.group(), start, self.at)

    def _word(self, found: re.Match[str], start: int) -> Iterator[Token]:
        word = found.group()
        if found["greek"]:
            yield self._greek(word, start)
        elif word.startswith("y\u0302"):
            yield Token("word", "yhat" + word[2:], start, self.at)
        elif word[1:2] == "\u0304":
            yield Token("word", f"{word[0]}bar{word[2:]}", start, self.at)
        elif not self.tex:
            yield Token("word", word, start, self.at)
        else:
            yield self._tex_word(start)

    def _greek(self, word: str, start: int) -> Token:
        """``δ2_1`` is a name, and ``ηdE`` two."""
        spelt = _spelt(word)
        if word[1:2].isalpha() and spelt not in self.known:
            self.at = start + 1
            spelt = _spelt(word[0])
        return Token("word", spelt, start, self.at)

    def _tex_word(self, start: int) -> Token:
        """A name or function of several characters where it is known, otherwise one letter."""
        found = _TEX_WORD.match(self.text, start, self.end)
        assert found is not None
        word = found.group()
        while len(word) > 1 and word not in self.known:
            word = word[: max(word.rfind("_"), 0)] or word[:1]
        self.at = start + len(word)
        return Token("word", word, start, self.at)

    def _env(self, found: re.Match[str], start: int) -> Iterator[Token]:
        kind = "begin" if found.group().startswith("\\begin") else "end"
        if kind == "begin":
            self.at = past_arguments(self.text, self.at, found["name"], self.end)
        yield Token(kind, found["name"], start, self.at)

    def _command(self, found: re.Match[str], start: int) -> Iterator[Token]:
        name = found["called"]
        if name in self.own.macros and (expanded := self._expanded(self.own.macros[name])) is not None:
            self.own.depth += 1
            for token in list(_Scan(expanded, (0, len(expanded)), self.known, self.own, tex=True).run()):
                yield token._replace(start=start, end=self.at)
            self.own.depth -= 1
        elif name in ("left", "right", "mleft", "mright"):
            yield from self._delimiter(name.removeprefix("m"), start)
        elif name in NUMERALS and (numeral := self._numeral()) is not None:
            yield from _Scan(numeral, (0, len(numeral)), _NO_WORDS, _Own(_NO_MACROS), tex=True).moved(start, self.at)
        elif name in ACCENTS:
            yield Token("accent", name.removeprefix("wide").replace("overline", "bar"), start, self.at)
        elif name in WORDS | UPRIGHT and (upright := self._argument()) is not None:
            yield from self._upright(name, upright, start)
        elif name in DROPPED:
            self._skip(_OPTIONAL)
            for _ in range(DROPPED[name]):
                self._skip_argument()
        elif name in ("mathbb", "boldsymbol", "bm", "mathds", "vec") and self._ones():
            yield Token("word", "ones", start, self.at)
        elif name == "underline" and _ONE_LETTER.match(self.text, self.at, self.end):
            return  # a vector
        elif name in COMMANDS:
            kind, text = COMMANDS[name]
            if name in LABELLED:
                self._skip(_AT_ONCE)
            if name in LABELLED and kind != "command":
                self._skip_argument()
            if text or kind != "op":
                yield Token(kind, text, start, self.at)
        elif name in FORGOTTEN:
            self._skip(_AT_ONCE)
        elif name in EYE:
            self._skip(_NOTHING)
        else:
            yield Token("unknown", f"\\{name}", start, self.at)

    def _expanded(self, macro: Macro) -> str | None:
        """The text of a command with the arguments that stand here; goes over them."""
        self.own.calls += 1
        said = macro.called(self.text, self.at, self.end)
        if said is None or self.own.calls > MAX_CALLS or self.own.depth > MAX_CALL_DEPTH:
            return None
        expanded = macro.expanded(said[0])
        if expanded is not None:
            self.at = said[1]
        return expanded

    def _upright(self, name: str, argument: re.Match[str], start: int) -> Iterator[Token]:
        content = argument[1] if argument[1] is not None else argument[2]
        word, primes = _LOW_LINE.sub("_", content.strip()), ""
        if name == "mathop" and (inner := _WORD_IN_FONT.fullmatch(word)):
            word, primes = inner.groups()
        if (name in WORDS and name != "mathrm") or (name.startswith("text") and not _WORD.fullmatch(content)):
            self.at = argument.end()
            yield Token("text", content, start, self.at)
        elif word == "1" and name == "mathbf":
            self.at = argument.end()
            yield Token("word", "ones", start, self.at)
        elif _COMMAND.fullmatch(word):
            self.at = argument.end()
            yield from _Scan(word, (0, len(word)), self.known, _Own(_NO_MACROS), tex=True).moved(start, self.at)
        elif _WORD.fullmatch(word):
            self.at = argument.end()
            prose = word in PROSE and word not in self.known and self._stands_alone(start)
            yield Token("text" if prose else "word", word.replace("-", ""), start, self.at)
            yield from (Token("op", prime, start, self.at) for prime in primes)
        # anything else is read as if the font were not there

    def _stands_alone(self, start: int) -> bool:
        r"""Whether what was read last is no script, and has none: ``w_{\mathrm{next}}`` is a name."""
        before = self.text[max(0, start - MAX_BESIDE) : start].rstrip()
        behind = self.text[self.at : self.at + MAX_BESIDE].lstrip()
        return before[-1:] not in ("_", "^", "{") and behind[:1] not in ("_", "^", "(")

    def _delimiter(self, side: str, start: int) -> Iterator[Token]:
        r"""``\left.`` shows nothing, ``\left|`` and ``\right|`` are bars that know their side."""
        found = _DELIMITER.match(self.text, self.at, self.end)
        sign = "" if found is None else "." if found[1] == "." else "|"
        opened = self.delimiters.pop() if side == "right" and self.delimiters else ""
        if side == "left":
            self.delimiters.append(sign)
        if found is None:
            return
        self.at = found.end()
        if sign == "|":
            text = "|(" if side == "left" else "at" if opened == "." else "|)"
            yield Token("op", text, start, self.at)

    def _escaped(self, found: re.Match[str], start: int) -> Iterator[Token]:
        sign = found.group()[1]
        if sign in "{}":
            yield Token("op", "(" if sign == "{" else ")", start, self.at)
        elif sign == "|":
            yield Token("op", "|", start, self.at)
        elif sign == "_":
            yield Token("op", "_", start, self.at)
        elif sign not in ",;:!> \n\t/()[]":
            yield Token("unknown", found.group(), start, self.at)

    def _power(self, _: re.Match[str], start: int) -> Iterator[Token]:
        yield Token("op", "^", start, self.at)

    def _relation(self, found: re.Match[str], start: int) -> Iterator[Token]:
        sign = found.group()
        if sign == "~" and self.tex:
            return  # a space that does not break
        yield Token("relation", "~" if "~" in sign else ":=" if sign == ":=" else "=", start, self.at)

    def _arrow(self, found: re.Match[str], start: int) -> Iterator[Token]:
        yield Token("arrow", "->" if "-" in found.group() else "", start, self.at)

    def _back(self, _: re.Match[str], start: int) -> Iterator[Token]:
        """``w <- 0.5`` gives w a new value, ``z <-0.5`` compares."""
        number = self.text[self.at : self.at + 1] in _DIGITS
        apart = self.tex or self.text[start - 1 : start].isspace()
        if number and apart:
            self.at = start + 1
            yield Token("compared", "", start, self.at)
        else:
            yield Token("relation", "<-", start, self.at)

    def _other(self, found: re.Match[str], start: int) -> Iterator[Token]:
        character = found.group()
        if character in FRACTIONS:
            above, below = FRACTIONS[character]
            for kind, text in (("op", "("), ("number", above), ("op", "/"), ("number", below), ("op", ")")):
                yield Token(kind, text, start, self.at)
            return
        entry = CHARACTERS.get(character)
        if entry is None:
            entry = _looks_like(character)
        kind, text = entry
        if kind in ("sub", "sup"):
            yield from self._script_sign(kind, text, start)
        elif text or kind != "op":
            yield Token(kind, text, start, self.at)

    def _script_sign(self, kind: str, text: str, start: int) -> Iterator[Token]:
        if not self.script:
            self.script = kind
            yield Token("op", "_" if kind == "sub" else "^", start, start)
            yield Token("op", "{", start, start)
        following = "number" if text.isdigit() else "word" if text.isalpha() else "op"
        if following == "number":  # a run of digits is one number
            while self.at < self.end and CHARACTERS.get(self.text[self.at], ("", ""))[0] == kind:
                more = CHARACTERS[self.text[self.at]][1]
                if not more.isdigit():
                    break
                text, self.at = text + more, self.at + 1
        yield Token(following, text, start, self.at)

    def moved(self, start: int, end: int) -> Iterator[Token]:
        """The tokens of a text that stands in the place of what was written."""
        yield from (token._replace(start=start, end=end) for token in self.run())

    def _numeral(self) -> str | None:
        r"""What ``\num{...}`` holds, with a point for its comma; goes over it."""
        self._skip(_OPTIONAL)
        found = _ARGUMENT.match(self.text, self.at, self.end)
        if found is None or found[1] is None or not _NUMERAL.fullmatch(found[1].strip()):
            return None
        self.at = found.end()
        return found[1].strip().replace(",", ".")

    def _argument(self) -> re.Match[str] | None:
        return _ARGUMENT.match(self.text, self.at, self.end)

    def _ones(self) -> bool:
        found = self._argument()
        if found is None or (found[1] or found[2] or "").strip() != "1":
            return False
        self.at = found.end()
        return True

    def _skip_argument(self) -> None:
        """Goes over what stands in braces, however deep, or over one letter."""
        blanks = _BLANKS.match(self.text, self.at, self.end)
        end = past_group(self.text, blanks.end() if blanks is not None else self.at, self.end)
        if end >= 0:
            self.at = end
        else:
            self._skip(_ARGUMENT)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = pattern.match(self.text, self.at, self.end)
        if found is not None:
            self.at = found.end()


_HANDLERS = {
    "number": _Scan._number,  # noqa: SLF001
    "prose": _Scan._prose,  # noqa: SLF001
    "word": _Scan._word,  # noqa: SLF001
    "env": _Scan._env,  # noqa: SLF001
    "command": _Scan._command,  # noqa: SLF001
    "escaped": _Scan._escaped,  # noqa: SLF001
    "power": _Scan._power,  # noqa: SLF001
    "relation": _Scan._relation,  # noqa: SLF001
    "arrow": _Scan._arrow,  # noqa: SLF001
    "back": _Scan._back,  # noqa: SLF001
    "other": _Scan._other,  # noqa: SLF001
}


def _spelt(word: str) -> str:
    return CHARACTERS[word[0]][1] + word[1:]


def _looks_like(character: str) -> tuple[str, str]:
    """A letter of a mathematical alphabet as the letter it shows; anything else is unknown."""
    plain = unicodedata.normalize("NFKC", character)
    if len(plain) == 1 and plain.isascii() and plain.isalnum():
        return ("number" if plain.isdigit() else "word"), plain
    return CHARACTERS.get(plain, ("unknown", character))
