"""``derive new``: a commented starter spec that runs as it is."""

from __future__ import annotations

import argparse
import os
import shlex

from derive.commands.common import say
from derive.errors import DeriveError
from derive.files import STANDARD, write_all


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("path", metavar="PATH", help="the file to make, as example.toml; - is standard output")


def run(args: argparse.Namespace) -> int:
    """Write the spec, never over a file that is there."""
    from derive import spec

    path = args.path
    if path.endswith(".json"):
        raise DeriveError(path, "a starter spec has comments, and JSON has none", "choose a name that ends in .toml")
    if path != STANDARD and os.path.lexists(path) and not os.path.isdir(path):
        raise DeriveError(path, "is there already", "choose another name, or move it away")
    write_all({path: spec.starter().encode("utf-8")}, replace=False)
    if path != STANDARD:
        say(f"made {path}; next: derive notes {shlex.quote(path)}", quiet=args.quiet)
    return 0
