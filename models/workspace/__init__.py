"""What people make themselves at home with: their views, drafts, favourites, talk and long work.

Neither ERD has these tables; each class says why it is needed.
"""

from models.workspace.background import BackgroundWork
from models.workspace.conversation import AuditReader, Comment, Follower
from models.workspace.drafts import FormDraft
from models.workspace.finding import Favourite, RecentRecord
from models.workspace.imports import ImportBatch, ImportedRow
from models.workspace.views import Preference, SavedView

__all__ = [
    "AuditReader",
    "BackgroundWork",
    "Comment",
    "Favourite",
    "Follower",
    "FormDraft",
    "ImportBatch",
    "ImportedRow",
    "Preference",
    "RecentRecord",
    "SavedView",
]
