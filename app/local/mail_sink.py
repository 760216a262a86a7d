"""The mail server of one-machine use: takes every message and keeps it in a folder.

``python -m app.local.mail_sink --folder FOLDER [--host HOST --port PORT | --fd NUMBER]``
"""

from __future__ import annotations

import argparse
import asyncio
import signal
import socket
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from aiosmtpd.smtp import SMTP

from app.local.instance import Instance
from app.local.mail_store import keep_message

LARGEST_MESSAGE = 30 * 2**20


class Keeper:
    """Handler of aiosmtpd: answers 250 only after the message is on disk."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd's name
        try:
            message_id = keep_message(self.folder, envelope.content, now=datetime.now(UTC))
        except OSError as error:
            sys.stdout.write(f"a message couldn't be kept: {error.strerror}\n")
            return f"452 the message can't be kept: {error.strerror}"
        sys.stdout.write(f"kept {message_id} for {', '.join(envelope.rcpt_tos)}\n")
        return f"250 kept as {message_id}"


async def serve(folder: Path, listener: socket.socket) -> None:
    """Take mail until SIGTERM or SIGINT."""
    loop, stopped = asyncio.get_running_loop(), asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, stopped.set)
    keeper = Keeper(folder)

    def session() -> SMTP:
        return SMTP(keeper, data_size_limit=LARGEST_MESSAGE, enable_SMTPUTF8=True, loop=loop)

    server = await loop.create_server(session, sock=listener)
    await stopped.wait()
    server.close()


def main() -> None:
    """Run the sink from the command line."""
    parser = argparse.ArgumentParser(prog="python -m app.local.mail_sink")
    parser.add_argument("--folder", type=Path, default=Instance.default().mail)
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=1025)
    parser.add_argument("--fd", type=int, help="a socket that listens already")
    chosen = parser.parse_args()
    if chosen.fd is not None:
        listener = socket.socket(fileno=chosen.fd)
    else:
        listener = socket.create_server((chosen.host, chosen.port))
    listener.setblocking(False)
    asyncio.run(serve(chosen.folder, listener))


if __name__ == "__main__":
    main()
