"""An import as somebody clicks through it."""

from __future__ import annotations

import csv
import io
from typing import Any

from app.db import session
from models.workspace import BackgroundWork, ImportBatch


def csv_of(*rows: tuple) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()


class Import:
    """One import of the page at ``base``; ``work_on`` does what it starts in the background."""

    def __init__(self, client: Any, work_on: Any, base: str) -> None:
        self.client, self.work_on, self.base, self.url = client, work_on, base, ""

    def send(self, content: bytes, name: str = "rows.csv"):
        data = {"file": (io.BytesIO(content), name)}
        answer = self.client.post(self.base, data=data, content_type="multipart/form-data")
        self.url = answer.location
        return answer

    @property
    def batch(self) -> ImportBatch:
        key = self.url.rpartition("/")[2]
        return session().get_one(ImportBatch, key, populate_existing=True)

    def step(self, name: str, **form) -> ImportBatch:
        columns = {f"column-{n}": c for n, c in enumerate(self.batch.options["columns"])}
        answer = self.client.post(f"{self.url}/{name}", data={**columns, **form})
        assert answer.status_code == 302, answer.text
        self.state = self.work_on(session().get_one(BackgroundWork, self.batch.work_id))
        return self.batch

    def all(self, content: bytes, **form) -> ImportBatch:
        self.send(content)
        self.step("check", **form)
        return self.step("run", **form)
