"""``derive schema``: the JSON Schema of the spec, for editors."""

from __future__ import annotations

import argparse
import json

from derive.commands.common import emit


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command: it has none."""


def run(args: argparse.Namespace) -> int:
    """Print the schema."""
    from derive import specification

    emit(json.dumps(specification.schema(), indent=2, ensure_ascii=False) + "\n", None)
    return 0
