"""An office whose documents go to a simulator in this process."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from app import storage
from app.services.sunat import deliver_document, gateway, signing_certificate
from tests.sunat.samples import certificate
from tests.sunat_life.office import Office, add_office


@pytest.fixture
def office(db_session, app, tmp_path: Path, monkeypatch) -> Iterator[Office]:
    """With a storage of this test, and one certificate for all (making one is slow)."""
    made = add_office()
    storage.configure(tmp_path)
    monkeypatch.setattr(gateway, "open_gateway", lambda _company: made.line)
    monkeypatch.setattr(deliver_document, "open_gateway", lambda _company: made.line)
    monkeypatch.setattr(signing_certificate, "_self_signed", lambda _ruc, _now: certificate())
    yield made
    storage.configure(app.config["STORAGE_DIR"])
