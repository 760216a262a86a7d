"""Texts that pages make from names in the database: each is one that the catalogue knows."""

from __future__ import annotations

import sqlalchemy as sa
from flask_babel import force_locale

from app.cli.i18n import read_catalogue
from app.db import session
from models.platform import SystemSetting
from views.identity.rights_catalogue import read_catalogue as read_rights
from views.platform.settings_groups import groups_of


def test_every_right_has_a_name_in_both_languages(db_session):
    with force_locale("en"):
        rights = read_rights()
    names = {label for _code, label in (*rights.actions, *rights.special)}
    for group in rights.groups:
        names |= {group.label, *(screen.label for screen in group.screens)}
    assert _unknown(names) == set()


def test_every_group_of_settings_has_a_name_in_both_languages(db_session):
    keys = set(session().scalars(sa.select(SystemSetting.setting_group)))
    with force_locale("en"):
        assert _unknown({group.label for group in groups_of(keys - {"system"})}) == set()


def _unknown(names: set[str]) -> set[str]:
    catalogue = read_catalogue("es")
    return {name for name in names if catalogue.get(name) is None}
