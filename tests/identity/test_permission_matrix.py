"""The matrix: which role may do what is read, drafted, reviewed and saved."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from models.identity import Permission, Role, RolePermission
from models.platform import AuditLog
from tests.identity.people import form_of, right_id, rights_of, role_id

STATEMENTS = 7
"""The user, the user's roles and rights; all roles, the rights of those shown, all rights."""


@pytest.fixture
def matrix(sign_in, db_session):
    """The matrix page of these roles as an administrator sees it, and its form."""
    client = sign_in("admin")

    def open_(*names: str) -> tuple[str, dict[str, list[str]]]:
        ids = [role_id(db_session, name) for name in names]
        answer = client.get("/identity/matrix/", query_string={"role": ids})
        assert answer.status_code == 200, answer.text
        return answer.text, form_of(answer.text)

    open_.client = client
    return open_


def test_it_has_a_box_for_each_right_and_role(matrix, db_session):
    html, form = matrix("Cashier", "Warehouse")
    rights = db_session.scalar(sa.select(sa.func.count()).select_from(Permission))
    boxes = re.findall(r"<input type=checkbox name=r\d+ ", html)
    assert len(boxes) == rights * 2
    for name in ("Cashier", "Warehouse"):
        ticked = {int(value) for value in form[f"r{role_id(db_session, name)}"]}
        assert ticked == rights_of(db_session, name)


def test_saving_gives_and_takes_and_says_how_many(matrix, db_session):
    _html, form = matrix("Cashier")
    cashier = role_id(db_session, "Cashier")
    given = right_id(db_session, "crm.deals:read")
    taken = right_id(db_session, "customers.customers:update")
    form[f"r{cashier}"] = [v for v in form[f"r{cashier}"] if int(v) != taken] + [str(given)]
    review = matrix.client.post("/identity/matrix/review", data=form)
    assert "+1" in review.text
    assert "−1" in review.text
    assert "CRM / Deals" in review.text
    saved = matrix.client.post("/identity/matrix/save", data=form_of(review.text))
    assert saved.status_code == 302, saved.text
    held = rights_of(db_session, "Cashier")
    assert given in held
    assert taken not in held


def test_the_number_of_statements_does_not_depend_on_the_roles(
    sign_in, db_session, count_statements
):
    client = sign_in("admin")
    everybody = list(db_session.scalars(sa.select(Role.id)))
    for ids in (everybody[:1], everybody):
        with count_statements() as statements:
            answer = client.get("/identity/matrix/", query_string={"role": ids})
        assert answer.status_code == 200
        assert len(statements) == STATEMENTS, "\n".join(statements)


def test_rights_that_come_with_new_screens_have_a_box_of_their_own(matrix, db_session):
    from app.security.sync import _add_rights

    _add_rights(db_session, [("can_countersign", "billing.invoices")])
    db_session.commit()
    html, _form = matrix("Cashier")
    assert "Countersign" in html


def test_a_draft_shows_other_roles_and_loses_nothing(matrix, db_session):
    _html, form = matrix("Cashier")
    cashier, warehouse = role_id(db_session, "Cashier"), role_id(db_session, "Warehouse")
    deals = str(right_id(db_session, "crm.deals:read"))
    form[f"r{cashier}"].append(deals)
    form["role"] = [str(warehouse)]
    drafted = form_of(matrix.client.post("/identity/matrix/draft", data=form).text)
    assert {int(k) for k in drafted["shown"]} == {cashier, warehouse}
    assert deals in drafted[f"r{cashier}"]
    assert {int(v) for v in drafted[f"r{warehouse}"]} == rights_of(db_session, "Warehouse")


def test_copying_a_role_is_a_draft_like_any_other(matrix, db_session):
    _html, form = matrix("Cashier")
    cashier, auditor = role_id(db_session, "Cashier"), role_id(db_session, "Auditor")
    form |= {"do": "copy", "copy_from": auditor, "copy_to": cashier}
    drafted = form_of(matrix.client.post("/identity/matrix/draft", data=form).text)
    assert {int(v) for v in drafted[f"r{cashier}"]} == rights_of(db_session, "Auditor")
    assert rights_of(db_session, "Cashier") != rights_of(db_session, "Auditor")


def test_only_differences_hides_the_rows_that_agree_but_keeps_their_boxes(matrix, db_session):
    ids = [role_id(db_session, name) for name in ("Cashier", "Warehouse")]
    page = matrix.client.get("/identity/matrix/", query_string={"role": ids, "differences": 1})
    hidden = re.findall(r'<tr data-row data-name="([^"]+)" hidden>', page.text)
    assert "catalog.products" in hidden
    assert "sales.till" not in hidden
    form = form_of(page.text)
    assert {int(v) for v in form[f"r{ids[0]}"]} == rights_of(db_session, "Cashier")


def test_a_conflict_names_what_the_other_changed_and_saves_on_top_of_it(matrix, db_session):
    _html, form = matrix("Cashier")
    cashier = role_id(db_session, "Cashier")
    theirs, mine = (right_id(db_session, slug) for slug in ("crm.leads:read", "crm.deals:read"))
    db_session.add(RolePermission(role_id=cashier, permission_view_id=theirs))
    db_session.commit()
    form[f"r{cashier}"].append(str(mine))
    conflict = matrix.client.post("/identity/matrix/save", data=form)
    assert conflict.status_code == 409
    assert "CRM / Leads" in conflict.text
    assert "CRM / Deals" in conflict.text
    assert mine not in rights_of(db_session, "Cashier")
    again = matrix.client.post("/identity/matrix/save", data=form_of(conflict.text))
    assert again.status_code == 302
    assert {theirs, mine} <= rights_of(db_session, "Cashier")


def test_going_back_from_the_review_keeps_the_draft(matrix, db_session):
    _html, form = matrix("Cashier")
    cashier = role_id(db_session, "Cashier")
    deals = str(right_id(db_session, "crm.deals:read"))
    form[f"r{cashier}"].append(deals)
    review = form_of(matrix.client.post("/identity/matrix/review", data=form).text)
    drafted = form_of(matrix.client.post("/identity/matrix/draft", data=review).text)
    assert deals in drafted[f"r{cashier}"]
    assert drafted[f"seen-{cashier}"] == form[f"seen-{cashier}"]


@pytest.mark.parametrize(
    "form",
    [
        {"shown": "x"},
        {"shown": "1", "seen-1": "zz"},
        {"shown": "1", "seen-1": "f" * 30_000},
        {"shown": "1", "seen-1": "0", "r1": "-5"},
        {"shown": "1", "seen-1": "0", "wanted-1": "g"},
        {"shown": "9" * 30},
    ],
)
def test_a_damaged_form_is_refused(matrix, form):
    for path in ("draft", "review", "save"):
        assert matrix.client.post(f"/identity/matrix/{path}", data=form).status_code == 400


def test_a_draft_without_anything_shows_nothing_to_save(matrix):
    page = matrix.client.post("/identity/matrix/review", data={}).text
    assert "Nothing is changed" in page


def test_masks_are_the_sets_they_came_from():
    from views.identity.matrix_draft import mask, unmask

    for ids in ({}, {0}, {1, 5, 8, 4096}, set(range(500))):
        assert unmask(mask(frozenset(ids))) == frozenset(ids)
    assert unmask("") == frozenset()
    assert mask({4, 0}) == "11"


def test_all_of_one_saving_is_in_the_audit_log_under_one_request(matrix, db_session):
    _html, form = matrix("Cashier", "Warehouse")
    deals, leads = (right_id(db_session, slug) for slug in ("crm.deals:read", "crm.leads:read"))
    for name in ("Cashier", "Warehouse"):
        form[f"r{role_id(db_session, name)}"] += [str(deals), str(leads)]
    last = db_session.scalar(sa.select(sa.func.max(AuditLog.id))) or 0
    assert matrix.client.post("/identity/matrix/save", data=form).status_code == 302
    entries = db_session.scalars(
        sa.select(AuditLog).where(
            AuditLog.id > last, AuditLog.table_name == "identity.role_permissions"
        )
    ).all()
    assert len(entries) == 4
    assert {entry.action for entry in entries} == {"insert"}
    assert len({entry.request_id for entry in entries}) == 1
