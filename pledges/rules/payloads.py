"""What an audit row says about a change: short, without secrets, always the same bytes for the same facts."""

import json
from collections.abc import Mapping

LONGEST_TEXT = 500
LONGEST_LIST = 50
SECRET = ("password", "secret", "token", "csrf", "session", "digest")
MASK = "***"

Facts = Mapping[str, object]


def payload_of(before: Facts | None = None, after: Facts | None = None) -> str:
    """Canonical JSON of what was and what is; empty when there is nothing to say."""
    said = {"before": before, "after": after}
    kept = {name: _told(facts) for name, facts in said.items() if facts}
    return json.dumps(kept, ensure_ascii=False, sort_keys=True, separators=(",", ":")) if kept else ""


def _told(value: object) -> object:
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, Mapping):
        return {clean(str(name)): _field(str(name), one) for name, one in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        ordered = sorted(value, key=str) if isinstance(value, set | frozenset) else list(value)
        return [_told(one) for one in ordered[:LONGEST_LIST]] + _rest(len(ordered) - LONGEST_LIST)
    if isinstance(value, bytes):
        return f"({len(value)} bytes)"
    return capped(clean(str(value)))


def _field(name: str, value: object) -> object:
    is_secret = any(word in name.lower() for word in SECRET)
    return MASK if is_secret and value else _told(value)


def _rest(more: int) -> list[object]:
    return [f"(+{more})"] if more > 0 else []


def capped(text: str, longest: int = LONGEST_TEXT) -> str:
    """A long text is cut, with the number of characters that are missing."""
    return text if len(text) <= longest else f"{text[:longest]}…(+{len(text) - longest})"


def clean(text: str) -> str:
    """What both databases can store and give back unchanged: no NUL, no half of a surrogate pair."""
    return text.replace("\0", "").encode("utf-8", "replace").decode("utf-8")
