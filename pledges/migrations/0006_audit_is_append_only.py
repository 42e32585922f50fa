"""The database itself refuses to change or take out what happened."""

from django.db import migrations

POSTGRESQL = (
    """
    CREATE FUNCTION pledges_audit_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        RAISE EXCEPTION 'audit events are never changed or deleted' USING ERRCODE = 'restrict_violation';
    END
    $$
    """,
    """
    CREATE TRIGGER audit_is_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON pledges_auditevent
    FOR EACH STATEMENT EXECUTE FUNCTION pledges_audit_is_append_only()
    """,
)
POSTGRESQL_BACK = (
    "DROP TRIGGER audit_is_append_only ON pledges_auditevent",
    "DROP FUNCTION pledges_audit_is_append_only()",
)
SQLITE = (
    """
    CREATE TRIGGER audit_is_not_changed BEFORE UPDATE ON pledges_auditevent
    BEGIN SELECT RAISE(ABORT, 'audit events are never changed or deleted'); END
    """,
    """
    CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON pledges_auditevent
    BEGIN SELECT RAISE(ABORT, 'audit events are never changed or deleted'); END
    """,
    # INSERT OR REPLACE takes rows out without asking the trigger above.
    """
    CREATE TRIGGER audit_is_not_replaced BEFORE INSERT ON pledges_auditevent
    WHEN EXISTS (
        SELECT 1 FROM pledges_auditevent
        WHERE id = NEW.id OR prev_hash = NEW.prev_hash OR row_hash = NEW.row_hash
    )
    BEGIN SELECT RAISE(ABORT, 'audit events are never changed or deleted'); END
    """,
)
SQLITE_BACK = (
    "DROP TRIGGER audit_is_not_replaced",
    "DROP TRIGGER audit_is_not_deleted",
    "DROP TRIGGER audit_is_not_changed",
)


def guard(_apps, schema_editor):
    run(schema_editor, POSTGRESQL, SQLITE)


def unguard(_apps, schema_editor):
    run(schema_editor, POSTGRESQL_BACK, SQLITE_BACK)


def run(schema_editor, postgresql, sqlite):
    for sql in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
        schema_editor.execute(sql, params=None)


class Migration(migrations.Migration):
    dependencies = [("pledges", "0005_put_off_on")]

    operations = [migrations.RunPython(guard, unguard)]
