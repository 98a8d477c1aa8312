"""Real data where they can be had, a simulated world elsewhere: a lesson runs in both."""

from __future__ import annotations

from collections.abc import Callable

from evenodds.datasets.dataset import Dataset


def or_simulated(fetch: Callable[[], Dataset], simulate: Callable[[], Dataset]) -> Dataset:
    """Fetch a public data set; where it cannot be had, simulate people instead. One printed line says which.

    Parameters
    ----------
    fetch : callable
        A ``fetch_*`` function of this package.
    simulate : callable
        A ``make_*`` function of this package.

    Returns
    -------
    Dataset

    Raises
    ------
    OSError
        If a copy of the data is there but is not what was published; a wrong copy is no reason to look away.

    Examples
    --------
    >>> from evenodds.datasets import make_lending
    >>> def fetch_nothing():
    ...     raise ConnectionError("no network")
    >>> or_simulated(fetch_nothing, make_lending).name
    The real data are not on this machine: here are 4,000 simulated people. Numbers in the text are the real ones.
    'lending (simulated)'
    """
    try:
        data = fetch()
    except (ConnectionError, FileNotFoundError):
        data = simulate()
        print(
            f"The real data are not on this machine: here are {len(data):,} simulated people. "
            "Numbers in the text are the real ones."
        )
    else:
        print(f"Real data: {data.name}, {len(data):,} rows.")
    return data
