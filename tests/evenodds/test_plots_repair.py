"""The figure of distributions says how far apart they are; the explorer repairs and judges as a loop does."""

import io

import numpy as np
import pandas as pd
import pytest
from PIL import Image
from scipy.stats import ks_2samp
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import precision_score, recall_score
from sklearn.preprocessing import StandardScaler

from evenodds import plots
from evenodds.datasets import make_hiring
from evenodds.explorers import RepairExplorer
from evenodds.preprocessing import DisparateImpactRemover


@pytest.fixture(scope="module")
def worlds():
    return {name: make_hiring(600, random_state=seed).split() for name, seed in (("A", 0), ("B", 1))}


@pytest.fixture
def explorer(worlds):
    return RepairExplorer(worlds, attribute="disability", feature="test_score")


def test_the_figure_says_the_distance_that_scipy_finds():
    rng = np.random.default_rng(0)
    x, group = rng.integers(0, 20, 90), np.repeat(["a", "b"], [60, 30])
    picture = plots.cumulative(
        {"as is": (x + 6 * (group == "b"), group), "same": (x, ["a"] * 90)}, title="T.", xlabel="points"
    )
    apart = ks_2samp(x[:60], x[60:] + 6).statistic
    assert f"as is: curves at most {apart:.2f} apart; same: curves at most 0.00 apart" in picture.alt
    assert picture.png() == picture.png()
    assert 500 < Image.open(io.BytesIO(picture.png())).size[0] < 1000


def test_the_distance_of_three_groups_is_that_of_the_two_farthest_apart():
    x, group = [1, 2, 2, 3, 9, 9], list("aabbcc")
    assert "at most 1.00 apart" in plots.cumulative({"p": (x, group)}, title="T.", xlabel="x").alt


def test_the_explorer_repairs_retrains_and_judges_on_people_it_has_not_seen(worlds, explorer):
    explorer._level.value = 0.6
    for name, world in worlds.items():
        group = world.sensitive["disability"]
        remover = DisparateImpactRemover(0.6).fit(world.X_train, sensitive_features=group.iloc[world.train_rows])
        train, test = (
            remover.transform(world.X.iloc[rows], sensitive_features=group.iloc[rows])
            for rows in (world.train_rows, world.test_rows)
        )
        scaler = StandardScaler().fit(train)
        decided = LogisticRegression().fit(scaler.transform(train), world.y_train).predict(scaler.transform(test))
        found = explorer.rates().loc[name]
        for label in ("disabled", "not disabled"):
            here = (group.iloc[world.test_rows] == label).to_numpy()
            assert found[f"TPR, {label}"] == pytest.approx(recall_score(world.y_test[here], decided[here]))
            assert found[f"precision, {label}"] == pytest.approx(precision_score(world.y_test[here], decided[here]))
        assert found["TPR, largest gap"] == pytest.approx(np.ptp(found[["TPR, disabled", "TPR, not disabled"]]))
        assert found["accuracy"] == pytest.approx((decided == world.y_test).mean())


def test_level_0_leaves_the_features_as_they_are(worlds, explorer):
    pd.testing.assert_frame_equal(explorer.features("A"), worlds["A"].X, check_dtype=False)


def test_the_view_follows_the_slider(explorer):
    before = explorer.children[-1].value
    explorer._level.value = 1
    assert "Repair level 1.00" in explorer.children[-1].value
    assert explorer.children[-1].value != before


def test_data_without_a_split_are_refused():
    with pytest.raises(ValueError, match="no split"):
        RepairExplorer({"A": make_hiring(50)}, attribute="disability", feature="test_score")
