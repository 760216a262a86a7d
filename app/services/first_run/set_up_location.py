"""The first place that sells, and the series of its documents."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass, field

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.actor import Actor
from app.db import atomic, session
from app.domain.series import is_series
from app.errors import DomainError
from app.i18n import gettext as _
from app.services.first_run.set_up_company import first_issuer
from models.inventory import Location
from models.sunat import DocumentSequence

CODE = re.compile(r"[A-Z0-9-]{1,12}")
NOTES = {"01": (("07", "FC01"), ("08", "FD01")), "03": (("07", "BC01"), ("08", "BD01"))}
"""Series of the notes about each kind of document."""
ESTABLISHMENT = re.compile(r"[0-9]{4}", re.ASCII)


class LocationError(DomainError):
    """``fields`` says what is wrong with which of the answers."""

    code = "bad_location"


@dataclass(frozen=True, slots=True)
class SetUpLocation:
    """``series`` are by kind of document (SUNAT catalogue 01, NV for internal notes)."""

    name: str
    code: str
    address: str = ""
    establishment_code: str = "0000"
    series: Mapping[str, str] = field(default_factory=dict)


def set_up_location(command: SetUpLocation, *, actor: Actor, now: dt.datetime) -> int:
    """Keep the location and give it the series; gives its key.

    A location of that code is changed, a series that exists stays as it is. With series of facturas
    or boletas come those of their notes, which serve all locations. Series need an issuer, so the
    company comes first. Raises :class:`LocationError`.
    """
    del actor, now
    code = command.code.strip().upper()
    series = {kind: text.strip().upper() for kind, text in command.series.items() if text.strip()}
    _check(command, code, series)
    with atomic() as current:
        found = session().scalar(sa.select(Location).where(Location.code == code))
        place = found or Location(code=code, type="store")
        place.name, place.address = command.name.strip(), command.address.strip() or None
        place.establishment_code = command.establishment_code
        current.add(place)
        current.flush()  # the series name the location
        issuer = first_issuer()
        if issuer is not None and series:
            rows = [
                {
                    "company_id": issuer.id,
                    "document_type": kind,
                    "series": text,
                    "location_id": location_id,
                }
                for kind, text, location_id in (
                    *((kind, text, place.id) for kind, text in series.items()),
                    *((kind, text, None) for one in series for kind, text in NOTES.get(one, ())),
                )
            ]
            current.execute(insert(DocumentSequence).values(rows).on_conflict_do_nothing())
        return place.id


def _check(command: SetUpLocation, code: str, series: Mapping[str, str]) -> None:
    wrong = {}
    if not command.name.strip():
        wrong["name"] = _("This is needed.")
    if not CODE.fullmatch(code):
        wrong["code"] = _("Up to 12 letters, digits and hyphens, such as LIM1.")
    if not ESTABLISHMENT.fullmatch(command.establishment_code):
        wrong["establishment_code"] = _("The code of an establishment has 4 digits.")
    for kind, text in series.items():
        if not is_series(kind, text):
            wrong[f"series_{kind.lower()}"] = _("A series has 4 signs, such as F001 or B001.")
    if wrong:
        raise LocationError(_("Some answers need your attention."), fields=wrong)
