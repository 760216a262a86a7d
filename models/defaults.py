"""Server defaults that many columns share; each goes with the same default in Python."""

from __future__ import annotations

from decimal import Decimal

import sqlalchemy as sa

EMPTY_OBJECT = sa.text("'{}'::jsonb")
EMPTY_LIST = sa.text("'[]'::jsonb")
EMPTY_TEXTS = sa.text("'{}'::text[]")
ZERO = Decimal(0)
