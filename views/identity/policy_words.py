"""A role's policy as people read it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from markupsafe import Markup, escape

from app.domain.access_policy import EVERY_TABLE, LIMITS, PolicyError, RolePolicy, read_policy
from app.i18n import gettext as _
from app.locale import show_decimal
from app.services.platform.read_setting import read_setting
from views.identity.excesses import LIMIT_NAMES, SCOPE_NAMES, field_name, table_name

SIGNS = {"PEN": "S/"}
Lines = tuple[tuple[str, str], ...]


def currency_sign() -> str:
    """Of the amounts in policies, which are in the currency of the business."""
    code = str(read_setting("company.currency", "PEN"))
    return SIGNS.get(code, code)


def limit_text(name: str, value: Decimal) -> str:
    number = show_decimal(value, 0 if value == int(value) else 2)
    return f"{number} %" if name == "discount_percent" else f"{currency_sign()} {number}"


def fields_text(table: str, names: Iterable[str]) -> str:
    """“Products: Cost price, Base price”."""
    return f"{table_name(table)}: {', '.join(sorted(field_name(table, n) for n in names))}"


def policy_lines(raw: Mapping[str, Any] | None) -> Lines:
    """(part, what it says) of a policy; parts that say nothing are told as well."""
    try:
        policy = read_policy(raw)
    except PolicyError as error:
        return ((_("Damaged: own rows only, and no amounts"), " ".join(error.args)),)
    return (
        (_("Rows"), _rows(policy)),
        *(
            (str(LIMIT_NAMES[name]), limit_text(name, policy.limits.get(name, Decimal(0))))
            for name in LIMITS
        ),
        (_("Hidden fields"), _fields(policy.hidden)),
        (_("Read-only fields"), _fields(policy.readonly)),
        (_("Second factor"), _("required") if policy.require_second_factor else _("optional")),
    )


def policy_html(raw: Mapping[str, Any] | None) -> Markup:
    """The same as a list."""
    items = Markup("").join(
        Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(part, _broken(text))
        for part, text in policy_lines(raw)
    )
    return Markup('<dl class="policy-words">{}</dl>').format(items)


def _broken(text: str) -> Markup:
    return Markup("<br>").join(escape(line) for line in text.split("\n"))


def _rows(policy: RolePolicy) -> str:
    default = str(SCOPE_NAMES[policy.scope.get(EVERY_TABLE, "all")])
    own = [
        f"{table_name(table)}: {SCOPE_NAMES[scope]}"
        for table, scope in sorted(policy.scope.items())
        if table != EVERY_TABLE
    ]
    return "\n".join([default, *own])


def _fields(fields: Mapping[str, Iterable[str]]) -> str:
    lines = [fields_text(table, names) for table, names in sorted(fields.items()) if names]
    return "\n".join(lines) or _("none")
