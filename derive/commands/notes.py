"""``derive notes``: a worked derivation of each spec as a document."""

from __future__ import annotations

import argparse
import os
import re
from collections.abc import Mapping
from typing import TYPE_CHECKING

from derive.commands import outputs
from derive.commands.common import a_path, names, one_of, progress, read_spec, spec_name
from derive.commands.files import STANDARD, check_targets, is_stream, write_all
from derive.errors import DeriveError, quoted

if TYPE_CHECKING:
    from derive.render.document import Document, Press

FOLDER = "output"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    from derive.lesson.styles import STYLES, default_style
    from derive.render.formats import FORMATS

    parser.add_argument(
        "specs", nargs="+", metavar="SPEC", type=a_path, help="a spec file (.toml or .json); - is standard input"
    )
    outputs.arguments(parser, FORMATS, "markdown", "a file, a folder, or - for standard output")
    parser.add_argument(
        "--style", metavar="STYLE", type=one_of("style", lambda: STYLES),
        help=f"how the backward pass reads: {', '.join(STYLES)}; default: {default_style('graph')} for a graph, "
        f"{default_style('layers')} for layers",
    )  # fmt: skip
    parser.add_argument(
        "--show",
        metavar="NAMES",
        type=names,
        help="the parameters to work in full, as w1_1_1,b1_1; or all (default: the largest gradients of each layer)",
    )
    parser.add_argument(
        "--fragment",
        action="store_true",
        help="LaTeX without its preamble, for \\input; its first line names the packages it needs",
    )
    parser.add_argument(
        "--width", metavar="LENGTH", type=page_width,
        help="break lines for a text of this width, as 110mm (also cm, in, pt; at 11 pt); default: that of an A4 page",
    )  # fmt: skip
    parser.add_argument(
        "--figures", metavar="WHICH", type=one_of("choice of figures", lambda: ("none",)),
        help="none: leave the figures out; Markdown has them as SVG files beside the document",
    )  # fmt: skip
    parser.add_argument(
        "--check", metavar="WITH", type=one_of("check", _checks),
        help="sympy: SymPy works every line of the forward and the backward pass as well, before anything is written",
    )  # fmt: skip
    parser.add_argument("--questions", choices=("none",), help="none: without questions and their answers")
    parser.add_argument(
        "--card", action="store_true", help="one page: the figure, the formulas with their numbers, one table"
    )
    parser.add_argument(
        "--language", metavar="TAG", type=a_language, help="of the words, as en; default: what the spec says"
    )
    parser.add_argument("--templates", metavar="DIR", type=a_path, help="templates that are searched before ours")


def a_language(text: str) -> str:
    """The type of an argument that is the tag of a language."""
    from derive.specification.fields import LANGUAGE

    if re.fullmatch(LANGUAGE, text, re.ASCII):
        return text
    raise argparse.ArgumentTypeError(f"{quoted(text)} is no language: write its tag, as en, de or pt-BR")


def page_width(text: str) -> str:
    """The type of an argument that is the width of a page."""
    from derive.lesson.page_width import PageWidth

    try:
        return PageWidth.of(text).length
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def run(args: argparse.Namespace) -> int:
    """Write the documents and the files beside them, all or none, and print where the documents are."""
    from derive.commands.kept_code import kept_code
    from derive.render.formats import FORMATS

    inputs = [*args.specs, *_files(args.templates)]
    if args.output is not None and not outputs.is_folder(args.output):
        check_targets([args.output], inputs)
    args.to = outputs.format_of(args, FORMATS, "markdown")
    _check(args)
    targets = _targets(args)
    check_targets(targets.values(), inputs)
    press, contents, beside = _press(args, targets), dict[str, bytes](), dict[str, bytes]()
    with kept_code():
        for spec, target in targets.items():
            with progress(f"deriving {spec}", quiet=args.quiet):
                written = _document(spec, target, press, args)
            contents[target] = written.text.encode("utf-8")
            outputs.put_beside(target, written.files, beside)
    check_targets([*contents, *beside], inputs)
    folder = _folder(args)
    said = "".join(f"{target}\n" for target in contents) if folder is not None and not args.quiet else ""
    write_all({**contents, **beside}, folder=folder, say=said.encode("utf-8", "surrogateescape"))
    return 0


def _check(args: argparse.Namespace) -> None:
    for option in ("fragment", "width"):
        if getattr(args, option):
            outputs.check_option(option, args.to)
    if args.templates is not None and not os.path.isdir(args.templates):
        raise DeriveError(args.templates, "is no folder of templates", "--templates wants a folder")
    for spec in args.specs:
        if args.specs.count(spec) > 1:
            raise DeriveError(spec, "is named twice", "name each spec once")


def _press(args: argparse.Namespace, targets: Mapping[str, str]) -> Press:
    """What makes all documents of one command, so that specs of one structure share their text."""
    from derive.render.document import Press

    no_place = any(map(is_stream, targets.values()))
    return Press(
        to=args.to,
        style=args.style,
        show=args.show,
        templates=args.templates,
        fragment=args.fragment,
        width=args.width,
        check=args.check,
        language=args.language,
        figures=args.figures or ("words" if no_place else "drawn"),
        questions=args.questions,
        card=args.card,
    )


def _document(path: str, target: str, press: Press, args: argparse.Namespace) -> Document:
    from derive import network

    built = network.build(read_spec(path, quiet=args.quiet))
    return press.document(built, outputs.stem(target, args.to))


def _checks() -> tuple[str, ...]:
    from derive.render.document import CHECKS

    return CHECKS


def _folder(args: argparse.Namespace) -> str | None:
    """The folder the documents go to, ``None`` where a file or standard output is named."""
    if args.output is None:
        return None if args.specs == [STANDARD] else FOLDER
    return str(args.output) if outputs.is_folder(args.output) else None


def _targets(args: argparse.Namespace) -> dict[str, str]:
    """The file of each spec's document."""
    from derive.render.formats import FORMATS

    folder = _folder(args)
    if folder is None and len(args.specs) > 1:
        raise DeriveError(
            args.output,
            "is one place for several documents",
            "give a folder: an existing one, or ending in /",
        )
    if folder is None:
        return {args.specs[0]: args.output or STANDARD}
    ending = FORMATS[args.to].ending
    named = {spec: "stdin" if spec == STANDARD else spec_name(spec) for spec in args.specs}
    return {spec: os.path.join(folder, name + ending) for spec, name in named.items()}


def _files(folder: str | None) -> list[str]:
    """All files in the folder of templates: they are inputs, too."""
    if folder is None:
        return []
    return [os.path.join(place, file) for place, _, files in os.walk(folder) for file in files]
