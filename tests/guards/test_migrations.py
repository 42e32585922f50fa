"""A migration can run while the release before still answers: nodes are restarted one after the other."""

import importlib
import shutil
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.db import connection

from tests.kit.migrations import ACCEPTED, BASELINE, incompatible

pytestmark = [
    pytest.mark.django_db,
    pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite serves one machine, which stops"),
]

FOLDER = Path(apps.get_app_config("pledges").path) / "migrations"
WITH_DEFAULT = "migrations.AddField('nudge', 'weight', models.IntegerField(default=1))"
WITH_DB_DEFAULT = "migrations.AddField('nudge', 'height', models.IntegerField(db_default=1))"
OFFENDERS = {
    "remove_a_column": ("migrations.RemoveField('nudge', 'words')", {"DROP_COLUMN"}),
    "rename_a_column": ("migrations.RenameField('nudge', 'words', 'text')", {"RENAME_COLUMN"}),
    "rename_a_table": ("migrations.RenameModel('Directive', 'Order')", {"RENAME_TABLE"}),
    "delete_a_table": ("migrations.DeleteModel('Heartbeat')", {"DROP_TABLE"}),
    "demand_a_column": (WITH_DEFAULT, {"NOT_NULL"}),
    "demand_one_of_two": (f"{WITH_DEFAULT}, {WITH_DB_DEFAULT}", {"NOT_NULL"}),
    "demand_what_was_free": (
        "migrations.AlterField('user', 'paused_until', models.DateField(default=date(2022, 1, 1)))",
        {"NOT_NULL"},
    ),
    "change_a_type": ("migrations.AlterField('nudge', 'words', models.IntegerField())", {"ALTER_COLUMN"}),
    "demand_that_all_differ": (
        "migrations.AddConstraint('nudge', models.UniqueConstraint(fields=['day'], name='one_a_day'))",
        {"ADD_UNIQUE"},
    ),
    "allow_less": (
        "migrations.AddConstraint('nudge', models.CheckConstraint(condition=models.Q(pk__gt=9), name='more'))",
        {"ADD_CHECK"},
    ),
    "hold_up_everybody": (
        "migrations.AddIndex('nudge', models.Index(fields=['day'], name='by_day'))",
        {"CREATE_INDEX"},
    ),
    "go_without_a_way_back": (
        "migrations.RunPython(lambda apps, schema_editor: None)",
        {"RUNPYTHON_REVERSIBLE"},
    ),
}
HARMLESS = {
    "add_what_may_be_empty": "migrations.AddField('nudge', 'weight', models.IntegerField(null=True))",
    "add_what_the_database_fills_in": WITH_DB_DEFAULT,
    "add_a_table": "migrations.CreateModel('Thing', [('id', models.BigAutoField(primary_key=True))])",
    "free_what_was_demanded": "migrations.AlterField('nudge', 'words', models.TextField(null=True))",
    "fill_in": "migrations.RunPython(lambda apps, schema_editor: None, migrations.RunPython.noop)",
}
TEXT = """
from datetime import date
from django.db import migrations, models

class Migration(migrations.Migration):
    dependencies = [("pledges", "{baseline}")]
    operations = [{operations}]
"""


@pytest.fixture
def planned(tmp_path, settings, monkeypatch):
    """The migrations up to the baseline, and one more of every kind."""
    package = tmp_path / "planned_migrations"
    shutil.copytree(FOLDER, package, ignore=shutil.ignore_patterns("__pycache__"))
    for path in package.glob("[0-9]*.py"):
        if path.stem > BASELINE:
            path.unlink()
    offences = {name: operations for name, (operations, _codes) in OFFENDERS.items()}
    for name, operations in (offences | HARMLESS).items():
        (package / f"9999_{name}.py").write_text(TEXT.format(baseline=BASELINE, operations=operations))
    monkeypatch.syspath_prepend(tmp_path)
    importlib.invalidate_caches()
    settings.MIGRATION_MODULES = {"pledges": package.name}
    yield
    for name in [name for name in sys.modules if name.startswith(package.name)]:
        del sys.modules[name]


def test_release_before_lives_with_every_migration():
    assert incompatible() == {name: set(why) for name, why in ACCEPTED.items()}


def test_every_kind_of_migration_that_the_release_before_could_not_live_with_is_found(planned):
    assert incompatible() == {f"9999_{name}": codes for name, (_operations, codes) in OFFENDERS.items()}
