"""Rows by the million: COPY where the database has it, one prepared statement where it has not."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from django.db import connection
from django.db.models import Field, Model

Values = tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Spout:
    """A table that rows are poured into: first what differs from row to row, then what many rows share."""

    model: type[Model]
    shared: tuple[Field, ...]
    columns: tuple[str, ...]

    @classmethod
    def into(cls, model: type[Model], *own: str) -> Self:
        """`own` are the columns of each row; a key that is none of them is left to the database."""
        fields = model._meta.concrete_fields  # noqa: SLF001  Django's documented door to a model
        shared = tuple(field for field in fields if field.column not in own and not field.primary_key)
        return cls(model, shared, (*own, *(str(field.column) for field in shared)))

    def cast(self, row: Model) -> Values:
        """What a row shares with others, as the database takes it."""
        return tuple(
            field.get_db_prep_save(field.pre_save(row, add=True), connection) for field in self.shared
        )

    def pour(self, rows: Iterable[Values]) -> None:
        """Write rows, each its own values followed by a cast."""
        name, columns = connection.ops.quote_name, self.columns
        table = f"{name(self.model._meta.db_table)} ({', '.join(map(name, columns))})"  # noqa: SLF001
        with connection.cursor() as cursor:
            if connection.vendor == "postgresql":
                with cursor.copy(f"COPY {table} FROM STDIN") as copy:
                    for row in rows:
                        copy.write_row(row)
            else:
                marks = ", ".join(["%s"] * len(columns))
                insert = f"INSERT INTO {table} VALUES ({marks})"  # noqa: S608  names of our own
                cursor.executemany(insert, rows)  # type: ignore[arg-type]

    def pour_absent(self, rows: Sequence[Values], shared: Values) -> None:
        """Write rows, each its own values, all with one cast; those that are there already stay as they are."""
        name, fields = connection.ops.quote_name, self._fields
        table = f"{name(self.model._meta.db_table)} ({', '.join(map(name, self.columns))})"  # noqa: SLF001
        own = len(self.columns) - len(shared)
        if connection.vendor == "postgresql":
            # Column by column: a thousand rows are one statement of a few values.
            kinds = [_kind(field) for field in fields]
            marks = ", ".join(f"%s::{kind}" for kind in kinds[own:])
            lists = ", ".join(f"%s::{kind}[]" for kind in kinds[:own])
            values = [*shared, *map(list, zip(*rows, strict=True))]
            words = f"SELECT *, {marks} FROM unnest({lists})"  # noqa: S608  names of our own
        else:
            values = [(*row, *shared) for row in rows]
            words = f"VALUES ({', '.join(['%s'] * len(self.columns))})"
        insert = f"INSERT INTO {table} {words} ON CONFLICT DO NOTHING"
        with connection.cursor() as cursor:
            run = cursor.execute if connection.vendor == "postgresql" else cursor.executemany
            run(insert, values)

    @property
    def _fields(self) -> list[Field]:
        known = {field.column: field for field in self.model._meta.concrete_fields}  # noqa: SLF001
        return [known[column] for column in self.columns]


def _kind(field: Field) -> str:
    """The type of a column, without the length that a cast would silently cut to."""
    kind = field.rel_db_type(connection) if field.is_relation else field.db_type(connection)
    return str(kind).partition("(")[0]


def reserved_keys(model: type[Model], number: int) -> Sequence[int]:
    """So many keys that nobody else gets. Only within a transaction: SQLite has one writer, PostgreSQL a sequence."""
    table = model._meta.db_table  # noqa: SLF001
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            words = "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)"
            cursor.execute(words, [table, number])
            return [key for (key,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
        found = cursor.fetchone()
        first = (found[0] if found else 0) + 1
    return range(first, first + number)
