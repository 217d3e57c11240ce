"""`python -m app` is `shift-fanout`."""

import sys

from app.cli.main import main

sys.exit(main())
