"""A printed form as a PDF."""

from __future__ import annotations

from reports.documents.a4 import document_a4
from reports.documents.content import Content
from reports.documents.form import PrintedForm
from reports.documents.strip import document_strip


def document_pdf(form: PrintedForm, paper: str = "a4") -> bytes:
    """``paper`` is ``a4`` or ``80mm``; the same bytes each time."""
    content = Content(form)
    return document_strip(content) if paper == "80mm" else document_a4(content)
