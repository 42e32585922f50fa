"""What is kept becomes one row of numbers for a department. It is thrown away here: the next tick builds it anew."""

from importlib import import_module

from django.db import migrations, models

# SQLite makes a table anew to add a column, and cannot while a trigger writes to it.
triggers = import_module("pledges.migrations.0012_kept_boards_go_stale")


def let_go(apps, _schema_editor):
    for name in ("KeptCount", "KeptBoard"):
        apps.get_model("pledges", name).objects.all().delete()


KIND = ("is_counted", "stretch", "was", "was_reason", "light", "light_reason", "number")


class Migration(migrations.Migration):
    dependencies = [("pledges", "0012_kept_boards_go_stale")]

    operations = [
        migrations.RunPython(let_go, let_go),
        migrations.RunPython(triggers.look_away, triggers.watch),
        *(migrations.RemoveField("keptcount", name) for name in KIND),
        migrations.AddField(
            "keptcount",
            "sums",
            models.JSONField(
                default=list, help_text="What stands where is said by the layout of the board.", verbose_name="numbers"
            ),
            preserve_default=False,
        ),
        migrations.AddField(
            "keptboard",
            "layout",
            models.CharField(
                default="",
                help_text="What is counted where; another release may count otherwise.",
                max_length=16,
                verbose_name="layout",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(triggers.watch, triggers.look_away),
    ]
