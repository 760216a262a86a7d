"""What the supervisor watches: our two servers and the programs of the application."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from app.local import processes
from app.local.errors import LocalError
from app.local.instance import ROOT
from app.local.processes import ProcessRef
from app.local.server import LOG_LIMIT, Server

CHUNK = 65536
NOISE = ("overcommit",)  # a hint of Valkey about a setting of the machine


class Part(ABC):
    """Something that is started, watched, started again and stopped."""

    name: str

    @abstractmethod
    def start(self) -> None:
        """Start it; doesn't wait until it is ready."""

    @abstractmethod
    def ended(self) -> str | None:
        """Tell how it ended, ``None`` while it runs."""

    @abstractmethod
    def ready(self) -> bool:
        """Tell whether it does its work now."""

    @abstractmethod
    def lines(self) -> list[str]:
        """Give the whole lines it has written since the last call."""

    @abstractmethod
    def ask_to_stop(self) -> None:
        """Ask it to end; returns at once."""

    @abstractmethod
    def force(self) -> None:
        """Make sure that it has ended."""

    @abstractmethod
    def trouble(self) -> LocalError:
        """Say why it doesn't start."""

    def descriptor(self) -> int | None:
        """Give what to wait on for its output, if it is a pipe."""
        return None


class _Lines:
    """Cuts a stream of bytes into lines."""

    def __init__(self) -> None:
        self.rest = b""

    def add(self, data: bytes) -> list[str]:
        *whole, self.rest = (self.rest + data).split(b"\n")
        if len(self.rest) > CHUNK:
            whole, self.rest = [*whole, self.rest], b""
        return [line.decode(errors="replace").rstrip() for line in whole]


class ServerPart(Part):
    """A server of ours; what it writes to its log file from now on is shown."""

    def __init__(self, name: str, server: Server) -> None:
        self.name = name
        self.server = server
        self.adopted = False
        self._position = server.log.stat().st_size if server.log.exists() else 0
        self._lines = _Lines()

    def start(self) -> None:
        self.adopted = not self.server.ensure_process()

    def ended(self) -> str | None:
        return None if self.server.process() else "ended"

    def ready(self) -> bool:
        return self.server.ready()

    def lines(self) -> list[str]:
        try:
            with self.server.log.open("rb") as log:
                size = log.seek(0, os.SEEK_END)
                log.seek(self._position if size >= self._position else 0)
                data = log.read(CHUNK)
                self._position = log.tell()
        except OSError:
            return []
        if self._position > LOG_LIMIT:
            os.truncate(self.server.log, 0)  # it is opened for appending
            self._position = 0
        return [ln for ln in self._lines.add(data) if not any(word in ln for word in NOISE)]

    def ask_to_stop(self) -> None:
        """Nothing yet: the servers are stopped one after the other, by :meth:`force`."""

    def force(self) -> None:
        self.server.stop()

    def trouble(self) -> LocalError:
        return self.server.explained()


@dataclass(slots=True)
class Program(Part):
    """A program of the application as our child; its output comes through a pipe.

    ``note`` is where its process is written down, for the start after we were killed.
    """

    name: str
    argv: Sequence[str]
    env: Mapping[str, str]
    note: Path
    listener: socket.socket | None = None
    probe: Callable[[], bool] = lambda: True
    umask: int = 0o077
    _process: subprocess.Popen[bytes] | None = field(default=None, init=False)
    _lines: _Lines = field(default_factory=_Lines, init=False)

    def start(self) -> None:
        fds = [self.listener.fileno()] if self.listener else []
        self._process = processes.spawn_program(
            self.argv, self.env, cwd=ROOT, fds=fds, umask=self.umask
        )
        if self._process.stdout:
            os.set_blocking(self._process.stdout.fileno(), False)
        if ref := processes.reference(self._process.pid):
            processes.save(self.note, ref)

    def ended(self) -> str | None:
        if self._process is None:
            return "not started"
        code = self._process.poll()
        if code is None:
            return None
        with suppress(OSError):
            os.killpg(self._process.pid, signal.SIGKILL)  # what it left behind
        if code < 0:
            return f"ended by {signal.Signals(-code).name}"
        return f"ended with code {code}"

    def result(self) -> int | None:
        """Give the exit code once it has ended."""
        return self._process.poll() if self._process else None

    def ready(self) -> bool:
        return self.ended() is None and self.probe()

    def lines(self) -> list[str]:
        found: list[str] = []
        if (descriptor := self.descriptor()) is not None:
            with suppress(BlockingIOError):
                while data := os.read(descriptor, CHUNK):
                    found += self._lines.add(data)
                self._close()
                found += self._lines.add(b"\n") if self._lines.rest else []
        return found

    def descriptor(self) -> int | None:
        if self._process is None or self._process.stdout is None or self._process.stdout.closed:
            return None
        return self._process.stdout.fileno()

    def ask_to_stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def force(self) -> None:
        if self._process is not None:
            with suppress(OSError):
                os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait()
            self._close()
        self.note.unlink(missing_ok=True)

    def trouble(self) -> LocalError:
        return LocalError(f"The {self.name} process doesn't start: see its lines above.")

    def _close(self) -> None:
        if self._process is not None and self._process.stdout is not None:
            self._process.stdout.close()


def end_orphan(note: Path) -> ProcessRef | None:
    """End a program that a killed runtime left behind; tells which."""
    ref = processes.load(note)
    if ref is not None:
        processes.send(ref, signal.SIGTERM)
        if not processes.wait(lambda: not ref.alive(), 6.0):
            processes.end(ref, ((signal.SIGKILL, 5.0),), group=True)
    note.unlink(missing_ok=True)
    return ref


class HttpProbe:
    """Asks one address over and over without ever waiting: call it until it gives ``True``."""

    def __init__(self, host: str, port: int, path: str) -> None:
        self.address = (host, port)
        name = f"[{host}]" if ":" in host else host
        self.request = (
            f"GET {path} HTTP/1.1\r\nHost: {name}:{port}\r\nConnection: close\r\n\r\n"
        ).encode()
        self._connection: socket.socket | None = None

    def __call__(self) -> bool:
        try:
            if self._connection is None:
                self._connection = socket.create_connection(self.address, timeout=1.0)
                self._connection.sendall(self.request)
                self._connection.setblocking(False)
            answer = self._connection.recv(64)
        except BlockingIOError:
            return False
        except OSError:
            answer = b""
        self.close()
        return answer.split(b" ", 2)[1:2] == [b"200"]

    def close(self) -> None:
        """Forget the question that is under way."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None
