"""Printed forms say what their document says, to the cent, on both papers."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from app.sunat import (
    Affectation,
    Charge,
    ChargeCode,
    Credit,
    Installment,
    digest,
    issue,
    totals,
)
from reports.documents.content import Content
from reports.documents.form import Look, PrintedForm, TillNote
from reports.documents.pdf import document_pdf
from tests.pdf_text import texts
from tests.sunat.samples import TODAY, certificate, dec, documents, invoice, line, receipt

PAPERS = ("a4", "80mm")
SALES = {name: one for name, one in documents().items() if one.type not in ("RC", "RA")}


def content(document, **changes) -> Content:
    return Content(PrintedForm(document, "HASH=", **changes))


def amounts(of: Content) -> dict[str, Decimal]:
    return {
        label: Decimal(text.replace(",", "").removeprefix(of.symbol).strip())
        for label, text, _strong in of.sums
    }


def said(document, paper: str = "a4", **changes) -> str:
    return " ".join(texts(document_pdf(PrintedForm(document, "HASH=", **changes), paper)))


@pytest.mark.parametrize("name", SALES)
def test_what_is_printed_adds_up_to_the_total_and_has_the_lines(name: str) -> None:
    document = SALES[name]
    found = content(document)
    sums = totals(document)
    shown = amounts(found)
    assert shown["IMPORTE TOTAL"] == sums.payable
    bases = {label: amount for label, amount in shown.items() if label.startswith("Op.")}
    bases.pop("Op. gratuitas", None)
    base = sum(bases.values(), Decimal(0))
    if "Subtotal" in shown:
        parts = ("Subtotal", "Descuento global", "Cargo global", "Anticipos")
        assert sum(shown.get(part, Decimal(0)) for part in parts) == base
    rest = [
        amount
        for label, amount in shown.items()
        if label.split()[0] in ("ISC", "IGV", "IVAP", "ICBPER", "Descuentos", "Otros", "Redondeo")
    ]
    assert base + sum(rest) == sums.payable
    rows = sum((row.amount for row in found.rows), Decimal(0))
    lines = [one for one in sums.lines if not one.is_free]
    taxes = sum((one.taxes - one.icbper for one in lines), Decimal(0))
    value = sum((one.value for one in lines), Decimal(0))
    assert rows == value + (taxes if found.prices_with_tax else 0)


@pytest.mark.parametrize("name", ["invoice", "receipt", "credit note", "dollars", "free 11"])
def test_the_hash_is_known_before_anybody_signs(name: str) -> None:
    document = documents()[name]
    assert digest(document) == issue(document, certificate(), today=TODAY).digest


def test_the_code_has_the_fields_that_sunat_reads() -> None:
    assert content(invoice()).qr == (
        "20100066603|01|F001|123|18.00|118.00|2026-07-01|6|20600995805|HASH="
    )


@pytest.mark.parametrize("paper", PAPERS)
def test_an_invoice_names_who_what_when_and_how_much(paper: str) -> None:
    text = said(invoice(), paper, look=Look(contact=("Tel. 445-1234",), footer="¡Vuelva pronto!"))
    for part in (
        "FACTURA ELECTRÓNICA",
        "F001-123",
        "MERCADO QHATU S.A.C.",
        "20100066603",
        "Av. Larco 345, MIRAFLORES - LIMA - LIMA",
        "Tel. 445-1234",
        "COMERCIAL LOS ANDES E.I.R.L.",
        "20600995805",
        "01/07/2026 10:30",
        "Contado",
        "Soles",
        "S/ 118.00",
        "Op. gravadas",
        "IGV 18 %",
        "¡Vuelva pronto!",
        "HASH=",
    ):
        assert part in text, part
    assert "CIENTO DIECIOCHO CON 00/100" in text
    assert "Representación impresa de la factura electrónica" in text


@pytest.mark.parametrize("paper", PAPERS)
@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("receipt", ["BOLETA DE VENTA ELECTRÓNICA", "DNI", "46237547"]),
        ("credit note", ["Factura F001-123", "Devolución por ítem", "Devolución de una prenda"]),
        ("debit note", ["NOTA DE DÉBITO ELECTRÓNICA", "Aumento en el valor"]),
        ("detraction", ["12.00 %: S/ 141.60", "00-055-123456", "OPERACIÓN SUJETA A DETRACCIÓN"]),
        ("credit", ["Crédito", "Cuota 1", "S/ 60.00", "31/07/2026", "Cuota 2", "S/ 58.00"]),
        ("dollars", ["Dólares americanos", "US$"]),
        ("references", ["OC-2026-88", "T001-77", "CONTRATO-12", "Entrega en almacén"]),
        ("exonerated and unaffected", ["Op. exoneradas", "200.00", "Op. inafectas", "35.50"]),
        ("free 11", ["Op. gratuitas", "TRANSFERENCIA GRATUITA"]),
        ("bags", ["ICBPER", "1.00"]),
        ("rice", ["IVAP 4 %", "OPERACIÓN SUJETA AL IVAP"]),
        ("advances", ["F001-100", "236.00", "Anticipos", "-300.00"]),
        ("perception", ["2.36", "120.36"]),
        ("rate of 10", ["IGV 10 %"]),
    ],
)
def test_each_kind_of_document_says_what_is_special(name: str, parts: list[str], paper) -> None:
    text = said(documents()[name], paper)
    for part in parts:
        assert part in text, part


def test_a_boleta_shows_prices_as_shops_do_and_an_invoice_values_before_taxes() -> None:
    goods = line(
        unit_price=dec("118"), quantity="2", charges=(Charge(ChargeCode.LINE_DISCOUNT, dec("36")),)
    )
    (row,) = content(receipt(goods)).rows
    assert (row.unit_price, row.discount, row.amount) == (118, 36, 200)
    (row,) = content(invoice(goods)).rows
    assert (row.unit_value, row.amount) == (100, dec("169.49"))


def test_what_is_given_free_costs_nothing() -> None:
    row = content(receipt(line(affectation=Affectation.TAXED_BONUS))).rows[0]
    assert (row.free, row.amount) == (True, 0)


@pytest.mark.parametrize("paper", PAPERS)
def test_a_voided_document_and_a_copy_say_so(paper: str) -> None:
    assert "ANULADO" in said(invoice(), paper, stamp="ANULADO")
    assert "COPIA 2" in said(invoice(), paper, copy=2)
    assert "COPIA" not in said(invoice(), paper)


@pytest.mark.parametrize("paper", PAPERS)
def test_the_till_adds_how_it_was_paid(paper: str) -> None:
    till = TillNote(
        "T1-000007", "Miraflores", "Rosa", dec("117.90"), dec("-0.10"),
        (("Yape", dec("17.90")),), dec("200"), dec("100"),
    )  # fmt: skip
    text = said(receipt(), paper, till=till)
    for part in ("T1-000007", "Miraflores", "Rosa", "Yape", "17.90", "Vuelto", "100.00", "117.90"):
        assert part in text, part


def test_many_lines_go_on_with_their_headings_and_each_page_says_which_it_is() -> None:
    found = texts(document_pdf(PrintedForm(invoice(*[line()] * 90), "")))
    pages = [text for text in found if text.startswith("Página")]
    assert pages == [f"Página {page} de {len(pages)}" for page in range(1, len(pages) + 1)]
    assert len(pages) > 2
    assert found.count("Descripción") >= len(pages) - 1


@pytest.mark.parametrize("paper", PAPERS)
def test_any_text_can_be_printed_and_the_bytes_are_the_same_each_time(paper: str) -> None:
    for text in ("漢字 ☕ <b>&amp;</b>", "x" * 500, "a\nb\tc", ""):
        customer = replace(receipt().customer, name=text)
        document = receipt(line(description=text), customer=customer, notes=(text,))
        form = PrintedForm(document, text, look=Look(logo=b"no picture", footer=text))
        assert document_pdf(form, paper) == document_pdf(form, paper)


def test_many_cuotas_fit() -> None:
    parts = tuple(Installment(dec("1"), TODAY + timedelta(days=n)) for n in range(1, 61))
    assert "Cuota 60" in said(invoice(payment=Credit(parts)))
