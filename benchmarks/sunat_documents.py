"""Electronic documents built, checked and signed a second, on one core.

    python -m benchmarks.sunat_documents [--documents 500]

A factura of five lines with a certificate of 2048 bits, loaded once; beside it how many signatures
alone this machine makes a second, which is the limit of any program.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.x509.oid import NameOID

from app.sunat import Certificate, Customer, Invoice, Issuer, Line, issue
from benchmarks.scratch import report

LINES = 5


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--documents", type=int, default=500)
    count = parser.parse_args().documents
    signer = certificate()
    documents = [replace(sample_invoice(), number=number) for number in range(1, count + 1)]
    issue(documents[0], signer)  # compiles the schema and the rules, once per process
    seconds = core_seconds(lambda: [issue(document, signer) for document in documents])
    algorithm = padding.PKCS1v15(), hashes.SHA256()
    signing = core_seconds(lambda: [signer.key.sign(b"x", *algorithm) for _ in range(count)])
    report(
        "sunat_documents",
        documents=count,
        lines=LINES,
        documents_per_second=round(count / seconds),
        ms_per_document=round(seconds / count * 1000, 2),
        signatures_alone_per_second=round(count / signing),
    )


def core_seconds(work: Callable[[], object]) -> float:
    """Seconds of a core, whatever else the machine does."""
    start = time.process_time()
    work()
    return time.process_time() - start


def sample_invoice() -> Invoice:
    lines = tuple(
        Line(
            description=f"Producto {number}",
            quantity=Decimal(number),
            unit_value=Decimal("19.99"),
        )
        for number in range(1, LINES + 1)
    )
    return Invoice(
        issuer=Issuer("20100066603", "MERCADO QHATU S.A.C."),
        customer=Customer("6", "20600995805", "COMERCIAL LOS ANDES E.I.R.L."),
        series="F001",
        number=1,
        issued_on=date(2026, 7, 1),
        lines=lines,
    )


def certificate() -> Certificate:
    """A self-signed one of 2048 bits."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Benchmark")])
    start = datetime(2026, 1, 1, tzinfo=UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=365))
    )
    return Certificate(key, builder.sign(key, hashes.SHA256()))


if __name__ == "__main__":
    main()
