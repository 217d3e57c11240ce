"""`python -m app` is `shift-fanout`."""

import sys

from app.cli import main

sys.exit(main())
