"""The certificate and the SOL user: checked, kept as secrets, and waited for."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from app.db import session
from app.encryption import decrypt
from app.services.platform.rotate_keys import encrypted_columns
from app.services.sunat import gateway
from app.services.sunat.claim_document import due_documents
from app.services.sunat.deliver_document import deliver_document
from app.services.sunat.errors import (
    InvalidCertificateError,
    InvalidSolUserError,
    IssuerNotFoundError,
    NoServiceAddressError,
    NoSolUserError,
)
from app.services.sunat.set_certificate import SetCertificate, set_certificate
from app.services.sunat.set_sol_user import SetSolUser, set_sol_user
from app.services.sunat.signing_certificate import _self_signed, keep_certificate
from app.services.sunat.warn_of_certificates import warn_of_certificates
from app.storage import storage
from app.sunat import load_certificate
from models.messaging import Notification
from models.sunat import IssuingCompany
from tests.services.settings import change
from tests.sunat.samples import PASSWORD, certificate, p12
from tests.sunat_life.office import DAY, HOUR, NOW, SYSTEM, Office, found

make_own = _self_signed


def company(office: Office) -> IssuingCompany:
    session().expire_all()
    return session().get_one(IssuingCompany, office.company)


def file_of(ruc: str, now: dt.datetime = NOW) -> bytes:
    made = make_own(ruc, now)
    return pkcs12.serialize_key_and_certificates(
        None, made.key, made.x509, None, BestAvailableEncryption(b"secret")
    )


def set_own(office: Office, content: bytes = b"", password: str = "secret") -> None:  # noqa: S107 - of a test
    command = SetCertificate(office.company, content or file_of(office.ruc), password)
    set_certificate(command, actor=SYSTEM, now=NOW)


def test_the_simulator_gets_a_certificate_for_tests_and_nobody_else_does(office):
    office.accepted()
    assert company(office).certificate_path.endswith("-test.p12")
    change("sunat.service", "beta")
    document = office.write()
    assert deliver_document(document, now=NOW) == "EXCEPTION"
    row = found(document)
    assert (row.sunat_code, row.next_attempt_at) == ("no_certificate", None)


def test_a_certificate_is_kept_under_a_password_of_ours(office):
    set_own(office)
    row = company(office)
    content = storage().get(row.certificate_path)
    assert b"secret" not in content
    with pytest.raises(ValueError, match="password"):
        load_certificate(content, "secret")
    assert office.ruc in load_certificate(content, decrypt(row.certificate_password)).subject
    assert row.certificate_expires_at == NOW.replace(microsecond=0) + dt.timedelta(days=3650)
    names = {f"{column.table.name}.{column.name}" for column in encrypted_columns()}
    assert {"companies.certificate_password", "companies.sol_pass"} <= names
    earlier = row.certificate_path
    set_own(office)
    assert company(office).certificate_path != earlier
    assert earlier not in [kept.key for kept in storage().stored("sunat")]
    assert "secret" not in repr(SetCertificate(1, b"x", "secret"))


def test_documents_that_waited_for_it_are_tried_again(office):
    change("sunat.service", "beta")
    document = office.write()
    assert deliver_document(document, now=NOW) == "EXCEPTION"
    set_own(office)
    assert list(due_documents(now=NOW)) == [document]
    assert deliver_document(document, now=NOW) == "ACCEPTED"


@pytest.mark.parametrize(
    ("content", "password", "field"),
    [(b"no file", "secret", "password"), (b"", "wrong", "password"), (p12(), PASSWORD, "content")],
)
def test_a_file_that_cannot_sign_for_the_issuer_is_refused(office, content, password, field):
    """The last one is of another RUC."""
    with pytest.raises(InvalidCertificateError) as refusal:
        set_own(office, content, password)
    assert list(refusal.value.fields) == [field]
    assert company(office).certificate_path is None


def test_a_certificate_that_is_over_is_refused_and_signs_nothing(office):
    old = file_of(office.ruc, NOW - dt.timedelta(days=4000))
    with pytest.raises(InvalidCertificateError) as refusal:
        set_own(office, old)
    assert refusal.value.data["why"] == "expired"
    key, password = keep_certificate(office.ruc, load_certificate(old, "secret"))
    row = company(office)
    row.certificate_path, row.certificate_password = key, password
    session().commit()
    document = office.write()
    assert deliver_document(document, now=NOW) == "EXCEPTION"
    assert found(document).sunat_code == "certificate_expired"


def test_without_a_sol_user_nothing_is_sent_until_there_is_one(office, monkeypatch):
    monkeypatch.setattr("app.services.sunat.deliver_document.open_gateway", open_gateway)
    change("sunat.service", "production")
    set_own(office)
    document = office.write()
    assert deliver_document(document, now=NOW) == "EXCEPTION"
    assert (found(document).sunat_code, found(document).next_attempt_at) == ("no_sol_user", None)
    set_sol_user(SetSolUser(office.company, f" {office.ruc}qhatu1 ", "pass"), actor=SYSTEM, now=NOW)
    row = company(office)
    assert (row.sol_user, decrypt(row.sol_pass)) == ("QHATU1", "pass")
    assert list(due_documents(now=NOW)) == [document]


open_gateway = gateway.open_gateway


def test_settings_choose_the_service(office):
    set_sol_user(SetSolUser(office.company, "QHATU1", "pass"), actor=SYSTEM, now=NOW)
    for service, host in (("beta", "e-beta.sunat"), ("production", "e-factura.sunat")):
        change("sunat.service", service)
        assert host in gateway._endpoint().bills
    change("sunat.service", "ose")
    with pytest.raises(NoServiceAddressError):
        open_gateway(office.company)
    change("sunat.ose_url", "https://ose.example.com/billService")
    assert gateway._endpoint().consult == "https://ose.example.com/billService"
    change("sunat.ose_consult_url", "https://ose.example.com/consult")
    assert gateway._endpoint().consult == "https://ose.example.com/consult"
    assert open_gateway(office.company)


@pytest.mark.parametrize(
    ("user", "password", "fields"),
    [("", "x", ["user"]), ("A B", "x", ["user"]), ("A", "", ["password"])],
)
def test_a_sol_user_has_a_name_and_a_password(office, user, password, fields):
    with pytest.raises(InvalidSolUserError) as refusal:
        set_sol_user(SetSolUser(office.company, user, password), actor=SYSTEM, now=NOW)
    assert list(refusal.value.fields) == fields
    assert "x" not in repr(SetSolUser(1, "A", "x")).replace("fixed", "")


def test_only_issuers_have_credentials(office):
    nobody = Office(0, office.ruc, 0, office.line)
    with pytest.raises(IssuerNotFoundError):
        set_own(nobody)
    with pytest.raises(IssuerNotFoundError):
        set_sol_user(SetSolUser(0, "A", "x"), actor=SYSTEM, now=NOW)
    change("sunat.service", "beta")
    with pytest.raises(NoSolUserError):
        gateway._credentials(office.company)


def test_a_certificate_is_warned_of_thirty_and_seven_days_before(office):
    set_own(office)
    ends = company(office).certificate_expires_at

    def told() -> int:
        mine = Notification.notification_type == "certificate_expires"
        return session().scalar(sa.select(sa.func.count(Notification.id)).where(mine))

    assert warn_of_certificates(now=ends - 31 * DAY) == 0
    for _twice in range(2):
        assert warn_of_certificates(now=ends - 29 * DAY) == 1
    first = told()
    assert first > 0
    warn_of_certificates(now=ends - 8 * DAY)
    assert told() == first
    warn_of_certificates(now=ends - 6 * DAY + HOUR)
    assert told() == 2 * first


def test_a_certificate_for_tests_is_not_warned_of(office):
    office.accepted()
    assert company(office).certificate_expires_at == certificate().valid_until
    assert warn_of_certificates(now=NOW + 500 * DAY) == 0
