"""Many coupons of a promotion at once, as one batch."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import insert

from app.actor import Actor
from app.db import session
from app.i18n import lazy_gettext as _
from app.services.platform.run_once import Answer, Claim, run_once
from app.services.sales.coupon_codes import make_codes, shortest_length
from app.services.sales.coupon_errors import (
    BatchExistsError,
    CouponBatchError,
    NoCouponPromotionError,
)
from models.sales import Coupon, Promotion

SCOPE = "sales.generate_coupons"
MOST = 100_000
CHUNK = 5_000
LONGEST = 16
PREFIX = re.compile(r"[A-Z0-9][A-Z0-9-]{0,11}|")
LONGEST_NAME = 80
MOST_USES = 1_000_000
Tell = Callable[[int, int], object]


@dataclass(frozen=True, slots=True)
class GenerateCoupons:
    """``length`` random characters follow the ``prefix``; each coupon may be used ``max_uses``
    times, by one customer ``max_uses_per_customer`` times (None: no limit), until ``expires_at``
    (None: as long as the promotion)."""

    key: str
    promotion_id: int
    batch: str
    count: int
    prefix: str = ""
    length: int = 8
    max_uses: int | None = 1
    max_uses_per_customer: int | None = None
    expires_at: dt.datetime | None = None


def generate_coupons(
    command: GenerateCoupons,
    *,
    actor: Actor,
    now: dt.datetime,
    tell: Tell = lambda _done, _total: None,
) -> Answer:
    """Write exactly so many coupons with new codes, all or none; gives the batch and its size.

    ``tell`` is called with the coupons written and all. Locks the promotion (shared) and keeps
    another batch of that name out. Raises :class:`CouponBatchError` beside the field,
    :class:`NoCouponPromotionError` and :class:`BatchExistsError`.
    """
    check_batch(command, now)

    def work() -> dict[str, Any]:
        _require_promotion(command.promotion_id)
        _require_new(command.batch.strip())
        done = 0
        while done < command.count:
            done += _write(command, min(CHUNK, command.count - done))
            tell(done, command.count)
        return {"batch": command.batch.strip(), "coupons": done}

    return run_once(Claim(SCOPE, command.key, command), work, actor=actor, now=now)


def check_batch(command: GenerateCoupons, now: dt.datetime) -> None:
    """Raise :class:`CouponBatchError` beside the first field that makes no sense."""
    name = command.batch.strip()
    shortest = shortest_length(max(command.count, 1))
    wrong = {
        "batch": not name or len(name) > LONGEST_NAME,
        "count": not 1 <= command.count <= MOST,
        "prefix": not PREFIX.fullmatch(command.prefix),
        "length": not shortest <= command.length <= LONGEST,
        "max_uses": not _is_limit(command.max_uses),
        "max_uses_per_customer": not _is_limit(command.max_uses_per_customer),
        "expires_at": command.expires_at is not None and _aware(command.expires_at) <= now,
    }
    sentences = {
        "batch": _("Give the batch a name."),
        "count": _("From 1 to %(most)s coupons are made at once.", most=f"{MOST:,}"),
        "prefix": _("A prefix has up to 12 capital letters, digits and hyphens."),
        "length": _(
            "So many coupons need %(least)s to %(most)s random characters.",
            least=shortest,
            most=LONGEST,
        ),
        "max_uses": _("This must be a whole number from 1 up, or empty."),
        "max_uses_per_customer": _("This must be a whole number from 1 up, or empty."),
        "expires_at": _("This moment is over."),
    }
    for field, is_wrong in wrong.items():
        if is_wrong:
            raise CouponBatchError(sentences[field], fields={field: str(sentences[field])})


def _is_limit(number: int | None) -> bool:
    return number is None or 1 <= number <= MOST_USES


def _aware(moment: dt.datetime) -> dt.datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)


def _require_promotion(promotion_id: int) -> None:
    statement = sa.select(Promotion.id).where(Promotion.id == promotion_id)
    if session().scalar(statement.with_for_update(read=True)) is None:
        raise NoCouponPromotionError(promotion_id)


def _require_new(batch: str) -> None:
    """No two batches have a name: who asks at once waits here for the other."""
    name = sa.func.hashtextextended(f"coupons {batch}", 0)
    session().execute(sa.select(sa.func.pg_advisory_xact_lock(name)))
    if session().scalar(sa.select(Coupon.id).where(Coupon.batch == batch).limit(1)) is not None:
        raise BatchExistsError(batch)


def _write(command: GenerateCoupons, count: int) -> int:
    """Up to so many coupons in one statement; codes that exist already are left out."""
    shared = {
        "promotion_id": command.promotion_id,
        "max_uses": command.max_uses,
        "max_uses_per_customer": command.max_uses_per_customer,
        "expires_at": _aware(command.expires_at) if command.expires_at else None,
        "batch": command.batch.strip(),
    }
    codes = sorted(set(make_codes(command.prefix, command.length, count)))
    given = sa.func.unnest(sa.cast(codes, sa.ARRAY(sa.Text))).column_valued("code")
    rows = sa.select(
        given,
        *(sa.literal(value, Coupon.__table__.c[name].type) for name, value in shared.items()),
    )
    written = session().execute(
        insert(Coupon)
        .from_select(["code", *shared], rows)
        .on_conflict_do_nothing(index_elements=["code"])
        .returning(Coupon.id)
    )
    return len(written.all())
