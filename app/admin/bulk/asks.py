"""What a bulk change asks before it is done, and the change that the answers make.

An ask reads the form that was posted. ``change()`` is None as long as an answer is missing or
wrong; what is wrong stands beside the field by then.
"""

from __future__ import annotations

from typing import Any, ClassVar

from werkzeug.datastructures import MultiDict

from app.admin.bulk.changes import Change, ChangeItems, DeleteRow, PurgeRow, RestoreRow, SetValue
from app.admin.bulk.fields import settable, tag_lists
from app.admin.bulk.tagging import ChangeTagLinks
from app.admin.bulk.value_form import tags_form, value_form, value_in
from app.admin.describe import Description, Field
from app.i18n import gettext as _
from app.i18n import ngettext
from models.crm import Tag

REASON = 500
SHARED_KINDS = ("choice", "boolean", "relation")


class Ask:
    """``method`` is the screen's name, ``template`` draws the questions."""

    method: ClassVar[str]
    template: ClassVar[str] = ""
    icon: ClassVar[str]
    tone: ClassVar[str] = "primary"
    # Asks that show what the rows will be like once the answers are there.
    previews: ClassVar[bool] = False

    def __init__(self, view: Any, form: MultiDict[str, str]) -> None:
        self.view, self.form = view, form
        self.description: Description = view.description

    def change(self) -> Change | None:
        raise NotImplementedError

    def question(self, count: int) -> str:
        """The head of the page, about so many records."""
        raise NotImplementedError

    def button(self, count: int) -> str:
        raise NotImplementedError

    def done(self, count: int) -> str:
        """What was done, in a sentence."""
        raise NotImplementedError

    def answers(self) -> list[tuple[str, str]]:
        """What was said so far, to be sent again with the confirmation."""
        kept = ("step", "key", "all", "expected", "mode", "csrf_token")
        return [pair for pair in self.form.items(multi=True) if pair[0] not in kept]


class EditAsk(Ask):
    """One column, one value."""

    method = "bulk_edit"
    template = "admin/bulk_edit.html"
    icon = "pencil"
    previews = True

    def __init__(self, view: Any, form: MultiDict[str, str]) -> None:
        super().__init__(view, form)
        self.choices = settable(self.description)
        self.field = self._chosen()
        answered = form.get("step", "") != "" and f"value-{self.field.name}-here" in form
        self.value_form = value_form(view, self.field, form if answered else None)

    def _chosen(self) -> Field:
        wanted = self.form.get("field", "")
        found = [field for field in self.choices if field.name == wanted]
        # What many rows share is rather one of a few things than a text.
        shared = [
            field for field in self.choices if field.kind in ("choice", "boolean", "relation")
        ]
        return (*found, *shared, *self.choices)[0]

    @property
    def control(self) -> Any:
        return self.value_form[self.field.name]

    def change(self) -> Change | None:
        if not self.value_form.is_submitted_with_value or not self.value_form.validate():
            return None
        return SetValue(self.field.name, value_in(self.value_form, self.field))

    def question(self, count: int) -> str:
        return ngettext("Change %(num)s record", "Change %(num)s records", count)

    def button(self, count: int) -> str:
        return ngettext("Change %(num)s record", "Change %(num)s records", count)

    def done(self, count: int) -> str:
        return ngettext("%(num)s record was changed.", "%(num)s records were changed.", count)


class TagAsk(Ask):
    """Tags to add and to take away."""

    method = "bulk_tag"
    template = "admin/bulk_tag.html"
    icon = "tags"
    previews = True

    def __init__(self, view: Any, form: MultiDict[str, str]) -> None:
        super().__init__(view, form)
        self.choices = tag_lists(self.description)
        wanted = form.get("field", "")
        self.field = next((f for f in self.choices if f.name == wanted), self.choices[0])
        answered = form.get("step", "") != ""
        self.tags_form = tags_form(self.field, form if answered else None)

    def change(self) -> Change | None:
        if not self.tags_form.is_submitted_with_value or not self.tags_form.validate():
            return None
        add, remove = tuple(self.tags_form.add.data or ()), tuple(self.tags_form.remove.data or ())
        if not add and not remove:
            self.tags_form.add.errors = [_("Say which tags to add or to remove.")]
            return None
        if self.field.target is Tag:
            return ChangeTagLinks(add, remove)
        return ChangeItems(self.field.name, add, remove)

    def question(self, count: int) -> str:
        return ngettext("Tags of %(num)s record", "Tags of %(num)s records", count)

    def button(self, count: int) -> str:
        return ngettext("Change %(num)s record", "Change %(num)s records", count)

    def done(self, count: int) -> str:
        return ngettext("%(num)s record was changed.", "%(num)s records were changed.", count)


class DeleteAsk(Ask):
    """A reason, where there is a trash that keeps it."""

    method = "bulk_delete"
    template = "admin/bulk_delete.html"
    icon = "trash"
    tone = "danger"

    def change(self) -> Change | None:
        return DeleteRow(self.form.get("reason", "").replace("\x00", "").strip()[:REASON])

    def question(self, count: int) -> str:
        return ngettext("Delete %(num)s record?", "Delete %(num)s records?", count)

    def button(self, count: int) -> str:
        return ngettext("Delete %(num)s record", "Delete %(num)s records", count)

    def done(self, count: int) -> str:
        return ngettext("%(num)s record was deleted.", "%(num)s records were deleted.", count)


class RestoreAsk(Ask):
    method = "bulk_restore"
    icon = "arrow-back-up"

    def change(self) -> Change | None:
        return RestoreRow()

    def question(self, count: int) -> str:
        return ngettext("Restore %(num)s record?", "Restore %(num)s records?", count)

    def button(self, count: int) -> str:
        return ngettext("Restore %(num)s record", "Restore %(num)s records", count)

    def done(self, count: int) -> str:
        return ngettext("%(num)s record was restored.", "%(num)s records were restored.", count)


class PurgeAsk(Ask):
    method = "bulk_purge"
    template = "admin/bulk_purge.html"
    icon = "trash-x"
    tone = "danger"

    def change(self) -> Change | None:
        return PurgeRow()

    def question(self, count: int) -> str:
        return ngettext(
            "Delete %(num)s record for good?", "Delete %(num)s records for good?", count
        )

    def button(self, count: int) -> str:
        return ngettext("Delete for good", "Delete %(num)s for good", count)

    def done(self, count: int) -> str:
        return ngettext(
            "%(num)s record was deleted for good.", "%(num)s records were deleted for good.", count
        )
