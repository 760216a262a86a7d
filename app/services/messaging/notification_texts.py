"""Texts of notifications: the templates of ``notification_templates`` with their variables."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa

from app.db import session
from app.i18n import gettext as _
from models.base import humanize
from models.messaging import NotificationTemplate

VARIABLE = re.compile(r"\{\{\s*(\w+)\s*\}\}")


@dataclass(frozen=True, slots=True)
class Text:
    """Plain text; ``body`` may be empty."""

    subject: str
    body: str


@dataclass(frozen=True, slots=True)
class Template:
    subject: str
    body: str

    def fill(self, values: Mapping[str, Any]) -> Text:
        """The text with the variables' values; an unknown variable is nothing."""
        return Text(_filled(self.subject, values), _filled(self.body, values))


def read_templates(
    events: Collection[str], channel: str, languages: Collection[str]
) -> dict[tuple[str, str], Template]:
    """Templates in use by (event, language); one SQL statement. Without one for an e-mail, the
    text of the application does."""
    rows = session().execute(
        sa.select(
            NotificationTemplate.template_id,
            NotificationTemplate.language,
            NotificationTemplate.channel,
            NotificationTemplate.subject,
            NotificationTemplate.body_template,
        ).where(
            NotificationTemplate.template_id.in_(set(events)),
            NotificationTemplate.language.in_(set(languages)),
            NotificationTemplate.channel.in_({channel, "in_app"}),
            NotificationTemplate.is_active,
        )
    )
    found = {}
    for row in sorted(rows, key=lambda row: row.channel == channel):
        found[row.template_id, row.language] = Template(row.subject or "", row.body_template)
    return found


def text_of(event: str, payload: Mapping[str, Any], template: Template | None) -> Text:
    """The text; without a template the payload's ``subject`` and ``text``, else the event's name,
    in the language of the moment."""
    if template is not None:
        return template.fill(payload)
    subject = payload.get("subject") or _(humanize(event))
    return Text(str(subject), str(payload.get("text") or ""))


def _filled(text: str, values: Mapping[str, Any]) -> str:
    def value(match: re.Match[str]) -> str:
        found = values.get(match[1])
        return "" if found is None else str(found)

    return VARIABLE.sub(value, text).strip()
