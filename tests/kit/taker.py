"""Confirms one sheet in a process of its own: `python -m tests.kit.taker PK`. It may be killed at any moment."""

import sys

import django


def main(pk: int) -> None:
    from pledges.actions.sheets import take_sheet  # noqa: PLC0415  settings come first
    from pledges.importers.uploads import look_at  # noqa: PLC0415
    from pledges.models import SheetUpload  # noqa: PLC0415
    from tests.cast import MIDSUMMER  # noqa: PLC0415

    upload = SheetUpload.objects.select_related("owner").get(pk=pk)
    sayings = look_at(upload, today=MIDSUMMER).sayings
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    take_sheet(upload, sayings, author=upload.owner, today=MIDSUMMER)


if __name__ == "__main__":
    django.setup()
    main(int(sys.argv[1]))
