"""Whether the release before can go on working while and after a migration runs.

django-migration-linter reads the SQL of PostgreSQL: on SQLite every change of a table is a new table.
"""

import re

from django.db.migrations import Migration
from django_migration_linter import MigrationLinter
from django_migration_linter.sql_analyser import analyse_sql_statements
from django_migration_linter.sql_analyser.base import Issue

BASELINE = "0014_no_index_twice"
"""The last migration of the first release. Before it there was nobody to be compatible with."""

ACCEPTED: dict[str, dict[str, str]] = {}
"""By migration: what is found there and does no harm, and why. An index on a table that stays small, for instance."""

OF_TASTE = ["RUNPYTHON_ARGS_NAMING_CONVENTION", "RUNPYTHON_MODEL_VARIABLE_NAME"]
ONE_OPERATION = re.compile(r"^--\n-- .*\n--$", re.MULTILINE)
NARROWER = re.compile(r'^ALTER TABLE "\S+" ADD CONSTRAINT .* CHECK ', re.MULTILINE)


def later_than(baseline: str, linter: MigrationLinter) -> list[Migration]:
    known = linter.migration_loader.disk_migrations.values()
    ours = [migration for migration in known if migration.app_label == "pledges"]
    return sorted((each for each in ours if each.name > baseline), key=lambda each: each.name)


def codes_in(migration: Migration, linter: MigrationLinter) -> set[str]:
    """What is found in one migration, by the linter's own codes; ADD_CHECK is ours."""
    lines = linter.get_sql(migration.app_label, migration.name)
    errors, _ignored, warnings = linter.analyse_data_migration(migration)
    found = {issue.code for issue in [*errors, *warnings, *_found(linter, lines)]}
    # Of a whole migration the linter asks whether the last column has a default; each is asked here.
    one_by_one = ONE_OPERATION.split("\n".join(lines))
    found |= {issue.code for one in one_by_one for issue in _found(linter, one.splitlines())} & {"NOT_NULL"}
    if NARROWER.search("\n".join(lines)):
        found.add("ADD_CHECK")
    return found - set(OF_TASTE)


def _found(linter: MigrationLinter, lines: list[str]) -> tuple[Issue, ...]:
    errors, _ignored, warnings = analyse_sql_statements(linter.sql_analyser_class, lines, OF_TASTE)
    return (*errors, *warnings)


def incompatible(baseline: str = BASELINE) -> dict[str, set[str]]:
    """What the release before could not live with, by migration."""
    linter = MigrationLinter(no_cache=True)
    found = {each.name: codes_in(each, linter) for each in later_than(baseline, linter)}
    return {name: codes for name, codes in found.items() if codes}
