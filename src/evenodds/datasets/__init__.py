"""Data about people, all in one shape: :class:`Dataset`.

Three kinds of loader, by where the rows come from:

- ``make_*`` simulate a world whose mechanism is known, so that a result can be compared with the truth;
- ``compas_counts`` and ``berkeley_admissions`` are published tables of a few numbers, embedded here;
- ``fetch_*`` read the public data sets, which stay with their publishers: from a folder of yours, or downloaded once.
"""

from evenodds.datasets.adult import fetch_adult
from evenodds.datasets.audit_lab import make_audit_lab
from evenodds.datasets.bank import fetch_bank
from evenodds.datasets.compas import fetch_compas
from evenodds.datasets.dataset import Dataset
from evenodds.datasets.fallback import or_simulated
from evenodds.datasets.german import fetch_german
from evenodds.datasets.hiring import make_hiring
from evenodds.datasets.lending import make_lending
from evenodds.datasets.published_counts import berkeley_admissions, compas_counts

__all__ = [
    "Dataset",
    "berkeley_admissions",
    "compas_counts",
    "fetch_adult",
    "fetch_bank",
    "fetch_compas",
    "fetch_german",
    "make_audit_lab",
    "make_hiring",
    "make_lending",
    "or_simulated",
]
