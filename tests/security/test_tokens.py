"""Tokens of the API: worth what their session is, and refused politely otherwise."""

from __future__ import annotations

import base64
import datetime as dt
import json
import threading

import jwt
import pyotp
import pytest
import sqlalchemy as sa
import time_machine

from app.actor import Actor
from app.db import session
from app.encryption import encrypt
from app.errors import DomainError
from app.security.sessions import revoke_sessions, start_api_session
from app.services.identity.rotate_refresh_token import RotateRefreshToken, rotate_refresh_token
from models.identity import Role, User, UserSession
from tests.users import PASSWORD

URL = "/api/v1/sales/orders/"
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
NOBODY = Actor(user_id=0, name="")
NOW = dt.datetime(2026, 6, 15, 15, 0, tzinfo=dt.UTC)


def log_in(client, username: str = "cashier", password: str = PASSWORD, **more):
    body = {"username": username, "password": password, **more}
    return client.post("/api/v1/security/login", json=body)


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


def user_named(name: str) -> User:
    found = sa.select(User).where(User.username == name)
    return session().scalars(found, execution_options={"populate_existing": True}).one()


@pytest.fixture
def tokens(client) -> dict[str, str]:
    return log_in(client, refresh=True).json


def test_logging_in_gives_a_token_that_works_and_a_session(client):
    answer = log_in(client)
    assert set(answer.json) == {"access_token"}
    assert client.get(URL, headers=bearer(answer.json["access_token"])).status_code == 200
    (row,) = session().scalars(sa.select(UserSession))
    assert (row.kind, row.login_method) == ("api", "password")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"username": "cashier", "password": "wrong"}, 401),
        ({"username": "nobody", "password": PASSWORD}, 401),
        ({"username": "\x00", "password": "x"}, 401),
        ({"username": "cashier"}, 400),
        ({"username": ["cashier"], "password": {}}, 400),
        ({"username": "cashier", "password": PASSWORD, "provider": "ldap"}, 400),
        ([], 400),
        (None, 400),
    ],
)
def test_a_log_in_that_fails_says_so_as_the_api_does(client, body, status):
    answer = client.post("/api/v1/security/login", json=body)
    assert answer.status_code == status
    assert {"code", "message"} <= set(answer.json)


def test_a_wrong_password_and_an_unknown_name_get_the_same_answer(client):
    wrong, unknown = log_in(client, password="wrong").json, log_in(client, username="nobody").json
    assert wrong.pop("instance") != unknown.pop("instance")
    assert wrong == unknown


def test_of_somebody_with_a_second_factor_the_code_is_wanted_too(client):
    user = user_named("cashier")
    user.totp_secret, user.totp_enabled_at = encrypt(SECRET), NOW
    session().commit()
    first = log_in(client)
    assert (first.status_code, first.json["code"]) == (401, "otp_required")
    wrong = log_in(client, otp="000000")
    assert (wrong.status_code, wrong.json["code"]) == (401, "unauthorized")
    right = log_in(client, otp=pyotp.TOTP(SECRET).now())
    assert client.get(URL, headers=bearer(right.json["access_token"])).status_code == 200


def test_somebody_who_must_set_up_a_second_factor_gets_no_token(client):
    role = session().scalars(sa.select(Role).where(Role.name == "Cashier")).one()
    role.policy = {**role.policy, "require_second_factor": True}
    session().commit()
    answer = log_in(client)
    assert (answer.status_code, answer.json["code"]) == (403, "second_factor_required")


def forged(claims: dict, key: str, **options) -> str:
    return jwt.encode(claims, key, **options)


def unsigned(claims: dict) -> str:
    parts = ({"alg": "none", "typ": "JWT"}, claims)
    head, body = (
        base64.urlsafe_b64encode(json.dumps(part).encode()).rstrip(b"=").decode() for part in parts
    )
    return f"{head}.{body}."


@pytest.mark.filterwarnings("ignore::jwt.warnings.InsecureKeyLengthWarning")
def test_forged_tampered_and_broken_tokens_are_refused_as_the_api_does(client, app, tokens):
    key = app.config["SECRET_KEY"]
    good = tokens["access_token"]
    claims = jwt.decode(good, key, algorithms=["HS256"])
    admin = {**claims, "sub": str(user_named("admin").id)}
    head, body, signature = good.split(".")
    bad = [
        unsigned(claims),
        forged(claims, "another key that is long enough for it"),
        forged(claims, key, algorithm="HS384"),
        forged({**claims, "exp": 1}, key),
        forged({**claims, "sid": None}, key),
        forged({**claims, "sid": "no uuid"}, key),
        forged({k: v for k, v in claims.items() if k != "sid"}, key),
        forged({**claims, "sub": None}, key),
        f"{head}.{jwt.encode(admin, 'x' * 32).split('.')[1]}.{signature}",
        f"{head}.{body}.{signature[:-4]}AAAA",
        f"{head}.{body}",
        "…",
        "a.b.c",
        "ÿ.ÿ.ÿ",
        "x" * 5000,
        "",
        tokens["refresh_token"],
    ]
    for value in bad:
        header = f"Bearer {value}".encode().decode("latin-1")
        answer = client.get(URL, headers={"Authorization": header})
        assert answer.status_code == 401, value[:80]
        assert {"code", "message"} <= set(answer.json), value[:80]
    for header in ("Bearer", "Bearer ", "Basic YTpi", "Bearer a b", f"Token {good}"):
        answer = client.get(URL, headers={"Authorization": header})
        assert answer.status_code == 401, header
        assert "message" in answer.json


def test_an_expired_token_is_refused(client, tokens):
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=31)):
        answer = client.get(URL, headers=bearer(tokens["access_token"]))
    assert (answer.status_code, answer.json["code"]) == (401, "token_expired")


def test_ending_the_session_ends_its_tokens_at_once(client, tokens, app):
    with app.test_request_context():
        revoke_sessions(user_named("cashier").id)
    for path, token in ((URL, "access_token"),):
        answer = client.get(path, headers=bearer(tokens[token]))
        assert (answer.status_code, answer.json["code"]) == (401, "token_revoked")
    answer = client.post("/api/v1/security/refresh", headers=bearer(tokens["refresh_token"]))
    assert answer.status_code == 401


def test_switching_the_user_off_ends_tokens_at_once(client, tokens):
    user_named("cashier").active = False
    session().commit()
    assert client.get(URL, headers=bearer(tokens["access_token"])).status_code == 401


@pytest.mark.parametrize("kind", ["access_token", "refresh_token"])
def test_signing_out_ends_the_session_of_the_token(client, tokens, kind):
    assert client.post("/api/v1/security/logout", headers=bearer(tokens[kind])).status_code == 204
    assert client.get(URL, headers=bearer(tokens["access_token"])).status_code == 401
    answer = client.post("/api/v1/security/refresh", headers=bearer(tokens["refresh_token"]))
    assert answer.status_code == 401


def test_refreshing_gives_new_tokens_and_the_old_one_works_no_more(client, tokens):
    first = client.post("/api/v1/security/refresh", headers=bearer(tokens["refresh_token"]))
    assert client.get(URL, headers=bearer(first.json["access_token"])).status_code == 200
    again = client.post("/api/v1/security/refresh", headers=bearer(tokens["refresh_token"]))
    assert (again.status_code, again.json["code"]) == (401, "token_reused")


def test_a_refresh_token_that_comes_twice_ends_the_session_for_thief_and_owner(client, tokens):
    new = client.post("/api/v1/security/refresh", headers=bearer(tokens["refresh_token"])).json
    client.post("/api/v1/security/refresh", headers=bearer(tokens["refresh_token"]))
    assert client.get(URL, headers=bearer(new["access_token"])).status_code == 401


def test_an_access_token_does_not_refresh(client, tokens):
    answer = client.post("/api/v1/security/refresh", headers=bearer(tokens["access_token"]))
    assert answer.status_code == 401


def test_of_two_refreshes_at_once_one_wins(make_app, fresh_database):
    app = make_app(fresh_database)
    with app.test_request_context():
        user = user_named("cashier")
        user_id, session_id = user.id, start_api_session(user, method="password")
        first = RotateRefreshToken(session_id, user_id, new="first")
        rotate_refresh_token(first, actor=NOBODY, now=dt.datetime.now(dt.UTC))
    barrier, results = threading.Barrier(2), []

    def refresh(number: int) -> None:
        with app.app_context():
            barrier.wait()
            command = RotateRefreshToken(session_id, user_id, new=f"new {number}", old="first")
            try:
                rotate_refresh_token(command, actor=NOBODY, now=dt.datetime.now(dt.UTC))
                results.append("won")
            except DomainError as error:
                results.append(error.code)

    threads = [threading.Thread(target=refresh, args=(number,)) for number in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(results) == ["token_reused", "won"]


def test_a_page_of_ours_reads_by_api_with_its_session(sign_in, client):
    """Whatever writes wants the page's token too: tests/security/test_security.py."""
    assert client.get(URL).status_code == 401
    assert sign_in("admin").get(URL).status_code == 200
