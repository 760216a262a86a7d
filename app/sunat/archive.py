"""ZIP files as SUNAT exchanges them: one XML, named as the document."""

from __future__ import annotations

import io
import zipfile
from typing import Final

EPOCH: Final = (1980, 1, 1, 0, 0, 0)
LARGEST: Final = 20_000_000


class ArchiveError(ValueError):
    """Not a ZIP with one XML; ``code`` is SUNAT's (0151 to 0158)."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


def pack(name: str, xml: bytes) -> bytes:
    """A ZIP that holds ``name``.xml; the same content gives the same bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        entry = zipfile.ZipInfo(f"{name}.xml", EPOCH)
        entry.compress_type = zipfile.ZIP_DEFLATED
        archive.writestr(entry, xml)
    return buffer.getvalue()


def unpack(content: bytes) -> tuple[str, bytes]:
    """Name (with .xml) and content of the XML in a ZIP; folders and other files are passed over."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [one for one in archive.infolist() if one.filename.lower().endswith(".xml")]
            if not entries:
                raise ArchiveError("0155", "The ZIP file is empty")
            if len(entries) > 1:
                raise ArchiveError("0157", "The ZIP file has more than one XML")
            if entries[0].file_size > LARGEST:
                raise ArchiveError("0152", "The file is too large")
            return entries[0].filename.rpartition("/")[2], archive.read(entries[0])
    except zipfile.BadZipFile:
        raise ArchiveError("0156", "The ZIP file is damaged") from None
