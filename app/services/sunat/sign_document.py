"""A document is built from what was kept of it, checked, signed and put into the storage."""

from __future__ import annotations

import datetime as dt
import hashlib
from typing import Any

from app.actor import Actor
from app.db import atomic
from app.domain.document_states import SIGNED
from app.services.platform.business_time import local_time
from app.services.sunat.change_state import change_state
from app.services.sunat.claim_document import Delivery, waits_for_summary
from app.services.sunat.errors import NothingToSignError
from app.services.sunat.signing_certificate import signing_certificate
from app.services.sunat.snapshot import load
from app.storage import storage
from app.sunat import issue


class LostClaimError(Exception):
    """Another worker has the document now, or a person has changed what is to be done."""


def sign_document(delivery: Delivery, *, actor: Actor, now: dt.datetime) -> bytes | None:
    """The signed XML, kept under its name; the document is SIGNED. None where that is all there is
    to do for now, because the daily summary tells SUNAT of it.

    What is signed already isn't signed again: the XML that SUNAT may have is the one we keep. The
    same document and certificate give the same bytes, so a worker that died in between does no
    harm. Raises :class:`~app.sunat.InvalidDocumentError` with all that is wrong,
    :class:`NothingToSignError`, :class:`LostClaimError` and what
    :func:`~app.services.sunat.signing_certificate.signing_certificate` does.
    """
    with atomic():
        waits = waits_for_summary(delivery)
        today = local_time(now).date()
    if delivery.xml_key and (delivery.status == SIGNED or delivery.sent_at):
        return storage().get(delivery.xml_key)
    if delivery.content is None:
        raise NothingToSignError
    certificate = signing_certificate(delivery.company_id, now=now)
    issued = issue(load(delivery.kind, delivery.content), certificate, today=today)
    key = f"{delivery.folder}/{issued.name}.xml"
    storage().put(key, issued.xml)
    with atomic():
        columns: dict[str, Any] = {
            "xml_url": key,
            "xml_sha256": hashlib.sha256(issued.xml).hexdigest(),
            "hash_cpe": issued.digest,
        }
        if waits:
            columns["next_attempt_at"] = None
        if not change_state(delivery.mine, SIGNED, actor=actor, now=now, **columns):
            raise LostClaimError
    return None if waits else issued.xml
