"""Changing many prices: choose, look at what would happen, say why, do it."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _
from app.i18n import ngettext
from app.security.rights import access_policy, current_actor, may
from app.services.catalog.apply_prices import ApplyPrices, apply_prices
from app.services.catalog.prepare_again import (
    PrepareAgain,
    UndoPrices,
    prepare_again,
    undo_prices,
)
from app.services.catalog.prepare_prices import prepare_prices
from app.services.catalog.price_change import find_price_change
from app.services.catalog.read_price_change import PAGE, read_price_lines, read_price_totals
from app.services.platform.run_once import Answer
from models.catalog import Brand, BulkPriceChange, Product
from models.identity import User
from views.catalog.category_choices import category_choices
from views.catalog.price_words import what_changes
from views.catalog.requests import chosen, form_key, now, prices_asked
from views.sales.formats import FORMATS

SHOWN = 10
ENDINGS = ("0.90", "0.99", "0.95", "0.50", "0.00")


class PricesView(BaseView):
    route_base = "/catalog/prices"
    class_permission_name = "catalog.prices"
    default_view = "choose"

    @expose("/")
    @has_access
    @permission_name("create")
    def choose(self) -> Any:
        """Which prices change and how; the last changes below."""
        return self._choose(typed=request.args)

    @expose("/prepare", methods=["POST"])
    @has_access
    @permission_name("create")
    def prepare(self) -> Any:
        def work() -> Answer:
            return prepare_prices(prices_asked(), actor=current_actor(), now=now())

        return self._draft(work)

    @expose("/<int:key>")
    @has_access
    @permission_name("create")
    def show(self, key: int) -> Any:
        """The prices of a change, page by page, and the question to make it."""
        return self._show(key)

    @expose("/<int:key>/apply", methods=["POST"])
    @has_access
    @permission_name("update")
    def apply(self, key: int) -> Any:
        command = ApplyPrices(
            key, request.form.get("justification", ""), "accept_warnings" in request.form
        )
        try:
            done = apply_prices(command, actor=current_actor(), now=now())
        except DomainError as error:
            page = self._show(key, error=error, errors=error.fields, typed=request.form)
            return page, error.status
        text = ngettext("%(num)s price was changed.", "%(num)s prices were changed.", done.prices)
        flash(text, "success")
        return redirect(url_for(".show", key=key))

    @expose("/<int:key>/again", methods=["POST"])
    @has_access
    @permission_name("create")
    def again(self, key: int) -> Any:
        """The same from the prices of now."""

        def work() -> Answer:
            return prepare_again(PrepareAgain(form_key(), key), actor=current_actor(), now=now())

        return self._draft(work)

    @expose("/<int:key>/undo", methods=["POST"])
    @has_access
    @permission_name("create")
    def undo(self, key: int) -> Any:
        """The prices from before, to be looked at and applied like any others."""

        def work() -> Answer:
            return undo_prices(UndoPrices(form_key(), key), actor=current_actor(), now=now())

        return self._draft(work)

    def _draft(self, work: Callable[[], Answer]) -> Any:
        try:
            answer = work()
        except DomainError as error:
            return self._choose(typed=request.form, error=error), error.status
        return redirect(url_for(".show", key=answer.result["price_change"]))

    def _choose(self, typed: Any, error: DomainError | None = None) -> Any:
        product = chosen("product_id")
        return self.render_template(
            "catalog/prices.html",
            title=_("Bulk price change"),
            typed=typed,
            error=error,
            errors=error.fields if error else {},
            mistakes=error.data.get("mistakes", ()) if error else (),
            product=session().get(Product, product) if product else None,
            categories=category_choices(),
            brands=[("", _("All brands")), *session().execute(_brands())],
            endings=[
                ("", _("As it comes out")),
                *((e, _("to %(ending)s", ending=e[1:])) for e in ENDINGS),
            ],
            changes=_last_changes(),
            what_changes=what_changes,
            key=str(uuid.uuid4()),
            **FORMATS,
        )

    def _show(self, key: int, **refused: Any) -> Any:
        change = find_price_change(key)
        page = min(max(request.args.get("page", 1, type=int), 1), 100_000)
        only = request.args.get("only") == "warnings"
        lines = read_price_lines(change, page, only_warnings=only)
        hidden = access_policy().hidden("catalog.products")
        return self.render_template(
            "catalog/price_change.html",
            title=_("Bulk price change"),
            change=change,
            what=what_changes([change])[change.id],
            totals=read_price_totals(change),
            lines=lines[:PAGE],
            more=len(lines) > PAGE,
            page=page,
            only=only,
            shows_cost="cost_price" not in hidden,
            people=_people([change]),
            may_apply=may("catalog.prices:update"),
            key=str(uuid.uuid4()),
            **FORMATS,
            **{"error": None, "errors": {}, "typed": {}, **refused},
        )


def _brands() -> Any:
    return sa.select(Brand.id, Brand.name).order_by(Brand.name)


def _last_changes() -> list[tuple[BulkPriceChange, str]]:
    """The last changes with the names of who made them."""
    newest = (
        sa.select(BulkPriceChange, User.full_name)
        .outerjoin(
            User,
            User.id == sa.func.coalesce(BulkPriceChange.applied_by, BulkPriceChange.created_by),
        )
        .order_by(BulkPriceChange.created_at.desc(), BulkPriceChange.id.desc())
        .limit(SHOWN)
    )
    return [(change, name or "") for change, name in session().execute(newest)]


def _people(changes: list[BulkPriceChange]) -> dict[int, str]:
    keys = {key for one in changes for key in (one.created_by, one.applied_by) if key}
    rows = session().execute(sa.select(User.id, User.full_name).where(User.id.in_(keys)))
    return dict(rows.all())
