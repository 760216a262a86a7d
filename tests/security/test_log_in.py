"""Signing in: who may, who is locked out, and that the answer tells nothing about the reason."""

from __future__ import annotations

import datetime as dt
import json
import threading
import time

import pytest
import sqlalchemy as sa
import time_machine
from werkzeug.security import generate_password_hash

from app.db import session
from app.services.identity import log_in as log_in_service
from models.identity import LoginAttempt, User
from tests.users import PASSWORD

WRONG = "not the password"


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def user(name: str = "cashier") -> User:
    session().expire_all()
    return session().scalar(sa.select(User).where(User.username == name))


def change(name: str = "cashier", **values) -> None:
    session().execute(sa.update(User).where(User.username == name).values(**values))
    session().commit()


def log_in(client, name: str = "cashier", password: str = PASSWORD):
    return client.post("/login/?_l_=en", data={"username": name, "password": password})


def api_log_in(client, name: str = "cashier", password: str = PASSWORD):
    body = {"username": name, "password": password, "provider": "db"}
    return client.post("/api/v1/security/login", json=body)


def is_signed_in(client) -> bool:
    return client.get("/profile/").status_code == 200


def outcomes() -> list[tuple[str, str]]:
    rows = session().execute(
        sa.select(LoginAttempt.method, LoginAttempt.outcome).order_by(LoginAttempt.id)
    )
    return [tuple(row) for row in rows]


# -- one answer


def reasons(db_session) -> dict[str, tuple[str, str]]:
    """Reason → name and password that fail for it."""
    change("manager", active=False)
    change("seller", locked_until=now() + dt.timedelta(hours=1))
    change("warehouse", password=None)
    return {
        "wrong": ("cashier", WRONG),
        "unknown": ("nobody", PASSWORD),
        "inactive": ("manager", PASSWORD),
        "locked": ("seller", PASSWORD),
        "without a password": ("warehouse", ""),
        "too long": ("cashier", "x" * 100_000),
        "damaged": ("\x00", "\x00"),
    }


def bare(text: str, name: str) -> str:
    """The page without what the visitor typed and without the token of the form."""
    import re

    without_token = re.sub(r'(content|value)="[\w.\-]{60,}"', "", text)
    return without_token.replace(f'value="{name}"', "")


def test_every_failed_log_in_gets_the_same_page(client, db_session):
    tried = reasons(db_session)
    del tried["without a password"]  # the form itself asks for one
    del tried["damaged"]
    pages = {}
    for reason, (name, password) in tried.items():
        answer = log_in(client, name, password)
        assert not is_signed_in(client), reason
        pages[reason] = (answer.status_code, bare(answer.text, name))
    assert len(set(pages.values())) == 1
    assert "don&#39;t go together" in pages["wrong"][1]


def test_every_failed_log_in_of_a_program_gets_the_same_answer(client, db_session):
    tried = reasons(db_session)
    del tried["without a password"]
    answers = {}
    for reason, (name, password) in tried.items():
        if len(password) < 1000:
            answer = api_log_in(client, name, password)
            told = {k: v for k, v in answer.json.items() if k != "instance"}
            answers[reason] = (answer.status_code, json.dumps(told, sort_keys=True))
    assert {status for status, _body in answers.values()} == {401}
    assert len(set(answers.values())) == 1


def test_every_failed_log_in_compares_one_hash_and_writes_as_often(
    client, db_session, count_statements, monkeypatch
):
    compared = []
    real = log_in_service.check_password_hash

    def compare(hashed: str, password: str) -> bool:
        compared.append(hashed.split("$", maxsplit=1)[0])
        return real(hashed, password)

    monkeypatch.setattr(log_in_service, "check_password_hash", compare)
    strong = generate_password_hash(PASSWORD)
    session().execute(sa.update(User).values(password=strong))
    session().commit()
    tried = reasons(db_session)
    written = {}
    for reason in ("wrong", "unknown", "inactive", "locked"):
        with count_statements() as statements:
            log_in(client, *tried[reason])
        changed = [one for one in statements if one.startswith(("INSERT", "UPDATE"))]
        written[reason] = sum("login_attempts" in one for one in changed)
    assert compared == ["scrypt:32768:8:1"] * 4
    assert set(written.values()) == {2}


def test_an_unknown_name_takes_as_long_as_a_wrong_password(client, db_session):
    session().execute(sa.update(User).values(password=generate_password_hash(PASSWORD)))
    session().commit()

    def seconds(name: str) -> float:
        times = []
        for _ in range(3):
            change(locked_until=None, fail_login_count=0)
            start = time.process_time()
            log_in(client, name, WRONG)
            times.append(time.process_time() - start)
        return min(times)

    seconds("cashier")
    assert seconds("nobody") == pytest.approx(seconds("cashier"), rel=0.5)


# -- lock-out


def fail(client, times: int, at: dt.datetime | None = None) -> None:
    with time_machine.travel(at or now(), tick=False):
        for _ in range(times):
            log_in(client, password=WRONG)


@pytest.mark.parametrize("door", [log_in, api_log_in])
def test_five_failures_lock_every_door_even_for_the_right_password(client, db_session, door):
    for _ in range(5):
        door(client, password=WRONG)
    assert api_log_in(client).status_code == 401
    log_in(client)
    assert not is_signed_in(client)


def test_four_failures_and_then_the_right_password_begin_anew(client, db_session):
    for _round in range(2):
        fail(client, 4)
        log_in(client)
        assert is_signed_in(client)
        client.post("/logout/")
    assert user().fail_login_count == 0


def test_a_lock_lasts_a_minute_and_doubles_to_an_hour(client, db_session):
    at = now()
    lasted = []
    fail(client, 4, at)
    for _ in range(9):
        fail(client, 1, at)
        until = user().locked_until
        lasted.append(round((until - at).total_seconds() / 60))
        at = until + dt.timedelta(seconds=1)
    assert lasted == [1, 2, 4, 8, 16, 32, 60, 60, 60]


def test_attempts_while_locked_neither_count_nor_prolong(client, db_session):
    fail(client, 5)
    before = (user().fail_login_count, user().locked_until)
    fail(client, 10)
    assert (user().fail_login_count, user().locked_until) == before


def test_after_the_lock_the_right_password_signs_in(client, db_session):
    fail(client, 5)
    with time_machine.travel(now() + dt.timedelta(seconds=61), tick=False):
        log_in(client)
        assert is_signed_in(client)
    assert user().locked_until is None


def test_the_number_of_failures_is_a_setting(client, db_session):
    from app.actor import system_actor
    from app.services.platform.change_settings import (
        ChangeSettings,
        SettingChange,
        change_settings,
    )

    command = ChangeSettings((SettingChange("security.lockout_attempts", 3),))
    change_settings(command, actor=system_actor(), now=now())
    fail(client, 3)
    assert user().locked_until is not None


def test_an_administrator_unlocks(sign_in, app, db_session):
    visitor = app.test_client()
    fail(visitor, 5)
    admin = sign_in("admin")
    page = admin.get(f"/identity/users/show/{user().id}").text
    url = f"/identity/users/unlock/{user().id}"
    assert url in page
    assert "none is accepted until" in admin.get(url).text
    assert user().locked_until is not None
    admin.post(url)
    log_in(visitor)
    assert is_signed_in(visitor)
    assert url not in admin.get(f"/identity/users/show/{user().id}").text


def test_nobody_else_does(sign_in, app, db_session):
    fail(app.test_client(), 5)
    sign_in("manager").post(f"/identity/users/unlock/{user().id}")
    assert user().locked_until is not None


def test_many_attempts_at_once_get_no_more_guesses(make_app, fresh_database, monkeypatch):
    app = make_app(fresh_database)
    compared = []

    def compare(_hashed: str, _password: str) -> bool:
        compared.append(1)
        time.sleep(0.05)  # as scrypt would take
        return False

    monkeypatch.setattr(log_in_service, "check_password_hash", compare)
    gate = threading.Barrier(12)

    def attack() -> None:
        client = app.test_client()
        gate.wait()
        for _ in range(5):
            log_in(client, password=WRONG)

    threads = [threading.Thread(target=attack) for _ in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with app.app_context():
        assert user().fail_login_count == 5
        assert outcomes().count(("password", "wrong_password")) == 5
        assert outcomes().count(("password", "locked")) == 55


def test_a_thousand_attempts_leave_the_account_locked_and_the_server_fine(
    client, db_session, monkeypatch
):
    monkeypatch.setattr(log_in_service, "check_password_hash", lambda *_: False)
    for _ in range(1000):
        assert log_in(client, password=WRONG).status_code == 200
    assert user().locked_until is not None
    assert len(outcomes()) == 1000
    monkeypatch.undo()
    log_in(client)
    assert not is_signed_in(client)
    log_in(client, "manager")
    assert is_signed_in(client)


def test_one_address_sends_the_form_twenty_times_a_minute(app, client, db_session):
    app.appbuilder.sm.limiter.enabled = True
    app.appbuilder.sm.limiter.reset()
    try:
        answers = [client.post("/login/").status_code for _ in range(21)]
        api = [client.post("/api/v1/security/login", json={}).status_code for _ in range(21)]
    finally:
        app.appbuilder.sm.limiter.enabled = False
    assert set(answers[:20]) == {200}
    assert answers[20] == 429
    assert api[20] == 429


# -- what is kept


def test_every_attempt_is_a_row(client, db_session):
    tried = reasons(db_session)
    for reason in ("wrong", "unknown", "inactive", "locked"):
        log_in(client, *tried[reason])
    log_in(client)
    api_log_in(client)
    assert outcomes() == [
        ("password", "wrong_password"),
        ("password", "unknown_user"),
        ("password", "inactive"),
        ("password", "locked"),
        ("password", "success"),
        ("api", "success"),
    ]
    last = session().scalar(sa.select(LoginAttempt).order_by(LoginAttempt.id.desc()).limit(1))
    assert (str(last.ip_address), last.user_id) == ("127.0.0.1", user().id)
    assert last.user_agent.startswith("Werkzeug")


def test_no_password_is_kept_with_an_attempt(client, db_session):
    log_in(client, password="hunter2 hunter2")
    row = session().execute(sa.text("SELECT row_to_json(a) FROM identity.login_attempts a"))
    assert "hunter2" not in str(row.all())


def test_a_log_in_is_counted_and_no_edit_of_the_user(client, db_session):
    before = user()
    count, changed = before.login_count, before.changed_on
    log_in(client, password=WRONG)
    log_in(client)
    after = user()
    assert after.login_count == count + 1
    assert after.last_login is not None
    assert after.changed_on == changed


def test_the_user_sees_the_attempts_of_others_to_be_them(client, app, db_session):
    log_in(app.test_client(), password=WRONG)
    log_in(client)
    client.get("/lang/en")
    assert "Wrong password" in client.get("/profile/sessions/").text


def test_a_hash_made_with_old_parameters_is_renewed(client, db_session):
    assert user().password.startswith("scrypt:1024:")
    log_in(client)
    assert user().password.startswith("scrypt:32768:8:1$")
    client.post("/logout/")
    log_in(client)
    assert is_signed_in(client)


def test_a_name_that_is_somebody_elses_address_means_the_name(client, db_session):
    change("manager", username="cashier@example.com", password=generate_password_hash("other one"))
    log_in(client, "cashier@example.com", "other one")
    assert "manager@example.com" in client.get("/profile/").text
