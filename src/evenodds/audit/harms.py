"""From the harm to the metric: the harm comes first, and what was not chosen is said with its reason."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Harm(StrEnum):
    """What goes wrong for people, in the words of the deployment."""

    UNEQUAL_ACCESS = "unequal access"
    DESERVING_DENIED = "deserving people denied"
    WRONGLY_BURDENED = "people wrongly burdened"
    BOTH_ERRORS = "both errors"
    SCORE_MISREAD = "score misread"
    DECISION_MISREAD = "positive decision misread"
    POORER_SERVICE = "poorer service"
    WEAKER_GUARANTEE = "weaker guarantee"


class Metric(StrEnum):
    """What is compared between the groups."""

    DEMOGRAPHIC_PARITY = "demographic parity"
    EQUAL_OPPORTUNITY = "equal opportunity"
    FALSE_POSITIVE_PARITY = "false positive rate parity"
    EQUALIZED_ODDS = "equalized odds"
    CALIBRATION = "calibration within groups"
    PREDICTIVE_PARITY = "predictive parity"
    ACCURACY_PARITY = "accuracy parity"
    COVERAGE_PARITY = "coverage parity"

    @property
    def compares(self) -> tuple[str, ...]:
        """The quantities that should be alike: names of rates in `evenodds.metrics`, or of a column to pass."""
        return _COMPARES[self]


_COMPARES = {
    Metric.DEMOGRAPHIC_PARITY: ("selection_rate",),
    Metric.EQUAL_OPPORTUNITY: ("true_positive_rate",),
    Metric.FALSE_POSITIVE_PARITY: ("false_positive_rate",),
    Metric.EQUALIZED_ODDS: ("true_positive_rate", "false_positive_rate"),
    Metric.CALIBRATION: ("expected_calibration_error",),
    Metric.PREDICTIVE_PARITY: ("positive_predictive_value",),
    Metric.ACCURACY_PARITY: ("accuracy",),
    Metric.COVERAGE_PARITY: ("coverage",),
}

_WHEN = {
    Harm.UNEQUAL_ACCESS: (
        Metric.DEMOGRAPHIC_PARITY,
        "The decision hands out an opportunity, and the harm is that a group gets it less often, whatever the labels "
        "say: compare how often each group is selected.",
    ),
    Harm.DESERVING_DENIED: (
        Metric.EQUAL_OPPORTUNITY,
        "The harm falls on people with label 1 who are turned away: compare, among those, how often each group is "
        "selected.",
    ),
    Harm.WRONGLY_BURDENED: (
        Metric.FALSE_POSITIVE_PARITY,
        "A positive decision is a burden, and the harm falls on people with label 0 who bear it: compare, among "
        "those, how often each group is flagged.",
    ),
    Harm.BOTH_ERRORS: (
        Metric.EQUALIZED_ODDS,
        "Being missed and being flagged in error both hurt: compare both rates.",
    ),
    Harm.SCORE_MISREAD: (
        Metric.CALIBRATION,
        "The score itself is acted on, so the same score has to mean the same chance in every group.",
    ),
    Harm.DECISION_MISREAD: (
        Metric.PREDICTIVE_PARITY,
        "Others act on a positive decision as if it meant the same for everyone: compare how often it is right.",
    ),
    Harm.POORER_SERVICE: (
        Metric.ACCURACY_PARITY,
        "Nothing scarce is handed out; the harm is that the system works less well for a group: compare how often "
        "it is right.",
    ),
    Harm.WEAKER_GUARANTEE: (
        Metric.COVERAGE_PARITY,
        "The system promises that its sets hold the truth: compare how often they do, and look at their sizes.",
    ),
}

_WHY_NOT = {
    Metric.DEMOGRAPHIC_PARITY: "It compares selections without asking who was right to be selected.",
    Metric.EQUAL_OPPORTUNITY: "It looks at people with label 1 only, and takes the labels for the truth.",
    Metric.FALSE_POSITIVE_PARITY: "It looks at people with label 0 only, and takes the labels for the truth.",
    Metric.EQUALIZED_ODDS: "It asks for two rates at once, which constrains more than this harm does.",
    Metric.CALIBRATION: "It says what a score means, not what is decided with it.",
    Metric.PREDICTIVE_PARITY: "It looks at the selected only, and says nothing of people who were turned away.",
    Metric.ACCURACY_PARITY: "It adds up errors that hurt differently.",
    Metric.COVERAGE_PARITY: "It is about prediction sets, which no decision here is made of.",
}


@dataclass(frozen=True)
class Rejected:
    """A metric that was not chosen.

    Attributes
    ----------
    metric : str
    why : str
    """

    metric: str
    why: str


@dataclass(frozen=True)
class Choice:
    """The metric that a harm asks for.

    Attributes
    ----------
    harm : Harm
        What goes wrong.
    metric : Metric
        What to compare.
    why : str
        What makes it the one for this harm.
    rejected : tuple of Rejected
        Every other metric, with the reason.
    """

    harm: Harm
    metric: Metric
    why: str
    rejected: tuple[Rejected, ...]


def metric_for_harm(harm: Harm | str | None) -> Choice:
    """Choose the metric by the harm, with reasons, and with the alternatives that are given up.

    A starting point, not a verdict: which harm matters most is for the people who answer for the decision, together
    with those on whom it falls.

    ========================  ===========================  ====================================================
    harm                      metric                       for example
    ========================  ===========================  ====================================================
    UNEQUAL_ACCESS            demographic parity           who is shown a job advertisement
    DESERVING_DENIED          equal opportunity            patients who need follow-up care and are not called
    WRONGLY_BURDENED          false positive rate parity   honest people whose benefit is stopped for fraud
    BOTH_ERRORS               equalized odds               detention before trial
    SCORE_MISREAD             calibration within groups    a risk score that sets an insurance premium
    DECISION_MISREAD          predictive parity            "high risk" on a file, read by a judge
    POORER_SERVICE            accuracy parity              speech recognition
    WEAKER_GUARANTEE          coverage parity              sets of diagnoses that promise 90 %
    ========================  ===========================  ====================================================

    Parameters
    ----------
    harm : Harm or str
        The harm, or its value, such as ``"deserving people denied"``.

    Returns
    -------
    Choice
        ``metric``, ``why``, and ``rejected``: every other metric with the reason.

    Raises
    ------
    ValueError
        If the harm is not one of these.

    References
    ----------
    Barocas, Hardt and Narayanan (2023), "Fairness and machine learning", chapter 3; Hardt, Price and Srebro (2016),
    "Equality of opportunity in supervised learning", NeurIPS.

    Examples
    --------
    >>> choice = metric_for_harm(Harm.DESERVING_DENIED)
    >>> print(choice.metric)
    equal opportunity
    >>> len(choice.rejected)
    7
    """
    try:
        named = Harm(harm)  # type: ignore[arg-type]
    except ValueError:
        known = ", ".join(repr(str(known)) for known in Harm)
        raise ValueError(f"harm is {harm!r}; name the harm before the metric, one of {known}") from None
    metric, why = _WHEN[named]
    rejected = tuple(Rejected(str(other), _WHY_NOT[other]) for other in Metric if other is not metric)
    return Choice(named, metric, why, rejected)
