"""A boleta, or a note of one, as a line of the daily summary."""

from __future__ import annotations

from app.sunat.catalogs import SummaryStatus, TaxScheme
from app.sunat.documents.model import Invoice, Note, Sale, SummaryLine
from app.sunat.documents.totals import totals


def summary_line(document: Sale, status: SummaryStatus = SummaryStatus.ADD) -> SummaryLine:
    """The amounts of ``document`` by kind, with what the summary does to it."""
    sums = totals(document)
    return SummaryLine(
        document_type=document.type,
        id=document.id,
        customer=document.customer,
        total=sums.payable,
        currency=document.currency,
        taxed=sums.of(TaxScheme.IGV).base + sums.of(TaxScheme.IVAP).base,
        exonerated=sums.of(TaxScheme.EXONERATED).base,
        unaffected=sums.of(TaxScheme.UNAFFECTED).base,
        exported=sums.of(TaxScheme.EXPORT).base,
        free=sums.of(TaxScheme.FREE).base,
        charges=sums.charges,
        igv=sums.of(TaxScheme.IGV).amount,
        ivap=sums.of(TaxScheme.IVAP).amount,
        isc=sums.of(TaxScheme.ISC).amount,
        icbper=sums.of(TaxScheme.ICBPER).amount,
        affected=document.affected if isinstance(document, Note) else None,
        perception=document.perception if isinstance(document, Invoice) else None,
        status=status,
    )
