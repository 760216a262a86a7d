"""Days and hours of the business: moments are kept in UTC, a day ends at its midnight."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

from app.services.platform.read_setting import read_setting


def business_zone() -> ZoneInfo:
    """The zone of the setting ``company.time_zone``."""
    return ZoneInfo(read_setting("company.time_zone"))


def local_time(moment: dt.datetime) -> dt.datetime:
    """The moment by the clocks of the business."""
    return moment.astimezone(business_zone())
