"""The service catalog and the work: jobs, tasks and time."""

from __future__ import annotations

from models.services.catalog import ServiceCategory, ServiceProduct
from models.services.jobs import Job, JobAssignment, JobPriority, JobProduct, JobStatus
from models.services.tasks import Task, TaskPriority, TaskReminder, TaskStatus
from models.services.time_entries import TimeEntry

__all__ = [
    "Job",
    "JobAssignment",
    "JobPriority",
    "JobProduct",
    "JobStatus",
    "ServiceCategory",
    "ServiceProduct",
    "Task",
    "TaskPriority",
    "TaskReminder",
    "TaskStatus",
    "TimeEntry",
]
