"""Who may do what, as sentences. What a person may see is a queryset: `Pledge.objects.visible_to`."""

from collections.abc import Iterable

from django.contrib.auth.models import AnonymousUser, Permission
from django.db.models import Q

from pledges.choices import ExtensionState, ReportState, Role
from pledges.models import Blocker, Directive, Extension, Pledge, ProgressReport, User

Person = User | AnonymousUser


def holds(user: Person, role: Role) -> bool:
    """Whether a person holds a role anywhere."""
    return user.is_authenticated and any(post.role == role for post in user.posts)


def serves_department(user: Person) -> bool:
    """Whether a person reports for a department, or heads one."""
    return user.is_authenticated and bool(user.departments_as(Role.of_a_department))


def can_report(user: Person, pledge: Pledge) -> bool:
    """Reporters of the pledge's department; a superuser may act for any department."""
    if not user.is_authenticated:
        return False
    return user.is_superuser or pledge.department_id in user.departments_as({Role.REPORTER})


def is_reviewer(user: Person) -> bool:
    """Whether a person works in the supervision office."""
    return user.is_authenticated and (user.is_superuser or holds(user, Role.REVIEWER))


def reads_ledger(user: Person) -> bool:
    """Who may see what everybody was told: the city's offices."""
    return user.is_authenticated and user.is_city_wide


def can_review(user: Person, report: ProgressReport) -> bool:
    """Four eyes: a reviewer, but never the one who reported."""
    return is_reviewer(user) and report.author_id != user.pk


def can_withdraw(user: Person, report: ProgressReport) -> bool:
    """Only its author, and only while nobody has decided."""
    return report.author_id == user.pk and report.state == ReportState.SUBMITTED


def can_nudge(user: Person) -> bool:
    """The supervision office and the leadership urge; departments do not."""
    return user.is_authenticated and user.is_city_wide


def can_extend(user: Person, pledge: Pledge) -> bool:
    """Reporters and the head of the pledge's department ask for more time; a superuser may for any."""
    if not user.is_authenticated:
        return False
    return user.is_superuser or pledge.department_id in user.departments_as(Role.of_a_department)


def decidable_by(user: Person, extensions: Iterable[Extension]) -> list[Extension]:
    """Four eyes: those that somebody else asked for, for the supervision office."""
    others = [extension for extension in extensions if extension.asked_by_id != user.pk]
    return others if others and is_reviewer(user) else []


def can_decide(user: Person, extension: Extension) -> bool:
    """Whether a person of the supervision office may decide on a request."""
    return bool(decidable_by(user, [extension]))


def can_take_back(user: Person, extension: Extension) -> bool:
    """Only who asked, and only while nobody has decided."""
    return extension.asked_by_id == user.pk and extension.state == ExtensionState.ASKED


def can_strike_off(user: Person) -> bool:
    """The supervision office closes pledges, and reopens them."""
    return is_reviewer(user)


def can_sort(user: Person) -> bool:
    """Who keeps the plan sorts it: the administrators."""
    return user.is_authenticated and user.is_superuser


def can_raise(user: Person, pledge: Pledge) -> bool:
    """The pledge's own people say what stands in its way, and the city's offices may."""
    return reads_ledger(user) or can_extend(user, pledge)


def removable_by(user: User, blockers: Iterable[Blocker]) -> list[Blocker]:
    """Those that a person may remove: the responsible department its own, the supervision office all."""
    listed = list(blockers)
    if not listed or is_reviewer(user):
        return listed
    own = user.departments_as(Role.of_a_department)
    return [blocker for blocker in listed if blocker.department_id in own]


def can_remove(user: User, blocker: Blocker) -> bool:
    """Whether a person may say that a blocker stands in the way no more."""
    return bool(removable_by(user, [blocker]))


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


def reads_audit(user: Person) -> bool:
    """The auditors, and nobody by being an administrator: the right must have been given by name."""
    if not user.is_authenticated or not user.is_active:
        return False
    right = Permission.objects.filter(content_type__app_label="pledges", codename="view_auditevent")
    return right.filter(Q(user=user) | Q(group__user=user)).exists()
