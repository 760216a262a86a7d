"""The first steps of a new business: each is saved, may be skipped, repeated and left."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.db import session
from app.services.first_run.read_progress import NOTE
from app.services.platform.read_setting import read_setting
from app.settings.cache import settings_cache
from models.identity import Role, User, UserRole
from models.inventory import Location
from models.messaging import EmailLog
from models.platform import SystemSetting
from models.sunat import DocumentSequence, IssuingCompany

COMPANY = {"trade_name": "Bodega Rosa", "legal_name": "Inversiones Rosa S.A.C."}
GOOD_RUC, BAD_RUC = "20100070970", "20100070971"
PLACE = {"name": "Tienda", "code": "lim1", "establishment_code": "0000"}
SERIES = {"series_03": "B001", "series_01": "f001", "series_nv": "N001"}


@pytest.fixture
def new(db_session):
    """An installation where nobody has done anything yet."""
    session().execute(sa.delete(SystemSetting).where(SystemSetting.setting_key == NOTE))
    session().commit()
    settings_cache().forget()
    yield
    settings_cache().forget()


def test_the_start_page_of_a_new_installation_leads_to_the_first_steps(new, sign_in):
    assert sign_in("admin").get("/").location == "/setup/"
    assert sign_in("admin").get("/setup/").location == "/setup/company"
    assert sign_in("cashier").get("/").status_code == 200
    assert sign_in("manager").get("/setup/company").status_code in (302, 403)


def test_the_company_is_kept_with_its_issuer(new, sign_in):
    client = sign_in("admin")
    answer = client.post("/setup/company", data={**COMPANY, "ruc": f" {GOOD_RUC} "})
    assert answer.location == "/setup/money"
    assert read_setting("company.name") == "Bodega Rosa"
    issuer = session().scalars(sa.select(IssuingCompany)).one()
    assert (issuer.ruc, issuer.raz_social) == (GOOD_RUC, "Inversiones Rosa S.A.C.")
    client.post("/setup/company", data={**COMPANY, "trade_name": "Otra", "ruc": GOOD_RUC})
    assert session().scalars(sa.select(IssuingCompany.trade_name)).one() == "Otra"
    assert "Otra" in client.get("/setup/company").text
    assert client.get("/").status_code == 200  # begun: the start page only reminds
    assert "aren't finished" in client.get("/").text


def test_a_ruc_with_a_wrong_check_digit_is_told_beside_the_field(new, sign_in):
    page = sign_in("admin").post("/setup/company", data={**COMPANY, "ruc": BAD_RUC})
    assert page.status_code == 422
    assert "This isn&#39;t a RUC" in page.text
    assert "Bodega Rosa" in page.text
    assert session().scalar(sa.select(IssuingCompany)) is None


def test_currency_tax_and_zone_are_settings(new, sign_in):
    client = sign_in("admin")
    money = {"currency": "USD", "igv_rate": "10.5", "time_zone": "America/Bogota"}
    answer = client.post("/setup/money", data={**money, "cash_tolerance": "5"})
    assert answer.location == "/setup/place"
    assert read_setting("company.currency") == "USD"
    assert str(read_setting("tax.igv_rate")) == "10.5"
    refused = client.post("/setup/money", data={**money, "igv_rate": "200", "cash_tolerance": "5"})
    assert refused.status_code == 422


def test_a_place_gets_its_series_once(new, sign_in):
    client = sign_in("admin")
    client.post("/setup/company", data={**COMPANY, "ruc": GOOD_RUC})
    for _ in range(2):
        assert client.post("/setup/place", data={**PLACE, **SERIES}).location == "/setup/people"
    place = session().scalars(sa.select(Location)).one()
    assert place.code == "LIM1"
    rows = session().execute(sa.select(DocumentSequence.document_type, DocumentSequence.series))
    notes = [("07", "BC01"), ("07", "FC01"), ("08", "BD01"), ("08", "FD01")]
    own = [("01", "F001"), ("03", "B001"), ("NV", "N001")]
    assert sorted(map(tuple, rows)) == sorted(own + notes)
    shared = sa.select(DocumentSequence.document_type).where(DocumentSequence.location_id.is_(None))
    assert sorted(session().scalars(shared)) == ["07", "07", "08", "08"]
    wrong = client.post("/setup/place", data={**PLACE, **SERIES, "series_01": "B001"})
    assert wrong.status_code == 422
    assert "A series has 4 signs" in wrong.text


def test_a_person_gets_an_account_a_role_and_a_link(new, sign_in):
    client = sign_in("admin")
    role = session().scalar(sa.select(Role.id).where(Role.name == "Cashier"))
    person = {"first_name": "Ana", "last_name": "Ríos", "email": "Ana@Example.com"}
    answer = client.post("/setup/people", data={**person, "role_id": role})
    assert answer.location == "/setup/people"
    user = session().scalars(sa.select(User).where(User.email == "ana@example.com")).one()
    assert session().scalar(sa.select(UserRole.role_id).where(UserRole.user_id == user.id)) == role
    sent = sa.select(EmailLog).where(EmailLog.to_email == "ana@example.com")
    assert session().scalar(sent) is not None
    again = client.post("/setup/people", data={**person, "role_id": role})
    assert "Somebody has this address already." in again.text


def test_the_steps_are_left_and_the_start_page_asks_no_more(new, sign_in):
    client = sign_in("admin")
    assert client.post("/setup/finish").location == "/"
    page = client.get("/")
    assert page.status_code == 200
    assert "aren't finished" not in page.text
    assert client.get("/setup/done").status_code == 200
