"""The command ``derive``: usage, messages and exit statuses; each command is a module of its own.

Nothing but the chosen command is imported, so that the program starts at once.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from importlib import import_module
from types import FrameType, ModuleType
from typing import Any, NoReturn

from derive import __version__
from derive.errors import DeriveError, quoted, shortened
from derive.suggestions import nearest
from derive.uncollected import seldom_collected

COMMANDS = {
    "notes": "a worked derivation as a document",
    "gradients": "every value and gradient, in digits that are proven",
    "verify": "which line of a derivation is the first wrong one, why, and what still follows",
    "new": "a commented starter spec that runs as it is",
    "list": "activations, losses, optimizers, layers, styles, formats, notations",
    "schema": "the JSON Schema of the spec, for editors",
}
"""Each command with its help. The work is done in the module of :mod:`derive.commands` of that name."""

DONE, NOT_DONE = 0, 2
INTERRUPTED, TERMINATED, PIPE_CLOSED = 130, 143, 141  # 128 + the signal, as a shell reports it

DESCRIPTION = """Worked derivations of backpropagation: from a small spec of a network, or of any
computation graph, to notes that derive every gradient by the chain rule."""
QUIET = "print nothing but results and errors"
EPILOG = "Start with 'derive new example.toml', then 'derive notes example.toml'."


class _Terminated(BaseException):
    """The system asked us to end."""


class _Parser(argparse.ArgumentParser):
    """Usage errors are one message like any other, with a mend, and exit status 2."""

    def error(self, message: str) -> NoReturn:
        raise DeriveError(self.prog, message, f"see '{self.prog} --help'")

    def _print_message(self, message: str, file: Any = None) -> None:
        from derive.commands.files import STANDARD, write_all

        if message:
            write_all({STANDARD: message.encode()})


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line ``argv`` (default: the program's own) and return the exit status."""
    try:
        with _ended_by_signals(), seldom_collected():
            return _run(sys.argv[1:] if argv is None else list(argv))
    except DeriveError as error:
        return _failed(str(error))
    except KeyboardInterrupt:
        return INTERRUPTED
    except _Terminated:
        return TERMINATED
    except BrokenPipeError:
        return PIPE_CLOSED
    except OSError as error:
        from derive.commands.files import failure

        return _failed(str(failure(_text(error.filename) or "derive", error)))
    except MemoryError:
        return _failed("derive: out of memory\n  try fewer parameters, iterations, samples or digits")
    except RecursionError:
        return _failed("derive: an expression nests too deeply\n  name a part of it as a node of its own")
    except Exception as error:  # the last net: a bug is reported, not thrown at the reader
        if os.environ.get("DERIVE_TRACEBACK"):
            raise
        return _failed(_bug(error))


def _run(argv: list[str]) -> int:
    """Run one command; what goes wrong is raised."""
    parser, commands = _parser(argv)
    try:
        args, unknown = parser.parse_known_args(argv)
    except SystemExit as end:  # --help and --version
        return int(end.code or 0)
    if args.command is None:
        raise DeriveError("derive", "a command is missing", f"choose from {', '.join(COMMANDS)}; see 'derive --help'")
    if unknown:
        raise _unknown_option(commands[args.command], unknown[0])
    status: int = _module(args.command).run(args)
    return status


def _parser(argv: list[str]) -> tuple[_Parser, dict[str, _Parser]]:
    """The whole parser, and those of the commands by name; only the command in ``argv`` is filled in."""
    parser = _Parser(prog="derive", description=DESCRIPTION, epilog=EPILOG, allow_abbrev=False)
    parser.add_argument("--version", action="version", version=f"derive {__version__}")
    chosen = next((word for word in argv if not word.startswith("-")), None)
    if chosen is not None and chosen not in COMMANDS:
        raise DeriveError("derive", f"unknown command {quoted(chosen)}", nearest(chosen, COMMANDS, in_order=True))
    parser.add_argument("-q", "--quiet", action="store_true", help=QUIET)
    sub = parser.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    commands: dict[str, _Parser] = {}
    for name, text in COMMANDS.items():
        command = sub.add_parser(name, help=text, description=text.capitalize() + ".", allow_abbrev=False)
        if name == chosen:
            command.add_argument("-q", "--quiet", action="store_true", default=argparse.SUPPRESS, help=QUIET)
            _module(name).arguments(command)
        commands[name] = command
    return parser, commands


def _module(command: str) -> ModuleType:
    return import_module(f"derive.commands.{command}")


def _unknown_option(command: _Parser, word: str) -> DeriveError:
    if not word.startswith("-"):
        return DeriveError(command.prog, f"unexpected argument {quoted(word)}", f"see '{command.prog} --help'")
    options = [option for action in command._actions for option in action.option_strings]  # noqa: SLF001
    option = word.split("=", maxsplit=1)[0]
    return DeriveError(command.prog, f"unknown option {quoted(option)}", nearest(option, options, in_order=True))


@contextlib.contextmanager
def _ended_by_signals() -> Iterator[None]:
    """A polite end by the system undoes what is half written, like Ctrl-C."""

    def end(_number: int, _frame: FrameType | None) -> NoReturn:
        raise _Terminated

    try:
        before = signal.signal(signal.SIGTERM, end)
    except ValueError:  # not in the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before or signal.SIG_DFL)


def _failed(message: str) -> int:
    """Print the one message."""
    if sys.stderr is not None:
        with contextlib.suppress(OSError):
            sys.stderr.write(message + "\n")
            sys.stderr.flush()
    return NOT_DONE


def _bug(error: Exception) -> str:
    """What went wrong where, in one line, for a report."""
    place = ""
    step = error.__traceback__
    while step is not None:
        code = step.tb_frame.f_code
        if (at := code.co_filename.replace(os.sep, "/").rfind("/derive/")) >= 0:
            place = f" ({code.co_filename[at + 1 :]}:{step.tb_lineno})"
        step = step.tb_next
    words = shortened(" ".join(str(error).split()), 160)
    return (
        f"derive: this is a bug in derive: {type(error).__name__}: {words}{place}\n"
        "  please report it with the spec that shows it; nothing was written"
    )


def _text(filename: object) -> str:
    return os.fsdecode(filename) if isinstance(filename, str | bytes) else ""


if __name__ == "__main__":
    sys.exit(main())
