"""Single sign-on against an OpenID provider that runs beside the test."""

from __future__ import annotations

import datetime as dt

import pyotp
import pytest
import sqlalchemy as sa
import time_machine
from joserfc.jwk import OctKey, RSAKey

from app.db import session
from app.encryption import encrypt
from app.security import oidc, oidc_views
from app.services.identity import match_external_identity as matching
from models.identity import ExternalIdentity, LoginAttempt, Role, User, UserRole, UserSession
from tests.conftest import give_session
from tests.security.identity_provider import CLIENT, SECRET, running_provider

NOW = dt.datetime(2026, 6, 15, 15, 0, tzinfo=dt.UTC)
TOTP = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@pytest.fixture
def provider():
    with running_provider() as running:
        yield running


@pytest.fixture
def settings(monkeypatch, provider, client) -> dict[str, object]:
    """The settings in force; a test changes them here. The browser speaks English."""
    client.environ_base["HTTP_ACCEPT_LANGUAGE"] = "en"
    values: dict[str, object] = {
        "security.oidc_enabled": True,
        "security.oidc_name": "Corporate",
        "security.oidc_issuer": provider.issuer,
        "security.oidc_client_id": CLIENT,
        "security.oidc_client_secret": SECRET,
        "security.oidc_link_by_email": True,
    }
    for module in (oidc, oidc_views, matching):
        monkeypatch.setattr(
            module, "read_setting", lambda key, default=None: values.get(key, default)
        )
    oidc._kept.clear()
    return values


@pytest.fixture
def visit(settings, provider, client):
    """Go to the provider, sign in there and come back; gives the answer to the last step."""

    def go(next_url: str = "/profile/", **arguments):
        begun = client.get(f"/login/sso/?next={next_url}")
        back = {**provider.sign_in_at(begun.location), **arguments}
        return client.get("/login/sso/callback", query_string=back)

    return go


def is_signed_in(client) -> bool:
    return client.get("/profile/").status_code == 200


def last_attempt() -> LoginAttempt:
    return session().scalars(sa.select(LoginAttempt).order_by(LoginAttempt.id.desc())).first()


def user_named(name: str) -> User:
    found = sa.select(User).where(User.username == name)
    return session().scalars(found, execution_options={"populate_existing": True}).one()


def assert_refused(answer, client) -> None:
    """Back at the log-in page with one sentence, written down, and nobody signed in."""
    assert answer.location == "/login/"
    page = client.get("/login/?_l_=en")
    assert "Signing in there didn" in page.text
    assert (last_attempt().method, last_attempt().outcome) == ("oidc", "refused")
    assert not is_signed_in(client)


def test_the_log_in_page_offers_the_provider_only_when_it_is_set_up(client, settings):
    assert "Corporate" in client.get("/login/").text
    settings["security.oidc_enabled"] = False
    assert "Corporate" not in client.get("/login/").text
    assert client.get("/login/sso/").location == "/login/"


def test_signing_in_connects_a_user_by_address_and_knows_them_from_then_on(
    visit, client, settings, provider
):
    assert visit().location == "/profile/"
    assert is_signed_in(client)
    (known,) = session().scalars(sa.select(ExternalIdentity))
    assert (known.issuer, known.subject) == (provider.issuer, "person-1")
    assert known.user_id == user_named("cashier").id
    assert session().scalars(sa.select(UserSession.login_method)).all() == ["oidc"]
    client.post("/logout/")
    settings["security.oidc_link_by_email"] = False
    provider.claims = {"email": "married@example.com"}
    visit()
    assert is_signed_in(client)


@pytest.mark.parametrize(
    "claims",
    [
        {"nonce": "another"},
        {"nonce": None},
        {"aud": "another client"},
        {"aud": [CLIENT, "another client"]},
        {"aud": [CLIENT, "another client"], "azp": "another client"},
        {"aud": None},
        {"iss": "https://evil.example"},
        {"iss": None},
        {"exp": 1_600_000_000},
        {"exp": None},
        {"iat": 32_000_000_000},
        {"sub": None},
        {"sub": 7},
    ],
    ids=str,
)
def test_an_id_token_that_is_not_for_this_log_in_is_refused(visit, client, provider, claims):
    provider.claims = claims
    assert_refused(visit(), client)


def test_a_tampered_id_token_is_refused(visit, client, provider):
    provider.tamper = "person-2"
    assert_refused(visit(), client)


def test_an_id_token_signed_by_somebody_else_is_refused(visit, client, provider):
    provider.key = RSAKey.generate_key(2048, {"kid": "first"})
    assert_refused(visit(), client)


def test_an_id_token_signed_with_what_everybody_has_is_refused(visit, client, provider):
    provider.key = OctKey.import_key(SECRET.ljust(32))
    provider.header = {"alg": "HS256", "kid": "first"}
    assert_refused(visit(), client)


def test_a_new_key_of_the_provider_is_fetched(visit, client, provider, monkeypatch):
    visit()
    client.post("/logout/")
    provider.key = RSAKey.generate_key(2048, {"kid": "second"})
    provider.keys.append(provider.key)
    provider.header = {"alg": "RS256", "kid": "second"}
    monkeypatch.setattr(oidc, "ASKED_AGAIN_AFTER", 0)
    visit()
    assert is_signed_in(client)


def test_what_the_provider_says_of_itself_is_asked_once(visit, client, provider):
    for _ in range(2):
        visit()
        client.post("/logout/")
    assert provider.asked.count("metadata") == 1
    assert provider.asked.count("keys") == 1


def test_an_answer_works_once(client, settings, provider):
    begun = client.get("/login/sso/")
    back = provider.sign_in_at(begun.location)
    client.get("/login/sso/callback", query_string=back)
    client.post("/logout/")
    assert_refused(client.get("/login/sso/callback", query_string=back), client)


def test_an_answer_works_in_the_browser_that_asked_only(app, client, settings, provider):
    begun = app.test_client().get("/login/sso/")
    back = provider.sign_in_at(begun.location)
    assert_refused(client.get("/login/sso/callback", query_string=back), client)


@pytest.mark.parametrize(
    "arguments",
    [
        {"state": "made up"},
        {"state": "ñ"},
        {"code": "made up"},
        {"code": ""},
        {"code": "x" * 5000},
        {"iss": "https://evil.example"},
    ],
    ids=lambda value: str(value)[:20],
)
def test_a_made_up_answer_is_refused(visit, client, arguments):
    assert_refused(visit(**arguments), client)


def test_an_answer_that_comes_too_late_is_refused(client, settings, provider):
    back = provider.sign_in_at(client.get("/login/sso/").location)
    with time_machine.travel(dt.datetime.now(dt.UTC) + dt.timedelta(minutes=11)):
        assert client.get("/login/sso/callback", query_string=back).location == "/login/"
    assert not is_signed_in(client)


def test_a_provider_that_is_down_is_one_sentence(client, settings):
    settings["security.oidc_issuer"] = "http://127.0.0.1:9"
    assert_refused(client.get("/login/sso/"), client)


def test_a_provider_that_fails_is_one_sentence(visit, client, provider):
    provider.token_status = 500
    assert_refused(visit(), client)


def test_a_provider_elsewhere_must_speak_https(client, settings):
    settings["security.oidc_issuer"] = "http://idp.example"
    assert_refused(client.get("/login/sso/"), client)


def test_an_issuer_that_names_itself_otherwise_is_refused(client, settings, provider):
    settings["security.oidc_issuer"] = provider.issuer + "/"
    assert_refused(client.get("/login/sso/"), client)


@pytest.mark.parametrize("verified", [False, None, "true"])
def test_an_address_that_is_not_verified_connects_nobody(visit, client, provider, verified):
    provider.claims = {"email_verified": verified}
    assert_refused(visit(), client)


def test_connecting_by_address_must_be_allowed(visit, client, settings):
    settings["security.oidc_link_by_email"] = False
    assert_refused(visit(), client)


def test_only_allowed_domains_get_in(visit, client, settings):
    settings["security.oidc_allowed_domains"] = ["corp.example"]
    assert_refused(visit(), client)
    settings["security.oidc_allowed_domains"] = ["Example.com"]
    visit()
    assert is_signed_in(client)


def test_somebody_new_is_refused_unless_users_are_made(visit, client, provider):
    provider.claims = {"email": "new@example.com"}
    assert_refused(visit(), client)


def test_somebody_new_becomes_a_user_with_the_default_role(visit, client, settings, provider):
    provider.claims = {"email": "new@example.com"}
    settings["security.oidc_create_users"] = True
    settings["security.oidc_default_role"] = "Cashier"
    visit()
    assert is_signed_in(client)
    user = user_named("new@example.com")
    assert (user.full_name, user.password) == ("Ada Torres", None)
    roles = sa.select(Role.name).join(UserRole).where(UserRole.user_id == user.id)
    assert session().scalars(roles).all() == ["Cashier"]


def test_without_a_role_for_them_no_users_are_made(visit, client, settings, provider):
    provider.claims = {"email": "new@example.com"}
    settings["security.oidc_create_users"] = True
    settings["security.oidc_default_role"] = "No such role"
    assert_refused(visit(), client)


def test_a_user_without_password_can_not_sign_in_with_one(visit, client, settings, provider):
    provider.claims = {"email": "new@example.com"}
    settings["security.oidc_create_users"] = True
    settings["security.oidc_default_role"] = "Cashier"
    visit()
    client.post("/logout/")
    for password in ("", "None", "x"):
        client.post("/login/", data={"username": "new@example.com", "password": password})
        assert not is_signed_in(client)


@pytest.mark.parametrize("change", ["switched off", "deleted"])
def test_a_user_who_is_gone_is_refused_there_too(visit, client, change):
    visit()
    client.post("/logout/")
    user = user_named("cashier")
    user.active = change != "switched off"
    user.deleted_at = NOW if change == "deleted" else None
    session().commit()
    assert_refused(visit(), client)


def test_our_second_factor_is_asked_unless_the_provider_asked_for_one(
    visit, client, provider, settings
):
    user = user_named("cashier")
    user.totp_secret, user.totp_enabled_at = encrypt(TOTP), NOW
    session().commit()
    assert visit().location == "/login/code/"
    assert not is_signed_in(client)
    client.post("/login/code/", data={"code": pyotp.TOTP(TOTP).now()})
    assert is_signed_in(client)
    client.post("/logout/")
    provider.claims = {"amr": ["pwd", "mfa"]}
    assert visit().location == "/profile/"
    client.post("/logout/")
    provider.claims = {}
    settings["security.oidc_trust_second_factor"] = True
    assert visit().location == "/profile/"


def test_the_next_page_is_never_on_another_host(visit):
    assert visit(next_url="https://evil.example/").location == "/"


def test_an_administrator_cuts_a_connection_and_ends_the_sessions(visit, app, client, settings):
    visit()
    settings["security.oidc_link_by_email"] = False
    (known,) = session().scalars(sa.select(ExternalIdentity))
    path = f"/identity/external_identities/disconnect/{known.id}"
    assert client.post(path).status_code == 403
    assert is_signed_in(client)
    administrator = app.test_client()
    give_session(administrator, user_named("admin").id)
    assert "person-1" in administrator.get(path).text
    assert administrator.post(path).status_code == 302
    assert not is_signed_in(client)
    assert_refused(visit(), client)
