"""Sets up the service's log, unless the process has set up logging already. Phone numbers in it are masked."""

import logging
import re

from app.domain.phone_numbers import masked

_NUMBER = re.compile(r"\+[0-9]{7,15}")


class MaskingFormatter(logging.Formatter):
    """Masks every E.164 number in a log line and in its traceback."""

    def format(self, record: logging.LogRecord) -> str:
        """The line to write."""
        return _NUMBER.sub(lambda number: masked(number.group()), super().format(record))


def set_up(level: str) -> None:
    """Write `shift_fanout` records of `level` and above to standard error.

    Changes nothing if that logger or the root logger has a handler.
    """
    log = logging.getLogger("shift_fanout")
    if log.handlers or logging.getLogger().handlers:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(MaskingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    log.addHandler(handler)
    log.setLevel(level)
