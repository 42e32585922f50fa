import pytest

from ykplan import checks

GOOD = {
    "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
    "CELERY_BROKER_URL": "redis://broker.internal:6379/0",
    "DATABASES": {"default": {"ENGINE": "django.db.backends.postgresql"}},
}
ALL = [
    checks.letters_leave_the_machine,
    checks.bell_reaches_other_processes,
    checks.database_serves_several_machines,
]


@pytest.mark.parametrize(
    "name, value, found",
    [
        ("EMAIL_BACKEND", GOOD["EMAIL_BACKEND"], []),
        ("EMAIL_BACKEND", "django.core.mail.backends.console.EmailBackend", ["ykplan.E001"]),
        ("EMAIL_BACKEND", "django.core.mail.backends.dummy.EmailBackend", ["ykplan.E001"]),
        ("CELERY_BROKER_URL", "memory://", ["ykplan.E002"]),
        ("DATABASES", {"default": {"ENGINE": "django.db.backends.sqlite3"}}, ["ykplan.W003"]),
    ],
)
def test_deployment_mistake_is_named(monkeypatch, name, value, found):
    # Not through pytest-django's settings: they would reconnect the database that other tests use.
    monkeypatch.setattr(checks, "settings", type("Settings", (), GOOD | {name: value}))

    assert [message.id for check in ALL for message in check()] == found
