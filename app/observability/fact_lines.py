"""One line in the log for every fact that this process has written: the one place that logs what has happened."""

import logging
from collections.abc import Sequence

from app.domain.facts import Fact, FactType

log = logging.getLogger("shift_fanout.facts")


def log_facts(facts: Sequence[Fact]) -> None:
    """Log each fact under the name of its type, with its ids, its actor and its data as fields.

    A fanout to thousands of caregivers has thousands of offers and answers that change little: those lines are for
    DEBUG, all others for INFO.
    """
    if not log.isEnabledFor(logging.INFO):
        return
    for fact in facts:
        of_many = fact.type is FactType.OFFER_SENT or fact.data.get("record") == "response"
        level = logging.DEBUG if of_many else logging.INFO
        if log.isEnabledFor(level):
            ids = {"shift": fact.shift_id, "caregiver": fact.caregiver_id}
            fields = {name: value for name, value in ids.items() if value is not None}
            log.log(level, "%s", fact.type, extra={"fields": {**fields, **fact.data, "actor": fact.actor}})
