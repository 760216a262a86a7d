"""Files in a folder of this machine."""

from __future__ import annotations

import os
import secrets
from contextlib import suppress
from pathlib import Path

from app.storage.protocol import FileMissingError, StorageError, check_key


class LocalStorage:
    """A file per key under ``root``; written beside its place, synced and renamed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, content: bytes) -> None:
        path = self._path(key)
        # Keys can't begin with a dot, so an unfinished file is never given to anybody.
        draft = path.parent / f".{secrets.token_hex(8)}.tmp"
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with draft.open("wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            raise StorageError(f"{key} can't be written: {error.strerror}") from error

    def get(self, key: str) -> bytes:
        try:
            return self._path(key).read_bytes()
        except (FileNotFoundError, IsADirectoryError, NotADirectoryError):
            raise FileMissingError(key) from None
        except OSError as error:
            raise StorageError(f"{key} can't be read: {error.strerror}") from error

    def delete(self, key: str) -> None:
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"{key} can't be deleted: {error.strerror}") from error

    def _path(self, key: str) -> Path:
        return self.root / check_key(key)
