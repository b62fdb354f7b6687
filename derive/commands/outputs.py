"""Where a result goes, and in which format: by ``--to``, or by the ending of ``-o``."""

from __future__ import annotations

import argparse
import os
from collections.abc import Collection, Mapping
from types import MappingProxyType

from derive.commands.common import a_path, one_of
from derive.commands.files import STANDARD
from derive.errors import DeriveError, quoted

ENDINGS: Mapping[str, str] = MappingProxyType(
    {
        ending: name
        for name, endings in {
            "markdown": "md markdown mdown mkd mdwn qmd rmd",
            "latex": "tex latex ltx",
            "json": "json",
            "csv": "csv",
            "html": "html htm xhtml",
            "notebook": "ipynb",
            "pdf": "pdf",
            "typst": "typ typst",
            "docx": "docx",
            # what none of our commands writes
            "Word": "doc rtf",
            "OpenDocument": "odt ods odp",
            "EPUB": "epub",
            "slides": "pptx ppt",
            "a spreadsheet": "xlsx xls",
            "tab-separated values": "tsv",
            "XML": "xml",
            "YAML": "yaml yml",
            "reStructuredText": "rst rest",
            "Org": "org",
            "AsciiDoc": "adoc asciidoc",
            "a drawing": "svg png jpg jpeg gif webp tif tiff bmp eps",
            "PostScript": "ps dvi",
            "a spec": "toml",
            "a program": "py ipy m jl r",
            "an archive": "zip tar gz tgz bz2 xz",
        }.items()
        for ending in endings.split()
    }
)
"""What the ending of a file's name says. An ending that is not here (``.txt``, ``.out``, ``.v2``) says nothing."""


def arguments(
    parser: argparse.ArgumentParser, formats: Collection[str], default: str, place: str, about: str = ""
) -> None:
    """Declare ``--to`` and ``-o``; ``place`` says what ``-o`` may name, ``about`` more of the formats."""
    parser.add_argument(
        "--to", metavar="FORMAT", type=one_of("format", lambda: formats),
        help=f"{', '.join(formats)}; default: as the ending of -o says, else {default}{about}",
    )  # fmt: skip
    parser.add_argument("-o", "--output", metavar="PATH", type=a_path, help=place)


def format_of(args: argparse.Namespace, formats: Collection[str], default: str) -> str:
    """The format that ``--to`` and the ending of ``-o`` agree on.

    Raises:
        DeriveError: where they disagree, or where the ending is of a format that is not among ``formats``.
    """
    ending = ending_of(args.output) if args.output is not None else ""
    meant = ENDINGS.get(ending)
    if meant is None or args.to == meant:
        return args.to or default
    if args.to is not None:
        raise DeriveError(
            args.output,
            f"the name ends in .{ending}, and --to says {args.to}",
            f"leave out --to, or {_rename(args.to)}",
        )
    if meant not in formats:
        problem = f"derive {args.command} does not write {meant} (the ending .{ending})"
        raise DeriveError(args.output, problem, f"it writes {', '.join(map(_with_ending, formats))}")
    return meant


def ending_of(output: str) -> str:
    """The ending of a file's name in small letters, without its dot; nothing for a folder or standard output.

    >>> ending_of("a/notes.TeX"), ending_of("data.tar.json"), ending_of("out/"), ending_of("notes"), ending_of("-")
    ('tex', 'json', '', '', '')
    """
    if output == STANDARD or is_folder(output):
        return ""
    _, dot, ending = os.path.basename(output).rpartition(".")
    return ending.lower() if dot else ""


def is_folder(output: str) -> bool:
    """Whether a name is one of a folder: it ends in a slash, or there is one."""
    return output.endswith(("/", os.sep)) or os.path.isdir(output)


def file_only(output: str | None) -> str:
    """The file, or standard output where none is named, of a command that writes one file.

    Raises:
        DeriveError: where a folder is named.
    """
    if output is not None and is_folder(output):
        raise DeriveError(output, "is a folder", f"name a file in it, as {quoted(os.path.join(output, 'FILE'))}")
    return output or STANDARD


def _rename(format: str) -> str:
    endings = [f".{ending}" for ending, its in ENDINGS.items() if its == format]
    return f"choose a name that ends in {endings[0]}" if endings else "choose a name without this ending"


def _with_ending(format: str) -> str:
    endings = [f".{ending}" for ending, its in ENDINGS.items() if its == format]
    return f"{format} ({endings[0]})" if endings else format
