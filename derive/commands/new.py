"""``derive new``: a commented starter spec that runs as it is."""

from __future__ import annotations

import argparse
import os
import shlex

from derive.commands import outputs
from derive.commands.common import a_path, say
from derive.commands.files import STANDARD, is_stream, write_all
from derive.errors import DeriveError

ENDS_IN_TOML = "choose a name that ends in .toml"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("--graph", action="store_true", help="a computation graph in place of a layered network")
    parser.add_argument(
        "path", metavar="PATH", type=a_path, help="the file to make, as example.toml; - is standard output"
    )


def run(args: argparse.Namespace) -> int:
    """Write the spec, never over a file that is there."""
    from derive import specification

    target = outputs.file_only(args.path)
    _check(target)
    write_all({target: specification.starter(graph=args.graph).encode("utf-8")}, replace=False)
    if target != STANDARD:
        say(f"made {target}; next: derive notes {shlex.quote(target)}", quiet=args.quiet)
    return 0


def _check(target: str) -> None:
    """Refuse a name that is taken, or that says the file is no TOML."""
    ending = outputs.ending_of(target)
    if ending == "json":
        raise DeriveError(target, "a starter spec has comments, and JSON has none", ENDS_IN_TOML)
    if outputs.endings().get(ending, "a spec") != "a spec":
        raise DeriveError(target, f"a spec is TOML, and the name ends in .{ending}", ENDS_IN_TOML)
    if target != STANDARD and os.path.lexists(target) and not is_stream(target):
        raise DeriveError(target, "is there already", "choose another name, or move it away")
