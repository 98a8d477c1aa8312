"""The one gate through which data enters Even Odds.

People pass in lists, arrays, Series, Categoricals, DataFrames; the rooms behind this gate see checked numpy arrays.
What cannot be understood is a ``ValueError`` that says what was given, where, and what to do about it.
"""

from evenodds._validation.columns import (
    check_binary,
    check_column,
    check_numbers,
    check_rows,
    check_same_people,
    check_scores,
    check_weights,
    plain,
)
from evenodds._validation.groups import Groups, check_groups, split_features
from evenodds._validation.random_state import check_random_state

__all__ = [
    "Groups",
    "check_binary",
    "check_column",
    "check_groups",
    "check_numbers",
    "check_random_state",
    "check_rows",
    "check_same_people",
    "check_scores",
    "check_weights",
    "plain",
    "split_features",
]
