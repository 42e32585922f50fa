"""Take plans made for measuring away again, at the speed at which they were made."""

from django.db import connection, transaction
from django.db.models import Model, Q, QuerySet

from pledges.actions.plans import BATCH, MARK, PEOPLE
from pledges.choices import CampaignKind
from pledges.models import (
    Campaign,
    Department,
    LightChange,
    Membership,
    Milestone,
    Pledge,
    ProgressReport,
    Standing,
    User,
)

OWN = (Standing, LightChange, Milestone, ProgressReport, Pledge)
"""The tables of a plan in which only its own rows point at each other, those first that nobody points at."""


def remove_plans() -> int:
    """Delete every plan made for measuring, with its departments and people; returns the number of plans."""
    campaigns = list(Campaign.objects.filter(kind=CampaignKind.SYNTHETIC))
    for campaign in campaigns:
        related = campaign.pledges.exclude(subset_of=None, shared_with=None)
        related.update(subset_of=None, shared_with=None)
        rest, last = campaign.pledges.order_by("pk").values_list("pk", flat=True), 0
        # From the last key on: what was deleted a moment ago is still in the index, and not read again.
        while ids := list(rest.filter(pk__gt=last)[:BATCH]):
            _remove_batch(ids)
            last = ids[-1]
        campaign.delete()
    made_up = Q(department__code__startswith=MARK) | Q(user__username__in=PEOPLE)
    Membership.objects.filter(made_up).delete()
    Department.objects.filter(code__startswith=MARK).delete()
    User.objects.filter(username__in=PEOPLE).delete()
    return len(campaigns)


@transaction.atomic
def _remove_batch(ids: list[int]) -> None:
    if _is_untouched(ids):
        for model in OWN:
            rows = model.objects.filter(**_of(model, ids))
            rows._raw_delete(connection.alias)  # noqa: SLF001  nothing points at these rows, so nothing is asked
        return
    LightChange.objects.filter(pledge__in=ids).delete()
    reports = ProgressReport.objects.filter(pledge__in=ids)
    reports.update(corrects=None)
    reports.delete()
    Pledge.objects.filter(pk__in=ids).delete()


def _of(model: type[Model], ids: list[int]) -> dict[str, list[int]]:
    return {"pk__in" if model is Pledge else "pledge__in": ids}


def _is_untouched(ids: list[int]) -> bool:
    """Whether no row outside the plan's own tables points at these pledges, their milestones or reports."""
    for model in (Pledge, Milestone, ProgressReport):
        about = _of(model, ids)
        for relation in model._meta.related_objects:  # noqa: SLF001  Django's documented door to a model
            field = relation.remote_field
            which = {f"{field.name}__{key}": value for key, value in about.items()}
            if field.model not in OWN and _rows_of(field.model).filter(**which).exists():
                return False
    return True


def _rows_of(model: type[Model]) -> QuerySet:
    return model._default_manager.order_by()  # noqa: SLF001  Django's documented door to a model
