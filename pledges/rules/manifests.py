"""What a backup says of itself, written last: a folder without it is no backup."""

import json
from dataclasses import asdict, dataclass, field

FORM = 1


@dataclass(frozen=True)
class Manifest:
    """When, of what, how much, and by which fingerprints a backup is known."""

    made_at: str
    vendor: str
    database: str
    database_sha256: str
    evidence_sha256: str
    audit_id: int
    audit_hash: str
    form: int = FORM
    counts: dict[str, int] = field(default_factory=dict)
    migrations: list[str] = field(default_factory=list)
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def text(self) -> str:
        return json.dumps(asdict(self), indent=1, sort_keys=True) + "\n"


def manifest_in(text: str) -> Manifest | None:
    """The manifest of a text; None where there is none that we can read."""
    try:
        manifest = Manifest(**json.loads(text))
    except (ValueError, TypeError):
        return None
    return manifest if manifest.form == FORM else None


def sums_text(sums: dict[str, str]) -> str:
    """As `sha256sum --check` reads it."""
    return "".join(f"{digest}  {name}\n" for name, digest in sorted(sums.items()))


def sums_in(text: str) -> dict[str, str]:
    """The fingerprints of files by name."""
    pairs = (line.split("  ", 1) for line in text.splitlines() if "  " in line)
    return {name: digest for digest, name in pairs}


def differences(counted: dict[str, int], told: dict[str, int]) -> list[tuple[str, int, int]]:
    """The tables that do not have as many rows as the manifest says: name, told, counted."""
    names = sorted({*counted, *told})
    return [
        (name, told.get(name, 0), counted.get(name, 0))
        for name in names
        if told.get(name, 0) != counted.get(name, 0)
    ]
