"""Rights of several roles change together, on what the editor saw, within what the editor has."""

from __future__ import annotations

import datetime as dt
import threading

import pytest
import sqlalchemy as sa

from app.actor import system_actor
from app.services.identity.change_role_rights import (
    ChangeRoleRights,
    RoleRights,
    change_role_rights,
)
from app.services.identity.role_errors import (
    MoreThanYoursError,
    NobodyInChargeError,
    RightsChangedError,
    RoleNotFoundError,
)
from models.identity import RolePermission
from tests.identity.people import actor_of, add_role, add_user, right_id, rights_of, role_id

NOW = dt.datetime(2026, 6, 15, 15, tzinfo=dt.UTC)


def change(session, name: str, *, give=(), take=(), seen=None) -> RoleRights:
    seen = rights_of(session, name) if seen is None else seen
    gives = {right_id(session, slug) for slug in give}
    takes = {right_id(session, slug) for slug in take}
    return RoleRights(role_id(session, name), seen, (seen | gives) - takes)


def save(*changes: RoleRights, actor):
    return change_role_rights(ChangeRoleRights(changes), actor=actor, now=NOW)


def test_several_roles_change_in_one_go(db_session):
    done = save(
        change(db_session, "Cashier", give=["crm.deals:read"]),
        change(db_session, "Warehouse", take=["services.tasks:delete"]),
        actor=actor_of(db_session, "admin"),
    )
    assert (done.given, done.taken) == (1, 1)
    assert right_id(db_session, "crm.deals:read") in rights_of(db_session, "Cashier")
    assert right_id(db_session, "services.tasks:delete") not in rights_of(db_session, "Warehouse")


def test_when_one_role_was_changed_meanwhile_none_is_saved_and_the_difference_is_named(db_session):
    stale = rights_of(db_session, "Cashier")
    save(
        change(db_session, "Cashier", give=["crm.leads:read"], take=["sales.coupons:read"]),
        actor=system_actor(),
    )
    with pytest.raises(RightsChangedError) as caught:
        save(
            change(db_session, "Cashier", give=["crm.deals:read"], seen=stale),
            change(db_session, "Warehouse", give=["crm.deals:read"]),
            actor=actor_of(db_session, "admin"),
        )
    (meanwhile,) = caught.value.meanwhile.values()
    assert meanwhile.given == {right_id(db_session, "crm.leads:read")}
    assert meanwhile.taken == {right_id(db_session, "sales.coupons:read")}
    assert right_id(db_session, "crm.deals:read") not in rights_of(db_session, "Warehouse")


def test_nobody_gives_a_right_that_they_lack(db_session):
    clerk = add_role(db_session, "Clerk", ["identity.matrix:update", "crm.deals:read"])
    add_user(db_session, "clerk", clerk)
    actor = actor_of(db_session, "clerk")
    save(change(db_session, "Warehouse", give=["crm.deals:read"]), actor=actor)
    with pytest.raises(MoreThanYoursError) as caught:
        save(change(db_session, "Clerk", give=["identity.users:update"]), actor=actor)
    assert [excess.name for excess in caught.value.excesses] == ["identity.users:update"]


def test_nobody_gives_more_rows_than_they_see(db_session):
    add_user(
        db_session,
        "clerk",
        add_role(db_session, "Clerk", ["crm.deals:read"], {"scope": {"crm.deals": "own"}}),
    )
    with pytest.raises(MoreThanYoursError) as caught:
        save(
            change(db_session, "Warehouse", give=["crm.deals:read"]),
            actor=actor_of(db_session, "clerk"),
        )
    assert caught.value.excesses[0].kind == "scope"


def test_somebody_stays_who_may_change_rights(db_session):
    with pytest.raises(NobodyInChargeError):
        save(
            change(db_session, "Admin", take=["identity.roles:update"]),
            actor=actor_of(db_session, "admin"),
        )
    assert right_id(db_session, "identity.roles:update") in rights_of(db_session, "Admin")


def test_admin_may_lose_rights_that_somebody_else_still_has(db_session):
    everything = "identity.matrix:read identity.matrix:update identity.roles:update"
    everything += " identity.users:update identity.user_roles:create"
    add_user(db_session, "second", add_role(db_session, "Steward", everything.split()))
    save(
        change(db_session, "Admin", take=["identity.roles:update"]),
        actor=actor_of(db_session, "admin"),
    )


def test_an_unknown_role_is_refused_and_an_unknown_right_is_left_out(db_session):
    admin = actor_of(db_session, "admin")
    with pytest.raises(RoleNotFoundError):
        save(RoleRights(999_999, frozenset(), frozenset()), actor=admin)
    seen = rights_of(db_session, "Cashier")
    gone = RoleRights(role_id(db_session, "Cashier"), seen, seen | {999_999})
    assert save(gone, actor=admin).given == 0


def test_rights_hold_from_the_next_request_on(sign_in, db_session):
    client = sign_in("cashier")
    assert client.get("/crm/deals/list/").status_code != 200
    save(change(db_session, "Cashier", give=["crm.deals:read"]), actor=system_actor())
    assert client.get("/crm/deals/list/").status_code == 200
    save(change(db_session, "Cashier", take=["crm.deals:read"]), actor=system_actor())
    assert client.get("/crm/deals/list/").status_code != 200


def test_of_two_who_save_at_once_one_is_told_of_the_other(fresh_database, make_app):
    app = make_app(fresh_database)
    from app.db import session

    with app.app_context():
        changes = [
            change(session(), "Cashier", give=["crm.deals:read"]),
            change(session(), "Cashier", give=["crm.leads:read"]),
        ]
    ready, outcomes = threading.Barrier(2), []

    def work(one: RoleRights) -> None:
        with app.app_context():
            ready.wait()
            try:
                save(one, actor=system_actor())
                outcomes.append("saved")
            except RightsChangedError:
                outcomes.append("conflict")

    threads = [threading.Thread(target=work, args=(one,)) for one in changes]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == ["conflict", "saved"]


def test_one_transaction_and_few_statements_however_many_rights(db_session, count_statements):
    admin = actor_of(db_session, "admin")
    changes = [
        RoleRights(
            role_id(db_session, name), rights_of(db_session, name), rights_of(db_session, "Admin")
        )
        for name in ("Cashier", "Warehouse", "Technician")
    ]
    with count_statements() as statements:
        save(*changes, actor=admin)
    assert len(statements) <= 6, "\n".join(statements)
    count = sa.select(sa.func.count()).select_from(RolePermission)
    assert db_session.scalar(count.where(RolePermission.role_id == changes[0].role_id)) > 200
