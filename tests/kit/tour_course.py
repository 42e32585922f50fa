"""The part of the walk that puts deadlines off and closes pledges, rightly and wrongly."""

from typing import Any

from pledges.choices import Light
from pledges.models import Campaign, Closing, Extension, Milestone, User
from pledges.queries.board import in_campaign, with_light

WORDS, LONG = "长" * 9, "长" * 1001


def extend_and_close(visitor: Any, *, campaign: str, clerk: str, pledge: str) -> None:
    """The reviewer decides on what the clerk asks for, then closes what is done and opens it again."""
    other = type(visitor)(visitor.client.__class__(), visitor.pages, visitor.seen)
    other.client.cookies["language"] = visitor.client.cookies["language"].value
    other.client.force_login(User.objects.get(username=clerk))
    _ask_and_decide(visitor, other, Milestone.objects.filter(pledge__code=pledge).latest("due"))
    for query in ({}, {"state": "granted"}, {"state": "withdrawn"}, {"department": "?"}):
        visitor.get(f"/campaigns/{campaign}/extensions/", **query)
    for page in (f"/pledges/{pledge}/", f"/campaigns/{campaign}/rules/", "/campaigns/wujin-2022/extensions/"):
        visitor.get(page)
    _close_and_reopen(visitor, other, Campaign.objects.get(code=campaign))


def _ask_and_decide(visitor: Any, clerk: Any, stone: Milestone) -> None:
    address, due = f"/pledges/{stone.pledge.code}/extend/{stone.pk}/", f"{stone.due}"
    clerk.get(address)
    for form in ({}, {"new_due": due}, {"new_due": "2099-01-01"}, {"new_due": "2027-01-10", "reason": LONG}):
        clerk.post(address, **{"reason": WORDS, "was_due": due, **form})
    clerk.post(address, new_due="2027-01-10", reason=WORDS, was_due="2026-01-01")
    for day, decision in (
        ("2027-01-10", "refuse"),
        ("2027-01-10", "grant"),
        ("2027-01-20", "grant"),
        ("2027-02-01", ""),
    ):
        due = f"{Milestone.objects.get(pk=stone.pk).due}"
        clerk.post(address, new_due=day, reason=WORDS, was_due=due)
        asked = Extension.objects.latest("pk")
        clerk.get(address)
        clerk.get("/work/")
        visitor.get("/review/")
        visitor.get(f"/extensions/{asked.pk}/decide/")
        for form in ({}, {"decision": "refuse"}, {"decision": decision, "answer": WORDS}):
            visitor.post(f"/extensions/{asked.pk}/decide/", **form)
        visitor.get(f"/extensions/{asked.pk}/decide/")
        for _again in range(2):
            clerk.post(f"/extensions/{asked.pk}/withdraw/")
    visitor.get(f"/extensions/{asked.pk}/decide/")


def _close_and_reopen(visitor: Any, clerk: Any, campaign: Campaign) -> None:
    chen, day = User.objects.get(username="chen"), Extension.objects.latest("pk").asked_at.date()
    Campaign.objects.filter(pk=campaign.pk).update(completion_needs_evidence=False)
    lit = with_light(in_campaign(campaign, chen).filter(shared_with__isnull=True), day=day)
    done, other = (
        lit.filter(light=light, reports__isnull=False).distinct().order_by("number")[0]
        for light in (Light.DONE, Light.GREEN)
    )
    visitor.get(f"/campaigns/{campaign.code}/closings/")
    for pledge in (other, done):
        visitor.get(f"/pledges/{pledge.code}/close/")
        for words in (LONG, WORDS):
            visitor.post(f"/pledges/{pledge.code}/close/", words=words, seen="0")
    for page in ("closings/", "pledges/?closing=closed", "pledges/?closing=ripe", "pledges/?extended=1"):
        address, _mark, query = page.partition("?")
        visitor.get(f"/campaigns/{campaign.code}/{address}", **dict([query.split("=")]) if query else {})
    visitor.get(f"/campaigns/{campaign.code}/pledges/", closing="open", extended="0")
    clerk.get(f"/pledges/{done.code}/report/")
    visitor.get(f"/pledges/{done.code}/reopen/")
    seen = str(Closing.objects.latest("pk").pk)
    for reason in ("", LONG, WORDS, "另"):
        visitor.post(f"/pledges/{done.code}/reopen/", reason=reason, seen=seen)
    visitor.get(f"/pledges/{done.code}/")
    Campaign.objects.filter(pk=campaign.pk).update(completion_needs_evidence=True)
