"""The themes that a data file brings along, and which pledges it sorts under them."""

from typing import Any

from pledges.actions.rows import BATCH, Tally, sync
from pledges.models import Campaign, Pledge, Theme

Row = dict[str, Any]


def sync_themes(
    campaign: Campaign, themes: list[Row], sorted_as: dict[str, str | None], tally: Tally
) -> dict[str, Theme]:
    """The themes of the data file, by their code; pledges are sorted as `sorted_as` says, by number.

    Only what the file speaks about is touched: a file without themes takes none away from the office.
    What is shared goes where its lead goes.
    """
    if not themes and not sorted_as:
        return {}
    wanted = [
        Theme(campaign=campaign, code=row["code"], name=row["name"], order=place)
        for place, row in enumerate(themes, start=1)
    ]
    found = sync(campaign.themes.all(), wanted, ("name", "order"), key=lambda row: row.code, tally=tally).rows
    moved = []
    for pledge in campaign.pledges.select_related("shared_with"):
        number = (pledge.shared_with or pledge).number
        if number in sorted_as:
            theme = found[sorted_as[number]] if sorted_as[number] else None
            if pledge.theme_id != (theme.pk if theme else None):
                pledge.theme = theme
                moved.append(pledge)
    Pledge.objects.bulk_update(moved, ("theme",), batch_size=BATCH)
    tally.add(Pledge, "changed", len(moved))
    return found
