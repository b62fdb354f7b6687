"""Bytes of a spec file → plain dicts and lists, with every number exactly as written."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path
from typing import Any, Literal, TypeAlias

import tomli

from derive.errors import DeriveError, printable, shortened

FileFormat: TypeAlias = Literal["toml", "json"]

MAX_FILE = 64 * 1024 * 1024
"""At most this many bytes."""
MAX_TABLES = 2_000
"""At most this many tables in a long file."""


class Written(str):
    """A number that is not a whole number, as it stands in the file."""

    __slots__ = ()


def format_of(path: str) -> FileFormat:
    """``json`` for a path that ends in ``.json``, otherwise ``toml``."""
    return "json" if path.lower().endswith(".json") else "toml"


def read_text(path: Path, shown: str) -> str:
    """The text of a file, or a :class:`DeriveError` that says why it cannot be read."""
    try:
        with path.open("rb") as file:
            data = file.read(MAX_FILE + 1)
    except FileNotFoundError:
        raise DeriveError(shown, "there is no such file", _neighbours(path)) from None
    except IsADirectoryError:
        raise DeriveError(shown, "this is a folder, not a spec file", "name a .toml or .json file in it") from None
    except OSError as error:
        raise DeriveError(shown, f"cannot be read: {_lower(error.strerror or str(error))}", "name a file") from None
    except ValueError:  # a NUL in the path
        raise DeriveError(shown, "this is not a file name: it holds the character U+0000", "name a file") from None
    return decode(data, shown)


def decode(data: bytes, shown: str) -> str:
    """UTF-8 (a byte order mark is allowed) of bounded size → text."""
    if len(data) > MAX_FILE:
        raise DeriveError(shown, "the file is larger than 64 MiB", "a spec is at most 64 MiB")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise DeriveError(
            shown, f"line {line}: this is not UTF-8 text (byte 0x{data[error.start]:02x})", "save the file as UTF-8"
        ) from None


def parse(text: str, shown: str, format: FileFormat) -> dict[str, Any]:
    """TOML or JSON text → a dict; syntax errors, duplicate keys and deep nesting are :class:`DeriveError`."""
    try:
        return _parse_json(text, shown) if format == "json" else _parse_toml(text, shown)
    except RecursionError:
        raise DeriveError(shown, "brackets are nested too deeply", "a spec needs fewer than ten levels") from None


# What makes the reading of a file slow or large is found before it is read. The patterns are compiled when a file
# is long enough to need them.
_KEY = r"""(?:(?<![\w-])[A-Za-z0-9_-]++|"(?:[^"\\\n]|\\.)*+"|'[^'\n]*+')"""
_LONG_KEY = rf"(?:{_KEY}[ \t]*+\.[ \t]*+){{40}}"  # tomli takes quadratic time and memory for it
_LONG_LIST = r"\[[ \t\r\n]*+(?:[0-9.eE_+-]++[ \t\r\n]*+,[ \t\r\n]*+){1000001}"
_HEADER = r"(?m)^[ \t]*+\[[ \t]*+[A-Za-z0-9\"'_-][^\],\n]*+\][ \t]*+(?:#.*+)?$"
_LONG_NUMBER = r"(?<![0-9_])[0-9_]{1001}"


def _parse_toml(text: str, shown: str) -> dict[str, Any]:
    if text.count(".") > 400 and (found := re.search(_LONG_KEY, text)):
        raise DeriveError(f"{shown}: line {_line(text, found.start())}", "a dotted key of more than 40 parts")
    _check_lists(text, shown)
    if len(text) > 100_000 and sum(1 for _ in re.finditer(_HEADER, text)) > MAX_TABLES:
        raise DeriveError(shown, f"more than {MAX_TABLES:,} tables", "only [[data]] and [[network.layers]] repeat")
    try:
        return tomli.loads(text, parse_float=Written)
    except tomli.TOMLDecodeError as error:
        raise DeriveError(shown, f"this is not TOML: {_lower(str(error))}", _toml_hint(str(error))) from None
    except ValueError:
        found = re.search(_LONG_NUMBER, text)
        where = f"{shown}: line {_line(text, found.start())}" if found else shown
        raise DeriveError(where, "a number that cannot be read", "a number has at most 1,000 digits") from None


def _check_lists(text: str, shown: str) -> None:
    """No list of a spec is longer than this; saying so before reading keeps a huge file quick to refuse."""
    if len(text) > 2_000_000 and (found := re.search(_LONG_LIST, text)):
        problem = "a list of more than 1,000,000 numbers"
        raise DeriveError(f"{shown}: line {_line(text, found.start())}", problem, "no list of a spec is so long")


def _toml_hint(problem: str) -> str:
    return next((hint for mark, hint in _TOML_HINTS.items() if mark in problem), "")


_TOML_HINTS = {
    "Cannot overwrite a value": "each key may stand once in its table",
    "Cannot declare": "each table may stand once; [[data]] and [[network.layers]] may be repeated",
    "Invalid value": "text needs quotes, lists need [ ], truth values are true and false",
    "Unclosed array": "a '[' has no ']'",
    "Illegal character": "text in quotes may not hold line breaks or control characters",
}


def _parse_json(text: str, shown: str) -> dict[str, Any]:
    import json

    def table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        result = dict(pairs)
        if len(result) < len(pairs):
            twice = next(key for key, count in Counter(key for key, _ in pairs).items() if count > 1)
            raise DeriveError(shown, f'the key "{printable(shortened(twice))}" stands twice in one table')
        return result

    def whole(digits: str) -> int | Written:
        return int(digits) if len(digits) <= 1001 else Written(digits)

    _check_lists(text, shown)
    try:
        value = json.loads(text, object_pairs_hook=table, parse_float=Written, parse_int=whole, parse_constant=Written)
    except json.JSONDecodeError as error:
        place = f"line {error.lineno}, column {error.colno}"
        raise DeriveError(shown, f"this is not JSON: {_lower(error.msg)} (at {place})") from None
    if not isinstance(value, dict):
        raise DeriveError(shown, "a spec is a JSON object", 'begin with {"title": …')
    return value


def _line(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def _lower(message: str) -> str:
    return message[:1].lower() + message[1:]


def _neighbours(path: Path) -> str:
    """The specs that are there, when a file is not."""
    try:
        names = sorted(p.name for p in path.parent.glob("*.toml"))[:8]
    except OSError:
        names = []
    return f"specs in this folder: {', '.join(names)}" if names else "write one with: derive new " + path.name
