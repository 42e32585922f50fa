"""Who may do what, as sentences. What a person may see is a queryset: `Pledge.objects.visible_to`."""

from django.contrib.auth.models import AnonymousUser

from pledges.choices import ReportState, Role
from pledges.models import Pledge, ProgressReport, User

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


def can_review(user: Person, report: ProgressReport) -> bool:
    """Four eyes: a reviewer, but never the one who reported."""
    return is_reviewer(user) and report.author_id != user.pk


def can_withdraw(user: Person, report: ProgressReport) -> bool:
    """Only its author, and only while nobody has decided."""
    return report.author_id == user.pk and report.state == ReportState.SUBMITTED
