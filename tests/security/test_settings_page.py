"""Who may see and change settings, and what the page does with what it is sent."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.db import session
from app.services.platform.read_setting import read_setting
from models.platform import SystemSetting
from tests.security.settings_form import FIELD, hidden, send, stored
from tests.users import ROLES

READERS = {"admin", "manager", "accountant", "auditor"}


@pytest.mark.parametrize("role", ROLES)
def test_some_roles_see_settings_and_only_administrators_change_them(sign_in, role):
    client = sign_in(role)
    assert (client.get("/settings/company").status_code == 200) is (role in READERS)
    assert (client.get("/settings/?q=phone").status_code == 200) is (role in READERS)
    form = {
        "was-company-phone": "",
        "company.phone": "1",
        "stamp-company-phone": stored("company.phone").updated_at.isoformat(),
    }
    answer = client.post("/settings/company", data=form)
    assert (stored("company.phone").setting_value == "1") is (role == "admin")
    assert answer.status_code in (302, 403)


def test_nobody_sees_the_page_without_signing_in(client):
    for path in ("/settings/", "/settings/company"):
        assert "/login" in client.get(path).location


def test_every_group_opens_and_every_setting_is_in_one(sign_in):
    client = sign_in("admin")
    first = client.get("/settings/", follow_redirects=True).text
    groups = re.findall(r'href="/settings/([a-z_]+)"', first)
    pages = "".join(client.get(f"/settings/{group}").text for group in dict.fromkeys(groups))
    rows = (
        session()
        .scalars(sa.select(SystemSetting).where(SystemSetting.setting_group != "system"))
        .all()
    )
    assert [row.setting_key for row in rows if f'name="{row.setting_key}"' not in pages] == []
    assert "platform.seeded" not in pages
    assert client.get("/settings/nothing").status_code == 404
    assert client.get("/settings/system").status_code == 404


def test_a_group_takes_few_statements(sign_in, count_statements):
    client = sign_in("admin")
    client.get("/settings/company")
    with count_statements() as statements:
        client.get("/settings/company")
    about = [sql for sql in statements if "system_settings" in sql or "audit_logs" in sql]
    assert len(about) == 2


def test_changes_of_a_group_are_saved_together(sign_in):
    client = sign_in("admin")
    answer = send(
        client,
        "sales",
        {
            "sales.cash_tolerance": "12,50",
            "sales.receipt_footer": "Adiós",
            "sales.allow_internal_note": "true",
        },
    )
    assert answer.status_code == 302
    assert str(read_setting("sales.cash_tolerance")) == "12.50"
    assert read_setting("sales.receipt_footer") == "Adiós"
    assert read_setting("sales.allow_internal_note") is True
    form = hidden(client, "sales")
    send(client, "sales", {"sales.allow_internal_note": None}, form)
    assert read_setting("sales.allow_internal_note") is False


def test_a_wrong_value_is_told_beside_its_field_and_nothing_is_saved(sign_in):
    client = sign_in("admin")
    answer = send(
        client,
        "sales",
        {
            "sales.cash_tolerance": "-1",
            "sales.receipt_footer": "Adiós",
            "sales.idempotency_hours": "two",
        },
    )
    assert answer.status_code == 422
    assert answer.text.count('class="invalid-feedback"') == 2
    assert 'id="sales-cash_tolerance-error">At least 0.<' in answer.text
    assert "Adiós" in answer.text
    assert stored("sales.receipt_footer").setting_value is None


def test_what_others_changed_meanwhile_is_not_overwritten(sign_in):
    client = sign_in("admin")
    form = hidden(client, "company")
    send(client, "company", {"company.phone": "111", "company.address": "Av. Grau 1"})
    answer = send(client, "company", {"company.phone": "222", "company.ubigeo": "150101"}, form)
    assert answer.status_code == 409
    assert "meanwhile to “111”" in answer.text
    assert 'value="222"' in answer.text
    assert stored("company.ubigeo").setting_value is None
    again = send(client, "company", {"company.phone": "222"}, dict(FIELD.findall(answer.text)))
    assert again.status_code == 302
    assert stored("company.phone").setting_value == "222"
    assert stored("company.address").setting_value == "Av. Grau 1"


def test_two_people_may_change_different_settings_of_a_group(sign_in):
    client = sign_in("admin")
    form = hidden(client, "company")
    send(client, "company", {"company.address": "Av. Grau 1"})
    assert send(client, "company", {"company.phone": "222"}, form).status_code == 302
    assert stored("company.address").setting_value == "Av. Grau 1"


def test_the_page_says_who_changed_a_setting_last_and_from_what(sign_in):
    client = sign_in("admin")
    assert "Changed by" not in client.get("/settings/sales").text
    send(client, "sales", {"sales.cash_tolerance": "12.50"})
    text = client.get("/settings/sales").text
    assert re.search(r"Changed by Admin[^<]*: default → S/ 12.50", text)


def test_the_page_names_a_change_by_command_and_one_by_hand(app, sign_in):
    app.test_cli_runner().invoke(args=["settings", "set", "sales.cash_tolerance", "7"])
    session().execute(
        sa.text(
            "UPDATE platform.system_settings SET setting_value = '\"Adiós\"'"
            " WHERE setting_key = 'sales.receipt_footer'"
        )
    )
    session().commit()
    text = sign_in("admin").get("/settings/sales").text
    assert re.search(r"Changed by Command line, [^<]*: default → S/ 7", text)
    assert re.search(r"Changed by [^<]*: default → Adiós", text)


def test_search_finds_settings_of_all_groups_in_the_readers_language(sign_in):
    client = sign_in("admin")
    found = client.get("/settings/?q=stripe SECRET").text
    assert "/settings/payments#payments-stripe_secret_key-setting" in found
    assert "receipt_footer" not in found
    spanish = client.get("/settings/?q=telefono&_l_=es").text
    assert "/settings/company#company-phone-setting" in spanish
    assert "Teléfono" in spanish


def test_a_text_that_is_typed_is_never_markup(sign_in):
    client = sign_in("admin")
    send(client, "company", {"company.address": '"><script>alert(1)</script>'})
    assert "<script>alert" not in client.get("/settings/company").text
