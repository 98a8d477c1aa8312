"""The explorer of weights shows what the library and a plain fit give."""

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from evenodds.datasets import make_hiring
from evenodds.explorers import ReweighingExplorer
from evenodds.preprocessing import reweighing_weights


@pytest.fixture(scope="module")
def staff():
    return make_hiring(n_samples=3000).split(random_state=0)


def gap(table, column):
    return table.loc["disabled", column] - table.loc["not disabled", column]


def fitted_by_hand(staff, strength):
    weights = reweighing_weights(staff.y_train, sensitive_features=staff.train.sensitive["disability"]) ** strength
    scaler = StandardScaler().fit(staff.X_train)
    model = LogisticRegression().fit(scaler.transform(staff.X_train), staff.y_train, weights)
    return model.predict(scaler.transform(staff.X_test))


@pytest.mark.parametrize("strength", [0, 1, 2.5])
def test_the_rates_are_those_of_a_model_fitted_with_the_weights(staff, strength):
    explorer = ReweighingExplorer(staff, "disability")
    explorer._strength.value = strength
    selected, table = fitted_by_hand(staff, strength), explorer.table()
    disabled = (staff.test.sensitive["disability"] == "disabled").to_numpy()
    assert table.loc["disabled", "selected"] == pytest.approx(selected[disabled].mean())
    hits = ~disabled & (staff.y_test == 1).to_numpy()
    assert table.loc["not disabled", "TPR"] == pytest.approx(selected[hits].mean())


def test_weighted_labels_meet_at_strength_1_and_at_no_other(staff):
    explorer = ReweighingExplorer(staff, "disability")
    gaps = []
    for strength in (0, 1, 2):
        explorer._strength.value = strength
        gaps.append(gap(explorer.table(), "weighted labels"))
    assert gaps[0] < -0.05
    assert gaps[1] == pytest.approx(0)
    assert gaps[2] > 0.05


def test_a_model_that_sees_the_group_follows_the_weights_further(staff):
    explorer = ReweighingExplorer(staff, "disability")
    blind = gap(explorer.table(), "selected")
    explorer._sees.value = True
    assert gap(explorer.table(), "selected") > blind + 0.05


def test_a_move_draws_the_view_anew_and_the_alt_text_says_the_rates(staff):
    explorer = ReweighingExplorer(staff, "disability")
    before = explorer._view.value
    explorer._strength.value = 0
    assert explorer._view.value != before
    rates = explorer.table().loc["disabled"]
    assert np.isfinite(rates).all()
    assert f"selected: disabled {rates['selected']:.2f}" in explorer._view.value
