"""Collects the sentences of the project in the current folder into both catalogues, then compiles them.

A language of its own is a folder under locale/. Needs the gettext tools; see bin/messages.
"""

from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.commands.compilemessages import Command as Compile
from django.core.management.commands.makemessages import Command as MakeMessages

LANGUAGES = ["zh_Hans", "en"]
IGNORED = ["tests/*", "var/*", "bench/*", "docs/*"]
# The day of a run would change the file without changing a word.
DATED = ('"POT-Creation-Date:', '"PO-Revision-Date:')


class Collect(MakeMessages):
    """Django's own, but a similar sentence is no translation: a new one stays empty."""

    msgmerge_options = [*MakeMessages.msgmerge_options, "--no-fuzzy-matching"]


def collect() -> None:
    words = {"locale": LANGUAGES, "ignore_patterns": IGNORED, "verbosity": 0}
    call_command(Collect(), no_location=True, no_obsolete=True, **words)
    for path in Path("locale").rglob("*.po"):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        path.write_text("".join(line for line in lines if not line.startswith(DATED)), encoding="utf-8")


if __name__ == "__main__":
    settings.configure()
    collect()
    call_command(Compile(), locale=LANGUAGES, verbosity=0)
