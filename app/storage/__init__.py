"""Files the application keeps: receipts, documents, pictures.

A file has a key such as ``receipts/2026/11/LIM1-00000042.pdf``. ``configure`` says where they are;
``storage()`` gives the place.
"""

from __future__ import annotations

from pathlib import Path

from app.storage.local import LocalStorage
from app.storage.protocol import FileMissingError, InvalidKeyError, Storage, StorageError, is_key

__all__ = [
    "FileMissingError",
    "InvalidKeyError",
    "Storage",
    "StorageError",
    "configure",
    "is_key",
    "storage",
]
_root: Path | None = None


def configure(root: Path) -> None:
    """Say where this process keeps files."""
    global _root  # noqa: PLW0603 - one storage per process, like its database
    _root = root


def storage() -> Storage:
    """The storage of this process."""
    if _root is None:
        raise StorageError("No storage is configured.")
    return LocalStorage(_root)
