"""Nobody gives what they don't have: what a role would allow beyond the person who gives it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from app.domain.access_policy import LIMITS, SCOPES, AccessPolicy, GrantedRole, RolePolicy


@dataclass(frozen=True, slots=True)
class Excess:
    """One thing that the giver doesn't have: a right, rows of a table, a field, an amount.

    ``table`` is empty for limits; ``name`` is the right, the scope, the field or the limit.
    """

    kind: Literal["right", "scope", "field", "limit"]
    table: str
    name: str


def beyond(
    holder: AccessPolicy, held: frozenset[str], given: GrantedRole, before: RolePolicy | None = None
) -> tuple[Excess, ...]:
    """What ``given`` allows and the holder (with the rights ``held``) can't do.

    ``before`` is the policy that the role has already: only what gets more generous counts then.
    The system itself (an unlimited holder) may give everything.
    """
    if holder.unlimited:
        return ()
    missing = [Excess("right", _table(right), right) for right in sorted(given.rights - held)]
    shared = GrantedRole(given.name, given.rights & held, given.policy)
    return (
        *missing,
        *dict.fromkeys(_rows(holder, shared, before)),
        *dict.fromkeys(_fields(holder, shared, before)),
        *_limits(holder, given.policy, before),
    )


def beyond_rights(holder: AccessPolicy, held: frozenset[str], given: GrantedRole) -> list[Excess]:
    """Like :func:`beyond` for rights that are added to a role, whose limits stay as they are."""
    return [excess for excess in beyond(holder, held, given) if excess.kind != "limit"]


def _rows(holder: AccessPolicy, given: GrantedRole, before: RolePolicy | None) -> Iterator[Excess]:
    for right in sorted(given.rights):
        table, _colon, action = right.rpartition(":")
        scope = given.policy.scope_of(table)
        allowed = [holder.scope(table, action), *([before.scope_of(table)] if before else [])]
        if SCOPES.index(scope) > max(map(SCOPES.index, allowed)):
            yield Excess("scope", table, scope)


def _fields(
    holder: AccessPolicy, given: GrantedRole, before: RolePolicy | None
) -> Iterator[Excess]:
    for right in sorted(given.rights):
        table, _colon, action = right.rpartition(":")
        barred = holder.hidden(table) if action == "read" else holder.readonly(table, action)
        if before is not None:
            barred &= _barred(before, table, action)
        for name in sorted(barred - _barred(given.policy, table, action)):
            yield Excess("field", table, name)


def _barred(policy: RolePolicy, table: str, action: str) -> frozenset[str]:
    hidden = policy.hidden.get(table, frozenset())
    return hidden if action == "read" else hidden | policy.readonly.get(table, frozenset())


def _limits(
    holder: AccessPolicy, policy: RolePolicy, before: RolePolicy | None
) -> Iterator[Excess]:
    for name in LIMITS:
        new = policy.limits.get(name, Decimal(0))
        old = before.limits.get(name, Decimal(0)) if before is not None else Decimal(0)
        if new > max(old, holder.limit(name) or Decimal(0)):
            yield Excess("limit", "", name)


def _table(right: str) -> str:
    return right.rpartition(":")[0]
