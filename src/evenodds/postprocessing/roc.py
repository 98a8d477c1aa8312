"""What one group can reach by thresholds on its scores, and by tossing a coin between two of them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import isotonic_regression

from evenodds.postprocessing.post_processor import Floats


@dataclass(frozen=True, eq=False)
class Roc:
    """Rules of one group, from selecting nobody to selecting everybody.

    Attributes
    ----------
    operator, threshold : ndarray, shape (K,)
        Rule k selects the people whose score is above (">") or below ("<") its threshold.
    true_positives, false_positives : ndarray, shape (K,)
        The weight of the people with label 1, and with label 0, whom it selects.
    """

    operator: NDArray[np.str_]
    threshold: Floats
    true_positives: Floats
    false_positives: Floats

    @property
    def positives(self) -> float:
        return float(self.true_positives[-1])

    @property
    def negatives(self) -> float:
        return float(self.false_positives[-1])

    def at(self, k: NDArray[np.intp]) -> Roc:
        """Return the rules at these positions."""
        return Roc(self.operator[k], self.threshold[k], self.true_positives[k], self.false_positives[k])

    def rate(self, name: str) -> Floats:
        """Return a rate of every rule, nan where it has nobody in its denominator."""
        tp, fp, positives, negatives = self.true_positives, self.false_positives, self.positives, self.negatives
        tn = negatives - fp
        with np.errstate(invalid="ignore"):
            if name == "selection_rate":
                return (tp + fp) / (positives + negatives)
            if name == "accuracy_score":
                return (tp + tn) / (positives + negatives)
            if name == "balanced_accuracy_score":
                return 0.5 * tp / positives + 0.5 * tn / negatives
            numerator, denominator = {
                "true_positive_rate": (tp, positives),
                "false_positive_rate": (fp, negatives),
                "true_negative_rate": (tn, negatives),
            }[name]
            return numerator / denominator


def roc_curve(scores: Floats, labels: NDArray[np.uint8], weights: Floats) -> Roc:
    """Return the rules "score above t", one for each way in which thresholds can split these people."""
    order = np.argsort(-scores)
    ranked, hits = scores[order], np.where(labels == 1, weights, 0)[order]
    last = np.append(np.flatnonzero(ranked[1:] < ranked[:-1]), len(ranked) - 1)
    between = _midpoints(ranked[last[:-1] + 1], ranked[last[:-1]])
    misses = weights[order] - hits
    return Roc(
        np.full(len(last) + 1, ">"),
        np.concatenate([[np.inf], between, [-np.inf]]),
        np.append(0, hits.cumsum()[last]),
        np.append(0, misses.cumsum()[last]),
    )


def roc_hull(curve: Roc, flip: bool = False) -> Roc:
    """Return the rules at the corners of the curve's convex hull, on the side of more true and fewer false positives.

    With `flip`, rules "score below t" count too.
    """
    rules = _with_flipped(curve) if flip else curve
    return rules.at(upper_hull(rules.true_positives + rules.false_positives, rules.true_positives))


def upper_hull(x: Floats, y: Floats) -> NDArray[np.intp]:
    """Return the positions of the corners of the lowest concave curve above the points; x must ascend.

    The slopes of that curve are the isotonic regression of the points' slopes: pooling adjacent violators is dropping
    points below the hull.

    Examples
    --------
    >>> upper_hull(np.array([0.0, 1, 2, 3, 4]), np.array([0.0, 1, 1, 2, 2])).tolist()
    [0, 1, 3, 4]
    """
    run, rise = np.diff(x), np.diff(y)
    corners = isotonic_regression(rise / run, weights=run, increasing=False).blocks
    while True:
        run, rise = np.diff(x[corners]), np.diff(y[corners])
        bends = run[:-1] * rise[1:] < rise[:-1] * run[1:]  # rounding leaves a few corners on straight lines
        if bends.all():
            return corners
        corners = corners[np.concatenate([[True], bends, [True]])]


def _midpoints(low: Floats, high: Floats) -> Floats:
    """Return thresholds t with low ≤ t < high: halfway, except where that rounds to `high`."""
    middle = low / 2 + high / 2
    return np.where((low <= middle) & (middle < high), middle, low)


def _with_flipped(curve: Roc) -> Roc:
    """Add the rules "score below t", and keep the best of those that select equally many."""
    below = np.full(len(curve.threshold), "<")
    both = Roc(
        np.append(curve.operator, below),
        np.append(curve.threshold, curve.threshold),
        np.append(curve.true_positives, curve.positives - curve.true_positives),
        np.append(curve.false_positives, curve.negatives - curve.false_positives),
    )
    selected = both.true_positives + both.false_positives
    order = np.lexsort((both.operator == "<", -both.true_positives, selected))
    return both.at(order[np.diff(selected[order], prepend=-1) > 0])
