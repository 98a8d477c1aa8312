"""The six steps, in order: `Audit` refuses to skip one, and says how to do the one that is missing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from evenodds._validation import split_features
from evenodds.audit.document import Document, Section
from evenodds.audit.harms import Harm, Metric, Rejected, metric_for_harm
from evenodds.audit.measurement import measure_groups
from evenodds.audit.record import (
    Action,
    Change,
    Decision,
    Documentation,
    Identification,
    Measurement,
    MetricChoice,
    Record,
    Reevaluation,
    Timing,
)
from evenodds.audit.reports import step_section

STEPS = {
    "identify": "attributes=[...], why=..., labels_from=..., lawful_basis=...",
    "choose_metric": "harm=..., statement=...",
    "measure": "y_true, y_pred, sensitive_features=..., data=...",
    "decide": "action=..., why=..., decided_by=...",
    "reevaluate": "y_true, y_pred, sensitive_features=..., what_changed=..., next_review=...",
    "document": "timing=..., cost=..., group_labels=..., proxies=..., group_at_decision_time=..., limitations=[...]",
}


class Audit:
    """A fairness audit in six steps, none of which can be skipped.

    1. `identify` the attributes that matter here, and how they are known;
    2. `choose_metric` by naming the harm;
    3. `measure` it in every group, with counts and intervals;
    4. `decide`: mitigate, accept, redesign, or do not deploy;
    5. `reevaluate`: measure again, expect a cost, say when to look again;
    6. `document` what a later reader has to know.

    Then `record` is the whole, as plain data, Markdown, HTML and JSON.

    Each step returns what it recorded. A step can be done again; what came after it then is no longer based on it and
    has to be done again too, and the record says that this happened.

    Parameters
    ----------
    name : str
        What is audited: the model, and the decision it takes part in.
    date : str
        The day of the audit; passed in, so that the same audit gives the same record.
    auditor : str
        Who answers for it.

    Raises
    ------
    ValueError
        From any step: if an earlier one is missing, saying which and how to do it; if an answer is empty.

    References
    ----------
    Raji et al. (2020), "Closing the AI accountability gap: defining an end-to-end framework for internal algorithmic
    auditing", FAccT.

    Examples
    --------
    >>> lending = Audit("Loans of bank A", date="2026-01-31", auditor="Credit risk")
    >>> lending.measure([1, 0], [1, 0], sensitive_features=["F", "M"], data="held out")
    Traceback (most recent call last):
    ValueError: step 3, measure, comes after step 1, identify, which is missing. Do it first: \
.identify(attributes=[...], why=..., labels_from=..., lawful_basis=...)
    """

    def __init__(self, name: str, *, date: str, auditor: str) -> None:
        self._about: dict[str, Any] = _filled(name=name, date=date, auditor=auditor)
        self._steps: dict[str, Any] = {}
        self._revisions: list[str] = []

    def identify(
        self, *, attributes: Sequence[str] | str, why: str, labels_from: str, lawful_basis: str
    ) -> Identification:
        """Step 1: name the sensitive attributes.

        Parameters
        ----------
        attributes : list of str
            Their names, as `measure` will find them.
        why : str
            Why these matter in this deployment, and which were considered and left out.
        labels_from : str
            How people's groups are known: asked of them, inferred, on file; and how well.
        lawful_basis : str
            By what right the labels are held and used for this audit.
        """
        names = [attributes] if isinstance(attributes, str) else list(attributes)
        if not names or not all(isinstance(name, str) and name.strip() for name in names):
            raise ValueError(f"attributes is {attributes!r}; name at least one sensitive attribute")
        answers = _filled(why=why, labels_from=labels_from, lawful_basis=lawful_basis)
        return self._done("identify", Identification(names, **answers))

    def choose_metric(
        self, *, harm: Harm | str | None = None, statement: str, metric: Metric | str | None = None, why: str = ""
    ) -> MetricChoice:
        """Step 2: name the harm; the metric follows from it.

        Parameters
        ----------
        harm : Harm or str
            What goes wrong for people.
        statement : str
            The harm in plain language: who, what, and how one would see it.
        metric : Metric or str, optional
            Another metric than the harm suggests; then `why` is needed.
        why : str, optional
            Why this metric; by default the reason of `metric_for_harm`.
        """
        choice = metric_for_harm(harm)
        answers = _filled(statement=statement)
        chosen, rejected = choice.metric, list(choice.rejected)
        if metric is not None and Metric(metric) is not chosen:
            _filled(why=why)
            chosen = Metric(metric)
            rejected = [r for r in rejected if r.metric != chosen] + [Rejected(str(choice.metric), why)]
        return self._done(
            "choose_metric", MetricChoice(choice.harm, answers["statement"], chosen, why or choice.why, rejected)
        )

    def measure(
        self,
        y_true: Any,
        y_pred: Any,
        *,
        sensitive_features: Any,
        data: str,
        y_score: Any = None,
        covered: Any = None,
        sample_weight: Any = None,
        confidence: float = 0.95,
        n_boot: int = 1000,
        seed: int = 0,
    ) -> Measurement:
        """Step 3: compute the metric, and the usual rates, in every group; see `measure_groups`."""
        self._require_before("measure")
        options = {"confidence": confidence, "n_boot": n_boot, "seed": seed}
        columns = {"y_score": y_score, "covered": covered, "sample_weight": sample_weight}
        return self._done("measure", self._measure(y_true, y_pred, sensitive_features, data, columns | options))

    def decide(self, *, action: Action | str, why: str, decided_by: str) -> Decision:
        """Step 4: say what is done about the gap, why, and who decided."""
        self._require_before("decide")
        if action not in [*Action]:
            raise ValueError(f"action is {action!r}; it must be one of {', '.join(repr(str(a)) for a in Action)}")
        return self._done("decide", Decision(Action(action), **_filled(why=why, decided_by=decided_by)))

    def reevaluate(
        self,
        y_true: Any = None,
        y_pred: Any = None,
        *,
        sensitive_features: Any = None,
        data: str | None = None,
        what_changed: str,
        next_review: str,
        y_score: Any = None,
        covered: Any = None,
        sample_weight: Any = None,
    ) -> Reevaluation:
        """Step 5: measure again, in the same way, and set before and after side by side.

        After a decision to mitigate the new predictions are needed. After any other the step is to say what changed,
        if only "nothing", and when the measurement will be repeated.

        Parameters
        ----------
        y_true, y_pred, sensitive_features, data, y_score, covered, sample_weight
            As for `measure`; `data` as there by default.
        what_changed : str
            The mitigation, or why there is none.
        next_review : str
            When, or after what event, to measure again.
        """
        self._require_before("reevaluate")
        answers = _filled(what_changed=what_changed, next_review=next_review)
        before: Measurement = self._steps["measure"]
        if y_pred is None:
            if self._steps["decide"].action is Action.MITIGATE:
                raise ValueError(
                    "y_pred is missing; the decision was to mitigate, and a mitigation that is not measured again may "
                    "have done nothing, or harm. Pass the new predictions with y_true and sensitive_features"
                )
            return self._done("reevaluate", Reevaluation(**answers, measurement=None, changes=[]))
        options = {"confidence": before.confidence, "n_boot": before.n_boot, "seed": before.seed}
        columns = {"y_score": y_score, "covered": covered, "sample_weight": sample_weight}
        after = self._measure(y_true, y_pred, sensitive_features, data or before.data, columns | options)
        return self._done("reevaluate", Reevaluation(**answers, measurement=after, changes=_changes(before, after)))

    def document(
        self,
        *,
        timing: Timing | str,
        cost: str,
        group_labels: str,
        proxies: str,
        group_at_decision_time: str,
        limitations: Sequence[str],
    ) -> Documentation:
        """Step 6: write down what a later reader has to know.

        Parameters
        ----------
        timing : Timing or str
            Where the mitigation acts; "none" without one.
        cost : str
            What it cost: accuracy, calibration, complexity, and who pays.
        group_labels : str
            What is assumed about the group labels: complete, correct, self-reported?
        proxies : str
            Which features stand in for the group, and what that means here.
        group_at_decision_time : str
            Whether decisions need the person's group, and whether that is lawful and feasible.
        limitations : list of str
            What this audit cannot say. There always is something.
        """
        self._require_before("document")
        if timing not in [*Timing]:
            raise ValueError(f"timing is {timing!r}; it must be one of {', '.join(repr(str(t)) for t in Timing)}")
        listed = [limitations] if isinstance(limitations, str) else list(limitations)
        if not any(isinstance(entry, str) and entry.strip() for entry in listed):
            raise ValueError("limitations is empty; say at least one thing that this audit cannot tell")
        answers = _filled(
            cost=cost, group_labels=group_labels, proxies=proxies, group_at_decision_time=group_at_decision_time
        )
        return self._done("document", Documentation(Timing(timing), **answers, limitations=listed))

    @property
    def record(self) -> Record:
        """The whole audit; a ValueError names the first step that is missing."""
        self._require_before(None)
        return Record(**self._about, **self._steps, revisions=list(self._revisions))

    @property
    def steps(self) -> dict[str, Any]:
        """What each step recorded, by its name, so far."""
        return dict(self._steps)

    @property
    def done(self) -> list[str]:
        """The steps that are done, in order."""
        return list(self._steps)

    def __repr__(self) -> str:
        marks = (f"{'x' if step in self._steps else ' '}] {i}. {step}" for i, step in enumerate(STEPS, 1))
        return f"Audit of {self._about['name']!r}\n" + "\n".join(f"  [{mark}" for mark in marks)

    def _repr_markdown_(self) -> str:
        sections = [step_section(step, content) for step, content in self._steps.items()]
        missing = [f"{i}. {step}" for i, step in enumerate(STEPS, 1) if step not in self._steps]
        if missing:
            sections.append(Section("Not done yet", [missing]))
        return Document(self._about["name"], sections).to_markdown()

    def _require_before(self, step: str | None) -> None:
        """Refuse to go on while an earlier step is missing."""
        names = list(STEPS)
        goal = len(names) if step is None else names.index(step)
        for number, earlier in enumerate(names[:goal], 1):
            if earlier not in self._steps:
                wanted = "the record" if step is None else f"step {goal + 1}, {step},"
                raise ValueError(
                    f"{wanted} comes after step {number}, {earlier}, which is missing. "
                    f"Do it first: .{earlier}({STEPS[earlier]})"
                )

    def _done(self, step: str, content: Any) -> Any:
        """Keep a step; if it was done before with another result, note that and drop what was built on it."""
        self._require_before(step)
        names = list(STEPS)
        if step in self._steps and self._steps[step] != content:
            later = [name for name in names[names.index(step) + 1 :] if name in self._steps]
            after = f" after {later[-1]} had been done" if later else ""
            self._revisions.append(f"Step {names.index(step) + 1}, {step}, was done again{after}.")
            for name in later:
                del self._steps[name]
        self._steps[step] = content
        return content

    def _measure(
        self, y_true: Any, y_pred: Any, sensitive_features: Any, data: str, options: dict[str, Any]
    ) -> Measurement:
        attributes = self._steps["identify"].attributes
        if sensitive_features is None:
            raise ValueError(
                f"sensitive_features is None; without {', '.join(attributes)} of the same people the gap is unknown, "
                "not zero"
            )
        columns = split_features(sensitive_features)
        if len(columns) == len(attributes) == 1:
            columns = dict(zip(attributes, columns.values(), strict=True))
        if missing := [name for name in attributes if name not in columns]:
            raise ValueError(
                f"sensitive_features has {', '.join(columns)} but step 1 identified {', '.join(attributes)}; "
                f"{missing[0]!r} is missing. Pass a DataFrame or dict with these columns"
            )
        features = {name: columns[name] for name in attributes}
        metric = self._steps["choose_metric"].metric
        return measure_groups(
            y_true, y_pred, sensitive_features=features, metric=metric, data=_filled(data=data)["data"], **options
        )


def audit(
    y_true: Any,
    y_pred: Any,
    *,
    sensitive_features: Any,
    harm: Harm | str | None = None,
    statement: str,
    name: str,
    date: str,
    auditor: str,
    why: str,
    labels_from: str,
    lawful_basis: str,
    data: str,
    **measure_options: Any,
) -> Audit:
    """Do the first three steps at once: identify, choose the metric by the harm, measure.

    What to do about the result is not for a function to say: go on with `decide`, `reevaluate` and `document`, and
    take the ``record``.

    Parameters
    ----------
    y_true, y_pred : array-like of 0 and 1, shape (n,)
        Labels and decisions, of people the model was not trained on.
    sensitive_features : array-like, DataFrame or dict
        The groups; the names of the columns are the attributes.
    harm, statement
        As for `Audit.choose_metric`.
    name, date, auditor
        As for `Audit`.
    why, labels_from, lawful_basis
        As for `Audit.identify`.
    data, **measure_options
        As for `Audit.measure`.

    Returns
    -------
    Audit
        With three steps done.

    Raises
    ------
    ValueError
        If the groups or the harm are missing, or anything a step refuses.

    Examples
    --------
    >>> lending = audit(
    ...     [1, 0, 1, 0] * 9, [1, 0, 1, 1] * 9, sensitive_features={"sex": ["F", "F", "M", "M"] * 9},
    ...     harm="unequal access", statement="Women are shown the offer less often.", name="Offers", date="2026-01-31",
    ...     auditor="A", why="Sex is protected.", labels_from="Asked.", lawful_basis="Consent.", data="Held out.",
    ... )
    >>> lending.done
    ['identify', 'choose_metric', 'measure']
    """
    if sensitive_features is None:
        raise ValueError("sensitive_features is None; without the group the answer is unknown, not zero")
    started = Audit(name, date=date, auditor=auditor)
    started.identify(
        attributes=list(split_features(sensitive_features)), why=why, labels_from=labels_from, lawful_basis=lawful_basis
    )
    started.choose_metric(harm=harm, statement=statement)
    started.measure(y_true, y_pred, sensitive_features=sensitive_features, data=data, **measure_options)
    return started


def _filled(**answers: Any) -> dict[str, str]:
    """Return the answers; each must say something."""
    for name, answer in answers.items():
        if not isinstance(answer, str) or not answer.strip():
            raise ValueError(f"{name} is {answer!r}; it needs a sentence that a later reader can check")
    return answers


def _changes(before: Measurement, after: Measurement) -> list[Change]:
    """Set the compared differences and everyone's quantities side by side."""
    gaps = [
        Change(old.attributes, f"difference in {a.quantity}", a.difference.value, b.difference.value)
        for old, new in zip(before.views, after.views, strict=True)
        for a, b in zip(old.comparisons, new.comparisons, strict=True)
    ]
    return gaps + [
        Change([], name, estimate.value, after.overall[name].value)
        for name, estimate in before.overall.items()
        if name in after.overall
    ]
