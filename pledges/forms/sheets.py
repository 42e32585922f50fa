"""Sending in a filled-in sheet."""

from hashlib import sha256
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext_lazy as _

from pledges import importers
from pledges.actions.sheets import Read, keep_sheet
from pledges.importers.faults import SheetFault
from pledges.models import Campaign, SheetUpload, User
from pledges.rules.typed import one_line

MOST_BYTES = 5 * 1024 * 1024
NAME_LENGTH = 120


class SheetForm(forms.Form):
    """One file, read as soon as it is here. `key` makes a double click harmless."""

    sheet = forms.FileField(
        label=_("Filled-in sheet"),
        help_text=_("An .xlsx or .csv file of up to 5,000 rows. What would change is shown first."),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"class": "input input--file", "accept": ".xlsx,.csv"}),
        error_messages={"required": _("Choose a file.")},
    )
    key = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, data: Any = None, files: Any = None, *, owner: User, campaign: Campaign) -> None:
        self.owner, self.campaign = owner, campaign
        super().__init__(data, files, initial={"key": uuid4()}, use_required_attribute=False)

    def clean_sheet(self) -> Read:
        """What the file says, as typed. A file that cannot be read is refused by name."""
        sent: UploadedFile = self.cleaned_data["sheet"]
        name = one_line(sent.name or "")[-NAME_LENGTH:]
        if (sent.size or 0) > MOST_BYTES:
            raise ValidationError(str(SheetFault("too_heavy", {"limit": filesizeformat(MOST_BYTES)})))
        content = sent.read()
        try:
            rows = importers.uploads.read_upload(name, content, owner=self.owner)
        except SheetFault as fault:
            raise ValidationError(str(fault), code=fault.code) from fault
        return Read(name, sha256(content).hexdigest(), rows)

    def renew(self) -> None:
        """Let the form be sent as a new one."""
        self.data = {"key": str(uuid4())}

    def save(self) -> SheetUpload:
        """Keep it. Raises ConflictingKeyError."""
        typed = self.cleaned_data
        return keep_sheet(typed["sheet"], owner=self.owner, campaign=self.campaign, key=typed["key"])
