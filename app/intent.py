"""What a caregiver's reply means, under the name that the brief gives it. The rules are in `app.understanding`."""

from app.domain.reading import Intent, ShiftTimes
from app.understanding.offer_codes import offer_code
from app.understanding.rules import classify
from app.understanding.shift_facts import REFERENCE_SHIFT

__all__ = ["REFERENCE_SHIFT", "Intent", "ShiftTimes", "classify", "offer_code"]
