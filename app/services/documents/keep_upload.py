"""Keeping a file that somebody sends, before anything refers to it."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import unicodedata
from dataclasses import dataclass
from pathlib import PurePosixPath

from uuid_utils import uuid7

from app.actor import Actor
from app.domain.file_types import FileType, type_of
from app.domain.pictures import NotAPictureError, read_picture
from app.services.documents.errors import empty, not_a_picture, not_allowed, too_large
from app.services.platform.read_setting import read_setting
from app.storage import storage

FOLDER = "uploads"
MEGABYTE = 1024 * 1024
LONGEST_NAME = 150


@dataclass(frozen=True, slots=True)
class KeepUpload:
    """``folder`` is the table, such as catalog.brands; ``name`` what the sender calls the file."""

    folder: str
    name: str
    content: bytes
    picture: bool = False


@dataclass(frozen=True, slots=True)
class Upload:
    """A kept file: its key, and what was found out about it."""

    key: str
    name: str
    size: int
    media_type: str
    sha256: str


def keep_upload(command: KeepUpload, *, actor: Actor, now: dt.datetime) -> Upload:
    """Check the file by its content and keep it under a key that nobody can guess.

    A picture is written anew, with a small copy beside it (:func:`small_key`). Nothing refers to
    the file yet; ``purge_uploads`` removes what nothing comes to refer to. Raises
    :class:`~app.services.documents.errors.FileRefusedError` and ``StorageError``.
    """
    del actor  # whoever may save the form may keep its file
    content, kind, small = command.content, type_of(command.content, command.name), None
    largest = int(read_setting("documents.max_megabytes"))
    if not content:
        raise empty()
    if len(content) > largest * MEGABYTE:
        raise too_large(largest)
    if command.picture:
        try:
            picture = read_picture(content)
        except NotAPictureError:
            raise not_a_picture() from None
        content, small = picture.content, picture.small
        kind = FileType(picture.media_type, picture.extension)
    elif kind is None or kind.media_type not in read_setting("documents.allowed_types"):
        raise not_allowed(kind.media_type if kind else "")
    key = f"{FOLDER}/{command.folder.replace('.', '/')}/{now:%Y/%m}/{uuid7()}.{kind.extension}"
    storage().put(key, content)
    if small is not None:
        storage().put(small_key(key), small)
    name = clean_name(command.name, kind.extension)
    return Upload(key, name, len(content), kind.media_type, hashlib.sha256(content).hexdigest())


def small_key(key: str) -> str:
    """Where the small copy of a picture is."""
    return f"{key.rpartition('.')[0]}.small.webp"


def clean_name(name: str, extension: str) -> str:
    """A file name without folders, control characters and what file systems refuse, with the
    extension that the content has."""
    text = unicodedata.normalize("NFC", name.replace("\\", "/").rpartition("/")[2])
    text = "".join(letter for letter in text if unicodedata.category(letter)[0] != "C")
    text = re.sub(r'[<>:"|?*]+', "_", text).strip(" .")
    path = PurePosixPath(text or "file")
    ends = {f".{extension}"} | ({".jpeg"} if extension == "jpg" else set())
    same = path.suffix.lower() in ends
    stem = (path.stem if same else path.name)[:LONGEST_NAME]
    return f"{stem}{path.suffix if same else '.' + extension}"
