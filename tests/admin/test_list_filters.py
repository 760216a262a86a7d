"""Filters: each operator of each column, groups, relative dates, words, and what is refused."""

from __future__ import annotations

import datetime as dt
import json
import re

import pytest

from app.admin.build import url_of
from app.admin.describe import describe
from app.admin.interface import AdminInterface
from app.admin.lists.filters import BY_KIND, FilterConverter
from app.admin.lists.tree import MAX_CONDITIONS, MAX_DEPTH, parse_filter
from app.db import session
from models.catalog import Brand
from models.crm import Company, Deal
from models.services import ServiceProduct
from tests.rows import column_values, make_row
from tests.users import user_id_of
from views.domains import DOMAINS

TABLES = {describe(t.model).resource: t for domain in DOMAINS for t in domain.tables}
BASE = "/services/products/list/"
PRODUCTS = "/catalog/products/list/"


def asked(client, tree: object, base: str = BASE) -> str:
    """The list with that filter; its rows and words as text."""
    answer = client.get(base, query_string={"filter": json.dumps(tree), "view": 0})
    assert answer.status_code == 200
    return answer.text


def is_shown(name: str, text: str) -> bool:
    return re.search(rf">\s*{name}\s*<", text) is not None


def value_for(shape: str, field, value: object) -> object:
    """What the operator takes, made of a value that fits the column."""
    if field.kind in ("texts", "uuids"):
        value = "00000000-0000-0000-0000-000000000000"
    if field.kind in ("json", "inet"):
        value = {"json": {}, "inet": "10.0.0.0/8"}[field.kind]
    plain = value if isinstance(value, dict) else str(value)
    return {"value": plain, "items": [plain, plain], "range": [plain, plain], "nothing": None}[
        shape
    ]


@pytest.mark.parametrize("resource", sorted(TABLES))
def test_every_operator_of_every_column_of_every_table_works(app, sign_in, resource):
    description = describe(TABLES[resource].model)
    with app.test_request_context():
        base = url_of(description.model, "list")
    values = column_values(description)
    client = sign_in("admin")
    fields = client.get(f"{base}filters").json["fields"]
    assert {field["name"] for field in fields} == {f.name for f in description.visible}
    for offered in fields:
        field = description.fields[offered["name"]]
        known = values.get(field.name)
        usable = known if known not in (None, "") else _sample(field)
        conditions = [
            [field.name, code, value_for(shape, field, usable)]
            for code, _label, shape in offered["operators"]
        ]
        text = asked(client, {"or": [{"and": conditions}, {"or": conditions}]}, base)
        assert "can&#39;t be used" not in text, (field.name, conditions)
        assert "doesn&#39;t exist" not in text, (field.name, conditions)
        assert "can&#39;t be read" not in text, (field.name, conditions)
        assert "too many" not in text, (field.name, conditions)


def _sample(field) -> str:
    if field.kind == "choice":
        return next(iter(field.choices))
    kind = field.target_kind if field.kind == "relation" else field.kind
    return {
        "uuid": "00000000-0000-0000-0000-000000000000",
        "date": "2026-01-31",
        "datetime": "last_month",
        "boolean": "true",
    }.get(kind, "7")


def test_every_kind_of_column_has_operators(app):
    kinds = {f.kind for t in TABLES.values() for f in describe(t.model).visible}
    assert kinds <= BY_KIND.keys()


@pytest.fixture
def products(db_session) -> dict[str, ServiceProduct]:
    made = {
        name: make_row(
            ServiceProduct, name=name, unit_price=price, currency=currency, required_skills=skills
        )
        for name, price, currency, skills in (
            ("Apple", 1, "PEN", ["fruit", "red"]),
            ("Bread", 5, "USD", ["bakery"]),
            ("Chair", 90, "PEN", []),
            ("Desk", 300, "EUR", ["wood"]),
        )
    }
    session().commit()
    return made


@pytest.mark.parametrize(
    ("tree", "found"),
    [
        (
            {"and": [["currency", "in", ["PEN", "USD"]], ["unit_price", "gte", "5"]]},
            "Bread Chair",
        ),
        ({"or": [["unit_price", "lt", "2"], ["unit_price", "gt", "100"]]}, "Apple Desk"),
        (
            {
                "and": [
                    ["currency", "eq", "PEN"],
                    {"or": [["name", "sw", "a"], ["name", "ew", "R"]]},
                ]
            },
            "Apple Chair",
        ),
        ([["unit_price", "btw", ["2", "100"]]], "Bread Chair"),
        ([["unit_price", "btw", ["", "5"]]], "Apple Bread"),
        ([["unit_price", "btw", "90.."]], "Chair Desk"),
        ([["currency", "nin", "PEN,USD"]], "Desk"),
        ([["required_skills", "any", ["wood", "red"]]], "Apple Desk"),
        ([["required_skills", "nhas", "fruit"], ["required_skills", "nempty"]], "Bread Desk"),
        ([["required_skills", "empty"]], "Chair"),
        ({"col": "name", "opr": "eq", "value": "Desk"}, "Desk"),
        (["name", "ct", "hai"], "Chair"),
    ],
)
def test_conditions_and_groups_narrow_the_list(sign_in, products, tree, found):
    text = asked(sign_in("admin"), tree)
    assert " ".join(name for name in products if is_shown(name, text)) == found


def test_a_condition_and_the_old_arguments_narrow_together(sign_in, products):
    args = {"_flt_eq_currency": "PEN", "filter": '[["unit_price","gt","50"]]'}
    text = sign_in("admin").get(BASE, query_string=args).text
    assert [name for name in products if is_shown(name, text)] == ["Chair"]
    assert "Currency is Soles" in text
    assert "Unit price more than 50" in text


def test_filters_are_told_in_words(sign_in, products):
    tree = {
        "and": [
            {"or": [["currency", "in", ["PEN", "USD"]], ["unit_price", "btw", ["1", "5"]]]},
            ["created_at", "eq", "last_30_days"],
            ["created_at", "gte", "2026-01-31"],
            ["required_skills", "empty"],
        ]
    }
    text = asked(sign_in("admin"), tree)
    assert "(Currency is one of Soles, US dollars or Unit price is between 1 and 5)" in text
    assert "Created at: the last 30 days" in text
    assert "Created at from 31/01/2026" in text
    assert "Required skills is empty" in text


def test_a_chip_takes_its_own_part_away(sign_in, products):
    text = asked(sign_in("admin"), [["currency", "eq", "PEN"], ["unit_price", "gt", "50"]])
    left = text.split('class="chip"')[1].split('href="')[1].split('"')[0].replace("&amp;", "&")
    again = sign_in("admin").get(left).text
    assert "Unit price more than 50" in again
    assert "Currency is Soles" not in again


@pytest.mark.parametrize(
    "text",
    ["{", "7", '"x"', '{"not":[]}', '{"and":7}', "[7]", '{"and":[[]],"or":[]}', "[" * 90, "\x00"],
)
def test_a_filter_that_can_not_be_read_is_said_and_the_list_is_shown(sign_in, products, text):
    answer = sign_in("admin").get(BASE, query_string={"filter": text})
    assert answer.status_code == 200
    assert "Apple" in answer.text
    assert "can&#39;t be read" in answer.text or "doesn&#39;t exist here" in answer.text


@pytest.mark.parametrize(
    "condition",
    [
        ["unit_price", "eq", "abc"],
        ["unit_price", "btw", ["", ""]],
        ["unit_price", "btw", ["1", "2", "3"]],
        ["currency", "in", []],
        ["currency", "in", {"a": 1}],
        ["currency", "in", ["x"] * 201],
        ["created_at", "eq", "last_0_days"],
        ["created_at", "eq", "next_fortnight"],
        ["unit_price", "eq", "me"],
        ["category_id", "eq", "me"],
    ],
)
def test_a_value_that_does_not_fit_is_said(sign_in, products, condition):
    text = asked(sign_in("admin"), [condition])
    assert "can&#39;t be used to filter" in text
    assert "Apple" in text


def parse(tree: object) -> tuple:
    return parse_filter(tree, AdminInterface(ServiceProduct))


def test_too_deep_and_too_many_are_refused(app, db_session):
    with app.test_request_context():
        deep: object = ["name", "ct", "a"]
        for _level in range(MAX_DEPTH + 1):
            deep = {"or": [deep]}
        tree, mistakes = parse_as_admin(app, deep)
        assert not tree.parts
        assert len(mistakes) == 1
        tree, mistakes = parse_as_admin(app, [["name", "ct", "a"]] * (MAX_CONDITIONS + 5))
        assert len(tree.parts) == MAX_CONDITIONS
        assert len(mistakes) == 1


def parse_as_admin(app, tree: object) -> tuple:
    from flask import g

    from models.identity import User

    g.user = session().get(User, user_id_of("admin"))
    return parse(tree)


def test_a_tree_survives_being_written_and_read(app, db_session):
    asked_for = {
        "and": [
            ["name", "ct", "ñ"],
            {"or": [["required_skills", "empty"], ["currency", "in", ["PEN"]]]},
        ]
    }
    with app.test_request_context():
        tree, mistakes = parse_as_admin(app, asked_for)
        again, _mistakes = parse_as_admin(app, tree.text())
        assert mistakes == []
        assert again.as_json() == tree.as_json() == asked_for


def test_me_is_whoever_looks(sign_in):
    for name in ("manager", "admin"):
        make_row(Deal, name=f"Deal of {name}", owner_id=user_id_of(name))
    session().commit()
    for name, other in (("manager", "admin"), ("admin", "manager")):
        text = asked(sign_in(name), [["owner_id", "eq", "me"]], "/crm/deals/list/")
        assert f"Deal of {name}" in text
        assert f"Deal of {other}" not in text
        assert "Owner is me" in text


def test_relative_dates_are_days_of_the_users_zone(sign_in, monkeypatch):
    from app.admin.lists import values

    monkeypatch.setattr(values, "today", lambda: dt.date(2026, 3, 2))  # a Monday
    for hour, day in ((4, "Sunday"), (5, "Monday")):  # 05:00 UTC is midnight in Lima
        made = dt.datetime(2026, 3, 2, hour, 0, tzinfo=dt.UTC)
        make_row(Company, name=f"Of {day}", created_at=made)
    session().commit()
    client = sign_in("admin")
    for period, day, other in (
        ("today", "Monday", "Sunday"),
        ("this_week", "Monday", "Sunday"),
        ("yesterday", "Sunday", "Monday"),
        ("last_week", "Sunday", "Monday"),
    ):
        text = asked(client, [["created_at", "eq", period]], "/crm/companies/list/")
        assert f"Of {day}" in text, period
        assert f"Of {other}" not in text, period


@pytest.mark.parametrize(
    ("operator", "period", "found"),
    [
        ("lt", "this_week", "Before"),
        ("gt", "this_week", "After"),
        ("gte", "this_week", "Within After"),
        ("lte", "this_week", "Before Within"),
        ("neq", "this_week", "Before After"),
    ],
)
def test_before_and_after_leave_the_whole_period_out(sign_in, monkeypatch, operator, period, found):
    from app.admin.lists import values

    monkeypatch.setattr(values, "today", lambda: dt.date(2026, 3, 4))
    for name, day in (("Before", 1), ("Within", 4), ("After", 9)):
        moment = dt.datetime(2026, 3, day, 17, 0, tzinfo=dt.UTC)
        make_row(Company, name=f"{name} it", created_at=moment)
    session().commit()
    text = asked(sign_in("admin"), [["created_at", operator, period]], "/crm/companies/list/")
    assert " ".join(n for n in ("Before", "Within", "After") if f"{n} it" in text) == found


def test_a_relation_is_called_by_its_title_only_for_who_may_read_it(sign_in, monkeypatch):
    brand = make_row(Brand, name="Secret brand")
    session().commit()
    text = asked(sign_in("admin"), [["brand_id", "in", [str(brand.id)]]], PRODUCTS)
    assert "Brand is one of Secret brand" in text
    monkeypatch.setattr("app.admin.lists.words.may_read", lambda _model: False)
    text = asked(sign_in("admin"), [["brand_id", "in", [str(brand.id)]]], PRODUCTS)
    assert "Secret brand" not in text
    assert f"Brand is one of {brand.id}" in text


def test_the_words_of_a_condition_take_one_statement_for_all_its_rows(sign_in, count_statements):
    brands = [make_row(Brand, name=f"Brand {n}") for n in range(5)]
    session().commit()
    client = sign_in("admin")
    counts = []
    for keys in ([brands[0].id], [brand.id for brand in brands]):
        asked(client, [["brand_id", "in", [str(key) for key in keys]]], PRODUCTS)
        with count_statements() as statements:
            asked(client, [["brand_id", "in", [str(key) for key in keys]]], PRODUCTS)
        counts.append(len(statements))
    assert counts[0] == counts[1]


def test_the_converter_finds_only_what_a_column_offers(app, db_session):
    with app.test_request_context():
        parse_as_admin(app, [])
        converter = FilterConverter(AdminInterface(ServiceProduct))
        assert converter.find("name", "ct") is not None
        assert converter.find("name", "btw") is None
        assert converter.find("password", "eq") is None
