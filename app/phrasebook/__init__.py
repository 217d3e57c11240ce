"""How caregivers write: their spelling, phrases, days, hours and codes, as words a rule can use."""
