"""The command line of ``run.py``."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence

from app.local import programs
from app.local.console import Console
from app.local.errors import LocalError
from app.local.runtime import DEFAULT_PORT, Options, Runtime, use_our_python
from app.local.supervisor import StopRequestedError

FAILED = 2
INTERRUPTED = 130
DESCRIPTION = (
    "Start Qhatu on this machine: database, queue, web, worker, cron, mail sink and a SUNAT of its "
    "own."
)
EPILOG = """\
environment:
  DATABASE_URL   use this PostgreSQL server instead of starting one (set it up as the role of
                 DATABASE_OWNER_URL)
  REDIS_URL      use this Redis or Valkey server instead of starting one
  SMTP_URL       send mail there instead of keeping it under instance/mail
  QHATU_SUNAT_SIMULATOR_URL
                 use this SUNAT simulator instead of starting one
  QHATU_INSTANCE keep data, keys and logs in this folder instead of instance/
All others are in docs/operations.md.
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Do what the arguments say; gives 0, or 2 after one sentence on standard error."""
    chosen = _parser().parse_args(arguments)
    try:
        use_our_python()
        _dispatch(chosen)
    except LocalError as error:
        sys.stderr.write(f"{error}\n")
        return FAILED
    except (StopRequestedError, KeyboardInterrupt):
        return INTERRUPTED
    return 0


def _dispatch(chosen: argparse.Namespace) -> None:
    if chosen.command == "db":
        _database(chosen)
    elif chosen.command == "setup":
        Runtime(Console(sys.stdout)).set_up(Options(demo=chosen.demo))
    elif chosen.command == "assets":
        Runtime(Console(sys.stdout)).install_assets(tests=chosen.tests)
    else:
        options = Options(
            chosen.only, chosen.demo, chosen.reset, chosen.yes, chosen.host, chosen.port
        )
        Runtime(Console(sys.stdout)).run(options)


def _database(chosen: argparse.Namespace) -> None:
    runtime = Runtime(Console(sys.stderr))
    if chosen.programs:
        sys.stdout.write(f"{runtime.postgres.programs()}\n")
    elif chosen.stop:
        was_running = runtime.stop_database()
        sys.stdout.write("PostgreSQL is stopped.\n" if was_running else "It wasn't running.\n")
    else:
        url = runtime.print_url()
        sys.stdout.write(f"{url}\n")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="run.py",
        description=DESCRIPTION,
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    names = ",".join(programs.NAMES)
    parser.add_argument(
        "--only",
        type=_names,
        default=frozenset(programs.NAMES),
        metavar="NAMES",
        help=f"start only these programs, of {names} (the servers are always started)",
    )
    demo = parser.add_mutually_exclusive_group()
    demo.add_argument(
        "--demo",
        action="store_true",
        default=None,
        help="load the demo data (done by itself in a new local database)",
    )
    demo.add_argument(
        "--no-demo", dest="demo", action="store_false", help="don't load the demo data"
    )
    parser.add_argument("--reset", action="store_true", help="delete all data first")
    parser.add_argument("--yes", action="store_true", help="don't ask before --reset")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen on (%(default)s)")
    parser.add_argument(
        "--port", type=_port, help=f"port to listen on (the first free one from {DEFAULT_PORT})"
    )
    _add_commands(parser)
    return parser


def _add_commands(parser: argparse.ArgumentParser) -> None:
    commands = parser.add_subparsers(
        dest="command", title="other commands", metavar="", description="(each has its --help)"
    )
    database = commands.add_parser("db", help="start or stop only the database")
    wish = database.add_mutually_exclusive_group(required=True)
    wish.add_argument(
        "--print-url",
        action="store_true",
        help="start it, migrate it, leave it running and print its URL as the last line",
    )
    wish.add_argument("--stop", action="store_true", help="stop it")
    wish.add_argument(
        "--programs", action="store_true", help="print the folder of psql, pg_dump and pg_restore"
    )
    setup = commands.add_parser("setup", help="migrate, seed and sync permissions, then stop")
    setup.add_argument("--demo", action="store_true", default=None, help="and load the demo data")
    libraries = commands.add_parser("assets", help="install the browser's libraries (node_modules)")
    libraries.add_argument("--tests", action="store_true", help="with those that only tests need")


def _names(text: str) -> frozenset[str]:
    names = frozenset(part.strip() for part in text.split(",") if part.strip())
    if unknown := names.difference(programs.NAMES):
        known = ", ".join(programs.NAMES)
        raise argparse.ArgumentTypeError(f"no program {', '.join(sorted(unknown))}; {known}")
    if not names:
        raise argparse.ArgumentTypeError("name at least one program")
    return names


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 2**16:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port (1 to 65535)")
    return int(text)
