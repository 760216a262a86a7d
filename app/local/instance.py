"""The folder that holds everything one installation keeps: data, keys, logs, pids."""

from __future__ import annotations

import os
import secrets
import shutil
from base64 import urlsafe_b64encode
from dataclasses import dataclass
from pathlib import Path

from app.local.errors import DiskFullError, LocalError

ROOT = Path(__file__).resolve().parents[2]
NEEDED_MEGABYTES = 200


@dataclass(frozen=True, slots=True)
class Instance:
    """Paths inside the instance folder; ``QHATU_INSTANCE`` moves it away from the checkout."""

    root: Path

    @classmethod
    def default(cls) -> Instance:
        """Give the instance of this checkout, or the one that ``QHATU_INSTANCE`` names."""
        return cls(Path(os.environ.get("QHATU_INSTANCE") or ROOT / "instance").absolute())

    @property
    def postgres(self) -> Path:
        return self.root / "postgres"

    @property
    def valkey(self) -> Path:
        return self.root / "valkey"

    @property
    def mail(self) -> Path:
        return self.root / "mail"

    @property
    def sunat(self) -> Path:
        return self.root / "sunat"

    @property
    def storage(self) -> Path:
        return self.root / "storage"

    @property
    def run(self) -> Path:
        return self.root / "run"

    @property
    def log(self) -> Path:
        return self.root / "log"

    @property
    def secret_key(self) -> Path:
        return self.root / "secret_key"

    @property
    def encryption_key(self) -> Path:
        return self.root / "encryption_key"

    @property
    def logins(self) -> Path:
        return self.root / "logins.txt"

    @property
    def state(self) -> Path:
        return self.root / "setup.json"

    def prepare(self) -> None:
        """Make the folders and the keys, private to this user; needs free disk space.

        As root the folder itself can be passed (not read) by others, because PostgreSQL runs
        under another account.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            self._check_owner()
            self.root.chmod(0o711 if os.geteuid() == 0 else 0o700)
            for folder in (self.run, self.log, self.mail, self.sunat, self.storage):
                folder.mkdir(mode=0o700, exist_ok=True)
        except PermissionError as error:
            raise LocalError(
                f"{error.filename} can't be written: give it to this user, or name another "
                "folder in QHATU_INSTANCE."
            ) from None
        require_space(self.root)
        _make_key(self.secret_key, secrets.token_hex(32))
        # A Fernet key: 32 random bytes in url-safe base64.
        _make_key(self.encryption_key, urlsafe_b64encode(secrets.token_bytes(32)).decode())

    def empty(self) -> None:
        """Delete the data, not the logs; no server may run."""
        if self.postgres.is_symlink():
            shutil.rmtree(self.postgres.resolve(), ignore_errors=True)
            self.postgres.unlink()
        for folder in (self.postgres, self.valkey, self.mail, self.sunat, self.storage):
            if folder.exists():
                shutil.rmtree(folder)
        for path in (self.state, self.logins):
            path.unlink(missing_ok=True)

    def _check_owner(self) -> None:
        owner = self.root.stat().st_uid
        if os.geteuid() not in (0, owner):
            raise LocalError(
                f"{self.root} belongs to another user (id {owner}): run as that user, "
                "or name another folder in QHATU_INSTANCE."
            )


def _make_key(path: Path, key: str) -> None:
    """Write the key unless there is one already."""
    if path.exists() and path.stat().st_size:
        return
    fresh = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(key)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)


def require_space(folder: Path, megabytes: int = NEEDED_MEGABYTES) -> None:
    """Raise :class:`DiskFullError` unless that much is free where ``folder`` is."""
    free = shutil.disk_usage(folder).free // 2**20
    if free < megabytes:
        raise DiskFullError(disk_full_sentence(folder, f"{free} MB are free"))


def disk_full_sentence(folder: Path, detail: str) -> str:
    """Say that the disk is full in the words that every place of the runtime uses."""
    return f"The disk that holds {folder} is full ({detail}): free some space and start again."
