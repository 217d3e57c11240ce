"""Sets up the service's log, unless the process has set up logging already.

Phone numbers in it are masked, and no value can imitate a field or a line.
"""

import json
import logging
import re
from datetime import UTC, datetime

from app.domain.phone_numbers import without_numbers
from app.observability.current_request import current_request

#: A value of only these characters is written as it is.
_PLAIN = re.compile(r"[A-Za-z0-9_.:@/+*-]+")


class SafeFormatter(logging.Formatter):
    """Writes each record so that what others chose (ids, paths, errors) cannot be taken for what the service says.

    - In a message with fields, such as `shift.assigned caregiver=%s shift=%s`, a value that has anything but plain
      characters becomes a JSON string in ASCII: `caregiver="x shift=y"`.
    - A character that is not printable, such as a line break or an escape code, becomes its escape sequence.
    - The lines of a traceback are indented, so that only a record starts at the beginning of a line.
    - Every E.164 number is masked.

    The fields in `extra={"fields": {...}}` follow the message, quoted in the same way, and then the request that was
    served (`current_request`).
    """

    def format(self, record: logging.LogRecord) -> str:
        """The line to write, with the traceback if there is one."""
        # Other handlers get the same record, so the change is undone. A copy would take twice as long as the rest.
        before = record.args, record.exc_text
        # The traceback may have been formatted for another handler.
        record.exc_text = None
        if "=%" in str(record.msg) and isinstance(record.args, tuple):
            record.args = tuple(_field_value(value) for value in record.args)
        try:
            line = super().format(record)
        finally:
            record.args, record.exc_text = before
        return without_numbers(line)

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802  # the name in logging
        """The first line: time, level, logger, message and fields."""
        fields = "".join(f" {name}={_field_value(value)}" for name, value in _fields_of(record).items())
        return _printable(super().formatMessage(record)) + fields

    def formatException(self, ei: object) -> str:  # noqa: N802
        """The lines of the traceback."""
        return _indented(super().formatException(ei))  # type: ignore[arg-type]  # typeshed's alias is private

    def formatStack(self, stack_info: str) -> str:  # noqa: N802
        """The lines of the stack."""
        return _indented(super().formatStack(stack_info))


class JsonFormatter(logging.Formatter):
    """Writes each record as one line of JSON, in which every E.164 number is masked."""

    def format(self, record: logging.LogRecord) -> str:
        """The line to write: `at`, `level`, `logger`, `message`, the fields, and `traceback` if there is one."""
        line: dict[str, object] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat().replace("+00:00", "Z"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
        }
        for name, value in _fields_of(record).items():
            # No field can take the place of the time or the message.
            line.setdefault(name, value)
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        return without_numbers(json.dumps(line, default=str))


def _fields_of(record: logging.LogRecord) -> dict[str, object]:
    """The fields of the record, and the request that is served while it is written."""
    fields: dict[str, object] = dict(getattr(record, "fields", {}))
    request = current_request.get()
    if request is not None:
        if request.actor is not None:
            fields.setdefault("actor", request.actor)
        fields["request"] = request.id
    return fields


def set_up(level: str, form: str = "text") -> None:
    """Write `shift_fanout` records of `level` and above to standard error, as `text` or `json`.

    Changes nothing if that logger or the root logger has a handler.
    """
    log = logging.getLogger("shift_fanout")
    if log.handlers or logging.getLogger().handlers:
        return
    handler = logging.StreamHandler()
    text = SafeFormatter("%(asctime)s %(levelname)s %(name)s: %(message)s")
    handler.setFormatter(JsonFormatter() if form == "json" else text)
    log.addHandler(handler)
    log.setLevel(level)


def _field_value(value: object) -> object:
    if value is None or isinstance(value, int | float):
        return value
    text = str(value)
    return text if _PLAIN.fullmatch(text) else json.dumps(text)


def _printable(text: str) -> str:
    if text.isprintable():
        return text
    return "".join(one if one.isprintable() else one.encode("unicode_escape").decode() for one in text)


def _indented(lines: str) -> str:
    # Not `splitlines`, which also splits at characters that a terminal does not treat as line breaks.
    return "\n".join(f"  {_printable(line)}" for line in lines.split("\n"))
