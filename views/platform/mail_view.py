"""What the local mail sink has kept, for administrators: e-mails that go nowhere else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from flask import Response, abort, current_app
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.i18n import gettext as _
from app.local.mail_store import (
    MessageNotFoundError,
    list_messages,
    read_attachment,
    read_message,
)
from app.locale import show_datetime

# An e-mail's HTML is a stranger's: nothing in it runs, loads or leads anywhere.
SANDBOX = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'"
)


class MailView(BaseView):
    route_base = "/mail"
    class_permission_name = "platform.mail"
    default_view = "messages"

    @expose("/")
    @has_access
    @permission_name("read")
    def messages(self) -> Any:
        return self.render_template(
            "mail/list.html",
            title=_("Mail sink"),
            messages=list_messages(_folder()),
            moment=show_datetime,
        )

    @expose("/<message_id>")
    @has_access
    @permission_name("read")
    def message(self, message_id: str) -> Any:
        try:
            message = read_message(_folder(), message_id)
        except MessageNotFoundError:
            abort(404)
        title = message.subject or _("No subject")
        return self.render_template(
            "mail/message.html", title=title, message=message, moment=show_datetime
        )

    @expose("/<message_id>/html")
    @has_access
    @permission_name("read")
    def html(self, message_id: str) -> Any:
        """The HTML body for a frame, in a sandbox."""
        try:
            body = read_message(_folder(), message_id).html
        except MessageNotFoundError:
            abort(404)
        response = Response(body, mimetype="text/html")
        response.headers["Content-Security-Policy"] = SANDBOX
        return response

    @expose("/<message_id>/attachments/<int:number>")
    @has_access
    @permission_name("read")
    def attachment(self, message_id: str, number: int) -> Any:
        """An attached file, always as a download and never as a page of ours."""
        try:
            attachment = read_attachment(_folder(), message_id, number)
        except MessageNotFoundError:
            abort(404)
        response = Response(attachment.content, mimetype="application/octet-stream")
        response.headers.set("Content-Disposition", "attachment", filename=attachment.name)
        response.headers["Content-Security-Policy"] = SANDBOX
        return response


def _folder() -> Path:
    return Path(current_app.config["MAIL_FOLDER"])


def register_mail_screen(appbuilder: Any) -> None:
    """Register the viewer of the mail sink in the menu of the messages, which must be there."""
    appbuilder.add_view(MailView, "Mail sink", icon="mailbox", category="messaging")
