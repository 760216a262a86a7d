"""How often one address may send forms about accounts."""

from __future__ import annotations

from flask_appbuilder.utils.limit import Limit
from flask_limiter.util import get_remote_address

POST_LIMIT = Limit("20 per minute", get_remote_address, methods=["POST"])
LINK_LIMIT = Limit("5 per minute; 30 per hour", get_remote_address, methods=["POST"])
