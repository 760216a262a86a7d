"""Hears, on a connection of its own, that settings were changed."""

from __future__ import annotations

import selectors
import socket
import threading
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import psycopg
import sqlalchemy as sa
import structlog

CHANNEL = "qhatu_settings"
RETRY_SECONDS = 5.0
PATIENCE: dict[str, Any] = {
    "application_name": "qhatu settings",
    "connect_timeout": 5,
    "keepalives_idle": 10,
    "keepalives_interval": 3,
    "keepalives_count": 2,
}
log = structlog.get_logger(__name__)


class Listener:
    """Calls ``on_change`` at each notice, and whenever notices may have been missed.

    Runs in a thread from :meth:`start` until the engine is disposed of. ``hears`` is true while
    it would hear a notice.
    """

    def __init__(self, engine: sa.Engine, on_change: Callable[[], None]) -> None:
        self.hears = False
        self._on_change = on_change
        _positional, arguments = engine.dialect.create_connect_args(engine.url)
        self._arguments = {**arguments, **PATIENCE}
        self._stopped = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()
        self._wake, self._woken = socket.socketpair()
        sa.event.listen(engine, "engine_disposed", lambda _engine: self.stop())

    def start(self) -> None:
        """Begin to listen in the background, unless it was begun already."""
        with self._lock:
            if self._thread is None:
                self._stopped.clear()
                self._thread = threading.Thread(
                    target=self._run, name="settings listener", daemon=True
                )
                self._thread.start()

    def stop(self) -> None:
        """Stop and close the connection; returns when that is done."""
        with self._lock:
            if self._thread is not None and self._thread.is_alive():
                self._stopped.set()
                self._wake.send(b"\0")
                self._thread.join(RETRY_SECONDS)
            self._thread = None

    def _run(self) -> None:
        while not self._stopped.is_set():
            try:
                with psycopg.connect(**self._arguments, autocommit=True) as connection:
                    connection.execute(f"LISTEN {CHANNEL}")
                    self._hear(connection)
            except (psycopg.Error, OSError) as error:
                log.warning("not listening for changed settings; asking again", error=str(error))
            finally:
                self.hears = False
                self._on_change()
            self._stopped.wait(RETRY_SECONDS)

    def _hear(self, connection: psycopg.Connection[Any]) -> None:
        self.hears = True
        self._on_change()
        with selectors.DefaultSelector() as selector:
            selector.register(connection.fileno(), selectors.EVENT_READ)
            selector.register(self._woken, selectors.EVENT_READ)
            while not self._stopped.is_set():
                selector.select()
                connection.pgconn.consume_input()  # raises when the connection is lost
                heard = False
                while connection.pgconn.notifies() is not None:
                    heard = True
                if heard:
                    self._on_change()
        with suppress(BlockingIOError):
            self._woken.recv(16, socket.MSG_DONTWAIT)
