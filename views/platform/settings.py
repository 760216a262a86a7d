"""The settings page: a group at a time, checked and saved together."""

from __future__ import annotations

import datetime as dt
from typing import Any

import sqlalchemy as sa
from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _
from app.i18n import ngettext
from app.locale import user_language
from app.security.rights import current_actor, may
from app.services.platform.change_settings import (
    KEPT_BY_THE_SYSTEM,
    ChangeSettings,
    InvalidSettingError,
    StaleSettingError,
    WhoComesInError,
    change_settings,
)
from app.settings.texts import shipped
from models.platform import SystemSetting
from views.platform.settings_form import read_changes, typed_texts
from views.platform.settings_groups import groups_of
from views.platform.settings_history import last_changes
from views.platform.settings_page import Sent, current_text, matches, setting_field


class SettingsView(BaseView):
    route_base = "/settings"
    class_permission_name = "platform.settings"
    default_view = "settings"

    @expose("/")
    @has_access
    @permission_name("read")
    def settings(self) -> Any:
        """The first group, or what the search finds in all of them."""
        if words := request.args.get("q", "").strip()[:100]:
            return self._found(words)
        groups = groups_of({row.setting_group for row in _all_settings()})
        return redirect(url_for(".group", name=groups[0].key)) if groups else abort(404)

    @expose("/<name>")
    @has_access
    @permission_name("read")
    def group(self, name: str) -> Any:
        return self._page(name, Sent())

    @expose("/<name>", methods=["POST"])
    @has_access
    @permission_name("update")
    def save(self, name: str) -> Any:
        """Save all changes of a group, or none and say beside each what is wrong with it."""
        rows = _of_group(name)
        try:
            command = ChangeSettings(read_changes(rows))
            changed = change_settings(command, actor=current_actor(), now=dt.datetime.now(dt.UTC))
        except (InvalidSettingError, StaleSettingError, WhoComesInError) as error:
            session().expire_all()
            sent = Sent(typed_texts(rows), _beside(rows, error))
            return self._page(name, sent, error), error.status
        if changed:
            told = ngettext(
                "%(num)s setting was changed.", "%(num)s settings were changed.", len(changed)
            )
            flash(told, "success")
        else:
            flash(_("Nothing was changed."), "info")
        return redirect(url_for(".group", name=name))

    def _page(self, name: str, sent: Sent, error: DomainError | None = None) -> Any:
        rows = _all_settings()
        mine = [row for row in rows if row.setting_group == name] or abort(404)
        groups = groups_of({row.setting_group for row in rows})
        language, last = user_language(), last_changes(mine)
        return self.render_template(
            "settings/group.html",
            title=_("Settings"),
            groups=groups,
            group=next(group for group in groups if group.key == name),
            fields=[setting_field(row, language, sent, last.get(row.setting_key)) for row in mine],
            error=error,
            words="",
            may_update=may("platform.settings:update"),
        )

    def _found(self, words: str) -> Any:
        rows, language = _all_settings(), user_language()
        groups = groups_of({row.setting_group for row in rows})
        found = [row for row in rows if matches(row, language, words)]
        hits = [
            (
                group,
                [
                    setting_field(row, language, Sent(), None)
                    for row in found
                    if row.setting_group == group.key
                ],
            )
            for group in groups
        ]
        return self.render_template(
            "settings/found.html",
            title=_("Settings"),
            groups=groups,
            hits=[(group, fields) for group, fields in hits if fields],
            words=words,
        )


def _all_settings() -> list[SystemSetting]:
    """In the order of the seed, those of other origin last."""
    order = {key: number for number, key in enumerate(shipped())}
    statement = sa.select(SystemSetting).where(SystemSetting.setting_group != KEPT_BY_THE_SYSTEM)
    rows = session().scalars(statement).all()
    return sorted(rows, key=lambda row: (order.get(row.setting_key, len(order)), row.setting_key))


def _of_group(name: str) -> list[SystemSetting]:
    return [row for row in _all_settings() if row.setting_group == name] or abort(404)


def _beside(rows: list[SystemSetting], error: DomainError) -> dict[str, str]:
    """The sentence beside each field; of a stale one with what is saved now."""
    if not isinstance(error, StaleSettingError):
        return error.fields
    return {
        row.setting_key: _("Somebody changed this meanwhile. Save again to keep yours.")
        if row.is_encrypted
        else _(
            "Somebody changed this meanwhile to “%(value)s”. Save again to keep yours.",
            value=current_text(row),
        )
        for row in rows
        if row.setting_key in error.fields
    }


def register_settings_screen(appbuilder: Any) -> None:
    """Register the page and its API in the menu of the system, which must be there."""
    from views.platform.settings_api import SettingsApi

    appbuilder.add_view(SettingsView, "Settings", icon="adjustments", category="platform")
    appbuilder.add_api(SettingsApi)
