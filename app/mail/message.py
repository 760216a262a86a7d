"""An e-mail before it is sent."""

from __future__ import annotations

from dataclasses import dataclass
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, localtime


@dataclass(frozen=True, slots=True)
class Attachment:
    name: str
    content_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class MailMessage:
    """``message_id`` is ours and stays the same when the message is tried again, so that a second
    copy can be recognised. Addresses are bare (``ana@example.com``)."""

    message_id: str
    from_email: str
    to_email: str
    subject: str
    text: str
    html: str | None = None
    from_name: str = ""
    to_name: str = ""
    attachments: tuple[Attachment, ...] = ()

    def as_mime(self) -> EmailMessage:
        """The message as it goes over the wire; ValueError for an address that can't be one."""
        mime = EmailMessage(policy=SMTP)
        mime["From"] = Address(self.from_name, addr_spec=self.from_email)
        mime["To"] = Address(self.to_name, addr_spec=self.to_email)
        mime["Subject"] = " ".join(self.subject.split())
        mime["Date"] = format_datetime(localtime())
        mime["Message-ID"] = self.message_id
        mime.set_content(self.text)
        if self.html:
            mime.add_alternative(self.html, subtype="html")
        for attachment in self.attachments:
            kind, _slash, subtype = attachment.content_type.partition("/")
            mime.add_attachment(
                attachment.content, maintype=kind, subtype=subtype, filename=attachment.name
            )
        return mime
