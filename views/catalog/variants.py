"""Variants of a product from sizes and colours."""

from __future__ import annotations

import uuid
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.errors import DomainError
from app.i18n import gettext as _
from app.i18n import ngettext
from app.security.reach import row_or_404
from app.security.rights import current_actor
from app.services.catalog.make_variants import (
    PATTERN,
    MakeVariants,
    make_variants,
    plan_variants,
)
from models.catalog import Product
from views.catalog.requests import chosen, form_key, now

LONGEST = 5000


class VariantsView(BaseView):
    route_base = "/catalog/variants"
    class_permission_name = "catalog.product_variants"
    default_view = "choose"

    @expose("/", methods=["GET", "POST"])
    @has_access
    @permission_name("create")
    def choose(self) -> Any:
        """Sizes, colours and the pattern of SKUs; what would be made as soon as they are sent."""
        product = row_or_404(Product, chosen("product_id") or abort(404), "read")
        planned, error = [], None
        if request.method == "POST":
            command = _command(product.id)
            try:
                if request.form.get("step") == "make":
                    return self._make(command)
                planned = plan_variants(command)
            except DomainError as refused:
                error = refused
        page = self.render_template(
            "catalog/variants.html",
            title=_("Variants from sizes and colours"),
            product=product,
            typed=request.form,
            pattern=request.form.get("pattern", PATTERN),
            planned=planned,
            new=sum(not one.exists for one in planned),
            error=error,
            errors=error.fields if error else {},
            key=str(uuid.uuid4()),
        )
        return page, error.status if error else 200

    def _make(self, command: MakeVariants) -> Any:
        answer = make_variants(command, actor=current_actor(), now=now())
        made = len(answer.result["made"])
        text = ngettext("%(num)s variant was added.", "%(num)s variants were added.", made)
        flash(text, "success")
        return redirect(url_for("ProductView.show", pk=command.product_id))


def _command(product_id: int) -> MakeVariants:
    return MakeVariants(
        key=form_key(),
        product_id=product_id,
        sizes=_words("sizes"),
        colors=_words("colors"),
        pattern=request.form.get("pattern", "")[:200].strip() or PATTERN,
    )


def _words(name: str) -> tuple[str, ...]:
    """One a line, or several with commas."""
    text = request.form.get(name, "")[:LONGEST].replace(",", "\n").replace(";", "\n")
    return tuple(word.strip() for word in text.splitlines() if word.strip())
