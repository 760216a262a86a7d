"""Files: whole or not at all, and never outside their folder."""

from __future__ import annotations

from pathlib import Path

import pytest

from app.storage import FileMissingError, InvalidKeyError, StorageError
from app.storage.local import LocalStorage


@pytest.fixture
def kept(tmp_path: Path) -> LocalStorage:
    return LocalStorage(tmp_path / "files")


def test_a_file_is_given_back_as_it_was_kept(kept: LocalStorage) -> None:
    kept.put("receipts/2026/11/A-1.pdf", b"one")
    kept.put("receipts/2026/11/A-1.pdf", b"two")
    assert kept.get("receipts/2026/11/A-1.pdf") == b"two"
    assert [path.name for path in kept.root.rglob("*") if path.is_file()] == ["A-1.pdf"]


def test_a_missing_file_is_named(kept: LocalStorage) -> None:
    with pytest.raises(FileMissingError):
        kept.get("receipts/none.pdf")
    kept.delete("receipts/none.pdf")


@pytest.mark.parametrize(
    "key",
    [
        "../secret", "a/../../secret", "/etc/passwd", "", "a//b", "a/./b", ".hidden", "a/.hidden",
        "a\x00b", "a\\b", "C:/x", "a/b/", "á", "a\n", "x" * 200,
    ],
)  # fmt: skip
def test_keys_that_lead_elsewhere_are_refused(kept: LocalStorage, key: str) -> None:
    with pytest.raises(InvalidKeyError):
        kept.put(key, b"x")
    with pytest.raises(InvalidKeyError):
        kept.get(key)


def test_a_write_that_fails_leaves_nothing_behind(kept: LocalStorage) -> None:
    kept.put("a/b", b"x")
    with pytest.raises(StorageError):
        kept.put("a/b/c", b"y")  # a/b is a file
    assert kept.get("a/b") == b"x"
