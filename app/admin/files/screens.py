"""The screen that gives the file of a column to who may read the record."""

from __future__ import annotations

import io
from typing import Any

from flask import abort, request, send_file
from flask_appbuilder import expose, has_access
from flask_appbuilder.security.decorators import permission_name

from app.admin.access import may_see
from app.admin.describe import FILE_KINDS, Field
from app.admin.files.names import own_name
from app.admin.screens import TableScreens
from app.admin.titles import title_of
from app.domain.file_types import CSV, OFFICE, PDF, TEXT
from app.services.documents.keep_upload import clean_name, small_key
from app.storage import FileMissingError, is_key, storage

TYPES = {
    "pdf": PDF,
    "jpg": "image/jpeg",
    "png": "image/png",
    "webp": "image/webp",
    "gif": "image/gif",
    "txt": TEXT,
    "csv": CSV,
    "xml": "application/xml",
    "zip": "application/zip",
    "docx": f"{OFFICE}.wordprocessingml.document",
    "xlsx": f"{OFFICE}.spreadsheetml.sheet",
}
# Shown by the browser itself; nothing of these runs. All else is saved.
SHOWN = {PDF, TEXT, "image/jpeg", "image/png", "image/webp", "image/gif"}
# The right may be taken away, so the browser asks again soon.
CACHE = "private, max-age=300"


class FileScreens(TableScreens):
    """Mixed into the generated view of a table."""

    @expose("/file/<name>/<pk>")
    @has_access
    @permission_name("file")
    def file(self, name: str, pk: str) -> Any:
        """The file of the column ``name``; ``?small=1`` a picture's small copy, ``?save=1`` as a
        download."""
        field = self.description.fields.get(name)
        if field is None or field.kind not in FILE_KINDS or not may_see(field):
            abort(404)
        row = self.find_or_404(pk, deleted=self.may("restore"))
        key = getattr(row, name)
        if not key or not is_key(key):
            abort(404)
        return answer_with(key, _name_of(row, field, key), small="small" in request.args)


def answer_with(key: str, name: str, *, small: bool = False) -> Any:
    """The stored file as an answer; the small copy where it is wanted and there."""
    try:
        content, key = _read(key, small=small)
    except FileMissingError:
        abort(404)
    media_type = TYPES.get(key.rpartition(".")[2], "application/octet-stream")
    response = send_file(
        io.BytesIO(content),
        mimetype=media_type,
        as_attachment=media_type not in SHOWN or "save" in request.args,
        download_name=name,
    )
    response.headers["Cache-Control"] = CACHE
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def _read(key: str, *, small: bool) -> tuple[bytes, str]:
    if small:
        try:
            return storage().get(small_key(key)), small_key(key)
        except FileMissingError:
            pass
    return storage().get(key), key


def _name_of(row: Any, field: Field, key: str) -> str:
    """What the file is called when it is saved: as it was uploaded, else after the record."""
    extension = key.rpartition(".")[2]
    return clean_name(own_name(row, field) or title_of(row), extension)
