"""What somebody did, in words: the same on the page of a pledge and in the audit."""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db.models import Q, QuerySet
from django.utils.text import capfirst
from django.utils.timezone import make_aware
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from pledges.models import AuditEvent, Milestone, Pledge
from pledges.rules.days import DayFault, parse_day
from pledges.wording import day_words, value_words

MICRO = 1_000_000
NEWEST = 6
"""So many stand on the page of a pledge; the others on a page of their own."""

DEEDS = {
    "account.lock": gettext_lazy("has to wait after too many failed sign-ins"),
    "account.password": gettext_lazy("changed the own password"),
    "account.sign_in": gettext_lazy("signed in"),
    "account.sign_in_many": gettext_lazy("failed sign-ins, too many to be told one by one"),
    "account.sign_out": gettext_lazy("signed out"),
    "account.sign_out_everywhere": gettext_lazy("signed out everywhere"),
    "admin.add": gettext_lazy("added a row in the administration"),
    "admin.change": gettext_lazy("changed a row in the administration"),
    "admin.delete": gettext_lazy("deleted a row in the administration"),
    "audit.read": gettext_lazy("read the audit"),
    "audit.verify": gettext_lazy("verified the audit chain"),
    "blocker.raise": gettext_lazy("raised a blocker"),
    "blocker.remove": gettext_lazy("removed a blocker"),
    "briefing.issue": gettext_lazy("issued a briefing"),
    "directive.answer": gettext_lazy("answered a directive"),
    "directive.close": gettext_lazy("closed a directive"),
    "directive.make": gettext_lazy("left a directive"),
    "evidence.download": gettext_lazy("downloaded evidence"),
    "export.board": gettext_lazy("exported the board"),
    "export.briefing": gettext_lazy("exported a briefing"),
    "export.list": gettext_lazy("exported a list of pledges"),
    "extension.ask": gettext_lazy("asked for more time"),
    "extension.grant": gettext_lazy("granted more time"),
    "extension.refuse": gettext_lazy("refused more time"),
    "extension.withdraw": gettext_lazy("took back a request for more time"),
    "feed.make": gettext_lazy("made an address of a calendar"),
    "feed.revoke": gettext_lazy("revoked an address of a calendar"),
    "letter.cancel": gettext_lazy("cancelled a letter"),
    "letter.retry": gettext_lazy("had a letter tried again"),
    "nudge.make": gettext_lazy("urged the department"),
    "pledge.close": gettext_lazy("closed the pledge"),
    "pledge.reopen": gettext_lazy("reopened the pledge"),
    "pledge.sort": gettext_lazy("sorted the pledge under a theme"),
    "preferences.change": gettext_lazy("changed wishes about letters"),
    "report.accept": gettext_lazy("accepted a report"),
    "report.return": gettext_lazy("returned a report"),
    "report.submit": gettext_lazy("reported progress"),
    "report.withdraw": gettext_lazy("took back a report"),
    "reports.import": gettext_lazy("imported reports from a file"),
    "request.refused": gettext_lazy("was refused"),
    "sheet.download": gettext_lazy("downloaded the sheet to fill in"),
    "sheet.taken": gettext_lazy("reported by a sheet"),
}
TERMINAL = "command."

UNSHOWN = ("evidence.download",)
"""What only looks is for the auditors, not for the history of a pledge."""

DETAILS = {
    "as_of": gettext_lazy("as of"),
    "value": gettext_lazy("figure"),
    "note": gettext_lazy("note"),
    "reason": gettext_lazy("reason"),
    "words": gettext_lazy("words"),
    "answer": gettext_lazy("answer"),
    "answer_by": gettext_lazy("to be answered by"),
    "was_due": gettext_lazy("day before"),
    "new_due": gettext_lazy("new day"),
    "weakness": gettext_lazy("weakness"),
    "remedy": gettext_lazy("remedy"),
    "remove_by": gettext_lazy("to be removed by"),
    "department": gettext_lazy("responsible"),
    "outcome": gettext_lazy("how it was removed"),
    "theme": gettext_lazy("theme"),
}
"""What a history tells of a row, in this order; nothing else of it leaves the audit."""


@dataclass(frozen=True)
class Deed:
    """One row of the history: who, when, what, and the why and wherefore as pairs."""

    event: AuditEvent
    details: list[tuple[str, str]]

    @property
    def at(self) -> datetime:
        return datetime.fromtimestamp(self.event.at_us / MICRO, UTC)

    @property
    def thing(self) -> str:
        """What kind of thing it was done to, in words."""
        kind = self.event.object_type
        named = next((each for each in apps.get_models() if each._meta.model_name == kind), None)  # noqa: SLF001
        return str(named._meta.verbose_name) if named else kind  # noqa: SLF001

    @property
    def words(self) -> str:
        return deed_words(self.event.action)


def deed_words(action: str) -> str:
    """What was done; of a command its name."""
    if action.startswith(TERMINAL):
        return _("ran the command %(name)s") % {"name": action.removeprefix(TERMINAL)}
    return str(DEEDS.get(action, action))


OF_THE_BOOK = ("report.", "extension.", "pledge.", "evidence.")
"""What is done to a number is done to all who share it."""


def deeds_on(pledge: Pledge, *, until: date) -> QuerySet[AuditEvent]:
    """What was done to a pledge up to the end of a day, the newest first, its shared number included."""
    midnight = make_aware(datetime.combine(until + timedelta(days=1), datetime.min.time()))
    # Of a shared number only what concerns all who share it: a word to one department is no other's.
    shared = Q(*[("action__startswith", kind) for kind in OF_THE_BOOK], _connector=Q.OR)
    whose = Q(pledge_id=pledge.pk) | Q(shared, pledge_id=pledge.book_id)
    shown = AuditEvent.objects.filter(whose).exclude(action__in=UNSHOWN)
    return shown.filter(at_us__lt=int(midnight.timestamp() * MICRO)).order_by("-id")


def deed_of(event: AuditEvent, pledge: Pledge) -> Deed:
    """A row of the audit as everybody who sees the pledge may read it: no address, no number of a request."""
    said = json.loads(event.payload) if event.payload else {}
    before, after = said.get("before") or {}, said.get("after") or {}
    if event.action.startswith("admin."):
        return Deed(event, _changes(before, after))
    kept = {name: after[name] for name in DETAILS if after.get(name) not in (None, "")}
    told = [(str(DETAILS[name]), _shown(name, value, pledge)) for name, value in kept.items()]
    return Deed(event, told)


def newest_deeds(pledge: Pledge, *, until: date) -> tuple[list[Deed], bool]:
    """The newest of a history, and whether there are older ones. One query."""
    found = list(deeds_on(pledge, until=until)[: NEWEST + 1])
    return [deed_of(event, pledge) for event in found[:NEWEST]], len(found) > NEWEST


def _shown(name: str, value: Any, pledge: Pledge) -> str:
    """A stored value as a page says it."""
    try:
        if name == "value":
            return value_words(pledge, Decimal(str(value)))
        if name in {"as_of", "answer_by", "was_due", "new_due", "remove_by"}:
            return day_words(parse_day(str(value)))
    except (InvalidOperation, DayFault):
        return str(value)
    return str(value)


def _changes(before: dict[str, Any], after: dict[str, Any]) -> list[tuple[str, str]]:
    """What an administrator changed: field by field, from what to what; rows below it by their kind."""
    told = []
    for name in sorted({*before, *after}, key=str):
        was, became = before.get(name), after.get(name)
        told.append((_field_words(name), f"{_plain(was)} → {_plain(became)}"))
    return told


def _plain(value: Any) -> str:
    if isinstance(value, dict):
        return _("; ").join(f"{_field_words(name)} {_plain(one)}" for name, one in value.items())
    if isinstance(value, list):
        return _(", ").join(map(str, value)) or "—"
    return "—" if value in (None, "") else str(value)


def _field_words(name: str) -> str:
    model, _space, number = name.partition(" ")
    if model == "milestone":
        return f"{capfirst(Milestone._meta.verbose_name)} {number}"  # noqa: SLF001
    for each in (Pledge, Milestone):
        try:
            return str(each._meta.get_field(name).verbose_name)  # type: ignore[union-attr]  # noqa: SLF001
        except (FieldDoesNotExist, AttributeError):  # no field, or one that has no words
            continue
    return name
