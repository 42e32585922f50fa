"""Who may do what, as sentences. What a person may see is a queryset: `Pledge.objects.visible_to`."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser

from pledges.choices import ReportState, Role
from pledges.models import Directive, Pledge, ProgressReport, User

Person = User | AnonymousUser


def holds(user: Person, role: Role) -> bool:
    """Whether a person holds a role anywhere."""
    return user.is_authenticated and user.memberships.filter(role=role).exists()


def can_report(user: Person, pledge: Pledge) -> bool:
    """Reporters of the pledge's department; a superuser may act for any department."""
    if not user.is_authenticated:
        return False
    if user.is_superuser:
        return True
    posts = user.memberships.filter(role=Role.REPORTER)
    return posts.filter(department=pledge.department_id).exists()


def is_reviewer(user: Person) -> bool:
    """Whether a person works in the supervision office."""
    return user.is_authenticated and (user.is_superuser or holds(user, Role.REVIEWER))


def reads_ledger(user: Person) -> bool:
    """Who may see what everybody was told: the city's offices."""
    if not user.is_authenticated:
        return False
    return user.is_superuser or user.memberships.filter(role__in=Role.city_wide).exists()


def can_review(user: Person, report: ProgressReport) -> bool:
    """Four eyes: a reviewer, but never the one who reported."""
    return is_reviewer(user) and report.author_id != user.pk


def can_withdraw(user: Person, report: ProgressReport) -> bool:
    """Only its author, and only while nobody has decided."""
    return report.author_id == user.pk and report.state == ReportState.SUBMITTED


def can_nudge(user: Person) -> bool:
    """The supervision office and the leadership urge; departments do not."""
    if not user.is_authenticated:
        return False
    return user.is_superuser or user.memberships.filter(role__in=Role.city_wide).exists()


def can_direct(user: Person) -> bool:
    """A leader leaves a word on a pledge; a superuser may act for one."""
    return user.is_authenticated and (user.is_superuser or holds(user, Role.LEADER))


def answerable_by(user: Person, pledge: Pledge, directives: Iterable[Directive]) -> list[Directive]:
    """Those that a reporter of the department may answer; nobody answers their own words."""
    others = [directive for directive in directives if directive.by_id != user.pk]
    return others if others and can_report(user, pledge) else []


def can_answer(user: Person, directive: Directive) -> bool:
    """Whether a person answers for the department."""
    return bool(answerable_by(user, directive.pledge, [directive]))


def closable_by(user: Person, directives: Iterable[Directive]) -> list[Directive]:
    """Those that the leader's office may close: answered, or unanswered and one's own words."""
    ripe = [directive for directive in directives if directive.answered_at or directive.by_id == user.pk]
    return ripe if ripe and reads_ledger(user) else []


def can_close(user: Person, directive: Directive) -> bool:
    """Whether a person of the leader's office may close a directive."""
    return bool(closable_by(user, [directive]))
