"""History, earlier versions and the audit log of every table keep to row scope and field rights."""

from __future__ import annotations

import json

import pytest
import sqlalchemy as sa

from app.admin.describe import TEXT_KINDS, describe
from app.db import session
from models.platform import AuditLog
from tests.rows import key_of, make_row, owned_row
from tests.security.scoped_rows import SHOWN_BY_OTHERS, add_people
from tests.security.test_row_scope import SCOPED, TABLES

AUDITED = sorted(n for n, t in TABLES.items() if not t.model.__table__.info.get("unaudited"))


def base_of(table) -> str:
    return "/" + describe(table.model).resource.replace(".", "/")


def first_entry(table, key: str) -> int:
    log = AuditLog.__table__.c
    query = sa.select(sa.func.min(log.id)).where(
        log.table_name == describe(table.model).resource, log.record_id == key
    )
    return session().scalar(query)


def doors(table, key: str) -> list[str]:
    """Everything that tells of the row's past."""
    entry = first_entry(table, key)
    base, resource = base_of(table), describe(table.model).resource
    restore = [] if table.read_only else [f"{base}/restore_version/{key}/{entry}"]
    return [
        f"{base}/history/{key}",
        f"{base}/timeline/{key}",
        f"{base}/version/{key}/{entry}",
        *restore,
        f"/platform/audit/{entry}",
        f"/platform/audit/?table={resource}&record={key}",
        f"/platform/audit/export?format=jsonl&table={resource}&record={key}",
    ]


@pytest.mark.parametrize("name", AUDITED)
def test_the_past_of_a_row_of_every_table_can_be_read(sign_in, db_session, name):
    table = TABLES[name]
    key = key_of(make_row(table.model))
    session().commit()
    client = sign_in("admin")
    for door in doors(table, key):
        assert client.get(door, buffered=True).status_code == 200, door
    assert "Created" in client.get(doors(table, key)[0]).text


@pytest.mark.parametrize("name", sorted(set(SCOPED) & set(AUDITED)))
def test_the_past_of_a_row_out_of_scope_stays_closed(sign_in, db_session, name):
    table = TABLES[name]
    people = add_people({"scope": {"*": "own", "platform.audit_logs": "all"}})
    key = key_of(owned_row(table.model, people["ben"]))
    session().commit()
    client = sign_in("ana")
    *own_pages, entry, viewer, export = doors(table, key)
    for page in own_pages:
        assert client.get(page).status_code == 404, page
        assert client.post(page).status_code in (404, 405), page
    for page in (entry, viewer):
        assert "You may not see these values" in client.get(page).text, page
    lines = client.get(export, buffered=True).text.splitlines()
    assert lines
    for line in map(json.loads, lines):
        assert not line["old_values"]
        assert not line["new_values"]
        assert line["withheld"]


@pytest.mark.parametrize("name", AUDITED)
def test_the_past_of_a_hidden_field_is_hidden(sign_in, db_session, name):
    table = TABLES[name]
    row = make_row(table.model)
    session().commit()
    texts = [f for f in describe(table.model).visible if f.kind in TEXT_KINDS]
    filled = [f for f in texts if len(str(getattr(row, f.name) or "")) > 4 and not f.usual]
    filled = [f for f in filled if f.name not in SHOWN_BY_OTHERS.get(name, ())]
    if not filled:
        return
    hidden, secret = filled[0], str(getattr(row, filled[0].name))
    entry = first_entry(table, key_of(row))
    add_people({"scope": {"*": "all"}, "hidden_fields": {name: [hidden.name]}})
    client = sign_in("ana")
    for door in doors(table, key_of(row)):
        answer = client.get(door, buffered=True)
        assert answer.status_code == 200, door
        assert secret not in answer.text, (door, hidden.name)
    assert entry is not None
