"""The explorer of representations: its means and rates against masks, and what its sliders do."""

import numpy as np
import pytest
from sklearn.metrics import recall_score

from evenodds.explorers import RepresentationExplorer
from evenodds.preprocessing import LearnedFairRepresentations


def people(seed, n=150):
    rng = np.random.default_rng(seed)
    group = rng.choice(["a", "b"], n, p=[0.3, 0.7])
    X = rng.normal(size=(n, 3)) + np.outer(group == "a", [1, -1, 0])
    y = (X[:, 0] + rng.normal(size=n) > 0).astype(int)
    return X, y, group


@pytest.fixture
def explorer():
    return RepresentationExplorer(*people(0), *people(1), fairness_weight=1.0)


def test_means_and_rates_are_those_of_a_learner_with_these_settings(explorer):
    explorer._prototypes.value = 3
    X, y, group = people(0)
    new_X, new_y, new_group = people(1)
    learner = LearnedFairRepresentations(3, 0.1, 1.0, 1.0, random_state=0).fit(X, y, sensitive_features=group)
    means, decisions = explorer.reports()
    M = learner.transform(new_X)
    for name in ("a", "b"):
        np.testing.assert_allclose(means.loc[name], M[new_group == name].mean(axis=0))
        hits = recall_score(new_y[new_group == name], learner.predict(new_X)[new_group == name])
        assert decisions.loc["the learner's own", f"TPR, {name}"] == pytest.approx(hits)


def test_a_larger_weight_brings_the_means_together(explorer):
    def gap():
        means, _ = explorer.reports()
        return (means.max() - means.min()).mean()

    explorer._fairness.value = 0.0
    loose = gap()
    explorer._fairness.value = 30.0
    assert gap() < loose / 2


def test_the_view_follows_the_sliders_and_escapes_names():
    X, y, group = people(0)
    shown = RepresentationExplorer(X, y, np.where(group == "a", "<b>", "c"), X, y, np.where(group == "a", "<b>", "c"))
    before = shown.children[-1].value
    shown._prototypes.value = 4
    after = shown.children[-1].value
    assert before != after
    assert "prototype 4" in after
    assert "TPR, &lt;b&gt;" in after
    assert "<b>" not in after
