"""Reference data: complete in both languages, added once, never in an admin's way."""

from __future__ import annotations

from itertools import pairwise

import jinja2
import jinja2.meta
import pytest
import sqlalchemy as sa

from app.seed.files import LANGUAGES, in_language, read
from app.seed.loading import seed_reference_data
from app.seed.tables import SEEDED
from models.crm import LeadSource, LeadStatus
from models.messaging import EmailTemplate, NotificationTemplate
from models.platform import SystemSetting
from models.sales import OrderStatusTransition

tables = pytest.mark.parametrize("table", SEEDED, ids=lambda table: table.full_name)


@tables
def test_every_lookup_table_has_rows(db_session, table) -> None:
    assert db_session.scalar(sa.select(sa.func.count()).select_from(table.model)) > 0


@tables
def test_every_row_names_columns_of_its_table(table) -> None:
    columns = {*table.model.__table__.columns.keys(), "parent"}
    for row in read(table.schema)[table.name]:
        assert set(row) <= columns


@tables
def test_no_two_rows_are_the_same_in_either_language(table) -> None:
    rows = read(table.schema)[table.name]
    for language in LANGUAGES:
        keys = [
            tuple(in_language(row, language).get(column) for column in table.key) for row in rows
        ]
        assert len(keys) == len(set(keys))


def _snapshot(session) -> dict[str, list[tuple]]:
    return {
        table.full_name: session.execute(
            sa.select(*table.model.__table__.columns).order_by(table.model.id)
        ).all()
        for table in SEEDED
    }


def test_seeding_again_changes_nothing(db_session) -> None:
    before = _snapshot(db_session)
    assert seed_reference_data() == {}
    assert seed_reference_data("en") == {}
    assert _snapshot(db_session) == before


def test_rows_that_somebody_renamed_changed_or_deleted_stay_so(db_session) -> None:
    new = db_session.scalar(sa.select(LeadStatus).where(LeadStatus.name == "Nuevo"))
    new.name, new.color = "Recién llegado", "#000000"
    gone = db_session.scalar(sa.select(LeadSource).where(LeadSource.name == "Publicidad"))
    db_session.delete(gone)
    db_session.commit()
    assert seed_reference_data() == {}
    names = set(db_session.scalars(sa.select(LeadStatus.name)))
    assert "Recién llegado" in names
    assert "Nuevo" not in names
    assert "Publicidad" not in set(db_session.scalars(sa.select(LeadSource.name)))


def test_rows_of_a_newer_version_are_added(db_session, monkeypatch) -> None:
    newer = [*read("crm")["lead_sources"], {"name": {"es": "Radio", "en": "Radio ads"}}]
    monkeypatch.setitem(read("crm"), "lead_sources", newer)
    assert seed_reference_data() == {"crm.lead_sources": 1}
    assert seed_reference_data() == {}


def test_a_row_that_an_admin_made_already_is_not_doubled(db_session, monkeypatch) -> None:
    db_session.add(LeadSource(name="Radio ads"))
    db_session.commit()
    newer = [*read("crm")["lead_sources"], {"name": {"es": "Radio", "en": "Radio ads"}}]
    monkeypatch.setitem(read("crm"), "lead_sources", newer)
    assert seed_reference_data("es") == {}


def test_an_english_business_gets_english_names(make_app, fresh_database) -> None:
    from app.db import atomic, session

    with make_app(fresh_database).app_context():
        with atomic() as current:
            for table in reversed(SEEDED):
                current.execute(sa.delete(table.model))
        seed_reference_data("en")
        assert "Website" in set(session().scalars(sa.select(LeadSource.name)))
        language = sa.select(SystemSetting.default_value).where(
            SystemSetting.setting_key == "company.language"
        )
        assert session().scalar(language) == "en"


def test_templates_exist_in_both_languages(db_session) -> None:
    for model in (EmailTemplate, NotificationTemplate):
        counts = db_session.execute(
            sa.select(model.language, sa.func.count()).group_by(model.language)
        ).all()
        assert {language for language, _count in counts} == set(LANGUAGES)
        assert len({count for _language, count in counts}) == 1


def test_templates_use_only_the_variables_they_announce(db_session) -> None:
    environment = jinja2.Environment(autoescape=True)
    for template in db_session.scalars(sa.select(EmailTemplate)):
        used: set[str] = set()
        for text in (template.subject, template.body_html, template.body_text):
            used |= jinja2.meta.find_undeclared_variables(environment.parse(text))
        assert used <= set(template.available_variables), template.name


def test_orders_can_go_from_draft_to_completed_in_both_ways(db_session) -> None:
    pairs = set(
        db_session.execute(
            sa.select(OrderStatusTransition.from_status, OrderStatusTransition.to_status)
        ).all()
    )
    way = ["draft", "confirmed", "paid", "picking", "shipped", "delivered", "completed"]
    assert set(pairwise(way)) <= pairs
    assert ("draft", "completed") in pairs
    assert {after for _before, after in pairs} >= {"cancelled", "returned"}


def test_defaults_of_settings_obey_their_own_rules(db_session) -> None:
    types = {
        "integer": int, "boolean": bool, "text": str, "decimal": str, "choice": str,
        "list": list, "json": dict,
    }  # fmt: skip
    for setting in db_session.scalars(sa.select(SystemSetting)):
        value, rules = setting.default_value, setting.validation_rules
        if value is None:
            continue
        assert type(value) is types[setting.setting_type], setting.setting_key
        assert value in rules.get("enum", [value]), setting.setting_key
        if setting.setting_type == "integer":
            assert rules.get("minimum", value) <= value <= rules.get("maximum", value)
