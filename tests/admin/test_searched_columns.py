"""A search box looks in columns whose index answers at any size, whatever accents are typed."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.admin.lists.listing import Explain
from app.admin.model_view import TableView
from app.admin.searched import SMALL, searchable
from app.db import session
from models.base import fits
from models.crm import Company
from models.customers import Customer
from tests.rows import make_row

WITHOUT_A_BOX = {
    "identity.external_identities",
    "identity.registrations",
    "inventory.inventory_reservations",
    "messaging.notifications",
    "platform.audit_logs",
    "platform.idempotency_keys",
    "platform.webhook_deliveries",
    "workspace.audit_readers",
    "workspace.background_work",
    "workspace.favourites",
    "workspace.followers",
    "workspace.form_drafts",
    "workspace.import_batches",
    "workspace.imported_rows",
    "workspace.preferences",
    "workspace.recent_records",
}
"""Written by the system, row after row, with no words that people would look for: filters do."""


@pytest.fixture
def tables(app) -> list:
    views = [view for view in app.appbuilder.baseviews if isinstance(view, TableView)]
    return [(view.table, view.datamodel.description) for view in views]


def test_every_named_column_is_searched_and_so_has_an_index_or_a_small_table(tables):
    for table, description in tables:
        found = {field.name for field in searchable(table.model, table.search_columns)}
        assert found == set(table.search_columns), description.resource


def test_tables_with_words_have_a_search_box(tables):
    texts = {
        description.resource: searchable(table.model, table.search_columns or table.model.__title__)
        for table, description in tables
        if any(f.kind in ("text", "textarea") for f in description.title_fields())
    }
    assert {name for name, found in texts.items() if not found} == WITHOUT_A_BOX


def test_small_tables_are_tables(tables):
    assert {description.resource for _table, description in tables} >= SMALL


@pytest.mark.parametrize("typed", ["huaman", "HUAMÁN", "Huama\u0301n"])
def test_lists_the_api_and_choices_find_without_accents_and_with(db_session, sign_in, typed):
    row = make_row(Customer, full_name="José HUAMÁN Ñaupa")
    session().commit()
    client = sign_in("admin")
    said = {"q": typed}
    assert "José HUAMÁN" in client.get("/customers/customers/list/", query_string=said).text
    filtered = {"_flt_ct_full_name": typed}
    assert "José HUAMÁN" in client.get("/customers/customers/list/", query_string=filtered).text
    found = client.get("/api/v1/customers/customers/", query_string={"search": typed}).get_json()
    assert str(row.id) in {str(each["id"]) for each in found["result"]}
    lookup = "/customers/customer_addresses/lookup/customer_id"
    assert "José HUAMÁN" in client.get(lookup, query_string=said).get_json()["results"][0]["text"]
    assert "José HUAMÁN" in client.get("/search/results", query_string=said).text


def test_a_sign_of_a_pattern_means_itself(db_session, sign_in):
    make_row(Company, name="Cien % algodón")
    make_row(Company, name="Cien algodones")
    session().commit()
    found = sign_in("admin").get("/crm/companies/list/", query_string={"q": "% algodon"}).text
    assert "Cien % algodón" in found
    assert "Cien algodones" not in found


def test_the_index_answers(db_session):
    """What the box asks for is what the index holds."""
    session().execute(sa.text("SET LOCAL enable_seqscan = off"))
    wanted = sa.select(sa.literal(1)).where(fits(Customer.__table__.c.full_name, "%huaman%"))
    plan = str(session().execute(Explain(wanted)).scalar_one())
    assert "ix_customers_full_name_trgm" in plan
