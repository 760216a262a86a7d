"""FAB's names for our identity tables.

:func:`install` puts this module in place of ``flask_appbuilder.security.sqla.models``; it must run
before FAB's security manager is imported. A test compares the names and attributes with FAB's own,
so that an upgrade that adds something fails loudly.
"""

from __future__ import annotations

import sys

from models.identity import Action as Permission
from models.identity import (
    ApiKey,
    Group,
    GroupRole,
    Role,
    RolePermission,
    User,
    UserGroup,
    UserRole,
)
from models.identity import Permission as PermissionView
from models.identity import Registration as RegisterUser
from models.identity import Resource as ViewMenu

assoc_permissionview_role = RolePermission.__table__
assoc_user_role = UserRole.__table__
assoc_user_group = UserGroup.__table__
assoc_group_role = GroupRole.__table__

__all__ = [
    "ApiKey",
    "Group",
    "Permission",
    "PermissionView",
    "RegisterUser",
    "Role",
    "User",
    "ViewMenu",
    "assoc_group_role",
    "assoc_permissionview_role",
    "assoc_user_group",
    "assoc_user_role",
    "install",
]

_FAB_MODULE = "flask_appbuilder.security.sqla.models"


def install() -> None:
    """Make FAB's security manager use this module. Raises RuntimeError when it is too late."""
    manager = sys.modules.get("flask_appbuilder.security.sqla.manager")
    if manager is not None and sys.modules.get(_FAB_MODULE) is not sys.modules[__name__]:
        raise RuntimeError("FAB's security manager was imported before ours.")
    import flask_appbuilder.security.sqla as package

    sys.modules[_FAB_MODULE] = sys.modules[__name__]
    package.models = sys.modules[__name__]


install()
