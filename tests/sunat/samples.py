"""Documents that are right, to be changed by the tests; nothing here is real."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from functools import cache

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from app.sunat import (
    Address,
    Affectation,
    Certificate,
    Charge,
    ChargeCode,
    Credit,
    CreditNote,
    Customer,
    DailySummary,
    DebitNote,
    Detraction,
    DocumentType,
    Installment,
    Invoice,
    Isc,
    IscSystem,
    Issuer,
    Line,
    Perception,
    Prepayment,
    Receipt,
    Reference,
    SummaryStatus,
    Voided,
    VoidedLine,
    load_certificate,
    summary_line,
)

TODAY = date(2026, 7, 1)
PASSWORD = "clave del certificado"
ISSUER = Issuer(
    "20100066603",
    "MERCADO QHATU S.A.C.",
    "Qhatu",
    Address("Av. Larco 345", "150122", "", "MIRAFLORES", "LIMA", "LIMA"),
)
COMPANY = Customer("6", "20600995805", "COMERCIAL LOS ANDES E.I.R.L.")
PERSON = Customer("1", "46237547", "ROSA QUISPE MAMANI")
FOREIGNER = Customer("7", "AB1234567", "JOHN MILLER")


def dec(text: str | int) -> Decimal:
    return Decimal(str(text))


def line(value: str = "100", quantity: str = "1", **changes) -> Line:
    given = {"unit_value": dec(value)} if "unit_price" not in changes else {}
    return Line(
        description=changes.pop("description", "Camisa de algodón"),
        quantity=dec(quantity),
        **given,
        **changes,
    )


def invoice(*lines: Line, **changes) -> Invoice:
    given = {
        "issuer": ISSUER,
        "customer": COMPANY,
        "series": "F001",
        "number": 123,
        "issued_on": TODAY,
        "issued_at": time(10, 30),
        "lines": lines or (line(),),
    }
    return Invoice(**(given | changes))


def receipt(*lines: Line, **changes) -> Receipt:
    given = {
        "issuer": ISSUER,
        "customer": PERSON,
        "series": "B001",
        "number": 45,
        "issued_on": TODAY,
        "lines": lines or (line(),),
    }
    return Receipt(**(given | changes))


def credit_note(*lines: Line, **changes) -> CreditNote:
    given = {
        "issuer": ISSUER,
        "customer": COMPANY,
        "series": "FC01",
        "number": 7,
        "issued_on": TODAY,
        "lines": lines or (line(),),
        "affected": Reference("01", "F001-123"),
        "reason": "07",
        "reason_text": "Devolución de una prenda",
    }
    return CreditNote(**(given | changes))


def debit_note(*lines: Line, **changes) -> DebitNote:
    given = {
        "issuer": ISSUER,
        "customer": COMPANY,
        "series": "FD01",
        "number": 8,
        "issued_on": TODAY,
        "lines": lines or (line("20"),),
        "affected": Reference("01", "F001-123"),
        "reason": "02",
        "reason_text": "Aumento en el valor",
    }
    return DebitNote(**(given | changes))


def receipt_note(**changes) -> CreditNote:
    given = {"series": "BC01", "customer": PERSON, "affected": Reference("03", "B001-45")}
    return credit_note(**(given | changes))


def summary(**changes) -> DailySummary:
    lines = (
        summary_line(receipt()),
        summary_line(receipt(number=46, lines=(line("50", affectation=Affectation.EXONERATED),))),
        summary_line(receipt_note()),
        summary_line(receipt(number=44), SummaryStatus.VOID),
    )
    given = {
        "issuer": ISSUER,
        "reference_date": TODAY,
        "issued_on": TODAY,
        "number": 1,
        "lines": lines,
    }
    return DailySummary(**(given | changes))


def voided(**changes) -> Voided:
    lines = (
        VoidedLine(
            document_type=DocumentType.INVOICE,
            series="F001",
            number=123,
            reason="Error de digitación",
        ),
        VoidedLine(
            document_type=DocumentType.CREDIT_NOTE,
            series="FC01",
            number=7,
            reason="Emitida dos veces",
        ),
    )
    given = {
        "issuer": ISSUER,
        "reference_date": TODAY,
        "issued_on": TODAY,
        "number": 1,
        "lines": lines,
    }
    return Voided(**(given | changes))


ISC_BY_VALUE = Isc(IscSystem.BY_VALUE, rate=dec(10))
ISC_FIXED = Isc(IscSystem.FIXED_AMOUNT, per_unit=dec("2.31"))
ISC_RETAIL = Isc(IscSystem.RETAIL_PRICE, rate=dec("27.8"), retail_price=dec("5.50"))


@cache
def documents() -> dict[str, object]:
    """A right document of every kind that the law knows here, by name."""
    later = TODAY + timedelta(days=30)
    cuotas = (Installment(dec("60"), later), Installment(dec("58"), later + timedelta(days=30)))
    foreign = {"currency": "USD"}
    exported = {"operation": "0200", "customer": FOREIGNER}
    exports = (line("80", "2", affectation=Affectation.EXPORT),)
    rice = line("90", "3", affectation=Affectation.IVAP, unit="KGM")
    return {
        "invoice": invoice(),
        "receipt": receipt(),
        "three lines": invoice(line("10.5", "3"), line("7.333333", "2.5"), line("99.99", "1")),
        "priced with tax": receipt(line(unit_price=dec("59.90"), quantity="3")),
        "exonerated and unaffected": invoice(
            line("200", affectation=Affectation.EXONERATED),
            line("35.5", affectation=Affectation.UNAFFECTED),
            line(),
        ),
        **{
            f"free {code}": invoice(line(affectation=code), line())
            for code in Affectation
            if code.scheme == "9996"
        },
        "only free": receipt(line(affectation=Affectation.TAXED_BONUS)),
        "export": invoice(*exports, **exported),
        "export of services": invoice(
            *exports, **(exported | {"operation": "0201"}), **foreign, country_of_use="US"
        ),
        "ISC by value": invoice(line("50", "2", isc=ISC_BY_VALUE)),
        "ISC fixed": invoice(line("8", "12", isc=ISC_FIXED, unit="LTR")),
        "ISC by retail price": invoice(line("3.1", "24", isc=ISC_RETAIL), line()),
        "bags": receipt(line(), line("0.1", "2", bag_tax=dec("0.50"), description="Bolsa")),
        "free bags": receipt(
            line(),
            line("0.1", "2", bag_tax=dec("0.50"), affectation=Affectation.TAXED_WITHDRAWAL),
        ),
        "rice": invoice(rice),
        "line discounts": invoice(
            line("100", "2", charges=(Charge(ChargeCode.LINE_DISCOUNT, factor=dec("0.1")),)),
            line("50", charges=(Charge(ChargeCode.LINE_DISCOUNT_NO_BASE, dec("5")),)),
            line("40", charges=(Charge(ChargeCode.LINE_CHARGE, dec("4")),)),
            line("30", charges=(Charge(ChargeCode.LINE_CHARGE_NO_BASE, dec("3")),)),
        ),
        "discounted price": receipt(
            line(unit_price=dec("118"), charges=(Charge(ChargeCode.LINE_DISCOUNT, dec("18")),))
        ),
        "global discount": invoice(
            line(), line("300"), charges=(Charge(ChargeCode.DISCOUNT, factor=dec("0.05")),)
        ),
        "global discount beside the base": invoice(
            charges=(Charge(ChargeCode.DISCOUNT_NO_BASE, dec("10")),)
        ),
        "charges": invoice(
            charges=(
                Charge(ChargeCode.SERVICE_CHARGE, factor=dec("0.1")),
                Charge(ChargeCode.CHARGE, dec("7.77")),
            )
        ),
        "advances": invoice(
            line("1000"),
            prepayments=(Prepayment("F001-100", dec("236")), Prepayment("F001-101", dec("118"))),
        ),
        "exonerated advance": invoice(
            line("500", affectation=Affectation.EXONERATED),
            prepayments=(Prepayment("F001-9", dec("200"), code=ChargeCode.PREPAID_EXONERATED),),
        ),
        "detraction": invoice(
            line("1000", unit="ZZ"),
            operation="1001",
            detraction=Detraction("037", dec("12"), dec("141.60"), "00-055-123456"),
        ),
        "perception": invoice(operation="2001", perception=Perception(dec("0.02"))),
        "receipt with perception": receipt(operation="2001", perception=Perception(dec("0.02"))),
        "credit": invoice(payment=Credit(cuotas), due_on=later),
        "dollars": invoice(line("19.99", "7"), **foreign),
        "references": invoice(
            order_reference="OC-2026-88",
            despatches=(Reference("09", "T001-77"), Reference("31", "V001-5")),
            related=(Reference("99", "CONTRATO-12"),),
            notes=("Entrega en almacén",),
        ),
        "anonymous": receipt(customer=Customer("0", "-", "CLIENTES VARIOS")),
        "foreigner's card": receipt(customer=Customer("4", "001234567", "ANA SILVA")),
        "passport": receipt(customer=FOREIGNER),
        "receipt to a company": receipt(customer=COMPANY),
        "rate of 10": receipt(igv_rate=dec("10")),
        "rounding": receipt(line("8.46"), rounding=dec("0.02")),
        "credit note": credit_note(),
        "debit note": debit_note(),
        "credit note of a receipt": receipt_note(),
        "credit note with a discount": credit_note(
            line(charges=(Charge(ChargeCode.LINE_DISCOUNT, dec("10")),)),
            line("5", isc=ISC_BY_VALUE),
        ),
        "credit note of an export": credit_note(*exports, reason="11", customer=FOREIGNER),
        "credit note of rice": credit_note(rice, reason="12"),
        "debit note of rice": debit_note(rice, reason="12"),
        "corrected cuotas": credit_note(
            line("0"), reason="13", payment=Credit(cuotas), reason_text="Nuevas fechas de pago"
        ),
        "summary": summary(),
        "summary with a perception": summary(
            lines=(summary_line(receipt(operation="2001", perception=Perception(dec("0.02")))),)
        ),
        "voided": voided(),
    }


def changed(name: str, **changes):
    """One of the documents with other fields."""
    return replace(documents()[name], **changes)


@cache
def p12() -> bytes:
    """A certificate of our own, as authorities give them: an encrypted .p12."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "MERCADO QHATU S.A.C. 20100066603")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(7)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    return pkcs12.serialize_key_and_certificates(
        b"qhatu", key, certificate, None, BestAvailableEncryption(PASSWORD.encode())
    )


@cache
def certificate() -> Certificate:
    return load_certificate(p12(), PASSWORD)
