"""What a file is, told from its content: names and what a browser says of it prove nothing."""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

PDF = "application/pdf"
TEXT = "text/plain"
CSV = "text/csv"
ZIP = "application/zip"
OFFICE = "application/vnd.openxmlformats-officedocument"
OPEN_DOCUMENT = "application/vnd.oasis.opendocument"


@dataclass(frozen=True, slots=True)
class FileType:
    """``media_type`` such as application/pdf, and the extension that goes with it."""

    media_type: str
    extension: str


_SIGNATURES: tuple[tuple[bytes, FileType], ...] = (
    (b"%PDF-", FileType(PDF, "pdf")),
    (b"\xff\xd8\xff", FileType("image/jpeg", "jpg")),
    (b"\x89PNG\r\n\x1a\n", FileType("image/png", "png")),
    (b"GIF87a", FileType("image/gif", "gif")),
    (b"GIF89a", FileType("image/gif", "gif")),
)
# A part that each of these packages has, and what the package then is.
_PACKAGES: tuple[tuple[str, FileType], ...] = (
    ("word/document.xml", FileType(f"{OFFICE}.wordprocessingml.document", "docx")),
    ("xl/workbook.xml", FileType(f"{OFFICE}.spreadsheetml.sheet", "xlsx")),
    ("ppt/presentation.xml", FileType(f"{OFFICE}.presentationml.presentation", "pptx")),
)
_OPEN_DOCUMENTS = {
    f"{OPEN_DOCUMENT}.text": "odt",
    f"{OPEN_DOCUMENT}.spreadsheet": "ods",
    f"{OPEN_DOCUMENT}.presentation": "odp",
}
LONGEST_TYPE = 200


def type_of(content: bytes, name: str = "") -> FileType | None:
    """The type that the content shows; None when it is none of those known here.

    ``name`` only tells a table (.csv) from other plain text.
    """
    for signature, found in _SIGNATURES:
        if content.startswith(signature):
            return found
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return FileType("image/webp", "webp")
    if content.startswith(b"PK\x03\x04"):
        return _package(content)
    return _text(content, name)


def _package(content: bytes) -> FileType | None:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            parts = set(package.namelist())
            for part, found in _PACKAGES:
                if part in parts and "[Content_Types].xml" in parts:
                    return found
            if "mimetype" in parts:
                return _open_document(package)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError):
        return None
    return FileType(ZIP, "zip")


def _open_document(package: zipfile.ZipFile) -> FileType:
    with package.open("mimetype") as part:
        told = part.read(LONGEST_TYPE).decode("ascii", "replace").strip()
    extension = _OPEN_DOCUMENTS.get(told)
    return FileType(told, extension) if extension else FileType(ZIP, "zip")


def _text(content: bytes, name: str) -> FileType | None:
    """Plain text is UTF-8, or Latin-1 as older programs write it, without control characters."""
    if not content or b"\x00" in content:
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp1252", "replace")
    if any(letter < " " and letter not in "\t\n\r\f" for letter in text):
        return None
    table = name.lower().endswith((".csv", ".tsv"))
    return FileType(CSV, "csv") if table else FileType(TEXT, "txt")
