"""Forms: rows of other tables, drafts, copies, adding in place, three sides of a conflict."""

from __future__ import annotations

import datetime as dt
import re
from decimal import Decimal

import pytest
import sqlalchemy as sa
from werkzeug.datastructures import MultiDict

from app.admin.describe import describe
from app.admin.forms.lines import MOST
from app.db import session
from app.services.workspace.purge_drafts import purge_drafts
from models.billing import RecurringInvoice, RecurringInvoiceLineItem
from models.catalog import Brand, Product, ProductVariant
from models.crm import Company, Deal, DealProduct
from models.customers import CustomerAddress
from models.identity import Role
from models.services import ServiceProduct, Task
from models.workspace import FormDraft
from tests.rows import as_form, filled_form, make_row
from views.domains import DOMAINS


def inputs_of(page: str) -> dict[str, str]:
    """Hidden inputs by name, those that a browser with scripts sends."""
    page = re.sub(r"(?s)<(template|noscript)\b.*?</\1>", "", page)
    found = re.findall(r'<input[^>]*type="hidden"[^>]*>', page)
    pairs = (
        (re.search(r'name="([^"]+)"', tag)[1], re.search(r'value="([^"]*)"', tag)) for tag in found
    )
    return {name: value[1].replace("&#34;", '"') if value else "" for name, value in pairs}


def current(row) -> dict[str, str]:
    """What the form of the row sends unchanged."""
    session().refresh(row)
    return as_form({f.name: getattr(row, f.name) for f in describe(type(row)).writable})


def errors_of(page: str) -> str:
    return " ".join(
        re.sub(r"<[^>]+>", " ", text)
        for text in re.findall(r'(?s)class="(?:invalid-feedback|alert-list)".*?</(?:div|ul)>', page)
    )


@pytest.fixture
def deal(db_session) -> Deal:
    row = make_row(Deal, name="Licences")
    session().commit()
    return row


@pytest.fixture
def service(db_session) -> ServiceProduct:
    row = make_row(ServiceProduct, name="Support")
    session().commit()
    return row


def line(prefix: str, index: str, **values: object) -> dict[str, str]:
    texts = {"pk": "", "digest": "", **{k: str(v) for k, v in values.items()}}
    if prefix == "deal_products":
        texts = {"discount_percent": "0", "discount_amount": "0", **texts}
    return {f"{prefix}-{index}-{name}": text for name, text in texts.items()}


# -- rows of other tables


def test_rows_are_added_with_a_new_record_in_one_save(sign_in, service):
    sent = filled_form(describe(Deal)) | {"name": "With lines", "deal_products-sent": "1"}
    sent |= line("deal_products", "n1", product_id=service.id, quantity="2", unit_price="10.5")
    sent |= line("deal_products", "n2", product_id=service.id, quantity="1", unit_price="3")
    answer = sign_in("admin").post("/crm/deals/add", data=sent)
    assert answer.status_code == 302, errors_of(answer.text)
    deal = session().scalar(sa.select(Deal).where(Deal.name == "With lines"))
    totals = {row.line_total for row in deal.products}
    assert totals == {Decimal("21.00"), Decimal("3.00")}, "the database computes them"


def test_rows_are_changed_and_removed_with_their_record(sign_in, deal, service):
    kept = make_row(DealProduct, deal_id=deal.id, product_id=service.id, quantity=1)
    gone = make_row(DealProduct, deal_id=deal.id, product_id=service.id, quantity=2)
    session().commit()
    client = sign_in("admin")
    hidden = inputs_of(client.get(f"/crm/deals/edit/{deal.id}").text)
    sent = current(deal) | hidden
    for index, row in enumerate((kept, gone)):
        values = {"product_id": service.id, "quantity": "7", "unit_price": "1"}
        more = line("deal_products", str(index), **values)
        more[f"deal_products-{index}-pk"] = str(row.id)
        more[f"deal_products-{index}-digest"] = digest_of(hidden, row.id)
        sent |= more
    sent["deal_products-1-remove"] = "y"
    answer = client.post(f"/crm/deals/edit/{deal.id}", data=sent)
    assert answer.status_code == 302, errors_of(answer.text)
    session().expire_all()
    left = session().execute(sa.select(DealProduct.id, DealProduct.quantity)).all()
    assert left == [(kept.id, 7)]


def digest_of(hidden: dict[str, str], key: object) -> str:
    start = next(n for n, v in hidden.items() if n.endswith("-pk") and v == str(key))
    return hidden[start.removesuffix("pk") + "digest"]


def test_a_mistake_in_a_row_is_told_in_it_and_nothing_is_saved(sign_in, service):
    sent = filled_form(describe(Deal)) | {"name": "Wrong", "deal_products-sent": "1"}
    sent |= line("deal_products", "a", product_id=service.id, quantity="x", unit_price="1")
    sent |= line("deal_products", "b", quantity="1", unit_price="1")
    answer = sign_in("admin").post("/crm/deals/add", data=sent)
    assert answer.status_code == 422
    assert 'id="deal_products-a-quantity-error"' in answer.text
    assert 'id="deal_products-b-product_id-error"' in answer.text
    assert 'name="deal_products-a-quantity"' in answer.text
    assert session().scalar(sa.select(Deal).where(Deal.name == "Wrong")) is None


def test_what_the_database_refuses_of_a_row_is_told_in_it(sign_in):
    make_row(ProductVariant, sku="TAKEN")
    session().commit()
    sent = filled_form(describe(Product)) | {"name": "New one", "product_variants-sent": "1"}
    sent |= line("product_variants", "a", sku="FREE", is_active="y")
    sent |= line("product_variants", "b", sku="TAKEN", is_active="y")
    answer = sign_in("admin").post("/catalog/products/add", data=sent)
    assert answer.status_code == 422
    assert re.search(r'(?s)id="product_variants-b-sku-error".*?already has this', answer.text)
    assert 'id="product_variants-a-sku-error"' not in answer.text
    assert session().scalar(sa.select(Product).where(Product.name == "New one")) is None


def test_a_rule_of_the_childs_table_holds_in_its_parents_form(sign_in, service):
    sent = filled_form(describe(Deal)) | {"name": "Cheap", "deal_products-sent": "1"}
    sent |= line(
        "deal_products", "a", product_id=service.id, quantity=1, unit_price=10, discount_percent=99
    )
    answer = sign_in("seller").post("/crm/deals/add", data=sent)
    assert answer.status_code in (403, 422)
    assert session().scalar(sa.select(Deal).where(Deal.name == "Cheap")) is None


def test_rows_that_nothing_was_typed_into_are_left_out(sign_in):
    sent = filled_form(describe(Deal)) | {"name": "Blank rows", "deal_products-sent": "1"}
    blank = {"quantity": "1", "unit_price": "0.00", "discount_percent": "0"}
    sent |= line("deal_products", "s0", **blank, product_id="", discount_amount="0.00", notes="")
    answer = sign_in("admin").post("/crm/deals/add", data=sent)
    assert answer.status_code == 302, errors_of(answer.text)
    assert session().scalar(sa.select(sa.func.count()).select_from(DealProduct)) == 0


def test_the_order_in_which_rows_are_sent_is_kept(sign_in, db_session):
    invoice = make_row(RecurringInvoice)
    rows = [
        make_row(RecurringInvoiceLineItem, recurring_invoice_id=invoice.id, name=n, sort_order=i)
        for i, n in enumerate("ab")
    ]
    session().commit()
    client = sign_in("admin")
    url = f"/billing/recurring_invoices/edit/{invoice.id}"
    hidden = inputs_of(client.get(url).text)
    sent = current(invoice) | {k: hidden[k] for k in ("record_stamp", "record_base")}
    sent["recurring_invoice_line_items-sent"] = "1"
    names = ("name", "quantity", "unit", "unit_price", "tax_rate")
    for index, row in enumerate(reversed(rows)):
        values = {name: getattr(row, name) for name in names}
        start = f"recurring_invoice_line_items-{index}-"
        sent |= {f"{start}{name}": str(value) for name, value in values.items()}
        sent |= {f"{start}pk": str(row.id), f"{start}digest": digest_of(hidden, row.id)}
    answer = client.post(url, data=sent)
    assert answer.status_code == 302, errors_of(answer.text)
    found = session().execute(
        sa.select(RecurringInvoiceLineItem.name).order_by(RecurringInvoiceLineItem.sort_order)
    )
    assert [name for (name,) in found] == ["b", "a"]


def test_a_row_that_somebody_changed_meanwhile_is_not_overwritten(sign_in, deal, service):
    row = make_row(DealProduct, deal_id=deal.id, product_id=service.id, quantity=1)
    session().commit()
    client = sign_in("admin")
    url = f"/crm/deals/edit/{deal.id}"
    hidden = inputs_of(client.get(url).text)
    row.quantity = 5
    session().commit()
    sent = (
        current(deal)
        | hidden
        | {
            "deal_products-0-product_id": str(service.id),
            "deal_products-0-quantity": "9",
            "deal_products-0-unit_price": "1",
            "deal_products-0-discount_percent": "0",
            "deal_products-0-discount_amount": "0",
        }
    )
    answer = client.post(url, data=sent)
    assert answer.status_code == 422
    assert "Somebody else changed this row meanwhile" in answer.text
    session().expire_all()
    assert session().get(DealProduct, row.id).quantity == 5
    again = client.post(url, data=sent | inputs_of(answer.text))
    assert again.status_code == 302, errors_of(again.text)
    session().expire_all()
    assert session().get(DealProduct, row.id).quantity == 9


def test_rows_of_another_record_can_not_be_changed_through_this_one(sign_in, deal, service):
    other = make_row(DealProduct, deal_id=make_row(Deal).id, product_id=service.id, quantity=3)
    session().commit()
    client = sign_in("admin")
    url = f"/crm/deals/edit/{deal.id}"
    hidden = inputs_of(client.get(url).text)
    sent = current(deal) | hidden
    for extra in ({}, {"deal_products-0-remove": "y"}):
        forged = line("deal_products", "0", product_id=service.id, quantity=9, unit_price=1)
        client.post(url, data=sent | forged | {"deal_products-0-pk": str(other.id)} | extra)
        session().expire_all()
        assert session().get(DealProduct, other.id).quantity == 3
        assert session().get(DealProduct, other.id).deal_id != deal.id


def test_a_form_with_rows_costs_the_same_whatever_their_number(
    sign_in, deal, service, count_statements
):
    client = sign_in("admin")

    def cost() -> int:
        client.get(f"/crm/deals/edit/{deal.id}")
        with count_statements() as statements:
            assert client.get(f"/crm/deals/edit/{deal.id}").status_code == 200
        return len(statements)

    make_row(DealProduct, deal_id=deal.id, product_id=service.id)
    session().commit()
    before = cost()
    for _ in range(8):
        make_row(DealProduct, deal_id=deal.id, product_id=make_row(ServiceProduct).id)
    session().commit()
    assert cost() == before


def test_more_rows_than_a_form_can_hold_are_left_to_their_list(sign_in, db_session):
    from models.customers import Customer

    customer = make_row(Customer)
    for _ in range(MOST + 1):
        session().add(
            CustomerAddress(customer_id=customer.id, label="Home", address_line="Street 1")
        )
    session().commit()
    page = sign_in("admin").get(f"/customers/customers/edit/{customer.id}").text
    assert "There are too many rows for a form." in page
    assert f"_flt_eq_customer_id={customer.id}" in page


def test_who_may_not_change_the_rows_sees_them_only(sign_in, deal, service):
    make_row(DealProduct, deal_id=deal.id, product_id=service.id, notes="Seen")
    role = session().scalar(sa.select(Role).where(Role.name == "Manager"))
    gone = {"crm.deal_products:update", "crm.deal_products:create", "crm.deal_products:delete"}
    session().execute(
        sa.text(
            "DELETE FROM identity.role_permissions WHERE role_id = :role AND permission_id IN "
            "(SELECT id FROM identity.permissions WHERE slug = ANY(:slugs))"
        ),
        {"role": role.id, "slugs": list(gone)},
    )
    session().commit()
    page = sign_in("manager").get(f"/crm/deals/edit/{deal.id}").text
    assert "Seen" in page
    assert 'name="deal_products-0-notes"' not in page
    assert "data-line-add" not in page


# -- a conflict


def two_saves(client, company: Company, mine: dict, theirs: dict):
    """Opened, changed by somebody else, then sent with ``mine``; the answer."""
    url = f"/crm/companies/edit/{company.id}"
    hidden = inputs_of(client.get(url).text)
    sent = current(company) | hidden | mine
    later = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1)
    session().execute(
        sa.update(Company).where(Company.id == company.id).values(**theirs, updated_at=later)
    )
    session().commit()
    return sent, client.post(url, data=sent)


@pytest.fixture
def company(db_session) -> Company:
    row = make_row(Company, name="Before", phone="1", city="Huaraz")
    session().commit()
    return row


def test_both_versions_and_the_one_before_are_shown_field_by_field(sign_in, company):
    mine, theirs = {"name": "Mine", "city": "Cusco"}, {"name": "Theirs", "phone": "2"}
    _sent, answer = two_saves(sign_in("admin"), company, mine, theirs)
    assert answer.status_code == 409
    table = re.search(r'(?s)<table class="table conflicts">.*?</table>', answer.text)[0]
    assert {"Before", "Theirs"} <= set(re.findall(r"Before|Theirs", table))
    assert 'value="Mine"' in table
    assert 'name="keep_city"' not in table, "only I changed it"
    assert re.search(r'name="keep_phone" value="theirs" checked', table), "only they changed it"
    assert re.search(r'name="keep_name" value="yours" checked', table), "both did"


@pytest.mark.parametrize(
    ("keep", "name"), [("theirs", "Theirs"), ("yours", "Mine"), ("before", "Before")]
)
def test_each_field_keeps_the_side_that_was_chosen(sign_in, company, keep, name):
    client = sign_in("admin")
    mine, theirs = {"name": "Mine", "city": "Cusco"}, {"name": "Theirs", "phone": "2"}
    sent, answer = two_saves(client, company, mine, theirs)
    chosen = {"keep_name": keep, "keep_phone": "theirs"}
    saved = client.post(
        f"/crm/companies/edit/{company.id}", data=sent | inputs_of(answer.text) | chosen
    )
    assert saved.status_code == 302, errors_of(saved.text)
    session().expire_all()
    row = session().get(Company, company.id)
    assert (row.name, row.phone, row.city) == (name, "2", "Cusco")


def test_a_third_save_meanwhile_is_a_conflict_again(sign_in, company):
    client = sign_in("admin")
    sent, answer = two_saves(client, company, {"name": "Mine"}, {"name": "Theirs"})
    later = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=9)
    session().execute(
        sa.update(Company).where(Company.id == company.id).values(name="Third", updated_at=later)
    )
    session().commit()
    url = f"/crm/companies/edit/{company.id}"
    again = client.post(url, data=sent | inputs_of(answer.text) | {"keep_name": "theirs"})
    assert again.status_code == 409
    assert "Third" in again.text


def test_a_table_without_a_version_has_no_silent_overwriting_either(sign_in, db_session):
    brand = make_row(Brand, name="One")
    session().commit()
    client = sign_in("admin")
    hidden = inputs_of(client.get(f"/catalog/brands/edit/{brand.id}").text)
    session().execute(sa.update(Brand).where(Brand.id == brand.id).values(name="Two"))
    session().commit()
    answer = client.post(f"/catalog/brands/edit/{brand.id}", data=hidden | {"name": "Three"})
    assert answer.status_code == 409
    session().expire_all()
    assert session().get(Brand, brand.id).name == "Two"


def test_what_nobody_touched_is_not_written(sign_in, db_session):
    """The input of a time has no seconds, that of JSON a layout of its own."""
    due = dt.datetime(2026, 3, 4, 5, 6, 7, tzinfo=dt.UTC)
    task = make_row(Task, due_date=due)
    session().commit()
    client = sign_in("admin")
    page = client.get(f"/services/tasks/edit/{task.id}").text
    sent = current(task) | inputs_of(page) | {"title": "Renamed", "due_date": "2026-03-04T00:06"}
    answer = client.post(f"/services/tasks/edit/{task.id}", data=sent)
    assert answer.status_code == 302, errors_of(answer.text)
    session().expire_all()
    assert session().get(Task, task.id).due_date == due
    assert session().get(Task, task.id).title == "Renamed"


# -- drafts


def test_what_is_typed_is_kept_offered_and_restored(sign_in, company):
    client = sign_in("admin")
    url = f"/crm/companies/edit/{company.id}"
    sent = current(company) | inputs_of(client.get(url).text) | {"name": "Half typ"}
    assert client.post(f"{url}/draft", data=sent).status_code == 204
    page = client.get(url).text
    assert "You have a draft of" in page
    assert 'value="Before"' in page
    restored = client.get(f"{url}?draft=1").text
    assert 'value="Half typ"' in restored
    assert client.post(url, data=sent).status_code == 302
    assert session().scalar(sa.select(sa.func.count()).select_from(FormDraft)) == 0


def test_a_draft_of_an_older_state_says_so_and_ends_in_a_conflict(sign_in, company):
    client = sign_in("admin")
    url = f"/crm/companies/edit/{company.id}"
    sent = current(company) | inputs_of(client.get(url).text) | {"name": "Mine"}
    client.post(f"{url}/draft", data=sent)
    later = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=1)
    session().execute(sa.update(Company).values(name="Theirs", updated_at=later))
    session().commit()
    assert "The record was changed since" in client.get(url).text
    restored = client.get(f"{url}?draft=1").text
    again = client.post(url, data=sent | inputs_of(restored))
    assert again.status_code == 409


def test_a_draft_is_its_persons_alone_and_can_be_discarded(sign_in, company):
    url = f"/crm/companies/edit/{company.id}"
    client = sign_in("admin")
    client.post(f"{url}/draft", data={"name": "Only mine"})
    client = sign_in("manager")
    assert "You have a draft" not in client.get(url).text
    assert "Only mine" not in client.get(f"{url}?draft=1").text
    client = sign_in("admin")
    assert client.delete(f"{url}/draft").status_code == 204
    assert "You have a draft" not in client.get(url).text


def test_a_draft_holds_no_secrets_and_nothing_but_inputs(sign_in, db_session):
    client = sign_in("admin")
    sent = {
        "name": "Hook",
        "custom_headers": '{"Authorization": "Bearer abc"}',
        "secret_key": "s",
        "csrf_token": "t",
        "anything": "else",
    }
    assert client.post("/platform/webhook_endpoints/add/draft", data=sent).status_code == 204
    draft = session().scalar(sa.select(FormDraft))
    assert draft.form == [["name", "Hook"]]


def test_a_draft_that_is_too_long_is_refused(sign_in, db_session):
    answer = sign_in("admin").post("/crm/companies/add/draft", data={"name": "x" * 300_000})
    assert answer.status_code == 422
    assert session().scalar(sa.select(FormDraft)) is None


def test_drafts_need_the_right_to_the_form(sign_in, company):
    client = sign_in("cashier")
    for method in (client.post, client.delete):
        assert method("/crm/companies/add/draft").status_code in (302, 403)
        assert method(f"/crm/companies/edit/{company.id}/draft").status_code in (302, 403)


def test_old_drafts_are_forgotten(sign_in, db_session):
    sign_in("admin").post("/crm/companies/add/draft", data={"name": "Old"})
    now = dt.datetime.now(dt.UTC)
    assert purge_drafts(now=now + dt.timedelta(days=29)) == 0
    assert purge_drafts(now=now + dt.timedelta(days=31)) == 1


# -- copies, links, adding in place


def test_a_copy_begins_like_the_record_without_what_must_be_its_own(sign_in, db_session):
    product = make_row(Product, name="Rice", slug="rice-1", base_price=Decimal("4.50"))
    make_row(ProductVariant, product_id=product.id, sku="R-1", size="M")
    session().commit()
    page = sign_in("admin").get(f"/catalog/products/add?copy={product.id}").text
    assert 'value="Rice"' in page
    assert 'value="4.50"' in page
    assert "rice-1" not in page
    assert re.search(r'name="product_variants-c0-size"[^>]*value="M"', page)
    assert "R-1" not in page


def test_a_copy_holds_nothing_that_is_hidden_from_the_person(sign_in, company):
    role = session().scalar(sa.select(Role).where(Role.name == "Manager"))
    role.policy = {**role.policy, "hidden_fields": {"crm.companies": ["city"]}}
    session().commit()
    page = sign_in("manager").get(f"/crm/companies/add?copy={company.id}").text
    assert "Before" in page
    assert "Huaraz" not in page


def test_values_of_a_link_fill_the_form_and_leave_its_defaults_alone(sign_in, db_session):
    page = sign_in("admin").get("/catalog/product_variants/add?sku=ABC").text
    assert 'value="ABC"' in page
    assert re.search(r'<input[^>]*checked[^>]*name="is_active"', page)


def test_a_record_is_added_from_within_another_form(sign_in, db_session):
    client = sign_in("admin")
    page = client.get("/catalog/products/add").text
    assert 'data-create="/catalog/brands/add?dialog=1"' in page
    part = client.get("/catalog/brands/add?dialog=1&name=Typed").text
    assert "<html" not in part
    assert 'value="Typed"' in part
    wrong = client.post("/catalog/brands/add?dialog=1", data={"name": ""})
    assert wrong.status_code == 422
    made = client.post("/catalog/brands/add?dialog=1", data={"name": "Costeño"})
    brand = session().scalar(sa.select(Brand))
    assert (made.status_code, made.json) == (201, {"id": str(brand.id), "text": "Costeño"})


def test_adding_in_place_is_offered_to_those_who_may_only(sign_in, db_session):
    role = session().scalar(sa.select(Role).where(Role.name == "Manager"))
    session().execute(
        sa.text(
            "DELETE FROM identity.role_permissions WHERE role_id = :role AND permission_id IN "
            "(SELECT id FROM identity.permissions WHERE slug = 'catalog.brands:create')"
        ),
        {"role": role.id},
    )
    session().commit()
    client = sign_in("manager")
    assert "/catalog/brands/add" not in client.get("/catalog/products/add").text
    assert client.post("/catalog/brands/add?dialog=1", data={"name": "x"}).status_code in (302, 403)


# -- widgets


def test_amounts_have_the_sign_of_their_currency_and_percentages_theirs(sign_in, deal):
    page = sign_in("admin").get(f"/crm/deals/edit/{deal.id}").text
    assert re.search(r'data-unit-of="currency"[^>]*>S/<', page)
    assert "USD=$" in page
    assert re.search(r'(?s)name="probability".*?<span class="input-group-text">%', page)


def test_times_tell_their_zone(sign_in, db_session):
    page = sign_in("admin").get("/services/tasks/add").text
    assert re.search(r'class="input-group-text zone"[^>]*>America/Lima<', page)


def test_facts_of_a_flat_schema_are_asked_one_by_one(sign_in, db_session):
    variant = make_row(ProductVariant, dimensions={"length": 3, "box": "A"})
    session().commit()
    client = sign_in("admin")
    url = f"/catalog/product_variants/edit/{variant.id}"
    page = client.get(url).text
    assert 'name="dimensions.width"' in page
    sent = {k: v for k, v in (current(variant) | inputs_of(page)).items() if k != "dimensions"}
    facts = {"dimensions.length": "", "dimensions.width": "2.5", "dimensions.height": "4"}
    answer = client.post(url, data=sent | facts)
    assert answer.status_code == 302, errors_of(answer.text)
    session().expire_all()
    kept = session().get(ProductVariant, variant.id).dimensions
    assert kept == {"box": "A", "width": 2.5, "height": 4}
    hidden = inputs_of(client.get(url).text)
    wrong = client.post(url, data=sent | hidden | {"dimensions.length": "-1"})
    assert wrong.status_code == 422
    assert "minimum" in wrong.text


def test_long_forms_have_parts_with_links_to_them(sign_in, company):
    page = sign_in("admin").get(f"/crm/companies/edit/{company.id}").text
    anchors = re.findall(r'<a href="#(part-\w+)">', page)
    assert anchors[0] == "part-main"
    assert "part-contact" in anchors
    assert all(f'id="{anchor}"' in page for anchor in anchors)


# -- every table


WRITABLE = [t for domain in DOMAINS for t in domain.tables if not t.read_only]


@pytest.mark.parametrize("table", WRITABLE, ids=lambda table: table.model.__table__.fullname)
def test_what_a_form_shows_sent_back_changes_nothing(app, db_session, table):
    from app.admin.forms.form import form_class, form_fields, populate, texts_of

    row = make_row(table.model)
    session().commit()
    description = describe(table.model)
    with app.test_request_context():
        fields = form_fields(description, adding=False)
        kind = form_class(table.model, adding=False, endpoint=f"{table.model.__name__}View.lookup")
        shown = kind(formdata=None, obj=row)
        sent = MultiDict(
            [(f.name, text) for f in fields for text in texts_of(shown[f.name]) if not f.uploaded]
        )
        form = kind(formdata=sent, obj=row)
        form.validate()
        assert {name: said for name, said in form.errors.items() if name in sent} == {}
        populate(form, row, fields, shown=shown)
        assert not session().is_modified(row)
