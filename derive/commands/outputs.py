"""Where a result goes, and in which format: by ``--to``, or by the ending of ``-o``."""

from __future__ import annotations

import argparse
import os
from collections.abc import Collection, Mapping
from types import MappingProxyType

from derive.commands.common import a_path, one_of
from derive.commands.files import STANDARD, is_stream
from derive.errors import DeriveError, quoted

_OTHERS: Mapping[str, str] = MappingProxyType(
    {
        "csv": "csv",
        # what none of our commands writes
        "html": "html htm xhtml",
        "notebook": "ipynb",
        "pdf": "pdf",
        "typst": "typ typst",
        "docx": "docx",
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
    }
)
"""The endings of files that are no documents of ours."""


def endings() -> Mapping[str, str]:
    """What the ending of a file's name says. One that is not here (``.txt``, ``.out``, ``.v2``) says nothing."""
    from derive.render.formats import FORMATS

    others = {ending: name for name, listed in _OTHERS.items() for ending in listed.split()}
    return {**others, **{ending: form.name for form in FORMATS.values() for ending in form.endings}}


def usual_ending(format: str) -> str:
    """The usual ending of a format's files, with the dot; nothing where it has none."""
    return next((f".{ending}" for ending, its in endings().items() if its == format), "")


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
    meant = endings().get(ending) if ending else None
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


def check_option(option: str, format: str) -> None:
    """Refuse an option of documents that the format does not take.

    Raises:
        DeriveError: with the formats that take it.
    """
    from derive.render.formats import FORMATS

    if option in FORMATS[format].options:
        return
    taking = [form for form in FORMATS.values() if option in form.options]
    raise DeriveError(
        "derive notes",
        f"--{option} is for {' and '.join(form.title for form in taking)} only",
        f"add --to {' or '.join(form.name for form in taking)}, or leave --{option} out",
    )


def stem(target: str, format: str) -> str:
    """The name of a document without folder and ending: what the names of its files begin with."""
    from derive.render.formats import FORMATS

    name = os.path.basename(target)
    known = sorted((f".{ending}" for ending in FORMATS[format].endings), key=len, reverse=True)
    ending = next((ending for ending in known if name.lower().endswith(ending) and len(name) > len(ending)), "")
    return name[: len(name) - len(ending)] if ending else os.path.splitext(name)[0]


def put_beside(target: str, files: Mapping[str, bytes], known: dict[str, bytes]) -> None:
    """Add the files of a document, by their paths in its own folder, to those known; documents may share a file.

    Raises:
        DeriveError: where the document goes to standard output, or to a device or pipe, or where two documents have
            different files of one name.
    """
    if files and is_stream(target):
        raise DeriveError(
            "standard output" if target == STANDARD else target,
            f"the document has files beside it ({', '.join(sorted(files))}), and there is no place for them here",
            "name a file or a folder with -o",
        )
    for name in files:
        if not name or name != os.path.basename(name) or name in (os.curdir, os.pardir):
            raise ValueError(f"{name!r} does not stand beside the document")
        path = os.path.join(os.path.dirname(target), name)
        if known.setdefault(path, files[name]) != files[name]:
            raise DeriveError(path, "would be written twice", "write each spec into a folder of its own")


def _rename(format: str) -> str:
    ending = usual_ending(format)
    return f"choose a name that ends in {ending}" if ending else "choose a name without this ending"


def _with_ending(format: str) -> str:
    ending = usual_ending(format)
    return f"{format} ({ending})" if ending else format
