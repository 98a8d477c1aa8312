"""The record, the model card and the impact assessment, as texts."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Literal, get_type_hints

import numpy as np
import pandas as pd

from evenodds.audit.document import Document, Facts, Section, Table
from evenodds.audit.record import Change, Estimate, Measurement, Record, Step, View
from evenodds.plots import Picture, intervals

Format = Literal["markdown", "html"]

_HEADINGS = {
    "identify": "1. Whose treatment is looked at",
    "choose_metric": "2. The harm, and the metric it asks for",
    "measure": "3. What was measured",
    "decide": "4. What was decided",
    "reevaluate": "5. Measured again",
    "document": "6. What a later reader has to know",
}

_CARD_QUESTIONS = {
    "model": "which model this is, with its version and kind",
    "owner": "who answers for it, and how to reach them",
    "intended_use": "what it is for, and who uses it",
    "out_of_scope": "what it must not be used for",
    "training_data": "what it was trained on",
    "evaluation_data": "what it was evaluated on, and why that stands for the people it will meet",
    "ethical_considerations": "who can be harmed, and what is done about it",
}

_ASSESSMENT_QUESTIONS = {
    "purpose": "what the system is for",
    "decision": "which decision it takes or prepares, and with what effect on people",
    "affected_people": "who is affected, users or not, and who was asked",
    "alternatives": "what was considered instead, doing without a system included",
    "legal_regime": "which laws and rights apply in this sector and place",
    "data_governance": "how group labels are collected, kept and used, and who may see them",
    "human_review": "who can overrule the system, when, and with what time and knowledge",
    "contestability": "how a person learns of a decision, questions it and has it corrected",
    "monitoring": "what is watched after deployment, and what stops the system",
    "accountable": "the name and role of the person who signs",
}


def audit_report(record: Record) -> Document:
    """Return the whole record as a text, step by step."""
    steps = [step_section(step, getattr(record, step)) for step in _HEADINGS]
    about = Facts({"Date": record.date, "Auditor": record.auditor, "Record format": record.format})
    first = Section("About this audit", [about])
    redone = [Section("Steps done again", [list(record.revisions)])] if record.revisions else []
    return Document(f"Fairness audit: {record.name}", [first, *steps, *redone])


def step_report(content: Step) -> Document:
    """Return one step as a text of its own."""
    (step,) = (name for name, kind in get_type_hints(Record).items() if kind is type(content))
    return Document(_HEADINGS[step], [Section("", _BLOCKS[step](content))])


def step_section(step: str, content: Any) -> Section:
    """Return one step as a section."""
    return Section(_HEADINGS[step], _BLOCKS[step](content))


def model_card(record: Record | Mapping[str, Any], *, format: Format = "markdown", **answers: str) -> str:
    """Write a model card: what a model is for, and how it does for each group of people.

    Parameters
    ----------
    record : Record, or dict as `Record.to_dict` gives
        The audit. It must hold numbers for every group, intersections included where several attributes were named.
    format : {"markdown", "html"}
    model, owner, intended_use, out_of_scope, training_data, evaluation_data, ethical_considerations : str
        The card's other questions; each needs an answer.

    Returns
    -------
    str
        The card.

    Raises
    ------
    ValueError
        If an answer is missing or empty, or the record has no numbers for some group.

    References
    ----------
    Mitchell et al. (2019), "Model cards for model reporting", FAccT, section 4.
    """
    checked = _with_subgroups(record)
    answers = _answered(answers, _CARD_QUESTIONS, "model card")
    after = checked.reevaluate.measurement
    numbers: list[Any] = _measured(checked.measure)
    if after is not None:
        numbers = ["Before the mitigation:", *numbers, "After the mitigation:", *_measured(after)]
    sections = [
        Section("Model details", [Facts({"Model": answers["model"], "Owner": answers["owner"], "Date": checked.date})]),
        Section("Intended use", [answers["intended_use"], f"Out of scope: {answers['out_of_scope']}"]),
        Section("Factors", _BLOCKS["identify"](checked.identify)),
        Section("Metrics", _BLOCKS["choose_metric"](checked.choose_metric)),
        Section("Evaluation data", [answers["evaluation_data"]]),
        Section("Training data", [answers["training_data"]]),
        Section("Results for each group", numbers),
        Section("Ethical considerations", [answers["ethical_considerations"], *_BLOCKS["decide"](checked.decide)]),
        Section("Caveats and recommendations", _BLOCKS["document"](checked.document)),
    ]
    return _written(Document(f"Model card: {checked.name}", sections), format)


def impact_assessment(record: Record | Mapping[str, Any], *, format: Format = "markdown", **answers: str) -> str:
    """Write an algorithmic impact assessment: what a system does to people, and who answers for it.

    Parameters
    ----------
    record : Record, or dict as `Record.to_dict` gives
        The audit, with numbers for every group.
    format : {"markdown", "html"}
    purpose, decision, affected_people, alternatives, legal_regime, data_governance, human_review, contestability, \
monitoring, accountable : str
        The questionnaire; each needs an answer.

    Returns
    -------
    str
        The assessment.

    Raises
    ------
    ValueError
        If an answer is missing or empty, or the record has no numbers for some group.

    References
    ----------
    Reisman, Schultz, Crawford and Whittaker (2018), "Algorithmic impact assessments", AI Now Institute; Treasury Board
    of Canada, "Algorithmic Impact Assessment tool".
    """
    checked = _with_subgroups(record)
    answers = _answered(answers, _ASSESSMENT_QUESTIONS, "impact assessment")

    def asked(*names: str) -> Facts:
        return Facts({name.replace("_", " ").capitalize(): answers[name] for name in names})

    sections = [
        Section("The system", [asked("purpose", "decision", "affected_people", "alternatives")]),
        Section("Law and data", [asked("legal_regime", "data_governance"), *_BLOCKS["identify"](checked.identify)]),
        Section("Harm", _BLOCKS["choose_metric"](checked.choose_metric)),
        Section("Measured impact", _measured(checked.measure)),
        Section("Decision and mitigation", [*_BLOCKS["decide"](checked.decide), *_again(checked.reevaluate)]),
        Section("People in control", [asked("human_review", "contestability", "monitoring")]),
        Section("Remaining risks", _BLOCKS["document"](checked.document)),
        Section("Signed", [asked("accountable"), Facts({"Date": checked.date})]),
    ]
    return _written(Document(f"Impact assessment: {checked.name}", sections), format)


def _answered(answers: Mapping[str, Any], questions: Mapping[str, str], document: str) -> dict[str, str]:
    if unknown := [name for name in answers if name not in questions]:
        raise ValueError(f"a {document} has no {unknown[0]!r}; its questions are {', '.join(questions)}")
    empty = [name for name in questions if not isinstance(answers.get(name), str) or not answers[name].strip()]
    if empty:
        asked = "; ".join(f"{name}: {questions[name]}" for name in empty)
        raise ValueError(f"the {document} is not complete. Say {asked}")
    return dict(answers)


def _with_subgroups(record: Any) -> Record:
    """Return a checked record in which every group has numbers."""
    checked = Record.from_dict(record if isinstance(record, Mapping) else record.to_dict())
    for measurement in filter(None, (checked.measure, checked.reevaluate.measurement)):
        seen = [view.attributes for view in measurement.views]
        wanted = [[name] for name in checked.identify.attributes]
        if len(wanted) > 1:
            wanted.append(checked.identify.attributes)
        if lacking := [" × ".join(names) for names in wanted if names not in seen]:
            raise ValueError(
                f"the record has no numbers by {lacking[0]}; overall numbers hide who is worse off. Measure again "
                "with every attribute that step 1 identified"
            )
        for view in measurement.views:
            if not view.groups or not view.comparisons:
                raise ValueError(f"the record has no subgroup numbers by {' × '.join(view.attributes)}")
            for row in view.groups:
                absent = [c.quantity for c in view.comparisons if c.quantity not in row.estimates]
                if absent:
                    raise ValueError(f"the record has no {_words(absent[0])} for group {row.group!r}")
    return checked


def _written(document: Document, format: str) -> str:
    if format not in ("markdown", "html"):
        raise ValueError(f"format is {format!r}; it must be 'markdown' or 'html'")
    return document.to_markdown() if format == "markdown" else document.to_html()


def _identified(step: Any) -> list[Any]:
    return [
        Facts(
            {
                "Sensitive attributes": ", ".join(step.attributes),
                "Why these": step.why,
                "How groups are known": step.labels_from,
                "By what right": step.lawful_basis,
            }
        )
    ]


def _chosen(step: Any) -> list[Any]:
    return [
        Facts({"Harm": f"{step.harm}. {step.statement}", "Metric": str(step.metric), "Why": step.why}),
        Table("Metrics not chosen", ["metric", "why not"], [[r.metric, r.why] for r in step.rejected]),
    ]


def _measured(step: Measurement) -> list[Any]:
    blocks: list[Any] = [f"{step.people:,} people. {step.data}"]
    for view in step.views:
        blocks += [_groups(view, step), _gaps(view, step), *_pictures(view, step)]
    evidence = {
        "Intervals": f"{step.confidence:.0%}; Wilson's for shares of people, the bootstrap's for all others "
        f"({step.n_boot:,} resamples, seed {step.seed})",
        "sha256 of the data": step.data_sha256,
        "Computed with": ", ".join(f"{name} {number}" for name, number in step.versions.items()),
    }
    return [*blocks, Facts(evidence)]


def _groups(view: View, step: Measurement) -> Table:
    quantities = list(step.overall)
    rows = [[row.group, f"{row.count:,}", *(_said(row.estimates[q]) for q in quantities)] for row in view.groups]
    rows.append(["everyone", f"{step.people:,}", *(_said(step.overall[q]) for q in quantities)])
    caption = f"By {' × '.join(view.attributes)}: each quantity, its interval, and the people (n) it is computed from"
    return Table(caption, [" × ".join(view.attributes), "people", *map(_words, quantities)], rows)


def _gaps(view: View, step: Measurement) -> Table:
    rows = [[_words(c.quantity), _said(c.difference), _number(c.ratio), c.lowest, c.highest] for c in view.comparisons]
    caption = f"How far apart the groups are by {' × '.join(view.attributes)}: largest minus smallest"
    return Table(caption, ["quantity", "difference", "ratio", "lowest", "highest"], rows)


def _pictures(view: View, step: Measurement) -> list[Picture]:
    pictures = []
    for comparison in view.comparisons:
        estimates = {row.group: row.estimates[comparison.quantity] for row in view.groups}
        numbers = {group: (e.value, e.low, e.high, e.people) for group, e in estimates.items()}
        table = pd.DataFrame.from_dict(numbers, orient="index", columns=["value", "low", "high", "n"]).astype(float)
        if not np.isfinite(table["value"]).any():
            continue
        quantity = _words(comparison.quantity)
        pictures.append(
            intervals(
                table,
                "value",
                title=f"{quantity.capitalize()} by {' × '.join(view.attributes)}.",
                xlabel=quantity,
                reference=step.overall[comparison.quantity].value,
                caption="Point: the group; bar: its interval; dashed line: everyone; n: people it is computed from.",
            )
        )
    return pictures


def _decided(step: Any) -> list[Any]:
    return [Facts({"Decision": str(step.action), "Why": step.why, "Decided by": step.decided_by})]


def _again(step: Any) -> list[Any]:
    blocks: list[Any] = [Facts({"What changed": step.what_changed, "Next review": step.next_review})]
    if step.changes:
        header = ["quantity", "of", "before", "after", "change"]
        blocks.append(Table("Before and after", header, [_change(change) for change in step.changes]))
    return blocks + (_measured(step.measurement) if step.measurement else ["Nothing was measured again."])


def _change(change: Change) -> list[str]:
    known = change.before is not None and change.after is not None
    moved = f"{change.after - change.before:+.3f}" if known else "undefined"  # type: ignore[operator]
    of = " × ".join(change.attributes) or "everyone"
    return [_words(change.quantity), of, _number(change.before), _number(change.after), moved]


def _documented(step: Any) -> list[Any]:
    facts = {
        "Mitigation acts at": str(step.timing),
        "Cost": step.cost,
        "Group labels": step.group_labels,
        "Proxies": step.proxies,
        "Group at decision time": step.group_at_decision_time,
    }
    return [Facts(facts), "What this audit cannot say:", list(step.limitations)]


_BLOCKS = {
    "identify": _identified,
    "choose_metric": _chosen,
    "measure": _measured,
    "decide": _decided,
    "reevaluate": _again,
    "document": _documented,
}


def _said(estimate: Estimate) -> str:
    if estimate.value is None:
        return f"undefined (n {estimate.people:,})"
    return f"{estimate.value:.3f} [{_number(estimate.low)}, {_number(estimate.high)}] (n {estimate.people:,})"


def _number(value: float | None) -> str:
    return "undefined" if value is None else f"{value:.3f}"


def _words(name: str) -> str:
    return name.replace("_", " ")
