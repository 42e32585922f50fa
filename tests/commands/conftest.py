"""Commands as a shell calls them: words in, lines and an exit code out."""

import io
import json
from dataclasses import dataclass

import pytest
from django.core.management import call_command
from django.core.management.base import CommandError


@dataclass(frozen=True)
class Answer:
    """What a command printed, and how it refused, if it did."""

    text: str
    fault: str

    @property
    def json(self):
        return json.loads(self.text)


@pytest.fixture
def run(db):
    """`run("export_plan", "wujin-2022")`; a refusal is an answer, anything else is a traceback."""

    def called(*words):
        out = io.StringIO()
        try:
            call_command(*words, stdout=out)
        except CommandError as refusal:
            return Answer(out.getvalue(), str(refusal))
        return Answer(out.getvalue(), "")

    return called
