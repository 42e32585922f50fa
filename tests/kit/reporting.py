"""The form of a report, as a reporter fills it in."""

from uuid import uuid4

from django.urls import reverse
from django.utils.timezone import localdate

from pledges.queries.reports import newest_id


def door(pledge, name="report-create"):
    return reverse(name, args=[pledge.code])


def typed(pledge, **fields):
    return {
        "value": "50",
        "entry": "total",
        "as_of": localdate().isoformat(),
        "note": "",
        "key": str(uuid4()),
        "seen": str(newest_id(pledge)),
    } | fields


def faults_of(answer):
    return {
        name: [str(sentence) for sentence in found] for name, found in answer.context["form"].errors.items()
    }
