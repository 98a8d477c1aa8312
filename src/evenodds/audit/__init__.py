"""A fairness audit that can itself be audited: six steps in order, and a record of what was found and decided.

To read the package from the beginning: `harms` (which metric a harm asks for), `record` (what an audit leaves behind,
and its schema), `measurement` (numbers, intervals, fingerprint), `selection` (who is selected, and why), `playbook`
(the six steps), `document` (one text as Markdown and HTML), `reports` (the record, the model card and the impact
assessment as texts).
"""

from evenodds.audit.harms import Choice, Harm, Metric, metric_for_harm
from evenodds.audit.measurement import fingerprint
from evenodds.audit.playbook import Audit, audit
from evenodds.audit.record import Action, Record, Timing, json_schema
from evenodds.audit.reports import impact_assessment, model_card
from evenodds.audit.selection import gap_parts, impact_ratios

__all__ = [
    "Action",
    "Audit",
    "Choice",
    "Harm",
    "Metric",
    "Record",
    "Timing",
    "audit",
    "fingerprint",
    "gap_parts",
    "impact_assessment",
    "impact_ratios",
    "json_schema",
    "metric_for_harm",
    "model_card",
]
