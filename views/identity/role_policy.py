"""The form of a role's policy: rows, fields, amounts and second factor, without JSON."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from flask import abort, flash, redirect, request, url_for
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access, permission_name

from app.admin.describe import describe
from app.db import session
from app.domain.access_policy import EVERY_TABLE, LIMITS, PolicyError, RolePolicy, read_policy
from app.errors import DomainError
from app.i18n import gettext as _
from app.security.rights import current_actor
from app.services.identity.change_role_policy import (
    ChangeRolePolicy,
    change_role_policy,
    stamp_of,
)
from app.services.identity.policy_fields import policy_tables
from app.services.identity.role_errors import MoreThanYoursError
from models.identity import Role
from views.domains import DOMAINS
from views.identity.excesses import LIMIT_NAMES, SCOPE_NAMES, excess_lines, field_name, table_name
from views.identity.policy_words import currency_sign

MOST_TABLES = 200


@dataclass(frozen=True, slots=True)
class FieldChoice:
    """A field of a table: ``state`` is "" (as usual), readonly or hidden."""

    name: str
    label: str
    state: str
    settable: bool
    error: str = ""


@dataclass(frozen=True, slots=True)
class TableChoice:
    name: str
    label: str
    scopable: bool
    scope: str
    fields: tuple[FieldChoice, ...]
    error: str = ""


class RolePolicyView(BaseView):
    route_base = "/identity/roles"
    class_permission_name = "identity.roles"
    default_view = "policy"

    @expose("/<int:pk>/policy", methods=["GET", "POST"])
    @has_access
    @permission_name("update")
    def policy(self, pk: int) -> Any:
        role = session().get(Role, pk)
        if role is None:
            abort(404)
        if request.method == "GET":
            return self._page(role, _kept(role), [])
        command, tables = _read_form(pk)
        if request.form.get("do") == "add":
            tables.append(request.form.get("add_table", ""))
            return self._page(role, command, tables)
        try:
            change_role_policy(command, actor=current_actor(), now=dt.datetime.now(dt.UTC))
        except DomainError as error:
            return self._page(role, command, tables, error), error.status
        flash(_("The policy of %(name)s was saved.", name=role.name), "success")
        return redirect(url_for("RoleView.show", pk=pk))

    def _page(
        self,
        role: Role,
        command: ChangeRolePolicy,
        tables: list[str],
        error: DomainError | None = None,
    ) -> Any:
        fields = error.fields if error else {}
        parts = (command.scope, command.hidden_fields, command.readonly_fields)
        named = dict.fromkeys([*(t for part in parts for t in part if t != EVERY_TABLE), *tables])
        chosen = [name for name in named if name in policy_tables()]
        return self.render_template(
            "identity/role_policy.html",
            title=_("Rows, fields and amounts of %(role)s", role=role.name),
            role=role,
            command=command,
            tables=[_table_choice(name, command, fields) for name in chosen],
            offered=_offered(chosen),
            scopes=[(code, _capital(str(label))) for code, label in SCOPE_NAMES.items()],
            limits=[
                (name, str(LIMIT_NAMES[name]), command.limits.get(name, "")) for name in LIMITS
            ],
            currency=currency_sign(),
            errors=fields,
            error=error.message if error else "",
            excesses=excess_lines(error.excesses) if isinstance(error, MoreThanYoursError) else [],
            changed=request.method == "POST",
        )


def _kept(role: Role) -> ChangeRolePolicy:
    """The form's values as they are saved; a damaged policy starts from nothing."""
    try:
        policy = read_policy(role.policy)
    except PolicyError:
        policy = RolePolicy(scope={EVERY_TABLE: "own"})
    return ChangeRolePolicy(
        role_id=role.id,
        seen=stamp_of(role),
        scope={EVERY_TABLE: "all", **policy.scope},
        limits={name: f"{value:f}" for name, value in policy.limits.items()},
        hidden_fields=policy.hidden,
        readonly_fields=policy.readonly,
        require_second_factor=policy.require_second_factor,
    )


def _read_form(role_id: int) -> tuple[ChangeRolePolicy, list[str]]:
    """The command that the form asks for, and the tables that it shows."""
    form = request.form
    tables = list(dict.fromkeys(form.getlist("table")))[:MOST_TABLES]
    states: dict[str, dict[str, set[str]]] = {"hidden": {}, "readonly": {}}
    for table in tables:
        for name in policy_tables()[table].fields if table in policy_tables() else ():
            state = form.get(f"fields.{table}.{name}", "")
            if state in states:
                states[state].setdefault(table, set()).add(name)
    scope = {table: form.get(f"scope.{table}", "") for table in tables}
    command = ChangeRolePolicy(
        role_id=role_id,
        seen=form.get("seen", ""),
        scope={
            EVERY_TABLE: form.get(f"scope.{EVERY_TABLE}", "all"),
            **{table: value for table, value in scope.items() if value},
        },
        limits={name: form.get(f"limits.{name}", "")[:40] for name in LIMITS},
        hidden_fields=states["hidden"],
        readonly_fields=states["readonly"],
        require_second_factor="require_second_factor" in form,
    )
    return command, tables


def _table_choice(name: str, command: ChangeRolePolicy, errors: dict[str, str]) -> TableChoice:
    table = policy_tables()[name]

    def state(field: str) -> str:
        if field in command.hidden_fields.get(name, ()):
            return "hidden"
        return "readonly" if field in command.readonly_fields.get(name, ()) else ""

    fields = tuple(
        FieldChoice(
            field.name,
            field_name(name, field.name),
            state(field.name),
            field.settable,
            errors.get(f"fields.{name}.{field.name}", ""),
        )
        for field in table.fields.values()
    )
    error = errors.get(f"scope.{name}", "")
    return TableChoice(
        name, table_name(name), table.scopable, command.scope.get(name, ""), fields, error
    )


def _offered(chosen: list[str]) -> list[tuple[str, list[tuple[str, str]]]]:
    """(domain, (table, name)…) of the tables that aren't on the page yet."""
    return [
        (
            _(domain.label),
            [
                (describe(table.model).resource, _(describe(table.model).plural))
                for table in domain.tables
                if describe(table.model).resource not in chosen
            ],
        )
        for domain in DOMAINS
    ]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
