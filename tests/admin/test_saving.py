"""Saving by form and by API: types, refusals beside the field, stale versions, soft delete."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
import sqlalchemy as sa

from app.admin.describe import describe
from app.db import session
from app.session import INCLUDE_DELETED
from models.catalog import Brand, Product
from models.crm import Company
from models.inventory import Location
from models.services import Job, ServiceProduct
from tests.rows import filled_form, make_row


def stamp_of(page: str) -> str:
    return re.search(r'name="record_stamp"[^>]*value="([^"]*)"', page)[1]


def errors_of(page: str) -> dict[str, str]:
    """Messages beside fields, by field."""
    found = re.findall(r'(?s)id="(\w+)-error"[^>]*>(.*?)</div>', page)
    return {name: re.sub(r"<[^>]+>", "", text).strip() for name, text in found}


def test_every_kind_of_value_survives_the_form(sign_in):
    client = sign_in("admin")
    sent = filled_form(describe(ServiceProduct)) | {
        "name": "  Clean windows ",
        "unit_price": "12.3450",
        "required_skills": "ladder\n rope \n\n",
        "pricing_tiers": '{"tiers": [1, 2.5]}',
        "is_taxable": "y",
        "description": "First line\r\nsecond",
    }
    answer = client.post("/services/products/add", data=sent)
    assert answer.status_code == 302, errors_of(answer.text)
    row = session().scalar(sa.select(ServiceProduct).where(ServiceProduct.name == "Clean windows"))
    assert row.unit_price == Decimal("12.345")
    assert row.required_skills == ["ladder", "rope"]
    assert row.pricing_tiers == {"tiers": [1, 2.5]}
    assert row.is_taxable is True
    assert row.description == "First line\nsecond"


def test_times_are_typed_in_the_users_zone_and_kept_in_utc(sign_in):
    from models.sales import Promotion

    client = sign_in("admin")
    sent = filled_form(describe(Promotion)) | {
        "name": "Cyber",
        "start_date": "2026-07-01T00:00",
        "end_date": "2026-07-02T23:59",
    }
    answer = client.post("/sales/promotions/add", data=sent)
    assert answer.status_code == 302, errors_of(answer.text)
    row = session().scalar(sa.select(Promotion).where(Promotion.name == "Cyber"))
    assert row.start_date == dt.datetime(2026, 7, 1, 5, 0, tzinfo=dt.UTC)
    page = client.get(f"/sales/promotions/edit/{row.id}").text
    assert "2026-07-01T00:00" in page


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("name", "", "This field is required."),
        ("base_price", "abc", "This is not a number."),
        ("base_price", "NaN", "This is not a number."),
        ("base_price", "1e999", "This number is too large."),
        ("base_price", "1.234567", "At most 4 decimals."),
        ("base_price", "-1", "At least 0."),
        ("status", "nonsense", "Not a valid choice."),
        ("brand_id", "999999", "Choose one from the list."),
        ("brand_id", "'; DROP TABLE x", "Choose one from the list."),
        ("attributes", "{bad", "This is not valid JSON (line 1, column 2)."),
        ("attributes", '{"a": NaN}', "JSON has no NaN."),
    ],
)
def test_bad_input_is_told_beside_the_field_and_nothing_is_saved(sign_in, field, value, message):
    client = sign_in("admin")
    before = session().scalar(sa.select(sa.func.count()).select_from(Product))
    sent = filled_form(describe(Product)) | {field: value}
    answer = client.post("/catalog/products/add", data=sent)
    assert answer.status_code == 422
    assert errors_of(answer.text)[field] == message
    assert session().scalar(sa.select(sa.func.count()).select_from(Product)) == before


def test_a_duplicate_is_told_beside_the_field_without_sql(sign_in):
    make_row(Product, slug="taken")
    session().commit()
    sent = filled_form(describe(Product)) | {"slug": "taken"}
    answer = sign_in("admin").post("/catalog/products/add", data=sent)
    assert answer.status_code == 422
    assert errors_of(answer.text)["slug"] == "Another record already has this value."
    assert "duplicate key" not in answer.text
    assert 'value="taken"' in answer.text, "the input is kept"


def test_a_rule_of_the_table_is_told_in_words(sign_in):
    sent = filled_form(describe(Location)) | {"establishment_code": "12"}
    answer = sign_in("admin").post("/inventory/locations/add", data=sent)
    assert answer.status_code == 422
    assert "A rule is broken" in answer.text
    assert "violates" not in answer.text


def test_what_is_in_use_can_not_be_deleted(sign_in):
    brand = make_row(Brand)
    make_row(Product, brand_id=brand.id)
    session().commit()
    client = sign_in("admin")
    answer = client.post(f"/catalog/brands/delete/{brand.id}", follow_redirects=True)
    assert "still used in Products" in answer.text
    assert session().get(Brand, brand.id) is not None


def test_two_people_editing_one_record_the_second_sees_both_versions(sign_in):
    company = make_row(Company, name="Before", phone="1")
    session().commit()
    client = sign_in("admin")
    url = f"/crm/companies/edit/{company.id}"
    stamp = stamp_of(client.get(url).text)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1)
    session().execute(
        sa.update(Company).where(Company.id == company.id).values(name="Theirs", updated_at=later)
    )
    session().commit()
    sent = filled_form(describe(Company)) | {"name": "Mine", "phone": "1"}
    answer = client.post(url, data=sent | {"record_stamp": stamp})
    assert answer.status_code == 409
    assert "Theirs" in answer.text
    assert 'value="Mine"' in answer.text, "the input is kept"
    assert session().scalar(sa.select(Company.name).where(Company.id == company.id)) == "Theirs"
    again = client.post(url, data=sent | {"record_stamp": stamp_of(answer.text)})
    assert again.status_code == 302
    session().expire_all()
    assert session().get(Company, company.id).name == "Mine"


def test_delete_asks_keeps_the_reason_and_can_be_undone(sign_in):
    company = make_row(Company, name="Gone")
    session().commit()
    client = sign_in("admin")
    assert client.get(f"/crm/companies/delete/{company.id}").status_code == 200
    client.post(f"/crm/companies/delete/{company.id}", data={"reason": "Closed & down"})
    row = session().scalar(
        sa.select(Company).where(Company.id == company.id), execution_options=INCLUDE_DELETED
    )
    session().refresh(row)
    assert row.deletion_reason == "Closed & down"
    shown = client.get(f"/crm/companies/show/{company.id}").text
    assert "Closed &amp; down" in shown, "escaped once"
    assert row.deleted_by is not None
    assert client.get(f"/crm/companies/edit/{company.id}").status_code == 404
    assert "Gone" in client.get("/crm/companies/list/?trash=1").text
    client.post(f"/crm/companies/restore/{company.id}")
    session().expire_all()
    assert session().get(Company, company.id).deleted_at is None


def test_documents_have_no_writing_screen(sign_in):
    client = sign_in("admin")
    for path in ("add", "edit/1", "delete/1"):
        assert client.post(f"/sales/orders/{path}").status_code == 404


def test_lookups_find_by_title_and_page(sign_in):
    for n in range(25):
        make_row(Brand, name=f"Look {n:02d}")
    session().commit()
    client = sign_in("admin")
    found = client.get("/catalog/products/lookup/brand_id?q=look").json
    assert len(found["results"]) == 20
    assert found["pagination"]["more"] is True
    rest = client.get("/catalog/products/lookup/brand_id?q=look&page=2").json
    assert [item["text"] for item in rest["results"]] == [f"Look {n}" for n in range(20, 25)]
    assert client.get("/catalog/products/lookup/name").status_code == 404


def test_the_api_tells_what_is_wrong_with_each_field(client, token):
    answer = client.post(
        "/api/v1/catalog/products/",
        json={"name": 5, "base_price": "x", "status": "y", "id": 3, "unknown": 1},
        headers=token("admin"),
    )
    assert answer.status_code == 422
    assert set(answer.json["fields"]) >= {"name", "base_price", "status", "id", "unknown"}


def test_the_api_wants_the_version_a_change_is_based_on(client, token, app):
    """No generated table with a version is writable now; the rule is shown on a stand-in."""
    from app.admin.interface import AdminInterface
    from app.admin.registry import Table
    from app.admin.rest.saving import RowWriter
    from app.problems import ProblemError
    from models.customers import CustomerWallet

    wallet = make_row(CustomerWallet)
    session().commit()
    writer = RowWriter(AdminInterface(CustomerWallet), Table(CustomerWallet))
    for body, status in (({}, 428), ({"version": 99}, 409)):
        with app.test_request_context(method="PUT"), pytest.raises(ProblemError) as refused:
            writer.change(wallet, body)
        assert refused.value.problem.status == status


def test_api_decimals_are_exact_strings(client, token):
    product = make_row(Product, base_price=Decimal("0.1000"))
    session().commit()
    answer = client.get(f"/api/v1/catalog/products/{product.id}", headers=token("admin"))
    assert answer.json["result"]["base_price"] == "0.1000"


def test_api_pages_by_token_reach_every_row(client, token):
    for n in range(7):
        make_row(Brand, name=f"Token {n}")
    session().commit()
    seen, after = [], ""
    while True:
        query = f"(page_size:3,order_column:name,search:Token,after:'{after}')"
        page = client.get(
            "/api/v1/catalog/brands/", query_string={"q": query}, headers=token("admin")
        ).json
        seen += [row["name"] for row in page["result"]]
        after = page["after"]
        if not after:
            break
    assert seen == [f"Token {n}" for n in range(7)]
    assert page["count"] == 7


def test_jobs_added_by_hand_are_numbered_without_gaps(sign_in):
    client = sign_in("admin")
    for _ in range(2):
        answer = client.post("/services/jobs/add", data=filled_form(describe(Job)))
        assert answer.status_code == 302, errors_of(answer.text)
    first, second = session().scalars(sa.select(Job.job_number).order_by(Job.job_number))
    assert re.fullmatch(r"JOB-\d{4}-00001", first)
    assert second.endswith("-00002")
