"""Coupons by the thousand: one batch after the other, downloaded, made void."""

from __future__ import annotations

import datetime as dt
import uuid
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _
from app.i18n import ngettext
from app.locale import user_timezone
from app.security.rights import current_actor, may
from app.services.sales.coupon_batch_work import AT_ONCE, start_coupons
from app.services.sales.coupon_codes import make_codes, shortest_length
from app.services.sales.coupon_errors import CouponBatchError
from app.services.sales.generate_coupons import GenerateCoupons, check_batch, generate_coupons
from app.services.sales.read_coupon_batches import read_coupon_batches
from app.services.sales.void_coupons import VoidCoupons, void_coupons
from models.sales import Promotion
from views.catalog.requests import whole
from views.sales.formats import FORMATS
from views.sales.requests import form_id, form_key, now

EXAMPLES = 3
MOST_PROMOTIONS = 500
NO_KEY = "example"


class CouponBatchesView(BaseView):
    route_base = "/sales/coupon_batches"
    class_permission_name = "sales.coupon_batches"
    base_permissions = ("can_read", "can_create", "can_update")
    default_view = "page"

    @expose("/")
    @has_access
    @permission_name("read")
    def page(self) -> Any:
        """The batches, and the form of a new one."""
        return self._page()

    @expose("/example", methods=["POST"])
    @has_access
    @permission_name("create")
    def example(self) -> Any:
        """What codes of the form would look like, as a fragment."""
        try:
            command = _command(NO_KEY)
            check_batch(command, now())
        except DomainError as error:
            typed = bool(request.form.get("batch", "").strip())
            message = error.message if typed else ""
            return self.render_template("orders/coupon_example.html", codes=[], message=message)
        codes = list(make_codes(command.prefix, command.length, EXAMPLES))
        return self.render_template("orders/coupon_example.html", codes=codes, message="")

    @expose("/generate", methods=["POST"])
    @has_access
    @permission_name("create")
    def generate(self) -> Any:
        """Make the batch now, or a large one in the background."""
        actor = current_actor()
        try:
            command = _command(form_key())
            if command.count > AT_ONCE:
                link = url_for(".page")
                started = start_coupons(command, actor=actor, now=now(), link=link)
                return redirect(url_for("WorkView.show", key=started.id))
            done = generate_coupons(command, actor=actor, now=now()).result
        except DomainError as error:
            return self._page(errors=error.fields, message=error.message), error.status
        text = ngettext("%(num)s coupon was made.", "%(num)s coupons were made.", done["coupons"])
        flash(text, "success")
        return redirect(url_for(".page"))

    @expose("/void", methods=["POST"])
    @has_access
    @permission_name("update")
    def void(self) -> Any:
        """End all coupons of a batch."""
        command = VoidCoupons(request.form.get("batch", "")[:200])
        ended = void_coupons(command, actor=current_actor(), now=now())
        text = ngettext(
            "%(num)s coupon stopped working.", "%(num)s coupons stopped working.", ended
        )
        flash(text, "success")
        return redirect(url_for(".page"))

    def _page(self, **refused: Any) -> Any:
        moment = now()
        return self.render_template(
            "orders/coupons.html",
            title=_("Coupon batches"),
            batches=read_coupon_batches(moment),
            moment_now=moment,
            promotions=_promotions(),
            may_make=may("sales.coupon_batches:create"),
            may_void=may("sales.coupon_batches:update"),
            may_list=may("sales.coupons:read"),
            may_export=may("sales.coupons:export"),
            least=shortest_length(1),
            key=request.form.get("key", "") or str(uuid.uuid4()),
            typed=request.form,
            **FORMATS,
            **{"errors": {}, "message": "", **refused},
        )


def _promotions() -> list[tuple[object, str]]:
    """Promotions that coupons may start, the latest first."""
    rows = sa.select(Promotion.id, Promotion.name).order_by(Promotion.id.desc())
    found = session().execute(rows.limit(MOST_PROMOTIONS))
    return [("", ""), *((key, name) for key, name in found)]


def _command(key: str) -> GenerateCoupons:
    """The batch that was typed."""
    form = request.form
    return GenerateCoupons(
        key=key,
        promotion_id=form_id("promotion_id"),
        batch=form.get("batch", "")[:200],
        count=whole("count"),
        prefix=form.get("prefix", "").strip().upper()[:40],
        length=whole("length", 8),
        max_uses=whole("max_uses") or None,
        max_uses_per_customer=whole("max_uses_per_customer") or None,
        expires_at=_end_of(form.get("expires_on", "")),
    )


def _end_of(text: str) -> dt.datetime | None:
    """The end of that day where the reader is; None for no day."""
    if not text.strip():
        return None
    try:
        day = dt.date.fromisoformat(text.strip()) + dt.timedelta(days=1)
    except (ValueError, OverflowError):
        sentence = _("This is not a date.")
        raise CouponBatchError(sentence, fields={"expires_on": sentence}) from None
    return dt.datetime.combine(day, dt.time(), ZoneInfo(user_timezone()))
