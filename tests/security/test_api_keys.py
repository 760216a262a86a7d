"""API keys: act as their user within their scopes, and are worth nothing to who reads the table."""

from __future__ import annotations

import datetime as dt
import re

import pytest
import sqlalchemy as sa

from app.actor import Actor
from app.db import session
from app.services.identity.api_key_errors import (
    ApiKeyExpiryError,
    ApiKeyNameError,
    ApiKeyScopeError,
    BadApiKeyError,
)
from app.services.identity.create_api_key import CreateApiKey, create_api_key
from app.services.identity.find_api_key import find_api_key
from app.services.identity.second_factor_errors import ActingAsAnotherError, WrongPasswordError
from models.identity import ApiKey, LoginAttempt, Role, User
from tests.users import PASSWORD

ORDERS, CUSTOMERS = "/api/v1/sales/orders/", "/api/v1/customers/customers/"
RIGHTS = frozenset({"sales.orders:read", "customers.customers:read", "customers.customers:create"})


def user_named(name: str) -> User:
    found = sa.select(User).where(User.username == name)
    return session().scalars(found, execution_options={"populate_existing": True}).one()


def actor_of(name: str = "cashier", **more) -> Actor:
    return Actor(user_id=user_named(name).id, name=name, rights=RIGHTS, **more)


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def make_key(*scopes: str, **more) -> str:
    command = CreateApiKey("Robot", 30, PASSWORD, frozenset(scopes) or None)
    return create_api_key(command, actor=actor_of(**more), now=now()).key


def stored() -> ApiKey:
    rows = sa.select(ApiKey).order_by(ApiKey.id.desc())
    return session().scalars(rows, execution_options={"populate_existing": True}).first()


def bearer(key: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {key}"}


@pytest.mark.usefixtures("db_session")
@pytest.mark.parametrize("header", ["Authorization", "X-API-Key"])
def test_a_key_opens_what_its_user_may_open(client, header):
    key = make_key()
    value = f"Bearer {key}" if header == "Authorization" else key
    assert client.get(ORDERS, headers={header: value}).status_code == 200
    assert client.get("/api/v1/expenses/expenses/", headers={header: value}).status_code == 403


def test_a_key_with_scopes_opens_nothing_else(client):
    key = make_key("customers.customers:read")
    assert client.get(CUSTOMERS, headers=bearer(key)).status_code == 200
    assert client.get(ORDERS, headers=bearer(key)).status_code == 403
    answer = client.post(CUSTOMERS, headers=bearer(key), json={"first_name": "A"})
    assert answer.status_code == 403


def test_a_right_that_the_user_lost_is_lost_to_the_key(client):
    key = make_key("customers.customers:read")
    session().execute(
        sa.text("DELETE FROM identity.user_roles WHERE user_id = :u").bindparams(
            u=user_named("cashier").id
        )
    )
    session().commit()
    assert client.get(CUSTOMERS, headers=bearer(key)).status_code == 403


def test_fields_hidden_from_the_user_are_hidden_from_the_key(client):
    from models.catalog import Product
    from tests.rows import make_row

    product = make_row(Product, name="Lamp")
    session().commit()
    answer = client.get(f"/api/v1/catalog/products/{product.id}", headers=bearer(make_key()))
    assert answer.status_code == 200
    assert "cost_price" not in answer.json["result"]


def test_only_hashes_are_kept_and_the_listed_part_proves_nothing(client):
    key = make_key()
    row = stored()
    assert re.fullmatch(r"qk_[0-9a-f]{12}_[\w-]{43}", key)
    secret = key.rsplit("_", 1)[-1] if key.count("_") == 2 else key[16:]
    assert secret not in f"{row.key_hash} {row.lookup_hash} {row.key_prefix}"
    assert client.get(ORDERS, headers=bearer(row.key_prefix)).status_code == 401


@pytest.mark.parametrize("bad", ["qk_", "qk_x", "qk_" + "a" * 5000, "qk_ñ", "qk_\x7f", "x"])
def test_what_is_no_key_is_refused_as_the_api_does_and_written_down(client, bad):
    answer = client.get(ORDERS, headers={"X-API-Key": bad.encode().decode("latin-1")})
    assert (answer.status_code, answer.json["code"]) == (401, "bad_api_key")
    attempt = session().scalars(sa.select(LoginAttempt).order_by(LoginAttempt.id.desc())).first()
    assert (attempt.method, attempt.outcome) == ("api_key", "refused")


def test_a_key_with_another_ending_is_refused_and_never_written_down(client):
    key = make_key()
    answer = client.get(ORDERS, headers=bearer(key[:-1] + ("a" if key[-1] != "a" else "b")))
    assert answer.status_code == 401
    attempts = session().scalars(sa.select(LoginAttempt.username)).all()
    assert attempts
    assert not any(key[20:40] in name for name in attempts)


@pytest.mark.parametrize("change", ["revoked", "inactive", "expired", "switched off", "deleted"])
def test_a_key_ends_when_it_is_revoked_or_over_or_its_user_goes(client, change):
    key, row, user = make_key(), stored(), user_named("cashier")
    if change == "revoked":
        row.revoked_on = now()
    elif change == "inactive":
        row.active = False
    elif change == "expired":
        row.expires_on = now()
    elif change == "switched off":
        user.active = False
    else:
        user.deleted_at = now()
    session().commit()
    assert client.get(ORDERS, headers=bearer(key)).status_code == 401


def test_its_use_is_noted_once_a_minute(db_session):
    key, first = make_key(), now()
    seen = []
    for seconds in (0, 30, 61):
        find_api_key(key, now=first + dt.timedelta(seconds=seconds))
        seen.append((stored().last_used_on - first).total_seconds())
    assert seen == [0, 0, 61]


@pytest.mark.usefixtures("db_session")
@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"name": "  "}, ApiKeyNameError),
        ({"name": "x" * 101}, ApiKeyNameError),
        ({"days": 0}, ApiKeyExpiryError),
        ({"days": 366}, ApiKeyExpiryError),
        ({"scopes": frozenset()}, ApiKeyScopeError),
        ({"scopes": frozenset({"identity.users:update"})}, ApiKeyScopeError),
        ({"password": "wrong"}, WrongPasswordError),
    ],
)
def test_a_key_that_would_allow_too_much_is_not_made(change, error):
    command = {"name": "Robot", "days": 30, "password": PASSWORD, "scopes": None, **change}
    with pytest.raises(error):
        create_api_key(CreateApiKey(**command), actor=actor_of(), now=now())


def test_who_acts_as_the_user_makes_no_key(db_session):
    with pytest.raises(ActingAsAnotherError):
        make_key(impersonator_id=user_named("admin").id)


def test_a_key_of_somebody_who_must_set_up_a_second_factor_is_refused(client):
    key = make_key()
    role = session().scalars(sa.select(Role).where(Role.name == "Cashier")).one()
    role.policy = {**role.policy, "require_second_factor": True}
    session().commit()
    answer = client.get(ORDERS, headers=bearer(key))
    assert (answer.status_code, answer.json["code"]) == (403, "second_factor_required")


def test_the_page_shows_a_new_key_once(sign_in):
    client = sign_in("cashier")
    data = {"name": "Robot", "days": "30", "rights": "chosen", "password": PASSWORD}
    page = client.post("/profile/api-keys/", data={**data, "scopes": ["sales.orders:read"]})
    (key,) = set(re.findall(r"qk_[0-9a-f]{12}_[\w-]{43}", page.text))
    assert find_api_key(key, now=now()).scopes == {"sales.orders:read"}
    page = client.get("/profile/api-keys/")
    assert key not in page.text
    assert key[:15] in page.text


def test_the_page_keeps_what_was_typed_and_says_what_is_wrong(sign_in):
    client = sign_in("cashier")
    data = {"name": "Robot", "days": "9999", "rights": "all", "password": PASSWORD}
    answer = client.post("/profile/api-keys/?_l_=en", data=data)
    assert answer.status_code == 422
    assert "for 365 days at most" in answer.text
    assert 'value="Robot"' in answer.text


def test_revoking_ends_a_key_for_its_owner_and_for_administrators_only(sign_in):
    key = make_key()
    row = stored()
    other = sign_in("seller")
    assert other.post(f"/profile/api-keys/{row.uuid}/revoke").status_code == 404
    assert other.post(f"/identity/api_keys/revoke/{row.id}").status_code == 403
    find_api_key(key, now=now())
    assert sign_in("admin").post(f"/identity/api_keys/revoke/{row.id}").status_code == 302
    with pytest.raises(BadApiKeyError):
        find_api_key(key, now=now())
    assert sign_in("cashier").post(f"/profile/api-keys/{row.uuid}/revoke").status_code == 302


def test_too_many_bad_keys_from_one_address_are_refused_unread(app, client, monkeypatch):
    monkeypatch.setitem(app.config, "RATELIMIT_ENABLED", True)
    good = make_key()
    address = {"REMOTE_ADDR": "192.0.2.77"}
    answers = [
        client.get(ORDERS, headers={"X-API-Key": "bad"}, environ_base=address).status_code
        for _ in range(22)
    ]
    assert answers[:20] == [401] * 20
    assert answers[20:] == [429, 429]
    assert client.get(ORDERS, headers=bearer(good)).status_code == 200


def test_a_key_makes_no_session(client):
    client.get(ORDERS, headers=bearer(make_key()))
    assert client.get("/profile/").status_code == 302
    assert client.get_cookie("qhatu") is None or client.get("/").status_code == 302
