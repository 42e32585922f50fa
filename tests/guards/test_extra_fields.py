"""Fields that nobody offered: sent along with every form, they change nothing."""

from datetime import date
from uuid import uuid4

import pytest
from django.apps import apps
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models, transaction

from pledges.actions.people import keep_wishes
from pledges.forms.preferences import PreferencesForm
from pledges.models import Closing, Directive, Extension
from pledges.queries.reports import newest_id
from tests.cast import accepted
from tests.kit.board import NOON
from tests.kit.one_of_each import client_of
from tests.test_matrix import MATRIX

# A form that takes too much takes it on every database.
pytestmark = pytest.mark.static

FORMS = {
    # address: who, what is typed, further fields of the form
    "report-create": ("reporter", {"value": "7", "entry": "total", "as_of": "2022-06-30", "key": "<key>", "seen": "<seen>"}, {"note", "confirmed", "names"}),
    "report-withdraw": ("reporter", {}, set()),
    "report-accept": ("reviewer", {}, {"next"}),
    "report-return": ("reviewer", {"reason": "x"}, {"next"}),
    "extension-ask": ("reporter", {"new_due": "2023-03-01", "reason": "x", "was_due": "2022-12-31"}, set()),
    "extension-decide": ("reviewer", {"decision": "refuse", "answer": "x"}, set()),
    "extension-withdraw": ("reporter", {}, set()),
    "blocker-create": ("reporter", {"weakness": "y", "remedy": "x", "due": "2022-07-20", "department": "jinrong"}, set()),
    "blocker-remove": ("reporter", {"outcome": "x"}, set()),
    "directive-create": ("leader", {"words": "x", "answer_by": "2022-07-20"}, set()),
    "directive-answer": ("reporter", {"answer": "x"}, set()),
    "directive-close": ("leader", {"answered": "1"}, set()),
    "pledge-close": ("reviewer", {"words": "x", "seen": "<closing>"}, set()),
    "pledge-reopen": ("reviewer", {"reason": "x", "seen": "<closing>"}, set()),
    "nudge": ("reviewer", {"codes": "<code>", "words": "x"}, set()),
    "view-save": ("reporter", {"name": "y", "show": "list", "query": "light=red"}, set()),
    "preferences": ("reporter", {"send_hour": "9", "paused_until": "", "language": "en"}, set()),
    "password-change": ("reporter", {"old_password": "correct-horse-9", "new_password1": "another-horse-7", "new_password2": "another-horse-7"}, set()),
    "feed-make": ("leader", {"department": ""}, set()),
    "sheet": ("reporter", {"key": "<key>", "sheet": "<sheet>"}, set()),
    "letter-retry": ("reviewer", {}, {"campaign"}),
    "letter-cancel": ("reviewer", {}, {"campaign"}),
}  # fmt: skip
OFTEN = {"light", "show", "from", "usual"}
"""What some page reads besides, to know where to go back."""

BY_CHANCE = {"at_us", "token_hash", "row_hash", "prev_hash", "request_id", "password", "key"}


def columns() -> dict[str, str]:
    """A value that could be meant for every column there is."""
    found = {
        "id": "1",
        "pk": "1",
        "is_superuser": "1",
        "is_staff": "1",
        "groups": "1",
        "user_permissions": "1",
    }
    for model in apps.get_app_config("pledges").get_models():
        for field in model._meta.get_fields():
            value = meant(field)
            found |= {field.name: value, f"{field.name}_id": value}
    return found


def meant(field) -> str:
    if isinstance(field, models.DateTimeField):
        return "2099-01-01 00:00"
    if isinstance(field, models.DateField):
        return "2099-01-01"
    if getattr(field, "choices", None):
        return str(field.choices[-1][0])
    return "1" if isinstance(field, models.BooleanField | models.ForeignKey | models.IntegerField) else "987"


def ours() -> list[type[models.Model]]:
    return list(apps.get_app_config("pledges").get_models())


def keys() -> dict[str, set]:
    """What is there already: numbers of new rows are a matter of chance."""
    return {model._meta.model_name: set(model._base_manager.values_list("pk", flat=True)) for model in ours()}


def rows(known: dict[str, set]) -> dict[str, list]:
    """Every row of ours, without moments and what chance decides."""
    found = {}
    for model in ours():
        fields = [
            field for field in model._meta.concrete_fields if not isinstance(field, models.DateTimeField)
        ]
        kept = [field for field in fields if field.name not in BY_CHANCE]
        found[model.__name__] = [
            {field.attname: plain(row, field, known) for field in kept}
            for row in model._base_manager.order_by("pk")
        ]
    return found


def plain(row: models.Model, field: models.Field, known: dict[str, set]) -> object:
    value = getattr(row, field.attname)
    kind = (
        row._meta.model_name
        if field.primary_key
        else field.is_relation and field.related_model._meta.model_name
    )
    if field.name == "object_id":
        kind, value = row.object_type, int(value) if value.isdigit() else value
    return "new" if kind in known and value is not None and value not in known[kind] else value


def sent(client, address, typed, **extra) -> tuple[int, dict]:
    """What an answer leaves behind; afterwards nothing of it stays."""
    typed = {
        name: SimpleUploadedFile("a.csv", b"pledge,as_of,value,note\n") if value == "<sheet>" else value
        for name, value in typed.items()
    }
    known = keys()
    with transaction.atomic():
        answer = client.post(address, extra | typed)
        form = answer.context and answer.context.get("form")
        status = answer.status_code if answer.status_code < 400 or not form else form.errors.as_json()
        left = rows(known)
        transaction.set_rollback(True)
    return status, left


@pytest.fixture
def ready(name, people, pledge, address_of, report, time_machine):
    """A summer day, and what has to be there before a form can be sent rightly."""
    time_machine.move_to(NOON, tick=False)
    if name in {"report-create", "pledge-close", "nudge"}:
        type(report).objects.filter(pk=report.pk).update(state="withdrawn")
    if name == "pledge-close":
        boss, lin = people["superuser"], people["reporter"]
        accepted(pledge, as_of=date(2022, 6, 30), value=100, reviewer=boss, author=lin)
        Extension.objects.update(state="withdrawn")
        return 0
    if name == "directive-close":
        answer = {"answer": "x", "answered_by": people["reporter"], "answered_at": NOON}
        Directive.objects.update(**answer)
    if name == "extension-ask":
        Extension.objects.update(state="withdrawn")
    if name == "pledge-reopen":
        return Closing.objects.create(pledge=pledge, closed_by=people["superuser"]).pk
    return newest_id(pledge)


@pytest.mark.parametrize("name", FORMS)
def test_they_change_nothing(ready, people, address_of, pledge, name):
    role, typed, further = FORMS[name]
    known = {"<key>": str(uuid4()), "<seen>": str(newest_id(pledge)), "<closing>": str(ready), "<code>": pledge.code}  # fmt: skip
    typed = {field: known.get(value, value) for field, value in typed.items()}
    extra = {field: value for field, value in columns().items() if field not in {*typed, *further, *OFTEN}}
    clients = [client_of(people[role]) for _twice in range(2)]  # whoever comes in is told, too
    before = rows(keys())

    status, left = sent(clients[0], address_of(name), typed)
    status_too, left_too = sent(clients[1], address_of(name), typed, **extra)

    assert status in {200, 302}
    assert status_too == status
    assert {label for label in left if left[label] != left_too[label]} == set()
    assert left != before
    assert len(extra) > 150


def test_the_watch_sees_a_field_that_gets_through(db, people, address_of, monkeypatch):
    """The twin: a form that takes one column too many is seen."""

    def takes_too_much(form):
        more = {"is_superuser": True} if "is_superuser" in form.data else {}
        keep_wishes(form.user, **form.cleaned_data, **more)

    monkeypatch.setattr(PreferencesForm, "save", takes_too_much)
    client, (_role, typed, _further) = client_of(people["reporter"]), FORMS["preferences"]
    left = sent(client, address_of("preferences"), typed)[1]
    left_too = sent(client, address_of("preferences"), typed, **columns())[1]

    assert {label for label in left if left[label] != left_too[label]} == {"User", "AuditEvent"}


def test_the_forms_are_all_that_change_something():
    """Whoever adds an address that writes adds it here, or says why not."""
    writes = {
        name
        for name, (_get, post) in MATRIX.items()
        if set(post.split()) & {"200", "302", "422", "409"} - {"302"}
    } | {name for name, (_get, post) in MATRIX.items() if post.split()[1:].count("302")}
    assert writes - set(FORMS) <= ELSEWHERE


ELSEWHERE = {
    *("sign-in", "sign-out", "sign-out-everywhere", "set_language", "admin"),
    *("report-preview", "sheet-download", "feed-revoke", "view-delete", "briefing-issue", "sheet-take"),
}
"""These take no fields, or write nothing: the door, the languages, a preview, a download, what is only revoked. The
administration's forms are Django's own; a briefing is made of the board, not of what is sent."""
