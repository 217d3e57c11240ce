"""What a caregiver's reply means. Re-exports the rules of `app.understanding`.

The task description asks for this module name.
"""

from app.domain.reading import Intent, ShiftTimes
from app.understanding.offer_codes import offer_code
from app.understanding.rules import classify
from app.understanding.shift_facts import REFERENCE_SHIFT

__all__ = ["REFERENCE_SHIFT", "Intent", "ShiftTimes", "classify", "offer_code"]
