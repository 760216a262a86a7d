"""Why a file isn't taken."""

from __future__ import annotations

from app.errors import DomainError
from app.i18n import gettext as _


class FileRefusedError(DomainError):
    """The file is none that may be kept; ``media_type`` or ``megabytes`` say more."""

    code = "file_refused"


def too_large(megabytes: int) -> FileRefusedError:
    text = _("The file is larger than %(megabytes)s MB.", megabytes=megabytes)
    return FileRefusedError(text, megabytes=megabytes)


def not_allowed(media_type: str) -> FileRefusedError:
    return FileRefusedError(_("Files of this kind are not accepted here."), media_type=media_type)


def not_a_picture() -> FileRefusedError:
    return FileRefusedError(_("This is not a picture (JPEG, PNG, WebP or GIF), or it is damaged."))


def empty() -> FileRefusedError:
    return FileRefusedError(_("The file is empty."))
