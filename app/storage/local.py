"""Files in a folder of this machine."""

from __future__ import annotations

import datetime as dt
import os
import secrets
import shutil
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from app.storage.protocol import FileMissingError, StorageError, Stored, check_key

PIECE = 1024 * 1024


class LocalStorage:
    """A file per key under ``root``; written beside its place, synced and renamed."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def put(self, key: str, content: bytes) -> None:
        with self._writing(key) as file:
            file.write(content)

    def put_file(self, key: str, source: Path) -> None:
        with self._writing(key) as file, source.open("rb") as content:
            shutil.copyfileobj(content, file, PIECE)

    @contextmanager
    def _writing(self, key: str) -> Iterator[BinaryIO]:
        path = self._path(key)
        # Keys can't begin with a dot, so an unfinished file is never given to anybody.
        draft = path.parent / f".{secrets.token_hex(8)}.tmp"
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            with draft.open("wb") as file:
                yield file
                file.flush()
                os.fsync(file.fileno())
            draft.replace(path)
        except OSError as error:
            with suppress(OSError):
                draft.unlink()
            raise StorageError(f"{key} can't be written: {error.strerror}") from error

    def get(self, key: str) -> bytes:
        with self.open(key) as file:
            return file.read()

    def open(self, key: str) -> BinaryIO:
        path = self._path(key)
        try:
            if path.is_dir():
                raise FileMissingError(key)
            return path.open("rb")
        except (FileNotFoundError, NotADirectoryError):
            raise FileMissingError(key) from None
        except OSError as error:
            raise StorageError(f"{key} can't be read: {error.strerror}") from error

    def delete(self, key: str) -> None:
        try:
            self._path(key).unlink(missing_ok=True)
        except OSError as error:
            raise StorageError(f"{key} can't be deleted: {error.strerror}") from error

    def stored(self, folder: str) -> Iterator[Stored]:
        for path in self._path(folder).rglob("[!.]*"):
            with suppress(FileNotFoundError):  # deleted meanwhile
                found = path.stat()
                if stat.S_ISREG(found.st_mode):
                    changed = dt.datetime.fromtimestamp(found.st_mtime, dt.UTC)
                    yield Stored(path.relative_to(self.root).as_posix(), changed)

    def renew(self, key: str) -> None:
        with suppress(FileNotFoundError):
            os.utime(self._path(key))

    def _path(self, key: str) -> Path:
        return self.root / check_key(key)
