"""Why counting or closing a till was refused."""

from __future__ import annotations

from decimal import Decimal

from app.errors import ConflictError, DomainError, ForbiddenError
from app.i18n import lazy_gettext as _


class WrongCountError(DomainError):
    """A count that can't be: ``fields`` names the place."""

    code = "wrong_count"


class CountDiffersError(WrongCountError):
    """The notes and coins don't add up to the amount that was said."""

    def __init__(self, *, said: Decimal, counted: Decimal) -> None:
        sentence = _(
            "The notes and coins come to %(counted)s, not %(said)s.",
            counted=f"S/ {counted}",
            said=f"S/ {said}",
        )
        super().__init__(
            sentence, fields={"counted": str(sentence)}, said=str(said), counted=str(counted)
        )


class NothingToDecideError(ConflictError):
    """The session doesn't wait for anybody's approval."""

    code = "nothing_to_decide"

    def __init__(self, session_id: int, status: str) -> None:
        super().__init__(
            _("This cash session doesn't wait for an approval."),
            cash_session=session_id,
            status=status,
        )


class OwnDifferenceError(ForbiddenError):
    code = "own_difference"

    def __init__(self) -> None:
        super().__init__(_("Somebody else must decide on the difference of your own till."))


class AboveYourLimitError(ForbiddenError):
    code = "above_your_limit"

    def __init__(self, difference: Decimal, limit: Decimal) -> None:
        super().__init__(
            _(
                "You may approve differences of up to %(limit)s; this one is %(difference)s.",
                limit=f"S/ {limit}",
                difference=f"S/ {abs(difference)}",
            ),
            difference=str(difference),
            limit=str(limit),
        )
