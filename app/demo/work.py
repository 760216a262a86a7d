"""Jobs that came of won deals, their tasks, and the time spent on them."""

from __future__ import annotations

import datetime as dt
import random
import uuid
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from app.demo.clients import Client
from app.demo.people import TECHNICIANS
from app.demo.pipeline import WorkToDo, line_total
from app.demo.world import World, at, new_uuid
from app.domain.money import to_cents
from models.services import (
    Job,
    JobAssignment,
    JobPriority,
    JobProduct,
    JobStatus,
    Task,
    TaskPriority,
    TaskReminder,
    TaskStatus,
    TimeEntry,
)

RATE, COST = Decimal(80), Decimal(35)  # of an hour
TASKS = [
    "Coordinar visita con el cliente",
    "Relevar el local",
    "Preparar materiales",
    "Ejecutar el trabajo",
    "Probar y documentar",
    "Obtener conformidad del cliente",
]
LOOSE_TASKS = [
    "Llamar para confirmar pago",
    "Enviar catálogo actualizado",
    "Actualizar datos de contacto",
    "Preparar reporte mensual",
    "Revisar stock de repuestos",
    "Agendar reunión de cierre",
]
APPROVED_AFTER_DAYS = 10


@dataclass
class JobDone:
    """A job as billing needs it; ``entries`` are its time entries, not written yet."""

    id: uuid.UUID
    number: str
    deal: WorkToDo
    status: str
    start: dt.date
    due: dt.date
    technician: int
    entries: list[dict[str, Any]] = field(default_factory=list)
    completed: dt.datetime | None = None

    @property
    def client(self) -> Client:
        return self.deal.client

    @property
    def hours(self) -> Decimal:
        return to_cents(Decimal(sum(entry["duration_minutes"] for entry in self.entries)) / 60)


def add_work(world: World, deals: list[WorkToDo]) -> list[JobDone]:
    """Add a job for each deal that was won, with tasks; time comes after the invoices."""
    dice = world.dice("work")
    jobs = [_job(world, dice, deal) for deal in deals if deal.stage == "Won" and deal.closed]
    jobs.sort(key=lambda job: (job.start, job.id))
    for job in jobs:
        job.number = world.numbered("JOB", job.start)
    _plan_time(world, dice, jobs)
    statuses, priorities = world.lookup(JobStatus), world.lookup(JobPriority)
    world.bulk.add(Job, [_row(world, dice, job, statuses, priorities) for job in jobs])
    world.bulk.add(
        JobProduct,
        [
            {
                "job_id": job.id,
                "product_id": service.id,
                "quantity": quantity,
                "unit_price": service.price,
            }
            for job in jobs
            for service, quantity, _percent in job.deal.lines
        ],
    )
    world.bulk.add(JobAssignment, [row for job in jobs for row in _assignments(world, dice, job)])
    _add_tasks(world, dice, jobs)
    return jobs


def add_time_entries(world: World, jobs: list[JobDone]) -> None:
    """Write the time, which by now knows the invoice lines that bill it."""
    entries = [entry for job in jobs for entry in job.entries]
    world.bulk.add(TimeEntry, sorted(entries, key=lambda entry: (entry["start_time"], entry["id"])))


def _job(world: World, dice: random.Random, deal: WorkToDo) -> JobDone:
    start = (deal.closed or deal.opened) + dt.timedelta(days=dice.randint(1, 6))
    due = start + dt.timedelta(days=dice.randint(3, 25))
    status = "Completed"
    if start > world.today:
        status = dice.choice(("To plan", "Planned"))
    elif due >= world.today - dt.timedelta(days=12):
        status = dice.choice(("In progress", "In progress", "On hold", "In review"))
    return JobDone(
        new_uuid(dice, at(start, 8)),
        "",
        deal,
        status,
        start,
        due,
        world.users[dice.choice(TECHNICIANS)],
        completed=world.past(at(due, 17)) if status == "Completed" else None,
    )


def _plan_time(world: World, dice: random.Random, jobs: list[JobDone]) -> None:
    """Working days of each technician, one span after the other, on the jobs of that day."""
    for technician in {job.technician for job in jobs}:
        own = [job for job in jobs if job.technician == technician]
        day = min(job.start for job in own)
        while day < world.today:
            running = [job for job in own if job.start <= day <= job.due]
            if day.weekday() < 5 and running:  # noqa: PLR2004 - Monday to Friday
                _work_a_day(world, dice, technician, day, running)
            day += dt.timedelta(days=1)


def _work_a_day(
    world: World, dice: random.Random, technician: int, day: dt.date, jobs: list[JobDone]
) -> None:
    start = at(day, 8, 30)
    for job in dice.sample(jobs, min(len(jobs), dice.randint(1, 3))):
        minutes = dice.choice((60, 90, 120, 150, 180))
        end = start + dt.timedelta(minutes=minutes)
        is_approved = (world.today - day).days > APPROVED_AFTER_DAYS
        job.entries.append(
            {
                "id": new_uuid(dice, start),
                "user_id": technician,
                "job_id": job.id,
                "start_time": start,
                "end_time": end,
                "duration_minutes": minutes,
                "description": dice.choice(TASKS[:5]),
                "is_billable": True,
                "hourly_rate": RATE,
                "billable_amount": to_cents(RATE * minutes / 60),
                "is_approved": is_approved,
                "approved_by": world.users["manager"] if is_approved else None,
                "approved_at": at(day + dt.timedelta(days=7), 9) if is_approved else None,
                "invoice_line_item_id": None,
                "created_at": end,
                "updated_at": end,
            }
        )
        start = end + dt.timedelta(minutes=dice.choice((0, 15, 30)))


def _row(
    world: World, dice: random.Random, job: JobDone, statuses: Any, priorities: Any
) -> dict[str, Any]:
    amount = sum((line_total(*line) for line in job.deal.lines), Decimal(0))
    planned = sum(service.hours * quantity for service, quantity, _ in job.deal.lines)
    has_begun = job.start <= world.today and job.status not in ("To plan", "Planned")
    billable = sum((entry["billable_amount"] for entry in job.entries), Decimal(0))
    made = at(job.deal.closed or job.start, 17)
    return {
        "id": job.id,
        "job_number": job.number,
        "title": job.deal.name,
        "description": "Trabajo según la propuesta aceptada.",
        "deal_id": job.deal.id,
        "customer_company_id": job.client.id,
        "customer_contact_id": job.client.contact_id,
        "created_by": job.client.owner,
        "assigned_to": job.technician,
        "status_id": statuses[job.status],
        "priority_id": priorities[dice.choice(("Low", "Normal", "Normal", "High", "Urgent"))],
        "start_date": job.start,
        "due_date": job.due,
        "estimated_hours": planned,
        "actual_hours": job.hours,
        "completion_percentage": 100 if job.completed else 40 if has_begun else 0,
        "completion_is_manual": True,
        "deliverables": "Trabajo terminado, probado y con acta de conformidad.",
        "blocking_reason": "Falta un repuesto" if job.status == "On hold" else None,
        "required_skills": [],
        "estimated_cost": to_cents(planned * COST),
        "actual_cost": to_cents(job.hours * COST),
        "billable_amount": amount + billable,
        "started_at": at(job.start, 8, 30) if has_begun else None,
        "completed_at": job.completed,
        "approved_at": job.completed,
        "approved_by": world.users["manager"] if job.completed else None,
        "created_at": world.past(made),
        "updated_at": world.past(job.completed or made),
    }


def _assignments(world: World, dice: random.Random, job: JobDone) -> list[dict[str, Any]]:
    when = world.past(at(job.deal.closed or job.start, 17))
    people = [(job.technician, "Responsable")]
    others = [world.users[name] for name in TECHNICIANS if world.users[name] != job.technician]
    if dice.random() < 0.4:  # noqa: PLR2004 - some jobs need two
        people.append((dice.choice(others), "Apoyo"))
    return [
        {
            "job_id": job.id,
            "user_id": user,
            "role_in_job": role,
            "assigned_by": world.users["manager"],
            "assigned_at": when,
        }
        for user, role in people
    ]


def _add_tasks(world: World, dice: random.Random, jobs: list[JobDone]) -> None:
    statuses, priorities = world.lookup(TaskStatus), world.lookup(TaskPriority)
    rows, reminders = [], []
    for job in jobs:
        for position, title in enumerate(dice.sample(TASKS, dice.randint(2, 4))):
            due = at(min(job.start + dt.timedelta(days=position * 3), job.due), 17)
            rows.append(_task(world, dice, title, due, job))
    for _ in range(60):
        due = at(world.today + dt.timedelta(days=dice.randint(-15, 20)), 17)
        rows.append(_task(world, dice, dice.choice(LOOSE_TASKS), due, None))
    for row in rows:
        state = row.pop("state")
        row["status_id"] = statuses[state]
        row["priority_id"] = priorities[dice.choice(("Low", "Normal", "Normal", "High"))]
        if row["completed_at"] is None and row["due_date"] > world.now:
            reminders.append(
                {"task_id": row["id"], "remind_at": row["due_date"] - dt.timedelta(hours=24)}
            )
    world.bulk.add(Task, rows)
    world.bulk.add(TaskReminder, reminders)


def _task(
    world: World, dice: random.Random, title: str, due: dt.datetime, job: JobDone | None
) -> dict[str, Any]:
    late = (world.now - due).days
    is_done = bool(job and job.completed) or (late > 3 and dice.random() < 0.8)  # noqa: PLR2004
    made = world.past(due - dt.timedelta(days=7))
    return {
        "id": new_uuid(dice, made),
        "title": title if job is None else f"{title} · {job.number}",
        "assigned_to": job.technician if job else world.users[dice.choice(("seller", "manager"))],
        "created_by": world.users["manager"],
        "state": "Done" if is_done else dice.choice(("To do", "To do", "In progress", "Blocked")),
        "due_date": due,
        "estimated_minutes": dice.choice((30, 60, 120)),
        "actual_minutes": 60 if is_done else 0,
        "completed_at": world.past(due) if is_done else None,
        "progress_percentage": 100 if is_done else 0,
        "contact_id": job.client.contact_id if job else None,
        "company_id": job.client.id if job else None,
        "deal_id": job.deal.id if job else None,
        "job_id": job.id if job else None,
        "created_at": made,
        "updated_at": made,
    }
