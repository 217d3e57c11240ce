"""What all tests share: how long Hypothesis searches."""

import os

from hypothesis import settings

# The gate must not fail by chance on a change that has nothing to do with it: there the search is the same
# every time. On a contributor's machine it goes on looking.
settings.register_profile("gate", derandomize=True, deadline=None, print_blob=True)
settings.register_profile("dev", deadline=None, print_blob=True)
settings.register_profile("long", deadline=None, print_blob=True, max_examples=2000, stateful_step_count=60)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "gate" if os.environ.get("CI") else "dev"))
