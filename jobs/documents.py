"""Printed forms of electronic documents, and their way to the customers."""

from __future__ import annotations

import datetime as dt

from jobs.sweeping import sweep


def finish_document(document_id: str) -> str:
    """Keep the document's PDF and send it to the customer; does nothing when that is done."""
    from app.actor import system_actor
    from app.services.sunat.finish_document import finish_document as finish

    return finish(int(document_id), actor=system_actor("documents"), now=dt.datetime.now(dt.UTC))


def sweep_finished_documents() -> int:
    """Finish documents that SUNAT has decided on since; tells how many."""
    from app.services.sunat.finish_document import unfinished_documents

    return sweep(unfinished_documents(now=dt.datetime.now(dt.UTC)), _finish)


def _finish(document_id: int) -> str:
    return finish_document(str(document_id))
