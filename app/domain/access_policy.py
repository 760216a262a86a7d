"""What a role allows beyond its rights: which rows, which fields, up to which amounts.

A role's policy is JSON (``identity.roles.permissions``)::

    {"scope": {"*": "all", "crm.deals": "own"},
     "limits": {"discount_percent": "15", "refund_amount": "0"},
     "hidden_fields": {"catalog.products": ["cost_price"]},
     "readonly_fields": {"customers.customers": ["credit_limit"]},
     "require_second_factor": false}

Who has several roles gets the most generous of those that grant the right in question: a role that
says nothing about a table takes nothing away from another.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any

SCOPES = ("own", "team", "all")
"""Rows that are mine, of my teams, or all; each includes those before it."""
EVERY_TABLE = "*"
LIMITS = ("discount_percent", "refund_amount", "approval_amount")
"""Percent of a price, and amounts in the currency of the business."""
PARTS = ("scope", "limits", "hidden_fields", "readonly_fields", "require_second_factor")


class PolicyError(ValueError):
    """A policy that can't be used; ``args`` are one sentence (English) per mistake."""


@dataclass(frozen=True, slots=True)
class RolePolicy:
    """One role's policy, read and checked."""

    scope: Mapping[str, str] = field(default_factory=dict)
    limits: Mapping[str, Decimal] = field(default_factory=dict)
    hidden: Mapping[str, frozenset[str]] = field(default_factory=dict)
    readonly: Mapping[str, frozenset[str]] = field(default_factory=dict)
    require_second_factor: bool = False

    def scope_of(self, table: str) -> str:
        return self.scope.get(table, self.scope.get(EVERY_TABLE, "all"))


@dataclass(frozen=True, slots=True)
class GrantedRole:
    """A role of somebody: its name, rights (``sales.orders:read``) and policy."""

    name: str
    rights: frozenset[str]
    policy: RolePolicy


@dataclass(frozen=True, slots=True)
class AccessPolicy:
    """What somebody's roles allow together. ``unlimited`` is the system itself."""

    roles: tuple[GrantedRole, ...] = ()
    unlimited: bool = False
    _hidden: dict[str, frozenset[str]] = field(default_factory=dict, compare=False, repr=False)

    def scope(self, table: str, action: str = "read") -> str:
        """``own``, ``team`` or ``all`` rows of ``table`` for ``action``."""
        if self.unlimited:
            return "all"
        scopes = [role.policy.scope_of(table) for role in self._granting(table, action)]
        return max(scopes, key=SCOPES.index, default="own")

    def hidden(self, table: str) -> frozenset[str]:
        """Columns that each role that may read the table hides; a page asks for each cell."""
        known = self._hidden.get(table)
        if known is None:
            known = self._hidden[table] = self._in_all(table, "read", "hidden")
        return known

    def readonly(self, table: str, action: str = "update") -> frozenset[str]:
        """Columns that each role that may do ``action`` leaves alone, hidden ones among them."""
        return self._in_all(table, action, "readonly") | self.hidden(table)

    def limit(self, name: str) -> Decimal | None:
        """The highest limit among the roles; None when there is none (the system)."""
        if self.unlimited:
            return None
        return max(
            (role.policy.limits.get(name, Decimal(0)) for role in self.roles), default=Decimal(0)
        )

    @property
    def require_second_factor(self) -> bool:
        return any(role.policy.require_second_factor for role in self.roles)

    def _granting(self, table: str, action: str) -> tuple[GrantedRole, ...]:
        """Roles that grant the right; all of them where none does (a look-up of another table)."""
        granting = tuple(role for role in self.roles if f"{table}:{action}" in role.rights)
        return granting or self.roles

    def _in_all(self, table: str, action: str, part: str) -> frozenset[str]:
        sets = [
            getattr(role.policy, part).get(table, frozenset())
            for role in self._granting(table, action)
        ]
        return frozenset.intersection(*sets) if sets and not self.unlimited else frozenset()


UNLIMITED = AccessPolicy(unlimited=True)


def read_policy(raw: Mapping[str, Any] | None) -> RolePolicy:
    """Check and read a role's JSON; raises :class:`PolicyError` with every mistake."""
    raw = raw or {}
    mistakes = [f"“{name}” is no part of a policy." for name in raw if name not in PARTS]
    scope = _scope(_mapping(raw, "scope", mistakes), mistakes)
    limits = _limits(_mapping(raw, "limits", mistakes), mistakes)
    hidden = _fields(_mapping(raw, "hidden_fields", mistakes), mistakes)
    readonly = _fields(_mapping(raw, "readonly_fields", mistakes), mistakes)
    if mistakes:
        raise PolicyError(*mistakes)
    return RolePolicy(scope, limits, hidden, readonly, bool(raw.get("require_second_factor")))


def _mapping(raw: Mapping[str, Any], name: str, mistakes: list[str]) -> Mapping[str, Any]:
    value = raw.get(name) or {}
    if isinstance(value, Mapping):
        return value
    mistakes.append(f"“{name}” must be an object.")
    return {}


def _scope(raw: Mapping[str, Any], mistakes: list[str]) -> dict[str, str]:
    mistakes += [f"“{value}” is no scope." for value in raw.values() if value not in SCOPES]
    return dict(raw)


def _limits(raw: Mapping[str, Any], mistakes: list[str]) -> dict[str, Decimal]:
    found = {}
    for name, value in raw.items():
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            number = Decimal(-1)
        if name not in LIMITS:
            mistakes.append(f"“{name}” is no limit.")
        elif not number.is_finite() or number < 0:
            mistakes.append(f"“{name}” must be a number from 0 up.")
        else:
            found[name] = number
    return found


def _fields(raw: Mapping[str, Any], mistakes: list[str]) -> dict[str, frozenset[str]]:
    found = {}
    for table, names in raw.items():
        if isinstance(names, list) and all(isinstance(name, str) for name in names):
            found[table] = frozenset(names)
        else:
            mistakes.append(f"The fields of “{table}” must be a list of names.")
    return found
