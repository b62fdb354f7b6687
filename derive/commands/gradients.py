"""``derive gradients``: every value and gradient, in digits that are proven."""

from __future__ import annotations

import argparse
import re

from derive.commands import outputs
from derive.commands.common import a_path, emit, progress, read_spec
from derive.commands.files import check_targets
from derive.errors import quoted, shortened

FORMATS = ("table", "json", "csv")
MAX_DIGITS_ASKED = 1000
"""At most this many digits can be asked for."""


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("spec", metavar="SPEC", type=a_path, help="a spec file (.toml or .json); - is standard input")
    outputs.arguments(parser, FORMATS, "table", "a file; default: standard output")
    parser.add_argument(
        "--digits", metavar="N", default=12, type=_digits,
        help=f"significant digits of each number, 1 to {MAX_DIGITS_ASKED}; default: 12",
    )  # fmt: skip
    parser.add_argument(
        "--all", action="store_true",
        help="every value, delta and activation, of all rows and iterations; without it, of the first (json has all)",
    )  # fmt: skip


def run(args: argparse.Namespace) -> int:
    """Print the gradients, or write them to a file."""
    output = outputs.file_only(args.output)
    check_targets([output], [args.spec])
    args.to = outputs.format_of(args, FORMATS, "table")
    with progress(f"deriving {args.spec}", quiet=args.quiet):
        text = _text(args)
    emit(text, output)
    return 0


def _text(args: argparse.Namespace) -> str:
    from derive import network
    from derive.render import gradients

    built = network.build(read_spec(args.spec, quiet=args.quiet))
    if args.to == "json":
        return gradients.gradients_json(built, args.digits)
    write = gradients.gradients_table if args.to == "table" else gradients.gradients_csv
    return write(built, args.digits, args.all)


def _digits(text: str) -> int:
    if not re.fullmatch(r"[0-9]+", text):
        raise argparse.ArgumentTypeError(f"{quoted(text)} is not a whole number: give one from 1 to {MAX_DIGITS_ASKED}")
    digits = int(text.lstrip("0")[:5] or 0)
    if not 1 <= digits <= MAX_DIGITS_ASKED:
        size = "large" if digits else "small"
        raise argparse.ArgumentTypeError(f"{shortened(text)} is too {size}: give a number from 1 to {MAX_DIGITS_ASKED}")
    return digits
