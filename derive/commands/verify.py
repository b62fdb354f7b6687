"""``derive verify``: which line of a derivation is the first wrong one, why, and what still follows."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING

from derive.commands import outputs
from derive.commands.claims import read_claims
from derive.commands.common import STANDARD_NAME, a_path, emit, progress, read_spec, say
from derive.commands.files import STANDARD, check_targets, write_all
from derive.errors import DeriveError, quoted

if TYPE_CHECKING:
    from derive.network import Network
    from derive.verification.judgement import Verification
    from derive.verification.marks import Marked, Scheme
    from derive.verification.reading.own_names import OwnNames
    from derive.verification.reports import Report

SHEETS = ("markdown", "latex")
"""The formats of feedback sheets, a file for each student."""
FORMATS = ("text", "markdown", "json", "csv", "latex")
ALL_HOLD, SOME_DO_NOT = 0, 1


def arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the options of the command."""
    parser.add_argument("spec", metavar="SPEC", type=a_path, help="a spec file (.toml or .json); - is standard input")
    parser.add_argument(
        "claims", nargs="+", metavar="CLAIMS", type=a_path,
        help="derivations: Markdown (.md), LaTeX (.tex), notebooks (.ipynb), Word (.docx, with pandoc), anything "
        "else is plain text; - is standard input",
    )  # fmt: skip
    outputs.arguments(
        parser, FORMATS, "text", "a file, or a folder for a sheet each and a summary; default: standard output",
        "; latex is the derivation with the verdicts in its margin",
    )  # fmt: skip
    parser.add_argument("--strict", action="store_true", help="what misses the truth by rounding does not hold")
    parser.add_argument(
        "--decimal", choices=("auto", "comma", "point"), default="auto",
        help="how the claims write one half: 0,5 with comma, 0.5 with point; default: found from each file",
    )  # fmt: skip
    parser.add_argument(
        "--names", metavar="FILE", type=a_path, help="names that the claims use, a line each: let o_1 = yhat"
    )
    parser.add_argument("--hints", action="store_true", help="hints in place of the expected values")
    parser.add_argument(
        "--jobs", metavar="N", type=_jobs, default=1, help="judge so many files at once, each in a process; default: 1"
    )
    parser.add_argument(
        "--marks", metavar="FILE", type=a_path, help="points for quantities, in place of the spec's [marks]"
    )


def _jobs(text: str) -> int:
    """The type of an argument that is a number of processes."""
    from derive.commands.judged import MAX_JOBS

    if text.isascii() and text.isdigit() and len(text) <= len(str(MAX_JOBS)) and 1 <= int(text) <= MAX_JOBS:
        return int(text)
    raise argparse.ArgumentTypeError(f"{quoted(text)} is no number of processes: write one from 1 to {MAX_JOBS}")


def run(args: argparse.Namespace) -> int:
    """Judge every claim, report, and say by the status whether all hold."""
    folder = args.output if args.output is not None and outputs.is_folder(args.output) else None
    output = STANDARD if folder is not None else outputs.file_only(args.output)
    _check(args, output, folder)
    with progress(f"reading {args.spec}", quiet=args.quiet):
        network = _network(args.spec, quiet=args.quiet)
        scheme = _scheme(network, args.marks)
        own = _own_names(network, args.names)
    verifications = _verifications(network, args, own, marks=scheme is not None)
    _some_readable(verifications)
    report = _report(args, network, verifications, scheme, output)
    if folder is None:
        emit(_text(report, args.to), args.output)
    else:
        _write_sheets(report, args, folder)
    _say_unread(report, args)
    return ALL_HOLD if all(verification.holds for verification in verifications) else SOME_DO_NOT


def _write_sheets(report: Report, args: argparse.Namespace, folder: str) -> None:
    """Write a sheet for each student and the summary of the class, all or none, and print where they are."""
    from derive.verification.reports.sheets import sheets

    contents = {os.path.join(folder, name): text for name, text in sheets(report, args.to).items()}
    check_targets(contents, _inputs(args))
    said = "" if args.quiet else "".join(f"{target}\n" for target in contents)
    data = {target: text.encode("utf-8", "surrogateescape") for target, text in contents.items()}
    write_all(data, folder=folder, say=said.encode("utf-8", "surrogateescape"))


def _inputs(args: argparse.Namespace) -> list[str]:
    """All files that are read."""
    return [args.spec, *args.claims, *filter(None, (args.marks, args.names))]


def _check(args: argparse.Namespace, output: str, folder: str | None) -> None:
    """Refuse what cannot be meant, and settle the format."""
    files = _inputs(args)
    if files.count(STANDARD) > 1:
        raise DeriveError(STANDARD_NAME, "is named twice", "it can be read once only")
    for path in args.claims:
        if args.claims.count(path) > 1:
            raise DeriveError(_safe(path), "is named twice", "name each file of claims once")
    check_targets([output], files)
    args.to = outputs.format_of(args, FORMATS, "text" if folder is None else "markdown")
    if folder is not None and args.to not in SHEETS:
        problem, hint = f"is a folder, and --to {args.to} is one file", "a folder takes --to markdown or --to latex"
        raise DeriveError(folder, problem, f"{hint}; or name a file in it")
    if folder is None and args.to == "latex" and len(args.claims) > 1:
        hint = "give them one by one, or name a folder with -o for a sheet each"
        raise DeriveError("derive verify", "--to latex takes one file of claims", hint)


def _network(path: str, *, quiet: bool) -> Network:
    """The network of the spec, worked forward once: a spec outside a domain is an error here."""
    from derive import network
    from derive.arithmetic.outcomes import Undecided
    from derive.arithmetic.precision import enough_precision
    from derive.equations.run import Runner

    built = network.build(read_spec(path, quiet=quiet))

    def forward() -> None:
        runner = Runner(built)
        runner.final(runner.start())

    try:
        enough_precision(forward)
    except Undecided:
        problem = "a value lies so close to a kink or to zero that no precision decides it"
        raise DeriveError(path, problem, "change one of the numbers a little") from None
    return built


def _scheme(network: Network, path: str | None) -> Scheme | None:
    from derive.verification import marks

    return marks.read(path, network) if path is not None else marks.of(network)


def _own_names(network: Network, path: str | None) -> OwnNames | None:
    """The names that are given a meaning for all files of claims."""
    if path is None:
        return None
    from derive.verification.reading import Spelling
    from derive.verification.reading.names_file import own_names

    return own_names(read_claims(path, "names").text, _safe(_shown(path)), Spelling.of(network))


def _verifications(
    network: Network, args: argparse.Namespace, own: OwnNames | None, *, marks: bool
) -> tuple[Verification, ...]:
    """Every file, judged."""
    from derive.commands.judged import Manner, judged

    manner = Manner(args.strict, args.decimal, own, formulas=args.to == "latex", states=marks)
    count = len(args.claims)
    found: list[Verification] = []

    def now() -> str:
        counted = f" ({len(found) + 1} of {count})" if count > 1 else ""
        return f"verifying {_safe(_shown(args.claims[min(len(found), count - 1)]))}{counted}"

    with progress(now, quiet=args.quiet):
        found.extend(judged(network, args.claims, args.jobs, manner))  # one by one, as `now` sees
    return tuple(found)


def _shown(path: str) -> str:
    return STANDARD_NAME if path == STANDARD else path


def _safe(name: str) -> str:
    """A file's name without what would steer a terminal: the names of a class's files come from students."""
    from derive.verification.reports.lines import printable

    return printable(name)


def _say_unread(report: Report, args: argparse.Namespace) -> None:
    """A table, or a folder of sheets, does not show at once what could not be read: the files are named with it."""
    if args.to == "csv" or (args.output is not None and outputs.is_folder(args.output)):
        for verification in report.verifications:
            said = (verification.problem, report.unreadable(verification), report.not_read(verification))
            for problem in filter(None, said):
                say(f"derive: {_safe(verification.file)}: {problem}", quiet=args.quiet)


def _some_readable(verifications: tuple[Verification, ...]) -> None:
    """Files of which none can be read are nothing done."""
    if all(verification.problem for verification in verifications):
        first = verifications[0]
        raise DeriveError(_safe(first.file), _safe(first.problem), first.hint)


def _report(
    args: argparse.Namespace,
    network: Network,
    verifications: tuple[Verification, ...],
    scheme: Scheme | None,
    output: str,
) -> Report:
    from derive.verification.reports import Report

    marked = _marked(network, verifications, scheme)
    spec = STANDARD_NAME if args.spec == STANDARD else args.spec
    return Report(spec, network, verifications, marked, args.hints, _in_color(output))


def _marked(network: Network, verifications: tuple[Verification, ...], scheme: Scheme | None) -> tuple[Marked, ...]:
    from derive.verification import marks

    if scheme is None:
        return ()
    return tuple(marks.marked(scheme, verification.judgements, network.names) for verification in verifications)


def _in_color(output: str) -> bool:
    """Colours are for a terminal, unless the reader does not want them."""
    replaced = sys.stdout is not sys.__stdout__
    if output != STANDARD or sys.stdout is None or replaced:
        return False
    return sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def _text(report: Report, to: str) -> str:
    from derive.verification.reports import REPORTS

    return REPORTS[to](report)
