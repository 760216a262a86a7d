"""Finding products on the screens of stock; JSON."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from flask import jsonify, request
from flask_appbuilder import BaseView, expose
from flask_appbuilder.security.decorators import has_access_api, permission_name

from app.services.inventory.find_variants import find_variants
from views.inventory.requests import asked_id


class StockProductsView(BaseView):
    route_base = "/inventory/products"
    class_permission_name = "inventory.inventory_stock"
    base_permissions = ("can_read",)
    default_view = "find"

    @expose("/")
    @has_access_api
    @permission_name("read")
    def find(self) -> Any:
        """What ``q`` finds, with its stock at ``location_id``."""
        found = find_variants(request.args.get("q", ""), asked_id("location_id"))
        return jsonify(products=[asdict(variant) for variant in found])

    @expose("/choices")
    @has_access_api
    @permission_name("read")
    def choices(self) -> Any:
        """The same for a searchable select."""
        found = find_variants(request.args.get("q", ""), None)
        results = [{"id": v.variant_id, "text": f"{v.name} · {v.sku}"} for v in found]
        return jsonify(results=results, pagination={"more": False})
