"""The sentences of a refusal: what cannot be said like this, and who was first."""

from collections.abc import Iterable
from datetime import date
from decimal import Decimal

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from pledges.choices import ReportState
from pledges.models import Pledge, ProgressReport
from pledges.queries.parts import Over
from pledges.rules.files import FileFault
from pledges.rules.reporting import Fault
from pledges.wording import day_words, moment_words, value_words, with_unit

FAULTS = {
    "before_start": lambda: _("The campaign begins on %(day)s; give a day in it."),
    "after_today": lambda: _("Not later than today, %(day)s."),
    "after_end": lambda: _("This campaign takes figures up to %(day)s."),
    "older_than_last": lambda: _("There is already a report as of %(day)s; give that day or a later one."),
    "already_waiting": lambda: _("A report as of %(day)s is waiting for review. Withdraw it first, or wait."),
    "done_or_not": lambda: _("Choose done or under way."),
    "period_while_waiting": lambda: _(
        "A report as of %(day)s still waits for review, so the sum is not certain; give the running total."
    ),
    "no_period": lambda: _("This is no running total; give the figure itself."),
    "negative": lambda: _("This figure cannot be below zero."),
    "whole": lambda: _("Whole numbers only: it counts %(unit)s."),
    "too_big": lambda: _("This number is too big: at most 14 digits before the point."),
    "over_hundred": lambda: _("This share cannot be over 100%%."),
    "no_ledger": lambda: _("This is no count of things; it takes no list of names."),
    "names_missing": lambda: _("Name what is counted: %(total)s is reported, so the list has as many names."),
    "names_short": lambda: _(
        "%(total)s is reported and the list has %(count)d names: %(difference)d too few."
    ),
    "names_over": lambda: _(
        "%(total)s is reported and the list has %(count)d names: %(difference)d too many."
    ),
    "too_many_names": lambda: _("At most %(most)d names; these are %(count)d."),
    "name_too_long": lambda: _("A name has at most %(most)d characters: “%(name)s…” has more."),
    "names_twice": lambda: _("More than once in the list: %(names)s."),
    "completion_needs_evidence": lambda: _(
        "%(value)s reaches the goal: a completion must bring evidence. Add at least one file to the form."
    ),
    "correction_needs_reason": lambda: _(
        "A figure as of %(day)s was already accepted. Write why it is corrected."
    ),
    "leap_needs_reason": lambda: _(
        "This is a hundred times the goal of %(goal)s or more. Check the unit; if it is right, write why."
    ),
    "fall_needs_reason": lambda: _("This is less than the last figure, %(last)s. Write why."),
}


def fault_words(faults: Iterable[Fault], pledge: Pledge) -> dict[str, list[str]]:
    """The faults of a saying in words, by field."""
    words: dict[str, list[str]] = {}
    for fault in faults:
        shown = {
            key: day_words(value) if isinstance(value, date)
            else with_unit(value, pledge.unit) if isinstance(value, Decimal) else value
            for key, value in fault.values.items()
        }  # fmt: skip
        words.setdefault(fault.at, []).append(FAULTS[fault.code]() % shown)
    return words


def handled_words(report: ProgressReport) -> str:
    """Who was first, and what they did, for the one who came second."""
    who = report.reviewer or report.author
    moment = report.reviewed_at or report.submitted_at
    return _("This report was already handled: %(state)s by %(who)s, %(when)s. Nothing was changed.") % {
        "state": report.get_state_display(),
        "who": who,
        "when": moment_words(moment),
    }


def over_words(over: Over) -> str:
    """Why a part and its whole cannot both be true."""
    part, whole = over.figures.part, over.figures.whole
    return _(
        "%(part)s is part of %(whole)s and cannot be greater: %(value)s as of %(day)s, the whole %(limit)s as of "
        "%(whole_day)s. Return it, or have the other figure corrected first."
    ) % {
        "part": over.part,
        "whole": over.whole,
        "value": with_unit(part.value, over.part.unit),
        "day": day_words(part.as_of),
        "limit": with_unit(whole.value, over.whole.unit),
        "whole_day": day_words(whole.as_of),
    }


def newer_words(book: Pledge) -> str:
    """What was said meanwhile, for the one whose form is old."""
    newest = book.reports.order_by("-id").select_related("author").first()
    if newest is None:
        return _("The form is out of date. Check it and send it again.")
    return _("Meanwhile %(who)s reported %(value)s as of %(day)s. Check and send again.") % _told(
        newest, book
    )


def overtaken_words(newest: ProgressReport | None, book: Pledge) -> str:
    """The same for the one whose sheet is old."""
    if newest is None:
        return _("The sheet is out of date. Download it anew.")
    words = _(
        "Meanwhile %(who)s reported %(value)s as of %(day)s. Download the sheet anew, or leave this row empty."
    )
    return words % _told(newest, book)


def _told(newest: ProgressReport, book: Pledge) -> dict[str, object]:
    return {
        "who": newest.author or newest.source,
        "value": value_words(book, newest.value),
        "day": day_words(newest.as_of),
    }


FILE_FAULTS = {
    "empty": lambda: _("it is empty."),
    "too_big": lambda: _("it has %(size)s MB; at most %(most)s MB are taken."),
    "unknown_kind": lambda: _("only PDF, OFD, DOCX, XLSX, JPG and PNG are taken."),
    "old_office": lambda: _("this old kind of document is not taken. Save it as DOCX or XLSX, or as PDF."),
    "other_picture": lambda: _("this kind of picture is not taken. Save it as JPG or PNG."),
    "macros": lambda: _("it contains macros or programs. Save it as DOCX, XLSX or PDF without them."),
    "locked": lambda: _(
        "it has a password, or is an old document under a new name. Save it anew without one."
    ),
    "other_kind": lambda: _("its contents are not what its name says (%(kind)s). Choose the original file."),
    "two_kinds": lambda: _("it is two kinds of file at once. Export it anew."),
    "broken": lambda: _("it is damaged or incomplete. Open it to check, and choose it again."),
    "bomb": lambda: _("unpacked it would be far too big. Save it as PDF."),
    "pixels": lambda: _("the picture has more than %(most)s million pixels. Make it smaller."),
    "too_many": lambda: _("a report takes at most %(most)s files."),
    "quota": lambda: _(
        "the files of this department take %(stored)s of %(quota)s MB, so it does not fit. Tell the administrator."
    ),
    "no_room": lambda: _("the server could not store it; its disk may be full. Tell the administrator."),
    "gone": lambda: _("it is no longer stored. Choose it anew."),
    "other_form": lambda: _("it belongs to another form. Open this form again."),
}


def file_fault_words(fault: FileFault, name: str) -> str:
    """Why a file was not taken, with its name: several may have been sent at once."""
    return _("%(name)s: %(fault)s") % {"name": name, "fault": FILE_FAULTS[fault.code]() % fault.values}


def undone_words(state: ReportState) -> str:
    """The very same words were sent before, and came to nothing."""
    return _(
        "The same was sent before, and that report was %(state)s. Change the figure, the day or the note."
    ) % {"state": state.label}


def sent_before_words(report: ProgressReport) -> str:
    """The page in the browser is older than what became of its report."""
    return _(
        "This form was sent before, and that report was %(state)s. Nothing waits now: send it again."
    ) % {"state": report.get_state_display()}


def required(words: str, field: str, *, why: str) -> str:
    """What was typed, without the blanks around it; where nothing is left, the field says why it is needed."""
    if found := words.strip():
        return found
    raise ValidationError({field: why})
