"""Who looks after issuers is warned before a certificate expires."""

from __future__ import annotations

import datetime as dt
from typing import Final

import sqlalchemy as sa

from app.actor import system_actor
from app.db import atomic
from app.services.identity.users_with_right import users_with_right
from app.services.messaging.notify import Happening, notify_of_each
from app.services.sunat.signing_certificate import TEST
from app.sunat.sign.certificate import WARNING
from models.sunat import IssuingCompany

EVENT: Final = "certificate_expires"
RIGHT: Final = "sunat.companies:update"
LAST_WARNING: Final = dt.timedelta(days=7)


def warn_of_certificates(*, now: dt.datetime) -> int:
    """Tell of the certificates that expire within 30 days, and once more within 7; gives their
    number. Run again it tells nobody twice."""
    row = IssuingCompany
    with atomic() as current:
        expiring = current.execute(
            sa.select(row.id, row.raz_social, row.certificate_expires_at).where(
                row.certificate_expires_at < now + WARNING,
                row.certificate_path.not_like(f"%{TEST}"),
            )
        ).all()
        happenings = [
            Happening(
                {"company": name, "date": f"{ends:%d/%m/%Y}"},
                link=f"/sunat/companies/show/{key}",
                key=f"{EVENT}:{key}:{ends:%Y%m%d}:{ends < now + LAST_WARNING}",
            )
            for key, name, ends in expiring
            if ends is not None
        ]
        people = users_with_right(RIGHT) if happenings else []
        actor = system_actor("certificates")
        notify_of_each(people, EVENT, happenings, actor=actor, now=now, to_actor=True)
    return len(happenings)
