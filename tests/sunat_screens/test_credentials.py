"""Certificate and SOL user: set on a page that never shows them again."""

from __future__ import annotations

import io
from pathlib import Path

import pytest
import sqlalchemy as sa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12

from app import storage
from app.db import session
from app.services.sunat.signing_certificate import _self_signed
from app.sunat.client import DocumentStatus, FaultError, UnreachableError
from models.platform import AuditLog
from models.sunat import IssuingCompany
from tests.sunat_screens.papers import RUC, add_issuer, now

PAGE = "/sunat/credentials/"
SECRET = "tiger-paper-moon"


@pytest.fixture
def issuer(db_session, app, tmp_path: Path):
    storage.configure(tmp_path)
    yield add_issuer()
    storage.configure(app.config["STORAGE_DIR"])


@pytest.fixture(scope="module")
def file() -> bytes:
    made = _self_signed(RUC, now())
    protection = BestAvailableEncryption(SECRET.encode())
    return pkcs12.serialize_key_and_certificates(None, made.key, made.x509, None, protection)


def upload(client, issuer, content: bytes, password: str = SECRET):
    data = {"company_id": str(issuer.id), "password": password}
    sent = data | {"content": (io.BytesIO(content), "mine.p12")}
    return client.post(f"{PAGE}certificate", data=sent, content_type="multipart/form-data")


def fresh(issuer) -> IssuingCompany:
    session().expire_all()
    return session().get_one(IssuingCompany, issuer.id)


def test_a_certificate_is_shown_without_its_secrets_and_audited_without_them(sign_in, issuer, file):
    client = sign_in("accountant")
    assert upload(client, issuer, file).status_code == 302
    page = client.get(PAGE).text
    assert RUC in page
    assert "Certificado de prueba" in page
    assert "days left" in page
    row = fresh(issuer)
    secrets = (SECRET, row.certificate_password, row.certificate_path)
    assert not [text for text in secrets if text in page]
    entries = session().scalars(sa.select(AuditLog).where(AuditLog.table_name == "sunat.companies"))
    told = " ".join(str((entry.old_values, entry.new_values)) for entry in entries)
    assert "certificate_expires_at" in told
    assert SECRET not in told
    assert row.certificate_password not in told


def test_a_wrong_password_is_told_beside_the_field_and_not_sent_back(sign_in, issuer, file):
    answer = upload(sign_in("accountant"), issuer, file, "mistaken-secret")
    assert answer.status_code == 422
    assert 'id="password-error"' in answer.text
    assert "mistaken-secret" not in answer.text
    assert fresh(issuer).certificate_path is None


def test_without_a_file_the_form_says_so(sign_in, issuer):
    answer = upload(sign_in("accountant"), issuer, b"")
    assert answer.status_code == 422
    assert fresh(issuer).certificate_path is None


def test_a_certificate_is_removed_with_its_file(sign_in, issuer, file):
    client = sign_in("accountant")
    upload(client, issuer, file)
    key = fresh(issuer).certificate_path
    assert storage.storage().get(key)
    client.post(f"{PAGE}certificate/remove", data={"company_id": str(issuer.id)})
    row = fresh(issuer)
    assert (row.certificate_path, row.certificate_password) == (None, None)
    assert row.certificate_expires_at is None
    with pytest.raises(storage.FileMissingError):
        storage.storage().get(key)
    assert "There is no certificate yet." in client.get(PAGE).text


def test_a_certificate_whose_file_is_gone_says_to_upload_it_again(sign_in, issuer, file):
    client = sign_in("accountant")
    upload(client, issuer, file)
    storage.storage().delete(fresh(issuer).certificate_path)
    page = client.get(PAGE)
    assert page.status_code == 200
    assert "be read any more" in page.text


def test_a_sol_user_is_kept_and_its_password_never_shown(sign_in, issuer):
    client = sign_in("accountant")
    data = {"company_id": str(issuer.id), "user": f"{RUC}facturas", "sol_password": SECRET}
    assert client.post(f"{PAGE}user", data=data).status_code == 302
    row = fresh(issuer)
    assert row.sol_user == "FACTURAS"
    page = client.get(PAGE).text
    assert "FACTURAS" in page
    assert SECRET not in page
    assert row.sol_pass not in page


def test_a_missing_password_of_the_user_is_told_beside_its_own_field(sign_in, issuer):
    data = {"company_id": str(issuer.id), "user": "FACTURAS", "sol_password": ""}
    answer = sign_in("accountant").post(f"{PAGE}user", data=data)
    assert answer.status_code == 422
    assert 'id="sol_password-error"' in answer.text
    assert 'value="FACTURAS"' in answer.text


class Service:
    """Answers, or fails, as it is told."""

    def __init__(self, answer: object) -> None:
        self.answer = answer

    def status_of_document(self, *_document: object) -> object:
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (DocumentStatus("0127", "no existe", None), "address, user and password are right"),
        (FaultError("0103", "no existe"), "refused the user or its password"),
        (FaultError("0109", "caído"), "SUNAT answered, but refused to look"),
        (UnreachableError("no route"), "Nobody answered at the service"),
    ],
)
def test_the_connection_is_tried_and_its_answer_explained(
    sign_in, issuer, monkeypatch, answer, said
):
    from app.services.sunat import try_connection

    monkeypatch.setattr(try_connection, "open_gateway", lambda _company: Service(answer))
    client = sign_in("accountant")
    data = {"company_id": str(issuer.id)}
    assert said in client.post(f"{PAGE}try", data=data, follow_redirects=True).text


def test_without_a_sol_user_the_trial_says_what_is_missing(sign_in, issuer):
    from tests.services.settings import change

    change("sunat.service", "beta")
    answer = sign_in("accountant").post(f"{PAGE}try", data={"company_id": str(issuer.id)})
    assert answer.status_code == 409
    assert "SOL user" in answer.text


def test_an_auditor_sees_the_page_and_changes_nothing(sign_in, issuer, file):
    client = sign_in("auditor")
    page = client.get(PAGE).text
    assert "There is no certificate yet." in page
    assert 'type="file"' not in page
    upload(client, issuer, file)
    assert fresh(issuer).certificate_path is None


def test_a_cashier_does_not_see_it(sign_in, issuer):
    assert sign_in("cashier").get(PAGE).status_code in (302, 403)
