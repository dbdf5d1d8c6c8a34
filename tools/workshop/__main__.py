"""Entry point: ``python3 -m tools.workshop <command>``."""

import sys

from .cli import main

sys.exit(main())
