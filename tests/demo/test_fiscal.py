"""The demo's documents say what their sale says, and are in every state that people meet."""

from __future__ import annotations

from collections import Counter

import sqlalchemy as sa

from app.services.sunat.snapshot import load
from app.sunat import totals, validate
from app.sunat.catalogs import TaxScheme

SALES = sa.text(
    "SELECT document_type, content, total_amount, total_igv, total_gravado, total_exonerado, "
    "sunat_status, number FROM sunat.electronic_documents WHERE document_type NOT IN ('RC', 'RA')"
)


def test_what_a_document_says_adds_up_to_its_amounts(demo) -> None:
    rows = demo.execute(SALES).all()
    assert rows
    wrong = []
    for row in rows:
        document = load(row.document_type, row.content)
        sums = totals(document)
        igv = sums.of(TaxScheme.IGV)
        said = (sums.payable, igv.amount, igv.base, sums.of(TaxScheme.EXONERATED).base)
        kept = (row.total_amount, row.total_igv, row.total_gravado, row.total_exonerado)
        if said != kept or document.id != row.number:
            wrong.append((row.number, said, kept))
    assert wrong == []


def test_what_waits_to_be_sent_is_what_sunat_would_take(demo) -> None:
    rows = [row for row in demo.execute(SALES) if row.sunat_status in ("PENDING", "EXCEPTION")]
    assert len(rows) >= 5
    for row in rows:
        assert validate(load(row.document_type, row.content)) == ()


def test_each_state_that_somebody_must_know_is_there(demo) -> None:
    found = Counter(row.sunat_status for row in demo.execute(SALES))
    assert {"PENDING", "EXCEPTION", "REJECTED", "OBSERVED", "VOIDED", "ACCEPTED"} <= set(found)
    kinds = demo.scalars(sa.text("SELECT DISTINCT document_type FROM sunat.electronic_documents"))
    assert {"01", "03", "RC", "RA"} <= set(kinds)


def test_the_history_of_a_document_ends_with_its_state(demo) -> None:
    wrong = demo.execute(
        sa.text(
            "SELECT paper.number FROM sunat.electronic_documents AS paper CROSS JOIN LATERAL ("
            "SELECT status FROM sunat.document_events WHERE document_id = paper.id "
            "ORDER BY id DESC LIMIT 1) AS last WHERE last.status <> paper.sunat_status"
        )
    )
    assert wrong.all() == []
