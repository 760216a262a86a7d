"""Why a change of roles, rights or who has them was refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass

from app.domain.granting import Excess
from app.errors import ConflictError, DomainError, ForbiddenError, NotFoundError
from app.i18n import lazy_gettext as _


class RoleNotFoundError(NotFoundError):
    code = "unknown_role"

    def __init__(self) -> None:
        super().__init__(_("There is no such role; somebody may have deleted it."))


class MoreThanYoursError(ForbiddenError):
    """Somebody tried to give what they don't have; ``excesses`` says what."""

    code = "more_than_yours"

    def __init__(self, excesses: Sequence[Excess]) -> None:
        self.excesses = tuple(excesses)
        super().__init__(
            _("Nobody can give what they don't have themselves."),
            excesses=[asdict(excess) for excess in excesses],
        )


class AboveYouError(ForbiddenError):
    """The account may do more than the person who wants to change it."""

    code = "above_you"

    def __init__(self) -> None:
        super().__init__(
            _("This person has rights that you don't have; only somebody who has them may do this.")
        )


class NobodyInChargeError(ConflictError):
    """Nobody would be left who can give rights."""

    code = "nobody_in_charge"

    def __init__(self) -> None:
        super().__init__(_("Nobody would be left who may change users, roles and rights."))


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """Rights (by key) that somebody else gave to a role, or took from it, since it was read."""

    given: frozenset[int]
    taken: frozenset[int]


class RightsChangedError(ConflictError):
    """Other people's changes came first; ``meanwhile`` has them by role."""

    code = "rights_changed"

    def __init__(self, meanwhile: Mapping[int, Meanwhile]) -> None:
        self.meanwhile = dict(meanwhile)
        super().__init__(
            _("Somebody else changed these roles meanwhile. Nothing of yours is lost."),
            roles=sorted(meanwhile),
        )


class RoleChangedError(ConflictError):
    code = "stale_version"

    def __init__(self) -> None:
        super().__init__(
            _("Somebody else changed this role meanwhile. Nothing was saved; look at it again.")
        )


class InvalidPolicyError(DomainError):
    """``fields`` has a sentence per part: ``limits.refund_amount``, ``catalog.products.name``."""

    code = "invalid_policy"

    def __init__(self, fields: dict[str, str]) -> None:
        super().__init__(_("Some fields need your attention."), fields=fields)


class NotBuiltInError(DomainError):
    code = "not_built_in"

    def __init__(self, name: str) -> None:
        super().__init__(_("“%(name)s” is no built-in role.", name=name))


class RoleExistsError(ConflictError):
    code = "role_exists"

    def __init__(self, name: str) -> None:
        super().__init__(_("The role “%(name)s” is there already.", name=name))
