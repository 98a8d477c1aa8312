"""The ROC plane: its points are scikit-learn's, its hull SciPy's, its words what is drawn."""

import numpy as np
import pytest
from scipy.spatial import ConvexHull
from sklearn.metrics import confusion_matrix, roc_auc_score
from sklearn.metrics import roc_curve as sklearn_roc_curve

from evenodds.explorers import RocExplorer
from evenodds.plots import roc_plane
from evenodds.plots.roc import hull_corners


@pytest.fixture
def people():
    rng = np.random.default_rng(5)
    group = np.repeat(["a", "b"], [60, 90])
    y = rng.integers(0, 2, 150)
    scores = np.clip((rng.normal(0.5 + 0.15 * y, 0.2)).round(2), 0, 1)
    return scores, y, group


def curve(scores, y):
    fpr, tpr, _ = sklearn_roc_curve(y, scores, drop_intermediate=False)
    return np.column_stack([fpr, tpr])


def test_the_explorers_curve_is_scikit_learns(people):
    scores, y, group = people
    explorer = RocExplorer(scores, y, sensitive_features=group)
    for name in ("a", "b"):
        here = group == name
        assert explorer._curves[name] == pytest.approx(curve(scores[here], y[here]))


def test_the_hull_is_scipys(people):
    scores, y, group = people
    for name in ("a", "b"):
        points = curve(scores[group == name], y[group == name])
        hull = points[ConvexHull(points).vertices]
        boundary = hull[hull[:, 1] >= hull[:, 0]]
        boundary = boundary[np.lexsort(boundary.T[::-1])]
        grid, ours = np.linspace(0.001, 1, 500), points[hull_corners(*points.T)]
        assert np.interp(grid, *ours.T) == pytest.approx(np.interp(grid, *boundary.T))
        assert len(ours) < len(points) / 2


def test_the_point_is_where_the_sliders_are_and_the_alt_text_says_so(people):
    scores, y, group = people
    explorer = RocExplorer(scores, y, sensitive_features=group)
    first, second = explorer.children[1:3]
    first.value, second.value = 0.61, 0.42
    for name, cut in (("a", 0.61), ("b", 0.42)):
        here = group == name
        tn, fp, fn, tp = confusion_matrix(y[here], scores[here] > cut).ravel()
        said = f"{name} at false positive rate {fp / (fp + tn):.2f}, true positive rate {tp / (tp + fn):.2f}"
        assert said in explorer.children[-1].value
        assert explorer.rates().loc[name, "true positive rate"] == pytest.approx(tp / (tp + fn))


def test_a_score_at_the_threshold_is_not_selected():
    explorer = RocExplorer([0.2, 0.5, 0.5, 0.8], [0, 0, 1, 1], sensitive_features=["a"] * 4)
    assert explorer.rates().loc["a", "selection rate"] == 0.25


def test_without_points_the_alt_text_says_the_area(people):
    scores, y, group = people
    curves = {name: curve(scores[group == name], y[group == name]) for name in ("a", "b")}
    picture = roc_plane(curves, title="A title.", caption="How to read.")
    for name in ("a", "b"):
        auc = roc_auc_score(y[group == name], scores[group == name])
        assert f"{name}: area under the curve {auc:.2f}" in picture.alt
    assert "A title." in picture.alt
    assert picture.png()[:4] == b"\x89PNG"


def test_groups_differ_in_dashes_and_markers(people):
    scores, y, group = people
    curves = {name: curve(scores[group == name], y[group == name]) for name in ("a", "b")}
    axes = roc_plane(curves, {"a": (0.2, 0.6), "b": (0.3, 0.5)}, title="A title.", hulls=False).figure.axes[0]
    named = [line for line in axes.lines if str(line.get_label()).endswith("thresholds")]
    assert len({line.get_linestyle() for line in named}) == 2
    assert len({line.get_marker() for line in axes.lines if line.get_marker() not in ("None", None)}) == 2
    assert not any(str(line.get_label()).endswith("with coins") for line in axes.lines)


def test_the_hull_lies_nowhere_below_its_curve(people):
    scores, y, _ = people
    axes = roc_plane({"all": curve(scores, y)}, title="A title.").figure.axes[0]
    drawn = {line.get_label(): line for line in axes.lines}
    hull, thresholds = drawn["all: with coins"].get_xydata(), drawn["all: thresholds"].get_xydata()
    steep = np.unique(hull[:, 0], return_index=True)[1]
    top = np.r_[steep[1:] - 1, len(hull) - 1]
    assert (np.interp(thresholds[:, 0], hull[top, 0], hull[top, 1]) >= thresholds[:, 1] - 1e-12).all()
