"""Where reports are reviewed, and what can be decided."""

from django.urls import reverse

QUEUE = "/review/"


def door(name, report):
    return reverse(name, args=[report.pk])


DECISIONS = [("report-accept", {}), ("report-return", {"reason": "请附名单"})]
