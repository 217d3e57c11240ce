"""The service's own log, where nobody else has set one up. A telephone number never stands in it whole."""

import logging
import re

from app.domain.phone_numbers import masked

_NUMBER = re.compile(r"\+[0-9]{7,15}")


class MaskingFormatter(logging.Formatter):
    """Masks every E.164 number of a log line, its traceback included."""

    def format(self, record: logging.LogRecord) -> str:
        """The finished line."""
        return _NUMBER.sub(lambda number: masked(number.group()), super().format(record))


def set_up(level: str) -> None:
    """Log `shift_fanout` to standard error from `level` on; change nothing if it or the root logger has a handler."""
    log = logging.getLogger("shift_fanout")
    if log.handlers or logging.getLogger().handlers:
        return
    handler = logging.StreamHandler()
    handler.setFormatter(MaskingFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s"))
    log.addHandler(handler)
    log.setLevel(level)
