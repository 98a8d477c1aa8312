"""What a table of before and after says: in a sentence, and whether it is levelling down."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evenodds.tradeoffs.rates import LOWER_IS_BETTER, RESERVED, ROUNDING


def levelled_down(table: pd.DataFrame, *, by: float = 0.0) -> bool:
    """Whether the harm gap of a `before_after` table shrank without any group being better off.

    Parameters
    ----------
    table : DataFrame
        What `before_after` returned.
    by : float, default 0.0
        How much a group's rate must improve to count: what is within noise can be passed over.

    Returns
    -------
    bool
        True if the gap fell, and no group's rate rose by more than `by` (for false positive and false negative
        rates: fell).

    Raises
    ------
    ValueError
        If the table has no row "harm gap".

    Examples
    --------
    >>> from evenodds.tradeoffs import before_after, levelled_down
    >>> y, group = [1, 1, 0, 1, 1, 0], list("aaabbb")
    >>> levelled_down(before_after(y, [1, 1, 0, 1, 0, 0], [1, 0, 0, 1, 0, 0], sensitive_features=group))
    True
    >>> levelled_down(before_after(y, [1, 1, 0, 1, 0, 0], [1, 1, 0, 1, 1, 0], sensitive_features=group))
    False
    """
    harm, groups = harm_and_groups(table)
    sign = -1 if harm in LOWER_IS_BETTER else 1
    shrank = float(table["change"][(harm, "harm gap")]) < -ROUNDING
    return shrank and not bool((sign * groups["change"] > by + ROUNDING).any())


def in_words(table: pd.DataFrame) -> str:
    """Say what a `before_after` table shows: the harm's gap, each group's rate, levelling down, who lost and gained.

    Examples
    --------
    >>> from evenodds.tradeoffs import before_after, in_words
    >>> y, group = [1, 1, 0, 1, 1, 0], list("aaabbb")
    >>> table = before_after(y, [1, 1, 0, 1, 0, 0], [1, 1, 0, 1, 1, 0], sensitive_features=group)
    >>> for sentence in in_words(table).split(". "):
    ...     print(sentence)
    The gap in true positive rate falls from 0.50 to 0.00
    True positive rate: a 1.00 to 1.00, b 0.50 to 1.00 (better)
    No levelling down: 1 of 2 groups is better off
    0 lost the favourable decision, 0 with label 1; 1 gained it.
    """
    harm, groups = harm_and_groups(table)
    name, gap = harm.replace("_", " "), (harm, "harm gap")
    sign = -1 if harm in LOWER_IS_BETTER else 1
    moved = ", ".join(
        f"{who} {_said(row['before'])} to {_said(row['after'])}{_verdict(sign * row['change'])}"
        for who, row in groups.iterrows()
    )
    better = int((sign * groups["change"] > ROUNDING).sum())
    levelling = (
        "This is levelling down: no group is better off."
        if levelled_down(table)
        else f"No levelling down: {better} of {len(groups)} groups {'is' if better == 1 else 'are'} better off."
    )
    lost, hits, gained = (float(table["after"][(what, "everyone")]) for what in ("lost", "lost_with_label_1", "gained"))
    return (
        f"The gap in {name} {_course(table['before'][gap], table['after'][gap])}. "
        f"{name.capitalize()}: {moved}. {levelling} "
        f"{_people(lost)} lost the favourable decision, {_people(hits)} with label 1; {_people(gained)} gained it."
    )


def harm_and_groups(table: pd.DataFrame) -> tuple[str, pd.DataFrame]:
    """Return the harm of a `before_after` table, and its rows for each group."""
    rows = [what for what, who in table.index if who == "harm gap"] if table.index.nlevels == 2 else []
    if not rows:
        raise ValueError("table has no row 'harm gap'; pass what before_after returned")
    harm = rows[0]
    groups = [who for what, who in table.index if what == harm and who not in RESERVED]
    return harm, table.loc[[(harm, group) for group in groups]].droplevel("what")


def _said(value: float) -> str:
    return "undefined" if np.isnan(value) else f"{value:.2f}"


def _verdict(gained: float) -> str:
    return " (better)" if gained > ROUNDING else " (worse)" if gained < -ROUNDING else ""


def _course(before: float, after: float) -> str:
    if abs(after - before) <= ROUNDING:
        return f"stays at {_said(before)}"
    verb = "goes" if np.isnan(after - before) else "falls" if after < before else "rises"
    return f"{verb} from {_said(before)} to {_said(after)}"


def _people(number: float) -> str:
    """A number of people: whole, unless chances were added up."""
    return f"{number:,.0f}" if abs(number - round(number)) < ROUNDING else f"{number:,.1f}"
