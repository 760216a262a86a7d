"""New passwords: the policy, changing one's own, setting another's, and the link by e-mail."""

from __future__ import annotations

import datetime as dt
import re
import threading
import uuid

import pytest
import sqlalchemy as sa
import time_machine
from werkzeug.security import check_password_hash

from app import mail
from app.actor import Actor
from app.db import session
from app.mail.fake import FakeMailer
from app.services.identity.password_errors import DeadLinkError
from app.services.identity.purge_sign_ins import purge_sign_ins
from app.services.identity.reset_password import ResetPassword, reset_password
from app.services.messaging.send_email import due_emails, send_email
from models.identity import PasswordResetToken, User, UserSession
from models.messaging import EmailLog
from tests.conftest import give_session
from tests.users import PASSWORD

NEW = "una llama verde canta"
ASK = "/password-reset/"
VISITOR = Actor(user_id=0, name="Nobody", ip="127.0.0.1")


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def user(name: str = "cashier") -> User:
    session().expire_all()
    return session().scalar(sa.select(User).where(User.username == name))


def change(name: str = "cashier", **values) -> None:
    session().execute(sa.update(User).where(User.username == name).values(**values))
    session().commit()


def log_in(client, name: str = "cashier", password: str = PASSWORD) -> bool:
    client.post("/login/", data={"username": name, "password": password})
    return is_signed_in(client)


def is_signed_in(client) -> bool:
    return client.get("/profile/").status_code == 200


def live_sessions(name: str = "cashier") -> int:
    mine = UserSession.user_id == user(name).id
    return session().scalar(
        sa.select(sa.func.count()).where(mine, UserSession.revoked_at.is_(None))
    )


@pytest.fixture
def outbox(monkeypatch) -> FakeMailer:
    mailer = FakeMailer()
    monkeypatch.setattr(mail, "_mailer", mailer)
    return mailer


def deliver(outbox: FakeMailer) -> list[str]:
    """Send what waits; gives the paths of the links in the newest messages."""
    for email in due_emails(now=now()):
        send_email(email, now=now())
    texts = [message.text for message in outbox.sent]
    return [found for text in texts for found in re.findall(r"https?://[^/]+(/\S+)", text)]


def link(client, outbox: FakeMailer, name: str = "cashier") -> str:
    """The path of the link that somebody who forgot the password gets."""
    client.post(ASK, data={"username": name})
    return deliver(outbox)[-1]


def set_by(client, path: str, password: str = NEW, again: str | None = None):
    return client.post(path, data={"password": password, "again": again or password})


# -- changing one's own


def change_own(client, password: str, current: str = PASSWORD):
    form = {"current": current, "password": password, "again": password}
    return client.post("/password/?_l_=en", data=form)


def test_changing_the_password_signs_out_everywhere_else(app, sign_in, db_session):
    elsewhere = app.test_client()
    give_session(elsewhere, user().id)
    client = sign_in("cashier")
    assert change_own(client, NEW).status_code == 302
    assert is_signed_in(client)
    assert not is_signed_in(elsewhere)
    assert check_password_hash(user().password, NEW)
    assert user().password_changed_at is not None


@pytest.mark.parametrize(
    ("password", "sentence"),
    [
        ("short", "At least 10 characters, please."),
        ("cashier-cashier", "Too close to the name"),
        ("password123456", "lists of stolen passwords"),
        ("aaaaaaaaaaaaa", "Too easy to guess"),
        (PASSWORD, "you have already"),
    ],
)
def test_a_weak_password_is_told_beside_the_field(sign_in, db_session, password, sentence):
    text = change_own(sign_in("cashier"), password).text
    beside = text.split('id="password-error"')[1][:300]
    assert sentence in beside
    assert check_password_hash(user().password, PASSWORD)


def test_the_current_password_is_asked_for_and_not_to_be_guessed_here(sign_in, db_session):
    client = sign_in("cashier")
    for _ in range(5):
        assert "not your current password" in change_own(client, NEW, current="wrong").text
    assert user().locked_until is not None
    assert "not your current password" in change_own(client, NEW).text


# -- set by an administrator


def test_a_password_set_by_an_administrator_has_to_be_replaced(app, sign_in, db_session):
    client = app.test_client()
    give_session(client, user().id)
    change(locked_until=now() + dt.timedelta(hours=1))
    admin = sign_in("admin")
    answer = set_by(admin, f"/identity/users/password/{user().id}", "primera llama gris")
    assert answer.status_code == 302
    assert not is_signed_in(client)
    client.post("/login/", data={"username": "cashier", "password": "primera llama gris"})
    for path in ("/", "/profile/", "/sales/orders/list/", "/profile/sessions/"):
        assert client.get(path).location == "/password/", path
    assert client.get("/api/v1/sales/orders/").status_code in (401, 403)
    assert client.get("/password/").status_code == 200
    change_own(client, NEW, current="primera llama gris")
    assert is_signed_in(client)


def test_who_must_change_the_password_may_still_leave(app, sign_in, db_session):
    client = sign_in("cashier")
    change(must_change_password=True)
    assert client.get("/profile/").location == "/password/"
    assert client.get("/lang/es").status_code == 302
    client.post("/logout/")
    assert live_sessions() == 0


@pytest.mark.parametrize("role", ["manager", "cashier", "auditor"])
def test_nobody_else_sets_passwords(sign_in, db_session, role):
    before = user("technician").password
    client = sign_in(role)
    set_by(client, f"/identity/users/password/{user('technician').id}")
    assert user("technician").password == before


# -- forgotten


def test_the_link_sets_a_password_once_and_signs_out_everywhere(client, app, outbox, db_session):
    elsewhere = app.test_client()
    give_session(elsewhere, user().id)
    change(locked_until=now() + dt.timedelta(hours=1), fail_login_count=9)
    path = link(client, outbox)
    assert outbox.sent[-1].to_email == "cashier@example.com"
    assert client.get(path).status_code == 200
    assert set_by(client, path).location == "/login/"
    assert not is_signed_in(elsewhere)
    assert live_sessions() == 0
    assert not log_in(client, password=PASSWORD)
    assert log_in(client, password=NEW)


def test_a_used_link_is_dead(client, outbox, db_session):
    path = link(client, outbox)
    set_by(client, path)
    assert client.get(path).location == ASK
    set_by(client, path, "otra llama azul baila")
    assert check_password_hash(user().password, NEW)


def test_a_link_dies_after_half_an_hour(client, outbox, db_session):
    path = link(client, outbox)
    with time_machine.travel(now() + dt.timedelta(minutes=31), tick=False):
        set_by(client, path)
    assert check_password_hash(user().password, PASSWORD)


def test_only_the_newest_link_works(client, outbox, db_session):
    first = link(client, outbox)
    second = link(client, outbox)
    set_by(client, first)
    assert check_password_hash(user().password, PASSWORD)
    set_by(client, second)
    assert check_password_hash(user().password, NEW)


def test_a_weak_password_leaves_the_link_alive(client, outbox, db_session):
    path = link(client, outbox)
    answer = set_by(client, path, "password123456")
    assert answer.status_code == 200
    assert set_by(client, path).location == "/login/"


def test_a_link_to_an_old_address_is_dead_once_the_address_changed(client, outbox, db_session):
    path = link(client, outbox)
    change(email="new@example.com")
    with time_machine.travel(now() + dt.timedelta(seconds=1), tick=False):
        set_by(client, path)
    assert check_password_hash(user().password, PASSWORD)


def test_a_switched_off_user_gets_no_link_and_uses_none(client, outbox, db_session):
    path = link(client, outbox)
    change(active=False)
    set_by(client, path)
    assert check_password_hash(user().password, PASSWORD)
    sent = len(outbox.sent)
    client.post(ASK, data={"username": "cashier"})
    deliver(outbox)
    assert len(outbox.sent) == sent


@pytest.mark.parametrize("token", ["x", "%00", "a" * 3000, "..%2F", "é", str(uuid.UUID(int=0))])
def test_made_up_links_lead_nowhere(client, db_session, token):
    for answer in (client.get(ASK + token), set_by(client, ASK + token)):
        assert answer.status_code in (302, 404)


def test_of_two_uses_at_once_one_wins(make_app, fresh_database, monkeypatch):
    app = make_app(fresh_database)
    token = "the token of the link"
    from app.services.identity.reset_link import token_hash

    with app.app_context():
        row = PasswordResetToken(
            user_id=user().id,
            token=token_hash(token),
            expires_at=now() + dt.timedelta(minutes=5),
        )
        session().add(row)
        session().commit()
    gate, won, lost = threading.Barrier(2), [], []

    def use(password: str) -> None:
        with app.app_context():
            gate.wait()
            try:
                reset_password(ResetPassword(token, password), actor=VISITOR, now=now())
                won.append(password)
            except DeadLinkError:
                lost.append(password)

    passwords = ("primera llama gris", "segunda llama azul")
    threads = [threading.Thread(target=use, args=(one,)) for one in passwords]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(won), len(lost)) == (1, 1)
    with app.app_context():
        assert check_password_hash(user().password, won[0])


def test_neither_log_nor_table_keeps_anything_that_opens(client, outbox, db_session):
    path = link(client, outbox)
    token = path.rsplit("/", 1)[1]
    assert len(token) >= 43
    kept = session().execute(
        sa.text(
            "SELECT (SELECT json_agg(e) FROM messaging.email_log e)::text || "
            "(SELECT json_agg(t) FROM identity.password_reset_tokens t)::text"
        )
    )
    assert token not in kept.scalar_one()
    assert "[link]" in session().scalar(sa.select(EmailLog.body_text))


def test_an_email_that_is_sent_again_brings_a_link_that_works(client, outbox, db_session):
    client.post(ASK, data={"username": "cashier"})
    (email,) = due_emails(now=now())
    send_email(email, now=now())
    session().execute(sa.update(EmailLog).values(status="queued", next_attempt_at=None))
    session().commit()
    path = deliver(outbox)[-1]
    assert len(outbox.sent) == 2
    assert set_by(client, path).location == "/login/"


def test_an_email_whose_link_is_over_is_not_sent(client, outbox, db_session):
    client.post(ASK, data={"username": "cashier"})
    session().execute(sa.update(PasswordResetToken).values(expires_at=now()))
    session().commit()
    deliver(outbox)
    assert outbox.sent == []
    assert session().scalar(sa.select(EmailLog.status)) == "failed"


def test_known_and_unknown_names_get_the_same_answer_in_the_same_time(client, db_session):
    answers, seconds = [], []
    for name in ("cashier", "nobody", "cashier@example.com", "nobody@example.com", "\x00"):
        start = dt.datetime.now(dt.UTC)
        answers.append(client.post(ASK, data={"username": name}, follow_redirects=True).text)
        seconds.append((dt.datetime.now(dt.UTC) - start).total_seconds())
    pages = {re.sub(r'(content|value)="[\w.\-]{60,}"', "", answer) for answer in answers[:4]}
    assert len(pages) == 1
    assert min(seconds[:4]) >= 0.3
    assert session().scalar(sa.select(sa.func.count()).select_from(EmailLog)) == 2


def test_the_fourth_link_within_an_hour_is_not_sent(client, outbox, db_session):
    for _ in range(4):
        client.post(ASK, data={"username": "cashier"})
    deliver(outbox)
    assert session().scalar(sa.select(sa.func.count()).select_from(EmailLog)) == 3
    with time_machine.travel(now() + dt.timedelta(minutes=61), tick=False):
        client.post(ASK, data={"username": "cashier"})
    assert session().scalar(sa.select(sa.func.count()).select_from(EmailLog)) == 4


def test_one_address_asks_five_times_a_minute(app, client, db_session):
    app.appbuilder.sm.limiter.enabled = True
    app.appbuilder.sm.limiter.reset()
    try:
        answers = [client.post(ASK).status_code for _ in range(6)]
    finally:
        app.appbuilder.sm.limiter.enabled = False
    assert answers == [200] * 5 + [429]


def test_the_page_of_the_link_tells_its_address_to_nobody(client, outbox, db_session):
    path = link(client, outbox)
    assert client.get(path).headers["Referrer-Policy"] == "no-referrer"
    assert client.get(path).headers["Cache-Control"].startswith("no-store")
    assert client.get(ASK + "x").headers["Referrer-Policy"] == "no-referrer"


def test_the_links_host_is_the_sites_and_not_the_requests(client, outbox, db_session):
    client.post(ASK, data={"username": "cashier"}, headers={"Host": "localhost:81"})
    deliver(outbox)
    assert "http://127.0.0.1:8080/password-reset/" in outbox.sent[-1].text


def test_the_email_speaks_the_users_language(client, outbox, db_session):
    change(language="en")
    link(client, outbox)
    assert "Hello Cashier," in outbox.sent[-1].text


def test_old_links_are_forgotten(client, outbox, db_session):
    link(client, outbox)
    assert purge_sign_ins(now=now() + dt.timedelta(days=91)) == 1


# -- verifying the address


def test_the_link_verifies_the_address_it_was_sent_to(sign_in, outbox, db_session):
    client = sign_in("cashier")
    assert "Not verified" in client.get("/profile/").text
    client.post("/verify-email/")
    (path,) = deliver(outbox)
    assert client.get(path).headers["Referrer-Policy"] == "no-referrer"
    assert user().email_verified_at is not None
    assert "Not verified" not in client.get("/profile/").text


def test_the_link_of_another_address_or_another_time_verifies_nothing(sign_in, outbox, db_session):
    client = sign_in("cashier")
    client.post("/verify-email/")
    (path,) = deliver(outbox)
    with time_machine.travel(now() + dt.timedelta(hours=49), tick=False):
        client.get(path)
    change(email="new@example.com")
    client.get(path)
    client.get(path[:-5] + "AAAA=")
    client.get("/verify-email/x")
    assert user().email_verified_at is None


@pytest.mark.parametrize("email", ["other@example.com", "CASHIER@example.com"])
def test_a_changed_address_is_no_longer_verified(db_session, email):
    change(email_verified_at=now())
    change(email=email)
    assert (user().email_verified_at is None) == (email == "other@example.com")


def test_an_address_that_an_administrator_changes_gets_a_link(sign_in, outbox, db_session):
    change(email_verified_at=now())
    admin = sign_in("admin")
    page = admin.get(f"/identity/users/edit/{user().id}").text
    stamp = page.split('name="record_stamp"')[1].split('value="')[1].split('"')[0]
    form = {"username": "cashier", "email": "other@example.com", "first_name": "C", "active": "y"}
    form |= {"last_name": "T", "timezone": "America/Lima", "language": "en", "record_stamp": stamp}
    assert admin.post(f"/identity/users/edit/{user().id}", data=form).status_code == 302
    assert user().email_verified_at is None
    (path,) = deliver(outbox)
    assert outbox.sent[-1].to_email == "other@example.com"
    admin.get(path)
    assert user().email_verified_at is not None
