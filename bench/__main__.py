"""Measure one promise: `python -m bench NAME [--size N] [--departments M] [--database sqlite|postgresql] [--state FOLDER]`.

The database is made anew in a folder that is thrown away; `--state` keeps it and its plan for the next run.
PostgreSQL is a private cluster, or the one of DATABASE_URL.
"""

import os
import subprocess
import sys
from argparse import ArgumentParser, Namespace
from contextlib import ExitStack
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory

NAMES = (
    "accepting",
    "judging",
    "letters",
    "listing",
    "overview",
    "pages",
    "past_day",
    "reminding",
    "sheet_out",
    "start",
)


def main(asked: Namespace) -> int:
    with ExitStack() as stack:
        state = asked.state or stack.enter_context(TemporaryDirectory())
        Path(state).mkdir(parents=True, exist_ok=True)
        os.environ |= {"YKPLAN_EMBEDDED": "true", "YKPLAN_STATE": str(Path(state).absolute())}
        # A first pass over a million rows may take longer than a page ever may.
        os.environ |= {"DEBUG": "false", "STATEMENT_TIMEOUT_MS": "0"}
        os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ykplan.settings")
        if asked.database == "sqlite":
            os.environ["DATABASE_URL"] = f"sqlite:///{Path(state).absolute() / 'db.sqlite3'}"
        elif not os.environ.get("DATABASE_URL"):
            from tests.kit.postgres import running_postgres  # noqa: PLC0415  only where a server is needed

            os.environ["DATABASE_URL"] = stack.enter_context(running_postgres())
        subprocess.run([sys.executable, "manage.py", "migrate", "--verbosity=0"], check=True)
        return measured(asked)


def measured(asked: Namespace) -> int:
    """In this process, with the settings of the environment above."""
    import django  # noqa: PLC0415

    django.setup()
    from bench.kit import Bench  # noqa: PLC0415
    from ykplan.prepare import prepare_static  # noqa: PLC0415

    prepare_static()
    bench = Bench(asked.name, asked.size, asked.rounds, asked.clock, asked.departments)
    import_module(f"bench.{asked.name}").measure(bench)
    return bench.keep()


if __name__ == "__main__":
    parser = ArgumentParser(description=__doc__)
    parser.add_argument("name", choices=NAMES)
    parser.add_argument("--size", type=int, default=1_000, help="so many pledges (1000)")
    parser.add_argument("--departments", type=int, default=0, help="so many (40 pledges in each)")
    parser.add_argument("--database", choices=("sqlite", "postgresql"), default="sqlite")
    parser.add_argument("--state", help="a folder that is kept")
    parser.add_argument("--rounds", type=int, default=10, help="medians of so many (10)")
    parser.add_argument(
        "--clock", choices=("wall", "cpu"), default="wall", help="cpu: only the time of this process"
    )
    sys.exit(main(parser.parse_args()))
