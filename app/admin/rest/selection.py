"""What of a row an answer shows: its columns, and what belongs to it, up to two steps away.

``fields=id,order_number,customer.name`` names columns, also of what belongs to the row;
``expand=customer,items.variant`` shows whole rows. Only what the person may read can be named.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from app.admin.access import may_see, readable
from app.admin.describe import Description, describe
from app.admin.lists.filters import FilterError
from app.admin.rest.relations import Relation, relations_of
from app.errors import ForbiddenError
from app.i18n import gettext as _
from app.security.rights import may_read

MAX_STEPS = 2
MAX_RELATIONS = 8


@dataclass(frozen=True, slots=True)
class Selection:
    """Columns of a table in its order, and the relations to show with what is shown of them."""

    description: Description
    columns: tuple[str, ...]
    branches: tuple[tuple[Relation, Selection], ...] = ()

    @property
    def whole(self) -> bool:
        """Whether it is the row as it is shown to who asks for nothing special."""
        return not self.branches and len(self.columns) == len(readable(self.description))


def select(
    description: Description, fields: Sequence[str] = (), expand: Sequence[str] = ()
) -> Selection:
    """What ``fields`` and ``expand`` ask for.

    Raises :class:`FilterError` for a name that isn't there and for more than :data:`MAX_STEPS`
    steps or :data:`MAX_RELATIONS` relations, ForbiddenError for a table that the person may not
    read.
    """
    root = _Node(description, whole=not fields)
    for path in expand:
        root.follow(path.split("."), whole=True)
    for path in fields:
        *steps, name = path.split(".")
        root.follow(steps).add(name)
    if root.size() > MAX_RELATIONS:
        raise FilterError(_("Ask for %(most)s relations at most.", most=MAX_RELATIONS))
    return root.build()


@dataclass(slots=True)
class _Node:
    description: Description
    whole: bool = False
    named: set[str] = field(default_factory=set)
    branches: dict[str, tuple[Relation, _Node]] = field(default_factory=dict)
    steps: int = 0
    within_many: bool = False

    def follow(self, steps: Sequence[str], *, whole: bool = False) -> _Node:
        """The node at the end of the path; ``whole`` shows all rows on the way completely."""
        node = self
        for name in steps:
            node = node.branch(name)
            node.whole = node.whole or whole
        return node

    def add(self, name: str) -> None:
        """A column; the name of a relation means the whole row."""
        column = self.description.fields.get(name)
        if column is not None and may_see(column):
            self.named.add(name)
        else:
            self.branch(name).whole = True

    def branch(self, name: str) -> _Node:
        if name in self.branches:
            return self.branches[name][1]
        relation = relations_of(self.description.model).get(name)
        if relation is None or not may_see(relation.field):
            raise FilterError(_("There is no column “%(name)s”.", name=name))
        if not may_read(relation.model):
            raise ForbiddenError(_("You don't have the right to see “%(name)s”.", name=name))
        if self.steps == MAX_STEPS or (relation.many and self.within_many):
            raise FilterError(_("“%(name)s” is too many steps away.", name=name))
        node = _Node(
            describe(relation.model),
            steps=self.steps + 1,
            within_many=self.within_many or relation.many,
        )
        self.branches[name] = (relation, node)
        return node

    def size(self) -> int:
        return len(self.branches) + sum(node.size() for _relation, node in self.branches.values())

    def build(self) -> Selection:
        keys = self.description.keys
        shown = [
            column.name
            for column in readable(self.description)
            if column.name in self.named or (not self.named and (self.whole or column.name in keys))
        ]
        branches = ((relation, node.build()) for relation, node in self.branches.values())
        return Selection(self.description, tuple(shown), tuple(branches))
