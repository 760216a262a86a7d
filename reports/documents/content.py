"""The words and figures of a printed form, the same for each paper."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from functools import cached_property

from app.domain.money import ZERO
from app.sunat.catalogs import DocumentType, name
from app.sunat.documents import Address, Invoice, LineTotals, Note, Sale, Totals, legends, totals
from app.sunat.documents.payment import Credit
from reports.documents.form import PrintedForm
from reports.documents.rows import Row, row_of
from reports.documents.sums import sums_of
from reports.receipts.pdf import plain
from reports.receipts.ticket import SYMBOLS

Pair = tuple[str, str]
TITLES = {
    DocumentType.INVOICE: "Factura electrónica",
    DocumentType.RECEIPT: "Boleta de venta electrónica",
    DocumentType.CREDIT_NOTE: "Nota de crédito electrónica",
    DocumentType.DEBIT_NOTE: "Nota de débito electrónica",
}
CURRENCIES = {"PEN": "Soles", "USD": "Dólares americanos", "EUR": "Euros"}
REASONS = {DocumentType.CREDIT_NOTE: "09", DocumentType.DEBIT_NOTE: "10"}
WORDS = "1000"
"""Legend with the amount in words."""


class Content:
    """What is printed of ``form``."""

    def __init__(self, form: PrintedForm) -> None:
        self.form = form
        self.document: Sale = form.document
        self.totals: Totals = totals(form.document)
        self.title = TITLES[form.document.type]
        self.symbol = SYMBOLS.get(form.document.currency, form.document.currency)
        self.prices_with_tax = form.document.series.startswith("B")

    @cached_property
    def sums(self) -> list[tuple[str, str, bool]]:
        """Label, amount, and whether it stands out."""
        return [
            (label, f"{self.symbol} {plain(amount)}" if strong else plain(amount), strong)
            for label, amount, strong in sums_of(self.document, self.totals)
        ]

    @property
    def rows(self) -> list[Row]:
        return [row_of(line, with_tax=self.prices_with_tax) for line in self.lines]

    @property
    def lines(self) -> tuple[LineTotals, ...]:
        return self.totals.lines

    @property
    def issuer(self) -> list[str]:
        """Name, and where it is; the trade name stands above them."""
        issuer, look = self.document.issuer, self.form.look
        known = (issuer.name, where(issuer.address), *look.contact)
        return [text for text in known if text and text != self.brand]

    @property
    def brand(self) -> str:
        issuer = self.document.issuer
        return issuer.trade_name or issuer.name

    @property
    def qr(self) -> str:
        """What SUNAT wants in the code: the fields of the document between bars."""
        document, customer = self.document, self.document.customer
        igv = sum((one.amount for one in self.totals.taxes if one.scheme in ("1000", "1016")), ZERO)
        fields = (
            document.issuer.ruc, document.type, document.series, document.number, f"{igv:.2f}",
            f"{self.totals.payable:.2f}", document.issued_on.isoformat(), customer.doc_type,
            customer.number, self.form.digest,
        )  # fmt: skip
        return "|".join(map(str, fields))

    @property
    def words(self) -> str:
        return legends(self.document, self.totals)[WORDS]

    @property
    def legends(self) -> list[str]:
        """Legends beside the amount in words, and what was written on the document."""
        found = legends(self.document, self.totals)
        return [*(text for code, text in found.items() if code != WORDS), *self.document.notes]

    @property
    def customer(self) -> list[Pair]:
        customer = self.document.customer
        found = [("Cliente", customer.name)]
        if customer.number not in ("", "-"):
            kind = name("06", customer.doc_type)
            found.append((kind.partition(":")[0], customer.number))
        return [*found, ("Dirección", where(customer.address))] if customer.address else found

    @property
    def facts(self) -> list[Pair]:
        """When, in which currency, and what it refers to; only what there is."""
        document, till = self.document, self.form.till
        at = f" {document.issued_at:%H:%M}" if document.issued_at else ""
        found = [("Fecha de emisión", f"{document.issued_on:%d/%m/%Y}{at}"), *self._of_invoice()]
        found += [("Moneda", CURRENCIES.get(document.currency, document.currency))]
        if isinstance(document, Note):
            found.append(("Documento que modifica", self._affected(document)))
            kind = name(REASONS[document.type], document.reason)
            found += [("Tipo de nota", kind), ("Motivo", document.reason_text)]
        found.append(("Orden de compra", document.order_reference))
        found += [(name("01", one.document_type), one.id) for one in document.despatches]
        found += [("Documento relacionado", one.id) for one in document.related]
        if till:
            found += [(till.kind, till.number), ("Local", till.place), ("Cajero", till.cashier)]
        return [(label, value) for label, value in found if value]

    @property
    def installments(self) -> list[tuple[str, str, str]]:
        """Cuota, when it falls due, how much."""
        payment = self._credit
        return [
            (f"Cuota {place}", f"{one.due_on:%d/%m/%Y}", f"{self.symbol} {plain(one.amount)}")
            for place, one in enumerate(payment.installments if payment else (), 1)
        ]

    @property
    def detraction(self) -> list[Pair]:
        found = self.document.detraction if isinstance(self.document, Invoice) else None
        if found is None:
            return []
        return [
            ("Bien o servicio", f"{found.code} {name('54', found.code)}"),
            ("Detracción", f"{plain(found.percent)} %: S/ {plain(found.amount)}"),
            ("Cuenta en el Banco de la Nación", found.account),
        ]

    @property
    def paid(self) -> list[Pair]:
        """How it was paid at the till."""
        till = self.form.till
        if till is None:
            return []
        found = []
        if till.cash_rounding:
            found = [("Redondeo", plain(till.cash_rounding)), ("A pagar", plain(till.to_pay))]
        found += [(means, plain(amount)) for means, amount in till.payments]
        if till.tendered:
            found += [("Efectivo", plain(till.tendered)), ("Vuelto", plain(till.change))]
        return found

    @property
    def foot(self) -> list[str]:
        """What the law wants below, and the hash."""
        kind = self.title[0].lower() + self.title[1:]
        found = [f"Representación impresa de la {kind}, consúltela en www.sunat.gob.pe."]
        return [*found, f"Resumen: {self.form.digest}"] if self.form.digest else found

    @property
    def _credit(self) -> Credit | None:
        payment = getattr(self.document, "payment", None)
        return payment if isinstance(payment, Credit) else None

    def _of_invoice(self) -> Iterator[Pair]:
        document = self.document
        if not isinstance(document, Invoice):
            return
        if document.due_on:
            yield "Fecha de vencimiento", f"{document.due_on:%d/%m/%Y}"
        if document.type is DocumentType.INVOICE:
            yield "Forma de pago", "Crédito" if self._credit else "Contado"
        for advance in document.prepayments:
            yield "Anticipo", f"{advance.id}: {self.symbol} {plain(advance.amount)}"

    def _affected(self, note: Note) -> str:
        return f"{name('01', note.affected.document_type)} {note.affected.id}"


def where(address: Address | None) -> str:
    """The address on one line."""
    if address is None:
        return ""
    area = " - ".join(filter(None, (address.district, address.province, address.department)))
    return ", ".join(filter(None, (address.line, address.urbanization, area)))


def quantity(number: Decimal) -> str:
    """Without the zeros behind."""
    text = f"{number:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
