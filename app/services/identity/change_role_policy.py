"""What a role allows beyond its rights is changed: rows, fields, amounts, second factor."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

import sqlalchemy as sa

from app.actor import Actor
from app.db import atomic, lock_row
from app.domain.access_policy import (
    EVERY_TABLE,
    LIMITS,
    SCOPES,
    GrantedRole,
    PolicyError,
    read_policy,
)
from app.domain.granting import beyond
from app.i18n import gettext as _
from app.services.identity.authority import granted_roles, holds_everything, policy_or_strictest
from app.services.identity.policy_fields import PolicyTable, policy_tables
from app.services.identity.role_errors import (
    InvalidPolicyError,
    MoreThanYoursError,
    RoleChangedError,
    RoleNotFoundError,
)
from models.identity import Role

HIGHEST = {"discount_percent": Decimal(100)}
HIGHEST_AMOUNT = Decimal("999999999999.99")
Names = Collection[str]


@dataclass(frozen=True, slots=True)
class ChangeRolePolicy:
    """``seen`` is the role's ``updated_at`` when the editor read it. Tables are named as in rights
    (``crm.deals``), ``scope["*"]`` is for all others; limits are texts as typed, empty for none.
    """

    role_id: int
    seen: str
    scope: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, str] = field(default_factory=dict)
    hidden_fields: Mapping[str, Names] = field(default_factory=dict)
    readonly_fields: Mapping[str, Names] = field(default_factory=dict)
    require_second_factor: bool = False


def change_role_policy(command: ChangeRolePolicy, *, actor: Actor, now: dt.datetime) -> None:
    """Replace the role's policy; holds from the next request of each user on.

    Locks the role. Raises :class:`InvalidPolicyError` with a sentence per field,
    :class:`RoleChangedError` when the role was changed since it was read,
    :class:`MoreThanYoursError` when the role would get more than the actor has, and
    :class:`RoleNotFoundError`.
    """
    with atomic():
        role = lock_row(sa.select(Role).where(Role.id == command.role_id))
        if role is None:
            raise RoleNotFoundError
        granted = granted_roles([role.id])[role.id]
        if mistakes := _mistakes(command, granted.rights):
            raise InvalidPolicyError(mistakes)
        if stamp_of(role) != command.seen:
            raise RoleChangedError
        set_policy(role, _as_json(command), granted, actor=actor, now=now)


def set_policy(
    role: Role, policy: dict[str, Any], granted: GrantedRole, *, actor: Actor, now: dt.datetime
) -> None:
    """Write a checked policy to the locked role, within what the actor has.

    Raises :class:`MoreThanYoursError`.
    """
    if not holds_everything(actor):
        wanted = GrantedRole(role.name, granted.rights, policy_or_strictest(policy))
        excesses = beyond(actor.policy, actor.rights | granted.rights, wanted, granted.policy)
        if excesses:
            raise MoreThanYoursError(excesses)
    if role.policy != policy:
        role.policy = policy
        role.updated_at = now


def stamp_of(role: Role) -> str:
    """What tells one state of a role from the next."""
    return role.updated_at.isoformat()


def _as_json(command: ChangeRolePolicy) -> dict[str, Any]:
    """The policy as it is kept: parts that say nothing are left out, names are in order."""
    default = command.scope.get(EVERY_TABLE, "all")
    return {
        "scope": {
            EVERY_TABLE: default,
            **{t: s for t, s in sorted(command.scope.items()) if s and t != EVERY_TABLE},
        },
        "limits": {
            name: f"{Decimal(text.strip()):f}"
            for name, text in command.limits.items()
            if text.strip()
        },
        "hidden_fields": _sorted(command.hidden_fields),
        "readonly_fields": _sorted(command.readonly_fields),
        "require_second_factor": command.require_second_factor,
    }


def _sorted(fields: Mapping[str, Names]) -> dict[str, list[str]]:
    return {table: sorted(names) for table, names in sorted(fields.items()) if names}


def _mistakes(command: ChangeRolePolicy, rights: frozenset[str]) -> dict[str, str]:
    return {
        **_wrong_scopes(command.scope),
        **_wrong_limits(command.limits),
        **_wrong_fields(command, rights),
    }


def _wrong_scopes(scope: Mapping[str, str]) -> dict[str, str]:
    tables = policy_tables()
    wrong = {}
    for name, value in scope.items():
        key = f"scope.{name}"
        if value not in SCOPES and value:
            wrong[key] = _("Choose one from the list.")
        elif name != EVERY_TABLE and name not in tables:
            wrong[key] = _("There is no table “%(name)s”.", name=name)
        elif name != EVERY_TABLE and value not in ("", "all") and not tables[name].scopable:
            wrong[key] = _("The rows of this table have no owner.")
    return wrong


def _wrong_limits(limits: Mapping[str, str]) -> dict[str, str]:
    wrong = {
        f"limits.{name}": _wrong_amount(text, HIGHEST.get(name, HIGHEST_AMOUNT))
        for name, text in limits.items()
        if text.strip()
    }
    unknown = {f"limits.{name}": _("There is no such limit.") for name in set(limits) - set(LIMITS)}
    return {key: sentence for key, sentence in (wrong | unknown).items() if sentence}


def _wrong_amount(text: str, highest: Decimal) -> str:
    number = _number(text)
    if number is None:
        return _("This is not a number.")
    if 0 <= number <= highest:
        return ""
    return _("From %(low)s to %(high)s, with at most two decimals.", low=0, high=f"{highest:,}")


def _number(text: str) -> Decimal | None:
    """The number, -1 for one with more than two decimals, None for text that is none."""
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        return None
    if not number.is_finite():
        return None
    return number if number == round(number, 2) else Decimal(-1)


def _wrong_fields(command: ChangeRolePolicy, rights: frozenset[str]) -> dict[str, str]:
    wrong = {}
    tables = policy_tables()
    for part in (command.hidden_fields, command.readonly_fields):
        for table, names in part.items():
            if table not in tables:
                wrong[f"fields.{table}"] = _("There is no table “%(name)s”.", name=table)
                continue
            for name in names:
                if sentence := _wrong_field(tables[table], name, rights):
                    wrong[f"fields.{table}.{name}"] = sentence
    return wrong


def _wrong_field(table: PolicyTable, name: str, rights: frozenset[str]) -> str:
    if name not in table.fields:
        return _("There is no field “%(name)s”.", name=name)
    if table.fields[name].required and f"{table.name}:create" in rights:
        return _("A new record needs it, and the role may add records.")
    return ""


def check_policy(raw: Mapping[str, Any], rights: frozenset[str]) -> list[str]:
    """Sentences about what is wrong with a policy as kept: for the built-in ones, and old ones."""
    try:
        policy = read_policy(raw)
    except PolicyError as error:
        return list(error.args)
    command = ChangeRolePolicy(
        role_id=0,
        seen="",
        scope=policy.scope,
        limits={name: str(value) for name, value in policy.limits.items()},
        hidden_fields=policy.hidden,
        readonly_fields=policy.readonly,
    )
    return [f"{name}: {sentence}" for name, sentence in _mistakes(command, rights).items()]
