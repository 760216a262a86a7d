"""Legends (catalogue 52): the sentences that stand on a document, in the XML and on paper."""

from __future__ import annotations

from app.domain.amount_in_words import amount_in_words
from app.sunat.catalogs import Legend, TaxScheme
from app.sunat.documents.model import Invoice, Sale
from app.sunat.documents.totals import Totals


def legends(document: Sale, sums: Totals) -> dict[str, str]:
    """By code: the amount in words, what the content demands, and what was given; none twice."""
    words = amount_in_words(abs(sums.payable), document.currency, "es").upper()
    found = {Legend.AMOUNT_IN_WORDS.value: f"SON {words}"}
    invoice = document if isinstance(document, Invoice) else None
    for legend, wanted in (
        (Legend.FREE, bool(sums.of(TaxScheme.FREE).base)),
        (Legend.PERCEPTION, bool(sums.perception)),
        (Legend.DETRACTION, bool(invoice and invoice.detraction)),
        (Legend.IVAP, bool(sums.of(TaxScheme.IVAP).base)),
    ):
        if wanted:
            found[legend.value] = legend.text
    return found | dict(document.legends)
