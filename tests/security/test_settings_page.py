"""Who may see and change settings, through which doors, and that secrets never come out."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.db import session
from app.encryption import decrypt
from app.services.platform.read_setting import read_setting
from models.platform import AuditLog, SystemSetting
from tests.users import ROLES

SECRET = "sk_test_51Nothing"
FIELD = re.compile(r'<input type="hidden" name="((?:was|stamp)-[a-z_-]+)" value="([^"]*)"')
READERS = {"admin", "manager", "accountant", "auditor"}


def hidden(client, group: str) -> dict[str, str]:
    """What the form of a group brings along."""
    page = client.get(f"/settings/{group}")
    assert page.status_code == 200
    return dict(FIELD.findall(page.text))


def send(client, group: str, values: dict[str, str | None], form: dict[str, str] | None = None):
    """Send the form with these values typed and all else as it was; None isn't sent at all, as a
    browser does with a switch that is off."""
    form = form or hidden(client, group)
    rows = session().scalars(sa.select(SystemSetting).where(SystemSetting.setting_group == group))
    typed = {
        row.setting_key: form.get("was-" + row.setting_key.replace(".", "-"), "")
        for row in rows
        if not row.is_encrypted
    }
    return client.post(f"/settings/{group}", data=_sent({**form, **typed, **values}))


def _sent(values: dict[str, str | None]) -> dict[str, str]:
    return {name: value for name, value in values.items() if value is not None}


def stored(key: str) -> SystemSetting:
    statement = sa.select(SystemSetting).where(SystemSetting.setting_key == key)
    return session().scalars(statement.execution_options(populate_existing=True)).one()


# -- the page


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


# -- secrets


def test_a_secret_goes_in_and_never_comes_out(sign_in, client, token, caplog):
    admin = sign_in("admin")
    send(admin, "payments", {"payments.stripe_secret_key": SECRET})
    row = stored("payments.stripe_secret_key")
    assert json.loads(decrypt(row.encrypted_value)) == SECRET
    headers = token("admin")
    places = [
        admin.get("/settings/payments").text,
        admin.get("/settings/?q=stripe").text,
        admin.get("/platform/system_settings/list/?q=stripe").text,
        admin.get(f"/platform/system_settings/show/{row.id}").text,
        admin.get(f"/platform/system_settings/history/{row.id}").text,
        client.get("/api/v1/settings/payments.stripe_secret_key", headers=headers).text,
        client.get("/api/v1/settings/", headers=headers).text,
        client.get(f"/api/v1/platform/system_settings/{row.id}", headers=headers).text,
        client.get("/api/v1/settings/public").text,
        str(session().execute(sa.select(AuditLog.old_values, AuditLog.new_values)).all()),
        caplog.text,
    ]
    for place in places:
        assert SECRET not in place
        assert row.encrypted_value not in place
    assert "Changed by Admin" in places[0]


def test_a_wrong_secret_is_not_shown_again(sign_in):
    answer = send(sign_in("admin"), "payments", {"payments.stripe_secret_key": "pk_wrong"})
    assert answer.status_code == 422
    assert "pk_wrong" not in answer.text


def test_a_secret_stays_when_its_box_is_left_empty_and_goes_when_asked(sign_in):
    client = sign_in("admin")
    send(client, "payments", {"payments.stripe_secret_key": SECRET})
    send(client, "payments", {"payments.stripe_secret_key": ""})
    assert read_setting("payments.stripe_secret_key") == SECRET
    send(client, "payments", {"clear-payments-stripe_secret_key": "1"})
    assert read_setting("payments.stripe_secret_key") is None


# -- the API


def test_the_api_changes_a_setting_by_the_same_rules(client, token):
    path, headers = "/api/v1/settings/sales.cash_tolerance", token("admin")
    assert client.get(path, headers=headers).json["result"]["value"] == "10.00"
    changed = client.put(path, headers=headers, json={"value": "15.00"})
    assert (changed.status_code, changed.json["result"]["value"]) == (200, "15.00")
    for wrong in ({"value": "-1"}, {"value": 1.5}, {"value": [1]}):
        refused = client.put(path, headers=headers, json=wrong)
        assert refused.status_code == 422
        assert refused.json["fields"]["sales.cash_tolerance"]
    for bad in ({}, [], {"value": 1, "rules": {}}):
        assert client.put(path, headers=headers, json=bad).status_code == 400
    back = client.put(path, headers=headers, json={"value": None})
    assert back.json["result"]["value"] == "10.00"
    for unknown in ("no.such", "platform.seeded"):
        path = f"/api/v1/settings/{unknown}"
        assert client.get(path, headers=headers).status_code == 404
        assert client.put(path, headers=headers, json={"value": {}}).status_code == 404


def test_the_api_asks_for_the_rights_of_the_page(client, token):
    path = "/api/v1/settings/sales.cash_tolerance"
    assert client.get(path).status_code == 401
    assert client.get(path, headers=token("cashier")).status_code == 403
    assert client.get(path, headers=token("auditor")).status_code == 200
    assert client.put(path, headers=token("manager"), json={"value": "1"}).status_code == 403


def test_there_is_no_way_around_the_rules_through_the_generated_screens(app, client, token):
    ways = {
        method
        for rule in app.url_map.iter_rules()
        if "platform/system_settings" in rule.rule
        for method in rule.methods - {"HEAD", "OPTIONS"}
    }
    assert ways == {"GET"}


def test_public_settings_need_no_log_in_and_are_sent_again_only_when_changed(client, db_session):
    answer = client.get("/api/v1/settings/public")
    assert answer.json["result"]["company.currency"] == "PEN"
    assert "sales.cash_tolerance" not in answer.json["result"]
    assert "payments.stripe_secret_key" not in answer.json["result"]
    again = client.get("/api/v1/settings/public", headers={"If-None-Match": answer.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")
    stored("company.phone").setting_value = "1"
    session().commit()
    old = {"If-None-Match": answer.headers["ETag"]}
    changed = client.get("/api/v1/settings/public", headers=old)
    assert changed.json["result"]["company.phone"] == "1"


def test_a_secret_can_not_be_made_public(db_session):
    row = stored("payments.stripe_secret_key")
    row.is_public = True
    with pytest.raises(sa.exc.IntegrityError):
        db_session.flush()


# -- the command line


@pytest.fixture
def run(app, db_session) -> Callable[..., object]:
    def run_(*arguments: str, input: str | None = None):  # noqa: A002 - click's name
        return app.test_cli_runner().invoke(args=["settings", *arguments], input=input)

    return run_


def test_settings_are_listed_read_and_set_on_the_command_line(run):
    assert "sales.cash_tolerance = 10.00  (default)" in run("list", "sales").output
    assert run("set", "sales.cash_tolerance", "12").output == "sales.cash_tolerance: changed.\n"
    assert run("get", "sales.cash_tolerance").output == "12\n"
    assert run("set", "sales.cash_tolerance", "--default").exit_code == 0
    assert run("get", "sales.cash_tolerance").output == "10.00\n"
    assert run("set", "billing.reminder_days", "--stdin", input="1\n2\n").exit_code == 0
    assert read_setting("billing.reminder_days") == [1, 2]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("set", "sales.cash_tolerance", "-5"), "No such option"),
        (("set", "sales.cash_tolerance", "--", "-5"), "Error: At least 0."),
        (("set", "sales.idempotency_hours", "two"), "Error: Enter a whole number."),
        (("set", "no.such", "1"), "There is no setting “no.such”."),
        (("set", "platform.seeded", "{}"), "There is no setting “platform.seeded”."),
        (("get", "no.such"), "There is no setting “no.such”."),
        (("set", "sales.cash_tolerance"), "Give a value"),
    ],
)
def test_what_is_wrong_is_told_in_a_sentence(run, arguments, told):
    result = run(*arguments)
    assert result.exit_code != 0
    assert told in result.output
    assert "Traceback" not in result.output


def test_the_command_line_never_prints_a_secret(run):
    assert run("get", "payments.stripe_secret_key").output == "(not set)\n"
    asked = run("set", "payments.stripe_secret_key", input=f"{SECRET}\n")
    assert SECRET not in asked.output
    assert read_setting("payments.stripe_secret_key") == SECRET
    assert SECRET not in run("list").output + run("get", "payments.stripe_secret_key").output
    rotated = run("rotate-keys")
    assert rotated.exit_code == 0
    assert "platform.system_settings.encrypted_value: 0 encrypted anew, 1 were so" in rotated.output


# -- other processes

READER = """
import sys, time
from app.factory import create_app
from app.db import session
from app.services.platform.read_setting import read_setting

app = create_app()
with app.app_context():
    def value():
        found = read_setting("company.phone", "none")
        session().rollback()  # no transaction stays open between two reads
        return found
    seen = value()
    print(seen, flush=True)
    until = time.monotonic() + 30
    while time.monotonic() < until:
        if (now := value()) != seen:
            seen = now
            print(seen, time.time(), flush=True)
"""


@pytest.mark.parametrize("change", ["service", "sql"])
def test_another_process_sees_a_change_within_a_second(
    make_app, fresh_database, environment, change
):
    import os
    import time

    from app.db import atomic

    app = make_app(fresh_database)
    process = subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-c", READER],
        env={**os.environ, **environment, "DATABASE_URL": fresh_database},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout.readline().strip() == "none"
        with app.app_context():
            for number in ("1", "2", "3"):
                _change_phone(atomic, number, by_sql=change == "sql")
                changed_at = time.time()
                value, seen_at = process.stdout.readline().split()
                assert value == number
                assert float(seen_at) - changed_at < 1
    finally:
        process.kill()
        process.wait()


def _change_phone(atomic, number: str, *, by_sql: bool) -> None:
    from tests.services.test_settings import change

    if not by_sql:
        change("company.phone", number)
        return
    with atomic() as current:
        current.connection().exec_driver_sql(
            "UPDATE platform.system_settings SET setting_value = %s::jsonb"
            " WHERE setting_key = 'company.phone'",
            (f'"{number}"',),
        )


def test_a_process_that_listens_reads_without_sql(make_app, fresh_database):
    import time

    from app.db import session as current_session
    from app.settings import cache

    app = make_app(fresh_database)
    with app.app_context():
        kept = cache.settings_cache()
        kept.listener.start()
        until = time.monotonic() + 5
        while not kept.listener.hears and time.monotonic() < until:
            read_setting("company.name")
        assert kept.listener.hears
        read_setting("company.name")
        before = kept._kept
        kept._kept = cache._Kept(before.snapshot, before.read_at - 5)
        read_setting("company.name")
        assert kept._kept.snapshot is before.snapshot
        current_session().rollback()
        thread = kept.listener._thread
    from app.extensions import db

    with app.app_context():
        db.engine.dispose()
    assert not thread.is_alive()
