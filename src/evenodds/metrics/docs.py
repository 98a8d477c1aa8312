"""What the docstrings of this room have in common, said once: `{parameters}` and `{raises}` in them stand for it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

Documented = TypeVar("Documented", bound=Callable[..., object])

_LABELS = """
y_true, y_pred : array-like of 0 and 1, shape (n,)
    Labels and decisions."""
_GROUPS = """
sensitive_features : array-like, DataFrame or dict
    The groups; several features are crossed."""
_METHOD = """
method : {"between_groups", "to_overall"}
    Compare the extreme groups with each other, or each group with everyone together."""
_PRIVILEGED = """
privileged : label, or tuple of labels
    The group to compare with, one of those in `sensitive_features`; a tuple if several features are crossed.
    Everyone else is pooled."""
_WEIGHT = """
sample_weight : array-like, shape (n,), optional
    What each person counts for."""
_AGG = """
agg : {"worst_case", "mean"}
    Whether to report the worse of the two or their mean."""
_POS_LABEL = """
pos_label : {0, 1}
    Which label and decision count as positive in the formula."""

RATE = (
    _LABELS + _WEIGHT + _POS_LABEL,
    "If an entry is neither 0 nor 1, lengths differ, or weights are negative or all zero.",
)
BETWEEN_GROUPS = (
    _LABELS + _GROUPS + _METHOD + _WEIGHT,
    "If the input is not usable; the message says what, where, and what to do.",
)
BETWEEN_GROUPS_TWO_RATES = (BETWEEN_GROUPS[0] + _AGG, BETWEEN_GROUPS[1])
FROM_PRIVILEGED = (
    _LABELS + _GROUPS + _PRIVILEGED + _WEIGHT,
    "If nobody is in the group called `privileged`, or the input is not usable.",
)


def documented(sections: tuple[str, str]) -> Callable[[Documented], Documented]:
    """Put the common sections into a function's docstring.

    Examples
    --------
    >>> @documented(RATE)
    ... def always(y_true, y_pred):
    ...     '''One.
    ...
    ...     {parameters}
    ...     '''
    >>> print(always.__doc__.splitlines()[2].strip())
    Parameters
    """
    parameters, raises = sections

    def fill(function: Documented) -> Documented:
        if function.__doc__:
            function.__doc__ = function.__doc__.replace(
                "{parameters}", _section("Parameters", parameters.lstrip("\n"))
            ).replace("{raises}", _section("Raises", f"ValueError\n    {raises}"))
        return function

    return fill


def _section(title: str, body: str) -> str:
    return f"{title}\n{'-' * len(title)}\n{body}".replace("\n", "\n    ")
