"""Bring stored rows in step with rows that were read, and say what that changed."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, TypeVar

from django.db.models import Model
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

BATCH = 500
T = TypeVar("T")

DEEDS = {
    "created": gettext_lazy("created"),
    "changed": gettext_lazy("changed"),
    "kept": gettext_lazy("kept"),
    "removed": gettext_lazy("removed"),
    "refused": gettext_lazy("refused"),
}
ALWAYS_SAID = ("created", "changed", "kept")


@dataclass(slots=True)
class Tally:
    """What a run did, by noun; `remarks` are sentences about single rows."""

    counts: dict[str, Counter[str]] = field(default_factory=dict)
    remarks: list[str] = field(default_factory=list)

    def add(self, model: type[Model], deed: str, number: int = 1) -> None:
        """Count what was done to rows of a model."""
        noun = str(model._meta.verbose_name_plural)  # noqa: SLF001  Django's documented door to a model
        self.counts.setdefault(noun, Counter())[deed] += number

    def lines(self) -> list[str]:
        """One line a noun: created, changed, kept; then the remarks."""
        shown = []
        for noun, counts in self.counts.items():
            said = [deed for deed in DEEDS if counts[deed] or deed in ALWAYS_SAID]
            deeds = [f"{DEEDS[deed]} {counts[deed]}" for deed in said]
            shown.append(_("%(noun)s: %(deeds)s") % {"noun": noun, "deeds": _(", ").join(deeds)})
        return [*shown, *self.remarks]

    @property
    def is_quiet(self) -> bool:
        """Whether everything was kept as it was."""
        return not any(
            counts.keys() - {"kept", "refused"} for counts in map(Counter.__pos__, self.counts.values())
        )


@dataclass(frozen=True, slots=True)
class Synced:
    """The rows after a run by their key, and the keys of those that are new or different."""

    rows: dict[Any, Any]
    touched: frozenset[Any]


def sync(
    stored: Iterable[Model],
    wanted: Iterable[Model],
    fields: tuple[str, ...],
    *,
    key: Callable[[Any], Hashable],
    tally: Tally,
) -> Synced:
    """Create what is missing, change what differs in `fields`, keep the rest. Deletes nothing.

    `stored` and `wanted` are rows of one model; `key` says by what they are the same row.
    """
    found: dict[Hashable, Any] = {key(row): row for row in stored}
    asked: dict[Hashable, Any] = {key(row): row for row in wanted}
    new = {name: row for name, row in asked.items() if name not in found}
    changed = {}
    for name, row in asked.items():
        if name in found and (differences := _differences(found[name], row, fields)):
            changed[name] = found[name]
            tally.remarks.append(f"{found[name]}: {'; '.join(differences)}")
    for model in {type(row) for row in asked.values()}:
        model.objects.bulk_create(list(new.values()), batch_size=BATCH)
        if changed:
            model.objects.bulk_update(list(changed.values()), fields, batch_size=BATCH)
        tally.add(model, "created", len(new))
        tally.add(model, "changed", len(changed))
        tally.add(model, "kept", len(asked) - len(new) - len(changed))
    return Synced({name: found.get(name) or new[name] for name in asked}, frozenset(new) | frozenset(changed))


def _differences(row: Any, wanted: Any, fields: tuple[str, ...]) -> list[str]:
    """What differs, in words, after the stored row has taken it on."""
    said = []
    for name in fields:
        old, new = getattr(row, name), getattr(wanted, name)
        if old != new:
            said.append(f"{row._meta.get_field(name).verbose_name} {_short(old)} → {_short(new)}")  # noqa: SLF001
            setattr(row, name, new)
    return said


def _short(value: object) -> str:
    """A value that fits on a line."""
    text = "—" if value in {None, ""} else str(value)
    longest = 40
    return text if len(text) <= longest else f"{text[:longest]}…"


def in_batches(rows: Iterable[T], size: int = BATCH) -> Iterator[list[T]]:
    """Rows in lists of at most so many: bounded memory, short transactions."""
    rest = iter(rows)
    while batch := list(islice(rest, size)):
        yield batch
