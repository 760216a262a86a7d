"""What somebody is changing in the matrix, carried by the page itself until it is saved.

Sets of rights travel as hexadecimal bit masks over their keys: 450 rights are 120 characters.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import Any

from flask import abort

from app.services.identity.change_role_rights import ChangeRoleRights, RoleRights

LONGEST_MASK = 25_000
MOST_ROLES = 200
Ids = frozenset[int]


@dataclass(frozen=True, slots=True)
class RoleDraft:
    """One role: the rights it had when the page was first shown, and those it shall have."""

    role_id: int
    seen: Ids
    wanted: Ids

    @property
    def given(self) -> Ids:
        return self.wanted - self.seen

    @property
    def taken(self) -> Ids:
        return self.seen - self.wanted

    @property
    def changed(self) -> bool:
        return self.seen != self.wanted

    def onto(self, now: Ids) -> RoleDraft:
        """The same changes on top of what the role has now."""
        return RoleDraft(self.role_id, now, (now - self.taken) | self.given)

    @property
    def seen_mask(self) -> str:
        return mask(self.seen)

    @property
    def wanted_mask(self) -> str:
        return mask(self.wanted)


Drafts = dict[int, RoleDraft]


def mask(ids: Collection[int]) -> str:
    """The set as a hexadecimal number with these bits."""
    bits = bytearray(max(ids, default=0) // 8 + 1)
    for number in ids:
        bits[number // 8] |= 1 << number % 8
    return bits[::-1].hex().lstrip("0") or "0"


def unmask(text: str) -> Ids:
    """The set of a mask; raises ValueError for text that is none."""
    if len(text) > LONGEST_MASK:
        raise ValueError(text[:20])
    bits = bytes.fromhex(text.zfill(len(text) + len(text) % 2))[::-1]
    return frozenset(
        place * 8 + bit for place, byte in enumerate(bits) for bit in range(8) if byte >> bit & 1
    )


def read_drafts(form: Any) -> Drafts:
    """The roles that the form holds; answers 400 to a form that no page of ours sent.

    ``shown`` names the roles, ``seen-<role>`` is what they had, and either ``wanted-<role>`` or the
    ticked boxes ``r<role>`` say what they shall have.
    """
    try:
        ids = numbers(form.getlist("shown"))
        return {role_id: _draft(form, role_id) for role_id in ids}
    except ValueError:
        abort(400)


def _draft(form: Any, role_id: int) -> RoleDraft:
    wanted = form.get(f"wanted-{role_id}")
    ticked = frozenset(numbers(form.getlist(f"r{role_id}")))
    return RoleDraft(
        role_id,
        unmask(form.get(f"seen-{role_id}", "")),
        ticked if wanted is None else unmask(wanted),
    )


def numbers(texts: Iterable[str]) -> list[int]:
    """Keys in a form or an address; raises ValueError for anything else."""
    found = list(dict.fromkeys(int(text) for text in texts))
    if any(not 0 <= number < LONGEST_MASK * 4 for number in found):
        raise ValueError("out of range")
    return found


def command_of(drafts: Drafts) -> ChangeRoleRights:
    return ChangeRoleRights(
        tuple(
            RoleRights(draft.role_id, draft.seen, draft.wanted)
            for draft in drafts.values()
            if draft.changed
        )
    )
