"""Production settings, with answers to what production asks for, and a fast password hasher."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

if "YKPLAN_TEST_STATE" not in os.environ:
    # A folder of its own for every run, so that two runs at once do not share a database file.
    os.environ["YKPLAN_TEST_STATE"] = tempfile.mkdtemp(prefix="ykplan-tests-")
    atexit.register(shutil.rmtree, os.environ["YKPLAN_TEST_STATE"], ignore_errors=True)
STATE = Path(os.environ["YKPLAN_TEST_STATE"])

os.environ |= {
    "YKPLAN_EMBEDDED": "false",
    "YKPLAN_STATE": str(STATE),
    "SECRET_KEY": "tests-only-" + "abcdefghij" * 5,
    "ALLOWED_HOSTS": "testserver,localhost,127.0.0.1",
    "PUBLIC_BASE_URL": "http://testserver",
    "ALLOW_PLAIN_HTTP": "true",
    "EMAIL_URL": "memorymail://",
    "DEFAULT_FROM_EMAIL": "ykplan@example.gov.cn",
    "BROKER_URL": "memory://",
    # Playwright keeps an event loop in the main thread, where tests also use the database.
    "DJANGO_ALLOW_ASYNC_UNSAFE": "true",
}
os.environ.setdefault("DATABASE_URL", f"sqlite:///{STATE / 'db.sqlite3'}")

from ykplan.settings import *  # noqa: E402, F403 - the environment above must be there first
from ykplan.settings import DATABASES  # noqa: E402

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    # A file: in memory, the live server's threads would lock each other out.
    DATABASES["default"]["TEST"] = {"NAME": str(STATE / "test.sqlite3")}
LOGGING_CONFIG = None  # pytest shows the log of a test that fails
