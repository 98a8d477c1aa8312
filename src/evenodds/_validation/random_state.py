"""Where randomness comes from."""

from __future__ import annotations

from typing import Any

import numpy as np


def check_random_state(random_state: Any) -> np.random.Generator:
    """Return a generator from None, an int seed, a ``Generator`` or a ``RandomState``."""
    if isinstance(random_state, np.random.RandomState):
        return np.random.default_rng(random_state.randint(0, 2**32, size=4, dtype=np.uint32))
    if random_state is None or isinstance(random_state, np.random.Generator):
        return np.random.default_rng(random_state)
    if isinstance(random_state, int | np.integer) and random_state >= 0:
        return np.random.default_rng(int(random_state))
    raise ValueError(
        f"random_state is {random_state!r}; it must be None, an integer of at least 0, "
        "a numpy Generator or a numpy RandomState"
    )
