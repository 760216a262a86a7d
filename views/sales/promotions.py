"""Promotions as managers think of them: what they do in a sentence, a form, and a try."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

import sqlalchemy as sa
from flask import flash, jsonify, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, has_access_api, permission_name
from werkzeug.datastructures import MultiDict

from app.admin.endpoints import url_of
from app.admin.forms.page import form_page
from app.admin.forms.record_form import RecordForm, empty_form, opened_form, sent_form
from app.admin.screens import screens_of
from app.db import session
from app.domain.money import ZERO
from app.domain.promotions.conditions import ConditionsError, read_conditions
from app.errors import DomainError
from app.i18n import gettext as _
from app.i18n import lazy_gettext as _l
from app.locale import user_timezone
from app.security.reach import row_or_404
from app.security.rights import current_actor, may
from app.services.sales.price_cart import Cart, SaleLine
from app.services.sales.try_promotion import TriedPromotion, TryPromotion, try_promotion
from models.customers import Customer
from models.inventory import Location
from models.sales import Promotion
from views.inventory.places import options
from views.inventory.requests import typed_lines, whole_numbers
from views.sales import promotion_words as words
from views.sales.formats import FORMATS
from views.sales.promotion_form import (
    BUNDLE_ROWS,
    OF_TYPE,
    Inputs,
    TypedConditions,
    inputs_of,
    typed_conditions,
)
from views.sales.promotion_names import find_goods, read_names
from views.sales.requests import form_id, now
from views.sales.till import selling_locations

TABLE = "sales.promotions"
PAGE = 60
FREE_SHIPPING = "free_shipping"
TILL = "pos"
DELIVERY = Decimal(10)
"""Soles that a delivery costs in a try, so that one that is free shows."""
KIND_NAMES = {
    "categories": _l("Category"),
    "brands": _l("Brand"),
    "products": _l("Product"),
    "variants": _l("Variant"),
}


class PromotionBuilderView(BaseView):
    route_base = "/sales/promotion_builder"
    class_permission_name = TABLE
    base_permissions = ("can_read", "can_create", "can_update")
    default_view = "page"

    @expose("/")
    @has_access
    @permission_name("read")
    def page(self) -> Any:
        """What each promotion does; those in use first."""
        moment = now()
        row = Promotion
        is_over = sa.or_(~row.is_active, sa.func.coalesce(row.end_date <= moment, sa.false()))
        found = session().scalars(
            sa.select(row).order_by(is_over, row.priority, row.id.desc()).limit(PAGE)
        )
        promotions = list(found)
        return self.render_template(
            "orders/promotions.html",
            title=_("Promotion builder"),
            promotions=promotions,
            sentences=words.sentences_of(promotions),
            state_of=lambda one: words.state_of(one, moment),
            may_add=may(f"{TABLE}:create"),
            may_edit=may(f"{TABLE}:update"),
            **FORMATS,
        )

    @expose("/new", methods=["GET", "POST"])
    @has_access
    @permission_name("create")
    def new(self) -> Any:
        """A new promotion."""
        return self._form(None)

    @expose("/<int:promotion_id>", methods=["GET", "POST"])
    @has_access
    @permission_name("update")
    def edit(self, promotion_id: int) -> Any:
        """A promotion that is there."""
        return self._form(row_or_404(Promotion, promotion_id, "update"))

    @expose("/try", methods=["POST"])
    @has_access
    @permission_name("read")
    def try_it(self) -> Any:
        """The sentence of what is typed, and what it does to the goods of the try; a fragment."""
        kind = request.form.get("type", "")
        typed = typed_conditions(request.form, kind)
        tried, message = None, next(iter(typed.errors.values()), "")
        pieces = request.form.getlist("variant_id")
        if pieces and not message:
            try:
                tried = _try(typed, kind)
            except DomainError as error:
                message = error.message
        return self.render_template(
            "orders/promotion_try.html",
            sentence=_sentence(kind, typed),
            tried=tried,
            delivery=request.form.get("try_channel", TILL) != TILL,
            message=message if pieces else "",
            why=str(words.WHY_NOT.get(tried.reason, "")) if tried else "",
            **FORMATS,
        )

    @expose("/goods")
    @has_access_api
    @permission_name("read")
    def goods(self) -> Any:
        """JSON for a searchable select: categories, brands, products and variants by name."""
        found = find_goods(request.args.get("q", ""))
        results = [
            {"id": f"{kind}:{key}", "text": f"{KIND_NAMES[kind]}: {name}"}
            for kind, key, name in found
        ]
        return jsonify(results=results, pagination={"more": False})

    def _form(self, row: Promotion | None) -> Any:
        view = screens_of(TABLE)
        if request.method == "GET":
            form = empty_form(view, with_lines=False) if row is None else opened_form(view, row)
            raw = row.conditions if row is not None else {}
            return self._draw(form, Inputs.of(inputs_of(raw)), row)
        kind = request.form.get("type", "")
        typed = typed_conditions(request.form, kind)
        form = sent_form(view, row, _record_data(typed), with_lines=False)
        inputs = Inputs.of(MultiDict(request.form.items(multi=True)))
        is_right = form.validate()
        if typed.errors or not is_right:
            return self._draw(form, inputs, row, errors=typed.errors), 422
        target = row if row is not None else Promotion()
        if refusal := form.save(target):
            if row is not None:
                form.renew(row_or_404(Promotion, row.id, "update"))
            errors = {"conditions": refusal.fields.get("conditions", "")}
            return self._draw(form, inputs, row, refusal=refusal, errors=errors), refusal.status
        flash(_("The promotion was saved."), "success")
        return redirect(url_for(".page"))

    def _draw(self, form: RecordForm, inputs: Inputs, row: Promotion | None, **more: Any) -> Any:
        page = form_page(form, more.pop("refusal", None))
        zone = ZoneInfo(user_timezone())
        return self.render_template(
            "orders/promotion.html",
            title=row.name if row is not None else _("New promotion"),
            page=page,
            form=page.form,
            inputs=inputs,
            promotion_id=row.id if row is not None else "",
            expert_url=url_of(Promotion, "edit", pk=row.id) if row is not None else "",
            of_type=OF_TYPE,
            bundle_rows=range(BUNDLE_ROWS),
            days=[(str(n), words.day_name(n)) for n in range(1, 8)],
            channels=words.channel_names().items(),
            locations=_locations(),
            segments=_segments(inputs),
            places=options(selling_locations()),
            try_at=f"{now().astimezone(zone):%Y-%m-%dT%H:%M}",
            may_choose_customer=may("sales.order_desk:create"),
            **FORMATS,
            **{"errors": {}, **more},
        )


def _record_data(typed: TypedConditions) -> MultiDict[str, Any]:
    """What the generated form of a promotion would have sent."""
    data: MultiDict[str, Any] = MultiDict(request.form.items(multi=True))
    data["conditions"] = json.dumps(typed.raw)
    return data


def _sentence(kind: str, typed: TypedConditions) -> str:
    """What is typed, in words; "" while it says nothing yet."""
    value = _value()
    if typed.errors or value is None or (not value and kind != FREE_SHIPPING):
        return ""
    try:
        wanted = read_conditions(typed.raw, kind)
    except ConditionsError:
        return ""
    return words.sentence(kind, value, wanted, read_names([wanted]))


def _try(typed: TypedConditions, kind: str) -> TriedPromotion:
    pieces = whole_numbers(typed_lines())
    lines = tuple(SaleLine(variant, n) for variant, n in pieces.items())
    channel = request.form.get("try_channel", TILL)[:20]
    cart = Cart(
        form_id("try_location"),
        lines,
        form_id("try_customer") or None,
        channel=channel,
        shipping=ZERO if channel == TILL else DELIVERY,
    )
    priority = request.form.get("priority", "0").strip()
    command = TryPromotion(
        cart,
        request.form.get("name", "")[:200],
        kind,
        _value() or ZERO,
        int(priority) if priority.lstrip("-").isdigit() and len(priority) < 9 else 0,  # noqa: PLR2004 - an integer
        typed.raw,
        form_id("promotion_id") or None,
        _moment(),
    )
    return try_promotion(command, actor=current_actor(), now=now())


def _value() -> Decimal | None:
    text = request.form.get("value", "").replace(",", "").strip()
    try:
        value = Decimal(text or "0")
    except InvalidOperation:
        return None
    return value if value.is_finite() and 0 <= value < 10**9 else None


def _moment() -> dt.datetime | None:
    try:
        local = dt.datetime.fromisoformat(request.form.get("try_at", ""))
    except ValueError:
        return None
    return local.replace(tzinfo=ZoneInfo(user_timezone()))


def _locations() -> list[tuple[str, str]]:
    rows = sa.select(Location.id, Location.name).where(Location.is_active).order_by(Location.name)
    return [(str(key), name) for key, name in session().execute(rows)]


def _segments(inputs: Inputs) -> list[tuple[str, str]]:
    """Segments that customers have, and those that are chosen."""
    found = set(session().scalars(sa.select(Customer.segment).distinct().limit(200)))
    return [(name, name) for name in sorted(found | set(inputs.chosen("segments")))]
