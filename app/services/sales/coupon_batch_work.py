"""Large batches of coupons: written by a worker, with progress."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from app.actor import Actor, acting, system_actor
from app.i18n import ngettext
from app.services.background import Progress, Work, WorkFinished, start_work, work
from app.services.sales.generate_coupons import GenerateCoupons, check_batch, generate_coupons

KIND = "sales.coupons"
AT_ONCE = 5_000
"""So many are written while a person waits."""


def start_coupons(command: GenerateCoupons, *, actor: Actor, now: dt.datetime, link: str) -> Work:
    """Have the batch written in the background; raises what is wrong with it at once."""
    check_batch(command, now)
    params = asdict(command)
    params["expires_at"] = command.expires_at.isoformat() if command.expires_at else None
    title = command.batch
    return start_work(KIND, params, title=title, actor=actor, now=now, link=link)


def told(result: Mapping[str, Any]) -> str:
    """How many coupons were made."""
    count = int(result.get("coupons", 0))
    return ngettext("%(num)s coupon was made.", "%(num)s coupons were made.", count)


@work(KIND, tells=told)
def write_coupons(task: Work, progress: Progress) -> WorkFinished:
    """All of the batch in one transaction: a worker that dies leaves none, and the next begins
    again."""
    params = dict(task.params)
    if params["expires_at"]:
        params["expires_at"] = dt.datetime.fromisoformat(params["expires_at"])
    command = GenerateCoupons(**params)
    actor = acting() or system_actor("coupons")
    done = generate_coupons(command, actor=actor, now=task.created_at, tell=progress)
    return WorkFinished(done.result)
