"""All screens: the generated ones by domain, then the workflow screens."""

from __future__ import annotations

from typing import Any


def register_views(appbuilder: Any) -> None:
    """Register every domain's tables and every workflow screen, in the order of the menu."""
    from app.admin.build import register_domains
    from views.catalog.screens import register_catalog_screens
    from views.customers.screens import register_customer_screens
    from views.domains import DOMAINS
    from views.identity.screens import register_identity_screens
    from views.inventory.screens import register_inventory_screens
    from views.messaging.notifications import register_notification_screens
    from views.platform.audit import register_audit_screen
    from views.platform.jobs import register_jobs_screens
    from views.platform.mail_view import register_mail_screen
    from views.platform.settings import register_settings_screen
    from views.platform.trash import register_trash_screen
    from views.sales.order_screens import register_order_screens
    from views.sales.screens import register_sales_screens
    from views.sunat.books import register_document_books
    from views.sunat.screens import register_document_screens
    from views.workspace.conversation import register_conversation
    from views.workspace.screens import register_workspace_screens

    register_sales_screens(appbuilder)
    register_domains(appbuilder, DOMAINS)
    register_order_screens(appbuilder)
    register_document_books(appbuilder)
    register_document_screens(appbuilder)
    register_customer_screens(appbuilder)
    register_inventory_screens(appbuilder)
    register_catalog_screens(appbuilder)
    register_settings_screen(appbuilder)
    register_audit_screen(appbuilder)
    register_jobs_screens(appbuilder)
    register_mail_screen(appbuilder)
    register_trash_screen(appbuilder)
    register_notification_screens(appbuilder)
    register_conversation(appbuilder)
    register_identity_screens(appbuilder)
    register_workspace_screens(appbuilder)
