"""The sums of a printed form: what each leads to the next, down to the total."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from app.domain.money import ZERO
from app.sunat.catalogs import ChargeCode, TaxScheme
from app.sunat.documents import Sale, Totals
from app.sunat.documents.totals import IVAP_RATE
from reports.receipts.pdf import plain

Sum = tuple[str, Decimal, bool]
"""Label, amount, and whether it stands out."""
BASES = (
    (TaxScheme.IGV, "Op. gravadas"),
    (TaxScheme.IVAP, "Op. gravadas con IVAP"),
    (TaxScheme.EXPORT, "Op. de exportación"),
    (TaxScheme.EXONERATED, "Op. exoneradas"),
    (TaxScheme.UNAFFECTED, "Op. inafectas"),
)
ADVANCES = (
    ChargeCode.PREPAID_TAXED,
    ChargeCode.PREPAID_EXONERATED,
    ChargeCode.PREPAID_UNAFFECTED,
)


def sums_of(document: Sale, sums: Totals) -> list[Sum]:
    """Amounts that are, and those that are always there; the taxed ones without taxes first."""
    found = [*_before(sums), *_bases(sums), *_taxes(document, sums), *_after(sums)]
    shown = [(label, amount, False) for label, amount in found]
    shown.append(("IMPORTE TOTAL", sums.payable, True))
    if sums.perception:
        rate = plain((sums.perception.charge.factor or ZERO) * 100)
        total = sums.perception.base + sums.perception.amount
        shown.append((f"Percepción {rate} % (S/)", sums.perception.amount, False))
        shown.append(("Total con percepción (S/)", total, False))
    return shown


def _before(sums: Totals) -> Iterator[tuple[str, Decimal]]:
    """What leads from the lines to the bases, where anything does."""
    advances = sum((one.amount for one in sums.applied if one.charge.code in ADVANCES), ZERO)
    changes = [one for one in sums.applied if one.charge.code.affects_base]
    changes = [one for one in changes if one.charge.code not in ADVANCES]
    if not advances and not changes:
        return
    yield "Subtotal", sum((line.value for line in sums.lines if not line.is_free), ZERO)
    for one in changes:
        if one.charge.code.is_charge:
            yield "Cargo global", one.amount
        else:
            yield "Descuento global", -one.amount
    if advances:
        yield "Anticipos", -advances


def _bases(sums: Totals) -> Iterator[tuple[str, Decimal]]:
    kinds = {total.scheme for total in sums.taxes}
    for scheme, label in BASES:
        if scheme in kinds:
            yield label, sums.of(scheme).base
    if TaxScheme.FREE in kinds:
        yield "Op. gratuitas", sums.of(TaxScheme.FREE).base


def _taxes(document: Sale, sums: Totals) -> Iterator[tuple[str, Decimal]]:
    kinds = {total.scheme for total in sums.taxes}
    labels = (
        (TaxScheme.ISC, "ISC"),
        (TaxScheme.IGV, f"IGV {document.igv_rate.normalize():f} %"),
        (TaxScheme.IVAP, f"IVAP {IVAP_RATE} %"),
        (TaxScheme.ICBPER, "ICBPER"),
    )
    for scheme, label in labels:
        if scheme in kinds:
            yield label, sums.of(scheme).amount


def _after(sums: Totals) -> Iterator[tuple[str, Decimal]]:
    found = (
        ("Descuentos", -sums.allowances),
        ("Otros cargos", sums.charges),
        ("Redondeo", sums.rounding),
    )
    yield from ((label, amount) for label, amount in found if amount)
