"""The hand-made screens of users, roles and rights."""

from __future__ import annotations

from typing import Any


def register_identity_screens(appbuilder: Any) -> None:
    """Register the matrix in the menu of the access tables, which must be there, and the pages
    that are reached from it and from records."""
    from views.identity.effective_access import EffectiveAccessView
    from views.identity.matrix import MatrixView
    from views.identity.role_defaults import RoleDefaultsView
    from views.identity.role_policy import RolePolicyView

    appbuilder.add_view(MatrixView, "Permission matrix", icon="shield-check", category="identity")
    appbuilder.add_view_no_menu(RoleDefaultsView)
    appbuilder.add_view_no_menu(RolePolicyView)
    appbuilder.add_view_no_menu(EffectiveAccessView)
