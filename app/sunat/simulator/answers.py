"""The simulator's constancias: what SUNAT would answer, signed with a key of its own."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

from app.sunat.archive import pack
from app.sunat.sign import Certificate, sign_tree
from app.sunat.ubl.nodes import put, root
from app.sunat.validate import Finding

SUNAT_RUC: Final = "20131312955"
ACCEPTED: Final = "0"


def constancia(
    name: str, findings: tuple[Finding, ...], *, ticket: str, now: datetime
) -> tuple[str, bytes]:
    """Response code and ZIP (``R-name.zip``): 0 with the remarks as notes, or the first error."""
    errors = [finding for finding in findings if finding.is_error]
    remarks = [finding for finding in findings if not finding.is_error]
    code = errors[0].code if errors else ACCEPTED
    ruc, document = name[:11], name.split("-", 1)[1]
    reference = document if document[:2] in ("RC", "RA") else document.split("-", 1)[1]
    said = errors[0].es if errors else f"El comprobante {reference} ha sido aceptado"
    element = root("ApplicationResponse")
    put(element, "cbc:UBLVersionID", "2.0")
    put(element, "cbc:CustomizationID", "1.0")
    put(element, "cbc:ID", ticket)
    put(element, "cbc:IssueDate", now.date().isoformat())
    put(element, "cbc:IssueTime", now.time().isoformat("seconds"))
    put(element, "cbc:ResponseDate", now.date().isoformat())
    put(element, "cbc:ResponseTime", now.time().isoformat("seconds"))
    for remark in remarks:
        put(element, "cbc:Note", f"{remark.code} - {remark.es}")
    _put_party(element, "cac:SenderParty", SUNAT_RUC)
    _put_party(element, "cac:ReceiverParty", ruc)
    response = put(element, "cac:DocumentResponse")
    answer = put(response, "cac:Response")
    put(answer, "cbc:ReferenceID", reference)
    put(answer, "cbc:ResponseCode", code)
    put(answer, "cbc:Description", said)
    put(put(response, "cac:DocumentReference"), "cbc:ID", reference)
    return code, pack(f"R-{name}", sign_tree(element, _certificate()).xml)


def _put_party(element: object, name: str, ruc: str) -> None:
    put(put(put(element, name), "cac:PartyIdentification"), "cbc:ID", ruc)


@cache
def _certificate() -> Certificate:
    """A key of this process."""
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "SUNAT (simulador)")])
    start = datetime(2020, 1, 1, tzinfo=UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(start)
        .not_valid_after(start + timedelta(days=36500))
    )
    return Certificate(key, builder.sign(key, hashes.SHA256()))
