"""Under which account of the machine PostgreSQL runs, which refuses to run as root."""

from __future__ import annotations

import os
import pwd
from dataclasses import dataclass
from pathlib import Path
from typing import TypedDict

from app.local.errors import LocalError

PREFERRED = ("qhatu", "nobody")


class RunAs(TypedDict, total=False):
    """The arguments of :class:`subprocess.Popen` that change the account of the child."""

    user: int
    group: int
    extra_groups: list[int]


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the machine."""

    name: str
    uid: int
    gid: int

    def run_as(self) -> RunAs:
        """Give what makes a child run under this account; nothing when it is ours."""
        if self.uid == os.geteuid():
            return {}
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def can_reach(self, path: Path) -> bool:
        """Tell whether this account may read ``path`` and pass every folder above it."""
        resolved = path.resolve()
        if not resolved.exists():
            return False
        return self._may(resolved, 4) and all(self.can_pass(folder) for folder in resolved.parents)

    def can_pass(self, folder: Path) -> bool:
        """Tell whether this account may use what is in ``folder`` (not: list it)."""
        return self._may(folder, 1)

    def _may(self, path: Path, bit: int) -> bool:
        status = path.stat()
        if status.st_uid == self.uid:
            return bool(status.st_mode & (bit << 6))
        if status.st_gid == self.gid:
            return bool(status.st_mode & (bit << 3))
        return bool(status.st_mode & bit)


def current() -> Account:
    """Give the account of this process; :class:`LocalError` when its id has no name."""
    uid = os.geteuid()
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise LocalError(
            f"PostgreSQL needs a named user, and user id {uid} has no name on this machine: "
            "run as another user, or set DATABASE_URL to an external server."
        ) from None
    return Account(entry.pw_name, uid, os.getegid())


def for_postgres(data_dir: Path) -> Account:
    """Give the account for the server: ours, or for root the owner of the data, or a service's.

    ``QHATU_POSTGRES_USER`` names another one for a new database.
    """
    if os.geteuid() != 0:
        return current()
    if data_dir.is_dir() and data_dir.stat().st_uid != 0:
        return _named_by_id(data_dir.stat().st_uid)
    wished = os.environ.get("QHATU_POSTGRES_USER")
    for name in (wished,) if wished else PREFERRED:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid)
    raise LocalError(
        "PostgreSQL refuses to run as root and there is no other account for it: "
        "name one in QHATU_POSTGRES_USER, or run as a normal user."
    )


def _named_by_id(uid: int) -> Account:
    try:
        entry = pwd.getpwuid(uid)
    except KeyError:
        raise LocalError(
            f"The database belongs to user id {uid}, which has no name on this machine: "
            "give its folder to an existing user with chown -R."
        ) from None
    return Account(entry.pw_name, uid, entry.pw_gid)
