"""Change the data before a model sees it: its weights, its labels, its rows, its features.

All of these act on training data and leave the model free, so that nothing is promised about the model's decisions:
audit them. To read the package from the beginning: `cells`, `reweighing`, `massaging` and `sampling` (weights, labels
and rows; Kamiran and Calders), `correlation` and `repair` (features),
`representations` (new features in place of the old), `optimized` (all at once, by a linear program; `maps` says what
any such map does).
"""

from evenodds.preprocessing.correlation import CorrelationRemover
from evenodds.preprocessing.maps import map_report, table_after
from evenodds.preprocessing.massaging import massage_labels
from evenodds.preprocessing.optimized import OptimizedPreprocessing
from evenodds.preprocessing.repair import DisparateImpactRemover
from evenodds.preprocessing.representations import LearnedFairRepresentations
from evenodds.preprocessing.reweighing import reweighing_weights
from evenodds.preprocessing.sampling import resample

__all__ = [
    "CorrelationRemover",
    "DisparateImpactRemover",
    "LearnedFairRepresentations",
    "OptimizedPreprocessing",
    "map_report",
    "massage_labels",
    "resample",
    "reweighing_weights",
    "table_after",
]
