"""Preferences: small values per user and key."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.actor import Actor, system_actor
from app.db import session
from app.services.workspace.preferences import (
    PREFERENCES_KEPT,
    PreferenceError,
    read_preference,
    read_preferences,
    set_preference,
)
from models.workspace import Preference
from models.workspace.views import PREFERENCE_BYTES
from tests.services.shop import NOW
from tests.users import user_id_of

KEY = "list:sales.orders"


@pytest.fixture
def actor(db_session) -> Actor:
    return Actor(user_id_of("cashier"), "Cashier")


def test_what_is_set_is_read_and_set_anew(actor):
    assert read_preference(actor.user_id, KEY, {"size": 25}) == {"size": 25}
    set_preference(KEY, {"size": 50}, actor=actor, now=NOW)
    set_preference(KEY, {"size": 100}, actor=actor, now=NOW)
    assert read_preference(actor.user_id, KEY) == {"size": 100}


def test_nothing_forgets_it(actor):
    set_preference(KEY, [1], actor=actor, now=NOW)
    set_preference(KEY, None, actor=actor, now=NOW)
    assert read_preference(actor.user_id, KEY) is None


def test_everybody_has_preferences_of_their_own(actor):
    set_preference("density", "compact", actor=actor, now=NOW)
    assert read_preference(user_id_of("manager"), "density") is None


def test_many_are_read_in_one_statement(actor, count_statements):
    set_preference("density", "compact", actor=actor, now=NOW)
    set_preference(KEY, {}, actor=actor, now=NOW)
    with count_statements() as statements:
        found = read_preferences(actor.user_id, ["density", KEY, "theme"])
    assert found == {"density": "compact", KEY: {}}
    assert len(statements) == 1


def test_who_is_not_signed_in_keeps_nothing(db_session):
    for nobody in (Actor(0, "Nobody"), system_actor()):
        set_preference(KEY, 1, actor=nobody, now=NOW)
    assert session().scalar(sa.select(sa.func.count()).select_from(Preference)) == 0
    assert read_preference(0, KEY, 7) == 7


@pytest.mark.parametrize("key", ["", "List", "a b", "a" * 121, "ключ", "a\n"])
def test_a_key_has_a_form(actor, key):
    with pytest.raises(PreferenceError):
        set_preference(key, 1, actor=actor, now=NOW)


@pytest.mark.parametrize(
    "value", ["x" * PREFERENCE_BYTES, "a\x00b", float("nan"), object(), "é" * PREFERENCE_BYTES]
)
def test_a_value_is_small_and_json(actor, value):
    with pytest.raises(PreferenceError):
        set_preference("density", value, actor=actor, now=NOW)


def test_as_large_as_allowed_fits_the_database(actor):
    value = {str(number): 1 for number in range(1, 700)}
    set_preference("density", value, actor=actor, now=NOW)
    assert read_preference(actor.user_id, "density") == value


def test_nobody_fills_the_table(actor):
    rows = [
        {"user_id": actor.user_id, "preference_key": f"a{number}", "value": 1}
        for number in range(PREFERENCES_KEPT)
    ]
    session().execute(sa.insert(Preference), rows)
    with pytest.raises(PreferenceError):
        set_preference("density", 1, actor=actor, now=NOW)
    set_preference("a1", 2, actor=actor, now=NOW)
    assert read_preference(actor.user_id, "a1") == 2
