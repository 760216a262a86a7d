"""Telling users of events: who is told, in which words, by which channel, and only once."""

from __future__ import annotations

import datetime as dt

import pytest
import sqlalchemy as sa

from app.actor import Actor, system_actor
from app.db import session
from app.services.messaging.events import PREFERENCE
from app.services.messaging.notify import notify
from app.services.workspace.preferences import read_preference, set_preference
from models.crm import Deal
from models.messaging import EmailLog, Notification
from tests.rows import key_of, make_row, owned_row
from tests.security.scoped_rows import add_people
from tests.users import user_id_of

NOW = dt.datetime(2026, 6, 1, 12, 0, tzinfo=dt.UTC)
LINK = "/sales/orders/list/"


def tell(users, event="invoice_paid", payload=None, **options) -> int:
    values = {"customer": "Rosa", "number": "F001-7", "total": "S/ 10.00"} | (payload or {})
    given = {"link": LINK, "actor": system_actor(), "now": NOW} | options
    told = notify(users, event, values, **given)
    session().commit()
    return told


def choose(user_id: int, **choices) -> None:
    actor = Actor(user_id=user_id, name="x")
    set_preference(PREFERENCE, choices, actor=actor, now=NOW)


def about(deal) -> dict[str, str]:
    return {"table": "crm.deals", "record_id": key_of(deal), "who": "Ben"}


@pytest.fixture
def admin(db_session) -> int:
    return user_id_of("admin")


def test_a_notification_is_told_in_the_readers_language_with_its_link(sign_in, admin):
    assert tell([admin]) == 1
    client = sign_in("admin")
    page = client.get("/notifications/").text
    assert "Rosa paid invoice F001-7 for S/ 10.00." in page
    assert "Rosa pagó la factura F001-7" in client.get("/notifications/?_l_=es").text
    (found,) = session().scalars(sa.select(Notification))
    answer = client.get(f"/notifications/open/{found.id}")
    assert answer.location == LINK
    session().expire_all()
    assert found.read_at is not None


def test_whoever_did_it_is_not_told_unless_asked(admin):
    me = Actor(user_id=admin, name="Me")
    assert tell([admin], actor=me) == 0
    assert tell([admin], actor=me, to_actor=True) == 1


def test_nobody_is_told_the_same_event_twice(admin):
    cashier = user_id_of("cashier")
    assert tell([admin, admin, None], event_key="paid:7") == 1
    assert tell([admin, cashier], event_key="paid:7") == 1


def test_inactive_people_are_not_told(admin):
    session().execute(
        sa.text("UPDATE identity.users SET is_active = false WHERE id = :i"), {"i": admin}
    )
    assert tell([admin]) == 0


def test_each_chooses_the_channel_and_a_mail_leads_to_the_page(admin):
    choose(admin, invoice_paid={"in_app": False, "email": True})
    assert tell([admin], event_key="paid:8") == 0
    (mail,) = session().scalars(sa.select(EmailLog))
    assert mail.subject == "Invoice paid"
    assert "Rosa paid invoice F001-7" in mail.body_text
    assert LINK in mail.body_text
    assert "/notifications/choices" in mail.body_text
    tell([admin], event_key="paid:8")
    assert session().scalar(sa.select(sa.func.count()).select_from(EmailLog)) == 1


def test_a_choice_of_another_shape_is_as_good_as_none(admin):
    set_preference(PREFERENCE, ["odd"], actor=Actor(user_id=admin, name="x"), now=NOW)
    assert tell([admin]) == 1


def test_only_those_who_may_read_the_record_are_told_of_it(db_session):
    people = add_people({"scope": {"*": "own"}})
    deal = owned_row(Deal, people["ana"], name="Secret deal")
    assert tell(people.values(), "record_changed", about(deal)) == 1
    (found,) = session().scalars(sa.select(Notification))
    assert found.user_id == people["ana"]


def test_a_record_that_may_no_longer_be_read_is_not_named(sign_in, db_session):
    people = add_people({"scope": {"*": "own"}})
    deal = owned_row(Deal, people["ana"], name="Secret deal")
    tell([people["ana"]], "record_changed", about(deal) | {"fields": ["description"]})
    client = sign_in("ana")
    assert "Ben changed Secret deal" in client.get("/notifications/").text
    deal.owner_id = people["ben"]
    deal.created_by = people["ben"]
    session().commit()
    page = client.get("/notifications/").text
    assert "Secret deal" not in page
    assert "Description" not in page
    assert "a record that you may not see" in page


def test_hidden_columns_are_not_named(sign_in, db_session):
    people = add_people({"hidden_fields": {"crm.deals": ["description", "name"]}})
    deal = owned_row(Deal, people["ana"], name="Secret deal")
    tell([people["ana"]], "record_changed", about(deal) | {"fields": ["description", "stage_id"]})
    page = sign_in("ana").get("/notifications/").text
    assert "Stage" in page
    assert "Description" not in page
    assert "Secret deal" not in page


def test_texts_of_people_are_escaped(sign_in, admin):
    tell([admin], payload={"customer": "<script>alert(1)</script>", "number": "{{ total }}"})
    page = sign_in("admin").get("/notifications/").text
    assert "<script>alert(1)" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_nobody_reads_or_opens_what_others_were_told(sign_in, admin):
    tell([admin])
    (found,) = session().scalars(sa.select(Notification))
    client = sign_in("cashier")
    assert "Rosa" not in client.get("/notifications/").text
    assert client.get(f"/notifications/open/{found.id}").status_code == 404
    client.post("/notifications/read", data={"id": found.id})
    client.post("/notifications/read")
    session().expire_all()
    assert found.read_at is None


def test_a_link_leads_nowhere_but_to_a_page_of_ours(sign_in, admin):
    tell([admin], link="//evil.example/x")
    (found,) = session().scalars(sa.select(Notification))
    answer = sign_in("admin").get(f"/notifications/open/{found.id}")
    assert answer.location == "/notifications/"


def test_the_bells_number_is_one_statement_and_mostly_not_modified(
    sign_in, admin, count_statements
):
    for _ in range(3):
        tell([admin])
    client = sign_in("admin")
    first = client.get("/notifications/count")
    assert first.json["unread"] == 3
    with count_statements() as statements:
        again = client.get("/notifications/count", headers={"If-None-Match": first.headers["ETag"]})
    assert again.status_code == 304
    about_it = [s for s in statements if "notifications" in s]
    assert len(about_it) == 1, statements
    client.post("/notifications/read")
    changed = client.get("/notifications/count", headers={"If-None-Match": first.headers["ETag"]})
    assert changed.json["unread"] == 0


def test_asking_for_the_number_keeps_no_session_alive(sign_in, admin):
    from models.identity import UserSession

    client = sign_in("admin")
    client.get("/notifications/count")
    then = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=5)
    seen = sa.select(UserSession.last_activity_at).where(UserSession.user_id == admin)
    session().execute(sa.update(UserSession).values(last_activity_at=then))
    session().commit()
    with client.session_transaction() as store:
        token_hash = store.token.hash
    from app import session_cache

    session_cache.forget([token_hash])
    session_cache._client().delete(session_cache.ENDED + token_hash)
    assert client.get("/notifications/count").status_code == 200
    session().expire_all()
    assert session().scalar(seen) == then
    assert client.get("/notifications/").status_code == 200
    session().expire_all()
    assert session().scalar(seen) > then


@pytest.mark.parametrize("number", [1, 12])
def test_the_list_takes_the_same_statements_whatever_it_holds(
    sign_in, admin, count_statements, number
):
    for _ in range(number):
        tell([admin], "record_changed", about(make_row(Deal)))
    client = sign_in("admin")
    client.get("/notifications/")
    with count_statements() as statements:
        page = client.get("/notifications/").text
    assert page.count("notification-subject") == number
    assert len(statements) <= 12, statements


def test_older_ones_are_a_page_away_and_the_unread_can_be_shown_alone(sign_in, admin):
    for n in range(35):
        tell([admin], payload={"number": f"F-{n:03d}"})
    client = sign_in("admin")
    first = client.get("/notifications/").text
    assert "F-034" in first
    assert "F-001" not in first
    older = first.split('href="/notifications/?before=')[1].split('"')[0]
    assert "F-001" in client.get(f"/notifications/?before={older}").text
    newest = session().scalar(sa.select(sa.func.max(Notification.id)))
    client.post("/notifications/read", data={"id": newest})
    assert "F-034" not in client.get("/notifications/?show=unread").text
    assert "F-033" in client.get("/notifications/?show=unread&event=invoice_paid").text
    assert "F-033" not in client.get("/notifications/?event=stock_low").text


def test_choices_are_kept_and_shown(sign_in, admin):
    client = sign_in("admin")
    client.post("/notifications/choices", data={"in_app": ["stock_low"], "email": ["mentioned"]})
    assert tell([admin]) == 0
    assert tell([admin], "stock_low") == 1
    page = client.get("/notifications/choices").text
    assert page.count(" checked") == 2
    client.post("/notifications/choices", data={"follow": ["owner"]})
    assert read_preference(admin, "following") == {
        "owner": True,
        "mentioned": False,
        "commented": False,
    }


def test_an_event_without_a_text_is_told_by_what_the_program_says(sign_in, admin):
    tell([admin], "new_kind", {"subject": "Export is ready", "text": "3 files"})
    page = sign_in("admin").get("/notifications/").text
    assert "Export is ready" in page
    assert "3 files" in page
