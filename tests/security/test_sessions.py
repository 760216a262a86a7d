"""Sessions: the row signs somebody in, the cookie means nothing, Valkey only helps."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa
import time_machine
from redis import Redis

from app import doorbell, session_cache
from app.actor import system_actor
from app.db import session
from app.security.session_token import new_token, read_token
from app.services.identity.end_sessions import EndSessions, end_sessions
from app.services.identity.find_session import is_live
from app.services.identity.purge_sign_ins import purge_sign_ins
from models.identity import LoginAttempt, User, UserSession
from tests.conftest import Browser, give_session
from tests.users import PASSWORD

COOKIE = "qhatu"
MINE = "/profile/sessions/"


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def user(name: str) -> User:
    return session().scalar(sa.select(User).where(User.username == name))


def rows(name: str = "cashier") -> list[UserSession]:
    session().expire_all()
    mine = sa.select(UserSession).where(UserSession.user_id == user(name).id)
    return session().scalars(mine.order_by(UserSession.created_at)).all()


def log_in(client, name: str = "cashier", **options):
    return client.post("/login/", data={"username": name, "password": PASSWORD}, **options)


def is_signed_in(client) -> bool:
    return client.get("/profile/").status_code == 200


def cookie(client) -> str:
    found = client.get_cookie(COOKIE)
    return found.value if found else ""


@pytest.fixture
def another(app, client):
    """Open another browser."""
    return app.test_client


@pytest.fixture
def valkey_away(monkeypatch):
    """From now on nothing answers where Valkey was."""

    def go_away() -> None:
        dead = Redis.from_url("redis://127.0.0.1:1", socket_connect_timeout=0.2)
        monkeypatch.setattr(session_cache, "_client", lambda: dead)
        monkeypatch.setattr(session_cache, "_away_until", 0.0)

    yield go_away
    session_cache._away_until = 0.0


# -- the cookie


def test_the_cookie_is_a_token_that_only_its_hash_is_kept_of(client, db_session):
    log_in(client)
    (row,) = rows()
    value = cookie(client)
    assert len(value) >= 43
    assert value not in (row.token_hash, str(row.id))
    assert read_token(client.application.secret_key, value).hash == row.token_hash
    assert str(user("cashier").id) not in value.split(".")


def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(client, db_session):
    header = log_in(client).headers["Set-Cookie"]
    assert "HttpOnly" in header
    assert "SameSite=Lax" in header
    assert "Path=/" in header
    assert "Domain" not in header


def test_a_secure_site_pins_its_cookie_to_the_host(environment, connection_url):
    from app.factory import create_app
    from config import load_settings

    secure = {**environment, "DATABASE_URL": connection_url, "QHATU_SECURE_COOKIES": "true"}
    header = create_app(load_settings(secure)).test_client().get("/lang/es").headers["Set-Cookie"]
    assert header.startswith("__Host-qhatu=")
    assert "Secure" in header


@pytest.mark.parametrize(
    "planted", ["", "x", "s" + "A" * 65, "a" * 5000, "v.v.v", "ñ", '{"_user_id": 1}']
)
def test_a_cookie_that_we_did_not_make_is_never_adopted(client, db_session, planted):
    client.set_cookie(COOKIE, planted)
    assert not is_signed_in(client)
    log_in(client)
    assert is_signed_in(client)
    assert cookie(client) != planted


def test_a_made_up_cookie_costs_no_look_into_any_store(client, db_session, monkeypatch):
    client.set_cookie(COOKIE, "s" + "A" * 65)
    monkeypatch.setattr(session_cache, "read", lambda _hash: pytest.fail("looked it up"))
    assert client.get("/login/").status_code == 200


@pytest.mark.parametrize("place", [0, 1, 20, -1])
def test_a_changed_cookie_signs_nobody_in(client, db_session, place):
    log_in(client)
    value = list(cookie(client))
    value[place] = "A" if value[place] != "A" else "B"
    client.set_cookie(COOKIE, "".join(value))
    assert not is_signed_in(client)


def test_a_session_that_an_attacker_began_is_not_the_one_that_signs_in(client, another, db_session):
    attacker = another()
    attacker.get("/lang/en")
    planted = cookie(attacker)
    client.set_cookie(COOKIE, planted)
    log_in(client)
    assert cookie(client) != planted
    assert is_signed_in(client)
    assert not is_signed_in(attacker)


def test_a_token_of_a_signed_in_session_without_a_row_signs_nobody_in(client, db_session):
    token = new_token(client.application.secret_key, signed_in=True)
    client.set_cookie(COOKIE, token.value)
    assert not is_signed_in(client)


def test_data_of_a_visitors_session_can_not_make_a_user_of_it(client, db_session):
    with client.session_transaction() as store:
        store["_user_id"] = str(user("admin").id)
        store["_fresh"] = True
        store["locale"] = "en"
    assert not is_signed_in(client)


def test_a_visitor_who_brings_nothing_is_given_and_costs_nothing(client, db_session):
    before = doorbell.connection().dbsize()
    client.get("/nowhere")
    client.get("/login/")
    assert doorbell.connection().dbsize() == before
    assert rows() == []


def test_signing_in_again_on_the_same_browser_ends_nothing_but_needs_signing_out(
    client, db_session
):
    log_in(client)
    first = cookie(client)
    client.post("/logout/")
    log_in(client)
    assert cookie(client) != first
    assert [row.revoked_at is None for row in rows()] == [False, True]


# -- ending


def test_signing_out_ends_the_row_and_the_old_cookie(client, another, db_session):
    log_in(client)
    copied = another()
    copied.set_cookie(COOKIE, cookie(client))
    assert is_signed_in(copied)
    client.post("/logout/")
    assert not is_signed_in(client)
    assert not is_signed_in(copied)
    (row,) = rows()
    assert row.revoked_at is not None


def test_an_ended_session_is_dead_at_once_and_stays_so(sign_in, db_session):
    client = sign_in("cashier")
    assert is_signed_in(client)
    ending = EndSessions(user("cashier").id)
    assert end_sessions(ending, actor=system_actor(), now=now()) == 1
    assert not is_signed_in(client)
    session_cache._client().flushdb()  # also without the mark
    assert not is_signed_in(client)


def test_a_request_that_was_under_way_does_not_bring_an_ended_session_back(sign_in, db_session):
    client = sign_in("cashier")
    with client.session_transaction() as slow:
        slow["note"] = "written after the end"
        end_sessions(EndSessions(user("cashier").id), actor=system_actor(), now=now())
    assert not is_signed_in(client)


def test_a_session_ended_with_plain_sql_is_over_within_a_minute(sign_in, db_session):
    client = sign_in("cashier")
    assert is_signed_in(client)
    session().execute(sa.update(UserSession).values(revoked_at=sa.func.now()))
    session().commit()
    with time_machine.travel(now() + dt.timedelta(seconds=61), tick=False):
        assert not is_signed_in(client)


def test_ending_undone_by_a_rollback_ends_nothing(sign_in, db_session):
    from app.db import atomic

    client = sign_in("cashier")

    def fail() -> None:
        with atomic():
            end_sessions(EndSessions(user("cashier").id), actor=system_actor(), now=now())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert is_signed_in(client)


def test_is_live_follows_the_row(sign_in, db_session):
    sign_in("cashier")
    (row,) = rows()
    assert is_live(str(row.id), now=now())
    assert not is_live("no uuid", now=now())
    assert not is_live(str(row.id), now=row.expires_at)
    end_sessions(EndSessions(row.user_id), actor=system_actor(), now=now())
    assert not is_live(str(row.id), now=now())


def test_a_switched_off_user_is_out_and_does_not_come_back_with_the_account(sign_in, app):
    victim = Browser(app)
    give_session(victim, user("cashier").id)
    admin = sign_in("admin")
    pk = user("cashier").id
    page = admin.get(f"/identity/users/edit/{pk}").text
    stamp = page.split('name="record_stamp"')[1].split('value="')[1].split('"')[0]
    form = {"username": "cashier", "email": "cashier@example.com", "first_name": "C"}
    form |= {"last_name": "T", "timezone": "America/Lima", "language": "en", "record_stamp": stamp}
    assert admin.post(f"/identity/users/edit/{pk}", data=form).status_code == 302
    assert not is_signed_in(victim)
    session().execute(sa.update(User).where(User.id == pk).values(active=True))
    session().commit()
    assert not is_signed_in(victim)


# -- time


def test_an_idle_session_ends(sign_in, db_session):
    client = sign_in("cashier")
    with time_machine.travel(now() + dt.timedelta(minutes=121), tick=False):
        assert not is_signed_in(client)


def test_use_keeps_a_session_alive_but_not_beyond_its_end(sign_in, db_session):
    client = sign_in("cashier")
    start = now()
    for minutes in range(100, 12 * 60, 100):
        with time_machine.travel(start + dt.timedelta(minutes=minutes), tick=False):
            assert is_signed_in(client), minutes
    with time_machine.travel(start + dt.timedelta(hours=12, seconds=1), tick=False):
        assert not is_signed_in(client)


def test_the_end_holds_without_the_cache_too(sign_in, db_session):
    client = sign_in("cashier")
    session_cache._client().flushdb()
    with time_machine.travel(now() + dt.timedelta(hours=12, seconds=1), tick=False):
        assert not is_signed_in(client)


def test_activity_is_written_once_a_minute(sign_in, db_session, count_statements):
    client = sign_in("cashier")
    start = now()
    touched = []
    for second in (10, 30, 61, 70, 100, 122):
        with (
            time_machine.travel(start + dt.timedelta(seconds=second), tick=False),
            count_statements() as statements,
        ):
            client.get("/profile/")
        touched.append(any("UPDATE identity.user_sessions" in one for one in statements))
    assert touched == [False, False, True, False, False, True]


def test_a_page_asks_the_database_nothing_about_its_session(sign_in, db_session, count_statements):
    client = sign_in("cashier")
    with count_statements() as statements:
        client.get("/profile/")
    assert not [one for one in statements if "user_sessions" in one]


# -- losing Valkey


def test_losing_all_of_valkey_signs_nobody_out_and_breaks_no_open_form(app, sign_in, db_session):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        client = sign_in("cashier")
        page = client.get("/profile/").text
        token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        session_cache._client().flushdb()
        assert is_signed_in(client)
        form = {"first_name": "Carla", "last_name": "T", "language": "en"}
        form |= {"timezone": "America/Lima", "csrf_token": token}
        assert client.post("/profile/", data=form).status_code == 302
        assert user("cashier").first_name == "Carla"
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_without_valkey_one_signs_in_works_and_signs_out(app, client, db_session, valkey_away):
    valkey_away()
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        page = client.get("/login/").text
        token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        form = {"username": "cashier", "password": PASSWORD, "csrf_token": token}
        assert client.post("/login/", data=form).status_code == 302
        page = client.get("/profile/").text
        token = page.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        assert client.post("/logout/", data={"csrf_token": token}).status_code == 302
        assert not is_signed_in(client)
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_a_session_ended_while_valkey_is_away_is_dead_at_once(sign_in, db_session, valkey_away):
    client = sign_in("cashier")
    valkey_away()
    assert is_signed_in(client)
    end_sessions(EndSessions(user("cashier").id), actor=system_actor(), now=now())
    assert not is_signed_in(client)


def test_a_valkey_that_is_away_is_asked_once_and_then_left_alone(sign_in, valkey_away, monkeypatch):
    client = sign_in("cashier")
    valkey_away()
    dead, asked = session_cache._client(), []
    monkeypatch.setattr(session_cache, "_client", lambda: asked.append(1) or dead)
    for _ in range(3):
        assert is_signed_in(client)
    assert len(asked) == 1


def test_a_copy_that_another_version_wrote_is_read_from_the_row_again(sign_in, db_session):
    client = sign_in("cashier")
    (row,) = rows()
    for kept in ('{"id": "x"}', "no json", '{"more": 1}'):
        session_cache._client().hset(session_cache.DATA + row.token_hash, session_cache.ROW, kept)
        assert is_signed_in(client), kept


# -- the data


def test_two_tabs_do_not_undo_each_others_changes(sign_in, db_session):
    client = sign_in("cashier")
    with client.session_transaction() as first:
        first["a"] = 1
        with client.session_transaction() as second:
            second["b"] = 2
    with client.session_transaction() as after:
        assert (after["a"], after["b"]) == (1, 2)
        del after["a"]
    with client.session_transaction() as after:
        assert "a" not in after
        assert after["b"] == 2


def test_the_language_is_kept_through_signing_in_and_out(client, db_session):
    client.get("/lang/es")
    log_in(client)
    assert '<html lang="es"' in client.get("/profile/").text
    client.post("/logout/")
    assert '<html lang="es"' in client.get("/login/").text


def test_nothing_but_the_language_comes_along_into_a_new_session(client, db_session):
    with client.session_transaction() as store:
        store["planted"] = "x"
    log_in(client)
    with client.session_transaction() as store:
        assert "planted" not in store


def test_messages_wait_for_the_next_page(sign_in):
    client = sign_in("cashier")
    form = {"first_name": "C", "last_name": "T", "language": "en", "timezone": "America/Lima"}
    client.post("/profile/", data=form)
    assert "Your profile was saved." in client.get("/profile/").text
    assert "Your profile was saved." not in client.get("/profile/").text


def test_a_form_of_another_session_is_refused(app, sign_in, another, db_session):
    app.config["WTF_CSRF_ENABLED"] = True
    try:
        stranger = another().get("/login/").text
        token = stranger.split('name="csrf_token"')[1].split('value="')[1].split('"')[0]
        client = sign_in("cashier")
        assert client.post("/logout/", data={"csrf_token": token}).status_code == 400
        assert is_signed_in(client)
    finally:
        app.config["WTF_CSRF_ENABLED"] = False


def test_static_files_read_no_session(sign_in, monkeypatch):
    client = sign_in("cashier")
    monkeypatch.setattr(session_cache, "read", lambda _hash: pytest.fail("read the session"))
    assert client.get("/static/icons/favicon.svg").status_code in (200, 302)


# -- the pages


def test_my_sessions_are_told_in_words_and_mine_is_marked(client, another, db_session):
    firefox = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
    log_in(another(), headers={"User-Agent": firefox})
    log_in(client)
    client.get("/lang/en")
    text = client.get(MINE).text
    assert "Firefox on Windows" in text
    assert text.count("This one") == 1
    assert "127.0.0.1" in text


def test_i_end_one_session_or_all_others(client, another, db_session):
    others = [another(), another(), another()]
    for other in others:
        log_in(other)
    log_in(client)
    first = rows()[0]
    client.post(f"{MINE}end", data={"session": str(first.id)})
    assert [is_signed_in(other) for other in others] == [False, True, True]
    client.post(f"{MINE}end-others")
    assert [is_signed_in(other) for other in others] == [False, False, False]
    assert is_signed_in(client)


def test_nobody_ends_somebody_elses_session(client, another, db_session):
    other = another()
    log_in(other, "manager")
    (row,) = rows("manager")
    log_in(client)
    for value in (str(row.id), "", "x", "'"):
        client.post(f"{MINE}end", data={"session": value})
    assert is_signed_in(other)


def test_an_administrator_sees_and_ends_the_sessions_of_a_user(sign_in, another, db_session):
    other = another()
    log_in(other)
    admin = sign_in("admin")
    pk = user("cashier").id
    assert f"/identity/users/sessions/{pk}" in admin.get(f"/identity/users/show/{pk}").text
    assert "Signed in now" in admin.get(f"/identity/users/sessions/{pk}").text
    admin.post(f"/identity/users/sessions/{pk}/end-all")
    assert not is_signed_in(other)
    assert rows()[0].revoked_by == user("admin").id


@pytest.mark.parametrize("role", ["manager", "cashier", "auditor"])
def test_others_do_not(sign_in, another, db_session, role):
    other = another()
    log_in(other, "technician")
    client = sign_in(role)
    pk = user("technician").id
    client.get(f"/identity/users/sessions/{pk}")
    client.post(f"/identity/users/sessions/{pk}/end-all")
    assert is_signed_in(other)


# -- forgetting


def test_ended_sessions_and_old_attempts_are_forgotten_and_live_ones_kept(sign_in, db_session):
    sign_in("cashier")
    sign_in("manager")
    end_sessions(EndSessions(user("manager").id), actor=system_actor(), now=now())
    session().add(LoginAttempt(username="x", outcome="unknown_user", method="password"))
    session().commit()
    assert purge_sign_ins(now=now()) == 0
    live = sa.select(sa.func.count()).select_from(UserSession)
    session().execute(
        sa.update(UserSession)
        .where(UserSession.revoked_at.is_(None))
        .values(expires_at=now() + dt.timedelta(days=300), idle_expires_at=None)
    )
    assert purge_sign_ins(now=now() + dt.timedelta(days=91)) == 1
    assert session().scalar(live) == 1
    assert purge_sign_ins(now=now() + dt.timedelta(days=181)) == 1
    assert session().scalar(live) == 1
