"""SUNAT's service on this machine, for one-machine use.

``python -m app.sunat.simulator --folder FOLDER [--host HOST --port PORT | --fd NUMBER]``

It keeps what it has taken in the folder. ``POST /failures`` with names of failures in the body
(``down``, ``busy``, ``silent``) makes the next documents fail, one after the other.
"""

from __future__ import annotations

import argparse
import os
import signal
import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from socketserver import ThreadingMixIn
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from app.sunat.simulator.kept import kept_documents, kept_tickets
from app.sunat.simulator.server import Failure, Kept, Simulator
from app.sunat.simulator.wsgi import SoapApplication, Start

LONGEST = 1000


class ToldSimulator(Simulator):
    """A simulator that prints what it took."""

    def _judge(self, user: str, file: str, content: bytes, form: Any) -> Kept:
        kept = super()._judge(user, file, content, form)
        outcome = "accepted" if kept.code == "0" else f"rejected with {kept.code}"
        sys.stdout.write(f"{file.removesuffix('.zip')}: {outcome}\n")
        return kept


class Application:
    """The SOAP service, and its switch for failures."""

    def __init__(self, simulator: Simulator) -> None:
        self.soap = SoapApplication(simulator)

    def __call__(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        if environ.get("PATH_INFO") == "/failures":
            return self._fail(environ, start_response)
        return self.soap(environ, start_response)

    def _fail(self, environ: dict[str, Any], start_response: Start) -> Iterable[bytes]:
        length = min(int(environ.get("CONTENT_LENGTH") or 0), LONGEST)
        names = environ["wsgi.input"].read(length).decode("ascii", "replace").upper().split()
        known = [Failure[name] for name in names if name in Failure.__members__]
        if environ["REQUEST_METHOD"] != "POST" or len(known) != len(names):
            told = " ".join(Failure.__members__).lower()
            return _plain(start_response, "400 Bad Request", f"POST some of: {told}\n")
        self.soap.simulator.fail_next(*known)
        return _plain(start_response, "200 OK", f"the next {len(known)} fail\n")


def _plain(start_response: Start, status: str, text: str) -> Iterable[bytes]:
    start_response(status, [("Content-Type", "text/plain; charset=utf-8")])
    return [text.encode()]


class Server(ThreadingMixIn, WSGIServer):
    """One thread for a request; none outlives the process."""

    daemon_threads = True


class Quiet(WSGIRequestHandler):
    """Documents are told of, requests aren't."""

    def log_message(self, *_arguments: object) -> None:
        """Nothing."""


def make_server(folder: Path, host: str, port: int, fd: int | None = None) -> Server:
    """A server that listens on the socket ``fd``, or at host and port."""
    path = folder / "simulator.sqlite3"
    simulator = ToldSimulator(documents=kept_documents(path), tickets=kept_tickets(path))
    server = Server((host, port), Quiet, bind_and_activate=fd is None)
    if fd is not None:
        server.socket.close()
        server.socket = socket.socket(fileno=fd)
        server.server_name, server.server_port = server.socket.getsockname()[:2]
        server.setup_environ()
    server.set_app(Application(simulator))
    return server


def main() -> None:
    """Serve until SIGTERM or SIGINT."""
    parser = argparse.ArgumentParser(prog="python -m app.sunat.simulator")
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8035)
    parser.add_argument("--fd", type=int, help="a socket that listens already")
    chosen = parser.parse_args()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_event: os._exit(0))
    make_server(chosen.folder, chosen.host, chosen.port, chosen.fd).serve_forever()


if __name__ == "__main__":
    main()
