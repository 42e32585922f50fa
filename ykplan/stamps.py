"""Work that is skipped when nothing it depends on has changed."""

import hashlib
from collections.abc import Iterable
from pathlib import Path


def files_below(folder: Path, pattern: str = "*") -> list[Path]:
    return sorted(path for path in folder.rglob(pattern) if path.is_file())


def digest_of(root: Path, paths: Iterable[Path], *facts: object) -> str:
    """One fingerprint of the files, by name and content, and of whatever else matters."""
    sum_ = hashlib.sha256(repr(facts).encode())
    for path in paths:
        content = path.read_bytes()
        sum_.update(f"\0{path.relative_to(root)}\0{len(content)}\0".encode())
        sum_.update(content)
    return sum_.hexdigest()


def is_stamped(stamp: Path, digest: str) -> bool:
    return stamp.is_file() and stamp.read_text(encoding="ascii") == digest


def write_stamp(stamp: Path, digest: str) -> None:
    """Called last: a stamp that exists says that the work before it was finished."""
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(digest, encoding="ascii")
