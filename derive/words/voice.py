"""From sentences to runs of text and formulas, the same for every format.

The sentences live in ``templates/wording/<language>/<file>.j2``: the sentence ``forward.loss`` is the block
``loss`` of ``forward.j2``. A template folder that is searched first may hold a file with only the blocks that it
wants to say in other words.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache, cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from derive.errors import DeriveError
from derive.patterns import regex
from derive.records import record
from derive.words.escape import tex_reason
from derive.words.number_format import PLAIN, NumberFormat
from derive.words.references import FigureReference
from derive.words.runs import Link, Say, Tex, Text, Words
from derive.words.short_sentences import short_sentence

if TYPE_CHECKING:  # few sentences of a short report need it
    import jinja2

ENGLISH = "en"
"""The language that every sentence is there in."""
KINDS = ("math", "strong", "em", "code")
"""The marked runs; the n-th is fenced by the control characters 2n + 1 and 2n + 2 while Jinja works on it.

A link is fenced by 16 and 17, its parts are separated by 18. No text of a spec holds control characters: the reader
refuses them.
"""

_OPEN = {kind: chr(2 * n + 1) for n, kind in enumerate(KINDS)}
_CLOSE = {kind: chr(2 * n + 2) for n, kind in enumerate(KINDS)}
_KIND = {character: kind for kind, character in _OPEN.items()}
_SPACES = regex(r"[ \t\n]+")
"""The spaces of a template; an author's no-break space stays."""
_FENCES = regex(r"([\x01-\x08]|\x10[^\x11]*\x11)")


@record
class Span:
    """A run of a sentence: ``text``, ``math``, ``code``, ``link``, or ``strong`` and ``em`` with spans in them.

    ``url`` is where a link leads, and ``bare`` whether its text is that address.
    """

    kind: str
    content: str | tuple[Span, ...]
    url: str = ""
    bare: bool = False


def _fence(kind: str) -> Callable[[object], str]:
    before, after = _OPEN[kind], _CLOSE[kind]
    return lambda content: f"{before}{content}{after}"


FENCE_OF = {kind: _fence(kind) for kind in KINDS}
"""What is put around a marked run, by its kind."""
_math = FENCE_OF["math"]


def spans_of(fenced: str) -> tuple[Span, ...]:
    """The spans of a rendered sentence."""
    stack: list[list[Span]] = [[]]
    kinds: list[str] = []
    for piece in _FENCES.split(fenced):
        if not piece:
            continue
        if piece[0] == "\x10":
            text, url, bare = piece[1:-1].split("\x12")
            stack[-1].append(Span("link", text, url, bool(bare)))
        elif piece in _KIND:
            kinds.append(_KIND[piece])
            stack.append([])
        elif len(piece) == 1 and piece < "\x09":
            kind, inside = kinds.pop(), stack.pop()
            leaf = kind in ("math", "code")
            stack[-1].append(Span(kind, "".join(str(s.content) for s in inside) if leaf else tuple(inside)))
        else:
            stack[-1].append(Span("text", piece))
    return tuple(stack[0])


def languages(folders: Sequence[Path]) -> tuple[str, ...]:
    """The languages that there is a wording of, in the order of the alphabet; a folder without sentences is none."""
    wordings = (folder / "wording" for folder in folders)
    found = (path for wording in wordings if wording.is_dir() for path in wording.iterdir())
    return tuple(sorted({path.name for path in found if next(path.glob("*.j2"), None) is not None}))


class Voice:
    """The wording of one language, found in the given template folders (the first one that has it wins)."""

    def __init__(self, folders: Sequence[Path], language: str = ENGLISH) -> None:
        self._folders = tuple(folders)
        self._language = language
        filters: dict[str, Callable[..., object]] = {**FENCE_OF, "series": self._series}
        self._searched = tuple(_Folder(folder, self._shown, filters) for folder in self._folders)
        self._sentences: dict[str, Callable[[dict[str, Any]], str]] = {}
        self._files: set[str] = set()

    @cached_property
    def numbers(self) -> NumberFormat:
        """How the language writes numbers."""
        self.__dict__["numbers"] = PLAIN  # while they are found, so that their own sentences may be of any kind
        parts = (self._sentence(f"numbers.{part}")({}) for part in ("decimal_mark", "group", "minus", "power"))
        return NumberFormat(*parts)

    def spans(self, text: Text) -> tuple[Span, ...]:
        """The runs of a sentence, or of the author's own words, their numbers as the language writes them."""
        runs = spans_of(self._fenced(text)) if isinstance(text, Say) else tuple(map(_span, text.parts))
        return runs if self.numbers == PLAIN else tuple(map(self._in_numbers, runs))

    def formula(self, tex: str) -> str:
        """A formula with its numbers as the language writes them."""
        return self.numbers.tex(tex)

    def plain(self, text: Text) -> str:
        """The words of a sentence, without marks."""
        return "".join(_words_of(self.spans(text)))

    def word(self, key: str) -> str:
        r"""A sentence for ``\text`` in a formula: without marks, and without what TeX would take for its own."""
        return tex_reason(self.plain(Say(key)))

    def _in_numbers(self, span: Span) -> Span:
        if isinstance(span.content, tuple):
            return replace(span, content=tuple(map(self._in_numbers, span.content)))
        return replace(span, content=self.formula(span.content)) if span.kind == "math" else span

    def _fenced(self, sentence: Say) -> str:
        """A sentence with control characters around what is no plain text."""
        facts = {name: self._printed(fact) for name, fact in sentence.facts.items()}
        return _SPACES.sub(" ", self._sentence(sentence.key)(facts)).strip(" ")

    def _printed(self, fact: object) -> object:
        """What the wording prints for a fact: formulas are fenced, sentences said."""
        if isinstance(fact, Tex):
            return _math(fact)
        if isinstance(fact, FigureReference):
            return str(fact)
        if isinstance(fact, Link):
            return f"\x10{fact.text}\x12{fact.url}\x12{fact.bare or ''}\x11"
        if isinstance(fact, Words):
            return "".join(str(self._printed(part)) for part in fact.parts)
        return self._fenced(fact) if isinstance(fact, Say) else fact

    def _shown(self, value: object) -> object:
        """What stands in a sentence for the value of an expression of the wording."""
        printed = self._printed(value)
        if self.numbers == PLAIN or isinstance(value, bool) or not isinstance(printed, str | int):
            return printed
        return self.numbers.text(str(printed))

    def _series(self, items: Iterable[object], last: str, between: str = ", ") -> str:
        """``a, b and c``: formulas stay formulas."""
        words = [str(self._printed(item)) for item in items]
        return words[0] if len(words) == 1 else between.join(words[:-1]) + last + words[-1]

    def _sentence(self, key: str) -> Callable[[dict[str, Any]], str]:
        file = key.partition(".")[0]
        if file not in self._files:
            self._load(file)
        try:
            return self._sentences[key]
        except KeyError:
            folders = ", ".join(str(folder / "wording" / self._language) for folder in self._folders)
            raise DeriveError(
                f"{file}.j2",
                f"no sentence {key!r} in {folders}",
                f"copy its block from {file}.j2 of '{ENGLISH}', and write it in this language",
            ) from None

    def _load(self, file: str) -> None:
        for searched in self._searched:
            name = f"wording/{self._language}/{file}.j2"
            for key, sentence in _blocks(searched, name, self._short):
                self._sentences.setdefault(f"{file}.{key}", sentence)
        self._files.add(file)

    def _short(self, text: str) -> ShortSay | None:
        """What says a sentence that needs no Jinja; None for any other."""
        found = short_sentence(text, FENCE_OF)
        return None if found is None else partial(found.say, shown=self._shown, series=self._series)


def _words_of(spans: Iterable[Span]) -> Iterator[str]:
    for span in spans:
        if isinstance(span.content, tuple):
            yield from _words_of(span.content)
        else:
            yield span.content


def _span(part: str | Tex | Link) -> Span:
    if isinstance(part, Link):
        return Span("link", part.text, part.url, part.bare)
    return Span("math" if isinstance(part, Tex) else "text", str(part))


class _Folder:
    """A folder of templates, with Jinja for the sentences that need it."""

    def __init__(
        self, path: Path, shown: Callable[[object], object], filters: Mapping[str, Callable[..., object]]
    ) -> None:
        self._path = path
        self._shown = shown
        self._filters = filters

    def source(self, name: str) -> tuple[str, str]:
        """The text of a template and its path; no text where there is none."""
        path = self._path / name
        return (path.read_text(encoding="utf-8") if path.is_file() else ""), str(path)

    @cached_property
    def environment(self) -> jinja2.Environment:
        """What compiles its sentences."""
        from derive.words.templating import environment

        made = environment((self._path,), finalize=self._shown, trim=False)
        made.filters.update(self._filters)
        return made


Sentence = Callable[[dict[str, Any]], str]
ShortSay = Callable[[dict[str, Any]], str | None]
_BLOCK = regex(r"{% block (\w+) %}((?:(?!{% (?:end)?block).)*){% endblock %}\s*", re.DOTALL)
_ONLY_BLOCKS = regex(rf"(?:{{#(?:(?!#}}).)*#}}\s*|{_BLOCK.pattern})*", re.DOTALL)


def _blocks(searched: _Folder, name: str, short: Callable[[str], ShortSay | None]) -> Iterator[tuple[str, Sentence]]:
    """The sentences of one wording file, each compiled when it is first said; none where there is no such file.

    ``short`` gives what says a sentence that need not be compiled.
    """
    text, path = searched.source(name)
    if not text:
        return
    if not _ONLY_BLOCKS.fullmatch(text):
        yield from _compiled(searched, name)
        return
    for block in _BLOCK.finditer(text):
        if "{" not in block[2]:  # nothing in it to compile
            yield block[1], partial(_plain, block[2])
            continue
        above = "\n" * text.count("\n", 0, block.start())  # so that a mistake has its line

        @cache
        def parts(text: str = above + block[0].rstrip()) -> Mapping[str, Sentence]:
            from derive.words.templating import compiled

            return dict(_sentences(compiled(searched.environment, name, text, path), name))

        @cache
        def simple(text: str = block[2]) -> ShortSay | None:
            return short(text)

        def sentence(facts: dict[str, Any], parts: Any = parts, key: str = block[1], simple: Any = simple) -> str:
            say = simple()
            spoken: str | None = say(facts) if say is not None else None
            return parts()[key](facts) if spoken is None else spoken

        yield block[1], sentence


def _plain(text: str, facts: Mapping[str, Any]) -> str:
    """A sentence that says the same whatever the facts."""
    return text


def _compiled(searched: _Folder, name: str) -> Iterator[tuple[str, Sentence]]:
    """The sentences of a wording file that holds more than sentences."""
    from derive.words.templating import find

    template = find(searched.environment, name)
    if template is not None:
        yield from _sentences(template, name)


def _sentences(template: jinja2.Template, name: str) -> Iterator[tuple[str, Sentence]]:
    from derive.words.templating import said

    for key, block in template.blocks.items():

        def sentence(facts: dict[str, Any], key: str = key, block: Any = block) -> str:
            return said(f"{name}: the sentence {key!r}", block, template.new_context(facts))

        yield key, sentence
