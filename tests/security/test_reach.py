"""Nobody uses, or hands out, a record beyond their reach; limits hold in operations."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal

import pytest

from app.access.limits import OverLimitError, require_limit
from app.actor import Actor, system_actor
from app.admin.describe import describe
from app.db import session
from app.domain.access_policy import AccessPolicy, GrantedRole, PolicyError, read_policy
from app.services.sales.errors import OrderNotFoundError
from app.services.sales.find_order import find_order
from app.services.sales.transition_order import TransitionOrder, transition_order
from models.crm import Company, Deal, DealProduct, Lead
from models.documents import Document
from models.sales import Order
from models.services import Job, JobAssignment
from tests.rows import as_form, as_json, column_values, key_of, make_row, owned_row
from tests.security.scoped_rows import add_people

NOW = dt.datetime(2026, 6, 15, 15, tzinfo=dt.UTC)


@pytest.fixture
def people(db_session) -> dict[str, int]:
    """Leads and deals are one's own, companies the team's, discounts up to 10 percent."""
    scope = {
        "crm.leads": "own",
        "crm.deals": "own",
        "crm.companies": "team",
        "services.jobs": "own",
    }
    return add_people({"scope": {"*": "all", **scope}, "limits": {"discount_percent": "10"}})


def test_a_new_row_without_an_owner_is_its_authors(sign_in, token, people):
    answer = sign_in("ana").get("/crm/leads/add")
    assert f'value="{people["ana"]}" selected' in answer.text
    values = as_json(column_values(describe(Lead)))
    values.pop("owner_id", None)
    client = sign_in("ana")
    made = client.post("/api/v1/crm/leads/", json=values, headers=token("ana"))
    assert made.status_code == 201, made.text
    assert made.json["result"]["owner_id"] == people["ana"]


def test_a_row_is_not_handed_out_of_ones_own_reach(client, token, people):
    lead = owned_row(Lead, people["ana"])
    session().commit()
    url, header = f"/api/v1/crm/leads/{key_of(lead)}", token("ana")
    body = {"owner_id": people["ben"], "version": getattr(lead, "version", None)}
    refused = client.put(url, json=body, headers=header)
    assert (refused.status_code, refused.json["code"]) == (422, "out_of_reach")
    assert "owner_id" in refused.json["fields"]
    assert client.get(url, headers=header).json["result"]["owner_id"] == people["ana"]


def test_a_form_refuses_a_foreign_key_that_is_out_of_reach(sign_in, people):
    company = owned_row(Company, people["carla"])
    session().commit()
    form = as_form(column_values(describe(Lead)) | {"owner_id": people["ana"]})
    offered = {n for n, f in describe(Deal).fields.items() if f.target is Company}
    form = as_form(column_values(describe(Deal)) | {"owner_id": people["ana"]})
    form |= dict.fromkeys(offered, key_of(company))
    answer = sign_in("ana").post("/crm/deals/add", data=form)
    assert answer.status_code == 422
    assert "Choose one from the list." in answer.text


def test_the_api_refuses_a_foreign_key_that_is_out_of_reach(client, token, people):
    company = owned_row(Company, people["carla"])
    body = as_json(column_values(describe(Deal))) | {"company_id": key_of(company)}
    session().commit()
    answer = client.post("/api/v1/crm/deals/", json=body, headers=token("ana"))
    assert (answer.status_code, answer.json["code"]) == (422, "out_of_reach")
    assert set(answer.json["fields"]) == {"company_id"}


def test_a_record_keeps_what_it_points_to_beyond_its_readers_reach(sign_in, people):
    company = owned_row(Company, people["carla"], name="Southern Secret")
    deal = owned_row(Deal, people["ana"], company_id=company.id)
    session().commit()
    client = sign_in("ana")
    pk = key_of(deal)
    for url in (f"/crm/deals/show/{pk}", "/crm/deals/list/", f"/crm/deals/edit/{pk}"):
        page = client.get(url).text
        assert "Southern Secret" not in page, url
        assert "Not visible to you" in page, url
    page = client.get(f"/crm/deals/edit/{pk}").text
    stamp = page.split('name="record_stamp"')[1].split('value="')[1].split('"')[0]
    fields = describe(Deal).writable
    form = as_form({field.name: getattr(deal, field.name) for field in fields})
    saved = client.post(f"/crm/deals/edit/{pk}", data={**form, "record_stamp": stamp})
    assert saved.status_code == 302, saved.text
    session().expire_all()
    assert deal.company_id == company.id


def test_a_document_of_a_hidden_deal_is_hidden_unless_it_is_ones_own(sign_in, people):
    deal = owned_row(Deal, people["carla"])
    theirs = make_row(Document, deal_id=deal.id, uploaded_by=people["carla"])
    mine = make_row(Document, deal_id=deal.id, uploaded_by=people["ana"])
    loose = make_row(Document, uploaded_by=people["carla"])
    session().commit()
    client = sign_in("ana")
    status = {
        name: client.get(f"/documents/documents/show/{key_of(row)}").status_code
        for name, row in {"theirs": theirs, "mine": mine, "loose": loose}.items()
    }
    assert status == {"theirs": 404, "mine": 200, "loose": 200}


def test_a_job_is_also_that_of_the_people_assigned_to_it(sign_in, people):
    job = owned_row(Job, people["carla"])
    session().commit()
    client = sign_in("ana")
    assert client.get(f"/services/jobs/show/{key_of(job)}").status_code == 404
    make_row(JobAssignment, job_id=job.id, user_id=people["ana"])
    session().commit()
    assert client.get(f"/services/jobs/show/{key_of(job)}").status_code == 200


def test_a_discount_above_the_limit_is_refused_beside_its_field(client, token, people):
    deal = owned_row(Deal, people["ana"])
    body = as_json(column_values(describe(DealProduct))) | {
        "deal_id": key_of(deal),
        "quantity": "2",
        "unit_price": "50",
        "discount_percent": "8",
    }
    session().commit()
    url, header = "/api/v1/crm/deal_products/", token("ana")
    assert client.post(url, json=body, headers=header).status_code == 201
    refused = client.post(url, json={**body, "discount_amount": "3"}, headers=header)
    assert (refused.status_code, refused.json["code"]) == (403, "over_limit")
    assert set(refused.json["fields"]) == {"discount_amount"}


def actor(user_id: int, **policy: object) -> Actor:
    role = GrantedRole("x", frozenset(), read_policy(policy))
    return Actor(user_id=user_id, name="x", policy=AccessPolicy((role,)))


def test_operations_find_only_orders_within_the_actors_scope(people):
    order = make_row(Order, user_id=people["carla"])
    ana = actor(people["ana"], scope={"sales.orders": "own"})
    carla = actor(people["carla"], scope={"sales.orders": "own"})
    assert find_order(order.id, actor=carla) is order
    assert find_order(order.id, actor=system_actor()) is order
    with pytest.raises(OrderNotFoundError):
        find_order(order.id, actor=ana)
    with pytest.raises(OrderNotFoundError):
        transition_order(TransitionOrder(order.id, "confirmed"), actor=ana, now=NOW)


def test_a_limit_binds_people_and_not_the_system():
    seller = actor(1, limits={"refund_amount": "100.00"})
    require_limit(seller, "refund_amount", Decimal("-100.00"))
    with pytest.raises(OverLimitError) as refused:
        require_limit(seller, "refund_amount", Decimal("100.01"), field="amount")
    assert refused.value.data == {"limit": "refund_amount", "allowed": "100.00", "asked": "100.01"}
    assert set(refused.value.fields) == {"amount"}
    with pytest.raises(OverLimitError):
        require_limit(seller, "discount_percent", Decimal(1))
    require_limit(system_actor(), "refund_amount", Decimal(10**9))


def role(name: str, *rights: str, **policy: object) -> GrantedRole:
    return GrantedRole(name, frozenset(rights), read_policy(policy))


def test_several_roles_give_the_most_generous_of_those_that_grant_the_right():
    seller = role("seller", "a.b:read", "a.b:update", scope={"a.b": "own"})
    reader = role("reader", "a.b:read", scope={"a.b": "all"})
    stranger = role("stranger", scope={"*": "all"})
    both = AccessPolicy((seller, reader, stranger))
    assert both.scope("a.b", "read") == "all"
    assert both.scope("a.b", "update") == "own"
    assert AccessPolicy((seller, stranger)).scope("a.b") == "own"
    assert AccessPolicy().scope("a.b") == "own"


def test_a_field_is_hidden_when_every_role_that_shows_the_table_hides_it():
    shy = role("shy", "a.b:read", hidden_fields={"a.b": ["cost", "notes"]})
    open_ = role("open", "a.b:read", hidden_fields={"a.b": ["notes"]})
    other = role("other", "c.d:read")
    assert AccessPolicy((shy, other)).hidden("a.b") == {"cost", "notes"}
    assert AccessPolicy((shy, open_, other)).hidden("a.b") == {"notes"}
    assert AccessPolicy((shy,)).readonly("a.b") == {"cost", "notes"}


@pytest.mark.parametrize(
    "bad",
    [
        {"scopes": {}},
        {"scope": {"a.b": "some"}},
        {"scope": ["own"]},
        {"limits": {"discount_percent": "-1"}},
        {"limits": {"discount_percent": "NaN"}},
        {"limits": {"discount_percent": "much"}},
        {"limits": {"tips": 1}},
        {"hidden_fields": {"a.b": "cost"}},
        {"hidden_fields": {"a.b": [1]}},
    ],
)
def test_a_policy_that_means_nothing_is_refused(bad):
    with pytest.raises(PolicyError):
        read_policy(bad)
