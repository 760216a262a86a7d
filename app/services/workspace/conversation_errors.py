"""Why a comment isn't taken."""

from __future__ import annotations

from collections.abc import Sequence

from app.errors import DomainError, ForbiddenError, NotFoundError
from app.i18n import gettext as _
from app.i18n import ngettext


class RecordUnknownError(NotFoundError):
    """There is no such record, or the person may not read it."""

    code = "record_unknown"

    def __init__(self) -> None:
        super().__init__(_("This record doesn't exist, or you may not see it."))


class CommentUnknownError(NotFoundError):
    code = "comment_unknown"

    def __init__(self) -> None:
        super().__init__(_("This comment doesn't exist any more."))


class NotYourCommentError(ForbiddenError):
    code = "not_your_comment"

    def __init__(self) -> None:
        super().__init__(_("This comment is somebody else's."))


class CommentLengthError(DomainError):
    """The text is empty, or longer than ``most`` characters."""

    code = "comment_length"

    def __init__(self, most: int) -> None:
        text = _("Write something, of at most %(most)s characters.", most=most)
        super().__init__(text, fields={"body": text}, most=most)


class CanNotReadItError(DomainError):
    """People were mentioned who may not read the record; ``people`` are their names."""

    code = "mentioned_can_not_read"

    def __init__(self, people: Sequence[str]) -> None:
        names = ", ".join(people)
        text = ngettext(
            "%(names)s may not see this record, so can't be mentioned here.",
            "%(names)s may not see this record, so they can't be mentioned here.",
            len(people),
            names=names,
        )
        super().__init__(text, fields={"body": text}, people=list(people))
