"""The figure and the explorer of similarity count the pairs that the library counts."""

import numpy as np
import pandas as pd
import pytest
from scipy.spatial.distance import pdist

from evenodds import plots
from evenodds.explorers import SimilarityExplorer
from evenodds.individual import lipschitz_violations


@pytest.fixture
def people():
    rng = np.random.default_rng(0)
    return pd.DataFrame(rng.normal(size=(40, 2)), columns=["income", "distance"]), rng.random(40)


def test_the_figure_says_how_many_pairs_break_the_bound(people):
    features, scores = people
    picture = plots.pairs(
        pdist(features), pdist(scores[:, None]), lipschitz=0.2, title="A title.", caption="How to read."
    )
    assert f"{len(lipschitz_violations(features, scores, lipschitz=0.2))} of 780 pairs" in picture.alt
    assert "A title." in picture.alt
    assert "<figcaption>How to read.</figcaption>" in picture._repr_html_()
    assert picture.png() == picture.png()


def test_a_bound_of_zero_can_be_drawn():
    assert "1 of 1 pairs" in plots.pairs(np.array([0.0]), np.array([0.4]), lipschitz=0, title="Twins.").alt


def test_identical_people_with_equal_scores_can_be_drawn():
    assert "0 of 1 pairs" in plots.pairs(np.array([0.0]), np.array([0.0]), lipschitz=1, title="Twins.").alt


def test_a_weight_of_zero_leaves_a_feature_out(people):
    features, scores = people
    explorer = SimilarityExplorer(features, scores)
    before = explorer._view.value
    explorer.children[1].value = 0
    assert explorer._view.value != before
    expected = lipschitz_violations(features[["income"]], scores, lipschitz=0.2)
    pd.testing.assert_frame_equal(explorer.violations(), expected)


def test_a_slider_reads_as_the_bound_that_is_drawn(people):
    explorer = SimilarityExplorer(*people)
    bound = explorer.children[-2]
    bound.value -= bound.step
    assert f"the line {bound.value:{bound.readout_format}} times distance" in explorer.children[-1].value


def test_a_higher_bound_is_broken_by_no_more_pairs(people):
    explorer = SimilarityExplorer(*people, lipschitz=0.1)
    found = len(explorer.violations())
    explorer.children[-2].value = 0.4
    assert len(explorer.violations()) <= found
