"""The board of a day: its documents by kind and state, what waits, and the reports about them."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.admin.access import rows_for
from app.admin.describe import describe
from app.admin.endpoints import url_of
from app.admin.lists.address import with_query
from app.admin.units import symbol_of
from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _
from app.i18n import ngettext
from app.locale import show_date
from app.security.rights import current_actor, may
from app.services.platform.business_time import local_time
from app.services.sunat.read_day import Count, read_day
from app.services.sunat.summarize_day import SummarizeDay, summarize_day
from models.sunat import ElectronicDocument, IssuingCompany
from views.sales.formats import money
from views.sales.requests import form_id, form_key, now
from views.sunat.document_page import STATES
from views.sunat.field_rights import sees
from views.sunat.next_step import next_step, waits_for_person
from views.sunat.offers import UPDATE

TYPES = describe(ElectronicDocument).fields["document_type"].choices
ONE = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Kind:
    """Documents of a kind and currency: how many in which state, and what they come to."""

    label: str
    symbol: str
    number: int
    total: Decimal
    states: tuple[tuple[str, str, int, str], ...]
    """State, its name, how many, and the list of them."""


class DayView(BaseView):
    route_base = "/sunat/day"
    class_permission_name = "sunat.electronic_documents"
    base_permissions = ("can_read", "can_update")
    default_view = "board"

    @expose("/")
    @has_access
    @permission_name("read")
    def board(self) -> Any:
        """The documents of ``?day=``, today if it doesn't say."""
        today = local_time(now()).date()
        day = _day(request.args.get("day", ""), today)
        companies = _companies()
        wanted = request.args.get("company", 0, type=int)
        company = next((one for one in companies if one.id == wanted), None) or next(
            iter(companies), None
        )
        found = read_day(company.id, day, actor=current_actor()) if company else None
        return self.render_template(
            "sunat/day.html",
            title=_("Documents of a day"),
            day=day,
            today=today,
            before=day - ONE,
            after=day + ONE if day < today else None,
            companies=companies,
            company=company,
            found=found,
            kinds=list(_kinds(found.counts, day)) if found else [],
            issued=sum(one.number for one in found.counts) if found else 0,
            may_update=may(UPDATE),
            key=str(uuid.uuid4()),
            money=money,
            show_day=show_date,
            type_of=lambda code: _(TYPES[code]),
            state_of=lambda code: _(STATES[code]),
            step_of=next_step,
            sees=sees,
            waits=waits_for_person,
            url_of=lambda row: url_of(ElectronicDocument, "show", pk=str(row.id)),
            wait_for_summary=lambda n: ngettext(
                "%(num)s boleta waits for the summary of this day.",
                "%(num)s boletas and notes wait for the summary of this day.",
                n,
            ),
            missing=lambda n: ngettext("%(num)s missing", "%(num)s missing", n),
        )

    @expose("/summary", methods=["POST"])
    @has_access
    @permission_name("update")
    def summary(self) -> Any:
        """Tell SUNAT of the boletas of the day now."""
        day = _day(request.form.get("day", ""), local_time(now()).date())
        company_id = form_id("company_id")
        command = SummarizeDay(form_key(), company_id, day)
        try:
            made = summarize_day(command, actor=current_actor(), now=now())
        except DomainError as error:
            flash(error.message, "danger")
        else:
            _tell(made.documents)
        return redirect(url_for(".board", day=day.isoformat(), company=company_id))


def _tell(documents: int) -> None:
    if not documents:
        flash(_("No boleta of this day waits for a summary."), "info")
        return
    text = ngettext(
        "The summary goes to SUNAT with %(num)s document.",
        "The summary goes to SUNAT with %(num)s documents.",
        documents,
    )
    flash(text, "success")


def _day(text: str, today: dt.date) -> dt.date:
    """The day that is written, never one to come."""
    try:
        return min(dt.date.fromisoformat(text), today)
    except ValueError:
        return today


def _companies() -> list[IssuingCompany]:
    statement = rows_for(IssuingCompany, sa.select(IssuingCompany).order_by(IssuingCompany.id))
    return list(session().scalars(statement))


def _kinds(counts: Sequence[Count], day: dt.date) -> Iterator[Kind]:
    for kind, currency in dict.fromkeys((one.document_type, one.currency) for one in counts):
        of_kind = [one for one in counts if (one.document_type, one.currency) == (kind, currency)]
        yield Kind(
            _(TYPES[kind]),
            symbol_of(currency),
            sum(one.number for one in of_kind),
            sum((one.total for one in of_kind), Decimal()),
            tuple(
                (one.status, _(STATES[one.status]), one.number, _list_of(one, day))
                for one in of_kind
            ),
        )


def _list_of(count: Count, day: dt.date) -> str:
    """The list with exactly these documents."""
    args = {
        "_flt_eq_issue_date": [day.isoformat()],
        "_flt_eq_document_type": [count.document_type],
        "_flt_eq_currency": [count.currency],
        "_flt_eq_sunat_status": [count.status],
    }
    return with_query("ElectronicDocumentView.list", args)
