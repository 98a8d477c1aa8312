"""The frontier's picture and the penalty explorer: what they say, and that it is what the library computes."""

import numpy as np
import pandas as pd
import pytest

from evenodds import plots
from evenodds.datasets import make_hiring
from evenodds.explorers import PenaltyExplorer
from evenodds.inprocessing import FairLogisticRegression

TABLE = pd.DataFrame(
    {"gap": [0.20, 0.10, 0.12, 0.05], "accuracy": [0.80, 0.78, 0.77, 0.70]}, index=pd.Index([0, 1, 3, 10], name="λ")
)


def test_alt_text_gives_every_point_and_which_are_beaten():
    picture = plots.frontier(TABLE, title="A title.", label="λ = ", caption="How to read.")
    assert picture.alt == (
        "Points of gap and accuracy, one a setting. A title. λ = 0: 0.20 and 0.800; λ = 1: 0.10 and 0.780; "
        "λ = 3: 0.12 and 0.770, beaten; λ = 10: 0.05 and 0.700."
    )
    assert "<figcaption>How to read.</figcaption>" in picture._repr_html_()


def test_beaten_points_are_hollow_and_all_are_named():
    axes = plots.frontier(TABLE, title="A title.").figure.axes[0]
    path, best, beaten = axes.lines
    assert path.get_xydata().tolist() == TABLE.to_numpy().tolist()
    assert beaten.get_xydata().tolist() == [[0.12, 0.77]]
    assert (best.get_markerfacecolor(), beaten.get_markerfacecolor())[1] == "white"
    assert best.get_markerfacecolor() != "white"
    assert [text.get_text() for text in axes.texts] == ["0", "1", "3", "10"]


def test_a_frontier_has_two_columns():
    with pytest.raises(ValueError, match="3 columns"):
        plots.frontier(TABLE.assign(more=1), title="A title.")


@pytest.fixture(scope="module")
def hiring():
    data = make_hiring(n_samples=2000).split()
    X, X_new = (part / [1, 3, 10, 1, 5] for part in (data.X_train, data.X_test))
    group = data.sensitive["disability"].to_numpy()
    return X, data.y_train, group[data.train_rows], X_new, data.y_test, group[data.test_rows]


def test_the_explorer_shows_the_model_of_its_settings(hiring):
    explorer = PenaltyExplorer(*hiring)
    X, y, group, X_new, y_new, group_new = hiring
    for weight, among, constraint in ((0, "everyone", "demographic_parity"), (30, "people with label 1", None)):
        explorer._among.value, explorer._weight.value = among, weight
        model = FairLogisticRegression(constraint or "equal_opportunity", penalty_weight=weight)
        decided = model.fit(X, y, sensitive_features=group).predict(X_new)
        label = y_new.to_numpy()
        tpr = [decided[(group_new == g) & (label == 1)].mean() for g in np.unique(group_new)]
        shown = explorer._view.value
        assert f"λ = {weight}: the gap in true positive rates is {np.ptp(tpr):.3f}" in shown
        assert f"Gap in mean scores while learning: {model.gap_:.3f}. Accuracy for new people: " in shown
        assert f"{(decided == label).mean():.3f}." in shown
        assert f"{model.coef_[0, 4]:.3f}" in shown


def test_more_weight_is_a_smaller_gap(hiring):
    explorer = PenaltyExplorer(*hiring)
    gaps = []
    for weight in (0, 1, 30):
        explorer._weight.value = weight
        gaps.append(explorer.model().gap_)
    assert gaps[0] > gaps[1] > gaps[2]
