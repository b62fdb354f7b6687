"""Web addresses in an author's words: where one begins and ends, and what a link to it holds."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple
from urllib.parse import quote

from derive.patterns import regex

MAX_ADDRESS = 2000
"""At most this many characters has an address: not every browser takes more."""

_LETTER = r"[\w!#-;=?-~]"
"""A letter or digit of any language, or a sign of ASCII but the quote and the angle brackets."""
_WWW = r"www\.[^\W_][\w-]*(?:\.[^\W_][\w-]*)+"
_ADDRESS = regex(rf"(?<![^\W_])(?:https?://[^\W_]|(?<![./@-]){_WWW}){_LETTER}*", re.IGNORECASE)
_WHOLE = regex(rf"https?://(?:[^\W_]|\[[0-9a-f:]){_LETTER}*", re.IGNORECASE)
_LEGAL = "!#&'()*+,/:;=?@[]~%-._"
"""What stands in a link as it is; the dollar could, but would begin a formula."""
_STRAY = regex(r"%(?![0-9A-Fa-f]{2})")
_SENTENCE = "?!.,:;'"
"""What ends a sentence and not an address."""
_CLOSING = {")": "(", "]": "[", "}": "{"}


class WebAddress(NamedTuple):
    """A web address as the author wrote it, and what a link to it holds: ASCII, percent-encoded, with its scheme."""

    shown: str
    target: str


def addresses(text: str) -> Iterator[str | WebAddress]:
    """The text in runs, with its web addresses apart.

    >>> list(addresses("See (https://x.org/a_(b)), or www.x.org."))[1::2]
    [WebAddress(shown='https://x.org/a_(b)', target='https://x.org/a_(b)'), WebAddress(shown='www.x.org', target='http://www.x.org')]
    """
    if _WHOLE.fullmatch(text) and len(text) <= MAX_ADDRESS:  # nothing around it: all of it is meant
        yield WebAddress(text, target(text))
        return
    end = 0
    for match in _ADDRESS.finditer(text):
        shown = _trimmed(match[0], text[match.start() - 1 : match.start()])
        if len(shown) > MAX_ADDRESS:
            continue
        if match.start() > end:
            yield text[end : match.start()]
        yield WebAddress(shown, target(shown))
        end = match.start() + len(shown)
    if end < len(text):
        yield text[end:]


def _trimmed(found: str, before: str) -> str:
    """An address without what belongs to the sentence around it."""
    unpaired = {close: found.count(close) - found.count(opening) for close, opening in _CLOSING.items()}
    end = len(found)
    while True:
        last = found[end - 1]
        if last in _CLOSING and unpaired[last] > 0:
            unpaired[last] -= 1
        elif last not in _SENTENCE and not (last == before and before in "*_~`|"):
            return found[:end]
        end -= 1


def target(shown: str) -> str:
    r"""What a link to an address holds.

    >>> target("https://x.org/ü{1}?50%"), target("www.x.org")
    ('https://x.org/%C3%BC%7B1%7D?50%25', 'http://www.x.org')
    """
    whole = shown if shown[:4].lower() == "http" else f"http://{shown}"
    return quote(_STRAY.sub("%25", whole), safe=_LEGAL)


def is_web(url: str) -> bool:
    """Whether a text is a web address and nothing else.

    >>> is_web("https://x.org/a b"), is_web("javascript:alert(1)"), is_web("https://x.org/a_b")
    (False, False, True)
    """
    return len(url) <= MAX_ADDRESS and _WHOLE.fullmatch(url) is not None
