"""Files in forms: taken when the form is sent, referred to when it is saved.

A file is kept in the storage before the record is saved, so that a form that comes back with a
mistake still has it: the form carries a token that only its own person and column can use.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import asdict
from typing import Any

from flask import current_app
from itsdangerous import BadSignature, URLSafeTimedSerializer
from wtforms import Field as FormField

from app.admin.describe import Field
from app.security.rights import current_actor
from app.services.documents.errors import FileRefusedError
from app.services.documents.keep_upload import KeepUpload, Upload, keep_upload

TOKEN_SECONDS = 24 * 3600


class UploadField(FormField):
    """``data`` is the key of the file: the record's, that of the file just sent, or None.

    The inputs are ``<name>`` (the file), ``<name>.kept`` (the token of one sent before) and
    ``<name>.remove``.
    """

    def __init__(self, *args: Any, described: Field, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.described = described
        self.upload: Upload | None = None
        self.removed = False

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        del extra_filters
        self.process_errors: list[str] = []
        self.raw_data: list[str] = []
        given: Any = data if isinstance(data, str | Upload) else None
        self.upload = given if isinstance(given, Upload) else None
        self.object_data: str | None = None if self.upload else given
        if formdata is not None:
            self._read(formdata)
        kept = None if self.removed else self.object_data
        self.data = self.upload.key if self.upload else kept
        if formdata is None or not self.raw_data:
            self.raw_data = [self.data] if self.data else []

    def _read(self, formdata: Any) -> None:
        self.removed = formdata.get(f"{self.name}.remove") == "y"
        sent = next((f for f in formdata.getlist(self.name) if getattr(f, "filename", "")), None)
        if sent is None:
            token = formdata.get(f"{self.name}.kept", "")
            self.upload = None if self.removed else open_token(token, self.described)
            return
        self.raw_data = [sent.filename]
        command = KeepUpload(
            folder=str(self.described.column.table.fullname),
            name=sent.filename,
            content=sent.read(),
            picture=self.described.kind == "image",
        )
        try:
            self.upload = keep_upload(command, actor=current_actor(), now=dt.datetime.now(dt.UTC))
        except FileRefusedError as error:
            self.process_errors.append(error.message)

    def token(self) -> str:
        """What the form carries of a file that the record doesn't have yet."""
        return seal(self.upload, self.described) if self.upload else ""

    def facts(self) -> dict[str, Any]:
        """Values of the columns that tell of the file, after a new one was sent."""
        if self.upload is None:
            return {}
        found = {
            "name": self.upload.name,
            "size": self.upload.size,
            "type": self.upload.media_type,
            "hash": self.upload.sha256,
        }
        return {column: found[what] for what, column in self.described.upload_facts.items()}


def seal(upload: Upload, field: Field) -> str:
    return _sealer(field).dumps(asdict(upload))


def open_token(token: str, field: Field) -> Upload | None:
    """The upload, if this person sent it for this column within a day."""
    if not token:
        return None
    try:
        return Upload(**_sealer(field).loads(token, max_age=TOKEN_SECONDS))
    except (BadSignature, TypeError):
        return None


def _sealer(field: Field) -> URLSafeTimedSerializer:
    whose = f"{current_actor().user_id}:{field.column.table.fullname}.{field.name}"
    return URLSafeTimedSerializer(str(current_app.secret_key), salt=f"upload:{whose}")
