"""Explorers: move a slider, watch every rate move with it."""

from evenodds.explorers.adversary import AdversaryExplorer
from evenodds.explorers.coverage import CoverageExplorer
from evenodds.explorers.evidence import EvidenceExplorer
from evenodds.explorers.impossibility import ImpossibilityExplorer
from evenodds.explorers.mixing import MixingExplorer
from evenodds.explorers.penalty import PenaltyExplorer
from evenodds.explorers.platt import PlattExplorer
from evenodds.explorers.price import PriceExplorer
from evenodds.explorers.repair import RepairExplorer
from evenodds.explorers.representation import RepresentationExplorer
from evenodds.explorers.reweighing import ReweighingExplorer
from evenodds.explorers.roc import RocExplorer
from evenodds.explorers.similarity import SimilarityExplorer
from evenodds.explorers.threshold import ThresholdExplorer

__all__ = [
    "AdversaryExplorer",
    "CoverageExplorer",
    "EvidenceExplorer",
    "ImpossibilityExplorer",
    "MixingExplorer",
    "PenaltyExplorer",
    "PlattExplorer",
    "PriceExplorer",
    "RepairExplorer",
    "RepresentationExplorer",
    "ReweighingExplorer",
    "RocExplorer",
    "SimilarityExplorer",
    "ThresholdExplorer",
]
