"""Settings through the API and the command line; secrets go in by every door and out by none."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
import sqlalchemy as sa

from app.db import session
from app.encryption import decrypt
from app.services.platform.read_setting import read_setting
from models.platform import AuditLog
from tests.security.settings_form import send, stored

SECRET = "sk_test_51Nothing"


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
    for unknown in ("no.such", "platform.seeded", "%00", "a%0Ab"):
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
        and not any(part in rule.rule for part in ("/list/", "/export"))
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
