"""Writing by the API: preconditions, a thousand rows at once, and requests that are sent twice."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa

from app.admin.rest.bulk import MOST
from app.admin.rules import TableRules
from app.db import session
from app.errors import DomainError
from models.catalog import Brand, Product
from models.crm import Tag
from models.platform import IdempotencyKey
from tests.api.resources import path_of
from tests.rows import make_row
from tests.security.scoped_rows import add_people

BRANDS, BULK = path_of("catalog.brands"), f"{path_of('catalog.brands')}bulk"


@pytest.fixture
def send(client, token, db_session):
    """A request as the administrator; the answer."""
    header = token("admin")

    def as_admin(method: str, path: str, body=None, **headers):
        session().commit()
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        answer = client.open(path, method=method, json=body, headers={**header, **named})
        session().expire_all()
        return answer

    return as_admin


def count(model=Brand) -> int:
    return session().scalar(sa.select(sa.func.count()).select_from(model))


def test_patch_changes_the_given_columns_and_put_does_the_same(send):
    brand = make_row(Brand, name="Before", logo_url="https://example.com/a")
    for method, name in (("PATCH", "One"), ("PUT", "Two")):
        answer = send(method, f"{BRANDS}{brand.id}", {"name": name})
        assert answer.status_code == 200
        assert answer.json["result"]["name"] == name
        assert answer.json["result"]["logo_url"] == "https://example.com/a"


@pytest.mark.parametrize("method", ["PATCH", "PUT", "DELETE"])
def test_a_change_based_on_another_state_is_refused(send, method):
    brand = make_row(Brand, name="Before")
    address = f"{BRANDS}{brand.id}"
    tags = [send("GET", address + query).headers["ETag"] for query in ("", "?fields=name")]
    brand.name = "Meanwhile"
    for tag in (*tags, '"x"', f"W/{tags[0]}"):
        refused = send(method, address, {"name": "Mine"}, If_Match=tag)
        assert (refused.status_code, refused.json["code"]) == (412, "precondition_failed")
    assert session().get_one(Brand, brand.id).name == "Meanwhile"
    fresh = send("GET", address, None).headers["ETag"]
    assert send(method, address, {"name": "Mine"}, If_Match=fresh).status_code == 200


def test_the_answer_to_a_change_has_the_next_etag(send):
    brand = make_row(Brand)
    address = f"{BRANDS}{brand.id}"
    tag = send("GET", address).headers["ETag"]
    for name in ("One", "Two"):
        changed = send("PATCH", address, {"name": name}, If_Match=tag)
        assert changed.status_code == 200
        assert changed.headers["ETag"] != tag
        tag = changed.headers["ETag"]
    assert send("GET", address).headers["ETag"] == tag
    assert send("PATCH", address, {"name": "Three"}, If_Match="*").status_code == 200


@pytest.mark.parametrize("content", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_what_is_not_json_is_refused_as_such(client, token, content):
    answer = client.post(BRANDS, data="name=x", content_type=content, headers=token("admin"))
    assert (answer.status_code, answer.json["code"]) == (415, "unsupported_media_type")


# -- many rows


def test_many_rows_are_added_changed_and_deleted_at_once(send):
    added = send("POST", BULK, {"rows": [{"name": f"Bulk {n}"} for n in range(3)]})
    assert (added.status_code, added.json["succeeded"], added.json["failed"]) == (201, 3, 0)
    ids = [item["id"] for item in added.json["result"]]
    rows = [{"id": key, "name": f"Changed {n}"} for n, key in enumerate(ids)]
    assert send("PATCH", BULK, {"rows": rows}).status_code == 200
    found = session().scalars(sa.select(Brand.name).where(Brand.name.like("Changed %")))
    assert sorted(found) == ["Changed 0", "Changed 1", "Changed 2"]
    assert send("DELETE", BULK, {"ids": ids}).json["succeeded"] == 3
    assert session().scalars(sa.select(Brand.id).where(Brand.id.in_(map(int, ids)))).all() == []


def test_one_bad_row_leaves_none_and_all_bad_ones_are_named(send):
    before = count()
    rows = [{"name": "Good"}, {"name": ""}, {"name": "Good"}, {"nothing": 1}]
    refused = send("POST", BULK, {"rows": rows})
    assert (refused.status_code, refused.json["code"]) == (422, "bulk_refused")
    told = refused.json["data"]["rows"]
    assert [(row["index"], row["problem"]["code"]) for row in told] == [
        (1, "invalid"),
        (2, "duplicate"),
        (3, "invalid"),
    ]
    assert count() == before


def test_a_partial_request_keeps_what_is_good(send):
    make_row(Brand, name="Taken")
    before = count()
    rows = [{"name": "Good"}, {"name": "Taken"}, {"name": "Better"}]
    answer = send("POST", BULK, {"rows": rows, "partial": True})
    assert answer.status_code == 207
    assert [item["status"] for item in answer.json["result"]] == [201, 422, 201]
    assert answer.json["result"][1]["problem"]["code"] == "duplicate"
    assert count() == before + 2
    ids = [item["id"] for item in answer.json["result"] if item["id"]]
    changed = send(
        "PATCH",
        BULK,
        {
            "rows": [
                {"id": ids[0], "name": "Taken"},
                {"id": int(ids[1]), "name": "Best"},
                {"id": "0", "name": "Nobody"},
            ],
            "partial": True,
        },
    )
    assert [item["status"] for item in changed.json["result"]] == [422, 200, 404]


def test_a_row_in_use_is_told_and_the_others_go(send):
    used, free = make_row(Brand), make_row(Brand)
    make_row(Product, brand_id=used.id)
    answer = send("DELETE", BULK, {"ids": [used.id, free.id], "partial": True})
    assert [item["status"] for item in answer.json["result"]] == [409, 200]
    assert answer.json["result"][0]["problem"]["code"] == "in_use"


@pytest.mark.parametrize(
    ("method", "body"),
    [
        ("POST", []),
        ("POST", {"rows": []}),
        ("POST", {"rows": [1]}),
        ("POST", {"rows": [{}] * (MOST + 1)}),
        ("POST", {"rows": [{"name": "x"}], "mode": "all"}),
        ("POST", {"rows": [{"name": "x"}], "partial": "yes"}),
        ("PATCH", {"rows": [{"name": "x"}]}),
        ("PATCH", {"rows": [{"id": {}}]}),
        ("DELETE", {"ids": [[]]}),
        ("DELETE", {"rows": [1]}),
    ],
)
def test_a_bulk_request_of_another_form_is_refused(send, method, body):
    answer = send(method, BULK, body)
    assert (answer.status_code, answer.json["code"]) == (400, "bad_request")


def test_rows_out_of_reach_are_not_there_for_a_bulk_request(client, token, db_session):
    from models.crm import Company

    people = add_people({"scope": {"*": "own"}})
    mine = make_row(Company, owner_id=people["ana"], name="Mine")
    others = make_row(Company, owner_id=people["carla"], name="Carlas")
    session().commit()
    bulk = f"{path_of('crm.companies')}bulk"
    keys = [str(mine.id), str(others.id)]
    rows = {"rows": [{"id": key, "name": "Taken over"} for key in keys], "partial": True}
    changed = client.patch(bulk, json=rows, headers=token("ana"))
    assert [item["status"] for item in changed.json["result"]] == [200, 404]
    handed = {"rows": [{"id": keys[0], "owner_id": people["carla"]}]}
    refused = client.patch(bulk, json=handed, headers=token("ana"))
    assert refused.json["data"]["rows"][0]["problem"]["code"] == "out_of_reach"
    body = {"ids": keys, "partial": True}
    gone = client.delete(bulk, json=body, headers=token("ana"))
    assert [item["status"] for item in gone.json["result"]] == [200, 404]
    session().expire_all()
    assert (others.name, others.deleted_at) == ("Carlas", None)


def test_read_only_columns_are_set_by_no_bulk_request(client, token, db_session):
    add_people({"readonly_fields": {"catalog.brands": ["name"]}})
    brand = make_row(Brand, name="Fixed")
    session().commit()
    body = {"rows": [{"id": brand.id, "name": "Mine"}]}
    refused = client.patch(BULK, json=body, headers=token("ana"))
    assert refused.json["data"]["rows"][0]["problem"]["fields"].keys() == {"name"}


def test_read_only_tables_have_no_bulk_requests(send):
    for method in ("POST", "PATCH", "DELETE"):
        assert send(method, f"{path_of('sales.orders')}bulk", {}).status_code in (404, 405)


def test_the_rules_of_a_table_hold_for_each_row(app, send, monkeypatch):
    class NoDrafts(TableRules):
        def before_save(self, row, *, adding):  # noqa: ARG002 - the hook's signature
            if row.name == "Draft":
                raise DomainError("No drafts.", fields={"name": "No drafts."})

    api = next(view for view in app.appbuilder.baseviews if view.endpoint == "BrandApi")
    monkeypatch.setattr(api, "table", replace(api.table, rules=NoDrafts))
    refused = send("POST", BULK, {"rows": [{"name": "Fine"}, {"name": "Draft"}]})
    (told,) = refused.json["data"]["rows"]
    assert (told["index"], told["problem"]["fields"]) == (1, {"name": "No drafts."})


# -- requests sent twice


def test_the_same_request_under_a_key_acts_once(send):
    before = count()
    first = send("POST", BRANDS, {"name": "Once"}, Idempotency_Key="k1")
    again = send("POST", BRANDS, {"name": "Once"}, Idempotency_Key="k1")
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    assert "Idempotency-Replayed" not in first.headers
    assert again.headers["Idempotency-Replayed"] == "true"
    assert count() == before + 1


def test_another_request_under_the_key_is_a_conflict(send):
    send("POST", BRANDS, {"name": "Once"}, Idempotency_Key="k1")
    other = send("POST", BRANDS, {"name": "Other"}, Idempotency_Key="k1")
    assert (other.status_code, other.json["code"]) == (409, "idempotency_conflict")
    elsewhere = send("POST", path_of("crm.tags"), {"name": "Once"}, Idempotency_Key="k1")
    assert elsewhere.status_code == 201


def test_a_key_belongs_to_its_user(client, token, db_session):
    for role in ("admin", "manager"):
        headers = {**token(role), "Idempotency-Key": "k1"}
        answer = client.post(BRANDS, json={"name": f"Of {role}"}, headers=headers)
        assert answer.status_code == 201


def test_what_was_refused_may_be_sent_again_under_its_key(send):
    assert send("POST", BRANDS, {"name": ""}, Idempotency_Key="k1").status_code == 422
    assert send("POST", BRANDS, {"name": "Right"}, Idempotency_Key="k1").status_code == 201


def test_a_bulk_request_under_a_key_acts_once_too(send):
    before, body = count(), {"rows": [{"name": "One"}, {"name": "One"}], "partial": True}
    first = send("POST", BULK, body, Idempotency_Key="k2")
    again = send("POST", BULK, body, Idempotency_Key="k2")
    assert (first.status_code, first.json) == (207, again.json)
    assert count() == before + 1


def test_the_key_keeps_no_values_of_the_row(send):
    send("POST", BRANDS, {"name": "Kept from others"}, Idempotency_Key="k3")
    kept = session().scalar(sa.select(IdempotencyKey).where(IdempotencyKey.key == "k3"))
    assert set(kept.result) == {"id"}


@pytest.mark.parametrize("key", ["", "with blank", "x" * 256, "ñ"])
def test_a_key_that_is_none_is_refused(send, key):
    assert send("POST", BRANDS, {"name": "x"}, Idempotency_Key=key).status_code == 400


def test_a_thousand_rows_are_accepted(send):
    rows = [{"name": f"Tag {number}"} for number in range(MOST)]
    before = count(Tag)
    assert send("POST", f"{path_of('crm.tags')}bulk", {"rows": rows}).status_code == 201
    assert count(Tag) == before + MOST
