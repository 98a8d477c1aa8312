"""Figures and explorer of the game: what they say is what the library gives."""

import numpy as np
import pandas as pd
import pytest
from sklearn.metrics import recall_score

from evenodds.explorers.adversary import READINGS, AdversaryExplorer
from evenodds.inprocessing.adversarial import AdversarialDebiasing
from evenodds.plots.adversary import arrows, game


def people(seed, n=300):
    rng = np.random.default_rng(seed)
    group = rng.choice(["<b>", "c"], n)
    X = rng.normal(size=(n, 2)) + np.outer(group == "c", [0, 2])
    return X, (X.sum(axis=1) + rng.normal(size=n) > 1).astype(int), group


@pytest.fixture
def explorer():
    return AdversaryExplorer(*people(0), *people(1), epochs=5)


def test_the_figure_says_where_losses_begin_and_end():
    history = pd.DataFrame({"predictor_loss": [0.9, 0.5], "adversary_loss": [0.3, 0.69]}, index=[0, 1])
    picture = game({"one": history, "two": history / 3}, title="A title.", caption="Read it so.", n_groups=3)
    for phrase in ("A title.", "predictor's loss, one: from 0.90 to 0.50", "adversary's loss, two: from 0.10 to 0.23"):
        assert phrase in picture.alt
    assert "guesses has 1.10" in picture.alt
    assert "<figcaption>Read it so.</figcaption>" in picture._repr_html_()
    assert picture.png() == picture.png()
    assert "guesses" not in game({"one": history}, title="A title.").alt


def test_the_arrows_end_where_they_are_said_to():
    picture = arrows({"one": [1, 0.5], "two": (-0.25, 2)}, across="two", title="A title.")
    for phrase in ("A title.", "one: (1.00, 0.50)", "two: (-0.25, 2.00)", "right angle to two"):
        assert phrase in picture.alt
    ends = [tuple(line.get_xydata()[-1]) for line in picture.figure.axes[0].lines[:2]]
    assert ends == [(1, 0.5), (-0.25, 2)]
    assert picture.png()


def test_the_audit_is_that_of_a_game_with_these_settings(explorer):
    explorer._alpha.value, explorer._seed.value, explorer._reads.value = 0.5, 3, "the score and the label"
    X, y, group = people(0)
    new_X, new_y, new_group = people(1)
    model = AdversarialDebiasing(constraints="equalized_odds", alpha=0.5, epochs=5, random_state=3)
    decided = model.fit(X, y, sensitive_features=group).predict(new_X)
    rates = [recall_score(new_y[new_group == name], decided[new_group == name]) for name in ("<b>", "c")]
    audit = explorer.audit(explorer.play())
    assert audit["TPR gap"] == pytest.approx(rates[1] - rates[0])
    assert audit["accuracy"] == pytest.approx((decided == new_y).mean())


def test_without_alpha_what_the_adversary_reads_changes_nothing(explorer):
    explorer._alpha.value = 0.0
    audits = []
    for reading in READINGS:
        explorer._reads.value = reading
        audits.append(explorer.audit(explorer.play()).to_dict())
    assert audits[0] == audits[1] == audits[2]
    assert audits[0]["judge's AUC"] > 0.6


def test_the_view_follows_the_controls(explorer):
    before = explorer.children[-1].value
    explorer._alpha.value = 4
    after = explorer.children[-1].value
    assert before != after
    assert "α = 4" in after
    assert explorer.audit(explorer.play())["judge's AUC"] < 0.75
