"""What an audit leaves behind: plain data, and the schema that says what it looks like.

The dataclasses here are the only description of a record. `json_schema` writes it down for others, `read` checks data
against it and turns them back into a record.
"""

from __future__ import annotations

import dataclasses
import json
from dataclasses import dataclass, field
from enum import StrEnum
from types import NoneType, UnionType
from typing import Any, get_args, get_origin, get_type_hints

from evenodds.audit.harms import Harm, Metric, Rejected

FORMAT = "evenodds-audit-1"


class Action(StrEnum):
    """What to do about the gap."""

    MITIGATE = "mitigate"
    ACCEPT = "accept and document"
    REDESIGN = "redesign"
    DO_NOT_DEPLOY = "do not deploy"


class Timing(StrEnum):
    """Where a mitigation acts."""

    PRE_PROCESSING = "pre-processing"
    IN_PROCESSING = "in-processing"
    POST_PROCESSING = "post-processing"
    NONE = "none"


class Step:
    """One of the six; shows itself in a notebook as it stands in the report."""

    def _repr_markdown_(self) -> str:
        from evenodds.audit.reports import step_report

        return step_report(self).to_markdown()


@dataclass(frozen=True)
class Estimate:
    """A number, its interval, and how many people it is computed from; None where it does not exist."""

    value: float | None
    low: float | None
    high: float | None
    people: int


@dataclass(frozen=True)
class GroupRow:
    """One group: how many people, and every quantity."""

    group: str
    count: int
    estimates: dict[str, Estimate]


@dataclass(frozen=True)
class Comparison:
    """How far apart the groups are in one quantity."""

    quantity: str
    difference: Estimate
    ratio: float | None
    lowest: str
    highest: str


@dataclass(frozen=True)
class View:
    """The people split by one attribute, or by several crossed."""

    attributes: list[str]
    groups: list[GroupRow]
    comparisons: list[Comparison]


@dataclass(frozen=True)
class Measurement(Step):
    """Every quantity in every group, and what is needed to compute it again."""

    data: str
    data_sha256: str
    people: int
    confidence: float
    n_boot: int
    seed: int
    versions: dict[str, str]
    overall: dict[str, Estimate]
    views: list[View]


@dataclass(frozen=True)
class Identification(Step):
    """Step 1: whose treatment is looked at, and by what right."""

    attributes: list[str]
    why: str
    labels_from: str
    lawful_basis: str


@dataclass(frozen=True)
class MetricChoice(Step):
    """Step 2: the harm, the metric that it asks for, and the metrics given up."""

    harm: Harm
    statement: str
    metric: Metric
    why: str
    rejected: list[Rejected]


@dataclass(frozen=True)
class Decision(Step):
    """Step 4: what is done about the gap, why, and who answers for it."""

    action: Action
    why: str
    decided_by: str


@dataclass(frozen=True)
class Change:
    """One number before and after."""

    attributes: list[str]
    quantity: str
    before: float | None
    after: float | None


@dataclass(frozen=True)
class Reevaluation(Step):
    """Step 5: the same measurement after the decision, what it cost, and when to look again."""

    what_changed: str
    next_review: str
    measurement: Measurement | None
    changes: list[Change]


@dataclass(frozen=True)
class Documentation(Step):
    """Step 6: what a later reader has to know."""

    timing: Timing
    cost: str
    group_labels: str
    proxies: str
    group_at_decision_time: str
    limitations: list[str]


@dataclass(frozen=True)
class Record:
    """A whole audit: the playbook's six steps, in order."""

    name: str
    date: str
    auditor: str
    identify: Identification
    choose_metric: MetricChoice
    measure: Measurement
    decide: Decision
    reevaluate: Reevaluation
    document: Documentation
    revisions: list[str] = field(default_factory=list)
    format: str = FORMAT

    def to_dict(self) -> dict[str, Any]:
        """Return the record as dicts, lists, strings and numbers."""
        return dataclasses.asdict(self)

    def to_json(self) -> str:
        """Return the record as JSON, the same text for the same record; undefined numbers are null."""
        return json.dumps(self.to_dict(), indent=2, ensure_ascii=False, allow_nan=False) + "\n"

    @classmethod
    def from_dict(cls, data: Any) -> Record:
        """Check data against the schema and return the record; a ValueError says which entry does not fit."""
        return read(cls, data)

    @classmethod
    def from_json(cls, text: str) -> Record:
        """Read what `to_json` wrote."""
        return cls.from_dict(json.loads(text))

    def to_markdown(self) -> str:
        """Return the record as a Markdown document."""
        from evenodds.audit.reports import audit_report

        return audit_report(self).to_markdown()

    def to_html(self) -> str:
        """Return the record as one HTML page that needs nothing else."""
        from evenodds.audit.reports import audit_report

        return audit_report(self).to_html()

    def _repr_markdown_(self) -> str:
        return self.to_markdown()


def json_schema(kind: Any = Record) -> dict[str, Any]:
    """Return the JSON schema (draft 2020-12) of a record.

    Examples
    --------
    >>> schema = json_schema()
    >>> schema["required"][3:9]
    ['identify', 'choose_metric', 'measure', 'decide', 'reevaluate', 'document']
    """
    root = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Even Odds audit record"}
    return root | _schema(kind)


def _schema(kind: Any) -> dict[str, Any]:
    arguments = get_args(kind)
    if isinstance(kind, UnionType):
        return {"anyOf": [_schema(option) for option in arguments]}
    if get_origin(kind) is list:
        return {"type": "array", "items": _schema(arguments[0])}
    if get_origin(kind) is dict:
        return {"type": "object", "additionalProperties": _schema(arguments[1])}
    if dataclasses.is_dataclass(kind):
        hints = get_type_hints(kind)
        properties = {name: _schema(hint) for name, hint in hints.items()}
        return {"type": "object", "properties": properties, "required": [*hints], "additionalProperties": False}
    if issubclass(kind, StrEnum):
        return {"enum": [str(option) for option in kind]}
    return {"type": _JSON_NAMES[kind]}


_JSON_NAMES = {str: "string", int: "integer", float: "number", bool: "boolean", NoneType: "null"}


def read(kind: Any, data: Any, where: str = "record") -> Any:
    """Return `data` as an object of this kind, or say which entry does not fit.

    Examples
    --------
    >>> read(Estimate, {"value": 0.5, "low": 0.4, "high": None, "people": "8"}, "estimate")
    Traceback (most recent call last):
    ValueError: estimate.people is '8'; it must be a whole number
    """
    arguments = get_args(kind)
    if isinstance(kind, UnionType):
        return None if data is None and NoneType in arguments else read(arguments[0], data, where)
    if get_origin(kind) is list:
        _require(isinstance(data, list | tuple), where, data, "a list")
        return [read(arguments[0], entry, f"{where}[{i}]") for i, entry in enumerate(data)]
    if get_origin(kind) is dict:
        _require(isinstance(data, dict), where, data, "an object")
        return {key: read(arguments[1], entry, f"{where}.{key}") for key, entry in data.items()}
    if dataclasses.is_dataclass(kind):
        _require(isinstance(data, dict), where, data, "an object")
        hints = get_type_hints(kind)
        if missing := [name for name in hints if name not in data]:
            raise ValueError(f"{where} has no {missing[0]!r}; it needs {', '.join(hints)}")
        if unknown := [name for name in data if name not in hints]:
            raise ValueError(f"{where} has {unknown[0]!r}, which is not one of {', '.join(hints)}")
        return kind(**{name: read(hint, data[name], f"{where}.{name}") for name, hint in hints.items()})  # type: ignore[operator]
    if issubclass(kind, StrEnum):
        _require(data in [*kind], where, data, f"one of {', '.join(map(repr, map(str, kind)))}")
        return kind(data)
    accepted = (int, float) if kind is float else kind
    _require(
        isinstance(data, accepted) and (kind is bool or not isinstance(data, bool)), where, data, f"a {_named(kind)}"
    )
    return data


def _named(kind: Any) -> str:
    return {str: "string", int: "whole number", float: "number", bool: "true or false"}[kind]


def _require(holds: bool, where: str, data: Any, what: str) -> None:
    if not holds:
        raise ValueError(f"{where} is {data!r}; it must be {what}")
