"""What the application asks of a place that keeps files."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Protocol

# Segments of letters, digits, dot, hyphen and underscore that don't begin with a dot.
_KEY = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9._-]{0,120}(/[A-Za-z0-9_-][A-Za-z0-9._-]{0,120}){0,8}")


class StorageError(Exception):
    """The file could not be kept or given; trying again later may help."""


class FileMissingError(StorageError):
    """There is no file of that key."""


class InvalidKeyError(StorageError):
    """No file can have that key."""


@dataclass(frozen=True, slots=True)
class Stored:
    """A kept file, and when it was put there or renewed."""

    key: str
    changed_at: dt.datetime


class Storage(Protocol):
    """Keeps files by key; a reader sees a whole file or none."""

    def put(self, key: str, content: bytes) -> None:
        """Keep ``content``, in place of an earlier file of the key."""

    def put_file(self, key: str, source: Path) -> None:
        """Keep a copy of the file ``source``, however large, as :meth:`put` does."""

    def get(self, key: str) -> bytes:
        """The content; :class:`FileMissingError` when there is none."""

    def open(self, key: str) -> BinaryIO:
        """The content to read piece by piece and close; like :meth:`get` for what is large."""

    def delete(self, key: str) -> None:
        """Remove the file; nothing happens when there is none."""

    def stored(self, folder: str) -> Iterator[Stored]:
        """The files whose keys begin with ``folder`` and a slash, in no order."""

    def renew(self, key: str) -> None:
        """Make the file count as changed now; nothing happens when there is none."""


def is_key(text: str) -> bool:
    """Whether a file can have that key."""
    return _KEY.fullmatch(text) is not None


def check_key(key: str) -> str:
    """The key, if it can name a file: :class:`InvalidKeyError` for ``..`` and the like."""
    if not is_key(key):
        raise InvalidKeyError(key)
    return key
