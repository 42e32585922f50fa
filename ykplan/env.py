"""What the operator said: environment variables, read strictly and refused in one sentence."""

import os
import secrets
import tempfile
from contextlib import suppress
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.core.exceptions import ImproperlyConfigured
from environ import Env

TRUTH = {"true": True, "1": True, "false": False, "0": False}
FEWEST_DIFFERENT_CHARACTERS = 5
SHORTEST_SECRET_KEY = 50  # what Django's own deployment check asks for
DATABASE_SCHEMES = ("postgres", "postgresql", "sqlite")
MAIL_SCHEMES = ("smtp", "smtps", "smtp+tls", "smtp+ssl", "consolemail", "filemail", "memorymail", "dummymail")
BROKER_SCHEMES = ("redis", "rediss", "redis+socket", "memory")
MAIL_PORTS = {"smtp": 25, "smtps": 587, "smtp+tls": 587, "smtp+ssl": 465}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, "").strip() or default


def required(name: str, example: str) -> str:
    """The value, or a refusal to start: a guessed default in production is a hole nobody sees."""
    value = text(name)
    if not value:
        raise ImproperlyConfigured(
            f"{name} is not set. Example: {name}={example}  "
            "(to try the product on this machine, run bin/run or set YKPLAN_EMBEDDED=true)"
        )
    return value


def truth(name: str, *, default: bool) -> bool:
    """Only true, false, 1 and 0 count: "yes", "on" or a typing slip must not switch a guard off."""
    value = text(name)
    if not value:
        return default
    if value.lower() not in TRUTH:
        raise ImproperlyConfigured(f"{name} must be true or false, not {value!r}. Example: {name}=true")
    return TRUTH[value.lower()]


def number(name: str, default: int) -> int:
    value = text(name, str(default))
    if not (value.isascii() and value.isdigit()):
        raise ImproperlyConfigured(f"{name} must be a whole number, not {value!r}. Example: {name}={default}")
    return int(value)


def between(name: str, value: int, low: int, high: int) -> int:
    """A number that would switch a guard off, or ask for what nobody can do, is a slip."""
    if not low <= value <= high:
        raise ImproperlyConfigured(f"{name} must be from {low} to {high}, not {value}. Example: {name}={low}")
    return value


def networks(name: str, value: str) -> list[IPv4Network | IPv6Network]:
    """Addresses and ranges, with commas; one that cannot be meant would shut everybody out, or nobody."""
    try:
        return [ip_network(word) for word in words(value)]
    except ValueError as fault:
        raise ImproperlyConfigured(
            f"{name} names no network: {fault}. Example: {name}=10.1.0.0/16"
        ) from fault


def one_of(name: str, default: str, choices: tuple[str, ...]) -> str:
    value = text(name, default).lower()
    if value not in choices:
        raise ImproperlyConfigured(
            f"{name} must be one of {', '.join(choices)}, not {value!r}. Example: {name}={default}"
        )
    return value


def time_zone(name: str, default: str) -> str:
    value = text(name, default)
    try:
        return ZoneInfo(value).key
    except (ZoneInfoNotFoundError, ValueError) as fault:
        raise ImproperlyConfigured(
            f"{name} is not a time zone: {value!r}. Example: {name}={default}"
        ) from fault


def words(value: str) -> list[str]:
    return [word.strip() for word in value.split(",") if word.strip()]


def url_of(name: str, value: str, schemes: tuple[str, ...], example: str) -> str:
    scheme = value.partition("://")[0]
    if "://" not in value or scheme not in schemes:
        raise ImproperlyConfigured(
            f"{name} must begin with one of {', '.join(schemes)}. Example: {name}={example}"
        )
    return value


def base_url(name: str, value: str) -> str:
    """Scheme and host only: every link in a letter is this text plus a path."""
    parts = urlsplit(value)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.path.strip("/"):
        raise ImproperlyConfigured(
            f"{name} must be an address without a path. Example: {name}=https://plan.example.gov.cn"
        )
    return value.rstrip("/")


def secret_key(name: str, value: str) -> str:
    is_varied = len(set(value)) >= FEWEST_DIFFERENT_CHARACTERS
    if len(value) < SHORTEST_SECRET_KEY or not is_varied or value.startswith("django-insecure-"):
        raise ImproperlyConfigured(
            f"{name} must be at least {SHORTEST_SECRET_KEY} random characters. "
            f"Make one: python3 -c 'import secrets; print(secrets.token_urlsafe(50))'"
        )
    return value


def kept_secret(path: Path) -> str:
    """The embedded mode's own key: made once, readable by its owner only."""
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not path.exists():
            write_new_secret(path)
        return path.read_text(encoding="ascii").strip()
    except OSError as fault:
        raise ImproperlyConfigured(
            f"YKPLAN_STATE cannot be used: {path.parent} ({fault.strerror})"
        ) from fault


def write_new_secret(path: Path) -> None:
    """Whole or not at all, and the first of two starts wins: a link never replaces a file."""
    handle, name = tempfile.mkstemp(dir=path.parent)  # readable by its owner only
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(64))
        with suppress(FileExistsError):
            os.link(name, path)
    finally:
        Path(name).unlink()


def database(value: str) -> dict[str, Any]:
    example = "postgresql://ykplan:PASSWORD@db.internal:5432/ykplan"
    config = Env.db_url_config(url_of("DATABASE_URL", value, DATABASE_SCHEMES, example))
    if not config["NAME"]:
        raise ImproperlyConfigured(f"DATABASE_URL names no database. Example: DATABASE_URL={example}")
    if config["ENGINE"].endswith("sqlite3"):
        return config | {"OPTIONS": SQLITE_OPTIONS}
    return config | {
        "CONN_MAX_AGE": 60,
        "CONN_HEALTH_CHECKS": True,
        "OPTIONS": config.get("OPTIONS", {}) | {"options": postgres_limits()},
    }


# WAL lets readers go on while one writes; IMMEDIATE takes the write lock at BEGIN, because a lock
# taken in mid-transaction ignores the timeout and fails at once.
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
}


def postgres_limits() -> str:
    """The server itself ends what runs too long, even when the client is gone.

    It compiles no statement: for a page of a million pledges that took two seconds, the statement itself a tenth.
    """
    milliseconds = number("STATEMENT_TIMEOUT_MS", 30_000)
    return (
        f"-c statement_timeout={milliseconds} -c lock_timeout=10000 "
        "-c idle_in_transaction_session_timeout=60000 -c jit=off"
    )


def mail(value: str) -> dict[str, Any]:
    example = "smtp+tls://robot:PASSWORD@mail.internal:587"
    config = Env.email_url_config(url_of("EMAIL_URL", value, MAIL_SCHEMES, example))
    scheme = value.partition("://")[0]
    if scheme.startswith("smtp") and not config["EMAIL_HOST"]:
        raise ImproperlyConfigured(f"EMAIL_URL names no mail server. Example: EMAIL_URL={example}")
    config["EMAIL_PORT"] = config["EMAIL_PORT"] or MAIL_PORTS.get(scheme, 25)
    config["EMAIL_FILE_PATH"] = f"/{config['EMAIL_FILE_PATH'].lstrip('/')}"
    return {name: setting for name, setting in config.items() if name != "OPTIONS"}
