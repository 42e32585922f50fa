"""The order of many alerts is the order of their judgements."""

from fractions import Fraction

from hypothesis import HealthCheck, assume, given, settings

from pledges.choices import Light, Reason
from pledges.rules.lights import judge
from pledges.rules.urgency import urgency_of
from tests.rules.making import RULES, days, told_trajectories


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(told_trajectories(), days)
def test_the_quick_order_says_what_the_judgement_says(told, today):
    trajectory, reading = told
    verdict = judge(trajectory, reading, today=today, thresholds=RULES)
    assume(verdict.light == Light.RED and verdict.reason in {Reason.MISSED, Reason.FAR_BEHIND})

    overdue, points = urgency_of(trajectory, reading, today=today, thresholds=RULES)

    assert overdue == max((today - verdict.milestone.day).days, 0)
    assert abs(points - Fraction(verdict.gap_points or 0)) < 1
