"""The alerts to each number that still matter to further ones. Does no I/O."""

from collections.abc import Sequence

from app.domain.messages import ALERTS_MATTER_FOR, Notice


class Alerts:
    """The last alerts to each number, settled ones included."""

    def __init__(self) -> None:
        #: Phone -> id -> alert, the newest last.
        self._by_phone: dict[str, dict[str, Notice]] = {}

    def put(self, notice: Notice) -> None:
        """Keep the notice, if it is an alert."""
        if notice.alert is None:
            return
        alerts = self._by_phone.setdefault(notice.phone, {})
        alerts[notice.id] = notice
        while (oldest := next(iter(alerts.values()))).created_at + ALERTS_MATTER_FOR < notice.created_at:
            del alerts[oldest.id]

    def to(self, phone: str) -> Sequence[Notice]:
        """See `StateReader.alerts_to`."""
        return list(self._by_phone.get(phone, {}).values())
