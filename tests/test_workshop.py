"""The workshop itself: settings that refuse, migrations that are complete, files that stay clean."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command

from tests.kit.processes import ROOT, bare_environment
from ykplan import env

PRODUCTION = {
    "SECRET_KEY": "".join(chr(97 + i * 7 % 26) for i in range(60)),
    "ALLOWED_HOSTS": "plan.example.gov.cn",
    "DATABASE_URL": "postgresql://ykplan@db.internal/ykplan",
    "BROKER_URL": "redis://broker.internal:6379/0",
    "EMAIL_URL": "smtp+tls://robot@mail.internal:587",
    "DEFAULT_FROM_EMAIL": "ykplan@example.gov.cn",
    "PUBLIC_BASE_URL": "https://plan.example.gov.cn",
    "TRUSTED_PROXIES": "1",
}
# Spelled in halves, for this file is searched too.
FOREIGN_HOSTS = [
    "py" + "pi.org", "python" + "hosted.org", "registry.npm" + "js", "unp" + "kg.com", "jsde" + "livr.net",
    "proxy.gol" + "ang.org", "tuna.tsing" + "hua", "mirrors.ali" + "yun", "huggingface" + ".co",
]  # fmt: skip
PATH_OF_A_MACHINE = re.compile(r"(?<![\w.$}*-])/(?:work|root|home)/\w")
SOURCES = {"seeds"}  # printed pages, kept as they are


def manage(*args, **environment):
    """A command in a process of its own, with nothing in the environment but what is given."""
    return subprocess.run(
        [sys.executable, "manage.py", *args],
        cwd=ROOT, env=bare_environment(**environment), capture_output=True, text=True, check=False,
    )  # fmt: skip


def kept_files():
    """Every file that is, or is about to be, under version control."""
    asked = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        listed = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, check=True)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


def lines_with(pattern):
    return [
        f"{path.relative_to(ROOT)}:{number}: {line.strip()[:80]}"
        for path in kept_files()
        if path.relative_to(ROOT).parts[0] not in SOURCES
        for number, line in enumerate(path.read_text(encoding="utf-8", errors="replace").splitlines(), 1)
        if pattern.search(line)
    ]


def test_production_settings_pass_the_deployment_check():
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("variable", sorted(PRODUCTION))
def test_production_refuses_to_start_without_each_variable(variable):
    done = manage("check", **(PRODUCTION | {variable: ""}))

    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"ykplan: {variable} ")
    assert "Example: " in done.stderr


@pytest.mark.parametrize(
    "variable, value",
    [
        ("SECRET_KEY", "secret"),
        ("SECRET_KEY", "x" * 80),
        ("SECRET_KEY", "django-insecure-" + "abcdefghij" * 6),
        ("ALLOWED_HOSTS", "*"),
        ("DATABASE_URL", "mysql://ykplan@db.internal/ykplan"),
        ("DATABASE_URL", "postgresql://db.internal"),
        ("DATABASE_URL", "ykplan"),
        ("BROKER_URL", "sqla+sqlite:///queue.db"),
        ("EMAIL_URL", "smtp://"),
        ("EMAIL_URL", "mail.internal"),
        ("PUBLIC_BASE_URL", "plan.example.gov.cn"),
        ("PUBLIC_BASE_URL", "http://plan.example.gov.cn"),
        ("PUBLIC_BASE_URL", "https://plan.example.gov.cn/ykplan"),
        ("TRUSTED_PROXIES", "one"),
        ("TRUSTED_PROXIES", "0"),
        ("HSTS_SECONDS", "-1"),
        ("DEBUG", "yes"),
        ("TIME_ZONE", "Asia/Yongkang"),
    ],
)
def test_production_refuses_a_value_that_cannot_be_meant(variable, value):
    done = manage("check", **(PRODUCTION | {variable: value}))

    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert variable in done.stderr


@pytest.mark.parametrize(
    "typed, meant",
    [
        ("true", True),
        ("TRUE", True),
        ("1", True),
        ("false", False),
        ("False", False),
        ("0", False),
        ("", None),
    ],
)
def test_truth_is_true_false_one_or_zero(monkeypatch, typed, meant):
    monkeypatch.setenv("SWITCH", typed)

    assert env.truth("SWITCH", default=None) is meant


@pytest.mark.parametrize("typed", ["yes", "no", "on", "off", "y", "2", "tru", "是", "１"])
def test_truth_refuses_everything_else(monkeypatch, typed):
    monkeypatch.setenv("SWITCH", typed)

    with pytest.raises(ImproperlyConfigured, match="SWITCH must be true or false"):
        env.truth("SWITCH", default=False)


def test_embedded_secret_key_is_made_once_and_private(tmp_path):
    path = tmp_path / "state" / "secret-key"

    first = env.kept_secret(path)

    assert env.kept_secret(path) == first
    assert len(first) >= env.SHORTEST_SECRET_KEY
    assert path.stat().st_mode & 0o777 == 0o600


def test_embedded_state_that_cannot_be_written_is_refused_in_one_sentence(tmp_path):
    (tmp_path / "state").write_text("a file where a folder should be")

    with pytest.raises(ImproperlyConfigured, match="YKPLAN_STATE"):
        env.kept_secret(tmp_path / "state" / "secret-key")


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.static
def test_migrations_are_named_by_a_person():
    folder = Path(apps.get_app_config("pledges").path) / "migrations"

    assert [path.name for path in folder.glob("[0-9]*.py") if "_auto_" in path.name] == []


@pytest.mark.static
def test_no_file_names_a_package_registry():
    assert lines_with(re.compile("|".join(map(re.escape, FOREIGN_HOSTS)))) == []


@pytest.mark.static
def test_no_file_names_a_path_of_one_machine():
    assert lines_with(PATH_OF_A_MACHINE) == []


@pytest.mark.static
def test_every_requirement_is_pinned_and_says_why():
    names = ("requirements.txt", "requirements-dev.txt")
    lines = [line for name in names for line in (ROOT / name).read_text().splitlines()]

    loose = [line for line in lines if line[0] not in "#-" and not re.match(r"\S+==\S+  # \w", line)]

    assert loose == []
