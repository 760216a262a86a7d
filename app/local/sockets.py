"""Where servers listen: private socket folders and TCP ports."""

from __future__ import annotations

import errno
import os
import secrets
import socket
import stat
import tempfile
from contextlib import closing, suppress
from pathlib import Path

from app.local.accounts import Account
from app.local.errors import LocalError

MAX_SOCKET_PATH = 107  # bytes of sockaddr_un.sun_path less the closing zero
PORTS_TRIED = 100


def private_folder(preferred: Path, socket_name: str, account: Account) -> Path:
    """Give a folder of mode 0700, owned by ``account``, in which the socket's path fits.

    ``preferred`` when the path is short enough and its file system knows sockets, otherwise a
    folder under the system's temporary one, written down in ``<preferred>.txt`` for next time.
    """
    _own(preferred, account)
    if _fits(preferred / socket_name) and _accepts_sockets(preferred):
        return preferred
    note = preferred.with_suffix(".txt")
    with suppress(OSError):
        noted = Path(note.read_text())
        if _is_private(noted, account) and _fits(noted / socket_name):
            return noted
    folder = Path(tempfile.mkdtemp(prefix="qhatu-", dir="/tmp"))
    _own(folder, account)
    note.write_text(str(folder))
    return folder


def names_of_machine(listens_on: str) -> list[str]:
    """Give the names and addresses by which others may ask this machine, if it lets them in."""
    if listens_on not in ("0.0.0.0", "::"):  # noqa: S104 - not listening
        return [f"[{listens_on}]" if ":" in listens_on else listens_on]
    name = socket.gethostname()
    names = [name, f"{name}.local"]
    with suppress(OSError):
        names += [str(found[4][0]) for found in socket.getaddrinfo(name, None)]
    return [f"[{n}]" if ":" in n else n for n in dict.fromkeys(names) if "%" not in n]


def _own(folder: Path, account: Account) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != account.uid:
        os.chown(folder, account.uid, account.gid)
    folder.chmod(0o700)


def _is_private(folder: Path, account: Account) -> bool:
    status = folder.lstat()
    return (
        stat.S_ISDIR(status.st_mode)
        and status.st_uid == account.uid
        and stat.S_IMODE(status.st_mode) == 0o700  # noqa: PLR2004 - the mode
    )


def _fits(path: Path) -> bool:
    return len(os.fsencode(path)) <= MAX_SOCKET_PATH


def _accepts_sockets(folder: Path) -> bool:
    # A name of its own: two processes that try at once must not be in each other's way.
    probe = folder / f".{secrets.token_hex(4)}"
    try:
        with closing(socket.socket(socket.AF_UNIX)) as listener:
            listener.bind(str(probe))
    except OSError:
        return False
    finally:
        probe.unlink(missing_ok=True)
    return True


def listen(host: str, port: int, *, search: bool) -> socket.socket:
    """Give a listening TCP socket; with ``search`` on the next free port when it is taken."""
    for candidate in range(port, port + PORTS_TRIED if search else port + 1):
        try:
            return _listen_at(host, candidate)
        except OSError as error:
            if error.errno not in (errno.EADDRINUSE, errno.EACCES) or (
                error.errno == errno.EACCES and not search
            ):
                raise LocalError(
                    f"Can't listen on {host} port {candidate}: {error.strerror or error}."
                ) from None
    if search:
        raise LocalError(f"No port from {port} to {port + PORTS_TRIED - 1} is free on {host}.")
    raise LocalError(f"Port {port} is taken by another program: choose another with --port.")


def _listen_at(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family)
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host, port))
        listener.listen(1024)
    except OSError:
        listener.close()
        raise
    return listener
