"""Entry point: ``python3 -m tools.workshop <command>``."""

import sys

if sys.version_info < (3, 10):  # noqa: UP036 - before anything is imported that needs it
    sys.exit(f"error: Python 3.10 or newer is needed; this is {sys.version.split()[0]}")

from .cli import main

sys.exit(main())
