"""Is what happened still written as it was written?"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from django.db import connection
from django.utils.translation import gettext as _

from pledges.models import AuditEvent
from pledges.rules.anchors import Anchor, Moored, moored, torn
from pledges.rules.chain import STORED, Break, Fault, Head, walk

BATCH = 2_000
MOST_TOLD = 20

GUARDS = {
    "postgresql": (
        """SELECT tgname FROM pg_trigger WHERE tgrelid = 'pledges_auditevent'::regclass
        AND NOT tgisinternal AND tgenabled IN ('O', 'A')""",
        {"audit_is_append_only"},
    ),
    "sqlite": (
        "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'pledges_auditevent'",
        {"audit_is_not_changed", "audit_is_not_deleted", "audit_is_not_replaced"},
    ),
}
"""The triggers of the migration `audit_is_append_only`: they are gone when somebody means to rewrite."""


@dataclass
class Examination:
    """How far the chain was walked, and what is wrong with it; the first faults in words."""

    end: Head = field(default_factory=Head)
    rows: int = 0
    faults: int = 0
    words: list[str] = field(default_factory=list)

    @property
    def is_whole(self) -> bool:
        return not self.faults

    def find(self, words: str) -> None:
        self.faults += 1
        if self.faults <= MOST_TOLD:
            self.words.append(words)


def examine(anchors_file: Path | None = None) -> Examination:
    """Walk the whole chain, a batch of rows in memory at a time, and hold it against the anchors."""
    found = Examination()
    kept = anchors_in(anchors_file) if anchors_file else Moored()
    wanted = {anchor.id for anchor in kept.anchors}
    passed: dict[int, str] = {}
    for head, fault in _walked():
        found.end, found.rows = head, found.rows + 1
        if fault:
            found.find(fault_words(fault))
        if head.id in wanted:
            passed[head.id] = head.hash
    for anchor in torn(kept.anchors, passed, found.end):
        found.find(anchor_words(anchor, found.end))
    for line in kept.unreadable:
        words = _("Line %(line)d of %(file)s is no anchor: the file was edited.")
        found.find(words % {"line": line, "file": anchors_file})
    for guard in missing_guards():
        words = _("The trigger %(name)s is missing in the database: rows can be changed without refusal.")
        found.find(words % {"name": guard})
    return found


def _walked() -> Iterator[tuple[Head, Fault | None]]:
    return walk(AuditEvent.objects.order_by("id").values(*STORED).iterator(chunk_size=BATCH))


def anchors_in(file: Path) -> Moored:
    """The anchors of a file; none where there is no file yet."""
    if not file.exists():
        return Moored()
    with file.open(encoding="utf-8", errors="replace") as lines:
        return moored(lines)


def missing_guards() -> list[str]:
    """The triggers that should keep the rows as they are and are not there."""
    sql, wanted = GUARDS[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return sorted(wanted - {name for (name,) in cursor.fetchall()})


def fault_words(fault: Fault) -> str:
    """What is wrong at a row, for the one who has to find out why."""
    said = {"id": fault.id, "expected": fault.expected}
    if fault.kind == Break.GAP:
        return _("Row %(id)d: row %(expected)s should stand here. Rows were taken out or put in.") % said
    if fault.kind == Break.UNLINKED:
        return _("Row %(id)d does not follow the row before it: one of the two was replaced or moved.") % said
    if fault.kind == Break.UNKNOWN_SEAL:
        return _("Row %(id)d names an algorithm that is not used here.") % said
    return _("Row %(id)d was changed after it was written: its contents do not match its hash.") % said


def anchor_words(anchor: Anchor, end: Head) -> str:
    """Why an anchor does not hold."""
    said = {"at": anchor.at, "id": anchor.id, "end": end.id}
    if anchor.id > end.id:
        return (
            _(
                "The anchor of %(at)s knows row %(id)d, but the chain ends at row %(end)d: its end was cut off."
            )
            % said
        )
    return _("The anchor of %(at)s has another hash for row %(id)d: the chain was written anew.") % said
