"""Everything that the paper of a quotation shows."""

from __future__ import annotations

from decimal import Decimal

from app.actor import Actor
from app.db import session
from app.domain.amount_in_words import amount_in_words
from app.services.platform.business_time import local_time
from app.services.platform.read_setting import read_setting
from app.services.sales.count_cash import CURRENCY
from app.services.sales.find_quotation import find_quotation
from app.services.sales.read_receipt import customer_words, read_business
from models.identity import User
from models.inventory import Location
from reports.quotations.paper import QuotationPaper
from reports.receipts.ticket import TicketLine


def read_quotation(quotation_id: int, *, actor: Actor) -> QuotationPaper:
    """The quotation as it was made, in the business's language and time zone.

    Raises :class:`~app.services.sales.saved_errors.QuotationNotFoundError`, also for one out of the
    actor's reach.
    """
    quotation = find_quotation(quotation_id, actor=actor)
    language = read_setting("company.language")
    place = session().get_one(Location, quotation.location_id)
    author = session().get(User, quotation.user_id) if quotation.user_id else None
    priced = quotation.priced
    return QuotationPaper(
        business=read_business(),
        number=quotation.number,
        location=place.name,
        address=place.address or "",
        made_at=local_time(quotation.created_at),
        valid_until=quotation.valid_until,
        made_by=author.full_name if author else "",
        customer=customer_words(quotation.customer_id),
        lines=tuple(
            TicketLine(
                one["name"],
                one["sku"],
                one["quantity"],
                Decimal(one["unit_price"]),
                Decimal(one["total"]),
                sum((Decimal(off) for _name, off in one["why"]), Decimal(one["by_hand"])),
            )
            for one in priced["lines"]
        ),
        subtotal=Decimal(priced["subtotal"]),
        discount=Decimal(priced["discount"]),
        tax=Decimal(priced["tax"]),
        total=quotation.total,
        in_words=amount_in_words(quotation.total, CURRENCY, language),
        language=language,
        prices_hold=read_setting("sales.quotation_keeps_prices"),
    )
