"""``derive gradients``: every value and gradient, in digits that are proven."""

from __future__ import annotations

import argparse
import re

from derive.commands.common import emit, one_of, progress, read_spec
from derive.files import STANDARD, check_targets

FORMATS = ("table", "json", "csv")
MOST_DIGITS = 1000


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("spec", metavar="SPEC", help="a spec file (.toml or .json); - is standard input")
    parser.add_argument(
        "--to", metavar="FORMAT", default="table", type=one_of("format", lambda: FORMATS),
        help=f"{', '.join(FORMATS)}; default: table",
    )  # fmt: skip
    parser.add_argument(
        "--digits", metavar="N", default=12, type=_digits,
        help=f"significant digits of each number, 1 to {MOST_DIGITS}; default: 12",
    )  # fmt: skip
    parser.add_argument("-o", "--output", metavar="PATH", help="a file; default: standard output")


def run(args: argparse.Namespace) -> int:
    """Print the gradients, or write them to a file."""
    output = args.output or STANDARD
    check_targets([output], [args.spec])
    with progress(f"deriving {args.spec}", quiet=args.quiet):
        text = _text(args)
    emit(text, output)
    return 0


def _text(args: argparse.Namespace) -> str:
    from derive import network, report

    writers = {"table": report.gradients_table, "json": report.gradients_json, "csv": report.gradients_csv}
    text: str = writers[args.to](network.build(read_spec(args.spec)), args.digits)
    return text


def _digits(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,4}", text) or not 1 <= int(text) <= MOST_DIGITS:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to {MOST_DIGITS}")
    return int(text)
