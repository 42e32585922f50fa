"""Whether every file behind a report is still there, and still what was sent."""

from typing import Any

from django.utils.translation import gettext as _

from pledges.actions.evidence import contents_of
from pledges.errors import BrokenFileError, FaultsError
from pledges.management.door import Door
from pledges.models import Evidence


class Command(Door):
    help = "Name every evidence file that is missing or was changed on the disk."

    def handle(self, *_args: Any, **_options: Any) -> None:
        count, broken = 0, list[str]()
        for evidence in Evidence.objects.select_related("report__pledge").iterator(chunk_size=500):
            count += 1
            try:
                contents_of(evidence)
            except BrokenFileError as fault:
                broken.append(_line(evidence, is_missing=fault.is_missing))
        if broken:
            words = {"broken": len(broken), "count": count}
            raise FaultsError(*broken, _("%(broken)s of %(count)s files are broken.") % words)
        self.stdout.write(_("All %(count)s files are as they were sent.") % {"count": count})


def _line(evidence: Evidence, *, is_missing: bool) -> str:
    what = _("missing") if is_missing else _("changed")
    place = str(evidence.report) if evidence.report else _("not sent yet")
    return f"{what}  {evidence.file.name}  {evidence.name}  {place}"
