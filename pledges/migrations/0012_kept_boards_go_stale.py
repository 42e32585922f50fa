"""The database itself says when a kept board is no longer what it stands for, whoever changed the plan."""

from django.db import migrations

MARK = "UPDATE pledges_keptboard SET is_stale = true WHERE NOT is_stale AND campaign_id IN ({campaigns})"
FORGET = """
    UPDATE pledges_keptboard SET due_total = NULL
    WHERE due_total IS NOT NULL AND campaign_id IN (SELECT campaign_id FROM pledges_pledge WHERE id = {pledge})
"""
COLUMNS = ("campaign_id", "department_id", "stretch", "shared_with_id")

POSTGRESQL = (
    f"""
    CREATE FUNCTION pledges_boards_go_stale() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF TG_OP <> 'INSERT' THEN {MARK.format(campaigns="OLD.campaign_id")}; END IF;
        IF TG_OP <> 'DELETE' THEN {MARK.format(campaigns="NEW.campaign_id")}; END IF;
        RETURN NULL;
    END
    $$
    """,
    """
    CREATE TRIGGER pledges_come_and_go AFTER INSERT OR DELETE ON pledges_pledge
    FOR EACH ROW EXECUTE FUNCTION pledges_boards_go_stale()
    """,
    f"""
    CREATE TRIGGER pledges_change_hands AFTER UPDATE ON pledges_pledge
    FOR EACH ROW WHEN ({" OR ".join(f"OLD.{name} IS DISTINCT FROM NEW.{name}" for name in COLUMNS)})
    EXECUTE FUNCTION pledges_boards_go_stale()
    """,
    f"""
    CREATE FUNCTION pledges_boards_forget() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN {FORGET.format(pledge="COALESCE(NEW.pledge_id, OLD.pledge_id)")}; RETURN NULL; END
    $$
    """,
    """
    CREATE TRIGGER deadlines_come_and_go AFTER INSERT OR DELETE ON pledges_milestone
    FOR EACH ROW EXECUTE FUNCTION pledges_boards_forget()
    """,
    """
    CREATE TRIGGER deadlines_move AFTER UPDATE ON pledges_milestone
    FOR EACH ROW WHEN (OLD.due <> NEW.due OR OLD.pledge_id <> NEW.pledge_id)
    EXECUTE FUNCTION pledges_boards_forget()
    """,
)
POSTGRESQL_BACK = (
    "DROP TRIGGER deadlines_move ON pledges_milestone",
    "DROP TRIGGER deadlines_come_and_go ON pledges_milestone",
    "DROP FUNCTION pledges_boards_forget()",
    "DROP TRIGGER pledges_change_hands ON pledges_pledge",
    "DROP TRIGGER pledges_come_and_go ON pledges_pledge",
    "DROP FUNCTION pledges_boards_go_stale()",
)
SQLITE = (
    f"""
    CREATE TRIGGER pledges_come AFTER INSERT ON pledges_pledge
    BEGIN {MARK.format(campaigns="NEW.campaign_id")}; END
    """,
    f"""
    CREATE TRIGGER pledges_go AFTER DELETE ON pledges_pledge
    BEGIN {MARK.format(campaigns="OLD.campaign_id")}; END
    """,
    f"""
    CREATE TRIGGER pledges_change_hands AFTER UPDATE ON pledges_pledge
    WHEN {" OR ".join(f"OLD.{name} IS NOT NEW.{name}" for name in COLUMNS)}
    BEGIN {MARK.format(campaigns="OLD.campaign_id, NEW.campaign_id")}; END
    """,
    f"""
    CREATE TRIGGER deadlines_come AFTER INSERT ON pledges_milestone
    BEGIN {FORGET.format(pledge="NEW.pledge_id")}; END
    """,
    f"""
    CREATE TRIGGER deadlines_go AFTER DELETE ON pledges_milestone
    BEGIN {FORGET.format(pledge="OLD.pledge_id")}; END
    """,
    f"""
    CREATE TRIGGER deadlines_move AFTER UPDATE ON pledges_milestone
    WHEN OLD.due <> NEW.due OR OLD.pledge_id <> NEW.pledge_id
    BEGIN {FORGET.format(pledge="NEW.pledge_id")}; END
    """,
)
SQLITE_BACK = (
    "DROP TRIGGER deadlines_move",
    "DROP TRIGGER deadlines_go",
    "DROP TRIGGER deadlines_come",
    "DROP TRIGGER pledges_change_hands",
    "DROP TRIGGER pledges_go",
    "DROP TRIGGER pledges_come",
)


def watch(_apps, schema_editor):
    run(schema_editor, POSTGRESQL, SQLITE)


def look_away(_apps, schema_editor):
    run(schema_editor, POSTGRESQL_BACK, SQLITE_BACK)


def run(schema_editor, postgresql, sqlite):
    for sql in postgresql if schema_editor.connection.vendor == "postgresql" else sqlite:
        schema_editor.execute(sql, params=None)


class Migration(migrations.Migration):
    dependencies = [("pledges", "0011_kept_boards")]

    operations = [migrations.RunPython(watch, look_away)]
