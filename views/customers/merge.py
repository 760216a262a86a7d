"""Merging two customers that are one: compare, choose, merge; and undo it."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import sqlalchemy as sa
from flask import flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name
from markupsafe import Markup

from app.admin.access import may_see, readable, rows_for
from app.admin.bulk.selection import read_selection
from app.admin.describe import Field, describe
from app.admin.titles import title_of
from app.admin.units import with_unit
from app.db import session
from app.errors import DomainError
from app.i18n import gettext as _
from app.security.reach import row_or_404
from app.security.rights import current_actor, may
from app.services.customers.find_duplicates import find_candidates, find_pairs
from app.services.customers.merge_customers import MergeCustomers, merge_customers
from app.services.customers.merge_plan import choices, preview_merge
from app.services.customers.undo_merge import UndoMerge, find_obstacles, undo_merge
from app.session import INCLUDE_DELETED
from models.base import humanize
from models.customers import Customer, CustomerMerge, CustomerWallet, LoyaltyAccount
from views.customers.overview_parts import sees
from views.sales.formats import FORMATS
from views.sales.requests import form_id, form_key, now

MERGE = "<int:merge_id>"
BIGINT_DIGITS = 18


@dataclass(frozen=True, slots=True)
class Choice:
    """A field of both customers, ready to read. ``open`` is off where there is nothing to choose;
    ``source`` then says whether the source's value is the one."""

    name: str
    label: str
    kept: Markup
    other: Markup
    open: bool
    source: bool


class MergeView(BaseView):
    route_base = "/customers/merge"
    class_permission_name = "customers.merge"
    base_permissions = ("can_read", "can_create", "can_undo")
    default_view = "compare"

    @expose("/")
    @has_access
    @permission_name("read")
    def compare(self) -> Any:
        """Two customers side by side, or the question which ones."""
        return self._page(_argument("source"), _argument("target"))

    @expose("/", methods=["POST"])
    @has_access
    @permission_name("create")
    def merge(self) -> Any:
        source, target = form_id("source"), form_id("target")
        take = tuple(n for n in choices() if request.form.get(f"take-{n}") == "source")
        reason = request.form.get("reason", "").replace("\x00", "")[:500]
        command = MergeCustomers(form_key(), source, target, take, reason)
        try:
            answer = merge_customers(command, actor=current_actor(), now=now())
        except DomainError as error:
            return self._page(source, target, message=error.message), error.status
        flash(_("The customers were merged."), "success")
        return redirect(url_for(".show", merge_id=answer.result["merge_id"]))

    @expose("/selected", methods=["POST"])
    @has_access
    @permission_name("create")
    def selected(self) -> Any:
        """The two customers that are ticked on the list: the older one stays, unless swapped."""
        keys = read_selection(request.args, request.form).keys or ()
        ids = sorted(int(key) for key in keys if key.isdigit() and len(key) <= BIGINT_DIGITS)
        if len(ids) != 2:  # noqa: PLR2004 - a pair
            flash(_("Select the two customers that are the same."), "warning")
            return redirect(url_for("CustomerView.list"))
        return redirect(url_for(".compare", source=ids[1], target=ids[0]))

    @expose("/duplicates")
    @has_access
    @permission_name("read")
    def duplicates(self) -> Any:
        """Customers that look the same, as a fragment: it takes a moment where there are many."""
        pairs = find_pairs(actor=current_actor())
        return self.render_template(
            "customers/duplicates.html", pairs=pairs, words=_words(), sees_document=_sees_document()
        )

    @expose(f"/{MERGE}")
    @has_access
    @permission_name("read")
    def show(self, merge_id: int) -> Any:
        """A merge: what it moved, and undoing it while that can be."""
        return self._merged(merge_id)

    @expose(f"/{MERGE}/undo", methods=["POST"])
    @has_access
    @permission_name("undo")
    def undo(self, merge_id: int) -> Any:
        row_or_404(CustomerMerge, merge_id, "read")
        try:
            undo_merge(UndoMerge(merge_id), actor=current_actor(), now=now())
        except DomainError as error:
            return self._merged(merge_id, message=error.message), error.status
        flash(_("The merge was undone: both customers are there again."), "success")
        return redirect(url_for(".show", merge_id=merge_id))

    def _page(self, source_id: int, target_id: int, message: str = "") -> Any:
        title = _("Merge customers")
        source, target = _customer(source_id), _customer(target_id)
        one = target or source
        if source is None or target is None or source.id == target.id:
            return self.render_template(
                "customers/merge_choose.html",
                title=title,
                message=message,
                one=one,
                candidates=find_candidates(one, actor=current_actor()) if one else [],
                lookup=url_for("CustomerMergeView.lookup", name="source_customer_id"),
                words=_words(),
                sees_document=_sees_document(),
            )
        preview = preview_merge(source.id)
        return self.render_template(
            "customers/merge.html",
            title=title,
            message=message,
            source=source,
            target=target,
            names={"source": _name(source), "target": _name(target)},
            choices=_choices(source, target),
            moving=[(_(humanize(m.table)), m.rows) for m in preview.moving if m.rows],
            **_balances(preview.points, preview.wallet),
            key=str(uuid.uuid4()),
            may_merge=may("customers.merge:create"),
            typed=request.form,
            **FORMATS,
        )

    def _merged(self, merge_id: int, message: str = "") -> Any:
        merge = row_or_404(CustomerMerge, merge_id, "read")
        done = merge.undone_at is not None
        ids = (merge.source_customer_id, merge.target_customer_id)
        rows = session().scalars(
            rows_for(Customer, sa.select(Customer).where(Customer.id.in_(ids))),
            execution_options=INCLUDE_DELETED,
        )
        names = {row.id: _name(row) for row in rows}
        strategy = merge.merge_strategy
        moved = strategy.get("moved", {})
        return self.render_template(
            "customers/merged.html",
            title=_("Merge of customers"),
            message=message,
            merge=merge,
            source=names.get(ids[0], ids[0]),
            target=names.get(ids[1], ids[1]),
            moved=[
                (_(humanize(n.split(".")[1])), len(m["keys"])) for n, m in sorted(moved.items())
            ],
            **_balances(strategy.get("points", 0), Decimal(strategy.get("wallet", 0))),
            taken=[_label(name) for name in strategy.get("fields", {})],
            obstacles=() if done else find_obstacles(merge),
            may_undo=may("customers.merge:undo") and not done,
            **FORMATS,
        )


def _sees_document() -> bool:
    return may_see(describe(Customer).fields["doc_number"])


def _balances(points: int, wallet: Decimal) -> dict[str, Any]:
    """What moves of both, as far as the reader may see such balances."""
    return {
        "points": points if sees(LoyaltyAccount, "points_balance") else 0,
        "wallet": wallet if sees(CustomerWallet, "balance") else 0,
    }


def _name(customer: Customer) -> str:
    """Two that are one may have the same name: with the document."""
    number = customer.doc_number if _sees_document() else None
    return f"{title_of(customer)} ({number})" if number else title_of(customer)


def _argument(name: str) -> int:
    text = request.args.get(name, "")
    return int(text) if text.isascii() and text.isdigit() and len(text) <= BIGINT_DIGITS else 0


def _customer(customer_id: int) -> Customer | None:
    statement = rows_for(Customer, sa.select(Customer).where(Customer.id == customer_id))
    customer: Customer | None = session().scalar(statement) if customer_id else None
    return customer


def _choices(source: Customer, target: Customer) -> list[Choice]:
    """What the reader may see of both; who may not change a field can't choose either."""
    seen = {field.name: field for field in readable(describe(Customer))}
    kept = current_actor().policy.readonly(describe(Customer).resource)
    found = []
    for name, columns in choices().items():
        if not all(column in seen for column in columns):
            continue
        fields = [seen[column] for column in columns]
        same = all(getattr(source, c) == getattr(target, c) for c in columns)
        chosen = request.form.get(f"take-{name}") or _better(source, target, name)
        found.append(
            Choice(
                name=name,
                label=_("Document") if name == "doc_number" else _label(name),
                kept=_shown(target, fields),
                other=_shown(source, fields),
                open=not same and not kept.intersection(columns),
                source=chosen == "source",
            )
        )
    return found


def _better(source: Customer, target: Customer, name: str) -> str:
    """What the target has, unless that is nothing."""
    return "source" if not getattr(target, name) and getattr(source, name) else "target"


def _shown(customer: Customer, fields: list[Field]) -> Markup:
    return Markup(" ").join(with_unit(customer, field) for field in fields)


def _label(name: str) -> str:
    return _(describe(Customer).fields[name].label)


def _words() -> dict[str, str]:
    """Why two customers may be the same."""
    return {
        "document": _("Same document"),
        "phone": _("Same telephone"),
        "email": _("Same e-mail address"),
        "name": _("Similar name"),
    }
