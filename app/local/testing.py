"""One PostgreSQL and one Valkey for a whole test run, shared by all its processes.

The first process that asks starts them, the others find them. Whoever owns the run stops them at
its end; when it was killed first, the next run on the machine does.

``conftest.py`` of a pytest-xdist run::

    def pytest_configure(config):
        if not hasattr(config, "workerinput"):
            config.servers = shared_test_servers(run_folder(str(os.getpid())))
            os.environ["DATABASE_URL"] = config.servers.database_url()  # workers inherit it

    def pytest_unconfigure(config):
        if not hasattr(config, "workerinput"):
            stop_test_servers(config.servers.root)
"""

from __future__ import annotations

import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from app.local import postgres_files, processes
from app.local.locks import locked
from app.local.postgres import PostgresServer
from app.local.valkey import ValkeyServer

PREFIX = "qhatu-tests"
SETTINGS = {"shared_buffers": "128MB", "max_connections": "300", "autovacuum_naptime": "10min"}


@dataclass(frozen=True, slots=True)
class SharedServers:
    """The running servers of one test run."""

    root: Path
    postgres: PostgresServer
    valkey: ValkeyServer

    def database_url(
        self, dbname: str = postgres_files.DATABASE, *, user: str = postgres_files.APPLICATION
    ) -> str:
        """Give the ``postgresql://`` URL of a database.

        ``qhatu_owner`` owns what is in it, ``postgres`` is the superuser.
        """
        return self.postgres.url(dbname, user=user)

    def redis_url(self, number: int = 0) -> str:
        """Give the URL of one of the databases 0 to 63."""
        return self.valkey.url(number)


def run_folder(run_id: str) -> Path:
    """Give the folder for the servers of one test run, short and reachable by any account."""
    return Path(tempfile.gettempdir()) / f"{PREFIX}-{os.geteuid()}-{run_id}"


def shared_test_servers(root: Path, *, owner: int | None = None) -> SharedServers:
    """Start or find the servers under ``root``; safe when many processes call at once.

    ``owner`` is the pid of the process for which they live (default: pytest's controller). They
    don't survive a crash of the machine: nothing is synced to disk.
    """
    _sweep(root)
    root.mkdir(mode=0o711, parents=True, exist_ok=True)
    if os.geteuid() == 0:
        root.chmod(0o711)
    servers = _servers(root)
    with locked(root / "lock"):
        if not (root / "owner.json").exists():
            default = os.getppid() if "PYTEST_XDIST_WORKER" in os.environ else os.getpid()
            if ref := processes.reference(owner or default):
                processes.save(root / "owner.json", ref)
        servers.postgres.start()
        servers.valkey.start()
    return servers


def stop_test_servers(root: Path) -> None:
    """Stop the servers under ``root`` and delete all they kept."""
    servers = _servers(root)
    for server in (servers.valkey, servers.postgres):
        server.stop()
    if servers.postgres.home.is_symlink():
        shutil.rmtree(servers.postgres.home.resolve(), ignore_errors=True)
    shutil.rmtree(root, ignore_errors=True)


def _servers(root: Path) -> SharedServers:
    return SharedServers(
        root,
        PostgresServer(root / "postgres", durable=False, settings=SETTINGS),
        ValkeyServer(root / "valkey", durable=False, databases=64),
    )


def _sweep(wanted: Path) -> None:
    """Stop what earlier runs left behind whose owner is gone; one process at a time."""
    temporary = Path(tempfile.gettempdir())
    with locked(temporary / f"{PREFIX}-{os.geteuid()}.lock"):
        for root in temporary.glob(f"{PREFIX}-{os.geteuid()}-*"):
            note = root / "owner.json"
            if root == wanted or root.stat().st_uid != os.geteuid() or not note.exists():
                continue
            if processes.load(note) is None:
                stop_test_servers(root)
