"""What does the leader's page cost on a big plan? `python -m bench.overview` from the root.

Makes a synthetic plan in a database of its own (or uses the one of `--state`, left by an earlier run), then takes
the median of ten of: a page of a signed-in person that shows nothing, the hand-written SQL that yields the
counts of the overview, and the overview. Exits 1 when the overview costs more than three times the two others together.
"""

import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

PROMISED = 3
ROUNDS = 10

STANDING = (
    "JOIN pledges_standing {name} ON {name}.pledge_id = p.id AND {name}.since <= %s AND {name}.until >= %s"
)
BOTH = f"{STANDING.format(name='n')} {STANDING.format(name='t')}"
ONCE = "(p.shared_with_id IS NULL OR p.shared_with_id NOT IN (SELECT id FROM pledges_pledge WHERE campaign_id = %s))"
LIGHTS = ("red", "yellow", "green", "done", "grey")
COLUMNS = ", ".join(
    f"COUNT(CASE WHEN {side}.light = '{light}' THEN 1 END)" for side in "nt" for light in LIGHTS
)

TALLY = f"""
    SELECT p.stretch, t.light, t.reason, n.light, n.reason, COUNT(*) FROM pledges_pledge p {BOTH}
    WHERE p.campaign_id = %s AND {ONCE} GROUP BY 1, 2, 3, 4, 5
"""
DEPARTMENTS = f"""
    SELECT p.department_id, {COLUMNS} FROM pledges_pledge p {BOTH} WHERE p.campaign_id = %s GROUP BY 1
"""
DUE = f"""
    SELECT COUNT(*) FROM pledges_milestone m JOIN pledges_pledge p ON p.id = m.pledge_id
    WHERE p.campaign_id = %s AND {ONCE} AND m.due BETWEEN %s AND %s
"""


def main(asked: Namespace) -> int:
    if asked.state:
        return measured_in(Path(asked.state), asked)
    with TemporaryDirectory() as folder:
        return measured_in(Path(folder), asked)


def measured_in(state: Path, asked: Namespace) -> int:
    """Make what is missing, measure, print."""
    os.environ |= {"YKPLAN_EMBEDDED": "true", "YKPLAN_STATE": str(state), "DEBUG": "false"}
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ykplan.settings")
    import django  # noqa: PLC0415  settings are read from the environment above

    django.setup()
    campaign, client = prepared(asked)
    day = campaign.starts_on + timedelta(days=asked.day)
    address = f"/campaigns/{campaign.code}/?on={day}"
    empty, sql, ours = medians_of(
        lambda: page(client, "/password/changed/"),
        lambda: counts_by_hand(campaign, day),
        lambda: page(client, address),
    )
    ratio = ours / (empty + sql)
    queries, size = cost_of(client, address)
    print(f"plan: {campaign.pledges.count():,} pledges on {day}")
    print(f"empty page {empty:.1f} ms, counts in SQL {sql:.1f} ms, overview {ours:.1f} ms")
    print(f"ratio {ratio:.2f} (promised: {PROMISED}), {queries} queries, {size:,} bytes")
    if asked.profile:
        profiled(lambda: page(client, address))
    return 0 if ratio <= PROMISED else 1


def prepared(asked: Namespace) -> tuple[Any, Any]:
    """The plan, and a leader who has signed in."""
    from django.core.management import call_command  # noqa: PLC0415
    from django.test import Client  # noqa: PLC0415
    from django.utils.timezone import localdate  # noqa: PLC0415

    from pledges.actions.plans import Order, make_plan  # noqa: PLC0415
    from pledges.choices import Role  # noqa: PLC0415
    from pledges.models import Campaign, Membership, User  # noqa: PLC0415
    from ykplan.prepare import prepare_static  # noqa: PLC0415

    prepare_static()
    call_command("migrate", verbosity=0)
    order = Order(asked.pledges, asked.departments, 4 * asked.pledges, 1, localdate())
    found = Campaign.objects.filter(code=order.code).first()
    campaign = found or make_plan(order)
    leader, _is_new = User.objects.get_or_create(username="bench-leader", defaults={"name": "李"})
    Membership.objects.get_or_create(user=leader, role=Role.LEADER, department=None)
    client = Client(HTTP_HOST="localhost")
    client.force_login(leader)
    return campaign, client


def page(client: Any, address: str) -> bytes:
    answer = client.get(address)
    if answer.status_code != 200:  # noqa: PLR2004
        raise SystemExit(f"{address}: {answer.status_code}")
    return answer.content


def counts_by_hand(campaign: Any, day: Any) -> None:
    """The counts of both days, of every change and department, and of what is due."""
    from django.db import connection  # noqa: PLC0415

    than, until = day - timedelta(days=30), day + timedelta(days=30)
    both, key = [day, day, than, than], campaign.pk
    with connection.cursor() as cursor:
        for statement, values in (
            (TALLY, [*both, key, key]),
            (DEPARTMENTS, [*both, key]),
            (DUE, [key, key, day, until]),
        ):
            cursor.execute(statement, values)
            cursor.fetchall()


def medians_of(*acts: Callable[[], object]) -> list[float]:
    """Milliseconds, once warm; in turns, so that a busy machine is busy for all of them."""
    times: list[list[float]] = [[] for _act in acts]
    for round_ in range(ROUNDS + 1):
        for act, own in zip(acts, times, strict=True):
            began = perf_counter()
            act()
            if round_:
                own.append(1000 * (perf_counter() - began))
    return [median(own) for own in times]


def cost_of(client: Any, address: str) -> tuple[int, int]:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    with CaptureQueriesContext(connection) as captured:
        content = page(client, address)
    return len(captured), len(content)


def profiled(act: Callable[[], object]) -> None:
    """Where the time goes."""
    import cProfile  # noqa: PLC0415
    import pstats  # noqa: PLC0415

    profile = cProfile.Profile()
    profile.runcall(act)
    pstats.Stats(profile).sort_stats("cumulative").print_stats(60)


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("--pledges", type=int, default=20_000)
    parser.add_argument("--departments", type=int, default=1_000)
    parser.add_argument("--day", type=int, default=200, help="so many days after the campaign's first")
    parser.add_argument("--state", help="a folder whose database is used again")
    parser.add_argument("--profile", action="store_true", help="say where the time goes")
    sys.exit(main(parser.parse_args()))
