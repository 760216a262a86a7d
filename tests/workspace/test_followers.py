"""Followers are told of changes, from the audit log: by their rights, once, whatever is late."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.actor import Actor, acting_as
from app.db import session
from app.services.platform.follow_audit_log import next_entries
from app.services.workspace.tell_followers import tell_followers
from models.crm import Company, Deal
from models.messaging import Notification
from models.workspace import AuditReader, Follower
from tests.rows import key_of, make_row, owned_row
from tests.security.scoped_rows import add_people

NOW = dt.datetime(2026, 6, 1, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def people(db_session) -> dict[str, int]:
    return add_people({"scope": {"*": "all"}})


@pytest.fixture
def deal(people) -> Deal:
    made = owned_row(Deal, people["ana"], name="Big deal")
    session().commit()
    tell_followers(now=NOW)  # from here on
    return made


def change(user_id: int | None, row, source="screen", request=None, **values) -> None:
    """Change the row as a person on a page would."""
    request = request or f"{abs(hash((row, str(values)))):032x}"[:32]
    actor = Actor(user_id=user_id, name="Somebody", source=source, request_id=request)
    with acting_as(actor):
        for name, value in values.items():
            setattr(row, name, value)
        session().commit()


def told(kind="record_changed") -> list[int]:
    rows = session().scalars(
        sa.select(Notification)
        .where(Notification.notification_type == kind)
        .order_by(Notification.id)
    )
    return [row.user_id for row in rows]


def follow(user_id: int, row, **values) -> None:
    session().add(
        Follower(
            table_name=row.__table__.fullname, record_id=key_of(row), user_id=user_id, **values
        )
    )
    session().commit()


def test_the_owner_is_told_what_another_has_changed(sign_in, people, deal):
    change(people["ben"], deal, description="New words", next_steps="Call")
    tell_followers(now=NOW)
    assert told() == [people["ana"]]
    page = sign_in("ana").get("/notifications/").text
    assert "Ben Scoped changed Big deal" in page
    assert "Description" in page
    assert "Next steps" in page
    assert "New words" not in page


def test_nobody_is_told_of_changes_of_their_own_or_of_programs(people, deal):
    change(people["ana"], deal, description="Mine")
    change(people["ben"], deal, source="job", description="By a job")
    change(None, deal, description="By the system")
    tell_followers(now=NOW)
    assert told() == []


def test_a_change_is_told_once(people, deal):
    change(people["ben"], deal, description="New words")
    tell_followers(now=NOW)
    tell_followers(now=NOW)
    assert told() == [people["ana"]]
    session().execute(sa.update(AuditReader).values(last_id=0))
    tell_followers(now=NOW)
    assert told() == [people["ana"]]


def test_the_past_is_not_told_to_begin_with(people):
    made = owned_row(Deal, people["ana"])
    session().commit()
    change(people["ben"], made, description="Long ago")
    tell_followers(now=NOW)
    assert told() == []


def test_whoever_gets_a_record_is_told_that_and_not_the_change(sign_in, people, deal):
    change(people["ben"], deal, owner_id=people["carla"])
    tell_followers(now=NOW)
    assert told("record_assigned") == [people["carla"]]
    assert told() == []
    assert "Ben Scoped gave you Big deal" in sign_in("carla").get("/notifications/").text


def test_a_follower_is_told_and_one_who_stopped_is_not(people, deal):
    follow(people["carla"], deal)
    follow(people["ana"], deal, is_muted=True)
    change(people["ben"], deal, description="New words")
    tell_followers(now=NOW)
    assert told() == [people["carla"]]


def test_rows_out_of_reach_and_hidden_columns_are_not_told(db_session):
    people = add_people({"scope": {"*": "own"}, "hidden_fields": {"crm.deals": ["description"]}})
    mine = owned_row(Deal, people["ana"], name="Anas deal")
    session().commit()
    tell_followers(now=NOW)
    follow(people["carla"], mine)
    change(people["ben"], mine, description="Hidden from Ana")
    tell_followers(now=NOW)
    assert told() == []
    change(people["ben"], mine, next_steps="Seen by Ana")
    tell_followers(now=NOW)
    assert told() == [people["ana"]]


def test_who_may_not_read_the_table_is_told_nothing(people, deal):
    session().execute(
        sa.text(
            "DELETE FROM identity.role_permissions USING identity.permissions p"
            " WHERE role_permissions.permission_id = p.id AND p.slug = 'crm.deals:read'"
        )
    )
    change(people["ben"], deal, description="New words")
    tell_followers(now=NOW)
    assert told() == []


def test_one_request_that_changes_many_records_is_told_once(sign_in, people):
    rows = [make_row(Company, name=f"Company {n}") for n in range(8)]
    session().commit()
    tell_followers(now=NOW)
    for row in rows:
        follow(people["ana"], row)
    for row in rows:
        change(people["ben"], row, request="a" * 32, city="Cusco")
    tell_followers(now=NOW)
    assert told() == []
    assert told("records_changed") == [people["ana"]]
    assert "changed 8 records that you follow" in sign_in("ana").get("/notifications/").text


def test_several_changes_of_one_request_are_one(people, deal):
    change(people["ben"], deal, request="b" * 32, description="Once")
    change(people["ben"], deal, request="b" * 32, next_steps="Twice")
    tell_followers(now=NOW)
    (found,) = session().scalars(sa.select(Notification))
    assert set(found.payload["fields"]) == {"description", "next_steps"}


def test_many_changes_cost_the_same_statements(people, count_statements):
    numbers = []
    for many in (2, 30):
        rows = [make_row(Company, name=f"Company {n}") for n in range(many)]
        session().commit()
        tell_followers(now=NOW)
        for row in rows:
            change(people["ben"], row, city="Cusco")
        with count_statements() as statements:
            tell_followers(now=NOW)
        numbers.append(len(statements))
    assert numbers[0] == numbers[1], numbers


def test_an_entry_that_appears_late_is_still_given(app, make_app, fresh_database):
    """Its number was given before that of an entry that was seen first."""
    from app.extensions import db

    site = make_app(fresh_database)
    with site.app_context():
        with db.session.begin():
            next_entries("test", now=NOW, limit=50)
        slow, fast = db.engine.connect(), db.engine.connect()
        add = sa.text("INSERT INTO catalog.brands (name) VALUES (:name)")
        slow.execute(add, {"name": "slow"})
        fast.execute(add, {"name": "fast"})
        fast.commit()

        def given(later=dt.timedelta()) -> list[str]:
            with db.session.begin():
                entries = next_entries("test", now=NOW + later, limit=50)
                return [entry.new_values["name"] for entry in entries]

        assert given() == ["fast"]
        slow.commit()
        assert given() == ["slow"]
        assert given() == []
        add_nothing = db.engine.connect()
        add_nothing.execute(add, {"name": "undone"})
        add_nothing.rollback()
        fast.execute(add, {"name": "after"})
        fast.commit()
        assert given() == ["after"]
        assert db.session.scalar(sa.select(AuditReader.gaps)) != []
        db.session.rollback()
        assert given(dt.timedelta(hours=2)) == []
        assert db.session.scalar(sa.select(AuditReader.gaps)) == []
        for connection in (slow, fast, add_nothing):
            connection.close()
