"""Long work with progress: started by a person, done by a worker in that person's name.

``start_work(kind, params, …)`` writes a row of ``workspace.background_work``; the row is the queue.
The function registered with ``@work(kind)`` does it in a worker, tells how far it is and is stopped
when the person cancels. A page shows it with ``admin/progress.html``.
"""

from __future__ import annotations

from app.services.background.progress import Progress
from app.services.background.registry import work
from app.services.background.start_work import start_work
from app.services.background.state import Work, WorkFile, WorkFinished

__all__ = ["Progress", "Work", "WorkFile", "WorkFinished", "start_work", "work"]
