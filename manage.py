#!/usr/bin/env python3
"""The command line of the project."""

import os
import sys

from django.core.exceptions import ImproperlyConfigured
from django.core.management import execute_from_command_line


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ykplan.settings")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as fault:
        sys.exit(f"ykplan: {fault}")
    except KeyboardInterrupt:
        sys.exit("\n已中断。  Interrupted.")


if __name__ == "__main__":
    main()
