"""What the words mean. A leaf: everything may import it, it imports nothing of ours."""

from enum import nonmember

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(TextChoices):
    """What a person does here. Administrators are Django's superusers, not a role."""

    REPORTER = "reporter", _("Reporter")
    HEAD = "head", _("Head of department")
    REVIEWER = "reviewer", _("Reviewer")
    LEADER = "leader", _("Leader")

    city_wide = nonmember(frozenset({"reviewer", "leader"}))
    of_a_department = nonmember(frozenset({"reporter", "head"}))


class DepartmentKind(TextChoices):
    """A bureau of the city, or one of its towns."""

    BUREAU = "bureau", _("Bureau")
    TOWN = "town", _("Town, street or district")


class CampaignKind(TextChoices):
    """Real orders, a rehearsal with labelled synthetic progress, or a plan made for measuring."""

    REAL = "real", _("Real")
    REHEARSAL = "rehearsal", _("Rehearsal")
    SYNTHETIC = "synthetic", _("Synthetic, for measuring")

    invented = nonmember(frozenset({"rehearsal", "synthetic"}))


class Basis(TextChoices):
    """The kind of a number, which decides its trajectory (DOMAIN.md, "Kinds of number")."""

    NEW = "new", _("Newly added")
    NET_NEW = "net_new", _("Net increase")
    CUMULATIVE = "cumulative", _("Running total")
    FLOW = "flow", _("Year's total")
    LEVEL = "level", _("Level reached")
    GROWTH = "growth", _("Growth rate")
    REDUCTION = "reduction", _("Reduction rate")
    SHARE = "share", _("Share")
    COMPLETION = "completion", _("Work completed")
    DELIVERABLE = "deliverable", pgettext_lazy("basis", "Deliverable")

    from_zero = nonmember(frozenset({"new", "net_new", "cumulative", "flow", "completion"}))
    rates = nonmember(frozenset({"growth", "reduction"}))


class Direction(TextChoices):
    """Which side of the target keeps the promise."""

    AT_LEAST = "at_least", _("at least")
    AT_MOST = "at_most", _("at most")


class Light(TextChoices):
    """The five lights of a pledge. Shape, word and colour always travel together."""

    RED = "red", _("Alert")
    YELLOW = "yellow", _("Behind")
    GREEN = "green", pgettext_lazy("light", "On track")
    DONE = "done", pgettext_lazy("light", "Done")
    GREY = "grey", _("Not due, not reported")

    needs_attention = nonmember(frozenset({"red", "yellow"}))

    @property
    def rank(self) -> int:
        """The order of every bar and list: trouble first."""
        return list(Light).index(self) + 1


class Reason(TextChoices):
    """Why a light is what it is: one word per branch of `rules.lights.judge`."""

    MET = "met", _("Target reached")
    MET_LATE = "met_late", _("Target reached after the deadline")
    MISSED = "missed", _("Milestone passed unmet")
    STRETCH_MISSED = "stretch_missed", _("Stretch goal passed unmet")
    FAR_BEHIND = "far_behind", _("Far behind the trajectory")
    BEHIND = "behind", _("Behind the trajectory")
    DUE_SOON = "due_soon", _("Due soon and not done")
    SILENT = "silent", _("No report for a whole cycle")
    PUT_OFF = "put_off", _("Put off too often")
    PENDING = "pending", _("Figure not yet published")
    UNREPORTED = "unreported", _("Nothing reported yet")
    ON_TRACK = "on_track", _("On the trajectory")
    NOT_DUE = "not_due", _("Not due, reported")


class Outcome(TextChoices):
    """What became of one milestone."""

    ON_TIME = "on_time", _("Met on time")
    LATE = "late", _("Met late")
    MISSED = "missed", _("Missed")
    OPEN = "open", _("Not yet due")


class Change(TextChoices):
    """What a pledge went through between two days. One pledge may have gone through two."""

    NEW_RED = "new-red", _("New alerts")
    NEW_YELLOW = "new-yellow", _("Newly behind")
    SILENT = "silent", _("Fallen silent")
    EASED = "eased", _("Alert no more, still behind")
    RECOVERED = "recovered", _("Recovered")
    DONE = "done", _("Newly done")
    REPORTED = "reported", _("First figures")

    @property
    def light(self) -> Light:
        """The light under which it is shown."""
        return SHOWN_UNDER[self]


SHOWN_UNDER = {
    Change.NEW_RED: Light.RED,
    Change.NEW_YELLOW: Light.YELLOW,
    Change.SILENT: Light.YELLOW,
    Change.EASED: Light.YELLOW,
    Change.RECOVERED: Light.GREEN,
    Change.DONE: Light.DONE,
    Change.REPORTED: Light.GREY,
}


class Fate(TextChoices):
    """What became of a pledge's deadline in a month, the worst first. A missed stretch goal is no failure."""

    MISSED = "missed", _("missed")
    STRETCH = "stretch", _("stretch goal missed")
    LATE = "late", _("met late")
    OPEN = "open", _("still open")
    ON_TIME = "on_time", _("met on time")

    @property
    def shape(self) -> str:
        """The shape of the lights that stands for it."""
        return SHAPES[self]


SHAPES = {
    Fate.MISSED: "red",
    Fate.STRETCH: "yellow",
    Fate.LATE: "late",
    Fate.OPEN: "grey",
    Fate.ON_TIME: "done",
}


class ReportState(TextChoices):
    """The life of a progress report. Nothing leads out of accepted, returned or withdrawn."""

    SUBMITTED = "submitted", _("Waiting for review")
    ACCEPTED = "accepted", pgettext_lazy("report", "Accepted")
    RETURNED = "returned", pgettext_lazy("report", "Returned")
    WITHDRAWN = "withdrawn", pgettext_lazy("report", "Withdrawn")

    live = nonmember(frozenset({"submitted", "accepted"}))


class Entry(TextChoices):
    """How the clerk typed the number: what is stored is always the running total."""

    TOTAL = "total", _("Running total")
    PERIOD = "period", _("This period only")


class Occasion(TextChoices):
    """Why somebody must be told (催办)."""

    AHEAD = "ahead", _("Deadline ahead")
    OVERDUE = "overdue", pgettext_lazy("occasion", "Overdue")
    CYCLE = "cycle", _("Regular report due")
    RETURNED = "returned", _("Report returned")
    NUDGE = "nudge", _("Urged by hand")
    ESCALATED = "escalated", _("Overdue, to the head of department")
    DIGEST = "digest", _("Overdue, to the leadership")
    DIRECTED = "directed", _("Directive given")
    ANSWER = "answer", _("Answer to a directive due")
    UNANSWERED = "unanswered", _("Answer to a directive overdue")
    ANSWERED = "answered", _("Directive answered, to its leader")

    events = nonmember(frozenset({"returned", "nudge", "directed"}))
    by_hand = nonmember(frozenset({"nudge", "directed"}))
    of_directives = nonmember(frozenset({"directed", "answer", "unanswered", "answered"}))
    to_answer = nonmember(frozenset({"directed", "answer", "unanswered"}))
    to_reporters = nonmember(
        frozenset({"ahead", "overdue", "cycle", "returned", "nudge", "directed", "answer", "unanswered"})
    )


class ReminderState(TextChoices):
    """The life of a reminder: it waits until a letter has told it, or until there is no need."""

    WAITING = "waiting", pgettext_lazy("reminder", "Waiting")
    TOLD = "told", _("Told")
    SKIPPED = "skipped", _("Skipped for a newer one")
    DROPPED = "dropped", _("No longer needed")


class Dropped(TextChoices):
    """Why a reminder that waited was not told."""

    REPORTED = "reported", _("reported meanwhile")
    MET = "met", _("met meanwhile")
    MOVED = "moved", _("the deadline was moved")
    GONE = "gone", _("the milestone was taken out of the plan")
    OVERTAKEN = "overtaken", _("a newer reminder took its place")
    LEFT = "left", _("the person no longer holds the post")
    CLOSED = "closed", _("the campaign takes no more figures")
    CANCELLED = "cancelled", _("cancelled by hand")
    ANSWERED = "answered", _("answered meanwhile")
    SETTLED = "settled", _("the directive was closed")

    passing = nonmember(frozenset({"reported", "met", "moved", "left"}))


class LetterKind(TextChoices):
    """The one letter of a day, or one that could not wait for the next."""

    DAILY = "daily", _("Letter of the day")
    EXTRA = "extra", _("Letter that could not wait")


class LetterState(TextChoices):
    """The life of a letter. Only what is queued is sent; a lease that ran out is queued again."""

    QUEUED = "queued", pgettext_lazy("letter", "Queued")
    SENDING = "sending", _("Being sent")
    SENT = "sent", pgettext_lazy("letter", "Sent")
    FAILED = "failed", pgettext_lazy("letter", "Failed")
    EXPIRED = "expired", _("Not sent on its day")
    DROPPED = "dropped", _("Nothing left to say")
    CANCELLED = "cancelled", _("Cancelled by hand")
    HELD = "held", _("Held back")

    open = nonmember(frozenset({"queued", "sending"}))
    troubled = nonmember(frozenset({"failed", "expired", "held"}))


class ExtensionState(TextChoices):
    """The life of a request for more time. Nothing leads out of granted, refused or withdrawn."""

    ASKED = "asked", pgettext_lazy("extension", "Waiting for a decision")
    GRANTED = "granted", pgettext_lazy("extension", "Granted")
    REFUSED = "refused", pgettext_lazy("extension", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("extension", "Withdrawn")

    decided = nonmember(frozenset({"granted", "refused"}))


class AuditOutcome(TextChoices):
    """What became of what somebody tried."""

    OK = "ok", pgettext_lazy("audit", "Done")
    DENIED = "denied", pgettext_lazy("audit", "Refused")
    ERROR = "error", pgettext_lazy("audit", "Failed")


class FactKind(TextChoices):
    """What a printed figure of another year is: something that happened, or something that was aimed at."""

    RESULT = "result", _("Result")
    GOAL = "goal", _("Goal")


class Language(TextChoices):
    """What a person reads."""

    CHINESE = "zh-hans", _("Chinese")
    ENGLISH = "en", _("English")


WHOLE_UNITS = frozenset("家个项名条期人件场所座款户")
"""Units that count whole things (DOMAIN.md: 家/个/项/名 …)."""
