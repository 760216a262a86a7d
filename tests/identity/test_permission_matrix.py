"""The matrix: which role may do what is read, drafted, reviewed and saved."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from models.identity import Permission, Role, RolePermission

STATEMENTS = 6
"""The user, the user's roles and rights; all roles, the rights of those shown, all rights."""


def role_id(session, name: str) -> int:
    return session.scalar(sa.select(Role.id).where(Role.name == name))


def right_id(session, slug: str) -> int:
    return session.scalar(sa.select(Permission.id).where(Permission.slug == slug))


def rights_of(session, name: str) -> set[int]:
    return set(
        session.scalars(
            sa.select(RolePermission.permission_view_id).where(
                RolePermission.role_id == role_id(session, name)
            )
        )
    )


def form_of(html: str) -> dict[str, list[str]]:
    """What a browser without scripts sends for the matrix form."""
    fields: dict[str, list[str]] = {}
    for tag in re.findall(r"<input[^>]+>", html):
        given = {name: a or b for name, a, b in re.findall(r'([\w-]+)=(?:"([^"]*)"|(\w+))', tag)}
        ticked = given.get("type") != "checkbox" or re.search(r"\schecked\b", tag)
        if given.get("name") and ticked and given.get("type") != "search":
            fields.setdefault(given["name"], []).append(given.get("value", ""))
    return fields


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
