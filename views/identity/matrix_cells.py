"""The boxes of the matrix as HTML: thousands, so they are short and made without a template.

A box is named by the ids of its row (t…), action (a…) and role (r…), which are on the page once.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

from views.identity.matrix_draft import Drafts
from views.identity.rights_catalogue import Catalogue, Right, Screen


@dataclass(frozen=True, slots=True)
class Cells:
    """Draws the cells of a row for these roles, in this order."""

    catalogue: Catalogue
    drafts: Drafts
    role_ids: Sequence[int]
    enabled: bool

    def __call__(self, screen: Screen, row: int) -> Markup:
        """All cells after the row's head: per action one for each role, then the special rights."""
        return Markup("".join(self._cells(screen, row)))  # noqa: S704 - keys and escaped labels

    def _cells(self, screen: Screen, row: int) -> Iterator[str]:
        first = self.role_ids[0] if self.role_ids else None
        for number, right in enumerate(screen.usual, 1):
            for role_id in self.role_ids:
                cell = "<td class=first>" if role_id == first else "<td>"
                yield cell if right is None else cell + self._box(right, role_id, row, number)
        if not self.catalogue.special:
            return
        for role_id in self.role_ids:
            yield '<td class="special first">' if role_id == first else "<td class=special>"
            for right in screen.special:
                number = self.catalogue.number_of(right.action)
                box = self._box(right, role_id, row, number)
                yield f"<label>{box}{escape(right.label)}</label>"

    def _box(self, right: Right, role_id: int, row: int, action: int) -> str:
        ticked = " checked" if right.id in self.drafts[role_id].wanted else ""
        disabled = "" if self.enabled else " disabled"
        return (
            f"<input type=checkbox name=r{role_id} value={right.id} "
            f'aria-labelledby="t{row} a{action} r{role_id}"{ticked}{disabled}>'
        )
