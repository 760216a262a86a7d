"""Why an operation on an electronic document was refused."""

from __future__ import annotations

from app.errors import ConflictError, NotFoundError
from app.i18n import lazy_gettext as _


class NoIssuerError(ConflictError):
    code = "no_issuer"

    def __init__(self) -> None:
        super().__init__(_("Set up the issuing company first: documents are in its name."))


class NoSeriesError(ConflictError):
    code = "no_series"

    def __init__(self, kind: str) -> None:
        super().__init__(
            _("No series in use gives numbers to %(kind)s here. Add one first.", kind=kind)
        )


class SeriesFullError(ConflictError):
    code = "series_full"

    def __init__(self, series: str) -> None:
        super().__init__(
            _("Series %(series)s has given its last number. Begin another.", series=series)
        )


class DocumentNotFoundError(NotFoundError):
    code = "document_not_found"

    def __init__(self, document_id: int) -> None:
        super().__init__(_("Document %(id)s doesn't exist here.", id=document_id))
