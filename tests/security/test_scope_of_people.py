"""The hand-made screens about a user, a key or a connection hold the row scope too."""

from __future__ import annotations

import pytest

from app.db import session
from models.identity import ApiKey, ExternalIdentity
from tests.rows import owned_row
from tests.security.scoped_rows import add_people

ABOUT_A_USER = (
    "/identity/users/sessions/{}",
    "/identity/users/unlock/{}",
    "/identity/users/password/{}",
    "/identity/users/second-factor/{}",
    "/identity/users/impersonate/{}",
    "/identity/users/{}/access",
)


@pytest.fixture
def people(db_session) -> dict[str, int]:
    return add_people({"scope": {"*": "team"}})


def test_every_such_screen_is_here(app, people):
    about = {
        str(rule.rule).replace("<int:pk>", "{}")
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/identity/users/") and "<int:pk>" in rule.rule
    }
    assert {address.removesuffix("/end").removesuffix("/end-all") for address in about} == set(
        ABOUT_A_USER
    )


@pytest.mark.parametrize("address", ABOUT_A_USER)
def test_a_screen_about_a_user_is_for_those_of_the_team(sign_in, people, address):
    client = sign_in("ana")
    assert client.get(address.format(people["ben"])).status_code != 404
    assert client.get(address.format(people["carla"])).status_code == 404
    assert client.post(address.format(people["carla"])).status_code in (404, 405)


@pytest.mark.parametrize(
    ("model", "address"),
    [
        (ApiKey, "/identity/api_keys/revoke/{}"),
        (ExternalIdentity, "/identity/external_identities/disconnect/{}"),
    ],
)
def test_what_belongs_to_a_user_is_too(sign_in, people, model, address):
    keys = {name: owned_row(model, user_id).id for name, user_id in people.items()}
    session().commit()
    client = sign_in("ana")
    assert client.get(address.format(keys["ben"])).status_code == 200
    assert client.get(address.format(keys["carla"])).status_code == 404
    assert client.post(address.format(keys["carla"])).status_code == 404
    assert session().get(model, keys["carla"]) is not None
