"""Many reports at one sitting: checked one after the other by the rules of each, stored together."""

from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied, ValidationError

from pledges.actions.audit import record
from pledges.actions.closings import require_open
from pledges.actions.reports import new_report, told
from pledges.models import Pledge, ProgressReport, User
from pledges.permissions import can_report
from pledges.queries.board import for_judging
from pledges.queries.closings import with_closing
from pledges.queries.reports import books_of, live_by_book
from pledges.refusals import fault_words
from pledges.rules.evidence import evidence_faults
from pledges.rules.reporting import Said, faults_in

BATCH = 500


class Desk:
    """What `submit_report` looks up for one report, looked up once for all. The caller holds the books."""

    def __init__(self, author: User, pledges: Iterable[Pledge], *, today: date) -> None:
        self.author, self.today = author, today
        pledges = list(pledges)
        leads = for_judging(Pledge.objects.filter(pk__in={pledge.book_id for pledge in pledges}))
        self.leads = {lead.pk: lead for lead in leads}
        self.books = books_of(self.leads.values())
        self.live = live_by_book(self.leads)
        closed = with_closing(Pledge.objects.filter(pk__in=self.leads)).filter(closed=True)
        self.closed = set(closed.values_list("pk", flat=True))
        departments = {pledge.department_id: pledge for pledge in pledges}
        self.own = {pk for pk, pledge in departments.items() if can_report(author, pledge)}
        self.reports: list[ProgressReport] = []

    def say(self, pledge: Pledge, said: Said, *, key: UUID) -> ProgressReport:
        """One running total, without files and names. It is stored with the others.

        Raises PermissionDenied, ValidationError by field, StaleError.
        """
        if pledge.department_id not in self.own:
            raise PermissionDenied
        lead, facts = self.leads[pledge.book_id], self.books[pledge.book_id]
        if lead.pk in self.closed:
            require_open(lead)
        faults = [*faults_in(facts, said, today=self.today), *evidence_faults(facts, said, files=0)]
        if faults:
            raise ValidationError(fault_words(faults, lead))
        same_day = [report for report in self.live.get(lead.pk, []) if report.as_of == said.as_of]
        who = {"author": self.author, "department_id": pledge.department_id}
        corrects = same_day[0] if same_day else None
        report = new_report(lead, said, key=key, total=said.value, corrects=corrects, **who)
        self.books[lead.pk] = facts.with_said(said)
        self.reports.append(report)
        return report

    def store(self) -> None:
        """Store all of them, each with its row in the audit."""
        ProgressReport.objects.bulk_create(self.reports, batch_size=BATCH)
        for report in self.reports:
            record("report.submit", report, actor=self.author, after=told(report))
