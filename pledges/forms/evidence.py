"""Choosing files for a report."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django import forms
from django.conf import settings
from django.utils.functional import lazystr
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from pledges.rules.files import KINDS, MOST_FILES


class FilesInput(forms.FileInput):
    """A box for several files at once; a telephone offers its camera and its papers."""

    allow_multiple_selected = True

    def __init__(self) -> None:
        accepted = ",".join(f".{extension}" for extension in KINDS)
        super().__init__(attrs={"class": "input input--file", "accept": accepted, "multiple": True})

    def value_from_datadict(self, _data: Any, _files: Any, _name: str) -> list:
        """The files went with the request: by the time the form is read, they are stored."""
        return []


class FilesField(forms.Field):
    """A box for files that are stored with the form before it is judged; here only their faults have a place."""

    widget = FilesInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(required=False, label=_("Evidence"), help_text=lazystr(_Hint()), **kwargs)


def key_in(typed: Mapping[str, Any]) -> UUID | None:
    """The key of a form as it came back; None where it cannot be read."""
    try:
        return UUID(str(typed.get("key", "")))
    except ValueError:
        return None


class _Hint:
    """What is taken, in the reader's language and with the operator's limit."""

    def __str__(self) -> str:
        words = {"most": settings.EVIDENCE_MAX_MB, "files": MOST_FILES}
        return (
            gettext("PDF, OFD, DOCX, XLSX, JPG or PNG; up to %(files)s files of at most %(most)s MB each.")
            % words
        )
