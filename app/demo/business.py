"""The services side of the business: clients, deals, jobs, invoices, expenses and papers."""

from __future__ import annotations

from app.demo.billing import add_billing
from app.demo.clients import add_clients, add_services
from app.demo.messages import add_messages
from app.demo.papers import add_papers
from app.demo.pipeline import add_pipeline
from app.demo.quotes import add_quotes
from app.demo.spending import add_expenses
from app.demo.talk import add_talk
from app.demo.work import add_time_entries, add_work
from app.demo.world import World


def add_services_business(world: World) -> None:
    """Add it all; the orders come before, because customers are told of them here."""
    services = add_services(world)
    clients = add_clients(world)
    deals = add_pipeline(world, clients, services)
    jobs = add_work(world, deals)
    quotes = add_quotes(world, deals)
    bills = add_billing(world, jobs, quotes, clients, services)
    add_time_entries(world, jobs)
    add_expenses(world, jobs)
    add_papers(world, clients, jobs)
    add_messages(world, jobs, bills, clients)
    add_talk(world, deals, jobs, bills)
